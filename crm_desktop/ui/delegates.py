"""Every cell of every grid is painted here: the style sheet is never asked for cells.

A view gives the kinds of its columns once; a model gives plain values (str, Decimal, int, date, datetime, bool) as DisplayRole and,
where a cell is not ordinary, a `CellStyle` under the role STYLE. Figures are tabular, stand right and are never elided: a cut
number lies, so a column that is too narrow shows ####; so do dates and identifiers.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QFontMetrics, QHelpEvent, QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QToolTip

from crm_desktop.core import i18n
from crm_desktop.ui import theme as look

Index = QModelIndex | QPersistentModelIndex

#: The model's answer for STYLE is a CellStyle or None.
STYLE = Qt.ItemDataRole.UserRole + 1


class Kind(StrEnum):
    """What a column holds; it fixes alignment, font, minimum width and what happens when the column is narrow."""

    TEXT = "text"  # elided at the right
    IDENTIFIER = "identifier"  # document numbers, codes: never elided (the column's minimum is its longest value)
    DATE = "date"
    NUMBER = "number"  # quantities, rates: Decimal with its own places
    MONEY = "money"  # Decimal or whole numbers, two places
    PRICE = "price"  # unit prices: two to four places
    SUM = "sum"  # money in weight 600: what decides
    PILL = "pill"  # one word of state
    ICON = "icon"  # the name of an icon
    MUTED = "muted"
    STRONG = "strong"
    LINK = "link"
    CHECK = "check"  # bool


FIGURES = frozenset({Kind.NUMBER, Kind.MONEY, Kind.PRICE, Kind.SUM})
_TABULAR = FIGURES | {Kind.DATE}
_NEVER_CUT = FIGURES | {Kind.IDENTIFIER, Kind.DATE}
_MINIMUM = {
    Kind.DATE: 94,
    Kind.ICON: 44,
    Kind.CHECK: 44,
    Kind.NUMBER: 56,
    Kind.MONEY: 88,
    Kind.PRICE: 80,
    Kind.SUM: 96,
    Kind.PILL: 84,
    Kind.IDENTIFIER: 96,
}


@dataclass(frozen=True, slots=True)
class CellStyle:
    """What makes one cell differ from its column. Tones and tints are token names of tokens.toml.

    kind: instead of the column's. tone: the text's token ("danger"; of a pill "warning"). tint: the ground's token
    ("danger_bg"). bar: a 3-px bar of this token at the left edge (give it for column 0). struck: crossed out.
    changed: `time.monotonic()` of a change by others, for the fade. pending: the row is not loaded yet.
    """

    kind: Kind | None = None
    tone: str = ""
    tint: str = ""
    bar: str = ""
    struck: bool = False
    changed: float = 0.0
    pending: bool = False


#: Text of these tokens passes AA on the selection; others become plain text there.
READABLE_ON_SELECTION = frozenset({"text", "text_2", "danger"})

PENDING = CellStyle(pending=True)
_PLAIN = CellStyle()


def text_of(value: object, kind: Kind = Kind.TEXT) -> str:
    """A value as the cell shows it: money "1 204,00", dates "23.11.2026", None as nothing."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        if kind in (Kind.MONEY, Kind.SUM):
            return i18n.money(value)
        return i18n.price(value) if kind is Kind.PRICE else i18n.decimal(value)
    if isinstance(value, datetime):
        return i18n.moment(value)
    if isinstance(value, date):
        return i18n.day(value)
    if isinstance(value, int) and not isinstance(value, bool) and kind in FIGURES:
        return i18n.decimal(Decimal(value)) if kind is Kind.NUMBER else text_of(Decimal(value), kind)
    return str(value)


def alignment(kind: Kind) -> Qt.AlignmentFlag:
    """How a column of this kind and its head stand."""
    if kind in FIGURES:
        return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
    if kind in (Kind.ICON, Kind.CHECK):
        return Qt.AlignmentFlag.AlignCenter
    return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


def minimum_width(kind: Kind) -> int:
    """The least width in pixels of a column of this kind at the text size in use."""
    return look.current().scaled(_MINIMUM.get(kind, 48))


