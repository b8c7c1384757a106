"""The POSNET driver against the emulated device: one receipt, refusals, waits, faults of the line, other hands (FIS-01)."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from crm_desktop.devices.exchange import converse
from crm_desktop.fiscal.drivers.conversation import DeviceRefusal, JournalPoint, ReplyLost, Tokens, Waiting
from crm_desktop.fiscal.drivers.driver import DRIVERS
from crm_desktop.fiscal.drivers.posnet.driver import PosnetDriver
from crm_desktop.fiscal.drivers.posnet.emulator.emulated import EmulatedPosnet
from crm_desktop.fiscal.drivers.posnet.emulator.faults import ReplyFault
from crm_desktop.fiscal.drivers.posnet.emulator.store import Memory
from crm_desktop.fiscal.rules.journal import Journal, State
from crm_desktop.fiscal.rules.model import Pay, Payment, receipt_of, sold
from crm_desktop.fiscal.rules.recovery import Finding
from tests.support.posnet import Killed, Till, sample_receipt


@pytest.fixture
def printer(tmp_path: Path) -> Iterator[EmulatedPosnet]:
    with EmulatedPosnet(tmp_path / "device", paper=tmp_path / "paper") as emulated:
        yield emulated


@pytest.fixture
def till(printer: EmulatedPosnet) -> Till:
    return Till(printer)


def codes(till: Till) -> list[str | None]:
    """What the person was told while waiting."""
    return [heard.problem.code if heard.problem else None for heard in till.heard]


def at_state(state: State, act: Callable[[], None]) -> Callable[[JournalPoint], None]:
    """A listener that acts once the journal holds `state`."""
    return lambda point: act() if point.state is state else None


def test_a_receipt_is_printed_and_numbered(till: Till, printer: EmulatedPosnet, tmp_path: Path) -> None:
    """FIS-01, FIS-04: lines, discount as a discount, deposit, NIP, payments and change are on the paper, to the grosz."""
    verdict = till.print_once(sample_receipt())
    assert verdict.finding is Finding.PRINTED
    assert verdict.numbers is not None
    document = printer.receipts()[0]
    numbers = verdict.numbers
    assert (numbers.unique, numbers.receipt, numbers.daily_report, numbers.document) == ("ZBF 2601000017", 1, 1, 1)
    assert numbers.device_time == document.time
    assert (document.system_number, document.nip, document.cashier, document.till) == ("JOB", "5222628262", "Anna", "1")
    assert document.totals == [1000, 0, 699, 0, 0, 0, 0]
    assert (document.paid, document.change) == (2000, 201)
    paper = (tmp_path / "paper" / "00001-receipt.txt").read_text("utf-8")
    assert paper == document.text
    squeezed = [" ".join(line.split()) for line in paper.splitlines()]
    for line in (
        "Chleb żytni",
        "1,5szt x4,99 7,49C",
        "OPUST Rabat -0,50",
        "2 x5,00 10,00A",
        "SUMA PLN 16,99",
        "DO ZAPŁATY 17,99",
        "RESZTA 2,01",
        "NIP NABYWCY: 5222628262",
        "Nr sys. JOB",
    ):
        assert line in squeezed
    assert max(map(len, paper.splitlines())) == 40


def test_second_receipt_of_the_day_has_the_next_number(till: Till) -> None:
    for number in (1, 2, 3):
        verdict = till.print_once(sample_receipt(f"JOB{number}"))
        assert verdict.numbers is not None
        assert verdict.numbers.receipt == number


def test_reads(till: Till, printer: EmulatedPosnet) -> None:
    """FIS-01: who the device is, its letters, its state."""
    driver, link = PosnetDriver(), printer.direct(till.clock)
    assert converse(driver.identify(Tokens(1)), link, clock=till.clock).unique == "ZBF 2601000017"
    assert converse(driver.read_rates(Tokens(9)), link, clock=till.clock).to_json() == {
        "A": "23",
        "B": "8",
        "C": "5",
        "D": "0",
        "E": "zw",
        "F": "",
        "G": "",
    }
    state = converse(driver.status(Tokens(20)), link, clock=till.clock)
    assert (state.ready, state.problem, state.receipt_open, state.fiscal) == (True, None, False, True)
    assert converse(driver.read_baseline(Tokens(30)), link, clock=till.clock).completed == 0
    assert DRIVERS["posnet"].check(sample_receipt()) == []


@pytest.mark.parametrize("error_tab", [True, False])
def test_refused_line_is_cancelled_and_told(tmp_path: Path, error_tab: bool) -> None:
    """FIS-01: error codes, in both forms that are in use. The rate guard refuses a name that had a lower rate (2106)."""
    with EmulatedPosnet(tmp_path, error_tab=error_tab) as printer:
        till = Till(printer)
        for letter, rate in (("A", "23"), ("B", "8")):
            bread = receipt_of("J" + letter, [sold("Bułka", letter, 100, rate=rate)], [Payment(Pay.CASH, 100)])
            assert till.print_once(bread).finding is Finding.PRINTED
        again = receipt_of("JX", [sold("Bułka", "A", 100, rate="23")], [Payment(Pay.CASH, 100)])
        verdict = till.print_once(again)
        assert (verdict.finding, verdict.reason, verdict.retry) == (Finding.NOT_PRINTED, "refused", False)
        assert verdict.problem is not None
        assert verdict.problem.code == "posnet_2106"
        assert [document.kind for document in printer.ledger()] == ["receipt", "receipt", "cancelled"]
        assert till.print_once(sample_receipt()).finding is Finding.PRINTED


def test_refused_closing_command_leaves_nothing_open(till: Till, printer: EmulatedPosnet) -> None:
    """FIS-01: the device reckons otherwise (2805); the receipt that it left open is cancelled."""

    def add_a_grosz() -> None:
        assert printer.machine.sale is not None
        printer.machine.sale.totals[0] += 1

    till.after_point = at_state(State.COMMITTING, add_a_grosz)
    verdict = till.print_once(sample_receipt())
    assert (verdict.finding, verdict.reason) == (Finding.NOT_PRINTED, "refused")
    assert verdict.problem is not None
    assert verdict.problem.code == "posnet_2805"
    assert printer.machine.sale is None


def test_refusal_of_the_closing_command_is_found_by_recovery(till: Till, printer: EmulatedPosnet) -> None:
    """FIS-08: the refusal's reply was lost; the device repeats it by its token."""
    till.after_point = at_state(State.COMMITTING, lambda: setattr(printer.machine.sale, "payments", []))
    printer.faults.reply_faults.append(ReplyFault("trend", "swallow"))
    receipt = receipt_of("J", [sold("Bułka", "A", 100, rate="23")], [Payment(Pay.CASH, 200)])
    verdict = till.print_once(receipt)
    assert verdict.finding is Finding.UNKNOWN
    decided = till.recover()
    assert (decided.finding, decided.reason, decided.retry) == (Finding.NOT_PRINTED, "refused", False)
    assert decided.problem is not None
    assert decided.problem.code == "posnet_2809"
    assert not printer.receipts()


