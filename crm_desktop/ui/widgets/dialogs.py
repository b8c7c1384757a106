"""Questions: only for decisions. The answers are our verbs, ordered as the platform orders them."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPushButton, QVBoxLayout, QWidget

from crm_desktop.core.i18n import _
from crm_desktop.ui import theme as look
from crm_desktop.ui.widgets.parts import WrapLabel, button

WIDTH = 380
_ROLES = {
    "primary": QDialogButtonBox.ButtonRole.AcceptRole,
    "plain": QDialogButtonBox.ButtonRole.ActionRole,
    "danger": QDialogButtonBox.ButtonRole.DestructiveRole,
    "quiet": QDialogButtonBox.ButtonRole.RejectRole,
}


@dataclass(frozen=True)
class Choice:
    """An answer named by its deed ("Discard my changes"). kind: primary, plain, danger, quiet (the way back)."""

    id: str
    text: str
    kind: str = "plain"


class Sheet(QDialog):
    """A modal dialog of a given width, as high as its sentences need. No “?” button, no icon."""

    def __init__(self, parent: QWidget | None, title: str, width: int) -> None:
        super().__init__(parent)
        self.setWindowFlag(Qt.WindowType.WindowContextHelpButtonHint, False)
        self.setModal(True)
        self.setWindowTitle(title)
        self._width = look.current().scaled(width)

    def showEvent(self, event: QShowEvent) -> None:
        """Take the height that the width needs."""
        self.fit()
        super().showEvent(event)

        for each in self.findChildren(QPushButton):  # the box makes its first accepting button the default by itself
            if each.isDefault() and not each.property("ours"):
                each.setDefault(False)

    def event(self, event: QEvent) -> bool:
        """Grow where a sentence appeared; what was large enough stays as it is."""
        grown = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest and self.isVisible() and self.height() < self._needed().height():
            self.resize(max(self.width(), self._needed().width()), self._needed().height())
        return bool(grown)

    def fit(self) -> None:
        """Take the height that the content needs now."""
        self.resize(self._needed())

    def _needed(self) -> QSize:
        layout = self.layout()
        if layout is None:
            return self.size()
        layout.activate()
        width = max(self._width, layout.minimumSize().width())
        height = layout.totalHeightForWidth(width) if layout.hasHeightForWidth() else layout.totalSizeHint().height()
        return QSize(width, height)


def button_box(choices: Sequence[Choice]) -> tuple[QDialogButtonBox, dict[str, QPushButton]]:
    """A box with our texts, and its buttons by id. Enter presses the primary one, unless something destructive is offered."""
    box = QDialogButtonBox()
    buttons = {}
    destructive = any(choice.kind == "danger" for choice in choices)
    for choice in choices:
        made = button(choice.text, kind="" if choice.kind == "plain" else choice.kind)
        box.addButton(made, _ROLES[choice.kind])
        made.setAutoDefault(False)
        made.setDefault(choice.kind == "primary" and not destructive)
        made.setProperty("ours", made.isDefault())
        buttons[choice.id] = made
    return box, buttons


class Question(Sheet):
    """One question with two to four answers. `answered(id)`; Esc and the way back answer ""."""

    answered = Signal(str)

    def __init__(self, parent: QWidget | None, title: str, text: str, choices: Sequence[Choice]) -> None:
        super().__init__(parent, title, WIDTH)
        self.setAccessibleDescription(text)
        self.answer = ""
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(6)
        column.addWidget(WrapLabel(title, "title"))
        if text:
            column.addWidget(WrapLabel(text, "muted"))
        column.addSpacing(12)
        box, self.buttons = button_box(choices)
        for choice in choices:
            self.buttons[choice.id].clicked.connect(
                lambda checked=False, answer="" if choice.kind == "quiet" else choice.id: self._take(answer)
            )
        column.addWidget(box)
        self._default = next((self.buttons[choice.id] for choice in choices if choice.kind == "primary"), None)
        self.finished.connect(lambda: self.answered.emit(self.answer))
        first = self._default
        if first is None or not first.isDefault():  # with something destructive about, Enter must do nothing by itself
            self.setFocus()
        else:
            first.setFocus()

    def _take(self, id: str) -> None:
        self.answer = id
        self.accept() if id else self.reject()


def ask(parent: QWidget | None, title: str, text: str, choices: Sequence[Choice]) -> str:
    """Ask and wait. The id of the answer, "" for Esc and the way back. The focus returns to where it was."""
    question = Question(parent, title, text, choices)
    question.exec()
    answer = question.answer
    question.deleteLater()
    return answer


def tell_person(parent: QWidget | None, title: str, text: str) -> None:
    """Say something that a person must have read before going on."""
    ask(parent, title, text, (Choice("ok", _("Understood"), "primary"),))
