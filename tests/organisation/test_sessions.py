"""Issue 3, item 4: who waits for whom, as a tree, on a real PostgreSQL; who has the right ends it, nobody else, and the audit says who."""

import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from typing import Any

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_desktop.core.errors import NotAllowed, Refused
from crm_desktop.db.connect import Profile, connect
from crm_desktop.db.database import Database
from crm_desktop.organisation import queries, service
from crm_desktop.organisation.rules.model import Session
from crm_desktop.organisation.rules.sessions import Doing, doing, tree
from crm_desktop.organisation.views.session_window import SessionModel, SessionWindow
from tests.support import office
from tests.support.postgres import TestServer
from tests.support.rig import Rig
from tests.support.upgrading import wait_until

NOON = datetime(2026, 11, 24, 12)


def session(pid: int, state: str = "idle", blocked_by: tuple[int, ...] = (), since: int = 0) -> Session:
    began = NOON - timedelta(seconds=since)
    return Session(pid, NOON, f"P{pid}", f"p{pid}", True, False, "", "", state, began, began, bool(blocked_by), blocked_by, "")


# The tree ---------------------------------------------------------------------------------------------------------------


def test_who_holds_up_others_comes_first_with_those_who_wait_below() -> None:
    """1 rests; 4 holds a transaction; 2 waits for 4, 3 for 2; 5 works."""
    found = tree(
        [
            session(1),
            session(2, "active", (4,)),
            session(3, "active", (2,)),
            session(4, "idle in transaction"),
            session(5, "active"),
            session(6, "idle in transaction"),
        ]
    )
    assert [(place.session.pid, place.depth, place.waiting) for place in found] == [
        (4, 0, 2),
        (2, 1, 1),
        (3, 2, 0),
        (6, 0, 0),
        (5, 0, 0),
        (1, 0, 0),
    ]
    assert [doing(place.session) for place in found] == [
        Doing.HOLDS,
        Doing.WAITS,
        Doing.WAITS,
        Doing.HOLDS,
        Doing.WORKS,
        Doing.RESTS,
    ]


def test_who_waits_for_somebody_that_is_not_shown_stands_by_itself() -> None:
    assert [(place.session.pid, place.depth) for place in tree([session(1, "active", (99,))])] == [(1, 0)]


@given(st.lists(st.tuples(st.integers(1, 8), st.lists(st.integers(1, 9), max_size=3)), unique_by=lambda each: each[0]))
def test_each_session_stands_there_once(rows: list[tuple[int, list[int]]]) -> None:
    """Whatever waits for whatever, rings and itself included; the depth grows by one at a time."""
    found = tree([session(pid, "active", tuple(blocked)) for pid, blocked in rows])
    assert sorted(place.session.pid for place in found) == sorted(pid for pid, _blocked in rows)
    depths = [place.depth for place in found]
    assert all(after <= before + 1 for before, after in zip(depths, depths[1:], strict=False)) and depths[:1] in ([], [0])
    assert sum(place.waiting for place in found) == sum(depths)


# On the server ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def beskid(server: TestServer, fresh_database: str) -> office.Office:
    return office.Office(Profile(server.server.host, server.server.port, fresh_database, "disable", role_prefix=office.TEMPLATE))


@pytest.fixture
def boss(beskid: office.Office) -> Iterator[Database]:
    desk = beskid.enter("szef")
    yield desk
    desk.close()


def console(beskid: office.Office, login: str) -> "psycopg.Connection[Any]":
    return connect(beskid.profile, beskid.profile.role(login), office.PASSWORD)


def sessions(boss: Database) -> dict[int, Session]:
    return {each.pid: each for each in boss.read(queries.list_sessions)[1]}


def test_who_waits_for_whom_is_seen_and_ended(beskid: office.Office, boss: Database) -> None:
    """Wanda waits for a lock of Anna's open transaction; ended, Anna's lock is free and Wanda goes on."""
    with console(beskid, "anna") as anna, console(beskid, "wanda") as wanda:
        holder, waiter = anna.info.backend_pid, wanda.info.backend_pid
        anna.execute("set idle_in_transaction_session_timeout = 0")  # she lifted the limit for herself
        anna.execute("begin; select pg_advisory_xact_lock(4711)")
        done = threading.Event()

        def wait() -> None:
            wanda.execute("set lock_timeout = 0")
            wanda.execute("select pg_advisory_lock(4711)")
            done.set()

        waiting = threading.Thread(target=wait)
        waiting.start()
        try:
            wait_until(lambda: sessions(boss)[waiter].blocked_by == (holder,))
            found = sessions(boss)
            assert (found[holder].who, found[waiter].who) == ("Anna", "Wanda")
            assert doing(found[holder]) is Doing.HOLDS and doing(found[waiter]) is Doing.WAITS
            assert found[holder].open_since is not None and "pg_advisory_lock(4711)" in found[waiter].statement
            place = next(each for each in tree(list(found.values())) if each.session.pid == holder)
            assert (place.depth, place.waiting) == (0, 1)
            boss.change(service.end_for_good, found[holder])
            assert done.wait(5)
        finally:
            waiting.join()
        with pytest.raises(psycopg.OperationalError):
            anna.execute("select 1")


