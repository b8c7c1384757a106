"""The employees: their list and their cards. A login is a PostgreSQL role, made and closed by the database's own functions."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QWidget

from crm_desktop.core.i18n import N_, _
from crm_desktop.core.problem import Problem
from crm_desktop.db.keys import new_id
from crm_desktop.db.paging import Sort
from crm_desktop.db.transaction import Transaction
from crm_desktop.organisation import queries, service
from crm_desktop.organisation.queries import EmployeeRow
from crm_desktop.organisation.rules.check import check_employee
from crm_desktop.organisation.rules.model import Branch, Employee, Role
from crm_desktop.organisation.views.password_sheet import PasswordSheet, check_twice
from crm_desktop.ui import forms, tasks
from crm_desktop.ui.card import Card
from crm_desktop.ui.delegates import CellStyle, Kind
from crm_desktop.ui.fields import PasswordField, TextField
from crm_desktop.ui.listing import Choice, Column, Listing
from crm_desktop.ui.register import Register
from crm_desktop.ui.ticks import TickList
from crm_desktop.ui.widgets import dialogs
from crm_desktop.ui.window import Window

EMPLOY = "organisation.employ"


def _gone(row: EmployeeRow) -> CellStyle | None:
    return None if row.active else CellStyle(kind=Kind.MUTED)


EMPLOYEE_LIST = Listing(
    name="organisation.employees",
    title=N_("Employees"),
    source=queries.EMPLOYEES,
    columns=(
        Column("name", N_("Name"), stretch=True, width=200, style=_gone),
        Column("login", N_("Login"), Kind.IDENTIFIER, 130, style=_gone),
        Column("roles", N_("Roles"), width=170),
        Column("branches", N_("Branches"), width=110),
        Column(
            "active",
            N_("State"),
            Kind.PILL,
            100,
            choices=(Choice(True, N_("employed"), "success"), Choice(False, N_("dismissed"), "neutral")),
        ),
    ),
    default_sort=(Sort("name"),),
    table=("organisation.employee", "organisation.employee_role", "organisation.employee_branch"),
    new=N_("Employ"),
    empty_icon="id-badge-2",
    searchable=False,
)


class EmployeeBrowser(Register):
    """The employees."""

    def __init__(self, window: Window) -> None:
        super().__init__(window, EMPLOYEE_LIST, open_employee, EMPLOY)


@dataclass(frozen=True)
class Choices:
    """What an employee may be given."""

    roles: tuple[Role, ...]
    branches: tuple[Branch, ...]


class EmployeeForm(QWidget):
    """The widgets."""

    name: TextField
    login: TextField
    password: PasswordField
    again: PasswordField
    roles: TickList
    branches: TickList

    def __init__(self, new: bool) -> None:
        super().__init__()
        forms.load(self, "organisation/employee_card")
        for name in ("password", "password_label", "again", "again_label", "password_hint"):
            widget = self.findChild(QWidget, name)
            if widget is not None:
                widget.setVisible(new)
        self.login.setReadOnly(not new)
        self.login.edited.connect(lambda value: self.login.setText(str(value or "").lower()))


class EmployeeCard(Card[Employee]):
    """See the module. Nobody changes her own rights."""

    PATHS = ("name", "login", "roles", "branches")
    TABLE, PERMISSION, ICON = "organisation.employee", EMPLOY, "id-badge-2"

    def __init__(self, window: Window, new: Employee | None, key: UUID | None) -> None:
        self._form = EmployeeForm(new is not None)
        super().__init__(window, self._form, new, key)
        self.setObjectName("employee_card")
        self._myself = key is not None and key == window.who.employee_id
        if new is None and window.may(EMPLOY) and not self._myself:
            self._dismiss_button = self.add_deed(_("Dismiss…"), "user-x", self._dismiss, kind="danger")
            self._password_button = self.add_deed(_("New password…"), "key", self._new_password)
            self._dismiss_button.setObjectName("dismiss")
            self._password_button.setObjectName("new_password")
        if self._myself:
            self.may_change = False
            self._save_button.hide()
            self.say_why(_("Your own rights are changed by another administrator. Your password is in the menu behind your name."))

    def read_record(self, tx: Transaction, key: UUID | None) -> Employee:
        """The employee."""
        assert key is not None
        return queries.get_employee(tx, key)

    def read_choices(self, tx: Transaction) -> Choices:
        """Roles and branches."""
        return Choices(tuple(queries.list_roles(tx)), tuple(queries.list_branches(tx)))

    def take_choices(self, choices: Choices) -> None:
        """Offer them."""
        self._form.roles.set_choices([("", [(role.id, role.name) for role in choices.roles])])
        branches = [(branch.id, f"{branch.code}  {branch.name}") for branch in choices.branches if branch.active]
        self._form.branches.set_choices([("", branches)])

    def store(self, tx: Transaction, value: Employee) -> Any:
        """Employ her, or change what she may do. The password becomes a verifier here; it never travels."""
        if self.is_new:
            return service.employ(tx, value, self._verifier)
        return service.assign(tx, value)

    def check(self, value: Employee) -> list[Problem]:
        """By the rules of employees; a new one needs a password."""
        problems = check_employee(value)
        if self.is_new:
            problems += check_twice(self._form.password.value(), self._form.again.value(), value.login)
        return problems

    def title_of(self, value: Employee) -> str:
        """Her name."""
        return value.name or _("New employee")

    def state_of(self, value: Employee) -> tuple[str, str]:
        """Whether she is still employed."""
        return ("", "") if value.active else (_("dismissed"), "neutral")

    def shown(self, value: Employee) -> None:
        """Who was dismissed is only looked at."""
        if not value.active or self._myself_is(value):
            self.set_read_only(self._form.findChildren(QWidget))
        if not value.active and hasattr(self, "_dismiss_button"):
            self.may_change = False
            for widget in (self._dismiss_button, self._password_button, self._save_button):
                widget.hide()

    def _myself_is(self, value: Employee) -> bool:
        return value.id == self.window_of.who.employee_id

    def _send(self, value: Employee) -> None:
        self._verifier = service.verifier_of(self._form.password.value()) if self.is_new else ""
        super()._send(value)

    def _stored_now(self, value: Employee) -> None:
        super()._stored_now(value)
        for name in ("password", "again"):
            getattr(self._form, name).clear()

    # ---- deeds ----
    def _new_password(self) -> None:
        employee = self.stored()
        if employee is not None:
            sheet = PasswordSheet(self, employee.id, employee.login, employee.name)
            sheet.changed.connect(lambda: self.said.emit(_("{name} has a new password.").format(name=employee.name)))
            sheet.finished.connect(sheet.deleteLater)
            sheet.open()

    def _dismiss(self) -> None:
        employee = self.stored()
        if employee is None:
            return
        question = dialogs.Question(
            self,
            _("Dismiss {name}?").format(name=employee.name),
            _("Her login is closed at once, open connections included. Her documents stay as they are. This cannot be taken back."),
            (dialogs.Choice("back", _("Back"), "quiet"), dialogs.Choice("dismiss", _("Dismiss"), "danger")),
        )
        question.setObjectName("dismiss_question")
        question.answered.connect(lambda answer: self._dismissed(employee) if answer == "dismiss" else None)
        question.finished.connect(question.deleteLater)
        question.open()

    def _dismissed(self, employee: Employee) -> None:
        done = _("{name} was dismissed; her login is closed.").format(name=employee.name)
        tasks.change(self, service.dismiss, employee.id, then=lambda _nothing: self.said.emit(done))


def open_employee(window: Window, id: UUID | None) -> None:
    """The card of an employee; None: somebody new, in the branch in use."""
    new = Employee(new_id(), branches=(window.branch_id,)) if id is None else None
    key = new.id if new is not None else id
    window.open_card(f"organisation.employee:{key}", _("New employee"), "id-badge-2", lambda: EmployeeCard(window, new, id))
