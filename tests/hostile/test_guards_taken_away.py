"""ARC-06: every policy and every trigger of the database is needed. Taken away, something that must not happen does happen.

A policy is made to say yes to everything, and somebody without the right succeeds; it is dropped, and somebody with the right fails.
A trigger is dropped, and a statement that it refuses succeeds, or what it writes is not written. Guards that only stand behind
another guard are tried by the owner. All in transactions of the superuser, as the person's own session, and rolled back.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest

from tests.hostile.conftest import Stage
from tests.hostile.test_console import LINE, answer

Connection = psycopg.Connection[Any]
ID = "'ffffffff-0000-7000-8000-000000000001'"


@dataclass(frozen=True)
class Acts:
    """One row of a table: how it comes, changes (after it came, unless it was there) and goes."""

    insert: str
    update: str
    delete: str


def _by_id(table: str, columns: str, values: str, change: str) -> Acts:
    return Acts(
        f"insert into {table} (id, {columns}) values ({ID}, {values})",
        f"update {table} set {change} where id = {ID}",
        f"delete from {table} where id = {ID}",
    )


BUYER = "(select buyer from documents.document where id = :'own_draft')"
ACTS = {
    "organisation.company": Acts(
        "delete from organisation.company; insert into organisation.company (name, nip) values ('X', '5260250274')",
        "update organisation.company set street = 'X'",
        "delete from organisation.company",
    ),
    "organisation.branch": _by_id("organisation.branch", "code, name", "'XX', 'X'", "name = 'Y'"),
    "organisation.role": _by_id("organisation.role", "name", "'X'", "name = 'Y'"),
    "organisation.role_permission": Acts(
        "insert into organisation.role_permission values (:'empty_role', 'x')",
        "update organisation.role_permission set permission = 'y' where permission = 'x'",
        "delete from organisation.role_permission where permission = 'x'",
    ),
    "organisation.employee": _by_id("organisation.employee", "login, name, role_name", "'xx', 'X', 'xx'", "name = 'Y'"),
    "organisation.employee_role": Acts(
        "insert into organisation.employee_role values (:'wanda', :'empty_role')",
        "update organisation.employee_role set role_id = :'administrator_role' where role_id = :'empty_role' and employee_id = :'wanda'",
        "delete from organisation.employee_role where role_id = :'empty_role' and employee_id = :'wanda'",
    ),
    "organisation.employee_branch": Acts(
        "insert into organisation.employee_branch values (:'wanda', :'own_branch')",
        "update organisation.employee_branch set branch_id = :'closed_branch' where branch_id = :'own_branch' and employee_id = :'wanda'",
        "delete from organisation.employee_branch where branch_id = :'own_branch' and employee_id = :'wanda'",
    ),
    "organisation.workstation": _by_id(
        "organisation.workstation", "code, name, branch_id, role_name", "'xx', 'X', :'own_branch', 'xx'", "name = 'Y'"
    ),
    "organisation.number_series": _by_id(
        "organisation.number_series", "code, branch_id, pattern, restart", "'X', :'own_branch', 'X/{number}/{year}', 'year'", "code = 'Y'"
    ),
    "organisation.setting": Acts(
        "insert into organisation.setting values ('x', 'company', '', '1')",
        "update organisation.setting set value = '2' where key = 'x'",
        "delete from organisation.setting where key = 'x'",
    ),
    "parties.party_group": _by_id("parties.party_group", "name", "'X'", "name = 'Y'"),
    "parties.party": _by_id("parties.party", "kind, code, name", "'company', 'X', 'X'", "name = 'Y'"),
    # A period to come: one that has begun stays, and another guard says so.
    "catalogue.vat_rate": _by_id("catalogue.vat_rate", "code, percent, valid_from", "'4', 4, '2999-01-01'", "name = 'Y'"),
    "catalogue.item_group": _by_id("catalogue.item_group", "name", "'X'", "name = 'Y'"),
    "catalogue.item": _by_id("catalogue.item", "kind, code, name, vat, unit", "'goods', 'X', 'X', '23', 'szt.'", "name = 'Y'"),
    "catalogue.item_unit": _by_id("catalogue.item_unit", "item_id, name, factor", ":'item', 'X', 12", "name = 'Y'"),
    "catalogue.purchase_price": Acts(
        "insert into catalogue.purchase_price values (:'item', '2020-01-01', 1)",
        "update catalogue.purchase_price set price = 2 where valid_from = '2020-01-01'",
        "delete from catalogue.purchase_price where valid_from = '2020-01-01'",
    ),
    "documents.kind": _by_id("documents.kind", "code, name, name_en, series", "'X', 'X', 'X', 'X'", "name = 'Y'"),
    "documents.document": _by_id(
        "documents.document",
        "kind_id, branch_id, method, issue_date, sale_date, due_date, buyer, payment, made_by",
        f":'kind', :'own_branch', 'net', :'today', :'today', :'today', {BUYER}, 'cash', :'anna'",
        "notes = 'Y'",
    ),
    "documents.line": Acts(
        LINE + "50, gen_random_uuid(), :'own_branch', :'item', 'X', 'X', 1, 'szt.', 10, 0, '23', 10, 0, 10, 2.30, 12.30)",
        "update documents.line set name = 'Y' where position = 50",
        "delete from documents.line where position = 50",
    ),
    "documents.vat_row": Acts(
        "insert into documents.vat_row (document_id, vat, position, branch_id, net, tax, gross)"
        " values (:'own_draft', '8', 50, :'own_branch', 0, 0, 0)",
        "update documents.vat_row set position = 51 where position = 50",
        "delete from documents.vat_row where position = 50",
    ),
    "documents.revision": Acts(
        "insert into documents.revision (document_id, revision, branch_id, content_hash, seller, frozen_by)"
        " values (:'own_draft', 1, :'own_branch', '', '{}', :'anna')",
        "alter table documents.revision disable trigger frozen;"
        " update documents.revision set seller = '[]' where document_id = :'own_draft'",
        "delete from documents.revision where document_id = :'own_draft'",
    ),
    "documents.line_cost": Acts(
        "insert into documents.line_cost values (:'own_draft', 1, 1, :'own_branch', 1, 'X')",
        "alter table documents.line_cost disable trigger frozen; update documents.line_cost set cost = 2 where document_id = :'own_draft'",
        "delete from documents.line_cost where document_id = :'own_draft'",
    ),
    "documents.closed_period": Acts(
        "insert into documents.closed_period (branch_id, until, documents, content_hash) values (:'own_branch', '2020-01-01', 0, '')",
        "update documents.closed_period set documents = 1 where until = '2020-01-01'",
        "delete from documents.closed_period where until = '2020-01-01'",
    ),
    "fiscal.device": _by_id(
        "fiscal.device", "branch_id, workstation_id, name, address", ":'own_branch', :'own_till', 'X', 'X'", "name = 'Y'"
    ),
    "fiscal.receipt": _by_id(
        "fiscal.receipt",
        "device_id, branch_id, holder_id, content, sealed_by",
        ":'own_device', :'own_branch', gen_random_uuid(), '{}', :'anna'",
        "message = 'Y'",
    ),
    "fiscal.receipt_print": Acts(
        "insert into fiscal.receipt_print (receipt_id, branch_id, device_number, daily_report, receipt_number, printed_at, printed_on,"
        " evidence)"
        " values (:'own_receipt', :'own_branch', 'X', 1, 1, now(), :'today', '{}')",
        "update fiscal.receipt_print set daily_report = 2 where receipt_id = :'own_receipt'",
        "delete from fiscal.receipt_print where receipt_id = :'own_receipt'",
    ),
}

#: Triggers that write nothing but refuse or add something: the statement, what it gives with the trigger.
TRIGGERS = {
    "documents.document frozen": (
        "postgres",
        "update documents.document set notes = 'x' where id = :'own_issued'",
        "CR422 document_frozen",
    ),
    "documents.line frozen_insert": (
        "anna",
        (LINE + "50, gen_random_uuid(), :'own_branch', :'item', 'X', 'X', 1, 'szt.', 1, 0, '23', 1, 0, 1, 0, 1)").replace(
            "own_draft", "own_issued"
        ),
        "CR422 document_frozen",
    ),
    "documents.line frozen_update": (
        "postgres",
        "update documents.line set name = 'x' where document_id = :'own_issued'",
        "CR422 document_frozen",
    ),
    "documents.line frozen_delete": ("anna", "delete from documents.line where document_id = :'own_sealed'", "CR422 document_sealed"),
    "documents.vat_row frozen_insert": (
        "anna",
        ACTS["documents.vat_row"].insert.replace("own_draft", "own_issued"),
        "CR422 document_frozen",
    ),
    "documents.vat_row frozen_update": ("postgres", "update documents.vat_row set position = 9", "CR422 document_frozen"),
    "documents.vat_row frozen_delete": ("anna", "delete from documents.vat_row where document_id = :'own_sealed'", "CR422 document_sealed"),
    "documents.revision frozen": ("postgres", "update documents.revision set seller = '{}'", "CR422 document_frozen"),
    "documents.line_cost frozen": ("postgres", "update documents.line_cost set cost = 0", "CR422 document_frozen"),
    "catalogue.vat_rate frozen": ("postgres", "update catalogue.vat_rate set name = 'x' where code = '8'", "CR422 vat_rate_begun"),
    "catalogue.vat_rate used_stays": (
        "postgres",
        "alter table catalogue.vat_rate disable trigger frozen;"
        " update catalogue.vat_rate set valid_from = date :'today' + 1 where code = '23'",
        "CR422 vat_rate_used",
    ),
    "messages.message not_emptied": (
        "postgres",
        "alter table messages.recipient disable trigger not_emptied; truncate messages.message cascade; select 1",
        "CR403",
    ),
    "messages.recipient not_emptied": ("postgres", "truncate messages.recipient; select 1", "CR403"),
    "organisation.number_series check_series": (
        "postgres",
        "insert into organisation.number_series (id, code, branch_id, pattern, restart) values (gen_random_uuid(), 'X', :'own_branch',"
        " 'FS/KR/{number}/{month}/{year}', 'month')",
        "CR422 series_texts_clash",
    ),
    "fiscal.receipt print_has_document": (
        "postgres",
        "update fiscal.receipt set state = 'printed' where id = :'own_receipt'; set constraints all immediate;"
        " select 1 from fiscal.receipt",
        "CR422 receipt_not_printed",
    ),
}
VERSIONED = (
    *("organisation.company", "organisation.branch", "organisation.role", "organisation.employee", "organisation.workstation"),
    *("organisation.number_series", "parties.party", "parties.party_group", "catalogue.item", "catalogue.item_group"),
    *("catalogue.vat_rate", "documents.kind", "fiscal.device"),
)
NOTES = ("note_insert", "note_update", "note_delete")

#: Somebody without the right, somebody with it, and what both try; by the policy that decides.
COMPANY_WIDE = (
    *("organisation.company", "organisation.branch", "organisation.role", "organisation.role_permission", "organisation.employee"),
    *("organisation.employee_role", "organisation.employee_branch", "organisation.setting", "parties.party", "parties.party_group"),
    *("catalogue.vat_rate", "catalogue.item_group", "catalogue.item", "catalogue.item_unit", "documents.kind"),
)
FOREIGN = "branch_id = :'foreign_branch'"
BRANCH_WIDE = {
    **dict.fromkeys(("documents.document", "documents.line", "documents.vat_row", "documents.revision"), FOREIGN),
    **dict.fromkeys(("organisation.workstation", "organisation.number_series"), FOREIGN),
    **dict.fromkeys(("fiscal.device", "fiscal.receipt", "fiscal.receipt_print"), FOREIGN),
    "fiscal.lease": "device_id = :'foreign_device'",
    "fiscal.journal": "receipt_id = :'foreign_printed_receipt'",
}
#: What an act of ACTS would not do under the login of an employee, who may write fewer columns.
OWN_COLUMNS = {
    "documents.document made": ACTS["documents.document"].insert.replace(", made_by", "").replace(", :'anna'", ""),
    "documents.document changed": "update documents.document set notes = 'x' where id = :'own_draft'",
    "documents.document removed": "delete from documents.document where id = :'own_draft'",
    "documents.line removed": "delete from documents.line where document_id = :'own_draft'",
    "documents.vat_row removed": "delete from documents.vat_row where document_id = :'own_draft'",
    "organisation.branch changed": "update organisation.branch set name = 'X' where id = :'own_branch'",
    "organisation.number_series changed": "update organisation.number_series set legal = true where id = :'own_series'",
    "organisation.setting changed": "update organisation.setting set value = '2' where scope = 'company'",
    "organisation.setting removed": "delete from organisation.setting where scope = 'company'",
    "parties.party changed": "update parties.party set notes = 'x'",
    "parties.party_group changed": "update parties.party_group set name = 'x'",
    "parties.party_group removed": "delete from parties.party_group",
    "catalogue.vat_rate changed": "update catalogue.vat_rate set valid_to = '2999-12-31' where valid_to is null",
    "catalogue.vat_rate removed": "delete from catalogue.vat_rate where valid_from > :'today'",
    "catalogue.item_group changed": "update catalogue.item_group set name = 'x'",
    "catalogue.item_group removed": "delete from catalogue.item_group",
    "catalogue.item changed": "update catalogue.item set notes = 'x'",
    "catalogue.item_unit changed": "update catalogue.item_unit set name = name",
    "catalogue.item_unit removed": "delete from catalogue.item_unit",
    # Without a condition: a condition would ask for the right to see, too.
    "catalogue.purchase_price changed": "update catalogue.purchase_price set price = 2",
    "catalogue.purchase_price removed": "delete from catalogue.purchase_price",
    "documents.kind changed": "update documents.kind set name_en = 'x'",
    "fiscal.device changed": "update fiscal.device set address = 'x' where id = :'own_device'",
}


def _policies() -> dict[str, tuple[str, str, str, str]]:
    """policy -> (without the right, what she tries, with the right, what she does)."""
    found = {f"{table} seen": ("kinga", f"select from {table}", "anna", f"select from {table}") for table in COMPANY_WIDE}
    for table, foreign in BRANCH_WIDE.items():
        found[f"{table} seen"] = ("anna", f"select from {table} where {foreign}", "anna", f"select from {table}")
    for table in ("documents.line_cost", "catalogue.purchase_price"):
        found[f"{table} seen"] = ("anna", f"select from {table}", "szef", f"select from {table}")
    for table in ("messages.message", "messages.recipient"):
        found[f"{table} seen"] = ("anna", f"select from {table}", "wanda", f"select from {table}")
    mine = "select from organisation.workspace where employee_id = :'wanda'"
    found["organisation.workspace own"] = ("anna", mine, "wanda", mine)
    written = ["company changed", "branch made", "branch changed", "number_series made", "number_series changed"]
    written += ["setting made", "setting changed", "setting removed"]
    keys = [f"organisation.{name}" for name in written]
    keys += [
        f"parties.{name}" for name in ("party made", "party changed", "party_group made", "party_group changed", "party_group removed")
    ]
    keys += [
        f"catalogue.{table} {act}"
        for table in ("vat_rate", "item_group", "item_unit", "purchase_price")
        for act in ("made", "changed", "removed")
    ]
    keys += ["catalogue.item made", "catalogue.item changed"]
    keys += ["documents.kind made", "documents.kind changed", "fiscal.device made", "fiscal.device changed"]
    keys += [f"documents.document {act}" for act in ("made", "changed", "removed")]
    keys += [f"documents.{table} {act}" for table in ("line", "vat_row") for act in ("made", "removed")]
    for key in keys:
        table, act = key.split()
        acts = ACTS[table]
        statement = OWN_COLUMNS.get(key) or {"made": acts.insert, "changed": acts.update, "removed": acts.delete}[act]
        found[key] = ("ola", statement, "szef", statement)
    return found


POLICIES = _policies()


@pytest.fixture
def owner(stage: Stage) -> Iterator[Connection]:
    """The superuser in a transaction that is rolled back."""
    with stage.owner() as connection:
        connection.execute("insert into organisation.workspace values (%s, 'x', 'x')", [stage.names["wanda"]])
        connection.execute("insert into organisation.setting values ('catalogue.merge_lines', 'company', '', 'true')")
        connection.execute("insert into parties.party_group (id, name) values (gen_random_uuid(), 'Hurt')")
        connection.execute("insert into catalogue.item_group (id, name) values (gen_random_uuid(), 'Lampy')")
        connection.execute(
            "insert into catalogue.vat_rate (id, code, percent, valid_from) values (gen_random_uuid(), '3', 3, current_date + 9)"
        )
        yield connection
        connection.rollback()


def tried(stage: Stage, connection: Connection, who: str, statement: str) -> str:
    """What the statement gives in that person's session; nothing of it stays."""
    connection.execute("savepoint before")
    if who != "postgres":
        connection.execute(f"set local session authorization '{stage.role(who)}'")  # type: ignore[call-overload]
    given = answer(connection, stage.sql(statement))
    connection.execute("rollback to savepoint before")
    return given


