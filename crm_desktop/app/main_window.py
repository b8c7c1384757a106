"""The main window: top bar, strip, navigator, dock area, key bar, status bar. Made anew when the language or the person changes."""

import logging
from collections.abc import Callable, Sequence
from functools import partial
from typing import Protocol
from uuid import UUID

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from crm_desktop.app import desks
from crm_desktop.app.attention import Attention
from crm_desktop.app.commands import WINDOW
from crm_desktop.app.empty_desk import EmptyDesk
from crm_desktop.app.key_map_view import KEY_MAP, KeyMapView
from crm_desktop.app.notifications import Notifications
from crm_desktop.app.person import person_menu
from crm_desktop.app.search_box import SearchBox
from crm_desktop.app.session import Session
from crm_desktop.app.shelf import Shelf
from crm_desktop.app.status import Status
from crm_desktop.app.trouble import Trouble
from crm_desktop.app.work_news import WorkNews
from crm_desktop.app.workspace import Keeper, Workspace
from crm_desktop.core.i18n import _, ngettext
from crm_desktop.db.changes import Listener
from crm_desktop.db.transaction import Who
from crm_desktop.modules import MODULES
from crm_desktop.ui import feed, tasks, work
from crm_desktop.ui import theme as look
from crm_desktop.ui.desk import Tab
from crm_desktop.ui.dock import DockArea
from crm_desktop.ui.widgets.dialogs import Choice, Question
from crm_desktop.ui.widgets.fkey_bar import FKeyBar
from crm_desktop.ui.widgets.navigator import Navigator
from crm_desktop.ui.widgets.search_field import SearchField
from crm_desktop.ui.widgets.status_bar import StatusBar
from crm_desktop.ui.widgets.strip import Strip
from crm_desktop.ui.widgets.toast import Toasts
from crm_desktop.ui.widgets.top_bar import TopBar

log = logging.getLogger("crm_desktop.app")

#: A window that is being left waits so long for editors that store their drafts.
LEAVE_MS = 10_000


class Program(Protocol):
    """What the main window asks of the program around it (app/desktop.py)."""

    def log_out(self) -> None:
        """Back to the login window."""

    def choose_branch(self, branch_id: UUID) -> None:
        """Work in another branch."""

    def look_again(self) -> None:
        """Branches, or hers among them, changed."""

    def choose_language(self, language: str) -> None:
        """Speak another language from now on."""

    def choose_look(self, appearance: str, text_size: str) -> None:
        """Light, dark, text size."""

    def appearance(self) -> tuple[str, str]:
        """The appearance and the text size in use."""

    def station(self) -> tuple[UUID, str] | None:
        """The workstation that this computer is."""

    def keep_station(self, station: tuple[UUID, str], secret: str) -> None:
        """This computer is that workstation from now on."""

    def forget_station(self) -> None:
        """This computer is no workstation any more."""

    def listener(self) -> Listener | None:
        """The listener of this session."""

    def attached_devices(self) -> frozenset[UUID]:
        """The devices that this workstation serves now."""


