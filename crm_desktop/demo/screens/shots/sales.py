"""The seller's work: the list of documents, the editor in every state, the way of a receipt, the print."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from PySide6.QtWidgets import QDialog, QLineEdit

from crm_desktop.core.i18n import _
from crm_desktop.demo.screens.scene import LONG_NAMES, NOW, said
from crm_desktop.demo.screens.shots.shot import Shot
from crm_desktop.demo.screens.studio import Studio
from crm_desktop.documents import service
from crm_desktop.documents.queries import get_document
from crm_desktop.documents.views.document_browser import DocumentBrowser
from crm_desktop.documents.views.document_history import DocumentHistory
from crm_desktop.documents.views.document_window import DocumentPreview, new_document, open_document, preview_document
from crm_desktop.documents.views.invoice_editor import InvoiceEditor
from crm_desktop.documents.views.line_model import Col
from crm_desktop.parties.views.party_card import PartyCard, open_party
from crm_desktop.ui.widgets.dialogs import Question

#: Buyers whose names are longer than a column may be.
LONG = tuple(name[:20] for name in LONG_NAMES)


def _list(studio: Studio) -> DocumentBrowser:
    studio.log_in(studio.order.seller)
    studio.fresh_desk()
    browser = studio.seen(DocumentBrowser)
    studio.until(lambda: browser.model.total > 0 and browser.model.exact, "documents in the list")
    browser.focus_rows()
    studio.settle()
    return browser


def _editor(studio: Studio, id: UUID) -> InvoiceEditor:
    _list(studio)
    open_document(studio.desk, id)
    return studio.seen(InvoiceEditor)


def documents(studio: Studio) -> None:
    """The list; a few rows chosen, with their sums."""
    _list(studio)
    studio.press("Down", "Down", "Down")
    studio.picture("documents-list", may_be_cut=LONG)
    studio.press("Shift+Down", "Shift+Down", "Shift+Down")
    studio.picture("documents-list-selection", may_be_cut=LONG)


def overview(studio: Studio) -> None:
    """A list at work: two filters, three documents chosen with their sums, beside them the card of a customer."""
    browser = _list(studio)
    open_party(studio.desk, studio.order.scene.party)
    studio.until(studio.seen(PartyCard).is_ready, "the customer")
    browser.set_filter("issue_date", "od 01.10")
    browser.set_filter("state", _("issued"))
    studio.settle()
    studio.until(lambda: browser.model.exact and len(browser.model.request.filters) == 2, "the filtered list")
    studio.desk.dock_area.focus_dock("documents.documents")
    browser.focus_rows()
    studio.press("Down", "Down", "Shift+Down", "Shift+Down")
    studio.picture("desk-overview", may_be_cut=LONG)


def documents_filtered(studio: Studio) -> None:
    """Filters that leave some rows, then none."""
    browser = _list(studio)
    browser.set_filter("issue_date", "bm")
    browser.set_filter("gross", ">1000")
    studio.until(lambda: browser.model.exact and browser.model.request.filters, "the filtered list")
    studio.settle()
    studio.picture("documents-list-filtered", may_be_cut=LONG)
    browser.set_filter("buyer_name", "Niedźwiedź")
    studio.until(lambda: browser.empty.state is not None, "the sentence that nothing fits")
    studio.settle()
    studio.picture("documents-list-nothing-found")
    browser.clear_filters()
    browser.set_filter("gross", "dużo")
    studio.settle()
    studio.picture("documents-list-wrong-filter", may_be_cut=LONG)


def discard(studio: Studio) -> None:
    """The question before a draft is thrown away."""
    browser = _list(studio)
    browser.select_id(studio.order.scene.filled)
    studio.settle()
    browser.discard_current()
    question = studio.seen(Question, "discard_question")
    studio.picture("documents-discard", may_be_cut=LONG)
    question.reject()


def new_invoice(studio: Studio) -> None:
    """An empty invoice; all that is missing at once; then customers that answer to a fragment."""
    _list(studio)
    new_document(studio.desk)
    editor = studio.seen(InvoiceEditor)
    studio.until(lambda: studio.desk.focusWidget() is editor.header.buyer_name, "the keyboard in the buyer")
    studio.picture("documents-invoice-empty")
    studio.press("F10")
    studio.until(lambda: len(editor.problems()) >= 2, "all problems")
    studio.picture("documents-invoice-nothing-typed")
    editor.header.buyer_name.setFocus()
    studio.type("ele")
    studio.until(editor.header.buyer_name.is_open, "customers")
    studio.settle()
    studio.picture("documents-invoice-buyers")


def invoice(studio: Studio) -> None:
    """Ten lines; then the answers of the entry line."""
    editor = _editor(studio, studio.order.scene.filled)
    editor.entry.focus_item()
    editor.grid.show_place(2)
    studio.picture("documents-invoice")
    studio.type("led")
    studio.until(editor.entry.item.is_open, "articles")
    studio.settle()
    studio.picture("documents-invoice-entry")


def invoice_notes(studio: Studio) -> None:
    """Notes of several lines; then a character that cannot be printed, and a buyer whom nobody knows."""
    editor = _editor(studio, studio.order.scene.filled)
    studio.press("F11")
    editor.notes.insertPlainText("Dostawa do 10:00, rampa nr 3\nTelefon do kierowcy: 502 117 240\nPalety zwrotne.")
    studio.picture("documents-invoice-notes")
    editor.notes.insertPlainText("\x07")
    editor.header.buyer_name.setFocus()
    studio.type("Żuraw i Wnuk")
    studio.until(editor.header.buyer_name.is_open, "the answer that nobody is called so")
    editor.entry.focus_item()
    studio.settle()
    studio.picture("documents-invoice-notes-wrong")


def invoice_cell(studio: Studio) -> None:
    """A cell that is being typed into, after a price that nobody can read."""
    editor = _editor(studio, studio.order.scene.filled)
    editor.grid.setFocus()
    editor.grid.edit_cell(3, Col.PRICE)
    field = studio.seen(QLineEdit, "cell_price")
    field.selectAll()
    studio.type("12,3456789")
    studio.press("Return")
    studio.settle()
    studio.picture("documents-invoice-cell")


def invoice_wrong(studio: Studio) -> None:
    """A draft with problems of every kind."""
    editor = _editor(studio, studio.order.scene.wrong)
    studio.press("F10")
    studio.until(lambda: len(editor.problems()) >= 3, "problems")
    studio.picture("documents-invoice-problems")


def invoice_long(studio: Studio) -> None:
    """A buyer with a very long name, and more lines than the window has room for."""
    editor = _editor(studio, studio.order.scene.long)
    editor.grid.show_place(47)
    editor.entry.focus_item()
    studio.picture("documents-invoice-long", may_be_cut=LONG)


def issued(studio: Studio) -> None:
    """An issued invoice can be looked at; then with the toast and the words that follow its issue."""
    editor = _editor(studio, studio.order.scene.issued)
    studio.picture("documents-invoice-issued", may_be_cut=LONG)
    editor.issued.emit(editor.draft.id, editor.path.number)
    editor.said.emit(_("Issued: {number}").format(number=editor.path.number))
    studio.settle()
    studio.picture("documents-invoice-just-issued", may_be_cut=LONG)


def receipt(studio: Studio) -> None:
    """A receipt before it is sealed, and the last question."""
    editor = _editor(studio, studio.order.scene.receipt)
    editor.entry.focus_item()
    studio.picture("documents-receipt")
    studio.press("F8")
    dialog = studio.seen(QDialog, "receipt_dialog")
    studio.settle()
    studio.picture("documents-receipt-question")
    dialog.reject()


def receipt_states(studio: Studio) -> None:
    """The way of a receipt: it waits, it is being printed, it was not printed, it is printed."""
    scene = studio.order.scene
    editor = _editor(studio, scene.waiting)
    studio.until(lambda: not editor.head.receipt.isHidden(), "the state of the receipt")
    studio.picture("documents-receipt-waiting")
    studio.run_sql(
        "update fiscal.lease set condition = 'attention', message = %s where device_id = %s",
        said("The printer is out of paper. Put in a new roll, then it goes on by itself."),
        studio.order.printer,
    )
    try:
        _editor(studio, scene.waiting)
        studio.until(lambda: not studio.seen(InvoiceEditor).strip.isHidden(), "what the printer says")
        studio.picture("documents-receipt-no-paper")
    finally:
        studio.run_sql("update fiscal.lease set condition = 'ready', message = '' where device_id = %s", studio.order.printer)
    for id, name in ((scene.printing, "printing"), (scene.refused, "not-printed"), (scene.printed, "printed")):
        editor = _editor(studio, id)
        studio.settle()
        studio.picture(f"documents-receipt-{name}", may_be_cut=LONG)


def printing(studio: Studio) -> None:
    """The print of an invoice, as it will lie on paper; then that of a draft."""
    _list(studio)
    preview_document(studio.desk, studio.order.scene.issued, "")
    preview = studio.seen(DocumentPreview)
    studio.until(lambda: preview.printed is not None, "the print")
    studio.settle()
    studio.picture("documents-print")
    studio.fresh_desk()
    _editor(studio, studio.order.scene.long)
    studio.press("F7")
    preview = studio.seen(DocumentPreview)
    studio.until(lambda: preview.printed is not None, "the print of the draft")
    studio.settle()
    studio.picture("documents-print-draft", may_be_cut=LONG)


def history(studio: Studio) -> None:
    """Who did what with a document, beside the list. It is entered and changed twice here, and thrown away after the picture."""
    browser = _list(studio)
    assert studio.session is not None
    database = studio.session.database
    model = database.read(get_document, studio.order.scene.filled).draft
    keys = iter(UUID(int=(7 << 76) + (2 << 62) + number) for number in range(1, 9))
    lines = tuple(replace(line, id=next(keys)) for line in model.lines[:4])
    draft = replace(model, id=next(keys), version=0, lines=lines[:3])
    typed = (draft, replace(draft, due_date=draft.issue_date + timedelta(days=14), lines=lines), replace(draft, lines=lines[1:]))
    version = 0
    try:
        for minute, each in enumerate(typed):
            version = database.change(service.save_draft, replace(each, version=version)).version
            at = NOW - timedelta(minutes=12 - 4 * minute)
            studio.run_sql("update audit.entry set at = %s where row_id = %s and at > now() - interval '1 minute'", at, str(draft.id))
        studio.settle()
        studio.until(lambda: browser.select_id(draft.id), "the new draft in the list")
        studio.press("F9")
        studio.seen(DocumentHistory)
        studio.settle()
        studio.picture("documents-history", may_be_cut=LONG)
    finally:
        database.change(service.discard_draft, draft.id, version)
        studio.run_sql("delete from audit.entry where row_id = %s", str(draft.id))
        studio.settle()


def midnight(studio: Studio) -> None:
    """A draft of yesterday: the document asks which date is meant."""
    studio.run_sql("update documents.document set issue_date = issue_date - 1 where id = %s", studio.order.scene.filled)
    try:
        editor = _editor(studio, studio.order.scene.filled)
        studio.until(lambda: not editor.strip.isHidden(), "the question of the date")
        studio.picture("documents-invoice-midnight")
    finally:
        studio.run_sql("update documents.document set issue_date = issue_date + 1 where id = %s", studio.order.scene.filled)


SHOTS = (
    Shot(documents, ("documents-list", "documents-list-selection"), fast=True),
    Shot(documents_filtered, ("documents-list-filtered", "documents-list-nothing-found", "documents-list-wrong-filter")),
    Shot(overview, ("desk-overview",)),
    Shot(history, ("documents-history",)),
    Shot(discard, ("documents-discard",)),
    Shot(new_invoice, ("documents-invoice-empty", "documents-invoice-nothing-typed", "documents-invoice-buyers")),
    Shot(invoice, ("documents-invoice", "documents-invoice-entry"), fast=True),
    Shot(invoice_notes, ("documents-invoice-notes", "documents-invoice-notes-wrong")),
    Shot(invoice_cell, ("documents-invoice-cell",)),
    Shot(invoice_wrong, ("documents-invoice-problems",)),
    Shot(invoice_long, ("documents-invoice-long",)),
    Shot(issued, ("documents-invoice-issued", "documents-invoice-just-issued"), fast=True),
    Shot(midnight, ("documents-invoice-midnight",)),
    Shot(receipt, ("documents-receipt", "documents-receipt-question")),
    Shot(
        receipt_states,
        (
            "documents-receipt-waiting",
            "documents-receipt-no-paper",
            "documents-receipt-printing",
            "documents-receipt-not-printed",
            "documents-receipt-printed",
        ),
    ),
    Shot(printing, ("documents-print", "documents-print-draft")),
)
