"""One command and its reply over an unreliable line: three outcomes, confirmed, refused or unknown (protocol 3.3, 3.9).

A conversation part without I/O: it yields Send, Receive, Drain and Now, and tells Attention and Waiting.
"""

from dataclasses import dataclass
from typing import Any

from crm_desktop.core.problem import Problem
from crm_desktop.devices.exchange import Conversation, Drain, Now, Receive, Send
from crm_desktop.fiscal.drivers.conversation import Attention, DeviceRefusal, ReplyLost, Tokens, Waiting
from crm_desktop.fiscal.drivers.posnet.commands import COMMANDS, Command
from crm_desktop.fiscal.drivers.posnet.frames import Damaged, Deframer, Frame
from crm_desktop.fiscal.rules.assumptions import (
    POLL_EVERY,
    TIMEOUT_ACTION,
    TIMEOUT_PRINTING,
    TIMEOUT_STATUS,
    WAIT_AT_MOST,
)
from crm_desktop.fiscal.rules.device_errors import waiting_problem

PRINTING = frozenset({"trend", "prncancel", "dailyrep", "cash", "stocash", "packret"})
ACTIONS = frozenset({"trinit", "trline", "trpack", "trpayment", "trnipset", "trdiscntbill", "trdiscntsubtot", "ftrcfg"})
# A reply that is not there although the device says it is idle this many polls in a row will not come.
IDLE_POLLS = 2


@dataclass(frozen=True)
class Pace:
    """Seconds. status, action, printing: how long a reply is waited for before the device is asked how it is; poll:
    between two such questions; at_most: after this the outcome counts as unknown though the device is still busy."""

    status: float = TIMEOUT_STATUS
    action: float = TIMEOUT_ACTION
    printing: float = TIMEOUT_PRINTING
    poll: float = POLL_EVERY
    at_most: float = WAIT_AT_MOST

    def patience(self, command: str) -> float:
        """How long the reply to `command` is waited for in silence."""
        return self.printing if command in PRINTING else self.action if command in ACTIONS else self.status


@dataclass(frozen=True)
class Prepared:
    """A command ready to send: the exact bytes are known before they leave."""

    command: Command
    token: int
    data: bytes

    @property
    def name(self) -> str:
        """The mnemonic without '!'."""
        return self.command.mnemonic.removeprefix("!")

    def answered_by(self, frame: Frame) -> bool:
        """Whether `frame` is the reply: mnemonic and token; an ERR by token, or by its command where it has none."""
        if frame.mnemonic == "ERR":
            named = (frame.value("cm") or b"").decode("latin-1").removeprefix("!")
            return frame.token == self.token if frame.token is not None else named == self.name
        if self.name == "rpt":  # answers with the repeated reply, whatever its mnemonic
            return frame.token == self.token
        return frame.mnemonic.removeprefix("!") == self.name and frame.token == self.token


