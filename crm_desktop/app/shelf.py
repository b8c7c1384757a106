"""The docks of the main window: declared ones by id, cards by kind and record, side by side, kept and brought back."""

import logging
from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from crm_desktop.app.scans import DeskScanner
from crm_desktop.app.workspace import Workspace
from crm_desktop.core.i18n import _
from crm_desktop.ui import keys
from crm_desktop.ui import theme as look
from crm_desktop.ui.desk import EVERYWHERE, Action, Dock, Place
from crm_desktop.ui.dock import DockArea
from crm_desktop.ui.widgets.fkey_bar import FKey

log = logging.getLogger("crm_desktop.app")

#: The part of the width that the first card beside a list takes: this, or more where a form would be cut.
CARD_SHARE, MOST_SHARE = 0.36, 0.55
#: So wide is a form with its labels at 100 %.
CARD_WIDTH = 500
#: Keys that rows, fields and buttons answer by themselves; a shortcut would take them away from where the focus is.
_OF_THE_WIDGETS = {"Return", "Enter", "Insert", "Ins", "Delete", "Del", "Space", "Escape", "Esc"}


class Shelf(QObject):
    """Opens, finds and closes docks. `window` is what makers and actions get."""

    changed = Signal()
    """What is open, where it lies or what the lists look like changed."""
    current_changed = Signal(str)
    keys_changed = Signal()

    def __init__(self, window: Any, area: DockArea, docks: dict[str, Dock], actions: list[Action]) -> None:
        super().__init__(window)
        self._window, self._area, self._docks, self._actions = window, area, docks, actions
        self._right: set[str] = set()  # cards that were put beside the list
        self._again: dict[str, Callable[[], object]] = {}  # how a closed card is opened anew
        self._lists: dict[str, str] = {}
        self.scans = DeskScanner(window, area)
        area.focused.connect(self._focused)
        area.closed.connect(self._closed)

    # ---- opening ----
    def open_dock(self, id: str) -> QWidget | None:
        """Show a declared dock; None where she may not open it."""
        if self._area.has_dock(id):
            self._area.open_dock(id)
            return self._area.widget(id)
        dock = self._docks.get(id)
        if dock is None:
            return None
        widget: QWidget = dock.make(self._window)
        self._put(id, _(dock.title), dock.icon, widget, "center")
        return widget

    def open_card(
        self, id: str, title: str, icon: str, make: Callable[[], QWidget], area: str, again: Callable[[], object] | None
    ) -> QWidget:
        """Show a card, made by `make` unless it is open. again: how it is opened anew after it was closed (default: likewise)."""
        if self._area.has_dock(id):
            self._area.open_dock(id)
            return self._area.widget(id)
        widget = make()
        self._again[id] = again or (lambda: self.open_card(id, title, icon, make, area, None))
        self._right = self._right | {id} if area == "right" else self._right - {id}
        self._put(id, title, icon, widget, area)
        return widget

    def reopen(self) -> None:
        """Ctrl+Shift+T: bring back what was closed last."""
        id = self._area.last_closed()
        if id in self._again:
            self._again[id]()
        elif id in self._docks:
            self.open_dock(id)
        elif id:
            self.reopen()

    def cards(self) -> list[str]:
        """The open cards, the one in use last."""
        current = self._area.current()
        return sorted((id for id in self._area.ids() if id not in self._docks), key=lambda card: card == current)

    def close_all(self) -> bool:
        """Close everything as a person does, what may object first; False when something stays open (for now)."""
        ids = sorted(self._area.ids(), key=lambda dock: not hasattr(self._area.widget(dock), "may_close"))
        return all(self._area.close_dock(id) for id in ids)

    def _put(self, id: str, title: str, icon: str, widget: QWidget, area: str) -> None:
        if not widget.objectName():
            widget.setObjectName(id.partition(":")[0].replace(".", "_"))
        if area == "right":
            beside = self._first_at("right")
            place = "center" if beside else "right"
        else:
            beside = self._first_at("center")
            place = "center" if beside or not self._area.ids() else "left"
        guard = getattr(widget, "may_close", None)
        alone = place == "right" and bool(self._area.ids())
        self._area.add_dock(id, title, widget, icon=icon, area=place, beside=beside, guard=guard)
        if alone:
            self._area.set_share(id, self._card_share())
        self._listen(id, widget)
        self._bind(id, widget)
        self.changed.emit()

    def _card_share(self) -> float:
        wide = look.current().scaled(CARD_WIDTH) / max(1, self._area.width())
        return max(CARD_SHARE, min(MOST_SHARE, wide))

    def _first_at(self, side: str) -> str:
        """A dock that lies at this side of the window and is not torn off; "" where none does."""
        here = [id for id in self._area.ids() if self._side_of(id) == side and not self._area.is_floating(id)]
        return here[0] if here else ""

    def _side_of(self, id: str) -> str:
        return "right" if id in self._right else "center"

    def _listen(self, id: str, widget: QWidget) -> None:
        signals: dict[str, Callable[..., object]] = {
            "title_changed": lambda title: self._area.set_title(id, title),
            "dirty_changed": lambda dirty: self._area.set_dirty(id, dirty),
            "closed": lambda: self._area.close_dock(id),
            "said": self._window.say,
            "stays": self._window.stay,
            "fkeys_changed": self.keys_changed.emit,
            "layout_changed": lambda: self._list_changed(id),
        }
        for name, slot in signals.items():
            signal = getattr(widget, name, None)
            if signal is not None:
                signal.connect(slot)
        if hasattr(widget, "pass_on"):
            widget.pass_on = self.scans.deliver
        restore = getattr(widget, "restore", None)
        if callable(restore) and id in self._lists:
            restore(self._lists[id])

    def _bind(self, id: str, widget: QWidget) -> None:
        """The keys of the dock's actions that the widget does not bind itself: two shortcuts on one key would both be dead."""
        bound = {shortcut.key() for shortcut in widget.findChildren(QShortcut)}
        for action in self.actions_of(id):
            for key in action.keys:
                if key not in _OF_THE_WIDGETS and QKeySequence(key) not in bound:
                    keys.bind(widget, key, partial(action.run, self._window))

    # ---- what is there ----
    def current(self) -> QWidget | None:
        """The widget of the dock in use."""
        id = self._area.current()
        return self._area.widget(id) if self._area.has_dock(id) else None

    def actions_of(self, id: str) -> list[Action]:
        """The actions whose context is this dock."""
        kind = id.partition(":")[0]
        return [action for action in self._actions if action.context == kind]

    def fkeys(self) -> list[FKey]:
        """What stands in the key bar: the dock's own keys, its actions, and at the right what acts everywhere."""
        id = self._area.current()
        shown: list[FKey] = []
        widget = self.current()
        own = getattr(widget, "fkeys", None)
        if callable(own):
            shown += own()
        for action in [*(self.actions_of(id) if widget is not None else ()), *self.actions_everywhere()]:
            if action.place in (Place.FKEYS, Place.FKEYS_RIGHT) and action.keys:
                run = partial(action.run, self._window)
                shown.append(FKey(action.keys[0], _(action.title), run, right=action.place is Place.FKEYS_RIGHT))
        return shown

    def actions_everywhere(self) -> list[Action]:
        """The actions that act in every dock."""
        return [action for action in self._actions if action.context == EVERYWHERE]

    # ---- keeping ----
    def look(self, folded: bool) -> Workspace:
        """The desk as it is now. Cards of single records are not brought back the next day."""
        kept = [id for id in self._area.ids() if id in self._docks]
        current = self._area.current()
        kept.sort(key=lambda dock: dock == current)
        return Workspace(tuple(kept), self._area.save_layout(), folded, dict(self._lists))

    def restore(self, workspace: Workspace, first: str) -> None:
        """The desk as it was left; `first` where nobody has arranged it yet."""
        self._lists = dict(workspace.lists)
        wanted = [id for id in workspace.docks if id in self._docks]
        for id in wanted or [first, *self._docks][:1]:
            self.open_dock(id)
        if wanted and workspace.layout and not self._area.restore_layout(workspace.layout):
            log.info("the stored layout does not fit this version")
        if wanted:
            self._area.focus_dock(wanted[-1])

    def _list_changed(self, id: str) -> None:
        widget = self._area.widget(id) if self._area.has_dock(id) else None
        state = getattr(widget, "state", None)
        if callable(state) and id in self._docks:
            self._lists[id] = state()
            self.changed.emit()

    def _focused(self, id: str) -> None:
        self.current_changed.emit(id)
        self.keys_changed.emit()

    def _closed(self, id: str) -> None:
        self.changed.emit()
        if not self._area.ids():
            self.current_changed.emit("")
            self.keys_changed.emit()
