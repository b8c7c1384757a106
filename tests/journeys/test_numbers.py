"""Numbers under contention, over processes: gapless, nobody waits long, no deadlock reaches a person (ARC-05)."""

import threading
from dataclasses import replace

import psycopg

from crm_desktop.db.connect import Profile
from crm_desktop.db.keys import new_id
from crm_desktop.db.transaction import Transaction
from crm_desktop.parties import queries as parties
from crm_desktop.parties.rules.model import Party
from crm_desktop.parties.service import save_party
from tests.support import office
from tests.support.clerk import GIVEN_UP_EVERY
from tests.support.contention import LONGEST_WAIT, rush
from tests.support.postgres import TestServer
from tests.support.proving import broken

CLERKS, PAIRS = 8, 5


def test_numbers_have_no_gap_whatever_happens_to_the_clerks(server: TestServer, fresh_database: str) -> None:
    """ARC-03, ARC-05, semantics L-1, L-2: two series in opposite order, a third given up, one clerk frozen with numbers in hand."""
    check_rush(server, fresh_database, CLERKS, PAIRS)


def check_rush(server: TestServer, database: str, clerks: int, pairs: int) -> int:
    """Run the rush and prove what must hold; gives the number of deadlocks that the server resolved meanwhile."""
    result = rush(server, database, clerks, pairs)
    assert [told.errors for told in result.told] == [[]] * clerks
    given_up = [told.given_up for told in result.told]
    assert given_up == [pairs // GIVEN_UP_EVERY] * clerks
    numbers = [number for told in result.told for number in told.numbers]
    assert len(set(numbers)) == len(numbers) == 2 * (clerks * pairs - sum(given_up))
    # The frozen clerk's own act lasted as long as she was frozen; everybody else waited for her at most so long.
    assert max(seconds for told in result.told[:-1] for seconds in told.seconds) < LONGEST_WAIT
    with psycopg.connect(server.server.dsn(database)) as owner:
        assert broken(owner) == {}
        issued = owner.execute("select number from documents.document where state = 'issued'").fetchall()
        assert {number for (number,) in issued} == set(numbers)
        for series in ("FS", "FU"):
            given = sorted(int(number.split("/")[2]) for (number,) in issued if number.startswith(series))
            assert given == list(range(1, len(given) + 1))
            assert len(given) == len(numbers) // 2
    return result.deadlocks


def test_a_deadlock_is_repeated_and_reaches_nobody(server: TestServer, fresh_database: str) -> None:
    """ARC-03: two who change the same two records in opposite order; the server ends one, the program repeats it."""
    profile = Profile(server.server.host, server.server.port, fresh_database, "disable", role_prefix=office.TEMPLATE)
    desk = office.Office(profile).enter("anna")
    first, second = (Party(new_id(), code=f"P{number}", name=f"Firma {number}", notes="") for number in (1, 2))
    both_hold_one = threading.Barrier(2, timeout=10)
    began: list[str] = []
    failures: list[BaseException] = []

    def change_two(tx: Transaction, note: str, order: tuple[Party, Party]) -> None:
        for place, party in enumerate(order):
            stored = parties.get_party(tx, party.id)
            save_party(tx, replace(stored, notes=stored.notes + note))
            tx.call("clock").one()  # the write is done, its lock is held
            if place == 0 and began.count(note) == 0:
                began.append(note)
                both_hold_one.wait()

    def act(note: str, order: tuple[Party, Party]) -> None:
        try:
            desk.change(change_two, note, order)
        except BaseException as error:
            failures.append(error)

    try:
        for party in (first, second):
            desk.change(save_party, party)
        workers = [threading.Thread(target=act, args=each) for each in (("a", (first, second)), ("b", (second, first)))]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(LONGEST_WAIT)
        assert failures == []
        assert [sorted(desk.read(parties.get_party, party.id).notes) for party in (first, second)] == [["a", "b"], ["a", "b"]]
        with psycopg.connect(server.server.dsn(fresh_database), autocommit=True) as owner:
            owner.execute("select pg_stat_clear_snapshot()")
            assert owner.execute("select deadlocks from pg_stat_database where datname = current_database()").fetchone() == (1,)
    finally:
        desk.close()
