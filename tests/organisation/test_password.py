"""Passwords and their verifiers (NBR-08; RFC 5802, 7677, 4013)."""

import base64
import hashlib
import hmac

import pytest

from crm_desktop.organisation.rules.password import check_password, saslprep, scram_verifier


def test_the_verifier_of_rfc_7677() -> None:
    """The example of RFC 7677 section 3: with the verifier alone both proofs of that conversation come out."""
    verifier = scram_verifier("pencil", base64.b64decode("W22ZaJ0SNY7soEsUEjb6gQ=="))
    head, keys = verifier.split("$", 1)[0], verifier.split("$")
    stored, server = (base64.b64decode(key) for key in keys[2].split(":"))
    assert (head, keys[1]) == ("SCRAM-SHA-256", "4096:W22ZaJ0SNY7soEsUEjb6gQ==")
    nonce = "rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
    message = f"n=user,r=rOprNGfwEbeRWgbNEkqO,r={nonce},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,c=biws,r={nonce}".encode()
    assert base64.b64encode(hmac.digest(server, message, "sha256")) == b"6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="
    proof = base64.b64decode("dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=")
    signature = hmac.digest(stored, message, "sha256")
    client_key = bytes(a ^ b for a, b in zip(proof, signature, strict=True))
    assert hashlib.sha256(client_key).digest() == stored


def test_salt_and_password_count() -> None:
    one, two = bytes(16), bytes([1] * 16)
    assert len({scram_verifier("a", one), scram_verifier("b", one), scram_verifier("a", two)}) == 3
    assert "tajne" not in scram_verifier("tajne", one)


@pytest.mark.parametrize(
    ("password", "prepared"),
    [
        ("I\u00adX", "IX"),  # RFC 4013 section 3: the soft hyphen is mapped to nothing
        ("user", "user"),
        ("USER", "USER"),
        ("\u00aa", "a"),
        ("\u2168", "IX"),
        ("a\u00a0b", "a b"),
        ("zażółć", "zażółć"),
        ("z\u0307", "ż"),
        ("\u0007", "\u0007"),  # prohibited: PostgreSQL takes the bytes as they are
        ("\u0627\u0031", "\u0627\u0031"),  # prohibited: right-to-left text that ends otherwise
        ("\u0627a\u0628", "\u0627a\u0628"),
        ("\u0627\u0628", "\u0627\u0628"),
        ("\u0221", "\u0221"),  # not assigned in Unicode 3.2
        ("\u00ad", "\u00ad"),  # nothing would be left
        ("", ""),
    ],
)
def test_saslprep(password: str, prepared: str) -> None:
    assert saslprep(password) == prepared


@pytest.mark.parametrize("password", ["trzy kolorowe papugi", "Wół-jagoda-łyżka", "x7#Kq!w2Lp", "żółćżółćżó"])
def test_good_passwords(password: str) -> None:
    assert check_password(password, "j.nowak") == []


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("krótkie", "password_short"),
        ("x7#" * 50, "password_long"),
        ("trzy\x00kolory", "password_control"),
        ("moje-j.nowak-1", "password_login"),
        ("J.Nowak2026!", "password_login"),
        ("Haslo123456!", "password_known"),
        ("Warszawa2026", "password_known"),
        ("aaaaaaaaaaaa", "password_known"),
        ("abababababab", "password_known"),
    ],
)
def test_refused_passwords(password: str, code: str) -> None:
    assert [problem.code for problem in check_password(password, "j.nowak")] == [code]


def test_an_empty_password_is_short_and_no_more() -> None:
    assert [problem.code for problem in check_password("", "j.nowak", "new")] == ["password_short"]
