"""What is selected in a browser: by record, not by place, so that it outlives refreshes and rows that are not held.

The table view's own selection model is what the person sees and moves; this keeps what it means. `everything` says that all of
the result is selected except `ids`; otherwise `ids` are the selected ones. Rows are remembered with their values, for the sums.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QObject, Signal

from crm_desktop.db.paging import PageRequest
from crm_desktop.ui.row_model import RowModel

_ROWS = QItemSelectionModel.SelectionFlag.Rows
_SELECT = QItemSelectionModel.SelectionFlag.Select


@dataclass(frozen=True)
class Selection:
    """What a slice acts on: `ids`; or, where `everything`, all that `request` finds except `ids`."""

    ids: frozenset[UUID]
    everything: bool
    request: PageRequest


class RowSelection(QObject):
    """Keeps the meaning of the selection of one view. `changed` after each change, also of the rows' values."""

    changed = Signal()

    def __init__(self, model: RowModel, picks: QItemSelectionModel, parent: QObject) -> None:
        super().__init__(parent)
        self._model, self._picks = model, picks
        self._rows: dict[UUID, Any] = {}
        self._places: dict[int, UUID] = {}  # places whose record is known although the row may be let go
        self._awaited: int | None = None  # a place that was chosen before its row came: it is being looked at, so it will come
        self._everything = False
        self._marking = False
        self._syncing = False
        self._asked = 0
        picks.selectionChanged.connect(self._picked)
        model.arrived.connect(self._arrived)
        model.moved.connect(lambda _delta: self._places_lost())
        model.replaced.connect(self._places_lost)
        model.gone.connect(self.forget)

    # ---- what is selected ----------------------------------------------------------------------------------------------
    @property
    def count(self) -> int:
        """How many records are selected."""
        return max(0, self._model.total - len(self._rows)) if self._everything else len(self._rows)

    @property
    def counts(self) -> bool:
        """Whether the selection is meant as one: several rows, or marked by hand, not just the row that one stands on."""
        return self.count > 1 or (self._marking and self.count > 0)

    @property
    def marking(self) -> bool:
        """Whether rows were marked by hand: arrows then move without losing the marks."""
        return self._marking

    def meant(self) -> Selection:
        """The selection as a value."""
        return Selection(frozenset(self._rows), self._everything, self._model.request)

    def rows(self) -> list[Any]:
        """The selected rows in the order of the list, those whose places are not known last; with `everything`, the excepted ones."""
        known = self._model.places.by_id
        there = {id: place for place, id in self._places.items()} | {id: known[id] for id in self._rows if id in known}
        return [self._rows[id] for id in sorted(self._rows, key=lambda each: there.get(each, self._model.total))]

    def sums(self) -> dict[str, Decimal]:
        """The sums of the summed columns over the selection (amounts in PLN), as the rows say them."""
        found = {}
        for column in self._model.listing.columns:
            if column.summed:
                part = sum((Decimal(column.read(row) or 0) for row in self._rows.values()), Decimal(0))
                whole = self._model.sums.amounts.get(column.key, Decimal(0))
                found[column.key] = whole - part if self._everything else part
        return found

    # ---- acts ----------------------------------------------------------------------------------------------------------
    def mark(self, place: int) -> None:
        """Mark or unmark one row by hand; the first mark starts from the row one stands on."""
        first, self._marking = not self._marking, True
        index = self._model.index(place, 0)
        act = _SELECT if first else QItemSelectionModel.SelectionFlag.Toggle
        self._picks.select(index, act | _ROWS)
        self.changed.emit()

    def start_marking(self) -> None:
        """The pointer marks by hand (Ctrl and click)."""
        self._marking = True

    def select_all(self) -> None:
        """All of the result, held or not."""
        self._rows.clear()
        self._everything = self._marking = True
        self._show()
        self.changed.emit()

    def let_go(self) -> None:
        """The next selection begins anew: what is selected but not in sight is no longer selected."""
        self._marking = self._everything = False
        sight = {self._places.get(place) for place in self._picked_places()}
        self._rows = {id: row for id, row in self._rows.items() if id in sight}

    def clear(self) -> None:
        """Select nothing."""
        self._rows.clear()
        self._marking = self._everything = False
        self._show()
        self.changed.emit()

    def forget(self, ids: Iterable[UUID]) -> None:
        """These records are gone."""
        if not self._everything:
            for id in ids:
                self._rows.pop(id, None)
            self.changed.emit()

    # ---- following the view --------------------------------------------------------------------------------------------
    def _picked(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        if self._syncing:
            return
        self._asked += 1
        self._awaited = None
        if self._everything:
            self._except(selected, deselected)
        else:
            for top, bottom in _ranges(deselected):
                for place in range(top, bottom + 1):
                    id = self._id_at(place)
                    if id is not None:
                        self._rows.pop(id, None)
            for top, bottom in _ranges(selected):
                self._take(top, bottom)
        self.changed.emit()

    def _except(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        """All but some: rows that are taken out and put back one by one."""
        for part, out in ((deselected, True), (selected, False)):
            for top, bottom in _ranges(part):
                for place in range(top, bottom + 1):
                    id = self._id_at(place)
                    if id is not None and out:
                        self._rows[id] = self._model.row_at(place)
                    elif id is not None:
                        self._rows.pop(id, None)

    def _take(self, top: int, bottom: int) -> None:
        asked = self._asked

        def take(rows: list[Any]) -> None:
            if asked != self._asked:
                return  # the selection has changed meanwhile
            for place, row in enumerate(rows, top):
                id = self._model.listing.key(row)
                self._rows[id], self._places[place] = row, id
            self.changed.emit()

        for place in range(top, bottom + 1):
            row = self._model.row_at(place)
            if row is not None:
                id = self._model.listing.key(row)
                self._rows[id], self._places[place] = row, id
        if self._model.places.missing(top, bottom) is None:
            return
        if top == bottom:
            self._awaited = top
        else:
            self._model.gather(top, bottom, take)

    def _id_at(self, place: int) -> UUID | None:
        return self._model.id_at(place) or self._places.get(place)

    def _picked_places(self) -> Iterable[int]:
        for top, bottom in _ranges(self._picks.selection()):
            yield from range(top, min(bottom, self._model.total) + 1)

    # ---- following the rows --------------------------------------------------------------------------------------------
    def _places_lost(self) -> None:
        self._places.clear()
        self._awaited = None
        self._show()

    def _arrived(self, first: int, last: int) -> None:
        """Renew the remembered values and show what is selected among the rows that came."""
        again = False
        for place in range(first, last + 1):
            row = self._model.row_at(place)
            id = None if row is None else self._model.listing.key(row)
            if id is not None and (id in self._rows or (place == self._awaited and not self._everything)):
                again = again or self._rows.get(id) != row
                self._rows[id], self._places[place] = row, id
        if self._rows or self._everything:
            self._show(first, last)
        if again:
            self.changed.emit()

    def _show(self, first: int = 0, last: int = -1) -> None:
        """Let the view's selection say what is meant: for all rows, or (first..last) only add what these rows have to show."""
        whole = last < first
        places = self._model.places.rows if whole else range(first, last + 1)
        chosen = sorted(place for place in places if (id := self._model.id_at(place)) is not None and id in self._rows)
        wanted = QItemSelection()
        columns = self._model.columnCount() - 1
        if self._everything and self._model.total:
            start = 0
            for place in [*sorted(self._model.places.by_id[id] for id in self._rows if id in self._model.places.by_id), self._model.total]:
                if place > start:
                    wanted.select(self._model.index(start, 0), self._model.index(place - 1, columns))
                start = place + 1
        else:
            for top, bottom in _runs(chosen):
                wanted.select(self._model.index(top, 0), self._model.index(bottom, columns))
        self._syncing = True
        try:
            anew = whole or self._everything
            act = QItemSelectionModel.SelectionFlag.ClearAndSelect if anew else _SELECT
            self._picks.select(wanted, act | _ROWS)
        finally:
            self._syncing = False


def _ranges(selection: QItemSelection) -> list[tuple[int, int]]:
    return sorted({(part.top(), part.bottom()) for part in selection})  # type: ignore[attr-defined]


def _runs(places: list[int]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for place in places:
        if runs and runs[-1][1] == place - 1:
            runs[-1] = (runs[-1][0], place)
        else:
            runs.append((place, place))
    return runs
