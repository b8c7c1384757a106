"""A clerk in a process of her own: logs in, waits for the word, issues documents in pairs of two series, says how it went.

`python -m tests.support.clerk '<order as JSON>'`. Lines on stdout: `ready`, perhaps `holding <pid of her server process>` (she then
stops herself, as a computer that freezes, with two numbers in hand), at the end one JSON object.
"""

import json
import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field

from sqlalchemy import func, select

from crm_desktop.core.errors import CrmError, Refused
from crm_desktop.core.problem import Problem
from crm_desktop.db.connect import Profile
from crm_desktop.db.transaction import Transaction
from crm_desktop.documents import service
from crm_desktop.documents.rules.model import Draft
from tests.support import office

#: Every third pair is given up on purpose after its numbers were taken.
GIVEN_UP_EVERY = 3


@dataclass(frozen=True)
class Order:
    """What the clerk does. `kinds` in the order in which she issues; `stop_at`: the pair that she freezes in, -1 for none."""

    host: str
    port: int
    database: str
    login: str
    kinds: tuple[str, str]
    pairs: int
    stop_at: int = -1


@dataclass
class Told:
    """How it went: the numbers she got, how many pairs she gave up, seconds that each act took, what reached her as an error."""

    numbers: list[str] = field(default_factory=list)
    given_up: int = 0
    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def issue_pair(tx: Transaction, drafts: tuple[Draft, Draft]) -> tuple[str, ...]:
    """Two documents of two series in one transaction: the hard case, because each holds a number that the other may want."""
    return tuple(service.issue_invoice(tx, draft).number for draft in drafts)


def issue_and_give_up(tx: Transaction, drafts: tuple[Draft, Draft]) -> tuple[str, ...]:
    """The same, and then it fails: for whatever reason a save fails."""
    issue_pair(tx, drafts)
    raise Refused(Problem("on_purpose", "", "given up"))


def freezing() -> Callable[..., tuple[str, ...]]:
    """The same, and once the whole process stops before the commit."""
    frozen = False

    def issue_and_freeze(tx: Transaction, drafts: tuple[Draft, Draft]) -> tuple[str, ...]:
        nonlocal frozen
        numbers = issue_pair(tx, drafts)
        if not frozen:
            frozen = True
            pid = tx.ask(select(func.pg_backend_pid())).one()
            print(f"holding {pid}", flush=True)
            os.kill(os.getpid(), signal.SIGSTOP)
        return numbers

    return issue_and_freeze


def work(order: Order) -> Told:
    """Do what the order says."""
    desk = office.Office(Profile(order.host, order.port, order.database, "disable", role_prefix=office.TEMPLATE)).enter(order.login)
    told = Told()
    try:
        pairs = [(office.draft_of(desk, order.kinds[0]), office.draft_of(desk, order.kinds[1])) for _ in range(order.pairs)]
        print("ready", flush=True)
        sys.stdin.readline()
        for place, pair in enumerate(pairs):
            giving_up = place % GIVEN_UP_EVERY == GIVEN_UP_EVERY - 1 and place != order.stop_at
            act = freezing() if place == order.stop_at else issue_and_give_up if giving_up else issue_pair
            began = time.monotonic()
            try:
                told.numbers += desk.change(act, pair)
            except Refused as refused:
                if not giving_up:
                    told.errors.append(repr(refused))
                told.given_up += 1
            except CrmError as error:
                told.errors.append(repr(error))
            told.seconds.append(round(time.monotonic() - began, 3))
    finally:
        desk.close()
    return told


if __name__ == "__main__":
    given = json.loads(sys.argv[1])
    print(json.dumps(asdict(work(Order(**{**given, "kinds": tuple(given["kinds"])})))), flush=True)
