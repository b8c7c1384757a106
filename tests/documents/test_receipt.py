"""From a document to the printer's receipt (SAL-07, FIS-04, semantics M.5, M.6)."""

from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_desktop.core.errors import Refused
from crm_desktop.core.problem import Severity
from crm_desktop.documents.rules.model import Buyer, Draft, Line, PaymentForm
from crm_desktop.documents.rules.receipt import Prepared, grosze, prepare_receipt, receipt_of
from crm_desktop.documents.rules.totals import totals
from crm_desktop.fiscal.rules.check import check_receipt
from crm_desktop.fiscal.rules.model import Pay, Payment
from crm_desktop.fiscal.rules.rates import RateTable
from tests.support.drafts import BUYER, PERCENTS, RECEIPT, draft, line

DEVICE = RateTable(("23", "8", "5", "0", "zw", "", ""))
KEY = UUID(int=33)


def prepared(document: Draft, cash: Decimal | None = None) -> Prepared:
    return prepare_receipt(document, totals(document, PERCENTS), DEVICE, KEY, cash=cash, cashier="Żaneta", till="K1")


def codes(result: Prepared) -> list[tuple[str, str]]:
    return [(problem.code, problem.field) for problem in result.problems]


def test_a_receipt_says_what_the_document_says() -> None:
    document = draft(
        line(1, quantity="1.235", price="3.49", name="Ser  żółty\u00a0kg", unit="kg"),
        line(2, quantity="3", price="4.99", discount="10", vat="8"),
        line(3, price="60.00", vat="zw"),
        kind=RECEIPT,
    )
    result = prepared(document)
    receipt = result.receipt
    assert receipt is not None
    assert [(x.name, x.letter, x.price, x.quantity, x.value, x.discount, x.discount_name) for x in receipt.lines] == [
        ("Ser żółty kg", "A", 349, Decimal("1.235"), 431, 0, ""),
        ("Towar 2", "B", 499, Decimal(3), 1497, 150, "Rabat 10%"),
        ("Towar 3", "E", 6000, Decimal(1), 6000, 0, ""),
    ]
    assert receipt.totals == (431, 1347, 0, 0, 6000, 0, 0)
    assert (receipt.due, receipt.change, receipt.payments) == (7778, 0, (Payment(Pay.CASH, 7778),))
    assert (receipt.buyer_nip, receipt.system_number, receipt.till) == ("5260250274", "00000000000000000000000011", "K1")
    assert [line.rate for line in receipt.lines] == ["23", "8", "zw"]


def test_a_changed_name_is_shown_before_sealing_and_stops_nothing() -> None:
    """Bad input: a receipt's name is cleaned and shown before sealing."""
    result = prepared(draft(line(name="Herbata 茶 50 g"), kind=RECEIPT))
    assert codes(result) == [("fiscal_name_changed", "lines.0.name")]
    assert result.problems[0].severity is Severity.WARNING
    assert result.receipt is not None
    assert result.receipt.lines[0].name == result.problems[0].values["name"] == "Herbata ? 50 g"


def test_cash_gives_change_and_cards_do_not() -> None:
    receipt = prepared(draft(line(price="12.30"), kind=RECEIPT), cash=Decimal("20.00")).receipt
    assert receipt is not None
    assert (receipt.payments, receipt.change) == ((Payment(Pay.CASH, 2000),), 770)
    for form, pay in ((PaymentForm.CARD, Pay.CARD), (PaymentForm.TRANSFER, Pay.TRANSFER)):
        paid = prepared(draft(line(price="12.30"), kind=RECEIPT, payment=form), cash=Decimal("20.00")).receipt
        assert paid is not None
        assert (paid.payments, paid.change) == ((Payment(pay, 1230),), 0)


def test_too_little_cash_is_refused() -> None:
    result = prepared(draft(line(price="12.30"), kind=RECEIPT), cash=Decimal("10.00"))
    assert (result.receipt, codes(result)) == (None, [("fiscal_payments_due", "payments")])


