"""An office day: twenty people at their desks, over the program's own services, and somebody who watches the server meanwhile.

Each person is a login of her own with a `Database` and a listener, as a desk has them, in one of a few processes. She looks at lists,
searches, edits drafts of her own and one that everybody edits, changes the same party as the others (and merges when somebody was
faster, as the conflict window does), issues, sends receipts to a printer, writes to colleagues, opens and closes records.
"""

import random
import secrets
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal
from multiprocessing.connection import Connection
from uuid import UUID

import psycopg

from crm_desktop.app import desks
from crm_desktop.app.finding import find
from crm_desktop.core.errors import Conflict
from crm_desktop.db.changes import Listener
from crm_desktop.db.connect import Profile
from crm_desktop.db.database import Database
from crm_desktop.db.keys import new_id
from crm_desktop.db.paging import PageRequest
from crm_desktop.db.presence import Presence
from crm_desktop.documents import queries as documents
from crm_desktop.documents import service as sales
from crm_desktop.documents.rules.model import Draft
from crm_desktop.fiscal import queries as fiscal
from crm_desktop.messages import queries as messages
from crm_desktop.messages import service as letters
from crm_desktop.messages.rules.model import Colleague, Letter
from crm_desktop.organisation import service as organisation
from crm_desktop.organisation.rules.model import Employee
from crm_desktop.parties import queries as parties
from crm_desktop.parties import service as parties_service
from tests.support import office
from tests.support.till import FORKS, PATIENCE

#: The server is looked at so often.
LOOK_SECONDS = 0.02
#: A person who thinks, between two acts; the shortest and the longest.
THINKS_SECONDS = (0.005, 0.05)


@dataclass(frozen=True)
class Plan:
    """The day: who works, in how many processes, how many acts each, what everybody shares."""

    host: str
    port: int
    database: str
    logins: tuple[str, ...]
    acts: int
    party: UUID
    document: UUID
    device: UUID
    seed: int = 20261124
    processes: int = 4

    @property
    def profile(self) -> Profile:
        """How to reach the office."""
        return Profile(self.host, self.port, self.database, "disable", role_prefix=office.TEMPLATE)


@dataclass
class Told:
    """What one person did: acts by name, how often she changed the shared party, her line on the shared draft and its pieces, her
    numbers, receipts that she sent, conflicts that she merged, messages that she sent, and what went wrong."""

    login: str
    acts: Counter[str] = field(default_factory=Counter)
    counted: int = 0
    line: UUID | None = None
    pieces: int = 0
    numbers: list[str] = field(default_factory=list)
    receipts: list[UUID] = field(default_factory=list)
    sent: int = 0
    conflicts: int = 0
    errors: list[str] = field(default_factory=list)


@dataclass
class Watch:
    """What the sampler saw: how often it looked, the longest idle transaction in seconds with its last statement, how many connections
    at most, how many of them waited for a lock at most."""

    looks: int = 0
    longest_idle: float = 0.0
    idle_statement: str = ""
    connections: int = 0
    waiting: int = 0


