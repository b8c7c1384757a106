"""Names and notes: what is cleaned in silence, what is refused, and why.

KSeF refuses files with control and "discouraged" characters, and names with emoji (in force since July 2026; XML 1.0
section 2.2, FA(3) types TZnakowy, TZnakowy512). So names refuse them at the field, while they can still be mended;
notes keep them, because they do not travel to KSeF.
"""

import re
import unicodedata

from crm_desktop.core.i18n import N_
from crm_desktop.core.problem import Problem

NAME = 512  # FA(3) TZnakowy512: names of parties and items, address lines
SHORT = 256  # FA(3) TZnakowy: units, numbers
CODE = 50  # FA(3) TZnakowy50: Indeks
NOTES = 3500  # FA(3) StopkaFaktury

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_CONTROL_NOTES = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
# Byte order mark, zero-width and direction marks, soft hyphen, private use, non-characters, lone surrogates: invisible.
_HIDDEN = re.compile(
    "[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffe\uffff"
    "\ue000-\uf8ff\ud800-\udfff\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"
)
_EMOJI = re.compile(
    "[\u203c\u2049\u20e3\u231a\u231b\u2328\u23cf\u23e9-\u23f3\u23f8-\u23fa\u2600-\u27bf\u2b05-\u2b07\u2b1b\u2b1c\u2b50"
    "\u2b55\u3030\u303d\ufe00-\ufe0f\U0001f000-\U0001faff]"
)
_SPACE = re.compile("[ \u00a0\u2000-\u200a\u202f\u205f\u3000]+")


def clean_name(text: str) -> str:
    """The name as it is kept: composed letters (NFC), no outer white space, inner runs of spaces as one space.

    A byte order mark at the start goes too: it is the pasting program's, not the person's. What a person could have
    meant stays, for `check_name` to refuse aloud.
    """
    return _SPACE.sub(" ", unicodedata.normalize("NFC", text.lstrip("\ufeff")).strip()).strip()


def check_name(text: str, field: str, limit: int = NAME) -> list[Problem]:
    """What stops `text` from being a name on a document: length, control, invisible and emoji characters."""
    problems = []
    if len(text) > limit:
        values = {"limit": limit, "length": len(text)}
        message = N_("Too long: {length} characters, at most {limit} are allowed.")
        problems.append(Problem("text_too_long", field, message, values))
    if text.isascii() and text.isprintable():
        return problems
    if found := _CONTROL.search(text):
        message = N_("There is a control character (a tab, a line break or an invisible code) at place {place}.")
        problems.append(Problem("text_control", field, message, {"place": found.start() + 1}))
    if found := _HIDDEN.search(text):
        message = N_("There is an invisible character ({code}) at place {place}. Delete it or type the text anew.")
        problems.append(Problem("text_hidden", field, message, {"code": _code(found[0]), "place": found.start() + 1}))
    if found := _EMOJI.search(text):
        message = N_("KSeF does not accept the pictogram {sign} in a name. You may use it in the notes.")
        problems.append(Problem("text_emoji", field, message, {"sign": found[0]}))
    return problems


def check_notes(text: str, field: str = "notes", limit: int = NOTES) -> list[Problem]:
    """Notes may hold line breaks, tabs and emoji; other control characters and lone surrogates cannot be stored."""
    problems = []
    if len(text) > limit:
        values = {"limit": limit, "length": len(text)}
        message = N_("Too long: {length} characters, at most {limit} are allowed.")
        problems.append(Problem("text_too_long", field, message, values))
    found = _CONTROL_NOTES.search(text) or re.search("[\ud800-\udfff]", text)
    if found:
        message = N_("There is a control character (a tab, a line break or an invisible code) at place {place}.")
        problems.append(Problem("text_control", field, message, {"place": found.start() + 1}))
    return problems


def _code(character: str) -> str:
    return f"U+{ord(character):04X}"
