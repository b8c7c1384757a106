"""The VAT letters of a printer: A to G, each with a rate of the catalogue or none."""

from collections.abc import Iterable, Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from crm_desktop.core.i18n import _
from crm_desktop.fiscal.rules.device import LETTERS
from crm_desktop.ui.fields import ComboField
from crm_desktop.ui.widgets.parts import label


class RateLetters(QWidget):
    """The value is a dict letter → rate; letters without one are not in it."""

    edited = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._letters: dict[str, ComboField] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(4, 1)
        for place, letter in enumerate(LETTERS):
            field = ComboField()
            field.setAccessibleName(_("VAT letter {letter}").format(letter=letter))
            field.setObjectName(f"rates_{letter}")
            field.edited.connect(lambda _value: self.edited.emit(self.value()))
            row, column = place % 4, place // 4 * 2
            grid.addWidget(label(letter, "strong"), row, column)
            grid.addWidget(field, row, column + 1)
            self._letters[letter] = field
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFocusProxy(self._letters["A"])

    def set_choices(self, rates: Iterable[tuple[str, str]]) -> None:
        """Offer `(code, words)` of the catalogue's rates."""
        offered = [("", _("not in use")), *rates]
        for field in self._letters.values():
            field.set_choices(offered)

    def value(self) -> dict[str, str]:
        """Letter → rate."""
        return {letter: field.value() for letter, field in self._letters.items() if field.value()}

    def set_value(self, rates: Mapping[str, str]) -> None:
        """Show these; a rate that the catalogue does not know is offered for its letter all the same."""
        for letter, field in self._letters.items():
            rate = (rates or {}).get(letter, "")
            if not field.offers(rate):
                field.add_choice(rate, rate)
            field.set_value(rate)

    def words(self, rates: Mapping[str, str]) -> str:
        """Letters in one line, for the comparison of two versions."""
        return ", ".join(f"{letter} {rate}" for letter, rate in sorted(rates.items()))
