"""Sending and opening messages."""

from datetime import datetime
from uuid import UUID

from crm_desktop.core.errors import refuse_if
from crm_desktop.db.transaction import Transaction
from crm_desktop.messages.rules.check import check
from crm_desktop.messages.rules.model import Letter


def send_message(tx: Transaction, letter: Letter) -> datetime:
    """Send it; gives the server's time. Sender and time are the database's. Raises Refused (nobody, nothing, somebody who left)."""
    refuse_if(check(letter))
    about = letter.about
    carried = (about.kind, about.id, about.title[:200]) if about else ("", None, "")
    people, branches = [each.id for each in letter.to], [each.id for each in letter.branches]
    sent_at: datetime = tx.call("send_message", letter.id, people, branches, letter.text, *carried, letter.answers, letter.to_all).one()
    return sent_at


def open_message(tx: Transaction, message_id: UUID) -> None:
    """She has read it: it is unread no more, and the sender sees when."""
    tx.call("open_message", message_id)
