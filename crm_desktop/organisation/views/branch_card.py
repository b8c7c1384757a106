"""The branches: their list and their cards, with the day up to which each is closed."""

from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QCheckBox, QWidget

from crm_desktop.core.i18n import N_, _
from crm_desktop.core.problem import Problem
from crm_desktop.db.keys import new_id
from crm_desktop.db.paging import Sort
from crm_desktop.db.transaction import Transaction
from crm_desktop.organisation import queries, service
from crm_desktop.organisation.queries import BranchRow
from crm_desktop.organisation.rules.check import check_branch
from crm_desktop.organisation.rules.model import Branch
from crm_desktop.ui import forms
from crm_desktop.ui.card import Card
from crm_desktop.ui.delegates import CellStyle, Kind
from crm_desktop.ui.fields import DateField, TextField
from crm_desktop.ui.listing import Column, Listing
from crm_desktop.ui.register import Register
from crm_desktop.ui.window import Window

SAVE = "organisation.save_branch"


def _unused(row: BranchRow) -> CellStyle | None:
    return None if row.active else CellStyle(kind=Kind.MUTED)


BRANCH_LIST = Listing(
    name="organisation.branches",
    title=N_("Branches"),
    source=queries.BRANCHES,
    columns=(
        Column("code", N_("Code"), Kind.IDENTIFIER, 84, style=_unused),
        Column("name", N_("Name"), stretch=True, width=220, style=_unused),
        Column("city", N_("Town"), width=150),
        Column("closed_until", N_("Closed up to"), Kind.DATE, 110),
        Column("active", N_("In use"), Kind.CHECK, 70, hidden=True),
    ),
    default_sort=(Sort("code"),),
    table="organisation.branch",
    new=N_("New"),
    empty_icon="building-store",
    searchable=False,
)


class BranchBrowser(Register):
    """The branches."""

    def __init__(self, window: Window) -> None:
        super().__init__(window, BRANCH_LIST, open_branch, SAVE)


class BranchForm(QWidget):
    """The widgets."""

    code: TextField
    name: TextField
    street: TextField
    post_code: TextField
    city: TextField
    closed_until: DateField
    active: QCheckBox

    def __init__(self) -> None:
        super().__init__()
        forms.load(self, "organisation/branch_card")
        self.code.edited.connect(lambda value: self.code.setText(str(value or "").upper()))


class BranchCard(Card[Branch]):
    """See the module."""

    PATHS = ("code", "name", "street", "post_code", "city", "closed_until", "active")
    TABLE, PERMISSION, ICON = "organisation.branch", SAVE, "building-store"

    def __init__(self, window: Window, new: Branch | None, key: UUID | None) -> None:
        super().__init__(window, BranchForm(), new, key)
        self.setObjectName("branch_card")
        if new is not None:
            self.saved.connect(lambda _key: window.say(_("The branch is there. Log in again to work in it.")))

    def read_record(self, tx: Transaction, key: UUID | None) -> Branch:
        """The branch."""
        assert key is not None
        return queries.get_branch(tx, key)

    def store(self, tx: Transaction, value: Branch) -> Any:
        """Save it."""
        return service.save_branch(tx, value)

    def check(self, value: Branch) -> list[Problem]:
        """By the rules of branches."""
        return check_branch(value)

    def title_of(self, value: Branch) -> str:
        """Its name."""
        return value.name or _("New branch")

    def state_of(self, value: Branch) -> tuple[str, str]:
        """What is no longer in use says so."""
        return ("", "") if value.active else (_("not in use"), "neutral")


def open_branch(window: Window, id: UUID | None) -> None:
    """The card of a branch; None: a new one."""
    new = Branch(new_id()) if id is None else None
    key = new.id if new is not None else id
    window.open_card(f"organisation.branch:{key}", _("New branch"), "building-store", lambda: BranchCard(window, new, id))
