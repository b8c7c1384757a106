"""The list of documents as an operator of one branch has it: groups, sums and the export hold hers and nobody else's."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crm_desktop.db.connect import Profile
from crm_desktop.db.database import Database
from crm_desktop.db.paging import By, OneOf, PageRequest
from crm_desktop.documents import queries, service
from crm_desktop.documents.views.document_browser import DOCUMENT_LIST
from crm_desktop.ui import tasks, theme, work
from crm_desktop.ui.browser import Browser
from tests.support import office
from tests.support.postgres import TestServer
from tests.support.sheets import read_sheet


@pytest.fixture
def desks(server: TestServer, fresh_database: str) -> Iterator[tuple[Database, Database]]:
    """Anna of Kraków with three documents, Wanda of Warszawa with one."""
    house = office.Office(Profile(server.server.host, server.server.port, fresh_database, "disable", role_prefix=office.TEMPLATE))
    anna, wanda = house.enter("anna"), house.enter("wanda")
    for quantity in (3, 5):
        anna.change(service.issue_invoice, office.draft_of(anna, "FS", quantity))
    for desk, quantity in ((anna, 2), (wanda, 7)):
        desk.change(service.save_draft, office.draft_of(desk, "FS", quantity))
    yield anna, wanda
    anna.close()
    wanda.close()


def test_groups_hold_the_documents_of_her_branch(desks: tuple[Database, Database]) -> None:
    """Every column that the list declares can be grouped by, and the groups are all that she sees."""
    anna, wanda = desks
    for desk, count in ((anna, 3), (wanda, 1)):
        sums = desk.read(queries.DOCUMENTS.sums, PageRequest())
        for column in DOCUMENT_LIST.columns:
            if column.group is not None:
                groups, more = desk.read(queries.DOCUMENTS.groups, PageRequest(), column.key, column.group)
                assert sum(group.count for group in groups) == count == sums.count and not more
                assert sum((group.amounts["gross"] for group in groups), Decimal(0)) == sums.amounts["gross"]
    states = anna.read(queries.DOCUMENTS.groups, PageRequest({"state": OneOf(("issued",))}), "branch", By.VALUE)[0]
    assert [(group.value, group.count) for group in states] == [("KR", 2)]


def test_the_export_holds_the_documents_of_her_branch(
    desks: tuple[Database, Database], qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> None:
    """Three of four; the amounts are those that the database has."""
    anna, _wanda = desks
    theme.apply(qapp, animations=False)
    tasks.use(anna)
    try:
        browser = Browser(DOCUMENT_LIST.for_permissions(anna.who.may))
        qtbot.addWidget(browser)
        browser.show()
        qtbot.waitUntil(lambda: browser.model.exact and not tasks.running())
        browser.acts.export_to(tmp_path / "a.xlsx")
        qtbot.waitUntil(lambda: not work.works().running(), timeout=10_000)
        head, *rows = read_sheet(tmp_path / "a.xlsx")
        gross = next(letter for letter, cell in head.items() if cell.value == "Gross")
        assert len(rows) == 3
        assert sum(Decimal(row[gross].value) for row in rows) == anna.read(queries.DOCUMENTS.sums, PageRequest()).amounts["gross"]
    finally:
        work.works().clear()
        tasks.wait()
        tasks.use(None)
