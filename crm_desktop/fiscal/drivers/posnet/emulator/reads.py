"""What the device answers to questions about itself (protocol 3.10, 3.11)."""

from datetime import datetime

from crm_desktop.fiscal.drivers.posnet.emulator.arithmetic import percent
from crm_desktop.fiscal.drivers.posnet.emulator.grammar import Order
from crm_desktop.fiscal.drivers.posnet.emulator.sale import Refuse, Sale
from crm_desktop.fiscal.drivers.posnet.emulator.store import Memory

Fields = list[tuple[str, str]]
NEVER = "2000-01-01;01:00"
LETTERS = "abcdefg"


def _flag(value: bool) -> str:
    return "T" if value else "N"


def _moment(text: str) -> str:
    return text.replace("T", ";") if text else NEVER


def _rates(memory: Memory) -> Fields:
    return [(f"v{letter}", percent(rate)) for letter, rate in zip(LETTERS, memory.rates, strict=True)]


def answer(order: Order, memory: Memory, sale: Sale | None, now: datetime) -> Fields:
    """The reply's fields. Raises Refuse."""
    match order.name:
        case "scomm":
            zero = not memory.day_receipts and not memory.day_cancelled
            kind = "0" if sale is None else "17" if sale.block else "16"
            return [
                ("fs", _flag(memory.fiscal)),
                ("tz", _flag(zero)),
                ("ts", kind),
                ("hr", "T"),
                ("nu", memory.unique),
                ("td", "N"),
            ]
        case "strns":
            return _transaction(memory, sale)
        case "scnt":
            return [
                ("rd", str(memory.reports)),
                ("hn", str(memory.headers)),
                ("bn", str(memory.completed)),
                ("fn", "0"),
                ("nu", memory.unique),
                ("bc", str(memory.cancelled)),
                ("bt", str(memory.last_number)),
                ("fc", "0"),
            ]
        case "sfsk":
            last = memory.records[-1]["time"] if memory.records else ""
            return [
                ("fs", _flag(memory.fiscal)),
                ("cl", str(memory.resets)),
                ("rd", str(memory.reports)),
                ("vt", str(memory.rate_changes)),
                *_rates(memory),
                ("rw", _moment(last)),
                ("nu", memory.unique),
            ]
        case "stot":
            return _totals(memory)
        case "vatget":
            return _rates(memory)
        case "getrealid":
            return [("nm", memory.model), ("vr", "1.00"), ("nu", memory.unique), ("vf", _flag(memory.fiscal))]
        case "eclastdocnoget":
            number = memory.last_documents.get(str(order.whole("ty")), 0) if "ty" in order.values else memory.documents
            return [("di", str(number))]
        case "billcountercfgget":
            return [("dl", _flag(memory.daily_numbers))]
        case "doccntget":
            receipts = memory.completed + memory.cancelled
            return [("bi", str(receipts)), ("al", str(memory.headers))]
        case "fmrecrd":
            return _record(memory, order.whole("no", memory.reports))
        case "pccfgget":
            return [("cp", "0")]
        case "discounttypeget":
            return [("dt", str(memory.discount_type))]
        case "scashstate":
            return [("cs", str(memory.cash))]
        case "rtcget":
            return [("da", now.strftime("%Y-%m-%d;%H:%M")), ("tm", now.astimezone().isoformat(timespec="seconds"))]
    raise Refuse(2063)


def _transaction(memory: Memory, sale: Sale | None) -> Fields:
    if sale is not None:
        kind, totals = (17 if sale.block else 16), sale.totals
        issued, returned, change, paid = sale.issued, sale.returned, sale.change, sale.paid
    else:
        last = memory.last
        kind, totals = last.get("ts", 0), last.get("totals", [0] * 7)
        issued, returned = last.get("issued", 0), last.get("returned", 0)
        change, paid = last.get("change", 0), last.get("paid", 0)
    return [
        ("to", "0" if sale is None else "1"),
        ("ts", str(kind)),
        *((f"v{letter}", str(total)) for letter, total in zip(LETTERS, totals, strict=True)),
        ("pp", str(issued)),
        ("pm", str(returned)),
        ("re", str(change)),
        ("fp", str(paid)),
        ("fe", "N"),
    ]


def _totals(memory: Memory) -> Fields:
    return [
        ("no", str(memory.reports + 1)),
        *((f"p{letter}", str(total)) for letter, total in zip(LETTERS, memory.day_totals, strict=True)),
        ("pn", str(memory.day_receipts)),
        ("ct", str(memory.day_cancelled_value)),
        ("cn", str(memory.day_cancelled)),
        ("fn", "0"),
        *_rates(memory),
        ("ds", _moment(memory.first_sale)),
        ("de", _moment(memory.last_sale)),
        ("nf", str(memory.day_non_fiscal)),
        ("bc", "0"),
        ("cc", "0"),
    ]


def _record(memory: Memory, number: int) -> Fields:
    if not 1 <= number <= len(memory.records):
        raise Refuse(384)
    record = memory.records[number - 1]
    return [
        ("no", str(number)),
        ("da", _moment(record["time"])),
        *((f"p{letter}", str(total)) for letter, total in zip(LETTERS, record["totals"], strict=True)),
        ("pn", str(record["receipts"])),
        ("ct", str(record["cancelled_value"])),
        ("cn", str(record["cancelled"])),
    ]
