"""ARC-07: what takes long runs beside the window, says how far it is, is given up, fails with a sentence and is tried again."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from crm_desktop.core import i18n
from crm_desktop.core.errors import Busy, Offline, Refused
from crm_desktop.core.problem import Problem
from crm_desktop.ui import tasks, work
from crm_desktop.ui.work import Progress, State, Told, Work


@pytest.fixture(autouse=True)
def clean(qapp: object) -> Iterator[None]:
    """Nothing of another test."""
    i18n.use("en")
    work.works().clear()
    yield
    work.works().clear()
    work.wait()


def ended(qtbot: QtBot, made: Work) -> Work:
    qtbot.waitUntil(lambda: not made.running)
    return made


def test_it_says_how_far_it_is_and_what_came_of_it(qtbot: QtBot) -> None:
    go, seen = threading.Event(), list[int | None]()

    def count(progress: Progress) -> int:
        progress.at(1, 4, "one of four")
        go.wait(10)
        return 4

    made = work.run("Counting", count, then=lambda found: Told(f"{found} things", "Show", lambda: seen.append(found)))
    qtbot.waitUntil(lambda: made.percent == 25)
    assert made.running and made.text == "one of four" and made.may_cancel and not made.may_again
    go.set()
    assert ended(qtbot, made).state is State.DONE
    assert made.told.text == "4 things" and made.told.run is not None
    made.told.run()
    assert seen == [4] and not made.may_again and made.ended is not None


def test_given_up_it_ends_and_is_tried_again(qtbot: QtBot) -> None:
    rounds: list[int] = []
    go, left = threading.Event(), threading.Event()

    def walk(progress: Progress) -> int:
        rounds.append(len(rounds))
        if len(rounds) == 1:
            go.wait(10)
            try:
                progress.at(1, 2)
            finally:
                left.set()
        return len(rounds)

    made = work.run("Walking", walk)
    qtbot.waitUntil(lambda: bool(rounds))
    assert made.cancel() and made.state is State.GIVEN_UP and not made.cancel()
    go.set()
    assert left.wait(10)
    assert made.may_again
    made.again()
    assert ended(qtbot, made).state is State.DONE and rounds == [0, 1]


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (Refused(Problem("x", "", "The code is missing.")), "The code is missing."),
        (Offline("x"), "no connection"),
        (Busy("x"), "Trying again is safe"),
        (PermissionError(13, "Permission denied"), "Permission denied"),
    ],
)
def test_what_failed_says_why(qtbot: QtBot, error: Exception, said: str) -> None:
    def fail(progress: Progress) -> None:
        raise error

    told: list[Exception] = []
    made = ended(qtbot, work.run("Failing", fail, failed=told.append))
    assert made.state is State.FAILED and said in made.told.text and told == [error] and made.may_again


def test_a_fault_of_the_program_takes_the_crash_road(qtbot: QtBot) -> None:
    def fail(progress: Progress) -> None:
        raise KeyError("x")

    with qtbot.waitSignal(tasks.roads().crash):
        made = work.run("Failing", fail, again=False)
    assert ended(qtbot, made).state is State.FAILED and "report" in made.told.text and not made.may_again


def test_a_sentence_of_ones_own(qtbot: QtBot) -> None:
    def fail(progress: Progress) -> None:
        raise Offline("x")

    assert ended(qtbot, work.run("Failing", fail, why=lambda error: "The mail waits.")).told.text == "The mail waits."


def test_whoever_is_gone_is_not_told(qtbot: QtBot) -> None:
    """The window that began it was closed; the work itself ends as it should."""
    owner, told = QObject(), list[object]()
    go = threading.Event()
    made = work.run("Working", lambda progress: go.wait(10), then=lambda found: told.append(found), owner=owner)
    with qtbot.waitSignal(owner.destroyed):
        owner.deleteLater()
    go.set()
    assert ended(qtbot, made).state is State.DONE and not told


def test_it_reaches_the_database_and_not_after_the_log_out(qtbot: QtBot) -> None:
    class Base:
        def read(self, fn: Any, *args: Any) -> Any:
            return ("read", fn("tx", *args))

        def change(self, fn: Any, *args: Any, operation: object) -> Any:
            return ("changed", fn("tx", *args))

    tasks.use(Base())
    found: list[object] = []

    def both(progress: Progress) -> None:
        found.append(progress.read(lambda tx, key: (tx, key), 1))
        found.append(progress.change(lambda tx, key: (tx, key), 2))

    ended(qtbot, work.run("Both", both))
    assert found == [("read", ("tx", 1)), ("changed", ("tx", 2))]
    tasks.use(None)
    made = ended(qtbot, work.run("Both", both))
    assert made.state is State.FAILED and "no connection" in made.told.text


def test_a_few_at_a_time(qtbot: QtBot) -> None:
    """The rest waits for its turn, and can be given up before it begins."""
    begun: list[int] = []
    go = threading.Event()

    def hold(progress: Progress) -> None:
        begun.append(1)
        go.wait(10)

    all_of_them = [work.run(f"Number {place}", hold) for place in range(work.AT_A_TIME + 1)]
    qtbot.waitUntil(lambda: len(begun) == work.AT_A_TIME)
    assert all_of_them[-1].cancel()
    go.set()
    qtbot.waitUntil(lambda: not work.works().running())
    work.wait()
    assert len(begun) == work.AT_A_TIME


def test_what_runs_by_itself_is_followed() -> None:
    """Too late to give up: it says so. Only so many that ended are kept."""
    late = work.follow("Late", cancel=lambda: False)
    assert not late.cancel() and late.running
    late.advance(3, 10)
    assert late.percent == 30
    late.end(Told("done"))
    late.fail("not any more")
    assert late.state is State.DONE and late.told.text == "done"
    for place in range(work.KEPT + 5):
        work.follow(f"{place}").end()
    assert len(work.works().all()) == work.KEPT + 1 and late not in work.works().all()


def test_nothing_is_left_after_the_log_out() -> None:
    work.works().stand("fiscal", [work.Standing("1", "Receipt", "no paper", "Decide", lambda: None)])
    work.follow("Mine")
    work.works().clear()
    assert not work.works().all() and not work.works().standing()