def test_a_statement_is_ended_and_the_session_goes_on(beskid: office.Office, boss: Database) -> None:
    with console(beskid, "anna") as anna:
        states: list[str | None] = []

        def sleep() -> None:
            try:
                anna.execute("select pg_sleep(60)")
            except psycopg.errors.QueryCanceled as error:
                states.append(error.sqlstate)

        asleep = threading.Thread(target=sleep)
        asleep.start()
        wait_until(lambda: "pg_sleep" in sessions(boss)[anna.info.backend_pid].statement)
        boss.change(service.end_statement, sessions(boss)[anna.info.backend_pid])
        asleep.join(10)
        assert states == ["57014"] and anna.execute("select 1").fetchone() == (1,)


def test_the_audit_says_who_ended_whose_session(server: TestServer, beskid: office.Office, boss: Database) -> None:
    with console(beskid, "anna") as anna:
        boss.change(service.end_for_good, sessions(boss)[anna.info.backend_pid])
    with psycopg.connect(server.server.dsn(beskid.profile.database)) as owner:
        rows = owner.execute(
            "select a.role, a.operation, a.act, e.login, a.new ->> 'pid' from audit.entry a join organisation.employee e"
            " on e.id::text = a.row_id where a.act like '%\\_session'"
        ).fetchall()
    ((role, operation, act, login, _pid),) = rows
    assert (role, act, login) == (boss.role, "terminate_session", "anna")
    assert operation.startswith("organisation.end_for_good ")


def test_who_has_no_right_sees_and_ends_nothing(beskid: office.Office, boss: Database) -> None:
    with closing(beskid.enter("anna")) as anna:
        with pytest.raises(NotAllowed):
            anna.read(queries.list_sessions)
        target = next(each for each in sessions(boss).values() if each.login == "szef")
        for act in (service.end_statement, service.end_for_good):
            with pytest.raises(NotAllowed):
                anna.change(act, target)


def test_the_servers_own_sessions_are_not_ended(server: TestServer, beskid: office.Office, boss: Database) -> None:
    """A superuser's session in this database is neither shown nor ended; nor is one that begins anew under an old number."""
    with psycopg.connect(server.server.dsn(beskid.profile.database), autocommit=True) as owner, console(beskid, "anna") as anna:
        pid = owner.info.backend_pid
        assert pid not in sessions(boss)
        row = owner.execute("select backend_start from pg_stat_activity where pid = %s", [pid]).fetchone()
        assert row is not None
        theirs = Session(pid, row[0], "", "", False, False, "", "", "", row[0], None, False, (), "")
        with pytest.raises(Refused) as refused:
            boss.change(service.end_for_good, theirs)
        assert refused.value.problems[0].code == "session_of_server"
        hers = sessions(boss)[anna.info.backend_pid]
        with pytest.raises(Refused) as refused:
            boss.change(service.end_for_good, Session(hers.pid, NOON, *list(vars(hers).values())[2:]))
        assert refused.value.problems[0].code == "session_gone"
        assert owner.execute("select 1").fetchone() == (1,) and anna.execute("select 1").fetchone() == (1,)


# The window -------------------------------------------------------------------------------------------------------------


def test_the_window_shows_the_tree_and_del_ends_the_session(rig: Rig) -> None:
    """A transaction held open comes first; she is asked; the session is gone."""
    rig.log_in("szef")
    anna = connect(rig.profile, rig.profile.role("anna"), office.PASSWORD)
    try:
        anna.execute("set idle_in_transaction_session_timeout = 0")  # she lifted the limit for herself
        anna.execute("begin")
        anna.execute("select 1")
        window = rig.open("organisation.sessions")
        assert isinstance(window, SessionWindow)
        rig.wait(lambda: _first(window) == "Anna")
        assert window.model.data(window.model.index(0, 1)) == "holds a transaction"
        assert "1 holds a transaction open" in window.summary.text()
        rig.wait(window.view.hasFocus)
        window.view.selectRow(0)
        rig.key("Delete")
        question = rig.dialog()
        rig.key("Escape")
        rig.gone(question)
        assert anna.execute("select 1").fetchone() == (1,)
        rig.wait(window.view.hasFocus)
        window.view.selectRow(0)
        rig.key("Delete")
        question = rig.dialog()
        next(each for each in question.buttons.values() if each.text() == "End it").click()  # type: ignore[attr-defined]
        rig.wait(lambda: "Anna" not in [_name(window, row) for row in range(window.model.rowCount())])
        with pytest.raises(psycopg.OperationalError):
            anna.execute("select 1")
    finally:
        anna.close()


def _first(window: SessionWindow) -> str:
    return _name(window, 0) if window.model.rowCount() else ""


def _name(window: SessionWindow, row: int) -> str:
    model: SessionModel = window.model
    return str(model.data(model.index(row, 0))).strip()


def test_who_has_no_right_has_no_window(rig: Rig) -> None:
    window = rig.log_in("anna")
    assert "organisation.sessions" not in [dock.id for dock in window.docks]
    assert window.open_dock("organisation.sessions") is None
