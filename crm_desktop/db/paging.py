"""Lists of any length by key: a page, its neighbours, the sums of the whole result. Never by OFFSET.

A slice declares one `Paging` beside its queries: the select, the fields that may be sorted and filtered, what is summed.
Statements are built once for each shape of a question (which fields are filtered how, which order, from where) and kept;
what a person typed only ever travels as a bound parameter.

Under row security PostgreSQL uses an index only for leakproof operators. So amounts are compared as whole grosze (bigint),
states as text, dates as dates; and a text fragment goes through a stored search column or through a guarded function of the
slice that applies the caller's branches itself (architecture section 5).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from enum import Enum
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    Integer,
    Select,
    String,
    Text,
    and_,
    bindparam,
    cast,
    func,
    literal_column,
    or_,
    select,
    tuple_,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.sql.elements import BindParameter

from crm_desktop.db.transaction import WARSAW, Answer, Transaction

R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)

#: The values of the sort columns and the id of one row, in the order of the sort. It says where a page begins.
Key = tuple[Any, ...]


class Measure(Enum):
    """How a filter's value is compared with a field."""

    PLAIN = "plain"
    CENTS = "cents"  # the value is an amount, the column holds whole grosze
    DAY = "day"  # the value is a day in Warsaw, the column an instant


@dataclass(frozen=True)
class Fragment:
    """All words of `text` occur, in any order; case and accents do not count."""

    text: str


@dataclass(frozen=True)
class Range:
    """From `low` to `high`; None is open. The ends belong to it unless `above` (low) or `below` (high) says otherwise."""

    low: Decimal | date | None = None
    high: Decimal | date | None = None
    above: bool = False
    below: bool = False


@dataclass(frozen=True)
class OneOf:
    """One of these stored values."""

    values: tuple[Any, ...]


@dataclass(frozen=True)
class Blank:
    """Nothing is there ("" or null); with `blank` false: something is."""

    blank: bool = True


Condition = Fragment | Range | OneOf | Blank


@dataclass(frozen=True)
class Sort:
    """One sort key: a field's name and its direction."""

    key: str
    descending: bool = False


@dataclass(frozen=True)
class PageRequest:
    """Which rows, in which order, from where on. At most one of `after`, `before`, `at` and `last` is given.

    after, before: rows beyond this key, the nearest first counted; `at`: this row and those behind it (it may be a beginning
    of a key: `at=(date(2026, 11, 1),)` jumps to a day); last: the last rows. Rows always come in the order of `sort`.
    text: a fragment looked for in the whole record. limit: at most so many rows.
    """

    filters: Mapping[str, Condition] = field(default_factory=dict)
    sort: tuple[Sort, ...] = ()
    after: Key | None = None
    before: Key | None = None
    at: Key | None = None
    last: bool = False
    limit: int = 200
    text: str = ""


@dataclass(frozen=True)
class Page(Generic[R]):
    """Rows in the order of the sort, the key of each, and whether there are more in the direction that was asked."""

    rows: tuple[R, ...]
    keys: tuple[Key, ...]
    more: bool


@dataclass(frozen=True)
class Sums:
    """Of the whole result: how many rows, the sums of the declared fields (amounts in PLN), and `rank`: how many rows stand
    before the key `at` of the request (None where none was given)."""

    count: int
    amounts: Mapping[str, Decimal] = field(default_factory=dict)
    rank: int | None = None


class By(Enum):
    """How rows are grouped by a field."""

    VALUE = "value"  # each value a group, the largest sum first
    MONTH = "month"  # each month of a date, the latest first; the value is its first day


@dataclass(frozen=True)
class Group:
    """The rows that share a value: how many, and the sums of the declared fields over them. order: what its value is sorted by."""

    value: Any
    order: Any
    count: int
    amounts: Mapping[str, Decimal] = field(default_factory=dict)


#: So many groups are given; a list by groups of one row each is the list itself.
MOST_GROUPS = 1_000


class Source(Protocol[R_co]):  # type: ignore[misc]
    """What a list needs: `Paging` is one over PostgreSQL."""

    def page(self, tx: Transaction, request: PageRequest) -> Page[R_co]:
        """The rows of one page."""
        ...

    def sums(self, tx: Transaction, request: PageRequest) -> Sums:
        """Count and sums of all that the request's filters and text let through."""
        ...

    def marks(self, tx: Transaction, request: PageRequest, step: int) -> list[Key]:
        """The key of each `step`-th row (rows step - 1, 2 * step - 1, …), so that a far place can be reached by key."""
        ...

    def groups(self, tx: Transaction, request: PageRequest, key: str, by: By) -> tuple[list[Group], bool]:
        """The rows that filters and text let through, grouped by a field; whether there are more groups than are given."""
        ...


