"""All that stops a document from being issued, said at once, each at its field (GOL-28)."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from crm_desktop.catalogue.rules.model import VatRate
from crm_desktop.core.i18n import N_
from crm_desktop.core.identifiers import check_eu_vat, check_nip, check_post_code
from crm_desktop.core.problem import Problem, Severity
from crm_desktop.core.rounding import places
from crm_desktop.core.text import CODE, NAME, SHORT, check_name, check_notes
from crm_desktop.documents.rules.model import Draft, Kind, Line, Method, PaymentForm
from crm_desktop.documents.rules.totals import totals

CASH_LIMIT = Decimal(15000)  # art. 19 of the entrepreneurs' law: above it, business pays business by transfer
AMOUNT_END = Decimal(10) ** 12  # numeric(14,2)
QUANTITY_END = Decimal(10) ** 10  # numeric(16,6)
EARLY = timedelta(days=60)  # art. 106i(7): an invoice at most 60 days before the supply


def percents(rates: Sequence[VatRate], day: date) -> dict[str, Decimal | None]:
    """VAT code → per cent for those rates that hold on `day` (the sale date): what `totals` wants."""
    return {rate.code: rate.percent for rate in rates if rate.holds_on(day)}


def check(draft: Draft, rates: Sequence[VatRate], today: date, closed_until: date | None = None) -> list[Problem]:
    """Every problem of the draft, header first, then lines in order, then sums; empty when it may be issued.

    `rates` are all rates ever valid; `today` is the server's date; `closed_until` the last closed day of the branch.
    Warnings are among them (`Problem.stops` tells).
    """
    valid = percents(rates, draft.sale_date)
    known = {rate.code for rate in rates}
    problems = [*_dates(draft, today, closed_until), *_buyer(draft), *check_notes(draft.notes, "notes")]
    if not draft.lines:
        problems.append(Problem("lines_missing", "lines", N_("Add at least one line.")))
    broken = False
    for place, line in enumerate(draft.lines):
        found = _line(line, f"lines.{place}", draft.kind, valid, known, draft.sale_date)
        broken = broken or any(problem.code == "number_wrong" for problem in found)
        problems += found
    return problems if broken else problems + _sums(draft, valid)


def _dates(draft: Draft, today: date, closed_until: date | None) -> list[Problem]:
    problems = []
    issue, sale, due = draft.issue_date, draft.sale_date, draft.due_date
    if issue > today:
        message = N_("The issue date {date} is in the future.")
        problems.append(Problem("issue_date_future", "issue_date", message, {"date": issue}))
    elif closed_until is not None and issue <= closed_until:
        message = N_("The branch's books are closed up to {date}. Choose a later issue date.")
        problems.append(Problem("issue_date_closed", "issue_date", message, {"date": closed_until}))
    elif issue < today and draft.kind.fiscal:
        message = N_("A receipt bears the day on which it is printed: today is {today}, the document says {date}.")
        problems.append(Problem("issue_date_not_today", "issue_date", message, {"today": today, "date": issue}))
    elif issue < today:
        message = N_("The issue date {date} is not today ({today}).")
        values = {"date": issue, "today": today}
        problems.append(Problem("issue_date_past", "issue_date", message, values, Severity.WARNING))
    if closed_until is not None and sale <= closed_until < issue:
        message = N_("The branch's books are closed up to {date}. Choose a later sale date.")
        problems.append(Problem("sale_date_closed", "sale_date", message, {"date": closed_until}))
    if sale > issue + EARLY:
        message = N_("The sale is more than 60 days after the issue date. The law does not allow an invoice so early.")
        problems.append(Problem("sale_date_far", "sale_date", message))
    elif draft.kind.fiscal and sale > issue:
        message = N_("A receipt cannot be printed before the sale.")
        problems.append(Problem("sale_date_future", "sale_date", message))
    elif issue > _latest_issue(sale):
        message = N_("The invoice was due by {date}: the 15th day of the month after the sale.")
        values = {"date": _latest_issue(sale)}
        problems.append(Problem("issue_date_late", "issue_date", message, values, Severity.WARNING))
    if due < issue:
        message = N_("The due date {due} is before the issue date {issue}.")
        problems.append(Problem("due_date_before", "due_date", message, {"due": due, "issue": issue}))
    return problems


def _latest_issue(sale: date) -> date:
    """Art. 106i(1): by the 15th day of the month after the sale."""
    return date(sale.year + sale.month // 12, sale.month % 12 + 1, 15)


def _buyer(draft: Draft) -> list[Problem]:
    buyer, problems = draft.buyer, []
    if draft.kind.buyer_required:
        if not buyer.name.strip():
            problems.append(Problem("buyer_missing", "buyer.name", N_("Choose the buyer.")))
        elif not buyer.city.strip():
            # Art. 106e(1)(3): names and addresses of both sides.
            problems.append(Problem("buyer_address_missing", "buyer.city", N_("The buyer's address is missing.")))
        if buyer.name and buyer.business and not (buyer.nip or buyer.eu_vat) and buyer.country == "PL":
            message = N_("This business has no NIP. Without it the invoice will not reach the buyer in KSeF.")
            problems.append(Problem("buyer_nip_missing", "buyer.nip", message, severity=Severity.WARNING))
    problems += check_nip(buyer.nip, "buyer.nip")
    problems += check_eu_vat(buyer.eu_vat, "buyer.eu_vat")
    problems += check_post_code(buyer.post_code, buyer.country, "buyer.post_code")
    for name, text in (("name", buyer.name), ("street", buyer.street), ("city", buyer.city)):
        problems += check_name(text, f"buyer.{name}", NAME)
    problems += check_name(buyer.post_code, "buyer.post_code", SHORT) if buyer.country != "PL" else []
    return problems


def _line(line: Line, at: str, kind: Kind, valid: Mapping[str, Decimal | None], known: set[str], sale_date: date) -> list[Problem]:
    problems = []
    if line.item_id is None:
        message = N_("There is no such item: “{code}”.")
        problems.append(Problem("item_unknown", f"{at}.code", message, {"code": line.code[:40]}))
    if not line.name.strip():
        problems.append(Problem("name_missing", f"{at}.name", N_("The name is missing.")))
    problems += check_name(line.name, f"{at}.name", NAME)
    problems += check_name(line.code, f"{at}.code", CODE)
    problems += check_name(line.unit, f"{at}.unit", SHORT)
    if not line.unit.strip():
        problems.append(Problem("unit_missing", f"{at}.unit", N_("The unit is missing.")))
    problems += _quantity(line.quantity, f"{at}.quantity")
    problems += _price(line.price, f"{at}.price", 4 if kind.method is Method.NET else 2)
    problems += _discount(line.discount, f"{at}.discount")
    if line.vat not in valid:
        problems.append(_rate_problem(line.vat, f"{at}.vat", line.vat in known, sale_date))
    return problems


def _quantity(quantity: Decimal, field: str) -> list[Problem]:
    if not quantity.is_finite():
        return [Problem("number_wrong", field, N_("“{text}” is not a number."), {"text": str(quantity)})]
    if quantity == 0:
        return [Problem("quantity_zero", field, N_("The quantity is 0. Type how much is sold or delete the line."))]
    if quantity < 0:
        # Semantics D: negative lines do not exist on ordinary documents.
        return [Problem("quantity_negative", field, N_("The quantity is below 0. A return is a correction."))]
    problems = []
    if quantity >= QUANTITY_END:
        problems.append(Problem("quantity_large", field, N_("The quantity is too large.")))
    if places(quantity) > 6:
        # FA(3) TIlosci, numeric(16,6).
        message = N_("The quantity has {given} decimal places, at most {places} are allowed.")
        problems.append(Problem("quantity_places", field, message, {"given": places(quantity), "places": 6}))
    return problems


def _price(price: Decimal, field: str, allowed: int) -> list[Problem]:
    if not price.is_finite():
        return [Problem("number_wrong", field, N_("“{text}” is not a number."), {"text": str(price)})]
    problems = []
    if price < 0:
        problems.append(Problem("price_negative", field, N_("The price is below 0.")))
    if abs(price) >= AMOUNT_END:
        problems.append(Problem("price_large", field, N_("The price is too large.")))
    if places(price) > allowed:
        # Semantics A.7: 4 decimals on net kinds; 2 on gross kinds, because fiscal devices count in grosze.
        message = N_("The price has {given} decimal places, at most {places} are allowed.")
        problems.append(Problem("price_places", field, message, {"given": places(price), "places": allowed}))
    return problems


def _discount(discount: Decimal, field: str) -> list[Problem]:
    if not discount.is_finite():
        return [Problem("number_wrong", field, N_("“{text}” is not a number."), {"text": str(discount)})]
    problems = []
    if not 0 <= discount <= 100:
        problems.append(Problem("discount_range", field, N_("A discount is from 0 to 100 per cent.")))
    if places(discount) > 2:
        message = N_("The discount has {given} decimal places, at most {places} are allowed.")
        problems.append(Problem("discount_places", field, message, {"given": places(discount), "places": 2}))
    return problems


def _rate_problem(code: str, field: str, known: bool, day: date) -> Problem:
    if known:
        message = N_("The VAT rate {rate} is not valid on the sale date {date}.")
        return Problem("vat_not_valid", field, message, {"rate": code, "date": day})
    return Problem("vat_unknown", field, N_("There is no VAT rate “{rate}”."), {"rate": code[:20]})


def _sums(draft: Draft, valid: Mapping[str, Decimal | None]) -> list[Problem]:
    gross = totals(draft, valid).gross
    if abs(gross) >= AMOUNT_END:
        return [Problem("total_large", "lines", N_("The total is too large. Check quantities and prices."))]
    if draft.payment is PaymentForm.CASH and draft.buyer.business and draft.buyer.name and gross > CASH_LIMIT:
        message = N_("Between businesses more than {limit} PLN may not be paid in cash. Choose a transfer.")
        return [Problem("cash_limit", "payment", message, {"limit": CASH_LIMIT}, Severity.WARNING)]
    return []
