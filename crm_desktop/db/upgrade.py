"""Installing and upgrading a database: data is migrated (Alembic), code is created or replaced (each slice's sql/).

An administrator of the server runs it (first-run wizard, `crm-desktop upgrade`, tests). Four NOLOGIN roles a database:
`<prefix>_owner` has the schema, `<prefix>_keeper` alone may make logins (CREATEROLE), employees and workstations are members of
`<prefix>_employee` and `<prefix>_workstation`.
"""

import logging
import re
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, LiteralString, cast

import psycopg
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from psycopg import sql
from sqlalchemy import Connection, Table, create_engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from crm_desktop import __version__
from crm_desktop.core.assets import asset
from crm_desktop.core.errors import Busy, Outdated
from crm_desktop.db.connect import SCHEMA_VERSION, Profile, connect
from crm_desktop.db.errors import TRANSIENT
from crm_desktop.db.parts import Part

log = logging.getLogger("crm_desktop.db.upgrade")
PACKAGE = Path(__file__).resolve().parent.parent

#: Running changes hold it shared (code.begin_operation); an upgrade takes it alone.
GATE = 7205001
#: Clients older than this are refused at login.
LEAST_CLIENT = "0.1.0"
#: How long an upgrade tries to get its locks among busy clients.
PATIENCE_SECONDS = 120.0

#: A client gone silent is noticed within 15 s; nobody waits for a lock longer than 3 s before she tries anew.
OPTIONS = {
    "timezone": "Europe/Warsaw",
    "lock_timeout": "3s",
    "idle_in_transaction_session_timeout": "5s",
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
    "tcp_user_timeout": "15000",
    "search_path": "pg_catalog",
}
GROUPS = ("owner", "keeper", "employee", "workstation")


def install(server: Profile, admin: str, password: str, database: str, parts: Sequence[Part]) -> Profile:
    """Create roles and database on a server, then upgrade it. Gives the profile of the new database.

    `admin` is a superuser, or a role with CREATEDB, CREATEROLE and (from PostgreSQL 16 on) pg_signal_backend WITH ADMIN OPTION.
    Raises Offline, WrongPassword; an existing database is upgraded.
    """
    with connect(server, admin, password) as connection:
        make_groups(connection, database)
        if connection.execute("select from pg_database where datname = %s", [database]).fetchone() is None:
            make_database(connection, database, database)
        close_database(connection, database, database)
    profile = Profile(server.host, server.port, database, server.tls, server.name)
    upgrade(profile, admin, password, parts)
    return profile


def make_groups(connection: psycopg.Connection[Any], prefix: str) -> None:
    """The four roles of a database, as far as they are not there."""
    for group in GROUPS:
        if connection.execute("select from pg_roles where rolname = %s", [f"{prefix}_{group}"]).fetchone() is None:
            attribute = sql.SQL("createrole" if group == "keeper" else "")
            connection.execute(sql.SQL("create role {} nologin {}").format(_name(prefix, group), attribute))
    keeper = _name(prefix, "keeper")
    for role in (_name(prefix, "owner"), keeper):
        connection.execute(sql.SQL("grant {} to current_user").format(role))
    for group in ("employee", "workstation"):
        connection.execute(sql.SQL("grant {} to {} with admin option").format(_name(prefix, group), keeper))
    connection.execute(sql.SQL("grant pg_signal_backend to {}").format(keeper))
    _let_see_sessions(connection, prefix)


def _let_see_sessions(connection: psycopg.Connection[Any], prefix: str) -> None:
    """The keeper sees what sessions do. Where the administrator may not give that, it sees only that they are there."""
    try:
        with connection.transaction():
            connection.execute(sql.SQL("grant pg_read_all_stats to {}").format(_name(prefix, "keeper")))
    except psycopg.errors.InsufficientPrivilege as error:
        log.info("the keeper of %s does not see what sessions do: %s", prefix, error)


def make_database(connection: psycopg.Connection[Any], database: str, prefix: str) -> None:
    """An empty one in C order, of the owner's."""
    connection.execute(
        sql.SQL("create database {} owner {} template template0 encoding 'UTF8' lc_collate 'C' lc_ctype {}").format(
            sql.Identifier(database), _name(prefix, "owner"), _character_type(connection)
        )
    )


def close_database(connection: psycopg.Connection[Any], database: str, prefix: str) -> None:
    """What is not in the tables: who may connect, no temporary tables, time zone, time-outs. A copy of a database has none of it."""
    name = sql.Identifier(database)
    connection.execute(sql.SQL("revoke all on database {} from public").format(name))
    for group in ("employee", "workstation"):
        connection.execute(sql.SQL("grant connect on database {} to {}").format(name, _name(prefix, group)))
    for option, value in OPTIONS.items():
        connection.execute(sql.SQL("alter database {} set {} to {}").format(name, sql.Identifier(option), sql.Literal(value)))


