"""`crm-desktop backup` and `restore`: a base as one file and back, proved. Qt-free; what it says is in this computer's language."""

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from crm_desktop.app import prove_command
from crm_desktop.core.errors import CrmError, refuse_if
from crm_desktop.core.i18n import _, ngettext, tell
from crm_desktop.db import backup
from crm_desktop.db.binaries import client_programs
from crm_desktop.db.connect import Profile, connect
from crm_desktop.db.embedded import EmbeddedServer
from crm_desktop.db.upgrade import upgrade
from crm_desktop.modules import parts
from crm_desktop.organisation.rules.check import check_login
from crm_desktop.organisation.rules.password import check_password, scram_verifier

Say = Callable[[str], object]
#: Whatever was at a printer waits for a person after restoring, however long ago that was: no fault of the file.
EXPECTED = frozenset({"documents.sealed"})


class Failed(CrmError):
    """It was not done; the text is the sentence for a person."""


def save(profile: Profile, admin: str, password: str, file: Path, say: Say) -> None:
    """Write a base to a file. Raises Failed."""
    began = time.monotonic()
    with _told(profile, admin):
        backup.save(profile, admin, password, file)
    text = _("{database} is saved in {file}: {size} MB, {seconds} s. Try it with: crm-desktop restore {file} --rehearse")
    size = prove_command.seconds_text(file.stat().st_size / 1_000_000)
    say(text.format(database=profile.database, file=file, size=size, seconds=_since(began)))


def restore(
    server: Profile, admin: str, password: str, file: Path, database: str, say: Say, entering: tuple[str, str] | None = None
) -> bool:
    """Make a new base from a file, bring it to this program's schema, and prove it; whether everything holds. Raises Failed.

    entering: a login of the base and the password with which she can enter from now on.
    """
    began = time.monotonic()
    with _told(server, admin):
        if entering is not None:
            refuse_if([*check_login(entering[0]), *check_password(entering[1], entering[0])])
        restored = backup.restore(server, admin, password, file, database)
    try:
        with _told(restored.profile, admin):
            upgrade(restored.profile, admin, password, parts())
            if entering is not None:
                verifier = scram_verifier(entering[1], os.urandom(16))
                backup.give_password(restored.profile, admin, password, entering[0], verifier)
        sound = prove_command.run(restored.profile, admin, password, say, EXPECTED)
    except CrmError as error:
        backup.drop(server, admin, password, database)
        raise Failed(str(error)) from error
    for line in _report(restored, admin, password, entering, _since(began)):
        say(line)
    return sound


def rehearse(file: Path, say: Say) -> bool:
    """Restore a file on a server of its own, prove what is there, and remove it all; whether everything holds. Raises Failed."""
    with _told(Profile(), ""), tempfile.TemporaryDirectory(prefix="crm-rehearsal-") as folder:
        saved = backup.look_at(file)
        embedded = EmbeddedServer(Path(folder) / "postgresql", binaries=client_programs(saved.server))
        server = embedded.start()
        try:
            place = Profile(server.host, server.port, "postgres", "disable")
            sound = restore(place, server.superuser, server.password, file, saved.database, say)
        finally:
            embedded.remove()
    say(_("The rehearsal is over; nothing of it is left.") if sound else _("The rehearsal found faults; nothing of it is left."))
    return sound


def _report(restored: backup.Restored, admin: str, password: str, entering: tuple[str, str] | None, seconds: str) -> Iterator[str]:
    """What is there, and what a person has to do now."""
    profile = restored.profile
    with connect(profile, admin, password, application="crm-desktop restore") as connection:
        row = connection.execute("select count(*) from documents.document where state = 'issued'").fetchone()
    count = int(row[0]) if row else 0
    text = ngettext(
        "{database} is restored: {count} issued document, {seconds} s.",
        "{database} is restored: {count} issued documents, {seconds} s.",
        count,
    )
    yield text.format(database=profile.database, count=count, seconds=seconds)
    if profile.role_prefix != profile.database:
        yield _("Its logins begin with {prefix}: give --role-prefix {prefix} with each command.").format(prefix=profile.role_prefix)
    waiting = [login for login in restored.without_password if entering is None or login != entering[0]]
    if waiting:
        text = ngettext(
            "{count} login has no password on this server: {logins}",
            "{count} logins have no password on this server: {logins}",
            len(waiting),
        )
        yield text.format(count=len(waiting), logins=", ".join(waiting))
    if restored.undecided:
        text = ngettext(
            "{count} receipt was at a printer and waits for a decision: look at the paper first.",
            "{count} receipts were at a printer and wait for a decision: look at the paper first.",
            restored.undecided,
        )
        yield text.format(count=restored.undecided)


@contextmanager
def _told(profile: Profile, admin: str) -> Iterator[None]:
    """Every failure as its sentence."""
    try:
        yield
    except Failed:
        raise
    except CrmError as error:
        problem = getattr(error, "problem", None) or next(iter(getattr(error, "problems", ())), None)
        if problem is None and not isinstance(error, prove_command.Unprovable):
            raise Failed(prove_command.sentence(error, profile, admin)) from error
        raise Failed(tell(problem) if problem is not None else str(error)) from error


def _since(began: float) -> str:
    return prove_command.seconds_text(time.monotonic() - began)
