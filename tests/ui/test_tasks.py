"""The two verbs (ARC-02, ARC-05): off the GUI thread, one road for each trouble, nothing for owners that are gone."""

import threading
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from PySide6.QtCore import QObject, QThread
from pytestqt.qtbot import QtBot

from crm_desktop.core.errors import Busy, Conflict, NotAllowed, Offline, Refused
from crm_desktop.core.problem import Problem
from crm_desktop.ui import tasks


class Direct:
    """A database whose transaction is the list of what it was asked: the functions of these tests need no SQL."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.operations: list[UUID] = []
        self.gate = threading.Event()
        self.gate.set()

    def read(self, fn: Callable[..., Any], *args: Any) -> Any:
        """Run it; the gate holds it back."""
        assert self.gate.wait(10)
        self.asked.append(fn.__name__)
        return fn(self, *args)

    def change(self, fn: Callable[..., Any], *args: Any, operation: UUID) -> Any:
        """Run it under its operation."""
        self.operations.append(operation)
        return self.read(fn, *args)


@pytest.fixture
def database(qapp: object) -> Iterator[Direct]:
    """In use during the test."""
    database = Direct()
    tasks.use(database)
    yield database
    database.gate.set()
    assert tasks.wait(10_000)
    tasks.use(None)


def double(tx: Direct, number: int) -> int:
    """A question."""
    return 2 * number


def thread_of(tx: Direct) -> object:
    """Which thread asks."""
    return QThread.currentThread()


def failing(tx: Direct, error: Exception) -> int:
    """A question or an act that fails."""
    raise error


def test_a_read_answers_on_the_gui_thread(qtbot: QtBot, database: Direct) -> None:
    """Asked on a worker, answered here."""
    owner = QObject()
    got: list[Any] = []
    tasks.read(owner, thread_of, then=lambda thread: got.append((thread, QThread.currentThread())))
    qtbot.waitUntil(lambda: bool(got))
    assert got[0][0] is not QThread.currentThread()
    assert got[0][1] is QThread.currentThread()


def test_the_gui_thread_never_waits(qtbot: QtBot, database: Direct) -> None:
    """A server that does not answer leaves the window alive; the status bar is told what runs."""
    database.gate.clear()
    owner = QObject()
    got: list[Any] = []
    seen: list[tuple[tasks.Running, ...]] = []
    tasks.roads().running.connect(seen.append)
    tasks.read(owner, double, 4, then=got.append)
    assert got == []
    assert [running.name for running in tasks.running()] == ["tests.double"] or tasks.running()[0].name.endswith(".double")
    database.gate.set()
    qtbot.waitUntil(lambda: got == [8])
    assert tasks.running() == ()
    assert [len(each) for each in seen] == [1, 0]
    tasks.roads().running.disconnect(seen.append)


def test_an_answer_for_a_closed_owner_is_dropped(qtbot: QtBot, database: Direct) -> None:
    """The editor was closed while its document came."""
    database.gate.clear()
    owner = QObject()
    got: list[Any] = []
    tasks.read(owner, double, 1, then=got.append)
    with qtbot.waitSignal(owner.destroyed):
        owner.deleteLater()
    database.gate.set()
    qtbot.waitUntil(lambda: not tasks.running())
    assert got == []


def test_a_dropped_answer_is_not_delivered(qtbot: QtBot, database: Direct) -> None:
    """The operator typed on: the older question no longer counts."""
    owner = QObject()
    got: list[Any] = []
    tasks.read(owner, double, 1, then=got.append).drop()
    tasks.read(owner, double, 2, then=got.append)
    qtbot.waitUntil(lambda: not tasks.running())
    assert got == [4]


def test_each_change_has_an_operation_of_its_own(qtbot: QtBot, database: Direct) -> None:
    """ARC-05: so that a repeat after a lost answer acts once."""
    owner = QObject()
    one, other = (tasks.change(owner, double, number) for number in (1, 2))
    qtbot.waitUntil(lambda: not tasks.running())
    assert sorted(database.operations) == sorted(filter(None, (one.operation, other.operation)))
    assert len({*database.operations}) == 2
    assert {operation.version for operation in database.operations} == {7}


PROBLEM = Problem("quantity_zero", "lines.0.quantity", "Zero")


def test_a_refusal_goes_to_the_fields(qtbot: QtBot, database: Direct) -> None:
    """To the caller's `refused`, else to the road."""
    owner = QObject()
    own: list[Any] = []
    road: list[Any] = []
    tasks.roads().refused.connect(road.append)
    tasks.change(owner, failing, Refused(PROBLEM), refused=own.append)
    qtbot.waitUntil(lambda: own == [[PROBLEM]])
    assert road == []
    tasks.change(owner, failing, Refused(PROBLEM))
    qtbot.waitUntil(lambda: road == [[PROBLEM]])
    tasks.roads().refused.disconnect(road.append)


