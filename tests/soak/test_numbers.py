"""The full rush for numbers (ARC-05)."""

from tests.journeys.test_numbers import check_rush
from tests.support.postgres import TestServer


def test_eight_clerks_issue_twenty_five_pairs_each(server: TestServer, fresh_database: str) -> None:
    """ARC-03, ARC-05: 8 processes, 25 documents each in each of two series in opposite order, a third given up, one frozen."""
    check_rush(server, fresh_database, 8, 25)
