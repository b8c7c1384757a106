"""What stands in a dock that has nothing to show, or that needs a person: centred, never a dead end."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from crm_desktop.ui import theme as look
from crm_desktop.ui.widgets.parts import IconLabel, KeyCap, WrapLabel, button, clear

WIDEST = 380


@dataclass(frozen=True)
class StateButton:
    """One way on: its verb, its act, its key."""

    text: str
    run: Callable[[], object]
    kind: str = ""
    icon: str = ""
    key: str = ""


class StateView(QFrame):
    """Icon of 36, title, one or two sentences, one to three buttons. tone: the icon's token ("danger" for a real problem)."""

    def __init__(
        self,
        icon: str,
        title: str,
        text: str = "",
        buttons: Sequence[StateButton] = (),
        *,
        tone: str = "text_2",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        look.mark(self, role="surface")
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(16, 16, 16, 16)
        self._content: QWidget | None = None
        self.say(icon, title, text, buttons, tone=tone)

    def say(self, icon: str, title: str, text: str = "", buttons: Sequence[StateButton] = (), *, tone: str = "text_2") -> None:
        """Show another state in the same place."""
        if self._content is not None:
            clear(self._layout)
        self._content = QWidget()
        self.buttons: list[QPushButton] = []
        column = QVBoxLayout(self._content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addStretch(1)
        column.addWidget(IconLabel(icon, tone, 36), 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(6)
        heading = WrapLabel(title, "title")
        heading.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(heading, 0, Qt.AlignmentFlag.AlignHCenter)
        if text:
            sentence = WrapLabel(text, "muted")
            sentence.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            sentence.setMaximumWidth(look.current().scaled(WIDEST))
            column.addWidget(sentence, 0, Qt.AlignmentFlag.AlignHCenter)
        if buttons:
            column.addSpacing(8)
            column.addWidget(self._button_row(buttons), 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        self._layout.addWidget(self._content)
        self._content.show()  # a layout does it a moment later; who measures this view before would find it empty
        self.setAccessibleName(title)
        self.setAccessibleDescription(text)

    def _button_row(self, buttons: Sequence[StateButton]) -> QWidget:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        for each in buttons:
            made = button(each.text, each.run, kind=each.kind, icon=each.icon, key=each.key)
            self.buttons.append(made)
            line.addWidget(made)
            if each.key:
                line.addWidget(KeyCap(each.key))
        return row
