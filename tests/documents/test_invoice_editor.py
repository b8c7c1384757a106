"""The editor of a document, driven by keys (SAL-01, GOL-23)."""

import threading
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QPaintEvent, QRegion
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from crm_desktop.core.errors import Offline
from crm_desktop.core.i18n import NBSP
from crm_desktop.documents.rules.model import PaymentForm, State
from crm_desktop.documents.views.invoice_editor import InvoiceEditor
from crm_desktop.documents.views.line_grid import CellLine
from crm_desktop.documents.views.line_model import Col
from crm_desktop.ui import clock, tasks
from crm_desktop.ui.widgets.dialogs import Question
from tests.support.desk_in_memory import BRANCH, ITEMS, PARTIES, RECEIPT, DeskInMemory
from tests.support.hand import CODE, focus
from tests.support.typist import Clerk, gross, lines

Settled = Callable[..., None]
Edit = Callable[..., InvoiceEditor]
AFTER_MIDNIGHT = datetime(2026, 11, 24, 0, 32, tzinfo=clock.WARSAW)
CONTROL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
LED = ITEMS[6]


# ---- the main job ----------------------------------------------------------------------------------------------------------


def test_ten_lines_with_header_in_at_most_sixty_strokes_and_no_mouse(
    editor: InvoiceEditor, clerk: Clerk, office: DeskInMemory, qtbot: QtBot
) -> None:
    """GOL-23: everything is counted but the characters of the codes; the buyer's fragment counts too."""
    quantities = ["200", "50", "24", "4", "3", "36", "120", "12", "2", "30"]
    clerk.buyer("volt")
    free = 0
    for item, quantity in zip(ITEMS, quantities, strict=False):
        clerk.line(item.code.lower(), quantity)
        free += len(item.code)
    with qtbot.waitSignal(editor.issued) as told:
        clerk.hand.key(Qt.Key.Key_F10)
    assert told.args == [editor.draft.id, "FS/KR/1/11/2026"]
    assert lines(editor) == [(item.code, Decimal(quantity)) for item, quantity in zip(ITEMS, quantities, strict=False)]
    assert editor.draft.buyer.nip == "9372641800"
    assert clerk.hand.strokes - free <= 60


def test_a_new_invoice_opens_at_the_buyer_and_is_empty_not_wrong(editor: InvoiceEditor) -> None:
    assert editor.header.buyer_name.hasFocus()
    assert editor.problems_panel.isHidden()
    assert (editor.header.issue_date.text(), editor.header.due_date.text()) == ("23.11.2026", "07.12.2026")
    assert editor.head.pill.text() == "draft"
    assert not editor.dirty


def test_a_receipt_opens_at_the_entry_line(edit: Edit) -> None:
    assert edit(RECEIPT).entry.item.hasFocus()


def test_the_buyer_brings_nip_address_and_term(editor: InvoiceEditor, clerk: Clerk) -> None:
    clerk.buyer("526-025")  # a fragment of the NIP, as it is printed
    assert editor.header.buyer_nip.text() == "526-025-02-74"
    assert editor.header.buyer_address.text() == "ul. Łagodna 5, 43-309 Bielsko-Biała"
    assert editor.draft.due_date == date(2026, 12, 23)


def test_totals_follow_every_act(editor: InvoiceEditor, clerk: Clerk) -> None:
    clerk.invoice()
    assert gross(editor) == "468,63"  # 64.90 + 14.93 VAT, 360.00 + 28.80
    shown = [[cell.replace(NBSP, " ") for cell in row] for row in editor.totals_panel.vat_table.rows()]
    assert shown == [["23 %", "64,90", "14,93", "79,83"], ["8 %", "360,00", "28,80", "388,80"]]
    clerk.key(Qt.Key.Key_F2)
    clerk.hand.type("\n")
    assert isinstance(focus(), CellLine)
    clerk.hand.type("100,50\n")
    assert editor.draft.lines[1].price == Decimal("100.5")
    assert editor.draft.lines[1].negotiated
    assert gross(editor) == "296,91"  # 201.00 + 16.08 instead


def test_a_line_may_bring_its_own_price_and_discount(editor: InvoiceEditor, clerk: Clerk) -> None:
    clerk.buyer()
    clerk.hand.type("LED-A60-9W\n")
    clerk.settled(editor.entry.quantity.hasFocus)
    clerk.hand.type("10\t6,00\t5\n")
    line = editor.draft.lines[0]
    assert (line.price, line.discount, line.negotiated) == (Decimal(6), Decimal(5), True)


