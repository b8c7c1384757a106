"""Reading the organisation: the company, its branches, people, workstations, series and settings; proving the whole base."""

import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import bindparam, func, or_, select

from crm_desktop.core.module import Scope
from crm_desktop.db.paging import Field, Paging, Sort
from crm_desktop.db.proof import AT_MOST, Broken, Proof
from crm_desktop.db.transaction import NotFound, Transaction
from crm_desktop.organisation.rules.model import Branch, Company, Employee, NumberSeries, Role, Session, Workstation
from crm_desktop.organisation.rules.settings import ORDER
from crm_desktop.organisation.tables import (
    branch,
    company,
    employee,
    employee_branch,
    employee_role,
    number_series,
    role,
    role_permission,
    setting,
    workspace,
    workstation,
)

_COMPANY = select(
    company.c.name,
    company.c.nip,
    company.c.street,
    company.c.post_code,
    company.c.city,
    company.c.iban,
    company.c.ksef_from,
    company.c.version,
)
_BRANCHES = select(
    branch.c.id,
    branch.c.code,
    branch.c.name,
    branch.c.street,
    branch.c.post_code,
    branch.c.city,
    branch.c.closed_until,
    branch.c.active,
    branch.c.version,
).order_by(branch.c.code)
_EMPLOYEES = select(employee.c.id, employee.c.login, employee.c.name, employee.c.active, employee.c.version).order_by(employee.c.name)
_EMPLOYEE_ROLES = select(employee_role.c.employee_id, employee_role.c.role_id)
_EMPLOYEE_BRANCHES = select(employee_branch.c.employee_id, employee_branch.c.branch_id)
_ROLES = select(role.c.id, role.c.name, role.c.version).order_by(role.c.name)
_PERMISSIONS = select(role_permission.c.role_id, role_permission.c.permission).order_by(role_permission.c.permission)
_WORKSTATIONS = select(
    workstation.c.id,
    workstation.c.code,
    workstation.c.name,
    workstation.c.branch_id,
    workstation.c.active,
    workstation.c.version,
).order_by(workstation.c.code)
_SERIES = select(
    number_series.c.id,
    number_series.c.code,
    number_series.c.branch_id,
    number_series.c.pattern,
    number_series.c.restart,
    number_series.c.legal,
    number_series.c.version,
).order_by(number_series.c.code)
_SETTINGS = select(setting.c.key, setting.c.scope, setting.c.value).where(
    or_(
        setting.c.scope == "company",
        setting.c.scope_id == bindparam("branch"),
        setting.c.scope_id == bindparam("employee"),
        setting.c.scope_id == bindparam("workstation"),
    )
)
_WORKSPACE = select(workspace.c.value).where(workspace.c.employee_id == bindparam("employee"), workspace.c.key == bindparam("key"))


def get_company(tx: Transaction) -> Company:
    """The company."""
    return tx.ask(_COMPANY, into=Company).one()


def list_branches(tx: Transaction) -> list[Branch]:
    """All branches, by code; also those whose documents she may not see."""
    return tx.ask(_BRANCHES, into=Branch).all()


def list_employees(tx: Transaction) -> list[Employee]:
    """All employees by name, with roles and branches."""
    people, roles, branches = tx.ask(_EMPLOYEES), tx.ask(_EMPLOYEE_ROLES), tx.ask(_EMPLOYEE_BRANCHES)
    of_role, of_branch = _gathered(roles.all()), _gathered(branches.all())
    return [Employee(key, login, name, of_role[key], of_branch[key], active, version) for key, login, name, active, version in people.all()]


def list_roles(tx: Transaction) -> list[Role]:
    """All roles by name, with their permissions."""
    roles, permissions = tx.ask(_ROLES), tx.ask(_PERMISSIONS)
    of_role = _gathered(permissions.all())
    return [Role(key, name, of_role[key], version) for key, name, version in roles.all()]


def list_workstations(tx: Transaction) -> list[Workstation]:
    """The workstations of her branches, by code."""
    return tx.ask(_WORKSTATIONS, into=Workstation).all()


