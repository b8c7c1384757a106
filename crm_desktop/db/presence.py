"""Who has a record open: told to all others over the one connection that listens, and gone with it, however it ends.

Each open record is an advisory lock of that connection (organisation/sql/functions.sql); there is no table and so no stale row. Opening
and closing are told by NOTIFY. A connection that dies tells nobody: while a colleague is shown, it is looked at again.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg

from crm_desktop.db.transaction import WARSAW

#: While a colleague is shown, it is looked so often whether she is still there.
LOOK_AGAIN_SECONDS = 1.0
#: What `code.show_open` and its like tell.
TABLE = "presence"


@dataclass(frozen=True)
class Seen:
    """A colleague who has a record open (or oneself at another desk), since when."""

    employee_id: UUID
    name: str
    since: datetime


class Presence:
    """What this desk has open, and who else does; a guest of the listener (db/changes.py). Safe from any thread.

    told(key, seen): in the listener's thread, whenever it changed who else has `key` open.
    """

    def __init__(self, told: Callable[[UUID, Sequence[Seen]], None]) -> None:
        self._told = told
        self._lock = threading.Lock()
        self._wanted: Counter[UUID] = Counter()
        self._wake: Callable[[], None] = lambda: None
        # Of the listener's thread alone:
        self._shown: set[UUID] = set()
        self._others: dict[UUID, Sequence[Seen]] = {}
        self._stale: set[UUID] = set()
        self._looked_at = 0.0

    # ---- from any thread ----
    def open(self, key: UUID) -> None:
        """A window shows this record; the same one may be shown by several."""
        with self._lock:
            self._wanted[key] += 1
        self._wake()

    def close(self, key: UUID) -> None:
        """A window that showed it is closed."""
        with self._lock:
            self._wanted[key] -= 1
            if self._wanted[key] <= 0:
                del self._wanted[key]
        self._wake()

    # ---- in the listener's thread ----
    def arrive(self, connection: psycopg.Connection[Any], wake: Callable[[], None]) -> None:
        """A new connection: what the lost one held is held anew."""
        self._wake = wake
        self._shown.clear()
        self._stale.clear()

    def note(self, table: str, ids: frozenset[UUID] | None) -> None:
        """Somebody opened or closed these."""
        if table == TABLE:
            self._stale |= self._shown if ids is None else ids & self._shown

    def look(self, connection: psycopg.Connection[Any]) -> None:
        """Show what is open here, and ask who else has it."""
        with self._lock:
            wanted = set(self._wanted)
        for key in wanted - self._shown:
            connection.execute("select code.show_open(%s)", [key])
            self._stale.add(key)
        for key in self._shown - wanted:
            connection.execute("select code.hide_open(%s)", [key])
            self._others.pop(key, None)
        self._shown = wanted
        now = time.monotonic()
        if now - self._looked_at >= LOOK_AGAIN_SECONDS:
            self._stale |= {key for key, seen in self._others.items() if seen}
        asked = self._stale & wanted
        self._stale.clear()
        if asked:
            self._looked_at = now
            self._compare(asked, _who(connection, asked))

    def _compare(self, asked: set[UUID], found: Mapping[UUID, Sequence[Seen]]) -> None:
        for key in asked:
            seen = found.get(key, ())
            if self._others.get(key, ()) != seen:
                self._others[key] = seen
                self._told(key, seen)


def _who(connection: psycopg.Connection[Any], keys: set[UUID]) -> dict[UUID, tuple[Seen, ...]]:
    found: dict[UUID, tuple[Seen, ...]] = {}
    for key, employee_id, name, since in connection.execute("select * from code.who_has_open(%s)", [list(keys)]).fetchall():
        found[key] = (*found.get(key, ()), Seen(employee_id, name, since.astimezone(WARSAW)))
    return found
