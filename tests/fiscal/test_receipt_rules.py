"""Names, rates and the check before the first byte (FIS-04, semantics M.5 and M.6)."""

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_desktop.core.problem import Problem, Severity
from crm_desktop.fiscal.rules.check import Limits, buyer_number_valid, check_receipt
from crm_desktop.fiscal.rules.device_errors import Fault, device_problem, fault_of, frame_problem, waiting_problem
from crm_desktop.fiscal.rules.model import (
    Deposit,
    Line,
    Pay,
    Payment,
    Receipt,
    line_value,
    receipt_of,
    sold,
    system_number,
)
from crm_desktop.fiscal.rules.names import GLYPH_BYTES, clean_name, name_problems, significant
from crm_desktop.fiscal.rules.rates import RateTable, find_letter, rate_text
from tests.support.posnet import sample_receipt

TABLE = RateTable(("23", "8", "5", "0", "zw", "", ""))


@pytest.mark.parametrize(
    ("price", "quantity", "value"),
    [(349, "1.235", 431), (1290, "0.755", 974), (2599, "0.25", 650), (1, "0.5", 1), (1, "0.49", 0), (100, "3", 300)],
)
def test_line_value(price: int, quantity: str, value: int) -> None:
    """M-7, M-8: price × quantity, a tie up."""
    assert line_value(price, Decimal(quantity)) == value


NAMES = [
    ("Chleb żytni", "Chleb żytni", False),
    ("Zażółć gęślą jaźń ŁÓDŹ", "Zażółć gęślą jaźń ŁÓDŹ", False),
    ("Ser\u00a0żółty", "Ser żółty", True),
    ("  dwa   odstępy ", "dwa odstępy", True),
    ("Kubek 🎉 duży", "Kubek duży", True),
    ("Kawa\u200b mielona\ufeff", "Kawa mielona", True),
    ("tab\ti\nwiersz", "tab i wiersz", True),
    ("Señor ÿ", "Senor y", True),
    ("Smørrebrød", "Smorrebrod", True),
    ("H₂O", "H2O", True),
    ("Ⅷ liceum", "VIII liceum", True),
    ("½ chleba", "1/2 chleba", True),
    ("寿司", "??", True),
    ("5\u22123", "5-3", True),
    ("Łosoś #1 „extra” – 100%", "Łosoś #1 „extra” – 100%", False),
    ("e\u0301clair", "éclair", True),
    ("a" * 10_000, "a" * 80, True),
    ("x\x00\x02\x03\x7fy", "xy", True),
    ("🎉", "", True),
]


@pytest.mark.parametrize(("given_name", "printed", "differs"), NAMES)
def test_names_are_cleaned(given_name: str, printed: str, differs: bool) -> None:
    """FIS-04: to code page 1250 and 80 characters; no table glyph for a no-break space."""
    clean = clean_name(given_name)
    assert (clean.text, clean.changed) == (printed, differs)


@given(st.text(max_size=200))
def test_every_clean_name_can_be_printed(name: str) -> None:
    """FIS-04: whatever was typed, what comes out fits, is printable, and cleaning it again changes nothing."""
    clean = clean_name(name).text
    written = clean.encode("cp1250")
    assert len(written) <= 80
    assert not any(byte < 0x20 or byte == 0x7F or byte in GLYPH_BYTES for byte in written)
    assert not clean_name(clean).changed


def test_names_are_shown_before_sealing() -> None:
    assert name_problems("Chleb", "lines.0.name") == []
    (shown,) = name_problems("Chleb 🎉", "lines.0.name")
    assert (shown.code, shown.field, shown.severity, shown.values) == (
        "fiscal_name_changed",
        "lines.0.name",
        Severity.WARNING,
        {"name": "Chleb"},
    )
    for nothing in ("", "🎉", "- - -", "???"):
        (refused,) = name_problems(nothing, "n")
        assert (refused.code, refused.stops) == ("fiscal_name_empty", True)
    assert significant("Chleb (krojony), 0,5") == "CHLEBKROJONY,0,5"


@pytest.mark.parametrize(
    ("code", "letter"),
    [("23", "A"), ("8", "B"), ("5", "C"), ("0", "D"), ("0 KR", "D"), ("zw", "E"), ("7", None), ("np", None), ("", None)],
)
def test_letters_of_rates(code: str, letter: str | None) -> None:
    """FIS-04: the letter comes from the device's table; "not subject" has none until the accountant chose one."""
    assert TABLE.letter(code) == letter
    answer = find_letter(code, TABLE, "lines.0.rate")
    assert answer == letter if letter else isinstance(answer, Problem) and answer.field == "lines.0.rate"