# ---- editing lines ---------------------------------------------------------------------------------------------------------


def test_delete_offers_to_take_it_back(editor: InvoiceEditor, clerk: Clerk) -> None:
    clerk.invoice()
    clerk.key(Qt.Key.Key_F6)
    clerk.key(Qt.Key.Key_Up)
    before = editor.draft.lines
    clerk.key(Qt.Key.Key_Delete)
    assert [line.code for line in editor.draft.lines] == ["MONT-ROZ-12"]
    assert editor.grid.hasFocus()
    assert editor.grid.place() == 0  # the same row index
    assert editor.toasts().shown() == ["Line 1 was deleted"]
    clerk.key(Qt.Key.Key_Z, CONTROL)
    assert editor.draft.lines == before


def test_the_last_line_deleted_leads_back_to_the_entry_line(editor: InvoiceEditor, clerk: Clerk) -> None:
    clerk.buyer()
    clerk.line("LED-A60-9W")
    clerk.key(Qt.Key.Key_F6)
    clerk.key(Qt.Key.Key_Delete)
    assert editor.entry.item.hasFocus()


def test_duplicate_and_move(editor: InvoiceEditor, clerk: Clerk) -> None:
    clerk.invoice()
    clerk.key(Qt.Key.Key_F6)
    clerk.key(Qt.Key.Key_D, CONTROL)
    assert [code for code, _quantity in lines(editor)] == ["LED-A60-9W", "MONT-ROZ-12", "MONT-ROZ-12"]
    assert len({line.id for line in editor.draft.lines}) == 3
    clerk.key(Qt.Key.Key_Up, ALT)
    clerk.key(Qt.Key.Key_Up, ALT)
    clerk.key(Qt.Key.Key_Up, ALT)  # it is the first already
    assert [code for code, _quantity in lines(editor)] == ["MONT-ROZ-12", "LED-A60-9W", "MONT-ROZ-12"]
    assert editor.grid.place() == 0


def test_undo_and_redo_over_everything(editor: InvoiceEditor, clerk: Clerk) -> None:
    empty = editor.draft
    clerk.invoice()
    full = editor.draft
    for _step in range(3):
        clerk.key(Qt.Key.Key_Z, CONTROL)
    assert editor.draft == empty
    assert editor.header.buyer_name.text() == ""
    assert gross(editor) == "0,00"
    assert not editor.dirty
    for _step in range(3):
        clerk.key(Qt.Key.Key_Y, CONTROL)
    assert editor.draft == full
    assert gross(editor) == "468,63"


def test_undo_in_a_field_takes_back_its_own_typing_first(editor: InvoiceEditor, clerk: Clerk) -> None:
    clerk.invoice()
    clerk.hand.type("abc")
    editor.scanner.let_go()
    clerk.key(Qt.Key.Key_Z, CONTROL)
    assert len(editor.draft.lines) == 2
    assert editor.entry.item.text() == ""
    clerk.key(Qt.Key.Key_Z, CONTROL)
    assert len(editor.draft.lines) == 1


# ---- header ----------------------------------------------------------------------------------------------------------------


