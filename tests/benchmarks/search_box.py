"""`search_box`: twelve kinds of term, as the search box asks them: all slices in one question, by an employee of one branch of ten.

The floor is an empty question over the same connection. Each kind has terms of its own from the company, so that no two questions are
the same; what a term must find is looked at, too.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, LiteralString

import psycopg

from crm_desktop.app import desks
from crm_desktop.app.finding import find
from crm_desktop.core.identifiers import nip_shown
from crm_desktop.core.search import Hit, folded
from crm_desktop.db.transaction import Transaction
from tests.benchmarks.figures import Figure, median, milliseconds, percentile
from tests.benchmarks.shop import Shop

ROUNDS, WARMING = 25, 2
PARTIES, DOCUMENTS, ITEMS = range(3)


@dataclass(frozen=True)
class Term:
    """A kind of term: made of a value of the company, and the kind of record that it must find (None: it must not be found)."""

    name: str
    values: LiteralString
    made: Callable[[str], str]
    finds: int | None


def _as_it_is(value: str) -> str:
    return value


def _swapped(value: str) -> str:
    """Two neighbours inside the longest word change places."""
    word = max(folded(value).split(), key=len)
    return word[:2] + word[3] + word[2] + word[4:] if len(word) > 4 and word[2] != word[3] else word


_OWN = "select d.number from documents.document d where d.number is not null and d.branch_id = %(own)s order by md5(d.id::text) limit 60"
_FOREIGN = (
    "select d.number from documents.document d where d.number is not null and d.branch_id <> %(own)s order by md5(d.id::text) limit 60"
)
_COMPANY = "select name from parties.party where kind = 'company' and active and name ~ '^[^ ]{7}' order by md5(id::text) limit 60"
_NIP = "select nip from parties.party where nip <> '' order by md5(id::text) limit 60"
_ITEM = "select name from catalogue.item where active and name ~ '^[^ ]{5}' order by md5(id::text) limit 60"

TERMS = (
    Term("number", _OWN, _as_it_is, DOCUMENTS),
    Term("part of a number", _OWN, lambda number: number.rpartition("/")[0], DOCUMENTS),
    Term("another branch's number", _FOREIGN, _as_it_is, None),
    Term("NIP", _NIP, _as_it_is, PARTIES),
    Term("NIP with dashes", _NIP, nip_shown, PARTIES),
    Term("phone", "select phone from parties.party where phone <> '' order by md5(id::text) limit 60", _as_it_is, PARTIES),
    Term("bar code", "select barcode from catalogue.item_unit where barcode is not null order by md5(id::text) limit 60", _as_it_is, ITEMS),
    Term("code of an item", "select code from catalogue.item order by md5(id::text) limit 60", str.lower, ITEMS),
    Term("name without accents", _COMPANY, folded, PARTIES),
    Term("two beginnings", _ITEM, lambda name: " ".join(word[:3] for word in folded(name).split()[:2]), ITEMS),
    Term("two letters", _COMPANY, lambda name: folded(name)[:2], PARTIES),
    Term("typing error", _COMPANY, _swapped, PARTIES),
)


def figures(shop: Shop) -> list[Figure]:
    """Every kind of term, interleaved."""
    seller = shop.seller()
    try:
        searches = desks.searches(seller.who.may)
        own = seller.who.branches[0]
        terms = {term: _terms(shop, term, own) for term in TERMS}
        times: dict[str, list[float]] = {term.name: [] for term in TERMS}
        floor = []
        for place in range(ROUNDS + WARMING):
            for term in TERMS:
                text = next(terms[term])
                found: list[list[Hit]] = []
                took = milliseconds(lambda text=text, found=found: found.extend(seller.read(find, searches, text)))  # type: ignore[misc]
                _look(term, text, found)
                if place >= WARMING:
                    times[term.name].append(took)
            floor.append(milliseconds(lambda: seller.read(_nothing)))
    finally:
        seller.close()
    every = [took for each in times.values() for took in each]
    p95, worst, lowest = percentile(every, 95), round(max(every), 3), median(floor)
    slowest = max(times, key=lambda name: median(times[name]))
    return [
        Figure("search_box", median(every), "ms", "", True, lowest, None, round(median(every) / lowest, 3)),
        Figure("search_box_p95", p95, "ms", "p95 < 150 ms", p95 < 150),
        Figure("search_box_worst", worst, "ms", "worst < 300 ms", worst < 300),
        Figure("search_box_slowest_kind", median(times[slowest]), "ms", f"median of “{slowest}”", True),
    ]


def _look(term: Term, text: str, found: list[list[Hit]]) -> None:
    """Fast and wrong is no figure."""
    if term.finds is None:
        assert not [hit for hit in found[DOCUMENTS] if hit.text.startswith(text)], f"{term.name} {text!r} was found"
    else:
        assert found[term.finds], f"{term.name} {text!r} found nothing"


def _terms(shop: Shop, term: Term, own: Any) -> Iterator[str]:
    with psycopg.connect(shop.server.dsn(shop.demo.profile.database)) as connection:
        values = [str(value) for (value,) in connection.execute(term.values, {"own": own}).fetchall()]
    for value in values * (1 + (ROUNDS + WARMING) // len(values)):
        yield term.made(value)


def _nothing(tx: Transaction) -> object:
    return tx.call("clock").one()