@dataclass(frozen=True)
class Field:
    """A column of the list as the server knows it.

    column: what filters compare; sort: what orders (default: `column`; never null: wrap it in coalesce); it is the grosze
    column for amounts and the sort key for names. search: a stored column made by `stable.search_text`. lookup: the name of a
    function of schema `code` that takes the typed text and gives the ids of the caller's matching rows.
    """

    column: ColumnElement[Any]
    sort: ColumnElement[Any] | None = None
    measure: Measure = Measure.PLAIN
    search: ColumnElement[Any] | None = None
    lookup: str = ""

    @property
    def order(self) -> ColumnElement[Any]:
        """What the field is sorted by."""
        return self.column if self.sort is None else self.sort


def cents(column: ColumnElement[Any]) -> Field:
    """An amount, sorted, filtered and summed by its stored column of whole grosze."""
    return Field(column, measure=Measure.CENTS)


@dataclass(frozen=True)
class _Shape:
    """All of a question that changes the text of the statement."""

    purpose: str  # page | sums | marks | groups
    sort: tuple[Sort, ...]
    place: str  # "" | after | before | at | last; of groups: value | month
    parts: int  # how many values the key has
    filters: tuple[tuple[str, str], ...]
    words: int


class Paging(Generic[R]):
    """See the module. `base` selects the columns of a row in the order of `into`'s arguments and holds its own joins and
    conditions (no ORDER BY, no grouping); `id` is unique and breaks ties."""

    def __init__(
        self,
        base: Select[Any],
        into: Callable[..., R],
        *,
        id: ColumnElement[Any],
        fields: Mapping[str, Field],
        default: Sequence[Sort],
        sums: Sequence[str] = (),
        search: ColumnElement[Any] | None = None,
        lookup: str = "",
    ) -> None:
        self.base, self.into, self.id, self.fields = base, into, id, dict(fields)
        self.default, self.summed = tuple(default), tuple(sums)
        self.whole = Field(id, search=search, lookup=lookup)
        self._width = len(base.selected_columns)
        self._known: dict[_Shape, Select[Any]] = {}

    # ---- the three questions -------------------------------------------------------------------------------------------
    def ask_page(self, tx: Transaction, request: PageRequest) -> Callable[[], Page[R]]:
        """Ask for a page without waiting, so that it travels with other questions; call the result to have it."""
        statement, values = self.statement("page", request)
        answer: Answer[Any] = tx.ask(statement, values, into=lambda *columns: columns)

        def page() -> Page[R]:
            found = answer.all()
            more, found = len(found) > request.limit, found[: request.limit]
            if request.before is not None or request.last:
                found.reverse()
            return Page(tuple(self.into(*row[: self._width]) for row in found), tuple(row[self._width :] for row in found), more)

        return page

    def page(self, tx: Transaction, request: PageRequest) -> Page[R]:
        """One page, one round trip. Raises ValueError for a field that the list does not have (a fault of the program)."""
        return self.ask_page(tx, request)()

    def sums(self, tx: Transaction, request: PageRequest) -> Sums:
        """Count and sums of the whole result, and the rank of the key `at`; one statement, one walk over the result."""
        statement, values = self.statement("sums", request)
        count, rank, *totals = tx.ask(statement, values, into=lambda *columns: columns).one()
        return Sums(count, self._amounts(totals), rank if request.at is not None else None)

    def marks(self, tx: Transaction, request: PageRequest, step: int) -> list[Key]:
        """The keys of rows step - 1, 2 * step - 1, … of the whole result, in its order."""
        statement, values = self.statement("marks", request)
        return tx.ask(statement, {**values, "step": step}, into=lambda *columns: columns).all()

    def groups(self, tx: Transaction, request: PageRequest, key: str, by: By) -> tuple[list[Group], bool]:
        """Count and sums by the values of the field `key`; one statement, one walk over the result."""
        statement, values = self.statement("groups", replace(request, sort=(Sort(key),)), by)
        found = []
        for value, order, count, *totals in tx.ask(statement, values, into=lambda *columns: columns).all():
            found.append(Group(value, order, count, self._amounts(totals)))
        return found[:MOST_GROUPS], len(found) > MOST_GROUPS

    def _amounts(self, totals: Sequence[Any]) -> dict[str, Decimal]:
        amounts = {}
        for name, total in zip(self.summed, totals, strict=True):
            value = Decimal(total or 0)
            amounts[name] = value.scaleb(-2) if self.fields[name].measure is Measure.CENTS else value
        return amounts

    # ---- statements ----------------------------------------------------------------------------------------------------
    def statement(self, purpose: str, request: PageRequest, by: By = By.VALUE) -> tuple[Select[Any], dict[str, Any]]:
        """The statement of "page", "sums", "marks" or "groups" (by the first field of the sort) and the values of its parameters."""
        place, key = _place(request)
        values: dict[str, Any] = {}
        filters = []
        for number, (name, condition) in enumerate(sorted(request.filters.items())):
            form, bound = _form(self._field(name), condition)
            if form in ("", "fragment0"):
                continue
            filters.append((name, form))
            values |= {f"f{number}_{part}": value for part, value in bound.items()}
        words = _words(self.whole, request.text)
        values |= {f"w{number}": word for number, word in enumerate(words)}
        if purpose == "page":
            values["limit"] = request.limit + 1
        elif purpose == "groups":
            place, key = by.value, ()
        elif purpose == "marks" or place != "at":
            place, key = "", ()
        values |= {f"k{number}": value for number, value in enumerate(key)}
        shape = _Shape(purpose, tuple(request.sort) or self.default, place, len(key), tuple(filters), len(words))
        if shape not in self._known:
            self._known[shape] = self._built(shape)
        return self._known[shape], values

    def _built(self, shape: _Shape) -> Select[Any]:
        order = self._order(shape.sort)
        conditions = [self._condition(number, name, form) for number, (name, form) in enumerate(shape.filters)]
        conditions += [_matches(self.whole, self.id, f"w{number}") for number in range(shape.words)]
        base = self.base.where(*conditions) if conditions else self.base
        if shape.purpose == "sums":
            rank: ColumnElement[Any] = func.count()
            if shape.parts:
                rank = rank.filter(_beyond(order, shape.parts, forward=False, inclusive=False))
            totals = [func.sum(self.fields[name].column) for name in self.summed]
            return base.with_only_columns(func.count(), rank, *totals, maintain_column_froms=True)
        if shape.purpose == "groups":
            return self._grouped(base, self._field(shape.sort[0].key), By(shape.place))
        keys = [column for column, _descending in order]
        if shape.purpose == "marks":
            sorting = [column.desc() if descending else column for column, descending in order]
            place = func.row_number().over(order_by=sorting)
            named = [column.label(f"key{number}") for number, column in enumerate(keys)]
            inner = base.with_only_columns(*named, place.label("place"), maintain_column_froms=True).subquery("ranked")
            step = bindparam("step", type_=BigInteger)
            return (
                select(*(inner.c[f"key{number}"] for number in range(len(keys)))).where(inner.c.place % step == 0).order_by(inner.c.place)
            )
        forward = shape.place in ("", "after", "at")
        if shape.parts:
            base = base.where(_beyond(order, shape.parts, forward=forward, inclusive=shape.place == "at"))
        sorting = [column.desc() if descending == forward else column.asc() for column, descending in order]
        return (
            base.add_columns(*(column.label(f"key{number}") for number, column in enumerate(keys)))
            .order_by(*sorting)
            .limit(bindparam("limit", type_=Integer))
        )

    def _grouped(self, base: Select[Any], by: Field, how: By) -> Select[Any]:
        count, totals = func.count(), [func.sum(self.fields[name].column) for name in self.summed]
        value: ColumnElement[Any] = by.column
        if how is By.MONTH:
            local = func.timezone(literal_column("'Europe/Warsaw'"), by.column) if by.measure is Measure.DAY else by.column
            value = cast(func.date_trunc(literal_column("'month'"), local), Date)
        order: ColumnElement[Any] = func.min(by.order)
        named: ColumnElement[Any] = literal_column("group_value")  # by its name: parameters inside a value are never the same
        largest = totals[0] if totals else count
        sorting = [named.desc().nulls_last()] if how is By.MONTH else [largest.desc().nulls_last(), order]
        chosen = base.with_only_columns(value.label("group_value"), order, count, *totals, maintain_column_froms=True)
        return chosen.group_by(named).order_by(*sorting).limit(literal_column(str(MOST_GROUPS + 1)))

    def _order(self, sort: tuple[Sort, ...]) -> list[tuple[ColumnElement[Any], bool]]:
        order = [(self._field(part.key).order, part.descending) for part in sort]
        return [*order, (self.id, order[-1][1] if order else False)]

    def _field(self, name: str) -> Field:
        if name not in self.fields:
            raise ValueError(f"the list has no field {name}")
        return self.fields[name]

    def _condition(self, number: int, name: str, form: str) -> ColumnElement[bool]:
        what, prefix = self._field(name), f"f{number}_"
        column = what.column
        if form.startswith("fragment"):
            return and_(*(_matches(what, self.id, f"{prefix}{place}") for place in range(int(form[8:]))))
        if form == "one_of":
            return column == func.any(bindparam(f"{prefix}values", type_=ARRAY(column.type)))
        if form in ("blank", "filled"):
            empty: ColumnElement[bool] = column.is_(None)
            if isinstance(column.type, String):
                empty = or_(empty, column == literal_column("''"))
            return empty if form == "blank" else ~empty
        ends = {">=": "low", ">": "low", "<=": "high", "<": "high"}
        return and_(*(column.op(sign, is_comparison=True)(_bind(column, prefix + ends[sign])) for sign in form.split()))


