"""Reading documents: kinds, one document with all that its print needs, the receipt of a document."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import and_, bindparam, exists, func, not_, select, text

from crm_desktop.db.paging import Field, Paging, Sort, cents
from crm_desktop.db.rows import from_json
from crm_desktop.db.transaction import Answer, Transaction
from crm_desktop.documents.rules.model import (
    Buyer,
    Delivery,
    Document,
    DocumentRow,
    Draft,
    FoundDocument,
    HistoryEntry,
    Kind,
    Line,
    LineAmounts,
    Method,
    PaymentForm,
    RateTotal,
    Seller,
    State,
    Totals,
)
from crm_desktop.documents.tables import document, kind, line, revision, vat_row
from crm_desktop.fiscal.queries import ReceiptRow, ask_receipts
from crm_desktop.fiscal.tables import receipt, receipt_print
from crm_desktop.organisation.tables import branch, company, employee

_KIND = (
    kind.c.id,
    kind.c.code,
    kind.c.name,
    kind.c.name_en,
    kind.c.method,
    kind.c.fiscal,
    kind.c.buyer_required,
    kind.c.ksef,
    kind.c.payment,
    kind.c.active,
    kind.c.version,
)
_KINDS = select(*_KIND).order_by(kind.c.code)
_DOCUMENT = (
    select(
        document.c.branch_id,
        document.c.method,
        document.c.issue_date,
        document.c.sale_date,
        document.c.due_date,
        document.c.buyer,
        document.c.payment,
        document.c.notes,
        document.c.currency,
        document.c.net,
        document.c.tax,
        document.c.gross,
        document.c.state,
        func.coalesce(document.c.number, ""),
        document.c.revision,
        document.c.delivery,
        document.c.issued_at,
        func.coalesce(employee.c.name, ""),
        document.c.version,
        func.coalesce(
            revision.c.seller,
            func.jsonb_build_object(
                "name",
                company.c.name,
                "nip",
                company.c.nip,
                "street",
                company.c.street,
                "post_code",
                company.c.post_code,
                "city",
                company.c.city,
                "iban",
                company.c.iban,
                "branch",
                branch.c.name,
            ),
        ),
        receipt_print.c.receipt_number,
        receipt_print.c.device_number,
        receipt_print.c.printed_at,
        *_KIND,
    )
    .join(kind, kind.c.id == document.c.kind_id)
    .join(branch, branch.c.id == document.c.branch_id)
    .join(company, company.c.one == 1)
    .outerjoin(employee, employee.c.id == document.c.issued_by)
    .outerjoin(revision, (revision.c.document_id == document.c.id) & (revision.c.revision == document.c.revision))
    .outerjoin(receipt, (receipt.c.holder_id == document.c.id) & (receipt.c.state == "printed"))
    .outerjoin(receipt_print, receipt_print.c.receipt_id == receipt.c.id)
    .where(document.c.id == bindparam("key"))
)
_later = receipt.alias("later")
_UNPRINTED = and_(
    receipt.c.sealed_by == bindparam("me"),
    receipt.c.state == "not_printed",
    receipt.c.message != "withdrawn",
    receipt.c.sealed_at > func.now() - text("interval '1 day'"),
    exists().where(document.c.id == receipt.c.holder_id, document.c.state == State.DRAFT.value),
    not_(exists().where(_later.c.holder_id == receipt.c.holder_id, _later.c.number > receipt.c.number)),
)
_LINES = (
    select(
        line.c.id,
        line.c.item_id,
        line.c.code,
        line.c.name,
        line.c.quantity,
        line.c.unit,
        line.c.price,
        line.c.vat,
        line.c.discount,
        line.c.negotiated,
        line.c.service,
        line.c.value,
        line.c.discount_amount,
        line.c.net,
        line.c.tax,
        line.c.gross,
    )
    .join(document, (document.c.id == line.c.document_id) & (document.c.revision == line.c.revision))
    .where(line.c.document_id == bindparam("key"))
    .order_by(line.c.position)
)
_VAT_ROWS = (
    select(vat_row.c.vat, vat_row.c.net, vat_row.c.tax, vat_row.c.gross)
    .join(document, (document.c.id == vat_row.c.document_id) & (document.c.revision == vat_row.c.revision))
    .where(vat_row.c.document_id == bindparam("key"))
    .order_by(vat_row.c.position)
)
_CLOSED = select(branch.c.closed_until).where(branch.c.id == bindparam("key"))
_RECEIPT = select(receipt.c.id).where(receipt.c.holder_id == bindparam("key")).order_by(receipt.c.number.desc()).limit(1)


def list_kinds(tx: Transaction) -> list[Kind]:
    """Every kind of document, by code."""
    return tx.ask(_KINDS, into=_kind).all()


def get_document(tx: Transaction, document_id: UUID) -> Document:
    """One document with lines, sums and what is known of its print. One round trip. Raises NotFound."""
    key = {"key": document_id}
    header, lines, rates = tx.ask(_DOCUMENT, key), tx.ask(_LINES, key), tx.ask(_VAT_ROWS, key, RateTotal)
    (
        branch_id,
        method,
        issue,
        sale,
        due,
        buyer,
        payment,
        notes,
        currency,
        net,
        tax,
        gross,
        state,
        number,
        rev,
        delivery,
        issued_at,
        issued_by,
        version,
        seller,
        receipt_number,
        device_number,
        printed_at,
        *kind_columns,
    ) = header.one()
    rows = lines.all()
    draft = Draft(
        document_id,
        _kind(*kind_columns),
        branch_id,
        issue,
        sale,
        due,
        from_json(Buyer, buyer),
        PaymentForm(payment),
        tuple(Line(*row[:11]) for row in rows),
        notes,
        currency,
        version,
    )
    totals = Totals(net, tax, gross, tuple(rates.all()), tuple(LineAmounts(*row[11:]) for row in rows))
    return Document(
        draft,
        State(state),
        totals,
        from_json(Seller, seller),
        number,
        rev,
        Delivery(delivery),
        "",
        issued_at,
        issued_by,
        "" if receipt_number is None else str(receipt_number),
        device_number or "",
        printed_at,
    )


def open_document(tx: Transaction, document_id: UUID) -> tuple[Document, list[HistoryEntry]]:
    """One document, and who did what with it, oldest first. One round trip. Raises NotFound."""
    history = tx.call("document_history", document_id, into=HistoryEntry)
    return get_document(tx, document_id), history.all()


def list_history(tx: Transaction, document_id: UUID) -> list[HistoryEntry]:
    """Who did what with a document of her branches, oldest first; empty for any other."""
    history: list[HistoryEntry] = tx.call("document_history", document_id, into=HistoryEntry).all()
    return history


def ask_documents(tx: Transaction, text: str, most: int, forgiving: bool = False) -> Answer[FoundDocument]:
    """For the search box: documents of her branches by number, buyer and the buyer's NIP; forgiving: buyers with typing errors instead."""
    return tx.call("find_documents", text, most, forgiving, into=FoundDocument)


