"""Documents on the desk: the list, the editor in a dock, the print, kinds of documents; on a real server, by keyboard."""

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit

from crm_desktop.core.i18n import money
from crm_desktop.db.database import Database
from crm_desktop.documents import queries, service
from crm_desktop.documents.rules.model import Method, PaymentForm, State
from crm_desktop.documents.views.document_browser import DocumentBrowser
from crm_desktop.documents.views.document_history import DocumentHistory
from crm_desktop.documents.views.document_window import DocumentPreview
from crm_desktop.documents.views.invoice_editor import InvoiceEditor
from crm_desktop.ui.delegates import GridDelegate
from crm_desktop.ui.fields import ComboField
from tests.support import office
from tests.support.rig import Rig, rig

__all__ = ["rig"]
CODE = "5901234123457"


def listed(rig: Rig) -> DocumentBrowser:
    browser = rig.open("documents.documents")
    assert isinstance(browser, DocumentBrowser)
    rig.wait(lambda: browser.model.exact)
    return browser


def seller(rig: Rig) -> Database:
    """Anna at another desk."""
    desk = office.Office(rig.profile).enter("anna")
    rig.others.append(desk)
    return desk


def editor(rig: Rig) -> InvoiceEditor:
    return rig.see(InvoiceEditor, "invoice_editor")


def test_from_the_list_to_an_issued_invoice(rig: Rig) -> None:
    """SAL-01, SAL-03: Ins, buyer, item, F10; the list shows the number by itself, a toast offers the print."""
    window = rig.log_in("anna")
    browser = listed(rig)
    rig.key("Insert")
    invoice = editor(rig)
    rig.wait(invoice.header.buyer_name.hasFocus)
    assert not invoice.draft.kind.fiscal
    rig.type("volt")
    rig.key("Return")
    rig.wait(invoice.entry.item.hasFocus)
    rig.type("LED-9")
    rig.key("Return")
    rig.wait(invoice.entry.quantity.hasFocus)
    rig.type("5")
    rig.key("Return")
    rig.wait(lambda: len(invoice.draft.lines) == 1)
    assert "F10" in window.key_bar.shown()
    rig.key("F10")
    rig.wait(lambda: invoice.path.state is State.ISSUED)
    number = invoice.path.number
    assert number.startswith("FS/KR/1/")
    assert window.dock_area.title(window.dock_area.current()).endswith(number)
    assert window.toasts.shown() == [f"Issued {number}"]
    rig.key("Ctrl+1")
    rig.wait(lambda: browser.model.exact and browser.model.total == 1)
    row = browser.model.row_at(0)
    assert row is not None and row.number == number


def test_the_list_follows_others_and_keeps_its_place(rig: Rig) -> None:
    """Issue 2 point 7: live refresh that keeps selection and place."""
    others = seller(rig)
    first = others.change(service.issue_invoice, office.draft_of(others, "FS"))
    rig.log_in("anna")
    browser = listed(rig)
    browser.focus_rows()
    assert browser.current_id() == first.id
    others.change(service.issue_invoice, office.draft_of(others, "FS"))
    rig.wait(lambda: browser.model.total == 2)
    assert browser.current_id() == first.id
    assert browser.model.sums.amounts["gross"] == 2 * browser.current_row().gross  # type: ignore[attr-defined]


def test_a_draft_is_thrown_away_after_a_question(rig: Rig) -> None:
    """It cannot be brought back, so it is asked; an issued document is not touched."""
    others = seller(rig)
    issued = others.change(service.issue_invoice, office.draft_of(others, "FS"))
    draft = office.draft_of(others, "FS")
    others.change(service.save_draft, draft)
    window = rig.log_in("anna")
    browser = listed(rig)
    browser.focus_rows()
    assert browser.select_id(issued.id)
    rig.key("Delete")
    assert "issued document" in window.status_bar.message()
    assert browser.select_id(draft.id)
    rig.key("Delete")
    question = rig.dialog()
    question.buttons["discard"].click()  # type: ignore[attr-defined]
    rig.wait(lambda: browser.model.exact and browser.model.total == 1)
    assert window.status_bar.message() == "The draft was thrown away."