def list_series(tx: Transaction) -> list[NumberSeries]:
    """The number series of her branches, by code."""
    return tx.ask(_SERIES, into=NumberSeries).all()


def list_settings(tx: Transaction, branch_id: UUID | None, workstation_id: UUID | None) -> dict[str, Any]:
    """Every stored setting that holds here; a narrower scope overrides a wider one."""
    rows = tx.ask(
        _SETTINGS,
        {
            "branch": str(branch_id or ""),
            "employee": str(tx.who.employee_id or ""),
            "workstation": str(workstation_id or ""),
        },
    ).all()
    return {key: value for key, scope, value in sorted(rows, key=lambda row: -ORDER.index(Scope(row[1])))}


def find_workspace(tx: Transaction, key: str) -> str | None:
    """What she saved of her own desk under `key` (dock layout, columns of a list), or None."""
    return tx.ask(_WORKSPACE, {"employee": tx.who.employee_id, "key": key}).maybe()


def _gathered(pairs: list[tuple[Any, Any]]) -> dict[Any, tuple[Any, ...]]:
    gathered: dict[Any, tuple[Any, ...]] = defaultdict(tuple)
    for key, value in pairs:
        gathered[key] += (value,)
    return gathered


# ---- one record, for its card --------------------------------------------------------------------------------------------------

R = TypeVar("R", Branch, Employee, Role, Workstation, NumberSeries)


def get_branch(tx: Transaction, branch_id: UUID) -> Branch:
    """A branch. Raises NotFound."""
    return _the(list_branches(tx), branch_id)


def get_employee(tx: Transaction, employee_id: UUID) -> Employee:
    """An employee with roles and branches. Raises NotFound."""
    return _the(list_employees(tx), employee_id)


def get_role(tx: Transaction, role_id: UUID) -> Role:
    """A role with its permissions. Raises NotFound."""
    return _the(list_roles(tx), role_id)


def get_workstation(tx: Transaction, workstation_id: UUID) -> Workstation:
    """A workstation of her branches. Raises NotFound."""
    return _the(list_workstations(tx), workstation_id)


def get_series(tx: Transaction, series_id: UUID) -> NumberSeries:
    """A number series of her branches. Raises NotFound."""
    return _the(list_series(tx), series_id)


def _the(records: Iterable[R], key: UUID) -> R:
    found = next((record for record in records if record.id == key), None)
    if found is None:
        raise NotFound("no such record")
    return found


# ---- lists ---------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class BranchRow:
    """A branch in the list."""

    id: UUID
    code: str
    name: str
    city: str
    closed_until: date | None
    active: bool


@dataclass(frozen=True)
class EmployeeRow:
    """An employee in the list; roles and branches by name."""

    id: UUID
    name: str
    login: str
    roles: str
    branches: str
    active: bool


@dataclass(frozen=True)
class RoleRow:
    """A role in the list: how many rights it gives, and to how many colleagues."""

    id: UUID
    name: str
    rights: int
    people: int


@dataclass(frozen=True)
class WorkstationRow:
    """A workstation in the list."""

    id: UUID
    code: str
    name: str
    branch: str
    active: bool


@dataclass(frozen=True)
class SeriesRow:
    """A number series in the list."""

    id: UUID
    branch: str
    code: str
    pattern: str
    restart: str
    legal: bool


BRANCHES = Paging(
    select(branch.c.id, branch.c.code, branch.c.name, branch.c.city, branch.c.closed_until, branch.c.active),
    BranchRow,
    id=branch.c.id,
    fields={
        "code": Field(branch.c.code),
        "name": Field(branch.c.name, sort=func.stable.sort_key(branch.c.name)),
        "city": Field(branch.c.city),
        "closed_until": Field(branch.c.closed_until, sort=func.coalesce(branch.c.closed_until, date(1, 1, 1))),
        "active": Field(branch.c.active),
    },
    default=(Sort("code"),),
)
"""The list of branches."""

