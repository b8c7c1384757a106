"""A party in the search box."""

from crm_desktop.core.i18n import N_
from crm_desktop.core.identifiers import nip_shown
from crm_desktop.core.search import Hit, Rank
from crm_desktop.parties.queries import ask_parties
from crm_desktop.parties.rules.model import FoundParty
from crm_desktop.parties.views.party_card import CARD, open_party
from crm_desktop.ui.desk import Search


def hit(found: FoundParty) -> Hit:
    """Its name, and at the right its tax number, else its town or phone."""
    side = f"NIP {nip_shown(found.nip)}" if found.nip else found.eu_vat or found.city or found.phone
    return Hit(found.id, found.name, Rank(found.rank), side=side, faint=not found.active)


SEARCH = Search(CARD, N_("Parties"), "users", "@", ask_parties, hit, open_party)
