"""`crm-desktop prove`: every invariant of a base, one line each, and the rows that break it. Qt-free; in this computer's language."""

import logging
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import psycopg
from psycopg import sql

from crm_desktop.app import upgrade_command
from crm_desktop.core.errors import CrmError, Offline, Outdated, WrongPassword
from crm_desktop.core.i18n import _, money, ngettext
from crm_desktop.db.connect import SCHEMA_VERSION, Profile, connect
from crm_desktop.db.errors import translated
from crm_desktop.db.proof import Proof, prove
from crm_desktop.modules import invariants

log = logging.getLogger("crm_desktop.app.prove")
Say = Callable[[str], object]


def proofs(connection: psycopg.Connection[Any]) -> Iterator[Proof]:
    """Each invariant in turn, as owner or superuser."""
    for invariant in invariants():
        yield prove(connection, invariant.name)


def run(profile: Profile, admin: str, password: str, say: Say, but: frozenset[str] = frozenset()) -> bool:
    """Prove a base but for some invariants: `say` gets each line. True when everything holds. Raises `Unprovable` with the sentence why
    it could not be tried."""
    with _entered(profile, admin, password) as connection:
        titles = {invariant.name: invariant.title for invariant in invariants() if invariant.name not in but}
        broken = 0
        try:
            for proof in (prove(connection, name) for name in titles):
                broken += proof.broken > 0
                for line in lines(proof, _(titles[proof.invariant])):
                    say(line)
        except psycopg.Error as error:
            raise Unprovable(sentence(translated(error), profile, admin)) from error
    count = len(titles)
    if broken:
        say(_("{broken} of {count} invariants do not hold.").format(broken=broken, count=count))
    else:
        say(ngettext("{count} invariant holds.", "{count} invariants hold.", count).format(count=count))
    return not broken


class Unprovable(CrmError):
    """The base could not be looked at; the text is the sentence for a person."""


def lines(proof: Proof, title: str) -> Iterator[str]:
    """What is said of one invariant: whether it holds, how long it took, its sentence; then its rows, with the key of the document."""
    word = ngettext("{count} row", "{count} rows", proof.broken).format(count=proof.broken) if proof.broken else _("holds")
    yield f"{word:<10}{seconds_text(proof.seconds):>8} s  {title}"
    for row in proof.rows:
        yield "    " + "  ".join(part for part in (row.record, row.found, str(row.document_id or "")) if part)
    more = proof.broken - len(proof.rows)
    if more > 0:
        yield "    " + ngettext("and {count} more row", "and {count} more rows", more).format(count=more)


def seconds_text(seconds: float) -> str:
    """Seconds to two places."""
    return money(Decimal(f"{seconds:.2f}"))


def _entered(profile: Profile, admin: str, password: str) -> psycopg.Connection[Any]:
    """As the owner of the schema, who may not write here. Raises Unprovable."""
    try:
        connection = connect(profile, admin, password, application="crm-desktop prove")
    except CrmError as error:
        raise Unprovable(sentence(error, profile, admin)) from error
    try:
        connection.execute("set default_transaction_read_only = on")
        connection.execute(sql.SQL("set role {}").format(sql.Identifier(profile.role("owner"))))
        row = connection.execute("select schema_version from meta.release").fetchone()
    except psycopg.Error as error:
        connection.close()
        log.info("%s is not ours: %s", profile.database, error)
        raise Unprovable(
            _("{database} is no database of this program, or {admin} may not act as its owner.").format(
                database=profile.database, admin=admin
            )
        ) from error
    found = int(row[0]) if row else 0
    if found != SCHEMA_VERSION:
        connection.close()
        text = _("The database {database} has schema {schema}, this program knows {client}: upgrade the older of the two first.")
        raise Unprovable(text.format(database=profile.database, schema=found, client=SCHEMA_VERSION))
    return connection


def sentence(error: Exception, profile: Profile, admin: str) -> str:
    """What happened, for what every command may meet."""
    if isinstance(error, WrongPassword):
        return _("The server does not accept the login {admin} with this password.").format(admin=admin)
    if isinstance(error, Offline):
        text = _("The server {server} does not answer, or it has no database {database}.")
        return text.format(server=f"{profile.host}:{profile.port}", database=profile.database)
    if isinstance(error, Outdated):
        return upgrade_command.sentence(error, profile, admin)
    return str(error)
