"""Reading messages: hers, and nobody else's."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, case, func, or_, select

from crm_desktop.db.paging import Field, Measure, Paging, Sort
from crm_desktop.db.transaction import WARSAW, Transaction
from crm_desktop.messages.rules.check import beginning
from crm_desktop.messages.rules.model import About, Branch, Colleague, Message, Reader
from crm_desktop.messages.tables import message, recipient
from crm_desktop.organisation.tables import branch, employee

#: Of those that a bell tells nobody reads more.
_TOLD = 20


@dataclass(frozen=True)
class MessageRow:
    """A message in the list. state: unread, read or sent. other: who sent it, or to whom she sent it herself."""

    id: UUID
    state: str
    other: str
    text: str
    about: str
    sent_at: datetime

    @property
    def first_line(self) -> str:
        """The beginning of its text."""
        return beginning(self.text, 160)


@dataclass(frozen=True)
class Unread:
    """A message that she has not opened."""

    id: UUID
    sender: str
    text: str


# A sub-select, so that it is asked once a statement.
_me = select(func.code.my_employee()).scalar_subquery()
_mine = (recipient.c.message_id == message.c.id) & (recipient.c.employee_id == _me)
_state = case((recipient.c.message_id.is_(None), "sent"), (recipient.c.read_at.is_(None), "unread"), else_="read")
_other = case((recipient.c.message_id.is_(None), message.c.recipients), else_=employee.c.name)


def _row(*columns: Any) -> MessageRow:
    id, state, other, text, about, sent_at = columns
    return MessageRow(id, state, other, text, about, sent_at.astimezone(WARSAW))


INBOX = Paging(
    select(message.c.id, _state, _other, message.c.text, message.c.about_title, message.c.sent_at)
    .join(employee, employee.c.id == message.c.sender_id)
    .outerjoin(recipient, _mine),
    _row,
    id=message.c.id,
    fields={
        "state": Field(_state),
        "other": Field(_other),
        "text": Field(message.c.text),
        "about": Field(message.c.about_title),
        "sent_at": Field(message.c.sent_at, measure=Measure.DAY),
    },
    default=(Sort("sent_at", descending=True),),
)
"""What she got and what she sent, the newest first."""

_MESSAGE = (
    select(
        message.c.id,
        message.c.sender_id,
        employee.c.name,
        message.c.sent_at,
        message.c.recipients,
        message.c.text,
        message.c.about_kind,
        message.c.about_id,
        message.c.about_title,
        message.c.answers,
        message.c.sender_id == _me,
        func.coalesce(recipient.c.message_id.is_not(None) & recipient.c.read_at.is_(None), False),
    )
    .join(employee, employee.c.id == message.c.sender_id)
    .outerjoin(recipient, _mine)
    .where(message.c.id == bindparam("key"))
)
_READERS = (
    select(employee.c.name, recipient.c.read_at)
    .join(employee, employee.c.id == recipient.c.employee_id)
    .where(recipient.c.message_id == bindparam("key"), recipient.c.sender_id == _me)
    .order_by(func.stable.sort_key(employee.c.name))
)
_UNREAD = (
    select(message.c.id, employee.c.name, message.c.text)
    .join(recipient, _mine)
    .join(employee, employee.c.id == message.c.sender_id)
    .where(recipient.c.read_at.is_(None))
    .order_by(message.c.sent_at.desc())
    .limit(_TOLD)
)
_COUNT = select(func.count()).select_from(recipient).where(recipient.c.employee_id == _me, recipient.c.read_at.is_(None))
_typed = func.stable.search_text(bindparam("typed"))
_COLLEAGUES = (
    select(employee.c.id, employee.c.name)
    .where(
        employee.c.active,
        employee.c.id != _me,
        or_(
            func.starts_with(func.stable.search_text(employee.c.name), _typed),
            func.strpos(func.stable.search_text(employee.c.name), func.concat(" ", _typed)) > 0,
            func.starts_with(employee.c.login, bindparam("typed")),
        ),
    )
    .order_by(func.stable.sort_key(employee.c.name))
    .limit(50)
)
_BRANCHES = (
    select(branch.c.id, branch.c.name)
    .where(branch.c.active, func.strpos(func.stable.search_text(branch.c.name), _typed) > 0)
    .order_by(func.stable.sort_key(branch.c.name))
    .limit(20)
)


def get_message(tx: Transaction, message_id: UUID) -> Message:
    """A message with all that is told of it. Raises NotFound."""
    asked, readers = tx.ask(_MESSAGE, {"key": message_id}), tx.ask(_READERS, {"key": message_id}, Reader)
    id, sender_id, sender, sent_at, recipients, text, kind, key, title, answers, mine, unread = asked.one()
    about = About(kind, key, title) if key is not None else None
    seen = tuple(Reader(each.name, each.read_at and each.read_at.astimezone(WARSAW)) for each in readers.all())
    return Message(id, sender_id, sender, sent_at.astimezone(WARSAW), recipients, text, about, answers, mine, unread, seen)


def list_unread(tx: Transaction) -> tuple[int, list[Unread]]:
    """How many she has not opened, and the newest of them."""
    count, found = tx.ask(_COUNT), tx.ask(_UNREAD, into=Unread)
    return count.one(), found.all()


def find_people(tx: Transaction, typed: str) -> tuple[list[Colleague], list[Branch]]:
    """Whom one can write to: colleagues whose name or login begins so, and branches."""
    people, branches = tx.ask(_COLLEAGUES, {"typed": typed.strip()}, Colleague), tx.ask(_BRANCHES, {"typed": typed.strip()}, Branch)
    return people.all(), branches.all()
