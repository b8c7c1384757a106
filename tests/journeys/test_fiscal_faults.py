"""The owner of a shared printer is killed, stopped or silenced at every step; links are cut; three workstations sell at once (FIS-08)."""

import secrets
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from crm_desktop.db.connect import Profile
from crm_desktop.db.database import Database
from crm_desktop.db.keys import new_id
from crm_desktop.documents import service as sales
from crm_desktop.documents.rules.model import Draft
from crm_desktop.fiscal import queries, service
from crm_desktop.fiscal.drivers.posnet.driver import PosnetDriver
from crm_desktop.fiscal.drivers.posnet.emulator.emulated import EmulatedPosnet
from crm_desktop.fiscal.drivers.posnet.wire import Pace
from crm_desktop.fiscal.queries import Device
from crm_desktop.fiscal.rules.model import system_number
from crm_desktop.fiscal.tasks import DeviceService
from tests.support import office
from tests.support.cashier import Cashier, CashierOrder, Result
from tests.support.postgres import TestServer
from tests.support.proving import broken
from tests.support.till import PATIENCE, POINTS, Point, Till, TillOrder
from tests.support.wire import Relay, Way

#: The emulated printer lets a second client in when the first has been silent for so long.
TAKEOVER = 1.0
FAULTS = ("killed", "stopped", "silenced")


@dataclass
class Shop:
    """A database with an operator, and a printer of its own for each case."""

    server: TestServer
    profile: Profile
    anna: Database
    boss: Database

    def add_printer(self) -> UUID:
        """One more device on the first till's workstation."""
        key = new_id()
        name = f"Kasa {secrets.token_hex(4)}"
        card = Device(key, office.KRAKOW, office.TILL, name, "posnet", "tcp://127.0.0.1:1", office.RATES, True, 0)
        self.boss.change(service.save_device, card)
        return key

    def sell(self, device: UUID, draft: Draft) -> UUID:
        """Seal a copy of the draft for a device; gives the receipt."""
        return self.anna.change(sales.seal_receipt, replace(draft, id=new_id()), device).receipt_id

    def state(self, receipt: UUID) -> str:
        return self.anna.read(queries.get_receipt, receipt).state


@pytest.fixture
def shop(server: TestServer, fresh_database: str) -> Iterator[Shop]:
    profile = Profile(server.server.host, server.server.port, fresh_database, "disable", role_prefix=office.TEMPLATE)
    beskid = office.Office(profile)
    found = Shop(server, profile, beskid.enter("anna"), beskid.enter("szef"))
    yield found
    found.anna.close()
    found.boss.close()


def wait(condition: Callable[[], bool], what: str, patience: float = PATIENCE) -> None:
    """Until the condition holds. Raises AssertionError."""
    deadline, pause = time.monotonic() + patience, threading.Event()
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain until {what}"
        pause.wait(0.05)


@dataclass
class Case:
    """One printer, two ways to it, one owner who will have an accident and one who takes over."""

    shop: Shop
    printer: EmulatedPosnet
    address: str
    device: UUID
    folder: Path
    database_way: Relay
    printer_way: Relay

    def first(self, point: Point) -> Till:
        """The owner to whom it happens: both its ways can be silenced."""
        host, port = self.database_way.address
        address = f"tcp://127.0.0.1:{self.printer_way.port}"
        return Till(TillOrder(host, port, self.shop.profile.database, self.device, address, self.folder / "first.log", point))

    def second(self) -> Till:
        """The one who takes over, from another computer."""
        at = self.shop.profile
        return Till(TillOrder(at.host, at.port, at.database, self.device, self.address, self.folder / "second.log"))


@contextmanager
def case(shop: Shop, folder: Path) -> Iterator[Case]:
    """A new printer with its ways."""
    folder.mkdir(parents=True)
    with ExitStack() as stack:
        printer = stack.enter_context(EmulatedPosnet(folder / "device", takeover_after=TAKEOVER))
        printer.set_memory(unique=f"ZBF {secrets.randbelow(10**10):010}")
        address = printer.start()
        port = int(address.rpartition(":")[2])
        database_way = stack.enter_context(Relay((shop.profile.host, shop.profile.port)))
        printer_way = stack.enter_context(Relay(("127.0.0.1", port)))
        yield Case(shop, printer, address, shop.add_printer(), folder, database_way, printer_way)


