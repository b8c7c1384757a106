"""Widths, order and visibility of a browser's columns, and how they are kept as JSON.

Widths are kept at 100 % text size. Stretching columns (names) share what is left of the view, so that the table fills it.
"""

import json
from typing import Any

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from crm_desktop.core.i18n import _
from crm_desktop.db.paging import Sort
from crm_desktop.ui import theme as look
from crm_desktop.ui.delegates import Kind
from crm_desktop.ui.listing import Column
from crm_desktop.ui.rows_view import RowsView

#: The least width of a stretching column at 100 %; where all columns fit then, that of any column with words.
_LEAST_STRETCH, _TIGHT_STRETCH, _TIGHT_WORDS = 160, 120, 72


class ColumnLayout(QObject):
    """Belongs to one view. `changed` when a person moved, resized, hid or showed a column."""

    changed = Signal()
    hidden = Signal(int)  # the section

    def __init__(self, view: RowsView) -> None:
        super().__init__(view)
        self._view, self._head = view, view.head
        self._columns = view.head.columns
        self._widths = {section: float(column.width) for section, column in enumerate(self._columns)}
        self._fitting = False
        for section, column in enumerate(self._columns):
            self._head.setSectionHidden(section, column.hidden)
        self._head.sectionResized.connect(self._resized)
        self._head.sectionMoved.connect(lambda *_places: self.changed.emit())
        look.current().follow(self, self.fit)

    def fit(self) -> None:
        """Give each column its width; the stretching ones share what is left, at least their own least width.

        Where that is too much, columns of words that nobody widened give way too, if all fit then; otherwise one scrolls sideways.
        """
        if self._fitting:
            return
        self._fitting = True
        shown = self._shown()
        stretching = [section for section in shown if self._columns[section].stretch]
        least, tight = (look.current().scaled(each) for each in (_LEAST_STRETCH, _TIGHT_STRETCH))
        widths = {section: self._width(section) for section in shown if section not in stretching}
        left = self._view.viewport().width() - sum(widths.values())
        spare = {section: width - self._least_words(section) for section, width in widths.items()}
        if least * len(stretching) > left >= tight * len(stretching) - sum(spare.values()):
            least = tight
            for section, most in spare.items():
                given = max(0, min(tight * len(stretching) - left, most))
                widths[section] -= given
                left += given
        for section in shown:
            if section in stretching:
                share = left // len(stretching) + (left % len(stretching) if section == stretching[-1] else 0)
                self._head.resizeSection(section, max(share, least))
            else:
                self._head.resizeSection(section, widths[section])
        self._fitting = False
        self._head.place_fields()

    def offer(self, place: QPoint) -> None:
        """A menu of the columns, checked where they are shown; the last one cannot go."""
        menu = QMenu(self._view)
        shown = self._shown()
        for section in self._in_order():
            action = QAction(_(self._columns[section].title), menu, checkable=True, checked=section in shown)
            action.setEnabled(section not in shown or len(shown) > 1)
            action.toggled.connect(lambda on, section=section: self.show_column(section, on))
            menu.addAction(action)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(place)

    def show_column(self, section: int, shown: bool) -> None:
        """Show or hide a column."""
        self._head.setSectionHidden(section, not shown)
        self.fit()
        if not shown:
            self.hidden.emit(section)
        self.changed.emit()

    def shown_columns(self) -> tuple[Column, ...]:
        """The columns that are shown, in the order in which they stand."""
        shown = set(self._shown())
        return tuple(self._columns[section] for section in self._in_order() if section in shown)

    def move(self, section: int, step: int) -> None:
        """Move a column so many shown places to the right (negative: to the left)."""
        shown = [other for other in self._in_order() if not self._head.isSectionHidden(other)]
        to = shown.index(section) + step if section in shown else -1
        if 0 <= to < len(shown):
            self._head.moveSection(self._head.visualIndex(section), self._head.visualIndex(shown[to]))

    def widen(self, section: int, by: int) -> None:
        """Make a column wider by so many pixels at 100 % (negative: narrower)."""
        if 0 <= section < len(self._columns):
            self._head.resizeSection(
                section, max(self._head.least_width(section), self._head.sectionSize(section) + look.current().scaled(by))
            )

    def state(self) -> str:
        """Order, widths, hidden columns, the sort and whether the filter row is there, as JSON. Filters are not kept."""
        columns = [
            {"key": self._columns[section].key, "width": round(self._widths[section]), "hidden": self._head.isSectionHidden(section)}
            for section in self._in_order()
        ]
        sort = [{"key": part.key, "descending": part.descending} for part in self._head.sort]
        return json.dumps({"columns": columns, "sort": sort, "filters": self._head.filters_shown}, ensure_ascii=False)

    def restore(self, state: str) -> tuple[Sort, ...] | None:
        """Take what `state` gave and give back the sort; None for a text that is not one. What no longer fits is left out."""
        places = {column.key: section for section, column in enumerate(self._columns)}
        try:
            kept: dict[str, Any] = json.loads(state)
            columns = [
                (places[part["key"]], float(part["width"]), bool(part["hidden"])) for part in kept["columns"] if part["key"] in places
            ]
            sort = tuple(
                Sort(part["key"], bool(part["descending"]))
                for part in kept["sort"]
                if part["key"] in places and self._columns[places[part["key"]]].sortable
            )
        except (ValueError, KeyError, TypeError):
            return None
        for visual, (section, width, hidden) in enumerate(columns):
            self._head.moveSection(self._head.visualIndex(section), visual)
            self._widths[section] = width
            self._head.setSectionHidden(section, hidden and any(not other for _section, _width, other in columns))
        self._head.show_filters(bool(kept.get("filters", True)))
        self.fit()
        return sort

    def _resized(self, section: int, _old: int, new: int) -> None:
        """A person drags a border: no column gets narrower than its kind allows; the names give or take the rest."""
        if not self._fitting and new > 0:
            self._widths[section] = new / max(1.0, look.current().scale)
            self.changed.emit()
            if not self._columns[section].stretch:
                self.fit()

    def _width(self, section: int) -> int:
        return max(look.current().scaled(self._widths[section]), self._head.least_width(section))

    def _least_words(self, section: int) -> int:
        """How narrow a column may get where there is little room: words may end in …, nothing else may."""
        column, width = self._columns[section], self._width(section)
        if column.kind is not Kind.TEXT or self._widths[section] != column.width:
            return width
        return min(width, max(look.current().scaled(_TIGHT_WORDS), self._head.title_width(section)))

    def _in_order(self) -> list[int]:
        return [self._head.logicalIndex(visual) for visual in range(self._head.count())]

    def _shown(self) -> list[int]:
        return [section for section in range(self._head.count()) if not self._head.isSectionHidden(section)]
