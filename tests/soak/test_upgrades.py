"""The full count of upgrades among people at work."""

from tests.support import upgrading
from tests.support.postgres import TestServer


def test_twenty_clients_through_ten_upgrades(server: TestServer, fresh_database: str) -> None:
    """ARC-03, ARC-04: half of them sell, half of them look; nobody has an error, no number is missing."""
    upgrading.make_upgradable(server, fresh_database)
    people = upgrading.check_upgrades(server, fresh_database, 20, 10)
    assert sum(len(client.issued) for client in people) >= 100
    assert sum(client.asked for client in people) >= 200