def without(connection: Connection, name: str) -> None:
    table, trigger = name.split()
    connection.execute(f"drop trigger {trigger} on {table}")  # type: ignore[call-overload]


def test_the_lists_name_every_policy_and_every_trigger(owner: Connection) -> None:
    """What is added to the catalog must be added here."""
    policies = owner.execute("select polrelid::regclass::text || ' ' || polname from pg_policy").fetchall()
    assert {name for (name,) in policies} == set(POLICIES)
    triggers = owner.execute(
        "select t.tgrelid::regclass::text || ' ' || t.tgname from pg_trigger t where not t.tgisinternal and t.tgparentid = 0"
    ).fetchall()
    listed = {f"{table} {name}" for table in ACTS for name in (*NOTES, "never_truncate")} | set(TRIGGERS)
    listed |= {f"{table} raise_version" for table in VERSIONED}
    listed |= {"organisation.branch enter_new_branch", "organisation.branch keep_period"}
    # Without them nobody would be told: tests/messages/test_messages_on_server.py.
    listed |= {"messages.recipient announce_insert", "messages.recipient announce_update"}
    assert {name for (name,) in triggers} == listed


@pytest.mark.parametrize("name", POLICIES)
def test_a_policy_that_says_yes_lets_somebody_in(stage: Stage, owner: Connection, name: str) -> None:
    """NBR-07, NBR-08."""
    without_right, tries, with_right, does = POLICIES[name]
    assert tried(stage, owner, without_right, tries) in ("02000", "42501")
    assert tried(stage, owner, with_right, does) == "00000"
    table, policy = name.split()
    row = owner.execute("select polcmd from pg_policy where polrelid = %s::regclass and polname = %s", [table, policy]).fetchone()
    assert row is not None
    yes = {"a": "with check (true)", "r": "using (true)", "d": "using (true)"}.get(row[0], "using (true) with check (true)")
    owner.execute("savepoint guarded")
    owner.execute(f"alter policy {policy} on {table} {yes}")  # type: ignore[call-overload]
    assert tried(stage, owner, without_right, tries) == "00000"
    owner.execute("rollback to savepoint guarded")
    owner.execute(f"drop policy {policy} on {table}")  # type: ignore[call-overload]
    assert tried(stage, owner, with_right, does) != "00000"


