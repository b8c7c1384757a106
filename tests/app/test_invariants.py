"""ARC-05, SAL-03, FIS-08: every invariant of the base is broken once, past all guards, and its proof names the row.

As a superuser with `session_replication_role = replica`, so that neither a trigger nor a foreign key hinders; constraints that would
are taken away first. All in transactions that are rolled back.
"""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from crm_desktop.core.errors import NotAllowed, Refused
from crm_desktop.db.connect import Profile
from crm_desktop.db.database import Database
from crm_desktop.db.keys import new_id
from crm_desktop.db.proof import prove
from crm_desktop.documents import service as sales
from crm_desktop.fiscal import service as fiscal
from crm_desktop.fiscal.rules.model import Numbers
from crm_desktop.messages import service as messages
from crm_desktop.messages.rules.model import Colleague, Letter
from crm_desktop.modules import MODULES, invariants
from crm_desktop.organisation import queries as organisation
from crm_desktop.organisation import service as organisation_service
from crm_desktop.organisation.queries import list_branches
from crm_desktop.organisation.rules.model import Employee, Role
from tests.support import office
from tests.support.office import KRAKOW, PRINTER, WARSZAWA
from tests.support.postgres import TestServer
from tests.support.proving import broken

Connection = psycopg.Connection[Any]
MESSAGE = UUID(int=0x5E)
NAMES = [invariant.name for invariant in invariants()]


@dataclass(frozen=True)
class Break:
    """statement: what a hand past the guards does, with {names} of the work; tells: a name of the work whose document or number the
    proof must give, else the text that its row must be called by."""

    statement: str
    tells: str


@dataclass
class Work:
    """A company at work, and its documents by name: ids, and numbers as `<name>_number`."""

    server: TestServer
    profile: Profile
    names: dict[str, str] = field(default_factory=dict)

    def owner(self) -> Connection:
        """The superuser's connection to this base."""
        return psycopg.connect(self.server.server.dsn(self.profile.database))


@pytest.fixture(scope="module")
def work(server: TestServer) -> Iterator[Work]:
    """Kraków closed up to yesterday with an invoice in the closed days, three of today, three printed receipts, one that waits, a draft."""
    database = server.clone()
    profile = Profile(server.server.host, server.server.port, database, "disable", role_prefix=office.TEMPLATE)
    made, beskid = Work(server, profile), office.Office(profile)
    desks = anna, till, boss = beskid.enter("anna"), beskid.enter("ws_kasa1"), beskid.enter("szef")
    try:
        _sell(made, anna, till, boss)
    finally:
        for desk in desks:
            desk.close()
    yield made
    server.drop(database)


def _sell(work: Work, anna: Database, till: Database, boss: Database) -> None:
    names = work.names
    draft = office.draft_of(boss, "FS", lines=2)
    day = draft.issue_date - timedelta(days=3)
    early = replace(draft, branch_id=KRAKOW, issue_date=day, sale_date=day, due_date=draft.issue_date)
    names["early"], names["early_number"] = str(early.id), boss.change(sales.issue_invoice, early).number
    krakow = next(branch for branch in boss.read(list_branches) if branch.id == KRAKOW)
    boss.change(organisation_service.save_branch, replace(krakow, closed_until=draft.issue_date - timedelta(days=1)))
    for name in ("first", "second", "third"):
        invoice = office.draft_of(anna, "FS", lines=2)
        names[name], names[f"{name}_number"] = str(invoice.id), anna.change(sales.issue_invoice, invoice).number
    for number, name in enumerate(("paper1", "paper2", "paper3"), 1):
        sold = anna.change(sales.seal_receipt, office.draft_of(anna, "PAR"), PRINTER)
        names[name], names[f"{name}_receipt"] = str(sold.id), str(sold.receipt_id)
        _print(till, number)
    waiting = anna.change(sales.seal_receipt, office.draft_of(anna, "PAR", quantity=2), PRINTER)
    names["waiting"], names["waiting_receipt"] = str(waiting.id), str(waiting.receipt_id)
    begun = office.draft_of(anna, "FS")
    anna.change(sales.save_draft, begun)
    colleague = Colleague(UUID(str(anna.who.employee_id)), anna.who.name)
    boss.change(messages.send_message, Letter(MESSAGE, "Sprawdź paragony", (colleague,)))
    names["draft"], names["krakow"] = str(begun.id), str(KRAKOW)


