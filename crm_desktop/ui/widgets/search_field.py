"""The search box of the top bar: it looks like a field and opens the palette; one types there."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton

from crm_desktop.core.i18n import _
from crm_desktop.ui import delegates, keys
from crm_desktop.ui import theme as look


class SearchField(QAbstractButton):
    """No focus of its own: a click or its key opens the palette. The hint gives way first, then the key."""

    KEY = "Ctrl+K"

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("search_field")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.IBeamCursor)
        self.setText(_("Search for a customer, document, NIP, phone…"))
        self.setAccessibleName(_("Search"))
        self.setToolTip(keys.with_key(_("Search"), self.KEY))
        look.current().follow(self, self._restyle)

    def sizeHint(self) -> QSize:
        """440 wide at 100 %."""
        return QSize(look.current().scaled(440), look.current().size("control"))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Outline, icon, hint, key."""
        theme, painter = look.current(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.color("border_field"), 1))
        painter.setBrush(theme.color("hover" if self.underMouse() else "surface"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), theme.radius("control"), theme.radius("control"))
        side = theme.scaled(16)
        theme.paint_icon(painter, QRect(10, (self.height() - side) // 2, side, side), "search", "text_2")
        cap = keys.shown(self.KEY)
        width = delegates.key_cap_width(cap)
        right = self.width() - 10 - width
        delegates.key_cap(painter, right, (self.height() - theme.pill_height()) // 2, cap)
        box = QRect(18 + side, 0, right - side - 26, self.height())
        painter.setFont(theme.font())
        painter.setPen(theme.color("text_3"))
        hint = QFontMetrics(theme.font()).elidedText(self.text(), Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextSingleLine, hint)

    def _restyle(self) -> None:
        self.setFixedHeight(look.current().size("control"))
        self.updateGeometry()
        self.update()
