"""Changing documents: save a draft, issue, seal for the fiscal printer, throw a draft away.

Every function checks by the same pure rules as the editor, writes own tables, and leaves the transition to a guarded function of the
database, sent in one message with COMMIT.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import bindparam, delete, insert, update

from crm_desktop.catalogue.queries import ask_rates
from crm_desktop.core.errors import Conflict, Refused, refuse_if
from crm_desktop.core.problem import Problem
from crm_desktop.db.keys import new_id
from crm_desktop.db.rows import to_json
from crm_desktop.db.transaction import Answer, Transaction
from crm_desktop.documents.queries import ask_closed_until, get_document
from crm_desktop.documents.rules.content import content_hash
from crm_desktop.documents.rules.model import Draft, Issued, Kind, Sealed, State, Totals
from crm_desktop.documents.rules.receipt import receipt_of
from crm_desktop.documents.rules.totals import totals
from crm_desktop.documents.rules.validity import check, percents
from crm_desktop.documents.tables import MESSAGES, document, kind, line, vat_row
from crm_desktop.fiscal.queries import ask_rate_table
from crm_desktop.fiscal.rules.check import check_receipt
from crm_desktop.fiscal.rules.events import ReceiptNotPrinted, ReceiptPrinted

_HEADER = (
    "kind_id",
    "method",
    "issue_date",
    "sale_date",
    "due_date",
    "buyer_id",
    "buyer_name",
    "buyer",
    "payment",
    "notes",
    "currency",
    "net",
    "tax",
    "gross",
)
_NEW = insert(document).values({name: bindparam(name) for name in ("id", "branch_id", *_HEADER)}).returning(document.c.version)
_CHANGED = (
    update(document)
    .where(document.c.id == bindparam("key"), document.c.version == bindparam("known"))
    .values({name: bindparam(name) for name in _HEADER})
    .returning(document.c.version)
)
_NO_LINES = delete(line).where(line.c.document_id == bindparam("key"))
_NO_VAT_ROWS = delete(vat_row).where(vat_row.c.document_id == bindparam("key"))
_GONE = delete(document).where(document.c.id == bindparam("key"), document.c.version == bindparam("known")).returning(document.c.id)
_KIND_FIELDS = ("code", "name", "name_en", "method", "fiscal", "buyer_required", "ksef", "payment", "series", "active")
_NEW_KIND = insert(kind).values({name: bindparam(name) for name in ("id", *_KIND_FIELDS)}).returning(kind.c.version)
_CHANGED_KIND = (
    update(kind)
    .where(kind.c.id == bindparam("key"), kind.c.version == bindparam("known"))
    .values({name: bindparam(name) for name in _KIND_FIELDS})
    .returning(kind.c.version)
)


@dataclass(frozen=True)
class Saved:
    """The answer of saving: the record and its version now."""

    id: UUID
    version: int


def save_draft(tx: Transaction, draft: Draft) -> Saved:
    """Store a draft as it is, whatever is still wrong with it. Raises Conflict, NotAllowed; Refused once it is frozen."""
    amounts = totals(draft, percents(ask_rates(tx).all(), draft.sale_date))
    version = _write(tx, draft, amounts).maybe()
    if version is None:
        raise Conflict("documents.document", draft.id)
    return Saved(draft.id, version)


def issue_invoice(tx: Transaction, draft: Draft) -> Issued:
    """Issue a document of a kind without receipt: all checks, number, freeze. Raises Refused with all problems, Conflict, NotAllowed."""
    asked, closed = ask_rates(tx), ask_closed_until(tx, draft.branch_id)
    rates = asked.all()
    refuse_if(check(draft, rates, tx.today, closed.one()))
    amounts = totals(draft, percents(rates, draft.sale_date))
    _write(tx, draft, amounts)
    seen = (draft.id, draft.version + 1, content_hash(draft, amounts))
    return tx.last(Issued, "issue_document", *seen, gives=("number", "version"), id=draft.id)


def seal_receipt(tx: Transaction, draft: Draft, device_id: UUID) -> Sealed:
    """Freeze a document of a fiscal kind and put its receipt in the queue of a printer (semantics M.1); no number yet.

    Raises Refused: problems of the document, or of the receipt on this printer (rates, names), Conflict, NotAllowed.
    """
    asked, closed, device = ask_rates(tx), ask_closed_until(tx, draft.branch_id), ask_rate_table(tx, device_id)
    rates = asked.all()
    table = device.one()
    refuse_if(check(draft, rates, tx.today, closed.one()))
    amounts = totals(draft, percents(rates, draft.sale_date))
    receipt_id = new_id()
    receipt = receipt_of(draft, amounts, table, receipt_id, cashier=tx.who.name)
    refuse_if(check_receipt(receipt, table))
    _write(tx, draft, amounts)
    seen = (draft.id, draft.version + 1, content_hash(draft, amounts), receipt_id, device_id, receipt.to_json())
    return tx.last(Sealed, "seal_document", *seen, gives=("version",), id=draft.id, receipt_id=receipt_id)


def seal_again(tx: Transaction, document_id: UUID, device_id: UUID) -> Sealed:
    """Send a stored draft to a printer once more, as it is: its receipt was not printed. Raises as `seal_receipt`; Refused once frozen."""
    found = get_document(tx, document_id)
    if found.state is not State.DRAFT:
        raise Refused(Problem("document_not_draft", "", MESSAGES["document_not_draft"]))
    return seal_receipt(tx, found.draft, device_id)


def discard_draft(tx: Transaction, document_id: UUID, version: int) -> None:
    """Throw a draft away. Raises Conflict; Refused once it is frozen."""
    if tx.ask(_GONE, {"key": document_id, "known": version}).maybe() is None:
        raise Conflict("documents.document", document_id)


def save_kind(tx: Transaction, changed: Kind, series: str) -> Saved:
    """Store a kind of document; `series` is the code of the number series that each branch has for it (SAL-04)."""
    values = {
        "code": changed.code,
        "name": changed.name,
        "name_en": changed.name_en,
        "method": changed.method.value,
        "fiscal": changed.fiscal,
        "buyer_required": changed.buyer_required,
        "ksef": changed.ksef,
        "payment": changed.payment.value,
        "series": series,
        "active": changed.active,
    }
    if changed.version == 0:
        return Saved(changed.id, tx.ask(_NEW_KIND, {**values, "id": changed.id}).one())
    version = tx.ask(_CHANGED_KIND, {**values, "key": changed.id, "known": changed.version}).maybe()
    if version is None:
        raise Conflict("documents.kind", changed.id)
    return Saved(changed.id, version)


def note_printed(tx: Transaction, event: ReceiptPrinted) -> None:
    """A confirmed print issues its document, in the transaction that records it."""
    tx.call("issue_printed", event.receipt_id)


def note_not_printed(tx: Transaction, event: ReceiptNotPrinted) -> None:
    """Proven not printed: the document is a draft again."""
    tx.call("unseal", event.receipt_id)


def _write(tx: Transaction, draft: Draft, amounts: Totals) -> Answer[int]:
    """Queue the header, its lines and VAT rows; the answer is the header's version, none where somebody was faster."""
    buyer = draft.buyer
    header = {
        "kind_id": draft.kind.id,
        "method": draft.kind.method.value,
        "issue_date": draft.issue_date,
        "sale_date": draft.sale_date,
        "due_date": draft.due_date,
        "buyer_id": buyer.party_id,
        "buyer_name": buyer.name,
        "buyer": to_json(buyer),
        "payment": draft.payment.value,
        "notes": draft.notes,
        "currency": draft.currency,
        "net": amounts.net,
        "tax": amounts.tax,
        "gross": amounts.gross,
    }
    if draft.version == 0:
        version = tx.ask(_NEW, {**header, "id": draft.id, "branch_id": draft.branch_id})
    else:
        tx.call("expect_version", draft.id, draft.version)
        version = tx.ask(_CHANGED, {**header, "key": draft.id, "known": draft.version})
        tx.run(_NO_LINES, {"key": draft.id})
        tx.run(_NO_VAT_ROWS, {"key": draft.id})
    own = {"document_id": draft.id, "branch_id": draft.branch_id}
    tx.insert(
        line,
        [
            {
                **own,
                "position": place,
                "id": row.id,
                "item_id": row.item_id,
                "code": row.code,
                "name": row.name,
                "quantity": row.quantity,
                "unit": row.unit,
                "price": row.price,
                "discount": row.discount,
                "vat": row.vat,
                "negotiated": row.negotiated,
                "service": row.service,
                "value": sums.value,
                "discount_amount": sums.discount,
                "net": sums.net,
                "tax": sums.tax,
                "gross": sums.gross,
            }
            for place, (row, sums) in enumerate(zip(draft.lines, amounts.lines, strict=True), 1)
        ],
    )
    tx.insert(
        vat_row,
        [
            {**own, "vat": rate.vat, "position": place, "net": rate.net, "tax": rate.tax, "gross": rate.gross}
            for place, rate in enumerate(amounts.rates, 1)
        ],
    )
    return version
