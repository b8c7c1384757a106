"""The engine of every printout: ReportLab with our font, a page frame, tables that go on over pages. No Qt, no clock.

The same story gives the same bytes each time (no dates, no random ids in the file), so that golden texts and hashes hold.
"""

import io
import threading
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeAlias
from xml.sax.saxutils import escape

from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    KeepTogether,
    NextPageTemplate,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)

from crm_desktop.core.assets import asset

REGULAR, MEDIUM, SEMIBOLD, BOLD = "Inter-Regular", "Inter-Medium", "Inter-SemiBold", "Inter-Bold"
INK, QUIET, HAIR, FILL, ACCENT = map(HexColor, ("#1A1D21", "#4F5763", "#D9DCE1", "#F3F4F6", "#2458D3"))
_WATERMARK = HexColor("#E9EBEE")
LEFT, TOP, BOTTOM = 18 * mm, 15 * mm, 22 * mm
WIDTH, WIDE = A4[0] - 2 * LEFT, A4[1] - 2 * LEFT
_PADDING = 4
_LEAST = 90  # points that are always left for the column of words

#: What a cell of a table holds: words, or things already made.
Cell: TypeAlias = str | Flowable | list[Flowable]

# ReportLab keeps the subsets of a font in the font: two documents built at once would share them.
_ONE_AT_A_TIME = threading.Lock()


@dataclass(frozen=True)
class Sheet:
    """What stands on every page besides the story.

    title, author, subject, language ("pl", "en") go into the file's properties. `foot` stands at the bottom left, `page`
    gives the text at the bottom right from (page, pages), `head` stands on top from the second page on, `watermark`
    lies under the text of each page. wide: the pages lie on their long side.
    """

    title: str
    page: Callable[[int, int], str]
    author: str = ""
    subject: str = ""
    language: str = "pl"
    head: str = ""
    foot: str = ""
    watermark: str = ""
    wide: bool = False


@dataclass(frozen=True)
class Column:
    """A column of `table`: its head, its least width in points (None: what the others leave), its side.

    A right column is as wide as its longest figure, at least `width`. Figures are never broken or cut: where there is no
    room for them all (amounts of a dozen digits) they become smaller.
    """

    head: str
    width: float | None = None
    right: bool = False


def build(sheet: Sheet, story: Sequence[Flowable]) -> bytes:
    """The PDF file. Raises ReportLab's LayoutError when one thing is larger than a page."""
    _fonts()
    target = io.BytesIO()
    document = BaseDocTemplate(
        target,
        pagesize=_size(sheet),
        title=sheet.title,
        author=sheet.author,
        subject=sheet.subject,
        creator="crm-desktop",
        lang=sheet.language,
        invariant=1,
        pageCompression=1,
        leftMargin=LEFT,
        rightMargin=LEFT,
    )
    width, height = _size(sheet)[0] - 2 * LEFT, _size(sheet)[1] - TOP - BOTTOM
    whole = Frame(LEFT, BOTTOM, width, height, *[0] * 4, id="first")
    under_head = Frame(LEFT, BOTTOM, width, height - 9 * mm, *[0] * 4, id="later")
    document.addPageTemplates(
        [
            PageTemplate("first", whole, onPage=lambda canvas, _: _under(canvas, sheet, first=True)),
            PageTemplate("later", under_head, onPage=lambda canvas, _: _under(canvas, sheet, first=False)),
        ]
    )
    with _ONE_AT_A_TIME:
        document.build([NextPageTemplate("later"), *story], canvasmaker=_counting(sheet))
    return target.getvalue()


def style(size: float = 8.5, font: str = REGULAR, color: Any = INK, right: bool = False, gap: float = 0) -> ParagraphStyle:
    """A paragraph's style; size in points, `gap` the space after it."""
    values: dict[str, Any] = {"alignment": TA_RIGHT} if right else {}
    return ParagraphStyle(
        f"{font}{size}",
        fontName=font,
        fontSize=size,
        leading=round(size * 1.35, 2),
        textColor=color,
        spaceAfter=gap,
        splitLongWords=1,
        **values,
    )


def text(words: str, like: ParagraphStyle | None = None) -> Paragraph:
    """A paragraph of plain words: nothing in them is markup, line breaks stay, words too long for the line are broken."""
    return Paragraph(marked(words), like or style())


