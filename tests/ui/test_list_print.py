"""The print of a list: its columns and filters, sums at the end, wide where it needs to be; no more than somebody reads."""

import io
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from pypdf import PdfReader
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from crm_desktop.core.i18n import NBSP, money
from crm_desktop.db.paging import Sort
from crm_desktop.ui import clock, list_acts, tasks, theme
from crm_desktop.ui.browser import Browser
from crm_desktop.ui.delegates import Kind
from crm_desktop.ui.list_print import ListPaper, ListPreview
from crm_desktop.ui.listing import Choice, Column, Listing
from tests.support.rows_in_memory import ListSource, Memory, invoices

COLUMNS = (
    Column("number", "Number", Kind.IDENTIFIER, 160),
    Column("day", "Date", Kind.DATE, 94),
    Column("buyer", "Buyer", stretch=True, width=240),
    Column("state", "State", Kind.PILL, 96, choices=(Choice("draft", "draft", "neutral"), Choice("paid", "paid", "success"))),
    Column("net", "Net", Kind.MONEY, 100, summed=True),
    Column("gross", "Gross", Kind.SUM, 104, summed=True),
    Column("due", "Due", Kind.DATE, 94),
)


class Desk(QWidget):
    """A main window, as far as a list sees one."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[tuple[str, QWidget]] = []

    def open_card(self, id: str, title: str, icon: str, make: Callable[[], QWidget], **how: Any) -> QWidget:
        """Made once."""
        known = next((widget for known, widget in self.opened if known == id), None)
        if known is None:
            known = make()
            known.setParent(self)
            self.opened.append((id, known))
        return known


@pytest.fixture
def desk(qtbot: QtBot, qapp: QApplication) -> Iterator[Desk]:
    """A window with 300 documents in it."""
    theme.apply(qapp, animations=False)
    clock.use(lambda: datetime(2026, 11, 23, 14, 32, tzinfo=clock.WARSAW))
    tasks.use(Memory())
    window = Desk()
    qtbot.addWidget(window)
    QVBoxLayout(window).addWidget(Browser(Listing("test.documents", "Documents", COLUMNS, ListSource(invoices(300)), (Sort("day", True),))))
    window.resize(1150, 860)
    window.show()
    browser = browser_of(window)
    qtbot.waitUntil(lambda: browser.model.exact and not tasks.running())
    yield window
    tasks.wait()
    tasks.use(None)
    clock.use(None)


def browser_of(desk: Desk) -> Browser:
    """The list in it."""
    found = desk.findChild(Browser)
    assert found is not None
    return found


def text_of(pdf: bytes) -> str:
    """All pages; the print parts figures by ordinary spaces here."""
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).replace(NBSP, " ")


def test_the_list_is_printed_with_filters_and_sums(qtbot: QtBot, desk: Desk) -> None:
    """Ctrl+P: a preview in a dock; printed again it is the same dock with what the list shows then."""
    browser = browser_of(desk)
    browser.set_filter("state", "draft")
    qtbot.waitUntil(lambda: browser.model.exact and not tasks.running())
    QTest.keyClick(browser.view, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: bool(desk.opened), timeout=15_000)
    id, preview = desk.opened[0]
    assert id == "list.print:test.documents" and isinstance(preview, ListPreview)
    text = text_of(preview.preview._pdf)
    assert "Searched: state “draft”." in text and "60 rows" in text and "Printed 23.11.2026 14:32" in text
    assert all(row.number in text for row in invoices(300) if row.state == "draft")
    assert money(browser.model.sums.amounts["gross"]).replace(NBSP, " ") in text
    browser.columns.show_column(2, False)
    browser.acts.print()
    qtbot.waitUntil(lambda: "Buyer" not in text_of(preview.preview._pdf), timeout=15_000)
    assert len(desk.opened) == 1


def test_many_rows_are_not_printed(qtbot: QtBot, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(list_acts, "PRINTED_MOST", 299)
    with qtbot.waitSignal(browser_of(desk).said) as said:
        browser_of(desk).acts.print()
    assert said.args == ["More than 299 rows are not printed but exported (Ctrl+E). A filter makes them fewer."]


def test_columns_that_need_it_lie_on_the_long_side() -> None:
    at = datetime(2026, 11, 23, 14, 32)
    narrow = ListPaper("Units", "", COLUMNS[:3], at).made(invoices(3))
    broad = ListPaper("Documents", "", COLUMNS, at).made(invoices(600))
    (first, *_), pages = PdfReader(io.BytesIO(narrow)).pages, PdfReader(io.BytesIO(broad)).pages
    assert first.mediabox.width < first.mediabox.height
    assert all(page.mediabox.width > page.mediabox.height for page in pages) and len(pages) > 10
    assert all("Number" in page.extract_text() for page in pages)
    assert f"page {len(pages)} of {len(pages)}" in pages[-1].extract_text()
