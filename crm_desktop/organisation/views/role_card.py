"""The roles: their list and their cards, with every right of the program to tick."""

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
from crm_desktop.organisation.rules.check import check_role
from crm_desktop.organisation.rules.model import Role
from crm_desktop.ui import forms
from crm_desktop.ui.card import Card
from crm_desktop.ui.delegates import Kind
from crm_desktop.ui.fields import TextField
from crm_desktop.ui.listing import Column, Listing
from crm_desktop.ui.register import Register
from crm_desktop.ui.ticks import TickList
from crm_desktop.ui.window import Window

DEFINE = "organisation.define_role"

ROLE_LIST = Listing(
    name="organisation.roles",
    title=N_("Roles"),
    source=queries.ROLES,
    columns=(
        Column("name", N_("Name"), stretch=True, width=220),
        Column("rights", N_("Rights"), Kind.NUMBER, 90),
        Column("people", N_("People"), Kind.NUMBER, 90),
    ),
    default_sort=(Sort("name"),),
    table=("organisation.role", "organisation.role_permission", "organisation.employee_role"),
    new=N_("New"),
    empty_icon="shield-lock",
    searchable=False,
)


class RoleBrowser(Register):
    """The roles."""

    def __init__(self, window: Window) -> None:
        super().__init__(window, ROLE_LIST, open_role, DEFINE)


@dataclass(frozen=True)
class Mine:
    """The roles that the person at the desk holds: out of her reach."""

    roles: tuple[UUID, ...]


class RoleForm(QWidget):
    """The widgets."""

    name: TextField
    permissions: TickList

    def __init__(self) -> None:
        super().__init__()
        forms.load(self, "organisation/role_card")


class RoleCard(Card[Role]):
    """See the module. Nobody changes a role that she holds."""

    PATHS = ("name", "permissions")
    TABLE, PERMISSION, ICON = "organisation.role", DEFINE, "shield-lock"

    def __init__(self, window: Window, new: Role | None, key: UUID | None) -> None:
        self._form = RoleForm()
        self._form.permissions.set_choices(window.permissions())
        super().__init__(window, self._form, new, key)
        self.setObjectName("role_card")

    def read_record(self, tx: Transaction, key: UUID | None) -> Role:
        """The role."""
        assert key is not None
        return queries.get_role(tx, key)

    def read_choices(self, tx: Transaction) -> Mine:
        """What the person at the desk holds herself."""
        return Mine(next((each.roles for each in queries.list_employees(tx) if each.id == tx.who.employee_id), ()))

    def take_choices(self, choices: Mine) -> None:
        """Her own roles are only looked at."""
        if self.key in choices.roles and self.may_change:
            self.may_change = False
            self._save_button.hide()
            self.say_why(_("You hold this role yourself. Another administrator changes it."))

    def store(self, tx: Transaction, value: Role) -> Any:
        """Save it."""
        return service.define_role(tx, value)

    def check(self, value: Role) -> list[Problem]:
        """A name."""
        return check_role(value)

    def title_of(self, value: Role) -> str:
        """Its name."""
        return value.name or _("New role")


def open_role(window: Window, id: UUID | None) -> None:
    """The card of a role; None: a new one."""
    new = Role(new_id()) if id is None else None
    key = new.id if new is not None else id
    window.open_card(f"organisation.role:{key}", _("New role"), "shield-lock", lambda: RoleCard(window, new, id))
