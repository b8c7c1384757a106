"""The look-up field: asks while one types, last question wins, the focus stays in the field."""

import threading
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from crm_desktop.core.errors import Offline
from crm_desktop.ui import tasks
from crm_desktop.ui.fields import Answer, LookupField, Side

ITEMS = [
    Answer(1, "Żarówka LED E27 9 W", "LED-A60-9W", (Side("842 szt.", "success"), Side("6,49"))),
    Answer(2, "Żarówka LED E27 12 W", "LED-A60-12W", (Side("0 szt.", "danger"), Side("8,20"))),
    Answer(3, "Puszka podtynkowa", "PUSZ-60"),
]


class Shop:
    """A database of three items that can hold an answer back."""

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.gate.set()
        self.asked: list[str] = []
        self.gone = False

    def read(self, fn: Callable[..., Any], *args: Any) -> Any:
        """Run it."""
        assert self.gate.wait(10)
        if self.gone:
            raise Offline("gone")
        return fn(self, *args)

    def change(self, fn: Callable[..., Any], *args: Any, operation: UUID) -> Any:
        """Not used here."""
        return self.read(fn, *args)


def find(tx: Shop, text: str) -> list[Answer]:
    """By a fragment of name or code."""
    tx.asked.append(text)
    return [item for item in ITEMS if text.lower() in f"{item.code} {item.text}".lower()]


@pytest.fixture
def shop(qapp: object) -> Iterator[Shop]:
    """In use during the test."""
    shop = Shop()
    tasks.use(shop)
    yield shop
    shop.gate.set()
    assert tasks.wait(10_000)
    tasks.use(None)


@pytest.fixture
def field(shop: Shop, shown: Callable[..., QWidget]) -> LookupField:
    """Focused, in a window with another field."""
    field = LookupField()
    field.set_search(find)
    other = QLineEdit()
    other.setObjectName("other")
    shown(field, other)
    field.setFocus()
    return field


def other(field: LookupField) -> QLineEdit:
    """The field beside it."""
    found = field.window().findChild(QLineEdit, "other")
    assert found is not None
    return found


def test_answers_come_while_typing_and_the_focus_stays(qtbot: QtBot, field: LookupField, shop: Shop) -> None:
    """One question for a burst of letters, the first answer chosen."""
    QTest.keyClicks(field, "led")
    qtbot.waitUntil(field.is_open)
    assert shop.asked == ["led"]
    assert [answer.value for answer in field.answers()] == [1, 2]
    assert field.hasFocus()


def test_down_and_enter_take_the_second(qtbot: QtBot, field: LookupField) -> None:
    """↓, Enter; the value is told and the name stands in the field."""
    QTest.keyClicks(field, "led")
    qtbot.waitUntil(field.is_open)
    QTest.keyClick(field, Qt.Key.Key_Down)
    with qtbot.waitSignal(field.chosen) as told:
        QTest.keyClick(field, Qt.Key.Key_Return)
    assert told.args == [2]
    assert (field.text(), field.value(), field.is_open()) == (ITEMS[1].text, 2, False)


def test_enter_before_the_answer_takes_it_when_it_comes(qtbot: QtBot, field: LookupField, shop: Shop) -> None:
    """A fast operator types the code and Enter in one go; the wire may be slow."""
    shop.gate.clear()
    QTest.keyClicks(field, "pusz-60")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert field.waits()
    with qtbot.waitSignal(field.chosen) as told:
        shop.gate.set()
    assert told.args == [3]


def test_enter_with_no_match_says_so(qtbot: QtBot, field: LookupField) -> None:
    """The owner decides what an unknown code means; the popup says that nothing matches."""
    QTest.keyClicks(field, "zzz")
    with qtbot.waitSignal(field.unmatched) as told:
        QTest.keyClick(field, Qt.Key.Key_Return)
    assert told.args == ["zzz"]
    assert field.text() == "zzz"


def test_only_the_last_question_counts(qtbot: QtBot, field: LookupField, shop: Shop) -> None:
    """The answer to an older text is dropped."""
    shop.gate.clear()
    QTest.keyClicks(field, "led")
    qtbot.waitUntil(lambda: bool(tasks.running()))
    field.selectAll()
    QTest.keyClicks(field, "pusz")
    qtbot.waitUntil(lambda: len(tasks.running()) == 2)
    shop.gate.set()
    qtbot.waitUntil(lambda: not tasks.running())
    assert [answer.value for answer in field.answers()] == [3]


