"""PDF on the screen and on paper."""

import io
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QPainter
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QWidget
from reportlab.pdfgen import canvas

from crm_desktop.ui.widgets.preview import PdfPreview, print_to, render


@pytest.fixture
def pdf() -> bytes:
    """Two pages: a black square at the top left of an upright one, then a lying one."""
    buffer = io.BytesIO()
    page = canvas.Canvas(buffer, pagesize=(595, 842))
    page.rect(0, 742, 100, 100, fill=1)
    page.showPage()
    page.setPageSize((842, 595))
    page.rect(742, 0, 100, 100, fill=1)
    page.save()
    return buffer.getvalue()


def test_pages_are_shown(shown: Callable[..., QWidget], pdf: bytes) -> None:
    """Both, fitted to the width; another document replaces them."""
    preview = PdfPreview()
    shown(preview, size=(700, 600))
    preview.show_pdf(pdf, "FS/KR/1284/11/2026")
    assert preview.page_count() == 2
    assert preview._pages.width() <= 700
    image = preview._pages.grab().toImage()
    assert image.pixelColor(image.width() // 2, 300).lightness() > 200  # paper is white
    before = preview._pages.zoom
    preview._zoom(1)
    assert preview._pages.zoom > before


@pytest.mark.parametrize("width", range(640, 660, 3))
def test_a_page_is_shown_pixel_by_pixel(shown: Callable[..., QWidget], pdf: bytes, width: int) -> None:
    """At no zoom does a column in the middle of the page get lost: letters would be cut there."""
    preview = PdfPreview()
    shown(preview, size=(width, 600))
    preview.show_pdf(pdf, "FS/KR/1284/11/2026")
    pages = preview._pages
    page = pages._image(0)
    painter = QPainter(page)
    for x in range(page.width()):
        painter.fillRect(QRect(x, 0, 1, page.height()), QColor(x & 255, x >> 8, 200))
    painter.end()
    seen = pages.grab().toImage()
    colors = [seen.pixelColor(x, 300) for x in range(seen.width())]
    columns = [color.red() + 256 * color.green() for color in colors if color.blue() == 200 and color.green() < 4]
    assert columns == list(range(1, page.width())) or columns == list(range(1, page.width() - 1))  # its border lies over the edge


def test_a_page_is_drawn_right_way_up(pdf: bytes) -> None:
    """The square is at the top left, and black is black (the bytes' order is right)."""
    document = pypdfium2.PdfDocument(pdf)
    image = render(document, 0, 1.0)
    document.close()
    assert (image.width(), image.height()) == (595, 842)
    assert image.pixelColor(50, 50).lightness() < 30
    assert image.pixelColor(50, 200).lightness() > 220


def test_what_is_no_pdf_is_said(dressed: object) -> None:
    """Not an empty window."""
    with pytest.raises(pypdfium2.PdfiumError):
        PdfPreview().show_pdf(b"no pdf", "x")


def test_printing_keeps_pages_and_sizes(pdf: bytes, tmp_path: Path, dressed: object) -> None:
    """On Qt's PDF printer, which stands for any: two pages, one upright and one lying, the square where it was."""
    target = tmp_path / "printed.pdf"
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(target))
    print_to(printer, pdf)
    printed = pypdfium2.PdfDocument(target)
    sizes = [tuple(round(side, -1) for side in printed.get_page_size(page)) for page in range(len(printed))]
    assert sizes == [(600, 840), (840, 600)]
    assert render(printed, 0, 1.0).pixelColor(50, 50).lightness() < 40
    assert render(printed, 1, 1.0).pixelColor(800, 560).lightness() < 40
    printed.close()