class Desk:
    """One person at work."""

    def __init__(self, plan: Plan, login: str) -> None:
        self.plan, self.told = plan, Told(login)
        self.database: Database = office.Office(plan.profile).enter(login)
        self.presence = Presence(lambda _key, _seen: None)
        self.listener = Listener(self.database.listening_connection, lambda _table, _ids: None, guest=self.presence)
        self.listener.start()
        self._chance = random.Random(f"{plan.seed} {login}")
        self._invoice = office.draft_of(self.database, "FS", lines=3)
        self._line = replace(self._invoice.lines[0], id=new_id())
        self._receipt = office.draft_of(self.database, "PAR", lines=2)
        self._searches = desks.searches(self.database.who.may)
        self._acts: tuple[tuple[int, Callable[[], object]], ...] = (
            (4, self.look_at_list),
            (3, self.search),
            (3, self.change_party),
            (3, self.change_shared_draft),
            (3, self.edit_own_draft),
            (2, self.issue),
            (1, self.send_receipt),
            (1, self.write),
            (1, self.read_messages),
        )

    def work(self) -> None:
        """The day."""
        pause = threading.Event()
        for _ in range(self.plan.acts):
            act = self._chance.choices([run for _weight, run in self._acts], [weight for weight, _run in self._acts])[0]
            name = act.__name__
            try:
                act()
                self.told.acts[name] += 1
            except Exception as error:
                self.told.errors.append(f"{name}: {error!r}")
            pause.wait(self._chance.uniform(*THINKS_SECONDS))

    def close(self) -> None:
        """Go home."""
        self.listener.stop()
        self.database.close()

    # ---- what she does ----
    def look_at_list(self) -> None:
        """A page of documents, and the next one."""
        request = PageRequest(limit=20)
        page = self.database.read(documents.DOCUMENTS.page, request)
        if page.more:
            self.database.read(documents.DOCUMENTS.page, replace(request, after=page.keys[-1]))

    def search(self) -> None:
        """The search box."""
        self.database.read(find, self._searches, self._chance.choice(("volt", "zarowka", "5901234123457", "FS/KR", "vlot")))

    def change_party(self) -> None:
        """Raise her own count in the notes of the party that everybody changes; merged when somebody was faster."""
        with self._open(self.plan.party):
            while True:
                stored = self.database.read(parties.get_party, self.plan.party)
                self._think()
                try:
                    counts = counts_of(stored.notes)
                    counts[self.told.login] += 1
                    notes = " ".join(f"{login}:{count}" for login, count in counts.items())
                    self.database.change(parties_service.save_party, replace(stored, notes=notes))
                    break
                except Conflict:
                    self.told.conflicts += 1
        self.told.counted += 1

    def change_shared_draft(self) -> None:
        """One more piece on her own line of the draft that everybody edits; the line comes with the first."""
        with self._open(self.plan.document):
            while True:
                stored = self.database.read(documents.get_document, self.plan.document).draft
                self._think()
                lines = {line.id: line for line in stored.lines}
                own = lines.get(self._line.id, replace(self._line, quantity=Decimal(0)))
                lines[own.id] = replace(own, quantity=own.quantity + 1)
                try:
                    self.database.change(sales.save_draft, replace(stored, lines=tuple(lines.values())))
                    break
                except Conflict:
                    self.told.conflicts += 1
        self.told.line, self.told.pieces = self._line.id, self.told.pieces + 1

    def edit_own_draft(self) -> None:
        """A new draft, stored, changed, thrown away."""
        draft = self._copy(self._invoice)
        with self._open(draft.id):
            saved = self.database.change(sales.save_draft, draft)
            self._think()
            again = self.database.change(sales.save_draft, replace(draft, version=saved.version, notes="zmiana"))
            self._think()
            self.database.change(sales.discard_draft, draft.id, again.version)

    def issue(self) -> None:
        """An invoice."""
        draft = self._copy(self._invoice)
        with self._open(draft.id):
            self.told.numbers.append(self.database.change(sales.issue_invoice, draft).number)

    def send_receipt(self) -> None:
        """A receipt to the shared printer."""
        sealed = self.database.change(sales.seal_receipt, self._copy(self._receipt), self.plan.device)
        self.told.receipts.append(sealed.receipt_id)

    def write(self) -> None:
        """A message to somebody."""
        people = self.database.read(messages.find_people, "osoba")[0]
        whom: Colleague = self._chance.choice(people)
        self.database.change(letters.send_message, Letter(new_id(), "Masz chwilę?", (whom,)))
        self.told.sent += 1

    def read_messages(self) -> None:
        """Open what lies there."""
        for unread in self.database.read(messages.list_unread)[1][:3]:
            self.database.change(letters.open_message, unread.id)

    def _copy(self, draft: Draft) -> Draft:
        return replace(draft, id=new_id(), lines=tuple(replace(line, id=new_id()) for line in draft.lines))

    def _think(self) -> None:
        threading.Event().wait(self._chance.uniform(*THINKS_SECONDS))

    @contextmanager
    def _open(self, key: UUID) -> Iterator[None]:
        self.presence.open(key)
        try:
            yield
        finally:
            self.presence.close(key)


def counts_of(notes: str) -> Counter[str]:
    """How often each has changed the shared party, as its notes say."""
    pairs = (part.rpartition(":") for part in notes.split())
    return Counter({login: int(count) for login, _colon, count in pairs})


