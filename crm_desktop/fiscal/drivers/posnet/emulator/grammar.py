"""Frames and fields as the device reads them: its own parser, its own check sum, its own table of commands."""

from dataclasses import dataclass, field

# Kinds: a amount, n decimal, i whole number, t text, b flag, d date, m date and time. "*" required, digits: limit.
COMMANDS: dict[str, str] = {
    "trinit": "bm:b",
    "trline": "na:t80* vt:i* pr:a* il:n wa:a jm:t4 op:t50 st:b rd:b rn:t25 rp:i rw:a",
    "trdiscntbill": "rp:i rw:a rd:b na:t25",
    "trdiscntsubtot": "rp:i rw:a rd:b na:t25",
    "trnipset": "ni:t30* dw:b ds:t56",
    "trpack": "pr:a* il:n wa:a na:t11 ne:b st:b de:t50",
    "trpayment": "ty:i* wa:a* na:t25 re:b",
    "trpaymentcanc": "",
    "trend": "to:a op:a om:a fp:a re:a fe:b",
    "prncancel": "",
    "trcancel": "",
    "packret": "kw:a*",
    "cash": "kw:a* wp:b*",
    "stocash": "kw:a*",
    "login": "na:t32 nk:t8 dr:b",
    "logout": "na:t32 nk:t8 dr:b",
    "ftrcfg": "cc:t32 cn:t8 ca:b sn:t30 bc:t30 bb:t40 ln:t40 lb:b fe:i",
    "opendrwr": "",
    "papfeed": "ln:i*",
    "rtcget": "",
    "rtcset": "da:m* st:b",
    "vatget": "",
    "vatset": "va:n vb:n vc:n vd:n ve:n vf:n vg:n da:d",
    "discounttypeget": "",
    "dailyrep": "da:d up:b",
    "scomm": "",
    "strns": "",
    "scnt": "",
    "sfsk": "",
    "stot": "",
    "getrealid": "",
    "eclastdocnoget": "ty:i",
    "billcountercfgget": "",
    "doccntget": "",
    "fmrecrd": "no:i",
    "pccfgget": "pi:i",
    "scashstate": "",
    "formstart": "fn:i* fh:i al:t40",
    "formline": "s1:t200 fn:i* fl:i* sw:b sh:b",
    "formcmd": "fn:i* cm:i*",
    "formend": "fn:i*",
    "rpt": "",
    "sdev": "",
    "sprn": "",
    "sdrwr": "",
}
IMMEDIATE = frozenset({"sdev", "sprn", "sdrwr"})
UNKNOWN_COMMAND, FIELD_MISSING, FIELD_WRONG, BAD_TOKEN, BAD_SUM, BAD_STRUCTURE = 1, 2, 3, 4, 5, 6
FIELD_LENGTH, BUFFER_FULL, NOT_IMMEDIATE, NO_TOKEN, QUEUE_FULL, NO_SUM = 10, 11, 12, 13, 14, 15
BUFFER = 16384


@dataclass(frozen=True)
class Order:
    """A command accepted: name without '!', values converted."""

    name: str
    values: dict[str, object] = field(default_factory=dict)
    token: bytes = b""
    immediate: bool = False

    def text(self, name: str) -> str:
        """A text field, "" when absent."""
        return str(self.values.get(name, ""))

    def whole(self, name: str, default: int = 0) -> int:
        """A number field in whole units."""
        value = self.values.get(name, default)
        return value if isinstance(value, int) else default

    def flag(self, name: str, default: bool = False) -> bool:
        """A flag field."""
        return bool(self.values.get(name, default))


@dataclass(frozen=True)
class Unacceptable:
    """A frame error: number, token as received, command and field where known."""

    number: int
    token: bytes = b""
    command: str = ""
    field: str = ""


def _divided(byte: int) -> int:
    """What one byte leaves, bit by bit, by the polynomial 1021."""
    remainder = byte << 8
    for _ in range(8):
        remainder = ((remainder << 1) ^ (0x1021 if remainder & 0x8000 else 0)) & 0xFFFF
    return remainder


_TABLE = [_divided(byte) for byte in range(256)]


