"""Number series: what a pattern must be, and what it prints (semantics L; in KSeF a number is unique for ever)."""

import re
from collections.abc import Iterable
from datetime import date
from itertools import product

from crm_desktop.core.i18n import N_
from crm_desktop.core.problem import Problem
from crm_desktop.core.text import SHORT, check_name
from crm_desktop.organisation.rules.model import NumberSeries

RESTARTS = ("none", "year", "month")
_PLACES = ("number", "year", "month", "branch")
_TOKEN = re.compile(r"\{([^{}]*)\}")
_LIMIT = 60


def number_text(pattern: str, number: int, day: date, branch: str) -> str:
    """The printed number. `day` is the issue date; the number has as many digits as it needs, nothing wraps.

    >>> number_text("FS/{branch}/{number}/{month}/{year}", 41, date(2026, 5, 30), "WAW")
    'FS/WAW/41/05/2026'
    """
    values = {"number": str(number), "year": f"{day.year:04}", "month": f"{day.month:02}", "branch": branch}
    return _TOKEN.sub(lambda token: values[token[1]], pattern)


def period_of(day: date, restart: str) -> str:
    """The key of the counter that an issue date falls into: "" (never restarts), "2026", "2026-05"."""
    return {"none": "", "year": f"{day.year:04}", "month": f"{day.year:04}-{day.month:02}"}[restart]


def preview(series: NumberSeries, day: date, branch: str) -> str:
    """What the first number of the series would look like, "" while its pattern is wrong."""
    return "" if _pattern(series) else number_text(series.pattern, 1, day, branch)


def check_series(series: NumberSeries, branch: str, others: Iterable[tuple[NumberSeries, str]] = ()) -> list[Problem]:
    """Problems of a series of the branch with code `branch`, at "code", "restart" and "pattern".

    `others` are all other series with their branches' codes: one that could ever print the same text is a problem.
    """
    problems = []
    if not series.code.strip():
        problems.append(Problem("code_missing", "code", N_("The code is missing.")))
    problems += check_name(series.code, "code", 20)
    if series.restart not in RESTARTS:
        message = N_("A series restarts never, each year or each month.")
        return [*problems, Problem("restart_unknown", "restart", message)]
    found = _pattern(series)
    if found:
        return problems + found
    mine = series.pattern.replace("{branch}", branch)
    for other, other_branch in others:
        if other.id != series.id and _could_meet(mine, other.pattern.replace("{branch}", other_branch)):
            message = N_("The series {other} could give the same numbers. Change the letters of one of them.")
            values = {"other": f"{other.code} ({other_branch})"}
            problems.append(Problem("series_clash", "pattern", message, values))
    return problems


def _pattern(series: NumberSeries) -> list[Problem]:
    pattern, tokens = series.pattern, _TOKEN.findall(series.pattern)
    problems = check_name(pattern, "pattern", min(_LIMIT, SHORT))
    for token in tokens:
        if token not in _PLACES:
            message = N_("There is no place {place} in a pattern. There are number, year, month and branch.")
            problems.append(Problem("pattern_place", "pattern", message, {"place": f"{{{token}}}"}))
    if re.search(r"[{}]", _TOKEN.sub("", pattern)):
        problems.append(Problem("pattern_brace", "pattern", N_("A curly bracket in the pattern has no partner.")))
    needed = ["number", "year", *(["month"] if series.restart == "month" else [])]
    for token in needed:
        if tokens.count(token) != 1:
            message = N_("The pattern must contain {place} exactly once, or two documents would get one number.")
            problems.append(Problem(f"pattern_{token}", "pattern", message, {"place": f"{{{token}}}"}))
    if re.search(r"\}(\d|\{)|\d\{", pattern):
        # "{number}{year}" prints 12026 for 1 of 2026 and for 12 of 026: places need a mark between them.
        message = N_("Put a letter or a mark such as / between the places of the pattern.")
        problems.append(Problem("pattern_glued", "pattern", message))
    if not re.search(r"[A-Za-z]", _TOKEN.sub("", pattern)):
        message = N_("The pattern must contain the letters of the series, for example FS.")
        problems.append(Problem("pattern_mark", "pattern", message))
    return problems


# A pattern as a row of symbols: its own characters, and digits that a place may print.
_DIGIT = "\x00"


def _could_meet(one: str, other: str) -> bool:
    """Whether some text fits both patterns: both are run as automata side by side over all common texts.

    {year} is four digits, {month} two, {number} one or more. An impossible date is allowed here: refusing two series
    that would only nearly meet costs a letter, letting them meet costs an invoice.
    """
    first, second = _automaton(one), _automaton(other)
    seen, todo = set(), [(0, 0)]
    while todo:
        here = todo.pop()
        if here in seen:
            continue
        seen.add(here)
        if here == (len(first), len(second)):
            return True
        moves = product(_moves(first, here[0]), _moves(second, here[1]))
        todo += [(a, b) for (sign_a, a), (sign_b, b) in moves if _same(sign_a, sign_b)]
    return False


def _automaton(pattern: str) -> list[tuple[str, bool]]:
    """(symbol, may repeat) in order."""
    symbols: list[tuple[str, bool]] = []
    for part in re.split(r"(\{[^{}]*\})", pattern):
        if part == "{number}":
            symbols.append((_DIGIT, True))
        elif part in ("{year}", "{month}"):
            symbols += [(_DIGIT, False)] * (4 if part == "{year}" else 2)
        else:
            symbols += [(sign, False) for sign in part]
    return symbols


def _moves(symbols: list[tuple[str, bool]], place: int) -> list[tuple[str, int]]:
    moves = [(symbols[place][0], place + 1)] if place < len(symbols) else []
    if place and symbols[place - 1][1]:
        moves.append((symbols[place - 1][0], place))
    return moves


def _same(one: str, other: str) -> bool:
    if one == other:
        return True
    return (one == _DIGIT and other.isdecimal()) or (other == _DIGIT and one.isdecimal())
