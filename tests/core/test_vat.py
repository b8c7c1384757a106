"""VAT of one rate (SAL-10; art. 106e VAT act; semantics D.2)."""

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_desktop.core.vat import from_gross, from_net

AMOUNT = st.decimals(min_value=-(10**9), max_value=10**9, places=2)
PERCENT = st.sampled_from([None, *map(Decimal, ("0", "3", "5", "8", "23"))])


@pytest.mark.parametrize(
    ("net", "percent", "tax", "gross"),
    [
        ("3.21", "8", "0.26", "3.47"),  # D-1
        ("149.97", "23", "34.49", "184.46"),  # D-3
        ("83.20", "8", "6.66", "89.86"),
        ("60.00", None, "0.00", "60.00"),
        ("0.10", "5", "0.01", "0.11"),
        ("-1.50", "23", "-0.35", "-1.85"),
        ("13560", "23", "3118.80", "16678.80"),
        ("999999999999.99", "23", "230000000000.00", "1229999999999.99"),
    ],
)
def test_from_net(net: str, percent: Any, tax: str, gross: str) -> None:
    result = from_net(Decimal(net), None if percent is None else Decimal(percent))
    assert (str(result.tax), str(result.gross)) == (tax, gross)


@pytest.mark.parametrize(
    ("gross", "percent", "tax", "net"),
    [
        ("14.97", "23", "2.80", "12.17"),  # D-2
        ("0.05", "23", "0.01", "0.04"),
        ("20000", "23", "3739.84", "16260.16"),
        ("-200", "23", "-37.40", "-162.60"),
        ("10.00", "8", "0.74", "9.26"),
        ("0.01", "23", "0.00", "0.01"),
        ("7.00", None, "0.00", "7.00"),
        ("35.46", "23", "6.63", "28.83"),  # M-9
    ],
)
def test_from_gross(gross: str, percent: Any, tax: str, net: str) -> None:
    result = from_gross(Decimal(gross), None if percent is None else Decimal(percent))
    assert (str(result.tax), str(result.net)) == (tax, net)


def test_shared_vectors(vector: Callable[[str], str]) -> None:
    data = json.loads(vector("vat-arithmetic.json"))
    for row in data["from_net"]:
        result = from_net(Decimal(row["net"]), Decimal(row["rate"]))
        assert (result.tax, result.gross) == (Decimal(row["vat"]), Decimal(row["gross"])), row
    for row in data["from_gross"]:
        result = from_gross(Decimal(row["gross"]), Decimal(row["rate"]))
        assert (result.tax, result.net) == (Decimal(row["vat"]), Decimal(row["net"])), row


@given(AMOUNT, PERCENT)
def test_parts_add_up_and_signs_are_symmetric(amount: Decimal, percent: Any) -> None:
    for formula in (from_net, from_gross):
        one, other = formula(amount, percent), formula(-amount, percent)
        assert one.net + one.tax == one.gross
        assert (other.net, other.tax, other.gross) == (-one.net, -one.tax, -one.gross)


@given(AMOUNT, PERCENT)
def test_gross_of_a_net_gives_back_its_tax_within_a_grosz(amount: Decimal, percent: Any) -> None:
    result = from_net(amount, percent)
    assert abs(from_gross(result.gross, percent).tax - result.tax) <= Decimal("0.01")
