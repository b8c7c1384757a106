"""A new password: one's own, or a colleague's. It is never sent: the SCRAM verifier is computed here."""

from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from crm_desktop.core.i18n import N_, _
from crm_desktop.core.problem import Problem
from crm_desktop.organisation import service
from crm_desktop.organisation.rules.password import check_password
from crm_desktop.ui import tasks
from crm_desktop.ui.fields import FieldNote, PasswordField, show_problems
from crm_desktop.ui.widgets.dialogs import Choice, Sheet, button_box
from crm_desktop.ui.widgets.parts import WrapLabel, label


def check_twice(password: str, again: str, login: str) -> list[Problem]:
    """Problems of a new password that was typed twice, at "password" and "again"."""
    problems = check_password(password, login)
    if password != again:
        problems.append(Problem("password_differs", "again", N_("The two passwords differ.")))
    return problems


class PasswordSheet(Sheet):
    """Two fields and a deed."""

    changed = Signal()

    def __init__(self, parent: QWidget | None, employee_id: UUID, login: str, name: str) -> None:
        super().__init__(parent, _("New password"), 380)
        self.setObjectName("password_sheet")
        self._employee_id, self._login = employee_id, login
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(4)
        column.addWidget(WrapLabel(_("New password for {name}").format(name=name), "title"))
        column.addWidget(WrapLabel(_("At least 10 characters. A few words in a row are easy to remember."), "muted"))
        column.addSpacing(10)
        self.password, self.again = PasswordField(), PasswordField()
        for field, field_name, title in (
            (self.password, "password", _("New password")),
            (self.again, "again", _("Once more")),
        ):
            field.setObjectName(field_name)
            field.setAccessibleName(title)
            head = label(title, "label")
            head.setBuddy(field)
            note = FieldNote()
            note.setObjectName(f"{field_name}_note")
            note.setProperty("lines", 2)
            for widget in (head, field, note):
                column.addWidget(widget)
        box, self.buttons = button_box((Choice("back", _("Back"), "quiet"), Choice("save", _("Set password"), "primary")))
        self.buttons["back"].clicked.connect(self.reject)
        self.buttons["save"].clicked.connect(self._save)
        column.addSpacing(6)
        column.addWidget(box)
        self.password.setFocus()

    def _save(self) -> None:
        problems = check_twice(self.password.value(), self.again.value(), self._login)
        show_problems(self, problems)
        if not problems:
            verifier = service.verifier_of(self.password.value())
            tasks.change(self, service.set_password, self._employee_id, verifier, then=self._saved, refused=self._refused)

    def _saved(self, _nothing: None) -> None:
        self.changed.emit()
        self.accept()

    def _refused(self, problems: list[Problem]) -> None:
        homeless = show_problems(self, problems)
        if homeless:
            tasks.roads().refused.emit(homeless)
