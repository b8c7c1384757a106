"""The emulated printer over real links: TCP with threads, a pseudo-terminal, and as a process of its own (FIS-01)."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from crm_desktop.devices.exchange import converse
from crm_desktop.devices.link import LinkLost
from crm_desktop.devices.opening import open_link
from crm_desktop.fiscal.drivers.conversation import Attention, JournalPoint, Tokens, Waiting
from crm_desktop.fiscal.drivers.posnet.driver import PosnetDriver
from crm_desktop.fiscal.drivers.posnet.emulator.emulated import EmulatedPosnet
from crm_desktop.fiscal.drivers.posnet.emulator.faults import ReplyFault
from crm_desktop.fiscal.drivers.posnet.wire import Pace
from crm_desktop.fiscal.rules.journal import Journal
from crm_desktop.fiscal.rules.recovery import Finding, Verdict
from tests.support.posnet import sample_receipt

QUICK = PosnetDriver(Pace(status=3.0, action=0.1, printing=0.05, poll=0.02, at_most=20))
PATIENCE = 20.0


class Desk:
    """A till on a real link and a real clock."""

    def __init__(self, address: str) -> None:
        self.address, self.driver = address, QUICK
        self.journal = Journal(sample_receipt())
        self.attention: list[str | None] = []
        self.on_attention: Callable[[], None] = lambda: None
        self.polls = 0

    def tell(self, item: object) -> None:
        match item:
            case JournalPoint(state, data):
                self.journal = self.journal.after(state, data)
            case Attention(problem):
                self.attention.append(problem.code if problem else None)
                self.on_attention()
            case Waiting():
                self.polls += 1

    def print(self) -> Verdict:
        with open_link(self.address) as link:
            return converse(self.driver.print_receipt(sample_receipt(), Tokens(1)), link, self.tell)

    def recover(self) -> Verdict:
        with open_link(self.address) as link:
            return converse(self.driver.recover(self.journal, Tokens(5000)), link, self.tell)


@pytest.fixture
def printer(tmp_path: Path) -> Iterator[EmulatedPosnet]:
    with EmulatedPosnet(tmp_path / "device", print_seconds=0.0) as emulated:
        yield emulated


@pytest.mark.parametrize("kind", ["tcp", "serial"])
def test_print_over_a_real_link(printer: EmulatedPosnet, kind: str) -> None:
    """FIS-01: the driver's own transport code, both kinds."""
    desk = Desk(printer.start() if kind == "tcp" else printer.start_serial())
    for number in (1, 2, 3):
        verdict = desk.print()
        assert verdict.finding is Finding.PRINTED, verdict
        assert verdict.numbers is not None
        assert verdict.numbers.receipt == number


@pytest.mark.parametrize("kind", ["tcp", "serial"])
def test_paper_out_over_a_real_link(printer: EmulatedPosnet, kind: str) -> None:
    """FIS-01: the driver waits with the printer, is answered by immediate commands, and goes on after the new roll."""
    desk = Desk(printer.start() if kind == "tcp" else printer.start_serial())
    printer.faults.paper_left = 5
    desk.on_attention = lambda: printer.load_paper()
    assert desk.print().finding is Finding.PRINTED
    assert desk.attention == ["fiscal_no_paper", None]


def test_slow_printing_is_no_failure(tmp_path: Path) -> None:
    with EmulatedPosnet(tmp_path, print_seconds=0.4) as printer:
        desk = Desk(printer.start())
        assert desk.print().finding is Finding.PRINTED
        assert desk.polls > 2
        assert desk.attention == []


@pytest.mark.parametrize("kind", ["tcp", "serial"])
@pytest.mark.parametrize("direction", ["received", "sent"])
@pytest.mark.parametrize("place", [60, 700])
def test_cut_over_a_real_link(printer: EmulatedPosnet, kind: str, direction: str, place: int) -> None:
    """FIS-08: the same cuts over the real transports; the next connection recovers."""
    desk = Desk(printer.start() if kind == "tcp" else printer.start_serial())
    desk.driver = PosnetDriver(Pace(status=0.1, action=0.1, printing=0.05, poll=0.02, at_most=20))
    setattr(printer.faults, f"cut_{direction}", place)
    verdict = desk.print()
    printer.faults.mend_line()
    assert verdict.finding in (Finding.UNKNOWN, Finding.NOT_PRINTED)
    for _ in range(20):  # the short time-outs may strike again on a busy machine
        if verdict.finding is not Finding.UNKNOWN:
            break
        verdict = desk.recover()
    if verdict.finding is Finding.NOT_PRINTED:
        desk.driver = QUICK
        desk.journal = Journal(sample_receipt())
        assert desk.print().finding is Finding.PRINTED
    assert len(printer.receipts()) == 1


