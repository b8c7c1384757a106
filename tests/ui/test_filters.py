"""What is typed over a column (SAL-02): both languages, every form, and what cannot be read."""

from datetime import date
from decimal import Decimal

import pytest

from crm_desktop.core.problem import Problem
from crm_desktop.db.paging import Blank, Fragment, OneOf, Range
from crm_desktop.ui.filters import Entry, folded, parse, told

TODAY = date(2026, 11, 23)  # a Monday
STATES = (("draft", "szkic"), ("issued", "wystawiona"), ("overdue", "po terminie"), ("paid", "opłacona"))


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("", None),
        ("   ", None),
        ("volt", Fragment("volt")),
        ("  Dąb   i Świerk ", Fragment("Dąb i Świerk")),
        ("pusty", Blank()),
        ("Empty", Blank()),
        ("niepusty", Blank(False)),
        ("not empty", Blank(False)),
        ('"pusty"', Fragment("pusty")),
        ("„pusty”", Fragment("pusty")),
        ("100%", Fragment("100%")),
        ("=Volt Sp. z o.o.", OneOf(("Volt Sp. z o.o.",))),
        ("=", Fragment("=")),
        ("\ufeffvo\x00lt\u200b", Fragment("volt")),
    ],
)
def test_text(typed: str, wanted: object) -> None:
    """SAL-02: a fragment is taken as it is; emptiness has words of its own."""
    assert parse(Entry.TEXT, typed, TODAY) == wanted


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("500", Range(Decimal(500), Decimal(500))),
        ("100..500", Range(Decimal(100), Decimal(500))),
        ("100–500", Range(Decimal(100), Decimal(500))),
        ("100 - 500", Range(Decimal(100), Decimal(500))),
        ("-5..-1", Range(Decimal(-5), Decimal(-1))),
        ("−842,28", Range(Decimal("-842.28"), Decimal("-842.28"))),
        (">500", Range(low=Decimal(500), above=True)),
        (">= 500", Range(low=Decimal(500))),
        ("<5", Range(high=Decimal(5), below=True)),
        ("<=5", Range(high=Decimal(5))),
        ("≤ 5", Range(high=Decimal(5))),
        ("=12,5", Range(Decimal("12.5"), Decimal("12.5"))),
        ("od 100", Range(low=Decimal(100))),
        ("from 100", Range(low=Decimal(100))),
        ("do 1 234,56 zł", Range(high=Decimal("1234.56"))),
        ("od 100 do 500", Range(Decimal(100), Decimal(500))),
        ("100..", Range(low=Decimal(100))),
        ("..500", Range(high=Decimal(500))),
        ("1.234,56", Range(Decimal("1234.56"), Decimal("1234.56"))),
        ("1.5", Range(Decimal("1.5"), Decimal("1.5"))),
        ("pusty", Blank()),
    ],
)
def test_number(typed: str, wanted: object) -> None:
    """SAL-02: numbers with comma, point, spaces, currency; ranges and comparisons."""
    assert parse(Entry.MONEY, typed, TODAY) == wanted


