"""A base as one file and back: PostgreSQL's own programs in their custom format, and what is in no dump: roles, logins, settings of a base.

A file holds no passwords. The roles of the saved base keep their prefix, whatever the restored base is called.
"""

import logging
import os
import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from crm_desktop.core.errors import CrmError
from crm_desktop.core.i18n import N_
from crm_desktop.core.problem import Problem
from crm_desktop.db.binaries import Binaries, client_programs
from crm_desktop.db.connect import Profile, connect
from crm_desktop.db.upgrade import close_database, make_database, make_groups

log = logging.getLogger("crm_desktop.db.backup")
#: What restoring says of a receipt that was at a printer when the file was made.
UNDECIDED = "restored from a backup"


class BackupError(CrmError):
    """A file could not be made or taken. `problem` is the sentence for the person."""

    def __init__(self, code: str, message: str, **values: object) -> None:
        super().__init__(message.format(**values))
        self.problem = Problem(code, "", message, dict(values))


@dataclass(frozen=True)
class Saved:
    """What a file is: the base it was made from, the major of its server and of the program that made it, the prefix of its roles."""

    database: str
    server: int
    program: int
    role_prefix: str


def save(profile: Profile, admin: str, password: str, file: Path) -> Saved:
    """Write the whole base to a new file that only its owner may read. Raises BackupError, Offline, WrongPassword.

    The file appears when it is whole, and was read back.
    """
    if file.exists():
        raise BackupError("file_there", N_("{file} is there already; it was left as it is. Choose another name."), file=file)
    if not file.absolute().parent.is_dir():
        raise BackupError("folder_missing", N_("The folder of {file} does not exist."), file=file)
    with connect(profile, admin, password, application="crm-desktop backup") as connection:
        major = connection.info.server_version // 10_000
        if connection.execute("select to_regclass('meta.release')").fetchone() == (None,):
            raise BackupError("not_ours", N_("{database} is no database of this program."), database=profile.database)
    part = file.with_name(file.name + ".part")
    try:
        part.touch(mode=0o600)
        _run(client_programs(major), "pg_dump", profile, admin, password, ["--format=custom", f"--file={part}", profile.database])
        saved = look_at(part)
        part.rename(file)
    except OSError as error:
        raise BackupError("not_written", N_("{file} could not be written: {reason}"), file=file, reason=error.strerror) from error
    finally:
        part.unlink(missing_ok=True)
    return saved


def look_at(file: Path) -> Saved:
    """What a file is, from its table of contents. Raises BackupError."""
    if not file.is_file():
        raise BackupError("file_missing", N_("{file} is not there."), file=file)
    program = client_programs(0, newest=True)
    run = subprocess.run([program.tool("pg_restore"), "--list", str(file)], capture_output=True, text=True, check=False, env=_environment())
    found = {name: re.search(pattern, run.stdout, re.MULTILINE) for name, pattern in _HEAD.items()}
    if run.returncode != 0 or not all(found.values()):
        raise BackupError("no_backup", N_("{file} is no backup of this program, or it is damaged."), file=file)
    told = {name: match[1] for name, match in found.items() if match is not None}
    return Saved(told["database"], int(told["server"]), int(told["program"]), told["owner"].removesuffix("_owner"))


_HEAD = {
    "database": r"^;\s+dbname: (.+)$",
    "server": r"^;\s+Dumped from database version: (\d+)",
    "program": r"^;\s+Dumped by pg_dump version: (\d+)",
    "owner": r"^\d+; \d+ \d+ TABLE meta release (\S+_owner)$",
}


@dataclass(frozen=True)
class Restored:
    """A base that was made from a file. without_password: logins that are new on this server, so that nobody can use them yet;
    undecided: how many receipts were at a printer and wait for a person now."""

    profile: Profile
    without_password: tuple[str, ...]
    undecided: int


