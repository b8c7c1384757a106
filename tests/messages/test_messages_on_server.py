"""Issue 3, item 5: messages on a real PostgreSQL: who gets them, who sees them, who can write them. Two people, two connections."""

import threading
import time
from dataclasses import replace
from uuid import UUID

import psycopg
import pytest

from crm_desktop.core.errors import Refused
from crm_desktop.db.changes import Listener
from crm_desktop.db.database import Database
from crm_desktop.db.keys import new_id
from crm_desktop.db.paging import Fragment, OneOf, PageRequest
from crm_desktop.db.transaction import NotFound
from crm_desktop.messages import queries, service
from crm_desktop.messages.queries import INBOX
from crm_desktop.messages.rules.model import About, Branch, Colleague, Letter, Message
from crm_desktop.organisation import service as organisation
from crm_desktop.organisation.queries import list_branches
from crm_desktop.organisation.rules.model import Employee
from tests.messages.conftest import People
from tests.support import office
from tests.support.office import KRAKOW
from tests.support.postgres import TestServer


def colleague(desk: Database) -> Colleague:
    assert desk.who.employee_id is not None
    return Colleague(desk.who.employee_id, desk.who.name)


def sent(sender: Database, text: str, *to: Database, branches: tuple[Branch, ...] = (), **more: object) -> Letter:
    letter = replace(Letter(new_id(), text, tuple(map(colleague, to)), branches), **more)  # type: ignore[arg-type]
    sender.change(service.send_message, letter)
    return letter


def rows(desk: Database) -> list[tuple[str, str, str]]:
    return [(row.state, row.other, row.text) for row in desk.read(INBOX.page, PageRequest()).rows]


def test_a_message_arrives_unread_and_is_opened(people: People) -> None:
    """Sender and time are the database's; the sender sees who has opened it."""
    anna, wanda, boss = people
    about = About("parties.party", new_id(), "Hurtownia Volt")
    letter = sent(anna, "  Zadzwoń do Volta.  ", wanda, boss, about=about)
    assert rows(wanda) == [("unread", "Anna", "Zadzwoń do Volta.")]
    assert rows(anna) == [("sent", "Ewa Szef, Wanda", "Zadzwoń do Volta.")]
    assert wanda.read(queries.list_unread)[0] == 1
    message = wanda.read(queries.get_message, letter.id)
    assert message == Message(
        letter.id, colleague(anna).id, "Anna", message.sent_at, "Ewa Szef, Wanda", "Zadzwoń do Volta.", about, None, False, True
    )
    assert abs(message.sent_at.timestamp() - time.time()) < 60
    assert [each.read_at for each in anna.read(queries.get_message, letter.id).readers] == [None, None]
    wanda.change(service.open_message, letter.id)
    assert rows(wanda)[0][0] == "read"
    assert wanda.read(queries.list_unread) == (0, [])
    readers = anna.read(queries.get_message, letter.id).readers
    assert [(each.name, each.read_at is not None) for each in readers] == [("Ewa Szef", False), ("Wanda", True)]
    first = readers[1].read_at
    wanda.change(service.open_message, letter.id)
    assert anna.read(queries.get_message, letter.id).readers[1].read_at == first


def test_it_is_there_within_two_seconds(people: People) -> None:
    """Told to who gets it, and nobody else's bell; told to the sender when it was opened."""
    anna, wanda, _boss = people
    told: list[tuple[str, frozenset[UUID] | None]] = []
    arrived = threading.Condition()

    def hear(table: str, ids: frozenset[UUID] | None) -> None:
        with arrived:
            told.append((table, ids))
            arrived.notify_all()

    listener = Listener(wanda.listening_connection, hear)
    listener.start()
    try:
        assert listener.listening.wait(10)
        letter = sent(anna, "Halo", wanda)
        inbox = ("messages.inbox", frozenset({colleague(wanda).id}))
        with arrived:
            assert arrived.wait_for(lambda: inbox in told, 2)
        assert ("messages.message", frozenset({letter.id})) in told
        told.clear()
        wanda.change(service.open_message, letter.id)
        with arrived:
            assert arrived.wait_for(lambda: ("messages.message", frozenset({letter.id})) in told, 2)
    finally:
        listener.stop()


@pytest.mark.parametrize("trigger", ["announce_insert", "announce_update"])
def test_without_its_trigger_nobody_would_be_told(server: TestServer, people: People, trigger: str) -> None:
    """ARC-06: that a message arrived or was opened is told by the database, whatever program wrote."""
    anna, wanda, _boss = people
    database = anna.profile.database
    with psycopg.connect(server.server.dsn(database), autocommit=True) as owner:
        owner.execute("listen changes")

        def heard(mark: str) -> list[str]:
            """All that was told before this mark."""
            owner.execute(f"notify changes, '{mark}'")  # type: ignore[call-overload]
            payloads: list[str] = []
            while mark not in payloads:
                payloads += [notice.payload for notice in owner.notifies(timeout=10, stop_after=1)]
            return payloads

        def told() -> bool:
            first = sent(anna, "Pierwsza", wanda)
            if trigger == "announce_update":
                heard("it was sent:*")
                wanda.change(service.open_message, first.id)
            return any(payload.startswith("messages.inbox:") for payload in heard("the end:*"))

        assert told()
        owner.execute(f"drop trigger {trigger} on messages.recipient")  # type: ignore[call-overload]
        assert not told()


