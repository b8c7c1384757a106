"""Rows into an empty company at once: COPY as the superuser of the server, without triggers. Only the demo does this."""

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import Any

import psycopg
from psycopg import sql

#: What COPY's text format wants escaped.
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def copy(connection: psycopg.Connection[Any], table: str, columns: str, rows: Iterable[Sequence[Any]]) -> None:
    """Load `rows` into `table`; `columns` are their names in order, with blanks between."""
    schema, name = table.split(".")
    head = sql.SQL("copy {} ({}) from stdin").format(sql.Identifier(schema, name), sql.SQL(", ").join(map(sql.Identifier, columns.split())))
    with connection.cursor() as cursor, cursor.copy(head) as stream:
        block: list[str] = []
        for row in rows:
            block.append("\t".join(map(_text, row)))
            if len(block) == 500:
                stream.write("\n".join(block) + "\n")
                block.clear()
        if block:
            stream.write("\n".join(block) + "\n")


def _text(value: Any) -> str:
    write = _WRITERS.get(type(value))
    if write is not None:
        return write(value)
    return value.translate(_ESCAPES) if isinstance(value, str) else str(value)


#: By type; what is not here says itself (numbers, keys), texts of enums are escaped as texts.
_WRITERS: dict[type, Callable[[Any], str]] = {
    str: lambda value: value.translate(_ESCAPES),
    type(None): lambda value: "\\N",
    bool: lambda value: "t" if value else "f",
    bytes: lambda value: "\\\\x" + value.hex(),
    dict: lambda value: json.dumps(value, ensure_ascii=False).translate(_ESCAPES),
    date: date.isoformat,
    datetime: datetime.isoformat,
}
