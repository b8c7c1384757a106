"""A relay between a client and its server that counts, holds and cuts: the cable of the tests.

With PostgreSQL behind it (TLS off) it counts round trips: waits of the client for the server. With another TCP peer it
is a plain relay that can be cut or held after exactly n bytes of either direction.
"""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import Enum
from types import TracebackType

CHUNK = 65_536
PATIENCE = 10.0


class Way(Enum):
    """A direction on the wire."""

    TO_SERVER = "to server"
    TO_CLIENT = "to client"


@dataclass
class Count:
    """What went over the wire while it was counted. `round_trips` are asks that the server began to answer."""

    round_trips: int = 0
    statements: int = 0
    connections: int = 0


@dataclass
class Frontend:
    """Reads the client's half of the PostgreSQL protocol (version 3), in chunks of any size."""

    started: bool = False
    _rest: bytearray = field(default_factory=bytearray)

    def feed(self, data: bytes) -> list[str]:
        """The type letters of the messages that `data` completes; the startup message is ''."""
        self._rest += data
        found = []
        while message := self._next():
            found.append(message[0])
        return found

    def _next(self) -> tuple[str] | None:
        head = 1 if self.started else 0
        if len(self._rest) < head + 4:
            return None
        length = head + int.from_bytes(self._rest[head : head + 4], "big")
        if len(self._rest) < length:
            return None
        letter = chr(self._rest[0]) if self.started else ""
        if not self.started:  # TLS and GSS requests and cancelling come with a code of their own and keep the stream untyped
            self.started = int.from_bytes(self._rest[4:6], "big") == 3
        del self._rest[:length]
        return (letter,)


