"""What the editor's hands do to a draft. Each act takes a draft and gives a new one; nothing is changed in place.

Line numbers count from 0, as in `Problem.field`; a line that is not there raises IndexError. New ids are the caller's,
because rules have no clock and no chance of their own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from crm_desktop.catalogue.rules.model import ItemChoice, ItemKind
from crm_desktop.core.rounding import exact
from crm_desktop.documents.rules.model import Buyer, Draft, Kind, Line, Method, PaymentForm
from crm_desktop.parties.rules.model import PartyChoice, PartyKind

ONE = Decimal(1)


@dataclass(frozen=True)
class Added:
    """The draft with the item in it: `place` is the line to show, `merged` whether it stood there before."""

    draft: Draft
    place: int
    merged: bool


def price_of(item: ItemChoice, method: Method) -> Decimal:
    """The item's price of one base unit in the document's basis. PLN."""
    return item.net_price if method is Method.NET else item.gross_price


def line_of(item: ItemChoice, quantity: Decimal, method: Method, line_id: UUID) -> Line:
    """A fresh line of `quantity` base units at the item's own price."""
    service = item.kind is ItemKind.SERVICE
    price = price_of(item, method)
    return Line(line_id, item.id, item.code, item.name, quantity, item.unit, price, item.vat, service=service)


def add_item(draft: Draft, item: ItemChoice, line_id: UUID, quantity: Decimal = ONE, merge: bool = True) -> Added:
    """Put `quantity` times what was scanned or chosen on the document (BAR-01, BAR-02).

    A package's code means `item.factor` base units: one scan of a 12-pack adds 12, priced as 12. With `merge` a known
    item raises its last line's quantity, whatever its price or discount; without it, or for a new item, a line with
    `line_id` is appended. Merging is the company's setting, and switched off for one line by the operator.
    """
    with exact():
        units = quantity * item.factor
        place = _last(draft.lines, item.id) if merge else None
        if place is not None:
            line = draft.lines[place]
            return Added(_with(draft, place, replace(line, quantity=line.quantity + units)), place, True)
    line = line_of(item, units, draft.kind.method, line_id)
    return Added(replace(draft, lines=(*draft.lines, line)), len(draft.lines), False)


def add_items(draft: Draft, items: Sequence[tuple[ItemChoice, Decimal, Decimal | None]], ids: Sequence[UUID]) -> Draft:
    """Append a pasted block: one line each (item, quantity, price or None for the item's own). One id a line.

    A pasted price is a person's price, so the line is marked negotiated. Nothing is merged: the block stays as it was.
    """
    lines = []
    for (item, quantity, price), line_id in zip(items, ids, strict=True):
        with exact():
            line = line_of(item, quantity * item.factor, draft.kind.method, line_id)
        lines.append(line if price is None else replace(line, price=price, negotiated=price != line.price))
    return replace(draft, lines=(*draft.lines, *lines))


def change_line(
    draft: Draft,
    place: int,
    *,
    quantity: Decimal | None = None,
    price: Decimal | None = None,
    discount: Decimal | None = None,
    name: str | None = None,
    vat: str | None = None,
) -> Draft:
    """Type into a line. A price other than the one shown becomes negotiated: no item change touches it (padlock)."""
    line = _at(draft, place)
    if price is not None and price != line.price:
        line = replace(line, price=price, negotiated=True)
    typed = {"quantity": quantity, "discount": discount, "name": name, "vat": vat}
    given = {key: value for key, value in typed.items() if value is not None}
    return _with(draft, place, replace(line, **given))  # type: ignore[arg-type]


def reset_price(draft: Draft, place: int, item: ItemChoice) -> Draft:
    """Back to the item's own price; the padlock opens."""
    line = replace(_at(draft, place), price=price_of(item, draft.kind.method), negotiated=False)
    return _with(draft, place, line)


def resolve_line(draft: Draft, place: int, item: ItemChoice) -> Draft:
    """Say what item a line is: code, name, unit, rate and price from it; quantity and discount stay."""
    line = _at(draft, place)
    fresh = line_of(item, line.quantity, draft.kind.method, line.id)
    return _with(draft, place, replace(fresh, discount=line.discount))


