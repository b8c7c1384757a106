"""The office that database tests work in: two branches, an administrator of both, an operator of one, an item, a buyer, a till."""

import os
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from crm_desktop.app.founding import define_series, found
from crm_desktop.catalogue import queries as catalogue
from crm_desktop.catalogue import service as catalogue_service
from crm_desktop.catalogue.rules.model import Item, ItemKind, Unit
from crm_desktop.db.connect import Profile
from crm_desktop.db.database import Database, log_in
from crm_desktop.db.keys import new_id
from crm_desktop.db.transaction import Transaction
from crm_desktop.documents import queries as documents
from crm_desktop.documents.rules.changes import add_item, with_buyer
from crm_desktop.documents.rules.model import Draft
from crm_desktop.fiscal import service as fiscal
from crm_desktop.fiscal.queries import Device
from crm_desktop.modules import reactions
from crm_desktop.organisation import service as organisation
from crm_desktop.organisation.rules.model import Branch, Company, Employee, Role, Workstation
from crm_desktop.organisation.rules.password import scram_verifier
from crm_desktop.parties import queries as parties
from crm_desktop.parties import service as parties_service
from crm_desktop.parties.rules.model import Address, Party

TEMPLATE = "crm_template"
PASSWORD = "Zabłocie-2026-biuro"
KRAKOW, WARSZAWA, OPERATOR_ROLE, TILL, PRINTER = (UUID(int=number) for number in range(0xA1, 0xA6))
OPERATOR_RIGHTS = ("documents.save_draft", "documents.issue_invoice", "documents.seal_receipt", "parties.save_party")


def found_office(server: Profile, admin: str, password: str) -> None:
    """Make the template database."""
    company = Company("Sieć Handlowa Beskid Sp. z o.o.", "5260250274", "ul. Zabłocie 22", "30-701", "Kraków")
    branch = Branch(KRAKOW, "KR", "Kraków", "ul. Zabłocie 22", "30-701", "Kraków")
    profile = found(server, admin, password, TEMPLATE, company, branch, Employee(new_id(), "szef", "Ewa Szef"), PASSWORD)
    boss = log_in(profile, "szef", PASSWORD, reactions())
    try:
        boss.change(organisation.save_branch, Branch(WARSZAWA, "WA", "Warszawa", "ul. Długa 1", "00-950", "Warszawa"))
        boss.change(organisation.define_role, Role(OPERATOR_ROLE, "Operator", OPERATOR_RIGHTS))
        for login, branch_id in (("anna", KRAKOW), ("wanda", WARSZAWA)):
            employee = Employee(new_id(), login, login.title(), (OPERATOR_ROLE,), (branch_id,))
            boss.change(organisation.employ, employee, scram_verifier(PASSWORD, os.urandom(16)))
        boss.change(
            organisation.install_workstation, Workstation(TILL, "kasa1", "Kasa 1", KRAKOW), scram_verifier(PASSWORD, os.urandom(16))
        )
        boss.change(fiscal.save_device, Device(PRINTER, KRAKOW, TILL, "Kasa 1", "posnet", "tcp://127.0.0.1:1", RATES, True, 0))
        item = Item(
            new_id(),
            ItemKind.GOODS,
            "LED-9",
            "Żarówka LED 9 W",
            None,
            "23",
            Decimal("6.49"),
            Decimal("7.98"),
            (Unit(new_id(), "szt.", Decimal(1), "5901234123457"),),
        )
        boss.change(catalogue_service.save_item, item)
        boss.change(catalogue_service.save_cost, item.id, date(2026, 1, 1), Decimal("4.10"))
        boss.change(
            parties_service.save_party,
            Party(
                new_id(),
                code="VOLT",
                name="Hurtownia Volt Sp. z o.o.",
                nip="5260250274",
                address=Address("ul. Graniczna 14", "43-300", "Bielsko-Biała"),
            ),
        )
    finally:
        boss.close()


RATES = {"A": "23", "B": "8", "C": "5", "D": "0 KR", "E": "zw"}


@dataclass
class Office:
    """A clone of the office's database, and its logins."""

    profile: Profile

    def enter(self, login: str) -> Database:
        """A desk of somebody; closed by the test's end."""
        return log_in(self.profile, login, PASSWORD, reactions())


CODE = "5901234123457"


def draft_of(database: Database, kind: str, quantity: int = 3, lines: int = 1, code: str = CODE, buyer: str = "volt") -> Draft:
    """A draft that may be issued, as the operator would type it; dates by the server's clock."""
    kinds = {found.code: found for found in database.read(documents.list_kinds)}
    choice = database.read(catalogue.find_code, code)
    today = database.read(_today)
    assert choice is not None
    draft = Draft(new_id(), kinds[kind], database.who.branches[0], today, today, today, payment=kinds[kind].payment)
    if kinds[kind].buyer_required:
        draft = with_buyer(draft, database.read(parties.find_parties, buyer)[0])
    for _ in range(lines):
        draft = add_item(draft, choice, new_id(), Decimal(quantity), merge=False).draft
    return replace(draft, due_date=max(draft.due_date, today))


def _today(tx: Transaction) -> date:
    return tx.today


__all__ = ["KRAKOW", "PASSWORD", "PRINTER", "TEMPLATE", "TILL", "WARSZAWA", "Office", "define_series", "draft_of", "found_office"]
