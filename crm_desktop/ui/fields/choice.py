"""One of a few known values."""

from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QStyledItemDelegate, QWidget

from crm_desktop.ui import theme as look


class ComboField(QComboBox):
    """A choice with values behind the texts. ↓ or F3 opens the list; the wheel never changes a value in passing."""

    edited = Signal(object)
    """The value, when a person chose another."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._told: Any = None
        self._values: list[Any] = []  # Qt would give an enum of words back as a plain text
        self.setItemDelegate(QStyledItemDelegate(self))  # only then does the sheet reach the rows of the list
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.setMaxVisibleItems(14)
        self.activated.connect(self._activated)

    def set_choices(self, choices: Iterable[tuple[Any, str]]) -> None:
        """Offer `(value, text)` pairs; the value in use stays if it is among them."""
        before = self.value()
        self.blockSignals(True)
        self.clear()
        self._values = []
        for value, text in choices:
            self.add_choice(value, text)
        self.blockSignals(False)
        self.set_value(before)

    def add_choice(self, value: Any, text: str) -> None:
        """Offer one more."""
        self._values.append(value)
        self.addItem(text, value)

    def offers(self, value: Any) -> bool:
        """Whether the value can be chosen."""
        return value in self._values

    def value(self) -> Any:
        """The value chosen; None when nothing is."""
        return self._values[self.currentIndex()] if self.currentIndex() >= 0 else None

    def set_value(self, value: Any) -> None:
        """Choose the row of this value; one that is not offered chooses nothing."""
        index = next((row for row, known in enumerate(self._values) if known == value), -1)
        self._told = value if index >= 0 else None
        if index != self.currentIndex():
            self.setCurrentIndex(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """F3 and ↓ open the list; Enter belongs to the form."""
        if event.key() in (Qt.Key.Key_F3, Qt.Key.Key_Down) and self.isEnabled():
            self.showPopup()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()
        else:
            super().keyPressEvent(event)
            self._activated()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel scrolls the form, not the value."""
        event.ignore()

    def changeEvent(self, event: QEvent) -> None:
        """Dress the list with the field."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.view().setFont(look.current().font())

    def _activated(self) -> None:
        value = self.value()
        if value != self._told:
            self._told = value
            self.edited.emit(value)
