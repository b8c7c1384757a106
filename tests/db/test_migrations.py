"""Tables, migrations, sentences and permissions say the same (architecture, section 9: "golden schema; model = migrations").

`CRM_GOLDEN=write` writes tests/golden/schema.txt anew; the difference in the commit then shows what changed in the database.
"""

import os
import re
from collections.abc import Iterator
from difflib import unified_diff
from string import Formatter
from typing import Any

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.engine import URL
from sqlalchemy.pool import NullPool

from crm_desktop.core.i18n import tell
from crm_desktop.core.problem import Problem
from crm_desktop.db.connect import SCHEMA_VERSION
from crm_desktop.db.errors import translated
from crm_desktop.modules import MODULES, parts
from tests.support.house import PACKAGE, ROOT
from tests.support.postgres import TestServer
from tests.support.schema import dump, parts_of

GOLDEN = ROOT / "tests/golden/schema.txt"
HOW_TO_WRITE = "If this is what you want: CRM_GOLDEN=write .venv/bin/python -m pytest tests/db/test_migrations.py, and commit the file."
SCHEMAS = [str(part.metadata.schema) for part in parts()]
MESSAGES = {name: message for module in MODULES for name, message in module.messages.items()}


@pytest.fixture
def owner(server: TestServer, fresh_database: str) -> Iterator[Connection]:
    """A transaction of the server's administrator in a freshly installed database, rolled back."""
    login = server.server
    address = URL.create("postgresql+psycopg", login.superuser, login.password, login.host, login.port, fresh_database)
    with create_engine(address, poolclass=NullPool).connect() as connection, connection.begin() as transaction:
        yield connection
        transaction.rollback()


def _bare(connection: Connection) -> "psycopg.Connection[Any]":
    bare: psycopg.Connection[Any] = connection.connection.driver_connection  # type: ignore[assignment]
    return bare


# Tables = migrations ------------------------------------------------------------------------------------------------


def test_alembic_would_change_nothing(owner: Connection) -> None:
    """ARC-04: whoever changes tables.py without a revision, or the other way round, learns it here."""
    assert _changes(owner) == []


def test_alembic_would_see_a_forgotten_revision(owner: Connection) -> None:
    owner.execute(text("alter table parties.party drop column email"))
    assert [change[0] for change in _changes(owner)] == ["add_column"]


def _changes(connection: Connection) -> list[Any]:
    def ours(name: str | None, kind: str, _parents: Any) -> bool:
        return not (kind == "table" and str(name).startswith("entry_"))  # the audit's partitions come with the calendar

    options = {
        "include_schemas": True,
        "include_name": ours,
        "version_table": "alembic_version",
        "version_table_schema": "meta",
        "compare_server_default": True,
    }
    return compare_metadata(MigrationContext.configure(connection, opts=options), [part.metadata for part in parts()])  # type: ignore[arg-type]


def test_the_tables_made_anew_are_those_that_were_migrated(owner: Connection) -> None:
    """What Alembic does not compare, by name and definition: checks, generated columns, identities, operator classes, defaults."""
    migrated = parts_of(_bare(owner), SCHEMAS)
    _make_anew(owner)
    declared = parts_of(_bare(owner), SCHEMAS)
    assert len(migrated["columns"]) > 200
    for kind, found in migrated.items():
        assert found == declared[kind], f"{kind} of the migrations (left) and of tables.py (right)"


def test_a_changed_check_would_be_seen(owner: Connection) -> None:
    _make_anew(owner)
    declared = parts_of(_bare(owner), SCHEMAS)
    owner.execute(text("alter table parties.party drop constraint party_payment_days_range"))
    owner.execute(text("alter table parties.party add constraint party_payment_days_range check (payment_days between 0 and 366)"))
    changed = parts_of(_bare(owner), SCHEMAS)
    assert [name for name, found in changed["constraints"].items() if declared["constraints"][name] != found] == [
        "parties.party.party_payment_days_range"
    ]


def _make_anew(connection: Connection) -> None:
    """The tables of all slices, gone with everything that hangs on them, and made by SQLAlchemy from the metadata."""
    for part in parts():
        for table in part.metadata.sorted_tables:
            connection.execute(text(f"drop table {table.fullname} cascade"))
    connection.execute(text("set local search_path = pg_catalog, public"))  # where the operator class of pg_trgm lies
    for part in parts():
        part.metadata.create_all(connection)