def test_a_draft_that_a_colleague_went_on_with_is_not_thrown_away(rig: Rig) -> None:
    """ARC-02: thrown away is what the question spoke of; a later version answers with the conflict's sentence."""
    others = seller(rig)
    draft = office.draft_of(others, "FS")
    version = others.change(service.save_draft, draft).version
    rig.log_in("anna")
    browser = listed(rig)
    browser.focus_rows()
    rig.key("Delete")
    question = rig.dialog()
    others.change(service.save_draft, replace(draft, notes="pilne", version=version))
    rig.wait(lambda: (row := browser.current_row()) is not None and row.version > version)  # type: ignore[attr-defined]
    question.buttons["discard"].click()  # type: ignore[attr-defined]
    rig.wait(lambda: rig.dialog() is not question)
    assert "A colleague saved this record" in rig.dialog().accessibleDescription()
    rig.dialog().reject()
    assert others.read(queries.get_document, draft.id).draft.notes == "pilne"


def test_the_print_in_two_languages(rig: Rig) -> None:
    """SAL-10: the PDF of an issued invoice, in Polish and in English, in a dock."""
    others = seller(rig)
    issued = others.change(service.issue_invoice, office.draft_of(others, "FS"))
    window = rig.log_in("anna")
    browser = listed(rig)
    browser.focus_rows()
    rig.key("F7")
    preview = rig.see(DocumentPreview, "document_preview")
    rig.wait(lambda: preview.printed is not None)
    assert preview.preview.page_count() == 1
    assert issued.number in window.dock_area.title(window.dock_area.current())
    polish = preview.printed
    rig.see(ComboField, "print_language").set_value("en")
    preview.refresh()
    rig.wait(lambda: preview.printed is not polish)
    rig.key("Ctrl+W")
    rig.gone(preview)


def test_a_draft_is_previewed_before_it_is_issued(rig: Rig) -> None:
    """F7 in the editor shows what the print would look like, with a watermark; the next F7 shows the draft as it is now."""
    rig.log_in("anna")
    listed(rig)
    rig.key("Insert")
    invoice = editor(rig)
    rig.wait(invoice.header.buyer_name.hasFocus)
    rig.key("F7")
    preview = rig.see(DocumentPreview, "document_preview")
    rig.wait(lambda: preview.printed is not None)
    first = preview.printed
    rig.key("Ctrl+2")
    rig.wait(lambda: invoice.isVisible() and invoice.focus_inside())
    invoice.header.buyer_name.setFocus(Qt.FocusReason.TabFocusReason)
    rig.type("volt")
    rig.key("Return")
    rig.wait(lambda: invoice.draft.buyer.name != "")
    rig.key("F7")
    rig.wait(lambda: preview.printed is not first)


def history_of(rig: Rig) -> DocumentHistory:
    shown = rig.see(DocumentHistory, "document_history")
    rig.wait(lambda: shown.empty.isVisible() or shown.view.isVisible())
    rig.wait(lambda: (focus := QApplication.focusWidget()) is not None and (focus is shown or shown.isAncestorOf(focus)))
    return shown


def cells(shown: DocumentHistory) -> list[list[str]]:
    """What the rows show, without the moment."""
    delegate, model = shown.view.itemDelegate(), shown.model
    assert isinstance(delegate, GridDelegate)
    rows = range(model.rowCount())
    return [
        [delegate.shown_text(model.index(row, column)) for column in (range(1) if model.is_change(row) else range(1, 3))] for row in rows
    ]


def test_who_did_what_with_a_document(rig: Rig) -> None:
    """NBR-08: F9 over the list; each act with what it changed, live, read by the arrow keys; Esc closes it."""
    other = seller(rig)
    draft = office.draft_of(other, "FS")
    saved = other.change(service.save_draft, draft)
    window = rig.log_in("anna")
    browser = listed(rig)
    browser.focus_rows()
    assert "F9" in window.key_bar.shown()
    rig.key("F9")
    shown = history_of(rig)
    rig.wait(shown.view.hasFocus)
    gross = money(other.read(queries.get_document, draft.id).totals.gross)
    assert cells(shown) == [
        ["Anna", "entered"],
        ["kind: Faktura"],
        ["buyer: Hurtownia Volt Sp. z o.o."],
        ["lines: 1"],
        [f"gross: {gross}"],
    ]
    other.change(service.save_draft, replace(draft, notes="pilne", payment=PaymentForm.CASH, version=saved.version))
    rig.wait(lambda: shown.model.rowCount() == 8)
    assert cells(shown)[:3] == [["Anna", "changed"], ["payment: bank transfer → cash"], ["notes: pilne"]]
    rig.keys("Home", "Down", "Down")
    whole = rig.see(QLabel, "history_whole").text()
    assert whole.endswith("Anna, changed\nnotes: pilne")
    assert shown.model.index(2, 0).data(Qt.ItemDataRole.AccessibleTextRole) == whole
    before = shown.model.rowCount()
    rig.keys("Delete", "X", "F2")
    assert shown.model.rowCount() == before
    rig.key("Escape")
    rig.gone(shown)


