"""What goes where (desk.md section 6): problems, states, strip, toasts, questions, conflicts, bugs, wizard."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from crm_desktop.core.problem import Problem, Severity
from crm_desktop.ui.widgets.conflict import BACK, DISCARD, MERGED, ConflictDialog, ConflictField
from crm_desktop.ui.widgets.crash import CrashDialog
from crm_desktop.ui.widgets.dialogs import Choice, Question
from crm_desktop.ui.widgets.problems import ProblemsPanel
from crm_desktop.ui.widgets.states import StateButton, StateView
from crm_desktop.ui.widgets.strip import Strip
from crm_desktop.ui.widgets.toast import Toasts
from crm_desktop.ui.widgets.wizard import Step, WizardFrame

Shown = Callable[..., QWidget]


def problem(number: int, severity: Severity = Severity.ERROR) -> Problem:
    """A problem of line `number`."""
    return Problem("price_low", f"lines.{number}.price", "Price {price} is too low", {"price": Decimal(number)}, severity)


def test_all_problems_at_once_errors_first(shown: Shown) -> None:
    """The headline counts all; with warnings only it says so."""
    panel = ProblemsPanel(aim="before issuing")
    shown(panel, QWidget())
    panel.show_problems([problem(0, Severity.WARNING), problem(1), problem(2)])
    assert panel.headline() == "3 matters to settle"
    assert [each.stops for each in panel.problems()] == [True, True, False]
    panel.show_problems([problem(0, Severity.WARNING)])
    assert panel.headline() == "1 warning"
    panel.show_problems([])
    assert panel.isHidden()


def test_f4_walks_round(shown: Shown) -> None:
    """Next problem, and after the last the first again."""
    panel = ProblemsPanel()
    jumps: list[Any] = []
    shown(panel)
    panel.jump.connect(jumps.append)
    assert not panel.next_problem()
    panel.show_problems([problem(1), problem(2)])
    for _press in range(3):
        assert panel.next_problem()
    assert jumps == ["lines.1.price", "lines.2.price", "lines.1.price"]


def test_a_link_jumps_and_takes_no_focus(shown: Shown, qtbot: QtBot) -> None:
    """The link's words are the view's, not the path."""
    panel = ProblemsPanel()
    panel.name_of = {"lines.1.price": "poz. 2, cena"}.__getitem__
    shown(panel)
    panel.show_problems([problem(1)])
    link = panel.findChild(QPushButton)
    assert link is not None
    assert link.text() == "poz. 2, cena"
    with qtbot.waitSignal(panel.jump) as told:
        QTest.mouseClick(link, Qt.MouseButton.LeftButton)
    assert told.args == ["lines.1.price"]
    assert not link.hasFocus()


def test_beyond_four_rows_it_scrolls(shown: Shown) -> None:
    """Totals do not move however many problems there are."""
    panel = ProblemsPanel()
    shown(panel, QWidget())
    panel.show_problems([problem(number) for number in range(4)])
    four = panel.sizeHint().height()
    panel.show_problems([problem(number) for number in range(40)])
    assert panel.sizeHint().height() == four


def test_an_empty_state_has_a_way_on(shown: Shown, qtbot: QtBot) -> None:
    """Title, sentence not wider than 380, one button with its key."""
    pressed: list[int] = []
    view = StateView(
        "briefcase", "Nic tu nie ma", "Załóż pierwszą sprawę. " * 8, [StateButton("Nowa", lambda: pressed.append(1), "primary", key="Ins")]
    )
    shown(view)
    QTest.mouseClick(view.buttons[0], Qt.MouseButton.LeftButton)
    assert pressed == [1]
    assert "Ins" in view.buttons[0].toolTip()
    assert view.accessibleName() == "Nic tu nie ma"
    view.say("file-search", "Inny stan")
    assert (view.accessibleName(), view.buttons) == ("Inny stan", [])


def test_a_state_that_changes_twice_at_once_opens_no_window(shown: Shown) -> None:
    """What a layout was about to show must not become a window of its own that takes the focus."""
    field, view = QLineEdit(), StateView("package", "Nic tu nie ma")
    window = shown(field, view)
    field.setFocus()
    for count in range(3):
        view.say("file-search", "Nic nie pasuje", f"Bez filtra jest {count}.", [StateButton("Usuń filtr", lambda: None)])
    QApplication.processEvents()
    assert [each for each in QApplication.topLevelWidgets() if each.isVisible()] == [window]
    assert field.hasFocus()


def test_sentences_are_not_cut(shown: Shown) -> None:
    """A wrapped sentence gets the height that it needs."""
    text = "Drukarka nie potwierdziła wydruku. Sprawdź, czy paragon wyszedł z drukarki. Nic nie wydrukuje się drugi raz bez twojej zgody."
    view = StateView("printer-off", "Paragon czeka", text)
    shown(view)
    label = next(each for each in view.findChildren(QWidget) if getattr(each, "text", str)() == text)
    assert label.width() <= 380
    assert label.height() >= label.heightForWidth(label.width()) > 2 * label.fontMetrics().height()


def test_the_offline_strip_counts_down(shown: Shown, qtbot: QtBot) -> None:
    """Since when, what is safe, when it tries again, and a button to try now."""
    strip = Strip()
    pressed: list[Any] = []
    left: list[Any] = [4.0]
    shown(strip)
    strip.show_offline(datetime(2026, 11, 23, 14, 31), lambda: left[0], lambda: pressed.append(1))
    assert strip.isVisible()
    assert "14:31" in strip.text()
    assert "4 s" in strip.text()
    left[0] = 0
    strip._count()
    assert "Connecting" in strip.text()
    button = strip.findChild(QPushButton)
    assert button is not None
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert pressed == [1]
    strip.clear()
    assert strip.isHidden()


def test_toasts_never_take_the_focus_and_are_kept(shown: Shown, qtbot: QtBot, monday: datetime) -> None:
    """At most three on the screen; the bell keeps them all."""
    field = QLineEdit()
    window = shown(field)
    field.setFocus()
    toasts = Toasts(window)
    pressed: list[Any] = []
    for number in range(5):
        toasts.show_toast(f"Zapisano {number}", "PDF", "Pokaż", lambda: pressed.append(1))
    assert toasts.shown() == ["Zapisano 2", "Zapisano 3", "Zapisano 4"]
    assert [each.title for each in toasts.history()] == [f"Zapisano {number}" for number in range(5)]
    assert toasts.history()[0].at == monday
    assert field.hasFocus()
    assert all(window.rect().contains(toast.geometry()) for toast in toasts._shown)
    button = next(each for each in toasts._shown[-1].findChildren(QPushButton) if each.text() == "Pokaż")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert pressed == [1]
    assert toasts.shown() == ["Zapisano 2", "Zapisano 3"]


def test_a_toast_waits_under_the_mouse(shown: Shown, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its clock runs only while somebody could have read it."""
    toasts = Toasts(shown(QLineEdit()))
    toasts.show_toast("Zapisano")
    toast = toasts._shown[0]
    toast._left = 150
    monkeypatch.setattr(toast, "underMouse", lambda: True)
    for _tick in range(5):
        toast._count()
    assert toasts.shown() == ["Zapisano"]
    monkeypatch.setattr(toast, "underMouse", lambda: False)
    qtbot.waitUntil(lambda: toasts.shown() == [])