@pytest.mark.parametrize("name", TRIGGERS)
def test_a_trigger_that_is_gone_refuses_nothing(stage: Stage, owner: Connection, name: str) -> None:
    """SAL-03, SAL-09, ARC-05."""
    who, statement, state = TRIGGERS[name]
    assert tried(stage, owner, who, statement) == state
    without(owner, name)
    assert tried(stage, owner, who, statement) == "00000"


@pytest.mark.parametrize("trigger", NOTES)
@pytest.mark.parametrize("table", ACTS)
def test_the_audit_knows_every_act_on_every_table(stage: Stage, owner: Connection, table: str, trigger: str) -> None:
    """NBR-08: who, when, old and new, whatever program wrote; without the trigger nobody would know."""
    act = trigger.removeprefix("note_")
    _act(stage, owner, table, act)
    noted = owner.execute(
        "select role, old is not null, new is not null from audit.entry where table_name = %s and act = %s and at = now()", [table, act]
    ).fetchall()
    assert noted
    assert set(noted) == {("postgres", act != "insert", act != "delete")}
    owner.execute("rollback to savepoint unspoilt")
    without(owner, f"{table} {trigger}")
    _act(stage, owner, table, act)
    query = "select from audit.entry where table_name = %s and act = %s and at = now()"
    assert owner.execute(query, [table, act]).fetchall() == []


