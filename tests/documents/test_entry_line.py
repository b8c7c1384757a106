"""The entry line: code, name fragment or scan → quantity → Enter → ready again (GOL-23, SAL-01)."""

import threading
from collections.abc import Callable
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from crm_desktop.core.errors import Offline
from crm_desktop.core.problem import Problem
from crm_desktop.documents.rules.model import Method
from crm_desktop.documents.views.entry_line import Entry, EntryLine
from crm_desktop.documents.views.lookups import split_quantity
from crm_desktop.ui.fields import State, state_of
from tests.support.desk_in_memory import DOZEN, ITEMS, DeskInMemory
from tests.support.hand import Hand

Settled = Callable[..., None]
LED = ITEMS[6]


class Line:
    """An entry line in a window, and what it added."""

    def __init__(self, show: Callable[[QWidget], None], hand: Hand) -> None:
        self.window = QWidget()
        self.line = EntryLine(self.window)
        self.line.setGeometry(0, 0, 1200, 44)
        self.hand = hand
        self.added: list[Entry] = []
        self.pasted: list[str] = []
        self.line.added.connect(self.added.append)
        self.line.pasted.connect(self.pasted.append)
        show(self.window)
        self.line.focus_item()


@pytest.fixture
def desk(office: DeskInMemory, show: Callable[[QWidget], None], hand: Hand) -> Line:
    return Line(show, hand)


def test_code_enter_quantity_enter_and_ready_again(desk: Line, settled: Settled) -> None:
    """GOL-23"""
    desk.hand.type("LED-A60-9W\n")
    settled(desk.line.quantity.hasFocus)
    assert desk.line.item.text() == LED.name
    assert desk.line.price.value() == Decimal("6.49")
    desk.hand.type("24\n")
    assert desk.added == [Entry(LED, Decimal(24))]
    assert desk.line.item.hasFocus()
    assert desk.line.item.text() == ""
    assert desk.line.quantity.value() == 1
    assert not desk.line.pending()


def test_the_answers_open_under_the_line_with_the_first_one_chosen(desk: Line, settled: Settled) -> None:
    desk.hand.type("led a60")
    settled(desk.line.item.is_open)
    answers = desk.line.item.answers()
    assert [answer.code for answer in answers] == ["LED-A60-9W", "LED-A60-12W", "LED-A60-9W-C"]
    assert [side.text for side in answers[0].sides] == ["szt.", "6,49"]
    popup = next(each for each in desk.window.findChildren(QWidget) if type(each).__name__ == "AnswerPopup")
    assert popup.width() >= 640
    desk.hand.key(Qt.Key.Key_Down)
    desk.hand.type("\n")
    settled(desk.line.quantity.hasFocus)
    desk.hand.type("\n")
    assert desk.added == [Entry(ITEMS[7], Decimal(1))]


def test_an_exact_code_comes_first_even_when_others_hold_it_too(desk: Line, settled: Settled) -> None:
    """PUSZ-60 is a part of PUSZ-60-OPK."""
    desk.hand.type("pusz-60-opk\n")
    settled(desk.line.quantity.hasFocus)
    desk.hand.type("\n")
    desk.hand.type("5901234000024\n")  # a bar code typed by hand
    settled(desk.line.quantity.hasFocus)
    desk.hand.type("\n")
    assert [entry.item.code for entry in desk.added] == ["PUSZ-60-OPK", "PUSZ-60"]


def test_keys_pressed_before_the_server_answers_arrive_in_order(desk: Line, office: DeskInMemory, settled: Settled) -> None:
    """GOL-23: nobody waits for the network; two whole lines are typed while the first answer is under way."""
    gate = office.gates["find_at_net_prices"] = threading.Event()
    desk.hand.type("LED-A60-9W\n24\nYDY-3X2.5\n100\n")
    assert desk.added == []
    gate.set()
    settled(lambda: len(desk.added) == 2)
    assert desk.added == [Entry(LED, Decimal(24)), Entry(ITEMS[0], Decimal(100))]


def test_what_nobody_knows_stays_to_be_mended(desk: Line, settled: Settled) -> None:
    desk.hand.type("LED-X99\n5\n")
    settled(desk.line.item.is_open)
    assert desk.line.item.text() == "LED-X99"
    assert desk.line.item.hasFocus()
    assert desk.added == []
    desk.hand.key(Qt.Key.Key_Backspace)
    assert desk.line.item.text() == "LED-X9"


def test_a_moment_without_the_server_costs_nothing(desk: Line, office: DeskInMemory, settled: Settled) -> None:
    office.fail("find_at_net_prices", Offline("gone"))
    desk.hand.type("LED-A60-9W\n")
    settled(desk.line.quantity.hasFocus)  # a read that failed Offline is tried once more
    desk.hand.type("3\n")
    assert desk.added == [Entry(LED, Decimal(3))]


