"""The list and the card of items, by keyboard on a real server."""

from decimal import Decimal

from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QWidget

from crm_desktop.catalogue import queries
from crm_desktop.catalogue.views.item_card import ItemCard
from crm_desktop.ui.browser import Browser
from crm_desktop.ui.widgets.dialogs import Sheet
from tests.support.rig import Rig

CODE = "5901234123457"


def bulb(rig: Rig) -> ItemCard:
    rig.open("catalogue.items")
    rig.key("Return")
    card: ItemCard = rig.card("item_card")
    return card


def test_without_the_right_a_card_is_only_looked_at_and_cost_is_not_there(rig: Rig) -> None:
    """GOL-02, NBR-07: Anna may sell, not change items; the cost does not exist for her."""
    rig.log_in("anna")
    card = bulb(rig)
    name, save = card.widget("name"), rig.find(QPushButton, "card_save")
    assert isinstance(name, QLineEdit) and name.isReadOnly()
    assert save is None
    assert rig.find(QLabel, "item_cost") is None
    assert rig.find(QPushButton, "add_package") is None


def test_a_package_with_its_own_bar_code(rig: Rig) -> None:
    """BAR-02: units and packages with own bar codes; a wrong check digit and an empty package are said at their fields."""
    rig.log_in("szef")
    card = bulb(rig)
    rig.see(QPushButton, "add_package").click()
    rig.type("karton")
    rig.key("Tab")
    rig.type("0")
    rig.key("Tab")
    rig.type("5901234123458")
    rig.key("F10")
    factor, barcode = rig.see(QLineEdit, "units_1_factor"), rig.see(QLineEdit, "units_1_barcode")
    rig.wait(lambda: factor.property("state") == "error" and barcode.property("state") == "error")
    rig.fill(factor, "12")
    rig.fill(barcode, "5901234123464")
    key = card.value().id
    rig.key("F10")
    rig.gone(card)
    boss = rig.boss()
    assert [(unit.name, unit.factor) for unit in boss.read(queries.get_item, key).units] == [("szt.", Decimal(1)), ("karton", Decimal(12))]
    choice = boss.read(queries.find_code, "5901234123464")
    assert choice is not None and choice.factor == 12


def test_a_bar_code_that_another_item_has(rig: Rig) -> None:
    """The database refuses it; the sentence stands on the card and nothing was saved."""
    rig.log_in("szef")
    rig.open("catalogue.items")
    rig.key("Insert")
    card: ItemCard = rig.card("item_card")
    rig.type("LED-10")
    rig.key("Return")
    rig.type("Żarówka LED 10 W")
    rig.fill(rig.see(QLineEdit, "units_0_barcode"), CODE)
    rig.key("F10")
    rig.wait(lambda: any(problem.code == "item_unit_barcode_unique" for problem in card.problems()))
    assert card.isVisible() and card.is_new
    assert len(rig.boss().read(queries.find_items, "LED")) == 1


def test_the_gross_price_follows_the_net_one(rig: Rig) -> None:
    """PRC-06: four places net, two gross; VAT of the item's rate."""
    rig.log_in("szef")
    card = bulb(rig)
    net, gross = card.widget("net_price"), card.widget("gross_price")
    assert net is not None and gross is not None
    rig.fill(net, "10,1234")
    rig.key("Tab")
    assert gross.value() == Decimal("12.45")  # type: ignore[attr-defined]
    rig.fill(gross, "12,50")
    rig.key("Tab")
    assert net.value() == Decimal("10.1234")  # type: ignore[attr-defined]
    rig.fill(net, "1,1234567")
    rig.key("F10")
    rig.wait(lambda: net.property("state") == "error")


def test_a_new_purchase_price(rig: Rig) -> None:
    """GOL-02: dated cost, shown and changed only with the rights."""
    rig.log_in("szef")
    card = bulb(rig)
    cost = rig.see(QLabel, "item_cost")
    rig.wait(lambda: "4,10" in cost.text())
    card._new_cost()
    sheet = rig.dialog()
    assert isinstance(sheet, Sheet)
    rig.fill(rig.see(QLineEdit, "price"), "4,35")
    rig.see(QWidget, "cost_sheet").buttons["save"].click()  # type: ignore[attr-defined]
    rig.wait(lambda: "4,35" in cost.text())


def test_the_list_finds_a_bar_code(rig: Rig) -> None:
    """Issue 2 point 7: search on the server, also by the beginning of a bar code."""
    rig.log_in("anna")
    browser = rig.open("catalogue.items")
    assert isinstance(browser, Browser)
    for text, count in (("59012341", 1), ("zarowka", 1), ("590999", 0)):
        browser.search.setText(text)
        browser.ask()
        rig.wait(lambda: browser.model.exact and browser.model.total == count)
    browser.clear_filters()


def test_groups_form_a_tree(rig: Rig) -> None:
    rig.log_in("szef")
    rig.open("catalogue.groups")
    for name in ("Światło", "Żarówki"):
        rig.key("Insert")
        card = rig.card("item_group_card")
        rig.type(name)
        if name == "Żarówki":
            parent = card.widget("parent_id")
            parent.set_value(parent.itemData(1))
        rig.key("F10")
        rig.gone(card)
    item = bulb(rig)
    group = item.widget("group_id")
    assert group is not None
    texts = [group.itemText(row) for row in range(group.count())]  # type: ignore[attr-defined]
    assert texts == ["none", "Światło", "Światło › Żarówki"]
