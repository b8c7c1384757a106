"""The printed invoice and the confirmation of a receipt (art. 106e; SAL-04, SAL-07, FIS-04)."""

import io
import os
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pypdf
import pytest

from crm_desktop.core.assets import asset
from crm_desktop.core.i18n import NBSP, money
from crm_desktop.core.period import WARSAW
from crm_desktop.documents.rules.model import Buyer, Delivery, Document, Draft, PaymentForm, Seller, State
from crm_desktop.documents.rules.printout import invoice_pdf
from crm_desktop.documents.rules.totals import totals
from tests.support.drafts import BUYER, PERCENTS, RATES, RECEIPT, draft, line

GOLDEN = Path(__file__).parent / "golden"
SELLER = Seller(
    *("Żuraw i Synowie Sp. z o.o.", "5265877635", "ul. Portowa 12", "80-001", "Gdańsk"),
    *("PL61109010140000071219812874", "Oddział Warszawa"),
)
BASIS = "zwolnienie od podatku, art. 43 ust. 1 pkt 37 ustawy o VAT"
NAMED_RATES = tuple(replace(rate, name=BASIS) if rate.code == "zw" else rate for rate in RATES)
INVOICE_LINES = (
    line(1, name="Śruba ocynkowana M8 × 40", quantity="125", price="0.8750", discount="7.5"),
    line(2, name="Usługa montażu", quantity="1.5", unit="h", price="120.00", vat="8", service=True),
    line(3, name="Ubezpieczenie <A&B>", price="60.00", vat="zw", service=True),
)


def issued(content: Draft, number: str = "FS/WAW/41/11/2026", **values: Any) -> Document:
    made = Document(content, State.ISSUED, totals(content, PERCENTS), SELLER, number, issued_by="Anna Kowalska")
    return replace(made, **values)


def pages(document: Document, language: str = "en", link: str = "") -> list[str]:
    made = invoice_pdf(document, language, NAMED_RATES, link)
    return [page.extract_text().replace(NBSP, " ") for page in pypdf.PdfReader(io.BytesIO(made)).pages]


def words(document: Document, language: str = "en", link: str = "") -> str:
    return "\n".join(pages(document, language, link))


def receipt() -> Document:
    content = draft(
        line(1, name="Ser żółty", quantity="1.235", unit="kg", price="3.49"),
        line(2, name="Chleb", quantity="2", price="4.99", vat="5"),
        kind=RECEIPT,
        buyer=Buyer(business=False),
    )
    return issued(
        content,
        "PA/WAW/7/2026",
        receipt_number="1234",
        device_number="WTE2101000123",
        printed_at=datetime(2026, 11, 24, 12, 0, 41, tzinfo=WARSAW),
    )


CASES = {"invoice": issued(draft(*INVOICE_LINES, notes="Dostawa do 10:00")), "receipt": receipt()}


@pytest.fixture
def polish() -> None:
    """The Polish catalogue, which the set-up compiles."""
    try:
        asset("resources/locale/pl/LC_MESSAGES/crm_desktop.mo")
    except FileNotFoundError:
        pytest.skip("POLISH CATALOGUE ABSENT: the set-up has not compiled it, so the Polish print was not compared")


def compare(name: str, text: str) -> None:
    """With the file of that name; CRM_GOLDEN=write writes it anew, to be read before it is committed."""
    path = GOLDEN / f"{name}.txt"
    if os.environ.get("CRM_GOLDEN") == "write":
        path.write_text(text + "\n", encoding="utf-8")
    assert text + "\n" == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", CASES)
def test_golden_text_in_english(name: str) -> None:
    compare(f"{name}_en", words(CASES[name], "en"))


@pytest.mark.usefixtures("polish")
@pytest.mark.parametrize("name", CASES)
def test_golden_text_in_polish(name: str) -> None:
    compare(f"{name}_pl", words(CASES[name], "pl"))


def test_all_content_that_the_law_asks_for() -> None:
    """Art. 106e(1), points 1 to 15 and 19."""
    text = words(CASES["invoice"]).replace("\n", " ")
    for part in [
        *("24.11.2026", "FS/WAW/41/11/2026"),  # 1, 2, 6
        *("Żuraw i Synowie Sp. z o.o.", "ul. Portowa 12", "80-001 Gdańsk", "5265877635"),  # 3, 4
        *("Hurtownia Źródło Sp. z o.o.", "ul. Długa 7/2", "00-950 Warszawa", "5260250274"),  # 3, 5
        *("Śruba ocynkowana M8 × 40", "125", "szt.", "0,875", "8,20", "101,18", "23 %"),  # 7 to 12
        *("Ubezpieczenie <A&B>", "60,00", "zw"),
        *("341,18", "37,67", "378,85"),  # 13 to 15
        f"zw: {BASIS}",  # 19
        "three hundred and seventy-eight zlotys and eighty-five groszy",
        *("PL 61 1090 1014 0000 0712 1981 2874", "08.12.2026", "Anna Kowalska", "Dostawa do 10:00"),
    ]:
        assert part in text, part


