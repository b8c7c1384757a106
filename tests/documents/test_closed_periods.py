"""Closing a branch keeps what stands in the closed days as a hash; who closes and who issues wait for each other."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import psycopg
import pytest

from crm_desktop.core.errors import Refused
from crm_desktop.db.connect import Profile
from crm_desktop.db.database import Database
from crm_desktop.documents import service
from crm_desktop.organisation import service as organisation
from crm_desktop.organisation.queries import list_branches
from tests.support import office
from tests.support.office import KRAKOW
from tests.support.postgres import TestServer
from tests.support.proving import broken
from tests.support.upgrading import wait_until

Owner = psycopg.Connection[Any]


@pytest.fixture
def beskid(server: TestServer, fresh_database: str) -> office.Office:
    return office.Office(Profile(server.server.host, server.server.port, fresh_database, "disable", role_prefix=office.TEMPLATE))


@pytest.fixture
def boss(beskid: office.Office) -> Iterator[Database]:
    desk = beskid.enter("szef")
    yield desk
    desk.close()


@pytest.fixture
def anna(beskid: office.Office) -> Iterator[Database]:
    desk = beskid.enter("anna")
    yield desk
    desk.close()


@pytest.fixture
def owner(server: TestServer, fresh_database: str) -> Iterator[Owner]:
    with psycopg.connect(server.server.dsn(fresh_database), autocommit=True) as connection:
        yield connection


def close(boss: Database, until: date | None) -> None:
    krakow = next(branch for branch in boss.read(list_branches) if branch.id == KRAKOW)
    boss.change(organisation.save_branch, replace(krakow, closed_until=until))


def sell(boss: Database, days_ago: int) -> date:
    """An invoice with an earlier date."""
    draft = office.draft_of(boss, "FS")
    day = draft.issue_date - timedelta(days=days_ago)
    boss.change(service.issue_invoice, replace(draft, branch_id=KRAKOW, issue_date=day, sale_date=day))
    return day


def periods(owner: Owner) -> list[tuple[Any, ...]]:
    return owner.execute("select after, until, documents from documents.closed_period order by until").fetchall()


def test_each_closing_keeps_the_days_since_the_last_one(boss: Database, owner: Owner) -> None:
    first = sell(boss, 20)
    close(boss, first)
    second = sell(boss, 10)
    sell(boss, 10)
    close(boss, second)
    sell(boss, 1)
    assert periods(owner) == [(None, first, 1), (first, second, 2)]
    assert broken(owner) == {}


def test_opening_takes_the_hashes_of_the_open_days_away(boss: Database, owner: Owner) -> None:
    """And the audit says who did it."""
    first = sell(boss, 20)
    close(boss, first)
    second = sell(boss, 10)
    close(boss, second)
    between = first + timedelta(days=3)
    close(boss, between)
    assert periods(owner) == [(None, first, 1), (first, between, 0)]
    close(boss, None)
    assert periods(owner) == []
    assert broken(owner) == {}
    told = owner.execute("select distinct role from audit.entry where table_name = 'documents.closed_period' and act = 'delete'")
    assert told.fetchall() == [(f"{office.TEMPLATE}_szef",)]


def test_a_period_is_not_closed_over_a_document_that_waits_for_its_receipt(boss: Database, anna: Database, owner: Owner) -> None:
    """It will be issued with that day: the period would change afterwards."""
    sealed = office.draft_of(anna, "PAR")
    anna.change(service.seal_receipt, sealed, office.PRINTER)
    with pytest.raises(Refused) as refused:
        close(boss, sealed.issue_date)
    assert [(problem.code, problem.field) for problem in refused.value.problems] == [("period_sealed", "closed_until")]
    close(boss, sealed.issue_date - timedelta(days=1))
    assert len(periods(owner)) == 1


def waiting(owner: Owner) -> bool:
    query = "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and wait_event = 'advisory'"
    return owner.execute(query).fetchone() is not None


def beside(act: Callable[[], object]) -> tuple[threading.Thread, list[object]]:
    """Something that somebody else does at the same time, and how it ended."""
    ended: list[object] = []

    def run() -> None:
        try:
            ended.append(act())
        except Exception as error:
            ended.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    return thread, ended


def test_who_closes_waits_for_who_is_issuing(server: TestServer, fresh_database: str, boss: Database, anna: Database, owner: Owner) -> None:
    """The invoice that is on its way is in the hash."""
    draft = office.draft_of(anna, "FS")
    anna.change(service.issue_invoice, office.draft_of(anna, "FS"))
    with psycopg.connect(server.server.dsn(fresh_database)) as issuing:
        issuing.execute("select pg_advisory_xact_lock_shared(7205003, hashtext(%s))", [str(KRAKOW)])  # as code.lock_document does
        thread, ended = beside(lambda: close(boss, draft.issue_date))
        wait_until(lambda: waiting(owner))
        assert periods(owner) == []
        anna.change(service.issue_invoice, draft)  # others go on issuing
        issuing.commit()
    thread.join(30)
    assert ended == [None]
    assert [documents for _, _, documents in periods(owner)] == [2]
    assert broken(owner) == {}


def test_who_issues_waits_for_who_is_closing(server: TestServer, fresh_database: str, anna: Database, owner: Owner) -> None:
    """And learns that the day is closed."""
    draft = office.draft_of(anna, "FS")
    with psycopg.connect(server.server.dsn(fresh_database)) as closing:
        closing.execute("set idle_in_transaction_session_timeout = 0")
        closing.execute("update organisation.branch set closed_until = %s where id = %s", [draft.issue_date, KRAKOW])
        thread, ended = beside(lambda: anna.change(service.issue_invoice, draft))
        wait_until(lambda: waiting(owner))
        closing.commit()
    thread.join(30)
    (refused,) = ended
    assert isinstance(refused, Refused)
    assert [problem.code for problem in refused.problems] == ["period_closed"]
    assert [documents for _, _, documents in periods(owner)] == [0]
