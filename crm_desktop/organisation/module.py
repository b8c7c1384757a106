"""The manifest of the organisation."""

from crm_desktop.core.i18n import N_
from crm_desktop.core.module import Invariant, Module, Permission, Scope, Setting
from crm_desktop.organisation.tables import MESSAGES, METADATA

MODULE = Module(
    name="organisation",
    title=N_("Company"),
    metadata=METADATA,
    messages=MESSAGES,
    permissions=(
        Permission("organisation.save_company", N_("Change the company's data")),
        Permission("organisation.save_branch", N_("Change branches and close periods")),
        Permission("organisation.employ", N_("Employ, dismiss and assign colleagues")),
        Permission("organisation.define_role", N_("Define roles and their rights")),
        Permission("organisation.install_workstation", N_("Install and remove workstations")),
        Permission("organisation.save_series", N_("Change number series")),
        Permission("organisation.save_setting", N_("Change settings of the company, branch and workstation")),
        Permission("organisation.end_session", N_("See who waits for whom, and end sessions")),
        Permission("organisation.prove", N_("Prove the data of the whole company")),
    ),
    invariants=(
        Invariant("organisation.guards", N_("No guard of the database is switched off")),
        Invariant("organisation.logins", N_("Everybody who works here has a login, and nobody else")),
        Invariant("organisation.administrator", N_("Somebody may manage employees")),
        Invariant("organisation.rights", N_("Roles hold only rights that the program knows")),
        Invariant("organisation.series", N_("No two number series give the same text")),
        Invariant("organisation.orphans", N_("Everything of the organisation belongs to a record that is there")),
    ),
    settings=(
        Setting("organisation.language", str, "pl", Scope.EMPLOYEE, N_("Language")),
        Setting("organisation.appearance", str, "light", Scope.EMPLOYEE, N_("Light or dark")),
        Setting("organisation.text_size", str, "100", Scope.EMPLOYEE, N_("Text size, per cent")),
    ),
)
