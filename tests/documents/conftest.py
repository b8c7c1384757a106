"""What the tests of the document windows share: a fixed Monday, a desk in memory, an editor in an active window."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from crm_desktop.documents.rules.model import Kind
from crm_desktop.documents.views.invoice_editor import InvoiceEditor
from crm_desktop.ui import clock, tasks, theme
from tests.support.desk_in_memory import BRANCH, INVOICE, DeskInMemory
from tests.support.hand import Hand
from tests.support.typist import Clerk

MOMENT = datetime(2026, 11, 23, 14, 32, tzinfo=clock.WARSAW)


@pytest.fixture
def office(qapp: QApplication) -> Iterator[DeskInMemory]:
    """The server's stand-in; it is Monday 23 November 2026, 14:32."""
    theme.apply(qapp, "light", animations=False)
    clock.use(lambda: MOMENT)
    desk = DeskInMemory()
    tasks.use(desk)
    yield desk
    for gate in desk.gates.values():
        gate.set()
    tasks.wait(5000)
    tasks.use(None)
    clock.use(None)


@pytest.fixture
def hand() -> Hand:
    """Who presses the keys."""
    return Hand()


@pytest.fixture
def settled(qtbot: QtBot) -> Callable[..., None]:
    """Waits until the server has answered and, if given, a condition holds."""

    def wait(until: Callable[[], bool] = lambda: True) -> None:
        qtbot.waitUntil(lambda: not tasks.running() and until(), timeout=3000)

    return wait


@pytest.fixture
def show(qtbot: QtBot) -> Callable[[QWidget], None]:
    """Shows a widget as an active window of 1280 × 720."""
    shown: list[QWidget] = []  # qtbot only knows them weakly

    def act(widget: QWidget) -> None:
        qtbot.addWidget(widget)
        shown.append(widget)
        widget.resize(1280, 720)
        widget.show()
        widget.activateWindow()
        qtbot.waitUntil(widget.isActiveWindow)

    return act


@pytest.fixture
def edit(office: DeskInMemory, hand: Hand, qtbot: QtBot, show: Callable[[QWidget], None]) -> Callable[..., InvoiceEditor]:
    """Opens an editor of a new document (or of `document_id`) with the focus where work starts."""

    def open_one(kind: Kind = INVOICE, document_id: UUID | None = None, **how: Any) -> InvoiceEditor:
        editor = InvoiceEditor(office.read_opening(BRANCH, document_id), BRANCH, kind=kind, stamp=hand.stamp, **how)
        show(editor)
        qtbot.waitUntil(editor.focus_inside)
        return editor

    return open_one


@pytest.fixture
def editor(edit: Callable[..., InvoiceEditor]) -> InvoiceEditor:
    """An editor of a new invoice."""
    return edit()


@pytest.fixture
def clerk(editor: InvoiceEditor, hand: Hand, settled: Callable[..., None]) -> Clerk:
    """The operator before it."""
    return Clerk(editor, hand, settled)


@pytest.fixture
def quiet_roads() -> Iterator[list[str]]:
    """Somebody listens to the roads, as the main window does; the names of what they told."""
    told: list[str] = []
    roads = tasks.roads()
    names = ("conflict", "offline", "not_allowed", "busy")
    pairs = [(getattr(roads, name), lambda *_what, name=name: told.append(name)) for name in names]
    for signal, take in pairs:
        signal.connect(take)
    yield told
    for signal, take in pairs:
        signal.disconnect(take)