def _act(stage: Stage, owner: Connection, table: str, act: str) -> None:
    acts = ACTS[table]
    owner.execute("savepoint unspoilt")
    owner.execute("delete from audit.entry")
    statements = {"insert": (acts.insert,), "update": (acts.insert, acts.update), "delete": (acts.insert, acts.delete)}[act]
    for statement in statements:
        cursor = owner.execute(stage.sql(statement))  # type: ignore[call-overload]
        while cursor.nextset():
            pass
        assert cursor.rowcount > 0, statement


@pytest.mark.parametrize("table", ACTS)
def test_no_table_is_emptied_at_once(stage: Stage, owner: Connection, table: str) -> None:
    """ARC-06: not even by the owner: TRUNCATE would pass by every trigger of rows. The others are switched off, so that this one counts."""
    for other in ACTS:
        if other != table:
            owner.execute(f"alter table {other} disable trigger never_truncate")  # type: ignore[call-overload]
    for other in ("messages.message", "messages.recipient"):
        owner.execute(f"alter table {other} disable trigger not_emptied")  # type: ignore[call-overload]
    statement = f"truncate {table} cascade; select 1"
    assert tried(stage, owner, "postgres", statement) == "CR403"
    without(owner, f"{table} never_truncate")
    assert tried(stage, owner, "postgres", statement) == "00000"


