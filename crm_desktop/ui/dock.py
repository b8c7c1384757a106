"""The dock area: tabs, splits, torn-off windows. QtAds stands behind this one interface and nowhere else.

Docks are known by their id, which is also their place in a saved layout; titles may be translated and change.
"""

import base64
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QByteArray, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget
from PySide6QtAds import ads

from crm_desktop.core.i18n import N_, _
from crm_desktop.ui import theme as look

_AREAS = {
    "center": ads.DockWidgetArea.CenterDockWidgetArea,
    "left": ads.DockWidgetArea.LeftDockWidgetArea,
    "right": ads.DockWidgetArea.RightDockWidgetArea,
    "bottom": ads.DockWidgetArea.BottomDockWidgetArea,
    "top": ads.DockWidgetArea.TopDockWidgetArea,
}
_AREA_BUTTONS = {
    ads.TitleBarButton.TitleBarButtonTabsMenu: N_("All tabs"),
    ads.TitleBarButton.TitleBarButtonUndock: N_("Tear off"),
    ads.TitleBarButton.TitleBarButtonClose: N_("Close"),
}
#: No dock can be made smaller than this.
LEAST_WIDTH, LEAST_HEIGHT = 280, 180
_VERSION = 1
_REMEMBERED = 20


@dataclass
class _Docked:
    dock: ads.CDockWidget
    title: str
    icon: str
    dirty: bool = False
    offline: bool = False
    may_close: Callable[[], bool] | None = None


