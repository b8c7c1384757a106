"""Sums of a document (SAL-04, SAL-10; semantics D.1 to D.4, M.5; ARC-08)."""

import time
from dataclasses import replace
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_desktop.core.rounding import r2
from crm_desktop.documents.rules.model import Draft, Kind, Method, Totals
from crm_desktop.documents.rules.totals import line_value, totals
from tests.support.drafts import INVOICE, PERCENTS, RECEIPT, draft, line

LINES = st.builds(
    line,
    st.integers(1, 9),
    quantity=st.decimals(min_value="0.000001", max_value=10**6, places=6),
    price=st.decimals(min_value=0, max_value=10**6, places=2),
    discount=st.one_of(st.just(Decimal(0)), st.decimals(min_value=0, max_value=100, places=2)),
    vat=st.sampled_from(sorted(PERCENTS)),
)
DRAFTS = st.builds(lambda lines, kind: draft(*lines, kind=kind), st.lists(LINES, max_size=25), st.sampled_from([INVOICE, RECEIPT]))


def shown(result: Totals) -> tuple[str, str, str]:
    return str(result.net), str(result.tax), str(result.gross)


@pytest.mark.parametrize(
    ("kind", "lines", "expected"),
    [
        (INVOICE, [("1", "1.07", "8")] * 3, ("3.21", "0.26", "3.47")),  # D-1
        (RECEIPT, [("1", "4.99", "23")] * 3, ("12.17", "2.80", "14.97")),  # D-2
        (
            INVOICE,
            [("1", "149.97", "23"), ("1", "83.20", "8"), ("1", "60.00", "zw")],
            ("293.17", "41.15", "334.32"),
        ),  # D-3
        (INVOICE, [("1", "0.33", "23")] * 4, ("1.32", "0.30", "1.62")),
        (RECEIPT, [("1.235", "3.49", "23")], ("3.50", "0.81", "4.31")),  # M-7
        (RECEIPT, [("0.755", "12.90", "8")], ("9.02", "0.72", "9.74")),  # M-8
        (INVOICE, [("24", "3.1745", "23")], ("76.19", "17.52", "93.71")),
        (INVOICE, [("24", "2.15", "23")], ("51.60", "11.87", "63.47")),  # D-6
        (INVOICE, [("1", "0.00", "23")], ("0.00", "0.00", "0.00")),
        (INVOICE, [], ("0.00", "0.00", "0.00")),
    ],
)
def test_examples(kind: Kind, lines: Any, expected: Any) -> None:
    made = [line(n, quantity=q, price=p, vat=v) for n, (q, p, v) in enumerate(lines, 1)]
    assert shown(totals(draft(*made, kind=kind), PERCENTS)) == expected


def test_rates_stand_from_the_highest_to_the_untaxed_each_once() -> None:
    """The order of the totals table: 23, 8, 5, 0, then what bears no tax."""
    made = (line(n, vat=vat) for n, vat in enumerate(("zw", "8", "0 KR", "23", "8"), 1))
    assert [(rate.vat, str(rate.net), str(rate.tax)) for rate in totals(draft(*made), PERCENTS).rates] == [
        ("23", "10.00", "2.30"),
        ("8", "20.00", "1.60"),
        ("0 KR", "10.00", "0.00"),
        ("zw", "10.00", "0.00"),
    ]


def test_line_columns_add_up_where_line_taxes_would_not() -> None:
    """D-1: three lines of 1.07 at 8 % share 0.26, not 3 × 0.09."""
    result = totals(draft(*(line(n, price="1.07", vat="8") for n in (1, 2, 3))), PERCENTS)
    assert [str(amounts.tax) for amounts in result.lines] == ["0.09", "0.09", "0.08"]
    assert [str(amounts.gross) for amounts in result.lines] == ["1.16", "1.16", "1.15"]