@pytest.mark.parametrize(
    ("error", "road"), [(NotAllowed("documents.issue_invoice"), "not_allowed"), (Conflict("t", 1), "conflict"), (Busy(), "busy")]
)
def test_each_trouble_has_its_road(qtbot: QtBot, database: Direct, error: Exception, road: str) -> None:
    """One signal each, with the exception first."""
    owner = QObject()
    with qtbot.waitSignal(getattr(tasks.roads(), road)) as caught:
        tasks.change(owner, failing, error)
    assert caught.args[0] is error


def test_busy_can_be_repeated_under_the_same_operation(qtbot: QtBot, database: Direct) -> None:
    """The retry that the road carries is the same act, not a second one."""
    owner = QObject()
    errors: list[Any] = [Busy()]
    got: list[Any] = []

    def act(tx: Direct) -> str:
        if errors:
            raise errors.pop()
        return "done"

    with qtbot.waitSignal(tasks.roads().busy) as caught:
        tasks.change(owner, act, then=got.append)
    caught.args[1]()
    qtbot.waitUntil(lambda: got == ["done"])
    assert len({*database.operations}) == 1
    assert len(database.operations) == 2


def test_a_read_that_failed_offline_is_tried_once_more(qtbot: QtBot, database: Direct) -> None:
    """A short break of the line is not seen by anybody."""
    owner = QObject()
    errors: list[Any] = [Offline("gone")]
    got: list[Any] = []
    roads: list[Any] = []
    tasks.roads().offline.connect(roads.append)

    def ask(tx: Direct) -> str:
        if errors:
            raise errors.pop()
        return "here"

    tasks.read(owner, ask, then=got.append)
    qtbot.waitUntil(lambda: got == ["here"])
    assert roads == []
    tasks.roads().offline.disconnect(roads.append)


def test_offline_is_told_and_so_is_its_end(qtbot: QtBot, database: Direct) -> None:
    """After the retry the whole desk knows; the next success says that the line is back."""
    owner = QObject()
    with qtbot.waitSignal(tasks.roads().offline):
        tasks.read(owner, failing, Offline("gone"))
    assert database.asked.count("failing") == 2
    with qtbot.waitSignal(tasks.roads().back):
        tasks.read(owner, double, 1)


def test_a_change_is_not_repeated_from_here(qtbot: QtBot, database: Direct) -> None:
    """The database layer repeats it under its operation; two repeaters would be one too many."""
    owner = QObject()
    with qtbot.waitSignal(tasks.roads().offline):
        tasks.change(owner, failing, Offline("gone"))
    assert database.asked.count("failing") == 1


def test_a_bug_takes_the_crash_road_with_its_traceback(qtbot: QtBot, database: Direct) -> None:
    """Also when nobody waits for the answer any more."""
    owner = QObject()
    with qtbot.waitSignal(tasks.roads().crash) as caught:
        tasks.read(owner, failing, ZeroDivisionError("x"))
    assert isinstance(caught.args[0], ZeroDivisionError)
    assert "in failing" in caught.args[1]


def test_failed_takes_the_error_unless_it_says_no(qtbot: QtBot, database: Direct) -> None:
    """A view may end an error itself, or show it and let the road have it too."""
    owner = QObject()
    own: list[Any] = []
    road: list[Any] = []
    tasks.roads().not_allowed.connect(road.append)
    tasks.read(owner, failing, NotAllowed("a"), failed=own.append)
    qtbot.waitUntil(lambda: len(own) == 1)
    assert road == []
    tasks.read(owner, failing, NotAllowed("b"), failed=lambda error: False)
    qtbot.waitUntil(lambda: len(road) == 1)
    tasks.roads().not_allowed.disconnect(road.append)


def test_many_tasks_all_come_back(qtbot: QtBot, database: Direct) -> None:
    """Two workers, five hundred questions, none lost and none twice."""
    owner = QObject()
    got: list[Any] = []
    for number in range(500):
        tasks.read(owner, double, number, then=got.append)
    qtbot.waitUntil(lambda: len(got) == 500, timeout=20_000)
    assert sorted(got) == [2 * number for number in range(500)]


def test_without_a_database_nothing_is_asked(qapp: object) -> None:
    """A bug of the caller, said at once."""
    tasks.use(None)
    with pytest.raises(RuntimeError, match="comes first"):
        tasks.read(QObject(), double, 1)
