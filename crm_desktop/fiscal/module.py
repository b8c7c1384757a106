"""The manifest of fiscal printers."""

from crm_desktop.core.i18n import N_
from crm_desktop.core.module import Module, Permission
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
)
