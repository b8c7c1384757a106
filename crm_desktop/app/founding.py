"""An empty server becomes a company: roles, schema, first administrator, the kinds and series a sale needs. Qt-free."""

import os
from dataclasses import replace
from uuid import UUID

from psycopg import sql

from crm_desktop.core.errors import refuse_if
from crm_desktop.db.connect import Profile, connect
from crm_desktop.db.database import log_in
from crm_desktop.db.keys import new_id
from crm_desktop.db.transaction import Transaction
from crm_desktop.db.upgrade import install
from crm_desktop.documents import service as documents
from crm_desktop.documents.rules.model import Kind, Method, PaymentForm
from crm_desktop.modules import parts, reactions
from crm_desktop.organisation import service as organisation
from crm_desktop.organisation.rules.check import check_branch, check_company, check_login
from crm_desktop.organisation.rules.model import Branch, Company, Employee, NumberSeries
from crm_desktop.organisation.rules.password import check_password, scram_verifier

#: The kinds that every company begins with; an administrator changes them and adds her own (SAL-04). With their series' patterns.
KINDS = (
    (Kind(UUID(int=0), "FS", "Faktura", "Invoice", Method.NET, fiscal=False, buyer_required=True, ksef=True), "FS"),
    (
        Kind(
            UUID(int=0),
            "FD",
            "Faktura detaliczna",
            "Retail invoice",
            Method.GROSS,
            fiscal=True,
            buyer_required=True,
            ksef=True,
            payment=PaymentForm.CASH,
        ),
        "FD",
    ),
    (
        Kind(
            UUID(int=0),
            "PAR",
            "Paragon",
            "Receipt",
            Method.GROSS,
            fiscal=True,
            buyer_required=False,
            payment=PaymentForm.CASH,
        ),
        "PAR",
    ),
)
PATTERN = "{mark}/{{branch}}/{{number}}/{{month}}/{{year}}"


def found(
    server: Profile,
    admin: str,
    admin_password: str,
    database: str,
    company: Company,
    branch: Branch,
    administrator: Employee,
    password: str,
) -> Profile:
    """Install the schema on `server` under the server administrator's login and found the company in it.

    Gives the new database's profile. Raises Refused with the problems of the company, branch or administrator; Offline; WrongPassword.
    """
    refuse_if(
        [
            *check_company(company),
            *check_branch(branch),
            *check_login(administrator.login),
            *check_password(password, administrator.login),
        ]
    )
    profile = install(server, admin, admin_password, database, parts())
    with connect(profile, admin, admin_password) as connection, connection.transaction():
        connection.execute(sql.SQL("set local role {}").format(sql.Identifier(f"{database}_owner")))
        connection.execute(
            "select code.found_company(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [
                company.name,
                company.nip,
                company.street,
                company.post_code,
                company.city,
                company.iban,
                branch.id,
                branch.code,
                branch.name,
                administrator.id,
                administrator.login,
                administrator.name,
                scram_verifier(password, os.urandom(16)),
            ],
        )
    first = log_in(profile, administrator.login, password, reactions())
    try:
        first.change(define_kinds)
        first.change(define_series, branch.id)
    finally:
        first.close()
    return profile


def define_kinds(tx: Transaction) -> None:
    """The kinds of documents that every company begins with."""
    for kind, series in KINDS:
        documents.save_kind(tx, replace(kind, id=new_id()), series)


def define_series(tx: Transaction, branch_id: UUID) -> None:
    """A monthly series of each kind for one branch."""
    for _kind, mark in KINDS:
        organisation.save_series(tx, NumberSeries(new_id(), mark, branch_id, PATTERN.format(mark=mark), "month", True))
