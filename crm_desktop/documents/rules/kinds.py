"""What a kind of document must be before operators may use it (SAL-04)."""

import re

from crm_desktop.core.i18n import N_
from crm_desktop.core.problem import Problem
from crm_desktop.core.text import SHORT, check_name
from crm_desktop.documents.rules.model import Kind, Method

_SERIES = 20  # as long as the code of a series may be (organisation/rules/numbering.py)
_CODE = re.compile(r"[A-Z0-9]{1,10}\Z", re.ASCII)


def check_kind(kind: Kind) -> list[Problem]:
    """All problems of a kind as its window edits it, with fields named as in `Kind`."""
    problems = []
    if not _CODE.match(kind.code):
        message = N_("A code has 1 to 10 capital letters without accents or digits, for example FS.")
        problems.append(Problem("kind_code", "code", message))
    for field in ("name", "name_en"):
        text = getattr(kind, field)
        if not text.strip():
            problems.append(Problem("name_missing", field, N_("The name is missing.")))
        problems += check_name(text, field, SHORT)
    if kind.fiscal and kind.method is not Method.GROSS:
        # Semantics D, M.5: fiscal devices compute from gross.
        message = N_("A document that is printed as a fiscal receipt has gross prices.")
        problems.append(Problem("kind_fiscal_net", "method", message))
    if kind.ksef and not kind.buyer_required:
        # Facts 2.3: an invoice in KSeF names its buyer.
        message = N_("A document that goes to KSeF needs a buyer.")
        problems.append(Problem("kind_ksef_buyer", "buyer_required", message))
    return problems


def check_series_code(code: str) -> list[Problem]:
    """Problems of the code of a kind's number series, at "series"."""
    missing = [] if code.strip() else [Problem("series_missing", "series", N_("The code of the number series is missing."))]
    return missing + check_name(code, "series", _SERIES)
