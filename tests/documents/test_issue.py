"""From draft to issued on a real PostgreSQL, under an operator's own login that sees one branch."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from crm_desktop.core.errors import Conflict, NotAllowed, Refused
from crm_desktop.db.connect import Profile, connect
from crm_desktop.db.database import Database
from crm_desktop.db.keys import new_id
from crm_desktop.db.transaction import NotFound
from crm_desktop.documents import queries, service
from crm_desktop.documents.rules.model import State
from crm_desktop.documents.rules.story import Change, acts_of
from crm_desktop.fiscal import queries as fiscal_queries
from crm_desktop.fiscal.drivers.posnet.emulator.emulated import EmulatedPosnet
from crm_desktop.fiscal.tasks import DeviceService
from tests.support import office
from tests.support.postgres import TestServer


@pytest.fixture
def beskid(server: TestServer, fresh_database: str) -> office.Office:
    return office.Office(Profile(server.server.host, server.server.port, fresh_database, "disable", role_prefix=office.TEMPLATE))


@pytest.fixture
def anna(beskid: office.Office) -> Iterator[Database]:
    desk = beskid.enter("anna")
    yield desk
    desk.close()


def test_issue_gives_a_number_and_freezes(anna: Database) -> None:
    """SAL-03, SAL-20, ARC-05: the number is given at issue; the document reads back as it was typed."""
    draft = office.draft_of(anna, "FS", lines=10)
    issued = anna.change(service.issue_invoice, draft)
    stored = anna.read(queries.get_document, draft.id)
    assert issued.number.startswith("FS/KR/1/")
    assert stored.state is State.ISSUED
    assert stored.draft == replace(draft, version=issued.version)
    assert stored.totals.gross == Decimal("239.48")
    with pytest.raises(Refused, match="frozen|draft") as refusal:
        anna.change(service.issue_invoice, replace(draft, version=issued.version))
    assert refusal.value.problems


def test_a_document_knows_who_did_what(anna: Database) -> None:
    """NBR-08: from the audit, in one round trip with the document itself."""
    draft = office.draft_of(anna, "FS")
    saved = anna.change(service.save_draft, draft)
    anna.change(service.issue_invoice, replace(draft, version=saved.version))
    document, history = anna.read(queries.open_document, draft.id)
    assert document.state is State.ISSUED
    assert [(entry.who, entry.act) for entry in history] == [("Anna", "entered"), ("Anna", "changed"), ("Anna", "issued")]


def test_the_history_says_what_it_was_before(anna: Database) -> None:
    """NBR-08: header and lines, old and new, each save by itself although it writes all lines anew; never what things cost."""
    draft = office.draft_of(anna, "FS", lines=3)
    first, second, third = draft.lines
    saved = anna.change(service.save_draft, draft)
    cheaper = replace(first, price=first.price - 1)
    changed = replace(draft, notes="pilne", lines=(cheaper, third), version=saved.version)
    saved = anna.change(service.save_draft, changed)
    issued = anna.change(service.issue_invoice, replace(changed, version=saved.version))
    history = anna.read(queries.list_history, draft.id)
    newest, change, entered = acts_of(history)
    assert (newest.act, newest.who, newest.changes) == ("issued", "Anna", (Change("number", "", issued.number),))
    assert Change("lines", "", "3") in entered.changes
    told = {each.field: each for each in change.changes}
    assert told.keys() == {"notes", "lines.0.price", "lines.1", "gross"}
    assert told["notes"] == Change("notes", "", "pilne")
    price = told["lines.0.price"]
    assert (Decimal(price.was), Decimal(price.now)) == (first.price, cheaper.price)
    assert (told["lines.1"].was, told["lines.1"].now) == (second.name, "")
    assert entered.at.utcoffset() == anna.read(lambda tx: tx.now).utcoffset()
    assert "cost" not in str(history)


def test_the_history_of_another_branch_is_empty(beskid: office.Office, anna: Database) -> None:
    """NBR-07."""
    draft = office.draft_of(anna, "FS")
    anna.change(service.save_draft, draft)
    wanda = beskid.enter("wanda")
    try:
        assert wanda.read(queries.list_history, draft.id) == []
    finally:
        wanda.close()


def test_a_failed_issue_leaves_no_gap(anna: Database) -> None:
    """ARC-05: the counter rolls back with the transaction."""
    anna.change(service.issue_invoice, office.draft_of(anna, "FS"))
    stale = office.draft_of(anna, "FS")
    anna.change(service.save_draft, stale)
    with pytest.raises(Conflict):
        anna.change(service.issue_invoice, replace(stale, version=7))
    assert anna.change(service.issue_invoice, office.draft_of(anna, "FS")).number.startswith("FS/KR/2/")


def test_a_repeated_operation_gives_the_first_answer(anna: Database) -> None:
    """ARC-03: after a lost answer to COMMIT the same operation is not done twice."""
    draft, operation = office.draft_of(anna, "FS"), new_id()
    first = anna.change(service.issue_invoice, draft, operation=operation)
    assert anna.change(service.issue_invoice, draft, operation=operation) == first


def test_another_branch_is_not_there(beskid: office.Office, anna: Database) -> None:
    """NBR-07: rights by branch, in the database."""
    draft = office.draft_of(anna, "FS")
    anna.change(service.issue_invoice, draft)
    wanda = beskid.enter("wanda")
    try:
        with pytest.raises(NotFound):
            wanda.read(queries.get_document, draft.id)
        with pytest.raises(NotAllowed):
            wanda.change(service.save_draft, replace(draft, id=new_id(), version=0))
    finally:
        wanda.close()


CONSOLE = (
    ("update documents.document set gross = 1, tax = 0, net = 1", "42501|CR422|00000"),
    ("update documents.document set state = 'draft'", "42501"),
    ("update documents.document set number = 'FS/KR/99/11/2026'", "42501"),
    ("truncate documents.document cascade", "42501"),
    ("truncate documents.line", "42501"),
    ("delete from documents.revision", "42501"),
    ("update documents.vat_row set net = 0", "42501"),
    ("update documents.line set value = 0", "42501"),
    ("update organisation.number_counter set last_number = 0", "42501"),
    ("select code.next_number(gen_random_uuid(), current_date)", "42501"),
    ("insert into organisation.role_permission select id, 'organisation.employ' from organisation.role", "42501"),
    ("select code.define_role(gen_random_uuid(), 0, 'mine', '{organisation.employ}')", "CR403"),
    ("select code.employ(gen_random_uuid(), 'eve', 'Eve', 'x', '{}', '{}')", "CR403"),
    ("select * from audit.entry", "42501"),
    ("alter table documents.document disable trigger all", "42501"),
    ("set session_replication_role = replica", "42501"),
    ("set role crm_template_owner", "42501"),
    ("select code.make_login('x', 'y', 'z')", "42501"),
    ("update fiscal.receipt set state = 'printed'", "42501"),
    (
        "select code.record_printed(gen_random_uuid(), gen_random_uuid(), 1, gen_random_uuid(), '', 1, 1, 1, now()::timestamp, '{}')",
        "42501",
    ),
)


@pytest.mark.parametrize(("statement", "state"), CONSOLE)
def test_hostile_console(beskid: office.Office, anna: Database, statement: str, state: str) -> None:
    """ARC-06: an operator with a plain console and her own login cannot do what the program forbids."""
    draft = office.draft_of(anna, "FS")
    anna.change(service.issue_invoice, draft)
    before = anna.read(queries.get_document, draft.id)
    with connect(beskid.profile, beskid.profile.role("anna"), office.PASSWORD) as console:
        sqlstate = "00000"
        try:
            console.execute(statement)  # type: ignore[call-overload]
        except Exception as error:
            sqlstate = getattr(error, "sqlstate", "") or ""
        assert sqlstate in state.split("|")
    assert anna.read(queries.get_document, draft.id) == before


def test_a_receipt_comes_out_of_another_workstation(beskid: office.Office, anna: Database, tmp_path: Path) -> None:
    """SAL-07, SAL-09, FIS-08: sealed by the operator, printed under the till's login, issued in the transaction that records the print."""
    printer = EmulatedPosnet(tmp_path)
    address = printer.start()
    till = beskid.enter("ws_kasa1")
    try:
        draft = office.draft_of(anna, "PAR")
        sealed = anna.change(service.seal_receipt, draft, office.PRINTER)
        assert anna.read(queries.get_document, draft.id).state is State.SEALED
        device = till.read(fiscal_queries.list_attached, office.TILL)[0]
        owner = DeviceService(till, replace(device, address=address))
        assert owner.step()
        assert not owner.step()
        stored = anna.read(queries.get_document, draft.id)
        assert stored.state is State.ISSUED
        assert stored.number.startswith("PAR/KR/1/")
        assert anna.read(fiscal_queries.get_receipt, sealed.receipt_id).state == "printed"
        assert stored.receipt_number == "1"
    finally:
        till.close()
        printer.stop()
