"""What parties put on the desk."""

from crm_desktop.core.i18n import N_
from crm_desktop.parties.views.found_party import SEARCH
from crm_desktop.parties.views.group_card import GroupBrowser
from crm_desktop.parties.views.party_browser import PartyBrowser
from crm_desktop.parties.views.party_card import CARD, open_party
from crm_desktop.ui.desk import Desk, Dock
from crm_desktop.ui.register import register_actions

_LIST, _GROUPS = "parties.parties", "parties.groups"

DESK = Desk(
    docks=(
        Dock(_LIST, N_("Parties"), "users", N_("Customers"), "", PartyBrowser),
        Dock(_GROUPS, N_("Groups of parties"), "users-group", N_("Customers"), "parties.save_group", GroupBrowser),
    ),
    actions=(*register_actions(_LIST, "parties.save_party", groups=True), *register_actions(_GROUPS, "parties.save_group")),
    openers={CARD: open_party},
    searches=(SEARCH,),
)
