"""SQLAlchemy Core statements as text and parameters for psycopg, compiled once for those that live in a module."""

import json
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

from psycopg.types.json import Jsonb
from sqlalchemy import Executable, Table
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ClauseElement

DIALECT = PGDialect_psycopg()  # type: ignore[no-untyped-call]


@lru_cache(maxsize=1024)
def _compiled(statement: ClauseElement) -> SQLCompiler:
    compiled = statement.compile(dialect=DIALECT)
    assert isinstance(compiled, SQLCompiler)
    return compiled


def text_of(statement: Executable, parameters: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """The SQL with `%(name)s` places, and the value of each place."""
    compiled = _compiled(statement)
    values = compiled.construct_params(dict(parameters))
    return str(compiled), {name: bound(value) for name, value in values.items()}


def bound(value: Any) -> Any:
    """A parameter as psycopg wants it: plain containers of a JSON column are wrapped, all else goes as it is."""
    return Jsonb(value) if isinstance(value, dict) else value


@cache
def _insert_text(table: Table, columns: tuple[str, ...]) -> str:
    places = ", ".join(f"%s::{table.c[name].type.compile(DIALECT)}[]" for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    return f"insert into {table.fullname} ({names}) select * from unnest({places})"


def insert_of(table: Table, rows: Sequence[Mapping[str, Any]]) -> tuple[str, list[str]]:
    """One insert for many rows: an array a column, so that the text does not depend on how many rows there are."""
    columns = tuple(rows[0])
    return _insert_text(table, columns), [array_text([row[name] for row in rows]) for name in columns]


def array_text(values: Sequence[Any]) -> str:
    """The values as PostgreSQL reads an array (manual, 8.15.6). psycopg's own way looks at the type of each and takes five times as long.

    >>> array_text(["a", None, 'say "no"'])
    '{"a",NULL,"say \\\\"no\\\\""}'
    """
    return "{" + ",".join(map(_element, values)) + "}"


def _element(value: Any) -> str:
    if value is None:
        return "NULL"
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, (dict, list)) else str(value)
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
