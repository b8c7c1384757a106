"""The list and the card of VAT rates, by keyboard on a real server."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget

from crm_desktop.catalogue import queries, service
from crm_desktop.catalogue.rules.model import RatePeriod
from crm_desktop.catalogue.views.rate_card import RateCard, open_rate
from crm_desktop.core.i18n import day
from crm_desktop.db.keys import new_id
from crm_desktop.ui import clock
from crm_desktop.ui.browser import Browser
from crm_desktop.ui.fields import State, state_of
from crm_desktop.ui.widgets.dialogs import Question
from tests.support.rig import Rig


def field(card: RateCard, name: str) -> QLineEdit:
    found = card.widget(name)
    assert isinstance(found, QLineEdit)
    return found


def period_of(rig: Rig, code: str) -> RatePeriod:
    return next(each for each in rig.boss().read(queries.list_periods) if each.code == code)


def opened(rig: Rig, code: str) -> RateCard:
    """The card of the only period of a rate."""
    open_rate(rig.desk(), period_of(rig, code).id)
    card: RateCard = rig.card("rate_card")
    return card


def test_who_may_not_change_rates_does_not_see_their_list(rig: Rig) -> None:
    """NBR-07."""
    window = rig.log_in("anna")
    assert window.open_dock("catalogue.rates") is None


def test_the_list_of_periods(rig: Rig) -> None:
    """The highest first, those without tax last; filtered by per cent, by last day and by code."""
    rig.log_in("szef")
    browser = rig.open("catalogue.rates")
    assert isinstance(browser, Browser)
    rig.wait(lambda: browser.model.exact)
    assert browser.model.total == 9
    for key, text, count in (
        ("percent", "23", 1),
        ("percent", "0..7", 3),
        ("valid_to", "31.12.2010", 2),
        ("code", "np", 2),
        ("name", "obn", 3),
    ):
        browser.set_filter(key, text)
        browser.ask()
        rig.wait(lambda count=count: browser.model.exact and browser.model.total == count)  # type: ignore[misc]
        browser.clear_filters()
    browser.ask()
    rig.wait(lambda: browser.model.exact and browser.model.total == 9)


def test_an_item_is_offered_each_rate_once(rig: Rig) -> None:
    """A rate may have several periods; the one that holds today says its name."""
    rig.log_in("szef")
    boss, today = rig.boss(), clock.today()
    zw = period_of(rig, "zw")
    boss.change(service.save_rate, replace(zw, valid_to=today + timedelta(5)))
    boss.change(service.save_rate, RatePeriod(new_id(), "zw", None, today + timedelta(6), None, "art. 43 ust. 1"))
    rig.open("catalogue.items")
    rig.key("Return")
    vat = rig.card("item_card").widget("vat")
    texts = [vat.itemText(row) for row in range(vat.count())]
    assert [text for text in texts if text.startswith("zw")] == ["zw – zwolnione"]


def test_a_new_rate(rig: Rig) -> None:
    """The code says the per cent; what is missing and what overlaps is said at its field."""
    rig.log_in("szef")
    browser = rig.open("catalogue.rates")
    assert isinstance(browser, Browser)
    rig.wait(lambda: browser.model.exact)
    before = browser.model.total
    rig.key("Insert")
    card: RateCard = rig.card("rate_card")
    rig.type("23")
    rig.keys("Return", "F10")
    rig.wait(lambda: state_of(field(card, "valid_from")) is State.ERROR)
    assert field(card, "percent").text().startswith("23") and field(card, "percent").isReadOnly()
    rig.fill(field(card, "valid_from"), "+10")
    rig.key("F10")
    rig.wait(lambda: any(problem.code == "vat_rate_periods_apart" for problem in card.problems()))
    rig.fill(field(card, "code"), "0 wdt")
    rig.key("Return")
    assert field(card, "code").text() == "0 WDT"
    rig.fill(field(card, "name"), "stawka 0 % w dostawie wewnątrzwspólnotowej")
    rig.key("F10")
    rig.gone(card)
    stored = period_of(rig, "0 WDT")
    assert (stored.percent, stored.valid_from, stored.valid_to) == (Decimal(0), clock.today() + timedelta(10), None)
    rig.wait(lambda: browser.model.exact and browser.model.total == before + 1)


def test_a_rate_that_holds_only_gets_its_last_day(rig: Rig) -> None:
    """Documents were issued with it: code, first day and name stay; it ends today or later."""
    rig.log_in("szef")
    rig.open("catalogue.rates")
    card = opened(rig, "5")
    assert [name for name in ("code", "valid_from", "valid_to", "name") if field(card, name).isEnabled()] == ["valid_to"]
    rig.wait(field(card, "valid_to").hasFocus)
    assert not card.findChild(QPushButton, "remove_rate").isVisible()  # type: ignore[union-attr]
    yesterday, today = clock.today() - timedelta(1), clock.today()
    rig.fill(field(card, "valid_to"), day(yesterday))
    rig.key("F10")
    rig.wait(lambda: state_of(field(card, "valid_to")) is State.ERROR)
    rig.fill(field(card, "valid_to"), day(today))
    rig.key("F10")
    rig.gone(card)
    assert period_of(rig, "5").valid_to == today


def test_a_rate_that_is_over_is_only_looked_at(rig: Rig) -> None:
    rig.log_in("szef")
    rig.open("catalogue.rates")
    card = opened(rig, "22")
    assert not card.findChild(QPushButton, "card_save").isVisible()  # type: ignore[union-attr]
    assert not any(field(card, name).isEnabled() and not field(card, name).isReadOnly() for name in card.PATHS)
    rig.key("F10")
    assert card.isVisible()


def test_a_period_to_come_may_be_removed(rig: Rig) -> None:
    """A law that was withdrawn before it came into force."""
    rig.log_in("szef")
    rig.open("catalogue.rates")
    planned = RatePeriod(new_id(), "24", Decimal(24), clock.today() + timedelta(30), None, "stawka podstawowa")
    rig.boss().change(service.save_rate, planned)
    card = opened(rig, "24")
    rig.see(QPushButton, "remove_rate").click()
    rig.see(Question, "remove_question").answered.emit("remove")
    rig.gone(card)
    assert all(each.code != "24" for each in rig.boss().read(queries.list_periods))


def test_somebody_else_ended_the_rate(rig: Rig) -> None:
    """The card follows the database; two who save the same period are told."""
    rig.log_in("szef")
    rig.open("catalogue.rates")
    card = opened(rig, "5")
    boss, mine = rig.boss(), period_of(rig, "5")
    rig.fill(field(card, "valid_to"), "+20")
    rig.key("Return")
    theirs = RatePeriod(mine.id, mine.code, mine.percent, mine.valid_from, clock.today() + timedelta(5), mine.name, mine.version)
    boss.change(service.save_rate, theirs)
    rig.key("F10")
    rig.see(QWidget, "conflict_dialog").reject()  # type: ignore[attr-defined]
    rig.idle()
    assert period_of(rig, "5").valid_to == clock.today() + timedelta(5)
