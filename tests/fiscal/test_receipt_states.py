"""How a receipt goes through its states on a real PostgreSQL: each step as a till, an operator or a deciding person takes it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg.types.json import Jsonb

from crm_desktop.core.errors import NotAllowed, Refused
from crm_desktop.db.connect import Profile
from crm_desktop.db.database import Database
from crm_desktop.db.keys import new_id
from crm_desktop.db.transaction import Transaction
from crm_desktop.documents import queries as documents
from crm_desktop.documents import service as sales
from crm_desktop.documents.rules.model import Sealed, State
from crm_desktop.fiscal import queries, service
from crm_desktop.fiscal.drivers.posnet.emulator.emulated import EmulatedPosnet
from crm_desktop.fiscal.rules.model import Numbers
from crm_desktop.fiscal.tasks import DeviceService
from tests.support import office
from tests.support.postgres import TestServer

NUMBERS = Numbers("ZBF 2601000017", 7, 3, 9, "2026-11-24T12:00")


@pytest.fixture
def beskid(server: TestServer, fresh_database: str) -> office.Office:
    return office.Office(Profile(server.server.host, server.server.port, fresh_database, "disable", role_prefix=office.TEMPLATE))


@pytest.fixture
def desks(beskid: office.Office) -> Iterator[tuple[Database, Database, Database]]:
    """An operator, a till, the boss."""
    found = (beskid.enter("anna"), beskid.enter("ws_kasa1"), beskid.enter("szef"))
    yield found
    for desk in found:
        desk.close()


Desks = tuple[Database, Database, Database]


def sell(anna: Database) -> Sealed:
    return anna.change(sales.seal_receipt, office.draft_of(anna, "PAR"), office.PRINTER)


def begin(till: Database) -> tuple[UUID, int, UUID, dict[str, Any], int]:
    """The till takes the printer and its next receipt: holder, job, receipt, content, attempt."""
    holder = new_id()
    assert till.change(service.hold_lease, office.PRINTER, holder) is not None
    claimed = till.change(service.claim_receipt, office.PRINTER, holder)
    assert claimed is not None
    return (holder, *claimed)


def state(anna: Database, sold: Sealed) -> tuple[str, State]:
    return anna.read(queries.get_receipt, sold.receipt_id).state, anna.read(documents.get_document, sold.id).state


def test_withdrawn_before_it_was_begun(desks: Desks) -> None:
    """SAL-07: nothing was sent, the document is a draft and is sold anew; the queue does not stumble over it."""
    anna, till, _ = desks
    sold = sell(anna)
    anna.change(service.withdraw_receipt, sold.receipt_id)
    assert state(anna, sold) == ("not_printed", State.DRAFT)
    stored = anna.read(documents.get_document, sold.id)
    again = anna.change(sales.seal_receipt, stored.draft, office.PRINTER)
    holder = new_id()
    till.change(service.hold_lease, office.PRINTER, holder)
    assert till.change(service.claim_receipt, office.PRINTER, holder) is None  # ends the job of the withdrawn one
    claimed = till.change(service.claim_receipt, office.PRINTER, holder)
    assert claimed is not None
    assert claimed[1] == again.receipt_id
    with pytest.raises(Refused, match="receipt_state"):
        anna.change(service.withdraw_receipt, again.receipt_id)


def test_not_printed_goes_back_to_the_operator(desks: Desks) -> None:
    """FIS-08, semantics M-1: with its cause; no number was used up."""
    anna, till, _ = desks
    sold = sell(anna)
    holder, job, receipt, _, _ = begin(till)
    till.change(service.record_not_printed, office.PRINTER, holder, job, receipt, "no paper", {})
    assert state(anna, sold) == ("not_printed", State.DRAFT)
    assert anna.read(queries.get_receipt, sold.receipt_id).message == "no paper"
    assert till.change(service.claim_receipt, office.PRINTER, holder) is None


def test_tried_again_as_another_attempt(desks: Desks) -> None:
    """FIS-08: the same receipt, first in its queue, with a journal of its own."""
    anna, till, _ = desks
    sold, behind = sell(anna), sell(anna)
    holder, job, receipt, _, attempt = begin(till)
    assert (receipt, attempt) == (sold.receipt_id, 1)
    till.change(service.write_journal, office.PRINTER, holder, receipt, attempt, "baseline", {})
    till.change(service.record_try_again, office.PRINTER, holder, job, receipt, "link", {})
    assert state(anna, sold) == ("waiting", State.SEALED)
    claimed = till.change(service.claim_receipt, office.PRINTER, holder)
    assert claimed is not None
    _, receipt, _, attempt = claimed
    assert (receipt, attempt) == (sold.receipt_id, 2)
    assert till.read(queries.list_journal, receipt, 2) == []
    assert state(anna, behind) == ("waiting", State.SEALED)


def test_a_person_decides_that_it_was_printed(desks: Desks) -> None:
    """Semantics M-3, M-4: until then the device sells nothing; her reason and name stay."""
    anna, till, boss = desks
    sold = sell(anna)
    holder, job, receipt, _, _ = begin(till)
    till.change(service.record_needs_person, office.PRINTER, holder, job, receipt, "two receipts", {"observed": 2})
    with pytest.raises(Refused, match="device_needs_person"):
        sell(anna)
    with pytest.raises(NotAllowed):
        anna.change(service.decide_receipt, receipt, True, NUMBERS, "stands on the paper")
    with pytest.raises(Refused, match="reason_needed"):
        boss.change(service.decide_receipt, receipt, True, NUMBERS, "so")
    boss.change(service.decide_receipt, receipt, True, NUMBERS, "stands on the paper")
    assert state(anna, sold) == ("printed", State.ISSUED)
    assert anna.read(documents.get_document, sold.id).receipt_number == "7"
    with pytest.raises(Refused, match="receipt_state"):
        boss.change(service.decide_receipt, receipt, False, None, "or perhaps not")


def test_a_person_decides_that_it_was_not_printed(desks: Desks) -> None:
    """Semantics M-5: a draft again, and the device sells on."""
    anna, till, boss = desks
    sold = sell(anna)
    holder, job, receipt, _, _ = begin(till)
    till.change(service.record_needs_person, office.PRINTER, holder, job, receipt, "two receipts", {})
    boss.change(service.decide_receipt, receipt, False, None, "nothing on the paper")
    assert state(anna, sold) == ("not_printed", State.DRAFT)
    assert state(anna, sell(anna)) == ("waiting", State.SEALED)


def test_the_same_print_is_recorded_once(desks: Desks) -> None:
    """Semantics M-6: the second report finds it done."""
    anna, till, _ = desks
    sold = sell(anna)
    holder, job, receipt, _, _ = begin(till)
    where = (office.PRINTER, holder, job, receipt, NUMBERS, {"by": "counters"})
    till.change(service.record_printed, *where)
    with pytest.raises(Refused, match="receipt_state"):
        till.change(service.record_printed, *where)
    assert state(anna, sold) == ("printed", State.ISSUED)


def test_a_print_without_its_document_is_not_committed(desks: Desks) -> None:
    """SAL-09: whatever program reports it."""
    anna, till, _ = desks
    sold = sell(anna)
    holder, job, receipt, _, _ = begin(till)

    def report(tx: Transaction) -> None:
        when = "2026-11-24T12:00"
        tx.call("record_printed", office.PRINTER, holder, job, receipt, "ZBF 1", 1, 1, 1, when, Jsonb({}))

    with pytest.raises(Refused, match="receipt_not_printed"):
        till.change(report)
    assert state(anna, sold) == ("printing", State.SEALED)


def test_a_till_ends_jobs_of_its_own_printer_only(beskid: office.Office, desks: Desks, server: TestServer) -> None:
    """FIS-08: whatever number it names, a receipt of another queue is not lost."""
    anna, till, _ = desks
    sell(anna)
    holder, _, receipt, _, _ = begin(till)
    with psycopg.connect(server.server.dsn(beskid.profile.database), autocommit=True) as owner:
        row = owner.execute("select code.enqueue('device:other', 'fiscal.print_receipt', '{}')").fetchone()
        assert row is not None
        till.change(service.record_not_printed, office.PRINTER, holder, row[0], receipt, "x", {})
        assert owner.execute("select state from jobs.job where id = %s", [row[0]]).fetchone() == ("waiting",)


def test_what_cannot_be_read_does_not_stop_the_queue(beskid: office.Office, desks: Desks, server: TestServer, tmp_path: Path) -> None:
    """FIS-08: content stored by a stranger's program goes back to its document; the next receipt is printed."""
    anna, till, _ = desks
    first, second = sell(anna), sell(anna)
    with psycopg.connect(server.server.dsn(beskid.profile.database)) as owner:
        owner.execute("update fiscal.receipt set content = content - 'till' where id = %s", [first.receipt_id])
    with EmulatedPosnet(tmp_path) as printer:
        device = till.read(queries.list_attached, office.TILL)[0]
        serving = DeviceService(till, replace(device, address=printer.start()))
        assert serving.step()
        assert serving.step()
        assert len(printer.receipts()) == 1
    assert state(anna, first) == ("not_printed", State.DRAFT)
    assert state(anna, second) == ("printed", State.ISSUED)


