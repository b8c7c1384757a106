"""NIP, EU VAT, IBAN, EAN, post codes (facts section 9)."""

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_desktop.core import identifiers as ids


@pytest.mark.parametrize("number", ["5260250274", "5265877635", "1234563218", "1111111111", "9999999999"])
def test_right_nip(number: str) -> None:
    assert ids.nip_valid(number)
    assert ids.check_nip(number) == []


@pytest.mark.parametrize(
    "number",
    [
        *("1234563219", "123456321", "12345632180", "ABCDEFGHIJ", "0000000000", "", "123-456-32-18"),
        "1006321800",  # 00 in places 2 and 3: FA(3) TNrNIP refuses it
        "١٢٣٤٥٦٣٢١٨",
    ],
)
def test_wrong_nip(number: str) -> None:
    assert not ids.nip_valid(number)


def test_wrong_nip_is_told_at_its_field_and_an_empty_one_is_no_fault() -> None:
    (problem,) = ids.check_nip("1234563219", "buyer.nip")
    assert (problem.code, problem.field) == ("nip_wrong", "buyer.nip")
    assert ids.check_nip("") == []


@pytest.mark.parametrize(
    ("typed", "clean"),
    [
        *(("123-456-32-18", "1234563218"), ("PL1234563218", "1234563218"), ("526 025 02 74", "5260250274")),
        *(("pl 526\u00a0025\u201302-74", "5260250274"), (" x ", "X")),
    ],
)
def test_clean_nip(typed: str, clean: str) -> None:
    assert ids.clean_nip(typed) == clean


def test_nip_shown() -> None:
    assert ids.nip_shown("1234563218") == "123-456-32-18"
    assert ids.nip_shown("DE1") == "DE1"


@pytest.mark.parametrize("number", ["DE136695976", "ATU13585627", "CZ25123891", "XI999999973"])
def test_right_eu_vat(number: str) -> None:
    assert ids.eu_vat_valid(number)
    assert ids.check_eu_vat(number) == []


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("DE136695978", "eu_vat_wrong"),
        ("US123", "eu_vat_wrong"),
        ("136695976", "eu_vat_wrong"),
        ("de 136695976", "eu_vat_wrong"),
        ("PL5260250274", "eu_vat_polish"),
    ],
)
def test_wrong_eu_vat(number: str, code: str) -> None:
    """Facts 0.12: a Polish number in the EU field would hide the invoice from its buyer."""
    (problem,) = ids.check_eu_vat(number, "buyer.eu_vat")
    assert (problem.code, problem.field) == (code, "buyer.eu_vat")


def test_no_eu_vat_is_no_fault() -> None:
    assert ids.check_eu_vat("") == []
    assert ids.clean_eu_vat("de 136.695-976") == "DE136695976"


@pytest.mark.parametrize("number", ["PL61109010140000071219812874", "DE89370400440532013000", "GB82WEST12345698765432"])
def test_right_iban(number: str) -> None:
    assert ids.iban_valid(number)
    assert ids.check_iban(number) == []


@pytest.mark.parametrize("number", ["PL61109010140000071219812875", "PL61", "PL6110901014000007121981287", "61", "XX00"])
def test_wrong_iban(number: str) -> None:
    assert not ids.iban_valid(number)
    assert [problem.code for problem in ids.check_iban(number)] == ["iban_wrong"]


def test_iban_typed_and_shown() -> None:
    assert ids.clean_iban("61 1090 1014 0000 0712 1981 2874") == "PL61109010140000071219812874"
    assert ids.clean_iban("pl61 1090-1014") == "PL6110901014"
    assert ids.iban_shown("PL61109010140000071219812874") == "PL 61 1090 1014 0000 0712 1981 2874"
    assert ids.iban_shown("DE89370400440532013000") == "DE89 3704 0044 0532 0130 00"
    assert ids.check_iban("") == []


def test_sort_code() -> None:
    assert all(map(ids.sort_code_valid, ("10901014", "11402004", "10201026")))
    assert not any(map(ids.sort_code_valid, ("10901015", "1090101", "1090101x")))


@pytest.mark.parametrize(
    ("code", "valid"),
    [
        ("5901234123457", True),
        ("96385074", True),
        ("5901234123458", False),
        ("96385075", False),
        ("123", False),
        ("123456789012", False),
        ("٥٩٠١٢٣٤١٢٣٤٥٧", False),
    ],
)
def test_ean(code: str, valid: bool) -> None:
    assert ids.ean_valid(code) is valid


@given(st.integers(0, 10**12 - 1), st.integers(0, 12), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(body: int, place: int, shift: int) -> None:
    digits = f"{body:012}"
    check = (10 - sum(int(d) * (3 if i % 2 else 1) for i, d in enumerate(digits)) % 10) % 10
    right = f"{digits}{check}"
    wrong = right[:place] + str((int(right[place]) + shift) % 10) + right[place + 1 :]
    assert (ids.ean_valid(right), ids.ean_valid(wrong)) == (True, False)


def test_post_code() -> None:
    assert ids.clean_post_code("00950") == "00-950" == ids.clean_post_code(" 00 950 ")
    assert ids.clean_post_code(" SW1A 1AA ") == "SW1A 1AA"
    assert ids.check_post_code("00-950", "PL") == []
    assert ids.check_post_code("SW1A 1AA", "GB") == []
    assert ids.check_post_code("", "PL") == []
    assert [p.field for p in ids.check_post_code("0-950", "PL", "buyer.post_code")] == ["buyer.post_code"]


def test_shared_vectors(vector: Callable[[str], str]) -> None:
    data = json.loads(vector("identifiers.json"))
    assert all(map(ids.nip_valid, data["nip"]["valid"]))
    assert not any(map(ids.nip_valid, data["nip"]["invalid"]))
    assert {ids.clean_nip(typed): clean for typed, clean in data["nip"]["valid_after_clean"].items()}.items() == {
        (clean, clean) for clean in data["nip"]["valid_after_clean"].values()
    }
    assert all(map(ids.iban_valid, data["iban"]["valid"]))
    assert not any(map(ids.iban_valid, data["iban"]["invalid"]))
    assert all(ids.iban_valid(ids.clean_iban(number)) for number in data["iban"]["nrb_valid"])
    assert all(map(ids.eu_vat_valid, data["eu_vat"]["valid"]))
    assert not any(map(ids.eu_vat_valid, data["eu_vat"]["invalid"]))
    assert all(map(ids.sort_code_valid, data["bank_sort_code_pl"]["valid"]))
    assert not any(map(ids.sort_code_valid, data["bank_sort_code_pl"]["invalid"]))
