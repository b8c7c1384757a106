"""An amount with its currency, and the sharing of an amount without losing a grosz."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from crm_desktop.core.rounding import exact, r2


@dataclass(frozen=True)
class Money:
    """`amount` in whole and hundredth units of `currency` (ISO 4217), not rounded by arithmetic.

    Adding, subtracting or comparing two currencies raises ValueError: a forgotten conversion must not pass.
    """

    amount: Decimal
    currency: str = "PLN"

    def __add__(self, other: "Money") -> "Money":
        with exact():
            return Money(self.amount + self._same(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        with exact():
            return Money(self.amount - self._same(other), self.currency)

    def __neg__(self) -> "Money":
        return Money(self.amount.copy_negate(), self.currency)

    def __mul__(self, factor: Decimal | int) -> "Money":
        with exact():
            return Money(self.amount * factor, self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.amount < self._same(other)

    def __le__(self, other: "Money") -> bool:
        return self.amount <= self._same(other)

    def rounded(self) -> "Money":
        """To 0.01, half away from zero."""
        return Money(r2(self.amount), self.currency)

    def spread(self, weights: Sequence[Decimal], keys: Sequence[Any] | None = None) -> tuple["Money", ...]:
        """Shares in proportion to `weights` that sum to this amount; see `spread`."""
        return tuple(Money(part, self.currency) for part in spread(self.amount, weights, keys))

    def _same(self, other: "Money") -> Decimal:
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} meets {other.currency}")
        return other.amount


def spread(amount: Decimal, weights: Sequence[Decimal], keys: Sequence[Any] | None = None) -> list[Decimal]:
    """Share `amount` (at most 2 decimals) in proportion to `weights`, by the largest fraction (semantics 0.2).

    Each share is cut down to whole grosze; the missing grosze go one each to the largest cut-off fractions, ties to the
    larger weight, then to the smaller of `keys` (any orderable business key; without it the earlier place). A negative
    amount is shared as its absolute value with the signs changed. The shares always sum to `amount`.
    Raises ValueError when the weights sum to zero and the amount does not, or when the amount has more than 2 decimals.

    >>> spread(Decimal("1000.00"), [Decimal(40000), Decimal("27400.33"), Decimal("14999.67")])
    [Decimal('485.44'), Decimal('332.53'), Decimal('182.03')]
    """
    grosze = int(amount.scaleb(2))
    if Decimal(grosze).scaleb(-2) != amount:
        raise ValueError(f"{amount} is not in whole grosze")
    if not grosze:
        return [Decimal("0.00")] * len(weights)
    whole = _integers(weights)
    total = sum(whole)
    if not total:
        raise ValueError("no weight to share by")
    sign = 1 if total > 0 else -1
    due = abs(grosze)
    shares, fractions = [], []
    for weight in whole:
        share, fraction = divmod(due * weight * sign, total * sign)
        shares.append(share)
        fractions.append(fraction)
    missing = due - sum(shares)
    if missing:
        places = range(len(whole))
        order = sorted(places, key=lambda i: (-fractions[i], -whole[i] * sign, keys[i] if keys else i, i))
        for place in order[:missing]:
            shares[place] += 1
    turn = 1 if grosze > 0 else -1
    return [Decimal(turn * share).scaleb(-2) for share in shares]


def _integers(weights: Sequence[Decimal]) -> list[int]:
    """The weights times one common power of ten, so that sharing needs no rounded division."""
    shift = max((-int(weight.as_tuple().exponent) for weight in weights), default=0)
    return [int(weight.scaleb(shift)) for weight in weights]
