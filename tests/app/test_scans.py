"""BAR-03 over the whole window: a scan reaches the document in sight wherever the focus stands, and presses nothing."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QWidget

from crm_desktop.app.main_window import MainWindow
from crm_desktop.catalogue.views.item_browser import ITEM_LIST
from crm_desktop.documents.views.document_window import DocumentPreview
from crm_desktop.documents.views.invoice_editor import InvoiceEditor
from crm_desktop.ui.browser import Browser
from tests.support import office
from tests.support.rig import Rig

TWENTY = (office.CODE,) * 20


def open_invoice(rig: Rig) -> InvoiceEditor:
    rig.open("documents.documents")
    rig.key("Insert")
    editor = rig.see(InvoiceEditor, "invoice_editor")
    rig.wait(editor.header.buyer_name.hasFocus)
    QApplication.processEvents()  # the editor says once more, when it is shown, where work starts
    return editor


def navigator_item(window: MainWindow) -> QWidget:
    items = [each for each in window.navigator.findChildren(QAbstractButton) if each.focusPolicy() & Qt.FocusPolicy.TabFocus]
    assert len(items) == 1
    return items[0]


def stand(rig: Rig, widget: QWidget) -> None:
    widget.setFocus(Qt.FocusReason.TabFocusReason)
    rig.wait(widget.hasFocus)


def counted(rig: Rig, editor: InvoiceEditor) -> dict[str, Decimal]:
    rig.wait(lambda: not editor.scans.is_busy())
    return {line.code: line.quantity for line in editor.draft.lines}


@pytest.mark.parametrize("where", ["navigator", "bell", "nowhere", "history", "list"])
def test_twenty_scans_outside_the_document(rig: Rig, where: str) -> None:
    """None lost, none pressed: 20 scans in 2.5 seconds by the stamps of their keys."""
    window = rig.log_in("anna")
    editor = open_invoice(rig)
    card = window.dock_area.current()
    if where == "history":
        rig.key("F9")
        rig.wait(lambda: window.dock_area.current().startswith("documents.history"))
        rig.idle()
    elif where == "list":
        window.open_card("list", "Items", "package", lambda: lists(window))
        rig.idle()
    else:
        target = navigator_item(window) if where == "navigator" else window.bell
        target.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        stand(rig, target)
        if where == "nowhere":
            target.clearFocus()
    stood, docks, current = QApplication.focusWidget(), window.dock_area.ids(), window.dock_area.current()
    rig.scan(*TWENTY)
    assert counted(rig, editor) == {"LED-9": Decimal(20)}
    assert QApplication.focusWidget() is stood
    assert (window.dock_area.ids(), window.dock_area.current()) == (docks, current)
    assert editor.isVisible() and window.has_dock(card)


def lists(window: MainWindow) -> QWidget:
    browser = Browser(ITEM_LIST)
    browser.setObjectName("items_beside")
    return browser


def test_a_text_field_elsewhere_keeps_the_scan(rig: Rig) -> None:
    """The bar code of an item, the filter of a list: what is scanned there is meant for there."""
    window = rig.log_in("szef")
    editor = open_invoice(rig)
    window.open_card("list", "Items", "package", lambda: lists(window))
    rig.idle()
    browser = window.dock_area.widget("list")
    field = next(each for each in browser.findChildren(QLineEdit) if each.isVisible())
    stand(rig, field)
    rig.scan(office.CODE)
    assert field.text() == office.CODE
    assert counted(rig, editor) == {}


def test_the_print_of_a_draft_stands_for_it(rig: Rig) -> None:
    window = rig.log_in("anna")
    editor = open_invoice(rig)
    rig.key("F7")
    preview = rig.see(DocumentPreview, "document_preview")
    rig.wait(lambda: preview.printed is not None)
    assert not editor.isVisible()
    rig.scan(*TWENTY)
    assert counted(rig, editor) == {"LED-9": Decimal(20)}
    assert window.current() is editor


@pytest.mark.parametrize("where", [navigator_item, lambda window: window.bell])
def test_without_a_document_in_sight_a_scan_presses_nothing(rig: Rig, where: Callable[[MainWindow], QWidget]) -> None:
    """Also while a draft lies behind another tab: nobody would see what became of the code. It is said."""
    window = rig.log_in("anna")
    editor = open_invoice(rig)
    rig.open("parties.parties")
    docks = window.dock_area.ids()
    pressed: list[str] = []
    window.navigator.chosen.connect(pressed.append)
    target = where(window)
    target.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    stand(rig, target)
    rig.scan(office.CODE)
    assert (pressed, window.dock_area.ids(), window.dock_area.current()) == ([], docks, "parties.parties")
    assert QApplication.activePopupWidget() is None
    assert counted(rig, editor) == {}
    assert window.status_bar.message() == f"The code {office.CODE} was not added: no document is open in front of you."


def test_in_a_list_a_scan_searches_and_opens_nothing(rig: Rig) -> None:
    window = rig.log_in("anna")
    items = rig.open("catalogue.items")
    assert isinstance(items, Browser)
    items.focus_rows()
    docks = window.dock_area.ids()
    rig.scan(office.CODE)
    rig.wait(lambda: items.model.exact and items.model.total == 1)
    assert window.dock_area.ids() == docks


def test_a_closed_document_passes_scans_on(rig: Rig) -> None:
    """The focus in an issued document beside a draft in sight."""
    window = rig.log_in("anna")
    editor = open_invoice(rig)
    rig.type("volt")
    rig.key("Return")
    rig.wait(editor.entry.item.hasFocus)
    rig.scan(office.CODE)
    rig.wait(lambda: len(editor.draft.lines) == 1)
    rig.key("F10")
    rig.wait(lambda: not editor.takes_scans())
    first = window.dock_area.current()
    rig.open("documents.documents")
    rig.key("Insert")
    rig.wait(lambda: window.current() not in (editor, None) and isinstance(window.current(), InvoiceEditor))
    draft = window.current()
    assert isinstance(draft, InvoiceEditor)
    window.dock_area.float_dock(first)
    window.dock_area.focus_dock(first)
    rig.wait(lambda: editor.focus_inside() and draft.isVisible())
    rig.scan(office.CODE, office.CODE)
    assert counted(rig, draft) == {"LED-9": Decimal(2)}
    assert counted(rig, editor) == {"LED-9": Decimal(1)}


def test_the_navigator_still_takes_what_is_typed_by_hand(rig: Rig) -> None:
    window = rig.log_in("anna")
    editor = open_invoice(rig)
    stand(rig, navigator_item(window))
    rig.keys("Down", "Return")
    rig.wait(lambda: window.dock_area.current() != "documents.documents" and window.current() is not editor)
    assert editor.draft.lines == ()