class DockArea(QWidget):
    """The middle of the main window."""

    closed = Signal(str)
    """A dock was closed by a person or by `close_dock`; its widget still lives if it was added with `keep=True`."""
    focused = Signal(str)
    """Another dock has the focus."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        _configure()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 6, 6, 6)
        self._manager = ads.CDockManager(self)
        layout.addWidget(self._manager)
        self._docks: dict[str, _Docked] = {}
        self._order: list[str] = []  # by last use, the present one last
        self._closed: list[str] = []  # what can be brought back, the last one last
        self._manager.focusedDockWidgetChanged.connect(self._focus_changed)
        self._look_again = QTimer(self, singleShot=True, interval=0)
        self._look_again.timeout.connect(self._look_at_tabs)
        look.current().changed.connect(self._redraw)
        _dress_icons(self._manager)

    # ---- docks ----
    def add_dock(
        self,
        id: str,
        title: str,
        widget: QWidget,
        *,
        icon: str = "",
        area: str = "center",
        beside: str = "",
        keep: bool = False,
        guard: Callable[[], bool] | None = None,
        focus: bool = True,
    ) -> None:
        """Put a widget into a dock and open it.

        area: center (a tab of the present area), left, right, bottom, top; with `beside` relative to that dock, as its tab for center.
        keep: closing only hides it, so that `reopen` brings it back as it was; otherwise it is destroyed.
        guard: asked before a person's close; False keeps it open. focus: work starts in it at once.
        ValueError when the id is taken.
        """
        if id in self._docks:
            raise ValueError(f"the dock {id} is there already")
        dock = self._manager.createDockWidget(title)
        dock.setObjectName(id)
        dock.setFeature(ads.CDockWidget.DockWidgetFeature.DockWidgetDeleteOnClose, not keep)
        dock.setFeature(ads.CDockWidget.DockWidgetFeature.CustomCloseHandling, True)
        dock.setFeature(ads.CDockWidget.DockWidgetFeature.DockWidgetForceCloseWithArea, True)
        widget.setMinimumSize(max(LEAST_WIDTH, widget.minimumWidth()), max(LEAST_HEIGHT, widget.minimumHeight()))
        dock.setMinimumSizeHintMode(ads.CDockWidget.eMinimumSizeHintMode.MinimumSizeHintFromContentMinimumSize)
        dock.setWidget(widget, ads.CDockWidget.eInsertMode.ForceNoScrollArea)
        dock.setFocusProxy(widget)
        dock.closeRequested.connect(lambda: self.close_dock(id))
        self._docks[id] = _Docked(dock, title, icon, may_close=guard)
        place = self._area_for(beside)
        if area == "center" and place is not None:
            self._manager.addDockWidgetTabToArea(dock, place)
        elif place is not None and beside:
            self._manager.addDockWidget(_AREAS[area], dock, place)
        else:
            self._manager.addDockWidget(_AREAS[area], dock)
        self._draw(id)
        if focus:
            self.focus_dock(id)

    def close_dock(self, id: str) -> bool:
        """Close a dock as a person does: its guard is asked. False when it stays; True also when it was not open."""
        docked = self._docks.get(id)
        if docked is None or docked.dock.isClosed():
            return True
        if docked.may_close is not None and not docked.may_close():
            return False
        before = self._before(id)
        keeps = not docked.dock.features() & ads.CDockWidget.DockWidgetFeature.DockWidgetDeleteOnClose
        docked.dock.closeDockWidget() if keeps else self._remove(id, docked)
        self._order = [each for each in self._order if each != id]
        self._closed = [*(each for each in self._closed if each != id), id][-_REMEMBERED:]
        self.closed.emit(id)
        if before:
            self.focus_dock(before)
        return True

    def open_dock(self, id: str) -> None:
        """Show a dock that is there, and bring it to the front."""
        docked = self._docks[id]
        if docked.dock.isClosed():
            docked.dock.toggleView(True)
        self.focus_dock(id)

    def last_closed(self) -> str:
        """Take the id that was closed last off the list of what can be brought back ("" when nothing is).

        A kept dock is opened by `open_dock`; for others the window makes the widget anew.
        """
        return self._closed.pop() if self._closed else ""

    def focus_dock(self, id: str) -> None:
        """Bring a dock to the front and put the focus where its work starts."""
        dock = self._docks[id].dock
        dock.setAsCurrentTab()
        if dock.isFloating() or dock.isInFloatingContainer():
            dock.window().raise_()
            dock.window().activateWindow()
        widget = dock.widget()
        inside = widget.focusWidget()
        target = inside if inside is not None and inside is not widget and widget.isAncestorOf(inside) else widget
        target.setFocus(Qt.FocusReason.OtherFocusReason)
        self._manager.setDockWidgetFocused(dock)
        self._used(id)

    def has_dock(self, id: str) -> bool:
        """Whether the dock is there and open."""
        return id in self._docks and not self._docks[id].dock.isClosed()

    def widget(self, id: str) -> QWidget:
        """What lies in a dock."""
        widget: QWidget = self._docks[id].dock.widget()
        return widget

    def ids(self) -> list[str]:
        """The open docks, in the order of their tabs as far as one area goes."""
        return [id for id, docked in self._docks.items() if not docked.dock.isClosed()]

    def current(self) -> str:
        """The dock that had the focus last; "" when none is open."""
        return self._order[-1] if self._order else ""

    def by_use(self) -> list[str]:
        """The open docks, the one used last at the end."""
        used = [id for id in self._order if self.has_dock(id)]
        return [*(id for id in self.ids() if id not in used), *used]

    def cycle(self, step: int = 1) -> None:
        """Focus the next (−1: previous) dock."""
        ids = self.ids()
        if ids:
            here = ids.index(self.current()) if self.current() in ids else -step
            self.focus_dock(ids[(here + step) % len(ids)])

    def pick(self, number: int) -> None:
        """Focus the dock of Ctrl+`number`, counted from 1."""
        ids = self.ids()
        if 1 <= number <= len(ids):
            self.focus_dock(ids[number - 1])

    def float_dock(self, id: str) -> None:
        """Tear a dock off into a window of its own."""
        self._docks[id].dock.setFloating()

    def is_floating(self, id: str) -> bool:
        """Whether a dock lies in a window of its own."""
        return bool(self._docks[id].dock.isInFloatingContainer())

    def set_share(self, id: str, share: float, *, upright: bool = False) -> None:
        """Give a dock this part (0 to 1) of the width it shares with its neighbours (`upright`: of the height)."""
        way = Qt.Orientation.Vertical if upright else Qt.Orientation.Horizontal
        inner: QWidget | None = self._docks[id].dock.dockAreaWidget()
        while inner is not None and inner is not self:
            splitter = inner.parentWidget()
            if isinstance(splitter, QSplitter) and splitter.orientation() == way and splitter.count() > 1:
                sizes, place = splitter.sizes(), splitter.indexOf(inner)
                total, rest = sum(sizes), max(1, sum(sizes) - sizes[place])
                mine = round(total * share)
                self._look_again.start()
                splitter.setSizes([mine if each == place else round(size * (total - mine) / rest) for each, size in enumerate(sizes)])
                return
            inner = splitter

    # ---- looks ----
    def set_title(self, id: str, title: str) -> None:
        """Another title."""
        self._docks[id].title = title
        self._draw(id)

    def title(self, id: str) -> str:
        """The title without its dot."""
        return self._docks[id].title

    def set_dirty(self, id: str, dirty: bool) -> None:
        """A dot before the title: something is not saved."""
        if self._docks[id].dirty != dirty:
            self._docks[id].dirty = dirty
            self._draw(id)

    def set_offline(self, id: str, offline: bool) -> None:
        """A cloud instead of the icon: kept on this workstation, not yet on the server."""
        if self._docks[id].offline != offline:
            self._docks[id].offline = offline
            self._draw(id)

    # ---- layout ----
    def save_layout(self) -> str:
        """Where everything lies, as a text for the employee's workspace."""
        return base64.b64encode(self._manager.saveState(_VERSION).data()).decode("ascii")

    def restore_layout(self, layout: str) -> bool:
        """Lay the docks out as saved. Docks that the layout names and that are not there are passed over.

        False when the text is not a layout of this version; then nothing is changed. Docks that the layout does not know stay open.
        """
        try:
            state = base64.b64decode(layout.encode("ascii"), validate=True)
        except ValueError:
            return False
        unknown = [id for id in self.ids() if f'Name="{id}"'.encode() not in state]
        if not state.startswith(b"<?xml") or not self._manager.restoreState(QByteArray(state), _VERSION):
            return False
        for id in unknown:
            self._docks[id].dock.toggleView(True)
        self._order = [id for id in self._order if self.has_dock(id)] or self.ids()[-1:]
        return True

    # ---- parts ----
    def _area_for(self, beside: str) -> ads.CDockAreaWidget | None:
        if beside and self.has_dock(beside):
            return self._docks[beside].dock.dockAreaWidget()
        for id in reversed(self._order):
            if self.has_dock(id) and not self._docks[id].dock.isInFloatingContainer():
                return self._docks[id].dock.dockAreaWidget()
        return None

    def _before(self, id: str) -> str:
        return next((each for each in reversed(self._order) if each != id and self.has_dock(each)), "")

    def _remove(self, id: str, docked: _Docked) -> None:
        del self._docks[id]
        docked.dock.setFeature(ads.CDockWidget.DockWidgetFeature.CustomCloseHandling, False)
        docked.dock.closeDockWidget()

    def _used(self, id: str) -> None:
        if not self._order or self._order[-1] != id:
            self._order = [*(each for each in self._order if each != id), id]
            self.focused.emit(id)

    def _focus_changed(self, old: QObject | None, new: QObject | None) -> None:
        if new is not None and new.objectName() in self._docks:
            self._used(new.objectName())

    def _redraw(self) -> None:
        _dress_icons(self._manager)
        for id in self._docks:
            self._draw(id)

    def _draw(self, id: str) -> None:
        docked, theme = self._docks[id], look.current()
        docked.dock.setWindowTitle(f"• {docked.title}" if docked.dirty else docked.title)
        if docked.offline:
            docked.dock.setIcon(theme.icon("cloud-off", "warning"))
        elif docked.icon:
            docked.dock.setIcon(theme.icon(docked.icon))
        tab = docked.dock.tabWidget()
        tab.setAccessibleName(docked.title)
        tab.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        for button in tab.findChildren(QWidget, "tabCloseButton"):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.setAccessibleName(_("Close"))
            button.setToolTip(_("Close") + "  (Ctrl+W)")
        area = docked.dock.dockAreaWidget()
        for which, title in _AREA_BUTTONS.items():
            made = area.titleBarButton(which) if area is not None else None
            if made is not None:
                made.setToolTip(_(title))
                made.setAccessibleName(_(title))
        QTimer.singleShot(0, tab, tab.updateGeometry)
        self._look_again.start()

    def _look_at_tabs(self) -> None:
        """QtAds keeps the menu of all tabs once a tab was squeezed, though all have room again."""
        for docked in self._docks.values():
            area = docked.dock.dockAreaWidget()
            if area is not None:
                area.markTitleBarMenuOutdated()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width may cut tabs or give them room."""
        super().resizeEvent(event)
        self._look_again.start()


_configured = False


def _configure() -> None:
    """Flags are the manager's class state and must be set before the first one is made."""
    global _configured
    if _configured:
        return
    flag = ads.CDockManager.eConfigFlag
    flags = (
        flag.OpaqueSplitterResize
        | flag.FocusHighlighting
        | flag.AlwaysShowTabs
        | flag.ActiveTabHasCloseButton
        | flag.DockAreaHasTabsMenuButton
        | flag.DockAreaDynamicTabsMenuButtonVisibility
        | flag.DockAreaHideDisabledButtons
        | flag.EqualSplitOnInsertion
        | flag.TabCloseButtonIsToolButton
        | flag.DisableStylesheet
    )
    ads.CDockManager.setConfigFlags(flags)
    _configured = True


def _dress_icons(manager: ads.CDockManager) -> None:
    theme, provider = look.current(), manager.iconProvider()
    for which, name in (
        (ads.eIcon.TabCloseIcon, "x"),
        (ads.eIcon.DockAreaMenuIcon, "chevron-down"),
        (ads.eIcon.DockAreaCloseIcon, "x"),
        (ads.eIcon.DockAreaUndockIcon, "external-link"),
    ):
        provider.registerCustomIcon(which, theme.icon(name))
