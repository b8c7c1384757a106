"""Proving an invariant: who is the owner asks its function, who works in the program a guarded one (organisation/queries.py).

The functions stand in each slice's sql/invariants.sql and give the rows that break what the manifest declares.
"""

import time
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

import psycopg
from psycopg import sql

#: So many rows are told, however many there are.
AT_MOST = 200


@dataclass(frozen=True)
class Broken:
    """A row that breaks an invariant. record: what it is called (a document's number); found: the figures that do not fit."""

    branch_id: UUID | None
    document_id: UUID | None
    record: str
    found: str


@dataclass(frozen=True)
class Proof:
    """What became of one invariant. broken: how many rows; elsewhere: how many of them are not told, being another branch's."""

    invariant: str
    broken: int
    rows: tuple[Broken, ...] = ()
    elsewhere: int = 0
    seconds: float = 0.0


def prove(connection: psycopg.Connection[Any], invariant: str, at_most: int = AT_MOST) -> Proof:
    """As owner or superuser: all rows are seen. Raises what psycopg raises."""
    began = time.monotonic()
    function = sql.Identifier("code", "prove_" + invariant.replace(".", "_"))
    query = sql.SQL("select branch_id, document_id, record, found, count(*) over () from {}() order by record limit %s").format(function)
    rows = connection.execute(query, [at_most]).fetchall()
    told = tuple(Broken(*row[:4]) for row in rows)
    return Proof(invariant, cast(int, rows[0][4]) if rows else 0, told, seconds=time.monotonic() - began)
