"""A thread that works: step after step while there is work, then quiet until woken."""

import logging
import threading
from collections.abc import Callable

log = logging.getLogger("crm_desktop.jobs")


class Worker:
    """Runs `step` until it says that nothing is left (False), then waits for `wake()` or `idle_seconds`.

    `step` handles its own expected failures; what it lets through is logged as a bug and the worker goes on after a pause.
    """

    def __init__(self, name: str, step: Callable[[], bool], idle_seconds: float, at_end: Callable[[], None] = lambda: None) -> None:
        self._step, self._idle, self._at_end = step, idle_seconds, at_end
        self._wake, self._stop = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin to work."""
        self._thread.start()

    def wake(self) -> None:
        """There is work."""
        self._wake.set()

    def stop(self, seconds: float = 10.0) -> None:
        """Finish the step in hand and end."""
        self._stop.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(timeout=seconds)

    @property
    def stopping(self) -> bool:
        """Whether a long step should come to an end."""
        return self._stop.is_set()

    def _run(self) -> None:
        while not self._stop.is_set():
            self._wake.clear()
            try:
                more = self._step()
            except Exception:
                log.exception("a worker's step failed: %s", self._thread.name)
                more = False
            if not more:
                self._wake.wait(self._idle)
        self._at_end()
