"""What stands in a database, as texts that can be compared: the golden dump, and the parts of each table by name."""

import os
import re
import subprocess
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

import psycopg

from crm_desktop.db.embedded import binaries
from tests.support import office
from tests.support.postgres import TestServer

Rows = dict[str, str]
Parts = dict[str, Rows]

#: A month's partition of the audit comes and goes with the calendar.
_MONTH = re.compile(r"entry_\d{4}_\d\d\b")
_HEAD = re.compile(r"^-- Name: (?P<name>.+); Type: (?P<type>.+); Schema: (?P<schema>\S+); Owner: (?P<owner>\S*)$")
_NOT_NULL = re.compile(r" CONSTRAINT \w+_not_null NOT NULL")
_BODY = re.compile(r"\n    AS (\$\w*\$).*?\1;", re.DOTALL)


def dump(server: TestServer, database: str, prefix: str = office.TEMPLATE) -> str:
    """The schema as pg_dump of the server's own version tells it, in a form that is the same on 15, 17 and 18.

    Out: what names a version, a random token or a month; the bodies of functions in `code`, which stand in sql/; owners
    where they are the usual one. Group roles are called by their group: owner, keeper, employee, workstation.
    """
    login = server.server
    command = [binaries(server.version).tool("pg_dump"), "--schema-only", "--dbname", database]
    command += ["--host", login.host, "--port", str(login.port), "--username", login.superuser]
    environment = {**os.environ, "PGPASSWORD": login.password, "LC_ALL": "C"}
    said = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    return normalised(said, prefix)


def normalised(said: str, prefix: str) -> str:
    """pg_dump's text without what changes from day to day, server to server and clone to clone."""
    blocks: list[str] = []
    lines: list[str] = []
    head = None
    for line in [*said.splitlines(), "-- Name: end; Type: END; Schema: -; Owner: "]:
        found = _HEAD.match(line)
        if not found:
            lines.append(line)
            continue
        if head is not None and (block := _block(head, "\n".join(lines), prefix)):
            blocks.append(block)
        head, lines = found, []
    joined = "".join(block + ("\n" if "\n" not in block + after else "\n\n") for block, after in pairwise([*blocks, ""]))
    return joined.strip() + "\n"


def _block(head: "re.Match[str]", text: str, prefix: str) -> str:
    if _MONTH.search(head["name"]):
        return ""
    kept = [line for line in text.splitlines() if line and not line.startswith(("--", "\\", "SET default_"))]
    text = re.sub(r"\n*ALTER [^\n]+ OWNER TO \w+_owner;", "", "\n".join(kept))
    if head["schema"] == "code":
        text = _BODY.sub(";", text)
    text = _NOT_NULL.sub(" NOT NULL", text)
    text = re.sub(r"\b" + prefix + r"_(owner|keeper|employee|workstation)\b", r"\1", text)
    return re.sub(r"(?<=\S) {2,}", " ", text).strip()


_COLUMNS = """
    select a.attrelid::regclass::text || '.' || a.attname,
           concat_ws(' ', format_type(a.atttypid, a.atttypmod), case when a.attnotnull then 'not null' end, nullif(a.attidentity, ''),
                     nullif(a.attgenerated, ''), pg_get_expr(d.adbin, d.adrelid))
      from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
     where a.attrelid = any (%s) and a.attnum > 0 and not a.attisdropped"""
_CONSTRAINTS = """
    select conrelid::regclass::text || '.' || conname, pg_get_constraintdef(oid) from pg_constraint
     where conrelid = any (%s) and contype in ('c', 'u', 'p', 'f', 'x')"""
_INDEXES = "select indexrelid::regclass::text, pg_get_indexdef(indexrelid) from pg_index where indrelid = any (%s)"
_TABLES = """
    select oid from pg_class where relkind in ('r', 'p') and not relispartition and relnamespace::regnamespace::text = any (%s)
       and oid <> coalesce(to_regclass('meta.alembic_version'), 0)"""


def parts_of(connection: "psycopg.Connection[Any]", schemas: Sequence[str]) -> Parts:
    """Columns (type, default, generation), constraints and indexes of all tables of these schemas: kind -> name -> definition."""
    connection.execute("set local search_path = pg_catalog")
    tables = [oid for (oid,) in connection.execute(_TABLES, [list(schemas)]).fetchall()]
    asked: Iterable[tuple[str, str]] = (("columns", _COLUMNS), ("constraints", _CONSTRAINTS), ("indexes", _INDEXES))
    return {kind: dict(connection.execute(statement, [tables]).fetchall()) for kind, statement in asked}  # type: ignore[call-overload]
