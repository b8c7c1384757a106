"""Where trouble goes that no window took itself: one road each, from ui/tasks.py to a person. Nothing is swallowed."""

import logging
import time
from collections.abc import Callable
from typing import Any

import shiboken6
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from crm_desktop.core.errors import Busy, Conflict, NotAllowed, Offline
from crm_desktop.core.i18n import _, tell
from crm_desktop.core.problem import Problem
from crm_desktop.db.changes import Listener
from crm_desktop.modules import MODULES
from crm_desktop.ui import clock, feed, tasks
from crm_desktop.ui.widgets.crash import CrashDialog
from crm_desktop.ui.widgets.dialogs import Choice, Question
from crm_desktop.ui.widgets.strip import Strip

log = logging.getLogger("crm_desktop.app")


class Trouble(QObject):
    """Listens to the roads for one main window."""

    def __init__(self, window: QWidget, strip: Strip, listener: Callable[[], Listener | None], online: Callable[[bool], object]) -> None:
        """online(here): the connection was lost or is back, for the status bar."""
        super().__init__(window)
        self._window, self._strip, self._listener, self._online = window, strip, listener, online
        self._dialog: Any = None
        roads = tasks.roads()
        roads.refused.connect(self._refused)
        roads.conflict.connect(self._conflict)
        roads.offline.connect(self._offline)
        roads.back.connect(self._back)
        roads.not_allowed.connect(self._not_allowed)
        roads.busy.connect(self._busy)
        roads.crash.connect(self._crash)
        feed.the_feed().connection.connect(self._connection)

    def dialog(self) -> Any:
        """The question that is open, or None."""
        return self._dialog

    # ---- the connection ----
    def _connection(self, here: bool) -> None:
        tasks.note_connection(here)
        self._back() if here else self._offline(Offline("the listening connection is lost"))

    def _offline(self, error: Offline) -> None:
        log.info("offline: %s", error)
        if self._strip.isHidden():
            self._strip.show_offline(clock.now(), self._seconds_left, self._retry)
        self._online(False)

    def _back(self) -> None:
        self._strip.clear()
        self._online(True)

    def _seconds_left(self) -> float:
        listener = self._listener()
        return listener.next_attempt - time.monotonic() if listener is not None else 0.0

    def _retry(self) -> None:
        listener = self._listener()
        if listener is not None:
            listener.try_now()
        feed.anything()  # what reads again proves the connection, too

    # ---- decisions ----
    def _refused(self, problems: list[Problem]) -> None:
        self._ask(_("That cannot be done"), "\n".join(tell(problem) for problem in problems), ())

    def _conflict(self, error: Conflict, retry: Callable[[], object]) -> None:
        log.info("conflict: %s", error)
        self._ask(
            _("Somebody was faster"),
            _("A colleague saved this record a moment ago. Nothing of yours was saved. Look at the new state and do it again."),
            ((Choice("reload", _("Show the new state"), "primary"), feed.anything),),
        )

    def _not_allowed(self, error: NotAllowed) -> None:
        title = next((p.title for module in MODULES for p in module.permissions if p.name == error.permission), "")
        if title:
            text = _("You need the right “{right}”. An administrator gives it in Roles.").format(right=_(title))
        else:
            text = _("The database does not let you do this. If your work needs it, ask an administrator.")
        log.info("not allowed: %s", error)
        self._ask(_("You may not do this"), text, ())

    def _busy(self, error: Busy, retry: Callable[[], object]) -> None:
        log.info("busy: %s", error)
        self._ask(
            _("Somebody is working on the same thing"),
            _("It was not free for 20 seconds. Nothing was saved; trying again is safe."),
            ((Choice("again", _("Try again"), "primary"), retry),),
        )

    def _crash(self, error: Exception, details: str) -> None:
        if isinstance(self._dialog, CrashDialog) or not shiboken6.isValid(self._window):
            log.error("another one while the report is open, or nobody to tell: %s", details)
            return
        self._show(CrashDialog(self._window, error, details))

    def _ask(self, title: str, text: str, ways: tuple[tuple[Choice, Callable[[], object]], ...]) -> None:
        close = Choice("", _("Back") if ways else _("Understood"), "quiet" if ways else "primary")
        question = Question(self._window, title, text, (*(choice for choice, _run in ways), close))
        runs = {choice.id: run for choice, run in ways}
        question.answered.connect(lambda answer: runs[answer]() if answer in runs else None)
        self._show(question)

    def _show(self, dialog: Any) -> None:
        self._dialog = dialog
        dialog.finished.connect(lambda: self._closed(dialog))
        dialog.open()

    def _closed(self, dialog: Any) -> None:
        if self._dialog is dialog:
            self._dialog = None
        dialog.deleteLater()
