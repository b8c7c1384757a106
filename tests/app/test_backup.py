"""`crm-desktop backup` and `restore`: what comes back is what was saved, proved, and whatever goes wrong leaves nothing behind."""

import os
import secrets
import stat
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest

from crm_desktop import __main__ as command
from crm_desktop.app.profiles import FOLDER_VARIABLE, Known, Memory
from crm_desktop.core import i18n
from crm_desktop.core.errors import WrongPassword
from crm_desktop.db.connect import Profile
from crm_desktop.db.database import log_in
from crm_desktop.db.embedded import FOR_TESTS, EmbeddedServer, Server, binaries
from crm_desktop.documents import queries, service
from crm_desktop.documents.rules.model import Issued
from crm_desktop.fiscal import queries as fiscal
from crm_desktop.modules import invariants, reactions
from tests.support import office
from tests.support.postgres import TestServer
from tests.support.proving import broken

#: The server to which a base moves, by the major that it comes from.
NEXT = {"15": "17", "17": "18", "18": "18"}
NEW_PASSWORD = "Rynek-Główny-2026-nowe"


@pytest.fixture(autouse=True)
def computer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: TestServer) -> Iterator[None]:
    """An English one whose administrator's password is in the environment."""
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "computer"))
    Memory().keep(Known(language="en"))
    monkeypatch.setenv(command.PASSWORD_VARIABLE, server.server.password)
    yield
    i18n.use("en")


@pytest.fixture
def aside(server: TestServer) -> Iterator[str]:
    """The name of a base that a test restores, gone afterwards."""
    name = f"aside_{secrets.token_hex(4)}"
    yield name
    server.drop(name)


@pytest.fixture
def profile(server: TestServer, fresh_database: str) -> Profile:
    return Profile(server.server.host, server.server.port, fresh_database, "disable", role_prefix=office.TEMPLATE)


def where(server: Server, database: str) -> list[str]:
    return ["--host", server.host, "--port", str(server.port), "--tls", "disable", "--admin", server.superuser, "--database", database]


def saved(server: TestServer, database: str, folder: Path) -> Path:
    file = folder / "company.backup"
    assert command.main(["backup", str(file), *where(server.server, database)]) == 0
    return file


def sell(profile: Profile) -> Issued:
    anna = office.Office(profile).enter("anna")
    try:
        issued: Issued = anna.change(service.issue_invoice, office.draft_of(anna, "FS", lines=3))
        return issued
    finally:
        anna.close()


def bases(server: TestServer) -> set[str]:
    with psycopg.connect(server.server.dsn()) as owner:
        return {name for (name,) in owner.execute("select datname from pg_database").fetchall()}