def upgrade(profile: Profile, admin: str, password: str, parts: Sequence[Part]) -> None:
    """Bring the database to this program's schema, in one transaction, among running clients.

    Waits for running changes at the gate, takes table locks in the order of `parts`, and begins anew on a lock time-out.
    Raises Outdated (a newer program upgraded it already: nothing is touched), Busy (no locks in `PATIENCE_SECONDS`), Offline,
    WrongPassword.
    """

    def connection() -> psycopg.Connection[Any]:
        made = connect(profile, admin, password, application="crm-desktop upgrade")
        made.autocommit = False
        return made

    deadline = time.monotonic() + PATIENCE_SECONDS
    engine = create_engine("postgresql+psycopg://", creator=connection, poolclass=NullPool)
    while True:
        try:
            with engine.begin() as whole:
                _upgrade(whole, profile, parts)
            return
        except (*TRANSIENT, DBAPIError) as error:
            cause = error.orig if isinstance(error, DBAPIError) else error
            if not isinstance(cause, TRANSIENT):
                raise
            if time.monotonic() > deadline:
                raise Busy(f"the upgrade of {profile.database} had no locks: {cause}") from error
            log.info("the upgrade begins anew: %s", error)
            threading.Event().wait(0.2)


def _upgrade(whole: Connection, profile: Profile, parts: Sequence[Part]) -> None:
    """All in the one transaction of `whole`: Alembic speaks through SQLAlchemy, the code files through its psycopg connection."""
    connection = cast("psycopg.Connection[Any]", whole.connection.driver_connection)
    prefix = profile.role_prefix or profile.database
    owner, keeper = _name(prefix, "owner"), _name(prefix, "keeper")
    connection.execute(
        "set local lock_timeout = '2s'; set local check_function_bodies = off; set local idle_in_transaction_session_timeout = 0"
    )
    connection.execute("select pg_advisory_xact_lock(%s)", [GATE])
    if (
        connection.execute(
            "select from pg_roles where rolname = %s and pg_has_role(oid, 'pg_read_all_stats', 'member')", [f"{prefix}_keeper"]
        ).fetchone()
        is None
    ):
        _let_see_sessions(connection, prefix)  # a database of an earlier program
    # The extensions are trusted: the database's owner may make them.
    connection.execute(sql.SQL("set local role {}").format(owner))
    for schema in ("meta", "audit", "code", "stable"):
        connection.execute(sql.SQL("create schema if not exists {}").format(sql.Identifier(schema)))
    connection.execute("create extension if not exists pg_trgm schema public")
    connection.execute("create extension if not exists btree_gist schema public")
    # Only once its library is loaded may somebody who is no superuser make functions with its settings.
    connection.execute("select public.similarity('', '')")
    _migrate(whole, parts)
    connection.execute(sql.SQL("alter default privileges for role {} revoke execute on functions from public").format(owner))
    connection.execute(sql.SQL("grant usage, create on schema code to {}").format(keeper))
    functions, triggers = _rows_of(connection, _FUNCTIONS), _rows_of(connection, _TRIGGERS)
    for part in parts:
        _prepare_tables(connection, part, prefix)
    connection.execute(sql.SQL("set local role {}").format(keeper))
    _run_files(connection, parts, prefix, "keeper.sql")
    connection.execute(
        "revoke execute on function code.make_login, code.close_login, code.end_connections, code.look_at_sessions, code.signal_session"
        " from public"
    )
    connection.execute(sql.SQL("set local role {}").format(owner))
    _run_files(connection, parts, prefix, "functions.sql")
    _run_files(connection, parts, prefix, "invariants.sql")
    # Now, because taking rights away touches every function there is.
    functions &= _rows_of(connection, _FUNCTIONS)
    connection.execute(
        sql.SQL("revoke execute on all functions in schema code from public, {}, {}").format(
            _name(prefix, "employee"), _name(prefix, "workstation")
        )
    )
    _run_files(connection, parts, prefix, "triggers.sql")
    _run_files(connection, parts, prefix, "policies.sql")
    _drop_leftovers(connection, functions, triggers & _rows_of(connection, _TRIGGERS))
    _say_release(connection, prefix, parts)
    connection.execute("select code.make_audit_partitions()")


def _migrate(whole: Connection, parts: Sequence[Part]) -> None:
    config = Config()
    config.set_main_option("script_location", str(asset("migrations")))
    config.attributes["connection"] = whole
    config.attributes["metadata"] = [part.metadata for part in parts]
    _refuse_newer(whole, config)
    command.upgrade(config, "head")


def _refuse_newer(whole: Connection, config: Config) -> None:
    """Functions older than their tables would be put over those of a newer program. Raises Outdated."""
    heads = MigrationContext.configure(whole, opts={"version_table_schema": "meta"}).get_current_heads()
    known = {revision.revision for revision in ScriptDirectory.from_config(config).walk_revisions()}
    if not heads or known.issuperset(heads):
        return
    connection = cast("psycopg.Connection[Any]", whole.connection.driver_connection)
    schema, installer = connection.execute("select schema_version, installer from meta.release").fetchone() or ("?", "")
    raise Outdated("schema", __version__, schema, installer)