def test_escape_closes_then_restores(qtbot: QtBot, field: LookupField) -> None:
    """Esc goes one level out and never loses the choice."""
    field.set_value(3, "Puszka")
    field.selectAll()
    QTest.keyClicks(field, "led")
    qtbot.waitUntil(field.is_open)
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert (field.is_open(), field.text()) == (False, "led")
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert (field.text(), field.value()) == ("Puszka", 3)


def test_leaving_goes_back_to_the_choice(qtbot: QtBot, field: LookupField) -> None:
    """A text that was not chosen is not kept; an emptied field empties the choice."""
    field.set_value(3, "Puszka")
    field.selectAll()
    QTest.keyClicks(field, "led")
    other(field).setFocus()
    assert (field.text(), field.value()) == ("Puszka", 3)
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_Delete)
    with qtbot.waitSignal(field.chosen) as told:
        other(field).setFocus()
    assert told.args == [None]
    assert field.value() is None


def test_a_field_that_keeps_its_text_tells_that_nothing_was_chosen(qtbot: QtBot, field: LookupField) -> None:
    """GOL-28: nothing that was typed vanishes; Esc, a choice and an emptied field end it."""
    field.keeps = True
    told: list[str] = []
    field.unchosen_changed.connect(lambda: told.append(field.unchosen()))
    field.set_value(3, "Puszka")
    field.selectAll()
    QTest.keyClicks(field, "zzz")
    qtbot.waitUntil(field.is_open)
    other(field).setFocus()
    assert (field.text(), field.value(), told, field.found_nothing()) == ("zzz", 3, ["zzz"], True)
    field.set_value(3, "Puszka")  # the draft is shown again
    assert field.text() == "zzz"
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert (field.text(), told) == ("Puszka", ["zzz", ""])
    field.selectAll()
    QTest.keyClicks(field, "led")
    qtbot.waitUntil(field.is_open)
    other(field).setFocus()
    assert (field.unchosen(), field.found_nothing()) == ("led", False)
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_Delete)
    other(field).setFocus()
    assert (field.unchosen(), field.value()) == ("", None)


def test_what_nobody_sees_is_not_asked_for(qtbot: QtBot, field: LookupField, shop: Shop) -> None:
    field.setText("PUSZ\x00\ud800-60")
    field.textEdited.emit(field.text())
    with qtbot.waitSignal(field.chosen):
        QTest.keyClick(field, Qt.Key.Key_Return)
    assert shop.asked == ["PUSZ-60"]


def test_f3_asks_at_once(qtbot: QtBot, field: LookupField, shop: Shop) -> None:
    """Pick from list in a field: F3 or ↓, also with nothing typed."""
    QTest.keyClick(field, Qt.Key.Key_F3)
    qtbot.waitUntil(field.is_open)
    assert len(field.answers()) == 3


def test_an_offer_stands_under_the_answers(qtbot: QtBot, field: LookupField) -> None:
    """Nothing matches: Enter takes the offer with what was typed."""
    taken: list[str] = []
    field.set_offer("Add a customer", taken.append)
    QTest.keyClicks(field, "zzz")
    qtbot.waitUntil(field.is_open)
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert taken == ["zzz"]


def test_without_a_server_the_field_says_so(qtbot: QtBot, field: LookupField, shop: Shop) -> None:
    """The road tells the desk, the field its own user; nothing that was typed is lost."""
    shop.gone = True
    with qtbot.waitSignal(tasks.roads().offline):
        QTest.keyClicks(field, "led")
    assert field.is_open()
    assert list(field.answers()) == []
    assert field.text() == "led"


def test_answers_follow_a_field_into_another_window(qtbot: QtBot, field: LookupField) -> None:
    """A dock that is torn off takes its field along; the answers open there."""
    QTest.keyClicks(field, "led")
    qtbot.waitUntil(field.is_open)
    torn = QWidget()
    qtbot.addWidget(torn)
    field.setParent(torn)
    torn.show()
    field.show()
    torn.activateWindow()
    qtbot.waitUntil(torn.isActiveWindow)
    field.setFocus()
    assert not field.is_open()
    QTest.keyClicks(field, "pusz")
    qtbot.waitUntil(field.is_open)
    assert any(type(child).__name__ == "AnswerPopup" for child in torn.children())


def test_answers_stay_inside_the_window(qtbot: QtBot, field: LookupField) -> None:
    """At the right edge and in a small window."""
    field.popup_width = 5000
    QTest.keyClicks(field, "led")
    qtbot.waitUntil(field.is_open)
    popup = next(child for child in field.window().children() if type(child).__name__ == "AnswerPopup")
    assert isinstance(popup, QWidget)
    assert field.window().rect().contains(popup.geometry())
    field.window().resize(400, 300)
    assert field.window().rect().contains(popup.geometry())
