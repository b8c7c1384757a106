"""The manifest of documents."""

from crm_desktop.core.i18n import N_
from crm_desktop.core.module import Module, Permission
from crm_desktop.documents import service
from crm_desktop.documents.tables import MESSAGES, METADATA
from crm_desktop.fiscal.rules.events import ReceiptNotPrinted, ReceiptPrinted

MODULE = Module(
    name="documents",
    title=N_("Documents"),
    metadata=METADATA,
    messages=MESSAGES,
    permissions=(
        Permission("documents.save_draft", N_("Enter documents")),
        Permission("documents.issue_invoice", N_("Issue documents")),
        Permission("documents.seal_receipt", N_("Sell with a fiscal receipt")),
        Permission("documents.backdate", N_("Issue with an earlier date")),
        Permission("documents.save_kind", N_("Define kinds of documents")),
    ),
    reacts={ReceiptPrinted: service.note_printed, ReceiptNotPrinted: service.note_not_printed},
)