class Relay:
    """Listens on `address` and passes everything to `target` and back.

    postgres: whether to count what the client asks. The relay cannot look into TLS: connect with sslmode=disable.
    """

    def __init__(self, target: tuple[str, int], *, postgres: bool = False) -> None:
        self._target, self._postgres = target, postgres
        self._change = threading.Condition()
        self._held = False
        self._refusing = False
        # Let through, and delivered: the receiver may act on a byte before this program has noted that it was delivered.
        self._let_through = {Way.TO_SERVER: 0, Way.TO_CLIENT: 0}
        self._passed = {Way.TO_SERVER: 0, Way.TO_CLIENT: 0}
        self._waiting = {Way.TO_SERVER: 0, Way.TO_CLIENT: 0}
        self._limits: dict[Way, tuple[int, str]] = {}
        self._counts: list[Count] = []
        self._pairs: list[_Pair] = []
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address: tuple[str, int] = ("127.0.0.1", self._listener.getsockname()[1])
        self._run(self._accept)

    @property
    def host(self) -> str:
        """Where the client connects to."""
        return self.address[0]

    @property
    def port(self) -> int:
        """Where the client connects to."""
        return self.address[1]

    @contextmanager
    def counting(self) -> Iterator[Count]:
        """Count what is asked and answered inside the block, over all connections; logging in does not count."""
        count = Count()
        with self._change:
            self._counts.append(count)
        try:
            yield count
        finally:
            with self._change:
                self._counts = [other for other in self._counts if other is not count]

    def cut(self) -> None:
        """Break all connections now, and refuse new ones until `release`. What is held is lost."""
        with self._change:
            self._refusing = True
            self._waiting = dict.fromkeys(self._waiting, 0)
            pairs, self._pairs = self._pairs, []
            for pair in pairs:
                pair.close()
            self._change.notify_all()

    def hold(self) -> None:
        """From now on nothing arrives, in both directions, as if packets were dropped: the connections look alive."""
        with self._change:
            self._held = True

    def release(self) -> None:
        """The cable is whole again: what was held arrives, new connections are taken, limits are forgotten."""
        with self._change:
            self._held = self._refusing = False
            self._limits.clear()
            self._change.notify_all()

    def cut_after(self, count: int, way: Way) -> None:
        """Cut when exactly `count` more bytes have gone `way`; the bytes before the cut arrive."""
        self._limit(count, way, "cut")

    def hold_after(self, count: int, way: Way) -> None:
        """Hold when exactly `count` more bytes have gone `way`."""
        self._limit(count, way, "hold")

    def passed(self, way: Way) -> int:
        """How many bytes have been delivered this way since the start."""
        with self._change:
            return self._passed[way]

    def held_bytes(self, way: Way) -> int:
        """How many bytes wait for `release` (the relay takes at most one chunk a connection off the wire)."""
        with self._change:
            return self._waiting[way]

    def wait_passed(self, count: int, way: Way, timeout: float = PATIENCE) -> None:
        """Wait until `count` bytes have been delivered in all. Raises TimeoutError."""
        self._wait(lambda: self._passed[way] >= count, f"{count} bytes {way.value}", timeout)

    def wait_held(self, way: Way, timeout: float = PATIENCE) -> None:
        """Wait until something is being held back this way. Raises TimeoutError."""
        self._wait(lambda: self._waiting[way] > 0, f"held bytes {way.value}", timeout)

    def wait_cut(self, timeout: float = PATIENCE) -> None:
        """Wait until a cut (also one by `cut_after`) has happened. Raises TimeoutError."""
        self._wait(lambda: self._refusing, "a cut", timeout)

    def close(self) -> None:
        """Cut everything and stop listening; the relay's threads have ended when this returns."""
        self.cut()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            if thread is not threading.current_thread():
                thread.join(PATIENCE)

    def __enter__(self) -> "Relay":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def _limit(self, count: int, way: Way, act: str) -> None:
        with self._change:
            self._limits[way] = (self._let_through[way] + count, act)
            self._enforce(way)

    def _wait(self, condition: Callable[[], bool], what: str, timeout: float) -> None:
        with self._change:
            if not self._change.wait_for(condition, timeout):
                raise TimeoutError(f"the relay waited {timeout} s in vain for {what}")

    def _run(self, work: Callable[..., None], *args: object) -> None:
        thread = threading.Thread(target=work, args=args, name="relay", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:  # closed
                return
            with self._change:
                refusing = self._refusing
            try:
                server = None if refusing else socket.create_connection(self._target, PATIENCE)
            except OSError:
                server = None
            if server is None:
                client.close()
                continue
            server.settimeout(None)
            pair = _Pair(client, server)
            with self._change:
                if self._refusing:
                    pair.close()
                    continue
                self._pairs.append(pair)
                for count in self._counts:
                    count.connections += 1
            self._run(self._pump, pair, Way.TO_SERVER)
            self._run(self._pump, pair, Way.TO_CLIENT)

    def _pump(self, pair: "_Pair", way: Way) -> None:
        source, target = (pair.client, pair.server) if way is Way.TO_SERVER else (pair.server, pair.client)
        while data := _received(source):
            while data:
                part = self._allowed(pair, way, data)
                if not part:
                    return
                data = data[len(part) :]
                try:
                    target.sendall(part)
                except OSError:  # the receiver has gone; what was on the way to it counts as gone this way
                    pair.close()
                with self._change:
                    self._passed[way] += len(part)
                    self._enforce(way)
                    self._change.notify_all()
        with self._change:
            self._change.wait_for(lambda: not self._held or pair.closed)  # an end is a packet too
            pair.end(target)

    def _allowed(self, pair: "_Pair", way: Way, data: bytes) -> bytes:
        """The part of `data` that may go now; waits while the wire is held. Nothing when the connection was cut."""
        with self._change:
            if self._held or self._room(way) == 0:
                self._waiting[way] += len(data)
                self._change.notify_all()
                self._change.wait_for(lambda: pair.closed or not (self._held or self._room(way) == 0))
                if not pair.closed:
                    self._waiting[way] -= len(data)
            if pair.closed:
                return b""
            data = data[: self._room(way)]
            if self._postgres:
                self._count(pair, way, data)
            self._let_through[way] += len(data)
            return data

    def _room(self, way: Way) -> int:
        """How many bytes may still go before a limit; a chunk where there is none."""
        return self._limits[way][0] - self._let_through[way] if way in self._limits else CHUNK

    def _count(self, pair: "_Pair", way: Way, data: bytes) -> None:
        if way is Way.TO_SERVER:
            letters = pair.frontend.feed(data)
            for count in self._counts:
                count.statements += sum(letter in "EQ" for letter in letters if letter)
            # Several asks in one chunk were sent without waiting for the first answer: one wait.
            pair.asked = pair.asked or any(letter in "SQH" for letter in letters if letter)
        elif pair.asked:
            pair.asked = False
            for count in self._counts:
                count.round_trips += 1

    def _enforce(self, way: Way) -> None:
        limit = self._limits.get(way)
        if limit is None or self._passed[way] < limit[0]:
            return
        del self._limits[way]
        if limit[1] == "hold":
            self._held = True
        else:
            self.cut()


@dataclass(eq=False)
class _Pair:
    client: socket.socket
    server: socket.socket
    frontend: Frontend = field(default_factory=Frontend)
    asked: bool = False
    closed: bool = False
    _ended: int = 0

    def close(self) -> None:
        self.closed = True
        for end in (self.client, self.server):
            with suppress(OSError):  # wakes the thread that reads it; one that is gone already refuses
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def end(self, target: socket.socket) -> None:
        """One side has said all it had to say; when both have, the connection is over."""
        self._ended += 1
        if self._ended == 2:
            self.close()
        elif not self.closed:
            with suppress(OSError):
                target.shutdown(socket.SHUT_WR)


def _received(source: socket.socket) -> bytes:
    try:
        return source.recv(CHUNK)
    except OSError:
        return b""
