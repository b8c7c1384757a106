"""What the status bar tells: connection, the devices of this workstation, what runs in the background."""

import time
from collections.abc import Callable
from typing import Protocol
from uuid import UUID

from PySide6.QtCore import QObject, QTimer

from crm_desktop.core.i18n import N_, _
from crm_desktop.fiscal import queries as fiscal
from crm_desktop.fiscal.queries import DeviceRow
from crm_desktop.modules import MODULES
from crm_desktop.ui import feed, tasks, work
from crm_desktop.ui.widgets.status_bar import StatusBar, Work

#: What takes longer than this is shown.
SHOWN_AFTER_SECONDS = 1.0
_CONDITIONS = {"ready": N_("ready"), "offline": N_("no answer"), "attention": N_("needs attention")}


class Wants(Protocol):
    """What the status needs to know of the desk."""

    @property
    def branch_id(self) -> UUID:
        """The branch in use."""


class Status(QObject):
    """Keeps one status bar true."""

    def __init__(self, bar: StatusBar, where: str, wants: Wants, attached: Callable[[], frozenset[UUID]]) -> None:
        """where: "office, database beskid". attached: the devices that this workstation serves."""
        super().__init__(bar)
        self._bar, self._where, self._wants, self._attached = bar, where, wants, attached
        self._tick = QTimer(self, interval=250)
        self._tick.timeout.connect(self.show_work_now)
        tasks.roads().running.connect(self._watch)  # methods: the connections end with this object
        work.works().changed.connect(self._work_changed)
        feed.watch(bar, "fiscal.lease", lambda _ids: self.refresh())
        feed.watch(bar, "fiscal.device", lambda _ids: self.refresh())
        self.set_online(True)

    def set_online(self, here: bool) -> None:
        """The connection, in words and colour."""
        text = _("Connected: {where}") if here else _("No connection: {where}")
        self._bar.set_connection(text.format(where=self._where), "success" if here else "danger")

    def refresh(self) -> None:
        """Ask how the devices are."""
        tasks.read(self, fiscal.list_devices, self._wants.branch_id, then=self._show_devices)

    def _show_devices(self, rows: list[DeviceRow]) -> None:
        mine = [row for row in rows if row.id in self._attached()]
        if not mine:
            self._bar.set_device("")
            return
        worst = next((row for row in mine if row.condition not in ("", "ready")), mine[0])
        said = _(_CONDITIONS.get(worst.condition, "")) if worst.condition not in ("", "ready") else ""
        text = f"{worst.name} – {said}" if said else worst.name
        tone = {"offline": "danger", "attention": "warning"}.get(worst.condition, "text_2")
        self._bar.set_device(text, tone, "printer-off" if worst.condition == "offline" else "printer")

    def _watch(self, running: object) -> None:
        if running and not self._tick.isActive():
            self._tick.start()

    def _work_changed(self) -> None:
        self._watch(work.works().running())

    def show_work_now(self) -> None:
        """What has run for over a second, beside the time."""
        asked, working = tasks.running(), work.works().running()
        if not asked and not working:
            self._tick.stop()
        long_ago = time.monotonic() - SHOWN_AFTER_SECONDS
        slow = [Work(each.title, each.percent) for each in working if each.since <= long_ago]
        # What long work asks of the server is no line of its own.
        if not working:
            slow += [Work(_work_title(each.name, each.changes)) for each in asked if each.since <= long_ago]
        self._bar.set_work(slow)


def _work_title(name: str, changes: bool) -> str:
    """What runs, in the operator's words: the title of its permission where it has one."""
    title = next((p.title for module in MODULES for p in module.permissions if p.name == name), "")
    return _(title) if title else _("Saving…") if changes else _("Reading…")
