"""A list of things to tick, under headings where there are many kinds of them."""

from collections.abc import Iterable, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from crm_desktop.ui import theme as look
from crm_desktop.ui.widgets.parts import clear, label


class TickList(QWidget):
    """Boxes with values behind them. The value is the tuple of those that are ticked, in the order offered."""

    edited = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._boxes: dict[Any, QCheckBox] = {}
        self._unknown: tuple[Any, ...] = ()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 2, 0, 2)
        self._column.setSpacing(5)

    def set_choices(self, groups: Sequence[tuple[str, Iterable[tuple[Any, str]]]]) -> None:
        """Offer `(heading, [(value, text), …])`; an empty heading has none. What is ticked stays so."""
        before = self.value()
        clear(self._column)
        self._boxes = {}
        for heading, choices in groups:
            if heading:
                if self._boxes:
                    self._column.addSpacing(6)
                self._column.addWidget(label(heading, "caption"))
            for value, text in choices:
                box = QCheckBox(text)
                box.setObjectName(f"{self.objectName()}_{len(self._boxes)}")
                box.toggled.connect(lambda _on: self.edited.emit(self.value()))
                self._boxes[value] = box
                self._column.addWidget(box)
        self.set_value(before)
        if self._boxes:
            self.setFocusProxy(next(iter(self._boxes.values())))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def value(self) -> tuple[Any, ...]:
        """What is ticked; values that are not offered here (another branch's) stay as they were."""
        return tuple(value for value, box in self._boxes.items() if box.isChecked()) + self._unknown

    def set_value(self, values: Iterable[Any]) -> None:
        """Tick these and no others."""
        wanted = tuple(values or ())
        self._unknown = tuple(value for value in wanted if value not in self._boxes)
        for value, box in self._boxes.items():
            if box.isChecked() != (value in wanted):
                box.blockSignals(True)
                box.setChecked(value in wanted)
                box.blockSignals(False)

    def words(self, values: Iterable[Any]) -> str:
        """The texts of values, for the comparison of two versions."""
        return ", ".join(self._boxes[value].text() for value in values if value in self._boxes) or "–"

    def set_read_only(self, read_only: bool) -> None:
        """To be looked at only."""
        for box in self._boxes.values():
            box.setEnabled(not read_only)
            look.mark(box, looked=read_only)