def _bind(column: ColumnElement[Any], name: str) -> BindParameter[Any]:
    return bindparam(name, type_=column.type)


def _place(request: PageRequest) -> tuple[str, Key]:
    given = [(name, key) for name in ("after", "before", "at") if (key := getattr(request, name)) is not None]
    if len(given) + request.last > 1:
        raise ValueError("a page begins at one place")
    return given[0] if given else ("last" if request.last else "", ())


def _beyond(order: Sequence[tuple[ColumnElement[Any], bool]], parts: int, *, forward: bool, inclusive: bool) -> ColumnElement[bool]:
    """The rows on the far side of the key k0, k1, … in the walking direction.

    One direction: a row comparison, which an index on the same columns serves. Mixed directions: the chain of ORs, with the
    bound of the first column beside it, so that an index on it still finds the beginning.
    """
    columns = [column for column, _descending in order[:parts]]
    places = [_bind(column, f"k{number}") for number, column in enumerate(columns)]
    rising = [descending != forward for _column, descending in order[:parts]]
    if len(set(rising)) == 1:
        sign = (">" if rising[0] else "<") + ("=" if inclusive else "")
        if parts == 1:
            return columns[0].op(sign, is_comparison=True)(places[0])
        return tuple_(*columns).op(sign, is_comparison=True)(tuple_(*places))
    steps: list[ColumnElement[bool]] = []
    for last in range(parts):
        same = [columns[place] == places[place] for place in range(last)]
        sign = (">" if rising[last] else "<") + ("=" if inclusive and last == parts - 1 else "")
        steps.append(and_(*same, columns[last].op(sign, is_comparison=True)(places[last])))
    first = columns[0].op(">=" if rising[0] else "<=", is_comparison=True)(places[0])
    return and_(first, or_(*steps))