def marked(words: str) -> str:
    """Plain words as a paragraph's markup, for a paragraph that has two styles."""
    return escape(printable(words)).replace("\n", "<br/>")


def printable(words: str) -> str:
    """The words in the characters that the font has: an unknown letter is "?", an emoji or invisible sign is left out."""
    _fonts()
    known = pdfmetrics.getFont(REGULAR).face.charToGlyph
    return "".join(_shown(sign, known) for sign in words)


def table(columns: Sequence[Column], rows: Sequence[Sequence[Cell]], size: float = 8, width: float | None = None) -> Table:
    """A table whose head is repeated on each page; one column has no width of its own.

    Texts in right columns are figures, in others paragraphs. `width`: of the whole table, points; the page's when it is not given.
    """
    needed = [_width(column, [row[place] for row in rows], size) for place, column in enumerate(columns)]
    taken = sum(given or 0 for given in needed)
    room = max((width or WIDTH) - taken, _LEAST)
    squeeze = min(1, ((width or WIDTH) - room) / taken)
    widths = [room if given is None else given * squeeze for given in needed]
    quiet = [style(7, MEDIUM, QUIET, right) for right in (False, True)]
    head = [text(column.head, quiet[column.right]) for column in columns]
    plain = style(size)
    body = [
        [
            (Figures(cell, size) if column.right else text(cell, plain)) if isinstance(cell, str) else cell
            for column, cell in zip(columns, row, strict=True)
        ]
        for row in rows
    ]
    return Table(
        [head, *body],
        widths,
        repeatRows=1,
        splitInRow=1,
        style=TableStyle(
            [
                ("VALIGN", (0, 0), (-1, 0), "BOTTOM"),
                ("VALIGN", (0, 1), (-1, -1), "TOP"),
                ("BACKGROUND", (0, 0), (-1, 0), FILL),
                ("LINEBELOW", (0, 0), (-1, -1), 0.4, HAIR),
                ("LEFTPADDING", (0, 0), (-1, -1), _PADDING),
                ("RIGHTPADDING", (0, 0), (-1, -1), _PADDING),
                ("TOPPADDING", (0, 0), (-1, -1), 3.5),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 3.5),
            ]
        ),
    )


def side_by_side(cells: Sequence[Sequence[Flowable]], widths: Sequence[float], rule: bool = False) -> Table:
    """Blocks beside each other; `rule` draws a hair line above."""
    lines = [("LINEABOVE", (0, 0), (-1, 0), 0.6, HAIR), ("TOPPADDING", (0, 0), (-1, -1), 6)] if rule else []
    return Table(
        [list(cells)],
        widths,
        style=TableStyle(
            [
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                *(((side, (0, 0), (-1, -1), 0)) for side in ("LEFTPADDING", "TOPPADDING", "BOTTOMPADDING")),
                ("RIGHTPADDING", (0, 0), (-1, -1), 8),
                ("RIGHTPADDING", (-1, 0), (-1, -1), 0),
                *lines,
            ]
        ),
    )


def gap(height: float) -> Spacer:
    """Empty space, millimetres."""
    return Spacer(0, height * mm)


def together(story: Sequence[Flowable]) -> KeepTogether:
    """Things that a page break must not part."""
    return KeepTogether(list(story))


def qr_code(words: str, side: float = 26) -> Drawing:
    """A QR code of `side` millimetres, error level M (ISO/IEC 18004)."""
    code = QrCodeWidget(words, barLevel="M")
    x0, y0, x1, y1 = code.getBounds()
    scale = side * mm / (x1 - x0)
    drawing = Drawing(side * mm, side * mm, transform=[scale, 0, 0, scale, -x0 * scale, -y0 * scale])
    drawing.add(code)
    return drawing


