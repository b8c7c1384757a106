"""What PostgreSQL refuses, in the program's own words.

Our own guards raise SQLSTATE class CR; a constraint is told by its name. The sentences for people stand beside the tables
(`MESSAGES` of each slice) and are registered here once, when the program starts.
"""

import json
from collections.abc import Mapping

import psycopg
from psycopg import errors as pg

from crm_desktop.core.errors import Busy, Cancelled, Conflict, CrmError, NotAllowed, Offline, Outdated, Refused, WrongPassword
from crm_desktop.core.i18n import N_
from crm_desktop.core.problem import Problem

NOT_ALLOWED, CONFLICT, ALREADY_DONE, REFUSED, OUTDATED = "CR403", "CR409", "CR208", "CR422", "CR426"

#: May be repeated at once under the same operation UUID: nothing was saved.
TRANSIENT = (pg.DeadlockDetected, pg.LockNotAvailable, pg.SerializationFailure)

_messages: dict[str, str] = {}


def register(messages: Mapping[str, str]) -> None:
    """Learn the sentences of a slice: constraint or guard name -> English msgid."""
    _messages.update(messages)


class AlreadyDone(Exception):
    """The operation was done before; `result` is the first answer as JSON text."""

    def __init__(self, result: str) -> None:
        super().__init__("already done")
        self.result = result


def translated(error: psycopg.Error) -> Exception:
    """The program's exception for one of PostgreSQL; the error itself where the program has no word for it (a bug)."""
    state, diag = error.sqlstate or "", error.diag
    name = diag.constraint_name or ""
    if state == ALREADY_DONE:
        return AlreadyDone(diag.message_detail or "null")
    if state == NOT_ALLOWED:
        return NotAllowed(name, diag.message_primary or "")
    if state == CONFLICT:
        return Conflict(diag.table_name or name, diag.message_detail or "")
    if state == OUTDATED:
        newer, client, schema, installer = (diag.message_detail or "|||").split("|")
        return Outdated(newer, client, schema, installer)
    if state == REFUSED or isinstance(error, pg.IntegrityError):
        return Refused(_problem(name, diag.column_name or "", diag.message_detail or "", diag.message_primary or ""))
    if isinstance(error, pg.InsufficientPrivilege):
        return NotAllowed(detail=diag.message_primary or "")
    if isinstance(error, (pg.InvalidPassword, pg.InvalidAuthorizationSpecification)):
        return WrongPassword(diag.message_primary or "")
    if isinstance(error, pg.QueryCanceled):
        return Cancelled(diag.message_primary or "")
    if isinstance(error, TRANSIENT):
        return Busy(diag.message_primary or str(error))
    if isinstance(error, psycopg.OperationalError):
        text = str(error)
        if not state and any(
            word in text for word in ("password authentication failed", "no password supplied", "not permitted to log in")
        ):
            return WrongPassword(text.splitlines()[0])
        return Offline(text.splitlines()[0] if text else "connection lost")
    return error


def _problem(name: str, field: str, detail: str, primary: str) -> Problem:
    """The problem of a named guard. A guard of ours puts its figures into DETAIL as a JSON object."""
    values: dict[str, object] = {}
    if detail.startswith("{"):
        values = json.loads(detail)
        field = str(values.pop("field", field))
    message = _messages.get(name)
    if message is None:
        message, values = N_("The database refused this: {reason}."), {"reason": name or primary}
    return Problem(name or "database", field, message, values)


__all__ = ["ALREADY_DONE", "TRANSIENT", "AlreadyDone", "CrmError", "register", "translated"]
