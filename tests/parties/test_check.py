"""Faults of a party's card, all at once at their fields (bad input of the first sale; GOL-28)."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from crm_desktop.core.i18n import tell
from crm_desktop.parties.rules.check import check, check_group_name
from crm_desktop.parties.rules.model import Address, Party, PartyKind

GOOD = Party(
    *(UUID(int=1), PartyKind.COMPANY, "KL-1", "Źródło Sp. z o.o.", "5260250274", "DE136695976"),
    *(Address("Długa 7", "00-950", "Warszawa"), "biuro@zrodlo.example", "+48 22 555 01 01"),
    notes="Dzwonić po 10:00 😀\nPani Ola",
)


def test_a_right_card() -> None:
    assert check(GOOD) == []
    assert check(Party(UUID(int=2), PartyKind.PERSON, "O-2", "Jan Łoś")) == []


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"code": ""}, "code_missing", "code"),
        ({"code": "x" * 51}, "text_too_long", "code"),
        ({"name": "  "}, "name_missing", "name"),
        ({"name": "x" * 10_000}, "text_too_long", "name"),
        ({"name": "Firma 🚀"}, "text_emoji", "name"),
        ({"name": "a\x00b"}, "text_control", "name"),
        ({"name": "a\ufeffb"}, "text_hidden", "name"),
        ({"nip": "5260250275"}, "nip_wrong", "nip"),
        ({"nip": "0000000000"}, "nip_wrong", "nip"),
        ({"eu_vat": "DE136695978"}, "eu_vat_wrong", "eu_vat"),
        ({"eu_vat": "PL5260250274"}, "eu_vat_polish", "eu_vat"),
        ({"kind": PartyKind.PERSON}, "person_eu_vat", "eu_vat"),
        ({"address": Address("a", "950", "b")}, "post_code_wrong", "address.post_code"),
        ({"address": Address("a\tb", "00-950", "b")}, "text_control", "address.street"),
        ({"address": Address("a", "00-950", "b😀")}, "text_emoji", "address.city"),
        ({"address": Address("a", "x" * 21, "b", "DE")}, "text_too_long", "address.post_code"),
        ({"address": Address("a", "", "b", "Polska")}, "country_wrong", "address.country"),
        ({"email": "biuro"}, "email_wrong", "email"),
        ({"email": "a@b@c.pl"}, "email_wrong", "email"),
        ({"email": f"{'x' * 251}@b.pl"}, "email_wrong", "email"),
        ({"phone": "zadzwoń"}, "phone_wrong", "phone"),
        ({"phone": "12"}, "phone_wrong", "phone"),
        ({"payment_days": -1}, "payment_days_range", "payment_days"),
        ({"payment_days": 366}, "payment_days_range", "payment_days"),
        ({"notes": "a\x07b"}, "text_control", "notes"),
    ],
)
def test_one_fault_at_its_field(change: dict[str, Any], code: str, field: str) -> None:
    problems = check(replace(GOOD, **change))
    assert [(problem.code, problem.field) for problem in problems] == [(code, field)]
    assert "{" not in tell(problems[0])


def test_everything_at_once() -> None:
    broken = replace(GOOD, code="", nip="1", email="x", payment_days=999)
    assert [problem.field for problem in check(broken)] == ["code", "nip", "email", "payment_days"]


def test_the_name_of_a_group() -> None:
    assert check_group_name("Hurt") == []
    assert [problem.code for problem in check_group_name(" ")] == ["name_missing"]
    assert [problem.code for problem in check_group_name("a\nb")] == ["text_control"]
