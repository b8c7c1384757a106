"""A card: the form of one record in a dock. Reads it, shows what is wrong, saves it, and compares when somebody was faster.

    class PartyCard(Card[Party]):
        PATHS = ("code", "name", "address.city", …)         paths of the record; the widget of "address.city" is `address_city`
        TABLE, PERMISSION, ICON = "parties.party", "parties.save_party", "users"
        def read_record(self, tx, key): …   def store(self, tx, value): …   def check(self, value): …   def title_of(self, value): …

One direction when it is loaded: record → widgets; `value()` reads them back. While nothing was typed the card follows the database;
what was typed is never overwritten. F10 and Ctrl+Enter save and close, Ctrl+S saves, Esc closes, Enter goes to the next field.
"""

from collections.abc import Iterable
from functools import partial
from typing import Any, Generic, TypeVar
from uuid import UUID

import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from crm_desktop.core.errors import Conflict
from crm_desktop.core.i18n import _
from crm_desktop.core.problem import Problem, errors_of
from crm_desktop.db.last_saved import LastSaved, ask_last_saved
from crm_desktop.db.transaction import NotFound
from crm_desktop.ui import clock, feed, keys, tasks
from crm_desktop.ui import theme as look
from crm_desktop.ui.fields import EntryField, field_of, jump_to, show_problems
from crm_desktop.ui.fields.state import label_of
from crm_desktop.ui.presence import PresenceLine, key_of
from crm_desktop.ui.record import fitting, put_value, read_path, told, widget_value, with_path, with_values
from crm_desktop.ui.widgets.conflict import DISCARD, MERGED, ConflictDialog, ConflictField, told_last
from crm_desktop.ui.widgets.dialogs import Choice, ask
from crm_desktop.ui.widgets.fkey_bar import FKey
from crm_desktop.ui.widgets.parts import ElidedLabel, Pill, WrapLabel, button, rule
from crm_desktop.ui.widgets.problems import ProblemsPanel
from crm_desktop.ui.widgets.toast import stay_clear
from crm_desktop.ui.window import Window

T = TypeVar("T")

#: No name is longer; a field over the whole of a wide window would only look for its label.
FORM_WIDTH = 780
#: Four lines of notes, at 100 %; more scrolls.
NOTES_HEIGHT = 88


