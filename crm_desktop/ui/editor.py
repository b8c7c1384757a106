"""What all editors share: a frozen draft and one direction.

    a widget is edited → self.edit(replace(self.draft, …)) → show_draft(draft)

`show_draft` makes the widgets say what the draft says and nothing else ever does, so undo, "was it changed?" and keeping a draft
cost nothing. The steps are a value too (documents/rules/history.py): `record` an act, `replace` what the server told.
"""

from abc import abstractmethod
from typing import Generic, Protocol, Self, TypeVar

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from crm_desktop.ui import keys, tidying

T = TypeVar("T")


class Steps(Protocol[T]):
    """The states of a draft: now, before, undone. Every act gives new steps."""

    @property
    def now(self) -> T:
        """The draft."""

    @property
    def can_undo(self) -> bool:
        """Whether there is a step back."""

    @property
    def can_redo(self) -> bool:
        """Whether there is a step forward."""

    def record(self, value: T, topic: str = "") -> Self:
        """An act; acts on one topic in a row are one step."""

    def replace(self, value: T) -> Self:
        """Not an act of the person."""

    def undo(self) -> Self:
        """One step back."""

    def redo(self) -> Self:
        """One step forward again."""


class Editor(QWidget, Generic[T]):
    """A window on one draft. The subclass builds its widgets, calls `start()`, and implements `show_draft`."""

    dirty_changed = Signal(bool)
    """Whether the draft differs from what is stored."""
    steps_changed = Signal()
    """What can be undone or redone is another now."""

    def __init__(self, steps: Steps[T], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._steps: Steps[T] = steps
        self._stored: T = steps.now
        self._locked = self._was_dirty = False
        self._text_before: dict[QObject, str] = {}

    # ---- what a subclass says ----
    @abstractmethod  # for the type checker: Qt's classes have a metaclass of their own
    def show_draft(self, draft: T) -> None:
        """Make the widgets say what the draft says; called after every change."""

    def same(self, one: T, other: T) -> bool:
        """Whether two drafts have the same content, for `dirty`. Override where a draft carries what the server told."""
        return one == other

    def carry(self, draft: T, now: T) -> T:
        """An older draft that undo brings back, with what the server told meanwhile (the version)."""
        return draft

    # ---- what a subclass uses ----
    def start(self) -> None:
        """Bind undo and redo, and show the draft for the first time."""
        for line in self.findChildren(QLineEdit):
            line.installEventFilter(self)
        keys.bind(self, "Ctrl+Z", self.undo)
        keys.bind(self, "Ctrl+Y", self.redo)
        keys.bind(self, "Ctrl+Shift+Z", self.redo)
        self.refresh()

    @property
    def draft(self) -> T:
        """The draft as it is now."""
        return self._steps.now

    @property
    def stored(self) -> T:
        """What lies on the server, as far as this editor was told."""
        return self._stored

    @property
    def dirty(self) -> bool:
        """Whether something was typed that is not stored."""
        return not self.same(self._stored, self.draft)

    @property
    def locked(self) -> bool:
        """Whether the draft may not be changed now: it is frozen, or an act with it is under way."""
        return self._locked

    @property
    def can_undo(self) -> bool:
        """Whether undo would do something."""
        return self._steps.can_undo and not self._locked

    @property
    def can_redo(self) -> bool:
        """Whether redo would do something."""
        return self._steps.can_redo and not self._locked

    def edit(self, draft: T, topic: str = "") -> None:
        """A person changed the draft. Acts with the same `topic` in a row are one step of undo. Nothing while it is locked."""
        if not self._locked:
            self._take(self._steps.record(draft, topic))

    def undo(self) -> None:
        """Take back the last act."""
        if self.can_undo:
            before = self._steps.undo()
            self._take(before.replace(self.carry(before.now, self.draft)))

    def redo(self) -> None:
        """Do again what was taken back."""
        if self.can_redo:
            after = self._steps.redo()
            self._take(after.replace(self.carry(after.now, self.draft)))

    def replace_draft(self, draft: T, *, stored: T | None = None) -> None:
        """The server told something new about the draft: no act of the person. `stored`: what lies there now."""
        if stored is not None:
            self._stored = stored
        self._take(self._steps.replace(draft))

    def begin_anew(self, steps: Steps[T]) -> None:
        """Another draft, as it is stored, with nothing to undo."""
        self._stored = steps.now
        self._take(steps)

    def set_locked(self, locked: bool) -> None:
        """Refuse edits, or take them again."""
        self._locked = locked
        self.steps_changed.emit()

    def refresh(self) -> None:
        """Show the draft again."""
        self.show_draft(self.draft)

    def _take(self, steps: Steps[T]) -> None:
        tidying.put_off()
        self._steps = steps
        self.refresh()
        self.steps_changed.emit()
        if self.dirty != self._was_dirty:
            self._was_dirty = self.dirty
            self.dirty_changed.emit(self._was_dirty)

    # ---- Qt ----
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Ctrl+Z in a field takes back its own typing, and the document's last act where nothing was typed since it was entered."""
        if event.type() == QEvent.Type.FocusIn and isinstance(watched, QLineEdit):
            self._text_before[watched] = watched.text()
        elif event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and isinstance(watched, QLineEdit):
            back = event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo)
            if back and watched.text() == self._text_before.get(watched, ""):
                event.ignore()
                return True
        return super().eventFilter(watched, event)

    def commit_field(self) -> None:
        """Have the field under the focus tell what was typed, as if it were left: before the whole draft is sent."""
        field = QApplication.focusWidget()
        if isinstance(field, QLineEdit) and self.isAncestorOf(field):
            field.editingFinished.emit()

    def focus_inside(self) -> bool:
        """Whether the focus is in this editor."""
        field = QApplication.focusWidget()
        return field is not None and (field is self or self.isAncestorOf(field))

    def has_focus_of_window(self) -> bool:
        """Whether keys go to this editor once its window is active: nobody works in another dock beside it."""
        field = self.window().focusWidget()
        return field is None or field is self or self.isAncestorOf(field)

    def give_focus(self, field: QWidget) -> None:
        """Put the focus into a field by key."""
        field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if isinstance(field, QLineEdit):
            field.selectAll()
