"""The full garbage collection waits for a calm moment (figure `line_entry`)."""

import gc
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crm_desktop.ui import tidying


class Knot:
    """Refers to itself: only the collector can take it away."""

    def __init__(self) -> None:
        self.me = self


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch, qapp: QApplication) -> Iterator[None]:
    """A calm of 50 ms; afterwards everything as it was."""
    monkeypatch.setattr(tidying, "CALM_MS", 50)
    monkeypatch.setattr(tidying, "_calm", None)
    before = gc.get_threshold()
    yield
    if tidying._calm is not None:
        tidying._calm.stop()
    gc.set_threshold(*before)


@pytest.mark.usefixtures("quick")
def test_old_garbage_goes_in_a_calm_moment(qtbot: QtBot) -> None:
    knot = Knot()
    gone = weakref.ref(knot)
    gc.collect()  # it is old now
    for _count in range(12):
        gc.collect(1)
    del knot
    tidying.put_off()
    gc.collect(1)
    assert gone() is not None
    qtbot.waitUntil(lambda: gone() is None, timeout=3000)


@pytest.mark.usefixtures("quick")
def test_no_full_collection_comes_between_two_keys(qtbot: QtBot) -> None:
    full: list[int] = []

    def note(phase: str, info: dict[str, int]) -> None:
        if phase == "start" and info["generation"] == 2:
            full.append(1)

    gc.collect()
    gc.callbacks.append(note)
    try:
        kept = []
        for _act in range(20):
            tidying.put_off()
            kept.append([[number] for number in range(5000)])  # enough for Python's own full collection several times over
        assert full == []
        qtbot.waitUntil(lambda: bool(full), timeout=3000)
    finally:
        gc.callbacks.remove(note)
