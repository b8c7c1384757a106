"""Which server: the welcome where none is known yet, and the sheet where one is added, changed or forgotten."""

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from crm_desktop import __version__
from crm_desktop.app.foot import foot
from crm_desktop.app.profiles import Connection, Memory
from crm_desktop.core.i18n import N_, _
from crm_desktop.core.problem import Problem
from crm_desktop.db.connect import Profile
from crm_desktop.ui import theme as look
from crm_desktop.ui.fields import ComboField, FieldNote, TextField, show_problems
from crm_desktop.ui.widgets.dialogs import Choice, Sheet, button_box
from crm_desktop.ui.widgets.parts import WrapLabel, button, centred, label
from crm_desktop.ui.widgets.top_bar import Mark

WIDTH = 440
DEFAULT_PORT = 5432
TLS = {
    "prefer": N_("TLS where the server has it"),
    "require": N_("TLS always"),
    "verify-full": N_("TLS, and the certificate must be the server's"),
    "disable": N_("no TLS"),
}
NEW = ""


def read_profile(name: str, host: str, port: str, database: str, tls: str) -> Profile | list[Problem]:
    """The profile that was typed, or what is wrong with it, at "host", "port" and "database"."""
    problems = []
    if not host.strip():
        problems.append(Problem("host_missing", "host", N_("The server's name or address is missing, for example biuro.lan.")))
    if not port.strip().isdecimal() or not 0 < int(port) < 65536:
        problems.append(Problem("port_wrong", "port", N_("A port is a number from 1 to 65535; PostgreSQL's own is 5432.")))
    if not database.replace("_", "").isalnum() or not database.isascii() or database != database.lower():
        problems.append(Problem("database_wrong", "database", N_("A database's name has small letters without accents, digits and _.")))
    if problems:
        return problems
    return Profile(host.strip(), int(port), database, tls, name.strip())


