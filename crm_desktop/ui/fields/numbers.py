"""Fields of figures: right-aligned, tabular, decimal comma. Decimal throughout, never a float."""

from decimal import Decimal
from typing import Any

from PySide6.QtCore import Property, QSize, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QWidget

from crm_desktop.core import i18n
from crm_desktop.core.i18n import N_
from crm_desktop.core.problem import Problem
from crm_desktop.core.quantity import parse_decimal
from crm_desktop.ui import theme as look
from crm_desktop.ui.fields.entry import EntryField


class DecimalField(EntryField):
    """A number with at most `places` decimals and `whole` digits before the comma; no trailing zeros in the normal form.

    In a form the properties `places`, `whole`, `negative` may be set. Accepts comma, dot, spaces, no-break spaces and
    currency signs (core/quantity.py says how they are read).
    """

    PLACES, WHOLE, SHOWN = 6, 10, "00 000,00"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._places, self._whole, self._negative = self.PLACES, self.WHOLE, False
        self.minimum: Decimal | None = None
        self.maximum: Decimal | None = None
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        look.tabular(self)

    def _get_places(self) -> int:
        return self._places

    def _set_places(self, places: int) -> None:
        self._places = places

    places = Property(int, _get_places, _set_places)

    def _get_whole(self) -> int:
        return self._whole

    def _set_whole(self, whole: int) -> None:
        self._whole = whole

    whole = Property(int, _get_whole, _set_whole)

    def _get_negative(self) -> bool:
        return self._negative

    def _set_negative(self, negative: bool) -> None:
        self._negative = negative

    negative = Property(bool, _get_negative, _set_negative)

    def parse(self, text: str) -> Decimal | Problem:
        """The number, or what is wrong with it."""
        field = self.objectName()
        number = parse_decimal(text, self._places, field, self._whole)
        if isinstance(number, Problem):
            return number
        low = self.minimum if self.minimum is not None else (None if self._negative else Decimal(0))
        if low is not None and number < low:
            if low == 0:
                return Problem("number_negative", field, N_("The number may not be negative."))
            return Problem("number_low", field, N_("At least {minimum}."), {"minimum": low})
        if self.maximum is not None and number > self.maximum:
            return Problem("number_high", field, N_("At most {maximum}."), {"maximum": self.maximum})
        return number

    def show_value(self, value: Any) -> str:
        """Decimal comma, thousands apart, as many places as the number has."""
        return i18n.decimal(Decimal(value))

    def sizeHint(self) -> QSize:
        """Wide enough for the usual number."""
        hint = super().sizeHint()
        width = QFontMetrics(look.current().font(tabular=True)).horizontalAdvance(self.SHOWN) + 24
        return QSize(width, hint.height())


class MoneyField(DecimalField):
    """An amount in one currency: two places, always shown."""

    PLACES, WHOLE, SHOWN = 2, 12, "0 000 000,00"

    def show_value(self, value: Any) -> str:
        """1 234,50."""
        return i18n.money(Decimal(value))


class PriceField(DecimalField):
    """A unit price: two to four places in the normal form, six kept at most when `places` says so."""

    PLACES, WHOLE, SHOWN = 4, 10, "00 000,0000"

    def show_value(self, value: Any) -> str:
        """2,50 or 0,1234; further places as they are."""
        number = Decimal(value)
        exponent = number.normalize().as_tuple().exponent
        return i18n.decimal(number) if isinstance(exponent, int) and exponent < -4 else i18n.price(number)


class QuantityField(DecimalField):
    """A quantity: the unit's places (0 for pieces), set by the view with `setProperty("places", …)` when the unit changes."""

    PLACES, WHOLE, SHOWN = 6, 10, "0 000,000"


class PercentField(DecimalField):
    """A rate or a discount in per cent; the sign stands in the field after a no-break space."""

    PLACES, WHOLE, SHOWN = 2, 3, "100,00 %"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.maximum = Decimal(100)

    def show_value(self, value: Any) -> str:
        """7 %."""
        return f"{i18n.decimal(Decimal(value))}{i18n.NBSP}%"
