"""Changing parties."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import bindparam, insert, update

from crm_desktop.core.errors import Conflict, refuse_if
from crm_desktop.db.transaction import Transaction
from crm_desktop.parties.rules.check import check
from crm_desktop.parties.rules.model import Party, PartyGroup
from crm_desktop.parties.tables import party, party_group

_FIELDS = (
    "kind",
    "code",
    "name",
    "nip",
    "eu_vat",
    "street",
    "post_code",
    "city",
    "country",
    "email",
    "phone",
    "group_id",
    "payment_days",
    "notes",
    "active",
)
_NEW = insert(party).values({name: bindparam(name) for name in ("id", *_FIELDS)}).returning(party.c.version)
_CHANGED = (
    update(party)
    .where(party.c.id == bindparam("key"), party.c.version == bindparam("known"))
    .values({name: bindparam(name) for name in _FIELDS})
    .returning(party.c.version)
)
_NEW_GROUP = insert(party_group).values(id=bindparam("id"), name=bindparam("name")).returning(party_group.c.version)
_CHANGED_GROUP = (
    update(party_group)
    .where(party_group.c.id == bindparam("key"), party_group.c.version == bindparam("known"))
    .values(name=bindparam("name"))
    .returning(party_group.c.version)
)


@dataclass(frozen=True)
class Saved:
    """The answer of saving: the record and its version now."""

    id: UUID
    version: int


def save_party(tx: Transaction, changed: Party) -> Saved:
    """Store a new (version 0) or changed party. Raises Refused with all problems, Conflict, NotAllowed."""
    refuse_if(check(changed))
    address = changed.address
    values = {
        "kind": changed.kind.value,
        "code": changed.code,
        "name": changed.name,
        "nip": changed.nip,
        "eu_vat": changed.eu_vat,
        "street": address.street,
        "post_code": address.post_code,
        "city": address.city,
        "country": address.country,
        "email": changed.email,
        "phone": changed.phone,
        "group_id": changed.group_id,
        "payment_days": changed.payment_days,
        "notes": changed.notes,
        "active": changed.active,
    }
    if changed.version == 0:
        return Saved(changed.id, tx.ask(_NEW, {**values, "id": changed.id}).one())
    version = tx.ask(_CHANGED, {**values, "key": changed.id, "known": changed.version}).maybe()
    if version is None:
        raise Conflict("parties.party", changed.id)
    return Saved(changed.id, version)


def save_group(tx: Transaction, changed: PartyGroup) -> Saved:
    """Store a new or changed group. Raises Refused (name taken), Conflict, NotAllowed."""
    if changed.version == 0:
        return Saved(changed.id, tx.ask(_NEW_GROUP, {"id": changed.id, "name": changed.name}).one())
    version = tx.ask(_CHANGED_GROUP, {"key": changed.id, "known": changed.version, "name": changed.name}).maybe()
    if version is None:
        raise Conflict("parties.party_group", changed.id)
    return Saved(changed.id, version)
