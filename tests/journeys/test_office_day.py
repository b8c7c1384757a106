"""An office day of twenty people (ARC-01, ARC-02): nobody's transaction waits for a person, nothing that anybody saved is lost."""

import threading
from collections import Counter
from contextlib import closing
from pathlib import Path

import psycopg

from crm_desktop.db.connect import Profile
from crm_desktop.documents import queries as documents
from crm_desktop.fiscal.drivers.posnet.emulator.emulated import EmulatedPosnet
from crm_desktop.parties import queries as parties
from tests.support import office
from tests.support.office_day import Day, Watch, counts_of, prepared, receipts_left, spend, watch_server
from tests.support.postgres import TestServer
from tests.support.proving import broken
from tests.support.till import Till, TillOrder
from tests.support.upgrading import wait_until

PEOPLE, ACTS = 20, 12
#: No connection may be idle inside a transaction for longer (issue 3, item 4).
LONGEST_IDLE = 1.0


def test_twenty_people_share_an_office(server: TestServer, fresh_database: str, tmp_path: Path) -> None:
    """ARC-01, ARC-02."""
    check_day(server, fresh_database, tmp_path, PEOPLE, ACTS, processes=2)


def check_day(server: TestServer, database: str, folder: Path, people: int, acts: int, *, processes: int) -> Day:
    """Spend the day and prove what must hold at its end."""
    profile = Profile(server.server.host, server.server.port, database, "disable", role_prefix=office.TEMPLATE)
    plan = prepared(profile, office.PRINTER, people=people, acts=acts, processes=processes)
    with EmulatedPosnet(folder / "printer") as printer, closing(office.Office(profile).enter("anna")) as anna:
        till = Till(TillOrder(profile.host, profile.port, database, office.PRINTER, printer.start(), folder / "till.log"))
        try:
            day = spend(plan, server.server.dsn(database))
            wait_until(lambda: receipts_left(anna, day.told) == 0)
            till.end()
        finally:
            till.remove()
        assert [(each.login, each.errors) for each in day.told if each.errors] == []
        assert day.watch.looks > 10 and day.watch.connections >= 2 * people
        assert day.watch.longest_idle < LONGEST_IDLE, day.watch
        # Nothing that anybody saved was written over by somebody else.
        counted = counts_of(anna.read(parties.get_party, plan.party).notes)
        assert counted == Counter({each.login: each.counted for each in day.told if each.counted})
        pieces = {line.id: line.quantity for line in anna.read(documents.get_document, plan.document).draft.lines[1:]}
        assert pieces == {each.line: each.pieces for each in day.told if each.pieces}
        with psycopg.connect(server.server.dsn(database)) as owner:
            assert broken(owner) == {}
            numbers = {number for (number,) in owner.execute("select number from documents.document where number like 'FS/%'").fetchall()}
            assert numbers == {number for each in day.told for number in each.numbers}
            printed = owner.execute("select count(*) from fiscal.receipt_print").fetchone()
            assert printed == (sum(len(each.receipts) for each in day.told),)
            sent = owner.execute("select count(*) from messages.message").fetchone()
            assert sent == (sum(each.sent for each in day.told),)
            # Everybody has gone home: nothing of who was where is left.
            locks = owner.execute(
                "select count(*) from pg_locks where locktype = 'advisory' and objsubid = 2"
                " and database = (select oid from pg_database where datname = current_database())"
            ).fetchone()
            assert locks == (0,)
    print(f"{day.seconds:.1f} s, {day.watch}, {sum(each.conflicts for each in day.told)} conflicts merged")
    return day


def test_the_sampler_sees_who_holds_a_transaction(server: TestServer, fresh_database: str) -> None:
    """What the day is measured by would notice: somebody begins, asks, and thinks for a while."""
    watch, over = Watch(), threading.Event()
    sampler = threading.Thread(target=watch_server, args=(server.server.dsn(fresh_database), fresh_database, watch, over))
    sampler.start()
    try:
        with psycopg.connect(server.server.dsn(fresh_database)) as somebody:
            somebody.execute("select 1 as held")
            wait_until(lambda: watch.longest_idle > 0.2)
    finally:
        over.set()
        sampler.join()
    assert "held" in watch.idle_statement