def test_an_owner_without_its_lease_does_nothing(beskid: office.Office, desks: Desks, server: TestServer) -> None:
    """FIS-08: whoever stood still for longer than the lease finds every act refused; the next owner goes on with the same receipt."""
    anna, till, _ = desks
    sold = sell(anna)
    holder, job, receipt, _, attempt = begin(till)
    till.change(service.write_journal, office.PRINTER, holder, receipt, attempt, "baseline", {})
    with psycopg.connect(server.server.dsn(beskid.profile.database), autocommit=True) as owner:
        # Less than the second that the closing command needs, but still a lease.
        owner.execute("update fiscal.lease set until = clock_timestamp() + interval '0.9 s'")
        with pytest.raises(Refused, match="lease_lost"):
            till.change(service.write_journal, office.PRINTER, holder, receipt, attempt, "committing", {})
        owner.execute("update fiscal.lease set until = clock_timestamp()")
    second = new_id()
    assert till.change(service.hold_lease, office.PRINTER, second) is not None
    assert till.change(service.hold_lease, office.PRINTER, holder) is None
    where = (office.PRINTER, holder, job, receipt)
    acts: list[tuple[Any, ...]] = [
        (service.claim_receipt, office.PRINTER, holder),
        (service.take_tokens, office.PRINTER, holder, 10),
        (service.write_journal, office.PRINTER, holder, receipt, attempt, "opened", {}),
        (service.record_printed, *where, NUMBERS, {}),
        (service.record_not_printed, *where, "x", {}),
        (service.record_try_again, *where, "x", {}),
        (service.record_needs_person, *where, "x", {}),
    ]
    for act, *arguments in acts:
        with pytest.raises(Refused, match="lease_lost"):
            till.change(act, *arguments)
    assert state(anna, sold) == ("printing", State.SEALED)
    claimed = till.change(service.claim_receipt, office.PRINTER, second)
    assert claimed is not None
    assert (claimed[1], claimed[3]) == (receipt, attempt)
    assert [found for found, _ in till.read(queries.list_journal, receipt, attempt)] == ["baseline"]


def test_a_number_that_another_receipt_has_is_a_persons_matter(desks: Desks, tmp_path: Path) -> None:
    """FIS-08: the printer was exchanged for one that says the same of itself: nothing is recorded twice, and the queue does not spin."""
    anna, till, _ = desks
    device = till.read(queries.list_attached, office.TILL)[0]
    sold = []
    for name in ("first", "second"):
        with EmulatedPosnet(tmp_path / name) as printer:
            sold.append(sell(anna))
            serving = DeviceService(till, replace(device, address=printer.start()))
            assert serving.step()
            serving.give_up()
    assert [state(anna, each)[0] for each in sold] == ["printed", "needs_person"]
    assert "number that another receipt has" in anna.read(queries.get_receipt, sold[1].receipt_id).message
