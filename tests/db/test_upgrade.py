"""Installing and upgrading: the same result however often, among people at work, and versions that fit (ARC-04, architecture section 5)."""

import re
import secrets
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import psycopg
import pytest
from psycopg import sql

from crm_desktop.core.errors import Outdated
from crm_desktop.db import database as database_module
from crm_desktop.db.connect import SCHEMA_VERSION, Profile
from crm_desktop.db.database import Database
from crm_desktop.db.keys import new_id
from crm_desktop.db.transaction import Transaction
from crm_desktop.db.upgrade import GATE, GROUPS, LEAST_CLIENT, close_database, install
from crm_desktop.modules import parts
from crm_desktop.parties import queries as parties
from crm_desktop.parties.rules.model import Party
from crm_desktop.parties.service import save_party
from tests.support import office, upgrading
from tests.support.postgres import TestServer
from tests.support.schema import dump

Owner = psycopg.Connection[Any]


@pytest.fixture
def clone(server: TestServer, fresh_database: str) -> str:
    """A database that may be upgraded."""
    upgrading.make_upgradable(server, fresh_database)
    return fresh_database


@pytest.fixture
def owner(server: TestServer, clone: str) -> Iterator[Owner]:
    """The server's administrator in it; each statement is a transaction."""
    with psycopg.connect(server.server.dsn(clone), autocommit=True) as connection:
        yield connection


@pytest.fixture
def installed(server: TestServer, fresh_database: str) -> str:
    """What an installation leaves, as a text (tests/golden/schema.txt is the same)."""
    return dump(server, fresh_database)


@pytest.fixture
def anna(server: TestServer, clone: str) -> Iterator[Database]:
    desk = enter(server, clone)
    yield desk
    desk.close()


def enter(server: TestServer, database: str) -> Database:
    return office.Office(upgrading.profile_of(server, database)).enter("anna")


def one(connection: Owner, statement: str) -> Any:
    row = connection.execute(statement).fetchone()  # type: ignore[call-overload]
    return None if row is None else row[0]


# The same result however often --------------------------------------------------------------------------------------


@pytest.fixture
def company_name(server: TestServer) -> Iterator[str]:
    """A name for a database of its own roles; both are gone afterwards."""
    name = f"crm_own_{secrets.token_hex(3)}"
    yield name
    server.drop(name)
    with psycopg.connect(server.server.dsn(), autocommit=True) as connection:
        for role in (f"{name}_installer", *(f"{name}_{group}" for group in GROUPS)):
            if one(connection, f"select 1 from pg_roles where rolname = '{role}'"):
                connection.execute(sql.SQL("drop owned by {0} cascade; drop role {0}").format(sql.Identifier(role)))


def test_installing_twice_is_installing_once(server: TestServer, company_name: str, installed: str) -> None:
    """The first-run wizard may be interrupted and begun again; an upgrade to the same version changes nothing."""
    login = server.server
    address = Profile(login.host, login.port, "postgres", "disable")
    for _ in range(2):
        profile = install(address, login.superuser, login.password, company_name, parts())
        assert profile == replace(address, database=company_name)
        assert dump(server, company_name, company_name) == installed
        with psycopg.connect(login.dsn(company_name)) as connection:
            assert one(connection, "select array_agg(role_prefix) from meta.release") == [company_name]
            assert one(connection, "select count(*) from meta.alembic_version") == 1
            assert one(connection, "select count(*) = count(distinct (code, valid_from)) from catalogue.vat_rate")
            assert one(connection, "show timezone") == "Europe/Warsaw"


def test_an_administrator_who_is_no_superuser_can_install(server: TestServer, company_name: str, installed: str) -> None:
    """CREATEDB, CREATEROLE and the right to hand pg_signal_backend on are enough, as on a hosted server."""
    login, admin = server.server, f"{company_name}_installer"
    with psycopg.connect(login.dsn(), autocommit=True) as connection:
        connection.execute(sql.SQL("create role {} login createdb createrole password 'secret'").format(sql.Identifier(admin)))
        connection.execute(sql.SQL("grant pg_signal_backend to {} with admin option").format(sql.Identifier(admin)))
    install(Profile(login.host, login.port, "postgres", "disable"), admin, "secret", company_name, parts())
    assert dump(server, company_name, company_name) == installed


def test_two_upgrades_at_once_migrate_once(server: TestServer, company_name: str, installed: str) -> None:
    """Two administrators press the button: one migrates, the other waits and finds it done."""
    with psycopg.connect(server.server.dsn(), autocommit=True) as connection:
        statement = sql.SQL("create database {} owner {} template template0 encoding 'UTF8' lc_collate 'C' lc_ctype 'C'")
        connection.execute(statement.format(sql.Identifier(company_name), sql.Identifier(f"{office.TEMPLATE}_owner")))
        close_database(connection, company_name, office.TEMPLATE)
    profile = upgrading.profile_of(server, company_name)
    both = [upgrading.Upgrader(server, profile) for _ in range(2)]
    for each in both:
        each.ready()
    for each in both:
        each.go()
    assert [each.ended() for each in both] == ["", ""]
    assert dump(server, company_name) == installed
    with psycopg.connect(server.server.dsn(company_name)) as connection:
        assert one(connection, "select count(*) from meta.alembic_version") == 1
        assert one(connection, "select count(*) from catalogue.vat_rate where code = '23'") == 1


