"""The head of the window: mark, company and branch at the left, a place for the search in the middle, bell, help, person."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QHBoxLayout, QMenu, QSizePolicy, QToolButton, QWidget

from crm_desktop.core.i18n import _, ngettext
from crm_desktop.ui import theme as look
from crm_desktop.ui.widgets.parts import ElidedLabel, Initials, tool_button


class Mark(QWidget):
    """The program's mark: two sheets on the accent."""

    def __init__(self, size: int = 24) -> None:
        super().__init__()
        look.current().follow(self, lambda: self.setFixedSize(look.current().scaled(size), look.current().scaled(size)))

    def paintEvent(self, event: QPaintEvent) -> None:
        """A rounded square with the outline in it."""
        theme, painter = look.current(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("accent_fill"))
        radius = theme.radius("control") if self.width() < 30 else theme.radius("card")
        painter.drawRoundedRect(self.rect(), radius, radius)
        inset = round(self.width() * 0.2)
        theme.paint_icon(painter, self.rect().adjusted(inset, inset, -inset, -inset), "squares", "on_accent")


class TopBar(QFrame):
    """45 high at 100 %."""

    branch_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        look.mark(self, role="canvas")
        self._company, self._branch = ElidedLabel(role="strong"), _Menu(chevron=True)
        self._branch.hide()
        self._person = _Menu(initials=True)
        self._person.hide()
        self._icons = QHBoxLayout()
        self._icons.setSpacing(3)
        self._middle = QHBoxLayout()
        self._bell: QToolButton | None = None
        line = QHBoxLayout(self)
        line.setContentsMargins(16, 0, 14, 1)
        line.setSpacing(8)
        line.addWidget(Mark())
        line.addWidget(self._company)
        line.addWidget(self._branch)
        line.addStretch(1)
        line.addLayout(self._middle)
        line.addStretch(1)
        line.addLayout(self._icons)
        line.addSpacing(4)
        line.addWidget(self._person)
        look.current().follow(self, lambda: self.setFixedHeight(look.current().scaled(45)))

    def set_company(self, name: str, branch: str = "") -> None:
        """Who this is, and at which branch."""
        self._company.setText(name)
        self._branch.setText(branch)
        self._branch.setVisible(bool(branch))
        self._branch.setAccessibleName(_("Branch: {name}").format(name=branch))

    def set_branches(self, branches: Sequence[tuple[object, str]]) -> None:
        """Offer other branches; `branch_chosen` tells which was taken. With fewer than two there is nothing to choose."""
        if len(branches) < 2:
            self._branch.set_menu(None)
            return
        menu = QMenu(self._branch)
        for value, name in branches:
            menu.addAction(name).triggered.connect(lambda checked=False, chosen=value: self.branch_chosen.emit(chosen))
        self._branch.set_menu(menu)

    def set_person(self, name: str, menu: QMenu | None = None) -> None:
        """Who works here, and what she can do about it (theme, language, log out)."""
        self._person.setText(name)
        self._person.setAccessibleName(name)
        self._person.set_menu(menu)
        self._person.setVisible(bool(name))

    def set_search(self, widget: QWidget) -> None:
        """Put the search box into the middle; without one the place is empty."""
        widget.setMaximumWidth(look.current().scaled(440))
        widget.setMinimumWidth(look.current().scaled(200))
        widget.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._middle.addWidget(widget)

    def add_button(self, icon: str, title: str, key: str = "", run: Callable[[], object] | None = None) -> QToolButton:
        """An icon at the right, before the person."""
        made = tool_button(icon, title, key, run)
        self._icons.addWidget(made)
        return made

    def add_bell(self, run: Callable[[], object]) -> QToolButton:
        """The bell: messages that were not opened, and what the toasts said."""
        self._bell = self.add_button("bell", _("Notifications"), run=run)
        self._bell.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        look.current().follow(self._bell, self._fit_bell)  # after the button's own
        return self._bell

    def _fit_bell(self) -> None:
        """A number makes it wider, nothing else."""
        if self._bell is not None:
            self._bell.setFixedWidth(max(look.current().size("control"), self._bell.sizeHint().width() if self._bell.text() else 0))

    def set_bell(self, count: int) -> None:
        """How much there is that she has not looked at: the number beside the bell."""
        if self._bell is not None:
            text = ngettext("{count} new notification", "{count} new notifications", count).format(count=count)
            self._bell.setText(str(count) if count else "")
            self._fit_bell()
            self._bell.setToolTip(text if count else _("Notifications"))
            self._bell.setAccessibleName(text if count else _("Notifications"))
            self._bell.setIcon(look.current().icon("bell", "accent" if count else "text_2"))

    def minimumSizeHint(self) -> QSize:
        """No width at all; the company's name gives way."""
        return QSize(0, look.current().scaled(45))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The hair line below."""
        super().paintEvent(event)
        QPainter(self).fillRect(QRect(0, self.height() - 1, self.width(), 1), look.current().color("border"))


class _Menu(QAbstractButton):
    """A word that may open a menu, with a chevron or a person's initials."""

    def __init__(self, *, chevron: bool = False, initials: bool = False) -> None:
        super().__init__()
        self._chevron = chevron
        self._menu: QMenu | None = None
        self._initials = Initials() if initials else None
        if self._initials is not None:
            self._initials.setParent(self)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self._open)
        look.current().follow(self, self._restyle)

    def set_menu(self, menu: QMenu | None) -> None:
        if self._menu is not None and self._menu is not menu:
            self._menu.deleteLater()
        self._menu = menu
        self.setEnabled(True)
        self.updateGeometry()
        self.update()

    def setText(self, text: str) -> None:
        super().setText(text)
        if self._initials is not None:
            self._initials.show_name(text)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        theme = look.current()
        width = QFontMetrics(theme.font()).horizontalAdvance(self.text()) + 12
        width += theme.scaled(22) if self._chevron and self._menu is not None else 0
        width += theme.scaled(34) if self._initials is not None else 0
        return QSize(width, theme.size("control"))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, painter = look.current(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.underMouse() and self._menu is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("hover"))
            painter.drawRoundedRect(self.rect(), theme.radius("control"), theme.radius("control"))
        box = self.rect().adjusted(6 + (theme.scaled(34) if self._initials is not None else 0), 0, -6, 0)
        painter.setFont(theme.font())
        painter.setPen(theme.color("text" if self._initials is not None else "text_2"))
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.text())
        if self._chevron and self._menu is not None:
            side = theme.scaled(16)
            theme.paint_icon(painter, QRect(self.width() - side - 5, (self.height() - side) // 2, side, side), "chevron-down")

    def resizeEvent(self, event: object) -> None:
        if self._initials is not None:
            self._initials.move(4, (self.height() - self._initials.height()) // 2)

    def _open(self) -> None:
        if self._menu is not None:
            self._menu.popup(self.mapToGlobal(QPoint(0, self.height() + 2)))

    def _restyle(self) -> None:
        self.updateGeometry()
        self.update()
