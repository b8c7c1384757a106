"""MODULES: the program's wiring in one screen. The one ordered tuple of slices, bottom to top; no discovery. Qt-free."""

from collections.abc import Callable

from crm_desktop.catalogue.module import MODULE as CATALOGUE
from crm_desktop.core.module import Invariant, Module
from crm_desktop.db import errors, tables
from crm_desktop.db.parts import Part
from crm_desktop.documents.module import MODULE as DOCUMENTS
from crm_desktop.fiscal.module import MODULE as FISCAL
from crm_desktop.jobs.tables import JOBS
from crm_desktop.messages.module import MODULE as MESSAGES
from crm_desktop.organisation.module import MODULE as ORGANISATION
from crm_desktop.parties.module import MODULE as PARTIES

MODULES: tuple[Module, ...] = (ORGANISATION, MESSAGES, PARTIES, CATALOGUE, FISCAL, DOCUMENTS)

for _module in MODULES:
    errors.register(_module.messages)


def reactions() -> dict[type, tuple[Callable[..., None], ...]]:
    """Event type -> its listeners, in the order of MODULES."""
    found: dict[type, tuple[Callable[..., None], ...]] = {}
    for module in MODULES:
        for event, react in module.reacts.items():
            found[event] = (*found.get(event, ()), react)
    return found


def invariants() -> tuple[Invariant, ...]:
    """What holds on any base, in the order of MODULES."""
    return tuple(invariant for module in MODULES for invariant in module.invariants)


def parts() -> list[Part]:
    """What an upgrade brings, bottom to top: the foundation's tables, then the slices'."""
    foundation = [Part("db", tables.META), Part("db/audit", tables.AUDIT), Part("jobs", JOBS)]
    return foundation + [Part(module.name, module.metadata, tuple((p.name, p.title) for p in module.permissions)) for module in MODULES]
