"""Amounts in words (SAL-04: the print)."""

import csv
from collections.abc import Callable
from decimal import Decimal

import pytest

from crm_desktop.core.words import amount_in_words


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0.00", "zero złotych zero groszy"),
        ("0.01", "zero złotych jeden grosz"),
        ("1.00", "jeden złoty zero groszy"),
        ("4.05", "cztery złote pięć groszy"),
        ("12.12", "dwanaście złotych dwanaście groszy"),
        ("14.22", "czternaście złotych dwadzieścia dwa grosze"),
        ("21.21", "dwadzieścia jeden złotych dwadzieścia jeden groszy"),
        ("22.00", "dwadzieścia dwa złote zero groszy"),
        ("112.12", "sto dwanaście złotych dwanaście groszy"),
        ("1000001.01", "milion jeden złotych jeden grosz"),
        ("2000000000.99", "dwa miliardy złotych dziewięćdziesiąt dziewięć groszy"),
        ("-3.50", "minus trzy złote pięćdziesiąt groszy"),
    ],
)
def test_polish(amount: str, words: str) -> None:
    assert amount_in_words(Decimal(amount), "pl") == words


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("1.00", "one zloty and zero groszy"),
        ("2.01", "two zlotys and one grosz"),
        ("-0.50", "minus zero zlotys and fifty groszy"),
    ],
)
def test_english(amount: str, words: str) -> None:
    assert amount_in_words(Decimal(amount), "en") == words


def test_more_than_two_decimals_are_refused() -> None:
    with pytest.raises(ValueError, match="decimals"):
        amount_in_words(Decimal("1.005"), "pl")


def test_shared_vectors(vector: Callable[[str], str]) -> None:
    rows = list(csv.DictReader(vector("amounts-in-words.tsv").splitlines(), delimiter="\t"))
    ours = [row for row in rows if row["lang"] in ("pl", "en")]
    assert len(ours) > 20
    for row in ours:
        assert amount_in_words(Decimal(row["amount"]), row["lang"], row["currency"]) == row["words"], row
