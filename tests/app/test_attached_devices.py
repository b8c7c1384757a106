"""Printers of this workstation, served beside the desk, at the login window, and by the headless worker."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from pytestqt.qtbot import QtBot

from crm_desktop.app.attached_devices import AttachedDevices
from crm_desktop.app.profiles import FOLDER_VARIABLE, Connection, Known, Memory, Station
from crm_desktop.app.secrets import WHERE_VARIABLE, Secrets, secret_name
from crm_desktop.db.connect import Profile
from crm_desktop.db.database import Database
from crm_desktop.documents import queries as documents
from crm_desktop.documents import service
from crm_desktop.fiscal import queries as fiscal
from crm_desktop.fiscal import service as fiscal_service
from crm_desktop.fiscal.drivers.posnet.emulator.emulated import EmulatedPosnet
from tests.support import office
from tests.support.postgres import TestServer
from tests.support.rig import Rig

STATION = Station(office.TILL, "kasa1")


@pytest.fixture
def profile(server: TestServer, fresh_database: str) -> Profile:
    return Profile(server.server.host, server.server.port, fresh_database, "disable", role_prefix=office.TEMPLATE)


@pytest.fixture
def anna(profile: Profile) -> Iterator[Database]:
    """At another desk."""
    desk = office.Office(profile).enter("anna")
    yield desk
    desk.close()


@pytest.fixture
def printer(profile: Profile, tmp_path: Path) -> Iterator[EmulatedPosnet]:
    """An emulated printer whose address stands on the card."""
    with EmulatedPosnet(tmp_path / "printer") as made:
        boss = office.Office(profile).enter("szef")
        card = boss.read(fiscal.get_device, office.PRINTER)
        boss.change(fiscal_service.save_device, replace(card, address=made.start()))
        boss.close()
        yield made


def state(anna: Database, receipt: UUID) -> str:
    return anna.read(fiscal.get_receipt, receipt).state


def served(anna: Database) -> bool:
    return anna.read(fiscal.list_devices, office.KRAKOW)[0].served


def test_a_receipt_is_printed_as_soon_as_it_is_queued(qtbot: QtBot, profile: Profile, anna: Database, printer: EmulatedPosnet) -> None:
    """FIS-08, architecture 8.2: woken by NOTIFY; the desks see that somebody serves the printer, and that nobody does any more."""
    assert not served(anna)
    devices = AttachedDevices()
    devices.start(Connection(profile), STATION, office.PASSWORD, listen=True)
    try:
        qtbot.waitUntil(lambda: served(anna), timeout=5000)
        for _ in range(3):
            sealed = anna.change(service.seal_receipt, office.draft_of(anna, "PAR"), office.PRINTER)
            qtbot.waitUntil(lambda: state(anna, sealed.receipt_id) == "printed", timeout=10_000)
    finally:
        devices.stop()
    assert len(printer.receipts()) == 3
    assert not served(anna)


def test_a_printer_that_was_away_prints_when_it_is_back(qtbot: QtBot, profile: Profile, anna: Database, printer: EmulatedPosnet) -> None:
    """Bad input: the printer does not answer; receipts wait and none is lost."""
    printer.faults.busy_interface = False
    printer.faults.cut_received = 0
    devices = AttachedDevices()
    devices.start(Connection(profile), STATION, office.PASSWORD, listen=True)
    try:
        sealed = anna.change(service.seal_receipt, office.draft_of(anna, "PAR"), office.PRINTER)
        qtbot.waitUntil(lambda: state(anna, sealed.receipt_id) in ("printing", "waiting"), timeout=5000)
        printer.faults.mend_line()
        qtbot.waitUntil(lambda: state(anna, sealed.receipt_id) == "printed", timeout=20_000)
    finally:
        devices.stop()
    assert len(printer.receipts()) == 1


def test_the_desk_serves_its_printer_also_at_the_login_window(rig: Rig, tmp_path: Path) -> None:
    """Architecture 5: the workstation's login works while the program runs, also at the login window."""
    with EmulatedPosnet(tmp_path / "printer") as printer:
        boss = rig.boss()
        card = boss.read(fiscal.get_device, office.PRINTER)
        boss.change(fiscal_service.save_device, replace(card, address=printer.start()))
        rig.know(station=STATION)
        rig.start()
        rig.wait(rig.desktop.attached_devices)
        seller = office.Office(rig.profile).enter("anna")
        rig.others.append(seller)
        first = seller.change(service.seal_receipt, office.draft_of(seller, "PAR"), office.PRINTER)
        rig.wait(lambda: state(seller, first.receipt_id) == "printed")
        window = rig.log_in_here("anna")
        second = seller.change(service.seal_receipt, office.draft_of(seller, "PAR"), office.PRINTER)
        rig.wait(lambda: state(seller, second.receipt_id) == "printed")
        assert "Kasa 1" in window.status_bar._device.text()
        assert len(printer.receipts()) == 2
        rig.desktop.end()


def test_the_worker_ends_cleanly_on_sigterm(
    profile: Profile, anna: Database, printer: EmulatedPosnet, tmp_path: Path, qtbot: QtBot
) -> None:
    """`crm-desktop worker`: headless, exit 0 on SIGTERM, leases released."""
    connection = Connection(profile, station=STATION)
    Memory(tmp_path / "computer").keep(Known((connection,)))
    environment = {**os.environ, FOLDER_VARIABLE: str(tmp_path / "computer"), WHERE_VARIABLE: "file"}
    os.environ[WHERE_VARIABLE] = "file"
    Secrets(tmp_path / "computer").keep(secret_name(connection, STATION.code), office.PASSWORD)
    process = subprocess.Popen([sys.executable, "-m", "crm_desktop", "worker"], env=environment)
    try:
        sealed = anna.change(service.seal_receipt, office.draft_of(anna, "PAR"), office.PRINTER)
        qtbot.waitUntil(lambda: state(anna, sealed.receipt_id) == "printed", timeout=20_000)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=15) == 0
    finally:
        process.kill()
        process.wait()
    assert not served(anna)
    assert anna.read(documents.find_receipt_of, anna.read(fiscal.get_receipt, sealed.receipt_id).holder_id) == sealed.receipt_id
