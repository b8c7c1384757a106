"""The stage of the hostile console: two branches at work, people with few rights, and somebody who was dismissed."""

import json
import os
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from crm_desktop.app.founding import define_series
from crm_desktop.catalogue.queries import list_rates
from crm_desktop.db.connect import Profile
from crm_desktop.db.database import Database
from crm_desktop.db.keys import new_id
from crm_desktop.db.transaction import Transaction
from crm_desktop.documents import queries, service
from crm_desktop.documents.rules.content import content_hash
from crm_desktop.documents.rules.receipt import receipt_of
from crm_desktop.documents.rules.totals import totals
from crm_desktop.documents.rules.validity import percents
from crm_desktop.fiscal import service as fiscal
from crm_desktop.fiscal.queries import Device
from crm_desktop.fiscal.rules.model import Numbers
from crm_desktop.fiscal.rules.rates import RateTable
from crm_desktop.messages import service as messages
from crm_desktop.messages.queries import find_people
from crm_desktop.messages.rules.model import Letter
from crm_desktop.organisation import service as organisation
from crm_desktop.organisation.queries import list_branches
from crm_desktop.organisation.rules.model import Branch, Employee, Role, Workstation
from crm_desktop.organisation.rules.password import scram_verifier
from tests.support import office
from tests.support.office import KRAKOW, OPERATOR_ROLE, PASSWORD, PRINTER, TILL, WARSZAWA
from tests.support.postgres import TestServer

_NAME = re.compile(r":'(\w+)'")


@dataclass
class Stage:
    """A database with things to steal and to spoil. `names` are what a statement may say as :'name', as in psql."""

    server: TestServer
    office: office.Office
    names: dict[str, str] = field(default_factory=dict)
    logins: dict[str, str] = field(default_factory=dict)
    picture: str = ""

    def sql(self, statement: str) -> str:
        """The statement with its names put in as literals."""
        return _NAME.sub(lambda found: "'" + self.names[found.group(1)] + "'", statement)

    def role(self, person: str) -> str:
        """The PostgreSQL role of a person of the stage."""
        return self.office.profile.role(self.logins.get(person, person))

    def owner(self) -> "psycopg.Connection[tuple[Any, ...]]":
        """The superuser's connection to this database; whatever is not committed is rolled back."""
        return psycopg.connect(self.server.server.dsn(self.office.profile.database))


@pytest.fixture(scope="module")
def stage(server: TestServer) -> Iterator[Stage]:
    database = server.clone()
    profile = Profile(server.server.host, server.server.port, database, "disable", role_prefix=office.TEMPLATE)
    made = Stage(server, office.Office(profile))
    _set(made)
    yield made
    server.drop(database)


def _set(stage: Stage) -> None:
    boss = stage.office.enter("szef")
    try:
        _hire(stage, boss)
        _work(stage, boss)
    finally:
        boss.close()


def _hire(stage: Stage, boss: Database) -> None:
    """Who is here beside the office's people: each login is this stage's own, because logins belong to the whole server."""
    boss.change(define_series, WARSZAWA)
    closed = Branch(new_id(), "GD", "Gdańsk")
    boss.change(organisation.save_branch, closed)
    boss.change(define_series, closed.id)
    nothing, earlier = Role(new_id(), "Praktykant", ()), Role(new_id(), "Księgowość", (*office.OPERATOR_RIGHTS, "documents.backdate"))
    boss.change(organisation.define_role, nothing)
    boss.change(organisation.define_role, earlier)
    token = secrets.token_hex(4)
    people = {
        "ola": ((nothing.id,), (KRAKOW,)),
        "zofia": ((earlier.id,), (KRAKOW,)),
        "gosia": ((OPERATOR_ROLE,), (closed.id,)),
        "rita": ((OPERATOR_ROLE,), (KRAKOW,)),
        "kinga": ((OPERATOR_ROLE,), (KRAKOW,)),
    }
    for name, (roles, branches) in people.items():
        stage.logins[name] = name + token
        employee = Employee(new_id(), name + token, name.title(), roles, branches)
        boss.change(organisation.employ, employee, scram_verifier(PASSWORD, os.urandom(16)))
        stage.names[name] = str(employee.id)
    stage.logins["kasa2"] = f"ws_kasa{token}"
    stage.logins["kasa1"] = "ws_kasa1"
    till = Workstation(new_id(), f"kasa{token}", "Kasa 2", WARSZAWA)
    boss.change(organisation.install_workstation, till, scram_verifier(PASSWORD, os.urandom(16)))
    device = Device(new_id(), WARSZAWA, till.id, "Kasa 2", "posnet", "tcp://127.0.0.1:1", office.RATES, True, 0)
    boss.change(fiscal.save_device, device)
    stage.names |= {
        "own_branch": str(KRAKOW),
        "foreign_branch": str(WARSZAWA),
        "closed_branch": str(closed.id),
        "own_till": str(TILL),
        "own_device": str(PRINTER),
        "foreign_device": str(device.id),
        "operator_role": str(OPERATOR_ROLE),
        "empty_role": str(nothing.id),
        "prefix": office.TEMPLATE,
    }


