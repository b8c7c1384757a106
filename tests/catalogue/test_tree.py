"""The tree of item groups."""

from uuid import UUID

from crm_desktop.catalogue.rules.model import ItemGroup
from crm_desktop.catalogue.rules.tree import group_paths, may_stand_above

LIGHT, BULBS, LED, ODD = (UUID(int=number) for number in range(1, 5))
TREE = [
    ItemGroup(LED, BULBS, "LED"),
    ItemGroup(BULBS, LIGHT, "Bulbs"),
    ItemGroup(LIGHT, None, "Light"),
    ItemGroup(ODD, UUID(int=99), "Odd"),
]


def test_paths_are_sorted_and_a_missing_parent_makes_a_root() -> None:
    assert list(group_paths(TREE).values()) == ["Light", "Light › Bulbs", "Light › Bulbs › LED", "Odd"]


def test_nothing_stands_below_itself() -> None:
    assert may_stand_above(TREE, BULBS) == {LIGHT, ODD}
    assert may_stand_above(TREE, LED) == {LIGHT, BULBS, ODD}


def test_a_circle_ends() -> None:
    circle = [ItemGroup(LIGHT, BULBS, "Light"), ItemGroup(BULBS, LIGHT, "Bulbs")]
    assert group_paths(circle)[LIGHT] == "Bulbs › Light"
