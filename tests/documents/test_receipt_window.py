"""A receipt in the editor: asked for, sealed, waiting, printed or not (SAL-07, FIS-04, semantics M)."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from crm_desktop.core.errors import NotAllowed, Refused
from crm_desktop.core.problem import Problem
from crm_desktop.documents.rules.model import State
from crm_desktop.documents.views.invoice_editor import InvoiceEditor
from crm_desktop.documents.views.receipt_dialog import ReceiptDialog
from crm_desktop.fiscal.queries import DeviceRow
from crm_desktop.ui import feed
from tests.support.desk_in_memory import PRINTER, RECEIPT, DeskInMemory
from tests.support.hand import CODE, Hand, focus
from tests.support.typist import Clerk, codes, lines

Settled = Callable[..., None]
Edit = Callable[..., InvoiceEditor]
PAPER_OUT = "There is no paper. Put a roll in and close the cover; the printer goes on by itself."


class Cashier(Clerk):
    """Sells over the counter."""

    def sale(self) -> None:
        """Two codes over the scanner."""
        self.scan(CODE, "5901234000017")

    def ask(self) -> ReceiptDialog:
        """F8, and the dialog that opens."""
        self.key(Qt.Key.Key_F8)
        self.settled(lambda: self.editor.findChild(ReceiptDialog) is not None and QApplication.activeModalWidget() is not None)
        dialog = self.editor.findChild(ReceiptDialog)
        assert isinstance(dialog, ReceiptDialog)
        return dialog

    def seal(self) -> UUID:
        """F8, Enter; the receipt that waits."""
        before = self.editor.path.receipt
        self.ask()
        self.key(Qt.Key.Key_Return)
        self.settled(lambda: self.editor.path.receipt is not None and self.editor.path.receipt != before)
        assert self.editor.path.receipt is not None
        return self.editor.path.receipt.id


@pytest.fixture
def till(edit: Edit, hand: Hand, settled: Settled) -> Cashier:
    """A new receipt, and who sells."""
    return Cashier(edit(RECEIPT), hand, settled)


def tell(office: DeskInMemory, till: Cashier, receipt_id: UUID, state: str, **values: Any) -> None:
    """The printer's workstation recorded something, and the server says so."""
    office.end_receipt(receipt_id, state, **values)
    feed.receive("fiscal.receipt", frozenset({receipt_id}))
    till.settled(lambda: till.editor.path.receipt is not None and till.editor.path.receipt.state == state)


def test_the_names_on_the_paper_are_shown_before_anything_is_sealed(till: Cashier, office: DeskInMemory) -> None:
    """Bad input: a receipt's name is cleaned and shown before sealing (FIS-04)."""
    till.sale()
    dialog = till.ask()
    assert dialog.names == ["Przewód YDY 3 × 2,5 mm2 450/750 V"]
    assert any("mm2 450/750 V" in each.property("text") for each in dialog.findChildren(QWidget) if each.property("text"))
    assert office.called("seal_receipt") == []
    till.key(Qt.Key.Key_Escape)
    assert office.called("seal_receipt") == []
    assert till.editor.path.is_draft()
    till.settled(till.editor.entry.item.hasFocus)
    till.line("RCD-40-30", "1")  # the sale goes on
    assert len(till.editor.draft.lines) == 3


def test_from_the_counter_to_the_printed_number(till: Cashier, office: DeskInMemory, qtbot: QtBot) -> None:
    """SAL-07: draft, sealed, issued by the print, and the words for each."""
    editor = till.editor
    till.sale()
    receipt_id = till.seal()
    assert (editor.head.pill.text(), editor.head.receipt.text()) == ("at the printer", f"waits for the printer {PRINTER.name}")
    assert editor.entry.isHidden()
    assert not editor.dirty
    tell(office, till, receipt_id, "printing")
    assert editor.head.receipt.text() == f"printing on {PRINTER.name}"
    with qtbot.waitSignal(editor.issued) as told:
        tell(office, till, receipt_id, "printed", receipt_number=41, device_number="ZBF 2601000017")
    assert told.args == [editor.draft.id, "PA/KR/1/11/2026"]
    assert editor.head.title.text() == "Paragon PA/KR/1/11/2026"
    assert editor.head.pill.text() == "issued"
    assert editor.head.receipt.text() == "printed, receipt no. 41 on ZBF 2601000017"
    assert editor.grid.hasFocus()


