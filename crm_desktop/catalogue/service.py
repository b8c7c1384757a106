"""Changing the catalogue."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import bindparam, delete, insert, update
from sqlalchemy.dialects.postgresql import insert as upsert

from crm_desktop.catalogue.queries import list_periods
from crm_desktop.catalogue.rules.check import check
from crm_desktop.catalogue.rules.model import Item, ItemGroup, RatePeriod
from crm_desktop.catalogue.rules.rates import check_rate
from crm_desktop.catalogue.tables import item, item_group, item_unit, purchase_price, vat_rate
from crm_desktop.core.errors import Conflict, refuse_if
from crm_desktop.db.transaction import Transaction

_FIELDS = ("kind", "code", "name", "group_id", "vat", "net_price", "gross_price", "unit", "notes", "active")
_NEW = insert(item).values({name: bindparam(name) for name in ("id", *_FIELDS)}).returning(item.c.version)
_CHANGED = (
    update(item)
    .where(item.c.id == bindparam("key"), item.c.version == bindparam("known"))
    .values({name: bindparam(name) for name in _FIELDS})
    .returning(item.c.version)
)
_NO_UNITS = delete(item_unit).where(item_unit.c.item_id == bindparam("key"))
_NEW_GROUP = insert(item_group).values({name: bindparam(name) for name in ("id", "parent_id", "name")}).returning(item_group.c.version)
_CHANGED_GROUP = (
    update(item_group)
    .where(item_group.c.id == bindparam("key"), item_group.c.version == bindparam("known"))
    .values(parent_id=bindparam("parent_id"), name=bindparam("name"))
    .returning(item_group.c.version)
)
_RATE_FIELDS = ("code", "percent", "valid_from", "valid_to", "name")
_NEW_RATE = insert(vat_rate).values({name: bindparam(name) for name in ("id", *_RATE_FIELDS)}).returning(vat_rate.c.version)
_CHANGED_RATE = (
    update(vat_rate)
    .where(vat_rate.c.id == bindparam("key"), vat_rate.c.version == bindparam("known"))
    .values({name: bindparam(name) for name in _RATE_FIELDS})
    .returning(vat_rate.c.version)
)
_NO_RATE = delete(vat_rate).where(vat_rate.c.id == bindparam("key"), vat_rate.c.version == bindparam("known")).returning(vat_rate.c.id)
_new_cost = upsert(purchase_price).values(item_id=bindparam("item_id"), valid_from=bindparam("valid_from"), price=bindparam("price"))
_COST = _new_cost.on_conflict_do_update(index_elements=["item_id", "valid_from"], set_={"price": _new_cost.excluded.price})


@dataclass(frozen=True)
class Saved:
    """The answer of saving: the record and its version now."""

    id: UUID
    version: int


def save_item(tx: Transaction, changed: Item) -> Saved:
    """Store a new (version 0) or changed item with its units. Raises Refused with all problems, Conflict, NotAllowed."""
    refuse_if(check(changed))
    values = {
        "kind": changed.kind.value,
        "code": changed.code,
        "name": changed.name,
        "group_id": changed.group_id,
        "vat": changed.vat,
        "net_price": changed.net_price,
        "gross_price": changed.gross_price,
        "unit": changed.units[0].name,
        "notes": changed.notes,
        "active": changed.active,
    }
    if changed.version == 0:
        answer = tx.ask(_NEW, {**values, "id": changed.id})
    else:
        answer = tx.ask(_CHANGED, {**values, "key": changed.id, "known": changed.version})
        tx.run(_NO_UNITS, {"key": changed.id})
    tx.insert(
        item_unit,
        [
            {
                "id": unit.id,
                "item_id": changed.id,
                "name": unit.name,
                "factor": unit.factor,
                "barcode": unit.barcode or None,
            }
            for unit in changed.units
        ],
    )
    version = answer.maybe()
    if version is None:
        raise Conflict("catalogue.item", changed.id)
    return Saved(changed.id, version)


def save_group(tx: Transaction, changed: ItemGroup) -> Saved:
    """Store a node of the group tree. Raises Conflict, NotAllowed."""
    values = {"parent_id": changed.parent_id, "name": changed.name}
    if changed.version == 0:
        return Saved(changed.id, tx.ask(_NEW_GROUP, {**values, "id": changed.id}).one())
    version = tx.ask(_CHANGED_GROUP, {**values, "key": changed.id, "known": changed.version}).maybe()
    if version is None:
        raise Conflict("catalogue.item_group", changed.id)
    return Saved(changed.id, version)


def save_cost(tx: Transaction, item_id: UUID, valid_from: date, price: Decimal) -> None:
    """The purchase price of an item from a day on, PLN net for one base unit."""
    tx.run(_COST, {"item_id": item_id, "valid_from": valid_from, "price": price})


def save_rate(tx: Transaction, changed: RatePeriod) -> Saved:
    """Store a new (version 0) or changed period of a VAT rate. Raises Refused with all problems, Conflict, NotAllowed."""
    refuse_if(check_rate(changed, list_periods(tx), tx.today))
    values = {name: getattr(changed, name) for name in _RATE_FIELDS}
    if changed.version == 0:
        return Saved(changed.id, tx.ask(_NEW_RATE, {**values, "id": changed.id}).one())
    version = tx.ask(_CHANGED_RATE, {**values, "key": changed.id, "known": changed.version}).maybe()
    if version is None:
        raise Conflict("catalogue.vat_rate", changed.id)
    return Saved(changed.id, version)


def remove_rate(tx: Transaction, planned: RatePeriod) -> None:
    """Take away a period that has not begun and will not. Raises Refused, Conflict."""
    if tx.ask(_NO_RATE, {"key": planned.id, "known": planned.version}).maybe() is None:
        raise Conflict("catalogue.vat_rate", planned.id)
