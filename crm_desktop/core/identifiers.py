"""Numbers that carry their own check: NIP, EU VAT, EAN, IBAN; and the Polish post code.

`clean_…` gives the form that is stored; `…_valid` judges the stored form; the empty text is never valid. Rules:
facts on Polish documents, section 9 (NIP and FA(3) TNrNIP; EU VAT by country; IBAN ISO 13616; EAN GS1 General
Specifications 7.9).
"""

import re

from stdnum import ean, iban
from stdnum.eu import vat
from stdnum.exceptions import ValidationError
from stdnum.pl import nip

from crm_desktop.core.i18n import N_
from crm_desktop.core.problem import Problem

_BREAKS = re.compile(r"[\s\u00a0\u2007\u2009\u202f.\-\u2010-\u2015/]+")
# FA(3) TNrNIP: no leading zero, not 00 in places 2–3.
_NIP = re.compile(r"[1-9](?:\d[1-9]|[1-9]\d)\d{7}\Z", re.ASCII)
_POST_CODE = re.compile(r"\d\d-\d{3}\Z", re.ASCII)


def clean_nip(text: str) -> str:
    """Ten digits from "123-456-32-18", "PL 1234563218", "526 025 02 74"; other texts only lose their breaks."""
    return _BREAKS.sub("", text).upper().removeprefix("PL")


def nip_valid(number: str) -> bool:
    """Length, check digit and the FA(3) pattern; 0000000000 passes the bare check sum and is refused here."""
    return bool(_NIP.match(number)) and nip.is_valid(number)


def clean_eu_vat(text: str) -> str:
    """ "de 136 695 976" → "DE136695976"."""
    return _BREAKS.sub("", text).upper()


def eu_vat_valid(number: str) -> bool:
    """A VAT number of an EU country or Northern Ireland with its country prefix, in the country's own form."""
    return number == clean_eu_vat(number) and vat.is_valid(number)


def clean_iban(text: str) -> str:
    """ "61 1090 1014 …" (a Polish NRB of 26 digits) and "PL61…" → "PL61109010140000071219812874"."""
    bare = _BREAKS.sub("", text).upper()
    return f"PL{bare}" if len(bare) == 26 and bare.isdigit() else bare


def iban_valid(number: str) -> bool:
    """Country's length and mod 97; for Poland also the bank sort code's own check digit."""
    try:
        iban.validate(number, check_country=False)
    except ValidationError:
        return False
    return not number.startswith("PL") or (len(number) == 28 and sort_code_valid(number[4:12]))


def sort_code_valid(number: str) -> bool:
    """Polish bank sort code: eight digits, weights 3 9 7 1 3 9 7."""
    if len(number) != 8 or not (number.isascii() and number.isdigit()):
        return False
    total = sum(weight * int(digit) for weight, digit in zip((3, 9, 7, 1, 3, 9, 7), number, strict=False))
    return (10 - total % 10) % 10 == int(number[7])


def iban_shown(number: str) -> str:
    """In groups as banks print it: "PL 61 1090 1014 0000 …" for Poland, groups of four elsewhere."""
    if number.startswith("PL"):
        rest = number[4:]
        return " ".join(["PL", number[2:4], *(rest[i : i + 4] for i in range(0, len(rest), 4))])
    return " ".join(number[i : i + 4] for i in range(0, len(number), 4))


def nip_shown(number: str) -> str:
    """ "1234563218" → "123-456-32-18"; anything else as it is."""
    if len(number) == 10 and number.isdigit():
        return f"{number[:3]}-{number[3:6]}-{number[6:8]}-{number[8:]}"
    return number


def ean_valid(number: str) -> bool:
    """EAN-8 or EAN-13 with a right check digit."""
    return number.isascii() and number.isdigit() and len(number) in (8, 13) and ean.is_valid(number)


def clean_post_code(text: str) -> str:
    """ "00950" and "00 950" → "00-950"; other texts only lose outer white space."""
    bare = _BREAKS.sub("", text)
    return f"{bare[:2]}-{bare[2:]}" if len(bare) == 5 and bare.isascii() and bare.isdigit() else text.strip()


def post_code_valid(code: str) -> bool:
    """The Polish form 00-000."""
    return bool(_POST_CODE.match(code))


def check_nip(number: str, field: str = "nip") -> list[Problem]:
    """Nothing for an empty or valid NIP."""
    if not number or nip_valid(number):
        return []
    message = N_("This is not a valid NIP: its length or check digit is wrong. Compare it with the customer's papers.")
    return [Problem("nip_wrong", field, message)]


def check_eu_vat(number: str, field: str = "eu_vat") -> list[Problem]:
    """Nothing for an empty or valid number. A Polish one belongs into the NIP: in KSeF the buyer would never see it."""
    if not number:
        return []
    if number.startswith("PL"):
        return [Problem("eu_vat_polish", field, N_("Put a Polish number into the NIP field."))]
    if eu_vat_valid(number):
        return []
    message = N_("This is not a valid EU VAT number. It starts with the country, for example DE136695976.")
    return [Problem("eu_vat_wrong", field, message)]


def check_post_code(code: str, country: str, field: str = "post_code") -> list[Problem]:
    """Polish codes must look like 00-000; other countries' codes are not judged."""
    if not code or country != "PL" or post_code_valid(code):
        return []
    return [Problem("post_code_wrong", field, N_("A Polish post code looks like 00-950."))]


def check_iban(number: str, field: str = "iban") -> list[Problem]:
    """Nothing for an empty or valid account number."""
    if not number or iban_valid(number):
        return []
    return [Problem("iban_wrong", field, N_("This is not a valid account number: a digit is missing or wrong."))]