def restore(server: Profile, admin: str, password: str, file: Path, database: str) -> Restored:
    """Make a new base from a file, with its roles and logins. What was at a printer waits for a person's decision.

    The base is made whole or not at all. Logins that the server has keep their passwords, new ones have none. Raises BackupError,
    Offline, WrongPassword.
    """
    saved = look_at(file)
    with connect(server, admin, password, application="crm-desktop restore") as connection:
        major = connection.info.server_version // 10_000
        if major < saved.server:
            message = N_("The backup is of PostgreSQL {saved}, this server is the older {here}; nothing was changed.")
            raise BackupError("server_older", message, saved=saved.server, here=major)
        if connection.execute("select from pg_database where datname = %s", [database]).fetchone() is not None:
            message = N_("The database {database} is there already; it was left as it is. Choose another name.")
            raise BackupError("database_there", message, database=database)
        make_groups(connection, saved.role_prefix)
        make_database(connection, database, saved.role_prefix)
        profile = Profile(server.host, server.port, database, server.tls, server.name, saved.role_prefix)
        try:
            options = ["--exit-on-error", "--single-transaction", f"--dbname={database}", str(file)]
            _run(client_programs(max(saved.program, major)), "pg_restore", server, admin, password, options)
            close_database(connection, database, saved.role_prefix)
            with connect(profile, admin, password, application="crm-desktop restore") as inside:
                restored = Restored(profile, _make_logins(inside, saved.role_prefix), _stop_printing(inside))
        except BaseException:
            connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(database)))
            raise
    return restored


def give_password(profile: Profile, admin: str, password: str, login: str, verifier: str) -> None:
    """A restored employee can enter. Raises BackupError where nobody with this login works there; Offline, WrongPassword."""
    with connect(profile, admin, password, application="crm-desktop restore") as connection:
        row = connection.execute("select role_name from organisation.employee where login = %s and active", [login]).fetchone()
        if row is None:
            raise BackupError("nobody", N_("Nobody with the login {login} works in this base."), login=login)
        connection.execute(sql.SQL("alter role {} password {}").format(sql.Identifier(row[0]), sql.Literal(verifier)))


def drop(server: Profile, admin: str, password: str, database: str) -> None:
    """Remove a base that was restored and cannot be used."""
    with connect(server, admin, password, application="crm-desktop restore") as connection:
        connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(database)))


def _make_logins(connection: psycopg.Connection[Any], prefix: str) -> tuple[str, ...]:
    """Who works in the base, by its tables; gives the new ones. A login that is there belongs to somebody who uses it: it stays."""
    people = connection.execute(
        "select login, role_name, active, 'employee' from organisation.employee"
        " union all select code, role_name, active, 'workstation' from organisation.workstation order by 1"
    ).fetchall()
    made = []
    for login, role, active, group in people:
        if connection.execute("select from pg_roles where rolname = %s", [role]).fetchone() is None:
            name = sql.Identifier(role)
            connection.execute(sql.SQL("create role {} {}").format(name, sql.SQL("login" if active else "nologin")))
            connection.execute(sql.SQL("grant {} to {}").format(sql.Identifier(f"{prefix}_{group}"), name))
            made += [login] if active else []
    return tuple(made)


def _stop_printing(connection: psycopg.Connection[Any]) -> int:
    """What was at a printer may be on paper since (semantics L): nothing is sent again before a person has looked. Gives how many wait."""
    with connection.transaction():
        connection.execute(
            "update fiscal.receipt set state = 'needs_person', message = %s where state in ('waiting', 'printing')", [UNDECIDED]
        )
        connection.execute("update jobs.job set state = 'failed', failure = %s where state in ('waiting', 'running')", [UNDECIDED])
        row = connection.execute("select count(*) from fiscal.receipt where state = 'needs_person'").fetchone()
    return int(row[0]) if row else 0


def _run(programs: Binaries, tool: str, profile: Profile, admin: str, password: str, options: Sequence[str]) -> None:
    """One of PostgreSQL's programs; its last word is the reason when it fails."""
    where = ["--host", profile.host, "--port", str(profile.port), "--username", admin, "--no-password"]
    environment = _environment() | {"PGPASSWORD": password, "PGSSLMODE": profile.tls}
    run = subprocess.run([programs.tool(tool), *where, *options], env=environment, capture_output=True, text=True, check=False)
    if run.returncode != 0:
        log.info("%s %s: %s", tool, programs.version, run.stderr)
        said = [line for line in run.stderr.splitlines() if line.strip()]
        reason = next((line for line in said if "error:" in line), said[-1] if said else str(run.returncode))
        raise BackupError(f"{tool}_failed", N_("{tool} {version} gave up: {reason}"), tool=tool, version=programs.version, reason=reason)


def _environment() -> dict[str, str]:
    """The programs speak English, so that their words can be told from one another; no settings of the caller's reach them."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")} | {"LC_ALL": "C"}