CHOICES = (
    Choice("save", "Zapisz szkic", "primary"),
    Choice("drop", "Odrzuć moje zmiany", "danger"),
    Choice("back", "Wróć do edycji", "quiet"),
)


def test_a_destructive_question_has_no_default(qtbot: QtBot, dressed: object) -> None:
    """Enter by itself destroys nothing; Esc is the harmless way."""
    question = Question(None, "Zamknąć?", "Szkic zostanie.", CHOICES)
    qtbot.addWidget(question)
    question.open()
    assert not any(button.isDefault() for button in question.buttons.values())
    with qtbot.waitSignal(question.answered) as told:
        QTest.keyClick(question, Qt.Key.Key_Escape)
    assert told.args == [""]


def test_a_harmless_question_is_answered_by_enter(qtbot: QtBot, dressed: object) -> None:
    """One primary button, and it is the default."""
    question = Question(None, "Wysłać?", "", (Choice("send", "Wyślij", "primary"), Choice("back", "Wróć", "quiet")))
    qtbot.addWidget(question)
    question.open()
    with qtbot.waitSignal(question.answered) as told:
        QTest.keyClick(question, Qt.Key.Key_Return)
    assert told.args == ["send"]


def test_the_deed_is_told_by_its_id(qtbot: QtBot, dressed: object) -> None:
    """The way back answers nothing, like Esc."""
    for pressed, answer in (("drop", "drop"), ("back", "")):
        question = Question(None, "Zamknąć?", "", CHOICES)
        qtbot.addWidget(question)
        question.open()
        with qtbot.waitSignal(question.answered) as told:
            QTest.mouseClick(question.buttons[pressed], Qt.MouseButton.LeftButton)
        assert told.args == [answer]


FIELDS = [
    ConflictField("terms", "Płatność", "7 dni", "14 dni", "21 dni"),
    ConflictField("limit", "Limit", Decimal(40), Decimal(50), Decimal(45)),
    ConflictField("phone", "Telefon", "18", "18", "19"),
    ConflictField("route", "Trasa", "wt.", "śr.", "wt."),
    ConflictField("name", "Nazwa", "Volt", "Volt", "Volt"),
    ConflictField("both", "Obie", "a", "b", "b"),
]


@pytest.fixture
def conflict(qtbot: QtBot, dressed: object) -> ConflictDialog:
    """Two clashes, two merged by themselves, two that say nothing."""
    dialog = ConflictDialog(None, title="Ktoś zapisał", subtitle="Volt", their_name="Piotr Łęcki", opened_at="14:11", fields=FIELDS)
    qtbot.addWidget(dialog)
    dialog.open()
    return dialog


