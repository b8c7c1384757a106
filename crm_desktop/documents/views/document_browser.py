"""The list of sales documents."""

from functools import partial

from crm_desktop.core.i18n import N_, _, money
from crm_desktop.db.paging import By, Sort
from crm_desktop.documents import queries, service
from crm_desktop.documents.rules.model import DocumentRow
from crm_desktop.documents.views.document_window import new_document, open_document, preview_document, show_history
from crm_desktop.ui import tasks
from crm_desktop.ui.browser import Browser
from crm_desktop.ui.delegates import CellStyle, Kind
from crm_desktop.ui.listing import Choice, Column, Listing
from crm_desktop.ui.widgets import dialogs
from crm_desktop.ui.window import Window

_NO_NUMBER = "— {word} —"


def _number(row: DocumentRow) -> str:
    """A draft, or what is still at the printer, has no number yet, and says so where it will stand."""
    return row.number or _NO_NUMBER.format(word=_("draft") if row.state == "draft" else _("at the printer"))


def _number_style(row: DocumentRow) -> CellStyle | None:
    return None if row.number else CellStyle(kind=Kind.MUTED)


DOCUMENT_LIST = Listing(
    name="documents.documents",
    title=N_("Sales documents"),
    source=queries.DOCUMENTS,
    columns=(
        Column("number", N_("Number"), Kind.IDENTIFIER, 150, value=_number, style=_number_style),
        Column("issue_date", N_("Date"), Kind.DATE, 94, group=By.MONTH),
        Column("kind", N_("Kind"), width=136, group=By.VALUE),
        Column("buyer_name", N_("Buyer"), stretch=True, width=240, group=By.VALUE),
        Column(
            "state",
            N_("State"),
            Kind.PILL,
            104,
            choices=(
                Choice("draft", N_("draft"), "neutral"),
                Choice("sealed", N_("at the printer"), "violet"),
                Choice("issued", N_("issued"), "info"),
            ),
            group=By.VALUE,
        ),
        Column(
            "delivery",
            N_("KSeF"),
            Kind.ICON,
            52,
            choices=(
                Choice("waiting", N_("waits for KSeF"), "text_2", "cloud-up"),
                Choice("numbered", N_("has its KSeF number"), "success", "cloud-check"),
                Choice("refused", N_("refused by KSeF"), "danger", "cloud-off"),
                Choice("outside", N_("outside KSeF")),
            ),
            hidden=True,
            group=By.VALUE,
        ),
        Column("net", N_("Net"), Kind.MONEY, 104, summed=True),
        Column("gross", N_("Gross"), Kind.SUM, 108, summed=True),
        Column("due_date", N_("Due"), Kind.DATE, 94, group=By.MONTH),
        Column("branch", N_("Branch"), width=70, hidden=True, group=By.VALUE),
        Column("issued_by", N_("Issued by"), width=140, hidden=True, group=By.VALUE),
    ),
    default_sort=(Sort("issue_date", True),),
    table="documents.document",
    new=N_("New"),
    empty_icon="file-invoice",
    empty_title=N_("No documents yet"),
    empty_text=N_("Invoices and receipts that you enter stand here. Enter the first one; a draft can wait as long as you like."),
)


class DocumentBrowser(Browser):
    """The list and its acts. `window`: the main window."""

    def __init__(self, window: Window) -> None:
        super().__init__(DOCUMENT_LIST.for_permissions(window.may))
        self.setObjectName("document_browser")
        self._window = window
        self.opened.connect(partial(open_document, window))
        self.add_tool(N_("Open"), "external-link", "Return", self.open_current, needs_row=True)
        self.add_tool(N_("Print"), "printer", "F7", self.print_current, needs_row=True)
        if window.may("documents.save_draft"):
            self.new_requested.connect(lambda: new_document(window))
            self.add_tool(N_("Discard draft"), "trash", "Delete", self.discard_current, needs_row=True)

    def print_current(self) -> None:
        """F7: the print of the document one stands on."""
        row = self.current_row()
        if isinstance(row, DocumentRow):
            preview_document(self._window, row.id, row.number)

    def show_history_of_current(self) -> None:
        """F9: who did what with the document one stands on."""
        row = self.current_row()
        if isinstance(row, DocumentRow):
            show_history(self._window, row.id, row.number or row.kind)

    def discard_current(self) -> None:
        """Del: throw a draft away, after a question: it cannot be brought back."""
        row = self.current_row()
        if not isinstance(row, DocumentRow):
            return
        if row.state != "draft":
            self._window.say(_("Only drafts can be thrown away; an issued document is corrected."))
            return
        text = _("Draft of {kind} for {buyer}, {gross} zł. It cannot be brought back.")
        said = text.format(kind=row.kind, buyer=row.buyer_name or _("nobody yet"), gross=money(row.gross))
        choices = (dialogs.Choice("back", _("Keep it"), "quiet"), dialogs.Choice("discard", _("Throw the draft away"), "danger"))
        question = dialogs.Question(self, _("Throw this draft away?"), said, choices)
        question.setObjectName("discard_question")
        question.answered.connect(lambda answer: self._discard(row) if answer == "discard" else None)
        question.finished.connect(question.deleteLater)
        question.open()

    def _discard(self, row: DocumentRow) -> None:
        """The draft that the question spoke of, and no later one: a colleague may have gone on with it meanwhile."""
        done = lambda _nothing: self._window.say(_("The draft was thrown away."))  # noqa: E731  - one sentence
        tasks.change(self, service.discard_draft, row.id, row.version, then=done)
