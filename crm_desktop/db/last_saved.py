"""Who saved a record last, and when: for whoever learns that somebody was faster."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crm_desktop.db.transaction import WARSAW, Answer, Transaction


@dataclass(frozen=True)
class LastSaved:
    """A colleague (or a workstation), and when she saved."""

    name: str
    at: datetime


def ask_last_saved(tx: Transaction, table: str, key: object) -> Answer[LastSaved]:
    """Of a record that is the company's ("parties.party"), asked together with other questions; none for any other table."""

    def made(name: str, at: datetime) -> LastSaved:
        return LastSaved(name, at.astimezone(WARSAW))

    answer: Answer[Any] = tx.call("last_saved", table, str(key), into=made)
    return answer
