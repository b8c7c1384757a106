"""Edits of a draft (BAR-01, BAR-02, GOL-23)."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from crm_desktop.catalogue.rules.model import ItemKind
from crm_desktop.documents.rules import changes
from crm_desktop.documents.rules.model import Buyer, Draft, Kind, Method, PaymentForm
from crm_desktop.documents.rules.totals import totals
from crm_desktop.parties.rules.model import Address, PartyChoice, PartyKind
from tests.support.drafts import DAY, INVOICE, PERCENTS, RECEIPT, draft, item, line

NEW, OTHER = UUID(int=900), UUID(int=901)
PARTY = PartyChoice(
    *(UUID(int=77), PartyKind.COMPANY, "KL-7", "Kwiaciarnia Żonkil", "1234563218", ""),
    *(Address("Rynek 1", "31-042", "Kraków"), 30),
)


def quantities(document: Draft) -> list[str]:
    return [f"{sold.quantity:f}" for sold in document.lines]


def test_a_known_code_raises_the_same_line() -> None:
    """BAR-01: the second scan raises the quantity, it makes no second line."""
    first = changes.add_item(draft(), item(1), NEW)
    assert (first.place, first.merged, first.draft.lines[0].id) == (0, False, NEW)
    second = changes.add_item(first.draft, item(1), OTHER)
    assert (second.place, second.merged, quantities(second.draft)) == (0, True, ["2"])


def test_raising_can_be_switched_off() -> None:
    """BAR-01."""
    first = changes.add_item(draft(), item(1), NEW)
    second = changes.add_item(first.draft, item(1), OTHER, merge=False)
    assert (second.place, second.merged, quantities(second.draft)) == (1, False, ["1", "1"])


def test_the_last_line_of_the_item_is_raised_and_keeps_its_price() -> None:
    before = draft(line(1), line(2), line(1, price="7.00", negotiated=True), line(3))
    after = changes.add_item(before, item(1), NEW, Decimal("0.5"))
    assert (after.place, quantities(after.draft)) == (2, ["1", "1", "1.5", "1"])
    assert after.draft.lines[2].price == Decimal("7.00")


@pytest.mark.parametrize("kind", [INVOICE, RECEIPT])
def test_a_package_is_twelve_pieces_at_the_price_of_twelve(kind: Kind) -> None:
    """BAR-02: one scan of a 12-pack costs what twelve scans of a piece cost."""
    pack, piece = item(1, factor=Decimal(12)), item(1)
    packed = changes.add_item(draft(kind=kind), pack, NEW).draft
    single = draft(kind=kind)
    for _ in range(12):
        single = changes.add_item(single, piece, NEW).draft
    assert quantities(packed) == ["12"]
    assert packed == single
    assert totals(packed, PERCENTS) == totals(single, PERCENTS)


def test_prices_follow_the_basis_of_the_document() -> None:
    assert changes.add_item(draft(), item(1), NEW).draft.lines[0].price == Decimal("10.00")
    assert changes.add_item(draft(kind=RECEIPT), item(1), NEW).draft.lines[0].price == Decimal("12.30")


def test_a_service_stays_a_service() -> None:
    """SAL-06."""
    assert changes.add_item(draft(), item(1, kind=ItemKind.SERVICE), NEW).draft.lines[0].service
    assert not changes.add_item(draft(), item(1), NEW).draft.lines[0].service


def test_a_pasted_block_is_appended_as_it_is() -> None:
    block = [
        (item(1), Decimal(2), None),
        (item(1), Decimal(3), Decimal("9.50")),
        (item(2, factor=Decimal(6)), Decimal(2), Decimal("10.00")),
    ]
    after = changes.add_items(draft(line(1)), block, [UUID(int=n) for n in (901, 902, 903)])
    assert quantities(after) == ["1", "2", "3", "12"]
    assert [(str(sold.price), sold.negotiated) for sold in after.lines[1:]] == [
        ("10.00", False),
        ("9.50", True),
        ("10.00", False),
    ]
    with pytest.raises(ValueError, match="argument"):
        changes.add_items(draft(), block, [NEW])


def test_typing_into_a_line() -> None:
    before = draft(line(1), line(2))
    after = changes.change_line(before, 1, quantity=Decimal(5), discount=Decimal("7.5"), name="Inny", vat="8")
    changed = after.lines[1]
    assert (changed.quantity, changed.discount, changed.name, changed.vat) == (Decimal(5), Decimal("7.5"), "Inny", "8")
    assert not changed.negotiated
    assert (after.lines[0], before.lines[1]) == (before.lines[0], line(2))


def test_a_typed_price_is_locked_and_can_be_given_back() -> None:
    before = draft(line(1))
    assert not changes.change_line(before, 0, price=Decimal("10.0")).lines[0].negotiated
    typed = changes.change_line(before, 0, price=Decimal("9.99"))
    assert (typed.lines[0].price, typed.lines[0].negotiated) == (Decimal("9.99"), True)
    assert changes.reset_price(typed, 0, item(1)) == before


def test_an_unknown_code_is_resolved_later() -> None:
    before = draft(line(1, item_id=None, code="??", name="", quantity="4", discount="5", price="0"))
    after = changes.resolve_line(before, 0, item(3)).lines[0]
    assert (after.id, after.item_id, after.code, after.price) == (before.lines[0].id, item(3).id, "T003", Decimal("10.00"))
    assert (after.quantity, after.discount) == (Decimal(4), Decimal(5))


def test_remove_duplicate_move() -> None:
    before = draft(line(1), line(2), line(3))
    assert [sold.code for sold in changes.remove(before, 1).lines] == ["T001", "T003"]
    twice = changes.duplicate(before, 0, NEW)
    assert [sold.code for sold in twice.lines] == ["T001", "T001", "T002", "T003"]
    assert (twice.lines[1].id, replace(twice.lines[1], id=before.lines[0].id)) == (NEW, before.lines[0])
    for place, to, order in [(0, 2, "231"), (2, 0, "312"), (1, 1, "123"), (0, 99, "231"), (2, -5, "312")]:
        assert "".join(sold.code[-1] for sold in changes.move(before, place, to).lines) == order
        assert before.lines == draft(line(1), line(2), line(3)).lines


@pytest.mark.parametrize("place", [-1, 1])
def test_a_line_that_is_not_there(place: int) -> None:
    one = draft(line(1))
    with pytest.raises(IndexError):
        changes.change_line(one, place, quantity=Decimal(1))
    with pytest.raises(IndexError):
        changes.remove(one, place)
    with pytest.raises(IndexError):
        changes.move(one, place, 0)
    with pytest.raises(IndexError):
        changes.duplicate(one, place, NEW)


def test_a_buyer_brings_a_snapshot_and_a_term() -> None:
    after = changes.with_buyer(draft(), PARTY)
    assert after.buyer == Buyer(PARTY.id, "Kwiaciarnia Żonkil", "1234563218", "", "Rynek 1", "31-042", "Kraków", "PL", True)
    assert after.due_date == DAY + timedelta(days=30)
    person = changes.with_buyer(draft(), replace(PARTY, kind=PartyKind.PERSON))
    assert not person.buyer.business
    assert changes.with_buyer(draft(kind=RECEIPT), PARTY).due_date == DAY
    assert changes.with_buyer(after, None).buyer == Buyer(business=False)


def test_payment_and_term() -> None:
    assert changes.with_payment(draft(), PaymentForm.TRANSFER, 7).due_date == DAY + timedelta(days=7)
    cash = changes.with_payment(draft(), PaymentForm.CASH, 7)
    assert (cash.payment, cash.due_date) == (PaymentForm.CASH, DAY)


def test_midnight_moves_the_dates_together() -> None:
    tomorrow = DAY + timedelta(days=1)
    after = changes.with_issue_date(draft(), tomorrow)
    assert (after.issue_date, after.sale_date, after.due_date) == (tomorrow, tomorrow, DAY + timedelta(days=15))
    earlier_sale = draft(sale_date=date(2026, 11, 2))
    assert changes.with_issue_date(earlier_sale, tomorrow).sale_date == date(2026, 11, 2)


def test_another_kind_of_the_same_basis_touches_no_line() -> None:
    other = replace(INVOICE, id=UUID(int=55), code="FU")
    before = draft(line(1))
    assert changes.to_reprice(before, other) == frozenset()
    assert changes.with_kind(before, other) == replace(before, kind=other)


def test_another_basis_takes_the_items_prices() -> None:
    """D.1: lines are never mixed; nothing is converted, a person's price keeps its number."""
    before = draft(line(1), line(2, price="9.99", negotiated=True), line(3, item_id=None))
    assert changes.to_reprice(before, RECEIPT) == {item(1).id}
    after = changes.with_kind(before, RECEIPT, {item(1).id: item(1)})
    assert [str(sold.price) for sold in after.lines] == ["12.30", "9.99", "10.00"]
    assert (after.kind, after.payment, after.due_date) == (RECEIPT, PaymentForm.CASH, DAY)
    assert after.kind.method is Method.GROSS
    with pytest.raises(KeyError):
        changes.with_kind(before, RECEIPT)
