"""The demo company at its full size."""

import secrets

import psycopg

from crm_desktop.db.connect import Profile
from crm_desktop.demo.company import DEMO, make_company
from tests.support.postgres import TestServer
from tests.support.proving import broken


def test_the_demo_company_is_whole(server: TestServer) -> None:
    """NBR-07, ARC-05: 10 branches, 40 employees, 2 000 parties, 5 000 items, 24 months, 20 000 documents; every invariant holds."""
    name = f"demo_{secrets.token_hex(4)}"
    login = server.server
    demo = make_company(Profile(login.host, login.port, "postgres", "disable"), login.superuser, login.password, name, DEMO)
    try:
        with psycopg.connect(login.dsn(name)) as owner:
            assert broken(owner) == {}
            row = owner.execute(
                "select (select count(*) from organisation.branch), (select count(*) from organisation.employee),"
                " (select count(*) from parties.party), (select count(*) from catalogue.item),"
                " (select count(*) from documents.document where state = 'issued'),"
                " (select count(distinct date_trunc('month', issue_date)) from documents.document"
                "   where issue_date < date_trunc('month', now()))"
            ).fetchone()
        assert row == (10, 40, 2000, 5000, 20_000, 24)
        assert len(demo.staff.employees) == 40
    finally:
        server.drop(name)