def _work(stage: Stage, boss: Database) -> None:
    """Each branch issued an invoice, printed a receipt, has one waiting and one draft."""
    names = stage.names
    for whose, login, till, device in (("own", "anna", "ws_kasa1", PRINTER), ("foreign", "wanda", stage.logins["kasa2"], None)):
        seller, printing = stage.office.enter(login), stage.office.enter(till)
        try:
            printer = device or UUID(names["foreign_device"])
            invoice = office.draft_of(seller, "FS", lines=10)
            names[f"{whose}_issued"] = str(invoice.id)
            names[f"{whose}_number"] = seller.change(service.issue_invoice, invoice).number
            names[f"{whose}_gross"] = str(seller.read(queries.get_document, invoice.id).totals.gross)
            sold = seller.change(service.seal_receipt, office.draft_of(seller, "PAR"), printer)
            names[f"{whose}_printed"], names[f"{whose}_printed_receipt"] = str(sold.id), str(sold.receipt_id)
            _print(printing, printer, len(names))
            waiting = seller.change(service.seal_receipt, office.draft_of(seller, "PAR", quantity=2), printer)
            names[f"{whose}_sealed"], names[f"{whose}_receipt"] = str(waiting.id), str(waiting.receipt_id)
            _save_draft(stage, seller, whose)
            _save_receipt_draft(stage, seller, whose)
        finally:
            seller.close()
            printing.close()
    _write(stage, boss)
    with stage.owner() as owner:
        # Dismissed, but by a hand that did not close her login: what is refused to her, the rows themselves refuse.
        owner.execute("update organisation.employee set active = false where id = %s", [names["kinga"]])
        for name, query in _IDS.items():
            row = owner.execute(query).fetchone()  # type: ignore[call-overload]
            assert row is not None
            names[name] = str(row[0])
    closed = next(branch for branch in boss.read(list_branches) if branch.code == "GD")
    _save_draft_of(stage, "gosia", "closed")
    today = boss.read(_today)
    boss.change(organisation.save_branch, replace(closed, closed_until=today))
    _save_draft_of(stage, "zofia", "late", back=40)
    krakow = next(branch for branch in boss.read(list_branches) if branch.code == "KR")
    boss.change(organisation.save_branch, replace(krakow, closed_until=today - timedelta(days=30)))
    names["yesterday"] = str(today - timedelta(days=1))
    names["today"] = str(today)


_IDS = {
    "anna": "select id from organisation.employee where login = 'anna'",
    "wanda": "select id from organisation.employee where login = 'wanda'",
    "szef": "select id from organisation.employee where login = 'szef'",
    "administrator_role": "select id from organisation.role where name = 'Administrator'",
    "item": "select id from catalogue.item where code = 'LED-9'",
    "party": "select id from parties.party where code = 'VOLT'",
    "kind": "select id from documents.kind where code = 'FS'",
    "fiscal_kind": "select id from documents.kind where code = 'PAR'",
    "own_series": "select s.id from organisation.number_series s join organisation.branch b on b.id = s.branch_id"
    " where s.code = 'FS' and b.code = 'KR'",
    "foreign_series": "select s.id from organisation.number_series s join organisation.branch b on b.id = s.branch_id"
    " where s.code = 'FS' and b.code = 'WA'",
    "own_job": "select j.id from jobs.job j join fiscal.receipt r on r.id::text = j.arguments ->> 'receipt_id'"
    " join organisation.branch b on b.id = r.branch_id where j.state = 'waiting' and b.code = 'KR'",
}


def _write(stage: Stage, boss: Database) -> None:
    """The administrator and Wanda have something between themselves."""
    wanda = next(each for each in boss.read(find_people, "wanda")[0] if each.name == "Wanda")
    letter = Letter(new_id(), "Między nami", (wanda,))
    boss.change(messages.send_message, letter)
    stage.names["foreign_message"] = str(letter.id)


def _save_draft_of(stage: Stage, person: str, whose: str, back: int = 0) -> None:
    seller = stage.office.enter(stage.logins[person])
    try:
        _save_draft(stage, seller, whose, back)
    finally:
        seller.close()


def _save_draft(stage: Stage, seller: Database, whose: str, back: int = 0) -> None:
    """A stored draft that could be issued as it is; its hash is what the guarded function wants to be told."""
    draft = office.draft_of(seller, "FS", lines=3)
    day = draft.issue_date - timedelta(days=back)
    draft = replace(draft, issue_date=day, sale_date=day, due_date=day)
    saved = seller.change(service.save_draft, draft)
    amounts = totals(draft, percents(seller.read(list_rates), day))
    stage.names[f"{whose}_draft"] = str(draft.id)
    stage.names[f"{whose}_version"] = str(saved.version)
    stage.names[f"{whose}_hash"] = "\\x" + content_hash(draft, amounts).hex()


def _save_receipt_draft(stage: Stage, seller: Database, whose: str) -> None:
    """A stored draft of a receipt, and what its printer would be told."""
    draft = office.draft_of(seller, "PAR", lines=2)
    seller.change(service.save_draft, draft)
    amounts = totals(draft, percents(seller.read(list_rates), draft.sale_date))
    content = receipt_of(draft, amounts, RateTable.from_json(office.RATES), new_id())
    stage.names[f"{whose}_till_draft"] = str(draft.id)
    stage.names[f"{whose}_till_hash"] = "\\x" + content_hash(draft, amounts).hex()
    stage.names[f"{whose}_content"] = json.dumps(content.to_json())


def _print(till: Database, device: UUID, number: int) -> None:
    """The till reports a print, step by step as the program does."""
    holder = new_id()
    assert till.change(fiscal.hold_lease, device, holder) is not None
    claimed = till.change(fiscal.claim_receipt, device, holder)
    assert claimed is not None
    job, receipt, _, attempt = claimed
    till.change(fiscal.write_journal, device, holder, receipt, attempt, "baseline", {})
    numbers = Numbers("ZBF 1", number, 1, number, "2026-11-24T12:00")
    till.change(fiscal.record_printed, device, holder, job, receipt, numbers, {})
    till.change(fiscal.release_lease, device, holder)


def _today(tx: Transaction) -> date:
    return tx.today
