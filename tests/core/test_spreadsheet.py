"""Files for other programs (the browser's export): a number is a number, a date a date, a text never a formula."""

import csv
import io
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_desktop.core import spreadsheet
from crm_desktop.core.spreadsheet import CsvFile, Figure, SheetColumn, Words, XlsxFile, as_html, as_tabs, defused, written
from tests.support.sheets import Cell, read_sheet, sheet_names

COLUMNS = (
    SheetColumn("Numer"),
    SheetColumn("Data"),
    SheetColumn("Brutto", Figure.MONEY),
    SheetColumn("Cena", Figure.PRICE),
    SheetColumn("Szt."),
    SheetColumn("Czynny"),
)
ROW: tuple[Any, ...] = ("=1+1", date(2026, 11, 3), Decimal("-1234567.50"), Decimal("0.1234"), Decimal("1.500"), True)
POLISH = Words()


def xlsx(path: Path, *rows: tuple[Any, ...], title: str = "Dokumenty") -> Path:
    """Written and finished."""
    file = XlsxFile(path, title, COLUMNS)
    file.write(rows)
    file.finish()
    return path


def test_each_cell_of_xlsx_is_what_its_value_is(tmp_path: Path) -> None:
    head, row = read_sheet(xlsx(tmp_path / "a.xlsx", ROW))
    assert [cell.value for cell in head.values()] == [column.title for column in COLUMNS]
    assert row == {
        "A": Cell("text", "=1+1"),
        "B": Cell("n", "46329", "yyyy-mm-dd"),  # 3 November 2026 counted from 30 December 1899
        "C": Cell("n", "-1234567.50", "#,##0.00"),
        "D": Cell("n", "0.1234", "#,##0.00##"),
        "E": Cell("n", "1.500"),
        "F": Cell("b", "1"),
    }


def test_what_xlsx_cannot_hold_is_held_otherwise(tmp_path: Path) -> None:
    """Nothing is an empty cell; an instant keeps its minute; a day that spreadsheets count wrongly and an endless text stay text."""
    moment = datetime(2026, 11, 3, 12, 0)
    rows = read_sheet(xlsx(tmp_path / "a.xlsx", (None, moment, None, None, 7, False), ("x" * 40_000, date(1812, 6, 24), *[""] * 4)))
    assert rows[1] == {"B": Cell("n", "46329.5", "yyyy-mm-dd hh:mm"), "E": Cell("n", "7"), "F": Cell("b", "0")}
    assert (len(rows[2]["A"].value), rows[2]["B"]) == (32_767, Cell("text", "1812-06-24"))


def test_a_full_sheet_goes_on_in_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheet, "SHEET_ROWS", 3)
    path = xlsx(tmp_path / "a.xlsx", *[(f"FS/{number}", None, None, None, None, None) for number in range(5)], title="A/B [2026]")
    assert sheet_names(path) == ["AB 2026", "AB 2026 2", "AB 2026 3"]
    assert [row["A"].value for row in read_sheet(path, 2)] == ["Numer", "FS/2", "FS/3"]


def test_an_abandoned_file_leaves_nothing_open(tmp_path: Path) -> None:
    file = XlsxFile(tmp_path / "a.xlsx", "", COLUMNS)
    held = Path(file._held.name)
    file.write([ROW])
    file.abandon()
    assert not held.exists()


def test_csv_opens_in_a_polish_spreadsheet(tmp_path: Path) -> None:
    """UTF-8 with its mark, semicolons, decimal comma, CRLF; a formula is defused, a negative number is not."""
    file = CsvFile(tmp_path / "a.csv", COLUMNS, POLISH)
    file.write([ROW, ('Dąb; "Świerk"\nSyn', None, Decimal(5), Decimal("2.5"), 12, False)])
    file.finish()
    raw = (tmp_path / "a.csv").read_bytes()
    assert raw.startswith("\ufeffNumer;Data;Brutto;Cena;Szt.;Czynny\r\n".encode())
    lines = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert lines[1] == ["'=1+1", "2026-11-03", "-1234567,50", "0,1234", "1,5", "tak"]
    assert lines[2] == ['Dąb; "Świerk"\nSyn', "", "5,00", "2,50", "12", "nie"]


@pytest.mark.parametrize("text", ["=1", "+48 12", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\u00a0=1", "＝1"])
def test_what_a_spreadsheet_would_calculate_is_defused(text: str) -> None:
    assert defused(text) == f"'{text}"


@given(st.text())
def test_no_text_begins_a_formula(text: str) -> None:
    assert defused(text).lstrip(" \u00a0")[:1] not in tuple("=+-@\t\r\n")


@given(st.decimals(-10_000_000, 10_000_000, places=2), st.sampled_from(Figure))
def test_a_written_amount_is_read_back(amount: Decimal, figure: Figure) -> None:
    assert Decimal(written(amount, figure, POLISH).replace(",", ".")) == amount


def test_the_clipboard_gets_lines_and_a_table() -> None:
    """Tabs and line ends in a text part no cells; in HTML nothing typed is markup, and text is told from numbers."""
    columns = COLUMNS[:3]
    row = ("A\tB\n<b>", date(2026, 11, 3), Decimal("12.5"))
    assert as_tabs(columns, [row], POLISH) == "Numer\tData\tBrutto\nA B <b>\t2026-11-03\t12,50\n"
    html = as_html(columns, [row], POLISH)
    assert "&lt;b&gt;</td>" in html and "mso-number-format:'\\@'" in html
    assert '<td align="right">12,50</td>' in html and "<td>2026-11-03</td>" in html
