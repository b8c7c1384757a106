"""Values of declared settings (NBR-08)."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from crm_desktop.core.i18n import tell
from crm_desktop.core.module import Scope, Setting
from crm_desktop.core.problem import Problem
from crm_desktop.organisation.rules.settings import parse_setting, stored, value_of


def setting(kind: type, default: Any = None) -> Setting:
    return Setting("organisation.word", kind, default, Scope.COMPANY, "Some title")


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        (bool, True, True),
        (bool, "false", False),
        (bool, "1", True),
        (int, 7, 7),
        (int, " 7 ", 7),
        (str, "pl", "pl"),
        (Decimal, "0,25", Decimal("0.25")),
        (Decimal, 3, Decimal(3)),
        (Decimal, Decimal("1.5"), Decimal("1.5")),
        (date, "2027-01-01", date(2027, 1, 1)),
        (date, date(2027, 1, 1), date(2027, 1, 1)),
    ],
)
def test_read(kind: type, value: Any, expected: Any) -> None:
    got = parse_setting(setting(kind), value)
    assert got == expected
    assert type(got) is kind
    assert parse_setting(setting(kind), stored(got)) == got


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        *((bool, "maybe"), (bool, 2), (bool, None), (bool, 1)),
        *((int, "x"), (int, True), (int, 1.5), (int, "1.5")),
        *((str, 5), (str, None)),
        *((Decimal, "x"), (Decimal, 0.1), (Decimal, "NaN"), (Decimal, True)),
        *((date, "1.1.2027"), (date, 5)),
    ],
)
def test_refused(kind: type, value: Any) -> None:
    """ARC-08: a binary fraction is no Decimal setting."""
    got = parse_setting(setting(kind), value)
    assert isinstance(got, Problem)
    assert (got.code, got.field) == ("setting_wrong", "organisation.word")
    assert "{" not in tell(got)


def test_a_type_that_no_setting_may_have_is_a_fault_of_the_manifest() -> None:
    with pytest.raises(KeyError):
        parse_setting(setting(float), 1.0)


def test_the_narrowest_value_wins() -> None:
    days = setting(int, 14)
    assert value_of(days, {}) == 14
    assert value_of(days, {Scope.COMPANY: 7}) == 7
    assert value_of(days, {Scope.COMPANY: 7, Scope.BRANCH: 5}) == 5
    assert value_of(days, {Scope.COMPANY: 7, Scope.EMPLOYEE: 3, Scope.WORKSTATION: 1}) == 1
    assert value_of(days, {Scope.COMPANY: 7, Scope.BRANCH: "broken"}) == 7
