"""A receipt as POSNET commands, in the order sent; discounts always as amounts we computed (protocol 3.10, 3.12)."""

from collections.abc import Iterator
from typing import Any

from crm_desktop.fiscal.rules.model import LETTERS, Deposit, Line, Pay, Payment, Receipt

# Section 7.4: our kinds of payment on the wire, and the name where the device has no kind of its own.
PAYMENTS: dict[Pay, tuple[int, str]] = {
    Pay.CASH: (0, ""),
    Pay.CARD: (2, ""),
    Pay.CHEQUE: (3, ""),
    Pay.COUPON: (4, ""),
    Pay.CREDIT: (5, ""),
    Pay.OTHER: (6, ""),
    Pay.VOUCHER: (7, ""),
    Pay.TRANSFER: (8, ""),
    Pay.MOBILE: (6, "BLIK"),
    Pay.ACCOUNT: (6, "Konto klienta"),
}


def opening_commands(receipt: Receipt) -> Iterator[tuple[str, dict[str, Any]]]:
    """Everything before the closing command. In block mode nothing is printed until the end, so that a cut link never
    leaves half a receipt on the paper."""
    yield "ftrcfg", {"cc": receipt.cashier or None, "cn": receipt.till or None, "sn": receipt.system_number}
    yield "trinit", {"bm": True}
    if receipt.buyer_nip:
        yield "trnipset", {"ni": receipt.buyer_nip, "dw": True}
    for line in receipt.lines:
        yield "trline", line_values(line)
    for pack in receipt.deposits:
        yield "trpack", pack_values(pack)
    for payment in receipt.payments:
        yield "trpayment", payment_values(payment)
    if receipt.change:
        yield "trpayment", {"ty": PAYMENTS[Pay.CASH][0], "wa": receipt.change, "re": True}


def line_values(line: Line) -> dict[str, Any]:
    """Fields of `trline`."""
    values: dict[str, Any] = {
        "na": line.name,
        "vt": LETTERS.index(line.letter),
        "pr": line.price,
        "il": line.quantity,
        "wa": line.value,
        "jm": line.unit or None,
    }
    if line.discount:
        values |= {"rd": True, "rn": line.discount_name or None, "rw": line.discount}
    return values


def pack_values(pack: Deposit) -> dict[str, Any]:
    """Fields of `trpack`. The name is a description (40 characters are printed)."""
    return {"pr": pack.price, "il": pack.quantity, "wa": pack.value, "ne": pack.returned, "de": pack.name[:40] or None}


def payment_values(payment: Payment) -> dict[str, Any]:
    """Fields of `trpayment`."""
    kind, name = PAYMENTS[payment.kind]
    return {"ty": kind, "wa": payment.amount, "na": payment.name or name or None, "re": False}


def closing_values(receipt: Receipt) -> dict[str, Any]:
    """Fields of `trend`; the device verifies each of them (2805–2809)."""
    return {
        "to": receipt.fiscal,
        "op": receipt.charged,
        "om": receipt.returned,
        "fp": receipt.paid,
        "re": receipt.change,
    }