def test_wrong_content_never_reaches_the_device(till: Till, printer: EmulatedPosnet) -> None:
    """FIS-04: a letter whose rate moved since sealing is refused before the first byte of the receipt."""
    printer.set_memory(rates=[800, 2300, 500, 0, 10_000, 10_100, 10_100])
    verdict = till.print_once(sample_receipt())
    assert (verdict.finding, verdict.reason, verdict.retry) == (Finding.NOT_PRINTED, "content", False)
    assert verdict.problem is not None
    assert verdict.problem.code == "fiscal_letter_moved"
    assert printer.ledger() == []
    assert till.states == []


def test_receipt_left_open_by_others_is_not_touched(till: Till, printer: EmulatedPosnet) -> None:
    """Nothing is cancelled that is not ours."""
    other = Till(printer, after_point=at_state(State.COMMITTING, lambda: (_ for _ in ()).throw(Killed())))
    with pytest.raises(Killed):
        other.print_once(sample_receipt("OTHER"))
    verdict = till.print_once(sample_receipt())
    assert (verdict.finding, verdict.reason) == (Finding.NOT_PRINTED, "open_already")
    assert printer.machine.sale is not None


@pytest.mark.parametrize("left", [0, 1, 20])
def test_paper_out_waits_and_goes_on(till: Till, printer: EmulatedPosnet, left: int) -> None:
    """FIS-01: without paper the device keeps the command and answers after the new roll; that is attention, no failure."""
    printer.faults.paper_left = left

    def load(waiting: Waiting) -> None:
        if waiting.seconds > 300:
            printer.load_paper()

    till.waiting = load
    assert till.print_once(sample_receipt()).finding is Finding.PRINTED
    assert codes(till) == ["fiscal_no_paper", None]
    assert len(printer.receipts()) == 1


