"""The canonical text and hash (SAL-03, SAL-20: what was seen is what is frozen)."""

import hashlib
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_desktop.documents.rules.content import FIELD, RECORD, content_hash, content_text
from crm_desktop.documents.rules.model import Buyer, Draft, Kind, Line, Method, PaymentForm, Totals
from crm_desktop.documents.rules.totals import totals
from tests.support.drafts import BUYER, INVOICE, PERCENTS, draft, line


def text_of(document: Draft) -> str:
    return content_text(document, totals(document, PERCENTS))


def test_the_form_is_fixed_to_the_letter() -> None:
    """PostgreSQL builds this text from its rows; a change here is a change there."""
    document = draft(
        line(1, quantity="1.5", price="3.1745", discount="5", negotiated=True),
        line(2, vat="zw", item_id=None, service=True),
        notes="Uwaga\nz łamaniem",
    )
    assert text_of(document).replace(FIELD, "|").split(RECORD) == [
        "D|00000000-0000-0000-0000-000000000009|00000000-0000-0000-0000-000000000001|00000000-0000-0000-0000-000000000003"
        "|2026-11-24|2026-11-24|2026-12-08|PLN|transfer|net"
        "|00000000-0000-0000-0000-000000000028|Hurtownia Źródło Sp. z o.o.|5260250274||ul. Długa 7/2|00-950|Warszawa|PL|true"
        "|Uwaga\nz łamaniem|14.52|1.04|15.56",
        "R|23|4.52|1.04|5.56",
        "R|zw|10.00|0.00|10.00",
        "L|00000000-0000-0000-0000-000000000065|00000000-0000-0000-0000-000000001389|T001|Towar 1"
        "|1.500000|szt.|3.174500|23|5.00|true|false|4.52|0.24|4.52|1.04|5.56",
        "L|00000000-0000-0000-0000-000000000066||T002|Towar 2|1.000000|szt.|10.000000|zw|0.00|false|true|10.00|0.00|10.00|0.00|10.00",
    ]
    assert content_hash(document, totals(document, PERCENTS)) == hashlib.sha256(text_of(document).encode()).digest()


def test_an_unnamed_buyer_and_no_lines() -> None:
    head = text_of(draft(buyer=Buyer(business=False))).split(FIELD)
    assert head[10:19] == ["", "", "", "", "", "", "", "PL", "false"]
    assert head[-3:] == ["0.00", "0.00", "0.00"]


def test_spelling_of_a_number_is_no_content() -> None:
    one = draft(line(quantity="1", price="10", discount="0"))
    other = draft(line(quantity="1.000", price="1E+1", discount="-0.0"))
    assert text_of(one) == text_of(other)


def test_the_version_is_no_content() -> None:
    assert text_of(draft(line())) == text_of(draft(line(), version=7))


@pytest.mark.parametrize("line_with_too_many_places", [line(quantity="0.0000001"), line(price="0.0000001"), line(discount="0.001")])
def test_nothing_is_rounded_away(line_with_too_many_places: Line) -> None:
    with pytest.raises(ValueError, match="places"):
        text_of(draft(line_with_too_many_places))


def changed(value: object) -> Any:
    """Some other value of the same type."""
    change: dict[type, Callable[[object], object]] = {
        bool: lambda old: not old,
        str: lambda old: f"{old}x",
        Decimal: lambda old: Decimal(str(old)) + 1,
        date: lambda old: date(2026, 1, 2) if old != date(2026, 1, 2) else date(2026, 1, 3),
        UUID: lambda old: UUID(int=12345),
        PaymentForm: lambda old: PaymentForm.CARD,
        Kind: lambda old: replace(INVOICE, id=UUID(int=66)),
        Buyer: lambda old: replace(BUYER, name="x"),
        tuple: lambda old: (),
    }
    return change[type(value)](value)


DRAFT_FIELDS = [field.name for field in fields(Draft) if field.name not in ("version", "lines")]
LINE_FIELDS = [field.name for field in fields(Line)]
BUYER_FIELDS = [field.name for field in fields(Buyer)]


@pytest.mark.parametrize("name", DRAFT_FIELDS)
def test_every_field_of_the_header_counts(name: str) -> None:
    before = draft(line())
    after = replace(before, **{name: changed(getattr(before, name))})
    assert text_of(before) != text_of(after)


@pytest.mark.parametrize("name", BUYER_FIELDS)
def test_every_field_of_the_buyer_counts(name: str) -> None:
    other = replace(BUYER, **{name: changed(getattr(BUYER, name))})
    assert text_of(draft(line())) != text_of(draft(line(), buyer=other))


@pytest.mark.parametrize("name", LINE_FIELDS)
def test_every_field_of_a_line_counts(name: str) -> None:
    other = replace(line(), **{name: changed(getattr(line(), name))})
    assert text_of(draft(line())) != text_of(draft(other))


def test_method_and_every_sum_count() -> None:
    document = draft(line())
    gross = replace(document, kind=replace(INVOICE, method=Method.GROSS))
    sums = totals(document, PERCENTS)
    assert content_text(document, sums) != content_text(gross, sums)
    more = Decimal("0.01")
    others: list[Totals] = [
        *(replace(sums, **{name: getattr(sums, name) + more}) for name in ("net", "tax", "gross")),
        *(
            replace(sums, rates=(replace(sums.rates[0], **{name: getattr(sums.rates[0], name) + more}),))
            for name in ("net", "tax", "gross")
        ),
        *(
            replace(sums, lines=(replace(sums.lines[0], **{name: getattr(sums.lines[0], name) + more}),))
            for name in ("value", "discount", "net", "tax", "gross")
        ),
    ]
    texts = {content_text(document, other) for other in others} | {content_text(document, sums)}
    assert len(texts) == len(others) + 1


@given(st.permutations([1, 2, 3, 4]))
def test_the_order_of_lines_counts(order: list[int]) -> None:
    same = order == [1, 2, 3, 4]
    assert (text_of(draft(*map(line, order))) == text_of(draft(*map(line, (1, 2, 3, 4))))) is same
