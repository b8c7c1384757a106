"""Upgrades among people at work: clients that sell and look up without a pause, and upgrades in processes of their own."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field

import psycopg
from psycopg import sql

from crm_desktop.catalogue import queries as catalogue
from crm_desktop.db.connect import Profile
from crm_desktop.db.database import Database
from crm_desktop.db.keys import new_id
from crm_desktop.db.paging import PageRequest
from crm_desktop.db.transaction import Transaction
from crm_desktop.db.upgrade import upgrade
from crm_desktop.documents import queries as documents
from crm_desktop.documents import service
from crm_desktop.modules import parts
from crm_desktop.parties import queries as parties
from crm_desktop.parties.rules.model import Party
from crm_desktop.parties.service import save_party
from tests.support import office
from tests.support.house import ROOT
from tests.support.postgres import TestServer

#: A client or an upgrade that takes longer hangs.
LONGEST = 120.0
ADMIN_VARIABLE = "CRM_TEST_ADMIN_PASSWORD"


def profile_of(server: TestServer, database: str, role_prefix: str = office.TEMPLATE) -> Profile:
    """How a test reaches a database of the run; a clone keeps the roles of its template."""
    return Profile(server.server.host, server.server.port, database, "disable", role_prefix=role_prefix)


def make_upgradable(server: TestServer, database: str) -> None:
    """Give a clone to the owner's role, as an installed database has it: a copy belongs to whoever copied it."""
    with psycopg.connect(server.server.dsn(), autocommit=True) as connection:
        statement = sql.SQL("alter database {} owner to {}")
        connection.execute(statement.format(sql.Identifier(database), sql.Identifier(f"{office.TEMPLATE}_owner")))


def upgrade_here(server: TestServer, database: str) -> None:
    """Bring a clone to this program's schema, in this process."""
    upgrade(profile_of(server, database), server.server.superuser, server.server.password, parts())


class Upgrader:
    """An upgrade in a process of its own, that waits for the word."""

    def __init__(self, server: TestServer, profile: Profile) -> None:
        order = json.dumps({"profile": asdict(profile), "admin": server.server.superuser})
        environment = {**os.environ, ADMIN_VARIABLE: server.server.password}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.upgrading", order],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def ready(self) -> None:
        """Wait until it only waits for the word."""
        assert self.process.stdout is not None
        assert self.process.stdout.readline().strip() == "ready"

    def go(self) -> None:
        """The word."""
        assert self.process.stdin is not None
        self.process.stdin.write("go\n")
        self.process.stdin.flush()

    @property
    def running(self) -> bool:
        """Whether it has not ended yet."""
        return self.process.poll() is None

    def ended(self) -> str:
        """Wait for its end; what it said, "" when all went well."""
        said, _ = self.process.communicate(timeout=LONGEST)
        return "" if self.process.returncode == 0 else said


@dataclass
class Client:
    """A person at work until `stop` is set: what she did, and every error that reached her.

    `looks`: she only looks things up, so that an upgrade, which turns changes away at its gate, meets reads at every moment.
    """

    desk: Database
    stop: threading.Event
    looks: bool = False
    changed: int = 0
    issued: list[str] = field(default_factory=list)
    asked: int = 0
    errors: list[str] = field(default_factory=list)

    def work(self) -> None:
        """Save a party, look around, issue an invoice, and so on; or look around, and again."""
        place = 0
        while not self.stop.is_set():
            place += 1
            for act in (self._look,) if self.looks else (self._save, self._look, self._issue):
                try:
                    act(place)
                except Exception as error:  # whatever reaches a person counts
                    self.errors.append(f"{act.__name__}: {error!r}")

    @property
    def done(self) -> tuple[int, int, int]:
        """How much she did: saved, looked, issued."""
        return self.changed, self.asked, len(self.issued)

    def got_on(self, since: tuple[int, int, int]) -> bool:
        """Whether each of her acts was done at least once more; or an error ends the waiting."""
        more = [now > then for now, then in zip(self.done, since, strict=True)]
        return bool(self.errors) or (more[1] if self.looks else all(more))

    def _save(self, place: int) -> None:
        key = new_id()
        saved = self.desk.change(save_party, Party(key, code=f"K{key.hex}", name=f"Klient {place}"))
        assert saved.version == 1
        self.changed += 1

    def _look(self, _place: int) -> None:
        assert self.desk.read(_look_around)
        self.asked += 1

    def _issue(self, _place: int) -> None:
        self.issued.append(self.desk.change(service.issue_invoice, office.draft_of(self.desk, "FS")).number)


def _look_around(tx: Transaction) -> bool:
    """What a desk asks when it opens: several questions in one round trip, over tables of all slices."""
    page = documents.DOCUMENTS.ask_page(tx, PageRequest(limit=20))
    found = parties.PARTIES.ask_page(tx, PageRequest(limit=20))
    items = catalogue.ITEMS.ask_page(tx, PageRequest(limit=20))
    kinds = documents.list_kinds(tx)
    page()
    return bool(kinds and found().rows and items().rows)


@contextmanager
def at_work(server: TestServer, database: str, count: int) -> Iterator[list[Client]]:
    """`count` clients at work, each with a login's own connections; stopped and looked at when the block ends."""
    stop = threading.Event()
    clients: list[Client] = []
    threads: list[threading.Thread] = []
    try:
        for place in range(count):
            clients.append(Client(office.Office(profile_of(server, database)).enter("anna"), stop, looks=place % 2 == 1))
            threads.append(threading.Thread(target=clients[-1].work))
        for thread in threads:
            thread.start()
        yield clients
    finally:
        stop.set()
        for thread in threads:
            thread.join(LONGEST)
        for client in clients:
            client.desk.close()


def wait_until(holds: Callable[[], bool], seconds: float = LONGEST) -> None:
    """Wait for a condition that another thread or the server brings about."""
    pause = threading.Event()
    for _ in range(int(seconds / 0.02)):
        if holds():
            return
        pause.wait(0.02)
    raise AssertionError("it did not come about in time")


def check_upgrades(server: TestServer, database: str, clients: int, upgrades: int) -> Sequence[Client]:
    """Let `clients` work through `upgrades`; nobody may have an error, everybody must have got on between any two."""
    with at_work(server, database, clients) as people:
        for _ in range(upgrades):
            before = [client.done for client in people]
            upgrade_here(server, database)
            wait_until(lambda before=before: all(client.got_on(done) for client, done in zip(people, before, strict=True)))  # type: ignore[misc]
    errors = [error for client in people for error in client.errors]
    assert not errors, errors
    numbers = [int(number.split("/")[2]) for client in people for number in client.issued]
    assert sorted(numbers) == list(range(1, len(numbers) + 1))
    return people


if __name__ == "__main__":
    given = json.loads(sys.argv[1])
    print("ready", flush=True)
    sys.stdin.readline()
    upgrade(Profile(**given["profile"]), given["admin"], os.environ[ADMIN_VARIABLE], parts())
