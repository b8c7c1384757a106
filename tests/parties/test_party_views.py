"""The list and the card of parties, by keyboard on a real server."""

from dataclasses import replace
from uuid import UUID

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QTabWidget, QWidget

from crm_desktop.parties import queries, service
from crm_desktop.parties.rules.model import Party
from crm_desktop.parties.views.party_card import PartyCard
from crm_desktop.ui.browser import Browser
from crm_desktop.ui.widgets.conflict import ConflictDialog
from tests.support.rig import Rig


def listed(rig: Rig) -> Browser:
    browser = rig.open("parties.parties")
    assert isinstance(browser, Browser)
    rig.wait(lambda: browser.model.exact)
    return browser


def volt(rig: Rig) -> tuple[Browser, PartyCard]:
    """The card of the office's only buyer, opened by Enter."""
    browser = listed(rig)
    rig.key("Return")
    card: PartyCard = rig.card("party_card")
    return browser, card


def stored(rig: Rig, key: UUID) -> Party:
    return rig.boss().read(queries.get_party, key)


def test_a_new_party_by_keyboard(rig: Rig) -> None:
    """SAL-06, issue 2 point 4: code, name, NIP, address, without the mouse; the list shows it by itself."""
    rig.log_in("anna")
    browser = listed(rig)
    rig.key("Insert")
    card: PartyCard = rig.card("party_card")
    rig.wait(rig.see(QWidget, "code").hasFocus)
    for text in ("ŻÓŁW", "Zakład „Żółw” Sp. z o.o.", "5260250274"):
        rig.type(text)
        rig.key("Return")
    rig.fill(card.widget("address.city"), "Żywiec")  # type: ignore[arg-type]
    key = card.value().id
    rig.key("F10")
    rig.gone(card)
    party = stored(rig, key)
    assert (party.code, party.name, party.nip, party.address.city) == ("ŻÓŁW", "Zakład „Żółw” Sp. z o.o.", "5260250274", "Żywiec")
    rig.wait(lambda: browser.model.total == 2)
    assert browser.hasFocus() or browser.isAncestorOf(QApplication.focusWidget() or card)


@pytest.mark.parametrize(
    ("field", "text", "code"),
    [
        ("nip", "5260250275", "nip_check"),
        ("eu_vat", "DE12345", ""),
        ("name", "x" * 10_000, ""),
        ("name", "Firma 😀", ""),
        ("name", "", "name_missing"),
        ("address_post_code", "30-70", ""),
        ("email", "anna(at)volt", "email_wrong"),
        ("payment_days", "400", "payment_days_range"),
    ],
)
def test_bad_input_is_said_at_its_field_and_saves_nothing(rig: Rig, field: str, text: str, code: str) -> None:
    """Bad input: a clear message at the field, nothing lost, nothing half-saved."""
    rig.log_in("anna")
    _browser, card = volt(rig)
    before = card.value()
    widget = rig.see(QWidget, field)
    rig.fill(widget, text)
    if not text:
        rig.key("Delete")
    rig.key("F10")
    rig.wait(lambda: widget.property("state") == "error")
    assert widget.accessibleDescription()
    assert card.problems_panel.isVisible()
    if code:
        assert code in [problem.code for problem in card.problems()] or code == "nip_check"
    if text:
        assert widget.text()  # type: ignore[attr-defined]
    assert stored(rig, before.id) == before


def test_an_emoji_is_kept_in_the_notes(rig: Rig) -> None:
    """Bad input: refused in a name, kept in notes."""
    rig.log_in("anna")
    _browser, card = volt(rig)
    notes = rig.see(QWidget, "notes")
    notes.setFocus()
    rig.type("miły klient 😀")
    key = card.value().id
    rig.key("Ctrl+S")
    rig.wait(lambda: not card.dirty)
    rig.idle()
    assert stored(rig, key).notes == "miły klient 😀"


