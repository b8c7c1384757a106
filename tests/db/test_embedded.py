"""The embedded server: made, started, stopped, killed, found again; never root's, no folder of others is changed."""

import os
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest

from crm_desktop.core.i18n import tell
from crm_desktop.db.embedded import FOR_TESTS, EmbeddedServer, EmbeddedServerError, Server, Tuning, binaries
from crm_desktop.db.server_account import PLACES, PREFIX, account, reachable
from tests.support import postgres

pytestmark = pytest.mark.database
ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
as_root = pytest.mark.skipif(not ROOT, reason="only root's servers change their user")


@pytest.fixture(params=["17", "15", "18"])
def version(request: pytest.FixtureRequest) -> str:
    if reason := postgres.missing(request.param):
        pytest.skip(reason)
    return str(request.param)


Make = Callable[..., EmbeddedServer]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    """Makes servers of this test, in folders of tmp_path, and removes them whatever happens."""
    made: list[EmbeddedServer] = []

    def make(folder: str = "server", *, tuning: Tuning | None = FOR_TESTS, **options: Any) -> EmbeddedServer:
        made.append(EmbeddedServer(tmp_path / folder, tuning=tuning, **options))
        return made[-1]

    yield make
    for server in made:
        server.remove()


@pytest.fixture
def embedded(make: Make) -> EmbeddedServer:
    return make()


def ask(server: Server, question: str) -> object:
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        row = connection.execute(question).fetchone()
    assert row is not None
    return row[0]


def test_each_version_starts_with_our_settings(version: str, make: Make) -> None:
    wanted = {
        "max_connections": "150",
        "shared_buffers": "64MB",
        "tcp_keepalives_idle": "10",
        "tcp_keepalives_interval": "5",
        "tcp_keepalives_count": "3",
        "tcp_user_timeout": "15000",
        "idle_in_transaction_session_timeout": "5s",
        "lock_timeout": "3s",
        "deadlock_timeout": "1s",
        "TimeZone": "Europe/Warsaw",
        "server_encoding": "UTF8",
        "data_checksums": "on",
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "fsync": "off",
    }
    embedded = make(binaries=binaries(version))
    with embedded as server, psycopg.connect(server.dsn()) as connection:
        assert connection.info.server_version // 10_000 == int(version)
        # tcp_… are shown as the connection's socket has them: that they arrive there is what counts
        rows = {name: connection.execute("select current_setting(%s)", [name]).fetchone() for name in wanted}
        assert {name: row[0] for name, row in rows.items() if row} == wanted
        letters = connection.execute("select upper('zażółć gęślą jaźń'), 'ą' > 'z'").fetchone()
        assert letters == ("ZAŻÓŁĆ GĘŚLĄ JAŹŃ", True)
        hosts = connection.execute("select distinct auth_method from pg_hba_file_rules").fetchall()
        assert hosts == [("scram-sha-256",)]
    assert embedded.process() is None


def test_a_demanded_server_is_durable(make: Make) -> None:
    with make(tuning=None) as server:
        assert [ask(server, f"show {name}") for name in ("fsync", "full_page_writes", "synchronous_commit")] == ["on"] * 3
        assert ask(server, "show shared_buffers") == "256MB"


def test_the_password_is_wanted_and_private(embedded: EmbeddedServer, tmp_path: Path) -> None:
    server = embedded.start()
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(replace(server, password="guess").dsn())
    secret = tmp_path / "server" / "password"
    assert secret.read_text() == server.password
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert server.password not in repr(server)


def test_stop_and_start_keep_data_and_port(embedded: EmbeddedServer) -> None:
    first = embedded.start()
    with psycopg.connect(first.dsn()) as connection:
        connection.execute("create table kept as select 7 as id")
    embedded.stop()
    embedded.stop()  # stopping a stopped server is no error
    second = embedded.start()
    assert second == first
    assert ask(second, "select id from kept") == 7


