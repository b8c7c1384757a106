"""What a person types over a column, as a condition. Pure: text and today in, condition or problem out.

Polish and English words are both understood, whatever the language of the screen:
    text      a fragment; "quoted" means it literally; =Volt is the whole text; pusty, niepusty / empty, not empty
    number    500   100..500   >500   <=5   od 100   do 500   od 100 do 500
    date      17.11   od 17.11   do 30.11   17.11..20.11   1-31.10   11.2026   2026   dziś   wczoraj   -7   bt bm br   pt pm pr
    choice    the beginning of a choice, several with commas
    flag      tak, nie / yes, no
"""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from crm_desktop.core import i18n
from crm_desktop.core.i18n import N_, NBSP, _
from crm_desktop.core.problem import Problem
from crm_desktop.db.paging import Blank, Condition, Fragment, OneOf, Range

#: A day as both its ends; a month or a year has two different ones.
Span = tuple[date, date]


class Entry(StrEnum):
    """What kind of text a filter field takes."""

    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    CHOICE = "choice"
    FLAG = "flag"


_BLANK = {"pusty", "pusta", "puste", "brak", "empty", "none"}
_FILLED = {"niepusty", "niepusta", "niepuste", "nie pusty", "not empty", "jest", "any"}
_YES, _NO = {"tak", "t", "yes", "y", "1"}, {"nie", "n", "no", "0"}
_FROM, _TO = ("od", "from", "since"), ("do", "to", "until", "till")
_BETWEEN = re.compile(r"^(?P<low>.*?)\s*(?:\.\.+|…|–|—|\s-\s)\s*(?P<high>.*)$")
_FROM_TO = re.compile(rf"^(?:{'|'.join(_FROM)})\s+(?P<low>.+?)\s+(?:{'|'.join(_TO)})\s+(?P<high>.+)$")
_SIGNED = re.compile(r"^(?P<sign>>=|<=|≥|≤|>|<|=)\s*(?P<rest>.+)$")
_WORDED = re.compile(rf"^(?P<word>{'|'.join(_FROM + _TO)})\s+(?P<rest>.+)$")
_LOCAL = re.compile(r"(\d{1,2})[./](\d{1,2})(?:[./](\d{2}|\d{4}))?\.?")
#: A hyphen between days is a range, as people type it: 1-31.10; 2026-10-31 is one day.
_DAYS = re.compile(r"^(\d{1,2}(?:\.\d{1,2}(?:\.\d{2}|\.\d{4})?)?\.?)-(\d{1,2}\.\d{1,2}(?:\.\d{2}|\.\d{4})?\.?)$")
_NUMBER = re.compile(r"^[+-]?\d{1,18}(?:\.\d{1,9})?$")

_NOT_NUMBER = N_("Write a number, a range or a comparison: 100..500, >500, <=5.")
_NOT_DATE = N_("Write a day, a range or a period: from 17.11, 17.11..20.11, today, this month.")
_NOT_CHOICE = N_("None of the choices begins like this. There are: {choices}.")
_NOT_FLAG = N_("Write yes or no.")
_BACKWARDS = N_("The range ends before it begins.")


class _Unreadable(Exception):
    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message)
        self.message, self.values = message, values


def parse(entry: Entry, typed: str, today: date, choices: Sequence[tuple[object, str]] = ()) -> Condition | Problem | None:
    """The condition that `typed` means, None for no filter, a Problem (code "filter_unreadable") where it cannot be read.

    `choices`: stored value and the word on the screen, for choice columns. `today` is the database's day.
    """
    text = cleaned(typed)
    if not text:
        return None
    plain = folded(text)
    if plain in _BLANK:
        return Blank()
    if plain in _FILLED:
        return Blank(False)
    try:
        match entry:
            case Entry.TEXT:
                if text[0] == "=" and text[1:].strip():
                    return OneOf((text[1:].strip(),))
                inner = text[1:-1].strip() if len(text) > 2 and text[0] in '"„”' and text[-1] in '"”' else text
                return Fragment(inner)
            case Entry.CHOICE:
                return _choice(text, choices)
            case Entry.FLAG:
                return _flag(plain)
            case Entry.DATE:
                return _date_range(plain, today)
            case Entry.NUMBER | Entry.MONEY:
                return _number_range(plain)
    except _Unreadable as wrong:
        return Problem("filter_unreadable", "", wrong.message, wrong.values)


