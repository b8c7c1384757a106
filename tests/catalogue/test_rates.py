"""Periods of VAT rates: what one must be, and what stays once it has begun."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from crm_desktop.catalogue.rules.model import RatePeriod
from crm_desktop.catalogue.rules.rates import Stage, check_rate, percent_of, spelt, stage_of
from crm_desktop.core.i18n import tell

TODAY = date(2026, 11, 24)
BASIC = RatePeriod(UUID(int=1), "23", Decimal(23), date(2011, 1, 1), None, "stawka podstawowa", 1)
OLD = RatePeriod(UUID(int=2), "22", Decimal(22), date(1993, 7, 5), date(2010, 12, 31), "stawka podstawowa", 1)
PLANNED = RatePeriod(UUID(int=3), "24", Decimal(24), date(2027, 1, 1), date(2027, 12, 31), "stawka podstawowa", 1)
STORED = [BASIC, OLD, PLANNED]
NEW = RatePeriod(UUID(int=9), "25", Decimal(25), date(2028, 1, 1), None, "stawka podstawowa")


def found(period: RatePeriod) -> list[tuple[str, str]]:
    return [(problem.code, problem.field) for problem in check_rate(period, STORED, TODAY)]


def test_a_new_period_and_those_that_stand() -> None:
    assert found(NEW) == []
    assert [found(stored) for stored in STORED] == [[], [], []]


@pytest.mark.parametrize("code", ["23", "8", "5", "1", "99", "0 KR", "0 WDT", "0 EX", "zw", "oo", "np I", "np II"])
def test_codes_of_the_law(code: str) -> None:
    period = replace(NEW, code=code, percent=percent_of(code), valid_from=date(2000, 1, 1), valid_to=date(2000, 1, 1))
    assert found(period) == []


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"code": ""}, "code_missing", "code"),
        *(({"code": code}, "vat_rate_code_known", "code") for code in ("0", "100", "023", "7.5", "23 %", "0 XX", "np", "ZW", "٢٣", "23\n")),
        *(({"percent": percent}, "vat_rate_percent_fits", "percent") for percent in (None, Decimal(23), Decimal("25.001"), Decimal("NaN"))),
        ({"percent": Decimal(-25)}, "vat_rate_percent_fits", "percent"),
        ({"code": "0 WDT", "percent": None}, "vat_rate_percent_fits", "percent"),
        ({"code": "zw", "percent": Decimal(0)}, "rate_untaxed", "percent"),
        ({"valid_from": None}, "rate_from_missing", "valid_from"),
        ({"valid_to": date(2027, 12, 31)}, "vat_rate_dates_ordered", "valid_to"),
        ({"name": "a\tb"}, "text_control", "name"),
        ({"name": "x" * 257}, "text_too_long", "name"),
        ({"name": "💡"}, "text_emoji", "name"),
        ({"code": "oo", "percent": None, "name": " "}, "rate_name_missing", "name"),
    ],
)
def test_faults(change: dict[str, Any], code: str, field: str) -> None:
    assert found(replace(NEW, **change)) == [(code, field)]


def test_a_rate_without_tax_and_without_a_name_is_a_warning() -> None:
    """Art. 106e(1)(19): an invoice names the basis of an exemption; but whoever has none may go on."""
    (problem,) = check_rate(replace(NEW, code="oo", percent=None, name=""), STORED, TODAY)
    assert not problem.stops


@pytest.mark.parametrize(
    ("begin", "end", "field"),
    [
        (date(2026, 12, 31), date(2026, 12, 31), ""),
        (date(2028, 1, 1), None, ""),
        (date(2027, 12, 31), None, "valid_from"),
        (date(2027, 6, 1), date(2027, 6, 1), "valid_from"),
        (date(2026, 12, 1), date(2027, 1, 1), "valid_to"),
        (date(2026, 1, 1), None, "valid_to"),
    ],
)
def test_two_periods_of_one_rate_do_not_overlap(begin: date, end: date | None, field: str) -> None:
    problems = check_rate(replace(NEW, code="24", percent=Decimal(24), valid_from=begin, valid_to=end), STORED, TODAY)
    assert [problem.field for problem in problems] == ([field] if field else [])
    assert all(tell(problem) == "The rate “24” holds from 01.01.2027 to 31.12.2027 already." for problem in problems)


def test_a_rate_without_an_end_is_ended_first() -> None:
    (problem,) = check_rate(replace(NEW, code="23", percent=Decimal(23)), STORED, TODAY)
    assert tell(problem) == "The rate “23” holds from 01.01.2011 on. Give that period its last day first."


@pytest.mark.parametrize(
    ("change", "problems"),
    [
        ({"valid_to": TODAY}, []),
        ({"valid_to": date(2027, 12, 31)}, []),
        ({"valid_to": date(2026, 11, 23)}, [("vat_rate_end_past", "valid_to")]),
        ({"valid_to": date(2010, 1, 1)}, [("vat_rate_end_past", "valid_to")]),
        ({"valid_from": date(2026, 11, 25)}, [("vat_rate_begun", "valid_from")]),
        ({"name": "x"}, [("vat_rate_begun", "name")]),
        ({"code": "24", "percent": Decimal(24)}, [("vat_rate_begun", "code"), ("vat_rate_begun", "percent")]),
    ],
)
def test_what_has_begun_stays(change: dict[str, Any], problems: list[tuple[str, str]]) -> None:
    assert found(replace(BASIC, **change)) == problems


def test_a_period_that_begins_today_has_begun() -> None:
    today = replace(BASIC, code="7", percent=Decimal(7), valid_from=TODAY)
    assert check_rate(replace(today, name="x"), [today], TODAY)[0].code == "vat_rate_begun"


@pytest.mark.parametrize("change", [{"valid_to": None}, {"valid_to": TODAY}, {"name": "x"}])
def test_what_is_over_stays(change: dict[str, Any]) -> None:
    assert found(replace(OLD, **change)) == [("vat_rate_over", "")]


@pytest.mark.parametrize(
    "change",
    [{"valid_from": date(2027, 7, 1)}, {"valid_to": None}, {"name": "x"}, {"code": "25", "percent": Decimal(25)}, {"valid_from": TODAY}],
)
def test_a_period_to_come_may_be_changed(change: dict[str, Any]) -> None:
    assert found(replace(PLANNED, **change)) == []


@pytest.mark.parametrize(
    ("begin", "end", "stage"),
    [
        (date(2026, 11, 25), None, Stage.PLANNED),
        (TODAY, None, Stage.HOLDS),
        (TODAY, TODAY, Stage.HOLDS),
        (date(2011, 1, 1), date(2026, 11, 23), Stage.OVER),
    ],
)
def test_the_stage_of_a_period(begin: date, end: date | None, stage: Stage) -> None:
    assert stage_of(begin, end, TODAY) is stage


@pytest.mark.parametrize(("typed", "code"), [("zw", "zw"), ("ZW", "zw"), (" 0  kr ", "0 KR"), ("Np iI", "np II"), ("x", "x"), ("", "")])
def test_a_code_as_people_type_it(typed: str, code: str) -> None:
    assert spelt(typed) == code