def test_each_revision_raises_the_schemas_number() -> None:
    """ARC-04: a program that asks for a new column must be told at its login that an old database has none."""
    revisions = list((ROOT / "migrations/versions").glob("*.py"))
    assert len(revisions) == SCHEMA_VERSION, "raise SCHEMA_VERSION in crm_desktop/db/connect.py by one with each revision"


def test_the_schema_is_the_golden_one(server: TestServer, fresh_database: str) -> None:
    """Tables, triggers, policies, grants and the heads of functions: a change of any of them is seen by a person (ARC-06)."""
    said = dump(server, fresh_database)
    if os.environ.get("CRM_GOLDEN") == "write":
        GOLDEN.write_text(said, encoding="utf-8")
    kept = GOLDEN.read_text(encoding="utf-8")
    difference = "\n".join(unified_diff(kept.splitlines(), said.splitlines(), "golden", f"PostgreSQL {server.version}", lineterm="", n=1))
    assert not difference, f"{HOW_TO_WRITE}\n{difference}"


# Sentences ----------------------------------------------------------------------------------------------------------

#: Constraints that no window and no service can break: the program writes only what is known there. Each with its reason.
UNSPOKEN = {
    "the program knows the words and writes no others": (
        "item_kind_known",
        "document_delivery_known",
        "document_method_known",
        "document_payment_known",
        "document_state_known",
        "kind_method_known",
        "kind_payment_known",
        "journal_state_known",
        "receipt_state_known",
        "job_state_known",
        "number_series_restart_known",
        "setting_scope_known",
        "party_kind_known",
    ),
    "written by guarded functions and by the service in this form only": (
        "document_buyer_whole",
        "document_issued_stamp",
        "document_number_when_issued",
        "item_unit_barcode_not_empty",
        "company_only_one",
        "receipt_number_unique",
        "message_sender_unique",
    ),
    "the rules refuse it at the field before it is sent": (
        "purchase_price_price_range",
        "vat_row_sums",
    ),
    "only there for a foreign key that carries the branch": ("document_branch_unique", "device_branch_unique"),
}
#: A primary key is made by the client (UUID version 7) or written by an upsert; what a foreign key points to was chosen from a list.
UNSPOKEN_KINDS = {"p", "f"}
#: … and nobody deletes what others point to: the tables that an employee may delete from and that are pointed to, with the reason.
DELETABLE = {
    "documents.document": "a draft; its lines and VAT rows go with it, and a frozen revision holds it by a trigger with its own sentence",
    "parties.party_group": "no window deletes a group yet",
    "catalogue.item_group": "no window deletes a group yet",
}

_CONSTRAINTS = """
    select conname, contype::text from pg_constraint
     where connamespace::regnamespace::text = any (%s) and contype in ('c', 'u', 'p', 'f', 'x') and coninhcount = 0
    union
    select c.relname, 'i' from pg_index i join pg_class c on c.oid = i.indexrelid
     where i.indisunique and c.relnamespace::regnamespace::text = any (%s)
       and not exists (select from pg_constraint k where k.conindid = i.indexrelid)"""


def _constraints(connection: Connection) -> dict[str, str]:
    return dict(_bare(connection).execute(_CONSTRAINTS, [SCHEMAS, SCHEMAS]).fetchall())


def test_each_constraint_that_a_person_can_break_has_a_sentence(owner: Connection) -> None:
    """GOL-28: PostgreSQL names the constraint, the slice has the sentence."""
    unspoken = [name for names in UNSPOKEN.values() for name in names]
    found = _constraints(owner)
    assert [name for name in unspoken if name not in found] == [], "on the list, but not in the database"
    assert [name for name in unspoken if name in MESSAGES] == [], "on the list, but it has a sentence"
    silent = sorted(name for name, kind in found.items() if kind not in UNSPOKEN_KINDS and name not in MESSAGES and name not in unspoken)
    assert silent == [], "add a sentence to MESSAGES of the slice's tables.py, or the name with its reason to UNSPOKEN"


def test_what_others_point_to_is_not_deleted(owner: Connection) -> None:
    """Foreign keys need no sentence as long as nobody can delete the row that they point to."""
    rows = _bare(owner).execute("""
        select distinct k.confrelid::regclass::text from pg_constraint k join pg_class c on c.oid = k.confrelid,
               aclexplode(c.relacl) a join pg_roles r on r.oid = a.grantee
         where k.contype = 'f' and a.privilege_type = 'DELETE' and (r.rolname like '%employee' or r.rolname like '%workstation')""")
    assert sorted(name for (name,) in rows.fetchall()) == sorted(DELETABLE)


