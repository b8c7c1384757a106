"""The frame of a wizard: steps at the left with what was done and how long the rest takes, one step's form at the right."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from crm_desktop.core.i18n import _
from crm_desktop.ui import theme as look
from crm_desktop.ui.widgets.parts import IconLabel, WrapLabel, button, clear, label, rule

WIDTH, HEIGHT, STEPS = 820, 600, 252


@dataclass(frozen=True)
class Step:
    """One step: a noun, and under it what was done, what is now, or that it can wait."""

    id: str
    title: str
    note: str = ""


class WizardFrame(QFrame):
    """A card of 820 × 600. The owner moves it: the signals only say what the person wants."""

    next_asked = Signal()
    back_asked = Signal()
    later_asked = Signal()

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        look.mark(self, role="card")
        self.setAccessibleName(title)
        self._steps: list[Step] = []
        self._current = ""
        self._pages: dict[str, QWidget] = {}
        self._left = QVBoxLayout()
        self._left.setContentsMargins(20, 20, 16, 20)
        self._left.setSpacing(2)
        self._left.addWidget(label(title, "title"))
        self._remaining = label(role="muted")
        self._left.addWidget(self._remaining)
        self._left.addSpacing(14)
        self._list = QVBoxLayout()
        self._list.setSpacing(14)
        self._left.addLayout(self._list)
        self._left.addStretch(1)
        side = QFrame()
        look.mark(side, role="steps")
        side.setLayout(self._left)
        look.current().follow(side, lambda: side.setFixedWidth(look.current().scaled(STEPS)))
        self._stack = QStackedWidget()
        self.back = button(_("Back"), self.back_asked.emit, kind="quiet", icon="arrow-left")
        self.later = button(_("Save and finish later"), self.later_asked.emit)
        self.next = button(_("Next"), self.next_asked.emit, kind="primary")
        self.next.setDefault(True)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.back)
        foot.addStretch(1)
        foot.addWidget(self.later)
        foot.addWidget(self.next)
        right = QVBoxLayout()
        right.setContentsMargins(24, 22, 24, 20)
        right.setSpacing(16)
        right.addWidget(self._stack, 1)
        right.addWidget(rule())
        right.addLayout(foot)
        line = QHBoxLayout(self)
        line.setContentsMargins(1, 1, 1, 1)
        line.setSpacing(0)
        line.addWidget(side)
        line.addLayout(right, 1)
        self.setMinimumSize(640, 440)

    def set_steps(self, steps: Sequence[Step], remaining: str = "") -> None:
        """All steps; `remaining` says how long the rest takes ("about 3 minutes left")."""
        self._steps = list(steps)
        self._remaining.setText(remaining)
        self._draw()

    def set_remaining(self, remaining: str) -> None:
        """How long the rest takes."""
        self._remaining.setText(remaining)

    def set_note(self, id: str, note: str) -> None:
        """What a step says under its title ("created, 41 s")."""
        self._steps = [Step(step.id, step.title, note) if step.id == id else step for step in self._steps]
        self._draw()

    def set_page(self, id: str, title: str, text: str, page: QWidget, *, next_text: str = "", can_wait: bool = True) -> None:
        """Show a step: heading, one sentence, its form. What comes before it counts as done."""
        if id not in self._pages:
            holder = QWidget()
            column = QVBoxLayout(holder)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(2)
            column.addWidget(WrapLabel(title, "title"))
            column.addWidget(WrapLabel(text, "muted"))
            column.addSpacing(12)
            column.addWidget(page, 1)
            self._pages[id] = holder
            self._stack.addWidget(holder)
        self._stack.setCurrentWidget(self._pages[id])
        self._current = id
        self.next.setText(next_text or _("Next"))
        self.later.setVisible(can_wait)
        self.back.setVisible(bool(self._steps) and self._steps[0].id != id)
        self._draw()
        page.setFocus(Qt.FocusReason.OtherFocusReason)

    def current(self) -> str:
        """The step that is shown."""
        return self._current

    def sizeHint(self) -> QSize:
        """820 × 600 at 100 %."""
        return QSize(look.current().scaled(WIDTH), look.current().scaled(HEIGHT))

    def _draw(self) -> None:
        clear(self._list)
        done = True
        for step in self._steps:
            now = step.id == self._current
            done = done and not now
            self._list.addWidget(self._row(step, now=now, done=done))

    def _row(self, step: Step, *, now: bool, done: bool) -> QWidget:
        row = QWidget()
        look.mark(row, role="clear")
        row.setAccessibleName(f"{step.title}, {_('done') if done else _('now') if now else _('to come')}")
        icon, token = ("circle-check", "success") if done else ("circle-dot", "accent") if now else ("circle", "text_3")
        line = QHBoxLayout(row)
        line.setContentsMargins(8, 0, 0, 0)
        line.setSpacing(10)
        line.addWidget(IconLabel(icon, token, 18))
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(WrapLabel(step.title, "strong" if now else "" if done else "muted"))
        if step.note:
            words.addWidget(WrapLabel(step.note, "hint"))
        line.addLayout(words, 1)
        return row