def test_gross_lines_give_their_net() -> None:
    """D-2."""
    result = totals(draft(*(line(n, price="4.99") for n in (1, 2, 3)), kind=RECEIPT), PERCENTS)
    assert [(str(a.net), str(a.tax), str(a.gross)) for a in result.lines] == [
        ("4.05", "0.94", "4.99"),
        ("4.06", "0.93", "4.99"),
        ("4.06", "0.93", "4.99"),
    ]


def test_discount_is_an_amount_of_the_rounded_value() -> None:
    """FIS-04: the printer gets the discount as the amount that stands here."""
    result = totals(draft(line(quantity="3", price="3.33", discount="7.5")), PERCENTS)
    assert (str(result.lines[0].discount), str(result.lines[0].value)) == ("0.75", "9.24")
    assert str(line_value(line(quantity="3", price="3.33", discount="7.5"))) == "9.24"
    free = totals(draft(line(discount="100")), PERCENTS)
    assert shown(free) == ("0.00", "0.00", "0.00")


def test_an_unknown_rate_counts_as_untaxed_until_it_is_mended() -> None:
    assert shown(totals(draft(line(vat="24")), PERCENTS)) == ("10.00", "0.00", "10.00")


def test_what_is_being_typed_never_stops_the_sums() -> None:
    """Negative, huge and cancelling lines are refused by validity, but are shown meanwhile."""
    huge = line(1, quantity="9999999999.999999", price="999999999999.9999")
    odd = [line(2, quantity="-3"), line(3, quantity="3"), line(4, price="-7.77", vat="8")]
    result = totals(draft(huge, *odd), PERCENTS)
    assert result.net + result.tax == result.gross
    assert str(result.lines[0].value) == "9999999999999998000000.00"


@given(DRAFTS)
def test_everything_adds_up(document: Draft) -> None:
    result = totals(document, PERCENTS)
    assert result.net + result.tax == result.gross
    for name in ("net", "tax", "gross"):
        assert sum(getattr(rate, name) for rate in result.rates) == getattr(result, name)
        assert sum(getattr(amounts, name) for amounts in result.lines) == getattr(result, name)
        for rate in result.rates:
            of_rate = [a for a, sold in zip(result.lines, document.lines, strict=True) if sold.vat == rate.vat]
            assert sum(getattr(amounts, name) for amounts in of_rate) == getattr(rate, name)
    basis = "net" if document.kind.method is Method.NET else "gross"
    for amounts, sold in zip(result.lines, document.lines, strict=True):
        assert getattr(amounts, basis) == amounts.value
        assert amounts.value + amounts.discount == r2(sold.quantity * sold.price)
        assert all(value.as_tuple().exponent == -2 for value in (amounts.net, amounts.tax, amounts.gross))


@given(DRAFTS, st.randoms(use_true_random=False))
def test_the_order_of_lines_changes_no_line_and_no_sum(document: Draft, chance: Random) -> None:
    """Semantics 0.5; lines with the same code and price are interchangeable."""
    order = list(range(len(document.lines)))
    chance.shuffle(order)
    mixed = replace(document, lines=tuple(document.lines[place] for place in order))
    before, after = totals(document, PERCENTS), totals(mixed, PERCENTS)
    assert shown(before) == shown(after)

    def by_business_key(drawn: Draft, result: Totals) -> list[Any]:
        rows = zip(drawn.lines, result.lines, strict=True)
        return sorted((s.code, s.vat, s.price, a.value, a.net, a.tax, a.gross) for s, a in rows)

    assert by_business_key(document, before) == by_business_key(mixed, after)


def test_two_hundred_lines_cost_less_than_a_frame() -> None:
    """line_entry: the sums run at each key-stroke. The bound is ten times the measured cost, so that it only fails when
    the way of computing changes."""
    long = draft(*(line(n, vat="23" if n % 3 else "8", discount="5" if n % 4 else "0") for n in range(200)))
    best = min(_seconds(long) for _ in range(20))
    assert best < 0.01


def _seconds(document: Draft) -> float:
    start = time.perf_counter()
    totals(document, PERCENTS)
    return time.perf_counter() - start
