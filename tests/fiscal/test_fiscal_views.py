"""Printers and receipts on the desk: how each is, taking back what waits, and a person's decision on the evidence."""

from typing import Any
from uuid import UUID

import pytest
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QPushButton, QWidget

from crm_desktop.db.database import Database
from crm_desktop.documents import queries as documents
from crm_desktop.documents import service as documents_service
from crm_desktop.documents.rules.model import State
from crm_desktop.fiscal import queries, service
from crm_desktop.fiscal.rules.device import USUAL_RATES, check_device
from crm_desktop.fiscal.rules.messages import packed
from crm_desktop.fiscal.tasks import OFFLINE
from crm_desktop.fiscal.views.decision import DecisionSheet
from crm_desktop.fiscal.views.receipt_browser import DeviceTile, ReceiptBrowser
from tests.support import office
from tests.support.rig import Rig


def dock(rig: Rig) -> ReceiptBrowser:
    found = rig.open("fiscal.receipts")
    assert isinstance(found, ReceiptBrowser)
    rig.wait(lambda: found.browser.model.exact)
    return found


def sealed(rig: Rig) -> UUID:
    """A receipt that Anna sent to the printer."""
    seller = office.Office(rig.profile).enter("anna")
    rig.others.append(seller)
    return seller.change(documents_service.seal_receipt, office.draft_of(seller, "PAR"), office.PRINTER).receipt_id


@pytest.fixture
def till(rig: Rig) -> Database:
    """The workstation where the printer stands."""
    desk = office.Office(rig.profile).enter("ws_kasa1")
    rig.others.append(desk)
    return desk


def doubtful(rig: Rig, till: Database) -> UUID:
    """A receipt of which the printer can prove nothing."""
    receipt, holder = sealed(rig), UUID(int=77)
    till.change(service.hold_lease, office.PRINTER, holder)
    claimed = till.change(service.claim_receipt, office.PRINTER, holder)
    assert claimed is not None
    evidence: dict[str, Any] = {"observed": {"unique": "ZBF 2601000017", "last_number": 8812, "clock": "2026-11-24T14:31"}}
    till.change(service.record_needs_person, office.PRINTER, holder, claimed[0], receipt, packed(OFFLINE), evidence)
    return receipt


def tile(rig: Rig) -> DeviceTile:
    return rig.see(DeviceTile, "")


def test_how_a_printer_is(rig: Rig, till: Database) -> None:
    """Bad input: printer without paper, printer away: on every desk of the branch, in words."""
    rig.log_in("anna")
    dock(rig)
    rig.wait(lambda: tile(rig).pill.text() == "not served")
    holder = UUID(int=77)
    till.change(service.hold_lease, office.PRINTER, holder)
    for condition in ("starting", "ready"):
        till.change(service.tell_condition, office.PRINTER, holder, condition, "")
    rig.wait(lambda: tile(rig).pill.text() == "ready")
    till.change(service.tell_condition, office.PRINTER, holder, "offline", packed(OFFLINE))
    rig.wait(lambda: tile(rig).pill.text() == "no answer")
    assert "Check the cable" in tile(rig).accessibleName()


def test_a_receipt_that_waits_is_taken_back(rig: Rig) -> None:
    """FIS-08: nothing was sent yet; the document is a draft again."""
    receipt = sealed(rig)
    rig.log_in("anna")
    browser = dock(rig)
    rig.wait(lambda: browser.browser.model.total == 1)
    browser.browser.focus_rows()
    rig.key("Delete")
    question = rig.dialog()
    question.buttons["withdraw"].click()  # type: ignore[attr-defined]
    boss = rig.boss()
    rig.wait(lambda: boss.read(queries.get_receipt, receipt).state == "not_printed")
    holder = boss.read(queries.get_receipt, receipt).holder_id
    assert boss.read(documents.get_document, holder).state is State.DRAFT
    rig.wait(lambda: getattr(browser.browser.current_row(), "state", "") == "not_printed")


def test_without_the_right_nobody_decides(rig: Rig, till: Database) -> None:
    """FIS-08, semantics M.4: Anna sees that something waits, and who must do it."""
    doubtful(rig, till)
    rig.log_in("anna")
    browser = dock(rig)
    rig.wait(browser.undecided.isVisible)
    assert rig.find(QPushButton, "it_came_out") is None
    assert "right to decide" in browser.undecided.accessibleName()
    assert tile(rig).pill.text() == "stopped"