class GridDelegate(QStyledItemDelegate):
    """Paints the cells of one view. `kinds`: one per column; a column beyond them is text.

    ring: False leaves the current cell without its ring (lists whose rows matter, not their cells).
    """

    def __init__(self, view: QAbstractItemView, kinds: Sequence[Kind] = (), *, ring: bool = True) -> None:
        super().__init__(view)
        self._view, self._kinds, self._ring = view, list(kinds), ring
        self._fade = QTimer(self, interval=40)
        self._fade.timeout.connect(self._fade_on)
        self._fade_until = 0.0
        look.current().follow(self, self._restyle)

    def set_kinds(self, kinds: Sequence[Kind]) -> None:
        """Take new columns."""
        self._kinds = list(kinds)
        self._view.viewport().update()

    def kind_of(self, index: Index) -> Kind:
        """The kind of a cell: its style's, else its column's."""
        style = index.data(STYLE)
        return style.kind if style is not None and style.kind else self._column_kind(index.column())

    def shown_text(self, index: Index) -> str:
        """The whole text of a cell, for copying, tool tips and tests."""
        return text_of(index.data(Qt.ItemDataRole.DisplayRole), self.kind_of(index))

    def cell_width(self, text: str, kind: Kind) -> int:
        """The width in pixels that `text` needs in a column of this kind, padding included."""
        if kind is Kind.PILL:
            return self._metrics[kind].horizontalAdvance(text) + 14 + 2 * self._pad
        return self._metrics[kind].horizontalAdvance(text) + 2 * self._pad + 2

    # ---- Qt ----
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Row height of the density; width of the text."""
        kind = self.kind_of(index)
        return QSize(max(minimum_width(kind), self.cell_width(self.shown_text(index), kind)), self._row)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Ground, tone bar, content, hair line, ring."""
        rect: QRect = option.rect  # type: ignore[attr-defined]
        state: QStyle.StateFlag = option.state  # type: ignore[attr-defined]
        style: CellStyle = index.data(STYLE) or _PLAIN
        kind = style.kind or self._column_kind(index.column())
        selected, focused = bool(state & QStyle.StateFlag.State_Selected), self._has_focus()
        self._paint_ground(painter, rect, style, selected, focused)
        painter.setPen(self._hair)
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        if style.pending:
            self._paint_pending(painter, rect, kind)
            return
        if style.bar:
            painter.fillRect(QRect(rect.x(), rect.y(), 3, rect.height() - 1), self._theme.color(style.bar))
        self._paint_content(painter, rect, index.data(Qt.ItemDataRole.DisplayRole), kind, style, selected)
        if self._ring and focused and state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(self._ring_pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(rect).adjusted(1, 1, -1, -2))

    def helpEvent(self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index) -> bool:
        """The tool tip of the model, or the full text where the cell could not show it."""
        if event.type() == QEvent.Type.ToolTip and index.isValid() and not index.data(Qt.ItemDataRole.ToolTipRole):
            text, kind, rect = self.shown_text(index), self.kind_of(index), view.visualRect(index)  # type: ignore[arg-type]
            cut = kind not in (Kind.ICON, Kind.CHECK) and self.cell_width(text, kind) > rect.width() + 2
            QToolTip.showText(event.globalPos(), text if cut else "", view, rect)
            return True
        return bool(super().helpEvent(event, view, option, index))

    # ---- painting ----
    def _paint_ground(self, painter: QPainter, rect: QRect, style: CellStyle, selected: bool, focused: bool) -> None:
        if selected:
            painter.fillRect(rect, self._theme.color("select" if focused else "select_idle"))
        if style.tint:
            painter.fillRect(rect, self._theme.color(style.tint))
        elif style.changed and not selected:
            strength = self._fade_strength(style.changed)
            if strength > 0:
                painter.fillRect(rect, self._theme.color("info_bg", strength))

    def _paint_content(self, painter: QPainter, rect: QRect, value: Any, kind: Kind, style: CellStyle, selected: bool) -> None:
        if value is None or value == "":
            return
        box = rect.adjusted(self._pad, 0, -self._pad, -1)
        if kind is Kind.ICON:
            self._paint_icon(painter, rect, str(value), style.tone or "text_2")
        elif kind is Kind.CHECK:
            if value is True or value in (Qt.CheckState.Checked, 2):
                self._paint_icon(painter, rect, "check", style.tone or "text_2")
        elif kind is Kind.PILL:
            pill(painter, box, str(value), style.tone or "neutral", struck=style.struck)
        else:
            self._paint_text(painter, box, text_of(value, kind), kind, style, selected)

    def _paint_text(self, painter: QPainter, box: QRect, text: str, kind: Kind, style: CellStyle, selected: bool) -> None:
        font, metrics = self._fonts[kind], self._metrics[kind]
        tone = style.tone or {Kind.MUTED: "text_2", Kind.LINK: "accent"}.get(kind, "text")
        if kind in FIGURES and not style.tone and text.startswith(i18n.MINUS):
            tone = "danger"  # the minus says it too
        if selected and tone not in READABLE_ON_SELECTION:
            tone = "text_2" if tone == "text_3" else "text"
        if metrics.horizontalAdvance(text) > box.width():
            text = "####" if kind in _NEVER_CUT else metrics.elidedText(text, Qt.TextElideMode.ElideRight, box.width())
        if style.struck:
            font = painter.font() if font is None else font
            font.setStrikeOut(True)
        painter.setFont(font)
        painter.setPen(self._theme.color(tone))
        painter.drawText(box, alignment(kind) | Qt.TextFlag.TextSingleLine, text)
        if style.struck:
            font.setStrikeOut(False)

    def _paint_icon(self, painter: QPainter, rect: QRect, name: str, token: str) -> None:
        size = self._theme.scaled(16)
        image = self._theme.pixmap(name, token, size, painter.device().devicePixelRatioF())
        painter.drawPixmap(rect.x() + (rect.width() - size) // 2, rect.y() + (rect.height() - 1 - size) // 2, image)

    def _paint_pending(self, painter: QPainter, rect: QRect, kind: Kind) -> None:
        width = min(rect.width() - 2 * self._pad, 72 if kind in FIGURES else 96)
        if width > 0:
            height = self._theme.px("body") - 3
            left = rect.right() - self._pad - width if kind in FIGURES else rect.x() + self._pad
            bar = QRect(left, rect.y() + (rect.height() - 1 - height) // 2, width, height)
            painter.fillRect(bar, self._theme.color("pressed"))

    # ---- parts ----
    def _column_kind(self, column: int) -> Kind:
        return self._kinds[column] if column < len(self._kinds) else Kind.TEXT

    def _has_focus(self) -> bool:
        # Qt's Inactive group means "window inactive"; a grid must also look idle when another widget has the focus. An editor
        # inside the grid counts as the grid. "pretendFocus" is for pictures.
        view = self._view
        inside = view.focusWidget() if hasattr(view, "focusWidget") else None
        return (
            view.hasFocus()
            or bool(view.property("pretendFocus"))
            or (inside is not None and inside.hasFocus() and view.isAncestorOf(inside))
        )

    def _fade_strength(self, changed: float) -> float:
        lasts = self._theme.duration("highlight_changed_row") / 1000
        age = time.monotonic() - changed
        if lasts == 0 or age >= lasts:
            return 0.0
        if not self._fade.isActive():
            self._fade.start()
        self._fade_until = max(self._fade_until, changed + lasts)
        return 1.0 - age / lasts

    def _fade_on(self) -> None:
        self._view.viewport().update()
        if time.monotonic() > self._fade_until:
            self._fade.stop()

    def _restyle(self) -> None:
        theme = self._theme = look.current()
        self._pad, self._row = theme.size("cell_padding"), theme.size("row")
        special = {
            Kind.SUM: theme.font("strong", tabular=True),
            Kind.STRONG: theme.font("strong"),
            Kind.PILL: theme.font("caption", 600),
        }
        self._fonts = {kind: special.get(kind) or theme.font(tabular=kind in _TABULAR) for kind in Kind}
        self._metrics = {kind: QFontMetrics(font) for kind, font in self._fonts.items()}
        self._hair = QPen(theme.color("grid"))
        self._ring_pen = QPen(theme.color("accent"), 2)
        self._ring_pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)


def pill(painter: QPainter, box: QRect, text: str, tone: str = "neutral", *, struck: bool = False) -> int:
    """Paint a state pill at the left of `box`, centred in its height. Gives back its width in pixels.

    `tone`: success, warning, danger, info, neutral, violet: a token that has a `_bg`.
    """
    theme = look.current()
    font = theme.font("caption", 600)
    font.setStrikeOut(struck)
    metrics = QFontMetrics(font)
    width, height = min(box.width(), metrics.horizontalAdvance(text) + 14), theme.pill_height()
    area = QRectF(box.x(), box.y() + (box.height() - height) // 2, width, height)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.color(tone)) if theme.high_contrast else Qt.PenStyle.NoPen)
    painter.setBrush(theme.color(tone + "_bg"))
    painter.drawRoundedRect(area, theme.radius("small"), theme.radius("small"))
    painter.setFont(font)
    painter.setPen(theme.color(tone))
    painter.drawText(area, Qt.AlignmentFlag.AlignCenter, metrics.elidedText(text, Qt.TextElideMode.ElideRight, width - 8))
    painter.restore()
    return width


def key_cap(painter: QPainter, x: float, y: float, text: str) -> int:
    """Paint a key cap with its left top corner at (x, y). Gives back its width: the one look of keys everywhere."""
    theme = look.current()
    font = theme.font("caption", 600)
    width, height = key_cap_width(text), theme.pill_height()
    area = QRectF(x + 0.5, y + 0.5, width - 1, height - 1)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.color("border_field"), 1))
    painter.setBrush(theme.color("sunken"))
    painter.drawRoundedRect(area, theme.radius("small"), theme.radius("small"))
    painter.setFont(font)
    painter.setPen(theme.color("text_2"))
    painter.drawText(area, Qt.AlignmentFlag.AlignCenter, text)
    painter.restore()
    return width


def key_cap_width(text: str) -> int:
    """The width of a key cap in pixels."""
    theme = look.current()
    return max(theme.pill_height(), QFontMetrics(theme.font("caption", 600)).horizontalAdvance(text) + 11)


def ring(painter: QPainter, rect: QRect, color: QColor | None = None) -> None:
    """Paint the 2-px focus ring of own-painted widgets inside `rect`."""
    theme = look.current()
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(color or theme.color("accent"), 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(QRectF(rect).adjusted(1, 1, -1, -1), theme.radius("control"), theme.radius("control"))
    painter.restore()
