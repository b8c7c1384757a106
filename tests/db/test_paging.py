"""Lists by key on a real server: neighbours fit, filters mean what they say, nothing typed becomes SQL, indexes serve employees."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import BigInteger, Column, Date, DateTime, MetaData, Numeric, Table, Text, Uuid, func, select

from crm_desktop.db.paging import (
    MOST_GROUPS,
    Blank,
    By,
    Condition,
    Field,
    Fragment,
    Measure,
    OneOf,
    PageRequest,
    Paging,
    Range,
    Sort,
    cents,
)
from crm_desktop.db.statements import text_of
from crm_desktop.db.transaction import WARSAW, Transaction, Who
from tests.support.postgres import TestServer

ROWS = 3_000
NAMES = ("Żółw i Syn", "Dąb i Świerk", "Łoś 100%", "Volt_Sp. z o.o.", "Bäckerei Müller", "dwa\\trzy")
STATES = ("draft", "issued", "paid")

doc = Table(
    "doc",
    MetaData(schema="listing"),
    *(Column("id", Uuid, primary_key=True), Column("branch", Text), Column("number", Text), Column("day", Date)),
    *(Column("buyer", Text), Column("state", Text), Column("gross", Numeric(14, 2)), Column("gross_cents", BigInteger)),
    *(Column("search", Text), Column("made_at", DateTime(timezone=True))),
)


@dataclass(frozen=True)
class Row:
    """A row of the list."""

    id: UUID
    number: str
    day: date
    buyer: str
    state: str
    gross: Decimal


DOCS = Paging(
    select(doc.c.id, func.coalesce(doc.c.number, ""), doc.c.day, doc.c.buyer, doc.c.state, doc.c.gross),
    Row,
    id=doc.c.id,
    fields={
        "number": Field(func.coalesce(doc.c.number, "")),
        "day": Field(doc.c.day),
        "buyer": Field(doc.c.buyer),
        "state": Field(doc.c.state),
        "gross": cents(doc.c.gross_cents),
        "made_at": Field(doc.c.made_at, measure=Measure.DAY),
        "found": Field(doc.c.buyer, lookup="docs_matching"),
    },
    default=(Sort("day", True),),
    sums=("gross",),
    search=doc.c.search,
)
BY_DAY = (Sort("day", True),)
SORTS = (
    BY_DAY,
    (Sort("day"),),
    (Sort("gross"), Sort("day")),
    (Sort("gross", True), Sort("day")),
    (Sort("state"), Sort("day", True), Sort("buyer")),
    (Sort("number"),),
    (Sort("made_at", True), Sort("gross", True)),
)


@pytest.fixture(scope="module")
def connection(server: TestServer) -> Iterator[psycopg.Connection[Any]]:
    """A database with one list of 3 000 rows in three branches, for the tests of this file."""
    name = server.clone()
    with psycopg.connect(server.server.dsn(name), autocommit=True) as connection:
        if connection.execute("select to_regprocedure('stable.search_text(text)')").fetchone() == (None,):
            connection.execute("create schema stable")
            connection.execute(
                "create function stable.search_text(typed text) returns text language sql immutable as "
                "$$ select lower(translate(typed, 'ąćęłńóśźżäüĄĆĘŁŃÓŚŹŻÄÜ', 'acelnoszzauACELNOSZZAU')) $$"
            )
        connection.execute(
            "create schema listing; create schema if not exists code;"
            "create table listing.doc (id uuid primary key, branch text not null, number text, day date not null,"
            " buyer text not null, state text not null, gross numeric(14,2) not null,"
            " gross_cents bigint generated always as ((gross * 100)::bigint) stored,"
            " search text generated always as (stable.search_text(coalesce(number, '') || ' ' || buyer)) stored,"
            " made_at timestamptz not null);"
            "create index on listing.doc (day, id); create index on listing.doc (gross_cents, id);"
        )
        columns = "id, branch, number, day, buyer, state, gross, made_at"
        with connection.cursor() as cursor, cursor.copy(f"copy listing.doc ({columns}) from stdin") as copy:
            for place in range(ROWS):
                day = date(2026, 1, 1) + timedelta(days=place * 7 % 200)
                made = datetime(2026, 10, 24, 19, 30, tzinfo=UTC) + timedelta(minutes=place)
                copy.write_row(
                    (
                        *(UUID(int=place * 7919 % 100_003), f"B{place % 3}", None if place % 50 == 0 else f"FS/{place % 1500:04}"),
                        *(day, NAMES[place % 6], STATES[place % 3], Decimal(place * 31 % 4000 - 500).scaleb(-1), made),
                    )
                )
        connection.execute("analyze listing.doc")
        yield connection
    server.drop(name)


@pytest.fixture
def tx(connection: psycopg.Connection[Any]) -> Iterator[Transaction]:
    """A transaction of the owner."""
    with connection.pipeline() as pipeline:
        yield Transaction(connection, pipeline, Who(None, "test", "Test", (), frozenset()), None)


def everything(tx: Transaction, request: PageRequest) -> list[Row]:
    """All rows of a result, in one page."""
    return list(DOCS.page(tx, PageRequest(request.filters, request.sort, text=request.text, limit=ROWS + 1)).rows)


def matching(tx: Transaction, **filters: Condition) -> list[Row]:
    """All rows that the filters let through; the count agrees."""
    request = PageRequest(filters, BY_DAY)
    rows = everything(tx, request)
    assert DOCS.sums(tx, request).count == len(rows)
    return rows


@pytest.mark.parametrize("sort", SORTS, ids=lambda sort: "-".join(("-" if s.descending else "") + s.key for s in sort))
def test_pages_fit_together(tx: Transaction, sort: tuple[Sort, ...]) -> None:
    """SAL-02: forwards and backwards, in one and in mixed directions, each row comes once and in its place, ties included."""
    whole = everything(tx, PageRequest(sort=sort))
    assert len(set(whole)) == ROWS
    walked: list[Row] = []
    page = DOCS.page(tx, PageRequest(sort=sort, limit=170))
    while True:
        walked += page.rows
        if not page.more:
            break
        page = DOCS.page(tx, PageRequest(sort=sort, after=page.keys[-1], limit=170))
    assert walked == whole
    back = DOCS.page(tx, PageRequest(sort=sort, last=True, limit=170))
    walked = list(back.rows)
    while back.more:
        back = DOCS.page(tx, PageRequest(sort=sort, before=back.keys[0], limit=170))
        walked[:0] = back.rows
    assert walked == whole


@pytest.mark.parametrize("sort", SORTS, ids=lambda sort: "-".join(("-" if s.descending else "") + s.key for s in sort))
def test_rank_marks_and_place_agree(tx: Transaction, sort: tuple[Sort, ...]) -> None:
    """The rank of a key, the rungs and the page that begins at a key speak of the same places."""
    page = DOCS.page(tx, PageRequest(sort=sort, limit=ROWS))
    marks = DOCS.marks(tx, PageRequest(sort=sort), 250)
    assert marks == [page.keys[place] for place in range(249, ROWS, 250)]
    for place in (0, 1, 777, ROWS - 1):
        request = PageRequest(sort=sort, at=page.keys[place], limit=5)
        assert DOCS.sums(tx, request).rank == place
        assert DOCS.page(tx, request).rows == page.rows[place : place + 5]
    assert DOCS.sums(tx, PageRequest(sort=sort)).rank is None


def test_jump_to_a_value(tx: Transaction) -> None:
    """A beginning of a key is enough: to a day, to an amount."""
    page = DOCS.page(tx, PageRequest(sort=BY_DAY, at=(date(2026, 3, 1),), limit=3))
    assert [row.day for row in page.rows] == [date(2026, 3, 1)] * 3
    assert DOCS.page(tx, PageRequest(sort=(Sort("gross", True), Sort("day")), at=(10_000,), limit=1)).rows[0].gross == 100


def test_filters(tx: Transaction) -> None:
    """SAL-02: each kind of condition against the same condition in Python."""
    rows = everything(tx, PageRequest(sort=BY_DAY))

    def same(found: list[Row], wanted: list[Row]) -> None:
        assert wanted
        assert found == wanted

    same(matching(tx, buyer=Fragment("swierk DĄB")), [row for row in rows if row.buyer == NAMES[1]])
    same(matching(tx, buyer=Fragment("100%")), [row for row in rows if "%" in row.buyer])
    same(matching(tx, buyer=Fragment("volt_sp")), [row for row in rows if "_" in row.buyer])
    same(matching(tx, buyer=Fragment("dwa\\t")), [row for row in rows if "\\" in row.buyer])
    assert matching(tx, buyer=Fragment("d_a")) == []
    same(matching(tx, state=OneOf(("draft", "paid"))), [row for row in rows if row.state != "issued"])
    same(matching(tx, number=Blank()), [row for row in rows if row.number == ""])
    same(matching(tx, number=Blank(False)), [row for row in rows if row.number])
    first, last = date(2026, 2, 1), date(2026, 2, 28)
    same(matching(tx, day=Range(first, last)), [row for row in rows if first <= row.day <= last])
    same(matching(tx, day=Range(low=first, above=True)), [row for row in rows if row.day > first])
    same(matching(tx, day=Range(high=last, below=True)), [row for row in rows if row.day < last])
    both: dict[str, Condition] = {"day": Range(first), "state": OneOf(("draft",)), "gross": Range(low=Decimal(100), above=True)}
    same(matching(tx, **both), [row for row in rows if row.day >= first and row.state == "draft" and row.gross > 100])


@pytest.mark.parametrize(
    ("wanted", "test"),
    [
        (Range(Decimal(100), Decimal(120)), lambda gross: 100 <= gross <= 120),
        (Range(Decimal("100.005"), Decimal("120.009")), lambda gross: Decimal("100.005") <= gross <= Decimal("120.009")),
        (Range(low=Decimal("99.999"), above=True), lambda gross: gross > Decimal("99.999")),
        (Range(high=Decimal("-10.001"), below=True), lambda gross: gross < Decimal("-10.001")),
        (Range(high=Decimal("-10.10")), lambda gross: gross <= Decimal("-10.10")),
        (Range(Decimal("-46.9"), Decimal("-46.90")), lambda gross: gross == Decimal("-46.9")),
    ],
)
def test_amounts_are_compared_in_whole_grosze(tx: Transaction, wanted: Range, test: Any) -> None:
    """Under row security amounts go through bigint: the rounding of an end never lets a wrong row in or out."""
    rows = [row for row in everything(tx, PageRequest(sort=BY_DAY)) if test(row.gross)]
    assert rows
    assert matching(tx, gross=wanted) == rows
    assert DOCS.sums(tx, PageRequest({"gross": wanted})).amounts["gross"] == sum((row.gross for row in rows), Decimal(0))


def test_days_of_instants_are_days_in_warsaw(tx: Transaction, connection: psycopg.Connection[Any]) -> None:
    """ARC-09: the night of the change to winter time belongs to its day, 25 hours long."""
    wanted = connection.execute(
        "select count(*) from listing.doc where (made_at at time zone 'Europe/Warsaw')::date = '2026-10-25'"
    ).fetchone()
    night = date(2026, 10, 25)
    assert (len(matching(tx, made_at=Range(night, night))),) == wanted
    assert wanted == (25 * 60,)


def test_search_through_the_whole_record(tx: Transaction) -> None:
    """Typing looks through number and name at once, in any order of words."""
    found = everything(tx, PageRequest(sort=BY_DAY, text="  ZOLW fs/01 "))
    assert found
    assert all("FS/01" in row.number and row.buyer == NAMES[0] for row in found)


def test_search_by_a_guarded_function(tx: Transaction, connection: psycopg.Connection[Any]) -> None:
    """A function of the slice gives the ids; it gets the whole text."""
    with connection.transaction(force_rollback=True):
        connection.execute(
            "create function code.docs_matching(typed text) returns table (id uuid) language sql stable as "
            "$$ select d.id from listing.doc d where d.buyer = typed $$"
        )
        assert {row.buyer for row in matching(tx, found=Fragment(" Dąb i Świerk "))} == {NAMES[1]}


@pytest.mark.parametrize("text", ["'; drop table listing.doc; --", "%s %(k0)s {0}", "\\", "' or true --", "😀"])
def test_nothing_typed_becomes_sql(tx: Transaction, connection: psycopg.Connection[Any], text: str) -> None:
    """Whatever is typed travels as a parameter: it finds nothing and does nothing."""
    expected = [row for row in everything(tx, PageRequest(sort=BY_DAY)) if text in row.buyer]
    assert matching(tx, buyer=Fragment(text)) == expected
    assert matching(tx, state=OneOf((text,))) == []
    statement, values = DOCS.statement("page", PageRequest({"buyer": Fragment(text)}, text=text))
    assert len(text) == 1 or text not in text_of(statement, values)[0]
    assert connection.execute("select count(*) from listing.doc").fetchone() == (ROWS,)


def test_statements_are_built_once_a_shape() -> None:
    """Other values give the same statement object, so that it is compiled and prepared once; other shapes do not."""
    one, values = DOCS.statement("page", PageRequest({"day": Range(date(2026, 1, 1))}, BY_DAY))
    two, others = DOCS.statement("page", PageRequest({"day": Range(date(2026, 2, 1))}, BY_DAY))
    assert one is two
    assert values != others
    assert DOCS.statement("page", PageRequest({"day": Range(high=date(2026, 1, 1))}, BY_DAY))[0] is not one
    assert "offset" not in text_of(one, values)[0].lower()


def test_faults_of_the_program_are_told() -> None:
    """A field that the list does not have, two beginnings at once."""
    with pytest.raises(ValueError, match="no field price"):
        DOCS.statement("page", PageRequest({"price": Blank()}))
    with pytest.raises(ValueError, match="one place"):
        DOCS.statement("page", PageRequest(after=(1,), last=True))


def test_indexes_serve_an_employee_of_one_branch(connection: psycopg.Connection[Any], tx: Transaction) -> None:
    """Under row security: first page, next page, previous page and an amount filter come from the index, without a sort."""
    role = sql.Identifier("crm_paging_reader")
    with connection.transaction(force_rollback=True):
        for statement in (
            "create function code.test_branches() returns text[] language sql stable as $$ select array['B1'] $$",
            "create role {}",
            "alter table listing.doc enable row level security",
            "create policy mine on listing.doc using (branch = any ((select code.test_branches())::text[]))",
            "grant usage on schema listing, code, stable to {}",
            "grant select on listing.doc to {}",
            "set local role {}",
            "set local enable_seqscan = off",  # so few rows are read whole otherwise
            "set local enable_bitmapscan = off",
            "set local enable_sort = off",
        ):
            connection.execute(sql.SQL(statement).format(role))
        first = DOCS.page(tx, PageRequest(sort=BY_DAY, limit=50))
        assert len(first.rows) == 50
        by_gross = (Sort("gross"),)
        key = DOCS.page(tx, PageRequest(sort=by_gross, limit=50)).keys[-1]
        for request, index in (
            (PageRequest(sort=BY_DAY), "doc_day_id_idx"),
            (PageRequest(sort=BY_DAY, after=first.keys[-1]), "doc_day_id_idx"),
            (PageRequest(sort=BY_DAY, before=first.keys[-1]), "doc_day_id_idx"),
            (PageRequest(sort=by_gross, after=key), "doc_gross_cents_id_idx"),
            (PageRequest({"gross": Range(Decimal(10), Decimal(20))}, sort=by_gross), "doc_gross_cents_id_idx"),
        ):
            text, values = text_of(*DOCS.statement("page", request))
            plan = "\n".join(line for (line,) in connection.execute("explain " + text, values).fetchall())
            assert index in plan, plan
            assert "Sort" not in plan, plan
            assert "Index Cond" in plan or (request.sort == BY_DAY and not (request.after or request.before)), plan


@pytest.mark.parametrize("request_", [PageRequest(), PageRequest({"gross": Range(Decimal(0))}, text="volt")])
@pytest.mark.parametrize("key", ["state", "number", "buyer"])
def test_groups_are_the_rows_counted_by_value(tx: Transaction, key: str, request_: PageRequest) -> None:
    """Every group has the count and the sum of its rows, the largest sum first; together they are the whole result."""
    rows = everything(tx, request_)
    groups, more = DOCS.groups(tx, request_, key, By.VALUE)
    expected: dict[Any, list[Decimal]] = {}
    for row in rows:
        expected.setdefault(getattr(row, key), []).append(row.gross)
    assert more == (len(expected) > MOST_GROUPS)
    assert all((group.count, group.amounts["gross"]) == (len(of), sum(of)) for group in groups for of in [expected[group.value]])
    sums = [group.amounts["gross"] for group in groups]
    assert sums == sorted(sums, reverse=True) and len(groups) == min(len(expected), MOST_GROUPS)


def test_groups_by_month_are_those_of_warsaw(tx: Transaction) -> None:
    """A date by its month, the latest first; an instant by the month in Warsaw, not in UTC."""
    groups, _more = DOCS.groups(tx, PageRequest(), "day", By.MONTH)
    months = sorted({row.day.replace(day=1) for row in everything(tx, PageRequest())}, reverse=True)
    assert [group.value for group in groups] == months and sum(group.count for group in groups) == ROWS
    instants = tx.ask(select(doc.c.made_at)).all()
    local = {moment.astimezone(WARSAW).date().replace(day=1) for moment in instants}
    assert {group.value for group in DOCS.groups(tx, PageRequest(), "made_at", By.MONTH)[0]} == local
