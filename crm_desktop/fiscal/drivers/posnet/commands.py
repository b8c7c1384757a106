"""The commands this driver knows, declared: fields, their types, the reply. Encoding follows from here (3.6, 3.10)."""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from crm_desktop.fiscal.drivers.posnet.frames import Frame, encode

RATE_FIELDS = ("va", "vb", "vc", "vd", "ve", "vf", "vg")
DAY_FIELDS = ("pa", "pb", "pc", "pd", "pe", "pf", "pg")


class Kind(StrEnum):
    """AMOUNT whole grosze; NUMBER decimal; WHOLE an integer; TEXT in the code page; FLAG; DATE yyyy-mm-dd; MOMENT date
    and time as text."""

    AMOUNT = "amount"
    NUMBER = "number"
    WHOLE = "whole"
    TEXT = "text"
    FLAG = "flag"
    DATE = "date"
    MOMENT = "moment"


@dataclass(frozen=True)
class Field:
    """A field: two-letter name, type, and `most`: characters of a TEXT, greatest value of a number."""

    name: str
    kind: Kind
    required: bool = False
    most: int = 0


@dataclass(frozen=True)
class Command:
    """mnemonic: with '!' when executed at once; reply: fields with a type of their own, others are read as text."""

    mnemonic: str
    fields: tuple[Field, ...] = ()
    reply: tuple[Field, ...] = ()

    @property
    def immediate(self) -> bool:
        """Executed at once, also while the printer waits for paper."""
        return self.mnemonic.startswith("!")

    def encode(self, values: dict[str, Any], token: int | None = None, page: str = "cp1250") -> bytes:
        """The frame for these values, fields in the order given. None is left out.

        Raises ValueError for a missing or unknown field, a wrong type, a value out of range or outside the code page.
        """
        declared = {field.name: field for field in self.fields}
        given = {name: value for name, value in values.items() if value is not None}
        missing = [field.name for field in self.fields if field.required and field.name not in given]
        if missing or not given.keys() <= declared.keys():
            raise ValueError(f"{self.mnemonic}: missing {missing}, unknown {sorted(given.keys() - declared.keys())}")
        written = [(name, write(declared[name], value, page)) for name, value in given.items()]
        return encode(self.mnemonic, written, token)

    def read(self, frame: Frame, page: str = "cp1250") -> dict[str, Any]:
        """The typed values of a reply. Raises ValueError for a value that is not of its type."""
        declared = {field.name: field for field in self.reply}
        return {name: read(declared.get(name), value, page) for name, value in frame.fields}


def write(field: Field, value: Any, page: str) -> bytes:
    """A value in its wire form."""
    match field.kind, value:
        case ((Kind.AMOUNT | Kind.WHOLE), int()) if not isinstance(value, bool) and 0 <= value <= (field.most or value):
            return b"%d" % value
        case Kind.NUMBER, Decimal() if value.is_finite() and 0 <= value <= (field.most or value):
            return f"{value.normalize():f}".encode("ascii")
        case Kind.FLAG, bool():
            return b"1" if value else b"0"
        case Kind.DATE, str() if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
            return value.encode("ascii")
        case Kind.MOMENT, str() if re.fullmatch(r"\d{4}-\d\d-\d\d[,; ]\d\d:\d\d", value):
            return value.encode("ascii")
        case Kind.TEXT, str() if len(value) <= (field.most or len(value)):
            written = value.encode(page)  # UnicodeEncodeError is a ValueError
            if not any(byte < 0x20 or byte == 0x7F for byte in written):
                return written
    raise ValueError(f"{value!r} does not fit field {field.name} ({field.kind.value}, at most {field.most})")


def read(field: Field | None, value: bytes, page: str) -> Any:
    """A value from its wire form."""
    text = value.decode(page, "replace")
    try:
        match field.kind if field else Kind.TEXT:
            case Kind.AMOUNT | Kind.WHOLE:
                return int(text)
            case Kind.NUMBER:
                return Decimal(text.replace(",", "."))
            case Kind.FLAG:
                return {"t": True, "y": True, "1": True, "n": False, "f": False, "0": False}[text.lower()]
            case _:
                return text
    except (InvalidOperation, KeyError) as error:
        raise ValueError(f"{text!r} is no {field.kind.value if field else 'text'}") from error


def _amounts(*names: str) -> tuple[Field, ...]:
    return tuple(Field(name, Kind.AMOUNT) for name in names)


def _wholes(*names: str) -> tuple[Field, ...]:
    return tuple(Field(name, Kind.WHOLE) for name in names)


def _flags(*names: str) -> tuple[Field, ...]:
    return tuple(Field(name, Kind.FLAG) for name in names)


MONEY, TOTAL, PRICE, QUANTITY = 9_999_999_999, 49_999_999_999, 499_999_999_999, 9_999_999_999
_RATES = tuple(Field(name, Kind.NUMBER) for name in RATE_FIELDS)
_DISCOUNT = (
    Field("rd", Kind.FLAG),
    Field("rn", Kind.TEXT, most=25),
    Field("rp", Kind.WHOLE, most=9999),
    Field("rw", Kind.AMOUNT, most=MONEY),
)
_WHOLE_DISCOUNT = (
    Field("rp", Kind.WHOLE, most=9999),
    Field("rw", Kind.AMOUNT, most=MONEY),
    Field("rd", Kind.FLAG),
    Field("na", Kind.TEXT, most=25),
)