# What no file names any more ----------------------------------------------------------------------------------------

#: What an earlier version, or an administrator in a hurry, may have left behind.
LEFT_BEHIND = (
    "create function code.of_old() returns int language sql as 'select 1'",
    "create function code.of_old(a int) returns int language sql as 'select a'",
    "create function code.watch_of_old() returns trigger language plpgsql as 'begin return new; end'",
    "create trigger of_old before insert on parties.party for each row execute function code.watch_of_old()",
    "create policy of_old on documents.document using (true)",
    "alter table documents.document disable row level security",
    "grant update (number), delete on documents.document to @employee@",
    "grant select on audit.entry to @employee@",
    "grant execute on function code.next_number to @employee@, @workstation@",
    "grant execute on function code.found_company to public",
)


def test_what_no_file_names_is_gone(server: TestServer, installed: str, clone: str, owner: Owner) -> None:
    """Functions, triggers, policies and grants of an earlier version; also a right that was only lent (ARC-06)."""
    for statement in LEFT_BEHIND:
        owner.execute(f"set role {office.TEMPLATE}_owner")  # type: ignore[call-overload]
        owner.execute(re.sub(r"@(\w+)@", rf"{office.TEMPLATE}_\1", statement))  # type: ignore[call-overload]
    upgrading.upgrade_here(server, clone)
    assert dump(server, clone) == installed


def test_a_function_may_come_to_give_something_else(server: TestServer, installed: str, clone: str, owner: Owner) -> None:
    """An earlier version's function had other columns, under the same arguments."""
    signature = one(owner, "select oid::regprocedure::text from pg_proc where proname = 'document_history'")
    role = sql.Identifier(f"{office.TEMPLATE}_owner")
    owner.execute(sql.SQL("set role {}").format(role))
    owner.execute(f"drop function {signature}")
    owner.execute(f"create function {signature} returns int language sql as 'select 1'")
    owner.execute("reset role")
    upgrading.upgrade_here(server, clone)
    assert dump(server, clone) == installed


def test_a_real_dependency_stops_the_upgrade_and_nothing_is_half_done(server: TestServer, clone: str, owner: Owner) -> None:
    """Nothing is dropped with CASCADE: somebody built on it, and a person must look."""
    owner.execute(f"set role {office.TEMPLATE}_owner")  # type: ignore[call-overload]
    owner.execute("create function code.of_old() returns int language sql as 'select 1'")
    owner.execute("create view meta.built_on_it as select code.of_old()")
    owner.execute("comment on function code.clock is 'as it was'")
    before = one(owner, "select upgraded_at from meta.release")
    with pytest.raises(psycopg.errors.DependentObjectsStillExist, match="built_on_it"):
        upgrading.upgrade_here(server, clone)
    assert one(owner, "select code.of_old()") == 1
    assert one(owner, "select upgraded_at from meta.release") == before


def test_an_older_program_does_not_touch_a_newer_schema(server: TestServer, clone: str, owner: Owner) -> None:
    """Its functions would be older than the tables."""
    owner.execute("update meta.alembic_version set version_num = '2099_01_01_unknown'")
    owner.execute("update meta.release set schema_version = '99', installer = '//serwer/crm'")
    owner.execute(f"set role {office.TEMPLATE}_owner")  # type: ignore[call-overload]
    owner.execute("comment on function code.clock() is 'of the newer program'")
    before: datetime = one(owner, "select upgraded_at from meta.release")
    with pytest.raises(Outdated) as refused:
        upgrading.upgrade_here(server, clone)
    assert (refused.value.newer, refused.value.schema, refused.value.installer) == ("schema", "99", "//serwer/crm")
    assert one(owner, "select upgraded_at from meta.release") == before


# Among people at work -----------------------------------------------------------------------------------------------