def test_a_draft_that_was_never_saved_has_no_history_yet(rig: Rig) -> None:
    """F9 in the editor; the key is shown once there is something, and what is saved comes by itself."""
    window = rig.log_in("anna")
    listed(rig)
    rig.key("Insert")
    invoice = editor(rig)
    rig.wait(invoice.header.buyer_name.hasFocus)
    assert "F9" not in window.key_bar.shown()
    rig.key("F9")
    shown = history_of(rig)
    assert shown.empty.isVisible() and not shown.view.isVisible()
    rig.key("Escape")
    rig.gone(shown)
    rig.wait(lambda: invoice.isVisible() and invoice.focus_inside())
    rig.fill(invoice.header.buyer_name, "volt")
    rig.key("Return")
    rig.wait(lambda: invoice.draft.buyer.name != "")
    rig.key("Ctrl+S")
    rig.wait(lambda: "F9" in window.key_bar.shown())
    rig.key("F9")
    shown = history_of(rig)
    rig.wait(lambda: shown.model.rowCount() > 0)
    assert cells(shown)[0][1] == "entered"


def test_closing_the_window_stores_what_was_typed(rig: Rig) -> None:
    """Nothing lost: the window waits until the editor has stored its draft."""
    rig.log_in("anna")
    listed(rig)
    rig.key("Insert")
    invoice = editor(rig)
    rig.wait(invoice.header.buyer_name.hasFocus)
    rig.type("volt")
    rig.key("Return")
    rig.wait(lambda: invoice.draft.buyer.name != "")
    draft = invoice.draft.id
    rig.log_out()
    stored = rig.boss().read(queries.get_document, draft)
    assert stored.state is State.DRAFT
    assert stored.draft.buyer.name == "Hurtownia Volt Sp. z o.o."


def test_a_receipt_begins_with_f8(rig: Rig) -> None:
    """SAL-07: the list's F8 begins a document that needs no buyer and is issued by its receipt."""
    rig.log_in("anna")
    listed(rig)
    rig.key("F8")
    receipt = editor(rig)
    assert receipt.draft.kind.fiscal
    assert not receipt.draft.kind.buyer_required


def test_a_kind_of_document_is_defined(rig: Rig) -> None:
    """SAL-04: kinds are data; a fiscal one counts from gross prices, one for KSeF names its buyer."""
    rig.log_in("szef")
    rig.open("documents.kinds")
    rig.key("Insert")
    card = rig.card("kind_card")
    for text in ("fz", "Faktura zaliczkowa", "Advance invoice", "FZ"):
        rig.type(text)
        rig.key("Return")
    rig.key("F10")
    rig.wait(lambda: rig.see(QLineEdit, "code").property("state") == "error")
    rig.fill(rig.see(QLineEdit, "code"), "FZ")
    card.form.fiscal.setChecked(True)
    assert card.value().method is Method.GROSS
    assert not card.form.method.isEnabled()
    card.form.ksef.setChecked(True)
    card.form.buyer_required.setChecked(False)
    rig.key("F10")
    rig.wait(lambda: "kind_ksef_buyer" in [problem.code for problem in card.problems()])
    card.form.buyer_required.setChecked(True)
    rig.key("F10")
    rig.gone(card)
    kind, series = next(
        found
        for found in (rig.boss().read(queries.get_kind, each.id) for each in rig.boss().read(queries.list_kinds))
        if found[0].code == "FZ"
    )
    assert (kind.name, kind.method, kind.fiscal, series) == ("Faktura zaliczkowa", Method.GROSS, True, "FZ")
