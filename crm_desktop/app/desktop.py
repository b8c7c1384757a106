"""The program: login window, main window, first run, one after the other. Owns what outlives a window: memory, secrets, devices."""

import logging
import threading
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any
from uuid import UUID

import psycopg
from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QWidget

from crm_desktop.app.attached_devices import AttachedDevices
from crm_desktop.app.background import Background
from crm_desktop.app.first_run import FirstRunWindow
from crm_desktop.app.login import LoginWindow, remembered
from crm_desktop.app.main_window import MainWindow
from crm_desktop.app.profiles import Connection, Known, Memory, Place, Station
from crm_desktop.app.secrets import Secrets, secret_name
from crm_desktop.app.servers import ServerSheet, WelcomeWindow
from crm_desktop.app.session import APPEARANCE, LANGUAGE, TEXT_SIZE, Session, look_again
from crm_desktop.core import i18n
from crm_desktop.core.errors import WrongPassword
from crm_desktop.core.i18n import _
from crm_desktop.db.changes import Listener
from crm_desktop.db.database import Database
from crm_desktop.db.presence import Presence
from crm_desktop.db.transaction import Who
from crm_desktop.organisation import service as organisation
from crm_desktop.organisation.rules.model import Branch
from crm_desktop.ui import application, clock, feed, presence, tasks, theme, work
from crm_desktop.ui.widgets.dialogs import Choice, Question

log = logging.getLogger("crm_desktop.app")

#: What a last change may take when somebody logs out.
LAST_WORDS_MS = 5_000


