"""One command and its reply: what counts as the answer, what does not, and the three outcomes (FIS-02, protocol 3.3)."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from crm_desktop.devices.exchange import converse
from crm_desktop.fiscal.drivers.conversation import Attention, DeviceRefusal, ReplyLost, Tokens, Waiting, token_after
from crm_desktop.fiscal.drivers.posnet.emulator.direct import VirtualClock
from crm_desktop.fiscal.drivers.posnet.frames import Damaged, Deframer, Frame, encode
from crm_desktop.fiscal.drivers.posnet.wire import Pace, Wire

Answer = Callable[[Frame], bytes]


@dataclass
class Scripted:
    """A link whose other end answers each frame by a function; `before` lies on the line already."""

    answer: Answer
    before: bytes = b""
    clock: VirtualClock = field(default_factory=VirtualClock)
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._coming = bytearray(self.before)
        self._deframer = Deframer()

    def send(self, data: bytes) -> None:
        for frame in self._deframer.feed(data):
            assert not isinstance(frame, Damaged)
            self.asked.append(frame.mnemonic)
            self._coming += self.answer(frame)

    def receive(self, timeout: float) -> bytes:
        data = bytes(self._coming[:3])  # never a whole frame at once
        del self._coming[:3]
        if not data:
            self.clock.seconds += timeout
        return data

    def close(self) -> None:
        pass


def ask(link: Scripted, mnemonic: str = "eclastdocnoget", told: list[object] | None = None) -> dict[str, object]:
    """One command over that link."""
    wire = Wire(Tokens(7), Pace())
    items: list[object] = [] if told is None else told
    return converse(wire.ask(mnemonic), link, items.append, link.clock)


def reply(number: int, token: int | None) -> bytes:
    """The answer with a document number."""
    return encode("eclastdocnoget", [("di", b"%d" % number)], token)


IDLE = {"sdev": [("ds", b"0"), ("qe", b"T"), ("tl", b"0")], "sprn": [("pr", b"0")]}
BUSY = {"sdev": [("ds", b"0"), ("qe", b"N"), ("tl", b"1")], "sprn": [("pr", b"0")]}


def polled(frame: Frame, state: dict[str, list[tuple[str, bytes]]], bang: str = "") -> bytes:
    """The answer to an immediate question, b"" to others."""
    name = frame.mnemonic.removeprefix("!")
    return encode(bang + name, state[name], frame.token) if name in state else b""


def test_the_reply_with_our_token_counts() -> None:
    """FIS-02: a late reply to an earlier command of the same name is not taken for ours."""
    link = Scripted(lambda frame: reply(1, 6) + reply(2, None) + encode("scnt", [], 7) + reply(3, 7))
    assert ask(link) == {"di": 3}


def test_what_lies_on_the_line_is_dropped_first() -> None:
    """FIS-02: even when it carries our token."""
    link = Scripted(lambda frame: reply(3, frame.token), before=b"noise" + reply(1, 7) + b"\x02eclast")
    assert ask(link) == {"di": 3}


@pytest.mark.parametrize(
    ("refusal", "code", "frame_error"),
    [
        (encode("eclastdocnoget", [("?2", b"006")], 7), 2006, False),
        (encode("ERR", [("?1", b"0"), ("cm", b"eclastdocnoget"), ("fd", b"ty")], 7), 10, True),
        (encode("ERR", [("?2", b""), ("cm", b"eclastdocnoget")]), 2, True),
    ],
)
def test_refusals(refusal: bytes, code: int, frame_error: bool) -> None:
    """FIS-01: with token, or by the command's name where the device could not read the token."""
    with pytest.raises(DeviceRefusal) as refused:
        ask(Scripted(lambda frame: refusal if frame.mnemonic == "eclastdocnoget" else b""))
    assert (refused.value.code, refused.value.frame) == (code, frame_error)


@pytest.mark.parametrize(
    "nonsense",
    [
        b"",
        b"\x02eclastdocnoget\tdi3\t@0007\t#0000\x03",
        encode("ERR", [("?5", b"")]),
        encode("ERR", [("?2", b""), ("cm", b"scnt")]),
        encode("ERR", [("?2", b"")], 6),
        encode("eclastdocnoget", [("di", b"x")], 7),
    ],
)
def test_anything_else_is_unknown(nonsense: bytes) -> None:
    """FIS-08: a damaged reply, one of another command, an error of another frame: never taken for an outcome."""
    with pytest.raises(ReplyLost):
        ask(Scripted(lambda frame: polled(frame, IDLE) or nonsense))


@pytest.mark.parametrize("bang", ["", "!"])
def test_immediate_replies_with_and_without_the_mark(bang: str) -> None:
    """FIS-02: the specification does not show whether "!" comes back."""
    assert ask(Scripted(lambda frame: polled(frame, IDLE, bang)), "!sprn") == {"pr": 0}


def test_a_dead_device_is_given_up_soon_an_idle_one_after_two_polls() -> None:
    dead = Scripted(lambda frame: b"")
    with pytest.raises(ReplyLost, match="answers nothing"):
        ask(dead)
    assert dead.asked == ["eclastdocnoget", "!sdev", "!sprn"]
    idle = Scripted(lambda frame: polled(frame, IDLE))
    with pytest.raises(ReplyLost, match="did not answer"):
        ask(idle)
    assert idle.asked.count("!sdev") == 2


def test_a_busy_device_is_waited_for_up_to_the_limit() -> None:
    """FIS-01: a time-out is not a failure while the device says that it works."""
    told: list[object] = []
    link = Scripted(lambda frame: polled(frame, BUSY))
    with pytest.raises(ReplyLost, match="still busy"):
        ask(link, told=told)
    assert link.clock.seconds > Pace().at_most
    assert not [item for item in told if isinstance(item, Attention)]
    seconds = [item.seconds for item in told if isinstance(item, Waiting)]
    assert seconds == sorted(seconds)


def test_reply_that_comes_between_the_polls() -> None:
    """The reply to a printing command arrives while the device is asked how it is."""
    polls: list[int] = []

    def answer(frame: Frame) -> bytes:
        if frame.mnemonic == "!sdev":
            polls.append(1)
        late = reply(3, 7) if len(polls) == 3 and frame.mnemonic == "!sprn" else b""
        return late + polled(frame, BUSY)

    assert ask(Scripted(answer)) == {"di": 3}
    assert len(polls) == 3


def test_attention_is_told_on_change_only() -> None:
    """FIS-01: out of paper is said once, and once that it goes on."""
    told: list[object] = []
    polls: list[int] = []
    no_paper = {"sdev": [("ds", b"3"), ("qe", b"N")], "sprn": [("pr", b"5")]}

    def answer(frame: Frame) -> bytes:
        if frame.mnemonic == "!sprn":
            polls.append(1)
        late = reply(3, 7) if len(polls) == 5 else b""
        return polled(frame, no_paper) + late

    assert ask(Scripted(answer), told=told) == {"di": 3}
    problems = [item.problem.code if item.problem else None for item in told if isinstance(item, Attention)]
    assert problems == ["fiscal_no_paper", None]


def test_tokens_go_from_9999_to_1() -> None:
    tokens = Tokens(9998)
    assert [tokens.take() for _ in range(3)] == [9998, 9999, 1]
    assert tokens.next == 2
    assert token_after(9998, 4) == 3
    assert Tokens(10_000).take() == 1