def accident(it: Case, fault: str, point: Point, draft: Draft, sent: bool = False) -> None:
    """Two receipts wait; the first owner has its accident in the first of them; in the end each is on the paper once.

    sent: the closing command went out, the printer printed, and the answer is still on its way when it happens.
    """
    receipts = [it.shop.sell(it.device, draft) for _ in range(2)]
    first = it.first(point)
    try:
        first.wait_at_point()
        if sent:
            it.printer_way.hold_after(1, Way.TO_CLIENT)
            first.go()
            it.printer_way.wait_held(Way.TO_CLIENT, PATIENCE)
            wait(lambda: len(it.printer.receipts()) == 1, "the printer printed")
        if fault == "killed":
            first.kill()
            it.printer_way.release()
        elif fault == "stopped":
            first.stop()
        else:
            it.database_way.hold()
            it.printer_way.hold()
            if not sent:
                first.go()
        second = it.second()
        try:
            wait(lambda: all(it.shop.state(receipt) in ("printed", "needs_person") for receipt in receipts), "both are decided")
            it.printer_way.release()
            it.database_way.release()
            if fault == "stopped":
                first.go_on()
                if not sent:
                    first.go()
            log = first.end() if fault != "killed" else ""
            log += second.end()
        finally:
            second.remove()
    finally:
        first.remove()
    assert "Traceback" not in log, log
    assert [it.shop.state(receipt) for receipt in receipts] == ["printed", "printed"], f"{fault} {point}: {log}"
    assert sorted(document.system_number for document in it.printer.receipts()) == sorted(map(system_number, receipts))
    assert not [document for document in it.printer.ledger() if document.kind not in ("receipt", "cancelled")]


@pytest.mark.parametrize("fault", FAULTS)
def test_an_owner_has_an_accident_at_every_step(shop: Shop, tmp_path: Path, fault: str) -> None:
    """FIS-08: killed, stopped and continued after another took over, or cut off: 0 receipts twice, 0 lost, whatever the journal said.

    The cases run at the same time, each with a printer and two owners of its own: they mostly wait for leases.
    """
    draft = office.draft_of(shop.anna, "PAR", lines=2)

    def run(number: int) -> None:
        sent = number == len(POINTS)
        point = Point("write_journal", "committing", True) if sent else POINTS[number]
        with case(shop, tmp_path / f"{number}") as it:
            accident(it, fault, point, draft, sent)

    with ThreadPoolExecutor(max_workers=6) as together:
        ended = list(together.map(_failure, ((run, number) for number in range(len(POINTS) + 1))))
    assert [failure for failure in ended if failure] == []
    with psycopg.connect(shop.server.server.dsn(shop.profile.database)) as owner:
        assert broken(owner) == {}


def _failure(call: tuple[Callable[[int], None], int]) -> str:
    """What went wrong, so that all cases of a run are told at once."""
    act, number = call
    try:
        act(number)
    except Exception as error:
        where = "after the closing command" if number == len(POINTS) else str(POINTS[number])
        return f"{where}: {type(error).__name__} {error}"
    return ""


@dataclass
class OneHost:
    """One program, one printer, one cable that breaks; the whole road from the sealed document to the issued one."""

    shop: Shop
    printer: EmulatedPosnet
    cable: Relay
    serving: DeviceService
    draft: Draft

    def sell(self) -> tuple[int, int]:
        """Sell one, with whatever the cable does meanwhile; gives the bytes that went to the printer and from it."""
        before, passed = self.printer.store.memory.documents, {way: self.cable.passed(way) for way in Way}
        receipt = self.shop.sell(self.serving.device.id, self.draft)
        wait(lambda: self._step(receipt) in DECIDED, "the receipt is decided")
        assert self.shop.state(receipt) == "printed"
        papers = [document.system_number for document in self.printer.receipts(before)]
        assert papers == [system_number(receipt)]
        stored = self.shop.anna.read(queries.get_receipt, receipt)
        assert stored.receipt_number == self.printer.receipts(before)[0].number
        return tuple(self.cable.passed(way) - passed[way] for way in (Way.TO_SERVER, Way.TO_CLIENT))  # type: ignore[return-value]

    def _step(self, receipt: UUID) -> str:
        self.serving.step()
        return self.shop.state(receipt)


