"""Issue 3, item 5, at the desk by keys: the bell and the toast, open, answer, the record that a message carries."""

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMenu

from crm_desktop.db.database import Database
from crm_desktop.db.keys import new_id
from crm_desktop.db.paging import PageRequest
from crm_desktop.messages import queries, service
from crm_desktop.messages.rules.model import About, Colleague, Letter
from crm_desktop.messages.views.inbox import INBOX, MessagesWindow
from crm_desktop.messages.views.writing import LetterCard
from crm_desktop.parties.queries import find_parties
from tests.support import office
from tests.support.rig import Rig


def to_anna(rig: Rig, text: str, about: About | None = None) -> Letter:
    """The administrator writes to Anna."""
    boss = rig.boss()
    (anna,) = [each for each in boss.read(queries.find_people, "anna")[0] if each.name == "Anna"]
    letter = Letter(new_id(), text, (anna,), about=about)
    boss.change(service.send_message, letter)
    return letter


def volt(desk: Database) -> About:
    (found,) = desk.read(find_parties, "volt")
    return About("parties.party", found.id, found.name)


def test_the_bell_counts_what_lies_there_and_a_toast_shows_what_comes(rig: Rig) -> None:
    """What was there at the log-in is counted, not told; what comes is told with "Show" and counts once."""
    to_anna(rig, "Pierwsza")
    window = rig.log_in("anna")
    rig.wait(lambda: window.notifications.unread == 1)
    assert window.bell.text() == "1" and not window.toasts.shown()
    letter = to_anna(rig, "Zadzwoń do Volta.\nChodzi o fakturę.")
    rig.wait(lambda: window.toasts.shown() == ["Message: Ewa Szef"])
    assert window.bell.text() == "2"
    menu = window.notifications.open()
    assert menu.actions()[0].text() == "2 messages that you have not opened"
    menu.close()
    rig.key("Ctrl+I")
    inbox = window.current()
    assert isinstance(inbox, MessagesWindow)
    rig.wait(lambda: inbox.browser.model.exact)
    assert inbox.pane.message is None  # to be looked at in the list is not to be opened
    inbox.show_message(letter.id)
    rig.wait(lambda: inbox.pane.message is not None)
    assert inbox.pane.text.text() == "Zadzwoń do Volta.\nChodzi o fakturę."
    rig.wait(lambda: window.notifications.unread == 1)


def test_enter_opens_the_message_then_its_record_and_ctrl_r_answers(rig: Rig) -> None:
    boss = rig.boss()
    letter = to_anna(rig, "Sprawdź adres", volt(boss))
    window = rig.log_in("anna")
    inbox = rig.open(INBOX)
    assert isinstance(inbox, MessagesWindow)
    rig.wait(lambda: inbox.browser.model.exact)
    rig.wait(lambda: QApplication.focusWidget() is inbox.browser.view)
    rig.key("Return")
    rig.wait(lambda: inbox.pane.message is not None)
    rig.wait(lambda: boss.read(queries.get_message, letter.id).readers[0].read_at is not None)
    rig.key("Return")
    card = rig.card("party_card")
    assert card.stored().code == "VOLT"
    rig.key("Escape")
    rig.gone(card)
    rig.wait(lambda: window.current() is inbox)
    rig.key("Ctrl+R")
    answer = rig.see(LetterCard, "letter_card")
    rig.wait(lambda: QApplication.focusWidget() is answer.text)
    rig.type("Zgadza się")
    rig.key("Ctrl+Return")
    rig.gone(answer)
    (row, *_rest) = boss.read(queries.INBOX.page, PageRequest()).rows
    assert (row.state, row.other, row.text, row.about) == ("unread", "Anna", "Zgadza się", volt(boss).title)


def test_a_message_carries_what_is_open_and_says_what_is_missing(rig: Rig) -> None:
    """Ctrl+Shift+M over a card; nobody chosen is a matter at the field; Backspace takes the last one away."""
    rig.log_in("anna")
    rig.open("parties.parties")
    rig.key("Return")
    rig.card("party_card")
    rig.key("Ctrl+Shift+M")
    card = rig.see(LetterCard, "letter_card")
    assert card.letter.about == volt(rig.boss())
    rig.wait(lambda: QApplication.focusWidget() is card.to)
    rig.key("F10")
    assert [problem.field for problem in card.problems.problems()] == ["to", "text"]
    rig.type("szef")
    rig.wait(lambda: bool(card.to.answers()))
    rig.key("Return")
    assert [each.name for each in card.letter.to] == ["Ewa Szef"] and card.to.text() == ""
    rig.key("Backspace")
    assert not card.letter.to
    rig.type("krak")
    rig.wait(lambda: bool(card.to.answers()))
    rig.key("Return")
    rig.key("Return")
    rig.wait(lambda: QApplication.focusWidget() is card.text)
    rig.type("Kto zna ten adres?")
    assert not card.problems.problems() and card.dirty
    rig.key("F10")
    rig.gone(card)
    (row, *_rest) = rig.boss().read(queries.INBOX.page, PageRequest()).rows
    assert (row.state, row.text, row.about) == ("unread", "Kto zna ten adres?", "Hurtownia Volt Sp. z o.o.")


def test_what_was_typed_does_not_go_without_a_word(rig: Rig) -> None:
    rig.log_in("anna")
    rig.key("Ctrl+Shift+M")
    card = rig.see(LetterCard, "letter_card")
    rig.wait(lambda: QApplication.focusWidget() is card.to)
    rig.key("Tab")
    rig.type("Halo")
    rig.qtbot.waitUntil(lambda: card.dirty)

    def answer() -> None:
        dialog = rig.dialog()
        assert dialog.isVisible()
        rig.key("Escape")

    QTimer.singleShot(0, answer)
    rig.key("Escape")
    assert card.isVisible() and card.dirty


def test_nobody_is_told_of_what_is_not_hers(rig: Rig) -> None:
    """Anna writes to Wanda; the administrator's own desk counts nothing."""
    window = rig.log_in("szef")
    wanda = next(each for each in rig.boss().read(queries.find_people, "wanda")[0])
    sender = office.Office(rig.profile).enter("anna")
    try:
        sender.change(service.send_message, Letter(new_id(), "Między nami", (Colleague(wanda.id, wanda.name),)))
        to_me = next(each for each in sender.read(queries.find_people, "szef")[0])
        sender.change(service.send_message, Letter(new_id(), "Dla ciebie", (to_me,)))
        rig.wait(lambda: window.notifications.unread == 1)
        assert window.toasts.shown() == ["Message: Anna"]
    finally:
        sender.close()


def test_the_menu_under_the_bell_has_the_toasts(rig: Rig) -> None:
    window = rig.log_in("anna")
    menu = window.notifications.open()
    assert isinstance(menu, QMenu) and [each.text() for each in menu.actions()] == ["No notifications yet"]
    menu.close()
    window.toasts.show_toast("Issued FS/1", "", "Print", lambda: None)
    assert window.bell.text() == "1"
    menu = window.notifications.open()
    assert menu.actions()[0].text().endswith("Issued FS/1") and window.bell.text() == ""
    menu.close()