class Wire:
    """The line to one device during one conversation."""

    def __init__(self, tokens: Tokens, pace: Pace, page: str = "cp1250") -> None:
        self.tokens, self.pace, self.page = tokens, pace, page
        self._deframer = Deframer()
        self._frames: list[Frame] = []
        self._told: Problem | None = None

    def prepare(self, mnemonic: str, values: dict[str, Any] | None = None, token: int | None = None) -> Prepared:
        """The frame of a command with the next token, or a given one. Raises ValueError for values that do not fit."""
        command = COMMANDS[mnemonic]
        number = self.tokens.take() if token is None else token
        return Prepared(command, number, command.encode(values or {}, number, self.page))

    def ask(self, mnemonic: str, **values: Any) -> Conversation[dict[str, Any]]:
        """Send a command, return its reply's values. Raises DeviceRefusal, ReplyLost, LinkLost."""
        return (yield from self.perform(self.prepare(mnemonic, values)))

    def perform(self, prepared: Prepared) -> Conversation[dict[str, Any]]:
        """As `ask`, for a command prepared before."""
        frame = yield from self.exchange(prepared)
        return self._settled(prepared, frame)

    def exchange(self, prepared: Prepared) -> Conversation[Frame]:
        """Send and wait; the reply as it came. Raises ReplyLost, LinkLost."""
        yield from self.drop_input()
        yield Send(prepared.data)
        return (yield from self._awaited(prepared))

    def drop_input(self) -> Conversation[None]:
        """Discard what has arrived, so that no late reply is taken for the next one."""
        yield Drain()
        self._deframer.reset()
        self._frames.clear()

    def until_idle(self) -> Conversation[None]:
        """Poll until the device says that it is ready and its queue empty. Raises ReplyLost when it does not answer."""
        begun = yield Now()
        while not (yield from self._is_idle(begun, "")):
            yield from self._next([], self.pace.poll)

    def _settled(self, prepared: Prepared, frame: Frame) -> dict[str, Any]:
        if frame.error is not None:
            field = (frame.value("fd") or b"").decode("latin-1")
            raise DeviceRefusal(frame.error, prepared.name, field, frame=frame.mnemonic == "ERR")
        try:
            return prepared.command.read(frame, self.page)
        except ValueError as error:
            raise ReplyLost(f"the reply to {prepared.name} makes no sense: {error}") from error

    def _awaited(self, prepared: Prepared) -> Conversation[Frame]:
        begun = yield Now()
        found = yield from self._next([prepared], self.pace.patience(prepared.name))
        if prepared.command.immediate and found is None:
            raise ReplyLost(f"no reply to {prepared.command.mnemonic}")
        idle = 0
        while found is None:
            # The reply to a printing command comes after printing, and without limit while paper is missing.
            idle = idle + 1 if (yield from self._is_idle(begun, prepared.name, prepared)) else 0
            found = yield from self._next([prepared], self.pace.poll)
            if found is None and idle >= IDLE_POLLS:
                raise ReplyLost(f"the device is idle but did not answer {prepared.name}")
        yield from self._tell(None)
        return found[1]

    def _is_idle(self, begun: float, command: str, awaited: Prepared | None = None) -> Conversation[bool]:
        """Ask the device how it is; a reply that is awaited meanwhile is kept."""
        now = yield Now()
        yield Waiting(now - begun, command)
        if now - begun > self.pace.at_most:
            raise ReplyLost(f"the device is still busy after {self.pace.at_most:g} s")
        state = yield from self._poll("!sdev")
        mechanism = yield from self._poll("!sprn")
        if state is None and mechanism is None and not (awaited and self._holds(awaited)):
            raise ReplyLost("the device answers nothing")
        problem = waiting_problem((mechanism or {}).get("pr", 0), (state or {}).get("ds", 0))
        yield from self._tell(problem)
        return state is not None and problem is None and bool(state.get("qe", True))

    def _poll(self, mnemonic: str) -> Conversation[dict[str, Any] | None]:
        question = self.prepare(mnemonic)
        yield Send(question.data)
        found = yield from self._next([question], self.pace.status)
        if found is None:
            return None
        return self._settled(question, found[1])

    def _holds(self, prepared: Prepared) -> bool:
        return any(prepared.answered_by(frame) for frame in self._frames)

    def _next(self, waiting: list[Prepared], patience: float) -> Conversation[tuple[Prepared, Frame] | None]:
        """The first reply to one of `waiting` within `patience` seconds; other frames stay for who waits for them."""
        begun = yield Now()
        while True:
            for frame in self._frames:
                for prepared in waiting:
                    if prepared.answered_by(frame):
                        self._frames.remove(frame)
                        return prepared, frame
            now = yield Now()
            left = begun + patience - now
            if left <= 0:
                return None
            data = yield Receive(left)
            # A damaged frame counts as no reply: the transcript keeps it, the time-out decides.
            self._frames += [frame for frame in self._deframer.feed(data) if not isinstance(frame, Damaged)]

    def _tell(self, problem: Problem | None) -> Conversation[None]:
        if problem != self._told:
            self._told = problem
            yield Attention(problem)
