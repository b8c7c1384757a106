"""A fiscal receipt as one immutable value. Money is an integer number of grosze (1/100 PLN) everywhere."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from crm_desktop.core.rounding import exact, r2

LETTERS = "ABCDEFG"
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class Pay(StrEnum):
    """Kinds of payment that printers know."""

    CASH = "cash"
    CARD = "card"
    CHEQUE = "cheque"
    COUPON = "coupon"
    CREDIT = "credit"
    OTHER = "other"
    VOUCHER = "voucher"
    TRANSFER = "transfer"
    MOBILE = "mobile"
    ACCOUNT = "account"


def line_value(price: int, quantity: Decimal) -> int:
    """Price × quantity in grosze, a tie rounded up, as the devices compute it (semantics M.5).

    >>> line_value(349, Decimal("1.235")), line_value(1290, Decimal("0.755"))
    (431, 974)
    """
    with exact():
        return int(r2(Decimal(price) * quantity / 100) * 100)


@dataclass(frozen=True)
class Line:
    """One sold thing.

    name: as printed (cleaned, names.py). letter: A–G of the device; rate: the catalogue code behind it ("23", "zw"),
    compared with the device again before printing ("" = not compared). price: gross unit price. value: price × quantity
    before the discount. discount: taken off the value, ≥ 0; discount_name is printed beside it (≤ 25 characters).
    """

    name: str
    letter: str
    price: int
    quantity: Decimal
    value: int
    unit: str = ""
    discount: int = 0
    discount_name: str = ""
    rate: str = ""

    @property
    def total(self) -> int:
        """What the buyer pays for the line."""
        return self.value - self.discount


@dataclass(frozen=True)
class Deposit:
    """Returnable packaging: charged with the sale, or given back to the buyer. Never a VAT line (VAT act, art. 29a)."""

    price: int
    quantity: int
    returned: bool = False
    name: str = ""

    @property
    def value(self) -> int:
        """Price × quantity in grosze."""
        return self.price * self.quantity


@dataclass(frozen=True)
class Payment:
    """Money handed over; for cash that may be more than due (the receipt's `change` says by how much)."""

    kind: Pay
    amount: int
    name: str = ""


@dataclass(frozen=True)
class Receipt:
    """What is to be printed. system_number: our own key on the paper (≤ 30 characters, see `system_number`).

    totals: gross per letter A–G after all discounts; due: what the buyer pays, deposits included; change: cash given
    back. These three repeat what follows from the lines, on purpose: check.py compares them before the first byte.
    """

    system_number: str
    lines: tuple[Line, ...]
    payments: tuple[Payment, ...]
    totals: tuple[int, ...]
    due: int
    change: int = 0
    deposits: tuple[Deposit, ...] = ()
    buyer_nip: str = ""
    cashier: str = ""
    till: str = ""

    @property
    def fiscal(self) -> int:
        """The sum of the sale without deposits."""
        return sum(self.totals)

    @property
    def charged(self) -> int:
        """Deposits charged."""
        return sum(deposit.value for deposit in self.deposits if not deposit.returned)

    @property
    def returned(self) -> int:
        """Deposits given back."""
        return sum(deposit.value for deposit in self.deposits if deposit.returned)

    @property
    def paid(self) -> int:
        """All payments, before change."""
        return sum(payment.amount for payment in self.payments)

    def to_json(self) -> dict[str, Any]:
        """Plain values for a jsonb column; `from_json` gives back an equal receipt."""
        return {
            "system_number": self.system_number,
            "lines": [{**vars(line), "quantity": str(line.quantity)} for line in self.lines],
            "deposits": [dict(vars(deposit)) for deposit in self.deposits],
            "payments": [{**vars(payment), "kind": payment.kind.value} for payment in self.payments],
            "totals": dict(zip(LETTERS, self.totals, strict=True)),
            "due": self.due,
            "change": self.change,
            "buyer_nip": self.buyer_nip,
            "cashier": self.cashier,
            "till": self.till,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """The receipt written by `to_json`. Raises KeyError or ValueError on anything else."""
        return cls(
            system_number=data["system_number"],
            lines=tuple(Line(**{**line, "quantity": Decimal(line["quantity"])}) for line in data["lines"]),
            deposits=tuple(Deposit(**deposit) for deposit in data["deposits"]),
            payments=tuple(Payment(**{**payment, "kind": Pay(payment["kind"])}) for payment in data["payments"]),
            totals=tuple(data["totals"][letter] for letter in LETTERS),
            due=data["due"],
            change=data["change"],
            buyer_nip=data["buyer_nip"],
            cashier=data["cashier"],
            till=data["till"],
        )


def receipt_of(
    system_number: str,
    lines: list[Line],
    payments: list[Payment],
    *,
    deposits: list[Deposit] | None = None,
    buyer_nip: str = "",
    cashier: str = "",
    till: str = "",
) -> Receipt:
    """A receipt with totals, due and change computed: due = lines + deposits charged − returned; change = paid − due,
    never below 0. Whether it may be printed is check.py's question."""
    totals = tuple(sum(line.total for line in lines if line.letter == letter) for letter in LETTERS)
    packs = tuple(deposits or ())
    due = sum(totals) + sum(-pack.value if pack.returned else pack.value for pack in packs)
    change = max(0, sum(payment.amount for payment in payments) - due)
    return Receipt(system_number, tuple(lines), tuple(payments), totals, due, change, packs, buyer_nip, cashier, till)


def sold(
    name: str,
    letter: str,
    price: int,
    quantity: Decimal | int = 1,
    *,
    unit: str = "",
    discount: int = 0,
    discount_name: str = "",
    rate: str = "",
) -> Line:
    """A line with its value computed by `line_value`."""
    amount = Decimal(quantity)
    return Line(name, letter, price, amount, line_value(price, amount), unit, discount, discount_name, rate)


def system_number(key: UUID) -> str:
    """A UUID in 26 characters (Crockford's base 32), since printers take at most 30.

    >>> system_number(UUID(int=33))
    '00000000000000000000000011'
    """
    digits, value = [], key.int
    for _ in range(26):
        value, digit = divmod(value, 32)
        digits.append(CROCKFORD[digit])
    return "".join(reversed(digits))


@dataclass(frozen=True)
class Numbers:
    """The permanent key of a printed receipt. The receipt number alone repeats after every daily report.

    unique: the device's unique number; daily_report: the report that the receipt belongs to (done ones + 1);
    document: number in the device's protected memory, None where another document hid it; device_time: the device's
    clock at the sale, "yyyy-mm-ddThh:mm".
    """

    unique: str
    receipt: int
    daily_report: int
    document: int | None
    device_time: str

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return dict(vars(self))

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """From plain values."""
        return cls(**data)


@dataclass(frozen=True)
class Counters:
    """What a device counts, at one moment.

    unique, resets (of its memory), reports done, completed receipts `bn`, cancelled `bc`, last number `bt`, heads `hn`;
    day_totals per letter, day_receipts and day_cancelled since the last report; document: number of the last receipt in
    protected memory; document_any: of the last document; daily_numbers: whether numbering restarts with each report;
    last_sale and clock: "yyyy-mm-ddThh:mm", last_sale "" when there was none since the report.
    """

    unique: str
    resets: int
    reports: int
    completed: int
    cancelled: int
    last_number: int
    headers: int
    day_totals: tuple[int, ...]
    day_receipts: int
    day_cancelled: int
    document: int
    document_any: int
    daily_numbers: bool
    last_sale: str
    clock: str

    def to_json(self) -> dict[str, Any]:
        """Plain values for a jsonb column."""
        return {**vars(self), "day_totals": list(self.day_totals)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """From plain values."""
        return cls(**{**data, "day_totals": tuple(data["day_totals"])})


@dataclass(frozen=True)
class DayReport:
    """A daily report as the device stored it: receipts, totals per letter, cancelled receipts, date of the report."""

    number: int
    receipts: int
    totals: tuple[int, ...]
    cancelled: int
    date: str = ""

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return {**vars(self), "totals": list(self.totals)}


@dataclass(frozen=True)
class Observed:
    """What recovery read: the counters, the transaction state, the last receipt's figures.

    transaction: 0 none, 16 receipt, 17 receipt in block mode, 33 invoice, 48 packaging; open: the device says so too;
    footer_open: fiscal part done, footer still open; last_*: of the open or else the last receipt; held_elsewhere: the
    transaction belongs to another interface of the device; report: the stored daily report when exactly one was made.
    """

    counters: Counters
    transaction: int = 0
    open: bool = False
    footer_open: bool = False
    last_totals: tuple[int, ...] = (0,) * 7
    last_paid: int = 0
    last_change: int = 0
    last_charged: int = 0
    last_returned: int = 0
    held_elsewhere: bool = False
    report: DayReport | None = field(default=None)

    def to_json(self) -> dict[str, Any]:
        """Plain values, for the evidence beside the job."""
        return {
            **vars(self),
            "counters": self.counters.to_json(),
            "last_totals": list(self.last_totals),
            "report": self.report.to_json() if self.report else None,
        }
