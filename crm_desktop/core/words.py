"""Amounts in words for printouts. The złoty and its forms are our own; the numerals are num2words'."""

from decimal import Decimal

from num2words import num2words

# one, few (2–4 but not 12–14), many
_POLISH = {
    "PLN": (("złoty", "złote", "złotych"), ("grosz", "grosze", "groszy")),
    "EUR": (("euro", "euro", "euro"), ("cent", "centy", "centów")),
}
_ENGLISH = {"PLN": (("zloty", "zlotys"), ("grosz", "groszy")), "EUR": (("euro", "euro"), ("cent", "cents"))}


def amount_in_words(amount: Decimal, language: str, currency: str = "PLN") -> str:
    """The amount, at most two decimals, in Polish ("pl") or English ("en").

    Raises KeyError for a currency without words, ValueError for more than two decimals.

    >>> amount_in_words(Decimal("1234.02"), "pl")
    'tysiąc dwieście trzydzieści cztery złote dwa grosze'
    """
    cents = int(amount.scaleb(2))
    if Decimal(cents).scaleb(-2) != amount:
        raise ValueError(f"{amount} has more than two decimals")
    whole, part = divmod(abs(cents), 100)
    if language == "pl":
        units, parts = _POLISH[currency]
        text = f"{_polish(whole)} {units[_form(whole)]} {_polish(part)} {parts[_form(part)]}"
        return f"minus {text}" if cents < 0 else text
    singular, plural = _ENGLISH[currency]
    text = (
        f"{num2words(whole, lang='en')} {singular[0] if whole == 1 else singular[1]}"
        f" and {num2words(part, lang='en')} {plural[0] if part == 1 else plural[1]}"
    )
    return f"minus {text}" if cents < 0 else text


def _polish(number: int) -> str:
    return str(num2words(number, lang="pl"))


def _form(number: int) -> int:
    """Which of three forms follows the number: 1 złoty, 2 złote, 5 złotych, 21 złotych, 22 złote."""
    if number == 1:
        return 0
    return 1 if number % 10 in (2, 3, 4) and number % 100 not in (12, 13, 14) else 2