def test_letters_that_were_chosen() -> None:
    twice = RateTable(("23", "23", "", "0", "zw", "0", ""))
    assert twice.letter("23") == "A"
    assert twice.letter("23", {"23": "B"}) == "B"
    assert twice.letter("23", {"23": "D"}) is None
    assert twice.letter("np", {"np": "F"}) == "F"
    assert twice.letter("np", {"np": "C"}) is None
    assert RateTable.from_json(TABLE.to_json()) == TABLE
    assert RateTable.from_json({"A": "23", "D": "0 KR"}).codes == ("23", "", "", "0", "", "", "")
    assert rate_text("5.5") == "5,5%"
    old = RateTable.from_device({"A": Decimal("23.00"), "B": Decimal("101.00"), "C": Decimal("5.50"), "G": Decimal(100)})
    assert old.codes == ("23", "", "5.5", "", "", "", "zw")


def one(**changes: Any) -> Line:
    """A line with something changed."""
    return replace(sold("Chleb", "C", 499, 2, rate="5"), **changes)


def paid(line: Line, **changes: Any) -> Receipt:
    """A receipt of one line, paid."""
    return replace(receipt_of("J", [line], [Payment(Pay.CASH, line.total)]), **changes)


WRONG: list[tuple[Receipt, str, str]] = [
    (receipt_of("J", [], []), "lines", "fiscal_no_lines"),
    (receipt_of("J", [sold("a", "A", 1)] * 501, [Payment(Pay.CASH, 501)]), "lines", "fiscal_too_many_lines"),
    (paid(one(name="🎉")), "lines.0.name", "fiscal_name_empty"),
    (paid(one(name="Ser\u00a0biały")), "lines.0.name", "fiscal_name_not_clean"),
    (paid(one(name="a" * 81)), "lines.0.name", "fiscal_name_not_clean"),
    (paid(one(letter="H")), "lines.0.letter", "fiscal_letter"),
    (paid(one(letter="AB")), "lines.0.letter", "fiscal_letter"),
    (paid(one(letter="F", rate="")), "lines.0.letter", "fiscal_letter_inactive"),
    (paid(one(letter="A")), "lines.0.letter", "fiscal_letter_moved"),
    (paid(one(letter="A", rate="7")), "lines.0.rate", "fiscal_rate_missing"),
    (paid(one(price=0)), "lines.0.price", "fiscal_price"),
    (paid(one(price=500_000_000_000)), "lines.0.price", "fiscal_price"),
    (paid(one(quantity=Decimal(0))), "lines.0.quantity", "fiscal_quantity"),
    (paid(one(quantity=Decimal(-1))), "lines.0.quantity", "fiscal_quantity"),
    (paid(one(quantity=Decimal("NaN"))), "lines.0.quantity", "fiscal_quantity"),
    (paid(one(quantity=Decimal("1e11"))), "lines.0.quantity", "fiscal_quantity"),
    (paid(one(quantity=Decimal("0.123456789"))), "lines.0.quantity", "fiscal_quantity_places"),
    (paid(one(value=999)), "lines.0.value", "fiscal_line_value"),
    (paid(sold("a", "A", 1, Decimal("0.1"))), "lines.0.value", "fiscal_line_range"),
    (paid(one(discount=998)), "lines.0.discount", "fiscal_discount"),
    (paid(one(discount=-1)), "lines.0.discount", "fiscal_discount"),
    (paid(one(unit="sztuka")), "lines.0.unit", "fiscal_text"),
    (paid(one(discount=1, discount_name="x" * 26)), "lines.0.discount_name", "fiscal_text"),
    (paid(one(), totals=(998, 0, 0, 0, 0, 0, 0)), "totals", "fiscal_totals"),
    (paid(one(), due=999, change=0), "due", "fiscal_due"),
    (receipt_of("J", [one()], [], deposits=[Deposit(2000, 1, returned=True)]), "due", "fiscal_due_negative"),
    (receipt_of("J", [one()], [Payment(Pay.CASH, 998)], deposits=[Deposit(0, 1)]), "deposits.0", "fiscal_deposit"),
    (receipt_of("J", [one()], [Payment(Pay.CASH, 998), Payment(Pay.CARD, 0)]), "payments.1.amount", "fiscal_payment"),
    (receipt_of("J", [one()], [Payment(Pay.CASH, 997)]), "payments", "fiscal_payments_due"),
    (receipt_of("J", [one()], [Payment(Pay.CARD, 1000)]), "change", "fiscal_change"),
    (receipt_of("J", [one()], [Payment(Pay.CARD, 998, "x" * 26)]), "payments.0.name", "fiscal_text"),
    (paid(one(), buyer_nip="5222628263"), "buyer_nip", "fiscal_nip"),
    (paid(one(), buyer_nip="522-262-82-62"), "buyer_nip", "fiscal_nip"),
    (paid(one(), system_number=""), "system_number", "fiscal_system_number"),
    (paid(one(), system_number="x" * 31), "system_number", "fiscal_text"),
    (paid(one(), cashier="x" * 33), "cashier", "fiscal_text"),
    (paid(one(), till="x" * 9), "till", "fiscal_text"),
]


@pytest.mark.parametrize(("receipt", "field", "code"), WRONG, ids=[f"{code}-{field}" for _, field, code in WRONG])
def test_refused_before_the_first_byte(receipt: Receipt, field: str, code: str) -> None:
    """FIS-04: each wrong receipt is refused at its field."""
    assert (code, field) in [(problem.code, problem.field) for problem in check_receipt(receipt, TABLE)]
    assert all(problem.stops for problem in check_receipt(receipt, TABLE))


