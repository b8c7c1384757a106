"""Tables of documents. Employees write drafts only; state, number and who issued are in nobody's grants (sql/)."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Computed,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from crm_desktop.catalogue.tables import item
from crm_desktop.core.i18n import N_
from crm_desktop.db.columns import (
    Amount,
    Instant,
    Percent,
    Price,
    Quantity,
    cents_of,
    key,
    required_text,
    slice_metadata,
    version,
)
from crm_desktop.organisation.tables import branch, employee, number_series
from crm_desktop.parties.tables import party

METADATA = slice_metadata("documents")

kind = Table(
    "kind",
    METADATA,
    key(),
    required_text("code"),
    required_text("name"),
    required_text("name_en"),
    required_text("method", "net"),
    Column("fiscal", Boolean, nullable=False, server_default=text("false")),
    Column("buyer_required", Boolean, nullable=False, server_default=text("true")),
    Column("ksef", Boolean, nullable=False, server_default=text("false")),
    required_text("payment", "transfer"),
    required_text("series"),
    Column("active", Boolean, nullable=False, server_default=text("true")),
    version(),
    UniqueConstraint("code", name="kind_code_unique"),
    CheckConstraint("method in ('net', 'gross')", name="method_known"),
    CheckConstraint("payment in ('cash', 'card', 'transfer')", name="payment_known"),
    CheckConstraint("not fiscal or method = 'gross'", name="fiscal_is_gross"),
)

document = Table(
    "document",
    METADATA,
    key(),
    Column("kind_id", ForeignKey("documents.kind.id"), nullable=False),
    Column("branch_id", ForeignKey(branch.c.id), nullable=False),
    required_text("method"),
    Column("issue_date", Date, nullable=False),
    Column("sale_date", Date, nullable=False),
    Column("due_date", Date, nullable=False),
    Column("buyer_id", ForeignKey(party.c.id)),
    required_text("buyer_name", ""),
    Column("buyer", JSONB, nullable=False),
    required_text("payment"),
    required_text("notes", ""),
    required_text("currency", "PLN"),
    Column("net", Amount, nullable=False, server_default=text("0")),
    Column("tax", Amount, nullable=False, server_default=text("0")),
    Column("gross", Amount, nullable=False, server_default=text("0")),
    cents_of("net"),
    cents_of("gross"),
    Column("buyer_sort", Text, Computed("stable.sort_key(buyer_name)", persisted=True), nullable=False),
    Column(
        "search",
        Text,
        Computed("stable.search_text(coalesce(number, '') || ' ' || buyer_name)", persisted=True),
        nullable=False,
    ),
    required_text("state", "draft"),
    Column("number", Text),
    Column("series_id", ForeignKey(number_series.c.id)),
    Column("revision", Integer, nullable=False, server_default=text("1")),
    required_text("delivery", "outside"),
    Column("issued_at", Instant),
    Column("issued_by", ForeignKey(employee.c.id)),
    Column("made_by", Uuid, nullable=False),
    version(),
    UniqueConstraint("number", name="document_number_unique"),
    UniqueConstraint("id", "branch_id", name="document_branch_unique"),
    CheckConstraint("state in ('draft', 'sealed', 'issued')", name="state_known"),
    CheckConstraint("(state = 'issued') = (number is not null)", name="number_when_issued"),
    CheckConstraint("(state = 'issued') = (issued_at is not null and issued_by is not null)", name="issued_stamp"),
    CheckConstraint("payment in ('cash', 'card', 'transfer')", name="payment_known"),
    CheckConstraint("delivery in ('outside', 'waiting', 'numbered', 'refused')", name="delivery_known"),
    CheckConstraint("currency = 'PLN'", name="currency_pln"),
    CheckConstraint(
        "buyer ?& array['party_id', 'name', 'nip', 'eu_vat', 'street', 'post_code', 'city', 'country', 'business']", name="buyer_whole"
    ),
    CheckConstraint("method in ('net', 'gross')", name="method_known"),
    CheckConstraint("net + tax = gross", name="sums"),
)
Index("ix_document_issue_date", document.c.issue_date, document.c.id)
Index("ix_document_branch_issue_date", document.c.branch_id, document.c.issue_date, document.c.id)
Index("ix_document_gross_cents", document.c.gross_cents, document.c.id)
Index("ix_document_buyer", document.c.buyer_id)
Index("ix_document_buyer_sort", document.c.buyer_sort, document.c.id)
Index("ix_document_search", document.c.search, postgresql_using="gin", postgresql_ops={"search": "gin_trgm_ops"})

line = Table(
    "line",
    METADATA,
    Column("document_id", Uuid, primary_key=True),
    Column("revision", Integer, primary_key=True, server_default=text("1")),
    Column("position", Integer, primary_key=True),
    Column("id", Uuid, nullable=False),
    # Part of the key, so that a row tried beside a foreign document never meets one of its rows: the answer would tell of them.
    Column("branch_id", Uuid, primary_key=True),
    Column("item_id", ForeignKey(item.c.id)),
    required_text("code", ""),
    required_text("name"),
    Column("quantity", Quantity, nullable=False),
    required_text("unit"),
    Column("price", Price, nullable=False),
    Column("discount", Percent, nullable=False, server_default=text("0")),
    required_text("vat"),
    Column("negotiated", Boolean, nullable=False, server_default=text("false")),
    Column("service", Boolean, nullable=False, server_default=text("false")),
    Column("value", Amount, nullable=False),
    Column("discount_amount", Amount, nullable=False),
    Column("net", Amount, nullable=False),
    Column("tax", Amount, nullable=False),
    Column("gross", Amount, nullable=False),
    ForeignKeyConstraint(
        ["document_id", "branch_id"],
        ["documents.document.id", "documents.document.branch_id"],
        name="line_document_known",
        ondelete="CASCADE",
    ),
    CheckConstraint("discount between 0 and 100", name="discount_range"),
)
Index("ix_line_item", line.c.item_id)

vat_row = Table(
    "vat_row",
    METADATA,
    Column("document_id", Uuid, primary_key=True),
    Column("revision", Integer, primary_key=True, server_default=text("1")),
    Column("vat", Text, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("branch_id", Uuid, primary_key=True),
    Column("net", Amount, nullable=False),
    Column("tax", Amount, nullable=False),
    Column("gross", Amount, nullable=False),
    ForeignKeyConstraint(
        ["document_id", "branch_id"],
        ["documents.document.id", "documents.document.branch_id"],
        name="vat_row_document_known",
        ondelete="CASCADE",
    ),
    CheckConstraint("net + tax = gross", name="sums"),
)

revision = Table(
    "revision",
    METADATA,
    Column("document_id", Uuid, primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("branch_id", Uuid, nullable=False),
    Column("content_hash", LargeBinary, nullable=False),
    Column("seller", JSONB, nullable=False),
    Column("frozen_at", Instant, nullable=False, server_default=text("now()")),
    Column("frozen_by", Uuid, nullable=False),
    ForeignKeyConstraint(
        ["document_id", "branch_id"],
        ["documents.document.id", "documents.document.branch_id"],
        name="revision_document_known",
    ),
)

line_cost = Table(
    "line_cost",
    METADATA,
    Column("document_id", Uuid, primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("branch_id", Uuid, nullable=False),
    Column("cost", Price, nullable=False),
    required_text("source"),
)

closed_period = Table(
    "closed_period",
    METADATA,
    Column("branch_id", ForeignKey(branch.c.id), primary_key=True),
    Column("until", Date, primary_key=True),
    Column("after", Date),
    Column("documents", Integer, nullable=False),
    Column("content_hash", LargeBinary, nullable=False),
    Column("closed_at", Instant, nullable=False, server_default=text("now()")),
    Column("closed_by", Uuid),
)

MESSAGES = {
    "kind_code_unique": N_("Another kind of document has this code."),
    "kind_fiscal_is_gross": N_("A kind that is printed on a fiscal printer counts from gross prices."),
    "document_number_unique": N_("This number is given already; choose another series pattern."),
    "document_currency_pln": N_("Documents are in PLN."),
    "document_sums": N_("Net and VAT do not add up to gross."),
    "line_discount_range": N_("A discount is from 0 to 100 per cent."),
    "document_frozen": N_("An issued document is never changed; correct it with a correcting document."),
    "document_sealed": N_("This document waits for its receipt and cannot be changed now."),
    "document_not_draft": N_("This document is no longer a draft."),
    "document_needs_receipt": N_("A document of this kind is issued by its fiscal receipt."),
    "document_not_fiscal": N_("A document of this kind has no fiscal receipt."),
    "document_empty": N_("The document has no lines."),
    "line_value_wrong": N_("Line {line}: the value does not follow from quantity, price and discount."),
    "line_unresolved": N_("Line {line} names no item."),
    "line_quantity_zero": N_("Line {line}: the quantity must be above 0."),
    "vat_rows_wrong": N_("The VAT rows do not follow from the lines."),
    "totals_wrong": N_("The totals do not follow from the lines."),
    "vat_rate_unknown": N_("VAT rate {vat} does not hold on the sale date."),
    "vat_rate_used": N_("Documents have the rate {vat} with sale dates up to {day}; it must hold until then."),
    "issue_date_not_today": N_("The date of issue must be today ({today}); this document was begun on another day."),
    "issue_date_future": N_("The date of issue lies in the future."),
    "issue_date_backdated": N_("You have no right to issue with an earlier date; today is {today}."),
    "period_closed": N_("The branch is closed up to {closed_until}."),
    "period_sealed": N_("Documents up to {until} wait for their receipts; print or take them back first, then close the period."),
    "content_differs": N_("What is stored is not what you saw; open the document again."),
    "series_missing": N_("The branch has no number series {series}; an administrator must add it."),
    "buyer_required": N_("This kind of document needs a buyer."),
    "receipt_content_wrong": N_("The receipt does not follow from the document."),
    "receipt_not_printed": N_("The receipt of this document is not confirmed."),
}
