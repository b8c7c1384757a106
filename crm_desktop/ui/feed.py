"""The one road by which views refresh: the database said that something changed.

    Listener(connect, changed=feed.receive, connected=feed.receive_connection).start()     once, after the login
    feed.watch(self, "documents.document", self.refresh)                                    in each view

Calls are gathered over 150 ms. A hidden widget is only marked stale and is called when it is shown again. The view that made the
change refreshes by this road too; there is no second one.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QWidget

Ids = frozenset[UUID]

#: Changes are gathered so long before a view is called.
GATHER_MS = 150
#: With more touched rows than this a view is told "anything".
MOST_IDS = 100


@dataclass(eq=False)
class _Watch:
    owner: QObject
    table: str
    callback: Callable[[Ids | None], object]
    stale: bool = False
    ids: set[UUID] = field(default_factory=set)
    anything: bool = False

    def note(self, ids: Ids | None) -> None:
        self.stale = True
        self.anything = self.anything or ids is None
        self.ids |= ids or set()

    def call(self) -> None:
        ids = None if self.anything or len(self.ids) > MOST_IDS else frozenset(self.ids)
        self.stale, self.anything, self.ids = False, False, set()
        self.callback(ids)

    @property
    def hidden(self) -> bool:
        return isinstance(self.owner, QWidget) and not self.owner.isVisible()


class Feed(QObject):
    """Brings notifications from the listener's thread to the views. One for the program; see the functions below."""

    connection = Signal(bool)
    """The listening connection was lost (False) or is back (True)."""
    _arrived = Signal(str, object)
    _connected = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self._watches: list[_Watch] = []
        self._timer = QTimer(self, singleShot=True, interval=GATHER_MS)
        self._timer.timeout.connect(self._deliver)
        self._arrived.connect(self._note, Qt.ConnectionType.QueuedConnection)
        self._connected.connect(self.connection, Qt.ConnectionType.QueuedConnection)

    def receive(self, table: str, ids: Ids | None) -> None:
        """From any thread: rows of `table` changed; None: any of them; "" as table: anything at all."""
        if shiboken6.isValid(self):
            self._arrived.emit(table, ids)

    def receive_connection(self, here: bool) -> None:
        """From any thread: the listening connection is lost or back."""
        if shiboken6.isValid(self):
            self._connected.emit(here)

    def watch(self, owner: QObject, table: str, callback: Callable[[Ids | None], object]) -> None:
        """See the function `watch`."""
        self._watches.append(_Watch(owner, table, callback))
        if isinstance(owner, QWidget):
            owner.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A stale widget that is shown refreshes at once."""
        if event.type() == QEvent.Type.Show and any(each.stale and each.owner is watched for each in self._watches):
            self._timer.start()
        return False

    def _note(self, table: str, ids: Ids | None) -> None:
        self._watches = [each for each in self._watches if shiboken6.isValid(each.owner)]
        noted = [each for each in self._watches if table in ("", each.table)]
        for each in noted:
            each.note(ids)
        if noted and not self._timer.isActive():
            self._timer.start()

    def _deliver(self) -> None:
        for each in list(self._watches):
            if shiboken6.isValid(each.owner) and each.stale and not each.hidden:
                each.call()


_feed: Feed | None = None


def the_feed() -> Feed:
    """The feed of the program, for its `connection` signal."""
    global _feed
    if _feed is None:
        _feed = Feed()
    return _feed


def watch(owner: QObject, table: str, callback: Callable[[Ids | None], object]) -> None:
    """Call `callback(ids)` on the GUI thread when rows of `table` ("documents.document") changed, as long as `owner` lives.

    ids: the keys touched, gathered over 150 ms; None when anything may have changed. While `owner` is a hidden widget nothing is
    called; what was missed comes when it is shown.
    """
    the_feed().watch(owner, table, callback)


def receive(table: str, ids: Ids | None) -> None:
    """The callback for the listener; safe from any thread."""
    the_feed().receive(table, ids)


def receive_connection(here: bool) -> None:
    """The callback for the listener's connection; safe from any thread."""
    the_feed().receive_connection(here)


def anything() -> None:
    """Every view refreshes: anything may have changed."""
    the_feed().receive("", None)
