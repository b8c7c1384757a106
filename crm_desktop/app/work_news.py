"""What the desk says of background work while nobody looks at its panel: a toast when something ended, and what failed at the server."""

from functools import partial
from typing import Any

from PySide6.QtCore import QObject

from crm_desktop.app.work_panel import WORK_PANEL, WorkPanel
from crm_desktop.core.i18n import _
from crm_desktop.db.transaction import Transaction
from crm_desktop.documents import queries
from crm_desktop.documents import service as documents
from crm_desktop.documents.views.document_window import open_document
from crm_desktop.fiscal import queries as fiscal
from crm_desktop.fiscal.queries import ReceiptRow
from crm_desktop.fiscal.views.decision import DECIDE
from crm_desktop.ui import feed, tasks, work
from crm_desktop.ui.work import Standing, State, Work

_SEAL = "documents.seal_receipt"
_RECEIPTS = "fiscal.receipts"


class WorkNews(QObject):
    """Follows the work of one main window."""

    def __init__(self, window: Any) -> None:
        super().__init__(window)
        self._window = window
        work.works().ended.connect(self._tell)  # a method: the connection ends with this object
        feed.watch(window, "fiscal.receipt", lambda _ids: self.refresh())

    def refresh(self) -> None:
        """Ask which receipts were not printed and wait for somebody."""
        tasks.read(self, _failed_receipts, then=self._show)

    def open_panel(self) -> None:
        """Ctrl+J."""
        self._window.open_card(WORK_PANEL, _("Background work"), "stack-2", WorkPanel)

    def _tell(self, ended: Work) -> None:
        told, toasts = ended.told, self._window.toasts
        if ended.state is State.FAILED:
            show = (_("Show"), self.open_panel)
            toasts.show_toast(ended.title, told.text, *show, icon="alert-triangle", tone="danger", stays=True)
        elif ended.state is State.GIVEN_UP:
            self._window.say(_("Given up: {title}").format(title=ended.title))
        elif told.act:
            toasts.show_toast(ended.title, told.text, told.act, told.run)
        else:
            self._window.say(_("Finished: {title}").format(title=f"{ended.title} {told.text}".strip()))

    def _show(self, rows: list[ReceiptRow]) -> None:
        work.works().stand("fiscal", [each for row in rows for each in self._standing(row)])

    def _standing(self, row: ReceiptRow) -> list[Standing]:
        """What she may do about a receipt: decide on it, or send its document once more."""
        title = _("Receipt: {document}").format(document=row.label)
        if row.state == "needs_person":
            if not self._window.may(DECIDE):
                return []
            return [Standing(str(row.id), title, row.message, _("Decide"), partial(self._window.open_dock, _RECEIPTS), "printer-off")]
        if not self._window.may(_SEAL):
            return []
        return [Standing(str(row.id), title, row.message, _("Print again"), partial(self._send_again, row), "printer-off")]

    def _send_again(self, row: ReceiptRow) -> None:
        sent = _("Sent to the printer again: {document}").format(document=row.label)

        def look_at_it(_problems: object) -> None:
            """It cannot go as it is: the editor says why."""
            open_document(self._window, row.holder_id)

        tasks.change(
            self,
            documents.seal_again,
            row.holder_id,
            row.device_id,
            then=lambda _sealed: self._window.say(sent),
            refused=look_at_it,
        )


def _failed_receipts(tx: Transaction) -> list[ReceiptRow]:
    return [*fiscal.list_undecided(tx), *queries.list_unprinted(tx)]
