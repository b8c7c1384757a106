"""A document on the desk: its editor in a dock, its print in another, and what is said when it was issued."""

from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from crm_desktop.catalogue.queries import list_rates
from crm_desktop.core import i18n
from crm_desktop.core.i18n import _
from crm_desktop.db.transaction import NotFound, Transaction
from crm_desktop.documents.queries import get_document, list_kinds
from crm_desktop.documents.rules.model import Document, Draft, Kind, Seller, State
from crm_desktop.documents.rules.printout import invoice_pdf
from crm_desktop.documents.rules.totals import totals
from crm_desktop.documents.rules.validity import percents
from crm_desktop.documents.views.document_history import DocumentHistory
from crm_desktop.documents.views.invoice_editor import InvoiceEditor, open_invoice
from crm_desktop.organisation.queries import get_company, list_branches
from crm_desktop.ui import feed, keys, tasks
from crm_desktop.ui.fields import ComboField
from crm_desktop.ui.widgets.fkey_bar import FKey
from crm_desktop.ui.widgets.parts import label
from crm_desktop.ui.widgets.preview import PdfPreview
from crm_desktop.ui.window import Window

EDITOR, PRINT, HISTORY = "documents.invoice", "documents.print", "documents.history"


def new_document(window: Window, *, receipt: bool = False) -> None:
    """A new document of the first kind without receipt, or (`receipt`) of the first fiscal one that needs no buyer."""
    tasks.read(_as_owner(window), list_kinds, then=partial(_begin, window, receipt))


def _begin(window: Window, receipt: bool, kinds: list[Kind]) -> None:
    active = [kind for kind in kinds if kind.active]
    wanted = [kind for kind in active if kind.fiscal == receipt and not (receipt and kind.buyer_required)]
    kind = next(iter(wanted or active), None)
    if kind is None:
        window.say(_("No kind of document is in use. An administrator adds one in Kinds of documents."))
        return
    open_invoice(_as_owner(window), window.branch_id, partial(_put, window), kind=kind, **_manner(window))


def open_document(window: Window, id: UUID) -> None:
    """The editor of a stored document; one that is open comes to the front."""
    if window.has_dock(f"{EDITOR}:{id}"):
        window.open_card(f"{EDITOR}:{id}", "", "", _no_widget, area="center")
    else:
        open_invoice(_as_owner(window), window.branch_id, partial(_put, window), document_id=id, **_manner(window))


def bring_back_document(window: Window, id: UUID) -> None:
    """As `open_document`; a new one that was never stored does not come back, and nobody need be told."""
    gone = lambda error: isinstance(error, NotFound)  # noqa: E731  - True ends the error there
    open_invoice(_as_owner(window), window.branch_id, partial(_put, window), document_id=id, failed=gone, **_manner(window))


def _manner(window: Window) -> dict[str, Any]:
    return {"toasts": window.toasts, "previews": True, "own_bar": False}


def _put(window: Window, editor: InvoiceEditor) -> None:
    id = editor.draft.id
    editor.preview_wanted.connect(lambda draft: preview_draft(window, draft, editor))
    editor.history_wanted.connect(lambda: show_history(window, id, editor.path.number or editor.draft.kind.name))
    editor.issued.connect(partial(_issued, window))
    title = editor.path.number or editor.draft.kind.name
    window.open_card(f"{EDITOR}:{id}", title, "file-invoice", lambda: editor, area="center", again=lambda: open_document(window, id))


def _issued(window: Window, id: UUID, number: str) -> None:
    window.toasts.show_toast(_("Issued {number}").format(number=number), "", _("Print"), lambda: preview_document(window, id, number))


def _as_owner(window: Window) -> QWidget:
    assert isinstance(window, QWidget)
    return window


def _no_widget() -> QWidget:
    raise RuntimeError("the dock was there a moment ago")


def show_history(window: Window, id: UUID, name: str) -> None:
    """Who did what with a document, beside it. name: its number, or its kind while it has none."""
    title = _("History: {number}").format(number=name).strip()
    window.open_card(f"{HISTORY}:{id}", title, "history", lambda: DocumentHistory(id))


