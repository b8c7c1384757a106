"""What is wrong with a letter, and how its beginning is shown."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_desktop.messages.rules.check import beginning, check
from crm_desktop.messages.rules.model import LONGEST, Branch, Colleague, Letter

ANNA, KRAKOW = Colleague(UUID(int=1), "Anna"), Branch(UUID(int=2), "Kraków")


@pytest.mark.parametrize(
    ("letter", "codes"),
    [
        (Letter(UUID(int=9), "Halo", (ANNA,)), []),
        (Letter(UUID(int=9), "Halo", (), (KRAKOW,)), []),
        (Letter(UUID(int=9), "Halo", to_all=True, answers=UUID(int=8)), []),
        (Letter(UUID(int=9), "Halo"), ["message_to_nobody"]),
        (Letter(UUID(int=9), " \n", (ANNA,)), ["message_text_there"]),
        (Letter(UUID(int=9), "x" * LONGEST, (ANNA,)), []),
        (Letter(UUID(int=9), "x" * (LONGEST + 1)), ["message_to_nobody", "message_text_short"]),
    ],
)
def test_a_letter_is_for_somebody_and_says_something(letter: Letter, codes: list[str]) -> None:
    assert [problem.code for problem in check(letter)] == codes


@given(st.text(), st.integers(5, 60))
def test_a_beginning_is_one_short_line(text: str, most: int) -> None:
    begun = beginning(text, most)
    assert len(begun) <= most and "\n" not in begun
    assert bool(begun) == bool(text.strip().partition("\n")[0].strip())
