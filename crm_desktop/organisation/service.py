"""Changing the organisation. Logins, rights and numbers are changed by guarded functions of the database only."""

import os
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb
from sqlalchemy import bindparam, insert, update
from sqlalchemy.dialects.postgresql import insert as upsert

from crm_desktop.core.errors import Conflict
from crm_desktop.db.transaction import Transaction
from crm_desktop.organisation.rules.model import Branch, Company, Employee, NumberSeries, Role, Session, Workstation
from crm_desktop.organisation.rules.password import SALT, scram_verifier
from crm_desktop.organisation.tables import branch, company, number_series, setting, workspace

_COMPANY = (
    update(company)
    .where(company.c.version == bindparam("known"))
    .values({name: bindparam(name) for name in ("name", "nip", "street", "post_code", "city", "iban", "ksef_from")})
    .returning(company.c.version)
)
_BRANCH_FIELDS = ("code", "name", "street", "post_code", "city", "closed_until", "active")
_NEW_BRANCH = insert(branch).values({name: bindparam(name) for name in ("id", *_BRANCH_FIELDS)}).returning(branch.c.version)
_BRANCH = (
    update(branch)
    .where(branch.c.id == bindparam("key"), branch.c.version == bindparam("known"))
    .values({name: bindparam(name) for name in _BRANCH_FIELDS})
    .returning(branch.c.version)
)
_SERIES_FIELDS = ("code", "pattern", "restart", "legal")
_NEW_SERIES = (
    insert(number_series)
    .values({name: bindparam(name) for name in ("id", "branch_id", *_SERIES_FIELDS)})
    .returning(number_series.c.version)
)
_SERIES = (
    update(number_series)
    .where(number_series.c.id == bindparam("key"), number_series.c.version == bindparam("known"))
    .values({name: bindparam(name) for name in _SERIES_FIELDS})
    .returning(number_series.c.version)
)
_new_setting = upsert(setting).values(
    key=bindparam("key"), scope=bindparam("scope"), scope_id=bindparam("scope_id"), value=bindparam("value")
)
_SETTING = _new_setting.on_conflict_do_update(index_elements=["key", "scope", "scope_id"], set_={"value": _new_setting.excluded.value})
_new_workspace = upsert(workspace).values(employee_id=bindparam("employee"), key=bindparam("key"), value=bindparam("value"))
_WORKSPACE = _new_workspace.on_conflict_do_update(index_elements=["employee_id", "key"], set_={"value": _new_workspace.excluded.value})


def save_company(tx: Transaction, changed: Company) -> int:
    """Store the company's data; gives its new version. Raises Conflict, NotAllowed."""
    values = {f: getattr(changed, f) for f in ("name", "nip", "street", "post_code", "city", "iban", "ksef_from")}
    return _version(tx.ask(_COMPANY, {**values, "known": changed.version}).maybe(), "organisation.company", 1)


def save_branch(tx: Transaction, changed: Branch) -> int:
    """Store a new or changed branch; gives its new version. Raises Refused (code taken), Conflict, NotAllowed."""
    values = {f: getattr(changed, f) for f in _BRANCH_FIELDS}
    if changed.version == 0:
        return tx.ask(_NEW_BRANCH, {**values, "id": changed.id}).one()
    return _version(
        tx.ask(_BRANCH, {**values, "key": changed.id, "known": changed.version}).maybe(),
        "organisation.branch",
        changed.id,
    )


def save_series(tx: Transaction, changed: NumberSeries) -> int:
    """Store a number series. Raises Refused (texts clash, pattern in use), Conflict, NotAllowed."""
    values = {f: getattr(changed, f) for f in _SERIES_FIELDS}
    if changed.version == 0:
        return tx.ask(_NEW_SERIES, {**values, "id": changed.id, "branch_id": changed.branch_id}).one()
    return _version(
        tx.ask(_SERIES, {**values, "key": changed.id, "known": changed.version}).maybe(),
        "organisation.number_series",
        changed.id,
    )


def verifier_of(password: str) -> str:
    """What PostgreSQL keeps instead of a password, with a salt of chance (rules/password.py)."""
    return scram_verifier(password, os.urandom(SALT))


def employ(tx: Transaction, new: Employee, verifier: str) -> None:
    """Employ somebody and make her login. `verifier`: SCRAM-SHA-256, computed here from the password that never travels."""
    tx.call("employ", new.id, new.login, new.name, verifier, list(new.roles), list(new.branches))


def assign(tx: Transaction, changed: Employee) -> None:
    """Change a colleague's name, roles and branches. Raises Refused (your own rights, last administrator), Conflict."""
    tx.call("assign", changed.id, changed.version, changed.name, list(changed.roles), list(changed.branches))


def dismiss(tx: Transaction, employee_id: UUID) -> None:
    """Close her login at once, open connections included."""
    tx.call("dismiss", employee_id)


def set_password(tx: Transaction, employee_id: UUID, verifier: str) -> None:
    """A new password: one's own, or a colleague's with the right to employ."""
    tx.call("set_password", employee_id, verifier)


def define_role(tx: Transaction, changed: Role) -> None:
    """Store a role and its permissions. Nobody changes a role that she holds."""
    tx.call("define_role", changed.id, changed.version, changed.name, list(changed.permissions))


def install_workstation(tx: Transaction, new: Workstation, verifier: str) -> None:
    """Install a workstation and make its login; the secret stays in this machine's keyring."""
    tx.call("install_workstation", new.id, new.code, new.name, new.branch_id, verifier)


def renew_secret(tx: Transaction, workstation_id: UUID, verifier: str) -> None:
    """A new secret for a workstation; whoever works with the old one is out at once."""
    tx.call("renew_secret", workstation_id, verifier)


def remove_workstation(tx: Transaction, workstation_id: UUID) -> None:
    """Close a workstation's login."""
    tx.call("remove_workstation", workstation_id)


def end_statement(tx: Transaction, session: Session) -> None:
    """End what a session does just now; it goes on. The audit of its person says who did it.

    Raises Refused (gone meanwhile, her own connection, the server's), NotAllowed.
    """
    tx.call("end_session", session.pid, session.began, "cancel")


def end_for_good(tx: Transaction, session: Session) -> None:
    """End a session. As `end_statement`."""
    tx.call("end_session", session.pid, session.began, "terminate")


def save_setting(tx: Transaction, key: str, scope: str, scope_id: str, value: Any) -> None:
    """Store the value of a declared setting; her own without a right, others with it."""
    tx.run(_SETTING, {"key": key, "scope": scope, "scope_id": scope_id, "value": Jsonb(value)})


def keep_own_setting(tx: Transaction, key: str, value: Any) -> None:
    """Store her own value of a declared setting; needs no right (`save_setting` names the right to set it for others)."""
    save_setting(tx, key, "employee", str(tx.who.employee_id), value)


def save_workspace(tx: Transaction, key: str, value: str) -> None:
    """Remember a piece of her own desk."""
    tx.run(_WORKSPACE, {"employee": tx.who.employee_id, "key": key, "value": value})


def _version(stored: int | None, table: str, key: object) -> int:
    if stored is None:
        raise Conflict(table, key)
    return stored
