"""A receipt is refused here, before the first byte, when the device would refuse it or print something else (M.5)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from crm_desktop.core.i18n import N_
from crm_desktop.core.identifiers import nip_valid
from crm_desktop.core.problem import Problem
from crm_desktop.fiscal.rules.model import LETTERS, Line, Pay, Receipt, line_value
from crm_desktop.fiscal.rules.names import clean_name, name_problems
from crm_desktop.fiscal.rules.rates import NOT_SUBJECT, RateTable, device_rate, find_letter, rate_text


@dataclass(frozen=True)
class Limits:
    """What a family of devices accepts; the defaults are POSNET's (protocol 3.6, 3.10). Amounts in grosze."""

    lines: int = 500
    price: int = 499_999_999_999
    amount: int = 9_999_999_999
    quantity: Decimal = Decimal(9_999_999_999)
    quantity_places: int = 8
    name: int = 80
    unit: int = 4
    label: int = 25
    cashier: int = 32
    till: int = 8
    system_number: int = 30
    nip: int = 30
    prints_nip: bool = True


POSNET = Limits()


def check_receipt(receipt: Receipt, rates: RateTable | None = None, limits: Limits = POSNET) -> list[Problem]:
    """All reasons why this receipt must not be sent, fields as in `Receipt` ("lines.3.quantity"); [] = may be sent.

    rates: the device's table, read from it; None leaves the letters unchecked (the driver checks them again).
    """
    return [
        *_lines(receipt, rates, limits),
        *_sums(receipt, limits),
        *_payments(receipt, limits),
        *_header(receipt, limits),
    ]


def _problem(code: str, field: str, message: str, **values: object) -> Problem:
    return Problem(f"fiscal_{code}", field, message, values)


def _lines(receipt: Receipt, rates: RateTable | None, limits: Limits) -> Iterator[Problem]:
    if not receipt.lines:
        yield _problem("no_lines", "lines", N_("A receipt needs at least one line."))
    if len(receipt.lines) > limits.lines:
        yield _problem("too_many_lines", "lines", N_("The printer takes at most {limit} lines on a receipt."), limit=limits.lines)
    for index, line in enumerate(receipt.lines):
        yield from _line(line, f"lines.{index}", rates, limits)
    for index, pack in enumerate(receipt.deposits):
        if pack.price <= 0 or pack.quantity <= 0 or pack.value > limits.amount:
            yield _problem("deposit", f"deposits.{index}", N_("The deposit's price or quantity cannot be printed."))


def _line(line: Line, at: str, rates: RateTable | None, limits: Limits) -> Iterator[Problem]:
    yield from (problem for problem in name_problems(line.name, f"{at}.name") if problem.stops)
    if clean_name(line.name, limits.name).changed:
        yield _problem("name_not_clean", f"{at}.name", N_("The printer cannot print this name as it is written."))
    if line.letter not in LETTERS or len(line.letter) != 1:
        yield _problem("letter", f"{at}.letter", N_("“{letter}” is not a VAT letter."), letter=line.letter)
    elif rates is not None:
        yield from _rate(line, at, rates)
    if not 1 <= line.price <= limits.price:
        yield _problem("price", f"{at}.price", N_("The printer cannot print this price."))
    exponent = line.quantity.normalize().as_tuple().exponent if line.quantity.is_finite() else "n"
    if not isinstance(exponent, int) or not 0 < line.quantity <= limits.quantity:
        yield _problem("quantity", f"{at}.quantity", N_("The printer cannot print this quantity."))
        return
    if -exponent > limits.quantity_places:
        yield _problem(
            "quantity_places",
            f"{at}.quantity",
            N_("The printer takes at most {places} decimal places in a quantity."),
            places=limits.quantity_places,
        )
    if line.value != line_value(line.price, line.quantity):
        yield _problem("line_value", f"{at}.value", N_("The line's value is not price × quantity."))
    if not 1 <= line.value <= limits.amount:
        yield _problem("line_range", f"{at}.value", N_("The printer cannot print a line of this value."))
    if not 0 <= line.discount < max(line.value, 1):
        yield _problem("discount", f"{at}.discount", N_("The discount must be smaller than the value of the line."))
    for text, size, name in ((line.unit, limits.unit, "unit"), (line.discount_name, limits.label, "discount_name")):
        yield from _text(text, size, f"{at}.{name}")