_role_names = func.coalesce(
    select(func.string_agg(role.c.name, ", "))
    .join(employee_role, employee_role.c.role_id == role.c.id)
    .where(employee_role.c.employee_id == employee.c.id)
    .correlate(employee)
    .scalar_subquery(),
    "",
)
_branch_codes = func.coalesce(
    select(func.string_agg(branch.c.code, ", "))
    .join(employee_branch, employee_branch.c.branch_id == branch.c.id)
    .where(employee_branch.c.employee_id == employee.c.id)
    .correlate(employee)
    .scalar_subquery(),
    "",
)
EMPLOYEES = Paging(
    select(employee.c.id, employee.c.name, employee.c.login, _role_names, _branch_codes, employee.c.active),
    EmployeeRow,
    id=employee.c.id,
    fields={
        "name": Field(employee.c.name, sort=func.stable.sort_key(employee.c.name)),
        "login": Field(employee.c.login),
        "roles": Field(_role_names),
        "branches": Field(_branch_codes),
        "active": Field(employee.c.active),
    },
    default=(Sort("name"),),
)
"""The list of employees."""

_rights = select(func.count()).select_from(role_permission).where(role_permission.c.role_id == role.c.id).correlate(role).scalar_subquery()
_people = select(func.count()).select_from(employee_role).where(employee_role.c.role_id == role.c.id).correlate(role).scalar_subquery()
ROLES = Paging(
    select(role.c.id, role.c.name, _rights, _people),
    RoleRow,
    id=role.c.id,
    fields={"name": Field(role.c.name, sort=func.stable.sort_key(role.c.name)), "rights": Field(_rights), "people": Field(_people)},
    default=(Sort("name"),),
)
"""The list of roles."""

WORKSTATIONS = Paging(
    select(workstation.c.id, workstation.c.code, workstation.c.name, branch.c.code, workstation.c.active).join(
        branch, branch.c.id == workstation.c.branch_id
    ),
    WorkstationRow,
    id=workstation.c.id,
    fields={
        "code": Field(workstation.c.code),
        "name": Field(workstation.c.name, sort=func.stable.sort_key(workstation.c.name)),
        "branch": Field(branch.c.code),
        "active": Field(workstation.c.active),
    },
    default=(Sort("code"),),
)
"""The list of workstations."""

SERIES = Paging(
    select(
        number_series.c.id,
        branch.c.code,
        number_series.c.code,
        number_series.c.pattern,
        number_series.c.restart,
        number_series.c.legal,
    ).join(branch, branch.c.id == number_series.c.branch_id),
    SeriesRow,
    id=number_series.c.id,
    fields={
        "branch": Field(branch.c.code),
        "code": Field(number_series.c.code),
        "pattern": Field(number_series.c.pattern),
        "restart": Field(number_series.c.restart),
        "legal": Field(number_series.c.legal),
    },
    default=(Sort("branch"), Sort("code")),
)
"""The list of number series."""


def prove(tx: Transaction, invariant: str) -> Proof:
    """One invariant over the whole base: every broken row is counted, those of her branches are told. Demands `organisation.prove`."""
    began = time.monotonic()
    broken, elsewhere, rows = tx.call("prove", invariant, AT_MOST).one()
    told = tuple(Broken(branch and UUID(branch), key and UUID(key), record, found) for branch, key, record, found in rows)
    return Proof(invariant, broken, told, elsewhere, time.monotonic() - began)


def stop_proof(tx: Transaction) -> int:
    """End what `prove` asks at this moment over another connection of hers; that question raises Cancelled."""
    ended: int = tx.call("stop_proof").one()
    return ended


def list_sessions(tx: Transaction) -> tuple[datetime, list[Session]]:
    """The server's time, and the sessions of people and workstations at this moment. Demands `organisation.end_session`."""
    clock, found = tx.call("clock", into=lambda _today, now: now), tx.call("list_sessions", into=_session)
    now: datetime = clock.one()
    return now, found.all()


def _session(*columns: Any) -> Session:
    session = Session(*columns)
    return replace(session, blocked_by=tuple(session.blocked_by))