def cleaned(typed: str) -> str:
    """The text without control and invisible characters (a pasted zero byte cannot be asked for), spaces made single.

    >>> cleaned(" a\\x00b \\t c ")
    'ab c'
    """
    spaced = "".join(" " if sign.isspace() else sign for sign in unicodedata.normalize("NFC", typed))
    return " ".join("".join(sign for sign in spaced if sign.isprintable()).split())


def folded(text: str) -> str:
    """Small letters without accents, for comparing words: "Dziś" is "dzis".

    >>> folded("Źródło")
    'zrodlo'
    """
    parts = unicodedata.normalize("NFKD", text.casefold().replace("ł", "l"))
    return "".join(sign for sign in parts if not unicodedata.combining(sign))


def told(condition: Condition, entry: Entry, choices: Sequence[tuple[object, str]] = ()) -> str:
    """The condition in words, for the sentence "searched: …": „po terminie”, od 17.11.2026, 100,00–500,00."""
    match condition:
        case Fragment(text):
            return _("“{text}”").format(text=text)
        case OneOf(values):
            words = [word for value, word in choices if value in values] or [_whole(value) for value in values]
            return ", ".join(_("“{text}”").format(text=word) for word in words)
        case Blank(blank):
            return _("empty") if blank else _("not empty")
        case Range():
            return _told_range(condition, entry)


def _whole(value: object) -> str:
    return value if isinstance(value, str) else _("yes") if value else _("no")


def _told_range(wanted: Range, entry: Entry) -> str:
    def shown(value: Decimal | date) -> str:
        if isinstance(value, Decimal):
            return i18n.money(value) if entry is Entry.MONEY else i18n.decimal(value)
        return i18n.day(value)

    low, high = wanted.low, wanted.high
    if low is not None and high is not None:
        return shown(low) if low == high else f"{shown(low)}–{shown(high)}"
    if low is not None:
        return _("over {value}").format(value=shown(low)) if wanted.above else _("from {value}").format(value=shown(low))
    assert high is not None
    return _("under {value}").format(value=shown(high)) if wanted.below else _("to {value}").format(value=shown(high))


def _choice(text: str, choices: Sequence[tuple[object, str]]) -> OneOf:
    found: list[object] = []
    for part in text.split(","):
        begin = folded(part.strip())
        exact = [value for value, word in choices if folded(word.replace(NBSP, " ")) == begin]
        hits = exact or [value for value, word in choices if folded(word.replace(NBSP, " ")).startswith(begin)]
        if not begin or not hits:
            raise _Unreadable(_NOT_CHOICE, choices=", ".join(word for _value, word in choices))
        found += [value for value in hits if value not in found]
    return OneOf(tuple(found))


def _flag(plain: str) -> OneOf:
    if plain in _YES or plain in _NO:
        return OneOf((plain in _YES,))
    raise _Unreadable(_NOT_FLAG)


# ---- numbers -----------------------------------------------------------------------------------------------------------
def _number_range(plain: str) -> Range:
    low, high, sign = _ends(plain)
    if sign:
        return _signed(sign, _number(low), _number(low))
    wanted = Range(_number(low) if low else None, _number(high) if high else None)
    if wanted.low is not None and wanted.high is not None and wanted.low > wanted.high:  # type: ignore[operator]
        raise _Unreadable(_BACKWARDS)
    return wanted


def _number(text: str) -> Decimal:
    plain = re.sub(r"zl|pln|%|\s", "", text.replace("\u2212", "-"))
    if "," in plain:  # a comma is the decimal sign; points before it part thousands
        plain = plain.replace(".", "").replace(",", ".", 1)
    if not _NUMBER.match(plain):
        raise _Unreadable(_NOT_NUMBER)
    return Decimal(plain)


# ---- dates -------------------------------------------------------------------------------------------------------------
def _date_range(plain: str, today: date) -> Range:
    low, high, sign = _ends(_DAYS.sub(r"\1..\2", plain))
    if low != high:
        low = _as_in(low, high)
    if sign:
        first, last = _span(low, today)
        return _signed(sign, first, last)
    wanted = Range(_span(low, today)[0] if low else None, _span(high, today)[1] if high else None)
    if wanted.low is not None and wanted.high is not None and wanted.low > wanted.high:  # type: ignore[operator]
        raise _Unreadable(_BACKWARDS)
    return wanted


