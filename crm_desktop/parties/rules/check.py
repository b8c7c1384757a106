"""All that is wrong with a party's card, said at once at its fields."""

import re

from crm_desktop.core.i18n import N_
from crm_desktop.core.identifiers import check_eu_vat, check_nip, check_post_code
from crm_desktop.core.problem import Problem
from crm_desktop.core.text import CODE, NAME, SHORT, check_name, check_notes
from crm_desktop.parties.rules.model import Party, PartyKind

TERM = 365  # the longest term of payment, days
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+\Z")  # FA(3): 3 to 255 characters with an @
_PHONE = re.compile(r"\+?[0-9 ()/.\-]{5,20}\Z", re.ASCII)
_COUNTRY = re.compile(r"[A-Z]{2}\Z", re.ASCII)


def check(party: Party) -> list[Problem]:
    """Every problem of the card; empty when it may be saved. Identifiers are judged in their clean form."""
    problems = []
    for field, text, limit in (("code", party.code, CODE), ("name", party.name, NAME)):
        if not text.strip():
            problems.append(_missing(field))
        problems += check_name(text, field, limit)
    problems += check_nip(party.nip, "nip")
    problems += check_eu_vat(party.eu_vat, "eu_vat")
    if party.kind is PartyKind.PERSON and party.eu_vat:
        message = N_("A private person has no EU VAT number. Change the kind to company.")
        problems.append(Problem("person_eu_vat", "eu_vat", message))
    problems += _address(party)
    if party.email and (len(party.email) > 255 or not _EMAIL.match(party.email)):
        problems.append(Problem("email_wrong", "email", N_("This is not an e-mail address.")))
    if party.phone and not _PHONE.match(party.phone):
        message = N_("A phone number has 5 to 20 digits, spaces and dashes, with + before the country.")
        problems.append(Problem("phone_wrong", "phone", message))
    if not 0 <= party.payment_days <= TERM:
        message = N_("A term of payment is from 0 to {days} days.")
        problems.append(Problem("payment_days_range", "payment_days", message, {"days": TERM}))
    return problems + check_notes(party.notes, "notes")


def check_group_name(name: str) -> list[Problem]:
    """Problems of a group's name, at field "name"."""
    return ([] if name.strip() else [_missing("name")]) + check_name(name, "name", SHORT)


def _address(party: Party) -> list[Problem]:
    address = party.address
    problems = check_post_code(address.post_code, address.country, "address.post_code")
    if not _COUNTRY.match(address.country):
        message = N_("A country is two capital letters, for example PL or DE.")
        problems.append(Problem("country_wrong", "address.country", message))
    for field, text in (("street", address.street), ("city", address.city)):
        problems += check_name(text, f"address.{field}", NAME)
    if address.country != "PL":
        problems += check_name(address.post_code, "address.post_code", 20)
    return problems


def _missing(field: str) -> Problem:
    message = N_("The code is missing.") if field == "code" else N_("The name is missing.")
    return Problem(f"{field}_missing", field, message)
