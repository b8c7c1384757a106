"""The panel of background work: what runs and how far it is, what failed and can be tried again, what is finished.

Enter does the useful next step of the line (open the file, try again, see to it), Del gives up what runs and takes away what has ended.
"""

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QItemSelectionModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QHeaderView, QStackedWidget, QTableView, QVBoxLayout, QWidget

from crm_desktop.core.i18n import NBSP, _
from crm_desktop.ui import keys, work
from crm_desktop.ui import theme as look
from crm_desktop.ui.delegates import STYLE, CellStyle, GridDelegate, Kind
from crm_desktop.ui.widgets.fkey_bar import FKey
from crm_desktop.ui.widgets.parts import WrapLabel, button, rule
from crm_desktop.ui.widgets.states import StateView
from crm_desktop.ui.widgets.toast import stay_clear
from crm_desktop.ui.work import Standing, State, Work

#: The dock's id, for the main window.
WORK_PANEL = "app.work"
Index = QModelIndex | QPersistentModelIndex
#: kind and width at 100 %: state, what, when; 0 takes what is left. What is said of the line stands below, whole.
COLUMNS = ((Kind.PILL, 112), (Kind.TEXT, 0), (Kind.MUTED, 58))
_WHAT = 1
Line = Work | Standing


class WorkModel(QAbstractTableModel):
    """First what waits for her, then what runs, then what has ended; the newest first."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.lines: list[Line] = []
        self.look_again()

    def look_again(self) -> None:
        """Take what there is now; where only a figure moved, the rows stay."""
        ended = reversed([each for each in work.works().all() if not each.running])
        found: list[Line] = [*work.works().standing(), *reversed(work.works().running()), *ended]
        if found == self.lines and found:
            self.dataChanged.emit(self.index(0, 0), self.index(len(found) - 1, len(COLUMNS) - 1))
            return
        self.beginResetModel()
        self.lines = found
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        """Lines."""
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        """State, what, when."""
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Plain values; the tone of the state; for a screen reader each line whole."""
        line = self.lines[index.row()]
        state, tone = state_of(line)
        if role == Qt.ItemDataRole.DisplayRole:
            return (state, line.title, "" if isinstance(line, Standing) else f"{line.ended or line.began:%H:%M}")[index.column()]
        if role == STYLE:
            return CellStyle(tone=tone) if index.column() == 0 else None
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{line.title}: {state}. {text_of(line)}"
        return None


def state_of(line: Line) -> tuple[str, str]:
    """The word for a line, and the tone of its pill."""
    if isinstance(line, Standing):
        return _("needs you"), "danger"
    if line.running:
        return (_("running") if line.percent is None else f"{line.percent}{NBSP}%"), "info"
    return {State.DONE: (_("finished"), "success"), State.FAILED: (_("failed"), "danger")}.get(line.state, (_("given up"), "neutral"))


def text_of(line: Line) -> str:
    """What is said of a line: how far it is, what came of it, why it failed."""
    if isinstance(line, Standing):
        return line.text
    return line.text if line.running else line.told.text


def step_of(line: Line) -> str:
    """The useful next step of a line, "" for none."""
    if isinstance(line, Standing):
        return line.act
    return _("Try again") if line.may_again else line.told.act if not line.running else ""