def _print(till: Database, number: int) -> None:
    """The till reports a print, step by step as the program does."""
    holder = new_id()
    assert till.change(fiscal.hold_lease, PRINTER, holder) is not None
    claimed = till.change(fiscal.claim_receipt, PRINTER, holder)
    assert claimed is not None
    job, receipt, _, attempt = claimed
    till.change(fiscal.write_journal, PRINTER, holder, receipt, attempt, "baseline", {})
    numbers = Numbers("ZBF 2601000017", number, 1, number, "2026-11-24T12:00")
    till.change(fiscal.record_printed, PRINTER, holder, job, receipt, numbers, {})
    till.change(fiscal.release_lease, PRINTER, holder)


DOCUMENT, LINE, RECEIPT = "update documents.document set ", "update documents.line set ", "update fiscal.receipt set "
OF_FIRST = " where document_id = '{first}'"
IS_FIRST, IS_SECOND = " where id = '{first}'", " where id = '{second}'"

#: Invariant -> every way in which it is broken here.
BREAKS: dict[str, tuple[Break, ...]] = {
    "messages.recipients": (
        Break("delete from messages.recipient", str(MESSAGE)),
        Break("update messages.recipient set read_at = now() - interval '9 days'", str(MESSAGE)),
    ),
    "messages.orphans": (
        Break("update messages.message set sender_id = gen_random_uuid()", "messages.message"),
        Break("update messages.recipient set employee_id = gen_random_uuid()", "messages.recipient"),
        Break("delete from messages.message", "messages.recipient"),
        Break("update messages.message set answers = gen_random_uuid()", "messages.message"),
    ),
    "organisation.guards": (
        Break("alter table documents.document disable trigger frozen", "documents.document"),
        Break("alter table documents.line disable row level security", "documents.line"),
        Break("drop trigger note_update on parties.party", "parties.party"),
    ),
    "organisation.logins": (
        Break("update organisation.employee set active = false where login = 'wanda'", "wanda"),
        Break("update organisation.workstation set role_name = 'nobody' where code = 'kasa1'", "kasa1"),
    ),
    "organisation.administrator": (
        Break("delete from organisation.role_permission where permission = 'organisation.employ'", "Sieć Handlowa Beskid Sp. z o.o."),
    ),
    "organisation.rights": (
        Break("update organisation.role_permission set permission = 'x.y' where permission = 'organisation.employ'", "Administrator"),
    ),
    "organisation.series": (
        Break(
            "insert into organisation.number_series (id, code, branch_id, pattern, restart)"
            " select gen_random_uuid(), 'ZZ', branch_id, pattern, restart from organisation.number_series where code = 'FS'",
            "(KR)",
        ),
    ),
    "organisation.orphans": (
        Break("update organisation.employee_role set role_id = gen_random_uuid()", "organisation.employee_role"),
        Break("update organisation.employee_branch set employee_id = gen_random_uuid()", "organisation.employee_branch"),
        Break("update organisation.number_series set branch_id = gen_random_uuid() where code = 'FS'", "FS"),
        Break("insert into organisation.setting values ('x.y', 'branch', 'gone', '1')", "x.y"),
    ),
    "parties.tax_numbers": (
        Break(
            "alter table parties.party drop constraint party_nip_valid; update parties.party set nip = '1234567890' where code = 'VOLT'",
            "VOLT",
        ),
    ),
    "parties.orphans": (Break("update parties.party set group_id = id where code = 'VOLT'", "VOLT"),),
    "catalogue.barcodes": (
        Break(
            "alter table catalogue.item_unit drop constraint item_unit_barcode_unique; insert into catalogue.item_unit"
            " select gen_random_uuid(), item_id, 'karton', 12, barcode from catalogue.item_unit",
            "5901234123457",
        ),
    ),
    "catalogue.rates": (
        Break(
            "alter table catalogue.vat_rate drop constraint vat_rate_periods_apart; insert into catalogue.vat_rate"
            " (id, code, valid_from, percent) values (gen_random_uuid(), '23', '2026-02-01', 23)",
            "23",
        ),
        Break("update catalogue.item set vat = '99'", "LED-9"),
    ),
    "catalogue.orphans": (
        Break("update catalogue.item set group_id = id", "LED-9"),
        Break("delete from catalogue.item", "szt."),
    ),
    "fiscal.number_once": (
        Break(
            "alter table fiscal.receipt_print drop constraint receipt_print_once; update fiscal.receipt_print set receipt_number = 1"
            " where receipt_id = '{paper2_receipt}'",
            "paper2",
        ),
    ),
    "fiscal.no_hole": (Break("delete from fiscal.receipt_print where receipt_id = '{paper2_receipt}'", "paper3"),),
    "fiscal.days": (
        Break(
            "update fiscal.receipt_print set daily_report = 2, printed_on = printed_on - 1 where receipt_id = '{paper3_receipt}'", "paper3"
        ),
    ),
    "fiscal.queue": (Break("update jobs.job set state = 'done'", "waiting"),),
    "fiscal.decisions": (Break(RECEIPT + "decided_by = sealed_by where id = '{paper1_receipt}'", "paper1"),),
    "fiscal.prints": (
        Break(RECEIPT + "state = 'printed' where id = '{waiting_receipt}'", "waiting"),
        Break("update fiscal.receipt_print set receipt_id = gen_random_uuid() where receipt_id = '{paper1_receipt}'", "paper1"),
    ),
    "fiscal.orphans": (
        Break(RECEIPT + "device_id = gen_random_uuid() where id = '{paper1_receipt}'", "paper1"),
        Break("update fiscal.receipt_print set branch_id = gen_random_uuid() where receipt_id = '{paper1_receipt}'", "paper1"),
        Break("update fiscal.journal set receipt_id = gen_random_uuid() where receipt_id = '{paper1_receipt}'", "baseline"),
        Break("delete from organisation.workstation", "Kasa 1"),
    ),
    "documents.numbers": (
        Break("delete from documents.document" + IS_SECOND, "third"),
        Break("delete from documents.document where id = '{third}'", "FS KR"),
        Break(DOCUMENT + "number = replace(number, '/', '-')" + IS_SECOND, "second"),
        Break("update organisation.number_counter set last_number = last_number + 1", "FS KR"),
        Break("delete from organisation.number_counter", "first"),
    ),
    "documents.dates": (
        Break(DOCUMENT + "issue_date = issue_date - 5" + IS_FIRST, "first"),
        Break("update organisation.number_counter set last_date = last_date - 1", "first"),
    ),
    "documents.stamps": (
        Break(DOCUMENT + "series_id = null" + IS_FIRST, "first"),
        Break(DOCUMENT + "issued_by = gen_random_uuid()" + IS_FIRST, "first"),
    ),
    "documents.lines": (
        Break(LINE + "discount = discount + 1" + OF_FIRST, "first"),
        Break(LINE + "quantity = 0" + OF_FIRST, "first"),
        Break(LINE + "gross = gross + 1" + OF_FIRST, "first"),
    ),
    "documents.vat_rows": (
        Break("update documents.vat_row set tax = tax + 1, gross = gross + 1" + OF_FIRST, "first"),
        Break("delete from documents.vat_row" + OF_FIRST, "first"),
        Break(LINE + "vat = '8' where document_id = '{first}' and position = 1", "first"),
        Break("delete from documents.line" + OF_FIRST, "first"),
    ),
    "documents.totals": (
        Break(DOCUMENT + "net = net + 1, gross = gross + 1" + IS_FIRST, "first"),
        Break("delete from documents.vat_row" + OF_FIRST, "first"),
    ),
    "documents.snapshots": (
        Break("delete from documents.revision" + OF_FIRST, "first"),
        Break("update documents.revision set seller = '{{}}'" + OF_FIRST, "first"),
        Break("update documents.revision set content_hash = ''" + OF_FIRST, "first"),
    ),
    "documents.content": (
        Break(DOCUMENT + "notes = 'x'" + IS_FIRST, "first"),
        Break(LINE + "name = 'x'" + OF_FIRST, "first"),
        Break("delete from documents.revision" + OF_FIRST, "first"),
    ),
    "documents.audit": (Break("delete from audit.entry where row_id = '{first}'", "first"),),
    "documents.drafts": (
        Break(DOCUMENT + "state = 'draft', number = null, series_id = null, issued_at = null, issued_by = null" + IS_FIRST, "first"),
    ),
    "documents.costs": (
        Break("update documents.line_cost set cost = cost + 1" + OF_FIRST, "first"),
        Break("delete from documents.line_cost" + OF_FIRST, "first"),
    ),
    "documents.printed_once": (Break("delete from fiscal.receipt_print where receipt_id = '{paper1_receipt}'", "paper1"),),
    "documents.of_prints": (
        Break(DOCUMENT + "state = 'sealed', number = null, issued_at = null, issued_by = null where id = '{paper1}'", "paper1"),
    ),
    "documents.receipt_sums": (
        Break(RECEIPT + "content = jsonb_set(content, '{{due}}', '1') where id = '{paper1_receipt}'", "paper1"),
        Break(RECEIPT + "content = content - 'due' where id = '{waiting_receipt}'", "waiting"),
    ),
    "documents.sealed": (
        Break("update documents.revision set frozen_at = now() - interval '61 minutes' where document_id = '{waiting}'", "waiting"),
    ),
    "documents.at_printer": (
        Break("delete from fiscal.receipt where id = '{waiting_receipt}'", "waiting"),
        Break(DOCUMENT + "state = 'draft' where id = '{waiting}'", "waiting"),
    ),
    "documents.buyers": (
        Break(DOCUMENT + "buyer_name = 'X'" + IS_FIRST, "first"),
        Break(DOCUMENT + "buyer_id = null" + IS_FIRST, "first"),
    ),
    "documents.orphans": (
        Break("delete from documents.document" + IS_FIRST, "first"),
        Break(LINE + "branch_id = gen_random_uuid()" + OF_FIRST, "first"),
        Break(LINE + "item_id = null" + OF_FIRST, "first"),
        Break("delete from catalogue.item", "Żarówka LED 9 W"),
        Break("delete from parties.party", "first"),
        Break("delete from documents.line" + OF_FIRST, "first"),
    ),
    "documents.closed_periods": (
        Break(DOCUMENT + "gross = gross + 1, tax = tax + 1 where id = '{early}'", "KR"),
        Break("delete from documents.document where id = '{early}'", "KR"),
        Break(DOCUMENT + "issue_date = issue_date - 2" + IS_FIRST, "first"),
        Break("delete from documents.closed_period", "KR"),
    ),
}