def test_a_rate_that_the_device_lacks_is_told_at_the_line() -> None:
    """M, edge cases: refused before the first byte."""
    result = prepare_receipt(
        draft(line(1), line(2, vat="8"), kind=RECEIPT),
        totals(draft(line(1), line(2, vat="8"), kind=RECEIPT), PERCENTS),
        RateTable(("23", "", "", "", "", "", "")),
        KEY,
    )
    assert (result.receipt, codes(result)) == (None, [("fiscal_rate_missing", "lines.1.vat")])


def test_a_chosen_letter_is_taken() -> None:
    document = draft(line(), kind=RECEIPT)
    device = RateTable(("23", "23", "", "", "", "", ""))
    result = prepare_receipt(document, totals(document, PERCENTS), device, KEY, choices={"23": "B"})
    assert result.receipt is not None
    assert result.receipt.lines[0].letter == "B"


def test_what_the_device_would_refuse_is_told_in_the_words_of_the_document() -> None:
    assert codes(prepared(draft(line(discount="100"), kind=RECEIPT))) == [("fiscal_discount", "lines.0.discount")]
    assert codes(prepared(draft(line(quantity="0.001", price="0.01"), kind=RECEIPT))) == [("fiscal_line_range", "lines.0.quantity")]
    assert codes(prepared(draft(kind=RECEIPT))) == [("fiscal_no_lines", "lines")]
    wrong_nip = draft(line(), kind=RECEIPT, buyer=Buyer(nip="123"))
    assert codes(prepared(wrong_nip)) == [("fiscal_nip", "buyer.nip")]
    assert codes(prepared(draft(line(name="…"), kind=RECEIPT))) == [("fiscal_name_empty", "lines.0.name")]


def test_a_net_document_is_no_receipt() -> None:
    assert codes(prepared(draft(line()))) == [("receipt_from_net", "kind")]


def test_receipt_of_gives_the_receipt_or_refuses() -> None:
    document = draft(line(), kind=RECEIPT)
    sums = totals(document, PERCENTS)
    assert receipt_of(document, sums, DEVICE, KEY, cashier="Żaneta").cashier == "Żaneta"
    with pytest.raises(Refused) as refusal:
        receipt_of(document, sums, DEVICE, KEY, cash=Decimal(1))
    assert [problem.code for problem in refusal.value.problems] == ["fiscal_payments_due"]


def test_grosze_are_whole() -> None:
    assert grosze(Decimal("12.30")) == 1230
    with pytest.raises(ValueError, match="grosze"):
        grosze(Decimal("0.001"))


LINES = st.builds(
    line,
    st.integers(1, 9),
    quantity=st.decimals(min_value=1, max_value=1000, places=3),
    price=st.decimals(min_value="0.05", max_value=1000, places=2),
    discount=st.decimals(min_value=0, max_value=50, places=2),
    vat=st.sampled_from(["23", "8", "5", "zw"]),
)


@given(st.lists(LINES, min_size=1, max_size=12))
def test_the_paper_and_the_document_agree_to_the_grosz(lines: list[Line]) -> None:
    """M.5: sums per letter are those of the document's rates; the device computes nothing of its own."""
    document = draft(*lines, kind=RECEIPT, buyer=BUYER)
    sums = totals(document, PERCENTS)
    receipt = prepared(document).receipt
    assert receipt is not None
    assert receipt.due == grosze(sums.gross)
    assert [line.total for line in receipt.lines] == [grosze(amounts.gross) for amounts in sums.lines]
    letters = {"23": "A", "8": "B", "5": "C", "zw": "E"}
    assert {rate.vat: receipt.totals["ABCDE".index(letters[rate.vat])] for rate in sums.rates} == {
        rate.vat: grosze(rate.gross) for rate in sums.rates
    }
    assert check_receipt(receipt, DEVICE) == []
