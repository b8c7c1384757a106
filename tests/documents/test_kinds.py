"""Kinds that an administrator defines (SAL-04)."""

from dataclasses import replace
from typing import Any

import pytest

from crm_desktop.documents.rules.kinds import check_kind, check_series_code
from crm_desktop.documents.rules.model import Method
from tests.support.drafts import INVOICE, RECEIPT


def test_the_kinds_of_the_first_sale() -> None:
    assert check_kind(INVOICE) == []
    assert check_kind(RECEIPT) == []


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"code": "fs"}, "kind_code", "code"),
        ({"code": ""}, "kind_code", "code"),
        ({"code": "F/S"}, "kind_code", "code"),
        ({"name": " "}, "name_missing", "name"),
        ({"name_en": ""}, "name_missing", "name_en"),
        ({"name": "a\tb"}, "text_control", "name"),
        ({"name_en": "x" * 257}, "text_too_long", "name_en"),
        ({"fiscal": True, "method": Method.NET}, "kind_fiscal_net", "method"),
        ({"ksef": True, "buyer_required": False}, "kind_ksef_buyer", "buyer_required"),
    ],
)
def test_faults(change: dict[str, Any], code: str, field: str) -> None:
    assert [(problem.code, problem.field) for problem in check_kind(replace(INVOICE, **change))] == [(code, field)]


@pytest.mark.parametrize(
    ("code", "problems"),
    [("FS", []), (" ", ["series_missing"]), ("x" * 21, ["text_too_long"]), ("F\x00", ["text_control"]), ("💡", ["text_emoji"])],
)
def test_the_code_of_a_series(code: str, problems: list[str]) -> None:
    assert [problem.code for problem in check_series_code(code)] == problems
    assert {problem.field for problem in check_series_code(code)} <= {"series"}