CASES = [pytest.param(name, way, id=f"{name}-{number}") for name, ways in BREAKS.items() for number, way in enumerate(ways, 1)]


def test_a_base_at_work_is_sound(work: Work) -> None:
    with work.owner() as owner:
        assert broken(owner) == {}


def test_every_invariant_is_broken_here(work: Work) -> None:
    """What is declared is broken above, is in the database, and nothing there is undeclared."""
    assert set(BREAKS) == set(NAMES)
    assert len(NAMES) >= 20
    with work.owner() as owner:
        functions = owner.execute("select proname from pg_proc where proname like 'prove\\_%' and pronamespace = 'code'::regnamespace")
        assert {name for (name,) in functions.fetchall()} == {"prove_" + name.replace(".", "_") for name in NAMES}
    assert all(invariant.name.startswith(f"{module.name}.") for module in MODULES for invariant in module.invariants)


@pytest.mark.parametrize(("name", "way"), CASES)
def test_the_proof_names_the_row(work: Work, name: str, way: Break) -> None:
    with work.owner() as owner:
        owner.execute("set local session_replication_role = replica")
        owner.execute(way.statement.format(**work.names))  # type: ignore[call-overload]
        proof = prove(owner, name)
        owner.rollback()
    assert proof.broken == len(proof.rows) > 0
    if way.tells in work.names:
        assert work.names[way.tells] in {str(row.document_id) for row in proof.rows}, proof.rows
    else:
        assert any(way.tells in row.record for row in proof.rows), proof.rows


