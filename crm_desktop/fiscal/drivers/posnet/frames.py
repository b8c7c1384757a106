"""Frames on the wire: 02 mnemonic 09 { name value 09 }* [ @dddd 09 ] '#' c c c c 03 (protocol 3.1 to 3.3).

There is no escaping and no length: a frame is read from its end, where the check sum stands, because '#' is legal
inside a value.
"""

import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass

STX, ETX, TAB = b"\x02", b"\x03", b"\x09"
LONGEST = 65536
_CHECKED = re.compile(rb"(?s)(.*)#([0-9A-Fa-f]{4})\Z")
_TOKEN = re.compile(rb"@[0-9]{4}\Z")
_ERROR = re.compile(rb"(?:\?|er)([0-9]{1,5})\Z")


@dataclass(frozen=True)
class Frame:
    """One frame understood. fields in the order sent, values as bytes; error: the number after '?', in an `ERR` frame
    also after "er"."""

    mnemonic: str
    fields: tuple[tuple[str, bytes], ...] = ()
    token: int | None = None
    error: int | None = None

    def value(self, name: str) -> bytes | None:
        """The value of a field, None when it is not there."""
        return next((value for found, value in self.fields if found == name), None)


@dataclass(frozen=True)
class Damaged:
    """Bytes between 02 and 03 that are no frame; why is for the transcript."""

    data: bytes
    why: str


def check_sum(payload: bytes) -> bytes:
    """CRC-16, polynomial 1021, initial value 0000, of all after STX up to and with the TAB before '#'.

    >>> check_sum(b"123456789")
    b'31C3'
    """
    return b"%04X" % binascii.crc_hqx(payload, 0)


def encode(mnemonic: str, fields: Iterable[tuple[str, bytes]] = (), token: int | None = None) -> bytes:
    """The bytes of a command. Raises ValueError for a value that would break the frame; nothing is stripped."""
    parts = [mnemonic.encode("ascii")]
    for name, value in fields:
        if len(name) != 2 or set(value) & {0x02, 0x03, 0x09}:
            raise ValueError(f"field {name!r} of {mnemonic} cannot be sent")
        parts.append(name.encode("ascii") + value)
    if token is not None:
        parts.append(b"@%04d" % token)
    payload = b"".join(part + TAB for part in parts)
    return STX + payload + b"#" + check_sum(payload) + ETX


def decode(content: bytes) -> Frame | Damaged:
    """The frame between STX and ETX, both excluded."""
    checked = _CHECKED.match(content)
    if not checked:
        return Damaged(content, "no check sum")
    payload, digits = checked.groups()
    if check_sum(payload) != digits.upper():
        return Damaged(content, "wrong check sum")
    # A refusal comes with or without TAB after its number; both are in use.
    mnemonic, *parts = payload.removesuffix(TAB).split(TAB)
    token, error, fields = None, None, []
    for part in parts:
        if _TOKEN.match(part):
            token = int(part[1:])
        elif (number := _ERROR.match(part)) and (part[:1] == b"?" or mnemonic == b"ERR"):
            error = int(number[1])
        elif len(part) >= 2:
            fields.append((part[:2].decode("latin-1"), part[2:]))
        else:
            return Damaged(content, "a field without a name")
    if not mnemonic or not mnemonic.isascii():
        return Damaged(content, "no mnemonic")
    return Frame(mnemonic.decode("ascii"), tuple(fields), token, error)


class Deframer:
    """Finds frames in a stream that may come byte by byte, with noise between and broken frames inside."""

    def __init__(self) -> None:
        self._inside = False
        self._content = bytearray()

    def feed(self, data: bytes) -> list[Frame | Damaged]:
        """The frames that `data` completes, in order."""
        found: list[Frame | Damaged] = []
        for byte in data:
            if byte == 0x02:  # also inside a frame: the beginning was lost or cut, this is a new one
                self._inside = True
                self._content.clear()
            elif not self._inside:
                continue
            elif byte == 0x03:
                found.append(decode(bytes(self._content)))
                self._inside = False
            else:
                self._content.append(byte)
                if len(self._content) > LONGEST:
                    found.append(Damaged(bytes(self._content[:64]), "endless"))
                    self._inside = False
        return found

    def reset(self) -> None:
        """Forget a frame that has begun."""
        self._inside = False
