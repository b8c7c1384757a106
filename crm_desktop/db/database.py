"""One login's way to its database: read and change, from any thread, over at most two working connections."""

import json
import logging
import random
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, Concatenate, ParamSpec, TypeVar, cast
from uuid import UUID

import psycopg
from psycopg.pq import TransactionStatus
from psycopg.rows import tuple_row
from psycopg.types.json import Jsonb
from psycopg_pool import ConnectionPool, PoolTimeout

from crm_desktop import __version__
from crm_desktop.core.errors import Busy, CrmError, Offline, Outdated, problem_values
from crm_desktop.db.connect import SCHEMA_VERSION, Profile, connect, parameters
from crm_desktop.db.errors import AlreadyDone, translated
from crm_desktop.db.keys import new_id
from crm_desktop.db.rows import from_json, to_json
from crm_desktop.db.transaction import Answer, Later, Transaction, Who

P = ParamSpec("P")
R = TypeVar("R")

#: Two working connections a desk; a third only listens (db/changes.py).
WORKING_CONNECTIONS = 2
#: A change that meets a lock or a lost connection is repeated under its operation UUID for so long.
PATIENCE_SECONDS = 20.0
_PAUSE_SECONDS = 0.05

log = logging.getLogger("crm_desktop.db")
# psycopg warns of what a failed pipeline leaves behind; the error itself is raised and takes its road.
logging.getLogger("psycopg").setLevel(logging.ERROR)


@dataclass(frozen=True)
class Company:
    """What the desk says about the database it is connected to."""

    name: str
    schema_version: str


