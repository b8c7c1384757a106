"""Employees, roles and workstations on a real PostgreSQL: who may come in, with which rights, and who may not any more."""

import os
import secrets
from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

import psycopg
import pytest

from crm_desktop.core.errors import Conflict, NotAllowed, Refused, WrongPassword
from crm_desktop.db.connect import Profile, connect
from crm_desktop.db.database import Database, log_in
from crm_desktop.db.keys import new_id
from crm_desktop.documents.service import save_draft
from crm_desktop.organisation import queries, service
from crm_desktop.organisation.rules.model import Branch, Employee, NumberSeries, Role, Workstation
from crm_desktop.organisation.rules.password import scram_verifier
from tests.support import office
from tests.support.office import KRAKOW, OPERATOR_ROLE, PASSWORD, WARSZAWA
from tests.support.postgres import TestServer


@pytest.fixture
def beskid(server: TestServer, fresh_database: str) -> office.Office:
    return office.Office(Profile(server.server.host, server.server.port, fresh_database, "disable", role_prefix=office.TEMPLATE))


@pytest.fixture
def boss(beskid: office.Office) -> Iterator[Database]:
    desk = beskid.enter("szef")
    yield desk
    desk.close()


@pytest.fixture
def ola(boss: Database) -> Employee:
    """Newly employed, with the operator's role. Her login is this test's own: logins belong to the whole server."""
    employee = Employee(new_id(), f"ola{secrets.token_hex(4)}", "Ola Nowa", (OPERATOR_ROLE,), (KRAKOW,))
    boss.change(service.employ, employee, verifier(PASSWORD))
    return employee


def verifier(password: str) -> str:
    return scram_verifier(password, os.urandom(16))


def found(boss: Database, key: UUID) -> Employee:
    return next(employee for employee in boss.read(queries.list_employees) if employee.id == key)


def test_an_employee_comes_in_with_her_rights(beskid: office.Office, ola: Employee) -> None:
    """NBR-08: one login a person, made from inside the program."""
    desk = beskid.enter(ola.login)
    try:
        assert (desk.who.employee_id, desk.who.branches) == (ola.id, (KRAKOW,))
        assert desk.who.may("documents.issue_invoice")
        assert not desk.who.may("organisation.employ")
    finally:
        desk.close()


def test_assigning_changes_rights_and_branches_at_once(beskid: office.Office, boss: Database, ola: Employee) -> None:
    """NBR-07, NBR-08: over a connection that stands, too."""
    desk = beskid.enter(ola.login)
    try:
        draft = office.draft_of(desk, "FS")
        nothing = Role(new_id(), "Nic", ())
        boss.change(service.define_role, nothing)
        boss.change(service.assign, replace(ola, name="Ola Inna", roles=(nothing.id,), branches=(WARSZAWA,), version=1))
        with pytest.raises(NotAllowed):
            desk.change(save_draft, draft)
        assert found(boss, ola.id) == replace(ola, name="Ola Inna", roles=(nothing.id,), branches=(WARSZAWA,), version=2)
    finally:
        desk.close()


def test_assigning_an_old_version_is_a_conflict(boss: Database, ola: Employee) -> None:
    """ARC-02."""
    boss.change(service.assign, replace(ola, name="Pierwsza", version=1))
    with pytest.raises(Conflict):
        boss.change(service.assign, replace(ola, name="Druga", version=1))
    assert found(boss, ola.id).name == "Pierwsza"


def test_a_dismissed_employee_is_out(beskid: office.Office, boss: Database, ola: Employee) -> None:
    """NBR-08: she does not come in again; her name stays on what she issued."""
    boss.change(service.dismiss, ola.id)
    with pytest.raises(WrongPassword):
        beskid.enter(ola.login)
    assert not found(boss, ola.id).active


def test_a_password_is_changed_by_herself_and_by_who_employs(beskid: office.Office, boss: Database, ola: Employee) -> None:
    """NBR-08: the old one is of no use then."""
    desk = beskid.enter(ola.login)
    desk.change(service.set_password, ola.id, verifier("Drugie hasło 2026"))
    desk.close()
    with pytest.raises(WrongPassword):
        beskid.enter(ola.login)
    boss.change(service.set_password, ola.id, verifier(PASSWORD))
    beskid.enter(ola.login).close()


def test_nobody_changes_her_own_rights_and_one_must_manage(boss: Database, ola: Employee) -> None:
    """NBR-08: the last who may employ stays."""
    mine = boss.who.employee_id
    assert mine is not None
    for act, argument in ((service.dismiss, mine), (service.assign, found(boss, mine))):
        with pytest.raises(Refused) as refusal:
            boss.change(act, argument)  # type: ignore[arg-type]
        assert refusal.value.problems[0].code == "not_yourself"


def test_the_last_who_may_employ_stays(beskid: office.Office, boss: Database, ola: Employee) -> None:
    """NBR-08: a second administrator may dismiss the first, but nobody the last one."""
    administrator = next(role for role in boss.read(queries.list_roles) if role.name == "Administrator")
    boss.change(service.assign, replace(ola, roles=(administrator.id,), version=1))
    second = beskid.enter(ola.login)
    try:
        chief = boss.who.employee_id
        assert chief is not None
        second.change(service.assign, replace(found(second, chief), roles=(OPERATOR_ROLE,)))
        operator = next(role for role in second.read(queries.list_roles) if role.id == OPERATOR_ROLE)
        with pytest.raises(NotAllowed):
            boss.change(service.define_role, operator)
        with pytest.raises(NotAllowed):
            boss.change(service.dismiss, ola.id)
    finally:
        second.close()


