"""The search box of the main window: records of all slices and commands, in one list by kind."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, QTimer

from crm_desktop.app import commands, desks
from crm_desktop.app.finding import find
from crm_desktop.core import search
from crm_desktop.core.errors import Offline
from crm_desktop.core.i18n import _
from crm_desktop.core.search import Hit, Typed
from crm_desktop.ui import tasks
from crm_desktop.ui.desk import Search
from crm_desktop.ui.widgets.palette import Entry, Group, Palette

#: How long the typing must pause before the server is asked.
PAUSE_MS = 90
#: From so many characters on records are looked for.
LEAST = 2
#: Commands beside records.
FEW_COMMANDS = 5


class SearchBox(QObject):
    """Puts together what the palette shows. `window` is the main window."""

    def __init__(self, window: Any) -> None:
        super().__init__(window)
        self._window = window
        self._searches = desks.searches(window.may)
        self._handle: tasks.Handle | None = None
        self._commands: list[commands.Command] = []
        self._typed = Typed("", "")
        self.palette = Palette(window)
        self.palette.wanted.connect(self._wanted)
        self.palette.taken.connect(lambda entry: entry.value())
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._ask)

    def open(self, text: str = "") -> None:
        """Open the palette; over a torn-off dock the main window comes to the front."""
        self._window.activateWindow()
        self._commands = commands.commands(self._window)
        self.palette.open(text)

    def waits(self) -> bool:
        """Whether an answer is awaited."""
        return self._pause.isActive() or self._handle is not None

    # ---- asking ----
    def _wanted(self, text: str) -> None:
        self._forget()
        self._typed = search.typed(text, signs={">", *(each.sign for each in self._searches)})
        if self._asked() and len(self._typed.text) >= LEAST:
            self._pause.start()
        else:
            self._show([])

    def _asked(self) -> Sequence[Search]:
        """Where to look for what is typed: nowhere for commands, in one place after its sign."""
        if self._typed.sign == ">":
            return ()
        return [each for each in self._searches if self._typed.sign in ("", each.sign)]

    def _ask(self) -> None:
        asked, text = self._asked(), self._typed.text
        self._handle = tasks.read(self, find, asked, text, then=partial(self._answered, asked), failed=self._failed)

    def _answered(self, asked: Sequence[Search], found: list[list[Hit]]) -> None:
        self._handle = None
        order = search.in_order(found)
        self._show([self._group(asked[place], found[place]) for place in order])

    def _failed(self, error: Exception) -> bool:
        self._handle = None
        note = _("No connection, so nothing can be searched now.") if isinstance(error, Offline) else _("The search was not answered.")
        self._show([], note)
        return False  # the road tells the desk

    def _forget(self) -> None:
        self._pause.stop()
        if self._handle is not None:
            self._handle.drop()
            self._handle = None

    # ---- showing ----
    def _group(self, of: Search, hits: Sequence[Hit]) -> Group:
        entries = (Entry(partial(of.open, self._window, hit.id), hit.text, of.icon, hit.code, hit.side, faint=hit.faint) for hit in hits)
        return Group(_(of.title), tuple(entries))

    def _show(self, groups: list[Group], note: str = "") -> None:
        sign, text = self._typed.sign, self._typed.text
        if sign in ("", ">"):
            fitting = commands.matching(self._commands, text)
            most = len(fitting) if sign or not text else FEW_COMMANDS
            chosen = tuple(Entry(each.run, each.title, each.icon, key=each.key) for each in fitting[:most])
            groups = [*groups, Group(_("Commands"), chosen)]
        if not note and not any(group.entries for group in groups):
            note = _("Nothing matches “{text}”.").format(text=text) if len(text) >= LEAST else _("Type at least two characters.")
        self.palette.show_groups(groups, text, note=note)