def test_the_same_document_gives_the_same_bytes() -> None:
    one, two = (invoice_pdf(CASES["invoice"], "en", NAMED_RATES) for _ in range(2))
    assert one == two


def test_a_draft_has_a_watermark_and_no_number() -> None:
    text = words(replace(issued(draft(line())), state=State.DRAFT, number="", issued_by=""))
    assert "DRAFT" in text
    assert "no number yet" in text
    assert "Transfer title" not in text
    assert "DRAFT" in words(replace(receipt(), state=State.SEALED, number=""))
    assert "DRAFT" not in words(CASES["invoice"])


def test_a_receipts_print_says_that_it_is_no_receipt() -> None:
    text = words(receipt())
    assert "Not a fiscal receipt" in text
    for part in ("1234", "WTE2101000123", "24.11.2026 12:00", "4,31", "9,98", "Cash"):
        assert part in text
    assert "Buyer" not in text
    assert "Not a fiscal receipt" not in words(CASES["invoice"])


def test_a_retail_invoice_carries_the_fiscal_number() -> None:
    """SAL-08, M.8."""
    retail = replace(RECEIPT, code="FD", name_en="Retail invoice", buyer_required=True)
    content = draft(line(price="12.30"), kind=retail)
    text = words(issued(content, "FD/1/2026", receipt_number="77", device_number="WTE2101000123"))
    assert "Retail invoice" in text
    assert "77" in text
    assert "Not a fiscal receipt" not in text
    assert "Gross price" in " ".join(text.split())
    assert "Net" not in text.split("In words")[0]


def test_ksef_number_and_code_only_where_there_is_one() -> None:
    """Facts 2.10 and 3."""
    number = "5265877635-20251126-0100001AF629-AF"
    numbered = issued(draft(line()), delivery=Delivery.NUMBERED, ksef_number=number)
    link = "https://qr.ksef.mf.gov.pl/invoice/5265877635/24-11-2026/UtQp9Gpc51y-u3xApZjIjgkpZ01js-J8KflSPW8WzIE"
    with_code, without = words(numbered, link=link), words(numbered)
    assert number in with_code
    assert "Scan the code" in with_code
    assert number in without
    assert "Scan the code" not in without
    plain = words(issued(draft(line())), link=link)
    assert "KSeF" not in plain
    waiting = words(issued(draft(line()), delivery=Delivery.WAITING), link=link)
    assert "Confirmation of a transaction" in waiting
    assert "Scan the code" not in waiting


def test_a_foreign_buyer() -> None:
    buyer = Buyer(BUYER.party_id, "Müller & Söhne GmbH", "", "DE136695976", "Hauptstraße 5", "10115", "Berlin", "DE")
    text = words(issued(draft(line(), buyer=buyer)))
    assert "Germany" in text
    assert "EU VAT: DE136695976" in text
    assert "Discount" not in text


def test_reverse_charge_is_said() -> None:
    assert "Reverse charge" in words(issued(draft(line(vat="oo"))))
    assert "Reverse charge" not in words(CASES["invoice"])


def test_paid_in_cash_shows_no_account() -> None:
    assert "Account number" not in words(issued(draft(line(), payment=PaymentForm.CASH)))
    without = replace(issued(draft(line())), seller=replace(SELLER, iban="", branch=""))
    assert "Account number" not in words(without)


@pytest.mark.parametrize("count", [1, 30, 500])
def test_one_to_five_hundred_lines(count: int) -> None:
    content = draft(*(line(n, name=f"Towar numer {n:03} koniec") for n in range(1, count + 1)))
    got = pages(issued(content))
    whole = "\n".join(got)
    assert all(f"Towar numer {n:03} koniec" in whole for n in range(1, count + 1))
    for number, page in enumerate(got, start=1):
        assert f"Page {number} of {len(got)}" in page
        assert ("Goods or service" in page) or page is got[-1]
    assert whole.count("Amount due") == 1


@pytest.mark.parametrize("name", ["W" * 512, "słowo " * 85, "ą" * 300])
def test_the_longest_names_are_printed_whole(name: str) -> None:
    buyer = replace(BUYER, name=name, street=name, city=name)
    text = words(issued(draft(line(name=name), buyer=buyer)))
    letters = name.replace(" ", "")
    assert text.replace("\n", "").replace(" ", "").count(letters) >= 4


def test_the_largest_amounts_are_printed_whole() -> None:
    content = draft(line(1, quantity="9999999999.123456", price="77.1234", discount="7.77"), line(2, price="0.01"))
    document = issued(content)
    text = words(document)
    assert "9 999 999 999,123456" in text
    for amount in (document.totals.net, document.totals.gross, document.totals.lines[0].discount):
        assert money(amount).replace(NBSP, " ") in text
    assert document.totals.gross > 10**11
