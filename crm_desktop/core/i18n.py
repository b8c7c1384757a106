"""Texts in Polish and English: gettext with English msgids, one catalogue for Python and forms.

Numbers, money and dates of the screen are written here too, so that a window, a PDF and a list say the same.
"""

import gettext as _gettext
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from crm_desktop.core.assets import asset
from crm_desktop.core.problem import Problem

LANGUAGES = {"pl": "Polski", "en": "English"}
NBSP, MINUS = "\u00a0", "\u2212"

_state: dict[str, Any] = {"language": "en", "catalogue": _gettext.NullTranslations()}


def use(language: str) -> None:
    """Speak `language` ("pl" or "en") from now on, in this process."""
    _state["language"] = language
    _state["catalogue"] = catalogue(language)


def catalogue(language: str) -> _gettext.NullTranslations:
    """The catalogue of one language, for texts that must not follow the screen (an English invoice from a Polish desk)."""
    if language == "en":
        return _gettext.NullTranslations()
    return _gettext.translation("crm_desktop", str(asset("resources/locale")), [language])


def language() -> str:
    """The language in use: "pl" or "en"."""
    return str(_state["language"])


def _(message: str) -> str:
    """The text in the language in use."""
    return str(_state["catalogue"].gettext(message)) if message else ""


def ngettext(one: str, many: str, count: int) -> str:
    """The text for a count; Polish has three forms (1 sprawa, 2 sprawy, 5 spraw)."""
    return str(_state["catalogue"].ngettext(one, many, count))


def N_(message: str) -> str:
    """Mark a msgid for extraction without translating it now."""
    return message


def tell(problem: Problem) -> str:
    """The sentence of a problem in the language in use. Decimal values are written as a person writes them."""
    return _(problem.message).format(**{key: shown(value) for key, value in problem.values.items()})


def shown(value: object) -> str:
    """A value inside a sentence: decimals with a comma, dates as on the screen, all else as text."""
    if isinstance(value, Decimal):
        return decimal(value)
    if isinstance(value, date):
        return day(value)
    return str(value)


def money(amount: Decimal, places: int = 2) -> str:
    """1 234,50 with no-break spaces; a real minus sign. The same in both languages: the money is Polish.

    >>> money(Decimal("-1234567.5")).replace(NBSP, " ")
    '−1 234 567,50'
    """
    text = f"{abs(amount):,.{places}f}".replace(",", NBSP).replace(".", ",")
    return (MINUS if amount < 0 else "") + text


def price(amount: Decimal) -> str:
    """A unit price: at least two places, up to four where it has them.

    >>> price(Decimal("2.5")), price(Decimal("0.1234"))
    ('2,50', '0,1234')
    """
    exponent = amount.normalize().as_tuple().exponent
    places = min(4, max(2, -exponent if isinstance(exponent, int) else 2))
    return money(amount, places)


def decimal(value: Decimal) -> str:
    """A quantity or rate: decimal comma, no trailing zeros.

    >>> decimal(Decimal("1.500")), decimal(Decimal("10"))
    ('1,5', '10')
    """
    text = f"{abs(value):,f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    text = text.replace(",", NBSP).replace(".", ",")
    return (MINUS if value < 0 else "") + text


def day(value: date) -> str:
    """23.11.2026 in both languages."""
    return f"{value.day:02}.{value.month:02}.{value.year:04}"


def moment(value: datetime) -> str:
    """23.11.2026 14:32, in the time zone that the value carries."""
    return f"{day(value.date())} {value.hour:02}:{value.minute:02}"
