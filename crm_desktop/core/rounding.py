"""The named rounding policies (semantics 0.1). Nothing else in the program rounds money.

Half goes away from zero, so a correction of −0.005 undoes 0.005. Between two named rounding points values are exact:
wrap arithmetic in `with exact():`, where products and sums of any length that can be typed lose no digit.
"""

from contextlib import AbstractContextManager
from decimal import ROUND_CEILING, ROUND_HALF_UP, Context, Decimal, localcontext

_EXACT = Context(prec=80, rounding=ROUND_HALF_UP)
_CENT, _FOURTH = Decimal("0.01"), Decimal("0.0001")


def exact() -> AbstractContextManager[Context]:
    """Arithmetic of 80 digits; divisions are far beyond the 28 digits that semantics 0.1 asks for."""
    return localcontext(_EXACT)


def r2(amount: Decimal) -> Decimal:
    """To 0.01, half away from zero.

    >>> r2(Decimal("2.345")), r2(Decimal("-2.345"))
    (Decimal('2.35'), Decimal('-2.35'))
    """
    return amount.quantize(_CENT, ROUND_HALF_UP, _EXACT)


def r4(amount: Decimal) -> Decimal:
    """To 0.0001, half away from zero."""
    return amount.quantize(_FOURTH, ROUND_HALF_UP, _EXACT)


def up2(amount: Decimal) -> Decimal:
    """To 0.01 towards plus infinity: a floor price never falls below its exact value.

    >>> up2(Decimal("1.001")), up2(Decimal("-1.009"))
    (Decimal('1.01'), Decimal('-1.00'))
    """
    return amount.quantize(_CENT, ROUND_CEILING, _EXACT)


def places(value: Decimal) -> int:
    """How many decimals the value needs: 1.500 needs one, 10 needs none. NaN and infinity raise ValueError."""
    if not value.is_finite():
        raise ValueError(value)
    exponent = value.normalize(_EXACT).as_tuple().exponent
    return max(0, -int(exponent))
