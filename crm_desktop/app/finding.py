"""One question to all slices: what the search box finds. Qt-free; runs off the GUI thread."""

from collections.abc import Sequence

from crm_desktop.core.search import FEW, MANY, Hit, best
from crm_desktop.db.transaction import Transaction
from crm_desktop.ui.desk import Search


def find(tx: Transaction, searches: Sequence[Search], text: str) -> list[list[Hit]]:
    """What each of them finds, best first. One round trip; a second, with typing errors forgiven, when nothing at all was found."""
    most = FEW if len(searches) > 1 else MANY
    found = _ask(tx, searches, text, most, forgiving=False)
    return found if any(found) else _ask(tx, searches, text, most, forgiving=True)


def _ask(tx: Transaction, searches: Sequence[Search], text: str, most: int, *, forgiving: bool) -> list[list[Hit]]:
    answers = [search.ask(tx, text, most, forgiving) for search in searches]
    return [best(map(search.hit, answer.all()), most) for search, answer in zip(searches, answers, strict=True)]