def test_a_receipt_waits_for_its_answer_only_once(till: Cashier, office: DeskInMemory) -> None:
    """Two changes close together: the number is told once."""
    told: list[str] = []
    till.editor.issued.connect(lambda _id, number: told.append(number))
    till.sale()
    receipt_id = till.seal()
    office.end_receipt(receipt_id, "printed", receipt_number=1, device_number="ZBF 2601000017")
    till.editor.path.issuing.look()
    till.editor.path.issuing.look()
    till.settled(lambda: till.editor.path.state is State.ISSUED)
    assert told == ["PA/KR/1/11/2026"]


@pytest.mark.usefixtures("quiet_roads")
def test_an_answer_that_was_lost_is_asked_for_again(till: Cashier, office: DeskInMemory) -> None:
    till.sale()
    receipt_id = till.seal()
    office.fail("get_document", NotAllowed("documents.read"))
    tell(office, till, receipt_id, "printed", receipt_number=1, device_number="ZBF 2601000017")
    assert till.editor.path.number == ""
    feed.anything()  # the connection is back
    till.settled(lambda: till.editor.path.state is State.ISSUED)


def test_the_nip_is_given_in_the_last_question(till: Cashier, office: DeskInMemory) -> None:
    """A receipt with a NIP: a wrong one goes nowhere, a right one is sealed with it."""
    till.sale()
    till.ask()
    assert focus().objectName() == "receipt_nip"
    till.hand.type("1234567890\n")
    assert office.called("seal_receipt") == []
    assert focus().property("state") == "error"
    field = focus()
    assert isinstance(field, QLineEdit)
    field.selectAll()
    till.hand.type("526-025-02-74\n")
    till.settled(lambda: till.editor.path.state is State.SEALED)
    sent, device_id = office.called("seal_receipt")[0]
    assert (sent.buyer.nip, sent.buyer.business, device_id) == ("5260250274", True, PRINTER.id)


def test_a_printer_without_paper_has_its_sentence_and_a_way_back(till: Cashier, office: DeskInMemory) -> None:
    """Bad input: printer without paper."""
    till.sale()
    receipt_id = till.seal()
    tell(office, till, receipt_id, "waiting", condition="attention", condition_message=PAPER_OUT)
    till.settled(till.editor.strip.isVisible)
    assert till.editor.strip.text() == f"{PRINTER.name}: {PAPER_OUT}"
    tell(office, till, receipt_id, "printing", condition="ready", condition_message="")
    till.settled(till.editor.strip.isHidden)
    tell(office, till, receipt_id, "waiting", condition="attention", condition_message=PAPER_OUT)
    till.settled(till.editor.strip.isVisible)
    till.editor.strip._pressed()
    till.settled(till.editor.path.is_draft)
    assert office.called("withdraw_receipt") == [(receipt_id,)]
    assert lines(till.editor) == [("LED-A60-9W", 1), ("YDY-3X2.5", 1)]
    assert till.editor.entry.isVisible()


def test_proven_not_printed_is_a_draft_again_and_can_be_printed(till: Cashier, office: DeskInMemory) -> None:
    """SAL-09: not printed → draft, message at the till, one key to try again."""
    till.sale()
    first = till.seal()
    tell(office, till, first, "not_printed", message="The printer refused the receipt: the day must be closed first.")
    till.settled(till.editor.path.is_draft)
    assert "the document is a draft again. The printer refused the receipt" in till.editor.strip.text()
    assert till.editor.entry.item.hasFocus()
    second = till.seal()
    assert second != first
    tell(office, till, second, "printed", receipt_number=7, device_number="ZBF 2601000017")
    till.settled(lambda: till.editor.path.state is State.ISSUED)
    assert till.editor.strip.isHidden()


def test_what_needs_a_person_stays_closed(till: Cashier, office: DeskInMemory) -> None:
    """SAL-09: nothing is printed twice."""
    till.sale()
    receipt_id = till.seal()
    tell(office, till, receipt_id, "needs_person")
    assert till.editor.head.receipt.text() == "waits for a decision: was it printed?"
    assert "It is not known whether the receipt was printed." in till.editor.strip.text()
    till.key(Qt.Key.Key_F8)
    till.scan(CODE)
    assert len(office.called("seal_receipt")) == 1
    assert till.editor.path.state is State.SEALED
    assert len(till.editor.draft.lines) == 2


def test_a_branch_without_a_printer_says_so(till: Cashier, office: DeskInMemory) -> None:
    office.devices = ()
    till.sale()
    till.key(Qt.Key.Key_F8)
    assert codes(till.editor) == ["printer_missing"]
    assert till.editor.path.is_draft()


