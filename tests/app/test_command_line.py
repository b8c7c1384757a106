"""The one command and its words."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from crm_desktop import __main__ as command
from crm_desktop import __version__
from crm_desktop.app.profiles import FOLDER_VARIABLE, Known, Memory
from crm_desktop.core import i18n
from crm_desktop.demo import proving
from crm_desktop.demo.company import SMALL
from crm_desktop.modules import invariants
from tests.support import office, upgrading
from tests.support.postgres import TestServer


@pytest.fixture(autouse=True)
def computer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A computer that knows nothing but its language."""
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "computer"))
    Memory().keep(Known(language="en"))
    yield tmp_path / "computer"
    i18n.use("en")


def upgrade(server: TestServer, database: str) -> list[str]:
    place = server.server
    where = ["--host", place.host, "--port", str(place.port), "--tls", "disable", "--admin", place.superuser]
    return ["upgrade", *where, "--database", database, "--role-prefix", office.TEMPLATE]


def test_a_database_is_upgraded(
    server: TestServer, fresh_database: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """ARC-04: the administrator's command; the password comes from the environment or is typed."""
    monkeypatch.setenv(command.PASSWORD_VARIABLE, server.server.password)
    upgrading.make_upgradable(server, fresh_database)
    assert command.main(upgrade(server, fresh_database)) == 0
    assert f"{fresh_database} is at the schema" in capsys.readouterr().out


def test_a_wrong_password_ends_with_a_sentence(
    server: TestServer, fresh_database: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(command.PASSWORD_VARIABLE, "wrong")
    assert command.main(upgrade(server, fresh_database)) == 1
    assert "password" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("newer than this program", "nothing was changed", "Install the newer program", "It lies at //serwer/crm.")),
        ("pl", ("nowszy niż zna ten program", "niczego nie zmieniono", "Zainstaluj nowszy program", "//serwer/crm")),
    ],
)
def test_an_older_program_says_that_the_database_is_newer(
    server: TestServer,
    fresh_database: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    language: str,
    words: tuple[str, ...],
) -> None:
    """ARC-04: what happened, what is safe and what to do, in this computer's language; no traceback, and it does not end with 0."""
    Memory().keep(Known(language=language))
    monkeypatch.setenv(command.PASSWORD_VARIABLE, server.server.password)
    upgrading.make_upgradable(server, fresh_database)
    with psycopg.connect(server.server.dsn(fresh_database), autocommit=True) as connection:
        connection.execute("update meta.alembic_version set version_num = '2099_01_01_unknown'")
        connection.execute("update meta.release set schema_version = '99', installer = '//serwer/crm'")
    assert command.main(upgrade(server, fresh_database)) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    for word in (fresh_database, "99", *words):
        assert word in said.err


def test_a_server_that_is_silent_ends_with_a_sentence(
    free_port: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(command.PASSWORD_VARIABLE, "any")
    assert command.main(["upgrade", "--port", str(free_port), "--database", "crm"]) == 1
    assert f"127.0.0.1:{free_port} does not answer" in capsys.readouterr().err


def prove(server: TestServer, database: str) -> list[str]:
    return ["prove", *upgrade(server, database)[1:]]


@pytest.mark.parametrize(("language", "holds", "sentence"), [("en", "holds", "No guard"), ("pl", "zachowane", "Żadna ochrona")])
def test_a_sound_base_is_proved(
    server: TestServer,
    fresh_database: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    language: str,
    holds: str,
    sentence: str,
) -> None:
    """One line an invariant: whether it holds, the seconds, its sentence; then how many."""
    Memory().keep(Known(language=language))
    monkeypatch.setenv(command.PASSWORD_VARIABLE, server.server.password)
    assert command.main(prove(server, fresh_database)) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(invariants()) + 1
    assert all(line.startswith(holds) for line in lines[:-1])
    assert sentence in lines[0]
    assert str(len(invariants())) in lines[-1]


def test_a_base_that_was_tampered_with_ends_with_1(
    server: TestServer, fresh_database: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The row stands below its invariant."""
    monkeypatch.setenv(command.PASSWORD_VARIABLE, server.server.password)
    with psycopg.connect(server.server.dsn(fresh_database), autocommit=True) as owner:
        owner.execute("set session_replication_role = replica")
        owner.execute("update parties.party set group_id = id where code = 'VOLT'")
    assert command.main(prove(server, fresh_database)) == 1
    lines = capsys.readouterr().out.splitlines()
    place = next(number for number, line in enumerate(lines) if line.startswith("1 row"))
    assert "Every party's group is there" in lines[place]
    assert lines[place + 1].startswith("    VOLT")
    assert lines[-1] == f"1 of {len(invariants())} invariants do not hold."


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("select 1", ("does not accept the login",)),
        ("update meta.release set schema_version = '1'", ("has schema 1", "upgrade")),
        ("drop schema meta cascade", ("is no database of this program",)),
    ],
)
def test_a_base_that_cannot_be_proved_ends_with_a_sentence(
    server: TestServer,
    fresh_database: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    statement: str,
    words: tuple[str, ...],
) -> None:
    with psycopg.connect(server.server.dsn(fresh_database), autocommit=True) as owner:
        owner.execute(statement)  # type: ignore[call-overload]
    wrong = "login" in words[0]
    monkeypatch.setenv(command.PASSWORD_VARIABLE, "wrong" if wrong else server.server.password)
    assert command.main(prove(server, fresh_database)) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert all(word in said.err for word in words)


def test_a_proof_on_a_silent_server_ends_with_a_sentence(
    free_port: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(command.PASSWORD_VARIABLE, "any")
    assert command.main(["prove", "--port", str(free_port), "--database", "crm"]) == 1
    assert f"127.0.0.1:{free_port} does not answer, or it has no database crm." in capsys.readouterr().err


def test_a_proof_wants_to_know_of_what(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        command.main(["prove"])
    assert "--database" in capsys.readouterr().err


def test_the_demo_company_is_sound(capsys: pytest.CaptureFixture[str]) -> None:
    """`prove --demo`, on a server of its own; here with the small company."""
    assert proving.run(print, SMALL)
    assert f"{len(invariants())} invariants hold." in capsys.readouterr().out


def test_its_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        command.main(["--version"])
    assert end.value.code == 0
    assert capsys.readouterr().out.strip() == __version__


def test_an_unknown_word_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        command.main(["worker", "--hurry"])
    assert "unknown: --hurry" in capsys.readouterr().err


@pytest.mark.logs("installed as no workstation")
def test_a_worker_on_a_computer_that_is_no_workstation(computer: Path) -> None:
    assert command.main(["worker"]) == 2


def test_the_emulator_has_its_word(tmp_path: Path) -> None:
    """The emulated printer is a program of its own; it says its address and ends on SIGTERM."""
    arguments = ["emulator", "--port", "0", "--state", str(tmp_path / "memory")]
    command_line = [sys.executable, "-m", "crm_desktop", *arguments]
    with subprocess.Popen(command_line, stdout=subprocess.PIPE, text=True, env=os.environ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline().startswith("tcp://127.0.0.1:")
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=15) == 0
        finally:
            process.kill()
