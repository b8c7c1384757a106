"""The editor on a real PostgreSQL, under the login of an operator who sees one branch: no stand-in between keys and number."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from crm_desktop.catalogue import service as catalogue
from crm_desktop.catalogue.module import SCAN_ADDS_TO_LINE
from crm_desktop.catalogue.rules.model import Item, ItemKind, Unit
from crm_desktop.core.i18n import NBSP
from crm_desktop.db.changes import Listener
from crm_desktop.db.connect import Profile, connect
from crm_desktop.db.database import Database
from crm_desktop.db.keys import new_id
from crm_desktop.documents import queries
from crm_desktop.documents.rules.model import Kind, State
from crm_desktop.documents.views.invoice_editor import InvoiceEditor, open_invoice
from crm_desktop.documents.views.line_model import Col
from crm_desktop.documents.views.receipt_dialog import ReceiptDialog
from crm_desktop.fiscal import queries as fiscal
from crm_desktop.fiscal.drivers.posnet.emulator.emulated import EmulatedPosnet
from crm_desktop.fiscal.tasks import DeviceService
from crm_desktop.organisation import service as organisation
from crm_desktop.ui import feed, tasks, theme
from tests.support import office
from tests.support.hand import Hand, focus
from tests.support.postgres import TestServer
from tests.support.typist import Clerk, codes, gross, lines

PIPE = "5901234000109"
DOZEN = "15901234000106"
Open = Callable[..., Clerk]


@pytest.fixture
def beskid(server: TestServer, fresh_database: str) -> office.Office:
    return office.Office(Profile(server.server.host, server.server.port, fresh_database, "disable", role_prefix=office.TEMPLATE))


@pytest.fixture
def pipe(beskid: office.Office) -> Item:
    """An item with a package of twelve, and with letters in its name that no fiscal printer has."""
    boss = beskid.enter("szef")
    units = (Unit(new_id(), "szt.", Decimal(1), PIPE), Unit(new_id(), "karton", Decimal(12), DOZEN))
    item = Item(new_id(), ItemKind.GOODS, "RURA-16", "Rura peszel ⌀16 mm²", None, "23", Decimal("7.40"), Decimal("9.10"), units)
    try:
        boss.change(catalogue.save_item, item)
    finally:
        boss.close()
    return item


@pytest.fixture
def anna(qapp: QApplication, beskid: office.Office) -> Iterator[Database]:
    """The operator's desk: her login behind the two verbs, and a connection that listens."""
    theme.apply(qapp, "light", animations=False)
    desk = beskid.enter("anna")
    tasks.use(desk)
    feed.the_feed()
    listener = Listener(lambda: connect(beskid.profile, beskid.profile.role("anna"), office.PASSWORD), feed.receive)
    listener.start()
    assert listener.listening.wait(10)
    yield desk
    tasks.wait(5000)
    tasks.use(None)
    listener.stop()
    desk.close()


@pytest.fixture
def opened(anna: Database, pipe: Item, qtbot: QtBot, show: Callable[[QWidget], None]) -> Open:
    """Opens a new document of a kind, or a stored one, as the window does it."""
    kinds = {kind.code: kind for kind in anna.read(queries.list_kinds)}
    owner = QWidget()
    qtbot.addWidget(owner)

    def act(code: str = "FS", document_id: UUID | None = None, *, real_times: bool = False) -> Clerk:
        hand, came = Hand(), list[InvoiceEditor]()
        kind: Kind = kinds[code]
        stamp = None if real_times else hand.stamp
        open_invoice(owner, office.KRAKOW, came.append, document_id=document_id, kind=kind, stamp=stamp)
        qtbot.waitUntil(lambda: bool(came))
        show(came[0])
        qtbot.waitUntil(came[0].focus_inside)
        return Clerk(came[0], hand, lambda until=lambda: True: qtbot.waitUntil(lambda: not tasks.running() and until(), timeout=10_000))

    return act


def test_an_operator_enters_and_issues_an_invoice_by_keys(opened: Open, anna: Database, qtbot: QtBot) -> None:
    """SAL-01, SAL-03, BAR-01, BAR-02: typed, scanned, a package; what was seen is what lies in the database."""
    clerk = opened()
    editor = clerk.editor
    clerk.buyer("volt")
    clerk.line("led-9", "10")
    clerk.scan(PIPE, DOZEN, office.CODE)
    assert lines(editor) == [("LED-9", Decimal(11)), ("RURA-16", Decimal(13))]
    assert gross(editor) == "206,14"  # 11 × 6.49 + 13 × 7.40 = 167.59, VAT 38.55
    with qtbot.waitSignal(editor.issued, timeout=10_000) as told:
        clerk.hand.key(Qt.Key.Key_F10)
    clerk.settled()
    stored = anna.read(queries.get_document, editor.draft.id)
    assert stored.state is State.ISSUED
    assert told.args == [editor.draft.id, stored.number]
    assert stored.number.startswith("FS/KR/1/")
    assert stored.draft == editor.draft
    assert f"{stored.totals.gross:.2f}".replace(".", ",") == gross(editor)
    again = opened(document_id=editor.draft.id).editor
    assert again.head.title.text().endswith(stored.number)
    assert gross(again) == gross(editor)
    assert again.draft == stored.draft


