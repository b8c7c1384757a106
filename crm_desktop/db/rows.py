"""Values to JSON and back, by their types: the stored result of an operation, snapshots, receipts.

Only what the program's frozen dataclasses hold: str, int, bool, None, Decimal, date, datetime, UUID, enums, tuples, dataclasses.
"""

import dataclasses
import types
import typing
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any, cast
from uuid import UUID


def to_json(value: Any) -> Any:
    """A value as plain JSON data. Decimals become text, so that no digit is lost.

    Raises TypeError for a type that has no exact JSON form (a float, for one).
    """
    if value is None or (isinstance(value, (str, bool, int)) and not isinstance(value, Enum)):
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (Decimal, UUID)):
        return str(value)
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return [to_json(part) for part in value]
    if isinstance(value, dict):
        return {str(key): to_json(part) for key, part in value.items()}
    if dataclasses.is_dataclass(value):
        return {f.name: to_json(getattr(value, f.name)) for f in dataclasses.fields(value)}
    raise TypeError(f"no exact JSON form: {type(value).__name__}")


def from_json(wanted: Any, data: Any) -> Any:
    """The value of type `wanted` that `to_json` gave as `data`."""
    origin = typing.get_origin(wanted)
    if data is None or wanted is Any or wanted is None:
        return data
    if origin in (typing.Union, types.UnionType):
        return from_json(next(part for part in typing.get_args(wanted) if part is not type(None)), data)
    if origin in (tuple, list):
        part = typing.get_args(wanted)[0]
        return origin(from_json(part, element) for element in data)
    if origin is dict:
        key, part = typing.get_args(wanted)
        return {from_json(key, k): from_json(part, v) for k, v in data.items()}
    if dataclasses.is_dataclass(wanted):
        hints = _hints(cast(type, wanted))
        return cast(Any, wanted)(**{name: from_json(hints[name], element) for name, element in data.items() if name in hints})
    if wanted in (date, datetime):
        return wanted.fromisoformat(data)
    if wanted in (Decimal, UUID) or (isinstance(wanted, type) and issubclass(wanted, Enum)):
        return wanted(data)
    return data


@cache
def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind)
