"""The whole office day: twenty people, a hundred acts each."""

from pathlib import Path

from tests.journeys.test_office_day import PEOPLE, check_day
from tests.support.postgres import TestServer


def test_twenty_people_all_day(server: TestServer, fresh_database: str, tmp_path: Path) -> None:
    """ARC-01, ARC-02: no connection is idle in a transaction for over a second, every act is in the end state."""
    day = check_day(server, fresh_database, tmp_path, PEOPLE, 100, processes=4)
    assert sum(each.conflicts for each in day.told) > 0