def crc(data: bytes) -> int:
    """CRC-16 with polynomial 1021, start 0000."""
    remainder = 0
    for byte in data:
        remainder = ((remainder << 8) & 0xFFFF) ^ _TABLE[(remainder >> 8) ^ byte]
    return remainder


class Parser:
    """Byte by byte: idle until 02, then collecting until 03; a new 02 starts again."""

    def __init__(self) -> None:
        self.buffer: bytearray | None = None

    def feed(self, data: bytes) -> list[Order | Unacceptable]:
        """What the bytes completed."""
        results: list[Order | Unacceptable] = []
        for byte in data:
            if byte == 2:
                self.buffer = bytearray()
            elif self.buffer is None:
                pass
            elif byte == 3:
                results.append(understand(bytes(self.buffer)))
                self.buffer = None
            elif len(self.buffer) >= BUFFER:
                results.append(Unacceptable(BUFFER_FULL))
                self.buffer = None
            else:
                self.buffer.append(byte)
        return results


def understand(content: bytes) -> Order | Unacceptable:
    """An order, or the frame error."""
    if len(content) < 5 or content[-5:-4] != b"#":
        return Unacceptable(NO_SUM)
    payload = content[:-5]
    if content[-4:].upper() != f"{crc(payload):04X}".encode():
        return Unacceptable(BAD_SUM)
    if not payload.endswith(b"\t"):
        return Unacceptable(BAD_STRUCTURE)
    first, *rest = payload[:-1].split(b"\t")
    name, immediate = first.decode("latin-1"), first.startswith(b"!")
    name = name.removeprefix("!")
    tokens = [part for part in rest if part.startswith(b"@")]
    token = tokens[0] if tokens else b""
    if name not in COMMANDS:
        return Unacceptable(UNKNOWN_COMMAND, token, name)
    if len(tokens) > 1 or (token and not (len(token) == 5 and token[1:].isdigit())):
        return Unacceptable(BAD_TOKEN, b"", name)
    if immediate and name not in IMMEDIATE:
        return Unacceptable(NOT_IMMEDIATE, token, name)
    return _fields(name, [part for part in rest if not part.startswith(b"@")], token, immediate)


def _fields(name: str, parts: list[bytes], token: bytes, immediate: bool) -> Order | Unacceptable:
    declared = dict(entry.split(":") for entry in COMMANDS[name].split())
    values: dict[str, object] = {}
    for part in parts:
        label = part[:2].decode("latin-1")
        if label not in declared or label in values:
            return Unacceptable(BAD_STRUCTURE, token, name, label)
        kind = declared[label].rstrip("*")
        raw = part[2:].decode("cp1250", "replace")
        limit = int(kind[1:] or 0)
        if limit and len(raw) > limit:
            return Unacceptable(FIELD_LENGTH, token, name, label)
        value = _convert(kind[0], raw)
        if value is None:
            return Unacceptable(FIELD_WRONG, token, name, label)
        values[label] = value
    for label, kind in declared.items():
        if kind.endswith("*") and label not in values:
            return Unacceptable(FIELD_MISSING, token, name, label)
    return Order(name, values, token, immediate)


def _convert(kind: str, raw: str) -> object | None:
    if kind == "t":
        return raw if all(ord(character) >= 32 for character in raw) else None
    if kind == "b":
        return True if raw in ("1", "t", "T", "Y", "y") else False if raw in ("0", "n", "N", "f", "F") else None
    if kind in "ai":
        return int(raw) if raw.isascii() and raw.isdigit() and len(raw) <= 12 else None
    if kind == "n":
        whole, _, part = raw.replace(",", ".").partition(".")
        plain = (whole + part).isascii() and (whole + part).isdigit() and raw.count(".") + raw.count(",") <= 1
        # Hundred-millionths: the smallest quantity is 0.00000001, so integers carry it exactly.
        return int(whole or "0") * 10**8 + int(part.ljust(8, "0")) if plain and len(part) <= 8 else None
    digits = [raw[place] for place in range(min(len(raw), 10))]
    is_date = len(digits) == 10 and all(d.isdigit() for place, d in enumerate(digits) if place not in (4, 7))
    return raw if is_date and (kind == "m" or len(raw) == 10) else None
