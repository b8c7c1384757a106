"""What this computer remembers between starts: connections, who logged in last, language and looks of the login window.

One JSON file in the user's configuration folder, readable by its owner only. No password is ever in it (see secrets.py).
"""

import json
import logging
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from uuid import UUID

from crm_desktop.db.connect import Profile
from crm_desktop.db.rows import from_json, to_json

log = logging.getLogger("crm_desktop.app")

#: Another folder than the system's, for tests, demos and portable installations.
FOLDER_VARIABLE = "CRM_DESKTOP_CONFIG"
FILE = "connections.json"
_OPERATORS_KEPT = 12


@dataclass(frozen=True)
class Place:
    """A branch that an operator may work in, as last seen."""

    id: UUID
    name: str


@dataclass(frozen=True)
class Operator:
    """Somebody who logged in here: her login, her name, the branch she worked in last and those that she may choose."""

    login: str
    name: str
    branch_id: UUID | None = None
    branches: tuple[Place, ...] = ()


@dataclass(frozen=True)
class Station:
    """The workstation that this computer is installed as; the secret of its login is in the keyring."""

    id: UUID
    code: str


@dataclass(frozen=True)
class Connection:
    """A company's database as this computer knows it.

    company: its name as last seen. schema: likewise. embedded: the folder of the server that this computer runs itself, "" for a
    server elsewhere. operators: the last one first.
    """

    profile: Profile
    company: str = ""
    schema: str = ""
    embedded: str = ""
    operators: tuple[Operator, ...] = ()
    station: Station | None = None

    @property
    def name(self) -> str:
        """How people call it."""
        return self.profile.name or self.company or f"{self.profile.database}, {self.profile.host}"

    @property
    def key(self) -> str:
        """What tells two connections apart."""
        return f"{self.profile.host}:{self.profile.port}/{self.profile.database}"

    def with_operator(self, operator: Operator) -> "Connection":
        """Somebody logged in: she is offered first the next time."""
        others = tuple(each for each in self.operators if each.login != operator.login)
        return replace(self, operators=(operator, *others)[:_OPERATORS_KEPT])


@dataclass(frozen=True)
class Known:
    """All that is remembered. The first connection was used last. unfinished: a first-run wizard that was put aside."""

    connections: tuple[Connection, ...] = ()
    language: str = "pl"
    appearance: str = "light"
    text_size: str = "100"
    unfinished: dict[str, str] = field(default_factory=dict)

    def with_connection(self, connection: Connection) -> "Known":
        """A new or changed connection, used last."""
        others = tuple(each for each in self.connections if each.key != connection.key)
        return replace(self, connections=(connection, *others))

    def without_connection(self, key: str) -> "Known":
        """Forget a connection."""
        return replace(self, connections=tuple(each for each in self.connections if each.key != key))

    def find(self, key: str) -> Connection | None:
        """A connection by its key."""
        return next((each for each in self.connections if each.key == key), None)


def folder(environment: Mapping[str, str] = os.environ, platform: str = sys.platform) -> Path:
    """The user's configuration folder of this program.

    >>> folder({"XDG_CONFIG_HOME": "/x"}, "linux").as_posix()
    '/x/crm-desktop'
    """
    if environment.get(FOLDER_VARIABLE):
        return Path(environment[FOLDER_VARIABLE])
    if platform == "win32":
        return Path(environment.get("APPDATA") or Path.home() / "AppData" / "Roaming") / "crm-desktop"
    if platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "crm-desktop"
    return Path(environment.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "crm-desktop"


class Memory:
    """The file of `Known`. A file that cannot be read is put aside, never overwritten."""

    def __init__(self, place: Path | None = None) -> None:
        self.folder = place or folder()
        self.file = self.folder / FILE
        self.known = self._read()

    def keep(self, known: Known) -> None:
        """Remember. Raises OSError where the folder cannot be written."""
        self.known = known
        write_private(self.file, json.dumps(to_json(known), ensure_ascii=False, indent=1))

    def _read(self) -> Known:
        if not self.file.exists():
            return Known()
        try:
            data: Any = json.loads(self.file.read_text(encoding="utf-8"))
            known: Known = from_json(Known, data)
            return known
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            aside = self.file.with_suffix(".unreadable")
            self.file.replace(aside)
            log.error("%s could not be read (%s); it was put aside as %s", self.file, error, aside.name)
            return Known()


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner may read, whole or not at all."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.new")
    beside.unlink(missing_ok=True)
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    beside.replace(path)
