"""A PostgreSQL of our own, started from the programs in a wheel: for the demo, the tests and an office with one server.

Everything about it is in one folder: the password of its superuser (readable by its owner only), its port and its data;
only root's servers keep those in a private place outside (see server_account.py). A folder has at most one server: a
second start, from this or another process, attaches to the running one.
"""

import os
import secrets
import shutil
import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

import psycopg
from psycopg.conninfo import make_conninfo

from crm_desktop.core.i18n import N_
from crm_desktop.db.binaries import Binaries, EmbeddedServerError, binaries
from crm_desktop.db.server_account import SERVES, Account, account, new_place, owned_place, run, usable, write_private

__all__ = ["FOR_TESTS", "Binaries", "EmbeddedServer", "EmbeddedServerError", "Server", "Tuning", "binaries"]

HOST = "127.0.0.1"
SUPERUSER = "postgres"
#: How long a server may take to come up: recovery after a crash, or a predecessor that has not quite gone.
START_SECONDS = 60
STOP_SECONDS = 30
#: Between two looks at a server that is neither up nor gone.
LOOK_AGAIN_SECONDS = 0.1


@dataclass(frozen=True)
class Tuning:
    """What may differ between servers. `durable=False` loses committed work when the computer crashes: for tests."""

    max_connections: int = 60
    shared_buffers_mb: int = 256
    durable: bool = True


FOR_TESTS = Tuning(max_connections=150, shared_buffers_mb=64, durable=False)


@dataclass(frozen=True)
class Server:
    """A running server and the way in as its superuser."""

    host: str
    port: int
    superuser: str
    password: str = field(repr=False)

    def dsn(self, database: str = "postgres") -> str:
        """The libpq connection string of the superuser for one database."""
        return make_conninfo(
            "", host=self.host, port=self.port, user=self.superuser, password=self.password, dbname=database,
            sslmode="disable", connect_timeout=5, require_auth="scram-sha-256",
        )  # fmt: skip


