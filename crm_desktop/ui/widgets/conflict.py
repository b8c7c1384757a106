"""Somebody saved the same card first: what was, what is yours, what is theirs, and what will stand. Field by field."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QGridLayout, QHBoxLayout, QRadioButton, QScrollArea, QVBoxLayout, QWidget

from crm_desktop.core.i18n import _, moment, ngettext
from crm_desktop.db.last_saved import LastSaved
from crm_desktop.ui import keys
from crm_desktop.ui import theme as look
from crm_desktop.ui.widgets.dialogs import Choice, Sheet, button_box
from crm_desktop.ui.widgets.parts import IconLabel, KeyCap, WrapLabel, label, rule

WIDTH = 1040
#: Per cent of the screen's height that the table may have.
MOST_OF_SCREEN = 62
#: `outcome` of the dialog.
MERGED, DISCARD, BACK = "merged", "discard", "back"


@dataclass(frozen=True)
class ConflictField:
    """A field in three versions; `show` writes a value for people."""

    path: str
    title: str
    base: Any
    mine: Any
    theirs: Any
    show: Callable[[Any], str] = str

    @property
    def differs(self) -> bool:
        """Whether there is anything to say about it: yours and theirs are not the same."""
        return bool(self.mine != self.theirs)

    @property
    def clashes(self) -> bool:
        """Whether a person must decide: both changed it, to different values."""
        return self.differs and self.mine != self.base and self.theirs != self.base

    @property
    def merged(self) -> Any:
        """The value of whoever changed it; meaningful where it does not clash."""
        return self.mine if self.theirs == self.base else self.theirs


def told_last(subtitle: str, saved: LastSaved | None, opened_at: datetime) -> str:
    """The line under the title: what it is, who saved it when, and since when it is open here."""
    opened = _("open here since {time}").format(time=f"{opened_at:%H:%M}")
    if saved is None:
        return f"{subtitle} · {opened}"
    at = f"{saved.at:%H:%M}" if saved.at.date() == opened_at.date() else moment(saved.at)
    return f"{subtitle} · {_('{name}, {time}').format(name=saved.name, time=at)} ({opened})"


class ConflictDialog(Sheet):
    """Only what differs. Clashes on top in amber with a choice, what merged by itself below in green. The result is live.

    ← → choose a side, Enter goes to the next clash and at last to the button that saves, Ctrl+M takes yours everywhere.
    After `exec()`: `outcome`, `result_values()`.
    """

    def __init__(
        self, parent: QWidget | None, *, title: str, subtitle: str, their_name: str, opened_at: str, fields: Sequence[ConflictField]
    ) -> None:
        super().__init__(parent, title, WIDTH)
        self.outcome = BACK
        shown = [field for field in fields if field.differs]
        self._all = list(fields)
        self._clashes = [field for field in shown if field.clashes]
        self._calm = [field for field in shown if not field.clashes]
        self._side: dict[str, str] = {}
        self._row = 0
        self._radios: dict[tuple[str, str], QRadioButton] = {}
        self._cells: dict[tuple[str, str], _Cell] = {}
        self._left = label(role="strong")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._head(title, subtitle))
        column.addWidget(rule())
        column.addWidget(self._scrolled(self._table(their_name, opened_at)))
        column.addStretch(1)
        column.addWidget(rule())
        column.addLayout(self._foot())
        keys.bind(self, "Ctrl+M", self.take_all_mine, everywhere=True)
        self._refresh()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFocus()

    # ---- what views use ----
    def open_count(self) -> int:
        """How many clashes wait for a choice."""
        return sum(field.path not in self._side for field in self._clashes)

    def choose(self, path: str, side: str) -> None:
        """Take "mine" or "theirs" for a field."""
        self._side[path] = side
        self._radios[path, side].setChecked(True)
        self._refresh()

    def take_all_mine(self) -> None:
        """Ctrl+M."""
        for field in self._clashes:
            self.choose(field.path, "mine")

    def result_values(self) -> dict[str, Any]:
        """What stands in each field given, once nothing is open; KeyError before."""
        values = {field.path: getattr(field, self._side[field.path]) for field in self._clashes}
        return {field.path: values.get(field.path, field.merged if field.differs else field.mine) for field in self._all}

    # ---- keys ----
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk and choose."""
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right) and self._clashes:
            self.choose(self._clashes[self._row].path, "mine" if key == Qt.Key.Key_Left else "theirs")
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up) and self._clashes:
            self._row = (self._row + (1 if key == Qt.Key.Key_Down else -1)) % len(self._clashes)
            self._refresh()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._next()
        else:
            super().keyPressEvent(event)

    def _next(self) -> None:
        waiting = [row for row, field in enumerate(self._clashes) if field.path not in self._side]
        if waiting:
            self._row = next((row for row in waiting if row > self._row), waiting[0])
            self._refresh()
        elif self._save.hasFocus():
            self._save.click()  # Enter presses no button by itself where something destructive is offered
        else:
            self._save.setFocus(Qt.FocusReason.TabFocusReason)

    # ---- building ----
    def _head(self, title: str, subtitle: str) -> QHBoxLayout:
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(label(title, "title"))
        words.addWidget(label(subtitle, "muted"))
        head = QHBoxLayout()
        head.setContentsMargins(20, 14, 20, 14)
        head.setSpacing(14)
        head.addWidget(IconLabel("git-merge", "danger", 20))
        head.addLayout(words, 1)
        head.addWidget(self._left)
        return head

    def _scrolled(self, table: QWidget) -> QWidget:
        """Many fields scroll: the way out stays on the screen."""
        self._scroll = QScrollArea()
        self._scroll.setWidget(table)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        look.mark(table, role="raised")
        most = self.screen().availableGeometry().height() * MOST_OF_SCREEN // 100
        self._scroll.setFixedHeight(min(table.heightForWidth(WIDTH) if table.hasHeightForWidth() else table.sizeHint().height(), most))
        return self._scroll

    def _table(self, their_name: str, opened_at: str) -> QWidget:
        table = QWidget()
        grid = QGridLayout(table)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(0)
        was = _("Was ({time})").format(time=opened_at)
        for place, head in enumerate((_("Field"), was, _("Yours"), their_name, _("Will stand"))):
            cell = _Cell(label(head, "caption"), "sunken")
            grid.addWidget(cell, 0, place)
            grid.setColumnStretch(place, 3 if place else 2)
        for row, field in enumerate((*self._clashes, *self._calm), start=1):
            self._add_row(grid, row, field)
        return table

    def _add_row(self, grid: QGridLayout, row: int, field: ConflictField) -> None:
        title = _Cell(label(field.title, "strong" if field.clashes else ""))
        title.clicked = lambda: self._go(field)
        base = _Cell(WrapLabel(field.show(field.base), "muted"))
        self._cells[field.path, "title"], self._cells[field.path, "base"] = title, base
        sides = []
        group = QButtonGroup(self)
        for side in ("mine", "theirs"):
            text = field.show(getattr(field, side))
            if field.clashes:
                radio = QRadioButton()
                radio.setAccessibleName(f"{field.title}: {_('yours') if side == 'mine' else _('theirs')}: {text}")
                radio.setFocusPolicy(Qt.FocusPolicy.NoFocus)
                radio.clicked.connect(lambda checked=False, side=side: self._click(field, side))
                group.addButton(radio)
                self._radios[field.path, side] = radio
                cell = _Cell(WrapLabel(text), "cell-warning", before=radio)
                cell.clicked = lambda side=side: self._click(field, side)
                sides.append(cell)
            else:
                taken = getattr(field, side) == field.merged
                sides.append(_Cell(WrapLabel(text), "cell-success" if taken else ""))
        result = _Cell(WrapLabel("", "strong"))
        self._cells[field.path, "result"] = result
        for place, cell in enumerate((title, base, *sides, result)):
            cell.set_line(row == len(self._clashes) and bool(self._calm))
            grid.addWidget(cell, row, place)

    def _foot(self) -> QHBoxLayout:
        foot = QHBoxLayout()
        foot.setContentsMargins(20, 12, 20, 14)
        foot.setSpacing(6)
        for caps, text in ((("Left", "Right"), _("yours or theirs")), (("Return",), _("next clash")), (("Ctrl+M",), _("yours everywhere"))):
            for cap in caps:
                foot.addWidget(KeyCap(cap))
            foot.addWidget(label(text, "hint"))
            foot.addSpacing(8)
        foot.addStretch(1)
        box, buttons = button_box(
            (
                Choice(BACK, _("Back to editing"), "quiet"),
                Choice(DISCARD, _("Discard my changes"), "danger"),
                Choice(MERGED, _("Save merged"), "primary"),
            )
        )
        self._save = buttons[MERGED]
        for id, made in buttons.items():
            made.clicked.connect(lambda checked=False, outcome=id: self._end(outcome))
        foot.addWidget(box)
        return foot

    # ---- showing ----
    def _refresh(self) -> None:
        for row, field in enumerate(self._clashes):
            here = row == self._row
            for part in ("title", "base"):
                self._cells[field.path, part].dress("entry" if here else "")
            side = self._side.get(field.path)
            result = self._cells[field.path, "result"]
            result.say(field.show(getattr(field, side)) if side else _("choose"))
            result.dress("" if side else "cell-danger")
        for field in self._calm:
            self._cells[field.path, "result"].say(field.show(field.merged))
        waiting, merged = self.open_count(), len(self._calm)
        open_text = ngettext("{count} field left to choose", "{count} fields left to choose", waiting).format(count=waiting)
        calm_text = ngettext("{count} merged by itself", "{count} merged by themselves", merged).format(count=merged)
        left = ", ".join(text for text, wanted in ((open_text, waiting), (calm_text, merged)) if wanted) or _("Everything is chosen")
        self._left.setText(left[:1].upper() + left[1:])
        if self._clashes:
            self._scroll.ensureWidgetVisible(self._cells[self._clashes[self._row].path, "title"], 0, 40)
        self._save.setEnabled(waiting == 0)

    def _go(self, field: ConflictField) -> None:
        if field in self._clashes:
            self._row = self._clashes.index(field)
            self._refresh()

    def _click(self, field: ConflictField, side: str) -> None:
        self._row = self._clashes.index(field)
        self.choose(field.path, side)

    def _end(self, outcome: str) -> None:
        self.outcome = outcome
        self.reject() if outcome == BACK else self.accept()


class _Cell(QFrame):
    """A cell of the table with a ground of its own."""

    def __init__(self, inside: QWidget, role: str = "", *, before: QWidget | None = None) -> None:
        super().__init__()
        look.mark(self, role=role)
        self._inside = inside
        self.clicked: Callable[[], None] | None = None
        line = QHBoxLayout(self)
        line.setContentsMargins(14, 6, 14, 6)
        if before is not None:
            line.addWidget(before)
            line.setSpacing(10)
        line.addWidget(inside, 1)
        look.current().follow(self, lambda: self.setMinimumHeight(look.current().scaled(30 if role == "sunken" else 36)))

    def dress(self, role: str) -> None:
        look.mark(self, role=role)

    def say(self, text: str) -> None:
        if isinstance(self._inside, WrapLabel):
            self._inside.setText(text)

    def set_line(self, below: bool) -> None:
        look.mark(self, line="below" if below else "")

    def mouseReleaseEvent(self, event: Any) -> None:
        if self.clicked is not None:
            self.clicked()
