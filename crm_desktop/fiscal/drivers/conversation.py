"""What a printer's conversation tells its caller besides bytes, and the counter of its tokens."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from crm_desktop.core.errors import CrmError
from crm_desktop.core.problem import Problem
from crm_desktop.fiscal.rules.device_errors import FRAME_DETAILS, Fault, device_problem, fault_of, frame_problem
from crm_desktop.fiscal.rules.journal import State

LAST_TOKEN = 9999


@dataclass(frozen=True)
class JournalPoint:
    """Write this durably before anything more is sent: `journal = journal.after(point.state, point.data)`, commit.

    data holds only what is new: {"baseline": …, "next_token": n} / {} / {"closing": hex, "closing_token": n}.
    The listener may raise (the lease is about to end): nothing more is sent and the exception reaches the caller.
    """

    state: State
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Attention:
    """The device waits for somebody (paper, a key); None: it went on. Told on each change only. It keeps waiting."""

    problem: Problem | None


@dataclass(frozen=True)
class Waiting:
    """A sign of life at each poll while the device is at work. The listener may raise to stop waiting: the outcome is
    then unknown and recovery reads it later."""

    seconds: float
    command: str


class Tokens:
    """Numbers 1–9999 that mark commands, going round. Start where the device's stored counter stands, and store it
    moved on by `tokens_needed` before the conversation begins, so that a crash never repeats a recent token."""

    def __init__(self, start: int) -> None:
        self.next = (start - 1) % LAST_TOKEN + 1

    def take(self) -> int:
        """The next token."""
        token = self.next
        self.next = token % LAST_TOKEN + 1
        return token


def token_after(start: int, count: int) -> int:
    """The token `count` places after `start`, going round.

    >>> token_after(9998, 3)
    2
    """
    return (start - 1 + count) % LAST_TOKEN + 1


class ReplyLost(CrmError):
    """The device did not answer in time though the link stands: what became of the command is unknown."""


class DeviceRefusal(CrmError):
    """The device understood and refused: `code` of section 3.13, or with `frame` the number of a frame error."""

    def __init__(self, code: int, command: str, field: str = "", *, frame: bool = False) -> None:
        what = f"frame error {code} ({FRAME_DETAILS.get(code, 'unknown')})" if frame else str(code)
        super().__init__(f"{command} refused with {what} {field}".rstrip())
        self.code, self.command, self.field, self.frame = code, command, field, frame

    @property
    def problem(self) -> Problem:
        """What to tell a person."""
        if self.frame:
            return frame_problem(self.code, self.command, self.field)
        return device_problem(self.code)

    @property
    def retry(self) -> bool:
        """Whether the same receipt may be sent again as it is, a little later."""
        return not self.frame and fault_of(self.code) is Fault.LATER
