"""What a machine can say about a window: nothing is cut that may not be, nothing lies outside or over another text.

Each check gives sentences for the person who mends the window; a window without faults gives none.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QStyle,
    QStyleOptionComboBox,
    QStyleOptionFrame,
    QTabBar,
    QTableView,
    QToolButton,
    QWidget,
)
from PySide6QtAds import ads

from crm_desktop.core.i18n import _
from crm_desktop.demo.screens.words import Words
from crm_desktop.ui import theme
from crm_desktop.ui.delegates import FIGURES, STYLE, GridDelegate, Kind
from crm_desktop.ui.head import Head
from crm_desktop.ui.sums_bar import SumsBar
from crm_desktop.ui.widgets.parts import ElidedLabel, KeyCap, Pill
from crm_desktop.ui.widgets.toast import Toasts

#: A list that is wider than this shows all its columns; a narrower one, beside a card, may be scrolled sideways.
ROOMY = 720
#: Cells of these kinds show the whole of their text or nothing of it.
WHOLE = FIGURES | {Kind.IDENTIFIER, Kind.DATE, Kind.PILL}


def look_at(windows: Sequence[QWidget], words: Words, may_be_cut: Sequence[str] = ()) -> list[str]:
    """Everything that is wrong with what stands on the screen. may_be_cut: beginnings of texts that people typed and that may be elided."""
    faults: list[str] = []
    for window in windows:
        parts = [each for each in (window, *window.findChildren(QWidget)) if each.window() is window]
        shown = [each for each in parts if each.isVisible() and not each.visibleRegion().isEmpty()]
        for widget in shown:
            faults += [f"{_name(widget)}: {fault}" for fault in _fits(widget, may_be_cut)]
        faults += _overlaps(shown)
        faults += _covered(window, shown)
        faults += [f"“{text}”: {fault}" for text, fault in words.look_at(shown)]
    back = windows[0].geometry()
    for front in windows[1:]:
        if not back.contains(front.geometry()):
            faults.append(f"{_name(front)}: {front.width()}×{front.height()} does not fit into {back.width()}×{back.height()}")
    return list(dict.fromkeys(faults))


# ---- each text in its widget ---------------------------------------------------------------------------------------------------


def _fits(widget: QWidget, may_be_cut: Sequence[str]) -> Iterator[str]:
    if isinstance(widget, ElidedLabel):
        if widget.toolTip() and not _is_excused(widget.text(), may_be_cut):
            yield f"cut: “{widget.text()}”"
    elif isinstance(widget, QLabel):
        yield from _label_fits(widget)
    elif isinstance(widget, QAbstractButton):
        yield from _button_fits(widget, may_be_cut)
    elif isinstance(widget, QComboBox):
        option = QStyleOptionComboBox()
        widget.initStyleOption(option)
        box = widget.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, widget)
        if widget.fontMetrics().horizontalAdvance(widget.currentText()) > box.width():
            yield f"the chosen text is cut: “{widget.currentText()}”"
    elif isinstance(widget, QLineEdit):
        yield from _field_fits(widget, may_be_cut)
    elif isinstance(widget, QTabBar):
        for place in range(widget.count()):
            if widget.tabRect(place).width() < widget.fontMetrics().horizontalAdvance(widget.tabText(place)):
                yield f"tab is cut: “{widget.tabText(place)}”"
    elif isinstance(widget, Head):
        yield from _head_fits(widget)
    elif isinstance(widget, QTableView):
        yield from _cells_fit(widget)
    elif isinstance(widget, QScrollArea):
        inside = widget.widget()
        if inside is not None and inside.width() > widget.viewport().width() and not widget.horizontalScrollBar().isVisible():
            yield f"what lies in it is {inside.width() - widget.viewport().width()} px wider than what is seen of it"
    elif isinstance(widget, SumsBar):
        need = QFontMetrics(theme.current().font()).horizontalAdvance(widget.text)
        if need > widget.width():
            yield f"cut: “{widget.text}”"
    elif isinstance(widget, Pill | KeyCap) and widget.width() < widget.sizeHint().width():
        yield "narrower than its word"
    if isinstance(widget, QLabel | QAbstractButton | QLineEdit | QComboBox | Pill | KeyCap) and not _in_scroll_area(widget):
        yield from _lies_inside(widget)


def _label_fits(label: QLabel) -> Iterator[str]:
    text = label.text()
    if not text:
        return
    room, metrics = label.contentsRect(), label.fontMetrics()
    if isinstance(label, ads.CElidingLabel):
        if label.isElided():
            yield f"cut: “{text}”"
        return
    if label.wordWrap():
        need = metrics.boundingRect(QRect(0, 0, room.width(), 10_000), int(Qt.TextFlag.TextWordWrap), text)
    else:
        need = metrics.boundingRect(QRect(0, 0, 10_000, 10_000), 0, text)
    if need.width() > room.width() + 1:
        yield f"needs {need.width()} px of width and has {room.width()}: “{text}”"
    if need.height() > room.height() + 1:
        yield f"needs {need.height()} px of height and has {room.height()}: “{text}”"


def _button_fits(button: QAbstractButton, may_be_cut: Sequence[str]) -> Iterator[str]:
    if not button.text() or (isinstance(button, QToolButton) and button.toolButtonStyle() is Qt.ToolButtonStyle.ToolButtonIconOnly):
        return
    if isinstance(button, QPushButton | QToolButton) or type(button).__module__.startswith("PySide6"):
        need = button.sizeHint()
        if (need.width() > button.width() or need.height() > button.height() + 1) and not _is_excused(button.text(), may_be_cut):
            yield f"needs {need.width()}×{need.height()} and has {button.width()}×{button.height()}: “{button.text()}”"
    elif 60 < button.width() < button.fontMetrics().horizontalAdvance(button.text()) and not _is_excused(button.text(), may_be_cut):
        yield f"cut: “{button.text()}”"  # a navigator that is folded to 48 px shows icons only


def _field_fits(field: QLineEdit, may_be_cut: Sequence[str]) -> Iterator[str]:
    text = field.displayText() or field.placeholderText()
    option = QStyleOptionFrame()
    field.initStyleOption(option)
    box = field.style().subElementRect(QStyle.SubElement.SE_LineEditContents, option, field)
    margins = field.textMargins()
    room = box.width() - margins.left() - margins.right() - 4  # Qt's own margin of 2 px at each side
    if field.actions():
        room -= 20
    need = field.fontMetrics().horizontalAdvance(text)
    if text and need > room and not _is_excused(text, may_be_cut):
        yield f"needs {need} px and has {room}: “{text}”"


def _head_fits(head: Head) -> Iterator[str]:
    look = theme.current()
    metrics, pad = QFontMetrics(look.font("caption", 600)), look.size("cell_padding")
    for section, column in enumerate(head.columns):
        if head.isSectionHidden(section) or not column.title:
            continue
        title = _(column.title)
        sign = 14 if any(part.key == column.key for part in head.sort) else 0
        if metrics.horizontalAdvance(title) + sign > head.sectionSize(section) - 2 * pad:
            yield f"head is cut: “{title}” in {head.sectionSize(section)} px"


def _cells_fit(view: QTableView) -> Iterator[str]:
    delegate, model = view.itemDelegate(), view.model()
    if not isinstance(delegate, GridDelegate) or model is None:
        return
    height = view.viewport().height()
    for row in range(max(0, view.rowAt(0)), model.rowCount()):
        if view.rowViewportPosition(row) > height:
            break
        for column in range(model.columnCount()):
            index = model.index(row, column)
            style = index.data(STYLE)
            kind = delegate.kind_of(index)
            if view.isColumnHidden(column) or kind not in WHOLE or (style is not None and style.pending):
                continue
            text = delegate.shown_text(index)
            if text and delegate.cell_width(text, kind) - 2 > view.columnWidth(column):
                yield f"cell {row + 1}/{column + 1} cannot show “{text}” in {view.columnWidth(column)} px"
    if view.horizontalScrollBar().maximum() > 0 and view.width() > theme.current().scaled(ROOMY):
        yield f"the columns are {view.horizontalScrollBar().maximum()} px wider than the list"


# ---- texts and the rest of the window -------------------------------------------------------------------------------------------


def _lies_inside(widget: QWidget) -> Iterator[str]:
    """A widget that its parents cut off."""
    above, rect = widget.parentWidget(), widget.rect()
    at = widget
    while above is not None and not at.isWindow():
        place = QRect(widget.mapTo(above, QPoint(0, 0)), rect.size())
        if not above.rect().contains(place):
            yield f"{_cut_off(above.rect(), place)} outside {_name(above)}"
            return
        at, above = above, above.parentWidget()


def _cut_off(room: QRect, place: QRect) -> str:
    wide = max(0, place.right() - room.right()) + max(0, room.left() - place.left())
    high = max(0, place.bottom() - room.bottom()) + max(0, room.top() - place.top())
    return f"{wide} × {high} px"


def _overlaps(shown: Sequence[QWidget]) -> Iterator[str]:
    """Texts of one parent that lie over each other."""
    families: dict[QWidget, list[QWidget]] = {}
    for widget in shown:
        parent = widget.parentWidget()
        if parent is not None and isinstance(widget, QLabel | QAbstractButton | QLineEdit | QComboBox | QPlainTextEdit | Pill):
            families.setdefault(parent, []).append(widget)
    for family in families.values():
        for first, second in combinations(family, 2):
            shared = first.geometry().intersected(second.geometry())
            if shared.width() > 1 and shared.height() > 1:
                yield f"{_name(first)} and {_name(second)} lie over each other"


def _covered(window: QWidget, shown: Sequence[QWidget]) -> Iterator[str]:
    """Texts under a toast."""
    for toast in (each for toasts in window.findChildren(Toasts) for each in toasts.widgets()):
        for widget in shown:
            if isinstance(widget, QLabel | QAbstractButton):
                under = widget.text() and not toast.isAncestorOf(widget)
                if under and toast.geometry().intersects(_text_rect(widget, window)):
                    yield f"a toast covers “{widget.text()}”"
            elif isinstance(widget, SumsBar) and toast.geometry().intersects(QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())):
                yield "a toast covers the sums"


def _text_rect(widget: QLabel | QAbstractButton, window: QWidget) -> QRect:
    """Where the letters stand, in the window's coordinates."""
    width = min(widget.width(), widget.fontMetrics().horizontalAdvance(widget.text()))
    place = widget.rect()
    if isinstance(widget, QLabel) and not widget.wordWrap():
        side = widget.alignment()
        left = place.width() - width if side & Qt.AlignmentFlag.AlignRight else 0
        place = QRect(left, 0, width, place.height())
    return QRect(widget.mapTo(window, place.topLeft()), place.size())


# ---- parts ----------------------------------------------------------------------------------------------------------------------


def _is_excused(text: str, may_be_cut: Sequence[str]) -> bool:
    return any(text.startswith(beginning) for beginning in may_be_cut)


def _in_scroll_area(widget: QWidget) -> bool:
    above = widget.parentWidget()
    while above is not None:
        if isinstance(above, QAbstractScrollArea):
            return True
        above = above.parentWidget()
    return False


def _name(widget: QWidget) -> str:
    named: QWidget | None = widget
    while named is not None and not named.objectName():
        named = named.parentWidget()
    kind = type(widget).__name__
    return kind if named is None or named is widget else f"{kind} in {named.objectName()}"