def test_a_cancelled_receipt_explains_a_hole(work: Work) -> None:
    """FIS-08: the device counts a cancelled receipt among the numbers of the day; what it counted beyond that is missing."""
    counted = "update fiscal.journal set data = jsonb_build_object('baseline', jsonb_build_object('cancelled', {})) where receipt_id = '{}'"
    with work.owner() as owner:
        owner.execute("set local session_replication_role = replica")
        owner.execute("delete from fiscal.receipt_print where receipt_id = %s", [work.names["paper2_receipt"]])
        for cancelled, broken_rows in ((4, 1), (5, 0)):
            owner.execute(counted.format(4, work.names["paper1_receipt"]))  # type: ignore[call-overload]
            owner.execute(counted.format(cancelled, work.names["paper3_receipt"]))  # type: ignore[call-overload]
            assert prove(owner, "fiscal.no_hole").broken == broken_rows
        owner.rollback()


# Who may prove, and what she is told ------------------------------------------------------------------------------------------


@pytest.fixture
def beskid(server: TestServer, fresh_database: str) -> office.Office:
    return office.Office(Profile(server.server.host, server.server.port, fresh_database, "disable", role_prefix=office.TEMPLATE))


def _auditor(boss: Database) -> str:
    """Somebody in Kraków who may prove and nothing else."""
    role = Role(new_id(), "Kontrola", ("organisation.prove",))
    boss.change(organisation_service.define_role, role)
    login = f"kontrola{secrets.token_hex(4)}"
    employee = Employee(new_id(), login, "Kontrola", (role.id,), (KRAKOW,))
    boss.change(organisation_service.employ, employee, organisation_service.verifier_of(office.PASSWORD))
    return login