def test_of_two_printers_the_last_one_is_offered_again(till: Cashier, office: DeskInMemory) -> None:
    other = DeviceRow(UUID(int=72), "Kasa 3", False, "offline", "")
    office.devices = (PRINTER, other)
    till.sale()
    dialog = till.ask()
    dialog.device.set_value(other.id)
    dialog.device.edited.emit(other.id)
    assert dialog._condition.text() == "No workstation serves this printer now. The receipt will wait in its queue."
    till.key(Qt.Key.Key_Return)
    till.settled(lambda: till.editor.path.receipt is not None)
    assert till.editor.path.receipt is not None
    tell(office, till, till.editor.path.receipt.id, "not_printed")
    till.settled(till.editor.path.is_draft)
    assert till.ask().device.value() == other.id


def test_what_the_server_refuses_of_a_receipt_stands_at_its_field(till: Cashier, office: DeskInMemory) -> None:
    till.sale()
    office.fail("seal_receipt", Refused(Problem("fiscal_rate_missing", "lines.1.vat", "The printer has no letter for this rate.")))
    till.ask()
    till.key(Qt.Key.Key_Return)
    assert codes(till.editor) == ["fiscal_rate_missing"]
    assert till.editor.path.is_draft()
    assert till.editor.grid.place() == 1


def test_a_sealed_document_is_followed_when_it_is_opened_again(till: Cashier, edit: Edit, office: DeskInMemory) -> None:
    till.sale()
    receipt_id = till.seal()
    again = edit(document_id=till.editor.draft.id)
    till.settled(lambda: again.path.receipt is not None)
    assert again.head.receipt.text() == f"waits for the printer {PRINTER.name}"
    tell(office, Cashier(again, till.hand, till.settled), receipt_id, "printed", receipt_number=3, device_number="ZBF 2601000017")
    till.settled(lambda: again.path.state is State.ISSUED)
    third = edit(document_id=till.editor.draft.id)
    assert third.head.receipt.text() == "printed, receipt no. 3 on ZBF 2601000017"


def test_a_print_that_ends_takes_no_focus_from_another_dock(
    office: DeskInMemory, hand: Hand, settled: Settled, show: Callable[[QWidget], None]
) -> None:
    """A refresh never moves the focus."""
    desk = QWidget()
    editor, elsewhere = InvoiceEditor(office.read_opening(UUID(int=3), None), UUID(int=3), kind=RECEIPT, stamp=hand.stamp), QLineEdit()
    column = QVBoxLayout(desk)
    column.addWidget(editor)
    column.addWidget(elsewhere)
    show(desk)
    settled(editor.focus_inside)
    till = Cashier(editor, hand, settled)
    till.sale()
    receipt_id = till.seal()
    settled(editor.grid.hasFocus)
    elsewhere.setFocus()
    tell(office, till, receipt_id, "printed", receipt_number=3, device_number="ZBF 2601000017")
    settled(lambda: editor.path.state is State.ISSUED)
    assert elsewhere.hasFocus()


def test_a_scan_while_the_question_is_open_is_one_more_article(till: Cashier, office: DeskInMemory) -> None:
    """BAR-03: not lost, and not in the NIP field."""
    till.sale()
    till.ask()
    till.scan("5901234000048")
    till.settled(lambda: QApplication.activeModalWidget() is None)
    assert till.editor.draft.buyer.nip == ""
    assert [code for code, _quantity in lines(till.editor)] == ["LED-A60-9W", "YDY-3X2.5", "RCD-40-30"]
    assert office.called("seal_receipt") == []


def test_a_scanned_nip_is_the_buyers(till: Cashier, office: DeskInMemory) -> None:
    """Customers show their NIP as a bar code on the phone."""
    till.sale()
    till.ask()
    till.hand.scan("5260250274")
    till.hand.type("\n")
    till.settled(lambda: till.editor.path.state is State.SEALED)
    assert office.called("seal_receipt")[0][0].buyer.nip == "5260250274"
    assert len(till.editor.draft.lines) == 2


def test_a_gross_document_keeps_its_kind_when_it_is_sealed(till: Cashier, office: DeskInMemory) -> None:
    """What is sent is what was shown."""
    till.sale()
    shown = till.editor.totals()
    till.seal()
    sent = office.called("seal_receipt")[0][0]
    assert replace(sent, version=till.editor.draft.version) == till.editor.draft
    assert office.stored[sent.id].totals == shown
