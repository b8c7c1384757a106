"""Printing a receipt on a POSNET device exactly once, and finding out what became of one (protocol section 8)."""

from dataclasses import dataclass, field

from crm_desktop.core.i18n import N_
from crm_desktop.core.problem import Problem, errors_of
from crm_desktop.devices.exchange import Conversation
from crm_desktop.devices.link import LinkLost
from crm_desktop.fiscal.drivers.conversation import DeviceRefusal, JournalPoint, ReplyLost, Tokens, token_after
from crm_desktop.fiscal.drivers.posnet import reads
from crm_desktop.fiscal.drivers.posnet.sale import closing_values, opening_commands
from crm_desktop.fiscal.drivers.posnet.wire import Pace, Wire
from crm_desktop.fiscal.drivers.state import DeviceState, Identity
from crm_desktop.fiscal.rules.check import POSNET, Limits, check_receipt
from crm_desktop.fiscal.rules.journal import BEFORE_OPENING, Journal, State
from crm_desktop.fiscal.rules.model import Counters, Receipt
from crm_desktop.fiscal.rules.rates import RateTable
from crm_desktop.fiscal.rules.recovery import Finding, Verdict, ask, judge, not_printed

# Reads of baseline and evidence, polls while paper is missing: more than one conversation takes besides its lines.
SPARE_TOKENS = 200
LOST = N_("The connection to the printer was lost.")
OPEN_ALREADY = N_("An unfinished receipt is open on the printer. Cancel it there, then print again.")


