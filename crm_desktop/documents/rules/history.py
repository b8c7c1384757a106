"""Undo and redo as a value: the states before, the state now, the states undone."""

from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")
DEPTH = 200


@dataclass(frozen=True)
class History(Generic[T]):
    """`now` with what was before and what was undone. Nothing is changed in place; every act gives a new history."""

    now: T
    past: tuple[T, ...] = ()
    future: tuple[T, ...] = ()
    topic: str = ""

    def record(self, value: T, topic: str = "") -> "History[T]":
        """`value` is the state now. The same state again changes nothing.

        Acts with the same non-empty `topic` in a row ("lines.3.quantity") are one step: undo takes back the whole
        number that was typed, not its last digit. The oldest of more than 200 steps is forgotten.
        """
        if value == self.now:
            return self
        if topic and topic == self.topic:
            return History(value, self.past, (), topic)
        return History(value, (*self.past, self.now)[-DEPTH:], (), topic)

    def replace(self, value: T) -> "History[T]":
        """`value` is the state now without being an act of the person (the version after saving)."""
        return History(value, self.past, self.future, self.topic)

    def undo(self) -> "History[T]":
        """One step back; the same history when there is none."""
        if not self.past:
            return self
        return History(self.past[-1], self.past[:-1], (self.now, *self.future))

    def redo(self) -> "History[T]":
        """One step forward again; the same history when there is none."""
        if not self.future:
            return self
        return History(self.future[0], (*self.past, self.now), self.future[1:])

    @property
    def can_undo(self) -> bool:
        """Whether there is a step back."""
        return bool(self.past)

    @property
    def can_redo(self) -> bool:
        """Whether there is a step forward."""
        return bool(self.future)
