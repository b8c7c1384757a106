"""What went over a link, with times: the first thing to look at when a device did something unexpected."""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from crm_desktop.devices.link import Link, LinkLost

NAMES = {2: "<STX>", 3: "<ETX>", 5: "<ENQ>", 6: "<ACK>", 9: "<TAB>", 10: "<LF>", 13: "<CR>", 16: "<DLE>", 21: "<NAK>"}


@dataclass(frozen=True)
class Entry:
    """Bytes in one direction ("→" to the device, "←" from it) or a note ("·"). at: seconds since the first entry."""

    at: float
    direction: str
    data: bytes
    note: str = ""


class Transcript:
    """The last `keep` pieces. Pieces of the same direction that follow at once are joined."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, keep: int = 4000) -> None:
        self._clock = clock
        self._entries: deque[Entry] = deque(maxlen=keep)
        self._start: float | None = None

    def add(self, direction: str, data: bytes, note: str = "") -> None:
        """Write down a piece; time is taken now."""
        now = self._clock()
        self._start = now if self._start is None else self._start
        last = self._entries[-1] if self._entries else None
        if last and data and last.direction == direction and last.data and not last.data.endswith(b"\x03"):
            self._entries[-1] = Entry(last.at, direction, last.data + data)
            return
        self._entries.append(Entry(now - self._start, direction, data, note))

    def entries(self) -> list[Entry]:
        """All pieces kept, oldest first."""
        return list(self._entries)

    def dump(self, encoding: str = "cp1250") -> str:
        """One line a piece: time, direction, text with control bytes by name and undecodable bytes as <A1>."""
        return "\n".join(f"{entry.at:9.3f} {entry.direction} {entry.note or readable(entry.data, encoding)}" for entry in self._entries)


def readable(data: bytes, encoding: str = "cp1250") -> str:
    """Bytes as a person reads them.

    >>> readable(bytes.fromhex("02") + b"scomm" + bytes.fromhex("09"))
    '<STX>scomm<TAB>'
    """
    shown = []
    for byte in data:
        if byte in NAMES:
            shown.append(NAMES[byte])
            continue
        text = bytes([byte]).decode(encoding, "replace")
        shown.append(text if text.isprintable() and text != "\ufffd" else f"<{byte:02X}>")
    return "".join(shown)


class RecordedLink:
    """A link whose bytes are written into a transcript."""

    def __init__(self, link: Link, transcript: Transcript) -> None:
        self._link, self.transcript = link, transcript

    def send(self, data: bytes) -> None:
        # Written down first: what a broken line took of it is unknown, and then this is the part that matters.
        self.transcript.add("→", data)
        self._guarded(lambda: self._link.send(data))

    def receive(self, timeout: float) -> bytes:
        data = self._guarded(lambda: self._link.receive(timeout))
        if data:
            self.transcript.add("←", data)
        return data or b""

    def close(self) -> None:
        self._link.close()

    def _guarded(self, act: Callable[[], bytes | None]) -> bytes | None:
        try:
            return act()
        except LinkLost as lost:
            self.transcript.add("·", b"", f"link lost: {lost}")
            raise
