"""The notes of a document: typed without a stroke on the fast way, kept to the last sign, told at their field (GOL-28)."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from crm_desktop.core.text import NOTES
from crm_desktop.documents.rules.model import State
from crm_desktop.documents.views.invoice_editor import InvoiceEditor
from tests.support.desk_in_memory import DeskInMemory
from tests.support.hand import CODE, Hand, focus
from tests.support.typist import Clerk, codes, lines

Settled = Callable[..., None]
Edit = Callable[..., InvoiceEditor]
CONTROL = Qt.KeyboardModifier.ControlModifier
TEXT = "Dostawa do 10:00 🚚\nodbiór: pan Żądło\u00a0J."


def note(clerk: Clerk, text: str) -> None:
    """F11, type, and see that it stands there."""
    clerk.key(Qt.Key.Key_F11)
    assert focus() is clerk.editor.notes
    QApplication.clipboard().setText(text)
    clerk.key(Qt.Key.Key_V, CONTROL)


def test_what_is_noted_is_stored_issued_and_shown_as_it_was_typed(
    editor: InvoiceEditor, clerk: Clerk, edit: Edit, office: DeskInMemory
) -> None:
    clerk.invoice()
    note(clerk, TEXT)
    clerk.key(Qt.Key.Key_Return, CONTROL)  # leaves, and issues nothing
    assert editor.path.is_draft()
    assert editor.entry.item.hasFocus()
    assert editor.draft.notes == TEXT
    clerk.key(Qt.Key.Key_F10)
    assert office.stored[editor.draft.id].draft.notes == TEXT
    issued = edit(document_id=editor.draft.id)
    assert issued.path.state is State.ISSUED
    assert issued.notes.isReadOnly() and issued.notes.isVisible()
    assert issued.notes.text() == TEXT
    assert "F11" in issued.bar.shown()


def test_an_issued_document_without_notes_has_no_field_for_them(editor: InvoiceEditor, clerk: Clerk) -> None:
    clerk.invoice()
    assert editor.notes.isVisible()
    clerk.key(Qt.Key.Key_F10)
    assert not editor.notes.isVisible()
    assert "F11" not in editor.bar.shown()


@pytest.mark.parametrize("key", [(Qt.Key.Key_F10,), (Qt.Key.Key_S, CONTROL), (Qt.Key.Key_Escape,)])
def test_keys_that_need_the_whole_draft_take_the_notes_too(
    editor: InvoiceEditor, clerk: Clerk, office: DeskInMemory, key: tuple[Qt.Key, ...]
) -> None:
    clerk.invoice()
    note(clerk, "pilne")
    clerk.key(*key)  # type: ignore[arg-type]
    assert office.stored[editor.draft.id].draft.notes == "pilne"


def test_undo_and_redo(editor: InvoiceEditor, clerk: Clerk) -> None:
    """In the field its own typing first; from outside the whole text is one act."""
    clerk.invoice()
    note(clerk, "raz")
    editor.entry.focus_item()
    clerk.key(Qt.Key.Key_F11)
    clerk.hand.type("dwa")
    editor.scanner.let_go()
    clerk.key(Qt.Key.Key_Z, CONTROL)
    assert (editor.notes.text(), editor.draft.notes) == ("raz", "raz")
    clerk.key(Qt.Key.Key_Z, CONTROL)  # nothing is typed here any more: the document's last act
    assert (editor.notes.text(), editor.draft.notes) == ("", "")
    assert len(editor.draft.lines) == 2
    clerk.key(Qt.Key.Key_Y, CONTROL)
    assert (editor.notes.text(), editor.draft.notes) == ("raz", "raz")


def test_too_long_and_control_characters_are_said_at_the_field(editor: InvoiceEditor, clerk: Clerk) -> None:
    """GOL-28"""
    clerk.invoice()
    note(clerk, "x" * (NOTES + 1) + "\x07")
    editor.entry.focus_item()
    assert codes(editor) == ["text_too_long", "text_control"]
    assert editor.notes.property("state") == "error"
    clerk.key(Qt.Key.Key_F10)
    assert editor.path.is_draft()
    assert editor.notes.hasFocus()
    clerk.key(Qt.Key.Key_A, CONTROL)
    clerk.hand.type("krótko")
    editor.scanner.let_go()
    assert not editor.notes.property("state")
    clerk.key(Qt.Key.Key_F10)
    assert editor.path.state is State.ISSUED


def test_a_zero_byte_stays_in_the_field_and_out_of_the_draft(editor: InvoiceEditor, clerk: Clerk, office: DeskInMemory) -> None:
    """No database takes it, not even in a draft."""
    clerk.invoice()
    clerk.key(Qt.Key.Key_F11)
    editor.notes.insertPlainText("a\x00b")
    clerk.key(Qt.Key.Key_S, CONTROL)
    assert office.stored[editor.draft.id].draft.notes == ""
    assert codes(editor) == ["text_control"]
    assert editor.unread() == ["notes"]
    editor.entry.focus_item()
    assert editor.notes.text() == "a\x00b"
    clerk.key(Qt.Key.Key_F4)
    assert editor.notes.hasFocus()
    clerk.key(Qt.Key.Key_A, CONTROL)
    clerk.hand.type("ab")
    editor.scanner.let_go()
    assert codes(editor) == []
    clerk.key(Qt.Key.Key_F10)
    assert office.stored[editor.draft.id].draft.notes == "ab"


def test_a_scan_is_none_of_the_notes(editor: InvoiceEditor, clerk: Clerk, hand: Hand, settled: Settled) -> None:
    """BAR-03"""
    note(clerk, "uwaga")
    clerk.scan(CODE)
    assert lines(editor) == [("LED-A60-9W", Decimal(1))]
    assert editor.notes.text() == "uwaga"


def test_the_way_there_and_back(editor: InvoiceEditor, clerk: Clerk) -> None:
    clerk.invoice()
    clerk.key(Qt.Key.Key_F11)
    clerk.key(Qt.Key.Key_F11)
    assert editor.entry.item.hasFocus()
    clerk.key(Qt.Key.Key_F11)
    clerk.key(Qt.Key.Key_F6)
    assert editor.header.buyer_name.hasFocus()
    clerk.key(Qt.Key.Key_F11)
    clerk.hand.type("a\n")
    clerk.key(Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
    assert editor.grid.hasFocus()
    assert editor.draft.notes == "a\n"


def test_notes_force_no_width(editor: InvoiceEditor, clerk: Clerk, settled: Settled) -> None:
    """Beside the history at 1280 the editor is no wider than its header; the notes go below the sums then."""
    clerk.invoice()
    assert editor.minimumSizeHint().width() == editor.header.minimumSizeHint().width()
    vat, panel = editor.totals_panel.vat_table, editor.totals_panel
    height = panel.height()
    assert editor.notes.mapTo(panel, editor.notes.rect().topLeft()).y() < vat.geometry().bottom()
    editor.resize(editor.minimumSizeHint().width(), 720)
    settled(lambda: editor.notes.mapTo(panel, editor.notes.rect().topLeft()).y() > vat.geometry().bottom())
    editor.resize(1280, 720)
    settled(lambda: panel.height() == height)
