"""The seller's part: a ten-line invoice by keyboard and scanner, its print as PDF, a receipt on a printer of another workstation."""

import re
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QLabel, QLineEdit, QTableView, QWidget

from crm_desktop.demo.tour import steps
from crm_desktop.demo.tour.eye import amount, focused, in_front, seen
from crm_desktop.demo.tour.hand import NotSeen, Picture, Scan, Script, Text, Until, press
from crm_desktop.documents.views.line_model import Col
from crm_desktop.ui.delegates import GridDelegate

if TYPE_CHECKING:
    from crm_desktop.app.desktop import Desktop
    from crm_desktop.demo.tour.station import Papers

TYPED_LINES, SCANNED_LINES = 7, 3
#: What the Polish desk says of a printed receipt: its number, and the printer's.
_PRINTED = re.compile(r"paragon nr (\d+), (.+)$")


def script(desktop: "Desktop", papers: "Papers", found: dict[str, Any]) -> Script:
    """All steps; `found` gathers what was read on the screen."""
    yield from steps.log_in(desktop, papers.password, mistake=True)
    yield from _to_documents()
    yield Picture("documents", "the list of the branch's documents")
    yield from _invoice(papers, found)
    yield from _pdf(papers)
    yield from _receipt(papers, found)


def _to_documents() -> Script:
    yield Until(lambda: seen(QWidget, "document_browser"), "the list of documents")
    yield press("Ctrl+1")
    yield Until(lambda: _rows("document_browser") > 0, "documents in the list")


def _invoice(papers: "Papers", found: dict[str, Any]) -> Script:
    yield press("Insert")
    yield Until(lambda: focused("buyer_name"), "a new invoice with the keyboard in the buyer")
    yield Picture("new-invoice", "an empty invoice; the keyboard is in the buyer")
    yield press("F10")
    yield Until(lambda: _problems() >= 2, "all problems of the empty invoice at once")
    yield Picture("problems", f"{_problems()} problems at once: no buyer, no lines")
    yield Until(lambda: seen(QLineEdit, "buyer_name"), "the buyer's field")
    if not focused("buyer_name"):
        yield press("F6")
        yield Until(lambda: focused("buyer_name"), "F6 leads to the header")
    yield Text(papers.buyer)
    yield press("Return")
    yield Until(lambda: focused("entry_item"), "the buyer is taken, the entry line is ready")
    for place, code in enumerate(papers.codes[:TYPED_LINES], 1):
        yield Text(code)
        yield press("Return")
        yield Until(lambda: focused("entry_quantity"), f"item {code} is taken, the keyboard is in the quantity")
        yield Text(str(place))
        yield press("Return")
        yield Until(partial(_lines, place, ready=True), f"line {place}")
    for place, code in enumerate(papers.barcodes[:SCANNED_LINES], TYPED_LINES + 1):
        yield Scan(code)
        yield Until(partial(_lines, place), f"scanned line {place}")
    net, tax, gross = (amount(_text(name)) for name in ("total_net", "total_tax", "total_gross"))
    if net + tax != gross or gross <= 0:
        raise NotSeen(f"the totals do not add up: {net} + {tax} = {gross}")
    found.update(net=str(net), tax=str(tax), gross=str(gross), lines=_lines_shown())
    yield Picture("invoice", f"10 lines, net {net}, VAT {tax}, to pay {gross}")
    yield press("F10")
    yield Until(lambda: _state() == "wystawiona", "the invoice is issued")
    title = _text("document_title")
    found["invoice_number"] = title.split()[-1]
    if amount(_text("total_gross")) != gross:
        raise NotSeen("the issued invoice shows another sum")
    yield Picture("issued", title)


def _pdf(papers: "Papers") -> Script:
    yield press("F7")
    yield Until(lambda: seen(QWidget, "pdf_preview") and seen(QWidget, "pdf_preview").page_count() > 0, "the print on the screen")  # type: ignore[union-attr]
    yield Picture("print", "the invoice as it will lie on paper")
    yield press("Ctrl+S")
    yield Until(lambda: seen(QLineEdit, "fileNameEdit"), "the dialog that asks where to")
    yield press("Ctrl+A")
    yield Text(papers.pdf)
    yield press("Return")
    yield Until(lambda: Path(papers.pdf).exists(), "the PDF on the disk")
    yield Until(partial(in_front, "main_window"), "the desk in front again")
    yield press("Ctrl+W")
    yield Until(lambda: not seen(QWidget, "pdf_preview"), "the print is closed")


def _receipt(papers: "Papers", found: dict[str, Any]) -> Script:
    yield press("Ctrl+1")
    yield Until(lambda: seen(QWidget, "document_browser"), "back in the list")
    yield press("F8")
    yield Until(lambda: _state() == "szkic" and _rows("line_grid") == 0, "a new receipt")
    for place, code in enumerate(papers.barcodes[:SCANNED_LINES], 1):
        yield Scan(code)
        yield Until(partial(_lines, place), f"scanned line {place} of the receipt")
    gross = amount(_text("total_gross"))
    found.update(receipt_gross=str(gross), receipt_lines=_lines_shown())
    yield Picture("receipt", f"three scans, to pay {gross}")
    yield press("F8")
    yield Until(lambda: seen(QWidget, "receipt_dialog"), "the question before the receipt")
    yield Picture("receipt-question", "NIP and printer, before anything is sealed")
    yield press("Return")
    yield Until(lambda: _state() in ("w druku", "wystawiona"), "the receipt is sealed")
    yield Until(lambda: _state() == "wystawiona", "the receipt is printed at the other workstation and the document issued")
    found["receipt_document"] = _text("document_title").split()[-1]
    printed = _PRINTED.search(_text("receipt_state"))
    if printed is None:
        raise NotSeen(f"no number of the printer in: {_text('receipt_state')}")
    found["fiscal_number"], found["fiscal_device"] = printed.groups()
    yield Picture("receipt-issued", f"{_text('document_title')}: {_text('receipt_state')}")
    yield press("Ctrl+1")
    yield Until(lambda: seen(QWidget, "document_browser"), "the list")
    yield Picture("list-afterwards", "both documents stand in the list")


def _lines(count: int, ready: bool = False) -> bool:
    """Whether the document has so many lines, and (`ready`) the keyboard is back in the entry line."""
    return _rows("line_grid") == count and (not ready or focused("entry_item"))


def _rows(name: str) -> int:
    """How many rows a list or grid has."""
    view = _view(name)
    return view.model().rowCount() if view is not None and view.model() is not None else 0


def _view(name: str) -> QTableView | None:
    widget = seen(QWidget, name)
    return widget if isinstance(widget, QTableView) else widget.findChild(QTableView) if widget else None


def _lines_shown() -> list[tuple[str, str]]:
    """Name and gross of each line, as the grid paints them."""
    view = _view("line_grid")
    delegate = view.itemDelegate() if view is not None else None
    if view is None or not isinstance(delegate, GridDelegate):
        raise NotSeen("there is no grid")
    model = view.model()
    cells = ([delegate.shown_text(model.index(row, column)) for column in (Col.NAME, Col.GROSS)] for row in range(model.rowCount()))
    return [(name, str(amount(gross))) for name, gross in cells]


def _text(name: str) -> str:
    label = seen(QLabel, name)
    return label.text() if label is not None else ""


def _state() -> str:
    pill = seen(QWidget, "document_state")
    return pill.text() if pill is not None else ""  # type: ignore[attr-defined, no-any-return]


def _problems() -> int:
    panel = seen(QWidget, "problems_panel")
    return len(panel.problems()) if panel is not None else 0  # type: ignore[attr-defined]