def test_enter_goes_through_the_header_and_ends_at_the_entry_line(editor: InvoiceEditor, clerk: Clerk) -> None:
    clerk.buyer()
    clerk.key(Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
    seen = []
    for _step in range(12):
        seen.append(focus().objectName())
        if seen[-1] == "entry_item":
            break
        clerk.hand.type("\n")
    assert seen == ["buyer_name", "issue_date", "sale_date", "due_date", "kind", "payment", "entry_item"]


def test_regions(editor: InvoiceEditor, clerk: Clerk) -> None:
    clerk.invoice()
    seen = []
    for _step in range(3):
        clerk.key(Qt.Key.Key_F6)
        seen.append(focus().objectName())
    assert seen == ["line_grid", "buyer_name", "entry_item"]
    clerk.key(Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
    assert focus().objectName() == "buyer_name"


def test_payment_and_dates_move_the_term(editor: InvoiceEditor, clerk: Clerk) -> None:
    clerk.buyer()
    header = editor.header
    header.due_date.setFocus()
    clerk.hand.type("+30\n")
    assert editor.draft.due_date == date(2026, 12, 23)
    header.payment.setFocus()
    clerk.hand.type("c")
    editor.scanner.let_go()
    assert editor.draft.payment in (PaymentForm.CASH, PaymentForm.CARD)
    assert editor.draft.due_date == editor.draft.issue_date


def test_another_kind_takes_prices_of_its_own_basis(editor: InvoiceEditor, clerk: Clerk) -> None:
    clerk.invoice()
    clerk.cell(Col.PRICE, "5,55")
    editor.header.kind.setFocus()
    clerk.key(Qt.Key.Key_Down, ALT)
    editor.header.kind.hidePopup()
    editor.header.kind.set_value(RECEIPT)
    editor.header.kind_chosen.emit(RECEIPT)
    clerk.settled()
    assert [line.price for line in editor.draft.lines] == [Decimal("5.55"), Decimal("194.40")]  # what a person typed stays
    assert editor.grid.head.columns[Col.PRICE].title == "Gross price"
    assert editor.draft.payment is PaymentForm.CASH


# ---- drafts ----------------------------------------------------------------------------------------------------------------


def test_a_draft_is_stored_and_typing_goes_on(editor: InvoiceEditor, clerk: Clerk, office: DeskInMemory) -> None:
    clerk.invoice()
    changed: list[bool] = []
    editor.dirty_changed.connect(changed.append)
    clerk.key(Qt.Key.Key_S, CONTROL)
    assert not editor.dirty
    assert editor.head.note.text() == "saved at 14:32"
    assert editor.draft.version == 1
    clerk.key(Qt.Key.Key_Z, CONTROL)
    assert editor.draft.version == 1  # undo takes back the line, not the version
    assert editor.dirty
    clerk.key(Qt.Key.Key_S, CONTROL)
    assert office.stored[editor.draft.id].draft == editor.draft
    assert changed == [False, True, False]


def test_what_is_typed_while_it_is_stored_stays_and_is_dirty(editor: InvoiceEditor, clerk: Clerk, office: DeskInMemory) -> None:
    clerk.invoice()
    gate = office.gates["save_draft"] = threading.Event()
    clerk.hand.key(Qt.Key.Key_S, CONTROL)
    clerk.hand.type("RCD-40-30\n2\n")
    clerk.hand.scan(CODE)
    QApplication.processEvents()
    gate.set()
    clerk.settled(lambda: len(editor.draft.lines) == 3)
    assert editor.dirty
    assert editor.draft.version == 1
    clerk.key(Qt.Key.Key_F10)
    assert office.called("issue_invoice")[0][0].version == 1


def test_esc_stores_the_draft_and_closes(editor: InvoiceEditor, clerk: Clerk, office: DeskInMemory, qtbot: QtBot) -> None:
    clerk.invoice()
    with qtbot.waitSignal(editor.closed):
        clerk.hand.key(Qt.Key.Key_Escape)
    assert office.stored[editor.draft.id].state is State.DRAFT
    assert len(office.stored[editor.draft.id].draft.lines) == 2


def test_esc_goes_one_level_at_a_time(editor: InvoiceEditor, clerk: Clerk) -> None:
    closed: list[bool] = []
    editor.closed.connect(lambda: closed.append(True))
    clerk.invoice()
    clerk.hand.type("led")
    clerk.settled(editor.entry.item.is_open)
    clerk.key(Qt.Key.Key_Escape)
    assert not editor.entry.item.is_open()
    editor.grid.edit_cell(0, Col.QUANTITY)
    clerk.key(Qt.Key.Key_Escape)
    assert not editor.grid.is_editing()
    assert closed == []
    clerk.key(Qt.Key.Key_Escape)
    assert closed == [True]


def test_an_untouched_document_leaves_no_trace(editor: InvoiceEditor, clerk: Clerk, office: DeskInMemory, qtbot: QtBot) -> None:
    assert editor.may_close()
    with qtbot.waitSignal(editor.closed):
        clerk.hand.key(Qt.Key.Key_Escape)
    assert office.stored == {}


def test_a_text_that_would_be_lost_keeps_the_window_open_once(editor: InvoiceEditor, clerk: Clerk, qtbot: QtBot) -> None:
    clerk.invoice()
    clerk.cell(Col.PRICE, "abc")
    clerk.key(Qt.Key.Key_Escape)  # the next cell is open: this closes it
    closed: list[bool] = []
    editor.closed.connect(lambda: closed.append(True))
    assert not editor.may_close()
    assert focus().objectName() == "cell_price"
    assert closed == []
    clerk.key(Qt.Key.Key_Escape)
    clerk.key(Qt.Key.Key_Escape)
    assert closed == [True]


@pytest.mark.usefixtures("quiet_roads")
def test_a_draft_that_cannot_be_stored_keeps_the_window_open(editor: InvoiceEditor, clerk: Clerk, office: DeskInMemory) -> None:
    clerk.invoice()
    closed: list[bool] = []
    editor.closed.connect(lambda: closed.append(True))
    office.fail("save_draft", Offline("gone"))
    clerk.key(Qt.Key.Key_Escape)
    assert isinstance(QApplication.activeModalWidget(), Question)
    clerk.hand.key(Qt.Key.Key_Escape)  # she leaves it open
    clerk.settled(editor.focus_inside)
    assert closed == []
    tasks.note_connection(here=True)
    clerk.key(Qt.Key.Key_Escape)
    assert closed == [True]
    assert editor.draft.id in office.stored


def test_a_stored_draft_goes_on_and_an_issued_one_is_looked_at(
    editor: InvoiceEditor, clerk: Clerk, edit: Edit, office: DeskInMemory
) -> None:
    clerk.invoice()
    clerk.key(Qt.Key.Key_S, CONTROL)
    again = edit(document_id=editor.draft.id)
    assert again.draft == editor.draft
    assert again.entry.item.hasFocus()
    other = Clerk(again, clerk.hand, clerk.settled)
    other.line("RCD-40-30")
    other.key(Qt.Key.Key_F10)
    issued = edit(document_id=editor.draft.id)
    assert issued.head.title.text() == "Faktura sprzedaży FS/KR/1/11/2026"
    assert issued.entry.isHidden()
    assert issued.header.buyer_name.isReadOnly()
    assert issued.grid.hasFocus()


def test_what_is_seen_is_what_the_server_was_sent(editor: InvoiceEditor, clerk: Clerk, office: DeskInMemory) -> None:
    clerk.invoice()
    clerk.key(Qt.Key.Key_F10)
    sent = office.called("issue_invoice")[0][0]
    assert sent.buyer.party_id == PARTIES[0].id
    assert office.stored[sent.id].totals.gross == Decimal("468.63")
    assert sent.branch_id == BRANCH


def test_every_input_has_a_name_and_tab_order_is_reading_order(editor: InvoiceEditor, clerk: Clerk) -> None:
    """SAL-01: the real Tab key goes through what is seen, in reading order, and comes round; Shift+Tab the other way."""
    unnamed = [each.objectName() for each in editor.findChildren(QLineEdit) + editor.findChildren(QComboBox) if not each.accessibleName()]
    assert unnamed == []
    order = [
        *("buyer_name", "issue_date", "sale_date", "due_date", "kind", "payment"),
        *("entry_item", "entry_quantity", "entry_price", "entry_discount", "line_grid", "notes"),
    ]
    assert walked(editor, clerk, Qt.Key.Key_Tab) == order
    assert walked(editor, clerk, Qt.Key.Key_Backtab) == [order[0], *reversed(order[1:])]


def walked(editor: InvoiceEditor, clerk: Clerk, key: Qt.Key) -> list[str]:
    """Where a key leads from the buyer until she is there again."""
    editor.header.buyer_name.setFocus(Qt.FocusReason.OtherFocusReason)
    names: list[str] = []
    while focus().objectName() not in names:
        names.append(focus().objectName())
        clerk.key(key)
    assert focus() is editor.header.buyer_name, f"{names}, then {focus().objectName()}"
    return names


class Paints(QObject):
    """How much of a widget is painted."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__()
        self.region = QRegion()
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QPaintEvent):
            self.region += event.region()
        return False


def test_a_number_repaints_its_line_and_not_the_table(editor: InvoiceEditor, clerk: Clerk, qtbot: QtBot) -> None:
    """Figure line_entry: what did not change is not painted, so that a long document is as quick as a short one."""
    clerk.buyer()
    for item in ITEMS[:8]:
        clerk.line(item.code, "2")
    editor.grid.edit_cell(3, Col.QUANTITY)
    clerk.hand.type("7")
    editor.scanner.let_go()
    QApplication.processEvents()
    paints, row = Paints(editor.grid.viewport()), editor.grid.verticalHeader().defaultSectionSize()
    before = gross(editor)
    clerk.hand.type("\n")
    qtbot.waitUntil(lambda: gross(editor) != before and not paints.region.isEmpty())
    QApplication.processEvents()
    assert paints.region.boundingRect().height() <= 2 * row


def test_the_window_fits_1280_by_720(editor: InvoiceEditor, clerk: Clerk) -> None:
    clerk.invoice()
    clerk.scan(*(f"59000000000{number:02}" for number in range(8)))
    clerk.key(Qt.Key.Key_F10)
    hint = editor.minimumSizeHint()
    assert hint.width() <= 1280
    assert hint.height() <= 640
    assert editor.grid.viewport().height() >= 2 * editor.grid.verticalHeader().defaultSectionSize()
