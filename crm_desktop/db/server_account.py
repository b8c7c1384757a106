"""Whose account runs the embedded server: never root's, because PostgreSQL refuses that and rightly so.

Root starts it as `postgres`, or as `nobody` where there is no such user. That user can often reach neither root's home
nor a private checkout, and no permission of a folder that we did not make is ever changed: the server then gets a place
of its own under /var/tmp, and a copy of the programs.
"""

import getpass
import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

from crm_desktop.core.i18n import N_
from crm_desktop.db.binaries import Binaries, EmbeddedServerError

PLACES = Path("/var/tmp")
PREFIX = "crm-desktop-server-"
#: In a place: the folder that it serves, so that a later start can clear away what nobody needs any more.
SERVES = "serves"
ACCOUNTS = ("postgres", "nobody")


@dataclass(frozen=True)
class Account:
    """A user of the operating system."""

    name: str
    uid: int
    gid: int


def account() -> Account | None:
    """Who runs the server when this process is root's; None means this process's own user."""
    if sys.platform == "win32" or os.geteuid() != 0:
        return None
    import pwd

    for name in ACCOUNTS:
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, found.pw_uid, found.pw_gid)
    raise EmbeddedServerError(
        "no_account", N_("PostgreSQL must not run as root, and this computer has neither a user postgres nor nobody.")
    )


def run(command: Sequence[str], who: Account | None, cwd: Path, output: IO[Any]) -> int:
    """Run a program of PostgreSQL as `who` and give back its exit code; what it says goes to `output`, an open file.

    A file and not a pipe: the server inherits it, and a pipe would stay open as long as the server lives. Raises EmbeddedServerError
    where `who` may not start the program.
    """
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    environment["LC_ALL"] = "C"
    as_user: dict[str, Any] = {} if who is None else {"user": who.uid, "group": who.gid, "extra_groups": []}
    try:
        return subprocess.run(
            command,
            cwd=cwd,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
            **as_user,
        ).returncode
    except PermissionError as error:
        message = N_(
            "The user {account} of this computer, who runs the server, may not start {program}. Nothing was changed. Install"
            " CRM Desktop in a folder that every user may enter, for example below /opt, and start it again."
        )
        name = who.name if who is not None else getpass.getuser()
        raise EmbeddedServerError("server_out_of_reach", message, account=name, program=command[0]) from error


def new_place(folder: Path, who: Account) -> Path:
    """A private folder of `who` outside `folder`, for the data. Places whose folder is gone are cleared away first."""
    for place in PLACES.glob(f"{PREFIX}*"):
        if _is_left_over(place):
            shutil.rmtree(place, ignore_errors=True)
    place = Path(tempfile.mkdtemp(prefix=PREFIX, dir=PLACES))
    os.chown(place, who.uid, who.gid)
    return place


def owned_place(place: Path, who: Account) -> Path:
    """`place`, if it is still the private folder that we made for `who`. Raises EmbeddedServerError."""
    try:
        found = place.lstat()
    except FileNotFoundError:
        raise EmbeddedServerError("place_gone", N_("The data of the server was in {place}, and that is gone."), place=place) from None
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != who.uid or stat.S_IMODE(found.st_mode) != 0o700:
        raise EmbeddedServerError(
            "place_not_ours",
            N_("{place} is not the private folder that the server was given; it is not used."),
            place=place,
        )
    return place


def reachable(path: Path, who: Account) -> bool:
    """Whether `who` may walk to `path` and read it, judged by the permission bits of it and of each folder on the way there.

    The way goes through links: a link is followed from the folder that it lies in.
    """
    return all(_may(folder, who, 0o1) for folder in _way(path.absolute())) and _may(path, who, 0o5)


def usable(found: Binaries, who: Account | None, place: Path) -> Binaries:
    """`found`, by its own name or by where its links lead, or a copy of it below `place` where `who` cannot reach it."""
    if who is None or not found.parts:
        return found
    root = found.root.resolve()
    for each in (found, replace(found, root=root, folder=root / found.folder.relative_to(found.root))):
        if all(reachable(each.root / part, who) for part in each.parts) and reachable(Path(each.tool("postgres")), who):
            return each
    target = place / f"binaries-{found.version}"
    if not target.is_dir():
        unfinished = place / "binaries.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        for part in found.parts:
            shutil.copytree(found.root / part, unfinished / part, symlinks=True)
            _bring_in(found.root / part, unfinished / part)
        for folder, _folders, files in os.walk(unfinished):  # what was installed for root's eyes only is theirs as a copy
            for name in (".", *files):
                os.chown(Path(folder, name), who.uid, who.gid, follow_symlinks=False)
        unfinished.rename(target)
    return replace(found, root=target, folder=target / found.folder.relative_to(found.root))


def write_private(path: Path, text: str, who: Account | None) -> None:
    """Write a file that only its owner may read, and give it to `who`. A file or link that stands there is replaced."""
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        if who is not None:
            os.chown(path, who.uid, who.gid, follow_symlinks=False)


def _may(path: Path, who: Account, wanted: int) -> bool:
    found = path.stat()
    shift = 6 if found.st_uid == who.uid else 3 if found.st_gid == who.gid else 0
    return (found.st_mode >> shift) & wanted == wanted


def _way(path: Path) -> Iterator[Path]:
    """The folders that one walks through to `path`, in order; where a link is met, also those on the way to what it names."""
    here = Path(path.anchor)
    for part in path.parts[1:]:
        yield here
        here = here.parent if part == ".." else here / part
        if here.is_symlink():
            yield from _way(here.parent / here.readlink())
            here = here.resolve()


def _bring_in(original: Path, copy: Path) -> None:
    """Links that lead out of what was copied are replaced by what they name: some installers link every file to their cache."""
    home = original.resolve()
    for folder, folders, files in os.walk(copy):
        for name in (*folders, *files):
            made = Path(folder, name)
            named = (original / made.relative_to(copy)).resolve()
            if made.is_symlink() and not named.is_relative_to(home):
                made.unlink()
                shutil.copytree(named, made) if named.is_dir() else shutil.copy2(named, made)


def _is_left_over(place: Path) -> bool:
    try:
        serves = Path((place / SERVES).read_text(encoding="utf-8"))
    except OSError:  # being made at this moment, or another user's
        return False
    # A running server holds its folder, even if somebody deleted the checkout around it: its owner stops it.
    return not serves.exists() and not (place / "data" / "postmaster.pid").exists()
