"""The recovery matrix row by row: what counters prove about a receipt whose answer was lost (FIS-08, semantics M.4)."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_desktop.fiscal.rules.journal import Journal, State
from crm_desktop.fiscal.rules.model import Counters, DayReport, Numbers, Observed, Receipt
from crm_desktop.fiscal.rules.recovery import ASK_TEXTS, Finding, Verdict, is_beginning_of, judge
from tests.support.posnet import sample_receipt

RECEIPT = sample_receipt()
OURS = RECEIPT.totals
DAY = (5000, 0, 301, 0, 0, 0, 0)
GROWN = tuple(before + ours for before, ours in zip(DAY, OURS, strict=True))
BASELINE = Counters(
    unique="ZBF 1",
    resets=0,
    reports=4,
    completed=58,
    cancelled=2,
    last_number=60,
    headers=300,
    day_totals=DAY,
    day_receipts=58,
    day_cancelled=2,
    document=400,
    document_any=402,
    daily_numbers=True,
    last_sale="2026-10-09T11:00",
    clock="2026-10-09T11:40",
)
PRINTED_NOW = replace(
    BASELINE,
    completed=59,
    last_number=61,
    headers=301,
    day_totals=GROWN,
    day_receipts=59,
    document=403,
    document_any=403,
    last_sale="2026-10-09T11:48",
    clock="2026-10-09T11:49",
)
FIGURES: dict[str, Any] = {
    "last_totals": OURS,
    "last_paid": RECEIPT.paid,
    "last_change": RECEIPT.change,
    "last_charged": RECEIPT.charged,
    "last_returned": 0,
}
PRINTED = Observed(PRINTED_NOW, **FIGURES)
AFTER_REPORT = replace(
    BASELINE,
    reports=5,
    completed=0,
    cancelled=0,
    last_number=0,
    day_totals=(0,) * 7,
    day_receipts=0,
    day_cancelled=0,
    last_sale="",
)
REPORT_WITHOUT = DayReport(5, 58, DAY, 2, "2026-10-09T12:00")
REPORT_WITH = DayReport(5, 59, GROWN, 2, "2026-10-09T12:00")
RUNNING = replace(BASELINE, daily_numbers=False)


def seen(counters: Counters = BASELINE, **changes: Any) -> Observed:
    """Observed with these counters."""
    return Observed(counters, **changes)


def changed(**changes: Any) -> Counters:
    """The baseline with something moved."""
    return replace(BASELINE, **changes)


ROWS: list[tuple[str, Counters, Observed, Finding, str]] = [
    ("open, a beginning of ours", BASELINE, seen(transaction=17, open=True), Finding.OPEN, "open"),
    ("open, all of ours", BASELINE, seen(transaction=17, open=True, **FIGURES), Finding.OPEN, "open"),
    (
        "open, other totals",
        BASELINE,
        seen(transaction=16, open=True, last_totals=(7, 0, 0, 0, 0, 0, 0)),
        Finding.ASK_PERSON,
        "foreign_open",
    ),
    (
        "open on the other interface",
        BASELINE,
        seen(transaction=16, open=True, held_elsewhere=True),
        Finding.ASK_PERSON,
        "foreign_open",
    ),
    ("open, but a receipt was counted", BASELINE, seen(PRINTED_NOW, transaction=17, open=True), Finding.ASK_PERSON, "foreign_open"),
    ("an invoice is open", BASELINE, seen(transaction=33, open=False), Finding.ASK_PERSON, "foreign_open"),
    ("footer open", BASELINE, seen(PRINTED_NOW, transaction=17, footer_open=True), Finding.ASK_PERSON, "footer_open"),
    ("nothing moved", BASELINE, seen(), Finding.NOT_PRINTED, "nothing_printed"),
    ("a non-fiscal print only", BASELINE, seen(changed(headers=301, document_any=403)), Finding.NOT_PRINTED, "nothing_printed"),
    ("cancelled", BASELINE, seen(changed(cancelled=3, last_number=61, day_cancelled=3)), Finding.NOT_PRINTED, "cancelled"),
    ("cancelled, empty one without a number", BASELINE, seen(changed(cancelled=3)), Finding.NOT_PRINTED, "cancelled"),
    ("printed", BASELINE, PRINTED, Finding.PRINTED, "counters"),
    (
        "one more, other totals",
        BASELINE,
        replace(PRINTED, counters=replace(PRINTED_NOW, day_totals=DAY)),
        Finding.ASK_PERSON,
        "foreign_receipt",
    ),
    ("one more, paid with nothing", BASELINE, replace(PRINTED, last_paid=0), Finding.ASK_PERSON, "foreign_receipt"),
    ("one more, other payments", BASELINE, replace(PRINTED, last_paid=1), Finding.ASK_PERSON, "foreign_receipt"),
    ("one more, other change", BASELINE, replace(PRINTED, last_change=1), Finding.ASK_PERSON, "foreign_receipt"),
    ("one more, other deposits", BASELINE, replace(PRINTED, last_charged=1), Finding.ASK_PERSON, "foreign_receipt"),
    ("one more, deposits back", BASELINE, replace(PRINTED, last_returned=1), Finding.ASK_PERSON, "foreign_receipt"),
    ("one more, other last totals", BASELINE, replace(PRINTED, last_totals=DAY), Finding.ASK_PERSON, "foreign_receipt"),
    (
        "one more and one cancelled",
        BASELINE,
        replace(PRINTED, counters=replace(PRINTED_NOW, cancelled=3, last_number=62)),
        Finding.ASK_PERSON,
        "foreign_receipt",
    ),
    ("two more", BASELINE, seen(changed(completed=60, last_number=62)), Finding.ASK_PERSON, "several_receipts"),
    ("fewer", BASELINE, seen(changed(completed=57)), Finding.ASK_PERSON, "counters_back"),
    ("report without ours, nothing since", BASELINE, seen(AFTER_REPORT, report=REPORT_WITHOUT), Finding.NOT_PRINTED, "nothing_printed"),
    (
        "report without ours, ours since",
        BASELINE,
        Observed(replace(AFTER_REPORT, completed=1, last_number=1, day_totals=OURS, day_receipts=1), **FIGURES, report=REPORT_WITHOUT),
        Finding.PRINTED,
        "counters",
    ),
    (
        "report without ours, running numbers, ours since",
        RUNNING,
        Observed(
            replace(AFTER_REPORT, daily_numbers=False, completed=59, cancelled=2, last_number=61, day_totals=OURS, day_receipts=1),
            **FIGURES,
            report=REPORT_WITHOUT,
        ),
        Finding.PRINTED,
        "counters",
    ),
    (
        "report with a cancelled one of ours, running numbers",
        RUNNING,
        seen(
            replace(AFTER_REPORT, daily_numbers=False, completed=58, cancelled=3, last_number=61),
            report=replace(REPORT_WITHOUT, cancelled=3),
        ),
        Finding.NOT_PRINTED,
        "nothing_printed",
    ),
    ("report with ours", BASELINE, seen(AFTER_REPORT, report=REPORT_WITH), Finding.PRINTED, "counters_of_report"),
    (
        "report with ours, and one cancelled",
        BASELINE,
        seen(AFTER_REPORT, report=replace(REPORT_WITH, cancelled=3)),
        Finding.ASK_PERSON,
        "numbers_unclear",
    ),
    ("report with another", BASELINE, seen(AFTER_REPORT, report=replace(REPORT_WITH, totals=DAY)), Finding.ASK_PERSON, "report_unclear"),
    ("report with two", BASELINE, seen(AFTER_REPORT, report=replace(REPORT_WITH, receipts=60)), Finding.ASK_PERSON, "report_unclear"),
    ("report that cannot be read", BASELINE, seen(AFTER_REPORT), Finding.ASK_PERSON, "report_unclear"),
    ("two reports", BASELINE, seen(replace(AFTER_REPORT, reports=6)), Finding.ASK_PERSON, "several_reports"),
    ("reports went back", BASELINE, seen(changed(reports=3)), Finding.ASK_PERSON, "counters_back"),
    ("memory reset", BASELINE, replace(PRINTED, counters=replace(PRINTED_NOW, resets=1)), Finding.ASK_PERSON, "memory_reset"),
    ("another device", BASELINE, replace(PRINTED, counters=replace(PRINTED_NOW, unique="ZBF 2")), Finding.ASK_PERSON, "other_device"),
]


@pytest.mark.parametrize(("name", "baseline", "observed", "finding", "reason"), ROWS, ids=[row[0] for row in ROWS])
def test_matrix(name: str, baseline: Counters, observed: Observed, finding: Finding, reason: str) -> None:
    """FIS-08: one row of the matrix each."""
    verdict = judge(baseline, observed, RECEIPT)
    assert (verdict.finding, verdict.reason) == (finding, reason), name
    assert (verdict.numbers is not None) is (finding is Finding.PRINTED)
    assert verdict.retry is (finding is Finding.NOT_PRINTED)
    if finding is Finding.ASK_PERSON:
        assert verdict.problem is not None
        assert verdict.problem.message == ASK_TEXTS[reason]


@pytest.mark.parametrize(("name", "baseline", "observed", "finding", "reason"), ROWS, ids=[row[0] for row in ROWS])
def test_a_confirmed_receipt_is_never_called_unprinted(
    name: str, baseline: Counters, observed: Observed, finding: Finding, reason: str
) -> None:
    """FIS-08: the device's own OK stands; unclear counters only cost the number."""
    verdict = judge(baseline, observed, RECEIPT, confirmed=True)
    expected = Finding.PRINTED if finding is Finding.PRINTED else Finding.ASK_PERSON
    assert verdict.finding is expected, name
    if finding is not Finding.PRINTED:
        assert verdict.reason == "numbers_unclear"


