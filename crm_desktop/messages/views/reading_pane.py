"""One message, read: who, when, to whom, the text, the record that it carries, and the ways on."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from crm_desktop.core import i18n
from crm_desktop.core.i18n import _
from crm_desktop.messages.rules.model import Message, Reader
from crm_desktop.ui import clock
from crm_desktop.ui import theme as look
from crm_desktop.ui.widgets.parts import ElidedLabel, WrapLabel, button, label, rule
from crm_desktop.ui.widgets.states import StateView

#: A line that is longer is hard to read.
TEXT_WIDTH = 760


class ReadingPane(QWidget):
    """Empty until a message is opened."""

    answer_wanted = Signal(bool)  # True: to everybody who got it
    record_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("reading_pane")
        look.mark(self, role="surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.message: Message | None = None
        self.author, self.when = ElidedLabel("", "title"), label("", "hint")
        self.author.setObjectName("message_sender")
        self.to, self.readers = WrapLabel("", "muted"), WrapLabel("", "hint")
        self.readers.setObjectName("message_readers")
        self.text = WrapLabel("")
        self.text.setObjectName("message_text")
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        look.current().follow(self.text, lambda: self.text.setMaximumWidth(look.current().scaled(TEXT_WIDTH)))
        self.record = button("", self.record_wanted.emit, kind="link", icon="external-link", key="Return")
        self.record.setObjectName("message_record")
        self.answer = button(_("Answer"), lambda: self.answer_wanted.emit(False), icon="arrow-back-up", key="Ctrl+R")
        self.answer.setObjectName("message_answer")
        self.all = button(_("Answer all"), lambda: self.answer_wanted.emit(True), icon="users", key="Ctrl+Shift+R")
        self.all.setObjectName("message_answer_all")
        for each in (self.record, self.answer, self.all):
            each.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.empty = StateView("mail", _("No message is open"), _("Enter opens the message on which you stand."))
        self._lay_out()
        self.show_message(None)

    def show_message(self, message: Message | None) -> None:
        """Show it; None: nothing is open."""
        self.message = message
        self._pages.setCurrentIndex(0 if message is not None else 1)
        if message is None:
            return
        self.author.setText(_("You") if message.mine else message.sender)
        self.when.setText(when(message.sent_at))
        self.to.setText(_("To: {names}").format(names=message.recipients))
        self.readers.setText(read_by(message.readers) if message.mine else "")
        self.readers.setVisible(message.mine)
        self.text.setText(message.text)
        self.record.setVisible(message.about is not None)
        if message.about is not None:
            self.record.setText(message.about.title)
        self.all.setVisible("," in message.recipients)
        self._foot.setVisible(not message.mine or "," in message.recipients)
        self.answer.setVisible(not message.mine)
        self.setAccessibleName(f"{self.author.text()}: {message.text}")

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(self.author, 1)
        head.addWidget(self.when)
        top = QVBoxLayout()
        top.setContentsMargins(14, 10, 14, 8)
        top.setSpacing(2)
        top.addLayout(head)
        top.addWidget(self.to)
        top.addWidget(self.readers)
        inside = QWidget()
        look.mark(inside, role="surface")
        words = QVBoxLayout(inside)
        words.setContentsMargins(14, 12, 14, 12)
        words.setSpacing(10)
        words.addWidget(self.text)
        words.addWidget(self.record, 0, Qt.AlignmentFlag.AlignLeft)
        words.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidget(inside)
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._foot = QWidget()
        foot = QHBoxLayout(self._foot)
        foot.setContentsMargins(14, 8, 14, 8)
        foot.setSpacing(8)
        foot.addStretch(1)
        foot.addWidget(self.all)
        foot.addWidget(self.answer)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(rule())
        column.addWidget(scroll, 1)
        column.addWidget(rule())
        column.addWidget(self._foot)
        self._pages = QStackedWidget()
        self._pages.addWidget(page)
        self._pages.addWidget(self.empty)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._pages)


def when(at: datetime) -> str:
    """Today by its time, any other day in full."""
    return _("today {time}").format(time=f"{at:%H:%M}") if at.date() == clock.today() else i18n.moment(at)


def read_by(readers: tuple[Reader, ...], time: Callable[[datetime], str] = when) -> str:
    """Who has opened it, and who has not yet."""
    opened = [f"{each.name} ({time(each.read_at)})" for each in readers if each.read_at is not None]
    waiting = [each.name for each in readers if each.read_at is None]
    parts = [
        _("Read by: {names}").format(names=", ".join(opened)) if opened else "",
        _("Not opened yet: {names}").format(names=", ".join(waiting)) if waiting else "",
    ]
    return " · ".join(part for part in parts if part)
