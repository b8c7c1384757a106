"""The dock "Who waits for whom": the sessions of people and workstations, those who hold others up first with the waiting ones below.

It looks again every two seconds while it is shown. F8 ends what a session does, Del the session itself; both are asked for first and
stand in the audit of the person whose session it was.
"""

from datetime import datetime
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QItemSelectionModel, QModelIndex, QPersistentModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QHeaderView, QTableView, QVBoxLayout, QWidget

from crm_desktop.core.i18n import N_, _, ngettext
from crm_desktop.core.problem import Problem
from crm_desktop.organisation import queries, service
from crm_desktop.organisation.rules.model import Session
from crm_desktop.organisation.rules.sessions import HELD_SECONDS, Doing, Place, doing, seconds, tree, what
from crm_desktop.ui import keys, tasks
from crm_desktop.ui import theme as look
from crm_desktop.ui.delegates import STYLE, CellStyle, GridDelegate, Kind
from crm_desktop.ui.widgets.dialogs import Choice, Question
from crm_desktop.ui.widgets.fkey_bar import FKey
from crm_desktop.ui.widgets.parts import WrapLabel, button, label, rule
from crm_desktop.ui.window import Window

Index = QModelIndex | QPersistentModelIndex
#: The right to see and to end.
END = "organisation.end_session"
LOOK_AGAIN_MS = 2_000
#: title, kind and width at 100 % of who, what she does, since when, transaction open, last statement; 0 takes what is left.
COLUMNS = (
    (N_("Who"), Kind.TEXT, 230),
    (N_("Does"), Kind.PILL, 138),
    (N_("Since"), Kind.MUTED, 72),
    (N_("Transaction"), Kind.TEXT, 96),
    (N_("Last statement"), Kind.MUTED, 0),
)
_WHO, _DOES, _SINCE, _OPEN, _WHAT = range(5)
_WORDS = {
    Doing.WAITS: (N_("waits"), "warning"),
    Doing.HOLDS: (N_("holds a transaction"), "danger"),
    Doing.WORKS: (N_("works"), "info"),
    Doing.RESTS: (N_("rests"), "neutral"),
}