def day(number: int, month: int = 11, year: int = 2026) -> date:
    return date(year, month, number)


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("17.11", Range(day(17), day(17))),
        ("17.11.2026", Range(day(17), day(17))),
        ("17.11.25", Range(day(17, 11, 2025), day(17, 11, 2025))),
        ("2026-11-17", Range(day(17), day(17))),
        ("od 17.11", Range(low=day(17))),
        ("from 17.11", Range(low=day(17))),
        ("do 30.11", Range(high=day(30))),
        ("17.11..20.11", Range(day(17), day(20))),
        ("od 01.10", Range(low=date(2026, 10, 1))),
        ("1–31.10", Range(date(2026, 10, 1), date(2026, 10, 31))),
        ("1-31.10", Range(date(2026, 10, 1), date(2026, 10, 31))),
        ("1. - 15.10.2025", Range(date(2025, 10, 1), date(2025, 10, 15))),
        ("od 15.09 do 10.10.2025", Range(date(2025, 9, 15), date(2025, 10, 10))),
        ("3..5", Range(day(3), day(5))),
        ("17.11–20.11", Range(day(17), day(20))),
        ("od 17.11 do 20.11", Range(day(17), day(20))),
        (">17.11", Range(low=day(17), above=True)),
        ("<17.11", Range(high=day(17), below=True)),
        ("dziś", Range(TODAY, TODAY)),
        ("dzis", Range(TODAY, TODAY)),
        ("today", Range(TODAY, TODAY)),
        ("wczoraj", Range(day(22), day(22))),
        ("-7..", Range(low=day(16))),
        ("-7..dziś", Range(day(16), TODAY)),
        ("bm", Range(day(1), day(30))),
        ("this month", Range(day(1), day(30))),
        ("bt", Range(day(23), day(29))),
        ("pm", Range(day(1, 10), day(31, 10))),
        ("do pm", Range(high=day(31, 10))),
        (">pm", Range(low=day(31, 10), above=True)),
        ("br", Range(day(1, 1), day(31, 12))),
        ("11.2026", Range(day(1), day(30))),
        ("2.2024", Range(day(1, 2, 2024), day(29, 2, 2024))),
        ("2024-02", Range(day(1, 2, 2024), day(29, 2, 2024))),
        ("2025", Range(day(1, 1, 2025), day(31, 12, 2025))),
        ("17", Range(day(17), day(17))),
        ("1711", Range(day(17), day(17))),
        ("171125", Range(day(17, 11, 2025), day(17, 11, 2025))),
        ("empty", Blank()),
    ],
)
def test_date(typed: str, wanted: object) -> None:
    """SAL-02: days, ranges, periods, in Polish and in English."""
    assert parse(Entry.DATE, typed, TODAY) == wanted


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("po terminie", OneOf(("overdue",))),
        ("PO", OneOf(("overdue",))),
        ("opłacona", OneOf(("paid",))),
        ("oplac", OneOf(("paid",))),
        ("szkic, wyst", OneOf(("draft", "issued"))),
    ],
)
def test_choice(typed: str, wanted: object) -> None:
    """SAL-02: the beginning of a choice is enough, accents are not needed."""
    assert parse(Entry.CHOICE, typed, TODAY, STATES) == wanted


def test_flag() -> None:
    """SAL-02: yes and no in both languages."""
    assert parse(Entry.FLAG, "tak", TODAY) == parse(Entry.FLAG, "Yes", TODAY) == OneOf((True,))
    assert parse(Entry.FLAG, "nie", TODAY) == OneOf((False,))


@pytest.mark.parametrize(
    ("entry", "typed"),
    [
        (Entry.NUMBER, "abc"),
        (Entry.NUMBER, "1..x"),
        (Entry.NUMBER, ">"),
        (Entry.NUMBER, ".."),
        (Entry.NUMBER, "nan"),
        (Entry.NUMBER, "1e9"),
        (Entry.NUMBER, "1,2,3"),
        (Entry.NUMBER, "9" * 40),
        (Entry.NUMBER, "500..100"),
        (Entry.DATE, "31.02"),
        (Entry.DATE, "od"),
        (Entry.DATE, "45"),
        (Entry.DATE, "20.11..17.11"),
        (Entry.DATE, "kiedyś"),
        (Entry.DATE, "2026-13-01"),
        (Entry.CHOICE, "xyz"),
        (Entry.CHOICE, ","),
        (Entry.FLAG, "może"),
    ],
)
def test_unreadable(entry: Entry, typed: str) -> None:
    """SAL-02: a text that means nothing gives a problem with a right example, never an exception or a guess."""
    found = parse(entry, typed, TODAY, STATES)
    assert isinstance(found, Problem) and found.code == "filter_unreadable"


def test_dates_at_the_edges_of_the_calendar() -> None:
    """A relative day beyond the calendar is a problem too."""
    assert isinstance(parse(Entry.DATE, "+9999", date(9999, 1, 1)), Problem)


def test_told_in_words() -> None:
    """The empty list repeats its filter."""
    assert told(Range(low=day(17)), Entry.DATE) == "from 17.11.2026"
    assert told(Range(Decimal(100), Decimal(500)), Entry.MONEY) == "100,00–500,00"
    assert told(Range(high=Decimal(5), below=True), Entry.NUMBER) == "under 5"
    assert told(OneOf(("overdue",)), Entry.CHOICE, STATES) == "“po terminie”"
    assert told(OneOf((True,)), Entry.FLAG) == "“yes”"
    assert told(Blank(), Entry.TEXT) == "empty"
    assert folded("ŻÓŁĆ") == "zolc"
