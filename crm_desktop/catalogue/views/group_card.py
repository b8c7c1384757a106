"""The tree of item groups: its list and the card of a node."""

from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QWidget

from crm_desktop.catalogue import queries, service
from crm_desktop.catalogue.rules.check import check_group_name
from crm_desktop.catalogue.rules.model import ItemGroup
from crm_desktop.catalogue.rules.tree import group_paths, may_stand_above
from crm_desktop.core.i18n import N_, _
from crm_desktop.core.problem import Problem
from crm_desktop.db.keys import new_id
from crm_desktop.db.paging import Sort
from crm_desktop.db.transaction import Transaction
from crm_desktop.ui import forms
from crm_desktop.ui.card import Card
from crm_desktop.ui.fields import ComboField, TextField
from crm_desktop.ui.listing import Column, Listing
from crm_desktop.ui.register import Register
from crm_desktop.ui.window import Window

GROUP_LIST = Listing(
    name="catalogue.groups",
    title=N_("Groups of items"),
    source=queries.GROUPS,
    columns=(Column("name", N_("Name"), stretch=True, width=220), Column("parent", N_("Belongs to"), width=220)),
    default_sort=(Sort("name"),),
    table="catalogue.item_group",
    new=N_("New"),
    empty_icon="category",
    empty_title=N_("No groups yet"),
    empty_text=N_("Groups form a tree: Light, in it Bulbs. An item is in one group or in none."),
    searchable=False,
)


class GroupBrowser(Register):
    """The groups."""

    def __init__(self, window: Window) -> None:
        super().__init__(window, GROUP_LIST, open_group, "catalogue.save_group")


class ItemGroupForm(QWidget):
    """The widgets of a group's card."""

    name: TextField
    parent_id: ComboField

    def __init__(self) -> None:
        super().__init__()
        forms.load(self, "catalogue/group_card")


class ItemGroupCard(Card[ItemGroup]):
    """A group's name and its place in the tree."""

    PATHS = ("name", "parent_id")
    TABLE, PERMISSION, ICON = "catalogue.item_group", "catalogue.save_group", "category"

    def __init__(self, window: Window, new: ItemGroup | None, key: UUID | None) -> None:
        self._form = ItemGroupForm()
        self._groups: list[ItemGroup] = []
        super().__init__(window, self._form, new, key)
        self.setObjectName("item_group_card")

    def read_record(self, tx: Transaction, key: UUID | None) -> ItemGroup:
        """The node."""
        assert key is not None
        return queries.get_group(tx, key)

    def read_choices(self, tx: Transaction) -> list[ItemGroup]:
        """The whole tree."""
        return queries.list_groups(tx)

    def take_choices(self, choices: list[ItemGroup]) -> None:
        """Kept until the node is known: what lies below it cannot stand above it."""
        self._groups = choices

    def prepare(self, value: ItemGroup) -> None:
        """Offer the possible parents."""
        possible = may_stand_above(self._groups, value.id)
        paths = [(key, path) for key, path in group_paths(self._groups).items() if key in possible]
        self._form.parent_id.set_choices([(None, _("none (a root)")), *paths])

    def store(self, tx: Transaction, value: ItemGroup) -> Any:
        """Save it."""
        return service.save_group(tx, value)

    def check(self, value: ItemGroup) -> list[Problem]:
        """A name."""
        return check_group_name(value.name)

    def title_of(self, value: ItemGroup) -> str:
        """Its name."""
        return value.name or _("New group")


def open_group(window: Window, id: UUID | None) -> None:
    """The card of a group; None: a new root."""
    new = ItemGroup(new_id(), None, "") if id is None else None
    key = new.id if new is not None else id
    window.open_card(f"catalogue.group:{key}", _("New group"), "category", lambda: ItemGroupCard(window, new, id))
