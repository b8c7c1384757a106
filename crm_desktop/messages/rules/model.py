"""A message as it is written, and as it is read."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

#: Longer letters are no messages.
LONGEST = 4_000


@dataclass(frozen=True)
class About:
    """The record that a message carries: its kind of card ("parties.party"), its key, and what it was called when it was sent."""

    kind: str
    id: UUID
    title: str


@dataclass(frozen=True)
class Colleague:
    """Whom one can write to."""

    id: UUID
    name: str


@dataclass(frozen=True)
class Branch:
    """All who work in a branch, as whom one can write to."""

    id: UUID
    name: str


@dataclass(frozen=True)
class Letter:
    """What is written. to: colleagues. branches: everybody who works there when it is sent. answers: the message that it answers; to_all:
    besides to everybody who got that one, whoever they are."""

    id: UUID
    text: str = ""
    to: tuple[Colleague, ...] = ()
    branches: tuple[Branch, ...] = ()
    about: About | None = None
    answers: UUID | None = None
    to_all: bool = False


@dataclass(frozen=True)
class Reader:
    """A recipient as the sender sees her: when she opened it, None for not yet."""

    name: str
    read_at: datetime | None


@dataclass(frozen=True)
class Message:
    """What is read. recipients: their names. mine: whether she sent it herself. unread: whether she has not opened it yet.
    readers: for the sender only."""

    id: UUID
    sender_id: UUID
    sender: str
    sent_at: datetime
    recipients: str
    text: str
    about: About | None
    answers: UUID | None
    mine: bool
    unread: bool
    readers: tuple[Reader, ...] = ()
