"""Values of declared settings: from JSON or a field to their type, or the problem."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from crm_desktop.core.i18n import N_
from crm_desktop.core.module import Scope, Setting
from crm_desktop.core.problem import Problem

# Narrow to wide: the first that has a value wins.
ORDER = (Scope.WORKSTATION, Scope.EMPLOYEE, Scope.BRANCH, Scope.COMPANY)


def parse_setting(setting: Setting, value: Any) -> Any:
    """`value` (from JSON, or a text typed into a field) in the setting's type, or a Problem at the setting's key.

    bool, int, str, Decimal and date are the types that a setting may have; another type raises KeyError, a fault of
    the manifest. Decimals travel as texts, dates as YYYY-MM-DD; numbers with a point in JSON (binary) are refused.
    """
    read = _READ[setting.type]
    try:
        return read(value)
    except (ValueError, InvalidOperation):
        message = N_("“{value}” cannot be the value of this setting.")
        return Problem("setting_wrong", setting.key, message, {"value": str(value)[:40]})


def stored(value: Any) -> Any:
    """The value as JSON keeps it; `parse_setting` reads it back."""
    return value if isinstance(value, (bool, int, str)) else str(value)


def value_of(setting: Setting, values: Mapping[Scope, Any]) -> Any:
    """The narrowest value that can be read, else the default: a broken stored value must not stop the desk."""
    for scope in ORDER:
        if scope in values:
            value = parse_setting(setting, values[scope])
            if not isinstance(value, Problem):
                return value
    return setting.default


def _truth(value: Any) -> bool:
    known = {True: True, False: False, "true": True, "false": False, "1": True, "0": False}
    if isinstance(value, (bool, str)) and value in known:
        return known[value]
    raise ValueError(value)


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        raise ValueError(value)
    return int(value)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(value)
    return value


def _decimal(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, (int, str, Decimal)):
        raise ValueError(value)
    number = Decimal(value.strip().replace(",", ".") if isinstance(value, str) else value)
    if not number.is_finite():
        raise ValueError(value)
    return number


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(_text(value))


_READ: dict[type, Callable[[Any], Any]] = {bool: _truth, int: _whole, str: _text, Decimal: _decimal, date: _day}
