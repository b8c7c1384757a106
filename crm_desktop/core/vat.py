"""VAT of one rate, from net and from gross (art. 106e(1) and (7)–(8) of the VAT act; rounding art. 106e(11))."""

from decimal import Decimal
from typing import NamedTuple

from crm_desktop.core.rounding import exact, r2


class Vat(NamedTuple):
    """Net, tax and gross of one rate, each to the grosz; net + tax = gross."""

    net: Decimal
    tax: Decimal
    gross: Decimal


def from_net(net: Decimal, percent: Decimal | None) -> Vat:
    """tax = r2(net × percent / 100). `net` is the rate's whole sum in whole grosze; percent None (zw, np, oo): no tax.

    >>> from_net(Decimal("3.21"), Decimal(8))
    Vat(net=Decimal('3.21'), tax=Decimal('0.26'), gross=Decimal('3.47'))
    """
    net = r2(net)
    with exact():
        tax = r2(net * percent / 100) if percent else _ZERO
        return Vat(net, tax, net + tax)


def from_gross(gross: Decimal, percent: Decimal | None) -> Vat:
    """tax = r2(gross × percent / (100 + percent)), net = gross − tax (the "in hundred" formula).

    >>> from_gross(Decimal("14.97"), Decimal(23))
    Vat(net=Decimal('12.17'), tax=Decimal('2.80'), gross=Decimal('14.97'))
    """
    gross = r2(gross)
    with exact():
        tax = r2(gross * percent / (100 + percent)) if percent else _ZERO
        return Vat(gross - tax, tax, gross)


_ZERO = Decimal("0.00")
