"""A field that asks the server while one types: answers open under it, the focus stays in it."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from crm_desktop.core.errors import Offline
from crm_desktop.core.i18n import _
from crm_desktop.ui import tasks
from crm_desktop.ui.fields.answers import Answer, AnswerPopup, Side
from crm_desktop.ui.fields.state import select_all
from crm_desktop.ui.filters import cleaned

__all__ = ["Answer", "LookupField", "Side"]

Search = Callable[[Any, str], Sequence[Answer]]

#: How long the typing must pause before the server is asked.
PAUSE_MS = 120


class LookupField(QLineEdit):
    """Type a fragment, choose with ↓ ↑ and Enter. The first answer is chosen already; Esc closes the answers, then restores.

    The search is a query `fn(tx, text) -> Sequence[Answer]` that runs off the GUI thread; only the answer to the last text counts.
    Enter pressed before the answer is there takes the first one as soon as it is.
    """

    chosen = Signal(object)
    """The value of the answer that a person took; None when the field was emptied."""
    unmatched = Signal(str)
    """Enter was pressed and nothing matches this text."""
    unchosen_changed = Signal()
    """With `keeps`: a text that was not chosen stays in the field now, or no longer does."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._search: Search | None = None
        self._value: Any = None
        self._label = ""
        self._asked = ""  # the text that the shown or awaited answers belong to
        self._handle: tasks.Handle | None = None
        self._enter_waits = False
        self._offer: tuple[str, Callable[[str], object]] | None = None
        self.least, self.free, self.keeps = 1, False, False
        self._unchosen = self._found_nothing = False
        self.popup_width = 0
        self._popup: AnswerPopup | None = None
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._ask)
        self.textEdited.connect(self._typed)
        self.editingFinished.connect(self._judge)

    # ---- what views use ----
    def set_search(self, search: Search, *, least: int = 1) -> None:
        """Ask `search` once at least `least` characters stand there."""
        self._search, self.least = search, least

    def set_offer(self, text: str, act: Callable[[str], object]) -> None:
        """Put one more row under the answers ("Add a customer"); `act(typed)` when it is taken."""
        self._offer = (text, act)

    def value(self) -> Any:
        """The value chosen, or None."""
        return self._value

    def set_value(self, value: Any, text: str) -> None:
        """Show what is chosen. Does not touch a text that is being typed for the same value."""
        same, kept = value == self._value, self._unchosen and text == self._label
        self._value, self._label = value, text
        if not (same and ((self.hasFocus() and self.isModified()) or kept)):
            self._set_unchosen(False)
            self.setText(text)
            if not self.hasFocus():
                self.setCursorPosition(0)
            self._forget()

    def unchosen(self) -> str:
        """The text that was left here without being chosen, where the field keeps it (`keeps`); "" for none."""
        return self._sought() if self._unchosen else ""

    def found_nothing(self) -> bool:
        """Whether the server was asked for the text that stands here, and knows nothing like it."""
        return self._found_nothing

    def give_up(self) -> None:
        """Back to the choice: what was typed is dropped."""
        if self._unchosen:
            self.setText(self._label)
            self._set_unchosen(False)

    def answers(self) -> Sequence[Answer]:
        """The answers that are shown now."""
        return self._popup.answers() if self.is_open() and self._popup is not None else ()

    def is_open(self) -> bool:
        """Whether answers are shown."""
        return self._popup is not None and self._popup.isVisible()

    def waits(self) -> bool:
        """Whether an answer is awaited."""
        return self._pause.isActive() or self._handle is not None

    def take(self, answer: Answer) -> None:
        """Choose an answer, as Enter does."""
        self._value, self._label = answer.value, answer.label
        self._set_unchosen(False)
        self.setText(self._label)
        self._forget()
        self.chosen.emit(answer.value)

    def open(self) -> None:
        """Ask for what stands there, also when it is short: F3 and ↓ in a closed field."""
        self._pause.stop()
        self._ask(even_short=True)

    # ---- keys ----
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """↓ ↑ walk, Enter takes, Esc closes; anything else is typing."""
        key = Qt.Key(event.key())
        if self.is_open() and self._popup is not None:
            if key in (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
                self._popup.walk(key)
                return
            if key == Qt.Key.Key_Escape:
                self._forget()
                return
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_F3) and self._search is not None and not self.isReadOnly():
            self.open()
            return
        elif key == Qt.Key.Key_Escape and self.isModified() and self._label != self.text():
            self.setText(self._label)
            self._set_unchosen(False)
            self._forget()
            return
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._enter():
            return
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Leaving closes the answers; a text that was not chosen stays with `free` or `keeps`, else goes back to the choice; an
        emptied one empties it."""
        super().focusOutEvent(event)
        if event.reason() in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            return
        self._forget()
        self.setCursorPosition(0)
        if self.free or not self.isModified():
            return
        if not self.text().strip():
            self._empty()
        elif self.keeps:
            self._judge()
        else:
            self.setText(self._label)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Selects all, as every field of a desk does."""
        super().focusInEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            select_all(self)

    def hideEvent(self, event: Any) -> None:
        """The answers go with the field."""
        self._forget()
        super().hideEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The window moved or changed its size: the answers follow the field."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest) and self.is_open() and self._popup is not None:
            self._popup.place(self, self.popup_width)
        return super().eventFilter(watched, event)

    # ---- asking ----
    def _sought(self) -> str:
        """What stands here, without characters that nobody sees and no server takes (a pasted zero byte)."""
        return cleaned(self.text())

    def _typed(self, text: str) -> None:
        self._enter_waits = self._found_nothing = False
        self._set_unchosen(False)
        if len(text.strip()) >= self.least and self._search is not None:
            self._pause.start()
        else:
            self._forget()

    def _ask(self, even_short: bool = False) -> None:
        text = self._sought()
        if self._search is None or (len(text) < self.least and not even_short):
            return
        if self._handle is not None:
            self._handle.drop()
        self._asked = text
        self._handle = tasks.read(
            self,
            self._search,
            text,
            then=lambda found: self._answered(text, found),
            failed=lambda error: self._failed(text, error),
        )

    def _answered(self, text: str, found: Sequence[Answer]) -> None:
        if text != self._asked:
            return
        self._handle, self._found_nothing = None, not found
        if self._enter_waits:
            self._enter_waits = False
            if found:
                self.take(found[0])
            else:
                self._show(found)
                self.unmatched.emit(text)
            return
        if self.hasFocus():
            self._show(found)

    def _failed(self, text: str, error: Exception) -> bool:
        if text == self._asked:
            self._handle, self._enter_waits = None, False
            if isinstance(error, Offline) and self.hasFocus():
                self._show((), _("No connection, so nothing can be searched now."))
        return False  # the road tells the desk

    def _show(self, found: Sequence[Answer], note: str = "") -> None:
        if self._popup is not None and self._popup.parentWidget() is not self.window():  # the dock was torn off meanwhile
            self._popup.deleteLater()
            self._popup = None
        if self._popup is None:
            self._popup = AnswerPopup(self.window())
            self._popup.taken.connect(self._taken)
            self.window().installEventFilter(self)
        note = note or ("" if found else _("Nothing matches “{text}”.").format(text=self._asked))
        self._popup.show_answers(found, note, self._offer[0] if self._offer else "")
        self._popup.place(self, self.popup_width)

    def _taken(self, answer: Answer | None) -> None:
        if answer is not None:
            self.take(answer)
        elif self._offer is not None:
            typed = self.text().strip()
            self._forget()
            self._offer[1](typed)

    def _enter(self) -> bool:
        """Enter, when it means something here. False leaves it to the form."""
        if self._pause.isActive() or (self._handle is not None and self._asked == self._sought()):
            self._enter_waits = True
            if self._pause.isActive():
                self._pause.stop()
                self._ask()
            return True
        if self.is_open() and self._popup is not None:
            if self._popup.take_current():
                return True
            self._forget()
            self.unmatched.emit(self._sought())
            return True
        if self.isModified() and not self.text().strip() and self._value is not None:
            self._empty()
        return False

    def _judge(self) -> None:
        """The field is left, or the whole form is wanted: a text that was not chosen is told from now on."""
        if self.keeps and self.isModified() and not self._enter_waits:
            self._set_unchosen(bool(self._sought()) and self.text() != self._label)

    def _set_unchosen(self, unchosen: bool) -> None:
        if unchosen != self._unchosen:
            self._unchosen = unchosen
            self.unchosen_changed.emit()

    def _empty(self) -> None:
        had = self._value is not None
        self._set_unchosen(False)
        self._value, self._label = None, ""
        self.setModified(False)
        if had:
            self.chosen.emit(None)

    def _forget(self) -> None:
        """Close the answers and forget the question."""
        self._pause.stop()
        self._enter_waits = False
        if self._handle is not None:
            self._handle.drop()
            self._handle = None
        self._asked = ""
        if self._popup is not None:
            self._popup.hide()
