"""The application object: language, the road for bugs."""

import sys
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crm_desktop.core import i18n
from crm_desktop.ui import application, tasks


@pytest.fixture
def english(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Afterwards the test process speaks English again."""
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    yield
    application.set_language(qapp, "en")


def test_qt_speaks_the_operators_language(english: None, qapp: QApplication) -> None:
    """GOL-22: Qt's own buttons and menus too, from the file that comes with Qt."""
    application.set_language(qapp, "pl")
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "Anuluj"
    assert i18n.language() == "pl"
    application.set_language(qapp, "en")
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "Cancel"


def test_there_is_one_application(english: None, qapp: QApplication) -> None:
    """A second call dresses the same one."""
    assert application.make([], language="en", mode="dark", animations=False) is qapp
    application.make([], language="en", mode="light", animations=False)


@pytest.mark.logs("unhandled: ")
def test_what_nobody_caught_takes_the_crash_road(english: None, qtbot: QtBot) -> None:
    """With its traceback, and into the log."""
    try:
        raise ZeroDivisionError("x")
    except ZeroDivisionError as caught:
        error = caught
    with qtbot.waitSignal(tasks.roads().crash) as told:
        application.to_crash_road(ZeroDivisionError, error, error.__traceback__)
    assert told.args[0] is error
    assert "test_application" in told.args[1]


def test_every_part_has_a_name_for_screen_readers(shown: object, qtbot: QtBot) -> None:
    """desk.md section 10: inputs, icon buttons and own-painted widgets are named; bars and panels are the kit's own."""
    from PySide6.QtWidgets import QAbstractButton, QLineEdit, QMenu, QWidget

    from crm_desktop.ui.widgets.fkey_bar import FKey, FKeyBar
    from crm_desktop.ui.widgets.navigator import NavGroup, Navigator, NavItem
    from crm_desktop.ui.widgets.preview import PdfPreview
    from crm_desktop.ui.widgets.status_bar import StatusBar
    from crm_desktop.ui.widgets.top_bar import TopBar

    top = TopBar()
    top.set_company("Beskid", "Kraków")
    top.set_person("Anna Kowalczyk", QMenu())
    top.add_bell(lambda: None)
    navigator = Navigator()
    navigator.set_groups([NavGroup("Sprzedaż", (NavItem("a", "Dokumenty", "file-text"),))])
    bar = FKeyBar()
    bar.set_keys([FKey("F2", "Pozycja", lambda: None)])
    window = shown(top, navigator, bar, StatusBar(), PdfPreview())  # type: ignore[operator]
    nameless = [
        type(widget).__name__
        for widget in window.findChildren(QWidget)
        if isinstance(widget, QAbstractButton | QLineEdit) and not (widget.accessibleName() or getattr(widget, "text", str)())
    ]
    assert nameless == []
