"""The tree of item groups as a person reads it: paths, and which groups may not stand above which."""

from collections.abc import Sequence
from uuid import UUID

from crm_desktop.catalogue.rules.model import ItemGroup

SIGN = " › "


def group_paths(groups: Sequence[ItemGroup]) -> dict[UUID, str]:
    """Each group's path from the root, in the order of the paths. A group whose parent is missing or above itself is a root.

    >>> from uuid import UUID
    >>> light, bulbs = ItemGroup(UUID(int=1), None, "Light"), ItemGroup(UUID(int=2), UUID(int=1), "Bulbs")
    >>> list(group_paths([bulbs, light]).values())
    ['Light', 'Light › Bulbs']
    """
    by_id = {group.id: group for group in groups}
    paths = {group.id: SIGN.join(reversed([each.name for each in _upwards(group, by_id)])) for group in groups}
    return dict(sorted(paths.items(), key=lambda pair: pair[1].casefold()))


def may_stand_above(groups: Sequence[ItemGroup], group_id: UUID) -> set[UUID]:
    """The groups that may be the parent of `group_id`: neither itself nor one below it."""
    by_id = {group.id: group for group in groups}
    return {group.id for group in groups if all(each.id != group_id for each in _upwards(group, by_id))}


def _upwards(group: ItemGroup, by_id: dict[UUID, ItemGroup]) -> list[ItemGroup]:
    way = [group]
    while (above := by_id.get(way[-1].parent_id) if way[-1].parent_id is not None else None) is not None and above not in way:
        way.append(above)
    return way
