"""Drives a conversation over a link.

A conversation is a generator that does no I/O: it yields what it wants (Send, Receive, Drain, Now) and is given the
answer; what else it yields (a journal point, a call for paper) goes to the caller's `tell`, and the conversation waits
until `tell` returns. So a protocol reads like the story that it tells, and is tested without a device or a clock.
"""

import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any, TypeVar

from crm_desktop.devices.link import Link

Result = TypeVar("Result")
Conversation = Generator[object, Any, Result]


@dataclass(frozen=True)
class Send:
    """Put these bytes on the line. Answered with None."""

    data: bytes


@dataclass(frozen=True)
class Receive:
    """Wait up to `timeout` seconds. Answered with the bytes that came, b"" when none did."""

    timeout: float


@dataclass(frozen=True)
class Drain:
    """Take what has arrived already. Answered with those bytes; nothing is waited for."""


@dataclass(frozen=True)
class Now:
    """Answered with seconds of a clock that never goes back."""


def _nothing_to_tell(item: object) -> None:
    """For conversations that yield only bytes."""
    raise TypeError(f"the conversation tells {item!r}, but nobody listens")


def converse(
    conversation: Conversation[Result],
    link: Link,
    tell: Callable[[object], object] = _nothing_to_tell,
    clock: Callable[[], float] = time.monotonic,
) -> Result:
    """Run `conversation` to its end over `link` and return its result.

    LinkLost is raised inside the conversation at the place where it waits, so that it can turn it into an outcome.
    An exception of `tell` also arrives there; a conversation that does not catch it ends, nothing more is sent, and the
    exception reaches the caller. The link stays open; who opened it closes it.
    """
    answer: object = None
    failure: BaseException | None = None
    try:
        while True:
            item = conversation.throw(failure) if failure is not None else conversation.send(answer)
            answer, failure = None, None
            try:
                answer = _perform(item, link, tell, clock)
            except Exception as error:
                failure = error
    except StopIteration as end:
        result: Result = end.value
        return result
    finally:
        conversation.close()


def _perform(item: object, link: Link, tell: Callable[[object], object], clock: Callable[[], float]) -> object:
    match item:
        case Send(data):
            link.send(data)
            return None
        case Receive(timeout):
            return link.receive(timeout)
        case Drain():
            drained = b""
            while arrived := link.receive(0):
                drained += arrived
            return drained
        case Now():
            return clock()
        case _:
            return tell(item)
