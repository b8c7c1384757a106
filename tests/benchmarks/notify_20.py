"""`notify_20`: a change of an employee is seen by twenty other desks: told, gathered as the desk gathers, read again, there.

The desks run in processes of their own, each with a login, a listener and its working connections, as employees of the demo company.
Timed is the way from the order to save until the last of the twenty has read the new state. Besides: 150 bare connections that only
listen, from the order to save until the last of them was told.
"""

import multiprocessing
import multiprocessing.connection
import select
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from typing import cast
from uuid import UUID

import psycopg

from crm_desktop.db.changes import Listener
from crm_desktop.db.connect import Profile
from crm_desktop.db.database import Database, log_in
from crm_desktop.demo.company import PASSWORD, SELLER
from crm_desktop.modules import reactions
from crm_desktop.parties import queries, service
from crm_desktop.ui.feed import GATHER_MS
from tests.benchmarks.figures import Figure, median, percentile
from tests.benchmarks.shop import Shop

DESKS, ROOMS, CHANGES, WARMING = 20, 4, 60, 5
BARE, BARE_CHANGES = 150, 20
_PATIENCE_SECONDS = 60
FORKS = multiprocessing.get_context("forkserver")


@dataclass(frozen=True)
class Room:
    """Some of the desks, in one process: who works there, and the party that they have on the screen."""

    profile: Profile
    logins: tuple[str, ...]
    party: UUID


class _Desk:
    """A desk that shows a party: told, it waits as the feed does, reads, and says what it reads and when."""

    def __init__(self, room: Room, login: str, line: Connection, turn: threading.Lock) -> None:
        self._room, self._line, self._turn = room, line, turn
        self.database: Database = log_in(room.profile, login, PASSWORD, reactions())
        self._stale = threading.Event()
        self.listener = Listener(self.database.listening_connection, self._told)
        threading.Thread(target=self._refresh, daemon=True).start()
        self.listener.start()
        self.listener.listening.wait(_PATIENCE_SECONDS)

    def _told(self, table: str, ids: frozenset[UUID] | None) -> None:
        if table == "parties.party" and (ids is None or self._room.party in ids):
            self._stale.set()

    def _refresh(self) -> None:
        gathering = threading.Event()
        while True:
            self._stale.wait()
            gathering.wait(GATHER_MS / 1000)
            self._stale.clear()
            notes = self.database.read(queries.get_party, self._room.party).notes
            with self._turn:
                self._line.send((notes, time.monotonic()))  # one clock for all processes of a computer


def _work(room: Room, line: Connection) -> None:
    turn = threading.Lock()
    desks = [_Desk(room, login, line, turn) for login in room.logins]
    with turn:
        line.send("ready")
    line.recv()
    for desk in desks:
        desk.listener.stop()
        desk.database.close()


def figures(shop: Shop) -> list[Figure]:
    """Twenty desks, then 150 connections that only listen."""
    seller = shop.seller()
    try:
        party = shop.buyer.id
        with _rooms(shop, party) as lines:
            desks = [_seen_by_all(seller, party, f"zmiana {place}", lines) for place in range(CHANGES + WARMING)][WARMING:]
        told = _bare(shop, seller, party)
    finally:
        seller.close()
    worst = round(max(desks), 3)
    return [
        Figure("notify_20", median(desks), "ms", f"{CHANGES} changes, {GATHER_MS} ms of them gathered on purpose", True),
        Figure("notify_20_p95", percentile(desks, 95), "ms", "", True),
        Figure("notify_20_worst", worst, "ms", "last one < 500 ms", worst < 500),
        Figure("notify_150_bare", median(told), "ms", f"worst {max(told):.0f} ms; tried", True),
    ]


def _change(seller: Database, party: UUID, notes: str) -> float:
    """Save, and when it was ordered."""
    stored = seller.read(queries.get_party, party)
    began = time.monotonic()
    seller.change(service.save_party, replace(stored, notes=notes))
    return began


def _seen_by_all(seller: Database, party: UUID, notes: str, lines: list[Connection]) -> float:
    """Milliseconds until the last of the desks has read it."""
    began = _change(seller, party, notes)
    seen: list[float] = []
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while len(seen) < DESKS:
        assert time.monotonic() < deadline, f"only {len(seen)} desks saw {notes!r}"
        for line in multiprocessing.connection.wait(lines, 1):
            read, at = cast(Connection, line).recv()
            if read == notes:
                seen.append(at)
    return (max(seen) - began) * 1000


def _bare(shop: Shop, seller: Database, party: UUID) -> list[float]:
    """Milliseconds until the last of many connections was told, by change. Logins of employees, as desks have them."""
    profile, logins = shop.demo.profile, [each.login for each in shop.demo.staff.employees]
    with ExitStack() as stack:
        ears = []
        for place in range(BARE):
            conninfo = {"host": profile.host, "port": profile.port, "dbname": profile.database, "password": PASSWORD, "sslmode": "disable"}
            role = profile.role(logins[place % len(logins)])
            ears.append(stack.enter_context(psycopg.connect(**conninfo, user=role, autocommit=True)))  # type: ignore[arg-type]
            ears[-1].execute("listen changes")
        times = []
        for place in range(BARE_CHANGES):
            began = _change(seller, party, f"cicho {place}")
            deaf = {ear.fileno(): ear for ear in ears}
            last = began
            while deaf:
                ready = select.select(list(deaf), [], [], _PATIENCE_SECONDS)[0]
                assert ready, f"{len(deaf)} connections heard nothing"
                for number in ready:
                    if any(notice.payload == f"parties.party:{party}" for notice in deaf[number].notifies(timeout=0)):
                        last = time.monotonic()
                        del deaf[number]
            times.append((last - began) * 1000)
    return times


@contextmanager
def _rooms(shop: Shop, party: UUID) -> Iterator[list[Connection]]:
    logins = [each.login for each in shop.demo.staff.employees if each.login != SELLER]
    everybody = [logins[place % len(logins)] for place in range(DESKS)]
    lines, processes = [], []
    try:
        for room in range(ROOMS):
            ours, theirs = FORKS.Pipe()
            order = Room(shop.demo.profile, tuple(everybody[room::ROOMS]), party)
            process = FORKS.Process(target=_work, args=(order, theirs), daemon=True)
            process.start()
            theirs.close()
            lines.append(ours)
            processes.append(process)
        for line in lines:
            assert line.poll(_PATIENCE_SECONDS), "a room says nothing"
            assert line.recv() == "ready"
        yield lines
    finally:
        for process in processes:
            process.kill()
            process.join(_PATIENCE_SECONDS)
        for line in lines:
            line.close()
