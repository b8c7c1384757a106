"""All that is wrong with an item's card, said at once at its fields."""

from collections.abc import Sequence
from decimal import Decimal

from crm_desktop.catalogue.rules.model import Item, Unit, VatRate
from crm_desktop.core.i18n import N_
from crm_desktop.core.identifiers import ean_valid
from crm_desktop.core.problem import Problem, Severity
from crm_desktop.core.rounding import places
from crm_desktop.core.text import CODE, NAME, SHORT, check_name, check_notes

PRICE_END = Decimal(10) ** 12  # numeric(18,6)
FACTOR_END = Decimal(10) ** 10  # numeric(16,6)
BARCODE = 48  # the longest code that GS1-128 labels carry


def check(item: Item, rates: Sequence[VatRate] | None = None) -> list[Problem]:
    """Every problem of the card; empty when it may be saved. `rates` are all known rates; None leaves VAT unjudged.

    Prices have up to 4 decimals net (PRC-06) and 2 gross, because fiscal devices count in grosze.
    """
    problems = []
    for field, text, limit in (("code", item.code, CODE), ("name", item.name, NAME)):
        if not text.strip():
            message = N_("The code is missing.") if field == "code" else N_("The name is missing.")
            problems.append(Problem(f"{field}_missing", field, message))
        problems += check_name(text, field, limit)
    if rates is not None and item.vat not in {rate.code for rate in rates}:
        message = N_("There is no VAT rate “{rate}”.")
        problems.append(Problem("vat_unknown", "vat", message, {"rate": item.vat[:20]}))
    problems += check_price(item.net_price, "net_price", 4)
    problems += check_price(item.gross_price, "gross_price", 2)
    problems += _units(item)
    return problems + check_notes(item.notes, "notes")


def check_price(price: Decimal, field: str, allowed: int) -> list[Problem]:
    """A price of 0 is a price; below 0, above 12 digits or with more than `allowed` decimals it is refused."""
    if not price.is_finite():
        return [Problem("number_wrong", field, N_("“{text}” is not a number."), {"text": str(price)})]
    problems = []
    if price < 0:
        problems.append(Problem("price_negative", field, N_("The price is below 0.")))
    if price >= PRICE_END:
        problems.append(Problem("price_large", field, N_("The price is too large.")))
    if places(price) > allowed:
        message = N_("The price has {given} decimal places, at most {places} are allowed.")
        problems.append(Problem("price_places", field, message, {"given": places(price), "places": allowed}))
    return problems


def check_group_name(name: str) -> list[Problem]:
    """Problems of a group's name, at field "name"."""
    missing = [] if name.strip() else [Problem("name_missing", "name", N_("The name is missing."))]
    return missing + check_name(name, "name", SHORT)


def _units(item: Item) -> list[Problem]:
    if not item.units:
        return [Problem("unit_missing", "units", N_("An item needs at least its base unit."))]
    problems = []
    names: set[str] = set()
    codes: set[str] = set()
    for place, unit in enumerate(item.units):
        at = f"units.{place}"
        problems += _unit(unit, at, place)
        if unit.name and unit.name in names:
            message = N_("This item has a unit of this name already.")
            problems.append(Problem("unit_twice", f"{at}.name", message))
        if unit.barcode and unit.barcode in codes:
            message = N_("This item has this bar code already.")
            problems.append(Problem("barcode_twice", f"{at}.barcode", message))
        names.add(unit.name)
        codes.add(unit.barcode)
    return problems


def _unit(unit: Unit, at: str, place: int) -> list[Problem]:
    problems = check_name(unit.name, f"{at}.name", SHORT)
    if not unit.name.strip():
        problems.append(Problem("unit_missing", f"{at}.name", N_("The unit is missing.")))
    factor = unit.factor
    if not factor.is_finite() or not 0 < factor < FACTOR_END:
        problems.append(Problem("factor_range", f"{at}.factor", N_("A package holds more than 0 base units.")))
    elif place == 0 and factor != 1:
        problems.append(Problem("factor_base", f"{at}.factor", N_("The first unit is the base unit: its factor is 1.")))
    elif places(factor) > 6:
        message = N_("At most {places} decimal places are allowed.")
        problems.append(Problem("factor_places", f"{at}.factor", message, {"places": 6}))
    return problems + _barcode(unit.barcode, f"{at}.barcode")


def _barcode(barcode: str, field: str) -> list[Problem]:
    """Digits of EAN length must check; other codes are a firm's own and only have to be scannable."""
    if not barcode:
        return []
    if not (barcode.isascii() and barcode.isprintable()) or " " in barcode or len(barcode) > BARCODE:
        message = N_("A bar code has up to {limit} letters and digits without spaces.")
        return [Problem("barcode_wrong", field, message, {"limit": BARCODE})]
    if barcode.isdigit() and len(barcode) in (8, 13) and not ean_valid(barcode):
        return [Problem("barcode_check", field, N_("The check digit of this EAN code is wrong."))]
    if barcode.isdigit() and len(barcode) < 5:
        message = N_("A bar code this short is easily typed by chance.")
        return [Problem("barcode_short", field, message, severity=Severity.WARNING)]
    return []