class Desktop(QObject):
    """See the module. It is the Program of app/main_window.py."""

    window_shown = Signal(object)
    _shut_out = Signal()

    def __init__(self, app: QApplication, memory: Memory, secrets: Secrets) -> None:
        super().__init__(app)
        self.app, self.memory, self.secrets = app, memory, secrets
        self.window: QWidget | None = None
        self.session: Session | None = None
        self._listener: Listener | None = None
        self._background = Background(self)
        self.devices = AttachedDevices()
        self._shut_out.connect(self._say_shut_out, Qt.ConnectionType.QueuedConnection)
        self._question: Any = None

    # ---- from window to window ----
    def start(self) -> None:
        """The first window: the login, or the welcome where no server is known yet."""
        feed.the_feed()  # on the GUI thread, before a listener may ask for it
        known = self.memory.known
        if known.connections:
            self._serve_devices(known.connections[0])
            self._show_login(known.connections[0])
        else:
            self._show_welcome()

    def _show_login(self, connection: Connection, typed: str = "") -> None:
        login = LoginWindow(self.memory, connection, typed)
        login.entered.connect(self._entered)
        login.server_wanted.connect(self._choose_server)
        login.language_chosen.connect(lambda language: self._speak(language, lambda: self._show_login(connection, login.typed_login())))
        login.closed.connect(self.quit)
        self._show(login)

    def _show_welcome(self) -> None:
        welcome = WelcomeWindow(unfinished=bool(self.memory.known.unfinished))
        welcome.connect_wanted.connect(self._choose_server)
        welcome.found_wanted.connect(self._show_first_run)
        welcome.language_chosen.connect(lambda language: self._speak(language, self._show_welcome))
        welcome.closed.connect(self.quit)
        self._show(welcome)

    def _show_first_run(self) -> None:
        first = FirstRunWindow(self.memory)
        first.founded.connect(self._founded)
        first.put_aside.connect(self._back_to_start)
        first.closed.connect(self.quit)
        self._show(first)

    def _show_desk(self) -> None:
        assert self.session is not None
        window = MainWindow(self.session, self)
        window.closed.connect(self._desk_closed)
        self._show(window)

    def _show(self, window: QWidget) -> None:
        before, self.window = self.window, window
        if before is not None and before.isVisible():
            window.setGeometry(before.geometry()) if type(before) is type(window) else None
        window.show()
        window.activateWindow()
        if before is not None:
            before.blockSignals(True)
            before.hide()
            before.deleteLater()
        log.info("%s is shown", window.objectName())
        self.window_shown.emit(window)

    def _back_to_start(self) -> None:
        known = self.memory.known
        self._show_login(known.connections[0]) if known.connections else self._show_welcome()

    def _choose_server(self) -> None:
        sheet = ServerSheet(self.window, self.memory)
        sheet.chosen.connect(self._server_chosen)
        sheet.found_wanted.connect(self._show_first_run)
        sheet.open()

    def _server_chosen(self, connection: Connection) -> None:
        self.memory.keep(self.memory.known.with_connection(connection))
        self._serve_devices(connection)
        self._show_login(connection)

    def _founded(self, session: Session, station: tuple[Station, str] | None) -> None:
        self.memory.keep(replace(self.memory.known, unfinished={}))
        if station is not None:
            self.secrets.keep(secret_name(session.connection, station[0].code), station[1])
            session = replace(session, connection=replace(session.connection, station=station[0]))
        self._entered(session)
        self._serve_devices(session.connection)

    # ---- a session ----
    def _entered(self, session: Session) -> None:
        self.session = session
        known = remembered(self.memory.known, session)
        self.memory.keep(self._with_settings(known, session))
        clock.set_server_time(session.start.now)
        database = session.database
        tasks.use(database)
        self._dress()
        others = Presence(presence.receive)
        presence.use(others, database.who.employee_id)
        self._listener = Listener(
            partial(self._listen, database), self._changed, self.devices.wake, connected=feed.receive_connection, guest=others
        )
        self._show_desk()
        self._listener.start()
        self.devices.hear_by_itself(False)

    def _with_settings(self, known: Known, session: Session) -> Known:
        """Her own language and looks, where she chose them; they are the login window's, too."""
        settings = session.start.settings
        return replace(
            known,
            language=settings.get(LANGUAGE, known.language),
            appearance=settings.get(APPEARANCE, known.appearance),
            text_size=settings.get(TEXT_SIZE, known.text_size),
        )

    def _listen(self, database: Database) -> psycopg.Connection[Any]:
        """The listener's connection, made in its thread. A login that is closed meanwhile is told at once."""
        try:
            return database.listening_connection()
        except WrongPassword:
            self._shut_out.emit()
            raise

    def _changed(self, table: str, ids: frozenset[UUID] | None) -> None:
        """In the listener's thread: views and devices learn of it."""
        feed.receive(table, ids)
        self.devices.note_changed(table, ids)

    def _say_shut_out(self) -> None:
        if self._question is not None or self.session is None:
            return
        text = _("It was closed by an administrator, or its password was changed. Drafts that were saved are safe.")
        self._question = Question(self.window, _("This login no longer works"), text, (Choice("out", _("To the login"), "primary"),))
        self._question.answered.connect(lambda _answer: self._out(shut_out=True))
        self._question.open()

    def log_out(self) -> None:
        """Back to the login window, once everything is put away."""
        if isinstance(self.window, MainWindow):
            self.window.leave_for_good(self._out)

    def _out(self, *, shut_out: bool = False) -> None:
        self._question = None
        connection = self.session.connection if self.session is not None else self.memory.known.connections[0]
        self._end_session(shut_out=shut_out)
        self._show_login(self.memory.known.find(connection.key) or connection)

    def _end_session(self, *, shut_out: bool = False) -> None:
        session, self.session = self.session, None
        if session is None:
            return
        if isinstance(self.window, MainWindow) and self.window.dock_area.ids():
            # Not left by its own road: the program was ended, or the login was closed. Without a server nothing can be kept.
            self.window.put_away(keep=not shut_out and self.window.strip.isHidden())
        work.works().clear()
        tasks.wait(LAST_WORDS_MS)
        work.wait(LAST_WORDS_MS)
        if self._listener is not None:
            # It looks up once a second; nobody has to wait for that.
            threading.Thread(target=self._listener.stop, name="listener ends", daemon=True).start()
            self._listener = None
        tasks.use(None)
        presence.use(None)
        session.database.close()
        self.devices.hear_by_itself(True)

    def _desk_closed(self) -> None:
        self.quit()

    def quit(self) -> None:
        """End the program."""
        self.end()
        QTimer.singleShot(0, self.app, self.app.quit)

    def end(self) -> None:
        """Put everything away: what is under way is finished, devices are given free. The application object stays."""
        self._end_session()
        if self.window is not None:
            self.window.blockSignals(True)
            self.window.hide()
            self.window.deleteLater()
            self.window = None
        self.devices.stop()

    # ---- what the main window asks ----
    def choose_branch(self, branch_id: UUID) -> None:
        """Work in another branch; the next login offers it first."""
        assert self.session is not None
        operator = replace(self.session.connection.operators[0], branch_id=branch_id)
        connection = self.session.connection.with_operator(operator)
        self.session = replace(self.session, branch_id=branch_id, connection=connection)
        self.memory.keep(self.memory.known.with_connection(connection))
        if isinstance(self.window, MainWindow):
            self.window.set_branch(self.session)

    def look_again(self) -> None:
        """Branches, or hers among them, changed: a new one is hers at once, a lost one no longer."""
        session, window = self.session, self.window
        if session is not None and window is not None:
            tasks.read(window, look_again, then=partial(self._seen_again, session.database))

    def _seen_again(self, database: Database, seen: tuple[Who, tuple[Branch, ...]]) -> None:
        session = self.session
        if session is None or session.database is not database:
            return
        database.who, branches = seen
        session = replace(session, start=replace(session.start, branches=branches))
        hers = session.branches()
        operator = replace(session.connection.operators[0], branches=tuple(Place(each.id, each.name) for each in hers))
        self.session = replace(session, connection=session.connection.with_operator(operator))
        self.memory.keep(self.memory.known.with_connection(self.session.connection))
        if isinstance(self.window, MainWindow):
            self.window.set_branch(self.session)
        if hers and all(each.id != session.branch_id for each in hers):
            self.choose_branch(hers[0].id)

    def choose_language(self, language: str) -> None:
        """Speak another language: the window is made anew, with what lay on it."""
        window = self.window
        if language == i18n.language() or not isinstance(window, MainWindow):
            return
        cards = window.cards()
        window.leave(lambda: self._speak(language, lambda: self._show_desk_again(cards)))

    def _show_desk_again(self, cards: Sequence[str]) -> None:
        assert self.session is not None and isinstance(self.window, MainWindow)
        self._keep_setting(LANGUAGE, i18n.language())
        start = replace(self.session.start, workspace=self.window.workspace().to_text())
        self.session = replace(self.session, start=start)
        self._show_desk()
        self.window.bring_back(cards)

    def choose_look(self, appearance: str, text_size: str) -> None:
        """Light or dark, and how large; at once."""
        for key, value, before in zip((APPEARANCE, TEXT_SIZE), (appearance, text_size), self.appearance(), strict=True):
            if value != before:
                self._keep_setting(key, value)
        self.memory.keep(replace(self.memory.known, appearance=appearance, text_size=text_size))
        self._dress()

    def appearance(self) -> tuple[str, str]:
        """What is in use."""
        return self.memory.known.appearance, self.memory.known.text_size

    def listener(self) -> Listener | None:
        """The listener of this session."""
        return self._listener

    def _speak(self, language: str, then: Any) -> None:
        application.set_language(self.app, language)
        self.memory.keep(replace(self.memory.known, language=language))
        then()

    def _dress(self) -> None:
        known = self.memory.known
        if i18n.language() != known.language:
            application.set_language(self.app, known.language)
        theme.apply(self.app, known.appearance, "compact", int(known.text_size) / 100, theme.current().animations)

    def _keep_setting(self, key: str, value: str) -> None:
        if self.session is not None:
            tasks.change(self, organisation.keep_own_setting, key, value)

    # ---- the workstation ----
    def station(self) -> tuple[UUID, str] | None:
        """The workstation that this computer is."""
        station = self.session.connection.station if self.session is not None else None
        return (station.id, station.code) if station is not None else None

    def keep_station(self, station: tuple[UUID, str], secret: str) -> None:
        """This computer is that workstation from now on: its devices are served at once."""
        assert self.session is not None
        self.secrets.keep(secret_name(self.session.connection, station[1]), secret)
        self._set_station(Station(*station))

    def forget_station(self) -> None:
        """This computer is no workstation any more."""
        assert self.session is not None
        station = self.session.connection.station
        if station is not None:
            self.secrets.forget(secret_name(self.session.connection, station.code))
            self._set_station(None)

    def _set_station(self, station: Station | None) -> None:
        assert self.session is not None
        connection = replace(self.session.connection, station=station)
        self.session = replace(self.session, connection=connection)
        self.memory.keep(self.memory.known.with_connection(connection))
        self._serve_devices(connection)

    def attached_devices(self) -> frozenset[UUID]:
        """The devices that this workstation serves now."""
        return self.devices.served()

    def _serve_devices(self, connection: Connection) -> None:
        """Serve this workstation's devices under its own login, also while nobody is logged in."""
        station, alone = connection.station, self.session is None
        secrets, devices = self.secrets, self.devices

        def begin() -> None:
            devices.stop()
            secret = secrets.find(secret_name(connection, station.code)) if station is not None else None
            if station is not None and secret is not None:
                devices.start(connection, station, secret, listen=alone)

        self._background.run(begin, lambda _nothing: None, self._not_served)

    def _not_served(self, error: Exception) -> bool:
        log.error("the devices of this workstation are not served: %s", error)
        return True


def run(arguments: Sequence[str], memory: Memory | None = None, secrets: Secrets | None = None) -> int:
    """The desktop program, until its last window is closed; gives the exit code."""
    memory = memory or Memory()
    known = memory.known
    app = application.make(arguments, language=known.language, mode=known.appearance, scale=int(known.text_size) / 100)
    app.setQuitOnLastWindowClosed(False)
    desktop = Desktop(app, memory, secrets or Secrets(memory.folder))
    desktop.start()
    return app.exec()
