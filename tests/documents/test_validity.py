"""All problems of a document at once (GOL-28; bad input of the first sale)."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from crm_desktop.core.i18n import tell
from crm_desktop.documents.rules.model import Buyer, Draft, PaymentForm
from crm_desktop.documents.rules.validity import check, percents
from tests.support.drafts import BUYER, DAY, RATES, RECEIPT, draft, line


def found(document: Draft, today: date = DAY, closed: date | None = None) -> list[tuple[str, str]]:
    return [(problem.code, problem.field) for problem in check(document, RATES, today, closed)]


def errors(document: Draft, today: date = DAY, closed: date | None = None) -> list[tuple[str, str]]:
    return [(p.code, p.field) for p in check(document, RATES, today, closed) if p.stops]


def test_a_right_invoice_and_a_right_receipt() -> None:
    assert found(draft(line(), line(2, vat="8"))) == []
    assert found(draft(line(), kind=RECEIPT, buyer=Buyer(business=False))) == []


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"item_id": None}, "item_unknown", "code"),
        ({"name": " "}, "name_missing", "name"),
        ({"name": "Kubek 😀"}, "text_emoji", "name"),
        ({"name": "x" * 10_000}, "text_too_long", "name"),
        ({"name": "a\x1fb"}, "text_control", "name"),
        ({"code": "x" * 51}, "text_too_long", "code"),
        ({"unit": ""}, "unit_missing", "unit"),
        ({"unit": "a\tb"}, "text_control", "unit"),
        ({"quantity": "0"}, "quantity_zero", "quantity"),
        ({"quantity": "-0.0"}, "quantity_zero", "quantity"),
        ({"quantity": "-1"}, "quantity_negative", "quantity"),
        ({"quantity": "1.0000001"}, "quantity_places", "quantity"),
        ({"quantity": "10000000000"}, "quantity_large", "quantity"),
        ({"price": "-0.01"}, "price_negative", "price"),
        ({"price": "1.2345678"}, "price_places", "price"),
        ({"price": "1.23456"}, "price_places", "price"),
        ({"price": "1000000000000"}, "price_large", "price"),
        ({"discount": "-1"}, "discount_range", "discount"),
        ({"discount": "100.01"}, "discount_range", "discount"),
        ({"discount": "1.001"}, "discount_places", "discount"),
        ({"vat": "24"}, "vat_unknown", "vat"),
        ({"vat": "22"}, "vat_not_valid", "vat"),
    ],
)
def test_each_fault_of_a_line_at_its_field(change: dict[str, Any], code: str, field: str) -> None:
    assert (code, f"lines.1.{field}") in errors(draft(line(1), line(2, **change)))


@pytest.mark.parametrize("field", ["quantity", "price", "discount"])
@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_is_told_and_stops_no_check(field: str, text: str) -> None:
    assert found(draft(line(1, **{field: text}), line(2, quantity="0"))) == [
        ("number_wrong", f"lines.0.{field}"),
        ("quantity_zero", "lines.1.quantity"),
    ]


def test_a_price_with_seven_decimals_says_how_many_are_allowed() -> None:
    (problem,) = check(draft(line(price="1.2345678")), RATES, DAY)
    assert tell(problem) == "The price has 7 decimal places, at most 4 are allowed."


def test_gross_prices_have_two_decimals() -> None:
    """Semantics D: from-gross with 4-decimal prices does not exist."""
    assert found(draft(line(price="1.2345"))) == []
    assert errors(draft(line(price="1.234"), kind=RECEIPT)) == [("price_places", "lines.0.price")]


def test_trailing_zeros_are_no_decimals() -> None:
    assert found(draft(line(price="10.000000", quantity="1.000000000"))) == []


def test_a_rate_holds_by_the_sale_date() -> None:
    """D.5: 22 % was right until 31 December 2010."""
    old = date(2010, 12, 31)
    sold_then = draft(line(vat="22"), issue_date=old, sale_date=old, due_date=old)
    assert found(sold_then, today=old) == []
    assert percents(RATES, old) == {"22": Decimal(22)}
    assert percents(RATES, old + timedelta(days=1))["23"] == Decimal(23)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"issue_date": DAY + timedelta(days=1)}, ("issue_date_future", "issue_date")),
        ({"due_date": DAY - timedelta(days=1)}, ("due_date_before", "due_date")),
        ({"sale_date": DAY + timedelta(days=61)}, ("sale_date_far", "sale_date")),
        ({"lines": ()}, ("lines_missing", "lines")),
        ({"buyer": Buyer()}, ("buyer_missing", "buyer.name")),
        ({"buyer": replace(BUYER, name=" ")}, ("buyer_missing", "buyer.name")),
        ({"buyer": replace(BUYER, city="")}, ("buyer_address_missing", "buyer.city")),
        ({"buyer": replace(BUYER, nip="5260250275")}, ("nip_wrong", "buyer.nip")),
        ({"buyer": replace(BUYER, nip="0000000000")}, ("nip_wrong", "buyer.nip")),
        ({"buyer": replace(BUYER, eu_vat="DE1")}, ("eu_vat_wrong", "buyer.eu_vat")),
        ({"buyer": replace(BUYER, post_code="0-1")}, ("post_code_wrong", "buyer.post_code")),
        ({"buyer": replace(BUYER, name="Firma 🏭")}, ("text_emoji", "buyer.name")),
        ({"buyer": replace(BUYER, street="a\nb")}, ("text_control", "buyer.street")),
        ({"buyer": replace(BUYER, country="DE", post_code="a\tb")}, ("text_control", "buyer.post_code")),
        ({"notes": "a\x1eb"}, ("text_control", "notes")),
        ({"lines": (line(quantity="1000000000", price="10000"),)}, ("total_large", "lines")),
    ],
)
def test_each_fault_of_the_header(values: dict[str, Any], expected: Any) -> None:
    assert expected in errors(replace(draft(line()), **values))


def test_midnight_between_typing_and_issuing() -> None:
    """An invoice may keep yesterday's date (the right to backdate is the database's question); a receipt may not."""
    tomorrow = DAY + timedelta(days=1)
    assert found(draft(line()), today=tomorrow) == [("issue_date_past", "issue_date")]
    assert errors(draft(line()), today=tomorrow) == []
    assert errors(draft(line(), kind=RECEIPT), today=tomorrow) == [("issue_date_not_today", "issue_date")]


def test_closed_books() -> None:
    """L.5: neither the issue nor the sale may lie in a closed period."""
    assert errors(draft(line()), closed=DAY) == [("issue_date_closed", "issue_date")]
    assert errors(draft(line()), closed=DAY - timedelta(days=1)) == []
    last_month = draft(line(), sale_date=date(2026, 10, 31))
    assert errors(last_month, closed=date(2026, 10, 31)) == [("sale_date_closed", "sale_date")]
    assert errors(last_month, closed=date(2026, 10, 30)) == []


def test_sale_date() -> None:
    """Art. 106i: at most 60 days before the sale, and by the 15th of the month after it."""
    assert found(draft(line(), sale_date=DAY + timedelta(days=60))) == []
    assert found(draft(line(), sale_date=date(2026, 10, 1))) == [("issue_date_late", "issue_date")]
    on_time = date(2026, 11, 15)
    assert found(draft(line(), issue_date=on_time, sale_date=date(2026, 10, 1)), today=on_time) == []
    january = date(2027, 1, 15)
    held = draft(line(), issue_date=january, sale_date=date(2026, 12, 1), due_date=january)
    assert found(held, today=january) == []
    assert errors(draft(line(), kind=RECEIPT, sale_date=DAY + timedelta(days=1))) == [("sale_date_future", "sale_date")]


def test_a_business_without_nip_is_a_warning_and_only_in_poland() -> None:
    assert found(draft(line(), buyer=replace(BUYER, nip=""))) == [("buyer_nip_missing", "buyer.nip")]
    assert errors(draft(line(), buyer=replace(BUYER, nip=""))) == []
    assert found(draft(line(), buyer=replace(BUYER, nip="", country="US", post_code="10001"))) == []
    assert found(draft(line(), buyer=replace(BUYER, nip="", business=False))) == []


@pytest.mark.parametrize(
    ("price", "values", "expected"),
    [
        ("12195.12", {}, []),  # 15000.00 gross
        ("12195.13", {}, [("cash_limit", "payment")]),
        ("12195.13", {"payment": PaymentForm.CARD}, []),
        ("12195.13", {"buyer": replace(BUYER, business=False)}, []),
    ],
)
def test_cash_between_businesses_above_15000_is_a_warning(price: str, values: dict[str, Any], expected: Any) -> None:
    document = replace(draft(line(price=price), payment=PaymentForm.CASH), **values)
    assert found(document) == expected
    assert errors(document) == []


def test_everything_at_once_in_the_order_of_the_document() -> None:
    document = draft(
        line(1, quantity="0", vat="24"),
        line(2, price="1.2345678", item_id=None),
        buyer=Buyer(nip="123"),
        issue_date=DAY + timedelta(days=3),
    )
    assert errors(document) == [
        ("issue_date_future", "issue_date"),
        ("buyer_missing", "buyer.name"),
        ("nip_wrong", "buyer.nip"),
        ("quantity_zero", "lines.0.quantity"),
        ("vat_unknown", "lines.0.vat"),
        ("item_unknown", "lines.1.code"),
        ("price_places", "lines.1.price"),
    ]


def test_every_sentence_can_be_told() -> None:
    broken = draft(
        line(1, quantity="1.0000001", price="-1.23456", discount="200.001", vat="22", unit="", name="😀\t"),
        buyer=Buyer(nip="1", eu_vat="PL5260250274", post_code="x", name="a\u200b"),
        due_date=DAY - timedelta(days=90),
        sale_date=DAY - timedelta(days=80),
    )
    for problem in check(broken, RATES, DAY, DAY - timedelta(days=70)):
        assert "{" not in tell(problem)