def test_a_base_comes_back_whole(
    server: TestServer, profile: Profile, aside: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Beside the first one, under another name: the same people with the same passwords; numbers go on; the guards of the base hold."""
    issued = sell(profile)
    anna = office.Office(profile).enter("anna")
    before = anna.read(queries.get_document, issued.id)
    sealed = anna.change(service.seal_receipt, office.draft_of(anna, "PAR"), office.PRINTER)
    anna.close()
    file = saved(server, profile.database, tmp_path)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["company.backup"]
    assert "--rehearse" in capsys.readouterr().out
    assert command.main(["restore", str(file), *where(server.server, aside)]) == 0
    said = capsys.readouterr().out
    assert f"{aside} is restored: 1 issued document" in said
    assert f"give --role-prefix {office.TEMPLATE}" in said
    assert "1 receipt was at a printer and waits for a decision" in said
    assert "has no password" not in said and "have no password" not in said
    beside = replace(profile, database=aside)
    anna = office.Office(beside).enter("anna")
    try:
        assert anna.read(queries.get_document, issued.id) == before
        assert anna.read(fiscal.get_receipt, sealed.receipt_id).state == "needs_person"
    finally:
        anna.close()
    assert sell(beside).number == sell(profile).number
    with psycopg.connect(server.server.dsn(aside)) as owner:
        assert broken(owner) == {}
        assert owner.execute("show idle_in_transaction_session_timeout").fetchone() == ("5s",)
        assert owner.execute("select count(*) from jobs.job where state in ('waiting', 'running')").fetchone() == (0,)
    with psycopg.connect(server.server.dsn(profile.database)) as owner:
        assert owner.execute("select state from fiscal.receipt").fetchall() == [("waiting",)]


def test_a_base_comes_back_on_another_server(
    server: TestServer, profile: Profile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Also a newer one. Roles are made from the employees; a file holds no passwords, so one of them gets a new one and gives the others
    theirs."""
    issued = sell(profile)
    file = saved(server, profile.database, tmp_path)
    other = EmbeddedServer(tmp_path / "other", binaries=binaries(NEXT[server.version]), tuning=FOR_TESTS)
    there = other.start()
    try:
        monkeypatch.setenv(command.PASSWORD_VARIABLE, there.password)
        monkeypatch.setenv(command.NEW_VARIABLE, NEW_PASSWORD)
        assert command.main(["restore", str(file), *where(there, office.TEMPLATE), "--enter-as", "szef"]) == 0
        said = capsys.readouterr().out
        assert "logins have no password on this server: anna, kasa1, wanda" in said
        assert "--role-prefix" not in said
        home = Profile(there.host, there.port, office.TEMPLATE, "disable")
        szef = log_in(home, "szef", NEW_PASSWORD, reactions())
        try:
            assert szef.read(queries.get_document, issued.id).number == issued.number
        finally:
            szef.close()
        with pytest.raises(WrongPassword):
            log_in(home, "anna", office.PASSWORD)
    finally:
        other.remove()


def test_a_rehearsal_proves_and_leaves_nothing(
    server: TestServer, profile: Profile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sell(profile)
    file = saved(server, profile.database, tmp_path)
    rehearsals = tmp_path / "rehearsals"
    rehearsals.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(rehearsals))
    capsys.readouterr()
    assert command.main(["restore", str(file), "--rehearse"]) == 0
    said = capsys.readouterr().out
    assert said.count("\nholds") + said.startswith("holds") == len(invariants()) - 1
    assert "The rehearsal is over; nothing of it is left." in said
    assert list(rehearsals.iterdir()) == []


def test_a_rehearsal_names_what_is_broken(server: TestServer, profile: Profile, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    number = sell(profile).number
    with psycopg.connect(server.server.dsn(profile.database), autocommit=True) as owner:
        owner.execute("set session_replication_role = replica")
        owner.execute("update documents.document set notes = 'x'")
    file = saved(server, profile.database, tmp_path)
    capsys.readouterr()
    assert command.main(["restore", str(file), "--rehearse"]) == 1
    said = capsys.readouterr().out
    assert f"    {number}" in said
    assert "found faults" in said


def _no_file(server: TestServer, profile: Profile, folder: Path) -> list[str]:
    return ["restore", str(folder / "nothing"), *where(server.server, "x")]


def _no_backup(server: TestServer, profile: Profile, folder: Path) -> list[str]:
    (folder / "letter").write_text("Dear all")
    return ["restore", str(folder / "letter"), *where(server.server, "x")]


def _file_there(server: TestServer, profile: Profile, folder: Path) -> list[str]:
    (folder / "there").write_text("mine")
    return ["backup", str(folder / "there"), *where(server.server, profile.database)]


def _no_folder(server: TestServer, profile: Profile, folder: Path) -> list[str]:
    return ["backup", str(folder / "none" / "x"), *where(server.server, profile.database)]


def _not_ours(server: TestServer, profile: Profile, folder: Path) -> list[str]:
    return ["backup", str(folder / "x"), *where(server.server, "postgres")]


def _no_base(server: TestServer, profile: Profile, folder: Path) -> list[str]:
    return ["backup", str(folder / "x"), *where(server.server, "no_such_base")]


def _base_there(server: TestServer, profile: Profile, folder: Path) -> list[str]:
    return ["restore", str(saved(server, profile.database, folder)), *where(server.server, profile.database)]


def _half_a_file(server: TestServer, profile: Profile, folder: Path) -> list[str]:
    file = saved(server, profile.database, folder)
    os.truncate(file, file.stat().st_size - 2_000)
    return ["restore", str(file), *where(server.server, "half")]


def _newer(server: TestServer, profile: Profile, folder: Path) -> list[str]:
    with psycopg.connect(server.server.dsn(profile.database), autocommit=True) as owner:
        owner.execute("update meta.alembic_version set version_num = '2099_01_01_unknown'")
        owner.execute("update meta.release set schema_version = '99'")
    return ["restore", str(saved(server, profile.database, folder)), *where(server.server, "newer")]


def _nobody(server: TestServer, profile: Profile, folder: Path) -> list[str]:
    return ["restore", str(saved(server, profile.database, folder)), *where(server.server, "nobody"), "--enter-as", "nikt"]


def _short(server: TestServer, profile: Profile, folder: Path) -> list[str]:
    os.environ[command.NEW_VARIABLE] = "kot"  # monkeypatch takes it back
    return ["restore", str(saved(server, profile.database, folder)), *where(server.server, "short"), "--enter-as", "szef"]


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (_no_file, "is not there"),
        (_no_backup, "no backup of this program"),
        (_file_there, "is there already"),
        (_no_folder, "folder"),
        (_not_ours, "no database of this program"),
        (_no_base, "no_such_base"),
        (_base_there, "is there already"),
        (_half_a_file, "gave up"),
        (_newer, "newer than this program"),
        (_nobody, "Nobody with the login nikt"),
        (_short, "at least 10 characters"),
    ],
)
def test_what_goes_wrong_is_one_sentence_and_leaves_nothing(
    server: TestServer,
    profile: Profile,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    act: Any,
    words: str,
) -> None:
    monkeypatch.setenv(command.NEW_VARIABLE, NEW_PASSWORD)
    arguments = act(server, profile, tmp_path)
    files = {path: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()}
    was_there = arguments[arguments.index("--database") + 1] in bases(server)
    capsys.readouterr()
    assert command.main(arguments) == 1
    said = capsys.readouterr().err
    assert words in said
    assert said.count("\n") == 1, said
    assert (arguments[arguments.index("--database") + 1] in bases(server)) == was_there
    assert {path: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()} == files
