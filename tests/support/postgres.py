"""The PostgreSQL servers of a test run: one a version, shared by all workers, made on first use, gone at the end.

The process that collects (xdist's controller, or the only one) chooses a folder and puts it into the environment; each
worker then starts the server it needs or finds it running, because `EmbeddedServer` attaches to a server that runs.
"""

import os
import secrets
import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from crm_desktop.db.connect import Profile
from crm_desktop.db.embedded import FOR_TESTS, EmbeddedServer, EmbeddedServerError, Server, binaries
from crm_desktop.db.upgrade import close_database
from tests.support import office

FOLDER_VARIABLE = "CRM_TEST_SERVERS"
VERSIONS_VARIABLE = "CRM_TEST_PG"
PREFIX = "crm-desktop-tests-"


def versions() -> list[str]:
    """The PostgreSQL majors that the database tests run on, from CRM_TEST_PG ("17,15,18"); the first is the default."""
    return [part.strip() for part in os.environ.get(VERSIONS_VARIABLE, "17").split(",") if part.strip()]


def missing(version: str) -> str:
    """Why this major cannot be had here; empty when it can."""
    try:
        binaries(version)
    except EmbeddedServerError as error:
        return str(error)
    return ""


def prepare_template(server: Server) -> str:
    """Make the template database once a server, and give back its name. Its roles are in the cluster then, too."""
    office.found_office(Profile(server.host, server.port, "postgres", "disable"), server.superuser, server.password)
    return office.TEMPLATE


@dataclass(frozen=True)
class TestServer:
    """A running server of the test run."""

    __test__ = False  # pytest: this is no test case

    server: Server
    version: str
    folder: Path

    def template(self) -> str:
        """The prepared template database; the first caller of all workers makes it."""
        done = self.folder / "template-ready"
        with exclusive(self.folder / "template-lock"):
            if not done.exists():
                done.write_text(prepare_template(self.server), encoding="utf-8")
            return done.read_text(encoding="utf-8")

    def clone(self, name: str = "") -> str:
        """A new database from the template; its name. Cheap, but not free: some 100 ms."""
        template, name = self.template(), name or f"crm_{secrets.token_hex(4)}"
        with (
            exclusive(self.folder / "clone-lock"),  # two clones of one template at a time would wait for each other anyway
            psycopg.connect(self.server.dsn(), autocommit=True) as connection,
        ):
            statement = sql.SQL("create database {} template {}")
            connection.execute(statement.format(sql.Identifier(name), sql.Identifier(template)))
            close_database(connection, name, template)
        return name

    def drop(self, name: str) -> None:
        """Drop a database, whoever is connected to it."""
        with psycopg.connect(self.server.dsn(), autocommit=True) as connection:
            connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))


def start(version: str) -> TestServer:
    """The running server of this major. The run's folder must have been chosen (see `choose_folder`)."""
    folder = Path(os.environ[FOLDER_VARIABLE]) / version
    return TestServer(EmbeddedServer(folder, binaries=binaries(version), tuning=FOR_TESTS).start(), version, folder)


def choose_folder() -> Path:
    """A new folder for the servers of this run; what runs that were killed left behind is stopped and removed."""
    for left in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        if _belongs_to_nobody(left):
            remove(left)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    (folder / "owner").write_text(str(os.getpid()), encoding="ascii")
    os.environ[FOLDER_VARIABLE] = str(folder)
    return folder


def remove(folder: Path) -> None:
    """Stop all servers of a run and delete them."""
    for server in folder.iterdir():
        if server.is_dir():
            EmbeddedServer(server, binaries=binaries(server.name)).remove()
    shutil.rmtree(folder)


@contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """One of all workers at a time."""
    import fcntl

    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def free_port() -> int:
    """A TCP port of this computer that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _belongs_to_nobody(folder: Path) -> bool:
    try:
        return folder.stat().st_uid == os.getuid() and not Path("/proc", (folder / "owner").read_text(encoding="ascii")).exists()
    except FileNotFoundError:  # being made or removed at this moment
        return False
