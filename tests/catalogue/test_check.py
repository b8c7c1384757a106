"""Faults of an item's card, all at once at their fields (bad input; BAR-02; GOL-28)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from crm_desktop.catalogue.rules.check import check, check_group_name
from crm_desktop.catalogue.rules.model import Item, Unit, VatRate
from crm_desktop.core.i18n import tell

RATES = [VatRate("23", Decimal(23), date(2011, 1, 1)), VatRate("zw", None, date(2011, 1, 1))]
PIECE = Unit(UUID(int=1), "szt.", Decimal(1), "5901234123457")
PACK = Unit(UUID(int=2), "zgrz.", Decimal(12), "96385074")
GOOD = Item(
    UUID(int=3), code="T001", name="Woda źródlana 0,5 l", net_price=Decimal("1.2345"), gross_price=Decimal("1.52"),
    units=(PIECE, PACK),
)  # fmt: skip


def test_a_right_card() -> None:
    assert check(GOOD) == check(GOOD, RATES) == []
    own_code = replace(PIECE, barcode="ABC-00017")
    assert check(replace(GOOD, units=(own_code,), net_price=Decimal(0), gross_price=Decimal(0)), RATES) == []
    assert check(replace(GOOD, units=(replace(PIECE, barcode=""), replace(PACK, barcode=""))), RATES) == []


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"code": " "}, "code_missing", "code"),
        ({"name": ""}, "name_missing", "name"),
        ({"name": "Kubek 😀"}, "text_emoji", "name"),
        ({"name": "x" * 10_000}, "text_too_long", "name"),
        ({"vat": "24"}, "vat_unknown", "vat"),
        ({"net_price": Decimal("1.2345678")}, "price_places", "net_price"),
        ({"net_price": Decimal("-0.01")}, "price_negative", "net_price"),
        ({"net_price": Decimal("NaN")}, "number_wrong", "net_price"),
        ({"gross_price": Decimal("1.234")}, "price_places", "gross_price"),
        ({"gross_price": Decimal("1E+12")}, "price_large", "gross_price"),
        ({"notes": "a\x07"}, "text_control", "notes"),
        ({"units": ()}, "unit_missing", "units"),
        ({"units": (replace(PIECE, name=" "),)}, "unit_missing", "units.0.name"),
        ({"units": (replace(PIECE, name="a\tb"),)}, "text_control", "units.0.name"),
        ({"units": (replace(PIECE, factor=Decimal(2)),)}, "factor_base", "units.0.factor"),
        ({"units": (PIECE, replace(PACK, factor=Decimal(0)))}, "factor_range", "units.1.factor"),
        ({"units": (PIECE, replace(PACK, factor=Decimal("Infinity")))}, "factor_range", "units.1.factor"),
        ({"units": (PIECE, replace(PACK, factor=Decimal("0.0000001")))}, "factor_places", "units.1.factor"),
        ({"units": (PIECE, replace(PACK, name="szt."))}, "unit_twice", "units.1.name"),
        ({"units": (PIECE, replace(PACK, barcode=PIECE.barcode))}, "barcode_twice", "units.1.barcode"),
        ({"units": (replace(PIECE, barcode="5901234123458"),)}, "barcode_check", "units.0.barcode"),
        ({"units": (replace(PIECE, barcode="96385075"),)}, "barcode_check", "units.0.barcode"),
        ({"units": (replace(PIECE, barcode="AB C"),)}, "barcode_wrong", "units.0.barcode"),
        ({"units": (replace(PIECE, barcode="ŁÓDŹ1"),)}, "barcode_wrong", "units.0.barcode"),
        ({"units": (replace(PIECE, barcode="1" * 49),)}, "barcode_wrong", "units.0.barcode"),
        ({"units": (replace(PIECE, barcode="1234"),)}, "barcode_short", "units.0.barcode"),
    ],
)
def test_one_fault_at_its_field(change: dict[str, Any], code: str, field: str) -> None:
    problems = check(replace(GOOD, **change), RATES)
    assert [(problem.code, problem.field) for problem in problems] == [(code, field)]
    assert problems[0].stops is (code != "barcode_short")
    assert "{" not in tell(problems[0])


def test_the_name_of_a_group() -> None:
    assert check_group_name("Napoje") == []
    assert [problem.code for problem in check_group_name("")] == ["name_missing"]