def _room(plan: Plan, logins: tuple[str, ...], line: Connection) -> None:
    """Some of the people, in one process."""
    people = [Desk(plan, login) for login in logins]
    line.send("ready")
    line.recv()
    threads = [threading.Thread(target=desk.work, name=desk.told.login) for desk in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for desk in people:
        desk.close()
    line.send([desk.told for desk in people])


@dataclass(frozen=True)
class Day:
    """What came of it."""

    told: tuple[Told, ...]
    watch: Watch
    seconds: float


def employ_people(boss: Database, count: int) -> tuple[str, ...]:
    """So many new operators of Kraków. Logins are the whole server's, so each day has its own."""
    token = secrets.token_hex(3)
    logins = tuple(f"osoba{place}x{token}" for place in range(count))
    verifier = organisation.verifier_of(office.PASSWORD)
    for place, login in enumerate(logins):
        new = Employee(new_id(), login, f"Osoba {place}", (office.OPERATOR_ROLE,), (office.KRAKOW,))
        boss.change(organisation.employ, new, verifier)
    return logins


def spend(plan: Plan, dsn: str) -> Day:
    """Let all of them work at once, and watch the server as its owner."""
    rooms = [plan.logins[place :: plan.processes] for place in range(plan.processes)]
    pipes, processes = [], []
    try:
        for logins in rooms:
            ours, theirs = FORKS.Pipe()
            process = FORKS.Process(target=_room, args=(plan, logins, theirs), daemon=True)
            process.start()
            theirs.close()
            pipes.append(ours)
            processes.append(process)
        for pipe in pipes:
            assert _answer(pipe, 2 * PATIENCE) == "ready"
        over, watch = threading.Event(), Watch()
        sampler = threading.Thread(target=watch_server, args=(dsn, plan.database, watch, over), name="sampler")
        sampler.start()
        began = time.monotonic()
        for pipe in pipes:
            pipe.send("go")
        told = [each for pipe in pipes for each in _answer(pipe, 40 * PATIENCE)]  # type: ignore[attr-defined]
        seconds = time.monotonic() - began
        over.set()
        sampler.join()
        return Day(tuple(told), watch, seconds)
    finally:
        for process in processes:
            process.kill()
            process.join(PATIENCE)
        for pipe in pipes:
            pipe.close()


def _answer(pipe: Connection, seconds: float) -> object:
    if not pipe.poll(seconds):
        raise TimeoutError("a room says nothing")
    return pipe.recv()


_IDLE = (
    "select coalesce(max(extract(epoch from clock_timestamp() - state_change)) filter (where state like 'idle in transaction%%'), 0),"
    " coalesce((array_agg(query order by state_change) filter (where state like 'idle in transaction%%'))[1], ''),"
    " count(*), count(*) filter (where wait_event_type = 'Lock') from pg_stat_activity where datname = %s and pid <> pg_backend_pid()"
)


def watch_server(dsn: str, database: str, watch: Watch, over: threading.Event) -> None:
    """Look at all connections to a database, again and again, until it is over."""
    with psycopg.connect(dsn, autocommit=True) as owner:
        while not over.wait(LOOK_SECONDS):
            row = owner.execute(_IDLE, [database]).fetchone()
            assert row is not None
            idle, statement, connections, waiting = float(row[0]), row[1], row[2], row[3]
            watch.looks += 1
            watch.connections, watch.waiting = max(watch.connections, connections), max(watch.waiting, waiting)
            if idle > watch.longest_idle:
                watch.longest_idle, watch.idle_statement = idle, statement


def receipts_left(desk: Database, told: tuple[Told, ...]) -> int:
    """How many of the receipts that were sent are not printed yet."""
    return sum(desk.read(fiscal.get_receipt, receipt).state in ("waiting", "printing") for each in told for receipt in each.receipts)


def prepared(profile: Profile, device: UUID, *, people: int, acts: int, processes: int) -> Plan:
    """Employ the people, and store the draft that everybody edits."""
    with closing(office.Office(profile).enter("szef")) as boss, closing(office.Office(profile).enter("anna")) as anna:
        logins = employ_people(boss, people)
        shared = office.draft_of(anna, "FS", lines=1)
        anna.change(sales.save_draft, shared)
        (party,) = anna.read(parties.find_parties, "volt")
        return Plan(profile.host, profile.port, profile.database, logins, acts, party.id, shared.id, device, processes=processes)


__all__ = ["Day", "Plan", "Told", "Watch", "prepared", "receipts_left", "spend", "watch_server"]