def _rate(line: Line, at: str, rates: RateTable) -> Iterator[Problem]:
    found = rates.code(line.letter)
    if not found:
        yield _problem(
            "letter_inactive",
            f"{at}.letter",
            N_("VAT letter {letter} is not active in the printer."),
            letter=line.letter,
        )
    elif line.rate and device_rate(line.rate) not in (NOT_SUBJECT, found):
        answer = find_letter(line.rate, rates, f"{at}.rate")
        yield (
            answer
            if isinstance(answer, Problem)
            else _problem(
                "letter_moved",
                f"{at}.letter",
                N_("In the printer letter {letter} stands for {found}, the line has {rate}."),
                letter=line.letter,
                found=rate_text(found),
                rate=rate_text(line.rate),
            )
        )


def _sums(receipt: Receipt, limits: Limits) -> Iterator[Problem]:
    expected = tuple(sum(line.total for line in receipt.lines if line.letter == letter) for letter in LETTERS)
    if receipt.totals != expected:
        yield _problem("totals", "totals", N_("The totals do not follow from the lines."))
    if receipt.due != receipt.fiscal + receipt.charged - receipt.returned:
        yield _problem("due", "due", N_("The amount due does not follow from the totals and deposits."))
    if receipt.due < 0:
        yield _problem("due_negative", "due", N_("More is given back than sold. Pay out the deposit with a separate slip."))
    if receipt.fiscal > limits.amount:
        yield _problem("total_range", "totals", N_("The printer cannot print a receipt of this value."))


def _payments(receipt: Receipt, limits: Limits) -> Iterator[Problem]:
    for index, payment in enumerate(receipt.payments):
        if not 1 <= payment.amount <= limits.amount:
            yield _problem("payment", f"payments.{index}.amount", N_("The printer cannot print a payment of this value."))
        yield from _text(payment.name, limits.label, f"payments.{index}.name")
    if receipt.paid - receipt.change != receipt.due:
        yield _problem("payments_due", "payments", N_("Payments less change must equal the amount due."))
    cash = sum(payment.amount for payment in receipt.payments if payment.kind is Pay.CASH)
    if not 0 <= receipt.change <= cash:
        yield _problem("change", "change", N_("Change is given only from cash."))


def _header(receipt: Receipt, limits: Limits) -> Iterator[Problem]:
    if receipt.buyer_nip and not limits.prints_nip:
        yield _problem("nip_unprintable", "buyer_nip", N_("This printer cannot put the buyer's NIP on a receipt."))
    elif receipt.buyer_nip and (len(receipt.buyer_nip) > limits.nip or not buyer_number_valid(receipt.buyer_nip)):
        yield _problem("nip", "buyer_nip", N_("The buyer's NIP is wrong. It cannot be added after printing."))
    if not receipt.system_number:
        yield _problem("system_number", "system_number", N_("The receipt has no system number."))
    for text, size, name in (
        (receipt.system_number, limits.system_number, "system_number"),
        (receipt.cashier, limits.cashier, "cashier"),
        (receipt.till, limits.till, "till"),
    ):
        yield from _text(text, size, name)


def _text(text: str, size: int, field: str) -> Iterator[Problem]:
    if clean_name(text, size).changed:
        yield _problem("text", field, N_("The printer takes at most {limit} plain characters here."), limit=size)


def buyer_number_valid(number: str) -> bool:
    """A Polish NIP (10 digits with the right check digit) or a foreign VAT number with its country's two letters; no
    blanks or dashes."""
    return nip_valid(number) or bool(re.fullmatch(r"(?!PL)[A-Z]{2}[0-9A-Z+*]{2,28}", number))
