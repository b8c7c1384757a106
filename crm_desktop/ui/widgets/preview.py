"""A PDF on the screen and on paper: shown page by page as it is, printed through the system's own dialog."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pypdfium2
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QFileDialog, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from crm_desktop.core.i18n import _
from crm_desktop.ui import keys
from crm_desktop.ui import theme as look
from crm_desktop.ui.widgets.parts import ElidedLabel, button, label, rule, tool_button

POINTS = 72
_STEPS = (0.5, 0.67, 0.8, 1.0, 1.25, 1.5, 2.0, 3.0)
_GAP = 14
#: A page is not made larger than this by itself: on a wide window more of it is seen instead.
_WIDEST = 1.2


class PdfPreview(QFrame):
    """A tool bar and the pages. Print, save, zoom; the width fits by itself until a person zooms."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        look.mark(self, role="canvas")
        self._pdf, self._title = b"", ""
        self._pages = _Pages()
        self._scroll = QScrollArea()
        self._scroll.setWidget(self._pages)
        self._scroll.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._scroll.setAccessibleName(_("Pages"))
        self.print_button = button(_("Print"), self.print_pdf, kind="primary", icon="printer", key="Ctrl+P")
        self.save_button = button(_("Save as PDF"), self.save_pdf, icon="download", key="Ctrl+S")
        for each in (self.print_button, self.save_button):
            each.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._name, self._count = ElidedLabel(role="muted"), label(role="muted")
        bar = QFrame()
        look.mark(bar, role="surface")
        line = QHBoxLayout(bar)
        line.setContentsMargins(8, 6, 8, 6)
        line.setSpacing(6)
        line.addWidget(self.print_button)
        line.addWidget(self.save_button)
        line.addSpacing(6)
        line.addWidget(self._name, 1)
        self._bar = line
        line.addWidget(self._count)
        line.addWidget(tool_button("zoom-out", _("Smaller"), "Ctrl+Minus", lambda: self._zoom(-1)))
        line.addWidget(tool_button("zoom-in", _("Larger"), "Ctrl+Plus", lambda: self._zoom(1)))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(bar)
        column.addWidget(rule())
        column.addWidget(self._scroll, 1)
        self._chosen: float | None = None
        self.printed: Callable[[], object] | None = None
        self.setFocusProxy(self._scroll)
        keys.bind(self, "Ctrl+P", self.print_pdf)
        keys.bind(self, "Ctrl+S", self.save_pdf)
        keys.bind(self, "Ctrl+Minus", lambda: self._zoom(-1))
        keys.bind(self, "Ctrl+Plus", lambda: self._zoom(1))

    def add_to_bar(self, *widgets: QWidget) -> None:
        """Put something before the number of pages (the language of the print)."""
        for widget in widgets:
            self._bar.insertWidget(self._bar.indexOf(self._count), widget)
        self._bar.insertSpacing(self._bar.indexOf(self._count), 10)

    def show_pdf(self, pdf: bytes, title: str) -> None:
        """Show the pages of `pdf`. pypdfium2.PdfiumError when it is no PDF."""
        self._pdf, self._title = pdf, title
        self._pages.show_pdf(pdf)
        self._name.setText(title)
        self._count.setText(_("pages: {count}").format(count=self._pages.count()))
        self._fit()

    def page_count(self) -> int:
        """How many pages there are."""
        return self._pages.count()

    def print_pdf(self) -> None:
        """Ask for a printer, then print."""
        if not self._pdf:
            return
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setDocName(self._title)
        dialog = QPrintDialog(printer, self)
        dialog.setWindowTitle(_("Print"))
        if dialog.exec() == QDialog.DialogCode.Accepted:
            print_to(printer, self._pdf)
            if self.printed is not None:
                self.printed()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the width."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        if self._pages.count():
            self._pages.set_zoom(self._chosen or self._pages.zoom_for(self._scroll.viewport().width()))

    def _zoom(self, step: int) -> None:
        here = self._pages.zoom
        if step > 0:
            self._chosen = next((each for each in _STEPS if each > here + 0.01), _STEPS[-1])
        else:
            self._chosen = next((each for each in reversed(_STEPS) if each < here - 0.01), _STEPS[0])
        self._fit()

    def save_pdf(self) -> None:
        """Ask where to, then write the PDF as it is."""
        name = "".join(sign if sign.isalnum() or sign in " -." else "-" for sign in self._title)
        path, _kind = QFileDialog.getSaveFileName(self, _("Save as PDF"), f"{name}.pdf", "PDF (*.pdf)")
        if path:
            Path(path).write_bytes(self._pdf)


