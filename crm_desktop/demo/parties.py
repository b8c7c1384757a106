"""The customers of the demo company: firms with valid tax numbers, natural persons, and a few firms from abroad."""

import random
from datetime import datetime

from stdnum.cz import dic
from stdnum.iso7064 import mod_11_10

from crm_desktop.demo import names
from crm_desktop.demo.numbers import Numbers
from crm_desktop.parties.rules.model import Address, Party, PartyGroup, PartyKind

_PLAIN = str.maketrans("ąćęłńóśźżĄĆĘŁŃÓŚŹŻ", "acelnoszzACELNOSZZ")
#: Town, country, street, form of the post code, legal form.
_ABROAD = (
    ("Berlin", "DE", "Lindenweg", "10{:03}", "GmbH"),
    ("Dresden", "DE", "Gartenstraße", "01{:03}", "GmbH"),
    ("Ostrava", "CZ", "Lipová", "702 {:02}", "s.r.o."),
)


def plain(text: str) -> str:
    """Polish letters without their marks."""
    return text.translate(_PLAIN)


def person(chance: random.Random) -> tuple[str, str]:
    """First name and surname; a woman's -ski is -ska."""
    if chance.randrange(2):
        first, woman = chance.choice(names.WOMEN), True
    else:
        first, woman = chance.choice(names.MEN), False
    return first, surname(chance, woman)


def surname(chance: random.Random, woman: bool) -> str:
    """A surname that fits."""
    if chance.randrange(2):
        return chance.choice(names.PLAIN_SURNAMES)
    bending = chance.choice(names.BENDING_SURNAMES)
    return bending[:-1] + "a" if woman else bending


def address(chance: random.Random, town: tuple[str, str] | None = None) -> Address:
    """A street and number in a town; a post code of its region."""
    city, region = town or chance.choice(names.TOWNS)
    street = chance.choice(names.STREETS)
    number = str(chance.randint(1, 180)) + (f"/{chance.randint(1, 60)}" if chance.randrange(3) == 0 else "")
    prefix = "" if street in ("Rynek", "Zacisze") else "ul. "
    return Address(f"{prefix}{street} {number}", f"{region}-{chance.randint(1, 998):03}", city)


def groups(numbers: Numbers, made: datetime) -> list[PartyGroup]:
    """The groups of parties."""
    return [PartyGroup(numbers.key(made), name) for name in names.PARTY_GROUPS]


def parties(count: int, sorted_into: list[PartyGroup], chance: random.Random, numbers: Numbers, made: datetime) -> list[Party]:
    """`count` parties: two thirds firms, a few of them from abroad, the others natural persons. Names and codes are unique."""
    taken: dict[str, int] = {}
    seen: set[str] = set()
    found: list[Party] = []
    while len(found) < count:
        drawn = chance.randrange(100)
        if drawn < 64:
            party = _firm(chance, numbers, made, taken)
        elif drawn < 66:
            party = _abroad(chance, numbers, made, taken)
        else:
            party = _person(chance, numbers, made, taken)
        if party.name in seen and party.kind is PartyKind.COMPANY:
            continue
        seen.add(party.name)
        group = chance.choice(sorted_into).id if chance.randrange(10) < 8 else None
        days = chance.choice((7, 14, 14, 21, 30, 30, 45, 60)) if party.kind is PartyKind.COMPANY else 0
        found.append(
            Party(
                party.id, party.kind, party.code, party.name, party.nip, party.eu_vat, party.address, party.email, party.phone, group, days
            )
        )
    return found


def _firm(chance: random.Random, numbers: Numbers, made: datetime, taken: dict[str, int]) -> Party:
    word = chance.choice(names.FIRM_WORDS)
    form = chance.choice(names.LEGAL_FORMS)
    # A sole trader's firm bears its owner's name.
    name = f"{chance.choice(names.FIRM_TRADES).format(word)} {form or ' '.join(person(chance))}".strip()
    mail = f"biuro@{plain(word).lower()}.example"
    return Party(
        numbers.key(made),
        PartyKind.COMPANY,
        _code(word, taken),
        name,
        numbers.nip(),
        "",
        address(chance),
        mail,
        _phone(chance),
    )


def _person(chance: random.Random, numbers: Numbers, made: datetime, taken: dict[str, int]) -> Party:
    first, last = person(chance)
    mail = f"{plain(first)}.{plain(last)}@poczta.example".lower()
    return Party(numbers.key(made), PartyKind.PERSON, _code(last, taken), f"{first} {last}", "", "", address(chance), mail, _phone(chance))


def _abroad(chance: random.Random, numbers: Numbers, made: datetime, taken: dict[str, int]) -> Party:
    word = chance.choice(names.FIRM_WORDS)
    town, country, street, form, legal = chance.choice(_ABROAD)
    digits = str(chance.randint(10_000_000, 99_999_999))
    if country == "DE":
        vat = f"DE{digits}{mod_11_10.calc_check_digit(digits)}"
    else:
        digits = "2" + digits[1:7]
        vat = f"CZ{digits}{dic.calc_check_digit_legal(digits)}"
    place = Address(f"{street} {chance.randint(1, 120)}", form.format(chance.randint(1, 99)), town, country)
    return Party(numbers.key(made), PartyKind.COMPANY, _code(word, taken), f"{plain(word)} {legal}", "", vat, place)


def _code(word: str, taken: dict[str, int]) -> str:
    stem = plain(word).upper().replace("-", "")[:12]
    taken[stem] = taken.get(stem, 0) + 1
    return stem if taken[stem] == 1 else f"{stem}{taken[stem]}"


def _phone(chance: random.Random) -> str:
    return f"+48 555 {chance.randint(100, 999)} {chance.randint(100, 999)}"
