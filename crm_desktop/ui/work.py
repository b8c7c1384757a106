"""Work that takes longer than a moment: it runs beside what the person does, says how far it is, can be given up and tried again.

    work.run(_("Import: {file}").format(file=name), fn)     fn(progress) on a thread of its own; it may block
    work.follow(title, cancel=walk.cancel)                  something that runs by itself already and tells how far it is

Everything stands in one list (`works()`), which the panel, the status bar and the toasts of the main window show. Work belongs to the
session, not to a window: it goes on when the window that began it is closed, and ends with the log-out.
"""

import logging
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar, cast

import shiboken6
from PySide6.QtCore import QObject, QRunnable, Qt, QThreadPool, Signal, Slot

from crm_desktop.core.errors import Busy, Cancelled, Conflict, CrmError, NotAllowed, Offline, Refused
from crm_desktop.core.i18n import _, tell
from crm_desktop.db.keys import new_id
from crm_desktop.ui import clock, tasks

R = TypeVar("R")

log = logging.getLogger("crm_desktop.ui.work")

#: So many at a time; what is begun besides waits for its turn.
AT_A_TIME = 3
#: How far it is travels to the window at most so often.
TOLD_EVERY_SECONDS = 0.1
#: So many that have ended are kept in the list.
KEPT = 50


