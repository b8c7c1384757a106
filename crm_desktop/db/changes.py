"""That something changed, told by the database. A hint to read again, never data; after a lost connection "anything may have changed"."""

import logging
import select
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Protocol
from uuid import UUID

import psycopg

from crm_desktop.core.errors import CrmError

log = logging.getLogger("crm_desktop.db.changes")

#: While connected, the listener looks this often whether it should stop; the server is not asked anything.
_LOOK_SECONDS = 1.0
#: Between two attempts to connect again.
_AGAIN_SECONDS = 4.0


class Guest(Protocol):
    """Something else that lives on the listening connection, in its thread: who has what open (db/presence.py). May raise psycopg.Error."""

    def arrive(self, connection: psycopg.Connection[Any], wake: Callable[[], None]) -> None:
        """A new connection is there; `wake` brings on `look` at once, from any thread."""

    def note(self, table: str, ids: frozenset[UUID] | None) -> None:
        """Something was told; `look` follows."""

    def look(self, connection: psycopg.Connection[Any]) -> None:
        """Do what is to be done over it: after each message, when woken, and at least once a second."""


class Listener:
    """One thread and one connection that listen. Callbacks run in that thread.

    changed(table, ids): `documents.document` and the keys touched, None for "anything in it"; table "" means "anything at all".
    work(queue): something waits in a queue of jobs. connected(bool): the connection was lost or is back. guest: see `Guest`.
    """

    def __init__(
        self,
        connect: Callable[[], psycopg.Connection[Any]],
        changed: Callable[[str, frozenset[UUID] | None], None],
        work: Callable[[str], None] = lambda queue: None,
        connected: Callable[[bool], None] = lambda here: None,
        guest: Guest | None = None,
    ) -> None:
        self._connect, self._changed, self._work, self._connected, self._guest = connect, changed, work, connected, guest
        self._bell: socket.socket | None = None
        self._stop, self._retry = threading.Event(), threading.Event()
        self.listening = threading.Event()
        self.next_attempt = 0.0
        self._thread = threading.Thread(target=self._run, name="changes", daemon=True)

    def start(self) -> None:
        """Begin to listen."""
        # Woken by a byte: the thread sleeps on two sockets, the server's and this one.
        self._ear, self._bell = socket.socketpair()
        self._ear.setblocking(False)
        self._bell.setblocking(False)
        self._thread.start()

    def stop(self) -> None:
        """End the thread; returns when it ended."""
        self._stop.set()
        self._retry.set()
        self.wake()
        if self._thread.is_alive():
            self._thread.join(timeout=2 * _LOOK_SECONDS + 1)

    def wake(self) -> None:
        """From any thread: look round at once."""
        bell = self._bell
        if bell is not None:
            with suppress(OSError):  # full: it is awake; closed: it has ended
                bell.send(b"!")

    def try_now(self) -> None:
        """Connect at once instead of waiting for the next attempt."""
        self._retry.set()

    def _run(self) -> None:
        assert self._bell is not None
        with self._ear, self._bell:
            self._listen()

    def _listen(self) -> None:
        while not self._stop.is_set():
            try:
                with self._connect() as connection:
                    connection.execute("listen changes")
                    connection.execute("listen jobs")
                    self.listening.set()
                    self._connected(True)
                    self._changed("", None)
                    if self._guest is not None:
                        self._guest.arrive(connection, self.wake)
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
            if self._guest is not None:
                self._guest.look(connection)
            # What came while the guest asked something waits in the connection; nothing more comes over the wire for it.
            select.select([connection.fileno(), self._ear.fileno()], [], [], 0 if self._pass_on(connection) else _LOOK_SECONDS)
            self._pass_on(connection)
            with suppress(BlockingIOError):
                while self._ear.recv(64):
                    pass

    def _pass_on(self, connection: psycopg.Connection[Any]) -> bool:
        """Tell all that has arrived; whether there was anything."""
        told = False
        for notice in connection.notifies(timeout=0):
            told = True
            if notice.channel == "jobs":
                self._work(notice.payload)
                continue
            table, _, keys = notice.payload.partition(":")
            ids = None if keys == "*" else _keys(keys)
            self._changed(table, ids)
            if self._guest is not None:
                self._guest.note(table, ids)
        return told


def _keys(ids: str) -> frozenset[UUID] | None:
    """The keys of a message, None where they are not UUIDs (a rate's code): then anything in the table may have changed."""
    try:
        return frozenset(UUID(key) for key in ids.split(","))
    except ValueError:
        return None
