"""ARC-02: whoever saves a draft holds it from the first statement: of several who save at once, all but one learn that they were late."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import psycopg
import pytest

from crm_desktop.core.errors import Conflict
from crm_desktop.db.connect import Profile, connect
from crm_desktop.db.database import Database
from crm_desktop.db.keys import new_id
from crm_desktop.documents import queries, service
from crm_desktop.documents.rules.model import Draft
from tests.support import office
from tests.support.postgres import TestServer

SAVERS, ROUNDS = 5, 12


@pytest.fixture
def beskid(server: TestServer, fresh_database: str) -> office.Office:
    return office.Office(Profile(server.server.host, server.server.port, fresh_database, "disable", role_prefix=office.TEMPLATE))


@pytest.fixture
def anna(beskid: office.Office) -> Iterator[Database]:
    desk = beskid.enter("anna")
    yield desk
    desk.close()


def stored(desk: Database) -> Draft:
    draft = office.draft_of(desk, "FS", lines=2)
    return replace(draft, version=desk.change(service.save_draft, draft).version)


def test_the_version_that_was_expected_stays(beskid: office.Office, anna: Database) -> None:
    """The other one waits, and then is too late."""
    draft = stored(anna)
    role = beskid.profile.role("anna")
    with connect(beskid.profile, role, office.PASSWORD) as first, connect(beskid.profile, role, office.PASSWORD) as second:
        first.execute("begin")
        first.execute("select code.expect_version(%s, %s)", [draft.id, draft.version])
        second.execute("set lock_timeout = '50ms'")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            second.execute("select code.expect_version(%s, %s)", [draft.id, draft.version])
        first.execute("update documents.document set notes = 'x' where id = %s", [draft.id])
        first.execute("commit")
        with pytest.raises(psycopg.Error) as late:
            second.execute("select code.expect_version(%s, %s)", [draft.id, draft.version])
        assert late.value.sqlstate == "CR409"


def test_of_many_who_save_at_once_one_wins_and_the_others_are_late(beskid: office.Office, anna: Database) -> None:
    """Nothing but a conflict, whoever is how late; in the end each line stands there once."""
    draft = stored(anna)
    desks = [beskid.enter("anna") for _ in range(SAVERS)]
    failures: list[Exception] = []
    lines: list[str] = []

    def save(desk: Database) -> None:
        for _ in range(ROUNDS):
            line = replace(draft.lines[0], id=new_id(), quantity=Decimal(1))
            while True:
                seen = desk.read(queries.get_document, draft.id).draft
                try:
                    desk.change(service.save_draft, replace(seen, lines=(*seen.lines, line)))
                except Conflict:
                    continue
                except Exception as error:
                    failures.append(error)
                    return
                lines.append(str(line.id))
                break

    try:
        threads = [threading.Thread(target=save, args=(desk,)) for desk in desks]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        for desk in desks:
            desk.close()
    assert failures == []
    assert sorted(str(line.id) for line in anna.read(queries.get_document, draft.id).draft.lines[2:]) == sorted(lines)