class ServerSheet(Sheet):
    """The known servers in one choice, the chosen one's data below."""

    chosen = Signal(object)  # Connection
    found_wanted = Signal()

    def __init__(self, parent: QWidget | None, memory: Memory) -> None:
        super().__init__(parent, _("Server"), WIDTH)
        self.setObjectName("server_sheet")
        self._memory = memory
        self.known = ComboField()
        self.known.setObjectName("known_server")
        self.host, self.port, self.database, self.name = TextField(), TextField(), TextField(), TextField()
        self.tls = ComboField()
        self.tls.set_choices([(mode, _(title)) for mode, title in TLS.items()])
        for field, field_name in (
            (self.host, "host"),
            (self.port, "port"),
            (self.database, "database"),
            (self.name, "name"),
            (self.tls, "tls"),
        ):
            field.setObjectName(field_name)
        box, self.buttons = button_box(
            (
                Choice("found", _("Set up a new company…")),
                Choice("forget", _("Forget"), "plain"),
                Choice("back", _("Back"), "quiet"),
                Choice("use", _("Connect"), "primary"),
            )
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(4)
        column.addWidget(WrapLabel(_("Which server?"), "title"))
        column.addWidget(WrapLabel(_("The company's data lie in a PostgreSQL server. Your administrator knows its address."), "muted"))
        column.addSpacing(10)
        self._add(column, _("Server"), self.known)
        column.addSpacing(8)
        pair = QGridLayout()
        pair.setHorizontalSpacing(12)
        pair.setVerticalSpacing(4)
        pair.setColumnStretch(0, 1)
        self._pair(pair, 0, _("Name or address"), self.host)
        self._pair(pair, 1, _("Port"), self.port)
        look.current().follow(self.port, lambda: self.port.setFixedWidth(look.current().scaled(90)))
        column.addLayout(pair)
        self._add(column, _("Database"), self.database, note=True)
        self._add(column, _("Encryption"), self.tls)
        column.addSpacing(8)
        self._add(column, _("Called here"), self.name)
        self.name.setPlaceholderText(_("(optional)"))
        column.addSpacing(12)
        column.addWidget(box)
        for name, act in (("found", self._found), ("forget", self._forget), ("back", self.reject), ("use", self._use)):
            self.buttons[name].clicked.connect(act)
        self.known.edited.connect(self._show)
        self._offer()

    def _add(self, column: QVBoxLayout, title: str, field: QWidget, *, note: bool = False) -> None:
        head = label(title, "label")
        head.setBuddy(field)
        field.setAccessibleName(title)
        column.addWidget(head)
        column.addWidget(field)
        if note:
            column.addWidget(_note_of(field))

    def _pair(self, grid: QGridLayout, place: int, title: str, field: QWidget) -> None:
        head = label(title, "label")
        head.setBuddy(field)
        field.setAccessibleName(title)
        grid.addWidget(head, 0, place)
        grid.addWidget(field, 1, place)
        grid.addWidget(_note_of(field), 2 + place, 0, 1, 2)  # as wide as both: the port's field is narrow, its sentence is not

    def _offer(self) -> None:
        connections = self._memory.known.connections
        self.known.set_choices([(each.key, each.name) for each in connections] + [(NEW, _("Another server…"))])
        first = connections[0].key if connections else NEW
        self.known.set_value(first)
        self._show(first)

    def _show(self, key: str) -> None:
        connection = self._memory.known.find(key) if key else None
        profile = connection.profile if connection else Profile("", DEFAULT_PORT, "crm")
        self.host.set_value(profile.host)
        self.port.set_value(str(profile.port))
        self.database.set_value(profile.database)
        self.name.set_value(profile.name)
        self.tls.set_value(profile.tls)
        self.buttons["forget"].setEnabled(connection is not None)
        show_problems(self, ())
        (self.buttons["use"] if connection else self.host).setFocus(Qt.FocusReason.OtherFocusReason)

    def _use(self) -> None:
        typed = read_profile(self.name.value(), self.host.value(), self.port.value(), self.database.value(), str(self.tls.value()))
        if not isinstance(typed, Profile):
            show_problems(self, typed)
            return
        known = self._memory.known.find(str(self.known.value() or ""))
        if known is not None and known.profile.host == typed.host and known.profile.database == typed.database:
            connection = replace(known, profile=replace(typed, role_prefix=known.profile.role_prefix))
        else:
            connection = self._memory.known.find(Connection(typed).key) or Connection(typed)
        self.accept()
        self.chosen.emit(connection)

    def _forget(self) -> None:
        self._memory.keep(self._memory.known.without_connection(str(self.known.value())))
        self._offer()

    def _found(self) -> None:
        self.accept()
        self.found_wanted.emit()


class WelcomeWindow(QWidget):
    """No server is known here: connect to one that runs, or set up a company."""

    connect_wanted = Signal()
    found_wanted = Signal()
    language_chosen = Signal(str)
    closed = Signal()

    def __init__(self, *, unfinished: bool = False) -> None:
        super().__init__()
        self.setObjectName("welcome_window")
        self.setWindowTitle(_("Welcome"))
        look.mark(self, role="canvas")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        card = QFrame()
        look.mark(card, role="card")
        look.current().follow(card, lambda: card.setFixedWidth(look.current().scaled(WIDTH)))
        self.connect_button = button(_("Connect to a server"), self.connect_wanted.emit, kind="primary")
        self.connect_button.setObjectName("connect")
        found_text = _("Go on with setting up") if unfinished else _("Set up a new company")
        self.found_button = button(found_text, self.found_wanted.emit, kind="primary" if unfinished else "")
        self.found_button.setObjectName("found")
        if unfinished:
            look.mark(self.connect_button, kind="")
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(Mark(36))
        head.addWidget(label(_("Welcome to CRM Desktop"), "title"), 1)
        column = QVBoxLayout(card)
        column.setContentsMargins(28, 28, 28, 24)
        column.setSpacing(6)
        column.addLayout(head)
        column.addSpacing(12)
        column.addWidget(
            WrapLabel(_("Your company works already? Connect to its server; your administrator knows the address and your login."), "muted")
        )
        column.addSpacing(2)
        column.addWidget(self.connect_button)
        column.addSpacing(14)
        begin = _("You begin today? Set up the company: on this computer, or on a PostgreSQL server of yours. It takes 4 minutes.")
        column.addWidget(WrapLabel(begin, "muted"))
        column.addSpacing(2)
        column.addWidget(self.found_button)
        middle = QVBoxLayout(self)
        middle.addStretch(5)
        middle.addLayout(centred(card))
        middle.addSpacing(10)
        middle.addLayout(foot([_("version {version}").format(version=__version__)], self.language_chosen.emit))
        middle.addStretch(6)
        self.resize(look.current().scaled(560), look.current().scaled(640))

    def closeEvent(self, event: QCloseEvent) -> None:
        """The window was closed by the person."""
        super().closeEvent(event)
        self.closed.emit()


def _note_of(field: QWidget) -> FieldNote:
    note = FieldNote()
    note.setObjectName(f"{field.objectName()}_note")
    return note
