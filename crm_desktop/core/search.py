"""What the search box makes of a text that a person typed, and the order of what is found. Pure.

For Polish and its neighbours `folded` gives what the database compares, `stable.search_text`: commands are found as records are.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol, TypeVar
from uuid import UUID

#: Whoever pastes a page looks for its beginning.
LONGEST = 100
#: Answers of one kind beside other kinds, and alone.
FEW, MANY = 5, 20

_MARKS = re.compile(r"[\s\-./,;:'\"()]+")
_STROKES = str.maketrans("łøŁØ", "loLO")


class Rank(IntEnum):
    """How well something fits; the database gives these numbers."""

    SIMILAR = 0  # with a typing error
    HELD = 1  # every word occurs
    WORDS = 2  # every word begins a word
    BEGINS = 3  # it begins with what was typed
    EXACT = 4  # its code, number, tax number, bar code or phone is what was typed


@dataclass(frozen=True, slots=True)
class Hit:
    """One record that was found. code stands first and quiet; side at the right tells namesakes apart; faint: not in use any more."""

    id: UUID
    text: str
    rank: Rank = Rank.HELD
    code: str = ""
    side: str = ""
    faint: bool = False


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the box: the sign that narrows it ("" for everything) and the words."""

    sign: str
    text: str


class Ranked(Protocol):
    """A hit, or anything else with a rank."""

    @property
    def rank(self) -> int:
        """How well it fits."""


R = TypeVar("R", bound=Ranked)


def typed(text: str, signs: Iterable[str] = ">#@") -> Typed:
    """Take the sign off.

    >>> typed(" > wyloguj"), typed("volt")
    (Typed(sign='>', text='wyloguj'), Typed(sign='', text='volt'))
    """
    bare = " ".join(text.split())[:LONGEST]
    sign = bare[:1] if bare[:1] and bare[:1] in set(signs) else ""
    return Typed(sign, bare[len(sign) :].strip())


def folded(text: str) -> str:
    """Small letters, no accents, single spaces for marks.

    >>> folded("  Źródło-Łódź  Sp. z o.o.")
    'zrodlo lodz sp z o o'
    """
    return _MARKS.sub(" ", _bare(text)).strip()


def words(text: str) -> tuple[str, ...]:
    """The words that each must occur."""
    return tuple(folded(text).split())


def fit(text: str, sought: str) -> Rank | None:
    """How well `text` fits what was typed; None where a word does not occur in it.

    >>> fit("Wyświetl szkice", "szk wys"), fit("Nowa faktura", "fakt"), fit("Drukuj", "zapisz")
    (<Rank.WORDS: 2>, <Rank.WORDS: 2>, None)
    """
    whole, parts = folded(text), words(sought)
    if not all(part in whole for part in parts):
        return None
    if whole == " ".join(parts):
        return Rank.EXACT
    if whole.startswith(" ".join(parts)):
        return Rank.BEGINS
    return Rank.WORDS if all(f" {part}" in f" {whole}" for part in parts) else Rank.HELD


def spans(text: str, sought: str) -> list[tuple[int, int]]:
    """Where the words of `sought` stand in `text`, as (start, end), in order and never overlapping: for the letters in bold.

    >>> spans("Hurtownia Źródło", "zrod")
    [(10, 14)]
    """
    whole = _bare(text)
    if len(whole) != len(text):  # a letter that folds into two: then no place can be told
        return []
    covered = [False] * len(text)
    for part in set(words(sought)):
        starts = [found.start() for found in re.finditer(re.escape(part), whole)]
        at_words = [start for start in starts if start == 0 or not whole[start - 1].isalnum()]
        for start in at_words or starts[:1]:
            covered[start : start + len(part)] = [True] * len(part)
    found, start = [], -1
    for place, one in enumerate([*covered, False]):
        if one and start < 0:
            start = place
        elif not one and start >= 0:
            found.append((start, place))
            start = -1
    return found


def best(hits: Iterable[R], most: int) -> list[R]:
    """The best of them; among equals the order in which they came."""
    return sorted(hits, key=lambda hit: -hit.rank)[:most]


def in_order(groups: Sequence[Sequence[R]]) -> list[int]:
    """The places of the groups as they are shown: those with an exact hit first, else as declared; empty ones are left out."""
    some = [place for place, hits in enumerate(groups) if hits]
    return sorted(some, key=lambda place: not any(hit.rank == Rank.EXACT for hit in groups[place]))


def _bare(text: str) -> str:
    """Each letter small and without its accent, at its place."""
    return "".join(_letter(sign) for sign in text.translate(_STROKES))


def _letter(sign: str) -> str:
    if sign.isascii():
        return sign.lower()
    parts = unicodedata.normalize("NFD", sign)
    plain = parts[0] if len(parts) > 1 and all(unicodedata.combining(part) for part in parts[1:]) else sign
    return plain.lower() if len(plain.lower()) == 1 else plain
