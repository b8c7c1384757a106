"""The organisation of the demo company: branches, roles, employees with logins, workstations and printers, through the services."""

import os
import random
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from crm_desktop.app.founding import define_series
from crm_desktop.core.identifiers import iban_valid
from crm_desktop.db.database import Database
from crm_desktop.demo import names
from crm_desktop.demo.numbers import Numbers
from crm_desktop.demo.parties import address, plain, surname
from crm_desktop.fiscal import service as fiscal
from crm_desktop.fiscal.queries import Device
from crm_desktop.organisation import service as organisation
from crm_desktop.organisation.rules.model import Branch, Company, Employee, Role, Workstation
from crm_desktop.organisation.rules.password import scram_verifier

#: Everybody's password in the demo company, people and workstations.
PASSWORD = "zielone drzwi 2026"
#: Logins that the demo names: the administrator, and a seller of the first branch.
ADMINISTRATOR, SELLER = "ewa", "anna"
LETTERS = {"A": "23", "B": "8", "C": "5", "D": "0 KR", "E": "zw"}

SELLER_RIGHTS = ("documents.save_draft", "documents.issue_invoice", "documents.seal_receipt", "parties.save_party")
ROLES = {
    "Kierownik": (
        *SELLER_RIGHTS,
        "documents.backdate",
        "parties.save_group",
        "catalogue.save_item",
        "catalogue.save_group",
        "catalogue.see_cost",
        "catalogue.save_cost",
        "fiscal.save_device",
        "fiscal.decide_receipt",
        "organisation.save_branch",
    ),
    "Sprzedawca": SELLER_RIGHTS,
    "Kasjer": ("documents.save_draft", "documents.seal_receipt"),
    "Księgowość": ("documents.backdate", "catalogue.see_cost", "parties.save_party", "organisation.save_branch"),
}


@dataclass(frozen=True)
class Staff:
    """What the sales are made with. `sellers` by branch; `printers` by branch: the device that its receipts come from."""

    company: Company
    branches: tuple[Branch, ...]
    employees: tuple[Employee, ...]
    sellers: dict[UUID, tuple[Employee, ...]]
    workstations: tuple[Workstation, ...]
    printers: dict[UUID, Device]


def company(chance: random.Random, numbers: Numbers) -> Company:
    """The company itself, with a bank account whose check digits are right."""
    place = address(chance, names.TOWNS[0])
    return Company("Sieć Handlowa Połonina Sp. z o.o.", numbers.nip(), place.street, place.post_code, place.city, _iban(chance))


def branches(count: int, chance: random.Random, numbers: Numbers, made: datetime) -> tuple[Branch, ...]:
    """The first `count` towns have a branch."""
    found = []
    for town, code in zip(names.TOWNS[:count], names.BRANCH_CODES[:count], strict=True):
        place = address(chance, town)
        found.append(Branch(numbers.key(made), code, town[0], place.street, place.post_code, place.city))
    return tuple(found)


def administrator(numbers: Numbers, made: datetime, places: tuple[Branch, ...]) -> Employee:
    """The first employee; she sees all branches."""
    return Employee(numbers.key(made), ADMINISTRATOR, "Ewa Zaleska", (), tuple(branch.id for branch in places))


def settle(
    boss: Database,
    own: Company,
    chief: Employee,
    places: tuple[Branch, ...],
    people: int,
    chance: random.Random,
    numbers: Numbers,
    made: datetime,
) -> Staff:
    """Add all branches but the first, which founding made, and everybody who works there. `boss`: the administrator's desk."""
    for branch in places[1:]:
        boss.change(organisation.save_branch, branch)
        boss.change(define_series, branch.id)
    roles = {}
    for name, rights in ROLES.items():
        roles[name] = numbers.key(made)
        boss.change(organisation.define_role, Role(roles[name], name, rights))
    employees = _employees(places, roles, people - 1, chance, numbers, made)
    for employee in employees:
        boss.change(organisation.employ, employee, _verifier())
    workstations, printers = [], {}
    for branch in places:
        for number in (1, 2):
            station = Workstation(numbers.key(made), f"{branch.code.lower()}{number}", f"{branch.name}, stanowisko {number}", branch.id)
            boss.change(organisation.install_workstation, station, _verifier())
            workstations.append(station)
        served = workstations[-1].id
        printer = Device(
            numbers.key(made), branch.id, served, f"Drukarka {branch.name}", "posnet", "tcp://127.0.0.1:6666", LETTERS, True, 0
        )
        boss.change(fiscal.save_device, printer)
        printers[branch.id] = printer
    selling = (roles["Kierownik"], roles["Sprzedawca"])
    sellers = {branch.id: tuple(e for e in employees if branch.id in e.branches and e.roles[0] in selling) for branch in places}
    return Staff(own, places, (chief, *employees), sellers, tuple(workstations), printers)


def _employees(
    places: tuple[Branch, ...], roles: dict[str, UUID], count: int, chance: random.Random, numbers: Numbers, made: datetime
) -> list[Employee]:
    """An accountant for all branches, the others in turn: a seller, a manager, a cashier, another seller a branch."""
    first_names = [name for name in (*names.WOMEN, *names.MEN) if plain(name).lower() not in (ADMINISTRATOR, SELLER)]
    chosen = ["Anna", *chance.sample(first_names, count - 1)]
    found = []
    for place, first in enumerate(chosen):
        role = ("Sprzedawca", "Kierownik", "Kasjer", "Sprzedawca")[place // len(places) % 4]
        where: tuple[UUID, ...] = (places[place % len(places)].id,)
        if place == count - 1:
            role, where = "Księgowość", tuple(branch.id for branch in places)
        last = surname(chance, first in names.WOMEN)
        found.append(Employee(numbers.key(made), plain(first).lower(), f"{first} {last}", (roles[role],), where))
    return found


def _verifier() -> str:
    return scram_verifier(PASSWORD, os.urandom(16))


def _iban(chance: random.Random) -> str:
    """A Polish account: a bank's sort code with its check digit, and the check digits of the whole (ISO 13616)."""
    sort_code = "1090000"
    check = sum(int(digit) * weight for digit, weight in zip(sort_code, (3, 9, 7, 1, 3, 9, 7), strict=True))
    account = f"{sort_code}{-check % 10}" + "".join(str(chance.randint(0, 9)) for _ in range(16))
    number = f"PL{98 - int(account + '252100') % 97:02}{account}"
    if not iban_valid(number):
        raise ValueError(number)
    return number
