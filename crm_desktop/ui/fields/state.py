"""The state of a field: looks, sentence, and the way from a list of problems to the fields that they speak of."""

from collections.abc import Iterable
from enum import StrEnum

from PySide6.QtCore import Property, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QSizePolicy, QTabWidget, QWidget

from crm_desktop.core.i18n import tell
from crm_desktop.core.problem import Problem
from crm_desktop.ui import theme as look


class State(StrEnum):
    """How a field looks. NORMAL is the empty word, so that the sheet need not name it."""

    NORMAL = ""
    ERROR = "error"
    WARNING = "warning"
    CONFIRMED = "confirmed"
    CHANGED = "changed"


_SIGNS = {
    State.ERROR: ("alert-circle", "danger"),
    State.WARNING: ("alert-triangle", "warning"),
    State.CONFIRMED: ("circle-check", "success"),
}


#: Between a sentence under a field and the next label.
_GAP = 4


class FieldNote(QWidget):
    """The line under (or beside) a field: a sign and one sentence. It keeps its height when empty, so nothing moves.

    In a form, name it like its field with `_note` behind: `nip` and `nip_note`. Its property `lines` says how many lines it may
    take: 2 under a field, 1 beside one; what does not fit is in the tool tip.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state, self._text, self._lines = State.NORMAL, "", 2
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        look.current().changed.connect(self.updateGeometry)

    def _get_lines(self) -> int:
        return self._lines

    def _set_lines(self, lines: int) -> None:
        self._lines = lines
        self.updateGeometry()

    lines = Property(int, _get_lines, _set_lines)

    def text(self) -> str:
        """The sentence that stands there."""
        return self._text

    def say(self, state: State, text: str) -> None:
        """Show a sentence; an empty one leaves the line blank."""
        if (state, text) != (self._state, self._text):
            self._state, self._text = state, text
            self.setAccessibleName(text)
            self.setToolTip(text)
            self.updateGeometry()
            self.update()

    def hasHeightForWidth(self) -> bool:
        """A long sentence takes two lines rather than being cut."""
        return True

    def heightForWidth(self, width: int) -> int:
        """The height that the sentence needs at `width`."""
        metrics = QFontMetrics(look.current().font())
        if self._lines == 1:
            return metrics.height()
        if not self._text:
            return metrics.height() + _GAP
        box = metrics.boundingRect(QRect(0, 0, max(40, width - self._indent()), 1000), Qt.TextFlag.TextWordWrap, self._text)
        return max(metrics.height(), min(box.height(), self._lines * metrics.lineSpacing())) + _GAP

    def sizeHint(self) -> QSize:
        """One line of text."""
        metrics = QFontMetrics(look.current().font())
        return QSize(min(360, metrics.horizontalAdvance(self._text) + self._indent() + 2), metrics.height())

    def minimumSizeHint(self) -> QSize:
        """One line; never forces a width."""
        return QSize(40, QFontMetrics(look.current().font()).height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Sign, then the sentence."""
        if not self._text:
            return
        theme = look.current()
        painter = QPainter(self)
        painter.setFont(theme.font())
        indent = 0
        tone = "text_3"
        line = QFontMetrics(theme.font()).height()
        if self._state in _SIGNS:
            sign, tone = _SIGNS[self._state]
            size, indent = theme.scaled(14), self._indent()
            theme.paint_icon(painter, QRect(0, (line - size) // 2, size, size), sign, tone)
        painter.setPen(theme.color(tone))
        box = self.rect().adjusted(indent, 0, 0, 0)
        if self._lines == 1:
            text = painter.fontMetrics().elidedText(self._text, Qt.TextElideMode.ElideRight, box.width())
            painter.drawText(box, Qt.TextFlag.TextSingleLine, text)
        else:
            painter.drawText(box, Qt.TextFlag.TextWordWrap, self._text)

    def _indent(self) -> int:
        return look.current().scaled(20) if self._state in _SIGNS else 0


def set_state(field: QWidget, state: State, sentence: str = "") -> None:
    """Give a field its looks and its sentence. The sentence goes to the field's note, to screen readers and to the tool tip."""
    look.mark(field, state=str(state))
    field.setProperty("stateText", sentence)
    field.setAccessibleDescription(sentence)
    note = note_of(field)
    if note is not None:
        note.say(state, sentence)
    elif state in (State.ERROR, State.WARNING) or field.property("stateTip"):
        field.setToolTip(sentence)
        field.setProperty("stateTip", bool(sentence))


def state_of(field: QWidget) -> State:
    """The state that a field shows."""
    return State(field.property("state") or "")


def note_of(field: QWidget) -> FieldNote | None:
    """The note of a field, where the form has one."""
    form = field.parentWidget()
    name = field.objectName()
    while form is not None and name:
        note = form.findChild(FieldNote, f"{name}_note")
        if isinstance(note, FieldNote):
            return note
        if form.isWindow():
            break
        form = form.parentWidget()
    return None


def field_of(form: QWidget, path: str) -> QWidget | None:
    """The widget of a problem's field path: "buyer.nip" is the widget named `buyer_nip`, or one whose property `field` is "buyer.nip"."""
    if not path:
        return None
    name = path.replace(".", "_")
    named = form.findChild(QWidget, name)
    if isinstance(named, QWidget):
        return named
    return next((child for child in form.findChildren(QWidget) if child.property("field") == path), None)


def show_problems(form: QWidget, problems: Iterable[Problem]) -> list[Problem]:
    """Mark the fields that the problems speak of, clear those marked before, and give back the problems that have no field here.

    A field with several problems shows the first error, else the first warning. All of them belong in the problems panel too.
    """
    worst: dict[QWidget, Problem] = {}
    homeless = []
    for problem in problems:
        field = field_of(form, problem.field)
        if field is None:
            homeless.append(problem)
        elif field not in worst or (problem.stops and not worst[field].stops):
            worst[field] = problem
    for child in form.findChildren(QWidget):
        if child.property("problem") and child not in worst:
            child.setProperty("problem", False)
            set_state(child, State.NORMAL)
    for field, problem in worst.items():
        field.setProperty("problem", True)
        set_state(field, State.ERROR if problem.stops else State.WARNING, tell(problem))
    return homeless


def clear_problems(form: QWidget) -> None:
    """Take away all marks that `show_problems` made."""
    show_problems(form, ())


def jump_to(form: QWidget, path: str) -> bool:
    """Put the focus into the field of a path, bringing its tab to the front. False when the form has no such field."""
    field = field_of(form, path)
    if field is None:
        return False
    page: QWidget | None = field
    while page is not None and page is not form:
        above = page.parentWidget()
        tabs = above.parentWidget() if above is not None else None
        if isinstance(tabs, QTabWidget) and tabs.indexOf(page) >= 0:
            tabs.setCurrentWidget(page)
        page = above
    field.setFocus(Qt.FocusReason.ShortcutFocusReason)
    if hasattr(field, "selectAll"):
        field.selectAll()
    return True


def label_of(field: QWidget) -> str:
    """What a field is called for people: its accessible name, else the label whose buddy it is."""
    if field.accessibleName():
        return field.accessibleName()
    form = field.window()
    for label in form.findChildren(QLabel):
        if label.buddy() is field:
            return label.text().replace("&", "")
    return ""


def select_all(line: QLineEdit) -> None:
    """Select everything with the cursor at the start, so that a long text shows its beginning and not its end."""
    line.end(False)
    line.home(True)
