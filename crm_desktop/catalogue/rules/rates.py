"""What a period of a VAT rate must be, and what of it may still be changed once it has begun.

A code is the rate's name in law and in FA(3) (P_12), and says its per cent: "23" is 23 %, "0 WDT" is 0 %, "zw" has none. So a rate
that the law changes gets another code; the same code with two per cents would make the printed rate untrue.
"""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum

from crm_desktop.catalogue.rules.model import RatePeriod
from crm_desktop.core.i18n import N_
from crm_desktop.core.problem import Problem, Severity
from crm_desktop.core.text import SHORT, check_name

ZERO = ("0 KR", "0 WDT", "0 EX")
UNTAXED = ("zw", "oo", "np I", "np II")
_TAXED = re.compile(r"[1-9][0-9]?\Z", re.ASCII)
_FROZEN = ("code", "percent", "valid_from", "name")


class Stage(StrEnum):
    """Where a period stands on a day."""

    PLANNED = "planned"
    HOLDS = "holds"
    OVER = "over"


def stage_of(valid_from: date, valid_to: date | None, today: date) -> Stage:
    """Whether the period is still to come, holds today, or is over."""
    if valid_from > today:
        return Stage.PLANNED
    return Stage.HOLDS if valid_to is None or valid_to >= today else Stage.OVER


def spelt(code: str) -> str:
    """The code as the law writes it: people type "ZW" and "0 wdt".

    >>> spelt("ZW"), spelt("0  wdt"), spelt("NP ii"), spelt("24")
    ('zw', '0 WDT', 'np II', '24')
    """
    plain = " ".join(code.split())
    return next((known for known in (*ZERO, *UNTAXED) if known.lower() == plain.lower()), plain)


def percent_of(code: str) -> Decimal | None:
    """The per cent that the code says; None where no tax is counted, and for a code that is none.

    >>> percent_of("23"), percent_of("0 WDT"), percent_of("zw")
    (Decimal('23'), Decimal('0'), None)
    """
    if _TAXED.match(code):
        return Decimal(code)
    return Decimal(0) if code in ZERO else None


def check_rate(period: RatePeriod, periods: Sequence[RatePeriod], today: date) -> list[Problem]:
    """Every problem of the period. `periods` are all that are stored: the one with its id is what it was, the others must not overlap."""
    before = next((each for each in periods if each.id == period.id), None)
    if before is not None and before.valid_from is not None and before.valid_from <= today:
        return _begun(period, before, today)
    problems = [*_code(period), *_dates(period)]
    if not problems:
        problems += _overlap(period, [each for each in periods if each.id != period.id and each.code == period.code])
    if period.code in UNTAXED and not period.name.strip():
        message = N_("Invoices print why there is no tax: write the legal basis as the name.")
        problems.append(Problem("rate_name_missing", "name", message, severity=Severity.WARNING))
    return problems + check_name(period.name, "name", SHORT)


def _begun(period: RatePeriod, before: RatePeriod, today: date) -> list[Problem]:
    """Documents were counted and printed with it: its last day is set, not in the past, and nothing else."""
    assert before.valid_from is not None
    if stage_of(before.valid_from, before.valid_to, today) is Stage.OVER:
        return [Problem("vat_rate_over", "", N_("This period is over and stays as it is."))] if period != before else []
    message = N_("This period has begun: only its last day can still be set.")
    problems = [Problem("vat_rate_begun", field, message) for field in _FROZEN if getattr(period, field) != getattr(before, field)]
    if period.valid_to is not None and period.valid_to < today:
        message = N_("A rate can end today ({today}) or later, not earlier.")
        problems.append(Problem("vat_rate_end_past", "valid_to", message, {"today": today}))
    return problems


def _code(period: RatePeriod) -> list[Problem]:
    code, percent = period.code, period.percent
    if not code:
        return [Problem("code_missing", "code", N_("The code is missing."))]
    if not _TAXED.match(code) and code not in (*ZERO, *UNTAXED):
        message = N_("No VAT rate is called so. Write for example 23, 8, 0 KR, 0 WDT, 0 EX, zw, np I, np II or oo.")
        return [Problem("vat_rate_code_known", "code", message)]
    wanted = percent_of(code)
    if wanted is None and percent is not None:
        return [Problem("rate_untaxed", "percent", N_("With “{rate}” no tax is counted: it has no per cent."), {"rate": code})]
    if wanted is not None and percent != wanted:
        message = N_("The rate “{rate}” is {percent} %.")
        return [Problem("vat_rate_percent_fits", "percent", message, {"rate": code, "percent": wanted})]
    return []


def _dates(period: RatePeriod) -> list[Problem]:
    if period.valid_from is None:
        return [Problem("rate_from_missing", "valid_from", N_("The first day is missing."))]
    if period.valid_to is not None and period.valid_to < period.valid_from:
        return [Problem("vat_rate_dates_ordered", "valid_to", N_("The last day is before the first one."))]
    return []


def _overlap(period: RatePeriod, others: Sequence[RatePeriod]) -> list[Problem]:
    begin, end = period.valid_from, period.valid_to or date.max
    assert begin is not None
    for other in others:
        if other.valid_from is None or other.valid_from > end or (other.valid_to or date.max) < begin:
            continue
        field = "valid_from" if other.valid_from <= begin else "valid_to"
        values = {"rate": other.code, "begin": other.valid_from, "end": other.valid_to}
        if other.valid_to is None:
            message = N_("The rate “{rate}” holds from {begin} on. Give that period its last day first.")
        else:
            message = N_("The rate “{rate}” holds from {begin} to {end} already.")
        return [Problem("vat_rate_periods_apart", field, message, values)]
    return []