class WorkPanel(QWidget):
    """See the module."""

    fkeys_changed = Signal()
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("work_panel")
        look.mark(self, role="surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.model = WorkModel(self)
        self.view = QTableView()
        self._dress_view()
        self.empty = StateView(
            "circle-check",
            _("Nothing runs in the background"),
            _("Exports, imports, backups and whatever else takes longer stand here, with what became of each."),
        )
        self.says = WrapLabel("", "muted")
        self.says.setObjectName("work_says")
        self.drop_button = button("", self.drop, icon="x", key="Delete")
        self.drop_button.setObjectName("work_drop")
        self.step_button = button("", self.step, kind="primary", key="Return")
        self.step_button.setObjectName("work_step")
        self._lay_out()
        self.view.activated.connect(lambda _index: self.step())
        self.view.selectionModel().currentChanged.connect(lambda *_rows: self._say())
        keys.bind(self, "Delete", self.drop)
        keys.bind(self, "Escape", self.closed.emit)
        work.works().changed.connect(self._look_again)  # a method: the connection ends with this panel
        self.setFocusProxy(self.view)
        self._look_again()

    def fkeys(self) -> list[FKey]:
        """The keys that work here."""
        line = self.current()
        shown = []
        if line is not None and step_of(line):
            shown.append(FKey("Return", step_of(line), self.step))
        if isinstance(line, Work):
            shown.append(FKey("Delete", _drop_text(line), self.drop, enabled=line.may_cancel or not line.running))
        return [*shown, FKey("Escape", _("Close"), self.closed.emit, right=True)]

    def current(self) -> Line | None:
        """The line where she stands."""
        row = self.view.currentIndex().row()
        return self.model.lines[row] if 0 <= row < len(self.model.lines) else None

    def step(self) -> None:
        """Enter: the useful next step."""
        line = self.current()
        if isinstance(line, Standing):
            line.run()
        elif line is not None and line.may_again:
            line.again()
        elif line is not None and not line.running and line.told.run is not None:
            line.told.run()

    def drop(self) -> None:
        """Del: give up what runs; what has ended leaves the list."""
        line = self.current()
        if isinstance(line, Work):
            if line.running:
                line.cancel()
            else:
                work.works().remove(line)

    def _look_again(self) -> None:
        stood, row = self.current(), max(0, self.view.currentIndex().row())
        self.model.look_again()
        if self.model.lines and (stood is None or self.current() is not stood):
            row = self.model.lines.index(stood) if stood in self.model.lines else min(row, len(self.model.lines) - 1)
            act = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
            self.view.selectionModel().setCurrentIndex(self.model.index(row, _WHAT), act)
        self._say()

    def _say(self) -> None:
        line = self.current()
        self._stack.setCurrentWidget(self.view if self.model.lines else self.empty)
        self._foot.setVisible(line is not None)
        if line is not None:
            self.says.setText(text_of(line))
            step = step_of(line)
            self.step_button.setText(step)
            self.step_button.setVisible(bool(step))
            self.drop_button.setVisible(isinstance(line, Work) and (line.may_cancel or not line.running))
            if isinstance(line, Work):
                self.drop_button.setText(_drop_text(line))
        self.fkeys_changed.emit()

    def _lay_out(self) -> None:
        self._stack = QStackedWidget()
        self._stack.addWidget(self.view)
        self._stack.addWidget(self.empty)
        self._foot = QWidget()
        stay_clear(self._foot)
        acts = QHBoxLayout()
        acts.setSpacing(8)
        acts.addStretch(1)
        acts.addWidget(self.drop_button)
        acts.addWidget(self.step_button)
        foot = QVBoxLayout(self._foot)
        foot.setContentsMargins(14, 8, 14, 8)
        foot.setSpacing(8)
        foot.addWidget(self.says)
        foot.addLayout(acts)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._stack, 1)
        column.addWidget(rule())
        column.addWidget(self._foot)

    def _dress_view(self) -> None:
        view = self.view
        view.setObjectName("work_rows")
        view.setAccessibleName(_("Background work"))
        view.setModel(self.model)
        view.setItemDelegate(GridDelegate(view, [kind for kind, _width in COLUMNS], ring=False))
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        view.setShowGrid(False)
        view.setWordWrap(False)
        view.setTabKeyNavigation(False)
        view.setCornerButtonEnabled(False)
        view.verticalHeader().hide()
        view.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        view.horizontalHeader().hide()
        view.horizontalHeader().setSectionResizeMode(_WHAT, QHeaderView.ResizeMode.Stretch)
        look.current().follow(view, self._restyle)

    def _restyle(self) -> None:
        theme = look.current()
        self.view.verticalHeader().setMinimumSectionSize(1)
        self.view.verticalHeader().setDefaultSectionSize(theme.size("row"))
        for section, (_kind, width) in enumerate(COLUMNS):
            if width:
                self.view.setColumnWidth(section, theme.scaled(width))


def _drop_text(line: Work) -> str:
    return _("Cancel") if line.running else _("Take away")