def test_a_quantity_before_the_code_adds_at_once(desk: Line, settled: Settled) -> None:
    desk.hand.type("5*LED-A60-9W\n")
    settled(lambda: bool(desk.added))
    assert desk.added == [Entry(LED, Decimal(5))]
    assert desk.line.item.hasFocus()


@pytest.mark.parametrize(
    ("text", "quantity", "code"),
    [
        ("12*AB", Decimal(12), "AB"),
        (" 2,5 * AB 7", Decimal("2.5"), "AB 7"),
        ("1 000*AB", Decimal(1000), "AB"),
        ("*AB", None, "*AB"),
        ("0*AB", None, "0*AB"),
        ("3x1.5", None, "3x1.5"),
        ("3*", Decimal(3), ""),
    ],
)
def test_what_stands_before_the_star(text: str, quantity: Decimal | None, code: str) -> None:
    assert split_quantity(text) == (quantity, code)


def test_a_package_says_what_it_holds(desk: Line, settled: Settled) -> None:
    """BAR-02"""
    desk.hand.type(DOZEN)
    settled(desk.line.item.is_open)
    assert desk.line.item.answers()[0].sides[0].text == "12 × szt."
    desk.hand.type("\n")
    settled(desk.line.quantity.hasFocus)
    desk.hand.type("2\n")
    assert desk.added[0].item.factor == 12
    assert desk.added[0].quantity == 2


def test_price_and_discount_of_this_line(desk: Line, settled: Settled) -> None:
    desk.hand.type("LED-A60-9W\n")
    settled(desk.line.quantity.hasFocus)
    desk.hand.type("10\t")
    assert desk.line.price.hasFocus()
    desk.hand.type("5,99\t")
    desk.hand.type("7\n")
    assert desk.added == [Entry(LED, Decimal(10), Decimal("5.99"), Decimal(7))]


def test_price_and_discount_take_nothing_before_there_is_an_item(desk: Line) -> None:
    assert desk.line.price.isReadOnly()
    assert desk.line.discount.isReadOnly()


def test_gross_prices_are_offered_and_have_two_places(desk: Line, settled: Settled) -> None:
    desk.line.set_method(Method.GROSS)
    desk.hand.type("LED-A60-9W\n")
    settled(desk.line.quantity.hasFocus)
    assert desk.line.price.value() == Decimal("7.98")
    desk.hand.type("1\t7,985\n")
    assert desk.added == []
    assert state_of(desk.line.price) is State.ERROR


@pytest.mark.parametrize(
    ("typed", "code"), [("0", "quantity_zero"), ("dwa", "number_wrong"), ("1,1234567", "number_places"), ("-3", "number_negative")]
)
def test_a_wrong_quantity_is_said_and_stays(desk: Line, settled: Settled, typed: str, code: str) -> None:
    """GOL-28: bad input at the field, nothing added, nothing lost."""
    desk.hand.type("LED-A60-9W\n")
    settled(desk.line.quantity.hasFocus)
    desk.hand.type(typed + "\n")
    assert desk.added == []
    assert desk.line.quantity.hasFocus()
    assert desk.line.quantity.text() == typed
    assert [(each.code, each.field) for each in desk.line.problems()] == [(code, "entry.quantity")]
    desk.hand.type("7\n")  # the wrong text is marked, so typing replaces it
    assert desk.added == [Entry(LED, Decimal(7))]
    assert desk.line.problems() == []


def test_an_emptied_quantity_is_no_quantity(desk: Line, settled: Settled) -> None:
    desk.hand.type("LED-A60-9W\n")
    settled(desk.line.quantity.hasFocus)
    desk.hand.key(Qt.Key.Key_Delete)
    desk.hand.type("\n")
    assert desk.added == []
    assert desk.line.problems() == [Problem("number_missing", "entry.quantity", "Type a number.")]


def test_a_block_from_a_spreadsheet_goes_to_the_lines_and_one_code_into_the_field(desk: Line) -> None:
    QApplication.clipboard().setText("LED-A60-9W\t5\nYDY-3X2.5\t100\n")
    desk.hand.key(Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert desk.pasted == ["LED-A60-9W\t5\nYDY-3X2.5\t100\n"]
    assert desk.line.item.text() == ""
    QApplication.clipboard().setText("LED-A60-9W")
    desk.hand.key(Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert desk.line.item.text() == "LED-A60-9W"


def test_a_half_typed_item_waits_when_the_line_is_left(desk: Line) -> None:
    desk.hand.type("led")
    desk.line.quantity.setFocus()
    assert desk.line.item.text() == "led"
    assert desk.line.pending()


def test_every_field_has_a_name_for_screen_readers(desk: Line) -> None:
    for field in (desk.line.item, desk.line.quantity, desk.line.price, desk.line.discount):
        assert field.accessibleName()
