"""Two years of sales: documents as operators would have issued them, by the same pure rules as the editor."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import accumulate
from uuid import UUID

from crm_desktop.catalogue.rules.model import Item, ItemChoice
from crm_desktop.core.period import WARSAW
from crm_desktop.core.rounding import r2
from crm_desktop.demo.numbers import Numbers
from crm_desktop.demo.staff import Staff
from crm_desktop.documents.rules.changes import line_of, with_buyer, with_payment
from crm_desktop.documents.rules.model import Buyer, Draft, Kind, Line, Method, PaymentForm, Totals
from crm_desktop.documents.rules.receipt import prepare_receipt
from crm_desktop.documents.rules.totals import totals
from crm_desktop.fiscal.rules.model import Numbers as Printed
from crm_desktop.fiscal.rules.model import Receipt
from crm_desktop.fiscal.rules.rates import RateTable
from crm_desktop.organisation.rules.model import Employee
from crm_desktop.organisation.rules.numbering import number_text, period_of
from crm_desktop.parties.rules.model import Party, PartyChoice, PartyKind

#: Shops are open from 8 to 18; the last sale of a day is well before midnight.
OPENS, SECONDS_OPEN = time(8), 36_000
#: Monday to Sunday.
WEEK = (10, 10, 11, 11, 13, 6, 0)
#: Days on which shops are shut by law (act of 18 January 1951), as far as they have a fixed date: month and day.
HOLIDAYS = {(1, 1), (1, 6), (5, 1), (5, 3), (8, 15), (11, 1), (11, 11), (12, 24), (12, 25), (12, 26)}
#: January to December: the building season is the high one.
SEASON = (7, 7, 9, 10, 11, 11, 10, 10, 11, 10, 9, 10)


@dataclass(frozen=True)
class Series:
    """A number series of a branch for one kind, as founding made it."""

    id: UUID
    pattern: str
    restart: str


@dataclass(frozen=True)
class Print:
    """A receipt that the device confirmed."""

    id: UUID
    device_id: UUID
    content: Receipt
    numbers: Printed


@dataclass(frozen=True)
class Sale:
    """An issued document with all that freezing and printing adds to it."""

    draft: Draft
    totals: Totals
    number: str
    series_id: UUID
    period: str
    counted: int
    seller: Employee
    issued_at: datetime
    print: Print | None


@dataclass(frozen=True)
class Shop:
    """What is sold, to whom, and how it is numbered: `series` by branch and code."""

    staff: Staff
    items: tuple[Item, ...]
    parties: tuple[Party, ...]
    kinds: Mapping[str, Kind]
    series: Mapping[tuple[UUID, str], Series]
    percents: Mapping[str, Decimal | None]


def sales(shop: Shop, count: int, first: date, last: date, chance: random.Random, numbers: Numbers) -> Iterator[Sale]:
    """`count` issued documents from `first` to `last` in the order of their numbers, dates never falling within a counter."""
    choose = _Choices(shop, chance)
    counters: dict[tuple[UUID, str], int] = {}
    memories: dict[UUID, _Memory] = {}
    codes = {branch.id: branch.code for branch in shop.staff.branches}
    tables = {branch_id: RateTable.from_json(device.rates) for branch_id, device in shop.staff.printers.items()}
    for branch_id, issued_at in _moments(shop.staff, count, first, last, chance):
        seller = chance.choice(shop.staff.sellers[branch_id])
        kind = shop.kinds[chance.choices(("FS", "PAR", "FD"), (55, 35, 10))[0]]
        draft = choose.draft(kind, branch_id, issued_at, numbers)
        amounts = totals(draft, shop.percents)
        series = shop.series[branch_id, kind.code]
        period = period_of(draft.issue_date, series.restart)
        counted = counters.get((series.id, period), 0) + 1
        counters[series.id, period] = counted
        number = number_text(series.pattern, counted, draft.issue_date, codes[branch_id])
        printed = None
        if kind.fiscal:
            device = shop.staff.printers[branch_id]
            memory = memories.setdefault(device.id, _Memory(f"ZBF 24{len(memories) + 1:08}"))
            receipt_id = numbers.key(issued_at)
            prepared = prepare_receipt(draft, amounts, tables[branch_id], receipt_id, cashier=seller.name).receipt
            if prepared is None:
                raise ValueError(f"the receipt of {number} cannot be printed")
            printed = Print(receipt_id, device.id, prepared, memory.sell(issued_at))
        yield Sale(draft, amounts, number, series.id, period, counted, seller, issued_at, printed)


def drafts(shop: Shop, count: int, today: date, chance: random.Random, numbers: Numbers) -> Iterator[tuple[Draft, Totals, Employee]]:
    """Invoices that somebody began today and has not issued yet; spread over the branches in turn."""
    choose = _Choices(shop, chance)
    for place in range(count):
        branch = shop.staff.branches[place % len(shop.staff.branches)]
        draft = choose.draft(shop.kinds["FS"], branch.id, datetime.combine(today, OPENS, WARSAW), numbers)
        draft = replace(draft, sale_date=today)
        yield draft, totals(draft, shop.percents), chance.choice(shop.staff.sellers[branch.id])


class _Memory:
    """What a device counted: daily reports, receipts of the day, documents."""

    def __init__(self, unique: str) -> None:
        self._unique, self._day, self._reports, self._receipts, self._documents = unique, date.min, 0, 0, 0

    def sell(self, when: datetime) -> Printed:
        if when.date() != self._day:
            self._day, self._receipts, self._reports = when.date(), 0, self._reports + 1
            self._documents += 1  # yesterday's report has a number of its own
        self._receipts += 1
        self._documents += 1
        return Printed(self._unique, self._receipts, self._reports, self._documents, when.strftime("%Y-%m-%dT%H:%M"))


def _moments(staff: Staff, count: int, first: date, last: date, chance: random.Random) -> list[tuple[UUID, datetime]]:
    """Branch and moment of each sale, in the order of time; the first branches are the busy ones, and business grows."""
    days = [first + timedelta(days=step) for step in range((last - first).days + 1)]
    weights = [
        0 if (day.month, day.day) in HOLIDAYS else WEEK[day.weekday()] * SEASON[day.month - 1] * (1000 + step)
        for step, day in enumerate(days)
    ]
    shares = [len(staff.branches) + 4 - place for place in range(len(staff.branches))]
    when = chance.choices(days, cum_weights=list(accumulate(weights)), k=count)
    where = chance.choices(staff.branches, shares, k=count)
    moments = [
        (datetime.combine(day, OPENS, WARSAW) + timedelta(seconds=chance.randrange(SECONDS_OPEN)), place, branch.id)
        for place, (day, branch) in enumerate(zip(when, where, strict=True))
    ]
    return [(branch_id, moment) for moment, _, branch_id in sorted(moments)]


class _Choices:
    """Who buys what: a few customers and goods make most of the sales."""

    def __init__(self, shop: Shop, chance: random.Random) -> None:
        self._chance = chance
        self._items = tuple(_choice(item) for item in shop.items)
        self._popularity = list(accumulate(1000 // (10 + place) + 1 for place in range(len(self._items))))
        branches = [branch.id for branch in shop.staff.branches]
        self._at_home: dict[tuple[UUID, bool], list[PartyChoice]] = {}
        for place, party in enumerate(shop.parties):
            key = (branches[place % len(branches)], party.kind is PartyKind.COMPANY)
            self._at_home.setdefault(key, []).append(_party(party))
        self._anybody = [_party(party) for party in shop.parties if party.kind is PartyKind.COMPANY]

    def draft(self, kind: Kind, branch_id: UUID, moment: datetime, numbers: Numbers) -> Draft:
        chance, day = self._chance, moment.date()
        buyer = self._buyer(kind, branch_id)
        draft = Draft(numbers.key(moment), kind, branch_id, day, day, day, payment=self._payment(kind))
        draft = with_buyer(draft, buyer)
        if kind.code == "PAR" and buyer is not None:
            # A receipt names its buyer by the tax number only.
            draft = replace(draft, buyer=Buyer(None, "", buyer.nip, business=True))
        draft = with_payment(draft, draft.payment, buyer.payment_days if buyer else 0)
        if kind.method is Method.NET and chance.randrange(12) == 0 and day.day > 3:
            draft = replace(draft, sale_date=day - timedelta(days=chance.randint(1, 3)))
        most = {"FS": 8, "FD": 5, "PAR": 4}[kind.code]
        count = chance.randint(30, 60) if kind.code == "FS" and chance.randrange(400) == 0 else 1 + chance.randrange(most)
        chosen = dict.fromkeys(chance.choices(self._items, cum_weights=self._popularity, k=count))
        return replace(draft, lines=tuple(self._line(item, kind, numbers.key(moment)) for item in chosen))

    def _buyer(self, kind: Kind, branch_id: UUID) -> PartyChoice | None:
        chance = self._chance
        if kind.code == "PAR":
            with_number = chance.choice(self._anybody) if chance.randrange(10) == 0 else None
            return with_number if with_number and with_number.nip else None
        if chance.randrange(8) == 0:
            return chance.choice(self._anybody)
        near = self._at_home.get((branch_id, kind.code == "FS" or chance.randrange(3) == 0)) or self._anybody
        return near[min(chance.randrange(len(near)), chance.randrange(len(near)))]

    def _payment(self, kind: Kind) -> PaymentForm:
        if kind.fiscal:
            return self._chance.choices((PaymentForm.CARD, PaymentForm.CASH), (6, 4))[0]
        return self._chance.choices((PaymentForm.TRANSFER, PaymentForm.CARD, PaymentForm.CASH), (16, 3, 1))[0]

    def _line(self, item: ItemChoice, kind: Kind, key: UUID) -> Line:
        chance = self._chance
        line = line_of(item, self._quantity(item), kind.method, key)
        drawn = chance.randrange(100)
        if drawn < 14:
            return replace(line, discount=Decimal(chance.choice((2, 3, 5, 5, 10))))
        if drawn < 20:
            return replace(line, price=r2(line.price * chance.randint(90, 98) / 100), negotiated=True)
        return line

    def _quantity(self, item: ItemChoice) -> Decimal:
        chance = self._chance
        if item.unit == "kg":
            return Decimal(chance.randint(150, 6000)).scaleb(-3)
        if item.unit == "m":
            return Decimal(chance.choice((5, 10, 15, 20, 25, 50, 100)))
        if item.unit == "usł.":
            return Decimal(chance.choice((1, 1, 1, 2, 3)))
        return Decimal(min(chance.randint(1, 24), chance.randint(1, 24)))


def _choice(item: Item) -> ItemChoice:
    unit = item.units[0]
    return ItemChoice(item.id, item.kind, item.code, item.name, unit.name, item.vat, item.net_price, item.gross_price, unit.barcode)


def _party(party: Party) -> PartyChoice:
    return PartyChoice(party.id, party.kind, party.code, party.name, party.nip, party.eu_vat, party.address, party.payment_days)
