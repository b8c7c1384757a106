"""The desktop program as a fixture, and three people of the office."""

from collections.abc import Iterator

import pytest

from crm_desktop.db.connect import Profile
from crm_desktop.db.database import Database
from tests.support import office
from tests.support.postgres import TestServer
from tests.support.rig import rig

__all__ = ["People", "rig"]

People = tuple[Database, Database, Database]


@pytest.fixture
def people(server: TestServer, fresh_database: str) -> Iterator[People]:
    """Anna of Kraków, Wanda of Warszawa, the administrator of both."""
    profile = Profile(server.server.host, server.server.port, fresh_database, "disable", role_prefix=office.TEMPLATE)
    beskid = office.Office(profile)
    desks = beskid.enter("anna"), beskid.enter("wanda"), beskid.enter("szef")
    yield desks
    for desk in desks:
        desk.close()
