"""The two verbs of the desk: `read` and `change`. Both run `fn(tx, *args)` on a worker thread and answer on the GUI thread.

    tasks.use(database)                                             once, after the login
    tasks.read(self, queries.get_document, id, then=self.show)
    tasks.change(self, service.issue_invoice, draft, then=self.issued, refused=self.show_problems)

What goes wrong leaves by one road each, as a signal of `roads`; the main window listens to them once. A result or an error whose
owner was closed meanwhile is dropped. A read that failed Offline is tried once more; a change is repeated by the database layer
under its operation UUID, so that it cannot act twice.
"""

import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar, TypeVarTuple
from uuid import UUID

import shiboken6
from PySide6.QtCore import QObject, QRunnable, Qt, QThreadPool, QTimer, Signal, Slot

from crm_desktop.core.errors import Busy, Cancelled, Conflict, NotAllowed, Offline, Refused
from crm_desktop.core.problem import Problem
from crm_desktop.db.keys import new_id

Args = TypeVarTuple("Args")
R = TypeVar("R")

#: As many as the database has working connections.
WORKERS = 2
#: How long a read that failed Offline waits before its one retry.
RETRY_AFTER_MS = 400


class ReadsAndChanges(Protocol):
    """What a database looks like from here; both verbs block."""

    def read(self, fn: Callable[..., Any], *args: Any) -> Any:
        """Run `fn(tx, *args)` that only asks."""

    def change(self, fn: Callable[..., Any], *args: Any, operation: UUID) -> Any:
        """Run `fn(tx, *args)` in one transaction, at most once for this operation."""


class Roads(QObject):
    """Where trouble goes that its owner does not take itself. Emitted on the GUI thread.

    refused: list[Problem]. conflict: the Conflict and a callable that repeats the act. offline: the Offline. back: an act
    succeeded after one was offline. not_allowed: the NotAllowed. busy: the Busy and a callable that repeats the act.
    crash: the exception and the traceback's text.
    """

    refused = Signal(object)
    conflict = Signal(object, object)
    offline = Signal(object)
    back = Signal()
    not_allowed = Signal(object)
    busy = Signal(object, object)
    crash = Signal(object, str)
    running = Signal(object)  # tuple[Running, ...]: what waits for the server now, for the status bar


@dataclass(frozen=True)
class Running:
    """One act under way: its name ("documents.issue_invoice"), whether it changes, since when (`time.monotonic()`)."""

    name: str
    changes: bool
    since: float


@dataclass(eq=False)
class _Task:
    owner: QObject
    fn: Callable[..., Any]
    args: tuple[Any, ...]
    then: Callable[[Any], object] | None
    failed: Callable[[Exception], object] | None
    operation: UUID | None  # None: a read
    running: Running
    cancelled: bool = False
    tried: int = field(default=0)

    @property
    def alive(self) -> bool:
        return not self.cancelled and shiboken6.isValid(self.owner)


class Handle:
    """What `read` and `change` give back: lets the owner drop an answer that it no longer wants."""

    def __init__(self, task: _Task) -> None:
        self._task = task

    def drop(self) -> None:
        """Forget the answer. A change that has begun still happens."""
        self._task.cancelled = True

    @property
    def operation(self) -> UUID | None:
        """The operation UUID of a change."""
        return self._task.operation


class _Desk(QObject):
    """Runs tasks on a small pool. Lives on the GUI thread, where `answered` delivers."""

    answered = Signal(object, object, object, str)  # task, result, error, traceback

    def __init__(self) -> None:
        super().__init__()
        self.database: ReadsAndChanges | None = None
        self.roads = Roads()
        self.pool = QThreadPool(self)
        self.pool.setMaxThreadCount(WORKERS)
        self.pool.setExpiryTimeout(-1)  # keep the threads: a new one costs as much as a query
        self.tasks: dict[int, _Task] = {}
        self.is_offline = self.is_deaf = False
        self.answered.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def start(self, task: _Task) -> Handle:
        if self.database is None:
            raise RuntimeError("tasks.use(database) comes first")
        self.tasks[id(task)] = task
        self.roads.running.emit(self.now_running())
        self.pool.start(_Run(self, self.database, task))
        return Handle(task)

    def now_running(self) -> tuple[Running, ...]:
        return tuple(task.running for task in self.tasks.values())

    @Slot(object, object, object, str)
    def _deliver(self, task: _Task, result: object, error: Exception | None, text: str) -> None:
        if isinstance(error, Offline) and task.operation is None and task.tried == 0 and task.alive:
            task.tried = 1
            QTimer.singleShot(RETRY_AFTER_MS, self, lambda: self._again(task))
            return
        self.tasks.pop(id(task), None)
        self.roads.running.emit(self.now_running())
        if error is None and self.is_offline:
            self.is_offline = False
            self.roads.back.emit()
        if error is not None:
            self._fail(task, error, text)
        elif task.alive and task.then is not None:
            task.then(result)

    def _again(self, task: _Task) -> None:
        if self.database is not None and task.alive:
            self.pool.start(_Run(self, self.database, task))
        else:
            self.tasks.pop(id(task), None)
            self.roads.running.emit(self.now_running())

    def _fail(self, task: _Task, error: Exception, text: str) -> None:
        if isinstance(error, Offline):
            self.is_offline = True
            self.roads.offline.emit(error)  # the whole desk is told, whoever asked
        if not task.alive:
            # Nobody waits for the answer any more. A bug is still a bug; the rest no longer concerns a person.
            if not isinstance(error, (Refused, Conflict, NotAllowed, Busy, Cancelled, Offline)):
                self.roads.crash.emit(error, text)
            return
        if task.failed is not None and task.failed(error) is not False:
            return
        self._send(task, error, text)

    def _send(self, task: _Task, error: Exception, text: str) -> None:
        if isinstance(error, Refused):
            self.roads.refused.emit(error.problems)
        elif isinstance(error, Conflict):
            self.roads.conflict.emit(error, lambda: self._repeat(task))
        elif isinstance(error, NotAllowed):
            self.roads.not_allowed.emit(error)
        elif isinstance(error, Busy):
            self.roads.busy.emit(error, lambda: self._repeat(task))
        elif not isinstance(error, (Cancelled, Offline)):
            self.roads.crash.emit(error, text)

    def _repeat(self, task: _Task) -> None:
        if task.alive:
            self.start(task)


