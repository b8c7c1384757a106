"""Work before there is a database to ask: logging in, founding. Off the GUI thread, answered on it (ui/tasks.py needs a login)."""

import logging
import traceback
from collections.abc import Callable
from typing import Any

import shiboken6
from PySide6.QtCore import QObject, QRunnable, Qt, QThreadPool, Signal, Slot

from crm_desktop.ui import tasks

log = logging.getLogger("crm_desktop.app")


class Background(QObject):
    """Runs functions on threads of its own; what its owner no longer waits for is dropped."""

    _answered = Signal(object, object, object, str)  # act, result, error, traceback

    def __init__(self, owner: QObject) -> None:
        super().__init__(owner)
        self._pool = QThreadPool(self)
        self._running: set[_Act] = set()
        self._answered.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    @property
    def busy(self) -> bool:
        """Whether something runs."""
        return bool(self._running)

    def run(self, fn: Callable[[], Any], then: Callable[[Any], object], failed: Callable[[Exception], object]) -> None:
        """Run `fn()`; `then(result)` or `failed(error)` on the GUI thread. `failed` returns False for what it has no word for:
        that is a bug and takes the crash road."""
        act = _Act(self, fn, then, failed)
        self._running.add(act)
        self._pool.start(act)

    @Slot(object, object, object, str)
    def _deliver(self, act: "_Act", result: object, error: Exception | None, text: str) -> None:
        self._running.discard(act)
        if error is None:
            act.then(result)
        elif act.failed(error) is False:
            log.error("%s", text)
            tasks.roads().crash.emit(error, text)


class _Act(QRunnable):
    def __init__(
        self, home: Background, fn: Callable[[], Any], then: Callable[[Any], object], failed: Callable[[Exception], object]
    ) -> None:
        super().__init__()
        self.setAutoDelete(False)  # it is ours until it was answered
        self._home, self._fn, self.then, self.failed = home, fn, then, failed

    def run(self) -> None:
        result, text = None, ""
        error: Exception | None = None
        try:
            result = self._fn()
        except Exception as caught:  # every exception has a road; none may end in a worker thread
            error, text = caught, traceback.format_exc()
        if shiboken6.isValid(self._home):
            self._home._answered.emit(self, result, error, text)  # noqa: SLF001  - the two halves of one thing
