"""Numbers as people type and paste them: "1 234,50 zł", "1.234,5", "12", "−3"."""

import re
from decimal import Decimal

from crm_desktop.core.i18n import N_
from crm_desktop.core.problem import Problem

# No-break, figure, thin and narrow spaces: spreadsheets and web pages paste them as thousands separators.
_SPACES = str.maketrans(dict.fromkeys("\xa0\u2007\u2009\u202f\t\r\n", " ") | {"\ufeff": "", "\u2212": "-"})
_SIGN = re.compile(r"zł|PLN|EUR|USD|GBP|CHF|CZK|[€$£%]", re.IGNORECASE)
_PLAIN = re.compile(r"([+-]?)(\d+)?(?:[.,](\d*))?\Z", re.ASCII)
_GROUPED = re.compile(r"([+-]?)(\d{1,3}(?:(?P<mark>[ .,])\d{3})(?:(?P=mark)\d{3})*)(?:[.,](\d*))?\Z", re.ASCII)


def parse_decimal(text: str, places: int, field: str = "", whole: int = 10) -> Decimal | Problem:
    """The number in `text`, or the Problem that says what is wrong with it.

    Decimal comma or dot; thousands by spaces (also no-break), or by the other mark; a currency sign before or after.
    One lone comma or dot is always the decimal mark: "1.234" is 1.234, never silently 1234. More than `places` decimals
    or more than `whole` digits before the mark are refused, never cut. NaN, infinity and exponents are not numbers.
    Problems: number_missing, number_wrong, number_places, number_large.
    """
    bare = _SIGN.sub("", text.translate(_SPACES), count=1).strip()
    if not bare:
        return Problem("number_missing", field, N_("Type a number."))
    parts = _parts(bare)
    if parts is None:
        return Problem("number_wrong", field, N_("“{text}” is not a number."), {"text": text.strip()[:40]})
    sign, digits, decimals = parts
    digits, decimals = digits.lstrip("0") or "0", decimals.rstrip("0")
    if len(decimals) > places:
        return Problem("number_places", field, N_("At most {places} decimal places are allowed."), {"places": places})
    if len(digits) > whole:
        return Problem("number_large", field, N_("The number is too large."))
    return Decimal(f"{sign}{digits}.{decimals}" if decimals else f"{sign}{digits}")


def _parts(bare: str) -> tuple[str, str, str] | None:
    """Sign, whole digits and decimals; None when it is no number."""
    plain = _PLAIN.match(bare)
    if plain and (plain[2] or plain[3]):
        return plain[1].replace("+", ""), plain[2] or "0", plain[3] or ""
    grouped = _GROUPED.match(bare)
    if grouped is None:
        return None
    rest = bare[grouped.end(2) :]
    if rest and rest[0] == grouped["mark"]:  # "1.234.5" has no decimal mark of its own
        return None
    return grouped[1].replace("+", ""), re.sub(r"\D", "", grouped[2]), grouped[4] or ""