class EmbeddedServer:
    """The server of one folder.

    folder: made when it is missing; its permissions are never changed.
    port: the port to listen on; None keeps the port of the last start or chooses a free one.
    binaries: which PostgreSQL; None takes the one that the program ships.

    As a context manager it gives the `Server` and at the end stops it, unless it was running before.
    """

    def __init__(self, folder: Path, port: int | None = None, binaries: Binaries | None = None, tuning: Tuning | None = None) -> None:
        self._folder = folder.absolute()
        self._demanded_port = port
        self._binaries = binaries
        self._tuning = tuning or Tuning()
        self._started_here = False

    def start(self) -> Server:
        """Make the server if there is none yet, start it if it is not running, and wait until it answers.

        Raises EmbeddedServerError: no PostgreSQL here, data of another version, a demanded port that is taken, a server
        that does not come up (with the last words of its log).
        """
        if not self._folder.exists():
            self._folder.mkdir(mode=0o700, parents=True)
        with _locked(self._folder / "lock"):
            who = account()
            place = self._place(who) or self._make_place(who)
            programs = usable(self._binaries or binaries(), who, place)
            password = self._password()
            data = place / "data"
            if not data.exists():
                self._initialise(programs, who, place, password)
            self._refuse_other_version(programs, data)
            return self._bring_up(programs, who, place, password)

    def stop(self) -> None:
        """Stop the server; open connections are cut. Nothing happens when it is not running."""
        if not self._folder.exists():
            return
        with _locked(self._folder / "lock"):
            self._stop()

    def remove(self) -> None:
        """Stop the server and delete all of it: data, password, folder. There is no way back."""
        self.stop()
        place = self._place(account())
        if place:
            shutil.rmtree(place)
        if self._folder.exists():
            shutil.rmtree(self._folder)

    def __enter__(self) -> Server:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._started_here:
            self.stop()

    @property
    def log(self) -> Path:
        """The server's log file."""
        return self._existing_place() / "server.log"

    def process(self) -> int | None:
        """The process id of the running server, None when there is none."""
        lines = _pid_file(self._existing_place() / "data")
        return int(lines[0]) if lines else None

    def _existing_place(self) -> Path:
        return self._place(account()) or self._folder

    def _place(self, who: Account | None) -> Path | None:
        """Where data and log are: the folder itself, for root the private place that `place` names, once made."""
        pointer = self._folder / "place"
        if who is None:
            if pointer.exists():
                raise EmbeddedServerError(
                    "server_of_root",
                    N_("The server in {folder} was made by root: only root can start it."),
                    folder=self._folder,
                )
            return self._folder
        if pointer.exists():
            return owned_place(Path(pointer.read_text(encoding="utf-8")), who)
        if (self._folder / "data").exists():
            raise EmbeddedServerError(
                "server_of_user",
                N_("The server in {folder} belongs to a user: start it as that user, not as root."),
                folder=self._folder,
            )
        return None

    def _make_place(self, who: Account | None) -> Path:
        if who is None:
            return self._folder
        place = new_place(self._folder, who)
        (self._folder / "place").write_text(str(place), encoding="utf-8")
        (place / SERVES).write_text(str(self._folder), encoding="utf-8")
        return place

    def _password(self) -> str:
        path = self._folder / "password"
        if not path.exists():
            write_private(path, secrets.token_urlsafe(24), None)
        return path.read_text(encoding="utf-8")

    def _initialise(self, programs: Binaries, who: Account | None, place: Path, password: str) -> None:
        """initdb beside the final name, so that what was interrupted is simply made again."""
        unfinished, secret = place / "data.unfinished", place / "secret"
        for ctype in ("C.UTF-8", "C"):
            shutil.rmtree(unfinished, ignore_errors=True)
            write_private(secret, password, who)
            command = [
                programs.tool("initdb"), "--pgdata", str(unfinished), "--username", SUPERUSER, "--pwfile", str(secret),
                "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--data-checksums", *_locale(programs, ctype),
            ]  # fmt: skip
            if not self._tuning.durable:
                command.append("--no-sync")
            code, words = _said(command, who, place)
            secret.unlink()
            if code == 0:
                break
        else:
            raise EmbeddedServerError("server_not_made", N_("The embedded server cannot be made: {reason}"), reason=words)
        (unfinished / "pg_hba.conf").write_text(HOSTS, encoding="utf-8")
        with (unfinished / "postgresql.conf").open("a", encoding="utf-8") as configuration:
            configuration.write("\ninclude 'crm.conf'\n")
        unfinished.rename(place / "data")

    @staticmethod
    def _refuse_other_version(programs: Binaries, data: Path) -> None:
        made_by = (data / "PG_VERSION").read_text(encoding="ascii").strip()
        if made_by != str(programs.major):
            raise EmbeddedServerError(
                "server_of_other_version",
                N_("The data in {folder} was made by PostgreSQL {made_by}; PostgreSQL {major} cannot read it."),
                folder=data, made_by=made_by, major=programs.major,
            )  # fmt: skip

    def _bring_up(self, programs: Binaries, who: Account | None, place: Path, password: str) -> Server:
        data, deadline = place / "data", time.monotonic() + START_SECONDS
        log = place / "server.log"
        while True:
            running = _running(data, password)
            if running:
                return running
            if _pid_file(data) and _nobody_lives_in(data):
                (data / "postmaster.pid").unlink()
            port = self._port()
            write_private(data / "crm.conf", _settings(self._tuning, port), who)
            before = log.stat().st_size if log.exists() else 0
            command = [
                programs.tool("pg_ctl"),
                "start",
                "-w",
                "-t",
                str(START_SECONDS),
                "-D",
                str(data),
                "-l",
                str(log),
            ]
            code, said = _said(command, who, place)
            words = _last_words(log, before) or said
            if code == 0:
                (self._folder / "port").write_text(str(port), encoding="ascii")
                self._started_here = True
                continue
            if "Address already in use" in words or "could not bind" in words:
                if self._demanded_port:
                    raise _port_taken(port)
                (self._folder / "port").unlink(missing_ok=True)
            # A predecessor that was killed may still be a zombie, or its last children are on their way out.
            elif not ("postmaster.pid" in words or "is still in use" in words):
                raise EmbeddedServerError("server_not_started", N_("The embedded server does not start: {reason}"), reason=words)
            if time.monotonic() > deadline:
                raise EmbeddedServerError("server_not_started", N_("The embedded server does not start: {reason}"), reason=words)
            time.sleep(LOOK_AGAIN_SECONDS)

    def _port(self) -> int:
        """The demanded port, or the kept one while it is free, or a new one. Raises EmbeddedServerError."""
        if self._demanded_port:
            if not _is_free(self._demanded_port):
                raise _port_taken(self._demanded_port)
            return self._demanded_port
        kept = self._folder / "port"
        if kept.exists() and _is_free(int(kept.read_text(encoding="ascii"))):
            return int(kept.read_text(encoding="ascii"))
        with socket.socket() as probe:
            probe.bind((HOST, 0))
            return int(probe.getsockname()[1])

    def _stop(self) -> None:
        who = account()
        place = self._place(who)
        if place is None or not _pid_file(place / "data"):
            return
        programs, words = usable(self._binaries or binaries(), who, place), ""
        for mode in ("fast", "immediate"):
            command = [
                programs.tool("pg_ctl"),
                "stop",
                "-w",
                "-t",
                str(STOP_SECONDS),
                "-m",
                mode,
                "-D",
                str(place / "data"),
            ]
            code, words = _said(command, who, place)
            if code == 0 or _nobody_lives_in(place / "data"):
                return
        raise EmbeddedServerError("server_not_stopped", N_("The embedded server does not stop: {reason}"), reason=words)


