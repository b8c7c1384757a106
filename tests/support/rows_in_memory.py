"""A list of rows in memory behind the browser's protocol: the same questions as PostgreSQL, answered from a Python list.

`Memory` stands where a database would (`tasks.use`); it can hold answers back, so that a test decides which comes first.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from operator import attrgetter
from typing import Any
from uuid import UUID

from crm_desktop.db.paging import Blank, By, Condition, Fragment, Group, Key, OneOf, Page, PageRequest, Range, Sort, Sums
from crm_desktop.ui.filters import folded

STATES = ("draft", "issued", "unpaid", "paid", "overdue")
NAMES = (
    "Hurtownia Elektryczna Volt Sp. z o.o.",
    "Usługi Remontowe Jan Wiśniewski",
    "Sprzedaż detaliczna",
    "Zakład Stolarski „Dąb i Świerk” Zofia Ćwik",
    "Instal-Żywiec Grzegorz Pawlus",
    "Kowalstwo Artystyczne Ćwik",
    "Gmina Łodygowice",
    "Przedsiębiorstwo Budowlane Grań Spółka Jawna",
    "Spółdzielnia Mieszkaniowa Złote Łany",
    "Bäckerei Müller GmbH",
)


@dataclass(frozen=True)
class Invoice:
    """A row as lists have it."""

    id: UUID
    number: str
    day: date
    buyer: str
    state: str
    ksef: str
    net: Decimal
    gross: Decimal
    due: date
    late: bool = False


def invoices(count: int, first: int = 0) -> list[Invoice]:
    """Invoices number first+1 … first+count, the later the newer; the same each time."""
    made = []
    for number in range(first + 1, first + count + 1):
        day = date(2024, 1, 1) + timedelta(days=number // 25)
        net = Decimal((number * 7919) % 500_000 - 20_000).scaleb(-2)
        state = STATES[number % 5]
        ksef = ("numbered", "waiting", "refused")[number % 3] if state != "draft" else "outside"
        made.append(
            Invoice(
                *(UUID(int=number), f"FS/KR/{number:04}/11/2026", day, NAMES[number % len(NAMES)], state, ksef),
                *(net, (net * 123).scaleb(-2).quantize(Decimal("0.01")), day + timedelta(days=14), state == "overdue"),
            )
        )
    return made


class ListSource:
    """Answers from `rows`; `asked` keeps every question."""

    def __init__(self, rows: list[Invoice], summed: tuple[str, ...] = ("net", "gross")) -> None:
        self.rows, self.summed = rows, summed
        self.asked: list[tuple[str, PageRequest]] = []

    def page(self, tx: Any, request: PageRequest) -> Page[Invoice]:
        """As the protocol says."""
        self.asked.append(("page", request))
        keyed = self._result(request)
        order = _order(request)
        if request.before is not None or request.last:
            place = len(keyed) if request.before is None else sum(order(key, request.before) < 0 for key, _ in keyed)
            found = keyed[max(0, place - request.limit) : place]
            more = place > request.limit
        else:
            place = 0
            if request.after is not None:
                place = sum(order(key, request.after) <= 0 for key, _ in keyed)
            if request.at is not None:
                place = sum(order(key, request.at) < 0 for key, _ in keyed)
            found = keyed[place : place + request.limit]
            more = place + request.limit < len(keyed)
        return Page(tuple(row for _, row in found), tuple(key for key, _ in found), more)

    def sums(self, tx: Any, request: PageRequest) -> Sums:
        """As the protocol says."""
        self.asked.append(("sums", request))
        keyed = self._result(request)
        amounts = {name: sum((getattr(row, name) for _, row in keyed), Decimal(0)) for name in self.summed}
        rank = None
        if request.at is not None:
            order = _order(request)
            rank = sum(order(key, request.at) < 0 for key, _ in keyed)
        return Sums(len(keyed), amounts, rank)

    def marks(self, tx: Any, request: PageRequest, step: int) -> list[Key]:
        """As the protocol says."""
        self.asked.append(("marks", request))
        return [key for key, _ in self._result(request)][step - 1 :: step]

    def groups(self, tx: Any, request: PageRequest, key: str, by: By) -> tuple[list[Group], bool]:
        """As the protocol says."""
        self.asked.append(("groups", request))
        found: dict[Any, list[Invoice]] = {}
        for _, row in self._result(request):
            value = getattr(row, key)
            found.setdefault(value.replace(day=1) if by is By.MONTH else value, []).append(row)
        groups = [
            Group(value, value, len(rows), {name: sum((getattr(row, name) for row in rows), Decimal(0)) for name in self.summed})
            for value, rows in found.items()
        ]
        if by is By.MONTH:
            groups.sort(key=lambda group: group.value, reverse=True)
        else:
            groups.sort(key=lambda group: (-group.amounts[self.summed[0]] if self.summed else -group.count, group.value))
        return groups, False

    def count(self, purpose: str) -> int:
        """How many questions of this purpose were asked."""
        return sum(asked == purpose for asked, _ in self.asked)

    def change(self, place: int, **values: Any) -> Invoice:
        """Somebody changes a row of the list."""
        self.rows[place] = replace(self.rows[place], **values)
        return self.rows[place]

    def _result(self, request: PageRequest) -> list[tuple[Key, Invoice]]:
        rows = [row for row in self.rows if all(_true(row, name, c) for name, c in request.filters.items())]
        words = folded(request.text).split()
        rows = [row for row in rows if all(word in folded(f"{row.number} {row.buyer}") for word in words)]
        rows.sort(key=lambda row: row.id, reverse=bool(request.sort and request.sort[-1].descending))
        for part in reversed(request.sort):  # a stable sort by the last key first
            rows.sort(key=attrgetter(part.key), reverse=part.descending)
        return [(tuple(getattr(row, part.key) for part in request.sort) + (row.id,), row) for row in rows]


def _order(request: PageRequest) -> Callable[[Key, Key], int]:
    sort = (*request.sort, Sort("id", request.sort[-1].descending if request.sort else False))

    def order(one: Key, other: Key) -> int:
        for part, mine, yours in zip(sort, one, other, strict=False):
            if mine != yours:
                return (1 if mine > yours else -1) * (-1 if part.descending else 1)
        return 0

    return order


def _true(row: Invoice, name: str, condition: Condition) -> bool:
    value = getattr(row, name)
    match condition:
        case Fragment(text):
            return all(word in folded(str(value)) for word in folded(text).split())
        case OneOf(values):
            return value in values
        case Blank(blank):
            return (value in (None, "")) == blank
        case Range(low, high, above, below):
            return not (
                (low is not None and (value < low or (above and value == low)))
                or (high is not None and (value > high or (below and value == high)))
            )


class Memory:
    """Stands where a database stands; `hold` keeps the answers back until `release`."""

    def __init__(self) -> None:
        self._open = threading.Event()
        self._open.set()
        self.error: Exception | None = None

    def hold(self) -> None:
        """Answers wait from now on."""
        self._open.clear()

    def release(self) -> None:
        """Answers come."""
        self._open.set()

    def read(self, fn: Callable[..., Any], *args: Any) -> Any:
        """Ask in memory."""
        assert self._open.wait(30), "nobody released the answers"
        if self.error is not None:
            raise self.error
        return fn(None, *args)

    def change(self, fn: Callable[..., Any], *args: Any, operation: UUID) -> Any:
        """Lists change nothing."""
        raise AssertionError("a list does not write")
