"""Many clerks at once: two series in opposite order, a third given up on purpose, one frozen while she holds two numbers."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace

import psycopg

from crm_desktop.db.connect import Profile
from crm_desktop.db.keys import new_id
from crm_desktop.documents import queries, service
from crm_desktop.organisation import service as organisation
from crm_desktop.organisation.rules.model import NumberSeries
from tests.support import office
from tests.support.clerk import Order, Told
from tests.support.house import ROOT
from tests.support.postgres import TestServer

#: Nobody waits longer; architecture section 5.
LONGEST_WAIT = 20.0


@dataclass(frozen=True)
class Rush:
    """What came of it: the clerks' reports, the frozen one last, and how many deadlocks the server resolved."""

    told: tuple[Told, ...]
    deadlocks: int


class Clerk:
    """A clerk's process, seen from outside."""

    def __init__(self, order: Order) -> None:
        command = [sys.executable, "-m", "tests.support.clerk", json.dumps(asdict(order))]
        self.process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def line(self) -> str:
        """The next line she says."""
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def go(self) -> None:
        """The word that she waits for."""
        assert self.process.stdin is not None
        self.process.stdin.write("go\n")
        self.process.stdin.flush()

    def told(self) -> Told:
        """Her report, when she has ended."""
        said = self.line()
        assert self.process.wait(120) == 0
        return Told(**json.loads(said))

    def end(self) -> None:
        """Whatever state she is in."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                stream.close()


def add_second_series(server: TestServer, database: str) -> None:
    """A second kind of invoice with a series of its own in Kraków: FU."""
    boss = office.Office(Profile(server.server.host, server.server.port, database, "disable", role_prefix=office.TEMPLATE)).enter("szef")
    try:
        kind = next(found for found in boss.read(queries.list_kinds) if found.code == "FS")
        boss.change(service.save_kind, replace(kind, id=new_id(), code="FU", name="Faktura usługowa", version=0), "FU")
        series = NumberSeries(new_id(), "FU", office.KRAKOW, "FU/{branch}/{number}/{month}/{year}", "month", True)
        boss.change(organisation.save_series, series)
    finally:
        boss.close()


def rush(server: TestServer, database: str, clerks: int, pairs: int) -> Rush:
    """Let `clerks` processes issue `pairs` pairs each; the last of them freezes in her second pair until the server let go of her."""
    add_second_series(server, database)
    order = Order(server.server.host, server.server.port, database, "anna", ("FS", "FU"), pairs)
    orders = [replace(order, kinds=("FS", "FU") if place % 2 else ("FU", "FS")) for place in range(clerks)]
    orders[-1] = replace(orders[-1], stop_at=1)
    with psycopg.connect(server.server.dsn(database), autocommit=True) as owner, _started(orders) as people:
        for clerk in people:
            assert clerk.line() == "ready"
        for clerk in people:
            clerk.go()
        frozen = people[-1]
        word, backend = frozen.line().split()
        assert word == "holding"
        _wait_until_stopped(frozen.process.pid)
        _wait_until_gone(owner, int(backend))
        frozen.process.send_signal(signal.SIGCONT)
        told = tuple(clerk.told() for clerk in people)
        row = owner.execute("select deadlocks from pg_stat_database where datname = %s", [database]).fetchone()
    assert row is not None
    return Rush(told, row[0])


@contextmanager
def _started(orders: list[Order]) -> Iterator[list[Clerk]]:
    people: list[Clerk] = []
    try:
        people += [Clerk(order) for order in orders]
        yield people
    finally:
        for clerk in people:
            clerk.end()


def _wait_until_stopped(pid: int) -> None:
    """The kernel says so: the third field of its line is T."""
    _, status = os.waitpid(pid, os.WUNTRACED)
    assert os.WIFSTOPPED(status)


def _wait_until_gone(owner: "psycopg.Connection[tuple[object, ...]]", backend: int) -> None:
    """Until the server ended the frozen clerk's transaction by itself."""
    deadline, pause = time.monotonic() + LONGEST_WAIT, threading.Event()
    while owner.execute("select from pg_stat_activity where pid = %s", [backend]).fetchone() is not None:
        assert time.monotonic() < deadline, "the server holds on to a client that says nothing"
        pause.wait(0.05)
