"""Reading parties."""

from uuid import UUID

from sqlalchemy import bindparam, func, select

from crm_desktop.db.paging import Field, Paging, Sort
from crm_desktop.db.transaction import Answer, Transaction
from crm_desktop.parties.rules.model import Address, FoundParty, Party, PartyChoice, PartyGroup, PartyKind, PartyRow
from crm_desktop.parties.tables import party, party_group

_PARTY = select(
    party.c.id,
    party.c.kind,
    party.c.code,
    party.c.name,
    party.c.nip,
    party.c.eu_vat,
    party.c.street,
    party.c.post_code,
    party.c.city,
    party.c.country,
    party.c.email,
    party.c.phone,
    party.c.group_id,
    party.c.payment_days,
    party.c.notes,
    party.c.active,
    party.c.version,
).where(party.c.id == bindparam("key"))
_GROUPS = select(party_group.c.id, party_group.c.name, party_group.c.version).order_by(party_group.c.name)

_GROUP = select(party_group.c.id, party_group.c.name, party_group.c.version).where(party_group.c.id == bindparam("key"))


def get_party(tx: Transaction, party_id: UUID) -> Party:
    """A party's card. Raises NotFound."""
    return tx.ask(_PARTY, {"key": party_id}, _party).one()


def find_parties(tx: Transaction, text: str, limit: int = 8) -> list[PartyChoice]:
    """Active parties whose code, name, NIP or city hold every word of `text`, accents and case ignored; best first."""
    return tx.call("search_parties", text, limit, into=_choice).all()


def ask_parties(tx: Transaction, text: str, most: int, forgiving: bool = False) -> Answer[FoundParty]:
    """For the search box: parties by code, tax number, phone, name and town, best first; forgiving: with typing errors instead."""
    return tx.call("find_parties", text, most, forgiving, into=FoundParty)


def list_groups(tx: Transaction) -> list[PartyGroup]:
    """Groups by name."""
    return tx.ask(_GROUPS, into=PartyGroup).all()


def _party(
    key: UUID,
    kind: str,
    code: str,
    name: str,
    nip: str,
    eu_vat: str,
    street: str,
    post_code: str,
    city: str,
    country: str,
    email: str,
    phone: str,
    group_id: UUID | None,
    payment_days: int,
    notes: str,
    active: bool,
    version: int,
) -> Party:
    return Party(
        key,
        PartyKind(kind),
        code,
        name,
        nip,
        eu_vat,
        Address(street, post_code, city, country),
        email,
        phone,
        group_id,
        payment_days,
        notes,
        active,
        version,
    )


def _choice(
    key: UUID,
    kind: str,
    code: str,
    name: str,
    nip: str,
    eu_vat: str,
    street: str,
    post_code: str,
    city: str,
    country: str,
    payment_days: int,
) -> PartyChoice:
    return PartyChoice(key, PartyKind(kind), code, name, nip, eu_vat, Address(street, post_code, city, country), payment_days)


PARTIES = Paging(
    select(
        party.c.id,
        party.c.code,
        party.c.name,
        party.c.kind,
        party.c.nip,
        party.c.city,
        party.c.phone,
        func.coalesce(party_group.c.name, ""),
        party.c.active,
        party.c.name_sort,
    ).outerjoin(party_group, party_group.c.id == party.c.group_id),
    PartyRow,
    id=party.c.id,
    fields={
        "code": Field(party.c.code),
        "name": Field(party.c.name, sort=party.c.name_sort),
        "kind": Field(party.c.kind),
        "nip": Field(party.c.nip),
        "city": Field(party.c.city),
        "phone": Field(party.c.phone),
        "group_name": Field(func.coalesce(party_group.c.name, "")),
        "active": Field(party.c.active),
    },
    default=(Sort("name"),),
    lookup="parties_matching",
)
"""The list of parties."""

GROUPS = Paging(
    select(party_group.c.id, party_group.c.name, party_group.c.version),
    PartyGroup,
    id=party_group.c.id,
    fields={"name": Field(party_group.c.name, sort=func.stable.sort_key(party_group.c.name))},
    default=(Sort("name"),),
)
"""The list of groups."""


def get_group(tx: Transaction, group_id: UUID) -> PartyGroup:
    """A group. Raises NotFound."""
    return tx.ask(_GROUP, {"key": group_id}, PartyGroup).one()
