"""Number series (ARC-05, SAL-20, semantics L)."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_desktop.core.i18n import tell
from crm_desktop.organisation.rules.model import NumberSeries
from crm_desktop.organisation.rules.numbering import check_series, number_text, period_of, preview

DAY = date(2026, 5, 30)
SERIES = NumberSeries(UUID(int=1), "FS", UUID(int=9), "FS/{branch}/{number}/{month}/{year}", "month")


def codes(series: NumberSeries, *others: tuple[NumberSeries, str], branch: str = "WAW") -> list[str]:
    return [problem.code for problem in check_series(series, branch, others)]


def other(pattern: str, restart: str = "year") -> NumberSeries:
    return NumberSeries(UUID(int=2), "FX", UUID(int=9), pattern, restart)


@pytest.mark.parametrize(
    ("pattern", "number", "text"),
    [
        ("FS/{branch}/{number}/{month}/{year}", 41, "FS/WAW/41/05/2026"),
        ("{number}-FV-{year}", 123456, "123456-FV-2026"),
        ("PA {branch} {year}.{month}.{number}", 1, "PA WAW 2026.05.1"),
    ],
)
def test_printed_number(pattern: str, number: int, text: str) -> None:
    assert number_text(pattern, number, DAY, "WAW") == text


@pytest.mark.parametrize(("restart", "period"), [("none", ""), ("year", "2026"), ("month", "2026-05")])
def test_period_is_that_of_the_issue_date(restart: str, period: str) -> None:
    """L.3, L-3: a sale of 30 May issued on 1 June is number 1 of June."""
    assert period_of(DAY, restart) == period
    assert period_of(date(2026, 6, 1), "month") == "2026-06"


def test_preview() -> None:
    assert preview(SERIES, DAY, "WAW") == "FS/WAW/1/05/2026"
    assert preview(replace(SERIES, pattern="FS/{number}"), DAY, "WAW") == ""


def test_a_right_series() -> None:
    assert codes(SERIES) == []
    assert codes(replace(SERIES, restart="year", pattern="FS/{number}/{year}")) == []
    assert codes(replace(SERIES, restart="none", pattern="{year}/FS/{number}")) == []


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("FS/{number}/{year}", ["pattern_month"]),
        ("FS/{number}/{month}", ["pattern_year"]),
        ("FS/{year}/{month}", ["pattern_number"]),
        ("FS/{number}/{number}/{month}/{year}", ["pattern_number"]),
        ("FS/{number}/{month}/{year}/{who}", ["pattern_place"]),
        ("FS/{number}/{month}/{year}/{", ["pattern_brace"]),
        ("FS{number}{month}{year}", ["pattern_glued"]),
        ("FS2{number}/{month}/{year}", ["pattern_glued"]),
        ("{number}/{month}/{year}", ["pattern_mark"]),
        ("FS😀/{number}/{month}/{year}", ["text_emoji"]),
        ("F" * 40 + "/{number}/{month}/{year}", ["text_too_long"]),
        ("", ["pattern_number", "pattern_year", "pattern_month", "pattern_mark"]),
    ],
)
def test_faults_of_a_pattern(pattern: str, expected: list[str]) -> None:
    """L.3: the year, the month where it restarts, the mark of the series."""
    assert codes(replace(SERIES, pattern=pattern)) == expected


def test_a_sentence_names_the_place() -> None:
    (problem,) = check_series(replace(SERIES, pattern="FS/{number}/{month}"), "WAW")
    assert "{year}" in tell(problem)


def test_code_and_restart() -> None:
    assert codes(replace(SERIES, code="")) == ["code_missing"]
    assert codes(replace(SERIES, restart="week")) == ["restart_unknown"]


@pytest.mark.parametrize(
    ("mine", "theirs", "clash"),
    [
        ("FS/{number}/{year}", "FS/{number}/{year}", True),
        ("FS/{number}/{year}", "FK/{number}/{year}", False),
        ("FS/{branch}/{number}/{year}", "FS/WAW/{number}/{year}", True),
        ("FS/{branch}/{number}/{year}", "FS/KRK/{number}/{year}", False),
        # {number} may print what the other one prints as a year.
        ("FS/{number}/{year}", "FS/{year}/{number}", True),
        ("FS-{number}/{year}", "FS/{number}/{year}", False),
        ("FS/{number}/{month}/{year}", "FS/{number}/{year}", False),
        ("A{number}/{year}", "A1/{number}/{year}", False),
        ("A/{number}/{year}", "A/1/{year}/x{number}", False),
        ("A/{number}/{year}/B", "A/{number}/{year}", False),
        ("{number}/{year}/A", "{year}/{number}/A", True),
        ("A/{number}-{year}", "A/{year}-{number}", True),
        ("A/{month}/{number}/{year}", "A/{number}/{month}/{year}", True),
    ],
)
def test_two_series_that_could_give_one_text(mine: str, theirs: str, clash: bool) -> None:
    """L, edge cases: refused when saved."""
    series = replace(SERIES, pattern=mine, restart="year")
    assert codes(series, (other(theirs), "WAW")) == (["series_clash"] if clash else [])
    assert codes(other(theirs), (series, "WAW")) == (["series_clash"] if clash else [])


def test_the_same_pattern_in_two_branches_differs_by_the_branch() -> None:
    assert codes(SERIES, (other(SERIES.pattern, "month"), "KRK")) == []
    assert codes(SERIES, (other(SERIES.pattern, "month"), "WAW")) == ["series_clash"]
    assert codes(SERIES, (SERIES, "WAW")) == []


PATTERNS = st.permutations(["{number}", "{year}", "{month}", "A"]).flatmap(
    lambda parts: st.sampled_from(["/", "-", "B"]).map(lambda mark: mark.join(parts))
)


@given(PATTERNS, PATTERNS, st.integers(1, 9999), st.integers(1, 9999), st.dates(), st.dates())
def test_numbers_that_meet_were_refused_as_series(mine: str, theirs: str, one: int, two: int, day: date, another: date) -> None:
    if number_text(mine, one, day, "") == number_text(theirs, two, another, ""):
        assert codes(replace(SERIES, pattern=mine, restart="none"), (other(theirs, "none"), "")) == ["series_clash"]


@given(PATTERNS, st.integers(1, 10**6), st.integers(1, 10**6), st.dates(), st.dates())
def test_one_series_gives_each_number_once(pattern: str, one: int, two: int, day: date, another: date) -> None:
    """The text alone tells the number, the year and the month, so no two documents get one."""
    same_period = (one, day.year, day.month) == (two, another.year, another.month)
    assert (number_text(pattern, one, day, "") == number_text(pattern, two, another, "")) is same_period