@pytest.mark.parametrize(("left", "begun"), [(0, False), (5, True)])
def test_till_that_stops_waiting_for_paper(till: Till, printer: EmulatedPosnet, left: int, begun: bool) -> None:
    """M-1: with an empty roll nothing is begun; with paper out in the middle recovery waits and finds it printed."""
    printer.faults.paper_left = left

    def give_up(waiting: Waiting) -> None:
        if waiting.seconds > 60:
            raise Killed

    till.waiting = give_up
    with pytest.raises(Killed):
        till.print_once(sample_receipt())
    assert bool(till.states) is begun
    till.waiting = lambda waiting: printer.load_paper() if waiting.seconds > 10 else None
    verdict = till.recover()
    assert verdict.finding is (Finding.PRINTED if begun else Finding.NOT_PRINTED)
    assert len(printer.receipts()) == int(begun)


def test_status_is_answered_while_paper_is_missing(till: Till, printer: EmulatedPosnet) -> None:
    """FIS-01: only the immediate questions are answered then, and they say why."""
    printer.faults.paper_left = 3

    def give_up(waiting: Waiting) -> None:
        if waiting.command == "trend":
            raise Killed

    till.waiting = give_up
    with pytest.raises(Killed):
        till.print_once(sample_receipt())
    state = converse(PosnetDriver().status(Tokens(500)), printer.direct(till.clock), clock=till.clock)
    assert not state.ready
    assert state.problem is not None
    assert state.problem.code == "fiscal_no_paper"


def test_key_wait_before_and_inside(till: Till, printer: EmulatedPosnet) -> None:
    """FIS-01: the device waits for a key before the receipt begins, and again before it closes."""
    printer.faults.key_wait = True
    till.waiting = lambda waiting: printer.press_key() if waiting.seconds > (60 if waiting.command else 5) else None
    till.after_point = at_state(State.COMMITTING, lambda: setattr(printer.faults, "key_wait", True))
    assert till.print_once(sample_receipt()).finding is Finding.PRINTED
    assert codes(till) == ["fiscal_key_wait", None, "fiscal_key_wait", None]


def test_busy_with_the_other_interface_is_tried_again(till: Till, printer: EmulatedPosnet) -> None:
    """FIS-01: error 41 belongs to the moment, not to the receipt."""
    till.after_point = at_state(State.OPENED, lambda: setattr(printer.faults, "busy_interface", True))
    verdict = till.print_once(sample_receipt())
    assert (verdict.finding, verdict.reason, verdict.retry) == (Finding.NOT_PRINTED, "refused", True)
    assert verdict.problem is not None
    assert verdict.problem.code == "posnet_41"
    printer.faults.busy_interface = False
    till.after_point = lambda point: None
    assert till.finish(sample_receipt(), verdict).finding is Finding.PRINTED


ANSWERED = ["scomm", "vatget", "stot", "ftrcfg", "trinit", "trline", "trpack", "trpayment", "trend", "strns", "rtcget"]


