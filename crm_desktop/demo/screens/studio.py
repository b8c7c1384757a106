"""The studio: the desktop program in one process, with a clock that stands still, and the camera.

A shot is plain code: it opens a window, waits until it shows what it should, and takes its picture in each theme of the order. Every
picture is looked at by `checks.py` before it is saved.
"""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from PySide6.QtCore import QEvent, QEventLoop, QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QColor, QInputMethodEvent, QKeyEvent, QKeySequence, QPainter, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QPlainTextEdit, QWidget

from crm_desktop.app.desktop import Desktop
from crm_desktop.app.login import LoginWindow
from crm_desktop.app.main_window import MainWindow
from crm_desktop.app.profiles import Memory
from crm_desktop.app.secrets import Secrets
from crm_desktop.db.connect import Profile, connect
from crm_desktop.db.rows import from_json
from crm_desktop.demo.company import PASSWORD
from crm_desktop.demo.screens import checks
from crm_desktop.demo.screens.scene import NOW, Scene
from crm_desktop.demo.screens.words import Words
from crm_desktop.ui import clock, tasks, theme
from crm_desktop.ui.widgets import crash

#: A window that does not show what it should by then is a fault.
PATIENCE_SECONDS = 30.0
#: What the report of a bug is called in every picture.
REPORT = "K7M-4QX"
W = TypeVar("W", bound=QWidget)


@dataclass(frozen=True)
class Look:
    """A theme, and what the names of its pictures end with."""

    mode: str
    suffix: str


@dataclass(frozen=True)
class Order:
    """What one process photographs: in which language, at which size (logical pixels), in which themes, for whom."""

    language: str
    width: int
    height: int
    text_size: str
    looks: tuple[Look, ...]
    pictures: str
    profile: Profile
    superuser: tuple[str, ...]
    seller: str
    administrator: str
    printer: UUID
    scene: Scene
    only: tuple[str, ...] = ()
    fast: bool = False


@dataclass
class Taken:
    """What came out."""

    pictures: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


class NotShown(Exception):
    """A window did not show what its shot waits for."""


