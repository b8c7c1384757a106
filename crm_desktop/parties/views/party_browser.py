"""The list of companies and persons."""

from crm_desktop.core.i18n import N_
from crm_desktop.core.identifiers import nip_shown
from crm_desktop.db.paging import By, Sort
from crm_desktop.parties import queries
from crm_desktop.parties.rules.model import PartyRow
from crm_desktop.parties.views.party_card import open_party
from crm_desktop.ui.delegates import CellStyle, Kind
from crm_desktop.ui.listing import Choice, Column, Listing
from crm_desktop.ui.register import Register
from crm_desktop.ui.window import Window


def _unused(row: PartyRow) -> CellStyle | None:
    return None if row.active else CellStyle(kind=Kind.MUTED)


PARTY_LIST = Listing(
    name="parties.parties",
    title=N_("Parties"),
    source=queries.PARTIES,
    columns=(
        Column("code", N_("Code"), Kind.IDENTIFIER, 118, style=_unused),
        Column("name", N_("Name"), stretch=True, width=260, style=_unused),
        Column(
            "kind",
            N_("Kind"),
            Kind.PILL,
            88,
            choices=(Choice("company", N_("company"), "neutral"), Choice("person", N_("person"), "violet")),
            group=By.VALUE,
        ),
        Column("nip", N_("NIP"), Kind.IDENTIFIER, 124, value=lambda row: nip_shown(row.nip)),
        Column("city", N_("Town"), width=120, group=By.VALUE),
        Column("phone", N_("Phone"), width=130, hidden=True),
        Column("group_name", N_("Group"), width=130, group=By.VALUE),
        Column("active", N_("In use"), Kind.CHECK, 70, hidden=True),
    ),
    default_sort=(Sort("name"),),
    table="parties.party",
    new=N_("New"),
    empty_icon="users",
    empty_title=N_("No parties yet"),
    empty_text=N_("Companies and persons that you sell to stand here. A NIP fills nothing by itself; it is checked as you type."),
)


class PartyBrowser(Register):
    """See the module."""

    def __init__(self, window: Window) -> None:
        super().__init__(window, PARTY_LIST, open_party, "parties.save_party")
