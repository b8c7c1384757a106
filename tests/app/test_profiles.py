"""What a computer remembers between starts."""

import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from crm_desktop.app.profiles import Connection, Known, Memory, Operator, Place, Station, folder
from crm_desktop.app.secrets import Secrets, secret_name
from crm_desktop.db.connect import Profile
from crm_desktop.db.keys import new_id

CONNECTION = Connection(Profile("biuro.lan", 5433, "beskid", "require", "biuro"), "Beskid", "1", station=Station(new_id(), "kasa1"))


def test_all_of_it_comes_back(tmp_path: Path) -> None:
    place = Place(new_id(), "Kraków")
    connection = CONNECTION.with_operator(Operator("anna", "Anna Kowalczyk", place.id, (place,)))
    known = Known((connection,), "en", "dark", "115", {"CompanyPage.name": "Żółta Łódź"})
    Memory(tmp_path).keep(known)
    assert Memory(tmp_path).known == known


def test_nobody_else_may_read_it(tmp_path: Path) -> None:
    memory = Memory(tmp_path / "new")
    memory.keep(Known((CONNECTION,)))
    assert stat.S_IMODE(memory.file.stat().st_mode) == 0o600
    assert list(memory.folder.iterdir()) == [memory.file]


@pytest.mark.logs("could not be read")
@pytest.mark.parametrize("text", ["{", '{"connections": [{"profile": 7}]}', "[]"])
def test_a_broken_file_is_put_aside(tmp_path: Path, text: str) -> None:
    """Nothing lost: what cannot be read is not overwritten."""
    (tmp_path / "connections.json").write_text(text, encoding="utf-8")
    assert Memory(tmp_path).known == Known()
    assert (tmp_path / "connections.unreadable").read_text(encoding="utf-8") == text


def test_the_last_used_comes_first() -> None:
    other = replace(CONNECTION, profile=replace(CONNECTION.profile, database="inna"))
    known = Known((CONNECTION,)).with_connection(other)
    assert [each.profile.database for each in known.connections] == ["inna", "beskid"]
    assert known.with_connection(CONNECTION).connections[0] is CONNECTION
    assert known.without_connection(other.key).connections == (CONNECTION,)
    connection = CONNECTION.with_operator(Operator("anna", "Anna")).with_operator(Operator("ewa", "Ewa"))
    assert [each.login for each in connection.with_operator(Operator("anna", "Anna K.")).operators] == ["anna", "ewa"]


def test_where_it_lies() -> None:
    assert folder({"CRM_DESKTOP_CONFIG": "/portable"}, "win32") == Path("/portable")
    assert folder({"APPDATA": "/roaming"}, "win32") == Path("/roaming/crm-desktop")
    assert folder({}, "darwin").parts[-3:] == ("Library", "Application Support", "crm-desktop")
    assert folder({}, "linux") == Path.home() / ".config" / "crm-desktop"


def test_secrets_go_to_a_private_file_where_there_is_no_keyring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A headless worker has no keyring; the documented fall-back is a file of 0600."""
    monkeypatch.setenv("CRM_DESKTOP_SECRETS", "file")
    secrets, name = Secrets(tmp_path), secret_name(CONNECTION, "kasa1")
    assert secrets.find(name) is None
    secrets.keep(name, "sekret")
    assert not secrets.in_keyring
    assert Secrets(tmp_path).find(name) == "sekret"
    assert stat.S_IMODE(secrets.file.stat().st_mode) == 0o600
    secrets.forget(name)
    assert secrets.find(name) is None


@pytest.mark.skipif(os.name != "posix", reason="permission bits")
def test_a_secret_that_others_may_read_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRM_DESKTOP_SECRETS", "file")
    secrets = Secrets(tmp_path)
    secrets.keep("x", "sekret")
    secrets.file.chmod(0o644)
    with pytest.raises(PermissionError, match="read by others"):
        secrets.find("x")
