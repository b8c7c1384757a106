"""Where the rows of a long list stand: which are held, by which key each place can be reached, what to fetch next.

Pure bookkeeping for `row_model.py`: no Qt, no database. A place is reached

    beside held rows   by the key of the neighbour, forwards or backwards,
    at either end      from that end,
    anywhere else      from the nearest rung: the key of every n-th row, asked once when somebody first jumps into the unknown;
                       pages that were held and let go leave rungs too.

So no question ever counts rows to skip.
"""

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from crm_desktop.db.paging import Key, Page, PageRequest

#: Rows of one page. On lists of millions the step between rungs, and the page with it, grows so that there are at most RUNGS.
PAGE = 200
RUNGS = 20_000
#: So many rows are held at most.
HELD = 2_000
#: Rows fetched beyond the visible ones, so that the wheel meets rows that are there.
MARGIN = 60


@dataclass(frozen=True)
class Fetch:
    """A page to ask for: `place` is that of its first row, or (not `forward`) the place behind its last."""

    request: PageRequest
    place: int
    forward: bool


@dataclass(frozen=True)
class Rungs:
    """The keys of every `step`-th row must be asked first."""

    step: int


class Places:
    """The held part of one result. Positions count from 0; `total` is how many rows there are, as far as known."""

    def __init__(self, key_of: Callable[[Any], UUID]) -> None:
        self.key_of = key_of
        self.rows: dict[int, Any] = {}
        self.keys: dict[int, Key] = {}
        self.by_id: dict[UUID, int] = {}
        self.total = 0
        self.exact = False  # the server has counted
        self.page = PAGE
        self._rungs: dict[int, Key] = {}
        self._sorted: list[int] | None = None

    def id_at(self, place: int) -> UUID | None:
        """The id of a held row, None elsewhere."""
        row = self.rows.get(place)
        return None if row is None else self.key_of(row)

    def forget(self) -> None:
        """Positions have lost their meaning."""
        for held in (self.rows, self.keys, self.by_id, self._rungs):
            held.clear()
        self._sorted, self.page = None, PAGE

    def put(self, start: int, page: Page[Any]) -> None:
        """Hold a page whose first row stands at `start`."""
        for at, (row, key) in enumerate(zip(page.rows, page.keys, strict=True), start):
            self.rows[at], self.keys[at] = row, key
            self.by_id[self.key_of(row)] = at
        if page.rows:
            self._rungs[start + len(page.rows) - 1] = page.keys[-1]
            self._sorted = None

    def let_go(self, first: int, last: int) -> list[int]:
        """Hold at most HELD rows, those nearest to first..last; gives the places that were let go."""
        if len(self.rows) <= HELD:
            return []
        middle = (first + last) // 2
        keep = max(HELD - PAGE, last - first + 1)
        far = sorted(self.rows, key=lambda place: abs(place - middle))[keep:]
        self.drop(far)
        return far

    def drop(self, places: list[int]) -> None:
        """No longer hold these rows."""
        for place in places:
            id = self.key_of(self.rows.pop(place))
            if self.by_id.get(id) == place:
                del self.by_id[id]
            del self.keys[place]

    def missing(self, first: int, last: int) -> int | None:
        """The first place of first..last that is not held."""
        return next((place for place in range(first, last + 1) if place not in self.rows), None)

    def next(self, question: PageRequest, first: int, last: int) -> Fetch | Rungs | None:
        """What to ask next while the view shows first..last; None where nothing is missing there and a little around."""
        first, last = min(first, self.total - 1), min(last, self.total - 1)
        if first < 0:
            return None
        place = self.missing(first, last)
        if place is None:
            place = self.missing(max(0, first - MARGIN), min(self.total - 1, last + MARGIN))
        if place is None:
            return None
        page = replace(question, limit=self.page)
        if place - 1 in self.keys:
            return Fetch(replace(page, after=self.keys[place - 1]), place, True)
        if place < self.page:
            return Fetch(page, 0, True)
        behind = next((at for at in range(place + 1, min(place + self.page, self.total - 1) + 1) if at in self.keys), None)
        if behind is not None:
            return Fetch(replace(page, before=self.keys[behind]), behind, False)
        if self.exact and self.total - place <= self.page:
            return Fetch(replace(page, last=True), self.total, False)
        rung = self.rung_before(place)
        if rung is not None and place - rung[0] <= self.page:
            return Fetch(replace(page, after=rung[1]), rung[0] + 1, True)
        return Rungs(max(PAGE, -(-self.total // RUNGS)))

    def fits(self, fetch: Fetch, page: Page[Any]) -> bool:
        """Whether a page agrees with what is held and counted. If not, others have changed the list meanwhile."""
        count = len(page.rows)
        start = fetch.place if fetch.forward else fetch.place - count
        if start < 0 or any(self.id_at(at) not in (None, self.key_of(row)) for at, row in enumerate(page.rows, start)):
            return False
        if fetch.forward:
            return not (self.exact and page.more and start + count >= self.total)
        return page.more == (start > 0)

    def take_rungs(self, step: int, keys: list[Key]) -> bool:
        """Keep the keys of rows step - 1, 2 * step - 1, …; False where there are fewer rows than were counted."""
        self.page = step
        self._rungs = {number * step + step - 1: key for number, key in enumerate(keys)}
        self._sorted = None
        return (len(keys) + 1) * step > self.total

    def rung_before(self, place: int) -> tuple[int, Key] | None:
        """The nearest place before `place` whose key is known though its row may be gone."""
        if self._sorted is None:
            self._sorted = sorted(self._rungs)
        found = bisect_left(self._sorted, place)
        return (self._sorted[found - 1], self._rungs[self._sorted[found - 1]]) if found else None
