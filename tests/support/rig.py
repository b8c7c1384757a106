"""The desktop program under test: its real windows on a real server, moved by keys. One rig a person at her computer.

def test_x(rig: Rig) -> None:
    window = rig.log_in("anna")
    rig.open("parties.parties"); rig.key("Insert"); rig.type("NOWY")
"""

import builtins
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from crm_desktop.app.desktop import Desktop
from crm_desktop.app.main_window import MainWindow
from crm_desktop.app.profiles import FOLDER_VARIABLE, Connection, Known, Memory, Station
from crm_desktop.app.secrets import WHERE_VARIABLE, Secrets, secret_name
from crm_desktop.core import i18n
from crm_desktop.db.connect import Profile
from crm_desktop.db.database import Database
from crm_desktop.db.keys import new_id
from crm_desktop.organisation import service as organisation
from crm_desktop.organisation.rules.model import Employee
from crm_desktop.ui import application, tasks
from crm_desktop.ui.card import Card
from tests.support import office
from tests.support.postgres import TestServer

W = TypeVar("W", bound=QWidget)
PATIENCE_MS = 15_000


class Rig:
    """See the module. English, light, without motion."""

    def __init__(self, qtbot: QtBot, app: QApplication, profile: Profile, folder: Path) -> None:
        self.qtbot, self.profile, self.folder = qtbot, profile, folder
        self.memory, self.secrets = Memory(folder), Secrets(folder)
        self.desktop = Desktop(app, self.memory, self.secrets)
        self.others: list[Any] = []
        self._stamp = 1_000_000
        self._boss: Database | None = None

    # ---- into the program ----
    def know(self, *, station: Station | None = None, language: str = "en", **more: Any) -> None:
        """This computer knows the office's server already."""
        connection = Connection(self.profile, "Beskid", station=station, **more)
        if station is not None:
            self.secrets.keep(secret_name(connection, station.code), office.PASSWORD)
        self.memory.keep(Known((connection,), language))

    def start(self) -> QWidget:
        """The first window."""
        self.desktop.start()
        return self.window

    def log_in(self, login: str, password: str = office.PASSWORD) -> MainWindow:
        """Through the login window, by keys."""
        if not self.memory.known.connections:
            self.know()
        self.start()
        return self.log_in_here(login, password)

    def log_in_here(self, login: str, password: str = office.PASSWORD) -> MainWindow:
        """At the login window that is there, as somebody new."""
        self.wait(lambda: self.window.isActiveWindow() and QApplication.focusWidget() is not None)
        self.type(login)
        self.key("Return")
        self.type(password)
        self.key("Return")
        return self.desk()

    def log_out(self) -> QWidget:
        """Back to the login window, with the focus in it."""
        self.desktop.log_out()
        self.wait(lambda: not isinstance(self.window, MainWindow))
        self.wait(lambda: self.window.isActiveWindow() and QApplication.focusWidget() is not None)
        return self.window

    def desk(self) -> MainWindow:
        """The main window, once it is there; the first of several branches is taken."""
        self.wait(lambda: isinstance(self.window, MainWindow) or self._asks_for_branch())
        if not isinstance(self.window, MainWindow):
            self.key("Return")
            self.wait(lambda: isinstance(self.window, MainWindow))
        window = self.window
        assert isinstance(window, MainWindow)
        window.resize(1600, 1000)
        self.idle()
        return window

    def _asks_for_branch(self) -> bool:
        focus = QApplication.focusWidget()
        return focus is not None and focus.objectName() == "branch"

    @property
    def window(self) -> QWidget:
        """The window of the program."""
        assert self.desktop.window is not None
        return self.desktop.window

    def somebody(self) -> str:
        """The login of a new operator in Kraków. Logins are the whole server's: who is dismissed must not be anybody else's Anna."""
        login = f"nowa{secrets.token_hex(4)}"
        new = Employee(new_id(), login, "Nowa Osoba", (office.OPERATOR_ROLE,), (office.KRAKOW,))
        self.boss().change(organisation.employ, new, organisation.verifier_of(office.PASSWORD))
        return login

    def boss(self) -> Database:
        """The administrator, without a window."""
        if self._boss is None:
            self._boss = office.Office(self.profile).enter("szef")
            self.others.append(self._boss)
        return self._boss

    # ---- hands ----
    def key(self, key: str) -> None:
        """Press a key in whatever has the focus."""
        self._stamp += 60
        combination = QKeySequence(key)[0]  # type: ignore[index]
        QTest.keyClick(self._target(), combination.key(), combination.keyboardModifiers())

    def keys(self, *keys: str) -> None:
        """Press keys one after another."""
        for key in keys:
            self.key(key)

    def type(self, text: str) -> None:
        """Type a text as a person does: 60 ms from key to key, by the stamps that tell typing from a scanner."""
        for letter in text:
            self._stamp += 60
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):  # QTest knows Latin-1 only
                event = QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, letter)
                event.setTimestamp(self._stamp)
                QApplication.sendEvent(self._target(), event)

    def scan(self, *codes: str) -> None:
        """Pull codes over the scanner: 4 ms from key to key, 100 ms from code to code, Enter behind each."""
        for code in codes:
            self._stamp += 100
            for letter in code + "\r":
                self._stamp += 4
                for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                    key = Qt.Key.Key_Return if letter == "\r" else Qt.Key(0)
                    event = QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, letter)
                    event.setTimestamp(self._stamp)
                    QApplication.sendEvent(QApplication.activePopupWidget() or QApplication.focusWidget() or self.window, event)

    def fill(self, field: QWidget, text: str) -> None:
        """Put the focus into a field and type over what stands there."""
        self.wait(field.window().isActiveWindow)
        field.setFocus(Qt.FocusReason.TabFocusReason)
        self.wait(field.hasFocus)
        field.selectAll()  # type: ignore[attr-defined]
        self.type(text)

    def click(self, name: str) -> None:
        """Click a button by its name."""
        QTest.mouseClick(self.see(QWidget, name), Qt.MouseButton.LeftButton)

    def _target(self) -> QWidget:
        target = QApplication.activePopupWidget() or QApplication.focusWidget() or QApplication.activeWindow()
        assert target is not None, "no window takes the keyboard"
        return target

    # ---- eyes ----
    def wait(self, seen: Callable[[], Any]) -> None:
        """Wait until something is seen."""
        self.qtbot.waitUntil(lambda: bool(seen()), timeout=PATIENCE_MS)

    def idle(self) -> None:
        """Wait until nothing waits for the server."""
        self.wait(lambda: not tasks.running())

    def find(self, kind: builtins.type[W], name: str) -> W | None:
        """The visible widget of this name, the front window first."""
        fronts = [each for each in (QApplication.activeModalWidget(), *QApplication.topLevelWidgets()) if each is not None]
        for front in fronts:
            for widget in ([front] if front.objectName() == name else []) + front.findChildren(QWidget, name):
                if isinstance(widget, kind) and widget.isVisible():
                    return widget
        return None

    def see(self, kind: builtins.type[W], name: str) -> W:
        """The visible widget of this name, once it is there."""
        self.wait(lambda: self.find(kind, name) is not None)
        found = self.find(kind, name)
        assert found is not None
        return found

    def open(self, dock: str) -> QWidget:
        """Open a dock from the navigator and wait for its rows."""
        window = self.window
        assert isinstance(window, MainWindow)
        window.navigator.press(dock)
        self.idle()
        widget = window.current()
        assert widget is not None
        return widget

    def card(self, name: str) -> Any:
        """The card of this name, once it was read."""
        card = self.see(Card, name)
        self.wait(lambda: card.is_ready() and card.form.isEnabled())
        self.idle()
        return card

    def gone(self, widget: QWidget) -> None:
        """Wait until a window, a card or a dialog was closed."""
        self.wait(lambda: not shiboken6.isValid(widget) or not widget.isVisible())

    def dialog(self) -> QDialog:
        """The modal dialog that is open, once it is."""
        self.wait(lambda: QApplication.activeModalWidget() is not None)
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, QDialog)
        self.wait(dialog.isActiveWindow)
        return dialog


@pytest.fixture
def rig(qtbot: QtBot, qapp: QApplication, server: TestServer, fresh_database: str, tmp_path: Path, monkeypatch: Any) -> Iterator[Rig]:
    """A computer beside a fresh office (tests/support/office.py). Nothing is known on it yet."""
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "computer"))
    monkeypatch.setenv(WHERE_VARIABLE, "file")
    application.make(["crm-desktop"], language="en", animations=False)
    profile = Profile(server.server.host, server.server.port, fresh_database, "disable", role_prefix=office.TEMPLATE)
    made = Rig(qtbot, qapp, profile, tmp_path / "computer")
    yield made
    for each in made.others:
        each.close()
    if (modal := QApplication.activeModalWidget()) is not None:
        modal.close()
    made.desktop.end()
    # Nobody runs the event loop that would destroy the windows: their timers would ask a desk that has no database any more.
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)  # type: ignore[call-overload]
    i18n.use("en")
