"""An item in the search box."""

from crm_desktop.catalogue.queries import ask_items
from crm_desktop.catalogue.rules.model import FoundItem
from crm_desktop.catalogue.views.item_card import CARD, open_item
from crm_desktop.core.i18n import N_, NBSP, price
from crm_desktop.core.search import Hit, Rank
from crm_desktop.ui.desk import Search


def hit(found: FoundItem) -> Hit:
    """Its code and name, and at the right its net price."""
    side = f"{price(found.net_price)}{NBSP}zł / {found.unit}"
    return Hit(found.id, found.name, Rank(found.rank), found.code, side, faint=not found.active)


SEARCH = Search(CARD, N_("Goods"), "package", "", ask_items, hit, open_item)