def test_only_clashes_are_asked(conflict: ConflictDialog) -> None:
    """What only one of the two changed is merged; nothing is lost in silence."""
    assert conflict.open_count() == 2
    assert not conflict._save.isEnabled()
    with pytest.raises(KeyError):
        conflict.result_values()
    conflict.choose("terms", "theirs")
    conflict.choose("limit", "mine")
    assert conflict._save.isEnabled()
    assert conflict.result_values() == {"terms": "21 dni", "limit": Decimal(50), "phone": "19", "route": "śr.", "name": "Volt", "both": "b"}


def test_conflict_by_keyboard(conflict: ConflictDialog, qtbot: QtBot) -> None:
    """← → choose, Enter goes on, Ctrl+M takes yours everywhere."""
    QTest.keyClick(conflict, Qt.Key.Key_Right)
    QTest.keyClick(conflict, Qt.Key.Key_Return)
    QTest.keyClick(conflict, Qt.Key.Key_Left)
    assert (conflict.result_values()["terms"], conflict.result_values()["limit"]) == ("21 dni", Decimal(50))
    conflict.take_all_mine()
    assert conflict.result_values()["terms"] == "14 dni"


def test_enter_goes_to_the_button_that_saves_and_presses_it(conflict: ConflictDialog) -> None:
    conflict.take_all_mine()
    QTest.keyClick(conflict, Qt.Key.Key_Return)
    assert conflict.outcome == BACK and conflict._save.hasFocus()
    QTest.keyClick(conflict._save, Qt.Key.Key_Return)
    assert conflict.outcome == MERGED


def test_long_texts_wrap_and_many_fields_scroll(qtbot: QtBot, dressed: object) -> None:
    """The way out stays on the screen; a cell is clicked as its radio is."""
    long = "Zadzwonić przed dostawą, brama od ulicy Granicznej, klucz u ochrony. " * 6
    fields = [ConflictField(f"f{place}", f"Pole {place}", "x", long, f"{long} {place}") for place in range(40)]
    dialog = ConflictDialog(None, title="Ktoś zapisał", subtitle="Volt", their_name="Piotr Łęcki", opened_at="14:11", fields=fields)
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.height() <= dialog.screen().availableGeometry().height() and dialog.width() == 1040
    cell = dialog._cells["f39", "title"]
    for _ in range(39):
        QTest.keyClick(dialog, Qt.Key.Key_Down)
    assert dialog.rect().contains(cell.mapTo(dialog, cell.rect().center()))
    QTest.keyClick(dialog, Qt.Key.Key_Right)
    assert dialog._radios["f39", "theirs"].isChecked()


@pytest.mark.parametrize(("text", "outcome"), [("Back to editing", BACK), ("Discard my changes", DISCARD), ("Save merged", MERGED)])
def test_three_ways_out_of_a_conflict(conflict: ConflictDialog, qtbot: QtBot, text: str, outcome: str) -> None:
    """Each named by its deed."""
    conflict.take_all_mine()
    button = next(each for each in conflict.findChildren(QPushButton) if each.text() == text)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert conflict.outcome == outcome
    assert conflict.isHidden()


@pytest.mark.logs("report [A-Z2-9]{3}-[A-Z2-9]{3}: ")
def test_a_bug_has_a_number_and_details_to_copy(qtbot: QtBot, dressed: object) -> None:
    """The same number stands in the log."""
    dialog = CrashDialog(None, ZeroDivisionError("x"), "Traceback: there")
    qtbot.addWidget(dialog)
    dialog.open()
    QTest.mouseClick(dialog.buttons["copy"], Qt.MouseButton.LeftButton)
    copied = QGuiApplication.clipboard().text()
    assert copied.startswith(dialog.number)
    assert "ZeroDivisionError: x" in copied
    assert "Traceback: there" in copied
    QTest.mouseClick(dialog.buttons["show"], Qt.MouseButton.LeftButton)
    assert dialog._details.isVisible()


def test_the_wizard_shows_where_one_is(qtbot: QtBot, shown: Shown) -> None:
    """Done, now, to come are told in words; the first step has no way back; a step that cannot wait has no such button."""
    frame = WizardFrame("Pierwsze uruchomienie")
    shown(frame, size=(900, 700))
    frame.set_steps([Step("server", "Serwer"), Step("company", "Firma"), Step("admin", "Administrator")], "około 3 minut")
    frame.set_page("server", "Serwer", "Gdzie są dane", QLineEdit(), can_wait=False)
    assert frame.back.isHidden()
    assert frame.later.isHidden()
    frame.set_page("company", "Firma", "Trafi na faktury", QLineEdit())
    names = [
        each.accessibleName() for each in frame.findChildren(QWidget) if each.accessibleName().startswith(("Serwer,", "Firma,", "Admin"))
    ]
    assert names[-3:] == ["Serwer, done", "Firma, now", "Administrator, to come"]
    with qtbot.waitSignal(frame.next_asked):
        QTest.mouseClick(frame.next, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(frame.back_asked):
        QTest.mouseClick(frame.back, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(frame.later_asked):
        QTest.mouseClick(frame.later, Qt.MouseButton.LeftButton)