def test_what_others_save_shows_up_while_nothing_was_typed(rig: Rig) -> None:
    """Architecture 4: one refresh road; what was typed is never overwritten."""
    rig.log_in("anna")
    _browser, card = volt(rig)
    boss = rig.boss()
    boss.change(service.save_party, replace(card.value(), phone="33 812 40 19"))
    rig.wait(lambda: card.value().phone == "33 812 40 19")
    rig.fill(card.widget("email"), "biuro@volt.example")  # type: ignore[arg-type]
    boss.change(service.save_party, replace(boss.read(queries.get_party, card.value().id), phone="33 812 40 20"))
    rig.wait(lambda: boss.read(queries.get_party, card.value().id).phone == "33 812 40 20")
    rig.idle()
    assert card.value().email == "biuro@volt.example"
    assert card.value().phone == "33 812 40 19"


def test_two_people_on_one_card(rig: Rig) -> None:
    """Conflict window: only what differs; what merges by itself is merged; the result is saved over the newer version."""
    rig.log_in("anna")
    _browser, card = volt(rig)
    key = card.value().id
    rig.fill(card.widget("payment_days"), "14")  # type: ignore[arg-type]
    rig.fill(card.widget("email"), "moje@volt.example")  # type: ignore[arg-type]
    boss = rig.boss()
    boss.change(service.save_party, replace(stored(rig, key), payment_days=21, email="jej@volt.example", phone="33 812 40 19"))
    rig.key("F10")
    dialog = rig.dialog()
    assert isinstance(dialog, ConflictDialog)
    assert dialog.open_count() == 1  # the e-mail: both changed it
    dialog.choose("email", "mine")
    dialog._save.click()
    rig.wait(lambda: stored(rig, key).email == "moje@volt.example")
    party = stored(rig, key)
    assert party.phone == "33 812 40 19"
    assert party.payment_days == 21


def test_typed_things_do_not_go_without_a_word(rig: Rig) -> None:
    """desk.md 9: Esc goes one level out and never loses input."""
    rig.log_in("anna")
    _browser, card = volt(rig)
    rig.fill(card.widget("name"), "Inna nazwa")  # type: ignore[arg-type]
    answers = []

    def answer(which: str) -> None:
        dialog = QApplication.activeModalWidget()
        answers.append(dialog.windowTitle())  # type: ignore[union-attr]
        dialog.buttons[which].click()  # type: ignore[union-attr]

    QTimer.singleShot(100, card, lambda: answer("back"))
    rig.key("Escape")
    assert rig.find(PartyCard, "party_card") is card
    rig.wait(QApplication.focusWidget)
    QTimer.singleShot(100, card, lambda: answer("discard"))
    rig.key("Escape")
    rig.gone(card)
    assert answers == ["Save what you typed?"] * 2


def test_searching_and_filtering(rig: Rig) -> None:
    """Issue 2 point 7: typing searches on the server, accents ignored; a filter by column narrows."""
    rig.log_in("anna")
    browser = listed(rig)
    rig.type("bielsko volt")
    rig.key("Return")
    rig.idle()
    rig.wait(lambda: browser.model.exact and browser.model.total == 1)
    browser.clear_filters()
    browser.set_filter("kind", "person")
    rig.wait(lambda: browser.model.exact and browser.model.total == 0)


def test_tabs_of_upper_slices(rig: Rig) -> None:
    """Architecture 3: the card shows what upper slices contribute and knows none of them."""
    rig.log_in("anna")
    volt(rig)
    tabs = rig.see(QTabWidget, "party_tabs")
    assert [tabs.tabText(place) for place in range(tabs.count())] == ["Card", "Documents"]
    rig.key("Ctrl+PgDown")
    assert rig.see(Browser, "party_documents") is tabs.currentWidget()


def test_groups(rig: Rig) -> None:
    """A group is made on its own card and then offered on a party's."""
    rig.log_in("szef")
    rig.open("parties.groups")
    rig.key("Insert")
    card = rig.card("party_group_card")
    rig.type("Hurtownie")
    rig.key("F10")
    rig.gone(card)
    _browser, party = volt(rig)
    group = party.widget("group_id")
    assert group is not None
    assert "Hurtownie" in [group.itemText(row) for row in range(group.count())]  # type: ignore[attr-defined]
