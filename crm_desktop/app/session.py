"""A person at the desk: her way into the database, where she works, and what the desk needs to open as she left it."""

import logging
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from crm_desktop.app.profiles import Connection
from crm_desktop.db.database import Database, log_in, who_now
from crm_desktop.db.transaction import Transaction, Who
from crm_desktop.modules import reactions
from crm_desktop.organisation import queries as organisation
from crm_desktop.organisation.rules.model import Branch

log = logging.getLogger("crm_desktop.app")

#: Under this key the employee's desk is kept in organisation.workspace.
WORKSPACE = "desk"
LANGUAGE, APPEARANCE, TEXT_SIZE = "organisation.language", "organisation.appearance", "organisation.text_size"


@dataclass(frozen=True)
class Start:
    """What one look at the database says after the login: all branches, her settings, her desk as she left it, the server's time."""

    branches: tuple[Branch, ...]
    settings: dict[str, Any]
    workspace: str
    now: datetime


@dataclass(frozen=True)
class Session:
    """Somebody is logged in. `branch_id` is where she works now."""

    connection: Connection
    database: Database
    start: Start
    branch_id: UUID

    def branches(self) -> list[Branch]:
        """The branches that she may work in."""
        return branches_of(self.database, self.start)

    def branch(self) -> Branch:
        """The branch that she works in now."""
        return next(branch for branch in self.start.branches if branch.id == self.branch_id)


def branches_of(database: Database, start: Start) -> list[Branch]:
    """Her branches that are not closed, by code."""
    return [branch for branch in start.branches if branch.id in database.who.branches and branch.active]


def look_again(tx: Transaction) -> tuple[Who, tuple[Branch, ...]]:
    """Who she is now, and all branches: both change while she is logged in."""
    return who_now(tx), tuple(organisation.list_branches(tx))


def read_start(tx: Transaction, workstation_id: UUID | None) -> Start:
    """See `Start`."""
    branches = organisation.list_branches(tx)
    settings = organisation.list_settings(tx, None, workstation_id)
    workspace = organisation.find_workspace(tx, WORKSPACE)
    return Start(tuple(branches), settings, workspace or "", tx.now)


def enter(connection: Connection, login: str, password: str) -> tuple[Database, Start]:
    """Log in and look around. Blocks. A server that this computer runs itself is started first.

    Raises WrongPassword, Offline, Outdated, NotAllowed, EmbeddedServerError.
    """
    wake_server(connection)
    database = log_in(connection.profile, login, password, reactions())
    try:
        return database, database.read(read_start, connection.station.id if connection.station else None)
    except BaseException:
        database.close()
        raise


def wake_server(connection: Connection) -> None:
    """Start the server of this computer where the connection has one; a running one is left alone. Raises EmbeddedServerError."""
    if connection.embedded:
        from crm_desktop.db.embedded import EmbeddedServer

        EmbeddedServer(Path(connection.embedded), port=connection.profile.port).start()