class _Pages(QWidget):
    """The pages under each other, white in the dark theme too: paper is white. A page is drawn when it is first seen."""

    def __init__(self) -> None:
        super().__init__()
        self._pdf = b""
        self._images: dict[int, QImage] = {}
        self._sizes: list[tuple[float, float]] = []
        self.zoom = 1.0

    def show_pdf(self, pdf: bytes) -> None:
        with _opened(pdf) as document:
            self._sizes = [document.get_page_size(page) for page in range(len(document))]
        self._pdf = pdf
        self._images.clear()
        self._resize()

    def count(self) -> int:
        return len(self._sizes)

    def zoom_for(self, width: int) -> float:
        widest = max((size[0] for size in self._sizes), default=595.0)
        return max(0.3, min(_WIDEST, (width - 2 * _GAP) / (widest * self._unit())))

    def set_zoom(self, zoom: float) -> None:
        if abs(zoom - self.zoom) > 0.001:
            self.zoom = zoom
            self._images.clear()
        self._resize()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, painter = look.current(), QPainter(self)
        y = float(_GAP)
        for page, (wide, high) in enumerate(self._sizes):
            box = QRectF((self.width() - wide * self._scale()) / 2, y, wide * self._scale(), high * self._scale())
            if box.intersects(QRectF(event.rect())):
                image, ratio = self._image(page), self.devicePixelRatioF()
                corner = QPointF(round(box.x() * ratio) / ratio, round(box.y() * ratio) / ratio)
                painter.drawImage(corner, image)  # pixel by pixel: scaled by a fraction it would lose a column in its middle
                painter.setPen(theme.color("border"))
                painter.drawRect(QRectF(corner, image.deviceIndependentSize()))
            y += box.height() + _GAP

    def _image(self, page: int) -> QImage:
        if page not in self._images:
            with _opened(self._pdf) as document:  # opening takes a millisecond; nothing is left open when a window goes
                self._images[page] = render(document, page, self._scale() * self.devicePixelRatioF())
            self._images[page].setDevicePixelRatio(self.devicePixelRatioF())
        return self._images[page]

    def _unit(self) -> float:
        return 96 / POINTS  # at 100 % a page is as large as on paper

    def _scale(self) -> float:
        return self.zoom * self._unit()

    def _resize(self) -> None:
        scale = self._scale()
        wide = max((size[0] for size in self._sizes), default=0) * scale + 2 * _GAP
        high = sum(size[1] * scale + _GAP for size in self._sizes) + _GAP
        self.setFixedSize(QSize(round(wide), round(high)))


@contextmanager
def _opened(pdf: bytes) -> Iterator[pypdfium2.PdfDocument]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        yield document
    finally:
        document.close()


def render(document: pypdfium2.PdfDocument, page: int, scale: float) -> QImage:
    """A page as an image; `scale` in pixels a point (1/72 inch)."""
    bitmap = document[page].render(scale=scale, rev_byteorder=True)
    width, height, stride = bitmap.width, bitmap.height, bitmap.stride
    form = QImage.Format.Format_RGBX8888 if bitmap.n_channels == 4 else QImage.Format.Format_RGB888
    return QImage(bytes(bitmap.buffer), width, height, stride, form).copy()


def print_to(printer: QPrinter, pdf: bytes) -> None:
    """Put every page of `pdf` on `printer` in its own size, at 300 dots an inch or the printer's own if it is coarser."""
    with _opened(pdf) as document:
        painter = QPainter()
        for page in range(len(document)):
            wide, high = document.get_page_size(page)
            size = QPageSize(QSize(round(wide), round(high)))
            turned = QPageLayout.Orientation.Landscape if wide > high else QPageLayout.Orientation.Portrait
            printer.setPageSize(size if wide <= high else QPageSize(QSize(round(high), round(wide))))
            printer.setPageOrientation(turned)
            printer.setFullPage(True)
            if page == 0:
                painter.begin(printer)
            else:
                printer.newPage()
            dots = min(300, printer.resolution())
            image = render(document, page, dots / POINTS)
            painter.drawImage(QRectF(0, 0, wide / POINTS * printer.resolution(), high / POINTS * printer.resolution()), image)
        painter.end()