def test_it_came_out(rig: Rig, till: Database) -> None:
    """FIS-08, semantics M.4: on the evidence, with the numbers on the paper and a reason, the document is issued."""
    receipt = doubtful(rig, till)
    window = rig.log_in("szef")
    rig.wait(lambda: window.toasts.shown() and "waits for a decision" in window.toasts.shown()[0])
    browser = dock(rig)
    rig.wait(browser.undecided.isVisible)
    rig.key("F8")
    sheet = rig.dialog()
    assert isinstance(sheet, DecisionSheet)
    assert rig.see(QLineEdit, "unique").text() == "ZBF 2601000017"
    sheet.buttons["decide"].click()
    assert rig.see(QLineEdit, "number").property("state") == "error"
    assert rig.see(QPlainTextEdit, "reason").property("state") == "error"
    for name, text in (("report", "12"), ("number", "8813"), ("time", "14:31")):
        rig.fill(rig.see(QLineEdit, name), text)
    reason = rig.see(QPlainTextEdit, "reason")
    reason.setFocus()
    rig.type("paragon leży w drukarce")
    sheet.buttons["decide"].click()
    rig.gone(sheet)
    boss = rig.boss()
    row = boss.read(queries.get_receipt, receipt)
    assert (row.state, row.receipt_number, row.device_number) == ("printed", 8813, "ZBF 2601000017")
    assert boss.read(documents.get_document, row.holder_id).state is State.ISSUED
    rig.wait(browser.undecided.isHidden)


def test_it_did_not_come_out(rig: Rig, till: Database) -> None:
    """FIS-08: the document is a draft again and nothing is used up."""
    receipt = doubtful(rig, till)
    rig.log_in("szef")
    dock(rig)
    rig.see(QPushButton, "it_did_not").click()
    sheet = rig.dialog()
    assert rig.find(QLineEdit, "number") is None
    reason = rig.see(QPlainTextEdit, "reason")
    rig.wait(reason.hasFocus)
    rig.type("rolka pusta, nic nie wyszło")
    sheet.buttons["decide"].click()  # type: ignore[attr-defined]
    rig.gone(sheet)
    boss = rig.boss()
    row = boss.read(queries.get_receipt, receipt)
    assert row.state == "not_printed"
    assert boss.read(documents.get_document, row.holder_id).state is State.DRAFT


def test_a_printer_is_set_up(rig: Rig) -> None:
    """FIS-02: the card of a printer; a wrong address and a rate under two letters are said at their fields."""
    rig.log_in("szef")
    rig.open("fiscal.devices")
    rig.key("Insert")
    card = rig.card("device_card")
    rig.fill(rig.see(QLineEdit, "name"), "Kasa 2")
    rig.fill(rig.see(QLineEdit, "address"), "192.168.1.50")
    letters = card.widget("rates")
    letters.set_value({**USUAL_RATES, "F": "23"})
    rig.key("F10")
    rig.wait(lambda: rig.see(QLineEdit, "address").property("state") == "error")
    assert {"device_address", "rates_twice"} <= {problem.code for problem in card.problems()}
    letters.set_value(USUAL_RATES)
    rig.fill(rig.see(QLineEdit, "address"), "tcp://192.168.1.50:6666")
    rig.key("F10")
    rig.gone(card)
    found = next(each for each in rig.boss().read(queries.list_all_devices) if each.name == "Kasa 2")
    assert (found.address, found.rates, found.workstation_id) == ("tcp://192.168.1.50:6666", USUAL_RATES, office.TILL)


@pytest.mark.parametrize(
    ("name", "station", "rates", "fields"),
    [
        ("Kasa", True, {"A": "23"}, []),
        ("", True, {"A": "23"}, ["name"]),
        ("Kasa", False, {"A": "23"}, ["workstation_id"]),
        ("Kasa", True, {}, ["rates"]),
        ("Kasa", True, {"A": "23", "B": "23"}, ["rates"]),
        ("Kasa", True, {"A": "", "B": ""}, ["rates"]),
    ],
)
def test_the_rules_of_a_printers_card(name: str, station: bool, rates: dict[str, str], fields: list[str]) -> None:
    assert [problem.field for problem in check_device(name, station, rates)] == fields


def test_every_tile_has_a_name_for_screen_readers(rig: Rig) -> None:
    rig.log_in("anna")
    found = dock(rig)
    tiles = found.devices.findChildren(DeviceTile)
    assert tiles and all(each.accessibleName() for each in tiles)
    assert all(isinstance(each, QWidget) for each in tiles)
