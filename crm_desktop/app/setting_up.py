"""What the first-run wizard does with its answers: look at the server, found the company, install this workstation. Qt-free."""

import logging
import secrets
from dataclasses import dataclass, field, replace
from pathlib import Path
from uuid import UUID

import psycopg

from crm_desktop.app.founding import found
from crm_desktop.app.profiles import Connection, Operator, Place, Station
from crm_desktop.app.session import Session, enter
from crm_desktop.core.errors import Offline, Refused, WrongPassword
from crm_desktop.core.i18n import N_
from crm_desktop.core.problem import Problem
from crm_desktop.db.connect import Profile, connect
from crm_desktop.db.embedded import EmbeddedServer
from crm_desktop.db.keys import new_id
from crm_desktop.db.transaction import Transaction
from crm_desktop.fiscal import service as fiscal
from crm_desktop.fiscal.queries import Device
from crm_desktop.fiscal.rules.device import USUAL_RATES
from crm_desktop.organisation import service as organisation
from crm_desktop.organisation.rules.model import Branch, Company, Employee, Workstation

log = logging.getLogger("crm_desktop.app")

SECRET_BYTES = 24


@dataclass(frozen=True)
class ServerAnswers:
    """Where the database will lie. here: a server of this computer, in `folder`; else the profile with an administrator's login."""

    here: bool = True
    folder: str = ""
    profile: Profile = field(default_factory=Profile)
    admin: str = "postgres"
    admin_password: str = ""


@dataclass(frozen=True)
class Answers:
    """All that the wizard asked. station: None where this computer is no workstation yet; device: None for none."""

    server: ServerAnswers
    company: Company
    branch: Branch
    administrator: Employee
    password: str
    station: Workstation | None = None
    device: Device | None = None


@dataclass(frozen=True)
class Founded:
    """The company stands, its administrator is logged in. station: with its secret, for the keyring."""

    session: Session
    station: tuple[Station, str] | None


def check_server(server: ServerAnswers) -> list[Problem]:
    """Whether a company can be set up there, at "host", "admin", "admin_password" and "database". Blocks."""
    if server.here:
        return []
    profile = server.profile
    try:
        with connect(replace(profile, database="postgres"), server.admin, server.admin_password) as connection:
            row = connection.execute(
                "select r.rolsuper or (r.rolcreaterole and r.rolcreatedb), exists (select from pg_database where datname = %s)"
                " from pg_roles r where r.rolname = current_user",
                [profile.database],
            ).fetchone()
    except WrongPassword:
        return [Problem("admin_wrong", "admin_password", N_("The server does not accept this login and password."))]
    except Offline as error:
        log.info("the server does not answer: %s", error)
        return [Problem("server_silent", "host", N_("No PostgreSQL answers at this address and port."))]
    except psycopg.Error as error:
        return [Problem("server_odd", "host", N_("The server refused: {reason}"), {"reason": str(error).splitlines()[0]})]
    assert row is not None
    may, exists = row
    problems = []
    if not may:
        message = N_("This login may not create databases and roles. Take a server administrator's login, for example postgres.")
        problems.append(Problem("admin_weak", "admin", message))
    if exists:
        message = N_("There is a database of this name already. Connect to it instead, or choose another name.")
        problems.append(Problem("database_exists", "database", message))
    return problems


def set_up(answers: Answers) -> Founded:
    """Found the company, log its administrator in, install this workstation and its printer. Blocks for some seconds.

    Raises Refused with problems at the wizard's fields, Offline, WrongPassword, EmbeddedServerError.
    """
    server = answers.server
    if problems := check_server(server):
        raise Refused(*problems)
    profile, admin, password = server.profile, server.admin, server.admin_password
    if server.here:
        running = EmbeddedServer(Path(server.folder)).start()
        admin, password = running.superuser, running.password
        profile = replace(profile, host=running.host, port=running.port, tls="disable")
    made = found(
        replace(profile, database="postgres"),
        admin,
        password,
        profile.database,
        answers.company,
        answers.branch,
        answers.administrator,
        answers.password,
    )
    connection = Connection(made, answers.company.name, embedded=server.folder if server.here else "")
    database, start = enter(connection, answers.administrator.login, answers.password)
    try:
        station = _install(database.change, answers) if answers.station is not None else None
    except BaseException:
        database.close()
        raise
    branch = answers.branch
    operator = Operator(database.who.login, database.who.name, branch.id, (Place(branch.id, branch.name),))
    connection = replace(connection, schema=database.company.schema_version, station=station[0] if station else None)
    return Founded(Session(connection.with_operator(operator), database, start, branch.id), station)


def install_station(tx: Transaction, station: Workstation, secret: str, device: Device | None) -> None:
    """A workstation with its login and, where one hangs on it, its printer."""
    organisation.install_workstation(tx, station, organisation.verifier_of(secret))
    if device is not None:
        fiscal.save_device(tx, device)


def _install(change: object, answers: Answers) -> tuple[Station, str]:
    assert answers.station is not None and callable(change)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    change(install_station, answers.station, secret, answers.device)
    return Station(answers.station.id, answers.station.code), secret


def new_device(branch_id: UUID, station_id: UUID, name: str, address: str) -> Device:
    """A printer as the wizard asks for it."""
    return Device(new_id(), branch_id, station_id, name, "posnet", address, USUAL_RATES, True, 0)
