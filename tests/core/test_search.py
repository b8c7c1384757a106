"""GOL-24: what is made of a typed text, and the order of what is found."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_desktop.core.search import LONGEST, Hit, Rank, Typed, best, fit, folded, in_order, spans, typed, words

TEXTS = st.text(alphabet="aąbcćzżźłŁÓ Ńx1-/.%_\\'", max_size=30)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Źródło", "zrodlo"),
        ("ŁÓDŹ-Górna", "lodz gorna"),
        ("FS/KR/12/11/2026", "fs kr 12 11 2026"),
        ("  Volt   Sp. z o.o. ", "volt sp z o o"),
        ("Müller & Søn", "muller & son"),
        ("", ""),
        ("-- ..", ""),
    ],
)
def test_folded(text: str, what: str) -> None:
    assert folded(text) == what


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("volt", Typed("", "volt")),
        ("> wyloguj", Typed(">", "wyloguj")),
        ("#fs 12", Typed("#", "fs 12")),
        ("@", Typed("@", "")),
        ("a > b", Typed("", "a > b")),
        ("   ", Typed("", "")),
        ("x" * 1000, Typed("", "x" * LONGEST)),
    ],
)
def test_a_sign_narrows_and_a_page_is_cut(text: str, what: Typed) -> None:
    assert typed(text) == what


def test_a_sign_that_nobody_declared_is_text() -> None:
    assert typed("#12", signs=">") == Typed("", "#12")


@pytest.mark.parametrize(
    ("text", "sought", "rank"),
    [
        ("Nowa faktura", "nowa faktura", Rank.EXACT),
        ("Nowa faktura", "nowa f", Rank.BEGINS),
        ("Nowa faktura", "fak now", Rank.WORDS),
        ("Nowa faktura", "aktur", Rank.HELD),
        ("Zwiń nawigację", "zwin", Rank.BEGINS),
        ("Nowa faktura", "nowa x", None),
    ],
)
def test_fit(text: str, sought: str, rank: Rank | None) -> None:
    assert fit(text, sought) == rank


@pytest.mark.parametrize(
    ("text", "sought", "what"),
    [
        ("Hurtownia Volt", "vol", ["Vol"]),
        ("Volt-Serwis Śliwa", "sliw volt", ["Volt", "Śliw"]),
        ("Żarówka LED", "arow", ["arów"]),
        ("Volt", "volt vol", ["Volt"]),
        ("Volt", "x", []),
        ("Adam i Anna", "an a", ["A", "An"]),
    ],
)
def test_the_letters_that_stand_out(text: str, sought: str, what: list[str]) -> None:
    assert [text[start:end] for start, end in spans(text, sought)] == what


@given(TEXTS, TEXTS)
def test_spans_are_in_order_and_apart(text: str, sought: str) -> None:
    found = spans(text, sought)
    assert all(0 <= start < end <= len(text) for start, end in found)
    assert all(one[1] < other[0] for one, other in zip(found, found[1:], strict=False))


@given(TEXTS)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert folded(folded(text)) == folded(text)
    assert " ".join(words(text)) == folded(text)


def _hit(rank: Rank, text: str = "x") -> Hit:
    return Hit(UUID(int=1), text, rank)


def test_the_best_first_and_equals_as_they_came() -> None:
    hits = [_hit(Rank.HELD, "a"), _hit(Rank.EXACT, "b"), _hit(Rank.HELD, "c"), _hit(Rank.BEGINS, "d")]
    assert [hit.text for hit in best(hits, 3)] == ["b", "d", "a"]


def test_a_group_with_an_exact_hit_stands_before_the_declared_order() -> None:
    parties, documents, items = [_hit(Rank.BEGINS)], [_hit(Rank.HELD), _hit(Rank.EXACT)], [_hit(Rank.BEGINS)]
    assert in_order([parties, documents, items]) == [1, 0, 2]
    assert in_order([parties, [], items]) == [0, 2]
