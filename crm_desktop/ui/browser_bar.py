"""The tool bar of a browser: the next step, at most three labelled actions, icons, the search. What has no room folds into a menu."""

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QMenu, QPushButton, QSizePolicy, QWidget

from crm_desktop.core.i18n import _
from crm_desktop.ui import keys
from crm_desktop.ui import theme as look
from crm_desktop.ui.list_acts import COLUMNS_KEY, EXPORT_KEY, GROUP_KEY, PRINT_KEY, SAVED_KEY
from crm_desktop.ui.listing import Listing
from crm_desktop.ui.widgets.parts import button, rule, tool_button

MOST_TOOLS = 3
_SEARCH, _LEAST_SEARCH = 200, 108


class SearchField(QLineEdit):
    """What is typed over the rows. `settled`: look for it now; `left`: a key leaves for the rows."""

    settled = Signal()
    left = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setPlaceholderText(_("Search"))
        self.setAccessibleName(_("Search in the list"))
        self.setToolTip(keys.with_key(_("Search in the list"), "F3"))
        self.addAction(look.current().icon("search", "text_3"), QLineEdit.ActionPosition.LeadingPosition)
        self.setMaxLength(200)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and Down go to the rows that were found; Esc gives the search up."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down):
            self.settled.emit()
            self.left.emit()
        elif event.key() == Qt.Key.Key_Escape:
            if self.text():
                self.clear()
                self.settled.emit()
            self.left.emit()
        else:
            super().keyPressEvent(event)