class Database:
    """Thread-safe. Made by `log_in`; `close()` gives the connections back."""

    def __init__(
        self,
        profile: Profile,
        role: str,
        password: str,
        who: Who,
        company: Company,
        reactions: Mapping[type, tuple[Callable[..., None], ...]],
    ) -> None:
        self.profile, self.role, self.who, self.company = profile, role, who, company
        self._password, self._reactions = password, reactions
        self._pool: ConnectionPool[psycopg.Connection[Any]] = ConnectionPool(
            kwargs={
                **parameters(profile, role, password, f"crm-desktop {__version__}"),
                "autocommit": True,
                "row_factory": tuple_row,
            },
            min_size=1,
            max_size=WORKING_CONNECTIONS,
            timeout=6,
            reconnect_timeout=2,
            open=True,
            name=role,
        )

    def close(self) -> None:
        """Close all connections; what runs meanwhile ends as Offline."""
        self._pool.close(timeout=2)

    def listening_connection(self) -> psycopg.Connection[Any]:
        """A new connection of the same login, for db/changes.py."""
        return connect(self.profile, self.role, self._password, application=f"crm-desktop {__version__} listener")

    def read(self, fn: Callable[Concatenate[Transaction, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run `fn(tx, …)` that only asks. All it asks before it wants an answer is one round trip.

        What meets a lock (only an upgrade locks what is read) is asked again for 20 s. Raises what `fn` raises, NotAllowed, Busy, Offline.
        """
        began = time.monotonic()
        while True:
            try:
                with self._pool.connection() as connection, _clean_afterwards(connection), connection.pipeline() as pipeline:
                    return fn(Transaction(connection, pipeline, self.who, None), *args, **kwargs)
            except (psycopg.Error, PoolTimeout) as error:
                road = _road(error)
                if not isinstance(road, Busy) or time.monotonic() - began > PATIENCE_SECONDS:
                    raise road from error
                log.info("a question is asked again: %s", road)
            threading.Event().wait(_PAUSE_SECONDS * random.uniform(0.5, 2))

    def change(self, fn: Callable[Concatenate[Transaction, P], R], *args: Any, operation: UUID | None = None) -> R:
        """Run `fn(tx, …)` in one transaction named after it, at most once for this `operation` UUID.

        A deadlock, a lock not had or a lost connection is repeated for 20 s under the same UUID, so that a lost answer to COMMIT
        gives the first answer again. Raises Refused, Conflict, NotAllowed, Outdated, Busy, Offline.
        """
        operation = operation or new_id()
        name = operation_name(fn)
        began = time.monotonic()
        turned_away = False
        while True:
            try:
                result = self._attempt(fn, args, operation, name, turned_away)
            except AlreadyDone as done:
                result = from_json(fn.__annotations__.get("return"), json.loads(done.result))
            except (Busy, Offline) as error:
                left = self._pool.closed  # nobody waits for the answer any more
                if left or time.monotonic() - began > PATIENCE_SECONDS:
                    level = logging.INFO if left else logging.WARNING
                    log.log(level, "%s %s gave up after %.0f ms: %s", name, operation, (time.monotonic() - began) * 1000, error)
                    raise
                log.info("%s %s is repeated: %s", name, operation, error)
                turned_away = isinstance(error, Busy)
                threading.Event().wait(_PAUSE_SECONDS * random.uniform(0.5, 2))  # so that two do not meet again in step
                continue
            except CrmError as error:
                log.info(
                    "%s %s refused in %.0f ms: %s %s",
                    name,
                    operation,
                    (time.monotonic() - began) * 1000,
                    type(error).__name__,
                    problem_values(error) or error,
                )
                raise
            log.info("%s %s done in %.0f ms", name, operation, (time.monotonic() - began) * 1000)
            return result

    def _attempt(self, fn: Callable[..., R], args: tuple[Any, ...], operation: UUID, name: str, turned_away: bool) -> R:
        try:
            with self._pool.connection() as connection, _clean_afterwards(connection):
                with connection.pipeline() as pipeline:
                    connection.execute("begin", prepare=False)
                    if turned_away:
                        connection.execute("select code.take_turn()")
                    begin: Answer[Any] = Answer(
                        connection.execute(
                            "select today, now from code.begin_operation(%s, %s, %s)",
                            [operation, name, __version__],
                        ),
                        pipeline,
                        lambda today, now: (today, now),
                    )
                    tx = Transaction(connection, pipeline, self.who, begin)
                    result = fn(tx, *args)
                    self._tell(tx)
                    answer = None if isinstance(result, Later) else Jsonb(to_json(result))
                    connection.execute("select code.finish_operation(%s, %s)", [operation, answer])
                    connection.execute("commit", prepare=False)  # sent, and waited for, at the pipeline's end
                return cast(R, result.value) if isinstance(result, Later) else result
        except (psycopg.Error, PoolTimeout) as error:
            raise _road(error) from error

    def _tell(self, tx: Transaction) -> None:
        for event in tx.events:  # a reaction may record further events: the list grows while it is walked
            for react in self._reactions.get(type(event), ()):
                react(tx, event)


@contextmanager
def _clean_afterwards(connection: psycopg.Connection[Any]) -> Iterator[None]:
    """After a failed pipeline nothing is open, and psycopg no longer counts on statements that the server skipped and never prepared.

    It forgets them at a rollback, and only if there is something to roll back.
    """
    try:
        yield
    except BaseException:
        with suppress(psycopg.Error):
            if connection.info.transaction_status is TransactionStatus.IDLE:
                connection.execute("begin")
            connection.rollback()
        raise


def operation_name(fn: Callable[..., Any]) -> str:
    """`documents.issue_invoice` for crm_desktop.documents.service.issue_invoice: function, permission, audit and log say the same."""
    parts = fn.__module__.split(".")
    return f"{parts[1] if len(parts) > 1 else parts[0]}.{fn.__name__}"


def log_in(
    profile: Profile, login: str, password: str, reactions: Mapping[type, tuple[Callable[..., None], ...]] | None = None
) -> Database:
    """Enter the database as an employee or a workstation.

    Raises WrongPassword, Offline, Outdated, NotAllowed (a login that was closed).
    """
    role = profile.role(login)
    with connect(profile, role, password) as connection:
        try:
            row = connection.execute("select * from code.enter(%s)", [__version__]).fetchone()
        except psycopg.Error as error:
            raise translated(error) from error
    assert row is not None
    *_who, company, version = row
    if int(version) < SCHEMA_VERSION:
        raise Outdated("client", __version__, version)
    return Database(profile, role, password, _who_of(login, *row), Company(company, version), reactions or {})


def who_now(tx: Transaction) -> Who:
    """In whose name the connection works, as the database knows it now: branches and rights change while somebody is logged in.

    Whoever asks gives it to `Database.who`; the database itself decides by its own tables in any case.
    """
    return tx.call("enter", __version__, into=partial(_who_of, tx.who.login)).one()


def _who_of(
    login: str,
    employee: UUID | None,
    workstation: UUID | None,
    name: str,
    branches: Sequence[UUID],
    permissions: Sequence[str],
    _company: str,
    _version: str,
) -> Who:
    return Who(employee, login, name, tuple(branches), frozenset(permissions), workstation)


def _road(error: Exception) -> Exception:
    return translated(error) if isinstance(error, psycopg.Error) else Offline(str(error))