def remove(draft: Draft, place: int) -> Draft:
    """Without the line."""
    _at(draft, place)
    return replace(draft, lines=draft.lines[:place] + draft.lines[place + 1 :])


def duplicate(draft: Draft, place: int, line_id: UUID) -> Draft:
    """A copy of the line right after it."""
    copy = replace(_at(draft, place), id=line_id)
    return replace(draft, lines=(*draft.lines[: place + 1], copy, *draft.lines[place + 1 :]))


def move(draft: Draft, place: int, to: int) -> Draft:
    """The line at another place; `to` is its place afterwards, kept within the document."""
    line = _at(draft, place)
    rest = list(draft.lines[:place] + draft.lines[place + 1 :])
    rest.insert(max(0, min(to, len(rest))), line)
    return replace(draft, lines=tuple(rest))


def with_buyer(draft: Draft, party: PartyChoice | None) -> Draft:
    """Sell to `party`: its data as a snapshot, its term for the due date. None: to nobody named (a receipt)."""
    if party is None:
        return replace(draft, buyer=Buyer(business=False))
    at = party.address
    buyer = Buyer(
        *(party.id, party.name, party.nip, party.eu_vat, at.street, at.post_code, at.city, at.country),
        business=party.kind is PartyKind.COMPANY,
    )
    return replace(draft, buyer=buyer, due_date=_due(draft.issue_date, draft.payment, party.payment_days))


def with_payment(draft: Draft, payment: PaymentForm, days: int = 0) -> Draft:
    """Paid by `payment`; a transfer is due `days` after the issue, cash and card on the day itself."""
    return replace(draft, payment=payment, due_date=_due(draft.issue_date, payment, days))


def with_issue_date(draft: Draft, issue_date: date) -> Draft:
    """Issued on another day: the term moves along, and so does a sale date that was the issue date (midnight)."""
    term = draft.due_date - draft.issue_date
    sale_date = issue_date if draft.sale_date == draft.issue_date else draft.sale_date
    return replace(draft, issue_date=issue_date, sale_date=sale_date, due_date=issue_date + term)


def to_reprice(draft: Draft, kind: Kind) -> frozenset[UUID]:
    """The items whose choices `with_kind` needs: those of lines with the item's own price, when the basis changes."""
    if kind.method is draft.kind.method:
        return frozenset()
    return frozenset(line.item_id for line in draft.lines if line.item_id is not None and not line.negotiated)


def with_kind(draft: Draft, kind: Kind, items: Mapping[UUID, ItemChoice] | None = None) -> Draft:
    """Another kind of document, with its payment form; the series follows the kind.

    When the basis changes (net ↔ gross), lines take the item's price of the new basis; nothing is converted, and a
    negotiated price keeps its number for the operator to look at. Raises KeyError when an item of `to_reprice` is
    missing: a net price must never pass as gross.
    """
    repriced = to_reprice(draft, kind)
    lines = draft.lines
    if repriced:
        have = items or {}
        lines = tuple(
            replace(line, price=price_of(have[line.item_id], kind.method)) if line.item_id in repriced and not line.negotiated else line
            for line in lines
        )
    due = draft.due_date if kind.payment is draft.payment else _due(draft.issue_date, kind.payment, 0)
    return replace(draft, kind=kind, payment=kind.payment, due_date=due, lines=lines)


def _due(issue_date: date, payment: PaymentForm, days: int) -> date:
    return issue_date + timedelta(days=days if payment is PaymentForm.TRANSFER else 0)


def _last(lines: Sequence[Line], item_id: UUID) -> int | None:
    return next((place for place in range(len(lines) - 1, -1, -1) if lines[place].item_id == item_id), None)


def _at(draft: Draft, place: int) -> Line:
    if not 0 <= place < len(draft.lines):
        raise IndexError(place)
    return draft.lines[place]


def _with(draft: Draft, place: int, line: Line) -> Draft:
    return replace(draft, lines=(*draft.lines[:place], line, *draft.lines[place + 1 :]))
