"""Who waits for whom: sessions as a tree below those that hold the others up, and what each does, in few words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crm_desktop.organisation.rules.model import Session

#: An open transaction that does nothing for so long is worth a warning; the server ends it at five seconds.
HELD_SECONDS = 1
_CALL = re.compile(r"\bcode\.(\w+)\s*\(")
_TABLE = re.compile(r"\b(?:from|into|update)\s+(\w+\.\w+)", re.IGNORECASE)


class Doing(StrEnum):
    """What a session does, from the most to the least worth looking at."""

    WAITS = "waits"
    HOLDS = "holds"
    WORKS = "works"
    RESTS = "rests"


@dataclass(frozen=True)
class Place:
    """A session in the tree: how deep, and how many wait for it, directly or behind others."""

    session: Session
    depth: int
    waiting: int


def doing(session: Session) -> Doing:
    """In one word. A session that waits for a lock is "active" to PostgreSQL; one that holds a transaction open is "idle" to a person."""
    if session.blocked_by or session.waits:
        return Doing.WAITS
    if session.state.startswith("idle in transaction"):
        return Doing.HOLDS
    return Doing.WORKS if session.state in ("active", "fastpath function call") else Doing.RESTS


def tree(sessions: Sequence[Session]) -> list[Place]:
    """Who holds up others comes first, with those who wait below, each once; then who holds a transaction open, who works, who rests.

    Sessions that wait for each other (a deadlock that the server is about to end) stand below the one with the lowest number. A session
    that waits for one that is not shown (the server's own) stands by itself.
    """
    known = {session.pid: session for session in sessions}
    below: dict[int, list[Session]] = {}
    for session in sorted(sessions, key=lambda each: (each.since, each.pid)):
        holder = next((pid for pid in session.blocked_by if pid in known and pid != session.pid), None)
        if holder is not None:
            below.setdefault(holder, []).append(session)
    held = {session.pid for waiting in below.values() for session in waiting}
    placed: set[int] = set()
    found: list[Place] = []

    def put(session: Session, depth: int) -> None:
        if session.pid in placed:
            return
        placed.add(session.pid)
        at = len(found)
        found.append(Place(session, depth, 0))
        for waiting in below.get(session.pid, ()):
            put(waiting, depth + 1)
        found[at] = Place(session, depth, len(found) - at - 1)

    order = list(Doing)
    roots = [session for session in sessions if session.pid not in held]
    roots.sort(key=lambda each: (each.pid not in below, order.index(doing(each)), each.open_since or each.since, each.pid))
    for session in roots:
        put(session, 0)
    for session in sorted(sessions, key=lambda each: each.pid):  # a ring has no root
        put(session, 0)
    return found


def what(session: Session) -> str:
    """The last statement in few words: the guarded function or the table that it speaks of.

    >>> from datetime import datetime
    >>> begun = datetime(2026, 11, 24, 12)
    >>> def of(text):
    ...     return what(Session(1, begun, "Anna", "anna", True, False, "", "", "active", begun, None, False, (), text))
    >>> of("select * from code.issue_document($1, $2, $3)"), of("update parties.party set name = $1"), of("commit")
    ('issue_document', 'parties.party', 'commit')
    """
    text = " ".join(session.statement.split())
    found = _CALL.search(text) or _TABLE.search(text)
    return found[1] if found else text[:40]


def seconds(since: datetime, now: datetime) -> str:
    """How long, shortly: "4 s", "3 min", "2 h".

    >>> from datetime import datetime, timedelta
    >>> noon = datetime(2026, 11, 24, 12)
    >>> [seconds(noon - timedelta(seconds=each), noon) for each in (0, 59, 60, 7199, 7200)]
    ['0 s', '59 s', '1 min', '119 min', '2 h']
    """
    passed = max(0, int((now - since).total_seconds()))
    if passed < 60:
        return f"{passed} s"
    return f"{passed // 60} min" if passed < 7200 else f"{passed // 3600} h"