def test_who_has_the_right_proves_the_whole_base(work: Work, beskid: office.Office) -> None:
    """The whole base is looked at; rows of branches that are not hers are counted, not told (NBR-07)."""
    boss = beskid.enter("szef")
    boss.change(office.define_series, WARSZAWA)
    auditor, wanda, anna = beskid.enter(_auditor(boss)), beskid.enter("wanda"), beskid.enter("anna")
    try:
        there, here = office.draft_of(wanda, "FS"), office.draft_of(anna, "FS")
        number = wanda.change(sales.issue_invoice, there).number
        anna.change(sales.issue_invoice, here)
        with psycopg.connect(work.server.server.dsn(beskid.profile.database), autocommit=True) as owner:
            owner.execute("set session_replication_role = replica")
            owner.execute("update documents.document set notes = 'x'")
        assert auditor.read(organisation.prove, "documents.lines").broken == 0
        proof = auditor.read(organisation.prove, "documents.content")
        assert (proof.broken, proof.elsewhere) == (2, 1)
        assert [row.document_id for row in proof.rows] == [here.id]
        whole = boss.read(organisation.prove, "documents.content")
        assert (whole.broken, whole.elsewhere) == (2, 0)
        assert number in {row.record for row in whole.rows}
    finally:
        for desk in (boss, auditor, wanda, anna):
            desk.close()


def test_who_has_not_the_right_proves_nothing(beskid: office.Office) -> None:
    anna = beskid.enter("anna")
    try:
        with pytest.raises(NotAllowed):
            anna.read(organisation.prove, "documents.lines")
    finally:
        anna.close()


def test_an_invariant_that_is_not_there_is_refused(beskid: office.Office) -> None:
    boss = beskid.enter("szef")
    try:
        for name in ("documents.nothing", "x", "documents.lines(); drop table documents.line"):
            with pytest.raises(Refused):
                boss.read(organisation.prove, name)
    finally:
        boss.close()
