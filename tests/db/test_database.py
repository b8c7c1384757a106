"""A desk's working connections after something went wrong on them (ARC-03)."""

import time
from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import text

from crm_desktop.core.errors import Offline
from crm_desktop.db.connect import Profile
from crm_desktop.db.database import PATIENCE_SECONDS, WORKING_CONNECTIONS, Database
from crm_desktop.db.transaction import Transaction
from tests.support import office
from tests.support.postgres import TestServer

#: psycopg prepares a statement when it has seen it so often (its prepare_threshold), on each of two connections.
OFTEN = range(3, 14)


@pytest.fixture
def desk(server: TestServer, fresh_database: str) -> Iterator[Database]:
    profile = Profile(server.server.host, server.server.port, fresh_database, "disable", role_prefix=office.TEMPLATE)
    database = office.Office(profile).enter("anna")
    yield database
    database.close()


def count_parties(tx: Transaction, mark: int) -> int:
    number: int = tx.ask(text(f"select count(*), {mark} from parties.party"), into=lambda _, marked: marked).one()
    return number


def count_after_a_fault(tx: Transaction, mark: int) -> int:
    """What follows a fault in the same message is skipped by the server, the preparing of a statement too."""
    tx.run(text("select 1 / 0"))
    return count_parties(tx, mark)


@pytest.mark.parametrize("way", ["read", "change"])
def test_a_fault_leaves_no_statement_behind_that_is_not_there(desk: Database, way: str) -> None:
    """ARC-03: psycopg counts a statement as prepared when it sends it; behind a fault in a pipeline it never was."""
    ask = getattr(desk, way)
    for often in OFTEN:
        for _ in range(often):
            assert ask(count_parties, often) == often
        with pytest.raises(psycopg.errors.DivisionByZero):
            ask(count_after_a_fault, often)
        for _ in range(WORKING_CONNECTIONS):
            assert ask(count_parties, often) == often


def save_nothing(tx: Transaction) -> None:
    tx.run(text("select 1"))


def test_a_change_ends_with_the_desk_that_was_left(server: TestServer, fresh_database: str) -> None:
    """Whoever logged out waits for nothing: no connection will come any more."""
    profile = Profile(server.server.host, server.server.port, fresh_database, "disable", role_prefix=office.TEMPLATE)
    left = office.Office(profile).enter("anna")
    left.close()
    began = time.monotonic()
    with pytest.raises(Offline):
        left.change(save_nothing)
    assert time.monotonic() - began < PATIENCE_SECONDS / 2
