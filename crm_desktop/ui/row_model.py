"""The rows of a browser: any number of them, a bounded part held, each place reached by key (see places.py).

The model has as many rows as the server counted, so the scroll bar is honest. What is not held shows as pending and is fetched
when the view says that it looks there (`look_at`). One page is under way at a time and the next is planned from where the view
is by then: scrolling cannot flood the server. Answers to an older question are dropped: the last one wins.

`refresh` reads the visible window again at the key of its first row, with the count and that key's rank: positions are exact
again, whatever others inserted above, and the view is told by how much its rows moved. Rows whose content changed fade.
"""

import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any
from uuid import UUID

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer, Signal

from crm_desktop.core.i18n import _
from crm_desktop.db.paging import Page, PageRequest, Source, Sums
from crm_desktop.ui import tasks
from crm_desktop.ui.delegates import PENDING, STYLE, CellStyle
from crm_desktop.ui.listing import Listing
from crm_desktop.ui.places import MARGIN, PAGE, Fetch, Places, Rungs

Index = QModelIndex | QPersistentModelIndex

#: A refresh that took t is followed by the next no sooner than REFRESH_SHARE × t: counting a long list must not load the server.
REFRESH_SHARE = 5
#: Rows asked at once when a long range is marked.
GATHER = 1_000
#: How long a changed row is remembered as changed, in seconds; the delegate fades it within this time.
_FADES = 2.0

_DISPLAY, _STYLE = int(Qt.ItemDataRole.DisplayRole), int(STYLE)
_SHOWN = frozenset({_DISPLAY, _STYLE})
_SPOKEN = frozenset({int(Qt.ItemDataRole.AccessibleTextRole), int(Qt.ItemDataRole.ToolTipRole)})
_Cells = tuple[tuple[Any, ...], tuple[CellStyle | None, ...]]