class _Run(QRunnable):
    def __init__(self, desk: _Desk, database: ReadsAndChanges, task: _Task) -> None:
        super().__init__()
        self._desk, self._database, self._task = desk, database, task

    def run(self) -> None:
        """On a worker thread: ask, and send the answer to the GUI thread."""
        task, result, text = self._task, None, ""
        error: Exception | None = None
        try:
            if task.operation is not None:
                result = self._database.change(task.fn, *task.args, operation=task.operation)
            elif task.alive:  # a question whose asker is gone is not asked
                result = self._database.read(task.fn, *task.args)
        except Exception as caught:  # every exception has a road; none may end in a worker thread
            error, text = caught, traceback.format_exc()
        if shiboken6.isValid(self._desk):
            self._desk.answered.emit(task, result, error, text)


_desk: _Desk | None = None


def _get() -> _Desk:
    global _desk
    if _desk is None:
        _desk = _Desk()
    return _desk


def roads() -> Roads:
    """The signals that the main window listens to."""
    return _get().roads


def use(database: ReadsAndChanges | None) -> None:
    """Work with this database from now on (None: with none, after a log-out). Answers still on their way are dropped."""
    desk = _get()
    for task in desk.tasks.values():
        task.cancelled = True
    desk.tasks.clear()
    desk.is_offline = desk.is_deaf = False
    desk.database = database
    desk.roads.running.emit(())


def in_use() -> ReadsAndChanges | None:
    """The database that is worked with; None with nobody logged in."""
    return _get().database


def read(
    owner: QObject,
    fn: Callable[[Any, *Args], R],
    *args: *Args,
    then: Callable[[R], object] | None = None,
    failed: Callable[[Exception], object] | None = None,
) -> Handle:
    """Run `fn(tx, *args)` that only asks, on a worker; `then(result)` on the GUI thread unless `owner` is gone.

    failed: called with the error first; unless it returns False, the error has ended there. Without it errors take the roads.
    """
    return _get().start(_Task(owner, fn, args, then, failed, None, Running(_name(fn), False, time.monotonic())))


def change(
    owner: QObject,
    fn: Callable[[Any, *Args], R],
    *args: *Args,
    then: Callable[[R], object] | None = None,
    refused: Callable[[list[Problem]], object] | None = None,
    failed: Callable[[Exception], object] | None = None,
) -> Handle:
    """Run `fn(tx, *args)` in one transaction named after it; `then(result)` on the GUI thread unless `owner` is gone.

    refused: takes the problems of a refusal instead of the `refused` road. failed: as with `read`, for what `refused` does not take.
    """

    def first(error: Exception) -> object:
        if isinstance(error, Refused) and refused is not None:
            refused(error.problems)
            return True
        return failed(error) if failed is not None else False

    return _get().start(_Task(owner, fn, args, then, first, new_id(), Running(_name(fn), True, time.monotonic())))


def running() -> tuple[Running, ...]:
    """What waits for the server now; tests wait until it is empty."""
    return _get().now_running()


def is_offline() -> bool:
    """Whether it is known that the server does not answer: the last act failed so, or nobody listens to it any more."""
    return _get().is_offline or _get().is_deaf


def note_connection(here: bool) -> None:
    """The listening connection was lost (False) or is back."""
    desk = _get()
    desk.is_deaf = not here
    if here and desk.is_offline:
        desk.is_offline = False
        desk.roads.back.emit()


def wait(milliseconds: int = 30_000) -> bool:
    """Wait for the worker threads, before the program ends. True when all came back in time."""
    return bool(_get().pool.waitForDone(milliseconds))


def _name(fn: Callable[..., Any]) -> str:
    parts = fn.__module__.split(".")
    return f"{parts[1] if len(parts) > 1 else parts[0]}.{getattr(fn, '__name__', 'act')}"
