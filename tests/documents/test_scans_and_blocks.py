"""Scans and pasted blocks in the editor: none lost, none in a field (BAR-01 to BAR-03)."""

import threading
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from crm_desktop.core.errors import NotAllowed
from crm_desktop.documents.views.invoice_editor import InvoiceEditor
from crm_desktop.documents.views.line_model import Col
from crm_desktop.ui import clock, tasks
from tests.support.desk_in_memory import DOZEN, ITEMS, DeskInMemory
from tests.support.hand import CODE, Hand, focus
from tests.support.typist import Clerk, codes, lines

Settled = Callable[..., None]
Edit = Callable[..., InvoiceEditor]
AFTER_MIDNIGHT = datetime(2026, 11, 24, 0, 32, tzinfo=clock.WARSAW)
CONTROL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
LED = ITEMS[6]


# ---- scanning --------------------------------------------------------------------------------------------------------------


def test_scanning_again_raises_the_same_line(editor: InvoiceEditor, clerk: Clerk) -> None:
    """BAR-01"""
    clerk.scan(CODE, ITEMS[0].barcode, CODE, CODE)
    assert lines(editor) == [("LED-A60-9W", 3), ("YDY-3X2.5", 1)]
    assert editor.grid.place() == 0


def test_scanning_again_may_make_lines(edit: Edit, hand: Hand, settled: Settled) -> None:
    """BAR-01: switchable"""
    editor = edit(merge_scans=False)
    Clerk(editor, hand, settled).scan(CODE, CODE)
    assert lines(editor) == [("LED-A60-9W", 1), ("LED-A60-9W", 1)]


def test_a_package_adds_its_twelve(editor: InvoiceEditor, clerk: Clerk) -> None:
    """BAR-02: 12 base units at the base price."""
    clerk.scan(CODE, DOZEN)
    assert lines(editor) == [("LED-A60-9W", 13)]
    assert editor.draft.lines[0].price == LED.net_price


@pytest.mark.parametrize("where", ["buyer", "date", "kind", "item", "quantity", "grid", "cell", "answers"])
def test_twenty_scans_in_two_seconds_wherever_the_focus_stands(editor: InvoiceEditor, clerk: Clerk, hand: Hand, where: str) -> None:
    """BAR-03: none lost, none in a field, in the order of the scans."""
    clerk.invoice()
    header, entry = editor.header, editor.entry
    if where == "cell":
        editor.grid.edit_cell(0, Col.QUANTITY)
        hand.type("7")
    elif where == "answers":
        hand.type("led")
        clerk.settled(entry.item.is_open)
    elif where == "quantity":
        hand.type("RCD-40-30\n")
        clerk.settled(entry.quantity.hasFocus)
        hand.type("7")
    else:
        {"buyer": header.buyer_name, "date": header.issue_date, "kind": header.kind, "item": entry.item, "grid": editor.grid}[
            where
        ].setFocus()
    editor.scanner.let_go()
    before, stood = editor.draft, QApplication.focusWidget()
    began = hand.now
    scanned = [ITEMS[number % 12].barcode or CODE for number in range(20)]
    clerk.scan(*scanned)
    assert hand.now - began <= 2000
    assert QApplication.focusWidget() is stood
    wanted: dict[str, int] = {"LED-A60-9W": 10, "MONT-ROZ-12": 2}
    for code in scanned:
        item = next(each for each in ITEMS if each.barcode == code)
        wanted[item.code] = wanted.get(item.code, 0) + 1
    assert lines(editor) == [(code, Decimal(count)) for code, count in wanted.items()]
    assert (editor.draft.buyer, editor.draft.issue_date, editor.draft.kind) == (before.buyer, before.issue_date, before.kind)
    if where in ("cell", "quantity"):
        assert stood is not None
        assert stood.property("text") == "7"
    if where == "answers":
        assert entry.item.text() == "led"
    if where == "item":
        assert entry.item.text() == ""


def test_scans_wait_for_a_slow_server_in_order(editor: InvoiceEditor, clerk: Clerk, office: DeskInMemory) -> None:
    gate = office.gates["find_scanned"] = threading.Event()
    for code in (ITEMS[2].barcode, ITEMS[0].barcode, ITEMS[1].barcode):
        clerk.hand.scan(code)
    assert lines(editor) == []
    gate.set()
    clerk.settled(lambda: not editor.scans.is_busy())
    assert [code for code, _quantity in lines(editor)] == ["S301-B16", "YDY-3X2.5", "PUSZ-60"]
    assert len(office.called("find_scanned")) == 2  # the second question asks for all that gathered meanwhile