def test_a_branch_is_everybody_who_works_there(people: People) -> None:
    """The sender gets none of it herself; who works in two branches gets one."""
    anna, wanda, boss = people
    branches = tuple(Branch(each.id, each.name) for each in boss.read(list_branches))
    sent(boss, "Zebranie", branches=branches)
    assert [each for desk in (anna, wanda) for each in rows(desk)] == [("unread", "Ewa Szef", "Zebranie")] * 2
    assert rows(boss) == [("sent", "Anna, Wanda", "Zebranie")]
    sent(anna, "Tylko Kraków", branches=tuple(each for each in branches if each.id == KRAKOW))
    assert len(rows(wanda)) == 1
    assert rows(boss)[0] == ("unread", "Anna", "Tylko Kraków")


def test_only_sender_and_recipients_see_it(people: People) -> None:
    """Whatever rights somebody has: the administrator sees nothing of what is not for her."""
    anna, wanda, boss = people
    letter = sent(anna, "Między nami", wanda)
    assert rows(boss) == []
    assert boss.read(queries.list_unread) == (0, [])
    with pytest.raises(NotFound):
        boss.read(queries.get_message, letter.id)
    assert wanda.read(queries.get_message, letter.id).readers == ()  # a recipient does not learn who has read it


def test_an_answer_reaches_the_sender_and_an_answer_to_all_everybody(people: People) -> None:
    anna, wanda, boss = people
    first = sent(anna, "Kto jutro?", wanda, boss)
    sent(wanda, "Ja", anna, answers=first.id)
    assert rows(anna)[0][1:] == ("Wanda", "Ja")
    assert len(rows(boss)) == 1
    sent(wanda, "Ja mogę", answers=first.id, to_all=True)
    assert rows(boss)[0] == ("unread", "Wanda", "Ja mogę")
    assert rows(anna)[0] == ("unread", "Wanda", "Ja mogę")


def test_what_cannot_be_sent_is_refused_by_the_database_too(people: People) -> None:
    """To nobody, to oneself only, to somebody who left, an answer to what one never saw."""
    anna, wanda, boss = people
    hidden = sent(anna, "Między nami", wanda)
    refusals = {
        "message_to_nobody": Letter(new_id(), "Halo", (colleague(boss),)),
        "message_to_stranger": Letter(new_id(), "Halo", (Colleague(new_id(), "Nikt"),)),
        "message_unknown": Letter(new_id(), "Halo", (colleague(anna),), answers=hidden.id),
    }
    for code, letter in refusals.items():
        with pytest.raises(Refused) as refused:
            boss.change(service.send_message, letter)
        assert [problem.code for problem in refused.value.problems] == [code]
    login = f"nowa{new_id().hex[-8:]}"
    gone = employed(boss, login)
    boss.change(organisation.dismiss, gone.id)
    with pytest.raises(Refused):
        anna.change(service.send_message, Letter(new_id(), "Halo", (gone,)))


def employed(boss: Database, login: str) -> Colleague:
    """Somebody new; logins are the whole server's."""
    new = Employee(new_id(), login, "Nowa Osoba", (office.OPERATOR_ROLE,), (KRAKOW,))
    boss.change(organisation.employ, new, organisation.verifier_of(office.PASSWORD))
    return Colleague(new.id, new.name)


def test_people_are_found_by_name_and_login(people: People) -> None:
    anna, wanda, boss = people
    assert anna.read(queries.find_people, "sz")[0] == [colleague(boss)]
    assert anna.read(queries.find_people, "WAN")[0] == [colleague(wanda)]
    assert anna.read(queries.find_people, "anna")[0] == []  # nobody writes to herself
    assert [each.name for each in anna.read(queries.find_people, "warsz")[1]] == ["Warszawa"]


def test_the_list_is_filtered(people: People) -> None:
    anna, wanda, boss = people
    sent(anna, "Faktura dla Żaka", wanda)
    sent(boss, "Zebranie", wanda)
    page = wanda.read(INBOX.page, PageRequest({"text": Fragment("zak")}))
    assert [row.text for row in page.rows] == ["Faktura dla Żaka"]
    assert wanda.read(INBOX.sums, PageRequest({"state": OneOf(("unread",))})).count == 2
    assert wanda.read(INBOX.page, PageRequest({"other": Fragment("szef")})).rows[0].text == "Zebranie"
