"""The manifest of the catalogue."""

from crm_desktop.catalogue.tables import MESSAGES, METADATA
from crm_desktop.core.i18n import N_
from crm_desktop.core.module import Invariant, Module, Permission, Scope, Setting

#: BAR-01: the editor of documents asks for it.
SCAN_ADDS_TO_LINE = Setting(
    "catalogue.scan_adds_to_line", bool, True, Scope.COMPANY, N_("Scanning again raises the quantity of the same line")
)

MODULE = Module(
    name="catalogue",
    title=N_("Items"),
    metadata=METADATA,
    messages=MESSAGES,
    permissions=(
        Permission("catalogue.save_item", N_("Add and change items")),
        Permission("catalogue.save_group", N_("Change groups of items")),
        Permission("catalogue.save_rate", N_("Change VAT rates")),
        Permission("catalogue.see_cost", N_("See cost and margin")),
        Permission("catalogue.save_cost", N_("Change purchase prices")),
    ),
    settings=(SCAN_ADDS_TO_LINE,),
    invariants=(
        Invariant("catalogue.barcodes", N_("A bar code means one thing")),
        Invariant("catalogue.rates", N_("A VAT rate has one percentage on any day, and every item has a rate")),
        Invariant("catalogue.orphans", N_("Everything of an item belongs to a record that is there")),
    ),
)
