"""The journal of one print job: each state is made durable before the act that it describes (exactly-once receipts)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Self

from crm_desktop.fiscal.rules.model import Counters, Receipt


class State(StrEnum):
    """INTENT job accepted; BASELINE counters read on the idle device; OPENED before the opening command; COMMITTING
    before the closing command; DONE, ABORTED (proven not printed), UNDECIDED (a person decides) after evidence."""

    INTENT = "intent"
    BASELINE = "baseline"
    OPENED = "opened"
    COMMITTING = "committing"
    DONE = "done"
    ABORTED = "aborted"
    UNDECIDED = "undecided"


#: Decided: nothing more is written of this attempt, and nothing is recovered from it.
ENDED = frozenset({State.DONE, State.ABORTED, State.UNDECIDED})
BEFORE_OPENING = frozenset({State.INTENT, State.BASELINE, State.ABORTED})


@dataclass(frozen=True)
class Journal:
    """What is known durably about one attempt to print one receipt.

    baseline: counters before the opening command; closing: the exact bytes of the closing command, hexadecimal;
    closing_token: its token, by which the device may be asked for the reply again; next_token: the first token of the
    device that this attempt will not use.
    """

    receipt: Receipt
    state: State = State.INTENT
    baseline: Counters | None = None
    closing: str = ""
    closing_token: int | None = None
    next_token: int | None = None

    def after(self, state: State, data: Mapping[str, Any]) -> "Journal":
        """The journal once a JournalPoint with `state` and `data` is written."""
        changes = dict(data)
        if changes.get("baseline") is not None:
            changes["baseline"] = Counters.from_json(changes["baseline"])
        return replace(self, state=State(state), **changes)

    def to_json(self) -> dict[str, Any]:
        """Plain values for a jsonb column."""
        return {
            "receipt": self.receipt.to_json(),
            "state": self.state.value,
            "baseline": self.baseline.to_json() if self.baseline else None,
            "closing": self.closing,
            "closing_token": self.closing_token,
            "next_token": self.next_token,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """The journal written by `to_json`."""
        return cls(
            Receipt.from_json(data["receipt"]),
            State(data["state"]),
            Counters.from_json(data["baseline"]) if data["baseline"] else None,
            data["closing"],
            data["closing_token"],
            data["next_token"],
        )
