"""Numbers as people type and paste them (bad input of the first sale; ARC-09: decimal comma)."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_desktop.core.i18n import money
from crm_desktop.core.problem import Problem
from crm_desktop.core.quantity import parse_decimal


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", "12"),
        ("1,5", "1.5"),
        ("1.5", "1.5"),
        (",5", "0.5"),
        ("5,", "5"),
        (" 1 234,50 zł ", "1234.5"),
        ("1\u00a0234\u00a0567,89", "1234567.89"),
        ("1\u202f234,5", "1234.5"),
        ("1.234,56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("1.234.567", "1234567"),
        ("€ 12,30", "12.3"),
        ("12,30 PLN", "12.3"),
        ("-3", "-3"),
        ("\u22123,5", "-3.5"),
        ("+7", "7"),
        ("\ufeff7", "7"),
        ("007", "7"),
        ("1.2340", "1.234"),
        ("23 %", "23"),
    ],
)
def test_read(text: str, value: str) -> None:
    assert parse_decimal(text, 6) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "number_missing"),
        (" zł ", "number_missing"),
        ("abc", "number_wrong"),
        ("1,2,3", "number_wrong"),
        ("1 23", "number_wrong"),
        ("12 34", "number_wrong"),
        ("1.234.56", "number_wrong"),
        ("1.234.5", "number_wrong"),
        ("--1", "number_wrong"),
        ("NaN", "number_wrong"),
        ("Infinity", "number_wrong"),
        ("1e5", "number_wrong"),
        (",", "number_wrong"),
        ("٣", "number_wrong"),
        ("5901234123457 5901234123457", "number_wrong"),
        ("1,1234567", "number_places"),
        ("12345678901", "number_large"),
    ],
)
def test_refused(text: str, code: str) -> None:
    """Nothing is cut or guessed: 1,1234567 does not become 1,123457."""
    answer = parse_decimal(text, 6, "lines.0.quantity")
    assert isinstance(answer, Problem)
    assert (answer.code, answer.field) == (code, "lines.0.quantity")


def test_a_lone_mark_is_the_decimal_mark() -> None:
    assert parse_decimal("1.234", 3) == Decimal("1.234")
    answer = parse_decimal("1.234", 2)
    assert isinstance(answer, Problem)
    assert answer.code == "number_places"


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2))
def test_what_the_screen_shows_can_be_typed_again(amount: Decimal) -> None:
    assert parse_decimal(money(amount), 2) == amount


@given(st.text(max_size=30))
def test_any_text_gives_a_number_or_a_problem(text: str) -> None:
    answer = parse_decimal(text, 4)
    assert isinstance(answer, Problem) or answer.is_finite()
