"""A list by groups: each value of one column with its count and sums, as the server counts them under the filters in use.

Enter opens a group: its value becomes the filter of that column and the rows are shown again.
"""

from dataclasses import replace
from datetime import date
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QTableView, QWidget

from crm_desktop.core import i18n
from crm_desktop.core.i18n import N_, _
from crm_desktop.db.paging import By, Group, PageRequest, Source
from crm_desktop.ui import tasks
from crm_desktop.ui import theme as look
from crm_desktop.ui.delegates import STYLE, CellStyle, GridDelegate, Kind
from crm_desktop.ui.filters import Entry
from crm_desktop.ui.head import Head
from crm_desktop.ui.listing import Column, Listing

Index = QModelIndex | QPersistentModelIndex
_MONTHS = (
    *(N_("January {year}"), N_("February {year}"), N_("March {year}"), N_("April {year}"), N_("May {year}"), N_("June {year}")),
    *(N_("July {year}"), N_("August {year}"), N_("September {year}"), N_("October {year}"), N_("November {year}"), N_("December {year}")),
)
_VALUE, _COUNT = "value", "count"


def group_title(column: Column, group: Group) -> str:
    """A group in words: the choice's, the month's, the text; a group of nothing says so."""
    value = group.value
    if value is None or value == "":
        return _("(empty)")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if column.group is By.MONTH and isinstance(value, date):
        return _(_MONTHS[value.month - 1]).format(year=value.year)
    if isinstance(value, date):
        return i18n.day(value)
    choice = column.by_value.get(value)
    return _(choice.title) if choice else str(value)


def group_filter(column: Column, group: Group) -> str:
    """The filter text that finds the rows of this group."""
    value = group.value
    if value is None or value == "":
        return _("empty")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, date):
        return f"{value.month:02}.{value.year}" if column.group is By.MONTH else i18n.day(value)
    choice = column.by_value.get(value)
    if choice:
        return _(choice.title)
    return f"={value}" if column.reads_as is Entry.TEXT else str(value)


