"""Names and notes: what KSeF would refuse is refused here (bad input of the first sale)."""

import pytest

from crm_desktop.core.problem import Problem
from crm_desktop.core.text import CODE, check_name, check_notes, clean_name


def codes(problems: list[Problem]) -> list[str]:
    return [problem.code for problem in problems]


@pytest.mark.parametrize(
    "name",
    [
        "Śruba M8 × 40",
        "Café “Zażółć gęślą jaźń” ™ ® © №1 ½ ²",
        "Müller & Söhne",
        "Дім",
        "Ø 50 – 3,5 m² °C → 1",
        "日本",
        "€ 5",
    ],
)
def test_honest_names_pass(name: str) -> None:
    assert check_name(clean_name(name), "name") == []


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Kubek 😀", "text_emoji"),
        ("Serce ❤️", "text_emoji"),
        ("Flaga 🇵🇱", "text_emoji"),
        ("Gwiazda ⭐", "text_emoji"),
        ("Zegar ⌚", "text_emoji"),
        ("Klawisz 1\u20e3", "text_emoji"),
        ("a\tb", "text_control"),
        ("a\nb", "text_control"),
        ("a\x00b", "text_control"),
        ("a\x1eb", "text_control"),
        ("a\x85b", "text_control"),
        ("a\u2028b", "text_control"),
        ("a\ufeffb", "text_hidden"),
        ("a\u200bb", "text_hidden"),
        ("a\u202eb", "text_hidden"),
        ("a\ue000b", "text_hidden"),
        ("a\ufdd0b", "text_hidden"),
        ("a\ud800b", "text_hidden"),
        ("x" * 513, "text_too_long"),
        ("x" * 10_000, "text_too_long"),
    ],
)
def test_refused_at_the_field(name: str, code: str) -> None:
    problems = check_name(name, "buyer.name")
    assert code in codes(problems)
    assert {problem.field for problem in problems} == {"buyer.name"}


def test_all_faults_at_once_with_places() -> None:
    problems = check_name("a\tb😀c" + "x" * 600, "name")
    assert codes(problems) == ["text_too_long", "text_control", "text_emoji"]
    assert problems[0].values == {"limit": 512, "length": 605}
    assert problems[1].values == {"place": 2}


def test_limits_of_shorter_fields() -> None:
    assert check_name("x" * 50, "code", CODE) == []
    assert codes(check_name("x" * 51, "code", CODE)) == ["text_too_long"]


def test_clean_name_mends_only_what_nobody_typed_on_purpose() -> None:
    assert clean_name("\ufeff  Młotek\u00a0\u00a0 500  g \r\n") == "Młotek 500 g"
    assert clean_name("Z\u0307o\u0301łty") == "Żółty"
    assert clean_name("a\tb") == "a\tb"


def test_notes_keep_line_breaks_and_emoji() -> None:
    assert check_notes("Uwaga!\n\tDziękujemy 😀 ❤️") == []
    assert codes(check_notes("a\x07b")) == ["text_control"]
    assert codes(check_notes("a\x1fb")) == ["text_control"]
    assert codes(check_notes("a\ud800b")) == ["text_control"]
    assert codes(check_notes("x" * 3501)) == ["text_too_long"]