# ---- the print ----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Printed:
    """A print ready to be shown: its title, the PDF in both languages is made on demand."""

    title: str
    pdf: bytes


def preview_document(window: Window, id: UUID, number: str = "") -> None:
    """The print of a stored document, in a dock of its own."""
    title = _("Print {number}").format(number=number).strip()
    window.open_card(f"{PRINT}:{id}", title, "printer", lambda: DocumentPreview(id, None), area="center")


def preview_draft(window: Window, draft: Draft, editor: InvoiceEditor) -> None:
    """The print of what stands in an editor: stored, it is read; while it is a draft, as it would look."""
    if editor.path.state is not State.DRAFT:
        preview_document(window, draft.id, editor.path.number)
        return
    key = f"{PRINT}:{draft.id}"
    preview = window.open_card(key, _("Print preview"), "printer", lambda: DocumentPreview(draft.id, draft), area="center")
    if isinstance(preview, DocumentPreview):
        preview.show_draft(draft)


def read_print(tx: Transaction, id: UUID, draft: Draft | None, language: str) -> Printed:
    """The PDF of a stored document, or of a draft that is only on the screen."""
    rates = list_rates(tx)
    if draft is None:
        document = get_document(tx, id)
    else:
        company = get_company(tx)
        branch = next(each for each in list_branches(tx) if each.id == draft.branch_id)
        seller = Seller(company.name, company.nip, company.street, company.post_code, company.city, company.iban, branch.name)
        document = Document(draft, State.DRAFT, totals(draft, percents(rates, draft.sale_date)), seller)
    return Printed(document.number or document.draft.kind.name, invoice_pdf(document, language, rates))


class DocumentPreview(QWidget):
    """The pages, and in which language they are printed."""

    title_changed = Signal(str)
    closed = Signal()

    def __init__(self, id: UUID, draft: Draft | None) -> None:
        super().__init__()
        self.setObjectName("document_preview")
        self._id, self._draft = id, draft
        self.scans_to = f"{EDITOR}:{id}"
        """The dock of the document that is shown here: who scans before its print means it."""
        self.language = ComboField()
        self.language.setObjectName("print_language")
        self.language.setAccessibleName(_("Language of the print"))
        self.language.set_choices(list(i18n.LANGUAGES.items()))
        foreign = draft is not None and draft.buyer.country != "PL"
        self.language.set_value("en" if foreign else "pl")
        self.language.edited.connect(lambda _value: self.refresh())
        self.preview = PdfPreview()
        self.preview.setObjectName("pdf_preview")
        title = label(_("Language of the print"), "label")
        title.setBuddy(self.language)
        self.preview.add_to_bar(title, self.language)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.preview)
        keys.bind(self, "Escape", self.closed.emit)
        self.setFocusProxy(self.preview)
        self.printed: Printed | None = None
        if draft is None:
            feed.watch(self, "documents.document", lambda ids: self.refresh() if ids is None or id in ids else None)
        self.refresh()

    def fkeys(self) -> list[FKey]:
        """The keys that work here."""
        return [
            FKey("Ctrl+P", _("Print"), self.preview.print_pdf),
            FKey("Ctrl+S", _("Save as PDF"), self.preview.save_pdf),
            FKey("Escape", _("Close"), self.closed.emit, right=True),
        ]

    def show_draft(self, draft: Draft) -> None:
        """The draft as it is now."""
        if draft != self._draft:
            self._draft = draft
            self.refresh()

    def refresh(self) -> None:
        """Make the PDF anew, off the GUI thread."""
        tasks.read(self, read_print, self._id, self._draft, str(self.language.value()), then=self._show)

    def _show(self, printed: Printed) -> None:
        self.printed = printed
        self.preview.show_pdf(printed.pdf, printed.title)
        if self._draft is None:
            self.title_changed.emit(_("Print {number}").format(number=printed.title))