def test_a_good_receipt_passes() -> None:
    assert check_receipt(sample_receipt(), TABLE) == []
    assert check_receipt(paid(one(letter="F", rate="np")), RateTable(("23", "8", "5", "0", "zw", "0", ""))) == []
    big = sold("a", "A", 9_999_999_999)
    assert check_receipt(paid(big), TABLE) == []
    assert [problem.code for problem in check_receipt(paid(replace(big, price=10**10, value=10**10)), TABLE)] == [
        "fiscal_line_range",
        "fiscal_total_range",
        "fiscal_payment",
    ]


def test_all_problems_are_listed_at_once() -> None:
    receipt = replace(paid(one(price=0, name="🎉")), buyer_nip="1")
    assert {problem.field for problem in check_receipt(receipt)} >= {"lines.0.price", "lines.0.name", "buyer_nip"}


def test_device_that_cannot_print_a_nip() -> None:
    """M.6: a device without that place refuses the document."""
    codes = [problem.code for problem in check_receipt(sample_receipt(), TABLE, Limits(prints_nip=False))]
    assert codes == ["fiscal_nip_unprintable"]


@pytest.mark.parametrize(
    ("number", "valid"),
    [
        ("5222628262", True),
        ("DE136695976", True),
        ("5222628263", False),
        ("PL5222628262", False),
        ("522262826", False),
        ("٥٢٢٢٦٢٨٢٦٢", False),
        ("", False),
    ],
)
def test_buyer_numbers(number: str, valid: bool) -> None:
    assert buyer_number_valid(number) is valid


money = st.integers(1, 10**7)
lines = st.builds(
    lambda price, quantity, letter, share: discounted(sold("Towar", letter, price, quantity), share),
    money,
    st.decimals("0.001", 1000, places=3),
    st.sampled_from("ABCDE"),
    st.integers(0, 99),
).filter(lambda line: line.total > 0 and line.value <= 10**9)


def discounted(line: Line, percent: int) -> Line:
    """The line with a discount of that share."""
    return replace(line, discount=line.value * percent // 100)


@given(st.lists(lines, min_size=1, max_size=8), st.integers(0, 5000), st.lists(st.booleans(), max_size=3))
def test_computed_receipts_pass_and_travel(sold_lines: list[Line], more: int, packs: list[bool]) -> None:
    """FIS-04: totals, due and change that receipt_of computes satisfy the check, and JSON brings back the same value."""
    deposits = [Deposit(50, 1 + number, returned) for number, returned in enumerate(packs)]
    due = receipt_of("J", sold_lines, [], deposits=deposits).due
    if due <= 0:
        return
    receipt = receipt_of("J", sold_lines, [Payment(Pay.CASH, due + more)], deposits=deposits)
    assert receipt.change == more
    assert receipt.fiscal == sum(line.total for line in sold_lines)
    assert check_receipt(receipt, TABLE) == []
    assert Receipt.from_json(json.loads(json.dumps(receipt.to_json()))) == receipt


@given(st.uuids(), st.uuids())
def test_system_numbers_fit_and_differ(first: UUID, second: UUID) -> None:
    assert len(system_number(first)) == 26
    assert (system_number(first) == system_number(second)) is (first == second)
    assert (system_number(first) < system_number(second)) is (first < second)


@pytest.mark.parametrize(
    ("code", "fault"),
    [(41, Fault.LATER), (383, Fault.OPERATOR), (2106, Fault.DATA), (2038, Fault.STATE), (1030, Fault.DEVICE)],
)
def test_device_errors_have_a_class_and_a_sentence(code: int, fault: Fault) -> None:
    """FIS-01: each error code is something that a person can act on."""
    assert fault_of(code) is fault
    assert device_problem(code).code == f"posnet_{code}"
    assert "{" not in device_problem(code).message


def test_unknown_errors_are_told_with_their_number() -> None:
    assert fault_of(7777) is Fault.DEVICE
    problem = device_problem(7777)
    assert problem.message.format(**problem.values) == "Unknown printer error 7777."
    noise = frame_problem(5, "trline", "")
    assert noise.message.format(**noise.values) == "The printer did not understand a command (5 trline)."


@pytest.mark.parametrize(
    ("mechanism", "display", "elsewhere", "code"),
    [
        (0, 0, False, None),
        (5, 3, False, "fiscal_no_paper"),
        (1, 3, False, "fiscal_cover_open"),
        (99, 0, False, "fiscal_mechanism"),
        (0, 1, False, "fiscal_in_menu"),
        (0, 2, False, "fiscal_key_wait"),
        (0, 3, False, "fiscal_user_wait"),
        (0, 99, False, "fiscal_user_wait"),
        (0, 0, True, "fiscal_busy_elsewhere"),
    ],
)
def test_why_the_device_waits(mechanism: int, display: int, elsewhere: bool, code: str | None) -> None:
    problem = waiting_problem(mechanism, display, elsewhere)
    assert (problem.code if problem else None) == code
