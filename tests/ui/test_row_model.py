"""Rows by key (issue 1, the first browser; ARC-07): any place is reached, memory is bounded, a refresh keeps the places."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from crm_desktop.core.errors import NotAllowed
from crm_desktop.db.paging import OneOf, PageRequest, Sort
from crm_desktop.ui import tasks
from crm_desktop.ui.delegates import PENDING, STYLE, Kind
from crm_desktop.ui.listing import Choice, Column, Listing
from crm_desktop.ui.places import HELD, PAGE, Fetch, Places, Rungs
from crm_desktop.ui.row_model import RowModel
from tests.support.rows_in_memory import Invoice, ListSource, Memory, invoices

NEWEST = (Sort("day", True),)


def listing(source: ListSource) -> Listing:
    """Three columns over the source."""
    return Listing(
        "test.list",
        "Test",
        (
            Column("number", "Number", Kind.IDENTIFIER),
            Column("gross", "Gross", Kind.SUM, summed=True),
            Column(
                "state",
                "State",
                Kind.PILL,
                choices=(Choice("draft", "draft", "neutral"), Choice("paid", "paid", "success")),
            ),
        ),
        source,
        default_sort=NEWEST,
    )


@pytest.fixture
def memory() -> Iterator[Memory]:
    """The database of these tests."""
    memory = Memory()
    tasks.use(memory)
    yield memory
    memory.release()
    tasks.wait()
    tasks.use(None)


@pytest.fixture
def settled(qtbot: QtBot) -> Callable[[], None]:
    """Waits until no question is under way."""
    return lambda: qtbot.waitUntil(lambda: not tasks.running(), timeout=10_000)


def shown(model: RowModel, first: int, last: int) -> list[Any]:
    """The ids of the places first..last as the model has them, None where pending."""
    return [model.id_at(place) for place in range(first, last + 1)]


def wanted(source: ListSource, request: PageRequest, first: int, last: int) -> list[UUID]:
    """The ids that must stand there."""
    return [row.id for _, row in source._result(request)][first : last + 1]


@pytest.mark.usefixtures("memory")
def test_first_page_and_count(qtbot: QtBot, settled: Callable[[], None]) -> None:
    """ARC-07: two questions, rows and count; what lies beyond the page is pending; plain values and styles come out."""
    source = ListSource(invoices(1_000))
    model = RowModel(listing(source))
    model.ask(model.request)
    settled()
    assert [purpose for purpose, _ in source.asked] in (["page", "sums"], ["sums", "page"])
    assert (model.total, model.exact, model.sums.count) == (1_000, True, 1_000)
    assert model.sums.amounts["gross"] == sum((row.gross for row in source.rows), Decimal(0))
    assert shown(model, 0, PAGE - 1) == wanted(source, model.request, 0, PAGE - 1)
    assert model.data(model.index(500, 0), STYLE) is PENDING
    assert model.data(model.index(500, 0)) is None
    newest = source.rows[-1]
    assert model.data(model.index(0, 0)) == newest.number
    assert model.data(model.index(0, 1)) == newest.gross
    draft = next(place for place in range(PAGE) if model.row_at(place).state == "draft")
    assert model.data(model.index(draft, 2)) == "draft"
    assert model.data(model.index(draft, 2), STYLE).tone == "neutral"


@pytest.mark.usefixtures("memory")
def test_scrolling_asks_pages_not_rows(qtbot: QtBot, settled: Callable[[], None]) -> None:
    """ARC-07: a walk through 2 000 rows in steps of one asks about one page per 200 rows, each by key."""
    source = ListSource(invoices(2_000))
    model = RowModel(listing(source))
    model.ask(model.request)
    settled()
    for first in range(1_950):
        model.look_at(first, first + 37)
        settled()
    assert source.count("page") <= 2_000 // PAGE + 1
    assert all(request.after is not None for purpose, request in source.asked[2:])
    assert shown(model, 1_500, 1_987) == wanted(source, model.request, 1_500, 1_987)


@pytest.mark.usefixtures("memory")
def test_any_jump_arrives(qtbot: QtBot, settled: Callable[[], None]) -> None:
    """Jump to the end, to the middle, back: each place shows what must stand there, memory stays bounded, rungs are asked once."""
    source = ListSource(invoices(20_318))
    model = RowModel(listing(source))
    model.ask(model.request)
    settled()
    for first in (20_280, 20_000, 19_500, 9_000, 9_100, 3_333, 15_000, 0, 12_345):
        model.look_at(first, first + 37)
        settled()
        assert shown(model, first, first + 37) == wanted(source, model.request, first, first + 37), first
        assert len(model.places.rows) <= HELD
    assert source.count("marks") == 1
    assert all(request.limit <= 260 for purpose, request in source.asked if purpose == "page")


@pytest.mark.usefixtures("memory")
def test_last_page_without_the_middle(qtbot: QtBot, settled: Callable[[], None]) -> None:
    """`browse_jump`: the last rows cost one page, nothing else."""
    source = ListSource(invoices(5_000))
    model = RowModel(listing(source))
    model.ask(model.request)
    settled()
    before = len(source.asked)
    model.look_at(4_962, 4_999)
    settled()
    assert [(purpose, request.last) for purpose, request in source.asked[before:]] == [("page", True)]


def test_last_question_wins(qtbot: QtBot, memory: Memory, settled: Callable[[], None]) -> None:
    """Old rows stay until the answer; an answer to an older question never shows."""
    source = ListSource(invoices(300))
    model = RowModel(listing(source))
    model.ask(model.request)
    settled()
    memory.hold()
    model.ask(PageRequest(sort=NEWEST, filters={"state": OneOf(("draft",))}))
    model.ask(PageRequest(sort=NEWEST, filters={"state": OneOf(("paid",))}))
    assert model.total == 300
    memory.release()
    settled()
    assert {model.row_at(place).state for place in range(model.total)} == {"paid"}
    assert model.total == model.sums.count == 60


@pytest.mark.usefixtures("memory")
def test_refresh_in_place(qtbot: QtBot, settled: Callable[[], None]) -> None:
    """A changed row is renewed and fades; nothing is reset, rows do not move."""
    source = ListSource(invoices(1_000))
    model = RowModel(listing(source))
    model.ask(model.request)
    settled()
    model.look_at(100, 137)
    settled()
    moves: list[int] = []
    model.moved.connect(moves.append)
    row = model.row_at(120)
    source.change(source.rows.index(row), state="paid", gross=Decimal("1.00"))
    model.refresh({row.id})
    settled()
    assert not moves
    assert model.row_at(120).gross == Decimal("1.00")
    assert model.data(model.index(120, 0), STYLE).changed > 0
    assert model.data(model.index(121, 0), STYLE) is None
    assert model.sums.amounts["gross"] == sum((each.gross for each in source.rows), Decimal(0))


@pytest.mark.usefixtures("memory")
def test_refresh_keeps_the_place_when_others_insert_above(qtbot: QtBot, settled: Callable[[], None]) -> None:
    """Seven rows come in above the view: the view is told to move by seven, and the same rows stand there."""
    source = ListSource(invoices(1_000))
    model = RowModel(listing(source))
    model.ask(model.request)
    settled()
    model.look_at(400, 437)
    settled()
    before = shown(model, 400, 437)
    moves: list[int] = []
    model.moved.connect(moves.append)
    source.rows += invoices(7, first=1_000)
    model.refresh()
    settled()
    assert moves == [7]
    assert shown(model, 407, 444) == before
    assert model.total == 1_007
    model.look_at(0, 37)
    settled()
    assert shown(model, 0, 37) == wanted(source, model.request, 0, 37)


@pytest.mark.usefixtures("memory")
def test_new_rows_show_at_the_top(qtbot: QtBot, settled: Callable[[], None]) -> None:
    """At the top the list shows what came in, and it fades; rows further down are not said to be new."""
    source = ListSource(invoices(1_000))
    model = RowModel(listing(source))
    model.ask(model.request)
    settled()
    source.rows += invoices(1, first=2_000)
    model.refresh()
    settled()
    assert model.id_at(0) == UUID(int=2_001)
    assert model.data(model.index(0, 0), STYLE).changed > 0
    assert all(model.data(model.index(place, 0), STYLE) is None for place in range(1, 200))


@pytest.mark.usefixtures("memory")
def test_drift_between_pages_heals(qtbot: QtBot, settled: Callable[[], None]) -> None:
    """Others insert between two pages of a scroll: rows never stand twice, and the count is right in the end."""
    source = ListSource(invoices(1_000))
    model = RowModel(listing(source))
    model.ask(model.request)
    settled()
    source.rows += invoices(50, first=1_000)
    del source.rows[:400]
    for first in (300, 960, 500):
        model.look_at(first, first + 37)
        settled()
        qtbot.waitUntil(lambda: not model._pause.isActive() and not tasks.running(), timeout=10_000)
    model.refresh(at_once=True)
    settled()
    model.look_at(0, 649)
    settled()
    assert model.total == 650
    assert shown(model, 0, 649) == wanted(source, model.request, 0, 649)


@pytest.mark.usefixtures("memory")
def test_deleted_to_nothing(qtbot: QtBot, settled: Callable[[], None]) -> None:
    """All rows vanish while one looks at the end."""
    source = ListSource(invoices(600))
    model = RowModel(listing(source))
    model.ask(model.request)
    settled()
    model.look_at(560, 599)
    settled()
    source.rows.clear()
    model.refresh()
    settled()
    assert (model.total, model.sums.count) == (0, 0)


@pytest.mark.usefixtures("memory")
def test_gather_a_long_range(qtbot: QtBot, settled: Callable[[], None]) -> None:
    """A marked range is complete although most of it was never shown."""
    source = ListSource(invoices(5_000))
    model = RowModel(listing(source))
    model.ask(model.request)
    settled()
    got: list[list[Invoice]] = []
    model.gather(10, 3_210, got.append)
    settled()
    assert [row.id for row in got[0]] == wanted(source, model.request, 10, 3_210)
    model.gather(1_000, 4_999, got.append)
    settled()
    assert [row.id for row in got[1]] == wanted(source, model.request, 1_000, 4_999)


def test_failure_takes_its_road(qtbot: QtBot, memory: Memory, settled: Callable[[], None]) -> None:
    """What goes wrong is told on the road of the desk, and the model can ask again."""
    source = ListSource(invoices(10))
    model = RowModel(listing(source))
    memory.error = NotAllowed("documents.read")
    told: list[object] = []
    tasks.roads().not_allowed.connect(told.append)
    with qtbot.waitSignal(model.failed):
        model.ask(model.request)
    settled()
    tasks.roads().not_allowed.disconnect(told.append)
    assert told
    memory.error = None
    model.refresh(at_once=True)
    settled()
    assert model.total == 10


@given(st.integers(0, 3_000), st.lists(st.tuples(st.integers(0, 2_999), st.integers(1, 60)), max_size=12))
@settings(max_examples=60, deadline=None)
def test_places_always_reach_what_is_missing(total: int, looks: list[tuple[int, int]]) -> None:
    """Wherever the view goes, following the plan fills it in at most a few questions, with the right rows."""
    source = ListSource(invoices(total))
    request = PageRequest(sort=NEWEST)
    places = Places(lambda row: row.id)
    places.total, places.exact = total, True
    for first, height in looks:
        for _question in range(6):
            plan = places.next(request, first, first + height - 1)
            if isinstance(plan, Rungs):
                assert places.take_rungs(plan.step, source.marks(None, request, plan.step))
            elif isinstance(plan, Fetch):
                page = source.page(None, plan.request)
                assert places.fits(plan, page)
                places.put(plan.place if plan.forward else plan.place - len(page.rows), page)
                places.let_go(first, first + height - 1)
        assert places.next(request, first, first + height - 1) is None
        last = min(first + height, total) - 1
        rows = range(min(first, total), last + 1)
        assert [places.id_at(place) for place in rows] == wanted(source, request, min(first, total), last)
        assert len(places.rows) <= HELD
