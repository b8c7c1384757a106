"""`open_document_10`: one document with its lines and its history, against the same queries by bare psycopg."""

from dataclasses import replace
from itertools import cycle
from uuid import UUID

from crm_desktop.db.connect import connect
from crm_desktop.db.statements import text_of
from crm_desktop.demo.company import PASSWORD, SELLER
from crm_desktop.documents import queries, service
from tests.benchmarks.figures import Figure, median, milliseconds
from tests.benchmarks.shop import Shop
from tests.support.wire import Relay

ROUNDS, WARMING = 400, 50


def figures(shop: Shop) -> list[Figure]:
    """Open invoices that were issued a moment ago, so that they have a history."""
    seller = shop.seller()
    bare = connect(shop.demo.profile, shop.demo.profile.role(SELLER), PASSWORD)
    try:
        ids = [seller.change(service.issue_invoice, shop.draft(10)).id for _ in range(20)]
        value, floor = [], []

        def plainly(key: UUID) -> None:
            with bare.pipeline():
                cursors = [bare.execute("select * from code.document_history(%s)", [key])]
                for statement in (queries._DOCUMENT, queries._LINES, queries._VAT_ROWS):
                    text, values = text_of(statement, {"key": key})
                    cursors.append(bare.execute(text, values))  # type: ignore[call-overload]
            for cursor in cursors:
                cursor.fetchall()

        for place, key in zip(range(ROUNDS + WARMING), cycle(ids)):
            times = milliseconds(lambda key=key: seller.read(queries.open_document, key)), milliseconds(lambda key=key: plainly(key))  # type: ignore[misc]
            if place >= WARMING:
                value.append(times[0])
                floor.append(times[1])
    finally:
        seller.close()
        bare.close()
    took, lowest, trips = median(value), median(floor), round_trips(shop, ids[0])
    return [
        Figure("open_document_10", took, "ms", "≤ floor + 3 ms", took <= lowest + 3, lowest, None, round(took / lowest, 3)),
        Figure("open_document_10_round_trips", trips, "waits", "≤ 2", trips <= 2),
    ]


def round_trips(shop: Shop, key: UUID) -> int:
    """Waits for the server on a warm connection."""
    with Relay((shop.server.host, shop.server.port), postgres=True) as relay:
        seller = shop.seller(replace(shop.demo.profile, host=relay.host, port=relay.port))
        try:
            seller.read(queries.open_document, key)
            with relay.counting() as count:
                seller.read(queries.open_document, key)
            return count.round_trips
        finally:
            seller.close()
