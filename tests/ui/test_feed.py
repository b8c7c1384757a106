"""The one refresh road (ARC-06): gathered, only to who looks, from any thread."""

import threading
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from crm_desktop.ui.feed import MOST_IDS, Feed, Ids

ONE, TWO = UUID(int=1), UUID(int=2)


@pytest.fixture
def feed(qapp: object) -> Feed:
    """A feed of its own."""
    return Feed()


def test_calls_are_gathered(qtbot: QtBot, feed: Feed) -> None:
    """Two notifications, one refresh with both keys; other tables are no concern."""
    owner = QObject()
    got: list[Any] = []
    feed.watch(owner, "documents.document", got.append)
    for ids in ({ONE}, {TWO}):
        feed.receive("documents.document", frozenset(ids))
    feed.receive("parties.party", frozenset({ONE}))
    qtbot.waitUntil(lambda: bool(got))
    assert got == [frozenset({ONE, TWO})]


def test_from_another_thread_on_the_gui_thread(qtbot: QtBot, feed: Feed) -> None:
    """The listener's thread calls; the view is called here."""
    owner = QObject()
    threads: list[Any] = []
    feed.watch(owner, "t", lambda ids: threads.append(threading.current_thread()))
    worker = threading.Thread(target=feed.receive, args=("t", frozenset({ONE})))
    worker.start()
    worker.join()
    qtbot.waitUntil(lambda: bool(threads))
    assert threads == [threading.main_thread()]


@pytest.mark.parametrize(("table", "ids"), [("t", None), ("", None), ("t", frozenset(UUID(int=n) for n in range(MOST_IDS + 1)))])
def test_anything_may_have_changed(qtbot: QtBot, feed: Feed, table: str, ids: Ids | None) -> None:
    """Many rows, a flood, or a connection that was lost: None, and the view reads anew."""
    owner = QObject()
    got: list[Any] = []
    feed.watch(owner, "t", got.append)
    feed.receive("t", frozenset({ONE}))
    feed.receive(table, ids)
    qtbot.waitUntil(lambda: bool(got))
    assert got == [None]


def test_a_hidden_dock_refreshes_when_it_is_shown(qtbot: QtBot, feed: Feed, shown: Callable[..., QWidget]) -> None:
    """Work behind closed tabs would cost the server for nothing."""
    hidden, seen = QWidget(), QWidget()
    got: list[Any] = []
    others: list[Any] = []
    shown(hidden, seen)
    hidden.hide()
    feed.watch(hidden, "t", got.append)
    feed.watch(seen, "t", others.append)
    feed.receive("t", frozenset({ONE}))
    qtbot.waitUntil(lambda: bool(others))
    feed.receive("t", frozenset({TWO}))
    qtbot.waitUntil(lambda: len(others) == 2)
    assert got == []
    hidden.show()
    qtbot.waitUntil(lambda: bool(got))
    assert got == [frozenset({ONE, TWO})]
    hidden.hide()
    hidden.show()
    feed.receive("t", frozenset({ONE}))
    qtbot.waitUntil(lambda: len(others) == 3)
    assert got == [frozenset({ONE, TWO}), frozenset({ONE})]  # not stale any more: shown again without news it was not called


def test_a_closed_view_is_forgotten(qtbot: QtBot, feed: Feed) -> None:
    """Its callback is never called again."""
    owner, other = QObject(), QObject()
    got: list[Any] = []
    others: list[Any] = []
    feed.watch(owner, "t", got.append)
    feed.watch(other, "t", others.append)
    with qtbot.waitSignal(owner.destroyed):
        owner.deleteLater()
    feed.receive("t", None)
    qtbot.waitUntil(lambda: bool(others))
    assert got == []


def test_the_connection_is_told(qtbot: QtBot, feed: Feed) -> None:
    """Lost and back, for the strip and the status bar."""
    for here in (False, True):
        with qtbot.waitSignal(feed.connection) as told:
            threading.Thread(target=feed.receive_connection, args=(here,)).start()
        assert told.args == [here]