#: `perform code.refuse('name', …)` and `using errcode = 'CR422', constraint = 'name'` with what follows them up to the semicolon.
_REFUSAL = re.compile(r"code\.refuse\((?P<call>[^;]+);|errcode = 'CR422', constraint = '(?P<raised>\w+)'")
_GUARD = re.compile(r"'([a-z_]+)'")
_KEY = re.compile(r"'(\w+)',|\"(\w+)\":")


def _refusals() -> Iterator[tuple[str, set[str], str]]:
    """Each guard that SQL refuses by: its name, the figures that it gives, and where."""
    for path in sorted(PACKAGE.glob("*/sql/*.sql")):
        for found in _REFUSAL.finditer(path.read_text(encoding="utf-8")):
            where = f"{path.relative_to(ROOT)}: {found[0].splitlines()[0]}"
            if found["raised"]:
                yield found["raised"], set(), where
                continue
            head, _, details = found["call"].partition("jsonb_build_object")
            head, _, literal = head.partition("'{")
            keys = {a or b for a, b in _KEY.findall(details or literal)}
            # `case state when 'sealed' then 'document_sealed' else 'document_frozen' end` names two.
            names = re.findall(r"(?:then|else) '(\w+)'", head) or _GUARD.findall(head)[:1]
            for name in names:
                yield name, keys, where


def test_each_guard_has_its_sentence_and_gives_its_figures() -> None:
    """GOL-28: a refusal of a guarded function reaches the person as a sentence with its figures in it."""
    found = list(_refusals())
    assert len({name for name, _, _ in found}) > 30
    for name, keys, where in found:
        assert name in MESSAGES, f"{where}\nhas no sentence in MESSAGES"
        places = {place for _, place, _, _ in Formatter().parse(MESSAGES[name]) if place}
        assert places <= keys, f"{where}\ngives {sorted(keys)}, the sentence wants {sorted(places)}"
        assert tell(Problem(name, "", MESSAGES[name], dict.fromkeys(keys, "x")))


def test_no_sentence_is_left_over(owner: Connection) -> None:
    """A sentence whose constraint or guard went is a promise that nobody keeps."""
    spoken = {name for name, _, _ in _refusals()} | set(_constraints(owner))
    assert sorted(set(MESSAGES) - spoken) == []


def test_two_slices_do_not_say_two_things_of_one_name() -> None:
    """The sentences of all slices are looked up by the constraint's name alone."""
    said = [(name, message) for module in MODULES for name, message in module.messages.items()]
    assert len(dict(said)) == len(set(said))


def test_a_broken_constraint_reaches_the_person_as_its_sentence(owner: Connection) -> None:
    with pytest.raises(psycopg.errors.CheckViolation) as broken:
        _bare(owner).execute(
            "insert into parties.party (id, kind, code, name, payment_days) values (gen_random_uuid(), 'company', 'X', 'X', 999)"
        )
    problem = translated(broken.value).problems[0]  # type: ignore[attr-defined]
    assert tell(problem) == "The payment term is from 0 to 365 days."


# Permissions --------------------------------------------------------------------------------------------------------


def test_the_manifests_permissions_are_those_of_the_database(owner: Connection) -> None:
    """ARC-06: `begin_operation` demands a right where meta.permission has a row of the operation's name."""
    declared = {permission.name: permission.title for module in MODULES for permission in module.permissions}
    assert dict(_bare(owner).execute("select name, title from meta.permission").fetchall()) == declared


def test_a_permission_bears_the_name_of_its_slice() -> None:
    wrong = [permission.name for module in MODULES for permission in module.permissions if permission.name.partition(".")[0] != module.name]
    assert wrong == []


def test_each_right_that_sql_asks_for_is_declared() -> None:
    """A misspelt right in a policy or function would refuse everybody, silently."""
    declared = {permission.name for module in MODULES for permission in module.permissions}
    asked = {
        name
        for path in PACKAGE.glob("*/sql/*.sql")
        for name in re.findall(r"code\.(?:allowed|demand)\('([^']+)'\)", path.read_text(encoding="utf-8"))
    }
    assert len(asked) > 15
    assert asked <= declared
