"""The manifest of parties."""

from crm_desktop.core.i18n import N_
from crm_desktop.core.module import Invariant, Module, Permission
from crm_desktop.parties.tables import MESSAGES, METADATA

MODULE = Module(
    name="parties",
    title=N_("Parties"),
    metadata=METADATA,
    messages=MESSAGES,
    permissions=(
        Permission("parties.save_party", N_("Add and change parties")),
        Permission("parties.save_group", N_("Change groups of parties")),
    ),
    invariants=(
        Invariant("parties.tax_numbers", N_("Every NIP of a party has its check digit")),
        Invariant("parties.orphans", N_("Every party's group is there")),
    ),
)