class State(StrEnum):
    """What became of it."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    GIVEN_UP = "given_up"


@dataclass(frozen=True)
class Told:
    """What came of it, for people: a sentence, and a useful next step (`act` on its button, `run` what it does)."""

    text: str = ""
    act: str = ""
    run: Callable[[], object] | None = None


@dataclass(frozen=True)
class Standing:
    """Something that failed elsewhere and stands until somebody sees to it: a receipt that no printer took. `act` and `run` see to it."""

    key: str
    title: str
    text: str
    act: str
    run: Callable[[], object]
    icon: str = "alert-triangle"


class Progress:
    """What `fn` gets: says how far it is, is told when nobody wants it any more, and reaches the database. For one thread."""

    def __init__(self, tell: Callable[[int, int | None, str], object], database: tasks.ReadsAndChanges | None) -> None:
        self._tell, self._database = tell, database
        self._given_up = threading.Event()
        self._told_at = 0.0

    def at(self, done: int, total: int | None = None, text: str = "") -> None:
        """So far it is; total None: nobody knows how much there is. Raises Cancelled when it was given up."""
        self.check()
        now = time.monotonic()
        if now - self._told_at >= TOLD_EVERY_SECONDS or done == total:
            self._told_at = now
            self._tell(done, total, text)

    @property
    def cancelled(self) -> bool:
        """Whether it was given up."""
        return self._given_up.is_set()

    def check(self) -> None:
        """Raise Cancelled when it was given up."""
        if self.cancelled:
            raise Cancelled("given up")

    def read(self, fn: Callable[..., R], *args: Any) -> R:
        """Run `fn(tx, *args)` that only asks, and wait for it. Keep it short: the desk has two connections. Raises as Database.read."""
        self.check()
        return cast(R, self._base().read(fn, *args))

    def change(self, fn: Callable[..., R], *args: Any) -> R:
        """Run `fn(tx, *args)` in one transaction named after it, and wait for it. Raises as Database.change."""
        self.check()
        return cast(R, self._base().change(fn, *args, operation=new_id()))

    def give_up(self) -> None:
        """From any thread: nobody wants it any more."""
        self._given_up.set()

    def _base(self) -> tasks.ReadsAndChanges:
        if self._database is None:
            raise Offline("nobody is logged in")
        return self._database


class Work(QObject):
    """One thing that runs or ran. Made by `run` and `follow`; lives on the GUI thread."""

    changed = Signal()

    def __init__(
        self, home: "Works", title: str, cancel: Callable[[], object] | None, again: Callable[[], object] | None, icon: str
    ) -> None:
        super().__init__(home)
        self._home, self._cancel, self._again = home, cancel, again
        self.title, self.icon = title, icon
        self._begin()

    def _begin(self) -> None:
        self.state = State.RUNNING
        self.done, self.total, self.text = 0, cast("int | None", None), ""
        self.told = Told()
        self.since, self.began, self.ended = time.monotonic(), clock.now(), cast("datetime | None", None)

    # ---- what is shown ----
    @property
    def running(self) -> bool:
        """Whether it goes on."""
        return self.state is State.RUNNING

    @property
    def percent(self) -> int | None:
        """How far it is; None where nobody knows."""
        return min(100, self.done * 100 // self.total) if self.total else None

    @property
    def may_cancel(self) -> bool:
        """Whether it can be given up."""
        return self.running and self._cancel is not None

    @property
    def may_again(self) -> bool:
        """Whether it can be tried again."""
        return self.state in (State.FAILED, State.GIVEN_UP) and self._again is not None

    # ---- what whoever runs it says ----
    def advance(self, done: int, total: int | None = None, text: str = "") -> None:
        """So far it is; None where nobody knows how much there is."""
        if self.running:
            self.done, self.total, self.text = done, total, text
            self._tell()

    def end(self, told: Told = Told()) -> None:
        """It went well."""
        self._close(State.DONE, told)

    def fail(self, text: str) -> None:
        """It went wrong: what happened, what is safe, what to do next."""
        self._close(State.FAILED, Told(text))

    def give_up(self) -> None:
        """It was given up elsewhere: nothing is to be waited for."""
        self._close(State.GIVEN_UP, Told())

    # ---- what the person does ----
    def cancel(self) -> bool:
        """Give it up. False where that is not possible (any more)."""
        if not self.may_cancel or self._cancel is None or self._cancel() is False:
            return False
        self.give_up()
        return True

    def again(self) -> None:
        """Try what failed once more."""
        if self.may_again and self._again is not None:
            self._begin()
            self._home.changed.emit()
            self._again()
            self._tell()

    def _close(self, state: State, told: Told) -> None:
        if self.running:
            self.state, self.told, self.ended = state, told, clock.now()
            self._tell()
            self._home.ended.emit(self)

    def _tell(self) -> None:
        self.changed.emit()
        self._home.changed.emit()


class Works(QObject):
    """All of this session, the newest last. One for the program; see the functions below."""

    changed = Signal()
    """One began, went on or ended."""
    ended = Signal(object)
    """A Work that has just ended, however it did."""

    def __init__(self) -> None:
        super().__init__()
        self._all: list[Work] = []
        self._standing: dict[str, tuple[Standing, ...]] = {}
        self.pool = QThreadPool(self)
        self.pool.setMaxThreadCount(AT_A_TIME)

    def all(self) -> Sequence[Work]:
        """What runs and what ran."""
        return tuple(self._all)

    def running(self) -> Sequence[Work]:
        """What runs."""
        return tuple(each for each in self._all if each.running)

    def standing(self) -> Sequence[Standing]:
        """What failed elsewhere and waits for her."""
        return tuple(each for found in self._standing.values() for each in found)

    def stand(self, source: str, found: Sequence[Standing]) -> None:
        """All that `source` knows to have failed, as it is now."""
        if self._standing.get(source, ()) != tuple(found):
            self._standing[source] = tuple(found)
            self.changed.emit()

    def add(self, made: Work) -> Work:
        """One more."""
        ended = [each for each in self._all if not each.running]
        for each in ended[: max(0, len(ended) - KEPT)]:
            self.remove(each)
        self._all.append(made)
        self.changed.emit()
        return made

    def remove(self, work: Work) -> None:
        """The person has seen what became of it."""
        if not work.running and work in self._all:
            self._all.remove(work)
            work.deleteLater()
            self.changed.emit()

    def clear(self) -> None:
        """Nobody works here any more: give up what runs, forget the rest."""
        for each in list(self._all):
            each.cancel()
            each.give_up()
            self._all.remove(each)
            each.deleteLater()
        self._standing.clear()
        self.changed.emit()


class _Run(QObject, Generic[R]):
    """`fn` on a thread, and its answer on the GUI thread. Lives as long as its Work."""

    _advanced = Signal(object, int, object, str)
    _answered = Signal(object, object, object, str)  # progress, result, error, traceback

    def __init__(
        self,
        home: Works,
        fn: Callable[[Progress], R],
        then: Callable[[R], "Told | None"] | None,
        failed: Callable[[Exception], object] | None,
        owner: QObject | None,
        why: Callable[[Exception], str],
    ) -> None:
        super().__init__()
        self._home, self._fn, self._then, self._failed, self._owner, self._why = home, fn, then, failed, owner, why
        self.work: Work | None = None
        self._progress: Progress | None = None
        self._advanced.connect(self._advance, Qt.ConnectionType.QueuedConnection)
        self._answered.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def start(self) -> None:
        """Begin, or begin anew."""

        def tell_it(done: int, total: int | None, text: str) -> None:
            if shiboken6.isValid(self):
                self._advanced.emit(progress, done, total, text)

        progress = self._progress = Progress(tell_it, tasks.in_use())
        self._home.pool.start(_Thread(self, self._fn, progress))

    def cancel(self) -> None:
        """Ask it to end; what it still does is not waited for."""
        if self._progress is not None:
            self._progress.give_up()

    def answer(self, progress: Progress, result: object, error: Exception | None, text: str) -> None:
        """From the thread."""
        if shiboken6.isValid(self):
            self._answered.emit(progress, result, error, text)

    @Slot(object, int, object, str)
    def _advance(self, progress: Progress, done: int, total: int | None, text: str) -> None:
        if progress is self._progress and self.work is not None:
            self.work.advance(done, total, text)

    @Slot(object, object, object, str)
    def _deliver(self, progress: Progress, result: Any, error: Exception | None, text: str) -> None:
        work = self.work
        if progress is not self._progress or work is None or not work.running:
            return  # given up, or begun anew since
        owned = self._owner is None or shiboken6.isValid(self._owner)
        if error is None:
            told = self._then(result) if self._then is not None and owned else None
            work.end(told if isinstance(told, Told) else Told())
            return
        if isinstance(error, Cancelled):
            work.give_up()
            return
        sentence = self._why(error) or sentence_of(error)
        if not sentence:
            tasks.roads().crash.emit(error, text)
            sentence = _("The program made a mistake here. What was saved before is safe; the report says more.")
        log.info("%s failed: %r", work.title, error)
        work.fail(sentence)
        if self._failed is not None and owned:
            self._failed(error)


class _Thread(QRunnable):
    def __init__(self, run: "_Run[Any]", fn: Callable[[Progress], Any], progress: Progress) -> None:
        super().__init__()
        self._run, self._fn, self._progress = run, fn, progress

    def run(self) -> None:
        """On the thread: every exception has a road; none may end here."""
        result, text = None, ""
        error: Exception | None = None
        try:
            self._progress.check()
            result = self._fn(self._progress)
        except Exception as caught:
            error, text = caught, traceback.format_exc()
        self._run.answer(self._progress, result, error, text)


def sentence_of(error: Exception) -> str:
    """What went wrong, for the person; "" where it is a fault of the program."""
    if isinstance(error, Refused):
        return " ".join(tell(problem) for problem in error.problems)
    if isinstance(error, Offline):
        return _("There was no connection to the server. What was finished before is safe; try again when the connection is back.")
    if isinstance(error, Busy):
        return _("Somebody was working on the same thing for 20 seconds. Trying again is safe.")
    if isinstance(error, Conflict):
        return _("A colleague saved the same record a moment before. Nothing of it was saved; look at it and try again.")
    if isinstance(error, NotAllowed):
        return _("The database does not let you do this. If your work needs it, ask an administrator.")
    if isinstance(error, OSError):
        return _("The file or program cannot be reached: {reason}.").format(reason=error.strerror or str(error))
    return str(error) if isinstance(error, CrmError) else ""


_works: Works | None = None


def works() -> Works:
    """All work of this session."""
    global _works
    if _works is None:
        _works = Works()
    return _works


def run(
    title: str,
    fn: Callable[[Progress], R],
    *,
    then: Callable[[R], Told | None] | None = None,
    failed: Callable[[Exception], object] | None = None,
    owner: QObject | None = None,
    why: Callable[[Exception], str] = lambda error: "",
    again: bool = True,
    icon: str = "rotate-clockwise",
) -> Work:
    """Run `fn(progress)` on a thread of its own, where it may block; call it from the GUI thread.

    title: what runs, for people. then(result): on the GUI thread, unless `owner` is gone; what it gives is said in the panel and the
    toast. failed(error): besides, after the panel said so. why(error): a sentence of its own for an error ("": the usual one).
    again: whether the person may try it again after it failed or was given up.
    """
    home = works()
    runner: _Run[R] = _Run(home, fn, then, failed, owner, why)
    made = Work(home, title, runner.cancel, runner.start if again else None, icon)
    runner.work = made
    runner.setParent(made)
    home.add(made)
    runner.start()
    return made


def follow(
    title: str, *, cancel: Callable[[], object] | None = None, again: Callable[[], object] | None = None, icon: str = "rotate-clockwise"
) -> Work:
    """Something that runs by itself already, and tells the Work given: `advance`, then one of `end`, `fail`, `give_up`.

    cancel: ends it; gives False where it is too late. again: begins it anew, telling the same Work.
    """
    home = works()
    return home.add(Work(home, title, cancel, again, icon))


def wait(milliseconds: int = 30_000) -> bool:
    """Wait for the threads, before the program ends. True when all came back in time."""
    return bool(works().pool.waitForDone(milliseconds))
