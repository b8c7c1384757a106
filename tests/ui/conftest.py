"""What the tests of the kit share: the theme without motion, a fixed clock, a widget inside a window that is active."""

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from crm_desktop.ui import clock, theme

MOMENT = datetime(2026, 11, 23, 14, 32, tzinfo=clock.WARSAW)


@pytest.fixture
def dressed(qapp: QApplication) -> theme.Theme:
    """The light theme without motion."""
    return theme.apply(qapp, "light", animations=False)


@pytest.fixture
def monday() -> Iterator[datetime]:
    """It is Monday 23 November 2026, 14:32."""
    clock.use(lambda: MOMENT)
    yield MOMENT
    clock.use(None)


@pytest.fixture
def shown(qtbot: QtBot, dressed: theme.Theme) -> Callable[..., QWidget]:
    """Puts widgets into an active window and gives the window back."""

    windows: list[QWidget] = []  # qtbot only knows them weakly

    def show(*widgets: QWidget, size: tuple[int, int] = (900, 500)) -> QWidget:
        window = QWidget()
        qtbot.addWidget(window)
        windows.append(window)
        column = QVBoxLayout(window)
        for widget in widgets:
            column.addWidget(widget)
        window.resize(*size)
        window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        return window

    return show
