"""Problems of the company, its branches, employees, roles and workstations, each at its field."""

import re

from crm_desktop.core.i18n import N_
from crm_desktop.core.identifiers import check_iban, check_nip, check_post_code
from crm_desktop.core.problem import Problem
from crm_desktop.core.text import NAME, SHORT, check_name
from crm_desktop.organisation.rules.model import Branch, Company, Employee, Role, Workstation

_LOGIN = re.compile(r"[a-z][a-z0-9.]{1,30}\Z", re.ASCII)
_STATION = re.compile(r"[a-z][a-z0-9]{1,20}\Z", re.ASCII)
_BRANCH = re.compile(r"[A-Z0-9]{1,10}\Z", re.ASCII)


def check_company(company: Company) -> list[Problem]:
    """The company is the seller of every invoice: name, NIP and address are required (art. 106e(1)(3)–(4))."""
    problems = _text(company.name, "name", NAME)
    if not company.nip:
        problems.append(Problem("nip_missing", "nip", N_("The company's NIP is missing. It stands on every invoice.")))
    problems += check_nip(company.nip, "nip")
    problems += _address(company)
    return problems + check_iban(company.iban, "iban")


def check_branch(branch: Branch) -> list[Problem]:
    """A branch's code stands in document numbers: 1 to 10 capital letters without accents, or digits."""
    problems = []
    if not _BRANCH.match(branch.code):
        message = N_("A branch's code has 1 to 10 capital letters without accents or digits, for example WAW.")
        problems.append(Problem("branch_code", "code", message))
    return problems + _text(branch.name, "name", SHORT) + _address(branch)


def check_employee(employee: Employee) -> list[Problem]:
    """A login is also a PostgreSQL role: small Latin letters, digits and dots, beginning with a letter."""
    problems = check_login(employee.login) + _text(employee.name, "name", SHORT)
    if employee.active and not employee.branches:
        message = N_("Choose at least one branch, or the employee will see nothing.")
        problems.append(Problem("branches_missing", "branches", message))
    if employee.active and not employee.roles:
        message = N_("Choose at least one role, or the employee may do nothing.")
        problems.append(Problem("roles_missing", "roles", message))
    return problems


def check_login(login: str, field: str = "login") -> list[Problem]:
    """2 to 31 characters a–z, 0–9 and dot, beginning with a letter; no dot at the end or beside another."""
    if _LOGIN.match(login) and ".." not in login and not login.endswith("."):
        return []
    message = N_("A login has 2 to 31 small letters without accents, digits or dots, and begins with a letter.")
    return [Problem("login_form", field, message)]


def check_role(role: Role) -> list[Problem]:
    """A role needs a name."""
    return _text(role.name, "name", SHORT)


def check_workstation(workstation: Workstation) -> list[Problem]:
    """A workstation's code is also a PostgreSQL role; it stands in one branch."""
    problems = []
    if not _STATION.match(workstation.code):
        message = N_("A workstation's code has 2 to 21 small letters without accents or digits, and begins with a letter.")
        problems.append(Problem("workstation_code", "code", message))
    problems += _text(workstation.name, "name", SHORT)
    if workstation.branch_id is None:
        problems.append(Problem("branch_missing", "branch_id", N_("Choose the branch where it stands.")))
    return problems


def _text(text: str, field: str, limit: int) -> list[Problem]:
    missing = [] if text.strip() else [Problem("name_missing", field, N_("The name is missing."))]
    return missing + check_name(text, field, limit)


def _address(place: Company | Branch) -> list[Problem]:
    problems = []
    if not place.city.strip():
        message = N_("The town is missing. The address stands on every invoice.")
        problems.append(Problem("city_missing", "city", message))
    for field, text in (("street", place.street), ("city", place.city)):
        problems += check_name(text, field, NAME)
    return problems + check_post_code(place.post_code, "PL", "post_code")
