"""A till in a process of its own: serves one fiscal printer as the program does, and can be held at any step of a receipt.

The process is forked from a server that has everything imported, so that dozens of them start at once. What is held: the calls of
`DeviceService` to its database, before they are made or after they came back; the real service, driver, link and database.
"""

import logging
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, cast
from uuid import UUID

from crm_desktop.app.attached_devices import ServedDevice
from crm_desktop.db.changes import Listener
from crm_desktop.db.connect import Profile
from crm_desktop.db.database import Database
from crm_desktop.fiscal import queries
from tests.support import office

#: Processes are forked from a server that has imported everything: dozens start at once.
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["tests.support.till", "tests.support.cashier"])
PATIENCE = 60.0


@dataclass(frozen=True)
class Point:
    """A moment in the life of a receipt: before or after a call; `state` is the journal's, "" for calls without one."""

    call: str
    state: str
    after: bool

    def __str__(self) -> str:
        return f"{'after' if self.after else 'before'} {self.state or self.call}"


#: Every durable step of a receipt, from both sides.
POINTS = tuple(
    Point(call, state, after)
    for call, state in (
        ("claim_receipt", ""),
        ("write_journal", "baseline"),
        ("write_journal", "opened"),
        ("write_journal", "committing"),
        ("record_printed", ""),
    )
    for after in (False, True)
)


@dataclass(frozen=True)
class TillOrder:
    """Which printer, over which ways, and where to wait for the word (once)."""

    host: str
    port: int
    database: str
    device: UUID
    address: str
    log: Path
    point: Point | None = None


class _Watched:
    """The till's database, held once at a point."""

    def __init__(self, database: Database, point: Point | None, hold: Callable[[], None]) -> None:
        self._database, self._point, self._hold = database, point, hold
        self.read = database.read

    def change(self, fn: Callable[..., Any], *args: Any, operation: UUID | None = None) -> Any:
        state = args[4] if fn.__name__ == "write_journal" else ""
        self._pass(Point(fn.__name__, state, False))
        result = self._database.change(fn, *args, operation=operation)
        if result is not None or fn.__name__ != "claim_receipt":
            self._pass(Point(fn.__name__, state, True))
        return result

    def _pass(self, here: Point) -> None:
        if here == self._point:
            self._point = None
            self._hold()


def _serve(order: TillOrder, line: Connection) -> None:
    """The process itself: serve until told to end."""
    os.dup2(os.open(order.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND), 2)
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(threadName)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("psycopg").setLevel(logging.ERROR)
    go = threading.Event()

    def hold() -> None:
        line.send(f"at {order.point}")
        go.wait()

    desk = office.Office(Profile(order.host, order.port, order.database, "disable", role_prefix=office.TEMPLATE)).enter("ws_kasa1")
    device = next(found for found in desk.read(queries.list_attached, office.TILL) if found.id == order.device)
    watched = cast(Database, _Watched(desk, order.point, hold))
    served = ServedDevice(watched, replace(device, address=order.address))
    listener = Listener(desk.listening_connection, lambda _table, _ids: None, work=lambda _queue: served.worker.wake())
    listener.start()
    served.start()
    line.send("ready")
    while (word := line.recv()) != "end":
        if word == "go":
            go.set()
    listener.stop()
    served.stop()
    desk.close()
    line.send("ended")


class Till:
    """A till's process, seen from outside."""

    def __init__(self, order: TillOrder) -> None:
        self._line, theirs = FORKS.Pipe()
        self._order = order
        self._process = FORKS.Process(target=_serve, args=(order, theirs), daemon=True)
        self._process.start()
        theirs.close()
        self._expect("ready")

    def wait_at_point(self) -> None:
        """Until it stands where it was told to."""
        self._expect(f"at {self._order.point}")

    def go(self) -> None:
        """On from there."""
        self._line.send("go")

    def kill(self) -> None:
        """SIGKILL: its connections end, nothing else of it happens."""
        self._process.kill()
        self._process.join(PATIENCE)

    def stop(self) -> None:
        """SIGSTOP: its connections stand, and nothing comes."""
        assert self._process.pid is not None
        os.kill(self._process.pid, signal.SIGSTOP)

    def go_on(self) -> None:
        """SIGCONT."""
        assert self._process.pid is not None
        os.kill(self._process.pid, signal.SIGCONT)

    def end(self) -> str:
        """Let it finish what is at hand, and end; gives its log."""
        if self._process.is_alive():
            self._line.send("end")
            self._expect("ended")
            self._process.join(PATIENCE)
        return self._order.log.read_text(encoding="utf-8")

    def remove(self) -> None:
        """Whatever state it is in."""
        if self._process.is_alive():
            self.go_on()
            self._process.kill()
        self._process.join(PATIENCE)
        self._line.close()

    def _expect(self, word: str) -> None:
        if not self._line.poll(PATIENCE):
            raise TimeoutError(f"the till says nothing, waited for {word!r}: {self._order.log.read_text(encoding='utf-8')[-3000:]}")
        try:
            said = self._line.recv()
        except EOFError:
            raise AssertionError(f"the till died, waited for {word!r}: {self._order.log.read_text(encoding='utf-8')[-3000:]}") from None
        assert said == word, f"{said!r} instead of {word!r}"
