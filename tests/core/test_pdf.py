"""The engine of printouts: whole texts, repeated heads, page numbers, the same bytes each time."""

import io
from concurrent.futures import ThreadPoolExecutor

import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_desktop.core import pdf

SHEET = pdf.Sheet("Tytuł ąęł", lambda page, pages: f"{page}/{pages}", "Autor", "Temat", "pl", "głowa", "stopka")


def pages(made: bytes) -> list[str]:
    return [page.extract_text().replace("\u00a0", " ") for page in pypdf.PdfReader(io.BytesIO(made)).pages]


def long_table(rows: int) -> bytes:
    columns = [pdf.Column("Numer", 40, right=True), pdf.Column("Nazwa")]
    return pdf.build(SHEET, [pdf.table(columns, [[f"{row:,}", f"wiersz {row}"] for row in range(1, rows + 1)])])


def test_properties() -> None:
    meta = pypdf.PdfReader(io.BytesIO(pdf.build(SHEET, [pdf.text("x")]))).metadata
    assert meta is not None
    assert (meta.title, meta.author, meta.subject) == ("Tytuł ąęł", "Autor", "Temat")


def test_a_long_table_repeats_its_head_and_counts_pages() -> None:
    got = pages(long_table(200))
    assert len(got) > 2
    for number, page in enumerate(got, start=1):
        assert "Nazwa" in page
        assert f"{number}/{len(got)}" in page
        assert "stopka" in page
        assert ("głowa" in page) is (number > 1)
    assert "".join(got).count("wiersz ") == 200


def test_the_same_story_gives_the_same_bytes_also_beside_others() -> None:
    one = long_table(120)
    with ThreadPoolExecutor(4) as workers:
        assert set(workers.map(lambda _: long_table(120), range(8))) == {one}


def test_a_watermark_lies_under_every_page() -> None:
    sheet = pdf.Sheet("t", lambda page, pages: f"{page}", watermark="SZKIC")
    story = [pdf.text(f"wiersz {row}") for row in range(120)]
    got = pages(pdf.build(sheet, story))
    assert len(got) == 2
    assert all("SZKIC" in page for page in got)


def test_plain_words_are_no_markup() -> None:
    (got,) = pages(pdf.build(SHEET, [pdf.text("<b>A&B</b> 5 < 7\ndrugi wiersz")]))
    assert "<b>A&B</b> 5 < 7" in got
    assert "drugi wiersz" in got


def test_signs_that_the_font_lacks() -> None:
    assert pdf.printable("Zażółć gęślą jaźń – ⌀ ² × „a” Дім αβγ €") == "Zażółć gęślą jaźń – ⌀ ² × „a” Дім αβγ €"
    assert pdf.printable("Herbata 茶 😀\u200b!\n") == "Herbata ? !\n"


def test_figures_can_be_read_and_copied_whole() -> None:
    rows: list[list[pdf.Cell]] = [["1 111 111,11", "a"], ["\u221298 765,43", "b"], ["", "c"]]
    (got,) = pages(pdf.build(SHEET, [pdf.table([pdf.Column("x", 20, right=True), pdf.Column("y")], rows)]))
    assert "1 111 111,11" in got
    assert "\u221298 765,43" in got


def test_every_digit_is_equally_wide() -> None:
    assert len({round(pdf.Figures(digit * 7).length(), 6) for digit in "0123456789"}) == 1


def test_figures_grow_smaller_rather_than_being_cut() -> None:
    wide = pdf.Figures("999 999 999 999,9999")
    wide.wrap(30, 10)
    assert wide.length() == pytest.approx(30)
    columns = [*(pdf.Column("x", 20, right=True) for _ in range(9)), pdf.Column("y")]
    (got,) = pages(pdf.build(SHEET, [pdf.table(columns, [["999 999 999 999,9999"] * 9 + ["słowa obok liczb"]])]))
    assert got.count("999 999 999 999,9999") == 9


def test_a_qr_code_is_as_large_as_asked() -> None:
    drawing = pdf.qr_code("https://example.invalid/1", side=30)
    assert drawing.width == drawing.height == pytest.approx(30 * 72 / 25.4)
    assert pdf.build(SHEET, [drawing])


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=600))
def test_any_text_can_be_printed(words: str) -> None:
    rows: list[list[pdf.Cell]] = [["1", words]]
    assert pages(pdf.build(SHEET, [pdf.table([pdf.Column("x", 20, right=True), pdf.Column("y")], rows)]))
