"""The list of goods and services."""

from crm_desktop.catalogue import queries
from crm_desktop.catalogue.rules.model import ItemRow
from crm_desktop.catalogue.views.item_card import open_item
from crm_desktop.core.i18n import N_, NBSP
from crm_desktop.db.paging import By, Sort
from crm_desktop.ui.delegates import CellStyle, Kind
from crm_desktop.ui.filters import Entry
from crm_desktop.ui.listing import Choice, Column, Listing
from crm_desktop.ui.register import Register
from crm_desktop.ui.window import Window


def _unused(row: ItemRow) -> CellStyle | None:
    return None if row.active else CellStyle(kind=Kind.MUTED)


ITEM_LIST = Listing(
    name="catalogue.items",
    title=N_("Items"),
    source=queries.ITEMS,
    columns=(
        Column("code", N_("Code"), Kind.IDENTIFIER, 110, style=_unused),
        Column("name", N_("Name"), stretch=True, width=260, style=_unused),
        Column(
            "kind",
            N_("Kind"),
            Kind.PILL,
            84,
            choices=(Choice("goods", N_("goods"), "neutral"), Choice("service", N_("service"), "violet")),
            hidden=True,
            group=By.VALUE,
        ),
        Column("group_name", N_("Group"), width=156, group=By.VALUE),
        Column("unit", N_("Unit"), width=64, group=By.VALUE),
        Column("vat", N_("VAT"), width=64, value=lambda row: f"{row.vat}{NBSP}%" if row.vat.isdigit() else row.vat, group=By.VALUE),
        Column("net_price", N_("Net price"), Kind.PRICE, 100),
        Column("gross_price", N_("Gross price"), Kind.PRICE, 100),
        Column("barcode", N_("Bar code"), Kind.IDENTIFIER, 128, hidden=True, entry=Entry.TEXT),
        Column("active", N_("In use"), Kind.CHECK, 70, hidden=True),
    ),
    default_sort=(Sort("name"),),
    table=("catalogue.item", "catalogue.item_unit"),
    new=N_("New"),
    empty_icon="package",
    empty_title=N_("No items yet"),
    empty_text=N_("Goods and services that you sell stand here, with their prices, VAT rates, packages and bar codes."),
)


class ItemBrowser(Register):
    """See the module."""

    def __init__(self, window: Window) -> None:
        super().__init__(window, ITEM_LIST, open_item, "catalogue.save_item")
