"""A bug: what is safe, a number to report it by, and the details for whoever mends it."""

import logging
import secrets

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from crm_desktop import __version__
from crm_desktop.core.i18n import _, moment
from crm_desktop.ui import clock
from crm_desktop.ui import theme as look
from crm_desktop.ui.widgets.dialogs import Choice, Sheet, button_box
from crm_desktop.ui.widgets.parts import IconLabel, WrapLabel

log = logging.getLogger("crm_desktop.ui.crash")


def report_number() -> str:
    """A number that can be said over the telephone: no 0, O, 1, I."""
    return "-".join("".join(secrets.choice("23456789ABCDEFGHJKLMNPQRSTUVWXYZ") for place in range(3)) for group in range(2))


class CrashDialog(Sheet):
    """The window for a bug. The report is in the log under the same number."""

    def __init__(self, parent: QWidget | None, error: BaseException, details: str, saved: str = "") -> None:
        """details: the traceback's text. saved: what is safe, in the operator's language, where the caller knows it."""
        super().__init__(parent, _("Something went wrong in the program"), 520)
        self.number = report_number()
        self.report = f"{self.number}\n{moment(clock.now())}  crm-desktop {__version__}\n{type(error).__name__}: {error}\n\n{details}"
        log.error("report %s: %s", self.number, self.report)
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(WrapLabel(_("Something went wrong in the program"), "title"))
        words.addWidget(
            WrapLabel(saved or _("What was saved before is safe. You can go on working; this one act was not finished."), "muted")
        )
        words.addWidget(
            WrapLabel(_("Report number {number}. Give it to whoever looks after the program.").format(number=self.number), "muted")
        )
        head = QHBoxLayout()
        head.setSpacing(14)
        icon = QVBoxLayout()
        icon.addWidget(IconLabel("bug", "danger", 28))
        icon.addStretch()
        head.addLayout(icon)
        head.addLayout(words, 1)
        self._details = QPlainTextEdit(self.report)
        self._details.setReadOnly(True)
        self._details.setAccessibleName(_("Details"))
        self._details.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._details.hide()
        box, buttons = button_box(
            (Choice("copy", _("Copy details")), Choice("show", _("Show details"), "plain"), Choice("close", _("Close"), "primary"))
        )
        buttons["copy"].clicked.connect(lambda: QGuiApplication.clipboard().setText(self.report))
        buttons["show"].clicked.connect(self._toggle)
        buttons["close"].clicked.connect(self.accept)
        self.buttons = buttons
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(14)
        column.addLayout(head)
        column.addWidget(self._details, 1)
        column.addWidget(box)
        buttons["close"].setFocus()

    def _toggle(self) -> None:
        shown = self._details.isHidden()
        self._details.setVisible(shown)
        self.buttons["show"].setText(_("Hide details") if shown else _("Show details"))
        if shown:
            self.resize(look.current().scaled(760), look.current().scaled(460))
        else:
            self.fit()