def test_a_killed_server_recovers(make: Make) -> None:
    embedded = make(tuning=None)  # durable: a commit that was answered is there after the crash
    server = embedded.start()
    with psycopg.connect(server.dsn()) as connection:
        connection.execute("create table kept as select 7 as id")
    dead = embedded.process()
    assert dead is not None
    os.kill(dead, signal.SIGKILL)
    again = embedded.start()
    assert embedded.process() != dead
    assert ask(again, "select id from kept") == 7


def test_a_lock_file_with_the_number_of_another_process_is_no_server(embedded: EmbeddedServer) -> None:
    """After a restart of the computer the old number may belong to anybody: here a process of the server's user."""
    embedded.start()
    data = embedded.log.parent / "data"
    left = (data / "postmaster.pid").read_text()
    embedded.stop()
    who = account()
    as_user = {} if who is None else {"user": who.uid, "group": who.gid, "extra_groups": []}
    with subprocess.Popen(["/bin/cat"], stdin=subprocess.PIPE, cwd="/", **as_user) as bystander:  # type: ignore[call-overload]
        lines = left.splitlines()
        lines[0] = str(bystander.pid)
        (data / "postmaster.pid").write_text("\n".join(lines) + "\n")
        assert ask(embedded.start(), "select 1") == 1
        bystander.communicate()


def test_a_second_start_attaches(embedded: EmbeddedServer, tmp_path: Path) -> None:
    server = embedded.start()
    script = (
        "import sys; from pathlib import Path; from crm_desktop.db.embedded import EmbeddedServer as E\n"
        "e = E(Path(sys.argv[1]))\n"
        "with e as s: print(s.port, s.password, e.process())"
    )
    command = [sys.executable, "-c", script, str(tmp_path / "server")]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    assert said == [str(server.port), server.password, str(embedded.process())]
    assert ask(server, "select 1") == 1, "who attaches does not stop the server when it leaves"


def test_a_taken_port_is_changed_or_named(embedded: EmbeddedServer, make: Make) -> None:
    first = embedded.start()
    embedded.stop()
    with socket.create_server(("127.0.0.1", first.port)):
        assert embedded.start().port != first.port
        stubborn = make("other", port=first.port)
        with pytest.raises(EmbeddedServerError, match=rf"Port {first.port} is used by another program\."):
            stubborn.start()
    assert stubborn.start().port == first.port


def test_data_of_another_version_are_refused(embedded: EmbeddedServer, tmp_path: Path) -> None:
    if reason := postgres.missing("18"):
        pytest.skip(reason)
    embedded.start()
    embedded.stop()
    with pytest.raises(EmbeddedServerError, match="made by PostgreSQL 17; PostgreSQL 18 cannot read it"):
        EmbeddedServer(tmp_path / "server", binaries=binaries("18")).start()


def test_a_server_that_does_not_start_says_why(embedded: EmbeddedServer) -> None:
    embedded.start()
    embedded.stop()
    configuration = embedded.log.parent / "data" / "postgresql.conf"
    configuration.write_text(configuration.read_text() + "work_mem = 'a lot'\n")
    with pytest.raises(EmbeddedServerError, match="work_mem"):
        embedded.start()
    with configuration.open("w") as file:
        file.write("include 'crm.conf'\n")
    assert embedded.start()


def test_an_unknown_version_is_a_sentence() -> None:
    with pytest.raises(EmbeddedServerError, match=r"PostgreSQL 9 is not installed on this computer\."):
        binaries("9")


@as_root
def test_root_drops_to_another_user_and_changes_no_folder(tmp_path: Path, make: Make) -> None:
    """pytest's tmp_path lies in a folder that only root may enter, as a checkout in root's home does."""
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    parents = [private, *private.parents, PLACES]
    before = {path: (path.stat().st_mode, path.stat().st_uid, path.stat().st_gid) for path in parents}
    who = account()
    assert who is not None
    assert not reachable(private, who)
    embedded = make("private/server")
    with embedded:
        process = embedded.process()
        status = Path(f"/proc/{process}/status").read_text()
        users = next(line for line in status.splitlines() if line.startswith("Uid:")).split()[1:]
        groups = next(line for line in status.splitlines() if line.startswith("Groups:")).split()[1:]
        assert set(users) == {str(who.uid)}
        assert str(os.getgid()) not in groups
        place = embedded.log.parent
        assert place.parent == PLACES
        assert place.name.startswith(PREFIX)
    assert {path: (path.stat().st_mode, path.stat().st_uid, path.stat().st_gid) for path in parents} == before
    embedded.remove()
    assert not place.exists()


