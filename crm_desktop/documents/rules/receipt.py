"""From a document of a fiscal kind to the receipt that the printer prints (SAL-07, FIS-04, semantics M.5)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

from crm_desktop.core.errors import Refused
from crm_desktop.core.i18n import N_, decimal
from crm_desktop.core.problem import Problem, errors_of
from crm_desktop.documents.rules.model import Draft, Line, LineAmounts, Method, PaymentForm, Totals
from crm_desktop.fiscal.rules.check import POSNET, Limits, check_receipt
from crm_desktop.fiscal.rules.model import Line as ReceiptLine
from crm_desktop.fiscal.rules.model import Pay, Payment, Receipt, sold, system_number
from crm_desktop.fiscal.rules.model import receipt_of as summed
from crm_desktop.fiscal.rules.names import clean_name, name_problems
from crm_desktop.fiscal.rules.rates import RateTable, find_letter

_PAY = {PaymentForm.CASH: Pay.CASH, PaymentForm.CARD: Pay.CARD, PaymentForm.TRANSFER: Pay.TRANSFER}
# What the fiscal check calls its fields, in the words of the document.
_FIELDS = {"letter": "vat", "value": "quantity", "discount_name": "discount"}


@dataclass(frozen=True)
class Prepared:
    """`receipt` is None when something stops it. `problems` are told at the document's fields, with the warnings that
    a name will be printed otherwise than it is written."""

    receipt: Receipt | None
    problems: list[Problem]


def prepare_receipt(
    draft: Draft,
    totals: Totals,
    device: RateTable,
    receipt_id: UUID,
    *,
    choices: Mapping[str, str] | None = None,
    cash: Decimal | None = None,
    cashier: str = "",
    till: str = "",
    limits: Limits = POSNET,
) -> Prepared:
    """The receipt of a draft with its totals, for a device with the rates `device` reads; grosze, PLN.

    `receipt_id` becomes the system number on the paper. `choices`: VAT code → letter where an accountant set it.
    `cash`: what the customer handed over, more than due gives change; without it exactly the sum is paid. Discounts go
    as the amounts that `totals` computed, so the device computes nothing of its own (M.5). Cashier and till are cut to
    what the device prints.
    """
    if draft.kind.method is not Method.GROSS:
        message = N_("Only a kind of document with gross prices can be printed as a receipt.")
        return Prepared(None, [Problem("receipt_from_net", "kind", message)])
    problems: list[Problem] = []
    lines = []
    for place, (line, amounts) in enumerate(zip(draft.lines, totals.lines, strict=True)):
        problems += name_problems(line.name, f"lines.{place}.name")
        letter = find_letter(line.vat, device, f"lines.{place}.vat", choices)
        if isinstance(letter, Problem):
            problems.append(letter)
        else:
            lines.append(_line(line, amounts, letter, limits))
    if errors_of(problems):
        return Prepared(None, problems)
    receipt = summed(
        system_number(receipt_id),
        lines,
        _payments(draft.payment, grosze(totals.gross), cash),
        buyer_nip=draft.buyer.nip,
        cashier=clean_name(cashier, limits.cashier).text,
        till=clean_name(till, limits.till).text,
    )
    problems += [_at_document(problem) for problem in check_receipt(receipt, device, limits)]
    return Prepared(None if errors_of(problems) else receipt, problems)


def receipt_of(
    draft: Draft, totals: Totals, device: RateTable, receipt_id: UUID, *, cash: Decimal | None = None, cashier: str = ""
) -> Receipt:
    """The receipt as `prepare_receipt` makes it; raises Refused with all problems where something stops it."""
    prepared = prepare_receipt(draft, totals, device, receipt_id, cash=cash, cashier=cashier)
    if prepared.receipt is None:
        raise Refused(*prepared.problems)
    return prepared.receipt


def grosze(amount: Decimal) -> int:
    """Whole grosze. Raises ValueError when the amount has more than two decimals."""
    whole = int(amount * 100)
    if whole != amount * 100:
        raise ValueError(f"{amount} is not in whole grosze")
    return whole


def _line(line: Line, amounts: LineAmounts, letter: str, limits: Limits) -> ReceiptLine:
    return sold(
        clean_name(line.name, limits.name).text,
        letter,
        grosze(line.price),
        line.quantity,
        unit=clean_name(line.unit, limits.unit).text,
        discount=grosze(amounts.discount),
        # The paper is Polish, whatever language the desk speaks.
        discount_name=f"Rabat {decimal(line.discount)}%" if amounts.discount else "",
        rate=line.vat,
    )


def _payments(form: PaymentForm, due: int, cash: Decimal | None) -> list[Payment]:
    given = due if cash is None or form is not PaymentForm.CASH else grosze(cash)
    return [Payment(_PAY[form], given)] if given else []


def _at_document(problem: Problem) -> Problem:
    head, _, last = problem.field.rpartition(".")
    if head.startswith("lines."):
        return replace(problem, field=f"{head}.{_FIELDS.get(last, last)}")
    return replace(problem, field="buyer.nip" if problem.field == "buyer_nip" else problem.field)
