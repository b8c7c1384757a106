"""A till for tests of the POSNET driver: prints a job over the emulated device, with a journal that survives the till."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from crm_desktop.devices.exchange import converse
from crm_desktop.devices.link import Link
from crm_desktop.fiscal.drivers.conversation import Attention, JournalPoint, Tokens, Waiting, token_after
from crm_desktop.fiscal.drivers.posnet.driver import PosnetDriver
from crm_desktop.fiscal.drivers.posnet.emulator.direct import VirtualClock
from crm_desktop.fiscal.drivers.posnet.emulator.emulated import EmulatedPosnet
from crm_desktop.fiscal.rules.journal import Journal, State
from crm_desktop.fiscal.rules.model import Deposit, Pay, Payment, Receipt, receipt_of, sold
from crm_desktop.fiscal.rules.recovery import Finding, Verdict

ATTEMPTS = 6


def sample_receipt(key: str = "JOB", nip: str = "5222628262") -> Receipt:
    """Two rates, a fraction, a discount, a deposit, two payments, change, NIP: every kind of command once."""
    return receipt_of(
        key,
        [
            sold("Chleb żytni", "C", 499, Decimal("1.5"), unit="szt", discount=50, discount_name="Rabat", rate="5"),
            sold("Piwo", "A", 500, 2, rate="23"),
        ],
        [Payment(Pay.CARD, 1000), Payment(Pay.CASH, 1000)],
        deposits=[Deposit(50, 2, name="Butelka")],
        buyer_nip=nip,
        cashier="Anna",
        till="1",
    )


class Killed(Exception):
    """The till's process ends here."""


@dataclass
class Till:
    """One workstation. `written` is what its journal holds durably, as text; `heard` are calls for attention.

    before_point: called before a journal point is written; after_point: after it. Either may raise Killed.
    """

    printer: EmulatedPosnet
    driver: PosnetDriver = field(default_factory=PosnetDriver)
    clock: VirtualClock = field(default_factory=VirtualClock)
    next_token: int = 1
    written: str = ""
    heard: list[Attention] = field(default_factory=list)
    states: list[State] = field(default_factory=list)
    before_point: Callable[[JournalPoint], None] = lambda point: None
    after_point: Callable[[JournalPoint], None] = lambda point: None
    waiting: Callable[[Waiting], None] = lambda waiting: None

    def print_once(self, receipt: Receipt, link: Link | None = None) -> Verdict:
        """One attempt from INTENT."""
        self.written = json.dumps(Journal(receipt).to_json())
        return self._run(lambda tokens: self.driver.print_receipt(receipt, tokens), receipt, link)

    def recover(self, link: Link | None = None) -> Verdict:
        """One recovery from what is written."""
        journal = Journal.from_json(json.loads(self.written))
        return self._run(lambda tokens: self.driver.recover(journal, tokens), journal.receipt, link)

    def until_decided(self, verdict: Verdict | None) -> Verdict:
        """Recover until the device was read to the end. None: the till was killed and starts again."""
        for _ in range(ATTEMPTS):
            if verdict is not None and verdict.finding is not Finding.UNKNOWN:
                return verdict
            verdict = self.recover()
        raise AssertionError(f"still undecided: {verdict}")

    def finish(self, receipt: Receipt, verdict: Verdict | None) -> Verdict:
        """Recover and try again until the receipt is printed or a person is needed or it is refused."""
        for _ in range(ATTEMPTS):
            decided = self.until_decided(verdict)
            if decided.finding is not Finding.NOT_PRINTED or not decided.retry:
                return decided
            verdict = self.print_once(receipt)
        raise AssertionError(f"never printed: {verdict}")

    def _run(self, conversation: Callable[[Tokens], object], receipt: Receipt, link: Link | None) -> Verdict:
        start = self.next_token
        self.next_token = token_after(start, self.driver.tokens_needed(receipt))
        over = link or self.printer.direct(self.clock)
        verdict: Verdict = converse(conversation(Tokens(start)), over, self._tell, self.clock)  # type: ignore[arg-type]
        return verdict

    def _tell(self, item: object) -> None:
        match item:
            case JournalPoint():
                self.before_point(item)
                journal = Journal.from_json(json.loads(self.written)).after(item.state, item.data)
                self.written = json.dumps(journal.to_json())
                self.states.append(item.state)
                self.after_point(item)
            case Attention():
                self.heard.append(item)
            case Waiting():
                self.waiting(item)