_DECLARED = (
    # Sale
    Command("trinit", (Field("bm", Kind.FLAG),)),
    Command(
        "trline",
        (
            Field("na", Kind.TEXT, True, 80),
            Field("vt", Kind.WHOLE, True, 6),
            Field("pr", Kind.AMOUNT, True, PRICE),
            Field("il", Kind.NUMBER, most=QUANTITY),
            Field("wa", Kind.AMOUNT, most=MONEY),
            Field("jm", Kind.TEXT, most=4),
            Field("op", Kind.TEXT, most=50),
            Field("st", Kind.FLAG),
            *_DISCOUNT,
        ),
    ),
    Command("trdiscntbill", _WHOLE_DISCOUNT),
    Command("trdiscntsubtot", _WHOLE_DISCOUNT),
    Command("trnipset", (Field("ni", Kind.TEXT, True, 30), Field("dw", Kind.FLAG), Field("ds", Kind.TEXT, most=56))),
    Command(
        "trpack",
        (
            Field("na", Kind.TEXT, most=11),
            Field("pr", Kind.AMOUNT, True, MONEY),
            Field("il", Kind.WHOLE, most=QUANTITY),
            Field("wa", Kind.AMOUNT, most=MONEY),
            Field("ne", Kind.FLAG),
            Field("st", Kind.FLAG),
            Field("de", Kind.TEXT, most=50),
        ),
    ),
    Command("packret", (Field("kw", Kind.AMOUNT, True, MONEY),)),
    Command(
        "trpayment",
        (
            Field("ty", Kind.WHOLE, True, 8),
            Field("wa", Kind.AMOUNT, True, MONEY),
            Field("na", Kind.TEXT, most=25),
            Field("re", Kind.FLAG),
        ),
    ),
    Command(
        "trend",
        (
            Field("to", Kind.AMOUNT, most=TOTAL),
            Field("op", Kind.AMOUNT, most=TOTAL),
            Field("om", Kind.AMOUNT, most=TOTAL),
            Field("fp", Kind.AMOUNT, most=TOTAL),
            Field("re", Kind.AMOUNT, most=TOTAL),
            Field("fe", Kind.FLAG),
        ),
    ),
    Command("prncancel"),
    # Cash, till, drawer, clock, rates
    Command("cash", (Field("kw", Kind.AMOUNT, True, MONEY), Field("wp", Kind.FLAG, True))),
    Command("stocash", (Field("kw", Kind.AMOUNT, True, MONEY),)),
    Command("login", (Field("na", Kind.TEXT, most=32), Field("nk", Kind.TEXT, most=8), Field("dr", Kind.FLAG))),
    Command("logout", (Field("na", Kind.TEXT, most=32), Field("nk", Kind.TEXT, most=8), Field("dr", Kind.FLAG))),
    Command(
        "ftrcfg",
        (
            Field("cc", Kind.TEXT, most=32),
            Field("cn", Kind.TEXT, most=8),
            Field("ca", Kind.FLAG),
            Field("sn", Kind.TEXT, most=30),
            Field("bc", Kind.TEXT, most=30),
            Field("ln", Kind.TEXT, most=40),
            Field("lb", Kind.FLAG),
        ),
    ),
    Command("opendrwr"),
    Command("papfeed", (Field("ln", Kind.WHOLE, True, 20),)),
    Command("rtcget", reply=(Field("da", Kind.TEXT), Field("tm", Kind.TEXT))),
    Command("rtcset", (Field("da", Kind.MOMENT, True), Field("st", Kind.FLAG))),
    Command("vatget", reply=_RATES),
    Command("discounttypeget", reply=_wholes("dt")),
    # Reports
    Command("dailyrep", (Field("da", Kind.DATE),)),
    # Reads
    Command("scomm", reply=(*_flags("fs", "tz", "hr", "td"), *_wholes("ts"), Field("nu", Kind.TEXT))),
    Command("strns", reply=(*_wholes("to", "ts"), *_amounts(*RATE_FIELDS, "pp", "pm", "re", "fp"), Field("fe", Kind.FLAG))),
    Command("scnt", reply=_wholes("rd", "hn", "bn", "fn", "bc", "bt", "fc")),
    Command("sfsk", reply=(*_flags("fs"), *_wholes("cl", "rd", "vt"), *_RATES)),
    Command("stot", reply=(*_wholes("no", "pn", "cn", "nf"), *_amounts(*DAY_FIELDS, "ct"))),
    Command("getrealid", reply=(Field("nm", Kind.TEXT), Field("vr", Kind.TEXT), Field("nu", Kind.TEXT))),
    Command("eclastdocnoget", (Field("ty", Kind.WHOLE, most=6),), reply=_wholes("di")),
    Command("billcountercfgget", reply=_flags("dl")),
    Command("fmrecrd", (Field("no", Kind.WHOLE),), reply=(*_wholes("no", "pn", "cn"), *_amounts(*DAY_FIELDS))),
    Command("pccfgget", (Field("pi", Kind.WHOLE),), reply=_wholes("cp")),
    Command("scashstate", reply=_amounts("cs")),
    Command("rpt"),
    Command("!sdev", reply=(*_wholes("ds", "tl"), *_flags("qe", "pe"))),
    Command("!sprn", reply=_wholes("pr")),
)
COMMANDS = {command.mnemonic: command for command in _DECLARED}