def test_an_unknown_code_is_a_line_to_be_mended_never_lost(editor: InvoiceEditor, clerk: Clerk) -> None:
    """BAR-03, GOL-28"""
    clerk.buyer()
    clerk.scan("5900000000001", CODE, "5900000000001")
    assert lines(editor) == [("5900000000001", 2), ("LED-A60-9W", 1)]
    assert codes(editor) == ["item_unknown"]  # one matter, not three
    clerk.key(Qt.Key.Key_F4)
    assert focus().objectName() == "cell_code"
    clerk.hand.type("RCD-40-30\n")
    clerk.settled(lambda: editor.draft.lines[0].item_id is not None)
    assert lines(editor) == [("RCD-40-30", 2), ("LED-A60-9W", 1)]
    assert codes(editor) == []


@pytest.mark.usefixtures("quiet_roads")
def test_scans_without_a_server_become_lines_and_are_asked_again(editor: InvoiceEditor, clerk: Clerk, office: DeskInMemory) -> None:
    office.failures["find_scanned"] = NotAllowed("catalogue.read")  # as good as Offline, without its retry
    clerk.scan(DOZEN)
    assert lines(editor) == [(DOZEN, 1)]
    tasks.roads().back.emit()
    clerk.settled(lambda: editor.draft.lines[0].item_id is not None)
    assert lines(editor) == [("LED-A60-9W", 12)]


def test_a_block_from_a_spreadsheet(editor: InvoiceEditor, clerk: Clerk) -> None:
    """A BOM, semicolons, a heading, a decimal comma, a price, a bar code, an unknown code, a faulty row: nothing is lost."""
    clerk.buyer()
    QApplication.clipboard().setText(
        "\ufeffKod;Ilość;Cena\r\nLED-A60-9W;1 000,5;5,99 zł\r\n5901234000024;3\r\nNIE-MA;7;2\r\nRCD-40-30;dwa\r\n"
    )
    clerk.key(Qt.Key.Key_V, CONTROL)
    assert lines(editor) == [("LED-A60-9W", Decimal("1000.5")), ("PUSZ-60", 3), ("NIE-MA", 7)]
    assert [line.price for line in editor.draft.lines] == [Decimal("5.99"), Decimal("2.35"), Decimal(2)]
    assert sorted(codes(editor)) == ["item_unknown", "quantity_wrong"]
    assert editor.entry.item.text() == ""
    clerk.key(Qt.Key.Key_F10)  # a row was left out: that is said before anything is issued
    assert editor.path.is_draft()
    clerk.key(Qt.Key.Key_F4)
    clerk.key(Qt.Key.Key_F4)
    assert codes(editor) == ["item_unknown"]  # seen
    clerk.key(Qt.Key.Key_Z, CONTROL)
    assert lines(editor) == []


def paste(clerk: Clerk, text: str) -> None:
    QApplication.clipboard().setText(text)
    clerk.key(Qt.Key.Key_V, CONTROL)


def test_a_pasted_text_that_does_not_fit_says_so_at_the_field(editor: InvoiceEditor, clerk: Clerk) -> None:
    """GOL-28: nothing is cut without a word; a shorter text ends it."""
    item = editor.entry.item
    clerk.buyer()
    paste(clerk, "x" * 201)
    assert len(item.text()) == 200
    assert codes(editor) == ["entry_cut"]
    assert item.property("state") == "error"
    assert "first 200 characters" in item.property("stateText")
    clerk.key(Qt.Key.Key_Backspace)
    assert codes(editor) == []
    assert not item.property("state")
    clerk.hand.type("yy")
    editor.scanner.let_go()
    assert codes(editor) == ["entry_cut"]
    editor.entry.clear()
    assert codes(editor) == []
    paste(clerk, "x" * 200)
    assert codes(editor) == []


def test_a_pasted_block_closes_what_was_answered_before(editor: InvoiceEditor, clerk: Clerk) -> None:
    clerk.buyer()
    clerk.hand.type("zzz")
    editor.scanner.let_go()
    clerk.settled(editor.entry.item.is_open)
    paste(clerk, "LED-A60-9W\t2\nPUSZ-60\t3")
    assert not editor.entry.item.is_open()
    assert len(editor.draft.lines) == 2


def test_a_block_with_commas(editor: InvoiceEditor, clerk: Clerk) -> None:
    """Code, comma, quantity where only that can be meant; a Polish decimal comma stays in doubt and says what to write."""
    clerk.buyer()
    paste(clerk, 'Kod,Ilość\nLED-A60-9W,3\n5901234000024,"1,5"\nRCD-40-30\nLED-A60-9W,1,5')
    assert lines(editor)[:3] == [("LED-A60-9W", 3), ("PUSZ-60", Decimal("1.5")), ("RCD-40-30", 1)]
    assert lines(editor)[3] == ("LED-A60-9W,1,5", 1)
    assert codes(editor) == ["item_unknown", "comma_unclear"]
