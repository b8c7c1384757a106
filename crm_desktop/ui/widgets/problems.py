"""All problems of a document at once, between its lines and its totals. F4 walks through them."""

from collections.abc import Callable, Iterable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from crm_desktop.core.i18n import ngettext, tell
from crm_desktop.core.problem import Problem
from crm_desktop.ui import theme as look
from crm_desktop.ui.widgets.parts import IconLabel, KeyCap, WrapLabel, announce, button, label, rule
from crm_desktop.ui.widgets.toast import stay_clear

MOST_ROWS = 4


class ProblemsPanel(QFrame):
    """As high as its problems, four rows at most, then it scrolls. Hidden while there are none."""

    jump = Signal(str)
    """The field path of the problem that a person wants to mend."""

    def __init__(self, parent: QWidget | None = None, *, aim: str = "") -> None:
        """aim: what the problems stand in the way of, behind the headline ("before issuing"), in the operator's language."""
        super().__init__(parent)
        look.mark(self, role="surface")
        self.name_of: Callable[[str], str] = lambda path: path
        self._problems: list[Problem] = []
        self._next = 0
        self._rows: list[QWidget] = []
        self._caps: list[KeyCap] = []
        self._headline, self._aim = label(role="strong"), label(aim, role="muted")
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._headline)
        head.addWidget(self._aim)
        head.addStretch()
        self._inside = QWidget()
        look.mark(self._inside, role="clear")
        self._list = QVBoxLayout(self._inside)
        self._list.setContentsMargins(0, 0, 8, 0)
        self._list.setSpacing(4)
        self._scroll = QScrollArea()
        self._scroll.setWidget(self._inside)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        body = QVBoxLayout()
        body.setContentsMargins(14, 8, 6, 8)
        body.setSpacing(6)
        body.addLayout(head)
        body.addWidget(self._scroll)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(rule())
        outer.addLayout(body)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        stay_clear(self)
        self.hide()

    def show_problems(self, problems: Iterable[Problem]) -> None:
        """Show these: errors first, then warnings, otherwise in the order given. The same list again changes nothing."""
        wanted = sorted(problems, key=lambda problem: not problem.stops)
        if [(each, each.values) for each in wanted] == [(each, each.values) for each in self._problems]:
            return
        more = len(wanted) > len(self._problems)
        self._problems, self._next = wanted, 0
        self._rebuild()
        if more:
            announce(self, self._headline.text())

    def problems(self) -> list[Problem]:
        """What is shown."""
        return list(self._problems)

    def headline(self) -> str:
        """The sentence with the count."""
        return self._headline.text()

    def next_problem(self) -> bool:
        """F4: ask to jump to the next one, round and round. False when there is none."""
        if not self._problems:
            return False
        here = self._next % len(self._problems)
        self._next = here + 1
        for row, cap in enumerate(self._caps):
            cap.setVisible(row == self._next % len(self._problems))
        self._scroll.ensureWidgetVisible(self._rows[here], 0, 0)
        self.jump.emit(self._problems[here].field)
        return True

    def sizeHint(self) -> QSize:
        """The height of the rows that are shown."""
        return QSize(200, super().sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A narrower panel has higher rows."""
        super().resizeEvent(event)
        self._fit()

    def _rebuild(self) -> None:
        for row in self._rows:
            row.hide()  # see parts.clear
            row.setParent(None)
            row.deleteLater()
        self._rows, self._caps = [], []
        stops, count = any(problem.stops for problem in self._problems), len(self._problems)
        headline = (
            ngettext("{count} matter to settle", "{count} matters to settle", count)
            if stops
            else ngettext("{count} warning", "{count} warnings", count)
        )
        self._headline.setText(headline.format(count=count))
        self._aim.setVisible(stops)
        for place, problem in enumerate(self._problems):
            row = self._row(problem, first=place == 0)
            self._rows.append(row)
            self._list.addWidget(row)
        self.setVisible(bool(self._problems))
        self._fit()

    def _row(self, problem: Problem, first: bool) -> QWidget:
        row = QWidget()
        look.mark(row, role="clear")
        sign, tone = ("alert-circle", "danger") if problem.stops else ("alert-triangle", "warning")
        sentence = tell(problem)
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        icon, words = IconLabel(sign, tone), WrapLabel(sentence)
        words.setContentsMargins(0, 2, 0, 0)  # its letters stand on the same line as those of the link
        words.setAlignment(Qt.AlignmentFlag.AlignTop)
        holder = QVBoxLayout()
        holder.setContentsMargins(0, 2, 0, 0)
        holder.addWidget(icon)
        holder.addStretch()
        line.addLayout(holder)
        line.addWidget(words)
        if problem.field:
            link = button(self.name_of(problem.field), lambda: self.jump.emit(problem.field), kind="link")
            link.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            link.setAccessibleName(f"{sentence} {link.text()}")
            line.addWidget(link, 0, Qt.AlignmentFlag.AlignTop)
        cap = KeyCap("F4")
        self._caps.append(cap)
        place = QVBoxLayout()
        place.setContentsMargins(0, 1, 0, 0)
        place.addWidget(cap)
        place.addStretch()
        line.addLayout(place)
        cap.setVisible(first)  # only now that it has a parent: a parentless widget that is shown takes the focus as a window
        line.addStretch(1)
        return row

    def _fit(self) -> None:
        width = self._scroll.viewport().width() - 8
        heights = [
            max(row.minimumSizeHint().height(), row.heightForWidth(width) if row.hasHeightForWidth() else row.sizeHint().height())
            for row in self._rows[:MOST_ROWS]
        ]
        self._scroll.setFixedHeight(sum(heights) + 4 * max(0, len(heights) - 1))
        self.updateGeometry()