@pytest.mark.parametrize(("name", "baseline", "observed", "finding", "reason"), ROWS, ids=[row[0] for row in ROWS])
def test_what_was_never_closed_is_never_called_printed(
    name: str, baseline: Counters, observed: Observed, finding: Finding, reason: str
) -> None:
    """FIS-08: a twin of our receipt that we did not close goes to a person."""
    verdict = judge(baseline, observed, RECEIPT, closing_sent=False)
    assert verdict.finding is (Finding.ASK_PERSON if finding is Finding.PRINTED else finding), name


def test_numbers_of_a_printed_receipt() -> None:
    assert judge(BASELINE, PRINTED, RECEIPT).numbers == Numbers("ZBF 1", 61, 5, 403, "2026-10-09T11:48")
    with_report = judge(BASELINE, seen(replace(AFTER_REPORT, document=403), report=REPORT_WITH), RECEIPT)
    assert with_report.numbers == Numbers("ZBF 1", 61, 5, 403, "2026-10-09T12:00")
    sold_since = replace(AFTER_REPORT, completed=1, last_number=1, document=405)
    hidden = judge(BASELINE, seen(sold_since, report=REPORT_WITH), RECEIPT)
    assert hidden.numbers == Numbers("ZBF 1", 61, 5, None, "2026-10-09T12:00")


