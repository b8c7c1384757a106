"""What needs a person is told to her wherever she works: a red count in the navigator, and a message that stays."""

from typing import Any

from PySide6.QtCore import QObject

from crm_desktop.core.i18n import _
from crm_desktop.fiscal import queries as fiscal
from crm_desktop.fiscal.queries import ReceiptRow
from crm_desktop.fiscal.views.decision import DECIDE
from crm_desktop.ui import feed, tasks
from crm_desktop.ui.widgets.navigator import Navigator

DOCK = "fiscal.receipts"


class Attention(QObject):
    """Follows the receipts that nobody can vouch for. `window`: the main window."""

    def __init__(self, window: Any, navigator: Navigator) -> None:
        super().__init__(window)
        self._window, self._navigator = window, navigator
        self._told: set[object] = set()
        feed.watch(window, "fiscal.receipt", lambda _ids: self.refresh())

    def refresh(self) -> None:
        """Ask what waits for a decision."""
        tasks.read(self, fiscal.list_undecided, then=self._show)

    def _show(self, rows: list[ReceiptRow]) -> None:
        self._navigator.set_count(DOCK, len(rows), late=True)
        new = [row for row in rows if row.id not in self._told]
        self._told |= {row.id for row in new}
        if new and self._window.may(DECIDE):
            self._window.toasts.show_toast(
                _("{document} waits for a decision").format(document=new[0].label),
                new[0].message,
                _("Show"),
                lambda: self._window.open_dock(DOCK),
                icon="printer-off",
                tone="danger",
                stays=True,
            )
