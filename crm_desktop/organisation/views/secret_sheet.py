"""The secret of a workstation that is installed for another computer. Shown once."""

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from crm_desktop.core.i18n import _
from crm_desktop.ui.widgets.dialogs import Choice, Sheet, button_box
from crm_desktop.ui.widgets.parts import WrapLabel


class SecretSheet(Sheet):
    """The secret, to be copied."""

    def __init__(self, parent: QWidget, code: str, secret: str) -> None:
        super().__init__(parent, _("Secret of the workstation"), 440)
        self.setObjectName("secret_sheet")
        shown = QLineEdit(secret)
        shown.setReadOnly(True)
        shown.setObjectName("secret")
        shown.setAccessibleName(_("Secret of the workstation"))
        box, buttons = button_box((Choice("copy", _("Copy")), Choice("done", _("I have it"), "primary")))
        buttons["copy"].clicked.connect(lambda: QGuiApplication.clipboard().setText(secret))
        buttons["done"].clicked.connect(self.accept)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(8)
        column.addWidget(WrapLabel(_("Secret of {code}").format(code=code), "title"))
        column.addWidget(
            WrapLabel(_("Take it to the computer that this workstation is. It is not kept anywhere and cannot be shown again."), "muted")
        )
        column.addWidget(shown)
        column.addWidget(box)
        shown.selectAll()
        shown.setFocus()
