"""A message that is being written: to whom, what, and the record that it carries. Ctrl+Enter sends it."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QGridLayout, QHBoxLayout, QLayout, QPlainTextEdit, QVBoxLayout, QWidget

from crm_desktop.core.i18n import N_, _
from crm_desktop.core.problem import Problem
from crm_desktop.db.keys import new_id
from crm_desktop.messages import queries, service
from crm_desktop.messages.rules.check import beginning, check
from crm_desktop.messages.rules.model import About, Branch, Colleague, Letter, Message
from crm_desktop.ui import keys, tasks
from crm_desktop.ui import theme as look
from crm_desktop.ui.fields.lookup import Answer, LookupField, Side
from crm_desktop.ui.widgets.dialogs import Choice, ask
from crm_desktop.ui.widgets.fkey_bar import FKey
from crm_desktop.ui.widgets.parts import IconLabel, WrapLabel, button, clear, label, rule
from crm_desktop.ui.widgets.problems import ProblemsPanel
from crm_desktop.ui.window import Window

#: The kind of its card.
LETTER = "messages.letter"
#: Whom it is for stands in rows of so many.
CHIPS_A_ROW = 2
_NAMES = {"to": N_("To"), "text": N_("Text")}


class LetterCard(QWidget):
    """See the module."""

    closed = Signal()
    said = Signal(str)
    fkeys_changed = Signal()
    dirty_changed = Signal(bool)

    def __init__(self, letter: Letter, answered: str = "") -> None:
        """answered: the text that this one answers, for whoever writes."""
        super().__init__()
        self.setObjectName("letter_card")
        look.mark(self, role="surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.letter = letter
        self._sending = self._sent = self._was_dirty = False
        self.to = LookupField()
        self.to.setObjectName("letter_to")
        self.to.setAccessibleName(_("To"))
        self.to.setPlaceholderText(_("Name of a colleague or a branch"))
        self.to.set_search(_find)
        self.to.chosen.connect(self._add)
        self.to.installEventFilter(self)
        self.text = QPlainTextEdit()
        self.text.setObjectName("letter_text")
        self.text.setAccessibleName(_("Text"))
        self.text.setTabChangesFocus(True)
        self.text.textChanged.connect(self._typed)
        self.problems = ProblemsPanel(aim=_("before sending"))
        self.problems.setObjectName("letter_problems")
        self.problems.name_of = lambda path: _(_NAMES.get(path, path))
        self.problems.jump.connect(lambda path: (self.to if path == "to" else self.text).setFocus(Qt.FocusReason.OtherFocusReason))
        self._send = button(_("Send"), self.send, kind="primary", icon="send", key="Ctrl+Return")
        self._send.setObjectName("letter_send")
        self._lay_out(answered)
        for key in ("Ctrl+Return", "Ctrl+Enter", "F10"):
            keys.bind(self, key, self.send)
        keys.bind(self, "F4", self.problems.next_problem)
        self._show()
        first = self.to if not letter.to and not letter.branches and not letter.to_all else self.text
        self.setFocusProxy(first)

    # ---- what the window uses ----
    def fkeys(self) -> list[FKey]:
        """The keys that work here."""
        shown = [FKey("F4", _("Next matter"), self.problems.next_problem)] if self.problems.problems() else []
        return [*shown, FKey("F10", _("Send"), self.send, right=True), FKey("Escape", _("Close"), self.leave, right=True)]

    @property
    def dirty(self) -> bool:
        """Whether something was typed that nobody has got."""
        return bool(self.text.toPlainText().strip()) and not self._sent

    def send(self) -> None:
        """Ctrl+Enter, F10."""
        if self._sending:
            return
        letter = replace(self.letter, text=self.text.toPlainText().strip())
        found = check(letter)
        self._show_problems(found)
        if found:
            self.problems.next_problem()
            return
        self._sending = True
        self._send.setEnabled(False)
        tasks.change(self, service.send_message, letter, then=lambda _at: self._done(letter), refused=self._refused, failed=self._failed)

    def leave(self) -> None:
        """Esc."""
        if self.may_close():
            self.closed.emit()

    def may_close(self) -> bool:
        """What was typed does not go without a word."""
        if not self.dirty:
            return True
        answer = ask(
            self,
            _("Throw this message away?"),
            _("It was not sent yet."),
            (
                Choice("back", _("Go on writing"), "quiet"),
                Choice("gone", _("Throw it away"), "danger"),
                Choice("send", _("Send"), "primary"),
            ),
        )
        if answer == "send":
            self.send()
        elif answer == "gone":
            self.text.clear()
            return True
        return False

    # ---- writing ----
    def _add(self, chosen: Colleague | Branch | None) -> None:
        if isinstance(chosen, Colleague) and chosen not in self.letter.to:
            self.letter = replace(self.letter, to=(*self.letter.to, chosen))
        elif isinstance(chosen, Branch) and chosen not in self.letter.branches:
            self.letter = replace(self.letter, branches=(*self.letter.branches, chosen))
        self.to.set_value(None, "")
        self.to.clear()
        self._show()

    def _take_away(self, whom: Colleague | Branch) -> None:
        to = tuple(each for each in self.letter.to if each != whom)
        branches = tuple(each for each in self.letter.branches if each != whom)
        self.letter = replace(self.letter, to=to, branches=branches)
        self._show()

    def _whom(self) -> tuple[Colleague | Branch, ...]:
        people: tuple[Colleague | Branch, ...] = self.letter.to
        return people + self.letter.branches

    def _carry_nothing(self) -> None:
        self.letter = replace(self.letter, about=None)
        self._show()

    def _typed(self) -> None:
        if self.dirty != self._was_dirty:
            self._was_dirty = self.dirty
            self.dirty_changed.emit(self._was_dirty)
        if self.problems.problems():
            self._show_problems(check(replace(self.letter, text=self.text.toPlainText())))

    def _done(self, letter: Letter) -> None:
        self._sent = True
        self.said.emit(_("Sent."))
        self.closed.emit()

    def _refused(self, problems: list[Problem]) -> None:
        self._sending = False
        self._send.setEnabled(True)
        self._show_problems(problems)
        self.problems.next_problem()

    def _failed(self, error: Exception) -> bool:
        """It takes its road; the text stays here and can be sent again."""
        self._sending = False
        self._send.setEnabled(True)
        return False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Backspace in the empty field takes away whom was added last."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and watched is self.to:
            last = self._whom()[-1:]
            if event.key() == Qt.Key.Key_Backspace and not self.to.text() and last:
                self._take_away(last[0])
                return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes; Enter in the field of names goes on to the text."""
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and QApplication.focusWidget() is self.to:
            self.text.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            super().keyPressEvent(event)

    # ---- showing ----
    def _show(self) -> None:
        clear(self._chips)
        shown: list[QWidget] = [label(_("everybody who got it"), "muted")] if self.letter.to_all else []
        for each in self._whom():
            name = each.name if isinstance(each, Colleague) else branch_name(each)
            shown.append(_chip(name, partial(self._take_away, each)))
        for place, widget in enumerate(shown):
            self._chips.addWidget(widget, place // CHIPS_A_ROW, place % CHIPS_A_ROW, Qt.AlignmentFlag.AlignLeft)
        self._chips_row.setVisible(bool(self.letter.to or self.letter.branches or self.letter.to_all))
        about = self.letter.about
        self._about_row.setVisible(about is not None)
        if about is not None:
            self._about.setText(about.title)
        if self.problems.problems():
            self._show_problems(check(replace(self.letter, text=self.text.toPlainText())))

    def _show_problems(self, found: list[Problem]) -> None:
        self.problems.show_problems(found)
        self.fkeys_changed.emit()

    def _lay_out(self, answered: str) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(14, 10, 14, 8)
        head.addWidget(label(_("Answer") if self.letter.answers else _("Message to a colleague"), "title"))
        head.addStretch(1)
        self._chips_row, self._about_row = QWidget(), QWidget()
        self._chips = QGridLayout(self._chips_row)
        self._chips.setColumnStretch(CHIPS_A_ROW, 1)
        self._about = label("", "")
        about = QHBoxLayout(self._about_row)
        lines: tuple[QLayout, ...] = (self._chips, about)
        for line in lines:
            line.setContentsMargins(0, 0, 0, 0)
            line.setSpacing(6)
        about.addWidget(IconLabel("link"))
        about.addWidget(self._about)
        without = button(_("Without it"), self._carry_nothing, kind="link")
        without.setObjectName("letter_without")
        about.addWidget(without)
        about.addStretch(1)
        quoted = WrapLabel(beginning(answered, 200), "hint")
        quoted.setVisible(bool(answered))
        to = label(_("To"), "label")
        to.setBuddy(self.to)
        words = label(_("Text"), "label")
        words.setBuddy(self.text)
        form = QVBoxLayout()
        form.setContentsMargins(14, 4, 14, 12)
        form.setSpacing(6)
        for widget in (to, self.to, self._chips_row, words, quoted):
            form.addWidget(widget)
        form.addWidget(self.text, 1)
        form.addWidget(self._about_row)
        close = button(_("Close"), self.leave, kind="quiet", key="Escape")
        close.setObjectName("letter_close")
        foot = QHBoxLayout()
        foot.setContentsMargins(14, 8, 14, 8)
        foot.setSpacing(8)
        foot.addStretch(1)
        foot.addWidget(close)
        foot.addWidget(self._send)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addLayout(form, 1)
        column.addWidget(self.problems)
        column.addWidget(rule())
        column.addLayout(foot)


def _chip(name: str, take_away: Callable[[], object]) -> QWidget:
    made = button(name, take_away, icon="x")
    made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    made.setAccessibleName(_("Take away: {name}").format(name=name))
    return made


def branch_name(branch: Branch) -> str:
    """A branch as whom one writes to."""
    return _("Branch {name}").format(name=branch.name)


def _find(tx: Any, typed: str) -> list[Answer]:
    people, branches = queries.find_people(tx, typed)
    everybody = (Side(_("everybody there")),)
    return [
        *(Answer(each, each.name) for each in people),
        *(Answer(each, branch_name(each), sides=everybody) for each in branches),
    ]


def answer_to(message: Message, *, to_all: bool = False) -> tuple[Letter, str]:
    """An answer to a message, and what it answers. Her own message is answered to all who got it."""
    to = () if to_all or message.mine else (Colleague(message.sender_id, message.sender),)
    return Letter(new_id(), to=to, about=message.about, answers=message.id, to_all=to_all or message.mine), message.text


def write_message(window: Window, begun: tuple[Letter, str] | None = None) -> None:
    """A new message, or one that was begun. A new one carries the record that is open in front."""
    letter, answered = begun or (Letter(new_id(), about=_record(window)), "")
    title = _("Answer") if letter.answers else _("Message to a colleague")
    window.open_card(f"{LETTER}:{letter.id}", title, "send", lambda: LetterCard(letter, answered))


def _record(window: Window) -> About | None:
    found = window.current_record()
    return About(*found) if found is not None else None
