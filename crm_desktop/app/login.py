"""The login window: a card on canvas. The last operator is kept and the focus is in the password.

Nothing here waits on the GUI thread. Each failure has its own sentence and its own way on; nothing that was typed is lost.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLabel, QLineEdit, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from crm_desktop import __version__
from crm_desktop.app.background import Background
from crm_desktop.app.foot import foot
from crm_desktop.app.profiles import Connection, Known, Memory, Operator, Place
from crm_desktop.app.session import Session, Start, branches_of, enter
from crm_desktop.core.errors import CrmError, NotAllowed, Offline, Outdated, WrongPassword
from crm_desktop.core.i18n import _, tell
from crm_desktop.db.binaries import EmbeddedServerError
from crm_desktop.db.connect import SCHEMA_VERSION
from crm_desktop.db.database import Database
from crm_desktop.organisation.rules.model import Branch
from crm_desktop.ui import keys
from crm_desktop.ui import theme as look
from crm_desktop.ui.fields import ComboField, PasswordField, TextField
from crm_desktop.ui.widgets.dialogs import tell_person
from crm_desktop.ui.widgets.parts import ElidedLabel, IconLabel, WrapLabel, announce, button, centred, label
from crm_desktop.ui.widgets.top_bar import Mark

WIDTH = 380
SOMEBODY_ELSE = ""


@dataclass(frozen=True)
class Trouble:
    """Why it did not work. field: where the sentence belongs ("password", "branch", "" for the whole card). way: the text of a
    button that leads on, and what it copies."""

    field: str
    text: str
    way: str = ""
    copied: str = ""


def trouble_of(error: Exception, connection: Connection) -> Trouble | None:
    """The sentence for a failed login; None for a bug."""
    where = f"{connection.profile.host}:{connection.profile.port}"
    if isinstance(error, WrongPassword):
        return Trouble("password", _("Login or password is not right. Check Caps Lock and the keyboard, then type it again."))
    if isinstance(error, Outdated) and error.newer == "schema":
        text = _("This program is version {client}, and the database needs a newer one. Install it, then log in again.")
        place = error.installer
        more = " " + _("It lies at {place}.").format(place=place) if place else " " + _("Ask your administrator for it.")
        return Trouble("", text.format(client=error.client) + more, _("Copy the address") if place else "", place)
    if isinstance(error, Outdated):
        text = _("The database is older (schema {schema}) than this program needs ({needed}). An administrator upgrades it with:")
        at = connection.profile
        command = f"crm-desktop upgrade --host {at.host} --port {at.port} --database {at.database}"
        return Trouble("", text.format(schema=error.schema, needed=SCHEMA_VERSION) + f"\n{command}", _("Copy the command"), command)
    if isinstance(error, NotAllowed):
        return Trouble("", _("This login is closed. If that is a mistake, ask your administrator."))
    if isinstance(error, Offline):
        text = _("The server {server} does not answer. Check the network cable or Wi-Fi; if others work, check the server's address.")
        return Trouble("", text.format(server=where))
    if isinstance(error, EmbeddedServerError):
        return Trouble("", tell(error.problem))
    if isinstance(error, CrmError):
        return Trouble("", str(error))
    return None


class LoginWindow(QWidget):
    """See the module. One for each connection and language; the program makes another when either changes."""

    entered = Signal(object)  # Session
    server_wanted = Signal()
    language_chosen = Signal(str)
    closed = Signal()

    def __init__(self, memory: Memory, connection: Connection, typed: str = "", parent: QWidget | None = None) -> None:
        """typed: a login that was typed before the language was changed."""
        super().__init__(parent)
        self.setObjectName("login_window")
        self.setWindowTitle(_("Log in"))
        look.mark(self, role="canvas")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._memory, self._connection = memory, connection
        self._background = Background(self)
        self._waiting: tuple[Database, Start] | None = None  # logged in, the branch is still to be chosen
        self._build()
        self._show_operators(typed)
        keys.bind(self, "Return", self._enter_pressed)
        keys.bind(self, "Enter", self._enter_pressed)
        keys.bind(self, "Escape", self._step_back)
        self.resize(look.current().scaled(560), look.current().scaled(640))

    # ---- building ----
    def _build(self) -> None:
        self.operator, self.login = ComboField(), TextField()
        self.operator.setObjectName("operator")
        self.login.setObjectName("login")
        self.login.setMaxLength(64)
        for field in (self.operator, self.login):
            field.setAccessibleName(_("Operator"))
        self._who = QStackedWidget()
        self._who.addWidget(self.operator)
        self._who.addWidget(self.login)
        self.password = PasswordField()
        self.password.setObjectName("password")
        self.password.setAccessibleName(_("Password"))
        self.branch = ComboField()
        self.branch.setObjectName("branch")
        self.branch.setAccessibleName(_("Branch"))
        self._branch_label = label(_("Branch"), "label")
        self.log_in = button(_("Log in"), self.try_it, kind="primary")
        self.log_in.setObjectName("log_in")
        self.other_server = button(_("Another server…"), self.server_wanted.emit, kind="quiet")
        self.other_server.setObjectName("other_server")
        forgotten = button(_("I forgot my password"), self._forgotten, kind="quiet")
        forgotten.setObjectName("forgotten")
        self._notes = {name: _Trouble() for name in ("password", "branch", "")}
        self.operator.edited.connect(self._operator_chosen)
        self.password.textEdited.connect(lambda _text: self._say(None))

        card = QFrame()
        card.setObjectName("login_card")
        look.mark(card, role="card")
        look.current().follow(card, lambda: card.setFixedWidth(look.current().scaled(WIDTH)))
        column = QVBoxLayout(card)
        column.setContentsMargins(28, 28, 28, 20)
        column.setSpacing(4)
        column.addLayout(self._head())
        column.addSpacing(16)
        rows: tuple[tuple[QLabel, QWidget, QWidget, _Trouble | None], ...] = (
            (label(_("Operator"), "label"), self._who, self.operator, None),
            (label(_("Password"), "label"), self.password, self.password, self._notes["password"]),
            (self._branch_label, self.branch, self.branch, self._notes["branch"]),
        )
        for title, holder, buddy, note in rows:
            title.setBuddy(buddy)
            column.addWidget(title)
            column.addWidget(holder)
            if note is not None:
                column.addWidget(note)
            column.addSpacing(10)
        column.addWidget(self.log_in)
        column.addWidget(self._notes[""])
        links = QHBoxLayout()
        links.addWidget(self.other_server)
        links.addStretch(1)
        links.addWidget(forgotten)
        column.addSpacing(4)
        column.addLayout(links)

        middle = QVBoxLayout(self)
        middle.addStretch(5)
        middle.addLayout(centred(card))
        middle.addSpacing(10)
        middle.addLayout(self._foot())
        middle.addStretch(6)
        self._offer_branches(())
        order: list[QWidget] = [self.operator, self.login, self.password, self.branch, self.log_in, self.other_server, forgotten]
        for first, second in pairwise(order):
            QWidget.setTabOrder(first, second)

    def _head(self) -> QHBoxLayout:
        profile = self._connection.profile
        words = QVBoxLayout()
        words.setSpacing(0)
        self._company = ElidedLabel(self._connection.company or self._connection.name, "title")
        words.addWidget(self._company)
        where = _("database {database}, server {server}").format(database=profile.database, server=profile.name or profile.host)
        words.addWidget(ElidedLabel(where, "muted"))
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(Mark(36))
        head.addLayout(words, 1)
        return head

    def _foot(self) -> QHBoxLayout:
        said = [_("version {version}").format(version=__version__)]
        if self._connection.schema:
            said.append(_("schema {version}").format(version=self._connection.schema))
        return foot(said, self.language_chosen.emit)

    # ---- who and where ----
    def _show_operators(self, typed: str) -> None:
        operators = self._connection.operators
        self.operator.set_choices([(each.login, each.name) for each in operators] + [(SOMEBODY_ELSE, _("Somebody else…"))])
        known = next((each for each in operators if each.login == typed), None)
        if operators and (not typed or known):
            chosen = known or operators[0]
            self._who.setCurrentWidget(self.operator)
            self.operator.set_value(chosen.login)
            self._offer_branches(chosen.branches, chosen.branch_id)
        else:
            self._who.setCurrentWidget(self.login)
            self.login.set_value(typed)

    def _operator_chosen(self, login: str) -> None:
        self._say(None)
        self._forget_waiting()
        if login == SOMEBODY_ELSE:
            self._who.setCurrentWidget(self.login)
            self._offer_branches(())
            self.login.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return
        chosen = next(each for each in self._connection.operators if each.login == login)
        self._offer_branches(chosen.branches, chosen.branch_id)
        self.password.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _offer_branches(self, places: Sequence[Place], chosen: UUID | None = None) -> None:
        """The branch is asked here only where there is one to choose."""
        self.branch.set_choices([(place.id, place.name) for place in places])
        self.branch.set_value(chosen)
        for widget in (self._branch_label, self.branch):
            widget.setVisible(len(places) > 1)

    def typed_login(self) -> str:
        """The login that was chosen or typed."""
        if self._who.currentWidget() is self.operator:
            return str(self.operator.value() or "")
        return self.login.text().strip().lower()

    # ---- the attempt ----
    def try_it(self) -> None:
        """Enter, or the button."""
        if self._background.busy:
            return
        if self._waiting is not None:
            self._take_branch(*self._waiting)
            return
        login, password = self.typed_login(), self.password.value()
        if not login:
            self._say(Trouble("", _("Who are you? Type your login.")))
            self.login.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return
        if not password:
            self._say(Trouble("password", _("Type your password.")))
            self.password.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return
        self._say(None)
        self._set_busy(True)
        connection = self._connection
        self._background.run(lambda: enter(connection, login, password), self._came_in, self._failed)

    def _came_in(self, found: tuple[Database, Start]) -> None:
        self._set_busy(False)
        self._waiting = found
        database, start = found
        hers = branches_of(database, start)
        if not hers:
            self._forget_waiting()
            self._say(Trouble("", _("No open branch is assigned to you. Ask your administrator to add you to one.")))
        elif len(hers) == 1:
            self._take(database, start, hers[0])
        else:
            self._take_branch(database, start)

    def _take_branch(self, database: Database, start: Start) -> None:
        hers = branches_of(database, start)
        chosen = next((branch for branch in hers if branch.id == self.branch.value()), None)
        if chosen is not None:
            self._take(database, start, chosen)
            return
        self._offer_branches([Place(branch.id, branch.name) for branch in hers], hers[0].id)
        self._say(Trouble("branch", _("Where do you work today? Press Enter to go on.")))
        self.branch.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _take(self, database: Database, start: Start, branch: Branch) -> None:
        self._waiting = None
        who = database.who
        places = tuple(Place(each.id, each.name) for each in branches_of(database, start))
        connection = replace(self._connection, company=database.company.name, schema=database.company.schema_version)
        connection = connection.with_operator(Operator(who.login, who.name, branch.id, places))
        self.password.clear()
        self.entered.emit(Session(connection, database, start, branch.id))

    def _failed(self, error: Exception) -> bool:
        self._set_busy(False)
        trouble = trouble_of(error, self._connection)
        if trouble is None:
            self._say(Trouble("", _("Something went wrong in the program. Try again.")))
            return False
        self._say(trouble)
        self.password.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.password.selectAll()
        return True

    def _set_busy(self, busy: bool) -> None:
        self.log_in.setText(_("Connecting…") if busy else _("Log in"))
        for widget in (self.log_in, self.operator, self.login, self.password, self.branch, self.other_server):
            widget.setEnabled(not busy)

    def _say(self, trouble: Trouble | None) -> None:
        for name, note in self._notes.items():
            note.say(trouble if trouble is not None and trouble.field == name else None)
        look.mark(self.password, state="error" if trouble is not None and trouble.field == "password" else "")
        self.password.setAccessibleDescription(trouble.text if trouble is not None and trouble.field == "password" else "")
        if trouble is not None:
            announce(self, trouble.text)

    def said(self) -> str:
        """The sentence that is shown, "" when there is none."""
        return next((note.text() for note in self._notes.values() if note.text()), "")

    # ---- keys, ways back ----
    def _enter_pressed(self) -> None:
        focus = QApplication.focusWidget()
        if isinstance(focus, QPushButton) and focus is not self.log_in:
            focus.click()
        elif focus is self.login and not self.password.value():
            self.password.setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            self.try_it()

    def _step_back(self) -> None:
        if self._waiting is not None:
            self._forget_waiting()
            self._say(None)
            self.password.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _forget_waiting(self) -> None:
        if self._waiting is not None:
            database, self._waiting = self._waiting[0], None
            database.close()

    def _forgotten(self) -> None:
        tell_person(
            self,
            _("A new password"),
            _("Ask an administrator of your company: she sets a new one for you in Employees. Nobody can read the old one, not even she."),
        )

    def showEvent(self, event: QShowEvent) -> None:
        """Work starts in the password, or in the login of somebody new."""
        super().showEvent(event)
        start: QLineEdit = self.password if self.typed_login() else self.login
        start.setFocus(Qt.FocusReason.OtherFocusReason)

    def closeEvent(self, event: QCloseEvent) -> None:
        """The window was closed by the person."""
        self._forget_waiting()
        super().closeEvent(event)
        self.closed.emit()


class _Trouble(QWidget):
    """A sentence in danger with its sign, and a way on; takes no room while it is empty."""

    def __init__(self) -> None:
        super().__init__()
        self._text = WrapLabel(tone="danger")
        self._sign = IconLabel("alert-circle", "danger", 15)
        self._way = button("", self._copy, kind="link")
        self._copied = ""
        sign = QVBoxLayout()
        sign.setContentsMargins(0, 2, 0, 0)
        sign.addWidget(self._sign)
        sign.addStretch(1)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._text)
        words.addWidget(self._way, 0, Qt.AlignmentFlag.AlignLeft)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 4, 0, 0)
        line.setSpacing(7)
        line.addLayout(sign)
        line.addLayout(words, 1)
        self.hide()

    def say(self, trouble: Trouble | None) -> None:
        self._text.setText(trouble.text if trouble else "")
        tone = "muted" if trouble is not None and trouble.field == "branch" else "danger"
        look.mark(self._text, tone=tone)
        self._sign.show_icon("map-pin" if tone == "muted" else "alert-circle", "text_2" if tone == "muted" else "danger")
        self._way.setText(trouble.way if trouble else "")
        self._way.setVisible(bool(trouble and trouble.way))
        self._copied = trouble.copied if trouble else ""
        self.setVisible(trouble is not None)

    def text(self) -> str:
        return self._text.text()

    def _copy(self) -> None:
        QApplication.clipboard().setText(self._copied)


def remembered(known: Known, session: Session) -> Known:
    """What is remembered after this login."""
    return known.with_connection(session.connection)
