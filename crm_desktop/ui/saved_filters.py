"""Filters that an employee keeps under a name: what stands in the filter row, the search and the order, recalled as she typed it.

"This month" stays this month; choices are kept by their stored values, so that they outlive a change of language. They are part of the
state of a list (`Browser.state`) and so belong to the employee and to this one list.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from PySide6.QtCore import QObject, QPoint, QSize, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from crm_desktop.core.i18n import _
from crm_desktop.db.paging import OneOf, Sort
from crm_desktop.ui.fields import TextField
from crm_desktop.ui.filters import parse
from crm_desktop.ui.listing import Column
from crm_desktop.ui.widgets import dialogs
from crm_desktop.ui.widgets.parts import WrapLabel, label

#: A longer name would not fit the menu.
LONGEST_NAME, MOST = 60, 30


@dataclass(frozen=True)
class SavedFilter:
    """filters: by the column's key, a text as typed or the chosen stored values. text: the search."""

    name: str
    filters: Mapping[str, str | tuple[Any, ...]]
    text: str = ""
    sort: tuple[Sort, ...] = ()

    def as_data(self) -> dict[str, Any]:
        """For JSON."""
        sort = [{"key": part.key, "descending": part.descending} for part in self.sort]
        filters = {key: list(kept) if isinstance(kept, tuple) else kept for key, kept in self.filters.items()}
        return {"name": self.name, "filters": filters, "text": self.text, "sort": sort}


def from_data(data: Any) -> list[SavedFilter]:
    """What was stored; what is none is left out."""
    found = []
    for each in data if isinstance(data, list) else []:
        try:
            filters = {str(key): tuple(kept) if isinstance(kept, list) else str(kept) for key, kept in each["filters"].items()}
            sort = tuple(Sort(str(part["key"]), bool(part["descending"])) for part in each["sort"])
            found.append(SavedFilter(str(each["name"]), filters, str(each["text"]), sort))
        except (KeyError, TypeError, AttributeError):
            continue
    return found[:MOST]


def kept(column: Column, typed: str, today: date) -> str | tuple[Any, ...]:
    """What is kept of a filter: the stored values of choices, else the text."""
    meant = parse(column.reads_as, typed, today, column.words) if column.choices else None
    return meant.values if isinstance(meant, OneOf) else typed


def typed(column: Column, stored: str | tuple[Any, ...]) -> str:
    """What is written into the filter row for it, in the language in use."""
    if isinstance(stored, str):
        return stored
    return ", ".join(word for value, word in column.words if value in stored)


class SavedFilters(QObject):
    """The saved filters of one list and their menu. `changed` when one was added or deleted."""

    changed = Signal()
    recalled = Signal(object)  # SavedFilter
    dropped = Signal()  # no filter at all
    keep_asked = Signal()  # a name is wanted for the present ones

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._window, self._saved = parent, list[SavedFilter]()

    @property
    def all(self) -> tuple[SavedFilter, ...]:
        """By name."""
        return tuple(self._saved)

    def restore(self, data: Any) -> None:
        """Take what `as_data` gave."""
        self._saved = sorted(from_data(data), key=lambda each: each.name.casefold())

    def as_data(self) -> list[dict[str, Any]]:
        """For JSON."""
        return [each.as_data() for each in self._saved]

    def keep(self, saved: SavedFilter) -> None:
        """Add one; it takes the place of another of the same name."""
        others = [each for each in self._saved if each.name.casefold() != saved.name.casefold()]
        self._saved = sorted([*others, saved], key=lambda each: each.name.casefold())[:MOST]
        self.changed.emit()

    def delete(self, name: str) -> None:
        """Forget one."""
        self._saved = [each for each in self._saved if each.name != name]
        self.changed.emit()

    def offer(self, place: QPoint, present: SavedFilter | None) -> None:
        """The menu: recall by a figure or the arrows, keep the present ones, delete. present: what stands in the filter row now."""
        menu = QMenu(self._window)
        menu.setAccessibleName(_("Saved filters"))
        for number, each in enumerate(self._saved, 1):
            title = each.name.replace("&", "&&")
            action = QAction(f"&{number}  {title}" if number < 10 else title, menu, checkable=True, checked=_same(each, present))
            action.triggered.connect(lambda _on=False, each=each: self.recalled.emit(each))
            menu.addAction(action)
        if not self._saved:
            menu.addAction(QAction(_("No filter is saved yet"), menu, enabled=False))
        menu.addSeparator()
        for title, signal in ((_("No filter"), self.dropped), (_("Save the present filter…"), self.keep_asked)):
            action = QAction(title, menu, enabled=present is not None)
            action.triggered.connect(lambda _on=False, signal=signal: signal.emit())
            menu.addAction(action)
        deleting = menu.addMenu(_("Delete"))
        deleting.setEnabled(bool(self._saved))
        for each in self._saved:
            action = QAction(each.name.replace("&", "&&"), deleting)
            action.triggered.connect(lambda _on=False, name=each.name: self.delete(name))
            deleting.addAction(action)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(place)


def _same(one: SavedFilter, other: SavedFilter | None) -> bool:
    return other is not None and (dict(one.filters), one.text) == (dict(other.filters), other.text)


class NameSheet(dialogs.Sheet):
    """Asks under which name the present filter is kept. `named(name)`."""

    named = Signal(str)

    def __init__(self, parent: QWidget, taken: Sequence[str]) -> None:
        super().__init__(parent, _("Save the filter"), dialogs.WIDTH)
        self.setObjectName("filter_name_sheet")
        self._taken = {name.casefold() for name in taken}
        self.name = TextField()
        self.name.setObjectName("filter_name")
        self.name.setAccessibleName(_("Name of the filter"))
        self.name.setMaxLength(LONGEST_NAME)
        title = label(_("Name of the filter"), "label")
        title.setBuddy(self.name)
        self.note = WrapLabel("", "muted")
        box, self.buttons = dialogs.button_box((dialogs.Choice("back", _("Cancel"), "quiet"), dialogs.Choice("keep", _("Save"), "primary")))
        self.buttons["keep"].clicked.connect(self._keep)
        self.buttons["back"].clicked.connect(self.reject)
        self.name.textChanged.connect(lambda _text: self._look())
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(6)
        for part in (WrapLabel(_("Save the filter"), "title"), title, self.name, self.note):
            column.addWidget(part)
        column.addSpacing(8)
        column.addWidget(box)
        self.note.setMinimumSize(QSize(0, self.note.fontMetrics().height()))
        self._look()
        self.name.setFocus()

    def _look(self) -> None:
        name = self.name.value()
        self.buttons["keep"].setEnabled(bool(name))
        self.note.setText(_("It takes the place of the saved filter of this name.") if name.casefold() in self._taken else "")

    def _keep(self) -> None:
        name = self.name.value()
        if name:
            self.accept()
            self.named.emit(name)
