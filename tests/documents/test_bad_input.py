"""What cannot be right in an editor: said at its field, all at once, with nothing lost (GOL-28)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

import pytest
from PySide6.QtCore import Qt

from crm_desktop.core.i18n import MINUS
from crm_desktop.documents.rules.model import Kind, State
from crm_desktop.documents.views.invoice_editor import InvoiceEditor
from crm_desktop.documents.views.line_grid import CellLine
from crm_desktop.documents.views.line_model import Col
from crm_desktop.ui import clock
from tests.support.desk_in_memory import INVOICE, ITEMS, RECEIPT, DeskInMemory
from tests.support.hand import CODE, Hand, focus
from tests.support.typist import Clerk, codes

Settled = Callable[..., None]
Edit = Callable[..., InvoiceEditor]
AFTER_MIDNIGHT = datetime(2026, 11, 24, 0, 32, tzinfo=clock.WARSAW)
CONTROL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
LED = ITEMS[6]


@pytest.mark.parametrize(
    ("column", "text", "code"),
    [
        (Col.QUANTITY, "0", "quantity_zero"),
        (Col.QUANTITY, "-2", "quantity_negative"),
        (Col.QUANTITY, "dużo", "number_wrong"),
        (Col.QUANTITY, "", "number_missing"),
        (Col.PRICE, "1,1234567", "number_places"),
        (Col.PRICE, "12345678901", "number_large"),
        (Col.DISCOUNT, "101", "discount_range"),
        (Col.VAT, "77", "vat_unknown"),
        (Col.VAT, "22", "vat_not_valid"),
        (Col.NAME, "", "name_missing"),
        (Col.NAME, "x" * 10_000, "text_too_long"),
        (Col.NAME, "Żarówka 💡", "text_emoji"),
        (Col.NAME, "a\u200bb", "text_hidden"),
        (Col.NAME, "a\x07b", "text_control"),
        (Col.NAME, "a\x00b", "text_control"),
    ],
)
def test_a_bad_cell_is_said_with_a_way_back_and_nothing_is_lost(
    editor: InvoiceEditor, clerk: Clerk, column: Col, text: str, code: str
) -> None:
    """GOL-28"""
    clerk.invoice()
    editor.grid.edit_cell(0, column)
    field = focus()
    assert isinstance(field, CellLine)
    field.setText(text)
    field.setModified(True)
    clerk.hand.type("\n")
    assert codes(editor) == [code]
    assert editor.problems_panel.isVisible()
    clerk.key(Qt.Key.Key_F10)
    assert editor.path.is_draft()
    cell_field = focus()
    assert cell_field.objectName() == f"cell_{column.name.lower()}"  # F10 leads to it
    assert isinstance(cell_field, CellLine)
    assert cell_field.text() == text.replace("-", MINUS)
    assert cell_field.property("state") == "error"


def test_a_mended_cell_clears_its_problem(editor: InvoiceEditor, clerk: Clerk) -> None:
    clerk.invoice()
    clerk.cell(Col.PRICE, "abc")
    assert codes(editor) == ["number_wrong"]
    before = editor.draft
    clerk.cell(Col.PRICE, "7,10")
    assert codes(editor) == []
    assert editor.draft != before


def test_undo_drops_a_text_that_cannot_be_read_before_it_touches_the_draft(editor: InvoiceEditor, clerk: Clerk) -> None:
    clerk.invoice()
    before = editor.draft
    clerk.cell(Col.PRICE, "abc")
    editor.entry.focus_item()
    clerk.key(Qt.Key.Key_Z, CONTROL)
    assert codes(editor) == []
    assert editor.draft == before


def test_a_bad_date_stays_while_lines_are_scanned(editor: InvoiceEditor, clerk: Clerk) -> None:
    clerk.buyer()
    editor.header.sale_date.setFocus()
    clerk.hand.type("32.13\n")
    clerk.scan(CODE)
    assert editor.header.sale_date.text() == "32.13"
    assert codes(editor) == ["date_wrong"]
    editor.header.sale_date.setFocus()
    clerk.hand.type("d\n")
    assert codes(editor) == []


def test_dates_in_the_future_and_in_a_closed_period(edit: Edit, office: DeskInMemory, hand: Hand, settled: Settled) -> None:
    editor = edit()
    editor._opening = replace(editor._opening, closed_until=date(2026, 11, 10))
    clerk = Clerk(editor, hand, settled)
    clerk.invoice()
    editor.header.issue_date.setFocus()
    hand.type("25\n")
    assert codes(editor) == ["issue_date_future"]
    editor.header.issue_date.setFocus()
    hand.type("5\n")
    assert "issue_date_closed" in codes(editor)
    assert editor.header.issue_date.property("state") == "error"


@pytest.mark.parametrize("kind", [INVOICE, RECEIPT])
def test_a_buyer_whom_nobody_knows_stays_and_is_said(edit: Edit, office: DeskInMemory, hand: Hand, settled: Settled, kind: Kind) -> None:
    """GOL-28: the text does not vanish, nothing is issued with it, and a choice ends it."""
    editor = edit(kind)
    clerk = Clerk(editor, hand, settled)
    buyer = editor.header.buyer_name
    buyer.setFocus()
    hand.type("Żabka Źródlana")
    editor.scanner.let_go()
    settled(buyer.is_open)
    editor.entry.focus_item()
    clerk.line("LED-A60-9W", "3")
    assert buyer.text() == "Żabka Źródlana"
    assert codes(editor) == ["buyer_unchosen"]
    assert "No party is called “Żabka Źródlana”" in buyer.property("stateText")
    editor.header.nip_typed.emit("5260250274")  # the buyer is another one now, and is shown anew
    assert buyer.text() == "Żabka Źródlana"
    clerk.key(Qt.Key.Key_F10 if kind is INVOICE else Qt.Key.Key_F8)
    assert editor.path.is_draft()
    assert not office.called("issue_invoice") and not office.called("list_devices")
    assert buyer.hasFocus()
    hand.type("volt\n")
    settled(editor.entry.item.hasFocus)
    assert codes(editor) == []
    assert editor.draft.buyer.name == "Hurtownia Elektryczna Volt Sp. z o.o."


def test_esc_brings_the_buyer_back(editor: InvoiceEditor, clerk: Clerk) -> None:
    """Also before it is issued from the very field: what stands there is no buyer."""
    clerk.invoice()
    before = editor.draft
    editor.header.buyer_name.setFocus()
    clerk.hand.type("zz")
    clerk.key(Qt.Key.Key_F10)
    assert codes(editor) == ["buyer_unchosen"]
    assert editor.path.is_draft()
    while editor.header.buyer_name.text() == "zz":  # the answers first
        clerk.key(Qt.Key.Key_Escape)
    assert editor.header.buyer_name.text() == before.buyer.name
    assert codes(editor) == []
    assert editor.draft == before
    clerk.key(Qt.Key.Key_F10)
    assert editor.path.state is State.ISSUED


def test_a_wrong_nip_on_a_receipt(edit: Edit, hand: Hand, settled: Settled) -> None:
    editor = edit(RECEIPT)
    editor.header.buyer_nip.setFocus()
    hand.type("123-456-78-90\n")
    assert codes(editor) == ["nip_wrong"]
    assert editor.header.buyer_nip.text() == "123-456-78-90"
    assert editor.problems_panel.name_of("buyer.nip") == "NIP"


def test_everything_that_is_missing_is_said_at_once_and_focus_goes_to_the_first(editor: InvoiceEditor, clerk: Clerk) -> None:
    """GOL-28: all problems, not one after the other."""
    editor.entry.focus_item()
    clerk.settled()
    assert codes(editor) == ["buyer_missing"]  # the field was left
    clerk.key(Qt.Key.Key_F10)
    assert codes(editor) == ["buyer_missing", "lines_missing"]
    assert editor.problems_panel.headline() == "2 matters to settle"
    assert editor.header.buyer_name.hasFocus()
    clerk.key(Qt.Key.Key_F4)
    assert editor.entry.item.hasFocus()


def test_six_faults_in_one_document_are_said_together_and_f4_goes_to_each(editor: InvoiceEditor, clerk: Clerk) -> None:
    """GOL-28: header, cells and entry line at once; each link leads into its field, the panel says its name."""
    for code in ("LED-A60-9W", "RCD-40-30", "PUSZ-60"):
        editor.entry.focus_item()
        clerk.line(code, "3")
    clerk.scan("5900000000001")
    clerk.cell(Col.QUANTITY, "0", 0)
    clerk.cell(Col.PRICE, "1,1234567", 1)
    clerk.cell(Col.VAT, "77", 2)
    editor.header.sale_date.setFocus()
    clerk.hand.type("31.31\n")
    clerk.key(Qt.Key.Key_F10)
    assert editor.path.is_draft()
    wanted = {"buyer_missing", "date_wrong", "quantity_zero", "number_places", "vat_unknown", "item_unknown"}
    assert set(codes(editor)) == wanted
    assert editor.problems_panel.headline() == "6 matters to settle"
    seen = [focus().objectName()]
    for _step in range(5):
        clerk.key(Qt.Key.Key_F4)
        seen.append(focus().objectName())
    assert sorted(seen) == ["buyer_name", "cell_code", "cell_price", "cell_quantity", "cell_vat", "sale_date"]
    named = [editor.problems_panel.name_of(problem.field) for problem in editor.problems_panel.problems()]
    assert {"line 1, quantity", "line 2, price", "line 3, VAT", "line 4, code", "buyer", "sale date"} == set(named)


def test_what_stands_in_the_entry_line_is_not_forgotten(editor: InvoiceEditor, clerk: Clerk) -> None:
    clerk.invoice()
    clerk.hand.type("LED-A60-12W\n")
    clerk.settled(editor.entry.quantity.hasFocus)
    clerk.key(Qt.Key.Key_F10)
    assert codes(editor) == ["entry_open"]
    assert editor.path.is_draft()
    editor.entry.quantity.setFocus()
    clerk.hand.type("\n")
    assert codes(editor) == []
    clerk.key(Qt.Key.Key_F10)
    assert editor.path.state is State.ISSUED
    assert len(editor.draft.lines) == 3
