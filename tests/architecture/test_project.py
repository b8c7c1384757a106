"""The project's own files: the lock, the texts, the set-up, and the one thing in PySide6 that kills long-running programs."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from tests.support.house import ROOT, project

LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
LOCKED = {match[1]: Version(match[2]) for match in re.finditer(r"^([a-z0-9-]+)==([^\s;\\]+)", LOCK, re.MULTILINE)}


def test_the_lock_names_no_address_and_no_machine() -> None:
    """The same file installs from any mirror."""
    assert "://" not in LOCK
    assert "--index-url" not in LOCK
    assert not re.search(r"^#", LOCK, re.MULTILINE), "make lock writes no header"


def test_every_package_in_the_lock_is_pinned_and_hashed() -> None:
    entries = re.split(r"\n(?=\S)", LOCK.strip())
    assert len(entries) > 50
    for entry in entries:
        assert re.match(r"[a-z0-9-]+==\S+", entry), entry.splitlines()[0]
        assert "--hash=sha256:" in entry, entry.splitlines()[0]


def test_the_lock_fits_the_project_file() -> None:
    """Whoever changes a dependency runs `make lock`."""
    tables = project()
    wanted = [*tables["project"]["dependencies"], *tables["dependency-groups"]["dev"]]  # type: ignore[index]
    for line in wanted:
        requirement = Requirement(line)
        assert requirement.name in LOCKED, f"{line}: run make lock"
        assert requirement.specifier.contains(LOCKED[requirement.name]), f"{line}, locked {LOCKED[requirement.name]}: run make lock"


def test_uv_is_in_the_lock_as_the_set_up_reads_it(tmp_path: Path) -> None:
    """The set-up takes uv's entry out of the lock with awk and gives it to pip, which wants the hashes."""
    script = (ROOT / "packaging" / "set_up.sh").read_text(encoding="utf-8")
    program = re.search(r"awk '(.+?)' requirements\.lock", script)
    assert program is not None
    entry = subprocess.run(["awk", program[1], "requirements.lock"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert entry.startswith(f"uv=={LOCKED['uv']} ")
    assert entry.count("==") == 1
    assert entry.count("--hash=sha256:") > 5


def test_the_set_up_stops_before_the_first_change_when_it_cannot_finish(tmp_path: Path) -> None:
    """Without root, sudo and a library it prints one command and does nothing."""
    checkout, programs = tmp_path / "checkout", tmp_path / "bin"
    (checkout / "packaging").mkdir(parents=True)
    programs.mkdir()
    (checkout / "packaging" / "set_up.sh").write_bytes((ROOT / "packaging" / "set_up.sh").read_bytes())
    (checkout / "packaging" / "system_libraries.py").write_text("print('libegl1 xvfb')\n")
    for name, code in {"id": "echo 1000", "sudo": "exit 1", "apt-get": "touch called"}.items():
        (programs / name).write_text(f"#!/bin/sh\n{code}\n")
        (programs / name).chmod(0o755)
    environment = {**os.environ, "PATH": f"{programs}:{os.environ['PATH']}"}
    said = subprocess.run(["bash", "packaging/set_up.sh"], cwd=checkout, env=environment, capture_output=True, text=True, check=False)
    assert said.returncode == 1
    assert "apt-get update && apt-get install -y --no-install-recommends libegl1 xvfb" in said.stderr
    assert sorted(path.name for path in checkout.iterdir()) == ["packaging"]


def test_the_libraries_of_windows_are_there() -> None:
    """What the set-up installs is what it asks for: after it nothing is missing."""
    command = [sys.executable, "packaging/system_libraries.py"]
    assert subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip() == ""


def test_every_text_has_its_polish() -> None:
    if not (ROOT / "resources/locale/pl/LC_MESSAGES/crm_desktop.po").exists():
        pytest.skip("there is no Polish catalogue yet")
    said = subprocess.run([sys.executable, "packaging/texts.py", "check"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stdout + said.stderr


def test_qt_returns_none_without_losing_it() -> None:
    """PySide6 6.12.0 drops a reference of None with each call that returns nothing, and aborts Python 3.11 after some thousands."""
    probe = (
        "from PySide6.QtCore import QCoreApplication, QObject\n"
        "application, thing = QCoreApplication([]), QObject()\n"
        "for _ in range(50_000): thing.setObjectName('x')\n"
    )
    assert subprocess.run([sys.executable, "-c", probe], check=False).returncode == 0