class RowModel(QAbstractTableModel):
    """See the module. Positions are rows of the model; records are told by their id (`Listing.key`)."""

    busy = Signal(bool)  # visible rows are being fetched
    arrived = Signal(int, int)  # rows first..last are held now, or were renewed
    counted = Signal()  # `total` and `sums` are exact
    about_to_move = Signal()  # the rows are about to get other places: remember by id what matters
    moved = Signal(int)  # they have: what stood at p stands at p + this
    replaced = Signal()  # another result is shown from its first row
    gone = Signal(object)  # set[UUID]: records that stood among the renewed rows and no longer do
    failed = Signal(object)  # an answer did not come; the error has taken its road

    def __init__(self, listing: Listing, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.listing = listing
        self.request = PageRequest(sort=listing.default_sort)
        self.sums = Sums(0)
        self.ready = False  # at least one answer came
        self.places = Places(listing.key)
        self._columns = listing.columns
        self._cells: dict[int, _Cells] = {}
        self._changed: dict[UUID, float] = {}
        self._layout = 0  # rises whenever positions lose their meaning
        self._view = (0, 0)
        self._asked_anew = False
        self._fetch: tasks.Handle | None = None
        self._others: deque[tasks.Handle] = deque(maxlen=8)
        self._refreshing = self._again = False
        self._pause = QTimer(self, singleShot=True)
        self._pause.timeout.connect(self._after_pause)

    # ---- Qt ------------------------------------------------------------------------------------------------------------
    def rowCount(self, parent: Index = QModelIndex()) -> int:
        """All rows of the result, held or not."""
        return 0 if parent.isValid() else self.places.total

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        """The declared columns."""
        return 0 if parent.isValid() else len(self._columns)

    def data(self, index: Index, role: int = _DISPLAY) -> Any:
        """DisplayRole: the plain value; STYLE: its CellStyle or None; an icon's words for screen readers and tool tips."""
        if role not in _SHOWN:
            return self._spoken(index) if role in _SPOKEN else None
        cells = self._cells.get(index.row()) or self._prepared(index.row())
        if cells is None:
            return PENDING if role == _STYLE else None
        return cells[role == _STYLE][index.column()]

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> Any:
        """The title of a column."""
        if orientation == Qt.Orientation.Horizontal and role == _DISPLAY and 0 <= section < len(self._columns):
            return _(self._columns[section].title)
        return None

    def _spoken(self, index: Index) -> str | None:
        row = self.places.rows.get(index.row())
        return None if row is None else self._columns[index.column()].spoken(row) or None

    def _prepared(self, place: int) -> _Cells | None:
        row = self.places.rows.get(place)
        if row is None:
            return None
        values, styles = zip(*(column.cell(row) for column in self._columns), strict=True)
        since = self._changed.get(self.listing.key(row))
        if since is not None:
            styles = tuple(replace(style or CellStyle(), changed=since) for style in styles)
        self._cells[place] = cells = (values, styles)
        return cells

    # ---- what the browser asks -----------------------------------------------------------------------------------------
    @property
    def total(self) -> int:
        """How many rows there are, as far as known (`exact`)."""
        return self.places.total

    @property
    def exact(self) -> bool:
        """Whether the server has counted."""
        return self.places.exact

    def row_at(self, place: int) -> Any | None:
        """The row, or None where it is not held."""
        return self.places.rows.get(place)

    def id_at(self, place: int) -> UUID | None:
        """The record's id, or None where the row is not held."""
        return self.places.id_at(place)

    def place_of(self, id: UUID) -> int | None:
        """The place of a held record."""
        return self.places.by_id.get(id)

    # ---- another question ----------------------------------------------------------------------------------------------
    def ask(self, request: PageRequest) -> None:
        """Show another result: other filters, order or text. The old rows stay until the first answer. Last question wins."""
        self._layout += 1
        self._drop_questions()
        self.request = replace(request, after=None, before=None, at=None, last=False, limit=PAGE)
        self._asked_anew = True
        layout, early = self._layout, list[Sums]()

        def show(page: Page[Any]) -> None:
            if layout == self._layout:
                self._fetch, self._asked_anew = None, False
                self._begin(page)
                for sums in early:
                    self._take_sums(sums)
                self._more()

        def count(sums: Sums) -> None:
            if layout != self._layout:
                return
            if self._asked_anew:
                early.append(sums)
            else:
                self._take_sums(sums)
                self._more()

        self._fetch = tasks.read(self, self._source.page, self.request, then=show, failed=self._gone_wrong)
        self._others.append(tasks.read(self, self._source.sums, self.request, then=count))
        self.busy.emit(True)

    def _begin(self, page: Page[Any]) -> None:
        self.about_to_move.emit()
        self.beginResetModel()
        self._forget()
        self._changed.clear()
        self._view = (0, self._view[1] - self._view[0])
        self.sums, self.ready = Sums(0), True
        self.places.put(0, page)
        self.places.exact = not page.more
        self.places.total = len(page.rows) + (PAGE if page.more else 0)
        self.endResetModel()
        self.replaced.emit()
        self.arrived.emit(0, len(page.rows) - 1)
        self.busy.emit(False)

    # ---- fetching where the view looks ---------------------------------------------------------------------------------
    def look_at(self, first: int, last: int) -> None:
        """The view shows rows first..last now: fetch what is missing there, let go what is far away."""
        self._view = (max(0, first), max(0, first, last))
        self._more()

    def _more(self) -> None:
        if self._fetch is not None or self._refreshing or not self.ready:
            return
        plan, layout = self.places.next(self.request, *self._view), self._layout
        if isinstance(plan, Fetch):

            def place(page: Page[Any]) -> None:
                if layout == self._layout:
                    self._fetch = None
                    self._place(plan, page)

            self._fetch = tasks.read(self, self._source.page, plan.request, then=place, failed=self._gone_wrong)
        elif isinstance(plan, Rungs):

            def climb(keys: list[tuple[Any, ...]]) -> None:
                if layout == self._layout:
                    self._fetch = None
                    if self.places.take_rungs(plan.step, keys):
                        self._more()
                    else:
                        self.refresh()

            self._fetch = tasks.read(self, self._source.marks, self.request, plan.step, then=climb, failed=self._gone_wrong)
        if plan is not None and self.places.missing(*self._view) is not None:
            self.busy.emit(True)

    def _place(self, plan: Fetch, page: Page[Any]) -> None:
        if not self.places.fits(plan, page):
            self.refresh()  # others changed the list since it was counted
            return
        count = len(page.rows)
        start = plan.place if plan.forward else plan.place - count
        if plan.forward and not page.more:
            self.places.exact = True
            self._set_total(start + count)
        elif not self.exact:
            self._set_total(max(self.total, start + count + PAGE))
        self.places.put(start, page)
        for gone in self.places.let_go(*self._view):
            self._cells.pop(gone, None)
        if count:
            self._show_again(start, start + count - 1)
        self._more()
        if self._fetch is None:
            self.busy.emit(False)

    def _show_again(self, first: int, last: int) -> None:
        for place in range(first, last + 1):
            self._cells.pop(place, None)
        self.dataChanged.emit(self.index(first, 0), self.index(last, len(self._columns) - 1))
        self.arrived.emit(first, last)

    def _take_sums(self, sums: Sums) -> None:
        self.sums, self.places.exact = sums, True
        self._set_total(max(sums.count, max(self.places.rows, default=-1) + 1))
        self.counted.emit()

    def _set_total(self, total: int) -> None:
        before = self.total
        if total > before:
            self.beginInsertRows(QModelIndex(), before, total - 1)
            self.places.total = total
            self.endInsertRows()
        elif total < before:
            self.places.drop([place for place in self.places.rows if place >= total])
            self.beginRemoveRows(QModelIndex(), total, before - 1)
            self.places.total = total
            self.endRemoveRows()

    # ---- live refresh --------------------------------------------------------------------------------------------------
    def refresh(self, ids: Iterable[UUID] | None = None, *, at_once: bool = False) -> None:
        """Others changed these records, or (None) anything may have changed. Selection, current row and place stay.

        at_once: a person asked for it (F5), so the distance between refreshes does not count.
        """
        if not self.ready:
            if self._fetch is None:
                self.ask(self.request)
        elif self._asked_anew:
            return  # another result is on its way, it will be fresh
        elif self._refreshing or (self._pause.isActive() and not at_once):
            self._again = True
        else:
            self._refresh()

    def _refresh(self) -> None:
        if self._fetch is not None:
            self._fetch.drop()
            self._fetch = None
        self._pause.stop()
        self._layout += 1
        self._refreshing, self._again = True, False
        first, last = self._view
        anchor = 0 if first == 0 else next((place for place in range(first, last + 1) if place in self.places.keys), -1)
        request = replace(self.request, limit=max(PAGE, last - first + 1 + MARGIN))
        if anchor > 0:
            request = replace(request, at=self.places.keys[anchor])
        layout, began = self._layout, time.monotonic()

        def renew(answer: tuple[Page[Any] | None, Sums]) -> None:
            if layout == self._layout:
                self._refreshing = False
                self._renew(anchor, *answer)
                self._pause.start(round((time.monotonic() - began) * 1000 * REFRESH_SHARE))
                self._more()
                if self._fetch is None:
                    self.busy.emit(False)

        self._others.append(tasks.read(self, _window, self._source, request, anchor >= 0, then=renew, failed=self._gone_wrong))
        self.busy.emit(True)

    def _after_pause(self) -> None:
        if self._again:
            self.refresh()

    def _renew(self, anchor: int, page: Page[Any] | None, sums: Sums) -> None:
        if page is None:  # nothing visible was held: only the count is new, the rows come by the usual road
            self._reshape(0, Page((), (), True), sums, 0)
            return
        start = sums.rank or 0
        self._note_changes(page)
        gone = self._gone(anchor, page)
        ids = [self.listing.key(row) for row in page.rows]
        same = start == anchor and sums.count == self.total and all(self.id_at(at) in (None, id) for at, id in enumerate(ids, start))
        if same:
            self.places.drop([place for place in self.places.rows if not start <= place < start + len(ids)])
            self._cells.clear()
            self.places.put(start, page)
            self.sums, self.places.exact = sums, True
            if ids:
                self._show_again(start, start + len(ids) - 1)
            self.counted.emit()
        else:
            self._reshape(start, page, sums, start - anchor)
        if gone:
            self.gone.emit(gone)

    def _gone(self, anchor: int, page: Page[Any]) -> set[UUID]:
        """Which held rows from `anchor` on are not in the renewed page; those pushed beyond its end are not meant."""
        fresh, known = {self.listing.key(row) for row in page.rows}, self.places.by_id
        last = max((known[id] for id in fresh if id in known), default=anchor) if page.more else self.total
        return {id for id, place in known.items() if anchor <= place <= last and id not in fresh}

    def _reshape(self, start: int, page: Page[Any], sums: Sums, delta: int) -> None:
        self.about_to_move.emit()
        self.beginResetModel()
        self._forget()
        self.places.put(start, page)
        end = start + len(page.rows)
        self.places.total = max(sums.count, end) if page.more or not page.rows else end
        self.sums, self.places.exact = sums, True
        self._view = (max(0, self._view[0] + delta), max(0, self._view[1] + delta))
        self.endResetModel()
        self.moved.emit(delta)
        if page.rows:
            self.arrived.emit(start, end - 1)
        self.counted.emit()

    def _note_changes(self, page: Page[Any]) -> None:
        """Changed rows fade, and those that came in among known ones; what lies beyond the known rows is only newly read."""
        now = time.monotonic()
        self._changed = {id: since for id, since in self._changed.items() if now - since < _FADES}
        ids, known = [self.listing.key(row) for row in page.rows], self.places.by_id
        last_known = max((at for at, id in enumerate(ids) if id in known), default=-1)
        for at, (id, row) in enumerate(zip(ids, page.rows, strict=True)):
            if (id not in known and at < last_known) or (id in known and self.places.rows[known[id]] != row):
                self._changed[id] = now

    # ---- long ranges ---------------------------------------------------------------------------------------------------
    def gather(self, first: int, last: int, then: Callable[[list[Any]], None]) -> None:
        """All rows of the places first..last, also those not held: `then(rows)`, at once where all are held.

        Dropped when the list moves meanwhile.
        """
        if self.places.missing(first, last) is None:
            then([self.places.rows[place] for place in range(first, last + 1)])
            return
        count, keys, layout = last - first + 1, self.places.keys, self._layout
        before = self.places.rung_before(first)
        if first in keys:
            request = replace(self.request, at=keys[first])
        elif last + 1 in keys:
            request = replace(self.request, before=keys[last + 1])
        elif last == self.total - 1 and self.exact:
            request = replace(self.request, last=True)
        elif before is None:
            request, count = self.request, last + 1
        else:
            request, count = replace(self.request, after=before[1]), last - before[0]

        def found(rows: list[Any]) -> None:
            if layout == self._layout:
                then(rows[-(last - first + 1) :])

        self._others.append(tasks.read(self, _gathered, self._source, request, count, then=found))

    # ---- parts ---------------------------------------------------------------------------------------------------------
    @property
    def _source(self) -> Source[Any]:
        return self.listing.source

    def _forget(self) -> None:
        self.places.forget()
        self._cells.clear()

    def _drop_questions(self) -> None:
        for handle in self._others:
            handle.drop()
        self._others.clear()
        if self._fetch is not None:
            self._fetch.drop()
        self._fetch, self._refreshing, self._again = None, False, False
        self._pause.stop()

    def _gone_wrong(self, error: Exception) -> bool:
        """Take note, and let the error go its own road (the strip, the crash window)."""
        self._fetch, self._refreshing, self._asked_anew = None, False, False
        self.busy.emit(False)
        self.failed.emit(error)
        return False


def _window(tx: Any, source: Source[Any], request: PageRequest, rows: bool) -> tuple[Page[Any] | None, Sums]:
    """The visible window (where `rows`), and the sums with its rank, in one task."""
    return (source.page(tx, request) if rows else None), source.sums(tx, request)


def _gathered(tx: Any, source: Source[Any], request: PageRequest, count: int) -> list[Any]:
    """`count` rows from where the request begins, page after page."""
    rows: list[Any] = []
    backward = request.before is not None or request.last
    while count > 0:
        page = source.page(tx, replace(request, limit=min(GATHER, count)))
        rows = [*page.rows, *rows] if backward else [*rows, *page.rows]
        count -= len(page.rows)
        if not page.more or not page.rows:
            break
        onward = replace(request, at=None, last=False)
        request = replace(onward, before=page.keys[0]) if backward else replace(onward, after=page.keys[-1])
    return rows