class Studio(Desktop):
    """See the module."""

    def __init__(self, app: QApplication, memory: Memory, order: Order) -> None:
        super().__init__(app, memory, Secrets(memory.folder))
        self.order, self.taken = order, Taken()
        clock.use(lambda: NOW)
        crash.report_number = lambda: REPORT
        self._words = Words(order.language)
        self._shows_printer = True
        self.window_shown.connect(lambda shown: shown.resize(order.width, order.height))

    # ---- who sits here ----
    def log_in(self, login: str) -> MainWindow:
        """Through the login window, as a person does; a desk that nobody arranged."""
        if self.session is None or self.session.database.who.login != login:
            if self.session is not None:
                self.fresh_desk()  # without what was typed: nothing asks to be saved
                self.log_out()
            else:
                self.start()  # the login window of a shot is no door
            self.until(lambda: isinstance(self.window, LoginWindow), "the login window")
            window = self.seen(LoginWindow)
            window.operator.set_value(login)
            window.password.setText(PASSWORD)
            window.try_it()
            self.until(lambda: isinstance(self.window, MainWindow), f"the desk of {login}")
        self.settle()
        return self.desk

    @property
    def desk(self) -> MainWindow:
        """The main window."""
        assert isinstance(self.window, MainWindow)
        return self.window

    def fresh_desk(self) -> MainWindow:
        """The main window made anew, as it is after a login; what was typed is dropped."""
        assert self.session is not None
        self.session = replace(self.session, start=replace(self.session.start, workspace=""))
        self._show_desk()
        self.settle()
        return self.desk

    def put_window(self, window: QWidget) -> None:
        """Show a window in place of the present one."""
        self._show(window)
        self.settle()

    def attached_devices(self) -> frozenset[UUID]:
        """The status bar shows the branch's printer, though nobody serves it here."""
        return frozenset({self.order.printer}) if self._shows_printer else frozenset()

    # ---- hands ----
    def until(self, shown: Callable[[], Any], what: str) -> None:
        """Let the program run until `shown()`. NotShown after some seconds."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        loop, poll = QEventLoop(), QTimer(interval=5)
        poll.timeout.connect(lambda: loop.quit() if shown() or time.monotonic() > deadline else None)
        if not shown():
            poll.start()
            loop.exec()
            poll.stop()
        if not shown():
            raise NotShown(f"{what}; the focus is in {QApplication.focusWidget()!r}")

    def settle(self) -> None:
        """Let everything that was begun come to its end."""
        for _turn in range(3):
            self.until(lambda: not tasks.running(), "the end of what was begun")
            QApplication.sendPostedEvents(None, 0)
            QApplication.processEvents()

    def seen(self, kind: type[W], name: str = "") -> W:
        """The visible widget of this kind and name; NotShown where there is none in time."""
        found: list[W] = []

        def look() -> bool:
            windows = [*QApplication.topLevelWidgets()]
            every = [each for window in windows for each in (window, *window.findChildren(QWidget))]
            found[:] = [w for w in every if isinstance(w, kind) and w.isVisible() and name in ("", w.objectName())]
            return bool(found)

        self.until(look, f"{kind.__name__} {name}")
        return found[0]

    def press(self, *keys: str) -> None:
        """Press keys where the focus is."""
        for key in keys:
            target = QApplication.activePopupWidget() or QApplication.focusWidget() or self.window
            assert target is not None
            press(target, key)
            self.settle()

    def type(self, text: str) -> None:
        """Type into the focus, slower than a scanner."""
        for letter in text:
            target = QApplication.focusWidget()
            assert target is not None
            _type(target, letter)
            self.wait(40)

    def wait(self, milliseconds: int) -> None:
        """Let time pass: between two letters of a person."""
        over = time.monotonic() + milliseconds / 1000
        self.until(lambda: time.monotonic() >= over, "time")

    def over(self, start: Callable[[], object], name: str) -> None:
        """Take the picture of the question that `start` asks and waits for, then answer with Esc."""
        faults: list[Exception] = []

        def look() -> None:
            dialog = QApplication.activeModalWidget()
            if dialog is None:
                return
            timer.stop()
            try:
                self.picture(name)
            except Exception as fault:  # it must not end in Qt's loop, and the dialog must close
                faults.append(fault)
            if isinstance(dialog, QDialog):
                dialog.reject()

        timer = QTimer(interval=20)
        timer.timeout.connect(look)
        timer.start()
        start()
        timer.stop()
        if faults:
            raise faults[0]

    def close_dialogs(self) -> None:
        """Close what stands in front of the window."""
        for widget in QApplication.topLevelWidgets():
            if widget is not self.window and widget.isVisible():
                widget.reject() if isinstance(widget, QDialog) else widget.close()
        self.settle()

    def run_sql(self, statement: str, *values: object) -> None:
        """As the superuser, past the guards; for moments that no person can make."""
        with connect(self.order.profile, self.order.superuser[0], self.order.superuser[1]) as connection:
            connection.execute("set session_replication_role = replica")
            connection.execute(statement.encode(), values)

    # ---- the camera ----
    def picture(self, name: str, *, may_be_cut: Sequence[str] = ()) -> None:
        """Take `name` in each look of the order; `may_be_cut`: texts (or beginnings) that may end in … here, because people named them."""
        if self.order.only and not any(part in name for part in self.order.only):
            return
        for look in self.order.looks:
            self._dress(look.mode)
            self.settle()
            self._hide_caret()
            window = self.window
            assert window is not None
            file = f"{name}-{self.order.language}-{look.suffix}.png"
            windows = self._windows(window)
            faults = checks.look_at(windows, self._words, may_be_cut)
            if self.app.focusWidget() is None and self.app.activePopupWidget() is None:
                faults.append("nothing has the focus")
            self.taken.faults += [f"{file}: {fault}" for fault in faults]
            self._compose(window, windows).save(str(Path(self.order.pictures) / file))
            self.taken.pictures.append(file)
        self._dress(self.order.looks[0].mode)

    def _dress(self, mode: str = "") -> None:
        """The look of the order, not of the employee."""
        size = int(self.order.text_size) / 100
        theme.apply(self.app, mode or self.order.looks[0].mode, "compact", size, animations=False)

    def _hide_caret(self) -> None:
        """An input method may say that no caret is wanted: nobody's text is touched."""
        focus = QApplication.focusWidget()
        if isinstance(focus, QLineEdit | QPlainTextEdit):
            nothing = QInputMethodEvent("", [QInputMethodEvent.Attribute(QInputMethodEvent.AttributeType.Cursor, 0, 0)])
            QApplication.sendEvent(focus, nothing)
        QApplication.processEvents()

    def _windows(self, base: QWidget) -> list[QWidget]:
        """The window and what stands in front of it, from the back."""
        others = [w for w in QApplication.topLevelWidgets() if w.isVisible() and w is not base and not w.size().isEmpty()]
        return [base, *others]

    def _compose(self, base: QWidget, windows: Sequence[QWidget]) -> QPixmap:
        """The screen as a person sees it. The off-screen platform draws no frames: a hair line stands for that of a dialog."""
        image = base.grab()
        painter = QPainter(image)
        corner = base.mapToGlobal(QPoint(0, 0))
        for window in windows[1:]:
            at = window.mapToGlobal(QPoint(0, 0)) - corner
            if isinstance(window, QDialog):
                painter.fillRect(QRect(at, window.size()).adjusted(-1, -1, 1, 1), QColor(theme.current().hex("border_field")))
            painter.drawPixmap(at, window.grab())
        painter.end()
        return image


def the_order(file: Path) -> Order:
    """The order as the process that takes the pictures reads it."""
    order: Order = from_json(Order, json.loads(file.read_text(encoding="utf-8")))
    return order


def press(target: QWidget, key: str) -> None:
    """A key as "Ctrl+S" or "F10"."""
    combination = QKeySequence(key)[0]  # type: ignore[index]
    QTest.keyClick(target, combination.key(), combination.keyboardModifiers())


def _type(target: QWidget, letter: str) -> None:
    """QTest takes Latin-1 only; a Polish letter arrives as the key event that the system would send."""
    if letter.isascii():
        QTest.keyClicks(target, letter)
        return
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QApplication.sendEvent(target, QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, letter))