def test_an_upgrade_waits_for_running_changes_and_holds_up_new_ones(server: TestServer, clone: str, owner: Owner, anna: Database) -> None:
    """The gate: what was begun ends under the old code, what comes later runs under the new; who only reads goes on meanwhile."""
    holds, may_end = threading.Event(), threading.Event()
    ends: list[str] = []

    def save_slowly(tx: Transaction, party: Party) -> None:
        save_party(tx, party)
        holds.set()
        may_end.wait(4)  # the server ends a transaction that is idle for 5 s

    def act(name: str, fn: Any) -> None:
        try:
            anna.change(fn, Party(new_id(), code=name, name=name))
            ends.append(name)
        except Exception as error:
            ends.append(repr(error))

    slow, late = (threading.Thread(target=act, args=each) for each in (("slow", save_slowly), ("late", save_party)))
    upgrader = upgrading.Upgrader(server, upgrading.profile_of(server, clone))
    upgrader.ready()
    slow.start()
    assert holds.wait(10)
    before = one(owner, "select upgraded_at from meta.release")
    upgrader.go()
    gate = f"select exists (select from pg_locks where locktype = 'advisory' and objid = {GATE} and mode = 'ExclusiveLock' and not granted)"
    upgrading.wait_until(lambda: one(owner, gate), 10)
    late.start()
    assert anna.read(parties.find_parties, "volt")[0].code == "VOLT"
    assert upgrader.running
    assert ends == []
    may_end.set()
    assert upgrader.ended() == ""
    for thread in (slow, late):
        thread.join(upgrading.LONGEST)
    assert sorted(ends) == ["late", "slow"]
    changed_at = dict(
        owner.execute(
            "select new ->> 'code', at from audit.entry where table_name = 'parties.party' and new ->> 'code' in ('slow', 'late')"
        )
    )
    assert before < one(owner, "select upgraded_at from meta.release")
    assert changed_at["slow"] < one(owner, "select upgraded_at from meta.release") <= changed_at["late"]


def test_an_upgrade_reaches_nobody_as_an_error(server: TestServer, installed: str, clone: str) -> None:
    """ARC-03, ARC-04: people who sell and people who only look; the full count is tests/soak/test_upgrades.py."""
    upgrading.check_upgrades(server, clone, 4, 2)
    assert dump(server, clone) == installed


# Versions -----------------------------------------------------------------------------------------------------------


def test_the_program_fits_the_schema_that_it_installs(owner: Owner) -> None:
    release = owner.execute("select schema_version, least_client from meta.release").fetchone()
    assert release == (str(SCHEMA_VERSION), LEAST_CLIENT)


@pytest.mark.parametrize(("client", "least"), [("0.1.0", "0.2.0"), ("0.9.3", "0.10.0"), ("1.2", "1.2.1")])
def test_a_client_that_is_too_old_is_told_where_the_new_one_is(
    server: TestServer, clone: str, owner: Owner, monkeypatch: pytest.MonkeyPatch, client: str, least: str
) -> None:
    """ARC-04: at the login, before anything else; versions are compared number by number."""
    owner.execute("update meta.release set least_client = %s, installer = %s", [least, "\\\\serwer\\instalki\\crm"])
    monkeypatch.setattr(database_module, "__version__", client)
    with pytest.raises(Outdated) as refused:
        enter(server, clone)
    error = refused.value
    assert (error.newer, error.client, error.schema, error.installer) == (
        "schema",
        client,
        str(SCHEMA_VERSION),
        "\\\\serwer\\instalki\\crm",
    )


@pytest.mark.parametrize(("client", "least"), [("0.2.0", "0.2.0"), ("0.10.0", "0.9.3"), ("2.0", "1.99.99")])
def test_a_client_that_is_new_enough_comes_in(
    server: TestServer, clone: str, owner: Owner, monkeypatch: pytest.MonkeyPatch, client: str, least: str
) -> None:
    owner.execute("update meta.release set least_client = %s", [least])
    monkeypatch.setattr(database_module, "__version__", client)
    enter(server, clone).close()


def test_a_desk_that_was_open_during_the_upgrade_is_told_at_its_next_change(owner: Owner, anna: Database) -> None:
    """ARC-04: a desk that nobody closed for a week."""
    owner.execute("update meta.release set least_client = '99.0'")
    with pytest.raises(Outdated) as refused:
        anna.change(save_party, Party(new_id(), code="X", name="X"))
    assert refused.value.newer == "schema"


def test_a_schema_that_is_too_old_asks_for_the_upgrade(server: TestServer, clone: str, owner: Owner) -> None:
    """ARC-04: the program is newer than the database; its administrator must upgrade first."""
    owner.execute("update meta.release set schema_version = %s", [str(SCHEMA_VERSION - 1)])
    with pytest.raises(Outdated) as refused:
        enter(server, clone)
    assert (refused.value.newer, refused.value.schema) == ("client", str(SCHEMA_VERSION - 1))


def test_an_older_program_works_on_with_a_newer_schema_that_allows_it(server: TestServer, clone: str, owner: Owner) -> None:
    """Old and new programs meet on a hundred workstations: columns are added first and removed a release later."""
    owner.execute("update meta.release set schema_version = %s", [str(SCHEMA_VERSION + 1)])
    enter(server, clone).close()


def test_nobody_lowers_the_version_that_is_asked_for(server: TestServer, clone: str) -> None:
    """The release is the owner's row: an operator's console cannot let an old program in (ARC-06)."""
    profile = upgrading.profile_of(server, clone)
    with (
        psycopg.connect(host=profile.host, port=profile.port, dbname=clone, user=profile.role("anna"), password=office.PASSWORD) as console,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        console.execute("update meta.release set least_client = '0.0.1'")
