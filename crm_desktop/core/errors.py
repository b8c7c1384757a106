"""The few exceptions of the program. Each ends on one road to the person (see ui/tasks.py)."""

from typing import Any

from crm_desktop.core.problem import Problem, errors_of


class CrmError(Exception):
    """A failure that the program expects. Its text is for the log; people read the problem or the road's own sentence."""


class Refused(CrmError):
    """The act cannot be done with this content. `problems` go to the fields; nothing was saved."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(f"{p.code} at {p.field or 'record'}" for p in problems))
        self.problems = list(problems)


class Conflict(CrmError):
    """Somebody saved the record first: the version read is no longer the one stored. Nothing was saved."""

    def __init__(self, table: str, key: object) -> None:
        super().__init__(f"{table} {key} changed meanwhile")
        self.table, self.key = table, key


class NotAllowed(CrmError):
    """The database forbids this employee the act. `permission` names the missing right where it is known."""

    def __init__(self, permission: str = "", detail: str = "") -> None:
        super().__init__(detail or f"not allowed: {permission}")
        self.permission = permission


class Offline(CrmError):
    """The server cannot be reached, or the answer was lost. A change may be repeated under the same operation UUID."""


class Busy(CrmError):
    """A lock could not be had in time, after retries. Nothing was saved; trying again is safe."""


class Cancelled(CrmError):
    """Whoever asked ended the question herself (a long proof). Nothing was saved."""


class WrongPassword(CrmError):
    """The login or its password was not accepted."""


class Outdated(CrmError):
    """Client and schema do not fit. `newer` is 'schema' (install a newer client) or 'client' (run the upgrade)."""

    def __init__(self, newer: str, client: str, schema: str, installer: str = "") -> None:
        super().__init__(f"client {client}, schema {schema}: the {newer} is newer")
        self.newer, self.client, self.schema, self.installer = newer, client, schema, installer


def refuse_if(problems: list[Problem]) -> None:
    """Raise Refused with all problems when at least one of them stops the act."""
    if errors_of(problems):
        raise Refused(*problems)


def problem_values(error: BaseException) -> list[dict[str, Any]]:
    """The problems of a refusal as plain values for the log; empty for other errors."""
    return [{"code": p.code, "field": p.field} for p in getattr(error, "problems", [])]
