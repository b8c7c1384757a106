"""The manifest of documents."""

from crm_desktop.core.i18n import N_
from crm_desktop.core.module import Invariant, Module, Permission
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
    invariants=(
        Invariant("documents.numbers", N_("The numbers of every series run from 1 without a hole")),
        Invariant("documents.dates", N_("Later numbers have no earlier dates")),
        Invariant("documents.stamps", N_("What is issued has its number, moment and person; nothing else has")),
        Invariant("documents.lines", N_("The value of every line follows from quantity, price and discount")),
        Invariant("documents.vat_rows", N_("The VAT rows follow from the lines")),
        Invariant("documents.totals", N_("The totals are the sums of the VAT rows")),
        Invariant("documents.snapshots", N_("Every issued document keeps its seller and its content's hash")),
        Invariant("documents.content", N_("Every issued document is as it was issued")),
        Invariant("documents.audit", N_("The history says who issued every document")),
        Invariant("documents.drafts", N_("Nothing of a draft is frozen")),
        Invariant("documents.costs", N_("The cost of every line is the purchase price of its day")),
        Invariant("documents.printed_once", N_("Every document with a receipt was printed exactly once")),
        Invariant("documents.of_prints", N_("Every printed receipt has its issued document")),
        Invariant("documents.receipt_sums", N_("Every receipt says the sum of its document")),
        Invariant("documents.sealed", N_("No document waits for its receipt for over an hour")),
        Invariant("documents.at_printer", N_("A document waits for its receipt exactly while the receipt is open")),
        Invariant("documents.buyers", N_("Every document says the same of its buyer everywhere")),
        Invariant("documents.orphans", N_("Everything of a document belongs to a record that is there")),
        Invariant("documents.closed_periods", N_("Closed periods are as they were when they were closed")),
    ),
    reacts={ReceiptPrinted: service.note_printed, ReceiptNotPrinted: service.note_not_printed},
)
