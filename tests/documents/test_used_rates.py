"""VAT rates under the hands of an administrator, while documents are issued with them, on a real PostgreSQL."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import psycopg
import pytest

from crm_desktop.catalogue.queries import list_periods
from crm_desktop.catalogue.rules.model import RatePeriod
from crm_desktop.catalogue.service import remove_rate, save_rate
from crm_desktop.core.errors import Conflict, CrmError, NotAllowed, Refused
from crm_desktop.core.i18n import tell
from crm_desktop.db.connect import Profile
from crm_desktop.db.database import Database
from crm_desktop.db.keys import new_id
from crm_desktop.db.transaction import Transaction
from crm_desktop.documents import service
from crm_desktop.documents.rules.model import Draft
from tests.support import office
from tests.support.postgres import TestServer
from tests.support.upgrading import wait_until

SOON = timedelta(10)


@pytest.fixture
def beskid(server: TestServer, fresh_database: str) -> office.Office:
    return office.Office(Profile(server.server.host, server.server.port, fresh_database, "disable", role_prefix=office.TEMPLATE))


@pytest.fixture
def anna(beskid: office.Office) -> Iterator[Database]:
    desk = beskid.enter("anna")
    yield desk
    desk.close()


@pytest.fixture
def boss(beskid: office.Office) -> Iterator[Database]:
    desk = beskid.enter("szef")
    yield desk
    desk.close()


def basic(boss: Database) -> RatePeriod:
    return next(period for period in boss.read(list_periods) if period.code == "23")


def sold(anna: Database, after: timedelta = SOON) -> Draft:
    """An invoice for a sale some days from now: art. 106i(7) allows it 60 days before."""
    draft = office.draft_of(anna, "FS")
    day = draft.issue_date + after
    return replace(draft, sale_date=day, due_date=day)


def told(error: Refused) -> list[tuple[str, str]]:
    return [(problem.code, problem.field) for problem in error.problems]


def test_who_has_no_right_changes_no_rate(anna: Database) -> None:
    """NBR-08: refused by name; plain statements are tried in tests/hostile."""
    new = RatePeriod(new_id(), "4", Decimal(4), date(2999, 1, 1), None, "ryczałt")
    with pytest.raises(NotAllowed):
        anna.change(save_rate, new)


def test_a_rate_ends_and_another_begins(anna: Database, boss: Database) -> None:
    """The law changes the basic rate: the old one ends, the new one has a code of its own; sale dates choose between them."""
    last = boss.read(_today) + SOON
    boss.change(save_rate, replace(basic(boss), valid_to=last))
    boss.change(save_rate, RatePeriod(new_id(), "24", Decimal(24), last + timedelta(1), None, "stawka podstawowa"))
    assert anna.change(service.issue_invoice, sold(anna)).number
    late = sold(anna, SOON + timedelta(1))
    with pytest.raises(Refused):
        anna.change(service.issue_invoice, late)
    raised = replace(late, lines=tuple(replace(line, vat="24") for line in late.lines))
    assert anna.change(service.issue_invoice, raised).number


def test_a_rate_does_not_end_before_the_sale_dates_of_issued_documents(anna: Database, boss: Database) -> None:
    draft = sold(anna)
    anna.change(service.issue_invoice, draft)
    with pytest.raises(Refused) as refusal:
        boss.change(save_rate, replace(basic(boss), valid_to=draft.sale_date - timedelta(1)))
    assert told(refusal.value) == [("vat_rate_used", "valid_to")]
    assert f"{draft.sale_date:%d.%m.%Y}" in tell(refusal.value.problems[0])
    saved = boss.change(save_rate, replace(basic(boss), valid_to=draft.sale_date))
    assert saved.version == 2


def test_a_draft_keeps_no_rate(anna: Database, boss: Database) -> None:
    """It is told at its issue."""
    draft = sold(anna)
    saved = anna.change(service.save_draft, draft)
    boss.change(save_rate, replace(basic(boss), valid_to=draft.issue_date))
    with pytest.raises(Refused):
        anna.change(service.issue_invoice, replace(draft, version=saved.version))


def test_a_period_to_come_that_a_document_has_stays(anna: Database, boss: Database) -> None:
    """Neither removed, nor renamed, nor moved behind the sale: the print says its name."""
    draft = sold(anna)
    planned = RatePeriod(new_id(), "24", Decimal(24), draft.issue_date + timedelta(5), None, "stawka podstawowa")
    boss.change(save_rate, planned)
    anna.change(service.issue_invoice, replace(draft, lines=tuple(replace(line, vat="24") for line in draft.lines)))
    stored = replace(planned, version=1)
    for changed in (replace(stored, name="x"), replace(stored, valid_from=draft.sale_date + timedelta(1))):
        with pytest.raises(Refused) as refusal:
            boss.change(save_rate, changed)
        assert told(refusal.value) == [("vat_rate_used", "valid_to")]
    with pytest.raises(Refused):
        boss.change(remove_rate, stored)
    boss.change(save_rate, replace(stored, valid_from=draft.sale_date))


def test_a_period_to_come_that_nothing_has_goes(boss: Database) -> None:
    planned = RatePeriod(new_id(), "24", Decimal(24), date(2999, 1, 1), None, "stawka podstawowa")
    boss.change(save_rate, planned)
    with pytest.raises(Conflict):
        boss.change(remove_rate, replace(planned, version=7))
    boss.change(remove_rate, replace(planned, version=1))
    assert all(period.code != "24" for period in boss.read(list_periods))


def test_two_who_change_one_period(boss: Database) -> None:
    read, today = basic(boss), boss.read(_today)
    boss.change(save_rate, replace(read, valid_to=today + SOON))
    with pytest.raises(Conflict):
        boss.change(save_rate, replace(read, valid_to=today + 2 * SOON))


def test_who_ends_a_rate_waits_for_who_is_issuing_with_it(server: TestServer, fresh_database: str, anna: Database, boss: Database) -> None:
    """Otherwise the document would be issued with a rate that does not hold on its sale date, and nobody would have seen it."""
    draft, read, errors = sold(anna), basic(boss), []

    def end() -> None:
        try:
            boss.change(save_rate, replace(read, valid_to=draft.issue_date))
        except CrmError as error:
            errors.append(error)

    administrator = threading.Thread(target=end)

    def issue_slowly(tx: Transaction) -> str:
        number = service.issue_invoice(tx, draft).number  # asked for: the document is issued, not yet committed
        administrator.start()
        wait_until(lambda: _waits(server, fresh_database), 20)
        return number

    assert anna.change(issue_slowly)
    administrator.join(20)
    (error,) = errors
    assert isinstance(error, Refused) and told(error) == [("vat_rate_used", "valid_to")]
    assert basic(boss) == read


def _waits(server: TestServer, database: str) -> bool:
    with psycopg.connect(server.server.dsn(database)) as connection:
        query = "select from pg_locks where relation = 'documents.document'::regclass and mode = 'ExclusiveLock' and not granted"
        return connection.execute(query).fetchone() is not None


def _today(tx: Transaction) -> date:
    return tx.today