def _as_in(low: str, high: str) -> str:
    """The beginning in the month and the year of the end, where it does not say its own: 1–31.10, 15.09–31.10.2025."""
    ends = _LOCAL.fullmatch(high.strip())
    begins = re.fullmatch(r"(\d{1,2})(?:[./](\d{1,2}))?\.?", low.strip())
    if ends is None or begins is None:
        return low
    year = f".{ends[3]}" if ends[3] else ""
    return f"{begins[1]}.{begins[2] or ends[2]}{year}"


def _span(text: str, today: date) -> Span:
    """The first and the last day of what is named."""
    named = _named(text.strip(), today)
    if named:
        return named
    try:
        if relative := re.fullmatch(r"([+-])(\d{1,4})", text.replace("\u2212", "-")):
            day = today + timedelta(days=int(relative[1] + relative[2]))
            return day, day
        if iso := re.fullmatch(r"(\d{4})-(\d{1,2})(?:-(\d{1,2}))?", text):
            year, month = int(iso[1]), int(iso[2])
            return _month(year, month) if iso[3] is None else _day(year, month, int(iso[3]))
        if local := _LOCAL.fullmatch(text):
            return _day(_year(local[3], today), int(local[2]), int(local[1]))
        if month_of := re.fullmatch(r"(\d{1,2})[./](\d{4})", text):
            return _month(int(month_of[2]), int(month_of[1]))
        if bare := re.fullmatch(r"(\d{1,2})(?:(\d{2})(\d{2}|\d{4})?)?", text):
            if len(text) == 4 and text[:2] in ("19", "20"):
                return date(int(text), 1, 1), date(int(text), 12, 31)
            return _day(_year(bare[3], today), int(bare[2] or today.month), int(bare[1]))
    except (ValueError, OverflowError) as error:  # there is no such day in the calendar
        raise _Unreadable(_NOT_DATE) from error
    raise _Unreadable(_NOT_DATE)


def _named(text: str, today: date) -> Span | None:
    monday = today - timedelta(days=today.weekday())
    first = today.replace(day=1)
    before = first - timedelta(days=1)
    names: dict[str, Span] = {}
    for words, span in (
        (("dzis", "dzisiaj", "d", "today"), (today, today)),
        (("wczoraj", "yesterday"), (today - timedelta(days=1),) * 2),
        (("jutro", "tomorrow"), (today + timedelta(days=1),) * 2),
        (("bt", "ten tydzien", "biezacy tydzien", "this week"), (monday, monday + timedelta(days=6))),
        (
            ("pt", "poprzedni tydzien", "zeszly tydzien", "last week"),
            (monday - timedelta(days=7), monday - timedelta(days=1)),
        ),
        (("bm", "ten miesiac", "biezacy miesiac", "this month"), _month(today.year, today.month)),
        (("pm", "poprzedni miesiac", "zeszly miesiac", "last month"), (before.replace(day=1), before)),
        (("br", "ten rok", "biezacy rok", "this year"), (date(today.year, 1, 1), date(today.year, 12, 31))),
        (
            ("pr", "poprzedni rok", "zeszly rok", "last year"),
            (date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)),
        ),
    ):
        names |= dict.fromkeys(words, span)  # type: ignore[arg-type]
    return names.get(text)


def _day(year: int, month: int, day: int) -> Span:
    return date(year, month, day), date(year, month, day)


def _month(year: int, month: int) -> Span:
    first = date(year, month, 1)
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _year(text: str | None, today: date) -> int:
    if text is None:
        return today.year
    return int(text) if len(text) == 4 else 2000 + int(text)


# ---- both --------------------------------------------------------------------------------------------------------------
def _ends(plain: str) -> tuple[str, str, str]:
    """The two ends ("" is open) and the sign; with a sign, or without a range, both ends are the same text."""
    if both := _FROM_TO.match(plain):
        return both["low"], both["high"], ""
    if signed := _SIGNED.match(plain):
        return signed["rest"], signed["rest"], {"≥": ">=", "≤": "<="}.get(signed["sign"], signed["sign"])
    if worded := _WORDED.match(plain):
        return (worded["rest"], "", "") if worded["word"] in _FROM else ("", worded["rest"], "")
    if (between := _BETWEEN.match(plain)) and (between["low"] or between["high"]):
        return between["low"], between["high"], ""
    return plain, plain, ""


def _signed(sign: str, first: Decimal | date, last: Decimal | date) -> Range:
    match sign:
        case ">":
            return Range(low=last, above=True)
        case ">=":
            return Range(low=first)
        case "<":
            return Range(high=first, below=True)
        case "<=":
            return Range(high=last)
    return Range(first, last)
