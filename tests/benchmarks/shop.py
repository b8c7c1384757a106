"""What the figures are taken on: the demo company on a durable server of its own, and an employee who sees one branch of ten."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import psycopg
from psycopg import sql

from crm_desktop.catalogue import queries as catalogue
from crm_desktop.catalogue.rules.model import ItemChoice
from crm_desktop.db.connect import Profile
from crm_desktop.db.database import Database
from crm_desktop.db.embedded import EmbeddedServer, Server, Tuning
from crm_desktop.db.keys import new_id
from crm_desktop.db.transaction import Transaction
from crm_desktop.db.upgrade import close_database
from crm_desktop.demo.company import DEMO, SELLER, Demo, make_company
from crm_desktop.documents import queries as documents
from crm_desktop.documents.rules.changes import line_of, with_buyer
from crm_desktop.documents.rules.model import Draft, Kind
from crm_desktop.parties import queries as parties
from crm_desktop.parties.rules.model import PartyChoice

DATABASE = "demo"
#: 150 listeners besides some desks at work (`notify_20`).
MOST_CONNECTIONS = 250


@dataclass(frozen=True)
class Shop:
    """The server, the company, and what the seller sells to whom."""

    server: Server
    demo: Demo
    kind: Kind
    buyer: PartyChoice
    items: tuple[ItemChoice, ...]
    today: date
    seconds: float

    def seller(self, profile: Profile | None = None) -> Database:
        """Her desk, here or in a copy."""
        return replace(self.demo, profile=profile or self.demo.profile).enter(SELLER)

    def draft(self, lines: int) -> Draft:
        """An invoice that may be issued, with so many different items."""
        branch = next(employee.branches[0] for employee in self.demo.staff.employees if employee.login == SELLER)
        day = self.today
        draft = with_buyer(Draft(new_id(), self.kind, branch, day, day, day), self.buyer)
        chosen = (self.items * (lines // len(self.items) + 1))[:lines]
        return replace(
            draft, lines=tuple(line_of(item, Decimal(1 + place % 9), self.kind.method, new_id()) for place, item in enumerate(chosen))
        )

    def copy(self, name: str) -> Profile:
        """A copy of the database under another name."""
        with psycopg.connect(self.server.dsn(), autocommit=True) as connection:
            statement = sql.SQL("create database {} template {} strategy file_copy")
            connection.execute(statement.format(sql.Identifier(name), sql.Identifier(DATABASE)))
            close_database(connection, name, DATABASE)
        return replace(self.demo.profile, database=name, role_prefix=DATABASE)


@contextmanager
def open_shop(folder: Path) -> Iterator[Shop]:
    """Made anew, gone afterwards."""
    embedded = EmbeddedServer(folder, tuning=Tuning(max_connections=MOST_CONNECTIONS))
    try:
        server = embedded.start()
        began = time.perf_counter()
        demo = make_company(Profile(server.host, server.port, "postgres", "disable"), server.superuser, server.password, DATABASE, DEMO)
        seconds = time.perf_counter() - began
        seller = demo.enter(SELLER)
        try:
            kind = next(kind for kind in seller.read(documents.list_kinds) if kind.code == "FS")
            buyer = next(party for party in seller.read(parties.find_parties, "sp") if party.nip)
            items = tuple(seller.read(catalogue.find_items, "led", 50)[:40])
            today = seller.read(_today)
        finally:
            seller.close()
        yield Shop(server, demo, kind, buyer, items, today, seconds)
    finally:
        embedded.remove()


def _today(tx: Transaction) -> date:
    return tx.today