@pytest.mark.parametrize("how", ["swallow", "corrupt", "duplicate", "delay"])
@pytest.mark.parametrize("command", ANSWERED)
def test_a_reply_is_lost_damaged_doubled_or_late(till: Till, printer: EmulatedPosnet, command: str, how: str) -> None:
    """FIS-08: whatever happens to one reply, the receipt is printed once and nobody is asked."""
    printer.faults.reply_faults.append(ReplyFault(command, how, 100.0))  # type: ignore[arg-type]
    verdict = till.print_once(sample_receipt())
    if how == "duplicate":
        assert verdict.finding is Finding.PRINTED
    assert till.finish(sample_receipt(), verdict).finding is Finding.PRINTED
    assert len(printer.receipts()) == 1
    assert not printer.faults.reply_faults


def test_lost_reply_of_the_closing_command_is_repeated_by_the_device(till: Till, printer: EmulatedPosnet) -> None:
    """FIS-08: rpt with the closing token proves it, also when another receipt made the counters unclear: then only the
    number is asked from a person."""
    printer.faults.reply_faults.append(ReplyFault("trend", "swallow"))
    assert till.print_once(sample_receipt()).finding is Finding.UNKNOWN
    printer.sell_at_keyboard(1234)
    verdict = till.recover()
    assert (verdict.finding, verdict.reason) == (Finding.ASK_PERSON, "numbers_unclear")


@pytest.mark.parametrize("when", ["before", "printing", "after"])
@pytest.mark.parametrize("keep_open", [False, True])
@pytest.mark.parametrize("command", ["trinit", "trline", "trpayment", "trend"])
def test_power_cut_at_a_command(tmp_path: Path, command: str, when: str, keep_open: bool) -> None:
    """FIS-08: before execution, in the middle of printing, after execution and before the reply."""
    with EmulatedPosnet(tmp_path, keep_open=keep_open) as printer:
        till = Till(printer)
        printer.faults.power_cut = (command, when)
        verdict = till.print_once(sample_receipt())
        assert till.finish(sample_receipt(), verdict).finding is Finding.PRINTED
        assert len(printer.receipts()) == 1


def test_another_program_sold_meanwhile(till: Till, printer: EmulatedPosnet) -> None:
    """M-3: ours and a foreign receipt after the device forgot the reply (power): a person decides on the evidence."""
    printer.faults.power_cut = ("trend", "after")
    assert till.print_once(sample_receipt()).finding is Finding.UNKNOWN
    printer.sell_at_keyboard(500)
    verdict = till.recover()
    assert (verdict.finding, verdict.reason) == (Finding.ASK_PERSON, "several_receipts")
    assert verdict.observed is not None
    assert verdict.observed.counters.completed == 2


def test_foreign_receipt_instead_of_ours(till: Till, printer: EmulatedPosnet) -> None:
    """The counter grew by one, but not by our totals."""
    printer.faults.power_cut = ("trend", "before")
    assert till.print_once(sample_receipt()).finding is Finding.UNKNOWN
    printer.sell_at_keyboard(500)
    assert till.recover().reason == "foreign_receipt"


@pytest.mark.parametrize("daily_numbers", [True, False])
@pytest.mark.parametrize(("when", "printed"), [("after", True), ("before", False)])
def test_daily_report_meanwhile(tmp_path: Path, when: str, printed: bool, daily_numbers: bool) -> None:
    """FIS-08: with a daily or a running counter, the stored report shows whether the receipt is in it."""
    with EmulatedPosnet(tmp_path, memory=Memory(daily_numbers=daily_numbers)) as printer:
        till = Till(printer)
        assert till.print_once(sample_receipt("FIRST")).finding is Finding.PRINTED
        printer.faults.power_cut = ("trend", when)
        assert till.print_once(sample_receipt()).finding is Finding.UNKNOWN
        printer.daily_report()
        verdict = till.recover()
        assert verdict.finding is (Finding.PRINTED if printed else Finding.NOT_PRINTED)
        if printed:
            assert verdict.numbers is not None
            mine = printer.receipts()[-1]
            assert (verdict.numbers.receipt, verdict.numbers.daily_report) == (mine.number, 1)
            assert verdict.numbers.document == mine.no
        else:
            assert till.finish(sample_receipt(), verdict).finding is Finding.PRINTED
        assert [document.system_number for document in printer.receipts()] == ["FIRST", "JOB"]


