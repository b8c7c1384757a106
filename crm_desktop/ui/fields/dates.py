"""A date, typed as fast as a person can: 23, 2311, 231126, +14, d."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QKeyEvent
from PySide6.QtWidgets import QWidget

from crm_desktop.core import i18n
from crm_desktop.core.i18n import N_
from crm_desktop.core.problem import Problem
from crm_desktop.ui import clock
from crm_desktop.ui import theme as look
from crm_desktop.ui.fields.entry import EntryField
from crm_desktop.ui.fields.state import select_all

_STEP = re.compile(r"([+\-−])\s*(\d{1,4})\Z", re.ASCII)
_ISO = re.compile(r"(\d{4})[-./](\d{1,2})[-./](\d{1,2})\Z", re.ASCII)
_PARTS = re.compile(r"(\d{1,2})(?:[-./, ]+(\d{1,2})(?:[-./, ]+(\d{2}|\d{4}))?)?[.]?\Z", re.ASCII)
_DIGITS = re.compile(r"(\d{2})(\d{2})(\d{2}|\d{4})?\Z", re.ASCII)


def read_date(text: str, today: date, base: date | None = None) -> date:
    """The date that `text` means.

    `23` this month, `2311` this year, `231126`, `23112026`, `23.11`, `23.11.26`, `2026-11-23`, `d` or `t` today, `+14` and
    `-3` days from `base` (today by default). Two digits of a year are this century. ValueError for anything else.

    >>> read_date("2311", date(2026, 1, 5)), read_date("+14", date(2026, 11, 23))
    (datetime.date(2026, 11, 23), datetime.date(2026, 12, 7))
    """
    text = text.replace(i18n.NBSP, " ").strip().lower()
    if text in ("d", "t"):
        return today
    if step := _STEP.match(text):
        days = int(step[2])
        try:
            return (base or today) + timedelta(days if step[1] == "+" else -days)
        except OverflowError as error:
            raise ValueError(text) from error
    if iso := _ISO.match(text):
        return date(int(iso[1]), int(iso[2]), int(iso[3]))
    parts = _PARTS.match(text) or _DIGITS.match(text)
    if parts is None:
        raise ValueError(text)
    year = int(parts[3]) if parts[3] else today.year
    month = int(parts[2]) if parts[2] else today.month
    return date(year + 2000 if year < 100 else year, month, int(parts[1]))


class DateField(EntryField):
    """A date in a plain line. ↑ and ↓ move by a day, Page up and down by a week.

    `base`: a callable that gives the day that `+14` counts from (the issue date, for a term of payment); today by default.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.base: Callable[[], date | None] | None = None
        look.tabular(self)

    def parse(self, text: str) -> date | Problem:
        """The date, or the problem with an example."""
        try:
            return read_date(text, clock.today(), self.base() if self.base is not None else None)
        except ValueError:
            return Problem(
                "date_wrong",
                self.objectName(),
                N_("“{text}” is not a date. Write for example 23.11.2026 or +14."),
                {"text": text[:40]},
            )

    def show_value(self, value: Any) -> str:
        """23.11.2026."""
        return i18n.day(value)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move the day."""
        days = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1, Qt.Key.Key_PageUp: 7, Qt.Key.Key_PageDown: -7}.get(Qt.Key(event.key()))
        if (
            days is None
            or event.modifiers() not in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
            or self.isReadOnly()
        ):
            super().keyPressEvent(event)
            return
        moved = (self.value() or clock.today()) + timedelta(days)
        self.setText(i18n.day(moved))
        self.settle()
        select_all(self)

    def sizeHint(self) -> QSize:
        """As wide as a date, 104 at 100 %."""
        width = QFontMetrics(look.current().font(tabular=True)).horizontalAdvance("00.00.0000") + 26
        return QSize(width, super().sizeHint().height())
