"""The demo company from an empty server, in one call; the same seed and day give the same company."""

import logging
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from crm_desktop.app.founding import found
from crm_desktop.catalogue.queries import list_rates
from crm_desktop.core.period import WARSAW
from crm_desktop.db.connect import Profile, connect
from crm_desktop.db.database import Database, log_in
from crm_desktop.demo import goods, parties, rows, sales, staff
from crm_desktop.demo.numbers import Numbers
from crm_desktop.demo.staff import ADMINISTRATOR, PASSWORD, SELLER, Staff
from crm_desktop.documents.queries import list_kinds
from crm_desktop.documents.rules.validity import percents
from crm_desktop.modules import reactions
from crm_desktop.organisation.queries import list_series

log = logging.getLogger("crm_desktop.demo")
SEED = 20261124


@dataclass(frozen=True)
class Scale:
    """How large the company is; `documents` are issued ones."""

    branches: int
    employees: int
    parties: int
    items: int
    months: int
    documents: int
    drafts: int


SMALL = Scale(branches=2, employees=8, parties=60, items=120, months=3, documents=200, drafts=4)
DEMO = Scale(branches=10, employees=40, parties=2000, items=5000, months=24, documents=20_000, drafts=20)


@dataclass(frozen=True)
class Demo:
    """The company that was made. Every login's password is `PASSWORD`."""

    profile: Profile
    staff: Staff
    first: date
    last: date

    def enter(self, login: str) -> Database:
        """The desk of an employee, or of a workstation (its code after `ws_`)."""
        return log_in(self.profile, login, PASSWORD, reactions())


def make_company(
    server: Profile,
    admin: str,
    admin_password: str,
    database: str,
    scale: Scale = DEMO,
    seed: int = SEED,
    tell: Callable[[str], None] = log.info,
    today: date | None = None,
) -> Demo:
    """Install the schema on `server` as its superuser `admin`, found the company and fill it up to the day before `today`.

    today: by default the server's; pictures have a day of their own.

    Organisation and people are made by the services; the mass of rows is loaded past the triggers, as the functions of the database
    would have stored them (`crm-desktop prove --demo` shows it). Raises what founding raises.
    """
    chance = random.Random(seed)
    numbers = Numbers(chance)
    today = today or _today(server, admin, admin_password)
    last = today - timedelta(days=1)
    first = _months_before(today, scale.months)
    made = datetime.combine(first - timedelta(days=1), time(9), WARSAW)

    own = staff.company(chance, numbers)
    places = staff.branches(scale.branches, chance, numbers, made)
    chief = staff.administrator(numbers, made, places)
    tell(f"founding {own.name}")
    profile = found(server, admin, admin_password, database, own, places[0], chief, PASSWORD)
    boss = log_in(profile, ADMINISTRATOR, PASSWORD, reactions())
    try:
        crew = staff.settle(boss, own, chief, places, scale.employees, chance, numbers, made)
        kinds = {kind.code: kind for kind in boss.read(list_kinds)}
        series = {
            (s.branch_id, s.code): sales.Series(s.id, s.pattern, s.restart) for s in boss.read(list_series) if s.branch_id is not None
        }
        rates = percents(boss.read(list_rates), today)
    finally:
        boss.close()

    tree = goods.groups(numbers, made)
    stocked = goods.items(scale.items, tree, chance, numbers, first, made)
    groups = parties.groups(numbers, made)
    people = parties.parties(scale.parties, groups, chance, numbers, made)
    shop = sales.Shop(crew, tuple(s.item for s in stocked), tuple(people), kinds, series, rates)
    tell(f"{scale.documents} documents from {first} to {last}")
    issued = list(sales.sales(shop, scale.documents, first, last, chance, numbers))
    begun = list(sales.drafts(shop, scale.drafts, today, chance, numbers))
    with connect(profile, admin, admin_password) as connection:
        with connection.transaction():
            # No triggers and no checks of references: all rows are whole, and nobody else is here yet.
            connection.execute("set local session_replication_role = replica")
            connection.execute("set local idle_in_transaction_session_timeout = 0")
            rows.load_catalogue(connection, tree.values(), stocked)
            rows.load_parties(connection, groups, people)
            rows.load_sales(connection, crew, issued, stocked)
            rows.load_drafts(connection, begun)
        connection.execute("vacuum analyze")
    return Demo(profile, crew, first, last)


def _today(server: Profile, admin: str, admin_password: str) -> date:
    """The server's day."""
    with connect(server, admin, admin_password) as connection:
        row = connection.execute("select (now() at time zone 'Europe/Warsaw')::date").fetchone()
    assert row is not None
    day: date = row[0]
    return day


def _months_before(day: date, months: int) -> date:
    """The first day of the month that many months ago."""
    whole = day.year * 12 + day.month - 1 - months
    return date(whole // 12, whole % 12 + 1, 1)


__all__ = ["ADMINISTRATOR", "DEMO", "PASSWORD", "SEED", "SELLER", "SMALL", "Demo", "Scale", "make_company"]
