"""Money, rounding and sharing (semantics 0.1, 0.2; ARC-08)."""

from collections.abc import Callable
from decimal import Decimal, getcontext
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_desktop.core.money import Money, spread
from crm_desktop.core.rounding import exact, places, r2, r4, up2

GROSZE = st.decimals(min_value=-(10**12), max_value=10**12, places=2)
WEIGHTS = st.lists(st.decimals(min_value=0, max_value=10**9, places=4), min_size=1, max_size=30)


@pytest.mark.parametrize(
    ("policy", "given_amount", "expected"),
    [
        (r2, "0.005", "0.01"),
        (r2, "-0.005", "-0.01"),
        (r2, "2.675", "2.68"),
        (r2, "0.00499999999999999999999999999999", "0.00"),
        (r2, "99999999999999999999999999999999.995", "100000000000000000000000000000000.00"),
        (r4, "53.744884375", "53.7449"),
        (r4, "-0.00005", "-0.0001"),
        (up2, "0.001", "0.01"),
        (up2, "-0.019", "-0.01"),
        (up2, "5.00", "5.00"),
    ],
)
def test_named_policies(policy: Callable[[Decimal], Decimal], given_amount: str, expected: Any) -> None:
    """Half away from zero, sign-symmetric; ARC-08."""
    assert str(policy(Decimal(given_amount))) == expected


@pytest.mark.parametrize(("value", "needed"), [("10", 0), ("1E+3", 0), ("1.500", 1), ("0.0000001", 7), ("0.00", 0)])
def test_places_needed(value: str, needed: int) -> None:
    assert places(Decimal(value)) == needed


def test_places_of_no_number() -> None:
    with pytest.raises(ValueError, match="NaN"):
        places(Decimal("NaN"))


def test_exact_arithmetic_is_wider_than_the_default_and_ends() -> None:
    before = getcontext().prec
    with exact():
        product = Decimal("1234567890.123456") * Decimal("999999999999.9999")
    assert product.as_tuple().digits == tuple(map(int, str(1234567890123456 * 9999999999999999)))
    assert getcontext().prec == before


@pytest.mark.parametrize(
    ("amount", "weights", "parts"),
    [
        # J-7: 1000.00 explained over rows whose commission is 2060.00 … here by the rows' own values.
        ("10.00", ["1", "1", "1"], ["3.34", "3.33", "3.33"]),
        ("-10.00", ["1", "1", "1"], ["-3.34", "-3.33", "-3.33"]),
        ("0.01", ["5", "7"], ["0.00", "0.01"]),
        ("0.00", ["0", "0"], ["0.00", "0.00"]),
        ("2060.00", ["40000.00", "27400.33", "14999.67"], ["1000.00", "685.01", "374.99"]),
        ("0.26", ["1.07", "1.07", "1.07"], ["0.09", "0.09", "0.08"]),
        ("1.00", ["-1", "-3"], ["0.25", "0.75"]),
        ("5.00", ["3", "-1"], ["7.50", "-2.50"]),
    ],
)
def test_spread_by_largest_fraction(amount: str, weights: list[str], parts: list[str]) -> None:
    assert [str(part) for part in spread(Decimal(amount), [Decimal(w) for w in weights])] == parts


def test_spread_ties_go_to_the_larger_weight_then_the_smaller_key() -> None:
    # 0.05 over 1, 1, 3: shares 0.01, 0.01, 0.03 exactly; 0.03 over 1, 1 leaves one grosz to the smaller key.
    assert spread(Decimal("0.03"), [Decimal(1), Decimal(1)], ["B", "A"]) == [Decimal("0.01"), Decimal("0.02")]
    # Fractions 0.5 and 0.5 of weights 1 and 3: the larger weight wins although its key is later.
    assert spread(Decimal("0.02"), [Decimal(1), Decimal(3)], ["A", "B"]) == [Decimal("0.00"), Decimal("0.02")]


@pytest.mark.parametrize(("amount", "weights"), [("0.01", ["0", "0"]), ("0.01", []), ("0.001", ["1"])])
def test_spread_refuses_what_cannot_be_shared(amount: str, weights: list[str]) -> None:
    with pytest.raises(ValueError, match=r"weight|grosze"):
        spread(Decimal(amount), [Decimal(w) for w in weights])


@given(GROSZE, WEIGHTS)
def test_spread_loses_no_grosz(amount: Decimal, weights: list[Decimal]) -> None:
    """The parts always sum to the amount, and none is a whole grosz off its exact share."""
    total = sum(weights)
    if not total:
        weights = [Decimal(1)] * len(weights)
        total = Decimal(len(weights))
    parts = spread(amount, weights)
    assert sum(parts) == amount
    with exact():
        assert all(abs(part - amount * w / total) < Decimal("0.01") for part, w in zip(parts, weights, strict=True))
    assert spread(-amount, weights) == [-part for part in parts]


@given(GROSZE, st.lists(st.integers(1, 10**6), min_size=1, max_size=12), st.randoms(use_true_random=False))
def test_spread_does_not_depend_on_the_order_of_arrival(amount: Decimal, weights: list[int], chance: Random) -> None:
    """Semantics 0.5: with business keys any order of lines gives each key the same share."""
    keyed = [(Decimal(w), key) for key, w in enumerate(weights)]
    shuffled = keyed[:]
    chance.shuffle(shuffled)

    def by_key(rows: Any) -> dict[int, Decimal]:
        parts = spread(amount, [w for w, _ in rows], [key for _, key in rows])
        return {key: part for (_, key), part in zip(rows, parts, strict=True)}

    assert by_key(keyed) == by_key(shuffled)


def test_money_keeps_currencies_apart() -> None:
    ten, euro = Money(Decimal("10.00")), Money(Decimal("1.00"), "EUR")
    assert ten + Money(Decimal("0.05")) == Money(Decimal("10.05"))
    assert ten - Money(Decimal("0.05")) == Money(Decimal("9.95"))
    assert -ten == Money(Decimal("-10.00"))
    assert (ten * Decimal("0.12345")).rounded() == Money(Decimal("1.23"))
    assert ten * 2 == Money(Decimal("20.00"))
    assert Money(Decimal("9.00")) < ten <= Money(Decimal("10.00"))
    assert ten.spread([Decimal(1), Decimal(2)]) == (Money(Decimal("3.33")), Money(Decimal("6.67")))
    for act in (lambda: ten + euro, lambda: ten - euro, lambda: ten < euro, lambda: ten <= euro):
        with pytest.raises(ValueError, match="PLN meets EUR"):
            act()