def _prepare_tables(connection: psycopg.Connection[Any], part: Part, prefix: str) -> None:
    """Row security on, policies off and grants gone: the slice's policies.sql makes them anew."""
    schema = str(part.metadata.schema)
    for group in ("employee", "workstation"):
        name = _name(prefix, group)
        for kind in ("tables", "sequences"):
            connection.execute(sql.SQL("revoke all on all {} in schema {} from {}").format(sql.SQL(kind), sql.Identifier(schema), name))
        for visible in (schema, "code", "stable"):
            connection.execute(sql.SQL("grant usage on schema {} to {}").format(sql.Identifier(visible), name))
        connection.execute(sql.SQL("grant execute on all functions in schema stable to {}").format(name))
    for table in part.metadata.sorted_tables:
        row = connection.execute("select relrowsecurity from pg_class where oid = %s::regclass", [table.fullname]).fetchone()
        assert row is not None
        if not row[0]:
            connection.execute(sql.SQL("alter table {} enable row level security").format(_table(table)))
        for (policy,) in connection.execute("select polname from pg_policy where polrelid = %s::regclass", [table.fullname]).fetchall():
            connection.execute(sql.SQL("drop policy {} on {}").format(sql.Identifier(policy), _table(table)))


def _run_files(connection: psycopg.Connection[Any], parts: Sequence[Part], prefix: str, file_name: str) -> None:
    for part in parts:
        path = PACKAGE / part.name / "sql" / file_name
        if path.exists():
            _run_code(connection, _with_roles(path.read_text(encoding="utf-8"), prefix))


def _run_code(connection: psycopg.Connection[Any], text: str) -> None:
    """CREATE OR REPLACE keeps what a function returns: one whose columns changed is dropped first, and made anew.

    PostgreSQL names it in its hint, in any language, as the statement to run. No CASCADE: what depends on it stops the upgrade.
    """
    while True:
        try:
            with connection.transaction():
                connection.execute(text)
            return
        except psycopg.errors.InvalidFunctionDefinition as error:
            changed = re.search(r"DROP FUNCTION (code\.\w+\(.*\))", error.diag.message_hint or "")
            if changed is None:
                raise
            connection.execute(f"drop function {changed[1]}")


def _with_roles(text: str, prefix: str) -> str:
    """Put the group roles of this database into a file. Bare words only: the prefix is checked to be one."""
    if not prefix.replace("_", "").isalnum() or not prefix.islower():
        raise ValueError(f"a database name has small letters, digits and underscores: {prefix!r}")
    for group in GROUPS:
        text = text.replace(f"@{group}@", f"{prefix}_{group}")
    return text


#: How to name each, and the version of its row: making it anew gives it another one.
_FUNCTIONS = "select 'function ' || oid::regprocedure, xmin::text from pg_proc where pronamespace = 'code'::regnamespace"
_TRIGGERS = (
    "select format('trigger %I on %s', t.tgname, t.tgrelid::regclass), t.xmin::text from pg_trigger t join pg_proc p on p.oid = t.tgfoid"
    " where p.pronamespace = 'code'::regnamespace and not t.tgisinternal and t.tgparentid = 0"
)


def _rows_of(connection: psycopg.Connection[Any], query: LiteralString) -> set[tuple[str, str]]:
    return set(connection.execute(query).fetchall())


def _drop_leftovers(connection: psycopg.Connection[Any], functions: set[tuple[str, str]], triggers: set[tuple[str, str]]) -> None:
    """What was there before and no file named: triggers, then the functions. No CASCADE: an error here is a real dependency."""
    for what, _ in (*sorted(triggers), *sorted(functions)):
        connection.execute(f"drop {what}")


def _say_release(connection: psycopg.Connection[Any], prefix: str, parts: Sequence[Part]) -> None:
    connection.execute(
        "insert into meta.release (one, role_prefix, schema_version, least_client) values (1, %s, %s, %s) on conflict (one) do update"
        " set schema_version = excluded.schema_version, least_client = excluded.least_client, upgraded_at = now()",
        [prefix, str(SCHEMA_VERSION), LEAST_CLIENT],
    )
    wanted = [permission for part in parts for permission in part.permissions]
    for name, title in wanted:
        connection.execute(
            "insert into meta.permission values (%s, %s) on conflict (name) do update set title = excluded.title",
            [name, title],
        )
    connection.execute("delete from meta.permission where name <> all (%s)", [[name for name, _ in wanted]])
    log.info("schema %s of client %s is in place", SCHEMA_VERSION, __version__)


def _character_type(connection: psycopg.Connection[Any]) -> sql.Literal:
    """C.UTF-8 where the server has it, so that upper and lower know Polish letters; nothing depends on it."""
    row = connection.execute("select collname from pg_collation where collname in ('C.utf8', 'C.UTF-8') and collprovider = 'c'").fetchone()
    return sql.Literal(row[0] if row else "C")


def _name(prefix: str, group: str) -> sql.Identifier:
    return sql.Identifier(f"{prefix}_{group}")


def _table(table: Table) -> sql.Identifier:
    return sql.Identifier(str(table.schema), table.name)