def test_a_role_changes_and_conflicts(boss: Database) -> None:
    """ARC-02, NBR-08: permissions are those that the program knows."""
    role = Role(new_id(), "Kasa", ("documents.save_draft",))
    boss.change(service.define_role, role)
    boss.change(service.define_role, replace(role, name="Kasjer", permissions=("documents.seal_receipt",), version=1))
    stored = next(found for found in boss.read(queries.list_roles) if found.id == role.id)
    assert (stored.name, stored.permissions, stored.version) == ("Kasjer", ("documents.seal_receipt",), 2)
    with pytest.raises(Conflict):
        boss.change(service.define_role, replace(role, version=1))
    with pytest.raises(Refused, match="permission_unknown"):
        boss.change(service.define_role, replace(stored, permissions=("documents.burn",)))


def test_a_workstation_is_installed_and_removed(beskid: office.Office, boss: Database) -> None:
    """NBR-08: its login prints and sees nothing else."""
    station = Workstation(new_id(), f"kasa{secrets.token_hex(4)}", "Kasa 9", WARSZAWA)
    boss.change(service.install_workstation, station, verifier(PASSWORD))
    desk = beskid.enter(f"ws_{station.code}")
    assert (desk.who.employee_id, desk.who.workstation_id) == (None, station.id)
    desk.close()
    boss.change(service.remove_workstation, station.id)
    with pytest.raises(WrongPassword):
        beskid.enter(f"ws_{station.code}")


@pytest.fixture
def station(boss: Database) -> Workstation:
    """Newly installed in Warszawa."""
    new = Workstation(new_id(), f"kasa{secrets.token_hex(4)}", "Kasa 9", WARSZAWA)
    boss.change(service.install_workstation, new, verifier(PASSWORD))
    return new


def test_a_workstation_gets_a_new_secret(
    server: TestServer, fresh_database: str, beskid: office.Office, boss: Database, station: Workstation
) -> None:
    """NBR-08: a secret that was lost or stolen ends at once, open connections included; the audit says who gave a new one."""
    login = f"ws_{station.code}"
    new = secrets.token_urlsafe(24)
    with connect(beskid.profile, beskid.profile.role(login), PASSWORD) as till:
        boss.change(service.renew_secret, station.id, verifier(new))
        with pytest.raises(psycopg.errors.AdminShutdown):
            till.execute("select 1")
    with pytest.raises(WrongPassword):
        beskid.enter(login)
    desk = log_in(beskid.profile, login, new)
    assert desk.who.workstation_id == station.id
    desk.close()
    with psycopg.connect(server.server.dsn(fresh_database)) as connection:
        entries = connection.execute(
            "select role, split_part(operation, ' ', 1) from audit.entry where row_id = %s and act = 'update'", [str(station.id)]
        ).fetchall()
        kept = connection.execute(
            "select (select string_agg(e::text, '') from audit.entry e) || (select string_agg(o::text, '') from meta.operation o)"
        ).fetchone()
    assert entries == [(beskid.profile.role("szef"), "organisation.renew_secret")]
    assert kept is not None and kept[0] and new not in kept[0] and "SCRAM" not in kept[0]


def test_a_new_secret_is_given_by_whoever_may_install_it_there(beskid: office.Office, boss: Database, station: Workstation) -> None:
    """ARC-06: the right, the branch, a workstation in use; what is refused ends nobody's work."""
    login = f"chef{secrets.token_hex(4)}"
    rights = Role(new_id(), f"Kasy {login}", ("organisation.install_workstation",))
    boss.change(service.define_role, rights)
    boss.change(service.employ, Employee(new_id(), login, "Kierownik", (rights.id,), (KRAKOW,)), verifier(PASSWORD))
    for who, refusal in (("anna", NotAllowed), (login, Refused)):
        desk = beskid.enter(who)
        try:
            with pytest.raises(refusal):
                desk.change(service.renew_secret, station.id, verifier("x" * 20))
        finally:
            desk.close()
    with connect(beskid.profile, beskid.profile.role(f"ws_{station.code}"), PASSWORD) as till:
        with pytest.raises(NotAllowed, match="SCRAM"):
            boss.change(service.renew_secret, station.id, "plain")
        assert till.execute("select 1").fetchone() == (1,)
    boss.change(service.remove_workstation, station.id)
    with pytest.raises(Refused, match="record_unknown"):
        boss.change(service.renew_secret, station.id, verifier("x" * 20))


def test_who_opens_a_branch_works_in_it(boss: Database) -> None:
    """NBR-07: otherwise nobody could give it its number series."""
    branch = Branch(new_id(), "LU", "Lublin")
    boss.change(service.save_branch, branch)
    boss.change(service.save_series, NumberSeries(new_id(), "FS", branch.id, "FS/{branch}/{number}/{year}", "year", True))
    mine = boss.who.employee_id
    assert mine is not None
    assert branch.id in found(boss, mine).branches


@pytest.mark.parametrize("login", ["owner", "keeper", "employee", "workstation"])
def test_a_login_is_never_a_role_of_the_database_itself(boss: Database, login: str) -> None:
    """ARC-06: whoever may employ would else get the password of the owner."""
    with pytest.raises(Refused) as refusal:
        boss.change(service.employ, Employee(new_id(), login, "X", (), ()), verifier(PASSWORD))
    assert refusal.value.problems[0].code == "login_taken"
