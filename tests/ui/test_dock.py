"""The dock area (GOL-23, GOL-28): ids, focus, guards, layouts that come back."""

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from crm_desktop.ui import theme
from crm_desktop.ui.dock import DockArea


@pytest.fixture
def area(shown: Callable[..., QWidget]) -> DockArea:
    """Empty, in an active window."""
    area = DockArea()
    shown(area, size=(1200, 700))
    return area


def card() -> QWidget:
    """A widget whose work starts in its field."""
    widget = QWidget()
    line = QLineEdit(widget)
    QVBoxLayout(widget).addWidget(line)
    widget.setFocusProxy(line)
    return widget


def test_a_dock_opens_with_focus_where_work_starts(area: DockArea) -> None:
    """Not on its tab, not on a button."""
    area.add_dock("a", "A", card(), icon="file-text")
    area.add_dock("b", "B", card())
    assert (area.ids(), area.current()) == (["a", "b"], "b")
    focus = QApplication.focusWidget()
    assert isinstance(focus, QLineEdit)
    assert area.widget("b").isAncestorOf(focus)


def test_closing_goes_back_to_the_one_before(area: DockArea, qtbot: QtBot) -> None:
    """And Ctrl+Shift+T knows what was closed."""
    for name in "abc":
        area.add_dock(name, name, card(), keep=name == "c")
    area.focus_dock("a")
    area.focus_dock("c")
    with qtbot.waitSignal(area.closed) as told:
        assert area.close_dock("c")
    assert told.args == ["c"]
    assert (area.ids(), area.current(), area.last_closed(), area.last_closed()) == (["a", "b"], "a", "c", "")
    area.open_dock("c")
    assert area.current() == "c"


def test_a_guard_keeps_an_editor_open(area: DockArea) -> None:
    """Esc and the cross never lose input."""
    answers = [False, True]
    area.add_dock("a", "A", card(), guard=lambda: answers.pop(0))
    assert not area.close_dock("a")
    assert area.has_dock("a")
    assert area.close_dock("a")
    assert not area.has_dock("a")


def test_a_closed_dock_is_destroyed_unless_kept(area: DockArea, qtbot: QtBot) -> None:
    """Two hundred documents a day leave nothing behind."""
    widget = card()
    area.add_dock("a", "A", widget)
    with qtbot.waitSignal(widget.destroyed):
        area.close_dock("a")
    area.add_dock("a", "A", card())  # the id is free again
    assert area.ids() == ["a"]


def test_an_id_is_taken_once(area: DockArea) -> None:
    """It is the place in the saved layout."""
    area.add_dock("a", "A", card())
    with pytest.raises(ValueError, match="there already"):
        area.add_dock("a", "A", card())


def test_cycling_and_picking(area: DockArea) -> None:
    """Ctrl+Tab and Ctrl+1…9."""
    for name in "abc":
        area.add_dock(name, name, card())
    area.cycle()
    assert area.current() == "a"
    area.cycle(-1)
    assert area.current() == "c"
    area.pick(2)
    assert area.current() == "b"
    area.pick(9)
    assert area.current() == "b"


def test_layouts_come_back(area: DockArea) -> None:
    """Split, float, close; then everything is where it was. A dock that the layout does not know stays."""
    for name in "ab":
        area.add_dock(name, name, card(), keep=True)
    area.add_dock("side", "Side", card(), area="right", beside="a", keep=True)
    area.set_share("side", 0.25)
    layout = area.save_layout()
    place = area.widget("side").mapTo(area, area.widget("side").rect().topLeft())
    area.float_dock("side")
    assert area.is_floating("side")
    area.close_dock("b")
    area.add_dock("new", "New", card(), keep=True)
    assert area.restore_layout(layout)
    assert not area.is_floating("side")
    assert area.has_dock("b")
    assert area.has_dock("new")
    assert area.widget("side").mapTo(area, area.widget("side").rect().topLeft()) == place


def test_a_share_is_kept_to(area: DockArea) -> None:
    """A side strip does not take half of the desk."""
    area.add_dock("a", "A", card())
    area.add_dock("side", "Side", card(), area="right", beside="a")
    area.set_share("side", 0.3)
    assert area.widget("side").width() == pytest.approx(0.3 * (area.widget("a").width() + area.widget("side").width()), rel=0.05)


@pytest.mark.parametrize("layout", ["", "@@@", "aGVq", "PD94bWw="])
def test_what_is_no_layout_changes_nothing(area: DockArea, layout: str) -> None:
    """A damaged saved workspace must not keep anybody from working."""
    area.add_dock("a", "A", card())
    assert not area.restore_layout(layout)
    assert area.ids() == ["a"]


def test_titles_dots_and_the_sheet(area: DockArea, qapp: QApplication) -> None:
    """A dirty document has a dot; QtAds' own sheet stays off, also after a switch of the theme."""
    area.add_dock("a", "FS/1", card())
    area.set_dirty("a", True)
    assert area._docks["a"].dock.windowTitle() == "• FS/1"
    area.set_dirty("a", False)
    area.set_title("a", "FS/2")
    assert (area._docks["a"].dock.windowTitle(), area.title("a")) == ("FS/2", "FS/2")
    theme.apply(qapp, "dark", animations=False)
    assert area._manager.styleSheet() == ""
    theme.apply(qapp, "light", animations=False)