def find_receipt_of(tx: Transaction, document_id: UUID) -> UUID | None:
    """The latest fiscal receipt of a document, printed or not."""
    return tx.ask(_RECEIPT, {"key": document_id}).maybe()


def list_unprinted(tx: Transaction) -> list[ReceiptRow]:
    """What she herself sent to a printer within a day and was not printed, as long as the document is still a draft."""
    return ask_receipts(tx, _UNPRINTED, {"me": tx.who.employee_id}).all()


def ask_closed_until(tx: Transaction, branch_id: UUID) -> Answer[date | None]:
    """The branch's closing date."""
    return tx.ask(_CLOSED, {"key": branch_id})


def _kind(
    key: UUID,
    code: str,
    name: str,
    name_en: str,
    method: str,
    fiscal: bool,
    buyer_required: bool,
    ksef: bool,
    payment: str,
    active: bool,
    version: int,
) -> Kind:
    return Kind(key, code, name, name_en, Method(method), fiscal, buyer_required, ksef, PaymentForm(payment), active, version)


DOCUMENTS = Paging(
    select(
        document.c.id,
        func.coalesce(document.c.number, ""),
        kind.c.name,
        document.c.state,
        document.c.delivery,
        document.c.issue_date,
        document.c.due_date,
        document.c.buyer_name,
        document.c.net,
        document.c.gross,
        document.c.gross_cents,
        branch.c.code,
        func.coalesce(employee.c.name, ""),
        document.c.version,
    )
    .join(kind, kind.c.id == document.c.kind_id)
    .join(branch, branch.c.id == document.c.branch_id)
    .outerjoin(employee, employee.c.id == document.c.issued_by),
    DocumentRow,
    id=document.c.id,
    fields={
        "number": Field(func.coalesce(document.c.number, "")),
        "kind": Field(kind.c.name),
        "state": Field(document.c.state),
        "delivery": Field(document.c.delivery),
        "issue_date": Field(document.c.issue_date),
        "due_date": Field(document.c.due_date),
        "buyer_name": Field(document.c.buyer_name, sort=document.c.buyer_sort),
        "buyer": Field(document.c.buyer_id),
        "net": cents(document.c.net_cents),
        "gross": cents(document.c.gross_cents),
        "branch": Field(branch.c.code),
        "issued_by": Field(func.coalesce(employee.c.name, "")),
    },
    default=(Sort("issue_date", descending=True),),
    sums=("net", "gross"),
    lookup="search_documents",
)
"""The list of documents of her branches."""


@dataclass(frozen=True)
class KindRow:
    """A kind of document in the list."""

    id: UUID
    code: str
    name: str
    series: str
    method: str
    fiscal: bool
    buyer_required: bool
    ksef: bool
    active: bool


KINDS = Paging(
    select(
        kind.c.id,
        kind.c.code,
        kind.c.name,
        kind.c.series,
        kind.c.method,
        kind.c.fiscal,
        kind.c.buyer_required,
        kind.c.ksef,
        kind.c.active,
    ),
    KindRow,
    id=kind.c.id,
    fields={
        "code": Field(kind.c.code),
        "name": Field(kind.c.name, sort=func.stable.sort_key(kind.c.name)),
        "series": Field(kind.c.series),
        "method": Field(kind.c.method),
        "fiscal": Field(kind.c.fiscal),
        "buyer_required": Field(kind.c.buyer_required),
        "ksef": Field(kind.c.ksef),
        "active": Field(kind.c.active),
    },
    default=(Sort("code"),),
)
"""The list of kinds."""

_ONE_KIND = select(kind.c.series, *_KIND).where(kind.c.id == bindparam("key"))


def get_kind(tx: Transaction, kind_id: UUID) -> tuple[Kind, str]:
    """A kind and the code of its number series. Raises NotFound."""
    series, *columns = tx.ask(_ONE_KIND, {"key": kind_id}).one()
    return _kind(*columns), series