class Figures(Flowable):  # type: ignore[misc]
    """Figures at the right edge, every digit equally wide, so that columns stand straight.

    The font's own digits are not (its "1" is narrow), and PDF has no switch for the font's tabular ones: the space between
    characters makes up the difference, which leaves the text whole for search and copy.
    """

    def __init__(self, words: str, size: float = 8, font: str = REGULAR, color: Any = INK) -> None:
        super().__init__()
        self.words, self.size, self.font, self.color = printable(words), size, font, color
        self.leading = round(size * 1.35, 2)

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """ReportLab asks for the room: the whole column, one line."""
        if self.length() > width:
            self.size *= width / self.length()
        self.width, self.height = width, self.leading
        return width, self.leading

    def length(self) -> float:
        """How wide it is drawn, points."""
        slack = sum(_slack(sign, self.font, self.size) for sign in self.words)
        return float(pdfmetrics.stringWidth(self.words, self.font, self.size)) + slack

    def draw(self) -> None:
        """ReportLab lets it draw at the origin."""
        slack = [_slack(sign, self.font, self.size) for sign in self.words]
        # The baseline lies where a paragraph's would, so that figures and words of a row stand on one line.
        line = self.canv.beginText(self.width - self.length() + (slack[0] / 2 if slack else 0), self.leading - self.size)
        line.setFont(self.font, self.size)
        line.setFillColor(self.color)
        for place, sign in enumerate(self.words):
            after = slack[place + 1] if place + 1 < len(slack) else 0
            line.setCharSpace((slack[place] + after) / 2)
            line.textOut(sign)
        self.canv.drawText(line)


def _width(column: Column, cells: Sequence[Cell], size: float) -> float | None:
    if column.width is None or not column.right:
        return column.width
    parts = [part for cell in cells for part in (cell if isinstance(cell, list) else [cell])]
    lengths = [
        Figures(part, size).length() if isinstance(part, str) else part.length() for part in parts if isinstance(part, (str, Figures))
    ]
    return max([column.width, *(length + 2 * _PADDING for length in lengths)])


def _slack(sign: str, font: str, size: float) -> float:
    """What a digit lacks to the widest one."""
    if not sign.isdigit():
        return 0
    return float(_digit_width(font) - pdfmetrics.stringWidth(sign, font, 1)) * size


@cache
def _digit_width(font: str) -> float:
    return float(max(pdfmetrics.stringWidth(digit, font, 1) for digit in "0123456789"))


@cache
def _fonts() -> None:
    for name in (REGULAR, MEDIUM, SEMIBOLD, BOLD):
        pdfmetrics.registerFont(TTFont(name, str(asset(f"resources/fonts/{name}.ttf"))))


def _shown(sign: str, known: dict[int, int]) -> str:
    if sign == "\n" or (ord(sign) in known and unicodedata.category(sign) not in ("Cc", "Cf")):
        return sign
    return "?" if sign.isalnum() else ""


def _size(sheet: Sheet) -> tuple[float, float]:
    return (A4[1], A4[0]) if sheet.wide else A4


def _under(canvas: Canvas, sheet: Sheet, first: bool) -> None:
    """What is drawn before the story: the watermark and the head of later pages."""
    width, height = _size(sheet)
    if sheet.watermark:
        canvas.saveState()
        canvas.setFillColor(_WATERMARK)
        canvas.translate(width / 2, height / 2)
        canvas.rotate(52)
        canvas.setFont(BOLD, 120)
        canvas.drawCentredString(0, -40, sheet.watermark)
        canvas.restoreState()
    if not first:
        canvas.setFont(MEDIUM, 8)
        canvas.setFillColor(QUIET)
        canvas.drawString(LEFT, height - TOP - 8, printable(sheet.head))
        _hair(canvas, height - TOP - 5 * mm, width)


def _counting(sheet: Sheet) -> type[Canvas]:
    """A canvas that holds its pages back until it knows how many there are."""

    class Counting(Canvas):  # type: ignore[misc]
        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            self._held: list[dict[str, Any]] = []

        def showPage(self) -> None:
            self._held.append(dict(self.__dict__))
            self._startPage()

        def save(self) -> None:
            for number, page in enumerate(self._held, start=1):
                self.__dict__.update(page)
                width = _size(sheet)[0]
                _hair(self, BOTTOM - 6 * mm, width)
                self.setFont(REGULAR, 7)
                self.setFillColor(QUIET)
                self.drawString(LEFT, BOTTOM - 10 * mm, printable(sheet.foot))
                self.drawRightString(width - LEFT, BOTTOM - 10 * mm, sheet.page(number, len(self._held)))
                super().showPage()
            super().save()

    return Counting


def _hair(canvas: Canvas, height: float, width: float) -> None:
    canvas.setStrokeColor(HAIR)
    canvas.setLineWidth(0.4)
    canvas.line(LEFT, height, width - LEFT, height)