class SessionModel(QAbstractTableModel):
    """The tree as rows: those who wait are set in below whom they wait for."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.places: list[Place] = []
        self.now: datetime | None = None

    def show_sessions(self, now: datetime, sessions: list[Session]) -> None:
        """Take what there is; where the same sessions stand in the same order, the rows stay."""
        found = tree(sessions)
        same = [each.session.pid for each in found] == [each.session.pid for each in self.places]
        if not same:
            self.beginResetModel()
        self.now, self.places = now, found
        if not same:
            self.endResetModel()
        elif found:
            self.dataChanged.emit(self.index(0, 0), self.index(len(found) - 1, len(COLUMNS) - 1))

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        """Sessions."""
        return 0 if parent.isValid() else len(self.places)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        """See COLUMNS."""
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The titles."""
        if role == Qt.ItemDataRole.DisplayRole and orientation is Qt.Orientation.Horizontal:
            return _(COLUMNS[section][0])
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Plain values; the tone of what she does; for a screen reader each line whole."""
        place = self.places[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self._cell(place, index.column())
        if role == STYLE:
            return self._style(place, index.column())
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(str(self._cell(place, column)).strip() for column in range(len(COLUMNS)))
        if role == Qt.ItemDataRole.ToolTipRole and index.column() == _WHAT:
            return place.session.statement
        return None

    def _cell(self, place: Place, column: int) -> str:
        session, now = place.session, self.now
        if now is None:
            return ""
        if column == _WHO:
            return "      " * place.depth + ("└ " if place.depth else "") + who(session)
        if column == _DOES:
            return _(_WORDS[doing(session)][0])
        if column == _SINCE:
            return seconds(session.since, now)
        if column == _OPEN:
            return seconds(session.open_since, now) if session.open_since is not None else ""
        return what(session)

    def _style(self, place: Place, column: int) -> CellStyle | None:
        session = place.session
        if column == _DOES:
            return CellStyle(tone=_WORDS[doing(session)][1])
        if column == _WHO and place.waiting:
            return CellStyle(kind=Kind.STRONG, bar="danger")
        held = self.now is not None and session.open_since is not None and (self.now - session.open_since).total_seconds() > HELD_SECONDS
        return CellStyle(tone="danger") if column == _OPEN and held else None


def who(session: Session) -> str:
    """Whose it is; her own, and the one that only listens, say so."""
    if session.program.endswith("listener"):
        return _("{name} (listens)").format(name=session.who)
    return _("{name} (you)").format(name=session.who) if session.mine else session.who


class SessionWindow(QWidget):
    """See the module."""

    said = Signal(str)
    fkeys_changed = Signal()

    def __init__(self, window: Window) -> None:
        super().__init__()
        self.setObjectName("session_window")
        look.mark(self, role="surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.model = SessionModel(self)
        self.view = QTableView()
        self._dress_view()
        self.summary = WrapLabel("", "strong")
        self.summary.setObjectName("session_summary")
        self.detail = WrapLabel("", "muted")
        self.detail.setObjectName("session_detail")
        self.cancel_button = button(_("End what it does"), self.cancel_statement, icon="x", key="F8")
        self.cancel_button.setObjectName("session_cancel")
        self.end_button = button(_("End the session"), self.end_session, kind="danger", icon="plug-connected-x", key="Delete")
        self.end_button.setObjectName("session_end")
        self._lay_out()
        self._question: Question | None = None
        self.view.selectionModel().currentChanged.connect(lambda *_rows: self._say())
        self.setFocusProxy(self.view)
        for key, run in (("F5", self.refresh_now), ("F8", self.cancel_statement), ("Delete", self.end_session)):
            keys.bind(self, key, run)
        self._again = QTimer(self, interval=LOOK_AGAIN_MS)
        self._again.timeout.connect(self.refresh_now)
        self._asking = False
        self.refresh_now()

    # ---- what the window and the key bar use ----
    def fkeys(self) -> list[FKey]:
        """The keys that work here."""
        there = self.current() is not None
        return [
            FKey("F5", _("Refresh"), self.refresh_now),
            FKey("F8", _("End what it does"), self.cancel_statement, enabled=there),
            FKey("Delete", _("End the session"), self.end_session, enabled=there),
        ]

    def current(self) -> Session | None:
        """The session where she stands."""
        row = self.view.currentIndex().row()
        return self.model.places[row].session if 0 <= row < len(self.model.places) else None

    def refresh_now(self) -> None:
        """F5, and by itself while it is shown; one question at a time."""
        if not self._asking:
            self._asking = True
            tasks.read(self, queries.list_sessions, then=self._show, failed=self._not_shown)

    def cancel_statement(self) -> None:
        """F8: the statement is given up, the session goes on."""
        self._ask_and_end(for_good=False)

    def end_session(self) -> None:
        """Del: the connection ends; the program connects anew by itself."""
        self._ask_and_end(for_good=True)

    # ---- ending ----
    def _ask_and_end(self, *, for_good: bool) -> None:
        session = self.current()
        if session is None or self._question is not None:
            return
        if for_good:
            title = _("End the session of {name}?").format(name=session.who)
            text = _(
                "What it has begun is undone, its locks are free at once. What she typed stays on her screen; her program connects again."
            )
        else:
            title = _("End what {name} does just now?").format(name=session.who)
            text = _(
                "The statement that runs is given up and undone; the session goes on. A transaction that only waits open is not ended so."
            )
        ways = (Choice("", _("Back"), "quiet"), Choice("end", _("End it"), "danger"))
        self._question = question = Question(self, title, text, ways)
        question.setObjectName("session_question")
        question.answered.connect(lambda answer: self._end(session, for_good) if answer == "end" else None)
        question.finished.connect(self._asked)
        question.open()

    def _asked(self) -> None:
        self.window().activateWindow()  # not every window system does it by itself
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)
        if self._question is not None:
            self._question.deleteLater()
            self._question = None

    def _end(self, session: Session, for_good: bool) -> None:
        text = _("The session of {name} was ended.") if for_good else _("What {name} did was ended.")
        done = text.format(name=session.who)
        act = service.end_for_good if for_good else service.end_statement
        tasks.change(self, act, session, then=lambda _none: self._ended(done), refused=self._refused)

    def _ended(self, text: str) -> None:
        self.said.emit(text)
        self.refresh_now()

    def _refused(self, problems: list[Problem]) -> None:
        tasks.roads().refused.emit(problems)
        self.refresh_now()

    # ---- showing ----
    def _show(self, found: tuple[datetime, list[Session]]) -> None:
        self._asking = False
        stood, row = self.current(), self.view.currentIndex().row()
        self.model.show_sessions(*found)
        pids = [place.session.pid for place in self.model.places]
        row = pids.index(stood.pid) if stood is not None and stood.pid in pids else max(0, min(row, len(pids) - 1))
        if pids:
            act = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
            self.view.selectionModel().setCurrentIndex(self.model.index(row, _WHO), act)
        self._say()

    def _not_shown(self, error: Exception) -> bool:
        self._asking = False
        return False

    def _say(self) -> None:
        self.summary.setText(summary(self.model.places))
        session = self.current()
        self.detail.setText(detail(session) if session is not None else "")
        for each in (self.cancel_button, self.end_button):
            each.setEnabled(session is not None and not session.mine)
        self.fkeys_changed.emit()

    def showEvent(self, event: QShowEvent) -> None:
        """Look again by itself, but only while somebody looks."""
        super().showEvent(event)
        self._again.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks."""
        super().hideEvent(event)
        self._again.stop()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(14, 10, 14, 10)
        head.addWidget(self.summary, 1)
        acts = QHBoxLayout()
        acts.setSpacing(8)
        acts.addWidget(label(_("Ended sessions stand in the audit."), "hint"))
        acts.addStretch(1)
        acts.addWidget(self.cancel_button)
        acts.addWidget(self.end_button)
        foot = QVBoxLayout()
        foot.setContentsMargins(14, 8, 14, 8)
        foot.setSpacing(8)
        foot.addWidget(self.detail)
        foot.addLayout(acts)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(rule())
        column.addWidget(self.view, 1)
        column.addWidget(rule())
        column.addLayout(foot)

    def _dress_view(self) -> None:
        view = self.view
        view.setObjectName("session_rows")
        view.setAccessibleName(_("Sessions, and who waits for whom"))
        view.setModel(self.model)
        view.setItemDelegate(GridDelegate(view, [kind for _title, kind, _width in COLUMNS], ring=False))
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        view.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.setShowGrid(False)
        view.setWordWrap(False)
        view.setTabKeyNavigation(False)
        view.setCornerButtonEnabled(False)
        view.verticalHeader().hide()
        view.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        look.mark(view.horizontalHeader(), kind="plain")
        view.horizontalHeader().setHighlightSections(False)
        view.horizontalHeader().setSectionsClickable(False)
        view.horizontalHeader().setSectionResizeMode(_WHAT, QHeaderView.ResizeMode.Stretch)
        look.current().follow(view, self._restyle)

    def _restyle(self) -> None:
        theme = look.current()
        self.view.horizontalHeader().setFixedHeight(theme.size("header"))
        self.view.verticalHeader().setMinimumSectionSize(1)
        self.view.verticalHeader().setDefaultSectionSize(theme.size("row"))
        for section, (_title, _kind, width) in enumerate(COLUMNS):
            if width:
                self.view.setColumnWidth(section, theme.scaled(width))


def summary(places: list[Place]) -> str:
    """Whether anybody waits, in one sentence."""
    waiting = sum(doing(place.session) is Doing.WAITS for place in places)
    held = sum(doing(place.session) is Doing.HOLDS for place in places)
    parts = []
    if waiting:
        parts.append(ngettext("{count} session waits for another", "{count} sessions wait for others", waiting).format(count=waiting))
    if held:
        text = ngettext("{count} holds a transaction open", "{count} hold transactions open", held)
        parts.append(text.format(count=held))
    return ", ".join(parts) if parts else _("Nobody waits for anybody.")


def detail(session: Session) -> str:
    """The session where one stands, in full."""
    parts = [session.login, session.address, session.program, _("since {time}").format(time=f"{session.began:%H:%M}")]
    statement = " ".join(session.statement.split())
    return " · ".join(part for part in parts if part) + (f"\nSQL: {statement}" if statement else "")
