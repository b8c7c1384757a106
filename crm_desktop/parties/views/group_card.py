"""The groups of parties: their list and their card."""

from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QWidget

from crm_desktop.core.i18n import N_, _
from crm_desktop.core.problem import Problem
from crm_desktop.db.keys import new_id
from crm_desktop.db.paging import Sort
from crm_desktop.db.transaction import Transaction
from crm_desktop.parties import queries, service
from crm_desktop.parties.rules.check import check_group_name
from crm_desktop.parties.rules.model import PartyGroup
from crm_desktop.ui import forms
from crm_desktop.ui.card import Card
from crm_desktop.ui.fields import TextField
from crm_desktop.ui.listing import Column, Listing
from crm_desktop.ui.register import Register
from crm_desktop.ui.window import Window

GROUP_LIST = Listing(
    name="parties.groups",
    title=N_("Groups of parties"),
    source=queries.GROUPS,
    columns=(Column("name", N_("Name"), stretch=True, width=260),),
    default_sort=(Sort("name"),),
    table="parties.party_group",
    new=N_("New"),
    empty_icon="users-group",
    empty_title=N_("No groups yet"),
    empty_text=N_("Groups sort parties: wholesalers, installers, schools. A party is in one group or in none."),
    searchable=False,
)


class GroupBrowser(Register):
    """The groups."""

    def __init__(self, window: Window) -> None:
        super().__init__(window, GROUP_LIST, open_group, "parties.save_group")


class PartyGroupForm(QWidget):
    """The widgets of a group's card."""

    name: TextField

    def __init__(self) -> None:
        super().__init__()
        forms.load(self, "parties/group_card")


class PartyGroupCard(Card[PartyGroup]):
    """A group's name."""

    PATHS = ("name",)
    TABLE, PERMISSION, ICON = "parties.party_group", "parties.save_group", "users-group"

    def __init__(self, window: Window, new: PartyGroup | None, key: UUID | None) -> None:
        super().__init__(window, PartyGroupForm(), new, key)
        self.setObjectName("party_group_card")

    def read_record(self, tx: Transaction, key: UUID | None) -> PartyGroup:
        """The group."""
        assert key is not None
        return queries.get_group(tx, key)

    def store(self, tx: Transaction, value: PartyGroup) -> Any:
        """Save it."""
        return service.save_group(tx, value)

    def check(self, value: PartyGroup) -> list[Problem]:
        """A name."""
        return check_group_name(value.name)

    def title_of(self, value: PartyGroup) -> str:
        """Its name."""
        return value.name or _("New group")


def open_group(window: Window, id: UUID | None) -> None:
    """The card of a group; None: a new one."""
    new = PartyGroup(new_id(), "") if id is None else None
    key = new.id if new is not None else id
    window.open_card(f"parties.group:{key}", _("New group"), "users-group", lambda: PartyGroupCard(window, new, id))