@as_root
def test_programs_that_the_server_user_cannot_reach_are_copied(tmp_path: Path, make: Make) -> None:
    """A virtual environment in a private folder, as `mktemp -d` makes one."""
    installed = binaries()
    hidden = tmp_path / "site-packages"
    hidden.mkdir(mode=0o700)
    for part in installed.parts:
        (hidden / part).parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["cp", "-r", str(installed.root / part), str(hidden / part)], check=True)
    moved = replace(installed, root=hidden, folder=hidden / installed.folder.relative_to(installed.root))
    embedded = make(binaries=moved)
    with embedded as server:
        assert ask(server, "select 1") == 1
        assert (embedded.log.parent / f"binaries-{installed.version}").is_dir()


@as_root
def test_a_virtual_environment_that_is_a_link_in_a_private_folder(tmp_path: Path, make: Make) -> None:
    """The files may be read where they lie, but not by the name that the program was started by."""
    installed, private = binaries(), tmp_path / "private"
    private.mkdir(mode=0o700)
    link = private / ".venv"
    link.symlink_to(installed.root)
    who = account()
    assert who is not None
    assert not reachable(link, who)
    with make(binaries=replace(installed, root=link, folder=link / installed.folder.relative_to(installed.root))) as server:
        assert ask(server, "select 1") == 1
    assert stat.S_IMODE(private.stat().st_mode) == 0o700


@as_root
def test_files_that_are_links_into_a_private_folder(tmp_path: Path, make: Make) -> None:
    """Some installers link each file of a package to a cache in root's home: a copy of the links would lead nowhere."""
    installed, cache, site = binaries(), tmp_path / "cache", tmp_path / "site"
    cache.mkdir(mode=0o700)
    for part in installed.parts:
        (cache / part).parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["cp", "-r", str(installed.root / part), str(cache / part)], check=True)
        (site / part).parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["cp", "-rs", str(cache / part), str(site / part)], check=True)
    linked = replace(installed, root=site, folder=site / installed.folder.relative_to(installed.root))
    with make(binaries=linked) as server:
        assert ask(server, "select 1") == 1
    assert stat.S_IMODE(cache.stat().st_mode) == 0o700


@as_root
def test_programs_that_nobody_else_may_start_end_with_a_sentence(tmp_path: Path, make: Make) -> None:
    """Not a traceback; and the folder keeps its permissions."""
    installed, private = binaries(), tmp_path / "private"
    private.mkdir(mode=0o700)
    link = private / "pg"
    link.symlink_to(installed.folder)
    with pytest.raises(EmbeddedServerError) as refused:
        make(binaries=replace(installed, root=link, folder=link, parts=())).start()
    said = tell(refused.value.problem)
    assert str(link) in said and "may not start" in said and "Nothing was changed" in said
    assert stat.S_IMODE(private.stat().st_mode) == 0o700


@as_root
def test_a_place_that_is_not_ours_is_not_used(tmp_path: Path) -> None:
    folder = tmp_path / "server"
    folder.mkdir()
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    (folder / "place").write_text(str(theirs))
    with pytest.raises(EmbeddedServerError, match="is not the private folder"):
        EmbeddedServer(folder).start()
    theirs.rmdir()
    with pytest.raises(EmbeddedServerError, match="that is gone"):
        EmbeddedServer(folder).start()


@as_root
def test_a_users_server_is_not_started_by_root(tmp_path: Path) -> None:
    (tmp_path / "server" / "data").mkdir(parents=True)
    with pytest.raises(EmbeddedServerError, match="belongs to a user"):
        EmbeddedServer(tmp_path / "server").start()
