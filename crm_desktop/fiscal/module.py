"""The manifest of fiscal printers."""

from crm_desktop.core.i18n import N_
from crm_desktop.core.module import Invariant, Module, Permission
from crm_desktop.fiscal.tables import MESSAGES, METADATA

MODULE = Module(
    name="fiscal",
    title=N_("Fiscal printers"),
    metadata=METADATA,
    messages=MESSAGES,
    permissions=(
        Permission("fiscal.save_device", N_("Set up fiscal printers")),
        Permission("fiscal.decide_receipt", N_("Decide whether a doubtful receipt was printed")),
    ),
    invariants=(
        Invariant("fiscal.number_once", N_("A fiscal number stands once per printer and day")),
        Invariant("fiscal.no_hole", N_("No receipt is missing inside a daily report")),
        Invariant("fiscal.days", N_("Daily reports follow one another day by day")),
        Invariant("fiscal.queue", N_("Every receipt that waits has its place in the queue")),
        Invariant("fiscal.decisions", N_("Every decision about a doubtful receipt has its reason")),
        Invariant("fiscal.prints", N_("A receipt is printed exactly when its print is recorded")),
        Invariant("fiscal.orphans", N_("Everything of a printer and of a receipt belongs to a record that is there")),
    ),
)
