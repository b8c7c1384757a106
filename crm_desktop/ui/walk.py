"""A walk over a whole result, page after page by key, on worker threads: for what takes all rows and not only those in sight.

Each page is a question of its own, so that others are answered between them and no transaction stays open. Rows that somebody changes
meanwhile come as they are when their page is read.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from crm_desktop.core.errors import Busy, NotAllowed, Offline
from crm_desktop.db.paging import Key, PageRequest, Source
from crm_desktop.ui import tasks

#: Rows a question. Of 2 000 the window's loop waits four times as long while the answer is unpacked, and the whole is no faster.
PAGE = 500


class Walk(QObject):
    """`take(rows)` gets each page on a worker thread, then `finish()` is called there; `ended` and `failed` come on the GUI thread.

    `give_up` is called instead of `finish`, or after it where that failed; also where the owner is closed in the middle.
    """

    advanced = Signal(int)  # rows taken so far
    ended = Signal(int)
    failed = Signal(object)  # the error; a fault of the program goes its own road besides

    def __init__(
        self,
        parent: QObject,
        source: Source[Any],
        request: PageRequest,
        take: Callable[[Sequence[Any]], object],
        finish: Callable[[], object] = lambda: None,
        give_up: Callable[[], object] = lambda: None,
        *,
        most: int | None = None,
    ) -> None:
        """most: no more rows than these are taken."""
        super().__init__(parent)
        self._state = _State(source, request, take, finish, give_up, most)
        state = self._state  # not `self`: it is gone when the signal comes
        self.destroyed.connect(lambda: state.stop())

    def start(self) -> None:
        """Ask for the first page."""
        tasks.read(self, self._state.step, then=self._go_on, failed=self._fail)

    def cancel(self) -> bool:
        """Give up: neither `ended` nor `failed` comes any more. False where it is too late: the end is being made or is there."""
        return self._state.stop()

    @property
    def count(self) -> int:
        """Rows taken so far."""
        return self._state.count

    def _go_on(self, more: bool) -> None:
        if self._state.closed:
            return
        self.advanced.emit(self._state.count)
        if more:
            self.start()
        else:
            tasks.read(self, self._state.end, then=self._ended, failed=self._fail)

    def _ended(self, whole: bool) -> None:
        if whole:
            self.ended.emit(self._state.count)

    def _fail(self, error: Exception) -> bool:
        if self._state.stop() or self._state.ending:
            self.failed.emit(error)
        return isinstance(error, (OSError, Offline, Busy, NotAllowed))


class _State:
    """What worker threads touch: never while the walk is given up. A page that is asked again goes on from the last row taken."""

    def __init__(
        self,
        source: Source[Any],
        request: PageRequest,
        take: Callable[[Sequence[Any]], object],
        finish: Callable[[], object],
        give_up: Callable[[], object],
        most: int | None,
    ) -> None:
        self.source, self.take, self.finish, self.give_up, self.most = source, take, finish, give_up, most
        self.request = replace(request, after=None, before=None, at=None, last=False)
        self.after: Key | None = None
        self.count, self.closed, self.ending = 0, False, False
        self._lock = threading.Lock()

    def step(self, tx: Any) -> bool:
        """Take a page; whether there is another."""
        limit = PAGE if self.most is None else min(PAGE, self.most - self.count)
        page = self.source.page(tx, replace(self.request, after=self.after, limit=limit))
        with self._lock:
            if self.closed or not page.rows:
                return False
            self.take(page.rows)
            self.count += len(page.rows)
            self.after = page.keys[-1]
        return page.more and (self.most is None or self.count < self.most)

    def end(self, tx: Any) -> bool:
        """Finish; False where it was given up before. Nobody waits for the lock meanwhile: it may take seconds."""
        with self._lock:
            if self.closed:
                return False
            self.closed = self.ending = True
        try:
            self.finish()
        except Exception:
            self.give_up()
            raise
        return True

    def stop(self) -> bool:
        """Give up; False where it had ended before."""
        with self._lock:
            if self.closed:
                return False
            self.closed = True
        self.give_up()
        return True
