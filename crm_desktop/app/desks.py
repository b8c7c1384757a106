"""All that the slices put on the desk, joined in one order, and what of it one person may see."""

from collections.abc import Callable, Iterable
from itertools import groupby
from typing import Any
from uuid import UUID

from crm_desktop.app.proof_window import ProofWindow
from crm_desktop.app.work_panel import WORK_PANEL
from crm_desktop.catalogue.desk import DESK as CATALOGUE
from crm_desktop.core.i18n import N_, _
from crm_desktop.documents.desk import DESK as DOCUMENTS
from crm_desktop.fiscal.desk import DESK as FISCAL
from crm_desktop.messages.desk import DESK as MESSAGES
from crm_desktop.organisation.desk import DESK as ORGANISATION
from crm_desktop.parties.desk import DESK as PARTIES
from crm_desktop.ui.desk import Action, Desk, Dock, KeySet, Search, Tab
from crm_desktop.ui.widgets.navigator import NavGroup, NavItem

#: What belongs to no slice: it looks at all of them.
_PROOF = Dock("app.proof", N_("Prove the data"), "shield-check", N_("Company"), "organisation.prove", ProofWindow)
_WORK_KEYS = KeySet(
    WORK_PANEL,
    N_("In the panel of background work"),
    (
        (N_("Open the file, try again, see to it"), ("Return",)),
        (N_("Cancel, or take away what has ended"), ("Delete",)),
        (N_("Close"), ("Escape",)),
    ),
)
#: In the order of the navigator inside each group.
DESKS: tuple[Desk, ...] = (MESSAGES, ORGANISATION, DOCUMENTS, FISCAL, PARTIES, CATALOGUE, Desk(docks=(_PROOF,), key_sets=(_WORK_KEYS,)))
GROUPS = (N_("Sales"), N_("Customers"), N_("Goods"), N_("Company"))
#: What stands open on a desk that nobody has arranged yet.
FIRST = "documents.documents"

May = Callable[[str], bool]


def docks(may: May) -> dict[str, Dock]:
    """The docks that she may open, by id; sorted by group as the navigator shows them."""
    hers = [dock for desk in DESKS for dock in desk.docks if may(dock.permission)]
    return {dock.id: dock for dock in sorted(hers, key=lambda dock: GROUPS.index(dock.group))}


def actions(may: May) -> list[Action]:
    """The actions that she may do."""
    return [action for desk in DESKS for action in desk.actions if may(action.permission)]


def tabs(on: str, may: May) -> list[Tab]:
    """The tabs that are contributed to cards of the kind `on`."""
    return [tab for desk in DESKS for tab in desk.tabs if tab.on == on and may(tab.permission)]


def searches(may: May) -> list[Search]:
    """Where the search box looks for her, in the order in which it shows what was found: people (@), documents (#), then the rest."""
    hers = [search for desk in DESKS for search in desk.searches if may(search.permission)]
    return sorted(hers, key=lambda search: "@#".find(search.sign or " ") % 3)


def key_sets() -> list[KeySet]:
    """The keys that widgets of the slices answer by themselves."""
    return [each for desk in DESKS for each in desk.key_sets]


def opener(kind: str) -> Callable[[Any, UUID], object] | None:
    """What opens a record's card of this kind."""
    return next((desk.openers[kind] for desk in DESKS if kind in desk.openers), None)


def groups(hers: Iterable[Dock]) -> list[NavGroup]:
    """The navigator's groups, in the language in use."""
    return [
        NavGroup(_(title), tuple(NavItem(dock.id, _(dock.title), dock.icon) for dock in members))
        for title, members in groupby(hers, key=lambda dock: dock.group)
    ]
