"""From a draft to a number: issue, or seal and follow the receipt to its printer. Asks the services and tells what came of it."""

from collections.abc import Callable
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from crm_desktop.core.errors import Conflict
from crm_desktop.core.problem import Problem
from crm_desktop.documents import service
from crm_desktop.documents.queries import get_document
from crm_desktop.documents.rules.model import Document, Draft, Sealed
from crm_desktop.documents.views.overtaken import read_overtaking
from crm_desktop.fiscal.queries import ReceiptRow, get_receipt, list_devices
from crm_desktop.fiscal.service import withdraw_receipt
from crm_desktop.ui import feed, tasks


class Issuing(QObject):
    """One for an editor. Every act ends with exactly one of its signals; trouble that is nobody's field takes the roads besides."""

    saved = Signal(object, object)  # the draft that was sent, Saved
    issued = Signal(object)  # Issued
    sealed = Signal(object)  # Sealed
    refused = Signal(object)  # list[Problem]; nothing was changed
    failed = Signal(object)  # the exception; the road tells the person
    overtaken = Signal(object)  # Overtaking: somebody else stored, issued or threw away this document first; nothing was changed
    devices = Signal(object)  # list[DeviceRow]
    receipt = Signal(object)  # ReceiptRow, whenever it stands otherwise
    printed = Signal(object)  # Document, issued by the print
    unsealed = Signal(object, object)  # Document, a draft again, and the ReceiptRow that says why

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._document_id: UUID | None = None
        self._receipt_id: UUID | None = None
        self._device_id: UUID | None = None
        self._watching = False

    def save(self, draft: Draft) -> None:
        """Store the draft as it is."""
        self._document_id = draft.id
        self._change(service.save_draft, draft, then=lambda saved: self.saved.emit(draft, saved))

    def issue(self, draft: Draft) -> None:
        """Issue a document without receipt."""
        self._document_id = draft.id
        self._change(service.issue_invoice, draft, then=self.issued.emit)

    def find_devices(self, branch_id: UUID) -> None:
        """Ask which printers a receipt may go to."""
        tasks.read(self, list_devices, branch_id, then=self.devices.emit, failed=self._failed)

    def seal(self, draft: Draft, device_id: UUID) -> None:
        """Freeze the document and send its receipt to the printer."""
        self._document_id = draft.id
        self._change(service.seal_receipt, draft, device_id, then=self._sealed)

    def withdraw(self) -> None:
        """Take a receipt back that still waits."""
        if self._receipt_id is not None:
            self._document_id = None
            self._change(withdraw_receipt, self._receipt_id, then=lambda _nothing: self.look())

    def follow(self, receipt_id: UUID) -> None:
        """Tell how this receipt stands, now and at each change, until it is printed or proven not printed."""
        self._receipt_id = receipt_id
        if not self._watching:
            self._watching = True
            for table in ("fiscal.receipt", "fiscal.receipt_print", "fiscal.lease"):
                feed.watch(self, table, self._moved)
        self.look()

    def look(self) -> None:
        """Ask now how the receipt stands."""
        if self._receipt_id is not None:
            tasks.read(self, get_receipt, self._receipt_id, then=self._seen)

    def _moved(self, ids: frozenset[UUID] | None) -> None:
        if self._receipt_id is not None and (ids is None or self._receipt_id in ids or self._device_id in ids):
            self.look()

    def _sealed(self, sealed: Sealed) -> None:
        self.sealed.emit(sealed)
        self.follow(sealed.receipt_id)

    def _seen(self, row: ReceiptRow) -> None:
        if row.id != self._receipt_id:
            return  # an answer about the receipt before
        self._device_id = row.device_id
        self.receipt.emit(row)
        if row.state in ("printed", "not_printed"):
            tasks.read(self, get_document, row.holder_id, then=lambda document: self._ended(document, row))

    def _ended(self, document: Document, row: ReceiptRow) -> None:
        if row.id != self._receipt_id:
            return  # told already: two changes came close together
        self._receipt_id = None
        if row.state == "printed":
            self.printed.emit(document)
        else:
            self.unsealed.emit(document, row)

    def _change(self, act: Callable[..., object], *args: object, then: Callable[..., object]) -> None:
        tasks.change(self, act, *args, then=then, refused=self._refused, failed=self._failed)

    def _refused(self, problems: list[Problem]) -> None:
        self.refused.emit(problems)

    def _failed(self, error: Exception) -> bool:
        if isinstance(error, Conflict) and self._document_id is not None:
            tasks.read(self, read_overtaking, self._document_id, then=self.overtaken.emit, failed=self._not_read)
            return True
        return self._not_read(error)

    def _not_read(self, error: Exception) -> bool:
        self.failed.emit(error)
        return False
