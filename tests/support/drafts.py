"""Drafts for tests of rules: fixed ids and dates, so that golden texts stay as they are."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from crm_desktop.catalogue.rules.model import ItemChoice, ItemKind, VatRate
from crm_desktop.documents.rules.model import Buyer, Draft, Kind, Line, Method, PaymentForm

DAY = date(2026, 11, 24)
_PERCENTS: dict[str, str | None] = {"23": "23", "8": "8", "5": "5", "0 KR": "0", "zw": None}
RATES = (
    *(VatRate(code, Decimal(text) if text else None, date(2011, 1, 1)) for code, text in _PERCENTS.items()),
    VatRate("22", Decimal(22), date(1993, 7, 5), date(2010, 12, 31)),
)
PERCENTS = {rate.code: rate.percent for rate in RATES}

INVOICE = Kind(UUID(int=1), "FS", "Faktura", "Invoice", Method.NET, fiscal=False, buyer_required=True)
RECEIPT = Kind(
    *(UUID(int=2), "PA", "Paragon", "Receipt", Method.GROSS),
    fiscal=True,
    buyer_required=False,
    payment=PaymentForm.CASH,
)
BUYER = Buyer(*(UUID(int=40), "Hurtownia Źródło Sp. z o.o.", "5260250274", "", "ul. Długa 7/2", "00-950", "Warszawa", "PL", True))


def line(number: int = 1, **values: Any) -> Line:
    """A line of item T<number>: 1 piece at 10.00, 23 %, unless said otherwise; numbers may be given as texts."""
    for name in ("quantity", "price", "discount"):
        if isinstance(values.get(name), str):
            values[name] = Decimal(values[name])
    plain = Line(
        *(UUID(int=100 + number), UUID(int=5000 + number), f"T{number:03}", f"Towar {number}"),
        *(Decimal(1), "szt.", Decimal("10.00"), "23"),
    )
    return replace(plain, **values)


def draft(*lines: Line, kind: Kind = INVOICE, **values: Any) -> Draft:
    """A draft of today for BUYER, due in 14 days."""
    plain = Draft(UUID(int=9), kind, UUID(int=3), DAY, DAY, DAY + timedelta(days=14), BUYER, kind.payment, lines)
    return replace(plain, **values)


def item(number: int = 1, **values: Any) -> ItemChoice:
    """Item T<number>: net 10.00, gross 12.30."""
    plain = ItemChoice(
        *(UUID(int=5000 + number), ItemKind.GOODS, f"T{number:03}", f"Towar {number}", "szt.", "23"),
        *(Decimal("10.00"), Decimal("12.30")),
    )
    return replace(plain, **values)