def test_receipt_without_payments_counts_as_cash() -> None:
    """The device prints the whole sum as cash when no payment was sent."""
    unpaid = replace(RECEIPT, payments=(), change=0)
    observed = replace(PRINTED, last_paid=unpaid.due, last_change=0)
    assert judge(BASELINE, observed, unpaid).finding is Finding.PRINTED


BEGINNINGS = [
    ((0,) * 7, 0, 0, 0),
    ((0, 0, 699, 0, 0, 0, 0), 0, 0, 0),
    ((1000, 0, 699, 0, 0, 0, 0), 0, 0, 0),
    ((1000, 0, 699, 0, 0, 0, 0), 100, 0, 0),
    ((1000, 0, 699, 0, 0, 0, 0), 100, 0, 1000),
    ((1000, 0, 699, 0, 0, 0, 0), 100, 0, 2000),
]


def opened(totals: tuple[int, ...], charged: int, returned: int, paid: int) -> Observed:
    """An open receipt with these figures."""
    return seen(last_totals=totals, last_charged=charged, last_returned=returned, last_paid=paid)


@pytest.mark.parametrize("figures", BEGINNINGS)
def test_beginnings_of_ours(figures: tuple[tuple[int, ...], int, int, int]) -> None:
    assert is_beginning_of(opened(*figures), RECEIPT)


@given(
    st.tuples(st.sampled_from([0, 1000, 1001]), st.sampled_from([0, 699, 749])),
    st.sampled_from([0, 50, 100]),
    st.sampled_from([0, 100]),
    st.sampled_from([0, 1000, 2000, 1799]),
)
def test_only_beginnings_are_ours(sums: tuple[int, int], charged: int, returned: int, paid: int) -> None:
    figures = ((sums[0], 0, sums[1], 0, 0, 0, 0), charged, returned, paid)
    assert is_beginning_of(opened(*figures), RECEIPT) is (figures in BEGINNINGS)


def test_journal_and_evidence_as_json() -> None:
    """What is stored in the database comes back equal."""
    journal = Journal(RECEIPT)
    assert Journal.from_json(journal.to_json()) == journal
    journal = journal.after(State.BASELINE, {"baseline": BASELINE.to_json(), "next_token": 400})
    assert journal.baseline == BASELINE
    journal = journal.after(State.OPENED, {}).after(State.COMMITTING, {"closing": "0203", "closing_token": 7})
    assert Journal.from_json(journal.to_json()) == journal
    assert Receipt.from_json(RECEIPT.to_json()) == RECEIPT
    verdict: Verdict = judge(BASELINE, PRINTED, RECEIPT)
    stored = verdict.to_json()
    assert Numbers.from_json(stored["numbers"]) == verdict.numbers
    assert Counters.from_json(stored["observed"]["counters"]) == PRINTED_NOW
    asked = judge(BASELINE, seen(changed(completed=60)), RECEIPT).to_json()
    assert asked["problem"]["code"] == "fiscal_several_receipts"
    assert judge(BASELINE, seen(AFTER_REPORT, report=REPORT_WITHOUT), RECEIPT).to_json()["observed"]["report"]["number"] == 5