@pytest.mark.parametrize("table", VERSIONED)
def test_a_change_raises_the_version(stage: Stage, owner: Connection, table: str) -> None:
    """ARC-02: else the second who saves would write over the first unseen."""

    def versions() -> tuple[int, int]:
        owner.execute("savepoint fresh")
        owner.execute(stage.sql(ACTS[table].insert))  # type: ignore[call-overload]
        where = ACTS[table].update.partition(" where ")[2] or "true"
        query = f"select version from {table} where {where}"
        before = owner.execute(query).fetchone()  # type: ignore[call-overload]
        owner.execute(stage.sql(ACTS[table].update))  # type: ignore[call-overload]
        after = owner.execute(query).fetchone()  # type: ignore[call-overload]
        owner.execute("rollback to savepoint fresh")
        assert before is not None
        assert after is not None
        return before[0], after[0]

    before, after = versions()
    assert after == before + 1
    without(owner, f"{table} raise_version")
    assert versions() == (before, before)


def test_who_opens_a_branch_is_in_it(stage: Stage, owner: Connection) -> None:
    """NBR-07."""
    opened = ACTS["organisation.branch"].insert + f"; select from organisation.employee_branch where branch_id = {ID}"
    assert tried(stage, owner, "szef", opened) == "00000"
    without(owner, "organisation.branch enter_new_branch")
    assert tried(stage, owner, "szef", opened) == "02000"


def test_who_closes_a_period_keeps_what_stood_there(stage: Stage, owner: Connection) -> None:
    """ARC-06: closed anew it has a hash; opened again it has none."""
    day = "(select max(issue_date) - 1 from documents.document)"
    closed = f"update organisation.branch set closed_until = {day} where id = :'own_branch'"
    kept = f"; select from documents.closed_period where branch_id = :'own_branch' and until = {day}"
    assert tried(stage, owner, "postgres", closed + kept) == "00000"
    opened = closed + "; update organisation.branch set closed_until = null where id = :'own_branch'"
    assert tried(stage, owner, "postgres", opened + kept) == "02000"
    without(owner, "organisation.branch keep_period")
    assert tried(stage, owner, "postgres", closed + kept) == "02000"
