"""The form of everything in the database that guards it, read from PostgreSQL's own catalog (architecture, section 5)."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from tests.support.postgres import TestServer

OURS = "('meta', 'audit', 'jobs', 'organisation', 'parties', 'catalogue', 'fiscal', 'documents')"


@pytest.fixture
def catalog(server: TestServer, fresh_database: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(server.server.dsn(fresh_database), autocommit=True) as connection:
        yield connection


def _rows(connection: psycopg.Connection[Any], statement: str) -> list[str]:
    return [row[0] for row in connection.execute(statement).fetchall()]  # type: ignore[call-overload]


def _outside_selects(text: str) -> str:
    """An expression without its sub-selects."""
    while (start := text.find("( SELECT")) >= 0:
        depth = 0
        for end in range(start, len(text)):
            depth += {"(": 1, ")": -1}.get(text[end], 0)
            if depth == 0:
                break
        text = text[:start] + text[end + 1 :]
    return text


def test_every_function_fixes_its_search_path(catalog: psycopg.Connection[Any]) -> None:
    """A function that looks a name up by the caller's search_path can be fooled (ARC-06)."""
    loose = _rows(
        catalog,
        """
        select oid::regprocedure::text from pg_proc where pronamespace in ('code'::regnamespace, 'stable'::regnamespace)
           and not exists (select from unnest(proconfig) c where c like 'search_path=%')""",
    )
    assert loose == []


def test_nothing_is_executable_by_everybody(catalog: psycopg.Connection[Any]) -> None:
    """EXECUTE is granted function by function, to the group that needs it."""
    assert (
        _rows(
            catalog,
            """
        select oid::regprocedure::text from pg_proc p where pronamespace = 'code'::regnamespace
           and (proacl is null or exists (select from aclexplode(proacl) a where a.grantee = 0))""",
        )
        == []
    )


def test_every_table_has_row_security(catalog: psycopg.Connection[Any]) -> None:
    """Also those that no employee is granted: two locks, not one."""
    assert (
        _rows(
            catalog,
            f"""
        select oid::regclass::text from pg_class
         where relkind in ('r', 'p') and not relispartition and relnamespace::regnamespace::text in {OURS}
           and not relrowsecurity and relname <> 'alembic_version'""",
        )
        == []
    )


def test_views_look_with_the_callers_rights(catalog: psycopg.Connection[Any]) -> None:
    """A view of the owner would pass by row security."""
    assert (
        _rows(
            catalog,
            f"""
        select oid::regclass::text from pg_class where relkind = 'v' and relnamespace::regnamespace::text in ({OURS[1:-1]}, 'code')
           and not coalesce('security_invoker=true' = any (reloptions), false)""",
        )
        == []
    )


def test_policies_compute_once_a_statement(catalog: psycopg.Connection[Any]) -> None:
    """A function of code in a policy stands inside a sub-select: once a statement, not once a row."""
    texts = catalog.execute("""
        select polrelid::regclass::text || '.' || polname, coalesce(pg_get_expr(polqual, polrelid), '') || ' ' ||
               coalesce(pg_get_expr(polwithcheck, polrelid), '') from pg_policy""").fetchall()
    bare = [name for name, text in texts if "code." in _outside_selects(text)]
    assert len(texts) > 40
    assert bare == []


def test_each_table_of_business_is_watched(catalog: psycopg.Connection[Any]) -> None:
    """Audit and announcement cannot be forgotten: insert, update, delete, and no TRUNCATE."""
    unwatched = _rows(
        catalog,
        """
        select c.oid::regclass::text from pg_class c
         where relkind = 'r' and relnamespace::regnamespace::text in ('organisation', 'parties', 'catalogue', 'fiscal', 'documents')
           and (select count(*) from pg_trigger t where t.tgrelid = c.oid
                 and t.tgname in ('note_insert', 'note_update', 'note_delete', 'never_truncate')) <> 4
         order by 1""",
    )
    # Moved by functions many times a document or a second, or her own desk: what they hold is told by other rows.
    assert unwatched == ["fiscal.journal", "fiscal.lease", "organisation.number_counter", "organisation.workspace"]
