"""Passwords: what is refused, and the SCRAM verifier that travels instead of the password (RFC 5802, 7677, 4013)."""

import base64
import hashlib
import hmac
import stringprep
import unicodedata

from crm_desktop.core.i18n import N_
from crm_desktop.core.problem import Problem

ITERATIONS = 4096  # as PostgreSQL's scram_iterations
SALT = 16
LEAST, MOST = 10, 128

# Words that a guesser tries first in a Polish firm, tried without case and trailing digits and marks.
_KNOWN = {
    *("haslo", "hasło", "password", "qwerty", "qwertyuiop", "zaq", "zaqwsx", "administrator", "admin", "witaj"),
    *(
        "polska",
        "warszawa",
        "krakow",
        "kraków",
        "zima",
        "wiosna",
        "lato",
        "jesien",
        "jesień",
        "kochanie",
        "misiek",
        "firma",
    ),
}


def check_password(password: str, login: str = "", field: str = "password") -> list[Problem]:
    """Length counts, not required kinds of characters (NIST SP 800-63B 5.1.1.2): 10 to 128 characters, not the login,
    not one known word with digits, not one or two characters repeated, nothing that a log-in could not repeat."""
    problems = []
    if len(password) < LEAST:
        message = N_("Use at least {count} characters. A few words in a row are easy to remember.")
        problems.append(Problem("password_short", field, message, {"count": LEAST}))
    if len(password) > MOST:
        message = N_("At most {count} characters are allowed.")
        problems.append(Problem("password_long", field, message, {"count": MOST}))
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in password):
        message = N_("There is a control character in the password.")
        problems.append(Problem("password_control", field, message))
    word = password.casefold().rstrip("0123456789!@#$%^&*.,-_ ")
    if login and login.casefold() in password.casefold():
        problems.append(Problem("password_login", field, N_("The password must not contain the login.")))
    elif password and (word in _KNOWN or len(set(password)) < 3):
        problems.append(Problem("password_known", field, N_("This password is among the first that are guessed.")))
    return problems


def scram_verifier(password: str, salt: bytes, iterations: int = ITERATIONS) -> str:
    """The text that PostgreSQL keeps for a password: "SCRAM-SHA-256$4096:salt$StoredKey:ServerKey".

    `salt`: 16 random bytes, made by the caller. The password is prepared as PostgreSQL and libpq do: SASLprep, and
    where SASLprep refuses it, its bytes as they are.
    """
    salted = hashlib.pbkdf2_hmac("sha256", saslprep(password).encode(), salt, iterations)
    stored = hashlib.sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
    server = hmac.digest(salted, b"Server Key", "sha256")
    coded = [base64.b64encode(part).decode() for part in (salt, stored, server)]
    return f"SCRAM-SHA-256${iterations}:{coded[0]}${coded[1]}:{coded[2]}"


def saslprep(password: str) -> str:
    """RFC 4013 on the Unicode 3.2 that it names; the text itself where the profile refuses it, as PostgreSQL does."""
    mapped = "".join(
        " " if stringprep.in_table_c12(character) else character
        for character in password
        if stringprep.in_table_c12(character) or not stringprep.in_table_b1(character)
    )
    prepared = unicodedata.ucd_3_2_0.normalize("NFKC", mapped)
    return prepared if prepared and not _prohibited(prepared) else password


def _prohibited(text: str) -> bool:
    forbidden = (
        *(stringprep.in_table_a1, stringprep.in_table_c12, stringprep.in_table_c21_c22, stringprep.in_table_c3),
        *(stringprep.in_table_c4, stringprep.in_table_c5, stringprep.in_table_c6, stringprep.in_table_c7),
        *(stringprep.in_table_c8, stringprep.in_table_c9),
    )
    if any(test(character) for character in text for test in forbidden):
        return True
    # Section 2.3, RFC 3454 section 6: right-to-left texts are so from end to end and hold no left-to-right letter.
    if not any(map(stringprep.in_table_d1, text)):
        return False
    return any(map(stringprep.in_table_d2, text)) or not all(map(stringprep.in_table_d1, (text[0], text[-1])))