DECIDED = ("printed", "not_printed", "needs_person")
#: The waits of the driver, short: a cut is noticed at once, and nothing here is slow.
HASTY = PosnetDriver(pace=Pace(status=0.3, action=0.3, printing=0.5, poll=0.1, at_most=5))


@contextmanager
def one_host(shop: Shop, folder: Path) -> Iterator[OneHost]:
    """A printer behind a cable that is mended as soon as it was cut."""
    with ExitStack() as stack:
        printer = stack.enter_context(EmulatedPosnet(folder / "device"))
        port = int(printer.start().rpartition(":")[2])
        cable = stack.enter_context(Relay(("127.0.0.1", port)))
        till = office.Office(shop.profile).enter("ws_kasa1")
        stack.callback(till.close)
        key = shop.add_printer()
        device = next(found for found in till.read(queries.list_attached, office.TILL) if found.id == key)
        serving = DeviceService(till, replace(device, address=f"tcp://127.0.0.1:{cable.port}"), driver=HASTY)
        yield OneHost(shop, printer, cable, serving, office.draft_of(shop.anna, "PAR", lines=2))


def cut_at(host: OneHost, way: Way, places: range, again: tuple[int, Way] | None = None) -> None:
    """Cut the cable after so many bytes of a receipt's conversation, for each place; `again`: and so many bytes into what follows."""
    for place in places:
        host.cable.cut_after(place, way)
        mending = threading.Thread(target=_mend, args=(host.cable, again), daemon=True)
        mending.start()
        host.sell()
        mending.join(PATIENCE)
        assert not mending.is_alive(), f"the conversation had no byte {place} {way.value}"


def _mend(cable: Relay, again: tuple[int, Way] | None) -> None:
    cable.wait_cut(PATIENCE)
    cable.release()
    if again is not None:
        cable.cut_after(*again)
        cable.wait_cut(PATIENCE)
        cable.release()


@pytest.mark.parametrize("way", Way, ids=lambda way: way.name.lower())
def test_the_cable_is_cut_anywhere_in_a_receipt(shop: Shop, tmp_path: Path, way: Way) -> None:
    """FIS-08, SAL-09: each receipt on the paper exactly once, its document issued with the printer's number, nobody asked."""
    with one_host(shop, tmp_path) as host:
        sizes = dict(zip((Way.TO_SERVER, Way.TO_CLIENT), host.sell(), strict=True))
        cut_at(host, way, range(1, sizes[way] - 1, STEP))
    with psycopg.connect(shop.server.server.dsn(shop.profile.database)) as owner:
        assert broken(owner) == {}


#: Every so many bytes; all of them in tests/soak.
STEP = 17

WORKSTATIONS, EACH = 3, 30


def test_three_workstations_share_one_printer(shop: Shop, tmp_path: Path) -> None:
    """FIS-08: 3 processes × 30 receipts at once: none interleaved, none twice, each told its own result."""
    with case(shop, tmp_path / "shared") as it:
        at = shop.profile
        orders = [
            CashierOrder(at.host, at.port, at.database, "anna", it.device, EACH, 1 + 100 * station) for station in range(WORKSTATIONS)
        ]
        till, cashiers = it.second(), [Cashier(order) for order in orders]
        try:
            for cashier in cashiers:
                cashier.wait_until_ready()
            for cashier in cashiers:
                cashier.go()
            told: list[Result] = [result for cashier in cashiers for result in cashier.results()]
            log = till.end()
        finally:
            till.remove()
            for cashier in cashiers:
                cashier.remove()
        assert "Traceback" not in log, log
        assert len(told) == WORKSTATIONS * EACH
        assert {result.state for result in told} == {"printed"}
        papers = {document.system_number: document for document in it.printer.receipts()}
        assert len(papers) == len(it.printer.receipts()) == len(it.printer.ledger()) == len(told)
        for result in told:
            paper = papers[system_number(result.receipt)]
            # The printer counts in hundred-millionths.
            assert [line["quantity"] // 10**8 for line in paper.lines] == [result.quantity, *[1] * (result.lines - 1)]
            assert result.receipt_number == str(paper.number)
        assert len({result.number for result in told}) == len(told)
    with psycopg.connect(shop.server.server.dsn(shop.profile.database)) as owner:
        assert broken(owner) == {}
