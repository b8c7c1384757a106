"""That something changed, told by the database. A hint to read again, never data; after a lost connection "anything may have changed"."""

import logging
import threading
import time
from collections.abc import Callable
from typing import Any
from uuid import UUID

import psycopg

from crm_desktop.core.errors import CrmError

log = logging.getLogger("crm_desktop.db.changes")

#: While connected, the listener looks this often whether it should stop; the server is not asked anything.
_LOOK_SECONDS = 1.0
#: Between two attempts to connect again.
_AGAIN_SECONDS = 4.0


class Listener:
    """One thread and one connection that listen. Callbacks run in that thread.

    changed(table, ids): `documents.document` and the keys touched, None for "anything in it"; table "" means "anything at all".
    work(queue): something waits in a queue of jobs. connected(bool): the connection was lost or is back.
    """

    def __init__(
        self,
        connect: Callable[[], psycopg.Connection[Any]],
        changed: Callable[[str, frozenset[UUID] | None], None],
        work: Callable[[str], None] = lambda queue: None,
        connected: Callable[[bool], None] = lambda here: None,
    ) -> None:
        self._connect, self._changed, self._work, self._connected = connect, changed, work, connected
        self._stop, self._retry = threading.Event(), threading.Event()
        self.listening = threading.Event()
        self.next_attempt = 0.0
        self._thread = threading.Thread(target=self._run, name="changes", daemon=True)

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread; returns when it ended."""
        self._stop.set()
        self._retry.set()
        if self._thread.is_alive():
            self._thread.join(timeout=2 * _LOOK_SECONDS + 1)

    def try_now(self) -> None:
        """Connect at once instead of waiting for the next attempt."""
        self._retry.set()

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                with self._connect() as connection:
                    connection.execute("listen changes")
                    connection.execute("listen jobs")
                    self.listening.set()
                    self._connected(True)
                    self._changed("", None)
                    self._hear(connection)
            except (CrmError, psycopg.Error) as error:
                if not self._stop.is_set():
                    log.info("the listening connection is gone: %s", error)
            if self.listening.is_set() or not self._stop.is_set():
                self.listening.clear()
                if not self._stop.is_set():
                    self._connected(False)
                    self._retry.clear()
                    self.next_attempt = time.monotonic() + _AGAIN_SECONDS
                    self._retry.wait(_AGAIN_SECONDS)

    def _hear(self, connection: psycopg.Connection[Any]) -> None:
        while not self._stop.is_set():
            for notice in connection.notifies(timeout=_LOOK_SECONDS):
                if notice.channel == "jobs":
                    self._work(notice.payload)
                else:
                    table, _, ids = notice.payload.partition(":")
                    self._changed(table, None if ids == "*" else _keys(ids))


def _keys(ids: str) -> frozenset[UUID] | None:
    """The keys of a message, None where they are not UUIDs (a rate's code): then anything in the table may have changed."""
    try:
        return frozenset(UUID(key) for key in ids.split(","))
    except ValueError:
        return None