class Card(QWidget, Generic[T]):
    """See the module."""

    title_changed = Signal(str)
    dirty_changed = Signal(bool)
    closed = Signal()
    said = Signal(str)
    fkeys_changed = Signal()
    saved = Signal(object)  # the key of the record

    PATHS: tuple[str, ...] = ()
    TABLE = ""
    PERMISSION = ""
    ICON = "notes"

    def __init__(self, window: Window, form: QWidget, new: T | None, key: UUID | None) -> None:
        """new: a record that was never saved; else `key` says which is read. A card of the one company has neither."""
        super().__init__()
        look.mark(self, role="surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # until there is a field to put the focus into
        self.window_of, self.form, self.key = window, form, key
        self.is_new = new is not None
        self.may_change = window.may(self.PERMISSION)
        self._new = new
        self._stored: T | None = None
        self._baseline: T | None = None  # the record as the widgets say it when nothing was typed
        self._opened_at = clock.now()
        self._was_dirty = self._saving = self._everything = self._closes = False
        self._left: set[str] = set()
        self._refused: list[Problem] = []
        self._build()
        self._listen()
        for key_name, run in {
            "F10": self.save_and_close,
            "Ctrl+Return": self.save_and_close,
            "Ctrl+Enter": self.save_and_close,
            "Ctrl+S": self.save,
            "F4": self.problems_panel.next_problem,
        }.items():
            keys.bind(self, key_name, run)
        self.form.setEnabled(False)
        self.reload()
        if self.TABLE:
            feed.watch(self, self.TABLE, self._changed_elsewhere)

    # ---- what a card says ----
    def read_record(self, tx: Any, key: UUID | None) -> T:
        """The record, asked on a worker."""
        raise NotImplementedError

    def read_choices(self, tx: Any) -> Any:
        """What the form lets choose from (groups, rates), asked on a worker together with the record."""
        return None

    def take_choices(self, choices: Any) -> None:
        """Offer them, before the record is shown."""

    def store(self, tx: Any, value: T) -> Any:
        """Save it: the slice's service."""
        raise NotImplementedError

    def check(self, value: T) -> list[Problem]:
        """What is wrong with it."""
        return []

    def title_of(self, value: T) -> str:
        """What the dock and the head say."""
        raise NotImplementedError

    def state_of(self, value: T) -> tuple[str, str]:
        """The word and tone of the pill beside the title; "" for none."""
        return "", "neutral"

    def key_of(self, value: T) -> UUID | None:
        """The key under which it can be read again."""
        return value.id  # type: ignore[attr-defined, no-any-return]

    def prepare(self, value: T) -> None:
        """Before a record is shown: what depends on it (choices, fields that exist only for new ones)."""

    def shown(self, value: T) -> None:
        """After it was shown."""

    # ---- what a subclass and the window use ----
    def value(self) -> T:
        """The record as the widgets say it; RuntimeError before one was read."""
        if self._stored is None:
            raise RuntimeError("nothing was read yet")
        value = self._stored
        for path in self.PATHS:
            widget = self.widget(path)
            if widget is not None:
                value = with_path(value, path, fitting(value, path, widget_value(widget)))
        return value

    def widget(self, path: str) -> QWidget | None:
        """The widget of a path; None where this person has none."""
        return field_of(self.form, path)

    def stored(self) -> T | None:
        """The record as it was read last."""
        return self._stored

    @property
    def dirty(self) -> bool:
        """Whether something was typed that is not saved."""
        return self._stored is not None and self.may_change and (self.value() != self._baseline or bool(self._unreadable()))

    def is_ready(self) -> bool:
        """Whether the record is there and nothing is under way."""
        return self._stored is not None and not self._saving

    def fkeys(self) -> list[FKey]:
        """The keys that work here."""
        shown = [FKey("F4", _("Next matter"), self.problems_panel.next_problem)] if self.problems_panel.problems() else []
        if self.may_change:
            shown.append(FKey("Ctrl+S", _("Save"), self.save))
            shown.append(FKey("F10", _("Save and close"), self.save_and_close, right=True))
        shown.append(FKey("Escape", _("Close"), self.leave, right=True))
        return shown

    def add_deed(self, text: str, icon: str, run: Any, *, kind: str = "") -> QPushButton:
        """Another thing that can be done with the record, at the left of the foot."""
        made = button(text, run, kind=kind, icon=icon)
        self._deeds.addWidget(made)
        return made

    def say_why(self, text: str) -> None:
        """Why this card can only be looked at."""
        self._why.setText(text)
        self._why.setVisible(bool(text))
        self.fkeys_changed.emit()  # nor do its keys offer to save it

    # ---- loading ----
    def reload(self) -> None:
        """Read the record (again)."""
        tasks.read(self, self._ask, self.key, then=self._read, failed=self._not_read)

    def _ask(self, tx: Any, key: UUID | None) -> tuple[Any, T]:
        return self.read_choices(tx), self._new if self.is_new and self._new is not None else self.read_record(tx, key)

    def _read(self, answer: tuple[Any, T]) -> None:
        choices, value = answer
        if self.dirty:
            return  # what was typed stays; a newer record is noticed when it is saved
        first = self._stored is None
        self.form.setEnabled(True)
        self.take_choices(choices)
        self._opened_at = clock.now()
        if not self.may_change:
            self.set_read_only(self.form.findChildren(QWidget))
        self._show(value)
        if first:
            self.begin()

    def _not_read(self, error: Exception) -> bool:
        if isinstance(error, NotFound):
            self.said.emit(_("This record is no longer there, or you may not see it."))
            self.closed.emit()
            return True
        return False

    def _show(self, value: T) -> None:
        self._stored = value
        self.presence.show_record(None if self.is_new else key_of(self.TABLE, self.key))
        self.prepare(value)
        self._put(value)
        self._everything, self._refused = False, []
        self._left.clear()
        self.shown(value)
        self._baseline = self.value()
        self._edited()

    def _put(self, value: T) -> None:
        for path in self.PATHS:
            widget = self.widget(path)
            if widget is not None:
                put_value(widget, read_path(value, path))

    def _changed_elsewhere(self, ids: frozenset[UUID] | None) -> None:
        if not self.is_new and not self._saving and (ids is None or self.key is None or self.key in ids) and not self.dirty:
            self.reload()

    # ---- editing ----
    def _edited(self) -> None:
        if self._stored is None:
            return
        title = self.title_of(self.value()) or self.title_of(self._stored)
        if title != self._title.text():
            self._title.setText(title)
            self.title_changed.emit(title)
        self._pill.show_state(*self.state_of(self._stored))
        if self.dirty != self._was_dirty:
            self._was_dirty = not self._was_dirty
            self.dirty_changed.emit(self._was_dirty)
        self._show_problems()

    def _field_edited(self) -> None:
        self._refused = []
        self._edited()

    def problems(self) -> list[Problem]:
        """All that is wrong with what stands there."""
        if self._stored is None:
            return []
        found = {(p.code, p.field): p for p in (*self._unreadable(), *self.check(self.value()), *self._refused)}
        return list(found.values())

    def _unreadable(self) -> list[Problem]:
        fields = self.form.findChildren(EntryField)
        found = [(field, field.entry_problem()) for field in fields if field.isEnabled() and field.objectName()]
        paths = {path.replace(".", "_"): path for path in self.PATHS}
        return [
            Problem(problem.code, paths.get(field.objectName(), field.objectName()), problem.message, problem.values, problem.severity)
            for field, problem in found
            if problem is not None
        ]

    def _show_problems(self) -> None:
        said = [p for p in self.problems() if self._everything or p.field.replace(".", "_") in self._left]
        before = len(self.problems_panel.problems())
        show_problems(self.form, said)
        self.problems_panel.show_problems(said)
        if bool(before) != bool(said):
            self.fkeys_changed.emit()

    # ---- saving ----
    def save(self) -> None:
        """Ctrl+S: save and stay."""
        self._closes = False
        self._save()

    def save_and_close(self) -> None:
        """F10: save, then close."""
        self._closes = True
        self._save()

    def _save(self) -> None:
        if not self.is_ready() or not self.may_change:
            return
        self._settle()
        self._everything = True
        self._edited()
        if errors_of(self.problems()):
            self.problems_panel.next_problem()
        elif not self.dirty and not self.is_new:
            self._done()
        else:
            self._send(self.value())

    def _send(self, value: T) -> None:
        self._saving = True
        self._save_button.setEnabled(False)
        tasks.change(self, self.store, value, then=lambda _answer: self._stored_now(value), refused=self._was_refused, failed=self._failed)

    def _stored_now(self, value: T) -> None:
        self._saving = False
        self._save_button.setEnabled(True)
        self.is_new, self.key = False, self.key_of(value)
        self._show(value)
        self.said.emit(_("Saved: {title}").format(title=self.title_of(value)))
        self.saved.emit(self.key)
        self.reload()
        self._done()

    def _done(self) -> None:
        if self._closes:
            self.closed.emit()

    def _was_refused(self, problems: list[Problem]) -> None:
        self._saving = self._closes = False
        self._save_button.setEnabled(True)
        self._refused = problems
        self._edited()
        self.problems_panel.next_problem()

    def _failed(self, error: Exception) -> bool:
        self._saving = self._closes = False
        self._save_button.setEnabled(True)
        if isinstance(error, Conflict):
            tasks.read(self, self._read_theirs, then=lambda found: self._compare(*found))
            return True
        return False

    # ---- somebody was faster ----
    def _read_theirs(self, tx: Any) -> tuple[T, LastSaved | None]:
        asked = ask_last_saved(tx, self.TABLE, self.key if self.key is not None else 1)
        return self.read_record(tx, self.key), asked.maybe()

    def _compare(self, theirs: T, saved: LastSaved | None) -> None:
        mine, base = self.value(), self._baseline
        fields = [
            ConflictField(
                path, self.name_of(path), read_path(base, path), read_path(mine, path), read_path(theirs, path), self._teller(path)
            )
            for path in self.PATHS
        ]
        if not any(field.differs for field in fields):
            self._show(theirs)
            self.said.emit(_("A colleague saved the same just before you."))
            return
        dialog = ConflictDialog(
            self,
            title=_("Somebody saved this card before you"),
            subtitle=told_last(self.title_of(theirs), saved, self._opened_at),
            their_name=saved.name if saved is not None else _("Your colleague's"),
            opened_at=f"{self._opened_at:%H:%M}",
            fields=fields,
        )
        dialog.setObjectName("conflict_dialog")
        dialog.finished.connect(lambda _code: self._decided(dialog, theirs))
        dialog.open()

    def _decided(self, dialog: ConflictDialog, theirs: T) -> None:
        if dialog.outcome == MERGED:
            self._show(theirs)
            self._put(with_values(theirs, dialog.result_values()))
            self._send(self.value())
        elif dialog.outcome == DISCARD:
            self._show(theirs)
        dialog.deleteLater()

    def _teller(self, path: str) -> Any:
        widget = self.widget(path)
        return (lambda value: told(widget, value)) if widget is not None else str

    def name_of(self, path: str) -> str:
        """What a field is called."""
        field = self.widget(path)
        return label_of(field) or path if field is not None else path

    # ---- closing ----
    def leave(self) -> None:
        """Esc."""
        if self.may_close():
            self.closed.emit()

    def may_close(self) -> bool:
        """The guard of the dock: nothing that was typed goes without a word."""
        self._settle()
        if not self.dirty:
            return True
        focus = QApplication.focusWidget()
        answer = ask(
            self,
            _("Save what you typed?"),
            self.title_of(self.value()),
            (
                Choice("back", _("Go on typing"), "quiet"),
                Choice("discard", _("Discard my changes"), "danger"),
                Choice("save", _("Save"), "primary"),
            ),
        )
        if answer == "save":
            self.save_and_close()
        elif answer == "discard" and self._stored is not None:
            self._show(self._stored)
            return True
        elif focus is not None and shiboken6.isValid(focus):
            self.window().activateWindow()  # a window manager does this by itself; without one nobody would have the keyboard
            focus.setFocus(Qt.FocusReason.OtherFocusReason)
        return False

    # ---- focus and keys ----
    def begin(self) -> None:
        """The focus goes to where work starts: the first empty field, else the first one."""
        inputs = [each for each in self.inputs() if each.isVisibleTo(self) and each.isEnabled()]
        empty = [each for each in inputs if isinstance(each, QLineEdit) and not each.text() and not each.isReadOnly()]
        first = next(iter((empty if self.is_new else []) or inputs), None)
        if first is None:
            return
        self.setFocusProxy(first)
        focus = QApplication.focusWidget()
        if focus is None or focus is self or self.isAncestorOf(focus):  # never taken from where somebody types
            first.setFocus(Qt.FocusReason.OtherFocusReason)

    def inputs(self) -> list[QWidget]:
        """What can be typed into or chosen, in the order of the form.

        Not by nextInFocusChain: the binding takes the neighbour for the parent there, and once that neighbour is gone it declares
        every dock of the window deleted.
        """
        found = self.form.findChildren(QWidget)
        kinds = (QLineEdit, QComboBox, QPlainTextEdit, QAbstractButton)
        return [each for each in found if isinstance(each, kinds) and each.focusPolicy() & Qt.FocusPolicy.TabFocus]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter: the next field, or the button under the focus. Esc: close."""
        key, focus = Qt.Key(event.key()), QApplication.focusWidget()
        if key == Qt.Key.Key_Escape:
            self.leave()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            if isinstance(focus, QPushButton):
                focus.click()
            else:
                self.focusNextChild()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A field that was left may say what is wrong with it."""
        if event.type() == QEvent.Type.FocusOut and isinstance(watched, QWidget) and watched.objectName() not in self._left:
            self._left.add(watched.objectName())
            QTimer.singleShot(0, self, self._edited)
        return super().eventFilter(watched, event)

    def _settle(self) -> None:
        focus = QApplication.focusWidget()
        if isinstance(focus, EntryField) and self.form.isAncestorOf(focus):
            focus.settle()

    # ---- building ----
    def _build(self) -> None:
        self._title, self._pill = ElidedLabel("", "title"), Pill()
        self._title.setObjectName("card_title")
        self._pill.setObjectName("card_state")
        self._pill.hide()
        head = QHBoxLayout()
        head.setContentsMargins(14, 10, 14, 8)
        head.setSpacing(10)
        head.addWidget(self._title)
        head.addWidget(self._pill)
        self.presence = PresenceLine()
        head.addWidget(self.presence, 100)
        head.addStretch(1)
        self.head = head
        self._scroll = QScrollArea()
        self._scroll.setWidget(self.form)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        look.mark(self.form, role="surface")
        look.current().follow(self.form, lambda: self.form.setMaximumWidth(look.current().scaled(FORM_WIDTH)))
        self.problems_panel = ProblemsPanel(aim=_("before saving"))
        self.problems_panel.setObjectName("card_problems")
        self.problems_panel.name_of = lambda path: in_sentence(self.name_of(path))
        self.problems_panel.jump.connect(lambda path: jump_to(self.form, path))
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(0)
        self.column.addLayout(head)
        self._why = WrapLabel("", "hint")
        self._why.setContentsMargins(14, 0, 14, 6)
        self._why.hide()
        self.column.addWidget(self._why)
        if not self.may_change:
            self.say_why(_("You may look at this, not change it."))
        self.column.addWidget(self._scroll, 1)
        self.column.addWidget(self.problems_panel)
        self.column.addWidget(rule())
        self.column.addWidget(self._foot())

    def _foot(self) -> QWidget:
        foot = QFrame()
        look.mark(foot, role="surface")
        stay_clear(foot)
        line = QHBoxLayout(foot)
        line.setContentsMargins(14, 8, 14, 8)
        line.setSpacing(8)
        self._deeds = QHBoxLayout()
        self._deeds.setSpacing(8)
        self._save_button = button(_("Save"), self.save_and_close, kind="primary", key="F10")
        self._save_button.setObjectName("card_save")
        close = button(_("Close"), self.leave, kind="quiet", key="Escape")
        close.setObjectName("card_close")
        line.addLayout(self._deeds)
        line.addStretch(1)
        line.addWidget(close)
        line.addWidget(self._save_button)
        self._save_button.setVisible(self.may_change)  # only now: a widget without a parent would be a window
        return foot

    def _listen(self) -> None:
        for widget in self.form.findChildren(QWidget):
            _give_width(widget)
            if isinstance(widget, QLineEdit):
                widget.textEdited.connect(lambda _text: self._field_edited())
            edited = getattr(widget, "edited", None) or getattr(widget, "chosen", None)
            if edited is not None:
                edited.connect(lambda *_value: self._field_edited())
            if isinstance(widget, QPlainTextEdit):
                widget.setTabChangesFocus(True)
                look.current().follow(widget, partial(_fix_height, widget))
                widget.textChanged.connect(self._field_edited)
            elif isinstance(widget, QAbstractButton):
                widget.toggled.connect(lambda _on: self._field_edited())
            if widget.focusPolicy() != Qt.FocusPolicy.NoFocus:
                widget.installEventFilter(self)

    def set_read_only(self, widgets: Iterable[QWidget]) -> None:
        """To be looked at only."""
        for widget in widgets:
            own = getattr(widget, "set_read_only", None)
            if callable(own):
                own(True)
            elif isinstance(widget, (QLineEdit, QPlainTextEdit)):
                widget.setReadOnly(True)
            elif isinstance(widget, (QComboBox, QAbstractButton)):
                widget.setEnabled(False)
                look.mark(widget, looked=True)


def in_sentence(title: str) -> str:
    """A title inside a sentence: it begins small unless it is an abbreviation.

    >>> in_sentence("Post code"), in_sentence("NIP"), in_sentence("EU VAT number")
    ('post code', 'NIP', 'EU VAT number')
    """
    return title if title[:2].isupper() else title[:1].lower() + title[1:]


def _fix_height(notes: QPlainTextEdit) -> None:
    notes.setFixedHeight(look.current().scaled(NOTES_HEIGHT))


def _give_width(widget: QWidget) -> None:
    """A form's property `width`: pixels at 100 %, followed through each change of the text size."""
    width = widget.property("width_at_100")
    if width:
        look.current().follow(widget, lambda: widget.setFixedWidth(look.current().scaled(int(width))))