class MainWindow(QWidget):
    """See the module; it is the `Window` of ui/window.py that slices get."""

    closed = Signal()

    def __init__(self, session: Session, program: Program, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("main_window")
        self.session, self.program = session, program
        self._branch_id = session.branch_id
        self._offered: list[tuple[UUID, str]] = []
        look.mark(self, role="canvas")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.top_bar, self.strip, self.navigator = TopBar(), Strip(), Navigator()
        self.dock_area, self.key_bar, self.status_bar = DockArea(), FKeyBar(), StatusBar()
        for name in ("top_bar", "strip", "navigator", "dock_area", "key_bar", "status_bar"):
            getattr(self, name).setObjectName(name)
        self._lay_out()
        self._toasts = Toasts(self)
        stored = Workspace.from_text(session.start.workspace)
        docks = desks.docks(self.may)
        self.docks = list(docks.values())
        self.shelf = Shelf(self, self.dock_area, docks, [*desks.actions(self.may), *WINDOW])
        self.navigator.set_groups(desks.groups(docks.values()))
        self.navigator.set_folded(stored.folded)
        self.status = Status(self.status_bar, self.server(), self, program.attached_devices)
        self.trouble = Trouble(self, self.strip, program.listener, self.status.set_online)
        self._head()
        self._keeper = Keeper(self, lambda: self.shelf.look(self.navigator.is_folded()), stored)
        self.empty = EmptyDesk(self.dock_area, next(iter(docks.values()), None), self.open_dock, self.shelf.reopen)
        self._connect()
        self._bind()
        self.shelf.restore(stored, desks.FIRST)
        self.status.refresh()
        self.attention = Attention(self, self.navigator)
        self.attention.refresh()
        self.work = WorkNews(self)
        self.work.refresh()
        self.notifications.refresh()
        self.status_bar.work_clicked.connect(self.work.open_panel)
        self._then: Callable[[], object] | None = None
        self._clearing = False
        self._patience = QTimer(self, singleShot=True, interval=LEAVE_MS)
        self._patience.timeout.connect(self._stay)
        self._take_size()

    # ---- what slices ask ----
    @property
    def who(self) -> Who:
        """Who works here."""
        return self.session.database.who

    @property
    def branch_id(self) -> UUID:
        """The branch that she works in now."""
        return self._branch_id

    @property
    def toasts(self) -> Toasts:
        """The toasts of this window."""
        return self._toasts

    def may(self, permission: str) -> bool:
        """Whether she holds a permission."""
        return self.who.may(permission)

    def say(self, text: str) -> None:
        """What was done last."""
        self.status_bar.say(text)

    def open_dock(self, id: str) -> QWidget | None:
        """Show a declared dock."""
        return self.shelf.open_dock(id)

    def open_card(
        self,
        id: str,
        title: str,
        icon: str,
        make: Callable[[], QWidget],
        *,
        area: str = "right",
        again: Callable[[], object] | None = None,
    ) -> QWidget:
        """Show a card."""
        return self.shelf.open_card(id, title, icon, make, area, again)

    def open_record(self, kind: str, id: UUID) -> bool:
        """Show the card of a record of any slice."""
        opener = desks.opener(kind)
        if opener is not None:
            opener(self, id)
        return opener is not None

    def current_record(self) -> tuple[str, UUID, str] | None:
        """The record whose card is in front."""
        kind, _colon, key = self.dock_area.current().partition(":")
        if not key or desks.opener(kind) is None:
            return None
        return kind, UUID(key), self.dock_area.title(f"{kind}:{key}")

    def has_dock(self, id: str) -> bool:
        """Whether a dock or card is open."""
        return self.dock_area.has_dock(id)

    def close_dock(self, id: str) -> bool:
        """Close a dock as a person does."""
        return self.dock_area.close_dock(id)

    def show_keys(self) -> None:
        """Every key of the desk, beside what is open."""
        kind = self.dock_area.current().partition(":")[0]
        self.open_card(KEY_MAP, _("Keys"), "keyboard", lambda: KeyMapView(self, kind))

    def current(self) -> QWidget | None:
        """The widget of the dock in use, for actions."""
        return self.shelf.current()

    def permissions(self) -> Sequence[tuple[str, Sequence[tuple[str, str]]]]:
        """Every right of the program, by slice."""
        return [(_(module.title), [(p.name, _(p.title)) for p in module.permissions]) for module in MODULES if module.permissions]

    def tabs(self, on: str) -> Sequence[Tab]:
        """What upper slices contribute to a card of this kind."""
        return desks.tabs(on, self.may)

    def station(self) -> tuple[UUID, str] | None:
        """The workstation that this computer is."""
        return self.program.station()

    def keep_station(self, station: tuple[UUID, str], secret: str) -> None:
        """This computer is that workstation from now on."""
        self.program.keep_station(station, secret)

    def forget_station(self) -> None:
        """This computer is no workstation any more."""
        self.program.forget_station()

    def server(self) -> str:
        """Where the desk is connected, for people."""
        profile = self.session.connection.profile
        return _("{server}, database {database}").format(server=profile.name or profile.host, database=profile.database)

    # ---- what the program does ----
    def workspace(self) -> Workspace:
        """The desk as it was kept last."""
        return self._keeper.stored

    def set_branch(self, session: Session) -> None:
        """She works in another branch now, or may. What is open stays; new documents are the new branch's."""
        self.session, self._branch_id = session, session.branch_id
        self._offer_branches()
        self._say_branch()
        self.status.refresh()

    def leave(self, then: Callable[[], object]) -> None:
        """Keep the desk, close all docks, then go on. Not when a person wants something to stay open; an editor that must store its
        draft first is waited for."""
        self.put_away()
        self._then = then
        self._patience.start()
        self._clear()

    def leave_for_good(self, then: Callable[[], object]) -> None:
        """As `leave`, and work in the background ends with it: she is asked first."""
        running = work.works().running()
        if not running:
            self.leave(then)
            return
        title = ngettext("{count} thing is still running", "{count} things are still running", len(running)).format(count=len(running))
        ways = (
            Choice("wait", _("Let it finish"), "quiet"),
            Choice("end", _("End it and leave"), "danger"),
        )
        question = Question(self, title, "\n".join(each.title for each in running), ways)
        question.setObjectName("leave_question")
        question.answered.connect(lambda answer: self.leave(then) if answer == "end" else None)
        question.finished.connect(question.deleteLater)
        question.open()

    def cards(self) -> list[str]:
        """The cards of single records that are open, the one in use last."""
        return self.shelf.cards()

    def bring_back(self, cards: Sequence[str]) -> None:
        """Open these cards again, as far as their records are stored and their slices know how."""
        for kind, _colon, key in (card.partition(":") for card in cards):
            opener = desks.opener(kind)
            if opener is not None and key:
                opener(self, UUID(key))

    def put_away(self, *, keep: bool = True) -> None:
        """Keep the desk as it lies now, and no longer what becomes of it. Offline nobody waits for what cannot be kept."""
        if keep and not tasks.is_offline():
            self._keeper.keep_now()
        self._keeper.hold(True)

    def _clear(self) -> None:
        """Close what is open; come back when an editor that had to store its draft has closed itself."""
        if self._then is None or self._clearing:
            return
        self._clearing = True
        done = self.shelf.close_all()
        self._clearing = False
        if done and self._then is not None:
            then, self._then = self._then, None
            self._patience.stop()
            then()

    def stay(self) -> None:
        """Something stays open by her own word: she is not leaving any more."""
        self._patience.stop()
        self._then = None
        self._keeper.hold(False)

    def _stay(self) -> None:
        """Nobody closes what is open: she stays. Not while she is asked, or while it is not known yet whether a draft is stored."""
        if self._then is not None and (QApplication.activeModalWidget() is not None or any(each.changes for each in tasks.running())):
            self._patience.start()
        else:
            self.stay()

    def _take_size(self) -> None:
        """As the pictures draw it, or as much as the screen has; never under 1280 × 720, which is Full HD at 150 %."""
        screen = self.screen().availableGeometry()
        self.resize(min(1600, max(1280, screen.width())), min(1000, max(720, screen.height())))

    # ---- building ----
    def _lay_out(self) -> None:
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.navigator)
        middle.addWidget(self.dock_area, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.top_bar)
        column.addWidget(self.strip)
        column.addLayout(middle, 1)
        column.addWidget(self.key_bar)
        column.addWidget(self.status_bar)

    def _head(self) -> None:
        self._offer_branches()
        self.search = SearchBox(self)
        field = SearchField()
        field.clicked.connect(lambda: self.search.open())
        self.top_bar.set_search(field)
        self.bell = self.top_bar.add_bell(lambda: self.notifications.open())
        self.top_bar.add_button("help", _("Keys of this window"), "F1", self.show_keys)
        self.notifications = Notifications(self, self.bell, self.top_bar.set_bell)
        self.top_bar.set_person(self.who.name, person_menu(self, self.program))
        self._say_branch()

    def _offer_branches(self) -> None:
        offered = [(branch.id, branch.name) for branch in self.session.branches()]
        if offered != self._offered:
            self._offered = offered
            self.top_bar.set_branches(offered)

    def _say_branch(self) -> None:
        branch = self.session.branch()
        self.top_bar.set_company(self.session.database.company.name, branch.name)
        self.status_bar.set_branch(_("Branch {code}").format(code=branch.code))
        self.setWindowTitle(f"{self.session.database.company.name} – {branch.name}")

    def _connect(self) -> None:
        self.navigator.chosen.connect(self.open_dock)
        self.navigator.folded_changed.connect(lambda _folded: self._keeper.note())
        self.top_bar.branch_chosen.connect(self.program.choose_branch)
        self.shelf.changed.connect(self._keeper.note)
        self.shelf.changed.connect(self.empty.look_again)
        self.dock_area.closed.connect(lambda _id: QTimer.singleShot(0, self, self._clear))
        self.shelf.current_changed.connect(lambda dock: self.navigator.set_current(dock.partition(":")[0]))
        self.shelf.keys_changed.connect(self._show_keys)
        feed.watch(self, "organisation.branch", lambda _ids: self.program.look_again())
        feed.watch(self, "organisation.employee_branch", self._branches_changed)

    def _bind(self) -> None:
        for action in self.shelf.actions_everywhere():
            for key in action.keys:
                shortcut = QShortcut(QKeySequence(key), self)
                shortcut.setContext(Qt.ShortcutContext.ApplicationShortcut)  # torn-off docks are windows of their own
                shortcut.activated.connect(partial(action.run, self))

    def _branches_changed(self, employees: frozenset[UUID] | None) -> None:
        if employees is None or self.who.employee_id in employees:
            self.program.look_again()

    def _show_keys(self) -> None:
        self.key_bar.set_keys(self.shelf.fkeys())

    # ---- Qt ----
    def closeEvent(self, event: QCloseEvent) -> None:
        """Nothing that was typed is lost: what cannot be closed keeps the window open."""
        event.ignore()
        self.leave_for_good(self.closed.emit)
