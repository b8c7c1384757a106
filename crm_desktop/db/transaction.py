"""A transaction as services see it: asks travel together, writes wait for the last message, nothing commits here.

Round trips are the budget: BEGIN, `begin_operation` and all questions asked before the first answer is wanted are one; all writes,
the closing function and COMMIT are another (psycopg's pipeline).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Generic, TypeVar, cast, overload
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg
from psycopg.types.json import Jsonb
from sqlalchemy import Executable, Table

from crm_desktop.core.errors import CrmError
from crm_desktop.db.rows import to_json
from crm_desktop.db.statements import bound, insert_of, text_of

T = TypeVar("T")
WARSAW = ZoneInfo("Europe/Warsaw")
_NOTHING: Mapping[str, Any] = MappingProxyType({})


class NotFound(CrmError):
    """A record that was asked for by its key does not exist, or the employee may not see it."""


@dataclass(frozen=True)
class Who:
    """In whose name the connection works. For a workstation's login `employee_id` is None and nothing is permitted."""

    employee_id: UUID | None
    login: str
    name: str
    branches: tuple[UUID, ...]
    permissions: frozenset[str]
    workstation_id: UUID | None = None

    def may(self, permission: str) -> bool:
        """Whether a role of hers holds the permission; "" is always allowed."""
        return not permission or permission in self.permissions


class Answer(Generic[T]):
    """An answer on its way. Wanting it sends everything that waits and is the one wait for the server."""

    def __init__(self, cursor: psycopg.Cursor[Any], pipeline: psycopg.Pipeline, into: Callable[..., T]) -> None:
        self._cursor, self._pipeline, self._into = cursor, pipeline, into

    def all(self) -> list[T]:
        """All rows."""
        return [self._into(*row) for row in self._arrived().fetchall()]

    def maybe(self) -> T | None:
        """The first row, or None."""
        row = self._arrived().fetchone()
        return None if row is None else self._into(*row)

    def one(self) -> T:
        """The first row. Raises NotFound where there is none."""
        row = self._arrived().fetchone()
        if row is None:
            raise NotFound("no such record")
        return self._into(*row)

    def _arrived(self) -> psycopg.Cursor[Any]:
        # A sync, not psycopg's flush: only a server that has been synced counts the client as idle and ends its transaction when
        # the client falls silent (idle_in_transaction_session_timeout). A flushed one would hold its locks for ever.
        if self._cursor.pgresult is None:
            self._pipeline.sync()
        return self._cursor


class Later(Generic[T]):
    """The result of a service's last act, which travels with COMMIT. Whoever looks at a field before that waits for it."""

    def __init__(self, answer: Answer[T]) -> None:
        self._answer = answer
        self._found: T | None = None

    @property
    def value(self) -> T:
        """The result itself."""
        if self._found is None:
            self._found = self._answer.one()
        return self._found

    def __getattr__(self, name: str) -> Any:
        return getattr(self.value, name)


def _same(*columns: Any) -> Any:
    return columns[0] if len(columns) == 1 else columns


class Transaction:
    """What a query or service function gets as `tx`. Made by db/database.py only."""

    def __init__(
        self, connection: psycopg.Connection[Any], pipeline: psycopg.Pipeline, who: Who, begin: Answer[tuple[date, datetime]] | None
    ) -> None:
        self._connection, self._pipeline, self.who, self._begin = connection, pipeline, who, begin
        self._clock: tuple[date, datetime] | None = None
        self.events: list[object] = []

    @property
    def today(self) -> date:
        """The server's date in Warsaw at the transaction's start."""
        return self._times()[0]

    @property
    def now(self) -> datetime:
        """The server's time at the transaction's start, Europe/Warsaw."""
        return self._times()[1].astimezone(WARSAW)

    def _times(self) -> tuple[date, datetime]:
        if self._clock is None:
            answer = self._begin or self.call("clock")
            self._clock = answer.one()
        return self._clock

    @overload
    def ask(self, statement: Executable, parameters: Mapping[str, Any] = ...) -> Answer[Any]: ...

    @overload
    def ask(self, statement: Executable, parameters: Mapping[str, Any] = ..., into: Callable[..., T] = ...) -> Answer[T]: ...

    def ask(self, statement: Executable, parameters: Mapping[str, Any] = _NOTHING, into: Callable[..., Any] = _same) -> Answer[Any]:
        """Ask; `into` is called with the columns of each row in order (a dataclass whose fields stand in the same order)."""
        text, values = text_of(statement, parameters)
        return Answer(self._connection.execute(text, values), self._pipeline, into)

    @overload
    def call(self, function: str, *arguments: Any) -> Answer[Any]: ...

    @overload
    def call(self, function: str, *arguments: Any, into: Callable[..., T]) -> Answer[T]: ...

    def call(self, function: str, *arguments: Any, into: Callable[..., Any] = _same) -> Answer[Any]:
        """Call a function of schema `code`; the name is the program's own, the arguments are bound."""
        places = ", ".join(["%s"] * len(arguments))
        text = f"select * from code.{function}({places})"
        return Answer(self._connection.execute(text, [bound(a) for a in arguments]), self._pipeline, into)

    def last(self, into: Callable[..., T], function: str, *arguments: Any, gives: Sequence[str], **known: Any) -> T:
        """Call the function that ends the act, without waiting for it: a lock that it takes is held for no round trip.

        gives: the fields of the result that its columns are, in order; known: the other fields. The service returns what this gives
        as it is; `Database.change` then has the database keep the result, and gives the value itself to its caller.
        """
        places = ", ".join(["%s"] * len(arguments))
        columns = ", ".join(f"f.{name}" for name in gives)
        kept = ", ".join(f"'{name}', f.{name}" for name in gives)
        text = (
            f"select {columns}, set_config('crm.result', (jsonb_build_object({kept}) || %s)::text, true)"
            f" from code.{function}({places}) as f({', '.join(gives)})"
        )
        cursor = self._connection.execute(text, [Jsonb(to_json(known)), *(bound(a) for a in arguments)])

        def made(*found: Any) -> T:
            return into(**known, **dict(zip(gives, found, strict=False)))

        return cast(T, Later(Answer(cursor, self._pipeline, made)))

    def run(self, statement: Executable, parameters: Mapping[str, Any] = _NOTHING) -> None:
        """Queue a write. What it breaks is raised when an answer is wanted next, or at the commit."""
        text, values = text_of(statement, parameters)
        self._connection.execute(text, values)

    def insert(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        """Queue one insert of many rows that have the same columns; nothing for an empty list."""
        if rows:
            text, arrays = insert_of(table, rows)
            self._connection.execute(text, arrays)

    def record(self, event: object) -> None:
        """Tell slices above, in this same transaction (the listeners stand in their manifests)."""
        self.events.append(event)
