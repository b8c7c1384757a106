"""A device behind TCP: printers on Ethernet or Wi-Fi, and serial servers."""

import socket

from crm_desktop.devices.link import LinkLost, OpenLink

CHUNK = 4096
# A peer that vanished without a word (cable, power) is noticed after 10 + 3 × 5 s.
KEEPALIVE = {"TCP_KEEPIDLE": 10, "TCP_KEEPINTVL": 5, "TCP_KEEPCNT": 3}


class TcpLink(OpenLink):
    """A TCP connection. `timeout` bounds connecting and each send, in seconds."""

    def __init__(self, host: str, port: int, timeout: float = 5.0) -> None:
        self._timeout = timeout
        try:
            self._socket = socket.create_connection((host, port), timeout)
        except OSError as error:
            raise LinkLost(f"no connection to {host}:{port}: {error}") from error
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for name, value in KEEPALIVE.items():
            if hasattr(socket, name):  # macOS and old Windows lack some of them
                self._socket.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)

    def send(self, data: bytes) -> None:
        try:
            self._socket.settimeout(self._timeout)
            self._socket.sendall(data)
        except OSError as error:
            raise LinkLost(f"sending failed: {error}") from error

    def receive(self, timeout: float) -> bytes:
        try:
            self._socket.settimeout(max(timeout, 0.0))
            data = self._socket.recv(CHUNK)
        except (TimeoutError, BlockingIOError):
            return b""
        except OSError as error:
            raise LinkLost(f"receiving failed: {error}") from error
        if not data:
            raise LinkLost("the device closed the connection")
        return data

    def close(self) -> None:
        try:
            # Wakes a receive that waits in another thread; a socket that is already dead refuses it.
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self._socket.close()
