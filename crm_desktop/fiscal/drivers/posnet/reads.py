"""What is read from the device: identity, rates, state, counters, and the evidence after an interruption."""

from typing import Any

from crm_desktop.devices.exchange import Conversation
from crm_desktop.fiscal.drivers.conversation import DeviceRefusal
from crm_desktop.fiscal.drivers.posnet.commands import DAY_FIELDS, RATE_FIELDS
from crm_desktop.fiscal.drivers.posnet.wire import Wire
from crm_desktop.fiscal.drivers.state import DeviceState, Identity
from crm_desktop.fiscal.rules.device_errors import waiting_problem
from crm_desktop.fiscal.rules.model import LETTERS, Counters, DayReport, Observed
from crm_desktop.fiscal.rules.rates import RateTable

NO_SALE = "2000-01-01"
RECEIPT_KIND = 0


def identity(wire: Wire) -> Conversation[Identity]:
    """The true unique number; the one in status replies can be programmed (protocol 3.10)."""
    reply = yield from wire.ask("getrealid")
    return Identity(reply["nu"], reply.get("nm", ""), reply.get("vr", ""))


def rates(wire: Wire) -> Conversation[RateTable]:
    """The VAT letters."""
    reply = yield from wire.ask("vatget")
    return RateTable.from_device({letter: reply.get(name) for letter, name in zip(LETTERS, RATE_FIELDS, strict=True)})


def state(wire: Wire) -> Conversation[DeviceState]:
    """Immediate questions first: while the printer waits for paper, only they are answered, and they decide then."""
    device = yield from wire.ask("!sdev")
    mechanism = yield from wire.ask("!sprn")
    problem = waiting_problem(mechanism["pr"], device["ds"])
    paper_low = bool(device.get("pe", False))
    if problem is not None or not device.get("qe", True):
        return DeviceState(False, problem, paper_low, False, True, False)
    common = yield from wire.ask("scomm")
    is_open, read_only = common["ts"] != 0, bool(common.get("td", False))
    return DeviceState(not is_open and not read_only, None, paper_low, is_open, bool(common["fs"]), read_only)


def counters(wire: Wire) -> Conversation[Counters]:
    """Everything that a baseline needs, in one fixed order."""
    who = yield from identity(wire)
    return (yield from _counters(wire, who.unique))


def _counters(wire: Wire, unique: str) -> Conversation[Counters]:
    memory = yield from wire.ask("sfsk")
    numbers = yield from wire.ask("scnt")
    totals = yield from wire.ask("stot")
    receipt = yield from wire.ask("eclastdocnoget", ty=RECEIPT_KIND)
    last = yield from wire.ask("eclastdocnoget")
    numbering = yield from wire.ask("billcountercfgget")
    clock = yield from wire.ask("rtcget")
    return Counters(
        unique=unique,
        resets=memory["cl"],
        reports=numbers["rd"],
        completed=numbers["bn"],
        cancelled=numbers["bc"],
        last_number=numbers["bt"],
        headers=numbers["hn"],
        day_totals=_seven(totals, DAY_FIELDS),
        day_receipts=totals["pn"],
        day_cancelled=totals.get("cn", 0),
        document=receipt["di"],
        document_any=last["di"],
        daily_numbers=bool(numbering["dl"]),
        last_sale="" if totals.get("de", NO_SALE).startswith(NO_SALE) else moment(totals["de"]),
        clock=moment(clock["da"]),
    )


def evidence(wire: Wire, unique: str, reports_before: int) -> Conversation[Observed]:
    """What recovery looks at; the stored daily report is read only when exactly one was made since the baseline."""
    common = yield from wire.ask("scomm")
    last = yield from wire.ask("strns")
    device = yield from wire.ask("!sdev")
    counted = yield from _counters(wire, unique)
    report = None
    if counted.reports == reports_before + 1:
        report = yield from _report(wire, counted.reports)
    return Observed(
        counters=counted,
        transaction=common["ts"],
        open=last["to"] == 1,
        footer_open=bool(last.get("fe", False)),
        last_totals=_seven(last, RATE_FIELDS),
        last_paid=last.get("fp", 0),
        last_change=last.get("re", 0),
        last_charged=last.get("pp", 0),
        last_returned=last.get("pm", 0),
        held_elsewhere=device.get("tl", 0) not in (0, 1),
        report=report,
    )


def _report(wire: Wire, number: int) -> Conversation[DayReport | None]:
    try:
        stored = yield from wire.ask("fmrecrd", no=number)
    except DeviceRefusal:
        return None  # no such record: the judge then says that the report is unclear
    date = moment(stored["da"]) if "da" in stored else ""
    return DayReport(number, stored["pn"], _seven(stored, DAY_FIELDS), stored.get("cn", 0), date)


def _seven(values: dict[str, Any], names: tuple[str, ...]) -> tuple[int, ...]:
    return tuple(values.get(name, 0) for name in names)


def moment(text: str) -> str:
    """The device's date and time in ISO form.

    >>> moment("2026-10-09;11:48")
    '2026-10-09T11:48'
    """
    return text.replace("/", "-").replace(";", "T").replace(",", "T").replace(" ", "T")
