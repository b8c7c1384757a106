"""The central test: a conversation cut at every byte, both ways, ends with the receipt on paper exactly once (FIS-08)."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from crm_desktop.devices.link import Link
from crm_desktop.fiscal.drivers.conversation import JournalPoint
from crm_desktop.fiscal.drivers.posnet.emulator.emulated import EmulatedPosnet
from crm_desktop.fiscal.rules.journal import Journal, State
from crm_desktop.fiscal.rules.recovery import Finding
from tests.support.posnet import Killed, Till, sample_receipt


@pytest.fixture
def printer(tmp_path: Path) -> Iterator[EmulatedPosnet]:
    with EmulatedPosnet(tmp_path / "device") as emulated:
        yield emulated


@dataclass
class Counting:
    """A link that counts bytes."""

    link: Link
    sent: int = 0
    received: int = 0
    pieces: list[bytes] = field(default_factory=list)

    def send(self, data: bytes) -> None:
        self.sent += len(data)
        self.link.send(data)

    def receive(self, timeout: float) -> bytes:
        data = self.link.receive(timeout)
        self.received += len(data)
        return data

    def close(self) -> None:
        self.link.close()


def length(printer: EmulatedPosnet) -> tuple[int, int]:
    """Bytes of a whole session to the device and from it."""
    till = Till(printer)
    counting = Counting(printer.direct(till.clock))
    assert till.print_once(sample_receipt("LENGTH"), counting).finding is Finding.PRINTED
    return counting.sent, counting.received


def cut_and_finish(printer: EmulatedPosnet, direction: str, place: int, *, power: bool) -> Finding:
    """Cut at one place, restart, recover, try again; the receipt must be on paper as the verdict says."""
    before = printer.store.memory.documents
    key = f"{direction}{place}"
    till = Till(printer)
    printer.faults.cut_power = power
    setattr(printer.faults, f"cut_{direction}", place)
    verdict = till.print_once(sample_receipt(key))
    printer.faults.mend_line()
    decided = till.finish(sample_receipt(key), verdict)
    receipts = [document for document in printer.receipts(before) if document.system_number == key]
    others = [document for document in printer.receipts(before) if document.system_number != key]
    assert not others
    assert printer.machine.sale is None
    assert len(receipts) == 1, f"{direction} {place}: {len(receipts)} receipts, {decided.finding} {decided.reason}"
    if decided.finding is Finding.PRINTED:
        assert decided.numbers is not None
        assert decided.numbers.receipt == receipts[0].number
        assert decided.numbers.document == receipts[0].no
    return decided.finding


@pytest.mark.parametrize("direction", ["received", "sent"])
def test_link_cut_at_every_byte(printer: EmulatedPosnet, direction: str) -> None:
    """FIS-08: every byte, and never a person needed: the counters decide."""
    to_device, from_device = length(printer)
    for place in range(to_device if direction == "received" else from_device):
        assert cut_and_finish(printer, direction, place, power=False) is Finding.PRINTED


@pytest.mark.parametrize("keep_open", [False, True], ids=["cancelled", "kept"])
@pytest.mark.parametrize("direction", ["received", "sent"])
def test_power_cut_at_many_places(tmp_path: Path, direction: str, keep_open: bool) -> None:
    """FIS-08: the device loses its power at that byte, whatever it does with an open receipt."""
    with EmulatedPosnet(tmp_path / "device", keep_open=keep_open) as printer:
        to_device, from_device = length(printer)
        for place in range(3, to_device if direction == "received" else from_device, 29):
            assert cut_and_finish(printer, direction, place, power=True) is Finding.PRINTED


@pytest.mark.soak
@pytest.mark.parametrize("keep_open", [False, True], ids=["cancelled", "kept"])
@pytest.mark.parametrize("direction", ["received", "sent"])
def test_power_cut_at_every_byte(tmp_path: Path, direction: str, keep_open: bool) -> None:
    """FIS-08: every byte."""
    with EmulatedPosnet(tmp_path / "device", keep_open=keep_open) as printer:
        to_device, from_device = length(printer)
        for place in range(to_device if direction == "received" else from_device):
            assert cut_and_finish(printer, direction, place, power=True) is Finding.PRINTED


@pytest.mark.parametrize("direction", ["received", "sent"])
def test_recovery_itself_is_cut(printer: EmulatedPosnet, direction: str) -> None:
    """FIS-08: the link breaks in the closing command, and again anywhere in the recovery."""
    for place in range(0, 900, 31):
        key = f"AGAIN{direction}{place}"
        before = printer.store.memory.documents
        till = Till(printer)
        till.after_point = lambda point: setattr(printer.faults, "cut_sent", 5) if point.state is State.COMMITTING else None
        verdict = till.print_once(sample_receipt(key))
        assert verdict.finding is Finding.UNKNOWN
        printer.faults.mend_line()
        setattr(printer.faults, f"cut_{direction}", place)
        second = till.recover()
        printer.faults.mend_line()
        till.after_point = lambda point: None
        assert till.finish(sample_receipt(key), second).finding is Finding.PRINTED
        assert [document.system_number for document in printer.receipts(before)] == [key]


@pytest.mark.parametrize("state", [State.BASELINE, State.OPENED, State.COMMITTING])
@pytest.mark.parametrize("moment", ["before_point", "after_point"])
def test_till_is_killed_at_a_journal_state(printer: EmulatedPosnet, state: State, moment: str) -> None:
    """FIS-08: before or after the journal is written, the next start prints the receipt exactly once."""

    def kill(point: JournalPoint) -> None:
        if point.state is state:
            raise Killed

    receipt = sample_receipt("KILLED")
    till = Till(printer)
    setattr(till, moment, kill)
    with pytest.raises(Killed):
        till.print_once(receipt)
    assert not printer.receipts()
    again = Till(printer, written=till.written, next_token=till.next_token)
    assert again.finish(receipt, None).finding is Finding.PRINTED
    assert len(printer.receipts()) == 1


def test_refusing_to_close_sends_nothing_more(printer: EmulatedPosnet) -> None:
    """FIS-08: with too little lease left the closing command stays here and the exception reaches the caller unchanged."""

    def too_late(point: JournalPoint) -> None:
        if point.state is State.COMMITTING:
            raise Killed

    till = Till(printer, before_point=too_late)
    link = Counting(printer.direct(till.clock))
    with pytest.raises(Killed):
        till.print_once(sample_receipt(), link)
    assert printer.machine.sale is not None
    assert printer.machine.sale.to_json()["nip"] == "5222628262"
    verdict = till.recover()
    assert (verdict.finding, verdict.reason, verdict.retry) == (Finding.NOT_PRINTED, "cancelled", True)
    assert [document.kind for document in printer.ledger()] == ["cancelled"]


def test_closing_bytes_are_journalled_before_they_leave(printer: EmulatedPosnet) -> None:
    """FIS-08: what the journal holds at COMMITTING is exactly what then goes over the line."""
    till, seen = Till(printer), b""
    link = printer.direct(till.clock)

    class Seeing(Counting):
        def send(self, data: bytes) -> None:
            nonlocal seen
            if b"trend" in data:
                seen = data
                assert Journal.from_json(json.loads(till.written)).closing == data.hex()
            super().send(data)

    assert till.print_once(sample_receipt(), Seeing(link)).finding is Finding.PRINTED
    assert seen
    assert till.states == [State.BASELINE, State.OPENED, State.COMMITTING]
