"""Real links: TCP on this machine, a pseudo-terminal as serial port, and the addresses that open them (FIS-01)."""

import os
import socket
import threading
import tty
from collections.abc import Iterator

import pytest

from crm_desktop.core.errors import Refused
from crm_desktop.devices.link import Link, LinkLost
from crm_desktop.devices.opening import SerialAddress, TcpAddress, open_link, read_address

PATIENCE = 10.0


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("tcp://192.168.1.40:6666", TcpAddress("192.168.1.40", 6666)),
        (" tcp://drukarka.local:1024/ ", TcpAddress("drukarka.local", 1024)),
        ("tcp://[::1]:6666", TcpAddress("::1", 6666)),
        ("serial:///dev/ttyS0", SerialAddress("/dev/ttyS0")),
        ("serial:///dev/ttyUSB0?baud=115200&flow=xonxoff", SerialAddress("/dev/ttyUSB0", 115200, flow="xonxoff")),
        ("serial://COM3?parity=e&stop=2", SerialAddress("COM3", parity="E", stop=2)),
    ],
)
def test_addresses(address: str, place: TcpAddress | SerialAddress) -> None:
    assert read_address(address) == place


@pytest.mark.parametrize(
    "address",
    [
        "",
        "tcp://",
        "tcp://host",
        "tcp://host:0",
        "tcp://host:99999",
        "tcp://host:x",
        "tcp://host:1?baud=1",
        "tcp://[::1:6666",
        "serial://",
        "serial:///dev/ttyS0?baud=9601",
        "serial:///dev/ttyS0?baud=x",
        "serial:///dev/ttyS0?parity=M",
        "serial:///dev/ttyS0?stop=3",
        "serial:///dev/ttyS0?flow=maybe",
        "serial:///dev/ttyS0?colour=red",
        "serial:///dev/ttyS0?baud",
        "usb:1424",
        "/dev/ttyS0",
    ],
)
def test_wrong_addresses_are_refused_at_their_field(address: str) -> None:
    with pytest.raises(Refused) as refused:
        read_address(address)
    (problem,) = refused.value.problems
    assert (problem.code, problem.field) == ("device_address", "address")


@pytest.fixture
def peer() -> Iterator[tuple[Link, socket.socket]]:
    """A TCP link and the socket at its other end."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        link = open_link(f"tcp://127.0.0.1:{listener.getsockname()[1]}")
        connection, _ = listener.accept()
        with connection:
            yield link, connection
        link.close()


def test_tcp_both_ways(peer: tuple[Link, socket.socket]) -> None:
    link, connection = peer
    link.send(b"abc")
    assert connection.recv(10) == b"abc"
    assert link.receive(0) == b""
    connection.sendall(b"def")
    assert link.receive(PATIENCE) == b"def"
    assert link.receive(0.01) == b""


def test_tcp_peer_that_goes_is_noticed(peer: tuple[Link, socket.socket]) -> None:
    link, connection = peer
    connection.sendall(b"end")
    connection.close()
    assert link.receive(PATIENCE) == b"end"
    with pytest.raises(LinkLost):
        link.receive(PATIENCE)
    with pytest.raises(LinkLost):
        send_much(link)


def send_much(link: Link) -> None:
    """The first bytes to a peer that has gone may still go into the kernel's buffer."""
    for _ in range(1000):
        link.send(b"x" * 1000)


def test_tcp_closed_from_another_thread_wakes_the_reader(peer: tuple[Link, socket.socket]) -> None:
    link, _connection = peer
    outcome: list[BaseException] = []

    def read() -> None:
        try:
            link.receive(PATIENCE)
        except LinkLost as lost:
            outcome.append(lost)

    reader = threading.Thread(target=read)
    reader.start()
    link.close()
    reader.join(PATIENCE)
    assert len(outcome) == 1
    link.close()


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(LinkLost):
        open_link(f"tcp://127.0.0.1:{port}")


@pytest.fixture
def terminal() -> Iterator[tuple[int, str]]:
    """A pseudo-terminal: the device's side, and the path for the program."""
    master, slave = os.openpty()
    tty.setraw(slave)
    yield master, os.ttyname(slave)
    os.close(slave)
    try:
        os.close(master)
    except OSError:
        pass  # the test closed it


def test_serial_both_ways(terminal: tuple[int, str]) -> None:
    master, path = terminal
    link = open_link(f"serial://{path}?baud=115200")
    link.send(b"\x02a\x11\x13\x03")
    assert os.read(master, 10) == b"\x02a\x11\x13\x03"
    assert link.receive(0) == b""
    os.write(master, b"\x02b\x03")
    heard = b""
    while len(heard) < 3:
        heard += link.receive(PATIENCE)
    assert heard == b"\x02b\x03"
    link.close()
    with pytest.raises(LinkLost):
        link.send(b"x")
    with pytest.raises(LinkLost):
        link.receive(0)


def test_serial_port_has_one_owner(terminal: tuple[int, str]) -> None:
    """Two programs on one port would mix their frames."""
    _master, path = terminal
    link = open_link(f"serial://{path}")
    with pytest.raises(LinkLost):
        open_link(f"serial://{path}")
    link.close()
    open_link(f"serial://{path}").close()


def test_serial_port_that_does_not_exist() -> None:
    with pytest.raises(LinkLost):
        open_link("serial:///dev/no-such-port")
