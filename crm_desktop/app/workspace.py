"""How an employee left her desk: which docks, where they lie, columns of lists, the navigator. Kept in organisation.workspace."""

import json
import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

from PySide6.QtCore import QObject, QTimer

from crm_desktop.app.session import WORKSPACE
from crm_desktop.core.errors import Offline
from crm_desktop.organisation import service as organisation
from crm_desktop.ui import tasks

log = logging.getLogger("crm_desktop.app")

#: Changes are gathered so long before they are stored.
KEEP_MS = 1500
_VERSION = 1


@dataclass(frozen=True)
class Workspace:
    """docks: open ones by id, the last one used last. layout: QtAds' own text. lists: dock id → the state of its columns."""

    docks: tuple[str, ...] = ()
    layout: str = ""
    folded: bool = False
    lists: dict[str, str] = field(default_factory=dict)

    def to_text(self) -> str:
        """As it is stored."""
        return json.dumps({"version": _VERSION, **asdict(self)})

    @staticmethod
    def from_text(text: str) -> "Workspace":
        """What was stored; an empty desk for a text of another version or none."""
        try:
            data: Any = json.loads(text) if text else {}
            if not isinstance(data, dict) or data.get("version") != _VERSION:
                return Workspace()
            return Workspace(
                tuple(str(id) for id in data["docks"]),
                str(data["layout"]),
                bool(data["folded"]),
                {str(id): str(state) for id, state in data["lists"].items()},
            )
        except (ValueError, KeyError, AttributeError, TypeError) as error:
            log.info("the stored desk cannot be read, it begins anew: %s", error)
            return Workspace()


class Keeper(QObject):
    """Stores the workspace a while after it changed, and at once when asked. The same desk is not stored twice."""

    def __init__(self, owner: QObject, look: Callable[[], Workspace], stored: Workspace) -> None:
        super().__init__(owner)
        self._look, self.stored, self._held = look, stored, False
        self._timer = QTimer(self, singleShot=True, interval=KEEP_MS)
        self._timer.timeout.connect(self.keep_now)

    def note(self) -> None:
        """Something on the desk moved."""
        if not self._held:
            self._timer.start()

    def hold(self, held: bool) -> None:
        """While the desk is being cleared its emptiness is not worth keeping."""
        self._held = held
        self._timer.stop()

    def keep_now(self) -> None:
        """Store it."""
        self._timer.stop()
        present = self._look()
        if present != self.stored:
            self.stored = present
            # Without a connection the desk is no trouble for a person: the next change tries again.
            tasks.change(self, organisation.save_workspace, WORKSPACE, present.to_text(), failed=self._not_kept)

    def _not_kept(self, error: Exception) -> bool:
        log.info("the desk was not stored: %s", error)
        self.stored = Workspace()
        return isinstance(error, Offline)