def test_twenty_real_scans_between_the_keys(opened: Open) -> None:
    """BAR-03 with the real clock and a real server: the keys come as the window system brings them."""
    clerk = opened(real_times=True)
    editor = clerk.editor
    editor.entry.quantity.setFocus()
    for number in range(20):
        for character in (office.CODE, PIPE)[number % 2] + "\n":
            key = Qt.Key.Key_Return if character == "\n" else Qt.Key(0)
            QApplication.sendEvent(focus(), QKeyEvent(QKeyEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, character))
        QApplication.processEvents()
    clerk.settled(lambda: not editor.scans.is_busy())
    assert lines(editor) == [("LED-9", Decimal(10)), ("RURA-16", Decimal(10))]
    assert editor.entry.quantity.text() == "1"


def test_what_only_the_server_knows_is_said_at_its_field(opened: Open, anna: Database) -> None:
    """GOL-28: a draft that a colleague stored meanwhile is no problem of a field; an unknown code is, and both lose nothing."""
    clerk = opened()
    editor = clerk.editor
    clerk.buyer("5260250274")
    clerk.scan("5909999999999")
    clerk.key(Qt.Key.Key_F10)
    assert codes(editor) == ["item_unknown"]
    assert focus().objectName() == "cell_code"
    clerk.hand.type(office.CODE + "\n")
    clerk.settled(lambda: editor.draft.lines[0].item_id is not None)
    clerk.key(Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert editor.draft.version == 1
    assert anna.read(queries.get_document, editor.draft.id).draft == editor.draft
    clerk.key(Qt.Key.Key_F10)
    clerk.settled(lambda: editor.path.state is State.ISSUED)


def test_the_company_says_whether_a_second_scan_is_a_second_line(opened: Open, beskid: office.Office) -> None:
    """BAR-01, switchable: a declared setting of the company."""
    boss = beskid.enter("szef")
    try:
        boss.change(organisation.save_setting, SCAN_ADDS_TO_LINE.key, "company", "", False)
    finally:
        boss.close()
    clerk = opened()
    clerk.scan(office.CODE, office.CODE)
    assert lines(clerk.editor) == [("LED-9", Decimal(1)), ("LED-9", Decimal(1))]


def test_a_zero_byte_stops_at_the_field(opened: Open, anna: Database) -> None:
    """PostgreSQL takes none: pasted ones are not asked for, and a name with one is said at its cell while the rest is stored."""
    clerk = opened()
    editor = clerk.editor

    def paste(text: str) -> None:
        QApplication.clipboard().setText(text)
        clerk.hand.key(Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)

    paste("vo\x00lt")
    clerk.hand.type("\n")
    clerk.settled(editor.entry.item.hasFocus)
    paste("LED\x00-9")
    clerk.hand.type("\n2\n")
    clerk.settled(lambda: len(editor.draft.lines) == 1)
    paste("LED-9\x00\t3")
    clerk.settled(lambda: len(editor.draft.lines) == 2)
    assert lines(editor) == [("LED-9", Decimal(2)), ("LED-9", Decimal(3))]
    editor.grid.edit_cell(0, Col.NAME)
    paste("Żarówka\x00")
    clerk.key(Qt.Key.Key_Return)
    assert codes(editor) == ["text_control"]
    clerk.key(Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert anna.read(queries.get_document, editor.draft.id).draft.lines[0].name == "Żarówka LED 9 W"
    assert editor.unread() == ["lines.0.name"]


def test_a_receipt_from_the_counter_to_the_paper(opened: Open, anna: Database, beskid: office.Office, tmp_path: Path) -> None:
    """SAL-07, FIS-04, FIS-08: cleaned names are seen before sealing; the till's login prints; the editor hears of it by NOTIFY."""
    printer = EmulatedPosnet(tmp_path)
    address = printer.start()
    till = beskid.enter("ws_kasa1")
    clerk = opened("PAR")
    editor = clerk.editor
    try:
        clerk.scan(PIPE, office.CODE)
        clerk.key(Qt.Key.Key_F8)
        clerk.settled(lambda: QApplication.activeModalWidget() is not None)
        dialog = editor.findChild(ReceiptDialog)
        assert isinstance(dialog, ReceiptDialog)
        assert dialog.names == ["Rura peszel 16 mm2"]
        assert anna.read(fiscal.list_devices, office.KRAKOW)[0].name == "Kasa 1"
        clerk.hand.key(Qt.Key.Key_Return)
        clerk.settled(lambda: editor.path.receipt is not None)
        assert editor.head.receipt.text() == "waits for the printer Kasa 1"
        device = till.read(fiscal.list_attached, office.TILL)[0]
        owner = DeviceService(till, replace(device, address=address))
        assert owner.step()
        clerk.settled(lambda: editor.path.state is State.ISSUED)
        paper = printer.receipts()[0]
        assert "Rura peszel 16 mm2" in paper.text
        assert gross(editor).replace(NBSP, " ") in paper.text
        assert editor.head.receipt.text() == "printed, receipt no. 1 on ZBF 2601000017"
        assert editor.path.number.startswith("PAR/KR/1/")
    finally:
        till.close()
        printer.stop()