HOSTS = """# Written when the server was made: only programs on this computer, and only with a password.
host all all 127.0.0.1/32 scram-sha-256
host all all ::1/128 scram-sha-256
"""


def _locale(programs: Binaries, ctype: str) -> list[str]:
    """Order by code point on every server (names are sorted by a key of our own); upper() and lower() know Polish.

    PostgreSQL 17 brings such a locale itself; before, the C library's C.UTF-8 is taken where it has one.
    """
    if programs.major >= 17:
        return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return [f"--lc-ctype={ctype}"]


def _settings(tuning: Tuning, port: int) -> str:
    """Our settings; written anew at each start, so that a new version of the program brings its own."""
    settings: dict[str, object] = {
        "listen_addresses": HOST,
        "port": port,
        "unix_socket_directories": "",
        "max_connections": tuning.max_connections,
        "shared_buffers": f"{tuning.shared_buffers_mb}MB",
        "password_encryption": "scram-sha-256",
        "timezone": "Europe/Warsaw",
        "log_timezone": "Europe/Warsaw",
        # A client gone silent while it holds a number delays others by at most 20 s.
        "idle_in_transaction_session_timeout": "5s",
        "lock_timeout": "3s",
        "deadlock_timeout": "1s",
        "tcp_keepalives_idle": 10,
        "tcp_keepalives_interval": 5,
    }
    if sys.platform != "win32":
        settings["tcp_keepalives_count"] = 3
    if sys.platform == "linux":
        settings["tcp_user_timeout"] = "15s"
    if not tuning.durable:
        settings |= {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
    lines = [f"{name} = '{value}'" for name, value in settings.items()]
    return "# Written at each start of the server; changes here are lost.\n" + "\n".join(lines) + "\n"


def _running(data: Path, password: str) -> Server | None:
    """The server that runs on `data`, if it answers to our password and says that these are its data."""
    lines = _pid_file(data)
    if len(lines) < 4 or not lines[3].isdecimal():
        return None
    server = Server(HOST, int(lines[3]), SUPERUSER, password)
    try:
        with psycopg.connect(server.dsn(), autocommit=True) as connection:
            row = connection.execute("show data_directory").fetchone()
    except psycopg.OperationalError:  # not up, not yet up, or somebody else's server on that port
        return None
    return server if row and Path(row[0]).resolve() == data.resolve() else None


def _pid_file(data: Path) -> list[str]:
    try:
        return (data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
    except (FileNotFoundError, NotADirectoryError):
        return []


def _nobody_lives_in(data: Path) -> bool:
    """Whether surely no server process works in `data`: then a lock file there is left over from a crash.

    PostgreSQL's own look takes a zombie, or a new process that got the old number, for the server. Only Linux can tell;
    elsewhere the answer is False and PostgreSQL decides.
    """
    if sys.platform != "linux":
        return False
    for process in Path("/proc").iterdir():
        if not process.name.isdecimal():
            continue
        try:
            if _lives_in(process, data):
                return False
        except (FileNotFoundError, ProcessLookupError):  # it has just ended, or it is a zombie
            continue
    return True


def _lives_in(process: Path, data: Path) -> bool:
    try:
        return Path(os.readlink(process / "cwd")) == data.resolve()
    except PermissionError:  # another user's, or a container that hides such things from root
        return process.stat().st_uid == data.stat().st_uid and b"postgres" in (process / "cmdline").read_bytes()


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        if sys.platform != "win32":  # there the option would take the port away from its owner
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True


def _port_taken(port: int) -> EmbeddedServerError:
    return EmbeddedServerError("port_taken", N_("Port {port} is used by another program."), port=port)


def _last_words(log: Path, start: int) -> str:
    if not log.exists():
        return ""
    with log.open("rb") as file:
        file.seek(start)
        return "\n".join(file.read().decode("utf-8", "replace").strip().splitlines()[-8:])


def _said(command: list[str], who: Account | None, place: Path) -> tuple[int, str]:
    """Exit code and last words of a program of PostgreSQL."""
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as output:
        code = run(command, who, place, output)
        output.seek(0)
        return code, "\n".join(output.read().strip().splitlines()[-8:])


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """One starter or stopper a folder at a time, over all processes."""
    with path.open("a") as file:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
            try:
                yield
            finally:
                file.seek(0)
                msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX)  # given back when the file is closed, also by a death
            yield
