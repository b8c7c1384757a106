"""ARC-02: who opens a record sees at once who else has it open, the others learn it within 2 s, and it ends with her connection."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from uuid import UUID

import psycopg
import pytest

from crm_desktop.db.changes import Listener
from crm_desktop.db.connect import Profile, connect
from crm_desktop.db.database import Database
from crm_desktop.db.keys import new_id
from crm_desktop.db.presence import Presence, Seen
from tests.support import office
from tests.support.house import ROOT
from tests.support.postgres import TestServer

#: What issue and architecture allow.
WITHIN_SECONDS = 2.0


class Desk:
    """A desk as far as it matters here: a listener with its guest, and what was told."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.seen: dict[UUID, Sequence[Seen]] = {}
        self.presence = Presence(self._tell)
        self.told = threading.Condition()
        self.listener = Listener(database.listening_connection, lambda _table, _ids: None, guest=self.presence)
        self.listener.start()
        assert self.listener.listening.wait(10)

    def _tell(self, key: UUID, seen: Sequence[Seen]) -> None:
        with self.told:
            self.seen[key] = seen
            self.told.notify_all()

    def names(self, key: UUID) -> list[str]:
        return [each.name for each in self.seen.get(key, ())]

    def wait(self, what: Callable[[], bool], seconds: float = WITHIN_SECONDS) -> float:
        """Seconds until it was so."""
        began = time.monotonic()
        with self.told:
            assert self.told.wait_for(what, seconds), self.seen
        return time.monotonic() - began

    def close(self) -> None:
        self.listener.stop()
        self.database.close()


@pytest.fixture
def beskid(server: TestServer, fresh_database: str) -> office.Office:
    return office.Office(Profile(server.server.host, server.server.port, fresh_database, "disable", role_prefix=office.TEMPLATE))


@pytest.fixture
def desks(beskid: office.Office) -> Iterator[tuple[Desk, Desk]]:
    anna, wanda = Desk(beskid.enter("anna")), Desk(beskid.enter("wanda"))
    yield anna, wanda
    anna.close()
    wanda.close()


def test_each_sees_the_other_and_no_longer(desks: tuple[Desk, Desk]) -> None:
    anna, wanda = desks
    key, other = new_id(), new_id()
    anna.presence.open(key)
    anna.presence.open(other)
    wanda.presence.open(key)
    wanda.wait(lambda: wanda.names(key) == ["Anna"])
    anna.wait(lambda: anna.names(key) == ["Wanda"])
    assert not anna.names(other)
    (seen,) = wanda.seen[key]
    assert seen.employee_id == anna.database.who.employee_id
    assert abs(seen.since.timestamp() - time.time()) < 120
    wanda.presence.close(key)
    anna.wait(lambda: not anna.names(key))


def test_a_record_shown_twice_is_open_until_both_are_closed(desks: tuple[Desk, Desk]) -> None:
    anna, wanda = desks
    key, mark = new_id(), new_id()
    for _ in range(2):
        anna.presence.open(key)
    wanda.presence.open(key)
    wanda.wait(lambda: wanda.names(key) == ["Anna"])
    anna.presence.close(key)
    anna.presence.open(mark)  # once this is seen, what came before it was done
    wanda.presence.open(mark)
    wanda.wait(lambda: wanda.names(mark) == ["Anna"])
    assert wanda.names(key) == ["Anna"]
    anna.presence.close(key)
    wanda.wait(lambda: not wanda.names(key))


def test_a_killed_desk_is_gone(beskid: office.Office, desks: tuple[Desk, Desk]) -> None:
    """kill -9: nobody says good-bye; the server takes back its locks with the connection."""
    _anna, wanda = desks
    key, profile = new_id(), beskid.profile
    order = {"host": profile.host, "port": str(profile.port), "database": profile.database, "login": "szef", "record": str(key)}
    command = [sys.executable, "-m", "tests.support.watcher", json.dumps(order)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline().strip() == "open"
            wanda.presence.open(key)
            wanda.wait(lambda: wanda.names(key) == ["Ewa Szef"])
        finally:
            process.kill()
    wanda.wait(lambda: not wanda.names(key))


def test_a_new_connection_holds_what_the_lost_one_held(server: TestServer, desks: tuple[Desk, Desk]) -> None:
    anna, wanda = desks
    key = new_id()
    anna.presence.open(key)
    wanda.presence.open(key)
    wanda.wait(lambda: wanda.names(key) == ["Anna"])
    with psycopg.connect(server.server.dsn(), autocommit=True) as owner:
        owner.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = %s and usename = %s and application_name like '%%listener'",
            [anna.database.profile.database, anna.database.role],
        )
    wanda.wait(lambda: not wanda.names(key))
    anna.listener.try_now()
    wanda.wait(lambda: wanda.names(key) == ["Anna"], 10)
    anna.wait(lambda: anna.names(key) == ["Wanda"])


def test_her_own_other_desk_is_seen_too(beskid: office.Office, desks: tuple[Desk, Desk]) -> None:
    anna, _wanda = desks
    again, key = Desk(beskid.enter("anna")), new_id()
    try:
        anna.presence.open(key)
        again.presence.open(key)
        again.wait(lambda: again.names(key) == ["Anna"])
        assert again.seen[key][0].employee_id == anna.database.who.employee_id
    finally:
        again.close()


def test_a_console_says_only_of_itself(beskid: office.Office, desks: tuple[Desk, Desk]) -> None:
    """ARC-06: whatever lock she takes and whatever she calls herself, it is her name; a till and a stranger are nobody."""
    _anna, wanda = desks
    key = new_id()
    wanda.presence.open(key)
    with connect(beskid.profile, beskid.profile.role("anna"), office.PASSWORD) as console:
        console.execute("set application_name = 'crm-desktop listener of szef'")
        console.execute("set role none")
        row = console.execute("select code.show_open(%s)", [key]).fetchone()
        assert row is not None
        wanda.wait(lambda: wanda.names(key) == ["Anna"])
    wanda.wait(lambda: not wanda.names(key))
    with (
        connect(beskid.profile, beskid.profile.role("ws_kasa1"), office.PASSWORD) as till,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        till.execute("select code.show_open(%s)", [key])


def test_messages_go_on_while_records_are_opened(desks: tuple[Desk, Desk], beskid: office.Office) -> None:
    """What arrives while the listener itself asks something is not lost."""
    anna, wanda = desks
    heard: list[str] = []
    all_of_them = threading.Event()

    def hear(table: str, ids: frozenset[UUID] | None) -> None:
        if table.startswith("test."):
            heard.append(table)
            if len(heard) == 300:
                all_of_them.set()

    presence = Presence(lambda _key, _seen: None)
    listener = Listener(anna.database.listening_connection, hear, guest=presence)
    listener.start()
    try:
        assert listener.listening.wait(10)
        with connect(beskid.profile, beskid.profile.role("wanda"), office.PASSWORD) as console:
            for place in range(300):
                presence.open(new_id())
                console.execute(f"notify changes, 'test.{place}:*'")  # type: ignore[call-overload]
        assert all_of_them.wait(10), len(heard)
        assert heard == [f"test.{place}" for place in range(300)]
    finally:
        listener.stop()
    assert wanda.listener.listening.is_set()
