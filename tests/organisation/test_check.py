"""Company, branches, employees, roles, workstations (NBR-07, NBR-08; GOL-28)."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from crm_desktop.core.problem import Problem
from crm_desktop.organisation.rules import check
from crm_desktop.organisation.rules.model import Branch, Company, Employee, Role, Workstation

COMPANY = Company("Żuraw SA", "5260250274", "Prosta 1", "00-950", "Warszawa", "PL61109010140000071219812874")
BRANCH = Branch(UUID(int=1), "WAW", "Warszawa", "Prosta 1", "00-950", "Warszawa")
EMPLOYEE = Employee(UUID(int=2), "j.nowak", "Jan Nowak", (UUID(int=3),), (BRANCH.id,))
ROLE = Role(UUID(int=3), "Sprzedawca", ("documents.save_draft",))
STATION = Workstation(UUID(int=4), "kasa1", "Kasa 1", BRANCH.id)
CHECKS: dict[type, Callable[[Any], list[Problem]]] = {
    Company: check.check_company,
    Branch: check.check_branch,
    Employee: check.check_employee,
    Role: check.check_role,
    Workstation: check.check_workstation,
}


@pytest.mark.parametrize("good", [COMPANY, BRANCH, EMPLOYEE, ROLE, STATION])
def test_right_records(good: Any) -> None:
    assert CHECKS[type(good)](good) == []


@pytest.mark.parametrize(
    ("good", "change", "code", "field"),
    [
        (COMPANY, {"name": ""}, "name_missing", "name"),
        (COMPANY, {"name": "Firma 🚀"}, "text_emoji", "name"),
        (COMPANY, {"nip": ""}, "nip_missing", "nip"),
        (COMPANY, {"nip": "5260250275"}, "nip_wrong", "nip"),
        (COMPANY, {"city": " "}, "city_missing", "city"),
        (COMPANY, {"street": "a\nb"}, "text_control", "street"),
        (COMPANY, {"post_code": "950"}, "post_code_wrong", "post_code"),
        (COMPANY, {"iban": "PL61109010140000071219812875"}, "iban_wrong", "iban"),
        (BRANCH, {"code": "waw"}, "branch_code", "code"),
        (BRANCH, {"code": "W/1"}, "branch_code", "code"),
        (BRANCH, {"code": "ŁDZ"}, "branch_code", "code"),
        (BRANCH, {"name": ""}, "name_missing", "name"),
        (BRANCH, {"city": ""}, "city_missing", "city"),
        (EMPLOYEE, {"login": "Jan"}, "login_form", "login"),
        (EMPLOYEE, {"login": "łoś"}, "login_form", "login"),
        (EMPLOYEE, {"login": "a"}, "login_form", "login"),
        (EMPLOYEE, {"login": "1jan"}, "login_form", "login"),
        (EMPLOYEE, {"login": "jan nowak"}, "login_form", "login"),
        (EMPLOYEE, {"login": "jan;--"}, "login_form", "login"),
        (EMPLOYEE, {"login": "jan..nowak"}, "login_form", "login"),
        (EMPLOYEE, {"login": "jan."}, "login_form", "login"),
        (EMPLOYEE, {"login": "a" * 32}, "login_form", "login"),
        (EMPLOYEE, {"login": "jan\n"}, "login_form", "login"),
        (EMPLOYEE, {"name": ""}, "name_missing", "name"),
        (EMPLOYEE, {"branches": ()}, "branches_missing", "branches"),
        (EMPLOYEE, {"roles": ()}, "roles_missing", "roles"),
        (ROLE, {"name": " "}, "name_missing", "name"),
        (STATION, {"code": "Kasa 1"}, "workstation_code", "code"),
        (STATION, {"code": "k" * 22}, "workstation_code", "code"),
        (STATION, {"name": ""}, "name_missing", "name"),
        (STATION, {"branch_id": None}, "branch_missing", "branch_id"),
    ],
)
def test_one_fault_at_its_field(good: Any, change: dict[str, Any], code: str, field: str) -> None:
    problems = CHECKS[type(good)](replace(good, **change))
    assert [(problem.code, problem.field) for problem in problems] == [(code, field)]


def test_somebody_dismissed_needs_neither_role_nor_branch() -> None:
    assert check.check_employee(replace(EMPLOYEE, active=False, roles=(), branches=())) == []