@dataclass(frozen=True)
class PosnetDriver:
    """Conversations with one device. pace: time-outs; page: its code page; limits: what it accepts."""

    pace: Pace = field(default_factory=Pace)
    page: str = "cp1250"
    limits: Limits = POSNET

    def check(self, receipt: Receipt, rates: RateTable | None = None) -> list[Problem]:
        """All reasons why the device would refuse the receipt; [] = may be sent. Grosze must agree to the last one."""
        return check_receipt(receipt, rates, self.limits)

    def tokens_needed(self, receipt: Receipt) -> int:
        """How far the stored token counter is to be moved before `print_receipt` or `recover` begins."""
        return len(receipt.lines) + len(receipt.deposits) + len(receipt.payments) + SPARE_TOKENS

    def identify(self, tokens: Tokens) -> Conversation[Identity]:
        """Unique number and model."""
        return (yield from reads.identity(self._wire(tokens)))

    def read_rates(self, tokens: Tokens) -> Conversation[RateTable]:
        """The VAT letters as programmed."""
        return (yield from reads.rates(self._wire(tokens)))

    def status(self, tokens: Tokens) -> Conversation[DeviceState]:
        """Whether the device can print now."""
        return (yield from reads.state(self._wire(tokens)))

    def read_baseline(self, tokens: Tokens) -> Conversation[Counters]:
        """All counters."""
        return (yield from reads.counters(self._wire(tokens)))

    def print_receipt(self, receipt: Receipt, tokens: Tokens) -> Conversation[Verdict]:
        """The whole story of one receipt, journal points included.

        Returns PRINTED, NOT_PRINTED (refused, or failed before anything was opened), ASK_PERSON, or UNKNOWN: then
        `recover` must follow before anything else is sent to the device. LinkLost and ReplyLost become verdicts.
        """
        wire, begun = self._wire(tokens), _Begun()
        try:
            baseline = yield from self._ready_for(receipt, wire)
            if isinstance(baseline, Verdict):
                return baseline
            yield JournalPoint(
                State.BASELINE,
                {
                    "baseline": baseline.to_json(),
                    "next_token": token_after(tokens.next, self.tokens_needed(receipt)),
                },
            )
            yield JournalPoint(State.OPENED)
            begun.opening = True
            for mnemonic, values in opening_commands(receipt):
                yield from wire.ask(mnemonic, **values)
                begun.open = begun.open or mnemonic == "trinit"
            closing = wire.prepare("trend", closing_values(receipt))
            yield JournalPoint(State.COMMITTING, {"closing": closing.data.hex(), "closing_token": closing.token})
            begun.closing = True
            yield from wire.perform(closing)
            observed = yield from reads.evidence(wire, baseline.unique, baseline.reports)
            return judge(baseline, observed, receipt, confirmed=True)
        except DeviceRefusal as refusal:
            return (yield from self._refused(refusal, wire, begun))
        except (LinkLost, ReplyLost) as lost:
            return _lost(lost, begun)

    def recover(self, journal: Journal, tokens: Tokens) -> Conversation[Verdict]:
        """Procedure 8.2: drop input, identity, barrier, the stored reply, the counters, the matrix.

        Returns PRINTED, NOT_PRINTED, ASK_PERSON, or UNKNOWN (the device could not be read to the end: try again).
        Repeating it is safe at any point. Raises ValueError for a journal that has ended (done, undecided).
        """
        if journal.state in BEFORE_OPENING:
            return not_printed("not_begun", retry=True)
        if journal.baseline is None or journal.state not in (State.OPENED, State.COMMITTING):
            raise ValueError(f"nothing to recover from a journal at {journal.state}")
        try:
            return (yield from self._recovered(journal, journal.baseline, self._wire(tokens)))
        except DeviceRefusal as refusal:
            return Verdict(Finding.UNKNOWN, "reading_refused", refusal.problem)
        except (LinkLost, ReplyLost) as lost:
            return _unknown(lost)

    def _wire(self, tokens: Tokens) -> Wire:
        return Wire(tokens, self.pace, self.page)

    def _ready_for(self, receipt: Receipt, wire: Wire) -> Conversation[Counters | Verdict]:
        """The baseline of an idle device, or why the receipt is not begun."""
        yield from wire.drop_input()
        yield from wire.until_idle()
        common = yield from wire.ask("scomm")
        if common["ts"] != 0:
            return not_printed("open_already", problem=Problem("fiscal_open_already", "", OPEN_ALREADY), retry=False)
        # The table is read before each receipt: it may have been changed after a daily report.
        problems = errors_of(self.check(receipt, (yield from reads.rates(wire))))
        if problems:
            return not_printed("content", problem=problems[0], retry=False)
        return (yield from reads.counters(wire))

    def _refused(self, refusal: DeviceRefusal, wire: Wire, begun: "_Begun") -> Conversation[Verdict]:
        """The device said no. A refused closing command leaves the receipt open, so it is cancelled either way."""
        if begun.closing and refusal.command != "trend":
            return Verdict(Finding.UNKNOWN, "evidence_refused", refusal.problem)
        try:
            if begun.open:
                yield from wire.ask("prncancel")
            common = yield from wire.ask("scomm")
        except (LinkLost, ReplyLost) as lost:
            return _unknown(lost)
        except DeviceRefusal as second:
            return Verdict(Finding.UNKNOWN, "cancel_refused", second.problem)
        if begun.open and common["ts"] != 0:
            return Verdict(Finding.UNKNOWN, "still_open", refusal.problem)
        return not_printed("refused", problem=refusal.problem, retry=refusal.retry)

    def _recovered(self, journal: Journal, baseline: Counters, wire: Wire) -> Conversation[Verdict]:
        yield from wire.drop_input()
        who = yield from reads.identity(wire)
        if who.unique != baseline.unique:
            return ask("other_device", unique=baseline.unique)
        # The barrier: what reached the device before the link broke may still be executing. A synchronous command is
        # executed in its turn, so its reply comes after everything that was sent before.
        yield from wire.until_idle()
        yield from wire.ask("scomm")
        stored = yield from self._stored_reply(journal, wire)
        confirmed = stored is True
        sent = journal.state is State.COMMITTING
        observed = yield from reads.evidence(wire, who.unique, baseline.reports)
        verdict = judge(baseline, observed, journal.receipt, closing_sent=sent, confirmed=confirmed)
        if verdict.finding is Finding.OPEN:
            yield from wire.ask("prncancel")
            observed = yield from reads.evidence(wire, who.unique, baseline.reports)
            verdict = judge(baseline, observed, journal.receipt, closing_sent=sent)
            if verdict.finding is Finding.OPEN:
                return Verdict(Finding.UNKNOWN, "still_open", verdict.problem, observed=observed)
        if verdict.finding is Finding.NOT_PRINTED and isinstance(stored, DeviceRefusal):
            return not_printed("refused", observed, stored.problem, retry=stored.retry)
        return verdict

    def _stored_reply(self, journal: Journal, wire: Wire) -> Conversation[bool | DeviceRefusal | None]:
        """The fast path: True the device confirmed the closing command, a refusal, or None: it does not remember."""
        if journal.state is not State.COMMITTING or journal.closing_token is None:
            return None
        frame = yield from wire.exchange(wire.prepare("rpt", token=journal.closing_token))
        if frame.mnemonic != "trend":
            return None  # token not found, or one of another command: the counters decide
        return True if frame.error is None else DeviceRefusal(frame.error, "trend")


@dataclass
class _Begun:
    """How far a receipt has got: the opening was announced, the device opened it, the closing was announced."""

    opening: bool = False
    open: bool = False
    closing: bool = False


def _lost(lost: LinkLost | ReplyLost, begun: _Begun) -> Verdict:
    """Before the opening nothing can have been printed; after it the device must be asked."""
    if begun.opening:
        return _unknown(lost)
    return not_printed("not_begun", problem=Problem("fiscal_link_lost", "", LOST, {"detail": str(lost)}), retry=True)


def _unknown(lost: LinkLost | ReplyLost) -> Verdict:
    name = "link_lost" if isinstance(lost, LinkLost) else "reply_lost"
    return Verdict(Finding.UNKNOWN, name, Problem("fiscal_link_lost", "", LOST, {"detail": str(lost)}))
