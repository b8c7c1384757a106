"""The base of fields that hold a value: free while one types, in the normal form when one leaves."""

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from crm_desktop.core.i18n import tell
from crm_desktop.core.problem import Problem
from crm_desktop.ui.fields.state import State, select_all, set_state, state_of


class EntryField(QLineEdit):
    """A line that reads text into a value.

    Nothing is judged while one types, except that an error goes away as soon as the text can be read again. On leaving, and on
    Enter, the text takes its normal form, or the field says what is wrong and keeps what was typed.
    """

    edited = Signal(object)
    """The value changed by a person, told when the field is left or Enter is pressed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._told: Any = None
        self.textEdited.connect(self._typed)
        self.editingFinished.connect(self.settle)

    # ---- what a kind of field says ----
    def parse(self, text: str) -> Any:
        """The value of a text that is not blank, or a Problem."""
        return text

    def judge(self, value: Any) -> Problem | None:
        """What is wrong with a value that can be read and is kept all the same (a NIP whose check digit is wrong)."""
        return None

    def show_value(self, value: Any) -> str:
        """The normal form of a value that is not None."""
        return str(value)

    # ---- what views use ----
    def value(self) -> Any:
        """The value of what stands there now; None when it is empty or cannot be read."""
        read = self._read()
        return None if isinstance(read, Problem) else read

    def set_value(self, value: Any) -> None:
        """Show a value (None: empty). Does not touch a text whose value is the same already, nor the cursor in it."""
        if self.hasFocus() and self.isModified() and self.value() == value and self.entry_problem() is None:
            self._told = value
            return
        self._told = value
        text = "" if value is None else self.show_value(value)
        if text != self.text():
            self.setText(text)
            if self.hasFocus():
                select_all(self)  # what the program put there is replaced by typing, as on entering
            else:
                self.setCursorPosition(0)
        if self.property("unreadable"):
            self._forgive()

    def entry_problem(self) -> Problem | None:
        """What is wrong with the text itself, if anything is. Its `field` is the widget's name."""
        read = self._read()
        if isinstance(read, Problem) or read is None:
            return read
        return self.judge(read)

    def settle(self) -> bool:
        """Bring the text into its normal form and tell the value. False when something is wrong: the field says what."""
        read, problem = self._read(), self.entry_problem()
        if not isinstance(read, Problem):
            text = "" if read is None else self.show_value(read)
            if text != self.text():
                self.setText(text)
        if problem is not None:
            self.setProperty("unreadable", True)
            set_state(self, State.ERROR, tell(problem))
        elif self.property("unreadable"):
            self._forgive()
        if not isinstance(read, Problem) and read != self._told:
            self._told = read
            self.edited.emit(read)
        return problem is None

    # ---- Qt ----
    def focusInEvent(self, event: QFocusEvent) -> None:
        """Selects all, as every field of a desk does."""
        super().focusInEvent(event)
        select_all(self)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Shows the beginning again."""
        super().focusOutEvent(event)
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            self.setCursorPosition(0)

    def _read(self) -> Any:
        text = self.text().strip().lstrip("\ufeff")
        return self.parse(text) if text else None

    def _typed(self) -> None:
        if self.property("unreadable") and self.entry_problem() is None:
            self._forgive()

    def _forgive(self) -> None:
        self.setProperty("unreadable", False)
        if state_of(self) is State.ERROR:
            set_state(self, State.NORMAL)
