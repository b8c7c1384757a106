"""The sums of a document. Pure and fast: it runs at every key-stroke (semantics D.1–D.4, art. 106e VAT act)."""

from collections.abc import Mapping
from decimal import Decimal

from crm_desktop.core.money import spread
from crm_desktop.core.rounding import exact, r2
from crm_desktop.core.vat import Vat, from_gross, from_net
from crm_desktop.documents.rules.model import Draft, Line, LineAmounts, Method, RateTotal, Totals

_ZERO = Decimal("0.00")


def totals(draft: Draft, rates: Mapping[str, Decimal | None]) -> Totals:
    """All sums of the draft in its currency, each to the grosz.

    `rates` maps a VAT code to its per cent on the sale date (`percents`), None where no tax is computed. A code that is
    not there counts as untaxed: `validity.check` refuses such a document, but its sums must be shown meanwhile.
    Line value = r2(quantity × price) − r2(of that × discount %). Tax is computed once per rate on the sum of the rate's
    lines by the kind's method; the lines' tax is that tax spread over them (semantics 0.2, D.3), so columns add up.
    The highest rate stands first.
    """
    with exact():
        values = [_value(line) for line in draft.lines]
        places: dict[str, list[int]] = {}
        for place, line in enumerate(draft.lines):
            places.setdefault(line.vat, []).append(place)
        from_net_prices = draft.kind.method is Method.NET
        lines: list[LineAmounts] = [_NO_AMOUNTS] * len(values)
        rows = []
        for code in sorted(places, key=lambda code: _order(code, rates.get(code))):
            members = places[code]
            whole = sum((values[place][0] for place in members), _ZERO)
            vat = from_net(whole, rates.get(code)) if from_net_prices else from_gross(whole, rates.get(code))
            rows.append(RateTotal(code, *vat))
            for place, tax in zip(members, _line_taxes(draft, values, members, vat), strict=True):
                value, discount = values[place]
                net, gross = (value, value + tax) if from_net_prices else (value - tax, value)
                lines[place] = LineAmounts(value, discount, net, tax, gross)
        return Totals(
            sum((row.net for row in rows), _ZERO),
            sum((row.tax for row in rows), _ZERO),
            sum((row.gross for row in rows), _ZERO),
            tuple(rows),
            tuple(lines),
        )


def _order(code: str, percent: Decimal | None) -> tuple[bool, Decimal, str]:
    """Rates stand on every document alike: the highest first, what bears no tax last."""
    return percent is None, -(percent or _ZERO), code


def line_value(line: Line) -> Decimal:
    """The line's value after its discount, in the document's basis, to the grosz."""
    with exact():
        return _value(line)[0]


def _value(line: Line) -> tuple[Decimal, Decimal]:
    """Value after discount, and the discount's amount."""
    full = r2(line.quantity * line.price)
    discount = r2(full * line.discount / 100) if line.discount else _ZERO
    return full - discount, discount


def _line_taxes(draft: Draft, values: list[tuple[Decimal, Decimal]], members: list[int], vat: Vat) -> list[Decimal]:
    if not vat.tax:
        return [_ZERO] * len(members)
    lines = draft.lines
    keys = [(lines[place].code, lines[place].price) for place in members]
    return spread(vat.tax, [values[place][0] for place in members], keys)


_NO_AMOUNTS = LineAmounts(_ZERO, _ZERO, _ZERO, _ZERO, _ZERO)
