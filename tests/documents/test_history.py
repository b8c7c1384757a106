"""Undo and redo (issue point 6)."""

from hypothesis import given
from hypothesis import strategies as st

from crm_desktop.documents.rules.history import DEPTH, History


def test_back_and_forth() -> None:
    history = History("a").record("b").record("c")
    assert (history.now, history.can_undo, history.can_redo) == ("c", True, False)
    back = history.undo().undo()
    assert (back.now, back.can_undo, back.can_redo) == ("a", False, True)
    assert back.undo() is back
    assert back.redo().redo().now == "c"
    assert history.redo() is history


def test_a_new_act_forgets_what_was_undone() -> None:
    history = History("a").record("b").undo().record("c")
    assert not history.can_redo
    assert history.undo().now == "a"


def test_one_number_typed_is_one_step() -> None:
    history = History("").record("1", "quantity").record("12", "quantity").record("125", "quantity")
    assert history.undo().now == ""
    other = history.record("125 a", "name")
    assert other.undo().now == "125"
    after_undo = other.undo().record("126", "quantity")
    assert after_undo.undo().now == "125"


def test_the_same_state_is_no_act() -> None:
    history = History("a").record("b")
    assert history.record("b") is history


def test_saving_is_no_act() -> None:
    history = History("a").record("b").undo().replace("a, saved")
    assert (history.now, history.redo().now) == ("a, saved", "b")
    assert not history.can_undo


def test_the_oldest_steps_are_forgotten() -> None:
    history = History(0)
    for number in range(1, DEPTH + 50):
        history = history.record(number)
    steps = 0
    while history.can_undo:
        history, steps = history.undo(), steps + 1
    assert (steps, history.now) == (DEPTH, 49)


@given(st.lists(st.integers(0, 3), max_size=30), st.integers(0, 40))
def test_redo_takes_back_undo(values: list[int], steps: int) -> None:
    history = History(-1)
    for value in values:
        history = history.record(value)
    back = history
    for _ in range(steps):
        back = back.undo()
    for _ in range(steps):
        back = back.redo()
    assert (back.now, back.past, back.future) == (history.now, history.past, history.future)