def test_two_daily_reports_memory_reset_other_device(till: Till, printer: EmulatedPosnet) -> None:
    """FIS-08: evidence that proves nothing goes to a person."""
    printer.faults.power_cut = ("trend", "after")
    assert till.print_once(sample_receipt()).finding is Finding.UNKNOWN
    printer.daily_report()
    printer.sell_at_keyboard(100)
    printer.daily_report()
    assert till.recover().reason == "several_reports"
    printer.memory_reset()
    assert till.recover().reason == "memory_reset"
    printer.set_memory(unique="ZBF 9999")
    verdict = till.recover()
    assert (verdict.finding, verdict.reason) == (Finding.ASK_PERSON, "other_device")


def test_device_that_hears_nothing(till: Till, printer: EmulatedPosnet) -> None:
    """Before anything was opened a dead line means: not printed, try again."""

    class Deaf:
        def send(self, data: bytes) -> None:
            pass

        def receive(self, timeout: float) -> bytes:
            till.clock.seconds += timeout
            return b""

        def close(self) -> None:
            pass

    verdict = till.print_once(sample_receipt(), Deaf())
    assert (verdict.finding, verdict.reason, verdict.retry) == (Finding.NOT_PRINTED, "not_begun", True)
    with pytest.raises(ReplyLost):
        converse(PosnetDriver().identify(Tokens(1)), Deaf(), tell=lambda item: None, clock=till.clock)


def test_recovery_of_an_ended_journal_is_a_mistake(till: Till) -> None:
    ended = Journal(sample_receipt(), State.DONE)
    with pytest.raises(ValueError, match="nothing to recover"):
        converse(PosnetDriver().recover(ended, Tokens(1)), till.printer.direct(till.clock), clock=till.clock)


def test_sale_time_is_the_device_time_also_when_recovered_next_day(tmp_path: Path) -> None:
    """Semantics M.2: the issue date is the device's date of the sale, not of the recovery."""
    now = datetime(2026, 10, 9, 23, 58)
    clock = [now]
    with EmulatedPosnet(tmp_path, now=lambda: clock[0]) as printer:
        till = Till(printer)
        printer.faults.power_cut = ("trend", "after")
        assert till.print_once(sample_receipt()).finding is Finding.UNKNOWN
        clock[0] = now + timedelta(hours=9)
        verdict = till.recover()
        assert verdict.numbers is not None
        assert verdict.numbers.device_time == "2026-10-09T23:58"


def test_tokens_go_round(till: Till, printer: EmulatedPosnet) -> None:
    """FIS-02: tokens 1–9999, and the closing token is the one that is journalled."""
    till.next_token = 9990
    assert till.print_once(sample_receipt()).finding is Finding.PRINTED
    journal = Journal.from_json(json.loads(till.written))
    assert journal.closing_token is not None
    assert f"@{journal.closing_token:04}".encode() in bytes.fromhex(journal.closing)
    assert journal.closing_token < 100


def test_overdue_daily_report_blocks_the_sale(tmp_path: Path) -> None:
    """A due daily report is made before the next receipt; the device says so (383)."""
    clock = [datetime(2026, 10, 9, 12, 0)]
    with EmulatedPosnet(tmp_path, now=lambda: clock[0]) as printer:
        printer.machine.overdue_report_blocks = True
        till = Till(printer)
        assert till.print_once(sample_receipt()).finding is Finding.PRINTED
        clock[0] += timedelta(days=1)
        verdict = till.print_once(sample_receipt())
        assert verdict.problem is not None
        assert (verdict.finding, verdict.problem.code) == (Finding.NOT_PRINTED, "posnet_383")
        printer.daily_report()
        assert till.print_once(replace(sample_receipt(), system_number="NEXT")).finding is Finding.PRINTED


def test_a_frame_error_is_told_as_such() -> None:
    refusal = DeviceRefusal(10, "trline", "na", frame=True)
    assert refusal.problem.values["detail"] == "10 trline na"
    assert str(refusal) == "trline refused with frame error 10 (field length) na"
    assert not refusal.retry
