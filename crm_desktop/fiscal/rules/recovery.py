"""What the device's counters prove about a receipt whose answer was lost: printed, not printed, or a person must look.

A pure function of the counters before (baseline), what is read after the barrier (observed) and the receipt. Source:
POSNET matrix, section 8.3 of the protocol paper; one branch here is one row there.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from crm_desktop.core.i18n import N_
from crm_desktop.core.problem import Problem
from crm_desktop.fiscal.rules.model import LETTERS, Counters, DayReport, Numbers, Observed, Receipt

ZERO = (0,) * len(LETTERS)


class Finding(StrEnum):
    """PRINTED and NOT_PRINTED are proven; ASK_PERSON: evidence contradicts or lacks; OPEN: our receipt is still open
    and must be cancelled, then judged again; UNKNOWN: nothing could be read (link lost), recover later."""

    PRINTED = "printed"
    NOT_PRINTED = "not_printed"
    ASK_PERSON = "ask_person"
    OPEN = "open"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Verdict:
    """The outcome of printing or of recovery.

    reason: stable name for log and tests; problem: what to tell a person; numbers: only when PRINTED; observed: the
    evidence; retry: for NOT_PRINTED, whether the same receipt may be sent again as it is (a cut link, a cancelled
    receipt) or must be mended first (refused content).
    """

    finding: Finding
    reason: str
    problem: Problem | None = None
    numbers: Numbers | None = None
    observed: Observed | None = None
    retry: bool = False

    def to_json(self) -> dict[str, Any]:
        """Plain values, for the record of evidence."""
        return {
            "finding": self.finding.value,
            "reason": self.reason,
            "problem": {
                "code": self.problem.code,
                "field": self.problem.field,
                "message": self.problem.message,
                "values": {key: str(value) for key, value in self.problem.values.items()},
            }
            if self.problem
            else None,
            "numbers": self.numbers.to_json() if self.numbers else None,
            "observed": self.observed.to_json() if self.observed else None,
            "retry": self.retry,
        }


ASK_TEXTS = {
    "other_device": N_("Another printer is connected. Connect printer {unique}."),
    "memory_reset": N_("The printer's memory was reset meanwhile, its counters prove nothing."),
    "several_reports": N_("More than one daily report was made meanwhile."),
    "report_unclear": N_("A daily report was made meanwhile and its totals do not show whether this receipt is in it."),
    "foreign_open": N_("A receipt that is not ours is open on the printer."),
    "footer_open": N_("A receipt with an unfinished footer is open on the printer."),
    "foreign_receipt": N_("The printer counts another receipt too."),
    "several_receipts": N_("The printer counts more receipts than were sent to it."),
    "counters_back": N_("The printer's counters went back."),
    "numbers_unclear": N_("The receipt was printed, but its number cannot be read because another document followed it."),
    "not_closed_by_us": N_("The printer counts a receipt like this one, but we never closed it."),
}


def ask(reason: str, observed: Observed | None = None, **values: object) -> Verdict:
    """A person must decide; `reason` is a key of ASK_TEXTS."""
    return Verdict(Finding.ASK_PERSON, reason, Problem(f"fiscal_{reason}", "", ASK_TEXTS[reason], values), observed=observed)


def not_printed(reason: str, observed: Observed | None = None, problem: Problem | None = None, *, retry: bool) -> Verdict:
    """Proven that no receipt was closed."""
    told = problem or Problem(f"fiscal_{reason}", "", N_("The receipt was not printed."))
    return Verdict(Finding.NOT_PRINTED, reason, told, observed=observed, retry=retry)


def judge(baseline: Counters, observed: Observed, receipt: Receipt, *, closing_sent: bool = True, confirmed: bool = False) -> Verdict:
    """The verdict of the matrix.

    closing_sent: the journal shows COMMITTING. confirmed: the device itself said that the closing command succeeded;
    then "not printed" is impossible, and unclear counters only mean that a person must read the number off the paper.
    """
    verdict = _matrix(baseline, observed, receipt)
    if confirmed and verdict.finding is not Finding.PRINTED:
        return ask("numbers_unclear", observed)
    if verdict.finding is Finding.PRINTED and not closing_sent:
        return ask("not_closed_by_us", observed)
    return verdict


def _matrix(baseline: Counters, observed: Observed, receipt: Receipt) -> Verdict:
    now = observed.counters
    if now.unique != baseline.unique:
        return ask("other_device", observed, unique=baseline.unique)
    if now.resets != baseline.resets:
        return ask("memory_reset", observed)
    reports = now.reports - baseline.reports
    if reports == 0:
        return _same_day(baseline, observed, receipt)
    if reports == 1:
        return _after_report(baseline, observed, receipt)
    return ask("several_reports" if reports > 0 else "counters_back", observed)


def _same_day(baseline: Counters, observed: Observed, receipt: Receipt) -> Verdict:
    now = observed.counters
    receipts = now.completed - baseline.completed
    if observed.footer_open:
        return ask("footer_open", observed)
    if observed.transaction:
        ours = observed.open and not observed.held_elsewhere and receipts == 0 and is_beginning_of(observed, receipt)
        return Verdict(Finding.OPEN, "open", observed=observed) if ours else ask("foreign_open", observed)
    if receipts == 0:
        # A cancelled receipt takes a number, an empty one perhaps not: only completed receipts are judged.
        reason = "nothing_printed" if now.cancelled == baseline.cancelled else "cancelled"
        return not_printed(reason, observed, retry=True)
    if receipts < 0:
        return ask("counters_back", observed)
    if receipts > 1:
        return ask("several_receipts", observed)
    grown = tuple(after - before for after, before in zip(now.day_totals, baseline.day_totals, strict=True))
    alone = now.cancelled == baseline.cancelled and now.last_number == baseline.last_number + 1
    if not alone or grown != receipt.totals or not _figures_match(observed, receipt):
        return ask("foreign_receipt", observed)
    numbers = Numbers(now.unique, now.last_number, now.reports + 1, now.document, now.last_sale or now.clock)
    return Verdict(Finding.PRINTED, "counters", numbers=numbers, observed=observed)


def _after_report(baseline: Counters, observed: Observed, receipt: Receipt) -> Verdict:
    now, report = observed.counters, observed.report
    if report is None:
        return ask("report_unclear", observed)
    receipts = report.receipts - baseline.day_receipts
    totals = tuple(after - before for after, before in zip(report.totals, baseline.day_totals, strict=True))
    if receipts == 0 and totals == ZERO:
        return _same_day(_begun_again(baseline, report), observed, receipt)
    if receipts != 1 or totals != receipt.totals:
        return ask("report_unclear", observed)
    if report.cancelled != baseline.day_cancelled:
        return ask("numbers_unclear", observed)
    later = now.completed != (0 if now.daily_numbers else baseline.completed + 1) or now.day_cancelled
    numbers = Numbers(now.unique, baseline.last_number + 1, report.number, None if later else now.document, report.date or now.clock)
    return Verdict(Finding.PRINTED, "counters_of_report", numbers=numbers, observed=observed)


def _begun_again(baseline: Counters, report: DayReport) -> Counters:
    """The baseline as it stood right after the report: totals zero, and the numbers where the device restarts them."""
    begun = replace(baseline, reports=baseline.reports + 1, day_totals=ZERO, day_receipts=0, day_cancelled=0)
    if baseline.daily_numbers:
        return replace(begun, completed=0, cancelled=0, last_number=0)
    cancelled = report.cancelled - baseline.day_cancelled
    return replace(begun, cancelled=begun.cancelled + cancelled, last_number=begun.last_number + cancelled)


def _figures_match(observed: Observed, receipt: Receipt) -> bool:
    """The last receipt's figures; a receipt sent without payments counts as paid in cash."""
    return (
        observed.last_totals == receipt.totals
        and observed.last_paid == (receipt.paid or receipt.due)
        and observed.last_change == receipt.change
        and observed.last_charged == receipt.charged
        and observed.last_returned == receipt.returned
    )


def is_beginning_of(observed: Observed, receipt: Receipt) -> bool:
    """Whether the open receipt can be a beginning of ours: lines, then deposits, then payments, in the order sent."""
    figures = (observed.last_totals, observed.last_charged, observed.last_returned, observed.last_paid)
    return any(figures == (totals, charged, returned, paid) for totals, charged, returned, paid in _beginnings(receipt))


def _beginnings(receipt: Receipt) -> Iterator[tuple[tuple[int, ...], int, int, int]]:
    totals, charged, returned = [0] * len(LETTERS), 0, 0
    yield tuple(totals), 0, 0, 0
    for line in receipt.lines:
        totals[LETTERS.index(line.letter)] += line.total
        yield tuple(totals), 0, 0, 0
    for pack in receipt.deposits:
        charged += 0 if pack.returned else pack.value
        returned += pack.value if pack.returned else 0
        yield tuple(totals), charged, returned, 0
    paid = 0
    for payment in receipt.payments:
        paid += payment.amount
        yield tuple(totals), charged, returned, paid
