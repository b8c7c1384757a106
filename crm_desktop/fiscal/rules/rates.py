"""VAT rates of the catalogue and letters of a device. A letter is only an index: its rate is read from the device."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Self

from crm_desktop.core.i18n import N_
from crm_desktop.core.problem import Problem
from crm_desktop.fiscal.rules.assumptions import NOT_SUBJECT_LETTER
from crm_desktop.fiscal.rules.model import LETTERS

EXEMPT, NOT_SUBJECT = "zw", "np"
# POSNET and Thermal write exempt as 100 % and an inactive letter as 101 %.
DEVICE_EXEMPT, DEVICE_INACTIVE = Decimal(100), Decimal(101)


@dataclass(frozen=True)
class RateTable:
    """The rates behind A–G: "23", "8", "5.5", "0", "zw", or "" for an inactive letter."""

    codes: tuple[str, ...]

    @classmethod
    def from_device(cls, percents: Mapping[str, Decimal | None]) -> Self:
        """From letter → percent as the device writes it (100 exempt, 101 or missing inactive)."""
        return cls(tuple(_code(percents.get(letter)) for letter in LETTERS))

    def letter(self, code: str, choices: Mapping[str, str] | None = None) -> str | None:
        """The letter of a catalogue rate, the first when two carry it; None when the device has no such rate.

        choices: rate → letter as an accountant set it, also for "np", which has no letter by itself.
        """
        chosen = (choices or {}).get(code)
        code = device_rate(code)
        chosen = chosen or (NOT_SUBJECT_LETTER if code == NOT_SUBJECT else None)
        if chosen is not None:
            active = chosen in LETTERS and bool(self.codes[LETTERS.index(chosen)])
            fits = code == NOT_SUBJECT or (active and self.codes[LETTERS.index(chosen)] == code)
            return chosen if active and fits else None
        return LETTERS[self.codes.index(code)] if code and code in self.codes else None

    def code(self, letter: str) -> str:
        """The rate behind a letter, "" when it is inactive."""
        return self.codes[LETTERS.index(letter)]

    def to_json(self) -> dict[str, str]:
        """{"A": "23", …, "G": ""}."""
        return dict(zip(LETTERS, self.codes, strict=True))

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """From letter → catalogue code; a missing letter is inactive."""
        return cls(tuple(device_rate(str(data.get(letter) or "")) for letter in LETTERS))


def device_rate(code: str) -> str:
    """The part of a catalogue rate code that a device knows; the reason behind a 0 % or np is not its business.

    >>> device_rate("0 KR"), device_rate("23"), device_rate("np I")
    ('0', '23', 'np')
    """
    return code.split(" ", 1)[0]


def _code(percent: Decimal | None) -> str:
    if percent is None or percent == DEVICE_INACTIVE:
        return ""
    if percent == DEVICE_EXEMPT:
        return EXEMPT
    return f"{percent.normalize():f}"


def find_letter(code: str, table: RateTable, field: str, choices: Mapping[str, str] | None = None) -> str | Problem:
    """The letter of a rate, or the problem to show at `field`."""
    letter = table.letter(code, choices)
    if letter is not None:
        return letter
    if device_rate(code) == NOT_SUBJECT:
        return Problem(
            "fiscal_rate_not_subject",
            field,
            N_("A line not subject to VAT cannot go on a receipt until the accountant has chosen a letter for it."),
        )
    return Problem("fiscal_rate_missing", field, N_("The printer has no VAT rate {rate}."), {"rate": rate_text(code)})


def rate_text(code: str) -> str:
    """A rate as people read it.

    >>> rate_text("23"), rate_text("zw")
    ('23%', 'zw')
    """
    shown = device_rate(code)
    return f"{shown.replace('.', ',')}%" if shown[:1].isdigit() else shown
