"""`line_entry`: from a key-stroke to the repainted totals of a 200-line document, off-screen, no server in between.

    python -m tests.benchmarks.line_entry        prints median and worst

Timed is the key that changes the sums: Enter after a new quantity, price or discount in a cell, Enter in the entry line, Del, Ctrl+Z,
Ctrl+D. The time ends when Qt has painted everything that the key changed, the totals among it.
"""

import os
import statistics
import time
from dataclasses import replace
from decimal import Decimal

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QEventLoop, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from crm_desktop.db.keys import new_id
from crm_desktop.documents.rules.changes import add_item, with_buyer
from crm_desktop.documents.views.invoice_editor import InvoiceEditor
from crm_desktop.documents.views.line_model import Col
from crm_desktop.ui import application, tasks
from tests.support.desk_in_memory import BRANCH, INVOICE, ITEMS, PARTIES, DeskInMemory
from tests.support.hand import focus

LINES = 200
NONE, CONTROL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier
ENTER = (Qt.Key.Key_Return, NONE)
#: Whoever waits longer for a repaint measures a program that does nothing.
PATIENCE_SECONDS = 5.0


class Painted(QObject):
    """Knows whether a widget was painted since it was asked."""

    def __init__(self, *widgets: QObject) -> None:
        super().__init__()
        self.seen = False
        for widget in widgets:
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note the paint."""
        if event.type() == QEvent.Type.Paint:
            self.seen = True
        return False


class Typist:
    """Types into the editor and times the keys that change its sums."""

    def __init__(self, editor: InvoiceEditor) -> None:
        self.editor = editor
        panel = editor.totals_panel
        self._painted = Painted(panel.net, panel.tax, panel.gross)
        self.times: list[float] = []

    def type(self, text: str) -> None:
        """Characters that change no sum yet."""
        for character in text:
            press(Qt.Key(0), NONE, character)
            self.editor.scanner.let_go()
            QApplication.processEvents()

    def key(self, key: Qt.Key, held: Qt.KeyboardModifier = NONE) -> None:
        """A key that changes no sum."""
        press(key, held)
        QApplication.processEvents()

    def timed(self, key: Qt.Key, held: Qt.KeyboardModifier = NONE) -> None:
        """A key that changes the sums: the seconds until they are painted."""
        before = self.editor.totals()
        self._painted.seen = False
        began = time.perf_counter()
        press(key, held)
        while not self._painted.seen:
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents)
            if time.perf_counter() - began > PATIENCE_SECONDS:
                raise AssertionError("the totals were not painted")
        self.times.append(time.perf_counter() - began)
        if self.editor.totals() == before:
            raise AssertionError("the key changed no sum")


def press(key: Qt.Key, held: Qt.KeyboardModifier, text: str = "") -> None:
    """Press and release a key where the focus stands; shortcuts are asked first, as the window system does it."""
    for kind in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QApplication.sendEvent(focus(), QKeyEvent(kind, key, held, text))


def measure_line_entry(lines: int = LINES) -> list[float]:
    """Seconds of each timed key-stroke, some 160 of them."""
    application.make([], animations=False)
    office = DeskInMemory()
    tasks.use(office)
    editor = InvoiceEditor(office.read_opening(BRANCH, None), BRANCH, kind=INVOICE)
    try:
        editor.resize(1600, 1000)
        editor.show()
        editor.activateWindow()
        _wait(lambda: editor.isActiveWindow() and editor.focus_inside())
        draft = with_buyer(editor.draft, PARTIES[0])
        for place in range(lines):
            draft = add_item(draft, ITEMS[place % len(ITEMS)], new_id(), Decimal(1 + place % 7), merge=False).draft
        editor.edit(replace(draft, notes=""))
        QApplication.processEvents()
        typist = Typist(editor)
        _edit_cells(typist, lines)
        _add_and_take_back(typist)
        return typist.times
    finally:
        tasks.wait(5000)
        tasks.use(None)
        editor.close()
        editor.deleteLater()


def _edit_cells(typist: Typist, lines: int) -> None:
    for step in range(40):
        place = step * lines // 40
        for column, text in ((Col.QUANTITY, f"{step + 8}"), (Col.PRICE, f"{step + 3},57"), (Col.DISCOUNT, f"{step % 9 + 1}")):
            typist.editor.grid.edit_cell(place, column)
            QApplication.processEvents()
            typist.type(text)
            typist.timed(*ENTER)


def _add_and_take_back(typist: Typist) -> None:
    editor = typist.editor
    for step in range(10):
        editor.entry.focus_item()
        typist.type(ITEMS[step].code)
        typist.key(*ENTER)
        _wait(editor.entry.quantity.hasFocus)
        typist.type(f"{step + 2}")
        typist.timed(*ENTER)
        editor.grid.setFocus()
        typist.timed(Qt.Key.Key_D, CONTROL)
        typist.timed(Qt.Key.Key_Delete)
        editor.undo()
        QApplication.processEvents()


def _wait(until: object) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not until():  # type: ignore[operator]
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
        if time.monotonic() > end:
            raise AssertionError("the editor did not come so far")


if __name__ == "__main__":
    found = measure_line_entry()
    print(f"line_entry: {len(found)} keys, median {statistics.median(found) * 1000:.1f} ms, worst {max(found) * 1000:.1f} ms")
