"""Who else has a record open: quietly in the head of its card or editor, for as long as she has.

    self.presence = PresenceLine()                          a label for the head; invisible while nobody else is there
    self.presence.show_record(key)                          this window shows this record now; None: none that others could open

The program says once which way it goes (`use`); without one, as in tests of single windows, nobody is ever there.
"""

from collections.abc import Sequence
from typing import Protocol
from uuid import NAMESPACE_URL, UUID, uuid5

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from crm_desktop.core import i18n
from crm_desktop.core.i18n import _, ngettext
from crm_desktop.db.presence import Seen
from crm_desktop.ui import clock
from crm_desktop.ui import theme as look
from crm_desktop.ui.widgets.parts import ElidedLabel, IconLabel, announce

#: So much of the sentence is shown however narrow the head is: one person always, of several the rest is in the tool tip.
WIDTH = 260


class Reaches(Protocol):
    """The way to the others (db/presence.py)."""

    def open(self, key: UUID) -> None:
        """A window shows this record."""

    def close(self, key: UUID) -> None:
        """It does no longer."""


class _Others(QObject):
    """What was told of each record; lives on the GUI thread."""

    changed = Signal(object)
    _told = Signal(object, object)

    def __init__(self) -> None:
        super().__init__()
        self.way: Reaches | None = None
        self.me: UUID | None = None
        self.seen: dict[UUID, Sequence[Seen]] = {}
        self._told.connect(self._take, Qt.ConnectionType.QueuedConnection)

    def receive(self, key: UUID, seen: Sequence[Seen]) -> None:
        if shiboken6.isValid(self):
            self._told.emit(key, seen)

    def _take(self, key: UUID, seen: Sequence[Seen]) -> None:
        self.seen[key] = seen
        if not seen:
            del self.seen[key]
        self.changed.emit(key)


_others: _Others | None = None


def _get() -> _Others:
    global _others
    if _others is None:
        _others = _Others()
    return _others


def use(way: Reaches | None, me: UUID | None = None) -> None:
    """From now on others are reached so (None: not at all, after a log-out); `me` is who works here."""
    others = _get()
    others.way, others.me = way, me
    others.seen.clear()


def receive(key: UUID, seen: Sequence[Seen]) -> None:
    """The callback for db/presence.py; safe from any thread."""
    _get().receive(key, seen)


def key_of(table: str, key: UUID | None) -> UUID:
    """What stands for a record that has no key of its own: the one company."""
    return key or uuid5(NAMESPACE_URL, f"crm-desktop:{table}")


class _Held:
    """What one window holds open; outlives the window by the moment in which it is let go."""

    def __init__(self) -> None:
        self.key: UUID | None = None
        self.way: Reaches | None = None

    def hold(self, way: Reaches | None, key: UUID | None) -> None:
        self.let_go()
        self.way, self.key = way, key
        if way is not None and key is not None:
            way.open(key)

    def let_go(self) -> None:
        if self.way is not None and self.key is not None:
            self.way.close(self.key)
        self.key = None


class PresenceLine(QWidget):
    """ "Anna has this open since 9:12", with an eye before it. In a head, where it takes what room there is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("presence")
        self._held = held = _Held()
        self._label = ElidedLabel("", "muted")
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(6)
        line.addWidget(IconLabel("eye", "warning"))
        line.addWidget(self._label, 1)
        look.current().follow(self, self._fit)
        _get().changed.connect(self._told)  # a method: the connection ends with this widget
        self.destroyed.connect(lambda: held.let_go())
        self.hide()

    def show_record(self, key: UUID | None) -> None:
        """The window shows this record from now on; the same again changes nothing."""
        if key != self._held.key or self._held.way is not _get().way:
            self._held.hold(_get().way, key)
            self._say()

    def text(self) -> str:
        """What is said; "" while nobody else is there."""
        return "" if self.isHidden() else self._label.text()

    def _fit(self) -> None:
        """A name and a time are never cut: rather the title beside them, which the tab says as well."""
        text = self._label.fontMetrics().horizontalAdvance(self._label.text()) + 2
        self._label.setMinimumWidth(min(text, look.current().scaled(WIDTH)))

    def _told(self, key: UUID) -> None:
        if key == self._held.key:
            self._say()

    def _say(self) -> None:
        seen = _get().seen.get(self._held.key, ()) if self._held.key is not None else ()
        text = sentence(seen, _get().me)
        new = text and text != self._label.text()
        self._label.setText(text)
        self._fit()
        self.setToolTip(text)
        self.setAccessibleName(text)
        self.setVisible(bool(text))
        if new:
            announce(self, text)


def sentence(seen: Sequence[Seen], me: UUID | None) -> str:
    """Who has it open, each once, the first that came first; "" for nobody. One's own other desk is said, too."""
    first: dict[UUID, Seen] = {}
    for each in sorted(seen, key=lambda each: each.since):
        first.setdefault(each.employee_id, each)
    people = [(_("You, at another desk") if each.employee_id == me else each.name, _when(each)) for each in first.values()]
    if not people:
        return ""
    if len(people) == 1:
        (name, since) = people[0]
        if first and next(iter(first)) == me:
            return _("You have this open at another desk since {since}").format(since=since)
        return _("{name} has this open since {since}").format(name=name, since=since)
    named = ", ".join(f"{name} ({since})" for name, since in people[:2])
    if len(people) == 2:
        return _("Open here too: {people}").format(people=named)
    more = ngettext("{count} more", "{count} more", len(people) - 2).format(count=len(people) - 2)
    return _("Open here too: {people}").format(people=f"{named}, {more}")


def _when(each: Seen) -> str:
    """The time of today; with its day where it was another one."""
    since = each.since
    return f"{since.hour}:{since.minute:02}" if since.date() == clock.today() else i18n.moment(since)