def test_a_late_reply_over_a_real_link(printer: EmulatedPosnet) -> None:
    desk = Desk(printer.start())
    printer.faults.reply_faults.append(ReplyFault("trend", "delay", 0.3))
    verdict = desk.print()
    if verdict.finding is Finding.UNKNOWN:
        verdict = desk.recover()
    assert verdict.finding is Finding.PRINTED
    assert len(printer.receipts()) == 1


def test_power_cut_while_printing(tmp_path: Path) -> None:
    """FIS-08: the print under way is void, the receipt is proven not printed and goes again."""
    with EmulatedPosnet(tmp_path, print_seconds=0.3) as printer:
        desk = Desk(printer.start())
        begun = threading.Event()

        def cut() -> None:
            with printer.engine.wake:
                assert printer.engine.wake.wait_for(lambda: printer.engine.job is not None, PATIENCE)
            printer.power_cut()
            begun.set()

        cutter = threading.Thread(target=cut)
        cutter.start()
        assert desk.print().finding is Finding.UNKNOWN
        cutter.join(PATIENCE)
        assert begun.is_set()
        verdict = desk.recover()
        assert (verdict.finding, verdict.reason) == (Finding.NOT_PRINTED, "cancelled")
        assert not printer.receipts()


def test_second_client_is_refused_until_the_first_has_gone(printer: EmulatedPosnet) -> None:
    address = printer.start()
    with open_link(address) as first:
        assert converse(QUICK.identify(Tokens(1)), first).unique == "ZBF 2601000017"
        with open_link(address) as second, pytest.raises(LinkLost):
            second.receive(PATIENCE)
        assert converse(QUICK.identify(Tokens(9)), first).model == "POSNET EMU"
    with open_link(address) as third:
        assert converse(QUICK.identify(Tokens(20)), third).version == "1.00"


def test_silent_client_is_replaced_where_allowed(tmp_path: Path) -> None:
    """A stopped process keeps its connection; with takeover another may come in, and the old one is cut off."""
    with EmulatedPosnet(tmp_path, takeover_after=0.0) as printer:
        address = printer.start()
        with open_link(address) as stopped:
            assert converse(QUICK.identify(Tokens(1)), stopped).unique
            with open_link(address) as newcomer:
                assert converse(QUICK.identify(Tokens(9)), newcomer).unique
                with pytest.raises(LinkLost):
                    stopped.receive(PATIENCE)


def command(folder: Path, *more: str) -> list[str]:
    """How the emulator is started as a process."""
    module = "crm_desktop.fiscal.drivers.posnet.emulator"
    return [
        sys.executable,
        "-m",
        module,
        "--port",
        "0",
        "--state",
        str(folder / "state"),
        "--paper",
        str(folder / "paper"),
        "--port-file",
        str(folder / "port"),
        *more,
    ]


def started(folder: Path) -> tuple[subprocess.Popen[str], str]:
    """The process and the address that it prints."""
    process = subprocess.Popen(command(folder), stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    return process, process.stdout.readline().strip()


def ended(process: subprocess.Popen[str], number: signal.Signals) -> int:
    """Its exit code after the signal."""
    process.send_signal(number)
    process.communicate(timeout=PATIENCE)
    return process.returncode


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_as_a_process(tmp_path: Path) -> None:
    """FIS-01: port file, paper, an orderly end on SIGTERM, and memory that survives a kill."""
    process, address = started(tmp_path)
    assert re.fullmatch(r"tcp://127\.0\.0\.1:\d+", address)
    assert (tmp_path / "port").read_text().strip() == address.rpartition(":")[2]
    assert Desk(address).print().finding is Finding.PRINTED
    assert "SUMA PLN" in (tmp_path / "paper" / "00001-receipt.txt").read_text("utf-8")
    assert ended(process, signal.SIGKILL) == -signal.SIGKILL
    process, address = started(tmp_path)
    verdict = Desk(address).print()
    assert verdict.numbers is not None
    assert verdict.numbers.receipt == 2
    assert ended(process, signal.SIGTERM) == 0
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", int(address.rpartition(":")[2])), 1)
