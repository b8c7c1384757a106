"""The cable of the tests counts what it should, and cuts where it is told."""

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress

import psycopg
import pytest

from tests.support.postgres import TestServer
from tests.support.wire import Frontend, Relay, Way


@pytest.fixture
def relay(server: TestServer) -> Iterator[Relay]:
    with Relay((server.server.host, server.server.port), postgres=True) as relay:
        yield relay


def connect(relay: Relay, server: TestServer) -> "psycopg.Connection[tuple[object, ...]]":
    login = server.server
    return psycopg.connect(
        host=relay.host, port=relay.port, user=login.superuser, password=login.password, dbname="postgres",
        sslmode="disable", autocommit=True,
    )  # fmt: skip


def test_a_pipeline_is_one_round_trip(relay: Relay, server: TestServer) -> None:
    with connect(relay, server) as connection, relay.counting() as count:
        with connection.pipeline():
            connection.execute("begin")
            one = connection.execute("select 1")
            two = connection.execute("select 2")
        assert (count.round_trips, count.statements) == (1, 3)
        assert (one.fetchone(), two.fetchone()) == ((1,), (2,))
        assert count.round_trips == 1


def test_a_fetch_inside_a_pipeline_is_a_wait_of_its_own(relay: Relay, server: TestServer) -> None:
    with connect(relay, server) as connection, relay.counting() as count, connection.pipeline():
        assert connection.execute("select 1").fetchone() == (1,)
        assert count.round_trips == 1
        assert connection.execute("select 2").fetchone() == (2,)
        assert count.round_trips == 2


def test_plain_statements_are_a_round_trip_each(relay: Relay, server: TestServer) -> None:
    with connect(relay, server) as connection:
        with relay.counting() as count:
            connection.execute("select 1")
            connection.execute("select %s::text", ["ż" * 100_000]).fetchone()
            with connection.transaction():
                connection.execute("select 3")
        assert (count.round_trips, count.statements) == (5, 5)
        connection.execute("select 4")
        assert count.round_trips == 5, "counting has ended"


def test_logging_in_does_not_count(relay: Relay, server: TestServer) -> None:
    with relay.counting() as count, connect(relay, server):
        pass
    assert (count.round_trips, count.connections) == (0, 1)


def test_a_notification_is_no_round_trip(relay: Relay, server: TestServer) -> None:
    with connect(relay, server) as connection, psycopg.connect(server.server.dsn(), autocommit=True) as other:
        connection.execute("listen news")
        with relay.counting() as count:
            other.execute("notify news, 'x'")
            assert [notification.payload for notification in connection.notifies(timeout=10, stop_after=1)] == ["x"]
        assert count.round_trips == 0


def test_cut_and_mend(relay: Relay, server: TestServer) -> None:
    connection = connect(relay, server)
    relay.cut()
    with pytest.raises(psycopg.OperationalError):
        connection.execute("select 1")
    with pytest.raises(psycopg.OperationalError):
        connect(relay, server)
    relay.release()
    with connect(relay, server) as again:
        assert again.execute("select 1").fetchone() == (1,)
    connection.close()


def test_a_lost_answer(relay: Relay, server: TestServer) -> None:
    """The server did it, the client does not know: the case that operation UUIDs are for."""
    with psycopg.connect(server.server.dsn(), autocommit=True) as other:
        other.execute("drop table if exists wire_lost")
        other.execute("create table wire_lost (id int)")
        connection = connect(relay, server)
        relay.cut_after(1, Way.TO_CLIENT)
        with pytest.raises(psycopg.OperationalError):
            connection.execute("insert into wire_lost values (1)")
        relay.wait_cut()
        assert other.execute("select count(*) from wire_lost").fetchone() == (1,)
        other.execute("drop table wire_lost")
        connection.close()


def test_held_bytes_arrive_after_release(relay: Relay, server: TestServer) -> None:
    answers: list[object] = []
    with connect(relay, server) as connection:
        relay.hold()
        asking = threading.Thread(target=lambda: answers.append(connection.execute("select 7").fetchone()))
        asking.start()
        relay.wait_held(Way.TO_SERVER)
        assert relay.held_bytes(Way.TO_SERVER) > 0
        assert answers == []
        relay.release()
        asking.join(10)
        assert answers == [(7,)]


class Peer:
    """The other end of a plain cable: keeps what it hears."""

    def __init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.heard = bytearray()
        self.thread = threading.Thread(target=self._listen, daemon=True)
        self.thread.start()

    def _listen(self) -> None:
        with self.listener, self.listener.accept()[0] as line, suppress(ConnectionError):
            while data := line.recv(100):
                self.heard += data
                line.sendall(data.upper())


@pytest.mark.parametrize("count", [0, 1, 5, 9])
def test_exactly_so_many_bytes_arrive_before_the_cut(count: int) -> None:
    peer = Peer()
    with Relay(("127.0.0.1", peer.listener.getsockname()[1])) as relay, socket.create_connection(relay.address) as line:
        line.sendall(b"x")
        assert line.recv(1) == b"X"
        relay.cut_after(count, Way.TO_SERVER)
        with suppress(ConnectionError):  # a cut before the first byte is noticed while sending
            line.sendall(b"abcdefghij")
        relay.wait_cut()
        peer.thread.join(10)
        assert bytes(peer.heard) == b"x" + b"abcdefghij"[:count]
        assert relay.passed(Way.TO_SERVER) == 1 + count


@pytest.mark.parametrize("count", [0, 1, 4])
def test_exactly_so_many_bytes_arrive_before_the_hold(count: int) -> None:
    peer = Peer()
    with Relay(("127.0.0.1", peer.listener.getsockname()[1])) as relay, socket.create_connection(relay.address) as line:
        line.settimeout(10)
        relay.hold_after(count, Way.TO_CLIENT)
        line.sendall(b"abcde")
        relay.wait_held(Way.TO_CLIENT if count else Way.TO_SERVER)
        assert relay.passed(Way.TO_CLIENT) == count
        relay.release()
        assert _all(line, 5) == b"ABCDE"


def test_an_end_is_passed_on() -> None:
    peer = Peer()
    with Relay(("127.0.0.1", peer.listener.getsockname()[1])) as relay, socket.create_connection(relay.address) as line:
        line.sendall(b"abc")
        line.shutdown(socket.SHUT_WR)
        line.settimeout(10)
        assert _all(line, 3) == b"ABC"
        assert line.recv(1) == b""
        peer.thread.join(10)
        assert not peer.thread.is_alive()


def test_messages_are_found_in_chunks_of_any_size() -> None:
    tls = bytes.fromhex("0000000804d2162f")
    start = b"\x00\x00\x00\x08\x00\x03\x00\x00"
    talk = tls + start + b"p\x00\x00\x00\x05x" + b"P\x00\x00\x00\x04" + b"E\x00\x00\x00\x04" + b"S\x00\x00\x00\x04"
    for size in range(1, len(talk) + 1):
        frontend = Frontend()
        found = [letter for at in range(0, len(talk), size) for letter in frontend.feed(talk[at : at + size])]
        assert found == ["", "", "p", "P", "E", "S"]


def _all(line: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count and (part := line.recv(count - len(data))):
        data += part
    return data
