"""Before anybody is logged in: login with its troubles, the server sheet, the welcome, the first run."""

from dataclasses import replace
from pathlib import Path
from uuid import uuid4

from PySide6.QtWidgets import QPushButton

from crm_desktop.app.first_run import FirstRunWindow
from crm_desktop.app.login import LoginWindow, trouble_of
from crm_desktop.app.profiles import Connection, Known, Memory, Place
from crm_desktop.app.servers import ServerSheet, WelcomeWindow
from crm_desktop.core.errors import Offline, Outdated
from crm_desktop.db.connect import Profile
from crm_desktop.demo.screens.shots.shot import Shot
from crm_desktop.demo.screens.studio import Studio


def _connection(studio: Studio) -> Connection:
    """The company as this computer knows it, at an address that is the same in every picture."""
    known = studio.memory.known.connections[0]
    profile = Profile("biuro.lan", 5432, known.profile.database, "require", known.profile.name)
    return replace(known, profile=profile, schema="1")


def _login(studio: Studio, connection: Connection | None = None) -> LoginWindow:
    window = LoginWindow(studio.memory, connection or studio.memory.known.connections[0])
    studio.put_window(window)
    return window


def login(studio: Studio) -> None:
    """The last operator is kept, the focus is in the password; then a wrong one."""
    window = _login(studio)
    studio.picture("desk-login")
    window.password.setText("zapomniane")
    window.try_it()
    studio.until(lambda: window.said() and window.log_in.isEnabled(), "the sentence that the password is wrong")
    studio.picture("desk-login-wrong-password")


def login_branch(studio: Studio) -> None:
    """Somebody who works in several branches chooses one; the server does not answer."""
    connection = _connection(studio)
    places = tuple(Place(uuid4(), name) for name in ("Kraków", "Warszawa Praga-Południe", "Bielsko-Biała"))
    somebody = replace(connection.operators[0], branches=places, branch_id=places[1].id)
    window = _login(studio, replace(connection, operators=(somebody,)))
    window._say(trouble_of(Offline("no answer"), connection))  # noqa: SLF001  - the server of the pictures does answer
    studio.picture("desk-login-no-answer")


def login_outdated(studio: Studio) -> None:
    """The database was made for another version."""
    connection = _connection(studio)
    window = _login(studio, connection)
    trouble = trouble_of(Outdated("client", "0.1.0", "0"), connection)
    window._say(trouble)  # noqa: SLF001
    studio.picture("desk-login-outdated")


def forgotten(studio: Studio) -> None:
    """What to do about a forgotten password."""
    _login(studio)
    studio.over(studio.seen(QPushButton, "forgotten").click, "desk-login-forgotten")


def server_sheet(studio: Studio) -> None:
    """A known server; then a new one with what is wrong with it."""
    _login(studio)
    memory = Memory(Path(studio.memory.folder) / "servers")
    memory.known = Known(connections=(_connection(studio),))
    sheet = ServerSheet(studio.window, memory)
    sheet.open()
    studio.picture("desk-server")
    sheet.known.set_value("")
    sheet.known.edited.emit("")
    sheet.port.set_value("54320000")
    sheet.database.set_value("Beskid 2")
    sheet.buttons["use"].click()
    studio.picture("desk-server-wrong")
    sheet.reject()


def welcome(studio: Studio) -> None:
    """No server is known on this computer."""
    studio.put_window(WelcomeWindow())
    studio.picture("desk-welcome")


def first_run(studio: Studio) -> None:
    """The five steps of the wizard, filled in, each in turn; on the way a post code that is none."""
    memory = Memory(Path(studio.memory.folder) / "first-run")
    memory.folder = Path("/var/lib/crm-desktop")
    window = FirstRunWindow(memory)
    studio.put_window(window)
    studio.picture("desk-first-run-server")
    window.server.there.setChecked(True)
    window.server.host.set_value("biuro.lan")
    window.server.admin_password.setText("tajne hasło")
    window.server.admin_password.setFocus()
    studio.picture("desk-first-run-server-elsewhere")
    window.server.here.setChecked(True)
    window.go_on()
    studio.until(lambda: window.frame.current() == "company", "the step of the company")
    company = window.company
    for field, text in (
        (company.nip, "6760101129"),
        (company.name, "Sieć Handlowa Beskid Sp. z o.o."),
        (company.street, "ul. Zabłocie 22"),
        (company.post_code, "30-70"),
        (company.city, "Kraków"),
        (company.iban, "PL61 1090 1014 0000 0712 1981 2874"),
    ):
        field.setText(text)
        field.settle()
    window.go_on()
    studio.picture("desk-first-run-company")
    company.post_code.setText("30-701")
    window.go_on()
    window.branch.code.setText("KR")
    window.branch.code.settle()
    window.branch.begin()
    studio.picture("desk-first-run-branch")
    window.go_on()
    administrator = window.administrator
    administrator.full_name.setText("Anna Kowalczyk")
    administrator.login.setText("anna.kowalczyk")
    administrator.password.setText("krótkie")
    administrator.again.setText("krótki")
    window.go_on()
    studio.picture("desk-first-run-administrator")
    for password in (administrator.password, administrator.again):
        password.setText("trzy zielone jabłka")
    window.go_on()
    window.station.install.setChecked(True)
    window.station.printer.setChecked(True)
    window.station.address.setText("tcp://192.168.1.50:6666")
    window.station.begin()
    studio.picture("desk-first-run-station")


SHOTS = (
    Shot(welcome, ("desk-welcome",)),
    Shot(
        first_run,
        (
            "desk-first-run-server",
            "desk-first-run-server-elsewhere",
            "desk-first-run-company",
            "desk-first-run-branch",
            "desk-first-run-administrator",
            "desk-first-run-station",
        ),
        fast=True,
    ),
    Shot(login, ("desk-login", "desk-login-wrong-password"), fast=True),
    Shot(login_branch, ("desk-login-no-answer",)),
    Shot(login_outdated, ("desk-login-outdated",)),
    Shot(forgotten, ("desk-login-forgotten",)),
    Shot(server_sheet, ("desk-server", "desk-server-wrong")),
)
