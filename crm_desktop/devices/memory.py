"""Two ends of a link inside one process, for tests and for an emulated device without a socket."""

import threading

from crm_desktop.devices.link import LinkLost


class MemoryLink:
    """One end; make both with `memory_pair`. What one end sends the other receives, also what was sent before a close."""

    def __init__(self, wake: threading.Condition) -> None:
        self._wake = wake
        self.arrived = bytearray()
        self.closed = False
        self.peer: MemoryLink = self

    def send(self, data: bytes) -> None:
        with self._wake:
            if self.closed or self.peer.closed:
                raise LinkLost("the other end is closed")
            self.peer.arrived += data
            self._wake.notify_all()

    def receive(self, timeout: float) -> bytes:
        with self._wake:
            self._wake.wait_for(lambda: self.arrived or self.closed or self.peer.closed, timeout)
            if self.closed:
                raise LinkLost("the link is closed")
            if not self.arrived and self.peer.closed:
                raise LinkLost("the other end is closed")
            data = bytes(self.arrived)
            self.arrived.clear()
            return data

    def close(self) -> None:
        with self._wake:
            self.closed = True
            self._wake.notify_all()


def memory_pair() -> tuple[MemoryLink, MemoryLink]:
    """Two connected ends, usable from two threads."""
    wake = threading.Condition()
    one, other = MemoryLink(wake), MemoryLink(wake)
    one.peer, other.peer = other, one
    return one, other
