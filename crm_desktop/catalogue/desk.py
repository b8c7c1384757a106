"""What the catalogue puts on the desk."""

from crm_desktop.catalogue.views.found_item import SEARCH
from crm_desktop.catalogue.views.group_card import GroupBrowser
from crm_desktop.catalogue.views.item_browser import ItemBrowser
from crm_desktop.catalogue.views.item_card import CARD, open_item
from crm_desktop.catalogue.views.rate_card import SAVE as SAVE_RATE
from crm_desktop.catalogue.views.rate_card import RateBrowser
from crm_desktop.core.i18n import N_
from crm_desktop.ui.desk import Desk, Dock
from crm_desktop.ui.register import register_actions

_LIST, _GROUPS, _RATES = "catalogue.items", "catalogue.groups", "catalogue.rates"

DESK = Desk(
    docks=(
        Dock(_LIST, N_("Items"), "package", N_("Goods"), "", ItemBrowser),
        Dock(_GROUPS, N_("Groups of items"), "category", N_("Goods"), "catalogue.save_group", GroupBrowser),
        Dock(_RATES, N_("VAT rates"), "receipt-tax", N_("Goods"), SAVE_RATE, RateBrowser),
    ),
    actions=(
        *register_actions(_LIST, "catalogue.save_item", groups=True),
        *register_actions(_GROUPS, "catalogue.save_group"),
        *register_actions(_RATES, SAVE_RATE),
    ),
    openers={CARD: open_item},
    searches=(SEARCH,),
)
