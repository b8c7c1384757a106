"""Names for the printer's paper: cleaned before sealing, so that the operator sees what will be printed (FIS-04)."""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from crm_desktop.core.i18n import N_
from crm_desktop.core.problem import Problem, Severity

NAME_LENGTH = 80
ENCODING = "cp1250"
# In code page 1250 the printer shows table-drawing glyphs for these bytes (81 88 90 98 have no character anyway).
GLYPH_BYTES = frozenset(b"\x81\x88\x90\x98\xa0\xa4\xa8\xad\xb2\xb4\xb8")
REPLACED = {
    "\u00b4": "'",
    "\u2032": "'",
    "\u2033": '"',
    "\u2212": "-",
    "\u2010": "-",
    "\u2011": "-",
    "\u2044": "/",
    "\u2215": "/",
    "\u00d8": "O",
    "\u00f8": "o",
    "\u00c6": "AE",
    "\u00e6": "ae",
    "\u0152": "OE",
    "\u0153": "oe",
    "\u00bd": "1/2",
    "\u00bc": "1/4",
    "\u00be": "3/4",
}
# Categories that leave no trace: controls, formats (zero-width, BOM), surrogates, private use, unassigned, symbols such
# as emoji, and the marks that colour or join them.
DROPPED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "So", "Sk", "Mn", "Me"})


@dataclass(frozen=True)
class CleanName:
    """text: what will be printed; changed: whether it differs from what was given, so that it must be shown."""

    text: str
    changed: bool


def clean_name(name: str, length: int = NAME_LENGTH, encoding: str = ENCODING) -> CleanName:
    """`name` in the printer's character set, blanks single, at most `length` characters.

    No-break and other blanks become plain ones (the printer shows a table glyph for them), letters it lacks lose their
    accents, other unknown characters become "?", emoji and invisible ones are dropped.
    """
    printable = "".join(_printable(character, encoding) for character in unicodedata.normalize("NFC", name))
    text = " ".join(printable.split())[:length].rstrip()
    return CleanName(text, text != name)


@lru_cache(maxsize=4096)
def _printable(character: str, encoding: str) -> str:
    if character.isspace():
        return " "
    if _in_page(character, encoding):
        return character
    if character in REPLACED:
        return REPLACED[character]
    category = unicodedata.category(character)
    if category in DROPPED and not character.isalnum():
        return ""
    if category == "Zs":
        return " "
    plain = "".join(part for part in unicodedata.normalize("NFKD", character) if not unicodedata.combining(part))
    fitting = "".join(part if _in_page(part, encoding) else "?" for part in plain)
    return fitting or "?"


def _in_page(character: str, encoding: str) -> bool:
    try:
        byte = character.encode(encoding)
    except UnicodeEncodeError:
        return False
    return len(byte) == 1 and byte[0] >= 0x20 and byte[0] != 0x7F and byte[0] not in GLYPH_BYTES


def significant(name: str) -> str:
    """What the printer compares names by: letters without case, digits and , . % / \\ — all else is ignored.

    >>> significant("Chleb  (krojony) 0,5 kg")
    'CHLEBKROJONY0,5KG'
    """
    return "".join(character for character in name.upper() if character.isalnum() or character in ",.%/\\")


def name_problems(name: str, field: str) -> list[Problem]:
    """What to say about a goods name before sealing: nothing printable left (stops), or how it will be printed."""
    clean = clean_name(name)
    if not significant(clean.text):
        return [Problem("fiscal_name_empty", field, N_("The printer cannot print this name. It needs a letter or a digit."))]
    if clean.changed:
        return [
            Problem(
                "fiscal_name_changed",
                field,
                N_("On the receipt the name will read: {name}"),
                {"name": clean.text},
                Severity.WARNING,
            )
        ]
    return []
