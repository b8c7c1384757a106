"""A cashier at a workstation of her own, in a process of its own: sends receipts to a shared printer and waits to be told."""

import threading
from dataclasses import dataclass, replace
from decimal import Decimal
from multiprocessing.connection import Connection
from uuid import UUID

from crm_desktop.db.changes import Listener
from crm_desktop.db.connect import Profile
from crm_desktop.db.keys import new_id
from crm_desktop.documents import queries as documents
from crm_desktop.documents import service as sales
from crm_desktop.fiscal import queries
from tests.support import office
from tests.support.till import FORKS, PATIENCE


@dataclass(frozen=True)
class CashierOrder:
    """Who sells how often on which printer; the n-th receipt sells `first_quantity` + n pieces, in one to three lines."""

    host: str
    port: int
    database: str
    login: str
    device: UUID
    receipts: int
    first_quantity: int


@dataclass(frozen=True)
class Result:
    """What the cashier was told of one receipt: how the printer numbered it, and how the document is called."""

    receipt: UUID
    quantity: int
    lines: int
    state: str
    receipt_number: str
    number: str


def _sell(order: CashierOrder, line: Connection) -> None:
    desk = office.Office(Profile(order.host, order.port, order.database, "disable", role_prefix=office.TEMPLATE)).enter(order.login)
    told = threading.Event()
    listener = Listener(desk.listening_connection, lambda table, _ids: told.set() if table in ("", "fiscal.receipt") else None)
    listener.start()
    drafts = [office.draft_of(desk, "PAR", quantity=1, lines=1 + place % 3) for place in range(order.receipts)]
    line.send("ready")
    line.recv()
    sold = {}
    for place, draft in enumerate(drafts):
        quantity = order.first_quantity + place
        first, *others = draft.lines
        draft = replace(draft, id=new_id(), lines=(replace(first, quantity=Decimal(quantity)), *others))
        sold[desk.change(sales.seal_receipt, draft, order.device).receipt_id] = (draft, quantity)
    waiting, results = set(sold), []
    while waiting:
        told.wait(PATIENCE)
        told.clear()
        for receipt in list(waiting):
            row = desk.read(queries.get_receipt, receipt)
            if row.state in ("printed", "not_printed", "needs_person"):
                draft, quantity = sold[receipt]
                document = desk.read(documents.get_document, draft.id)
                results.append(Result(receipt, quantity, len(draft.lines), row.state, document.receipt_number, document.number))
                waiting.remove(receipt)
    listener.stop()
    desk.close()
    line.send(results)


class Cashier:
    """A cashier's process, seen from outside."""

    def __init__(self, order: CashierOrder) -> None:
        self._line, theirs = FORKS.Pipe()
        self._process = FORKS.Process(target=_sell, args=(order, theirs), daemon=True)
        self._process.start()
        theirs.close()

    def wait_until_ready(self) -> None:
        """Logged in, with everything typed."""
        assert self._answer() == "ready"

    def go(self) -> None:
        """Sell."""
        self._line.send("go")

    def results(self) -> list[Result]:
        """What she was told, when she has been told everything."""
        found = self._answer()
        assert isinstance(found, list)
        return found

    def remove(self) -> None:
        """Whatever state it is in."""
        self._process.kill()
        self._process.join(PATIENCE)
        self._line.close()

    def _answer(self) -> object:
        if not self._line.poll(2 * PATIENCE):
            raise TimeoutError("the cashier says nothing")
        return self._line.recv()
