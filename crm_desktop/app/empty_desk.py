"""What the desk says while nothing is open on it: the first thing to open, and how to bring back what was closed."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer

from crm_desktop.core.i18n import _
from crm_desktop.ui import theme as look
from crm_desktop.ui.desk import Dock
from crm_desktop.ui.dock import DockArea
from crm_desktop.ui.widgets.states import StateButton, StateView


class EmptyDesk(QObject):
    """Lies over the dock area. It follows what is open by itself; `look_again` after docks were put there."""

    def __init__(self, area: DockArea, first: Dock | None, open_dock: Callable[[str], object], reopen: Callable[[], object]) -> None:
        super().__init__(area)
        self._area = area
        buttons = [StateButton(_(first.title), lambda: open_dock(first.id), "primary", first.icon)] if first else []
        buttons.append(StateButton(_("Reopen what was closed"), reopen, "" if first else "primary", key="Ctrl+Shift+T"))
        text = _("Choose what to work on, here or in the list at the left.")
        self.view = StateView("app-window", _("Nothing is open"), text, buttons, parent=area)
        look.mark(self.view, role="canvas")
        self.view.hide()
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self.look_again)
        area.closed.connect(lambda _id: self._later.start())
        area.installEventFilter(self)

    def look_again(self) -> None:
        """Come or go."""
        empty = not self._area.ids()
        self.view.setGeometry(self._area.rect())
        self.view.setVisible(empty)
        if empty:
            self.view.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Fill the area."""
        if event.type() == QEvent.Type.Resize:
            self.view.setGeometry(self._area.rect())
        return bool(super().eventFilter(watched, event))
