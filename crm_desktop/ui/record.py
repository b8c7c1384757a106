"""Fields of frozen records by dotted paths ("address.city"), and widgets that show them, whatever their kind."""

import dataclasses
import types
import typing
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, TypeVar

from PySide6.QtWidgets import QAbstractButton, QComboBox, QPlainTextEdit, QWidget

from crm_desktop.core.i18n import _, day, decimal

T = TypeVar("T")


def read_path(record: Any, path: str) -> Any:
    """The value at a path.

    AttributeError for a path that the record does not have.
    """
    for name in path.split("."):
        record = getattr(record, name)
    return record


def with_path(record: T, path: str, value: Any) -> T:
    """The record with another value at a path."""
    name, _dot, rest = path.partition(".")
    inner = with_path(getattr(record, name), rest, value) if rest else value
    return dataclasses.replace(record, **{name: inner})  # type: ignore[type-var]


def with_values(record: T, values: dict[str, Any]) -> T:
    """The record with other values at several paths."""
    for path, value in values.items():
        record = with_path(record, path, value)
    return record


def fitting(record: Any, path: str, value: Any) -> Any:
    """`value` as the record's field wants it: an empty text field is "", an empty number 0, a whole number an int."""
    wanted = _type_of(record.__class__, path)
    if wanted is str:
        return value or ""
    if wanted is int:
        return int(value or 0)
    if wanted is Decimal:
        return value if value is not None else Decimal(0)
    if wanted is bool:
        return bool(value)
    return value


@cache
def _type_of(record: Any, path: str) -> Any:
    name, _dot, rest = path.partition(".")
    found = typing.get_type_hints(record)[name]
    if typing.get_origin(found) in (typing.Union, types.UnionType):
        return None
    return _type_of(found, rest) if rest else found


def widget_value(widget: QWidget) -> Any:
    """What a widget says: a field's value, whether a box is ticked, the text of a note."""
    if isinstance(widget, QAbstractButton):
        return widget.isChecked()
    if isinstance(widget, QPlainTextEdit):
        return widget.toPlainText()
    return widget.value()  # type: ignore[attr-defined]


def put_value(widget: QWidget, value: Any) -> None:
    """Have a widget say a value. One that says it already is left alone, with its cursor."""
    if isinstance(widget, QAbstractButton):
        widget.setChecked(bool(value))
    elif isinstance(widget, QPlainTextEdit):
        if widget.toPlainText() != value:
            widget.setPlainText(value or "")
    else:
        widget.set_value(value)  # type: ignore[attr-defined]


def told(widget: QWidget, value: Any) -> str:
    """A value in words, as its widget would show it: for the comparison of two versions."""
    if isinstance(widget, QComboBox):
        place = next((row for row in range(widget.count()) if widget.itemData(row) == value), -1)
        return widget.itemText(place) if place >= 0 else "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Decimal):
        return decimal(value)
    if isinstance(value, date):
        return day(value)
    words = getattr(widget, "words", None)
    if callable(words):
        return str(words(value))
    return str(value) if value not in (None, "") else "–"