class GroupModel(QAbstractTableModel):
    """The groups as rows: value, count, sums."""

    def __init__(self, columns: tuple[Column, ...], parent: QWidget) -> None:
        super().__init__(parent)
        self._columns = columns
        self.of: Column | None = None
        self.groups: list[Group] = []

    def show_groups(self, of: Column, groups: list[Group]) -> None:
        """Show these, in this order."""
        self.beginResetModel()
        self.of, self.groups = of, groups
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        """A row for each group."""
        return 0 if parent.isValid() else len(self.groups)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        """The value, the count, the sums."""
        return 0 if parent.isValid() else len(self._columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Plain values; the name of a group of nothing is muted."""
        group, key = self.groups[index.row()], self._columns[index.column()].key
        if role == STYLE and key == _VALUE and group.value in (None, ""):
            return CellStyle(kind=Kind.MUTED)
        if role != Qt.ItemDataRole.DisplayRole or self.of is None:
            return None
        if key == _VALUE:
            return group_title(self.of, group)
        return group.count if key == _COUNT else group.amounts[key]

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The title of a column."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _(self._columns[section].title)
        return None


class GroupsView(QTableView):
    """See the module. `show_by` asks; `opened(column key, filter text)` when a group is opened, `left` when one goes back to the rows."""

    opened = Signal(str, str)
    left = Signal()
    shown = Signal()  # the groups came

    def __init__(self, listing: Listing, parent: QWidget) -> None:
        super().__init__(parent)
        self.listing = listing
        sums = tuple(column for column in listing.columns if column.summed)
        self._columns = (
            Column(_VALUE, N_("Group"), Kind.TEXT, 260, filterable=False),
            Column(_COUNT, N_("Rows"), Kind.NUMBER, 90, filterable=False),
            *(Column(each.key, each.title, each.kind, 130, filterable=False) for each in sums),
        )
        self._by: Column | None = None
        self._asked: tasks.Handle | None = None
        self._found: list[Group] = []
        self.more = False
        self._model = GroupModel(self._columns, self)
        self.setModel(self._model)
        self.head = Head(self._columns, self)
        self.head.sort_changed.connect(lambda _sort: self._order())
        self.setHorizontalHeader(self.head)
        self.setItemDelegate(GridDelegate(self, [column.kind for column in self._columns], ring=False))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(self.verticalHeader().ResizeMode.Fixed)
        self.doubleClicked.connect(lambda _index: self.open_current())
        look.current().follow(self, self._restyle)
        self.hide()

    @property
    def by(self) -> Column | None:
        """The column that is grouped by; None while the rows are shown."""
        return self._by

    @property
    def groups(self) -> list[Group]:
        """The groups in the order in which they are shown."""
        return list(self._model.groups)

    def show_by(self, column: Column, source: Source[Any], request: PageRequest) -> None:
        """Ask for the groups of what this request finds. The old ones stay until the answer."""
        if self._asked is not None:
            self._asked.drop()
        if column is not self._by:
            self.head.set_sort((), ())
        self._by = column
        self.head.columns[0] = replace(self._columns[0], title=column.title)
        self.head.viewport().update()
        self.setAccessibleName(_("{list} by {column}").format(list=_(self.listing.title), column=_(column.title)))
        assert column.group is not None

        def take(answer: tuple[list[Group], bool]) -> None:
            self._asked = None
            self._found, self.more = answer
            self._order()
            self.shown.emit()

        self._asked = tasks.read(self, source.groups, request, column.key, column.group, then=take)

    def table(self) -> tuple[tuple[Column, ...], list[list[Any]]]:
        """The groups as a table: its columns and the values of its rows, for the clipboard."""
        keys = [column.key for column in self._columns[2:]]
        of = self._by
        rows = [] if of is None else [[group_title(of, each), each.count, *(each.amounts[key] for key in keys)] for each in self.groups]
        return (self.head.columns[0], *self._columns[1:]), rows

    def leave(self) -> None:
        """The rows are shown again."""
        if self._asked is not None:
            self._asked.drop()
            self._asked = None
        self._by = None

    def open_current(self) -> None:
        """Enter: the rows of the group where one stands."""
        place = self.currentIndex().row()
        if self._by is not None and 0 <= place < len(self._model.groups):
            self.opened.emit(self._by.key, group_filter(self._by, self._model.groups[place]))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens, Esc goes back, Alt+↑ and Alt+↓ sort by the column where one stands."""
        key, held = event.key(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not held:
            self.open_current()
        elif key == Qt.Key.Key_Escape and not held:
            self.left.emit()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and held == Qt.KeyboardModifier.AltModifier:
            self.head.order_by(max(0, self.currentIndex().column()), key == Qt.Key.Key_Down, False)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The name takes what the figures leave."""
        super().resizeEvent(event)
        self._fit()

    def _order(self) -> None:
        """As the server gave them, or by the column that was chosen."""
        if self._by is None:
            return
        here = self._model.groups[self.currentIndex().row()].value if self.currentIndex().isValid() else None
        groups = list(self._found)
        for part in self.head.sort[:1]:
            if part.key == _COUNT:
                groups.sort(key=lambda group: group.count, reverse=part.descending)
            elif part.key == _VALUE:
                groups.sort(key=lambda group: (group.order is None, group.order), reverse=part.descending)
            else:
                groups.sort(key=lambda group: group.amounts[part.key], reverse=part.descending)
        column = max(0, self.currentIndex().column())
        self._model.show_groups(self._by, groups)
        if groups:
            place = next((at for at, group in enumerate(groups) if group.value == here), 0)
            self.setCurrentIndex(self._model.index(place, column))

    def _fit(self) -> None:
        theme = look.current()
        figures = [theme.scaled(column.width) for column in self._columns[1:]]
        for section, width in enumerate(figures, 1):
            self.head.resizeSection(section, width)
        self.head.resizeSection(0, max(theme.scaled(160), self.viewport().width() - sum(figures)))

    def _restyle(self) -> None:
        self.verticalHeader().setMinimumSectionSize(1)
        self.verticalHeader().setDefaultSectionSize(look.current().size("row"))
        self._fit()
