"""Fields of words and of numbers that are words: names, NIP, passwords."""

from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QFontMetrics
from PySide6.QtWidgets import QLineEdit, QToolButton, QWidget

from crm_desktop.core.i18n import _
from crm_desktop.core.identifiers import check_nip, clean_nip, nip_shown
from crm_desktop.core.problem import Problem
from crm_desktop.core.text import clean_name
from crm_desktop.ui import theme as look
from crm_desktop.ui.fields.entry import EntryField


class TextField(EntryField):
    """A name or a short text; cleaned on leaving as core/text.py says (outer and double spaces, byte order mark)."""

    def parse(self, text: str) -> str:
        """The cleaned text. The rules judge it, not the field."""
        return clean_name(text)

    def value(self) -> str:
        """The text; "" when empty."""
        return clean_name(self.text())

    def set_value(self, value: Any) -> None:
        """Show a text; "" and None empty the field."""
        super().set_value(value or None)


class NipField(EntryField):
    """A Polish tax number: typed or pasted in any form, kept as ten digits, shown as 937-264-18-05."""

    def parse(self, text: str) -> str:
        """The number without its breaks, right or wrong: nothing that was typed is lost."""
        return clean_nip(text)

    def judge(self, value: Any) -> Problem | None:
        """What the rules say about it."""
        return next(iter(check_nip(value, self.objectName() or "nip")), None)

    def show_value(self, value: Any) -> str:
        """With hyphens."""
        return nip_shown(str(value))

    def sizeHint(self) -> QSize:
        """As wide as a NIP, 130 at 100 %."""
        return QSize(QFontMetrics(look.current().font()).horizontalAdvance("000-000-00-00") + 30, super().sizeHint().height())


class PasswordField(QLineEdit):
    """A password with an eye to look at it. Its text is never offered to input methods that learn."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setInputMethodHints(
            Qt.InputMethodHint.ImhHiddenText
            | Qt.InputMethodHint.ImhSensitiveData
            | Qt.InputMethodHint.ImhNoPredictiveText
            | Qt.InputMethodHint.ImhNoAutoUppercase
        )
        self._eye = QAction(look.current().icon("eye"), _("Show the password"), self)
        self._eye.setCheckable(True)
        self._eye.toggled.connect(self._reveal)
        self.addAction(self._eye, QLineEdit.ActionPosition.TrailingPosition)
        for button in self.findChildren(QToolButton):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.setAccessibleName(self._eye.text())

    def value(self) -> str:
        """The password as typed: not cleaned, not trimmed."""
        return self.text()

    def _reveal(self, shown: bool) -> None:
        self.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)
        self._eye.setIcon(look.current().icon("eye-off" if shown else "eye"))
        self._eye.setText(_("Hide the password") if shown else _("Show the password"))
