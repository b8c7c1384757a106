"""What a party is: a company or a natural person that we sell to or buy from."""

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID


class PartyKind(StrEnum):
    """A company is in business and may have a tax number; a person is a consumer."""

    COMPANY = "company"
    PERSON = "person"


@dataclass(frozen=True)
class Address:
    """A postal address. `country` is ISO 3166-1 alpha-2."""

    street: str = ""
    post_code: str = ""
    city: str = ""
    country: str = "PL"


@dataclass(frozen=True)
class Party:
    """A party as its card edits it. `version` is 0 for one that was never saved."""

    id: UUID
    kind: PartyKind = PartyKind.COMPANY
    code: str = ""
    name: str = ""
    nip: str = ""
    eu_vat: str = ""
    address: Address = field(default_factory=Address)
    email: str = ""
    phone: str = ""
    group_id: UUID | None = None
    payment_days: int = 14
    notes: str = ""
    active: bool = True
    version: int = 0


@dataclass(frozen=True)
class PartyChoice:
    """One answer of the party look-up: enough to tell namesakes apart and to fill a document's header."""

    id: UUID
    kind: PartyKind
    code: str
    name: str
    nip: str
    eu_vat: str
    address: Address
    payment_days: int


@dataclass(frozen=True)
class FoundParty:
    """A party as the search box finds it; rank as in core/search.py."""

    id: UUID
    rank: int
    kind: str
    code: str
    name: str
    nip: str
    eu_vat: str
    city: str
    phone: str
    active: bool


@dataclass(frozen=True)
class PartyRow:
    """One row of the list of parties."""

    id: UUID
    code: str
    name: str
    kind: str
    nip: str
    city: str
    phone: str
    group_name: str
    active: bool
    name_sort: str


@dataclass(frozen=True)
class PartyGroup:
    """A group that parties are sorted into."""

    id: UUID
    name: str
    version: int = 0
