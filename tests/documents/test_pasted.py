"""A block from a spreadsheet (bad input: pasted text with a BOM and semicolons; GOL-23)."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_desktop.core.i18n import tell
from crm_desktop.documents.rules.pasted import ROWS, PastedLine, comma_codes, is_block, parse_block, with_commas


def read(text: str) -> list[tuple[int, str, str, str | None]]:
    block = parse_block(text)
    assert block.problems == []
    return [(row.row, row.code, str(row.quantity), None if row.price is None else str(row.price)) for row in block.lines]


@pytest.mark.parametrize(
    "text",
    [
        "T001\t2\t9,50\nT002\t1,5\n",
        "T001\t2\t9,50\r\nT002\t1,5\t\r\n",
        "\ufeffT001;2;9,50\nT002;1,5;\n",
        '"T001";"2";"9,50 zł"\n"T002";"1,5"\n',
        "\ufeffT001;2,000;9.50\n\u00a0T002\u00a0;1,500;",
        "T\x00001;2;9,50\nT002\ud800;1,5;",
        "T001\t2\t9,50\rT002\t1,5",
    ],
)
def test_every_spelling_of_the_same_block(text: str) -> None:
    got = parse_block(text)
    assert got.problems == []
    assert got.lines == (
        PastedLine(1, "T001", Decimal(2), Decimal("9.5")),
        PastedLine(2, "T002", Decimal("1.5"), None),
    )


def test_quantity_and_price_are_optional_and_empty_rows_pass() -> None:
    assert read("T001\n\nT002\n  \t \nT003\t3") == [
        (1, "T001", "1", None),
        (3, "T002", "1", None),
        (5, "T003", "3", None),
    ]


def test_a_heading_is_no_line() -> None:
    assert read("Kod;Ilość;Cena\nT001;2;1,00") == [(2, "T001", "2", "1")]
    assert read("T001;2\nKod;3") == [(1, "T001", "2", None), (2, "Kod", "3", None)]


def test_a_quoted_separator_and_a_thousand() -> None:
    assert read('"A;1";1 000;1 234,50') == [(1, "A;1", "1000", "1234.5")]


def test_bad_rows_are_told_by_number_and_the_others_stand() -> None:
    block = parse_block("T001;2\n;3\nT003;dwa\nT004;0\nT005;1;1,23456\nT006;1;-1\nT007;1;1;coś\n" + "x" * 51 + ";1\nT009;9")
    assert [row.code for row in block.lines] == ["T001", "T009"]
    assert [(problem.code, problem.field) for problem in block.problems] == [
        ("code_missing", "row.2.code"),
        ("quantity_wrong", "row.3.quantity"),
        ("quantity_zero", "row.4.quantity"),
        ("price_wrong", "row.5.price"),
        ("price_wrong", "row.6.price"),
        ("columns_many", "row.7.code"),
        ("code_long", "row.8.code"),
    ]
    assert tell(block.problems[1]) == "Row 3: “dwa” is not a quantity."
    assert tell(block.problems[3]) == "Row 5: “1,23456” is not a price with at most 4 decimal places."


def test_all_faults_of_a_row_at_once() -> None:
    assert [p.field for p in parse_block(";dwa;trzy").problems] == ["row.1.code", "row.1.quantity", "row.1.price"]


def test_a_gross_document_takes_two_decimals() -> None:
    assert [p.code for p in parse_block("T001;1;1,234", price_places=2).problems] == ["price_wrong"]


def test_no_more_rows_than_an_invoice_has() -> None:
    block = parse_block("T001;1\n" * (ROWS + 5))
    assert len(block.lines) == ROWS
    assert [(p.code, p.field) for p in block.problems] == [("rows_many", f"row.{ROWS + 1}.code")]


@pytest.mark.parametrize(
    ("text", "block"),
    [("5901234123457", False), ("5901234123457\r\n", False), ("\ufeffT1", False), ("a;1", True), ("a\tb", True), ("a\nb", True)],
)
def test_one_code_is_no_block(text: str, block: bool) -> None:
    assert is_block(text) is block


@pytest.mark.parametrize(
    ("row", "known", "read", "told"),
    [
        ("LED-9,3", {"LED-9"}, [("LED-9", "3")], []),
        ("LED-9, 1.5", {"LED-9"}, [("LED-9", "1.5")], []),
        ('LED-9,"1,5"', {"LED-9"}, [("LED-9", "1.5")], []),
        ("YDY-3X2,5", {"YDY-3X2,5"}, [("YDY-3X2,5", "1")], []),  # a code with a comma
        ("YDY-3X2,5", {"YDY-3X2,5", "YDY-3X2"}, [], ["comma_unclear"]),  # two items: nobody guesses
        ("LED-9,1,5", {"LED-9"}, [("LED-9,1,5", "1")], ["comma_unclear"]),  # 1,5 pieces, or one for 5
        ("LED-9,dwa", {"LED-9"}, [("LED-9,dwa", "1")], ["comma_unclear"]),
        ("LED-9,0", {"LED-9"}, [("LED-9,0", "1")], ["comma_unclear"]),
        ("NIE-MA,3", {"LED-9"}, [("NIE-MA,3", "1")], ["comma_unclear"]),
        ("LED-9,3;1", {"LED-9", "LED-9,3"}, [("LED-9,3", "1")], []),
    ],
)
def test_a_comma_parts_only_what_nothing_else_can_be(row: str, known: set[str], read: list[tuple[str, str]], told: list[str]) -> None:
    block = with_commas(parse_block(f"{row}\nT1"), known)
    assert [(line.code, str(line.quantity)) for line in block.lines] == [*read, ("T1", "1")]
    assert [problem.code for problem in block.problems] == told
    assert all("tab or a semicolon" in tell(problem) for problem in block.problems)


def test_what_is_asked_for_a_block_with_commas() -> None:
    assert comma_codes(parse_block("Kod,Ilość\nA,1\nB\nC,1,5")) == ["A"]
    assert comma_codes(parse_block("A,1;2\nB;3")) == []


@given(st.text(alphabet='ab1,. ;\t\n\r"\ufeff\u00a0\x00', max_size=60))
def test_any_paste_is_lines_or_problems(text: str) -> None:
    block = parse_block(text)
    assert all(row.code and row.quantity > 0 for row in block.lines)
    assert all(problem.field.startswith("row.") for problem in block.problems)
