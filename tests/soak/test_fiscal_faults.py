"""The cable of a fiscal printer is cut at every byte, over the whole road through the database (FIS-08)."""

from pathlib import Path

import psycopg
import pytest

from tests.journeys.test_fiscal_faults import Shop, cut_at, one_host
from tests.journeys.test_fiscal_faults import shop as shop
from tests.support.proving import broken
from tests.support.wire import Way


@pytest.mark.parametrize("way", Way, ids=lambda way: way.name.lower())
def test_the_cable_is_cut_at_every_byte(shop: Shop, tmp_path: Path, way: Way) -> None:
    """FIS-08, SAL-09: exactly once on the paper, and nobody is asked."""
    with one_host(shop, tmp_path) as host:
        sizes = dict(zip((Way.TO_SERVER, Way.TO_CLIENT), host.sell(), strict=True))
        cut_at(host, way, range(1, sizes[way] - 1))
    _whole(shop)


@pytest.mark.parametrize("way", Way, ids=lambda way: way.name.lower())
def test_the_recovery_is_cut_too(shop: Shop, tmp_path: Path, way: Way) -> None:
    """FIS-08: first anywhere in the receipt, then anywhere in what the program does to find out."""
    with one_host(shop, tmp_path) as host:
        sizes = dict(zip((Way.TO_SERVER, Way.TO_CLIENT), host.sell(), strict=True))
        for second in range(1, 400, 23):
            cut_at(host, way, range(1 + second % 7, sizes[way] - 1, 97), (second, Way.TO_CLIENT))
    _whole(shop)


def _whole(shop: Shop) -> None:
    with psycopg.connect(shop.server.server.dsn(shop.profile.database)) as owner:
        assert broken(owner) == {}
