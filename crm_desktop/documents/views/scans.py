"""Scanned codes on their way from the scanner to the lines: asked in order, many at once, none lost."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from crm_desktop.catalogue.rules.model import ItemChoice
from crm_desktop.documents.views.lookups import find_scanned
from crm_desktop.ui import tasks


@dataclass(frozen=True)
class Found:
    """A code and its item; None when nobody knows it, or nobody could be asked."""

    code: str
    item: ItemChoice | None


class ScanQueue(QObject):
    """Asks for what has gathered, one question at a time, so that answers come in the order of the scans."""

    found = Signal(object)
    """list[Found], in the order of the scans."""
    idle = Signal()
    """Nothing is under way any more."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._waiting: list[str] = []
        self._asked: list[str] = []
        self._held = False

    def add(self, code: str) -> None:
        """One more scan."""
        self._waiting.append(code)
        self._go_on()

    def is_busy(self) -> bool:
        """Whether a scan is still without its line."""
        return bool(self._waiting or self._asked)

    def hold(self, held: bool) -> None:
        """Keep new codes waiting (the document is being issued), or go on."""
        self._held = held
        self._go_on()

    def take_waiting(self) -> list[str]:
        """The codes that wait, and forget them: they came too late for this document."""
        late, self._waiting = self._waiting, []
        return late

    def _go_on(self) -> None:
        if self._held or self._asked or not self._waiting:
            return
        self._asked, self._waiting = self._waiting, []
        tasks.read(self, find_scanned, tuple(self._asked), then=self._answered, failed=self._failed)

    def _answered(self, items: Sequence[ItemChoice | None]) -> None:
        codes, self._asked = self._asked, []
        self.found.emit([Found(code, item) for code, item in zip(codes, items, strict=True)])
        self._go_on()
        if not self.is_busy():
            self.idle.emit()

    def _failed(self, _error: Exception) -> bool:
        """Nobody could be asked: the codes become lines without an item, and the road tells why."""
        self._answered([None] * len(self._asked))
        return False
