"""What a sales document is while it is typed, and what it is once issued. Values only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID


class State(StrEnum):
    """draft → issued; fiscal kinds draft → sealed → issued, or sealed → draft when nothing was printed (semantics M)."""

    DRAFT = "draft"
    SEALED = "sealed"
    ISSUED = "issued"


class Method(StrEnum):
    """How VAT is computed, a property of the document (semantics D): prices and values are net, or gross."""

    NET = "net"
    GROSS = "gross"


class Delivery(StrEnum):
    """Where the document stands towards KSeF."""

    OUTSIDE = "outside"
    WAITING = "waiting"
    NUMBERED = "numbered"
    REFUSED = "refused"


class PaymentForm(StrEnum):
    """How it is paid (FA(3) FormaPlatnosci)."""

    CASH = "cash"
    CARD = "card"
    TRANSFER = "transfer"


@dataclass(frozen=True)
class Kind:
    """A kind of document that an administrator defines (SAL-04). `series` is the code of its number series."""

    id: UUID
    code: str
    name: str
    name_en: str
    method: Method
    fiscal: bool
    buyer_required: bool
    ksef: bool = False
    payment: PaymentForm = PaymentForm.TRANSFER
    active: bool = True
    version: int = 0


@dataclass(frozen=True)
class Buyer:
    """The buyer as the document says it; a snapshot, not the card. `party_id` is None for an unnamed buyer of a receipt."""

    party_id: UUID | None = None
    name: str = ""
    nip: str = ""
    eu_vat: str = ""
    street: str = ""
    post_code: str = ""
    city: str = ""
    country: str = "PL"
    business: bool = True


@dataclass(frozen=True)
class Seller:
    """The seller as the document says it: the company, with the branch that issues."""

    name: str = ""
    nip: str = ""
    street: str = ""
    post_code: str = ""
    city: str = ""
    iban: str = ""
    branch: str = ""


@dataclass(frozen=True)
class Line:
    """One line. `price` is for one unit, in the document's basis (net or gross), up to 4 decimals; `discount` is per cent.

    item_id is None only while the line is not resolved to an item. `negotiated`: a person typed the price (padlock).
    """

    id: UUID
    item_id: UUID | None
    code: str
    name: str
    quantity: Decimal
    unit: str
    price: Decimal
    vat: str
    discount: Decimal = Decimal(0)
    negotiated: bool = False
    service: bool = False


@dataclass(frozen=True)
class Draft:
    """A document under the operator's hands: frozen, so that undo, "was it changed?" and tests are free.

    sale_date is the tax point. version is 0 until it was saved. currency is PLN until foreign documents come.
    """

    id: UUID
    kind: Kind
    branch_id: UUID
    issue_date: date
    sale_date: date
    due_date: date
    buyer: Buyer = field(default_factory=Buyer)
    payment: PaymentForm = PaymentForm.TRANSFER
    lines: tuple[Line, ...] = ()
    notes: str = ""
    currency: str = "PLN"
    version: int = 0


@dataclass(frozen=True)
class RateTotal:
    """Net, tax and gross of one VAT rate, to the grosz."""

    vat: str
    net: Decimal
    tax: Decimal
    gross: Decimal


@dataclass(frozen=True)
class LineAmounts:
    """What a line shows. `value` is the rounded line value in the document's basis after discount; net and gross columns
    add up to the rates' totals (spread, semantics D.3). `discount` is the discount's amount in the document's basis."""

    value: Decimal
    discount: Decimal
    net: Decimal
    tax: Decimal
    gross: Decimal


@dataclass(frozen=True)
class Totals:
    """The sums of a document; `rates` in the order of the rate's first line, `lines` as the draft's lines."""

    net: Decimal
    tax: Decimal
    gross: Decimal
    rates: tuple[RateTotal, ...]
    lines: tuple[LineAmounts, ...]


@dataclass(frozen=True)
class Document:
    """A stored document, issued or not, with all that its card and its print need."""

    draft: Draft
    state: State
    totals: Totals
    seller: Seller
    number: str = ""
    revision: int = 1
    delivery: Delivery = Delivery.OUTSIDE
    ksef_number: str = ""
    issued_at: datetime | None = None
    issued_by: str = ""
    receipt_number: str = ""
    device_number: str = ""
    printed_at: datetime | None = None


@dataclass(frozen=True)
class Issued:
    """The answer of issuing: the number that the document has for good."""

    id: UUID
    number: str
    version: int


@dataclass(frozen=True)
class Sealed:
    """The answer of sealing: the receipt waits at the device; no number yet."""

    id: UUID
    receipt_id: UUID
    version: int


@dataclass(frozen=True)
class HistoryEntry:
    """What somebody did with a document. act: entered, changed, sealed, issued, returned (nothing was printed).

    before, after: the header in stored texts by path ("buyer.name", "due_date"); lines: those that differ, each with what it "was"
    and "is", None where it was not there. rules/story.py makes changes of them.
    """

    at: datetime
    who: str
    act: str
    before: Mapping[str, str] = field(default_factory=dict)
    after: Mapping[str, str] = field(default_factory=dict)
    lines: Sequence[Mapping[str, Mapping[str, str] | None]] = ()


@dataclass(frozen=True)
class FoundDocument:
    """A document as the search box finds it; rank as in core/search.py. kind: the name of its kind."""

    id: UUID
    rank: int
    number: str
    kind: str
    state: str
    issue_date: date
    buyer_name: str
    gross: Decimal


@dataclass(frozen=True)
class DocumentRow:
    """One row of the list of documents. Amounts in PLN; `gross_cents` is the key that the server sorts by."""

    id: UUID
    number: str
    kind: str
    state: str
    delivery: str
    issue_date: date
    due_date: date
    buyer_name: str
    net: Decimal
    gross: Decimal
    gross_cents: int
    branch: str
    issued_by: str
    version: int
