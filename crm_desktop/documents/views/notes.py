"""The notes of a document: several lines that are printed under it. Told when the field is left, as every field of a desk."""

from typing import Any

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy

from crm_desktop.core.i18n import _
from crm_desktop.core.problem import Problem
from crm_desktop.core.text import check_notes
from crm_desktop.documents.views.entering import UNSTORABLE
from crm_desktop.ui import theme as look
from crm_desktop.ui.fields import State, set_state

LEAST, WIDEST = 160, 420
#: Neither a menu over the field nor another window leaves it.
_STAYS = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason)
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class NotesField(QPlainTextEdit):
    """See the module. Enter makes a line, Tab and Ctrl+Enter leave; undo takes back its own typing first, then the document's acts."""

    edited = Signal(str)
    """Another text, when the field was left."""
    settled = Signal()
    """A text that cannot be stored stands here now, or no longer does."""
    finished = Signal()
    """Ctrl+Enter: back to work."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("notes")
        self.setAccessibleName(_("Notes"))
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self._told = self._shown = self._entered = ""
        self._unread = False
        self.textChanged.connect(self._typed)

    def text(self) -> str:
        """What stands here, each character as it was typed (Qt's own way of asking makes no-break spaces plain ones)."""
        return self.document().toRawText().replace("\u2029", "\n").replace("\u2028", "\n")

    def show_text(self, text: str) -> None:
        """Say what the draft says; what is being typed stays as long as that is the same."""
        if text != self._told:
            self._told = text
            self.setPlainText(text)
            self._shown = self._entered = self.text()

    def settle(self) -> None:
        """Tell what was typed, as leaving does; a text that no database takes stays here and is told as a problem."""
        text = self.text()
        unread = UNSTORABLE.search(text) is not None
        if unread != self._unread:
            self._unread = unread
            self.settled.emit()
        if not unread and text != self._shown:
            self._told = self._shown = self._entered = text
            self.edited.emit(text)

    def problems(self) -> list[Problem]:
        """What is wrong with a text that was left and cannot be stored."""
        return check_notes(self.text())[-1:] if self._unread else []

    def setReadOnly(self, read_only: bool) -> None:
        """To be looked at only: no hint that something may be typed."""
        super().setReadOnly(read_only)
        self.setPlaceholderText("" if read_only else _("(optional)"))

    # ---- Qt ----
    def sizeHint(self) -> QSize:
        """Two lines high; more where there is room, the rest scrolls."""
        return QSize(look.current().scaled(WIDEST), look.current().scaled(52))

    def minimumSizeHint(self) -> QSize:
        """Narrow rather than in the way of the sums."""
        return QSize(look.current().scaled(LEAST), self.sizeHint().height())

    def event(self, event: QEvent) -> bool:
        """Ctrl+Enter and, where nothing was typed since the field was entered, Ctrl+Z are no keys of the text."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if _leaves(event):
                event.accept()  # the editor's own Ctrl+Enter issues the document
                return True
            back = event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo)
            if back and self.text() == self._entered:
                event.ignore()
                return True
        return bool(super().event(event))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Enter leaves."""
        if _leaves(event):
            self.finished.emit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """From here on undo is the field's own."""
        super().focusInEvent(event)
        if event.reason() not in _STAYS:
            self._entered = self.text()
            self.document().clearUndoRedoStacks()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tell what was typed."""
        super().focusOutEvent(event)
        if event.reason() not in _STAYS:
            self.settle()

    def _typed(self, *_what: Any) -> None:
        """Typing only ever removes an error."""
        if self._unread and UNSTORABLE.search(self.text()) is None:
            self.settle()
        elif self.property("state") and not check_notes(self.text()):
            set_state(self, State.NORMAL)


def _leaves(event: QKeyEvent) -> bool:
    return event.key() in _ENTER and bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
