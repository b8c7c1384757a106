"""F1: every key of the desk, by the place where it acts; what is in use stands on top. Ctrl+P prints it."""

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from crm_desktop.app.key_map import Section, key_map, keys_pdf, shown_keys
from crm_desktop.core.i18n import _
from crm_desktop.ui import keys
from crm_desktop.ui import theme as look
from crm_desktop.ui.widgets.fkey_bar import FKey
from crm_desktop.ui.widgets.parts import KeyCap, WrapLabel, label
from crm_desktop.ui.widgets.preview import PdfPreview

KEY_MAP, KEY_PRINT = "app.keys", "app.keys_print"


class KeyMapView(QScrollArea):
    """A dock that is read; arrows and Page keys scroll it."""

    closed = Signal()

    def __init__(self, window: Any, first: str = "") -> None:
        super().__init__()
        self.setObjectName("key_map")
        self.setAccessibleName(_("Keys"))
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._window = window
        self.sections = key_map(window.may, first)
        inside = QFrame()
        look.mark(inside, role="surface")
        column = QVBoxLayout(inside)
        column.setContentsMargins(16, 14, 16, 16)
        column.setSpacing(6)
        for section in self.sections:
            column.addWidget(WrapLabel(section.title, "strong"))
            column.addWidget(_table(section))
            column.addSpacing(10)
        column.addStretch(1)
        self.setWidget(inside)
        keys.bind(self, "Escape", self.closed.emit)
        keys.bind(self, "Ctrl+P", self.print_it)

    def fkeys(self) -> list[FKey]:
        """The keys that work here."""
        return [FKey("Ctrl+P", _("Print"), self.print_it), FKey("Escape", _("Close"), self.closed.emit, right=True)]

    def print_it(self) -> None:
        """The map as a PDF, in a dock of its own."""
        self._window.open_card(KEY_PRINT, _("Print: keys"), "printer", lambda: _KeyPrint(self.sections), area="center")


class _KeyPrint(PdfPreview):
    """The pages of the map."""

    closed = Signal()

    def __init__(self, sections: list[Section]) -> None:
        super().__init__()
        self.setObjectName("key_print")
        keys.bind(self, "Escape", self.closed.emit)
        self.show_pdf(keys_pdf(sections, keys.shown), _("Keys"))

    def fkeys(self) -> list[FKey]:
        """The keys that work here."""
        return [
            FKey("Ctrl+P", _("Print"), self.print_pdf),
            FKey("Ctrl+S", _("Save as PDF"), self.save_pdf),
            FKey("Escape", _("Close"), self.closed.emit, right=True),
        ]


def _table(section: Section) -> QWidget:
    """What stands at the left, its keys at the right."""
    table = QWidget()
    grid = QGridLayout(table)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(5)
    grid.setColumnStretch(0, 1)
    for row, act in enumerate(section.acts):
        grid.addWidget(label(_(act.title), "muted"), row, 0)
        caps = QHBoxLayout()
        caps.setSpacing(5)
        caps.addStretch(1)
        for key in shown_keys(act.keys):
            caps.addWidget(label("…", "muted") if key == "…" else KeyCap(key))
        grid.addLayout(caps, row, 1)
    return table
