"""The goods and services of the demo company (resources/demo/goods.toml): units, packages, bar codes, prices."""

import random
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import product
from uuid import UUID

from crm_desktop.catalogue.rules.model import Item, ItemGroup, ItemKind, Unit
from crm_desktop.core.assets import asset
from crm_desktop.core.rounding import r2
from crm_desktop.demo.numbers import Numbers


@dataclass(frozen=True)
class Family:
    """Products of one kind. `net`: the lowest and highest net price in grosze; `packs`: base units in a package, none for ()."""

    code: str
    group: str
    name: str
    vat: str
    unit: str
    net: tuple[int, int]
    packs: tuple[int, ...]
    nouns: tuple[str, ...]
    variants: tuple[str, ...]


_GOODS = tomllib.loads(asset("resources/demo/goods.toml").read_text(encoding="utf-8"))
BRANDS: tuple[str, ...] = tuple(_GOODS["brands"])
FAMILIES = tuple(
    Family(
        *(row["code"], row["group"], row["name"], row["vat"], row["unit"]),
        *((row["net"][0], row["net"][1]), tuple(row["packs"]), tuple(row["nouns"]), tuple(row["variants"])),
    )
    for row in _GOODS["families"]
)
#: Name, VAT, net price in grosze.
SERVICES: tuple[tuple[str, str, int], ...] = tuple((row["name"], row["vat"], row["net"]) for row in _GOODS["services"])
PERCENT = {"23": Decimal(23), "8": Decimal(8), "5": Decimal(5), "zw": Decimal(0)}


@dataclass(frozen=True)
class Stocked:
    """An item with its group's name, and its purchase prices as (first day, net PLN for one base unit), the oldest first."""

    item: Item
    costs: tuple[tuple[date, Decimal], ...]


def groups(numbers: Numbers, made: datetime) -> dict[str, ItemGroup]:
    """The group tree by name: a node for each `group`, below it one for each family; services apart."""
    found: dict[str, ItemGroup] = {}
    for family in FAMILIES:
        if family.group not in found:
            found[family.group] = ItemGroup(numbers.key(made), None, family.group)
        found[family.name] = ItemGroup(numbers.key(made), found[family.group].id, family.name)
    found["Usługi"] = ItemGroup(numbers.key(made), None, "Usługi")
    return found


def items(count: int, tree: dict[str, ItemGroup], chance: random.Random, numbers: Numbers, first: date, made: datetime) -> list[Stocked]:
    """`count` items, services among them; purchase prices begin on `first`."""
    found = [
        _service(*service, place, tree["Usługi"].id, numbers, made) for place, service in enumerate(SERVICES[: max(2, count // 50)], 1)
    ]
    found += [_goods(*chosen, tree, chance, numbers, first, made) for chosen in _products(count - len(found), chance)]
    return found


def _products(count: int, chance: random.Random) -> list[tuple[Family, str, int]]:
    """`count` products: family, name, running number within the family; all families in turn."""
    shelves: list[Iterator[tuple[Family, str, int]]] = []
    for family in FAMILIES:
        names = [f"{noun} {brand} {variant}" for noun, brand, variant in product(family.nouns, BRANDS, family.variants)]
        chance.shuffle(names)
        shelves.append(iter([(family, name, number) for number, name in enumerate(names, 1)]))
    chosen: list[tuple[Family, str, int]] = []
    while len(chosen) < count:
        for shelf in list(shelves):
            found = next(shelf, None)
            if found is None:
                shelves.remove(shelf)
            elif len(chosen) < count:
                chosen.append(found)
        if not shelves:
            raise ValueError(f"the families have no {count} products")
    return chosen


def _goods(
    family: Family, name: str, number: int, tree: dict[str, ItemGroup], chance: random.Random, numbers: Numbers, first: date, made: datetime
) -> Stocked:
    low, high = family.net
    # Most things are cheap: the smaller of two draws. Prices end in 9 grosze, as on a shelf.
    net = Decimal(min(chance.randint(low, high), chance.randint(low, high)) // 10 * 10 + 9).scaleb(-2)
    units = [Unit(numbers.key(made), family.unit, Decimal(1), numbers.barcode())]
    if family.packs and chance.randrange(10) < 7:
        factor = chance.choice(family.packs)
        units.append(Unit(numbers.key(made), f"karton {factor}", Decimal(factor), numbers.barcode()))
    item = Item(
        numbers.key(made),
        ItemKind.GOODS,
        f"{family.code}-{number:04}",
        name,
        tree[family.name].id,
        family.vat,
        net,
        r2(net * (100 + PERCENT[family.vat]) / 100),
        tuple(units),
    )
    return Stocked(item, _costs(net, chance, first))


def _costs(net: Decimal, chance: random.Random, first: date) -> tuple[tuple[date, Decimal], ...]:
    """One to four purchase prices, each at least four months after the other, 55 to 88 per cent of the price."""
    day, share, found = first, chance.randint(55, 82), []
    for _ in range(chance.randint(1, 4)):
        found.append((day, r2(net * share / 100)))
        day += timedelta(days=chance.randint(120, 200))
        share = min(88, share + chance.randint(-2, 4))
    return tuple(found)


def _service(name: str, vat: str, grosze: int, number: int, group: UUID, numbers: Numbers, made: datetime) -> Stocked:
    net = Decimal(grosze).scaleb(-2)
    gross = r2(net * (100 + PERCENT[vat]) / 100)
    unit = (Unit(numbers.key(made), "usł.", Decimal(1)),)
    return Stocked(Item(numbers.key(made), ItemKind.SERVICE, f"USL-{number:02}", name, group, vat, net, gross, unit), ())
