"""Scans wherever the focus stands (BAR-03): what no document's own scanner hears goes to the document in sight, or presses nothing.

A document is a dock's widget with `takes_scans() -> bool` and `take_scan(code)`; one that is closed asks `pass_on(code) -> bool`
whether another one takes it. A dock that only shows a document (its print) names that document's dock in `scans_to`.
"""

from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QComboBox, QDialog, QLineEdit, QPlainTextEdit, QTextEdit, QWidget

from crm_desktop.core.i18n import _
from crm_desktop.ui.dock import DockArea
from crm_desktop.ui.rows_view import RowsView
from crm_desktop.ui.scanner import Scanner


class DeskScanner(QObject):
    """One for a main window. `window` also says what became of a code that nobody takes."""

    def __init__(self, window: QWidget, area: DockArea) -> None:
        super().__init__(window)
        self._window, self._area = window, area
        self.scanner = Scanner(window, belongs=self._is_ours)
        self.scanner.scanned.connect(self._scanned)

    def deliver(self, code: str) -> bool:
        """Give a code to the document in use, else to the one used last among those in sight. False when there is none."""
        document = self._document()
        if document is not None:
            document.take_scan(code)
        return document is not None

    def _document(self) -> Any:
        area, current = self._area, self._area.current()
        behind = str(getattr(area.widget(current), "scans_to", "")) if area.has_dock(current) else ""
        if area.has_dock(behind) and _takes(area.widget(behind)):
            area.focus_dock(behind)  # what is scanned is seen
            return area.widget(behind)
        in_sight = [widget for widget in map(area.widget, area.by_use()) if widget.isVisible() and _takes(widget)]
        return in_sight[-1] if in_sight else None

    def _scanned(self, code: str) -> None:
        if self.deliver(code):
            return
        if isinstance(QApplication.focusWidget(), RowsView):
            self.scanner.give(code)  # typing in a list searches it
            return
        QApplication.beep()
        said = _("The code {code} was not added: no document is open in front of you.")
        self._window.say(said.format(code=code))  # type: ignore[attr-defined]

    def _is_ours(self, widget: QWidget) -> bool:
        """Nothing that one types a text into, no dialog, and no document that listens itself."""
        if _is_text_field(widget):
            return False
        above: QWidget | None = widget
        while above is not None and above is not self._window:
            if isinstance(above, QDialog) or isinstance(getattr(above, "scanner", None), Scanner):
                return False
            above = above.parentWidget()
        return above is self._window


def _takes(widget: QWidget) -> bool:
    takes = getattr(widget, "takes_scans", None)
    return callable(takes) and bool(takes())


def _is_text_field(widget: QWidget) -> bool:
    if isinstance(widget, QLineEdit | QPlainTextEdit | QTextEdit):
        return not widget.isReadOnly()
    return isinstance(widget, QAbstractSpinBox) or (isinstance(widget, QComboBox) and widget.isEditable())