def _matches(what: Field, id: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """The field contains the text of the parameter, whatever the case and the accents."""
    typed = bindparam(name, type_=Text)
    if what.lookup:
        return id.in_(select(getattr(func.code, what.lookup)(typed).column_valued(f"found_{name}")))
    stored = what.search if what.search is not None else func.stable.search_text(what.column)
    wanted: ColumnElement[Any] = func.stable.search_text(typed)
    for sign in ("\\", "%", "_"):  # the signs that LIKE would read
        wanted = func.replace(wanted, literal_column(f"'{sign}'"), literal_column(f"'\\{sign}'"))
    return stored.like(literal_column("'%'").concat(wanted).concat(literal_column("'%'")))


def _words(what: Field, text: str) -> list[str]:
    """The parts of a fragment that are looked for one by one; a guarded function gets the whole text."""
    return [text.strip()] if what.lookup and text.strip() else text.split()


def _form(what: Field, condition: Condition) -> tuple[str, dict[str, Any]]:
    """The shape of a condition and its values."""
    match condition:
        case Fragment(text):
            words = _words(what, text)
            return f"fragment{len(words)}", {str(place): word for place, word in enumerate(words)}
        case OneOf(values):
            return "one_of", {"values": list(values)}
        case Blank(blank):
            return "blank" if blank else "filled", {}
        case Range():
            return _range_form(what.measure, condition)


def _range_form(measure: Measure, wanted: Range) -> tuple[str, dict[str, Any]]:
    low, high, above, below = wanted.low, wanted.high, wanted.above, wanted.below
    signs, values = [], {}
    if low is not None:
        if measure is Measure.DAY:  # above a day: from the next midnight on
            low, above = _midnight(low, 1 if above else 0), False
        elif measure is Measure.CENTS:
            low = _grosze(low, ROUND_FLOOR if above else ROUND_CEILING)
        signs.append(">" if above else ">=")
        values["low"] = low
    if high is not None:
        if measure is Measure.DAY:
            high, below = _midnight(high, 0 if below else 1), True
        elif measure is Measure.CENTS:
            high = _grosze(high, ROUND_CEILING if below else ROUND_FLOOR)
        signs.append("<" if below else "<=")
        values["high"] = high
    return " ".join(signs), values


def _midnight(day: Any, later: int) -> datetime:
    return datetime.combine(day + timedelta(days=later), time(), WARSAW)


def _grosze(amount: Any, rounding: str) -> Any:
    return int((amount * 100).quantize(Decimal(1), rounding=rounding))
