"""What the catalogue puts on the desk."""

from crm_desktop.catalogue.views.group_card import GroupBrowser
from crm_desktop.catalogue.views.item_browser import ItemBrowser
from crm_desktop.catalogue.views.item_card import CARD, open_item
from crm_desktop.core.i18n import N_
from crm_desktop.ui.desk import Desk, Dock
from crm_desktop.ui.register import register_actions

_LIST, _GROUPS = "catalogue.items", "catalogue.groups"

DESK = Desk(
    docks=(
        Dock(_LIST, N_("Items"), "package", N_("Goods"), "", ItemBrowser),
        Dock(_GROUPS, N_("Groups of items"), "category", N_("Goods"), "catalogue.save_group", GroupBrowser),
    ),
    actions=(*register_actions(_LIST, "catalogue.save_item"), *register_actions(_GROUPS, "catalogue.save_group")),
    openers={CARD: open_item},
)
