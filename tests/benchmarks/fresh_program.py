"""The program in a fresh process, watched from inside: says when its login window and its desk are painted. Started by startup.py.

Argument: the password that is typed. Where it connects stands in the configuration folder, as for any start of the program.
"""

import json
import sys
import time

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from crm_desktop.app.desktop import Desktop
from crm_desktop.app.profiles import Memory
from crm_desktop.app.secrets import Secrets
from crm_desktop.ui import application


class Watch(QObject):
    """Notes the moment when a window and all in it was painted for the first time, types the password into the first one."""

    def __init__(self, desktop: Desktop, password: str) -> None:
        super().__init__()
        self._desktop, self._password = desktop, password
        self._waiting: QWidget | None = None
        desktop.window_shown.connect(self._shown)

    def _shown(self, window: QWidget) -> None:
        self._waiting = window
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The request to repaint is followed by the painting itself; what is queued behind it comes after."""
        if watched is self._waiting and event.type() == QEvent.Type.UpdateRequest:
            self._waiting = None
            QTimer.singleShot(0, self, self._painted)
        return False

    def _painted(self) -> None:
        window = self._desktop.window
        assert window is not None
        tell("painted", window.objectName())
        if window.objectName() == "main_window":
            QTimer.singleShot(0, self._desktop, self._desktop.quit)
            return
        field = QApplication.focusWidget()
        assert field is not None, "nothing has the focus in the login window"
        QTest.keyClicks(field, self._password)
        tell("entered", "")
        QTest.keyClick(field, Qt.Key.Key_Return)


def tell(what: str, window: str) -> None:
    """A line of JSON with the time of day."""
    print(json.dumps({"what": what, "window": window, "at": time.time()}), flush=True)


def main() -> int:
    """As app/desktop.py runs it, with the watch beside it."""
    memory = Memory()
    app = application.make(["crm-desktop"], language=memory.known.language, mode=memory.known.appearance)
    app.setQuitOnLastWindowClosed(False)
    desktop = Desktop(app, memory, Secrets(memory.folder))
    watch = Watch(desktop, sys.argv[1])
    desktop.start()
    code = app.exec()
    del watch
    return code


if __name__ == "__main__":
    sys.exit(main())