class BrowserBar(QFrame):
    """See the module. The browser connects the signals and adds the tools."""

    new_asked = Signal()
    filters_toggled = Signal(bool)
    columns_asked = Signal(QPoint)  # where on the screen their menu may open
    refresh_asked = Signal()
    export_asked = Signal()
    print_asked = Signal()
    saved_asked = Signal()
    groups_asked = Signal()

    def __init__(self, listing: Listing, parent: QWidget) -> None:
        super().__init__(parent)
        look.mark(self, role="surface")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.tools: list[QPushButton] = []
        self._needs_row: list[QPushButton] = []
        self._runs: dict[QPushButton, Callable[[], object]] = {}
        self.new_button = button(_(listing.new), self.new_asked.emit, kind="primary", icon="plus", key="Insert")
        self.new_button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.more = tool_button("dots", _("More actions"), "", self._offer_folded)
        self._rule = rule(vertical=True)
        self.filter_toggle = tool_button("filter", _("Filter row"), "Ctrl+F", checkable=True)
        self.filter_toggle.setChecked(True)
        self.filter_toggle.toggled.connect(self.filters_toggled)
        self.columns = tool_button("columns-3", _("Columns"), COLUMNS_KEY, self.ask_columns)
        self.saved = tool_button("table-options", _("Saved filters"), SAVED_KEY, self.saved_asked.emit)
        self.groups = tool_button("stack-2", _("Group by"), GROUP_KEY, self._ask_groups, checkable=True)
        self.print = tool_button("printer", _("Print the list"), PRINT_KEY, self.print_asked.emit)
        self._has_groups, self._kept = any(column.group for column in listing.columns), listing.kept
        self.export = tool_button("file-export", _("Export"), EXPORT_KEY, self.export_asked.emit)
        self.refresh = tool_button("refresh", _("Refresh"), "F5", self.refresh_asked.emit)
        self.search = SearchField(self)
        self._has_new, self._has_search = bool(listing.new), listing.searchable
        self._line = QHBoxLayout(self)
        self._line.setContentsMargins(8, 0, 8, 0)
        self._line.setSpacing(6)
        for widget in (
            self.new_button,
            self.more,
            self._rule,
            self.filter_toggle,
            self.saved,
            self.groups,
            self.columns,
            self.refresh,
            self.export,
            self.print,
        ):
            self._line.addWidget(widget)
        self._line.addStretch(1)
        self._line.addWidget(self.search, 1)
        look.current().follow(self, self._restyle)

    def add_tool(self, title: str, icon: str, key: str, run: Callable[[], object], needs_row: bool) -> QPushButton:
        """One labelled action more. Raises ValueError for the fourth."""
        if len(self.tools) == MOST_TOOLS:
            raise ValueError("a tool bar has at most three labelled actions")
        made = button(_(title), run, icon=icon, key=key)
        made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        made.setProperty("plainTip", made.toolTip())
        self.tools.append(made)
        self._runs[made] = run
        if needs_row:
            self._needs_row.append(made)
        self._line.insertWidget(self._line.indexOf(self.more), made)
        self._fold()
        return made

    def enable_tools(self, row_chosen: bool) -> None:
        """Tools that need a row say why they cannot act without one."""
        for made in self._needs_row:
            made.setEnabled(row_chosen)
            made.setToolTip(made.property("plainTip") if row_chosen else _("Choose a row first"))

    # ---- folding -------------------------------------------------------------------------------------------------------
    def resizeEvent(self, event: QResizeEvent) -> None:
        """What has no room goes into the menu; nothing forces a width."""
        super().resizeEvent(event)
        self._fold()

    def _fold(self) -> None:
        gap, search = self._line.spacing(), look.current().scaled(_LEAST_SEARCH) + self._line.spacing()
        room = self.width() - 16 - (search if self._has_search else 0)
        always: list[QWidget] = [self.new_button] if self._has_new else []
        always += [self._rule, self.filter_toggle]
        room -= sum(part.sizeHint().width() + gap for part in always)
        optional: list[QWidget] = [
            *self.tools,
            self.export,
            self.print,
            *([self.saved] if self._kept else []),
            *([self.groups] if self._has_groups else []),
            self.columns,
            self.refresh,
        ]
        if sum(part.sizeHint().width() + gap for part in optional) > room:
            room -= self.more.sizeHint().width() + gap
        fits = True
        for part in optional:
            room -= part.sizeHint().width() + gap
            fits = fits and room >= 0
            part.setVisible(fits)
        self.more.setVisible(not fits)
        self._rule.setVisible(self._has_new or bool(self.tools))  # it parts them from the icons
        self.new_button.setVisible(self._has_new)
        self.groups.setVisible(self._has_groups and not self.groups.isHidden())
        self.saved.setVisible(self._kept and not self.saved.isHidden())
        self.search.setVisible(self._has_search)

    def _offer_folded(self) -> None:
        menu = QMenu(self)
        for made in self.tools:
            if made.isHidden():
                action = QAction(made.icon(), made.text(), menu, enabled=made.isEnabled())
                action.triggered.connect(self._runs[made])
                menu.addAction(action)
        for icon, key, run in (
            (self.export, EXPORT_KEY, self.export_asked.emit),
            (self.print, PRINT_KEY, self.print_asked.emit),
            *([(self.saved, SAVED_KEY, self.saved_asked.emit)] if self._kept else []),
            *([(self.groups, GROUP_KEY, self.groups_asked.emit)] if self._has_groups else []),
            (self.columns, COLUMNS_KEY, self.ask_columns),
            (self.refresh, "F5", self.refresh_asked.emit),
        ):
            if icon.isHidden():
                action = QAction(icon.icon(), f"{icon.accessibleName()}\t{keys.shown(key)}", menu)
                action.triggered.connect(run)
                menu.addAction(action)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.more.mapToGlobal(QPoint(0, self.more.height())))

    def ask_columns(self) -> None:
        """Ctrl+Shift+C: the menu of the columns."""
        self.columns_asked.emit(self.place_of(self.columns))

    def place_of(self, button: QWidget) -> QPoint:
        """Where on the screen the menu of a button opens: under it, or under the one that it is folded into."""
        anchor = self.more if button.isHidden() else button
        return anchor.mapToGlobal(QPoint(0, anchor.height()))

    def _ask_groups(self) -> None:
        self.groups.setChecked(not self.groups.isChecked())  # it shows what is, and changes when that changes
        self.groups_asked.emit()

    def _restyle(self) -> None:
        theme = look.current()
        self.setFixedHeight(theme.size("toolbar"))
        self._rule.setFixedHeight(theme.size("control"))
        self.search.setMaximumWidth(theme.scaled(_SEARCH))
        self._fold()
