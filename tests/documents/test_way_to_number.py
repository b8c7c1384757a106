"""From a draft to its number in the editor: refusals, failures, scans under way, midnight."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from crm_desktop.core.errors import Conflict, NotAllowed, Offline, Refused
from crm_desktop.core.problem import Problem
from crm_desktop.documents.rules.model import PaymentForm, State
from crm_desktop.documents.views.invoice_editor import InvoiceEditor
from crm_desktop.documents.views.line_model import Col
from crm_desktop.ui import clock, tasks
from crm_desktop.ui.widgets.conflict import DISCARD, MERGED, ConflictDialog
from crm_desktop.ui.widgets.dialogs import Question
from tests.support.desk_in_memory import ITEMS, RECEIPT, DeskInMemory
from tests.support.hand import CODE, focus
from tests.support.typist import Clerk, codes, lines

Settled = Callable[..., None]
Edit = Callable[..., InvoiceEditor]
AFTER_MIDNIGHT = datetime(2026, 11, 24, 0, 32, tzinfo=clock.WARSAW)
CONTROL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
LED = ITEMS[6]


# ---- issuing ---------------------------------------------------------------------------------------------------------------


def test_an_issued_invoice_has_its_number_and_takes_no_more(editor: InvoiceEditor, clerk: Clerk) -> None:
    clerk.invoice()
    clerk.key(Qt.Key.Key_Return, CONTROL)
    assert editor.head.title.text() == "Faktura sprzedaży FS/KR/1/11/2026"
    assert editor.head.pill.text() == "issued"
    assert editor.entry.isHidden()
    assert editor.grid.hasFocus()
    assert not editor.dirty
    before = editor.draft
    clerk.hand.type("5\n")
    clerk.key(Qt.Key.Key_Delete)
    clerk.key(Qt.Key.Key_Z, CONTROL)
    clerk.key(Qt.Key.Key_F10)
    said: list[str] = []
    editor.said.connect(said.append)
    clerk.scan(CODE)
    assert editor.draft == before
    assert CODE in said[0]
    assert editor.bar.shown() == ["F6", "Escape"]


def test_only_keys_that_work_are_shown(editor: InvoiceEditor, clerk: Clerk, edit: Edit) -> None:
    assert editor.bar.shown() == ["Ins", "F3", "F6", "Ctrl+S", "F10", "F11", "Escape"]
    clerk.invoice()
    assert editor.bar.shown() == ["F2", "Ins", "Del", "F3", "F5", "F6", "Ctrl+Z", "Ctrl+S", "F10", "F11", "Escape"]
    clerk.scan("5900000000001")
    assert "F4" in editor.bar.shown()
    receipt = edit(RECEIPT, previews=True)
    assert receipt.bar.shown() == ["Ins", "F3", "F6", "F7", "Ctrl+S", "F8", "F11", "Escape"]


def test_what_the_server_refuses_stands_at_its_field(editor: InvoiceEditor, clerk: Clerk, office: DeskInMemory) -> None:
    clerk.invoice()
    office.fail("issue_invoice", Refused(Problem("vat_rows_wrong", "lines.1.vat", "There is no VAT rate “{rate}”.", {"rate": "8"})))
    before = editor.draft
    clerk.key(Qt.Key.Key_F10)
    assert codes(editor) == ["vat_rows_wrong"]
    assert focus().objectName() == "cell_vat"
    assert editor.draft == before
    clerk.key(Qt.Key.Key_Escape)
    clerk.cell(Col.DISCOUNT, "5")  # any change: the server's word no longer holds
    assert codes(editor) == []
    clerk.key(Qt.Key.Key_F10)
    assert editor.path.state is State.ISSUED


@pytest.mark.parametrize(
    ("error", "road"),
    [(Offline("gone"), "offline"), (NotAllowed("documents.issue_invoice"), "not_allowed")],
)
def test_the_draft_survives_every_failure(
    editor: InvoiceEditor, clerk: Clerk, office: DeskInMemory, quiet_roads: list[str], error: Any, road: str
) -> None:
    clerk.invoice()
    before = editor.draft
    office.fail("issue_invoice", error)
    clerk.key(Qt.Key.Key_F10)
    assert quiet_roads == [road]
    assert editor.draft == before
    assert editor.path.is_draft()
    clerk.line("RCD-40-30", "1")
    clerk.key(Qt.Key.Key_F10)
    assert editor.path.state is State.ISSUED


def test_a_colleague_saved_the_draft_first(editor: InvoiceEditor, clerk: Clerk, office: DeskInMemory) -> None:
    """ARC-02: part by part; what each changed stands in the result, which is stored, and undo still knows mine."""
    clerk.invoice()
    clerk.key(Qt.Key.Key_S, CONTROL)
    theirs = replace(
        editor.draft, payment=PaymentForm.CARD, lines=(replace(editor.draft.lines[0], quantity=Decimal(99)), editor.draft.lines[1])
    )
    office._store(theirs, State.DRAFT)
    clerk.cell(Col.QUANTITY, "12")
    editor.entry.focus_item()
    clerk.line("RCD-40-30", "1")
    mine = editor.draft
    office.fail("issue_invoice", Conflict("documents.document", mine.id))
    clerk.key(Qt.Key.Key_F10)
    dialog = editor.findChild(ConflictDialog)
    assert isinstance(dialog, ConflictDialog)
    assert dialog.open_count() == 1
    dialog.take_all_mine()
    assert dialog.result_values()["payment"] is PaymentForm.CARD
    dialog._end(MERGED)
    clerk.settled()
    assert lines(editor) == [("LED-A60-9W", Decimal(12)), ("MONT-ROZ-12", Decimal(2)), ("RCD-40-30", Decimal(1))]
    assert editor.draft.payment is PaymentForm.CARD
    assert office.stored[mine.id].draft == editor.draft
    assert not editor.dirty
    editor.undo()
    assert editor.draft == replace(mine, version=editor.draft.version)


def test_the_same_saved_by_a_colleague_asks_nothing(editor: InvoiceEditor, clerk: Clerk, office: DeskInMemory) -> None:
    clerk.invoice()
    office._store(editor.draft, State.DRAFT)
    office.fail("save_draft", Conflict("documents.document", editor.draft.id))
    clerk.key(Qt.Key.Key_S, CONTROL)
    assert editor.findChild(ConflictDialog) is None
    assert editor.draft == office.stored[editor.draft.id].draft
    assert not editor.dirty


def test_theirs_may_be_taken_whole(editor: InvoiceEditor, clerk: Clerk, office: DeskInMemory) -> None:
    clerk.invoice()
    clerk.key(Qt.Key.Key_S, CONTROL)
    office._store(replace(editor.draft, kind=RECEIPT, lines=editor.draft.lines[:1]), State.DRAFT)
    clerk.line("RCD-40-30", "1")
    office.fail("save_draft", Conflict("documents.document", editor.draft.id))
    clerk.key(Qt.Key.Key_S, CONTROL)
    dialog = editor.findChild(ConflictDialog)
    assert isinstance(dialog, ConflictDialog)
    dialog._end(DISCARD)
    clerk.settled()
    assert editor.draft == office.stored[editor.draft.id].draft
    assert not editor.dirty


def test_a_colleague_issued_the_draft(editor: InvoiceEditor, clerk: Clerk, office: DeskInMemory) -> None:
    """Its own sentence and its own way on; nothing that was typed goes before a person says so."""
    clerk.invoice()
    clerk.key(Qt.Key.Key_S, CONTROL)
    office._store(editor.draft, State.ISSUED, "FS/KR/7/11/2026")
    clerk.line("RCD-40-30", "1")
    office.fail("issue_invoice", Conflict("documents.document", editor.draft.id))
    clerk.key(Qt.Key.Key_F10)
    question = editor.findChild(Question)
    assert isinstance(question, Question)
    assert len(editor.draft.lines) == 3
    question.buttons["show"].click()
    clerk.settled()
    assert editor.path.state is State.ISSUED
    assert editor.head.title.text().endswith("FS/KR/7/11/2026")
    assert len(editor.draft.lines) == 2


@pytest.mark.parametrize("answer", ["keep", "drop"])
def test_a_colleague_threw_the_draft_away(editor: InvoiceEditor, clerk: Clerk, office: DeskInMemory, answer: str) -> None:
    clerk.invoice()
    clerk.key(Qt.Key.Key_S, CONTROL)
    del office.stored[editor.draft.id]
    closed: list[bool] = []
    editor.closed.connect(lambda: closed.append(True))
    clerk.cell(Col.QUANTITY, "12")
    office.fail("save_draft", Conflict("documents.document", editor.draft.id))
    clerk.key(Qt.Key.Key_S, CONTROL)
    question = editor.findChild(Question)
    assert isinstance(question, Question)
    question.buttons[answer].click()
    clerk.settled()
    assert (editor.draft.id in office.stored) == (answer == "keep")
    assert closed == ([True] if answer == "drop" else [])
    assert not editor.dirty


@pytest.mark.parametrize("answer", ["back", "drop"])
def test_without_a_server_a_person_decides_whether_to_go(
    editor: InvoiceEditor, clerk: Clerk, office: DeskInMemory, quiet_roads: list[str], answer: str
) -> None:
    """Nothing is lost without her word, and nobody is shut into the program."""
    clerk.invoice()
    closed: list[bool] = []
    editor.closed.connect(lambda: closed.append(True))
    office.fail("save_draft", Offline("gone"))
    assert not editor.may_close()
    clerk.settled()
    assert quiet_roads == ["offline"]
    question = editor.findChild(Question)
    assert isinstance(question, Question)
    question.buttons[answer].click()
    assert closed == ([True] if answer == "drop" else [])
    assert editor.may_close() == (answer == "drop")
    assert len(editor.draft.lines) == 2


@pytest.mark.parametrize("heard", [True, False])
def test_what_is_known_to_be_offline_is_asked_at_once(
    editor: InvoiceEditor, clerk: Clerk, office: DeskInMemory, quiet_roads: list[str], heard: bool
) -> None:
    """No second request: neither to find out again, nor after she said that it may be lost (a text that cannot be read with it)."""
    clerk.invoice()
    clerk.cell(Col.PRICE, "abc")
    editor.entry.focus_item()
    closed: list[bool] = []
    editor.closed.connect(lambda: closed.append(editor.may_close()))
    if heard:
        tasks.note_connection(here=False)
    else:
        office.fail("save_draft", Offline("gone"))
        clerk.key(Qt.Key.Key_S, CONTROL)
    asked = len(office.calls)
    assert not editor.may_close()
    assert not editor.may_close()  # the window asks again while she thinks
    questions = editor.findChildren(Question)
    assert len(questions) == 1
    questions[0].buttons["drop"].click()
    assert closed == [True]
    assert len(office.calls) == asked


def test_back_online_a_draft_is_stored_when_it_is_closed(editor: InvoiceEditor, clerk: Clerk, office: DeskInMemory) -> None:
    clerk.invoice()
    tasks.note_connection(here=False)
    tasks.note_connection(here=True)
    clerk.key(Qt.Key.Key_Escape)
    assert editor.findChild(Question) is None
    assert editor.draft.id in office.stored


def test_saving_without_a_server_asks_nothing(editor: InvoiceEditor, clerk: Clerk, office: DeskInMemory, quiet_roads: list[str]) -> None:
    clerk.invoice()
    office.fail("save_draft", Offline("gone"))
    clerk.key(Qt.Key.Key_S, CONTROL)
    assert quiet_roads == ["offline"]
    assert editor.findChild(Question) is None


def test_nothing_is_issued_behind_an_open_list(editor: InvoiceEditor, clerk: Clerk, office: DeskInMemory) -> None:
    """What is lit in the list of kinds is not chosen yet; the first F10 only closes it."""
    clerk.invoice()
    editor.header.kind.setFocus()
    editor.header.kind.showPopup()
    popup = QApplication.activePopupWidget()
    assert popup is not None
    QTest.keyClick(popup, Qt.Key.Key_F10)
    clerk.settled()
    assert not office.called("issue_invoice")
    assert popup.isHidden()
    clerk.key(Qt.Key.Key_F10)
    assert editor.path.state is State.ISSUED


def test_scans_on_their_way_come_before_the_number(editor: InvoiceEditor, clerk: Clerk, office: DeskInMemory) -> None:
    clerk.invoice()
    gate = office.gates["find_scanned"] = threading.Event()
    clerk.hand.scan(ITEMS[3].barcode)
    clerk.hand.key(Qt.Key.Key_F10)
    gate.set()
    clerk.settled(lambda: editor.path.state is State.ISSUED)
    assert [code for code, _quantity in lines(editor)] == ["LED-A60-9W", "MONT-ROZ-12", "RCD-40-30"]


def test_a_scan_that_comes_too_late_is_said_aloud(editor: InvoiceEditor, clerk: Clerk, office: DeskInMemory) -> None:
    clerk.invoice()
    gate = office.gates["issue_invoice"] = threading.Event()
    clerk.hand.key(Qt.Key.Key_F10)
    clerk.hand.scan(CODE)
    clerk.hand.key(Qt.Key.Key_F10)  # impatience issues nothing twice
    gate.set()
    clerk.settled(lambda: editor.path.state is State.ISSUED)
    assert len(office.called("issue_invoice")) == 1
    assert len(editor.draft.lines) == 2
    assert editor.toasts().shown() == [f"Not on the document: {CODE}"]


def test_midnight_between_typing_and_issuing(editor: InvoiceEditor, clerk: Clerk, office: DeskInMemory) -> None:
    """Its own sentence, its own way on."""
    clerk.invoice()
    clock.use(lambda: AFTER_MIDNIGHT)
    clerk.key(Qt.Key.Key_F10)
    assert editor.path.is_draft()
    assert "It is 24.11.2026, and the document is dated 23.11.2026." in editor.strip.text()
    editor.strip._pressed()
    assert editor.draft.issue_date == editor.draft.sale_date == date(2026, 11, 24)
    assert editor.draft.due_date == date(2026, 12, 8)
    assert editor.strip.isHidden()
    clerk.key(Qt.Key.Key_F10)
    assert editor.path.state is State.ISSUED


def test_after_midnight_the_older_date_needs_a_second_word(editor: InvoiceEditor, clerk: Clerk) -> None:
    clerk.invoice()
    clock.use(lambda: AFTER_MIDNIGHT)
    clerk.key(Qt.Key.Key_F10)
    assert editor.path.is_draft()
    clerk.key(Qt.Key.Key_F10)
    assert editor.path.state is State.ISSUED
    assert editor.draft.issue_date == date(2026, 11, 23)


def test_the_servers_midnight_comes_first(editor: InvoiceEditor, clerk: Clerk, office: DeskInMemory) -> None:
    """The workstation's clock is behind: the server refuses, and its day is offered."""
    clerk.invoice()
    message = "The document is dated {today}."
    office.fail("issue_invoice", Refused(Problem("issue_date_backdated", "issue_date", message, {"today": "24.11.2026"})))
    clerk.key(Qt.Key.Key_F10)
    assert editor.header.issue_date.hasFocus()
    assert "24.11.2026" in editor.strip.text()
    editor.strip._pressed()
    assert editor.draft.issue_date == date(2026, 11, 24)


def test_a_date_that_was_typed_is_meant(editor: InvoiceEditor, clerk: Clerk) -> None:
    clerk.invoice()
    editor.header.issue_date.setFocus()
    clerk.hand.type("20\n")
    clerk.key(Qt.Key.Key_F10)
    assert editor.path.state is State.ISSUED
