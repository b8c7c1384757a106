"""What a slice puts on the desk, as frozen values, and the rules of the key map. Knows no business and makes no widget."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import combinations
from typing import Any
from uuid import UUID

from crm_desktop.core.search import Hit

#: Keys that mean the same in every context of the desk; no slice may give them another meaning there.
EVERYWHERE = "desk"


class Place(StrEnum):
    """Where an action is shown. All actions are in the palette besides."""

    NONE = ""
    NAVIGATOR = "navigator"
    TOOLBAR = "toolbar"
    FKEYS = "fkeys"
    FKEYS_RIGHT = "fkeys_right"


@dataclass(frozen=True)
class Action:
    """Something a person can do. `run` gets the main window.

    title: a msgid. keys: alternatives in Qt's portable notation ("F8", "Ctrl+Return"). permission: hidden without it ("": all).
    context: where the keys act: EVERYWHERE, or the id of a dock or editor.
    """

    id: str
    title: str
    icon: str = ""
    keys: tuple[str, ...] = ()
    place: Place = Place.NONE
    permission: str = ""
    run: Callable[[Any], object] = lambda window: None
    context: str = EVERYWHERE


@dataclass(frozen=True)
class Dock:
    """A window of the desk. `id` is its place in the saved layout and never changes; `group` is its group in the navigator (msgid)."""

    id: str
    title: str
    icon: str
    group: str
    permission: str
    make: Callable[[Any], Any]


@dataclass(frozen=True)
class Tab:
    """A tab on somebody else's card: `on` names the kind of card ("parties.party"); `make(window, id)` gives the widget."""

    on: str
    title: str
    make: Callable[..., Any]
    permission: str = ""


@dataclass(frozen=True)
class Search:
    """How a slice answers the search box with records of one kind.

    title: the group's (msgid). sign: typed first, it asks for these alone. ask(tx, typed, most, forgiving) gives an answer on its way,
    so that all slices are asked in one round trip; forgiving: the words may hold typing errors. hit(row) is what the box shows of a row
    of the answer. open(window, id) opens the record.
    """

    kind: str
    title: str
    icon: str
    sign: str
    ask: Callable[[Any, str, int, bool], Any]
    hit: Callable[[Any], Hit]
    open: Callable[[Any, UUID], object]
    permission: str = ""


@dataclass(frozen=True)
class KeySet:
    """Keys that a widget answers by itself, for the key map: (what it does as a msgid, its keys). title: where they act (msgid)."""

    context: str
    title: str
    keys: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Desk:
    """All that one slice contributes."""

    docks: tuple[Dock, ...] = ()
    actions: tuple[Action, ...] = ()
    tabs: tuple[Tab, ...] = ()
    openers: Mapping[str, Callable[[Any, UUID], object]] = field(default_factory=dict)
    """Kind of card ("parties.party") → opens a record's card: cards come back when the window is made anew in another language."""
    searches: tuple[Search, ...] = ()
    key_sets: tuple[KeySet, ...] = ()


@dataclass(frozen=True)
class Clash:
    """A key that two actions want in the same place, or that nobody may have (then `second` is "")."""

    key: str
    first: str
    second: str = ""


def normal(key: str) -> str:
    """One notation for one key: modifiers in one order, Return for Enter.

    >>> normal("shift+ctrl+k"), normal("Enter")
    ('Ctrl+Shift+K', 'Return')
    """
    *modifiers, last = [part for part in key.replace(" ", "").replace("++", "+Plus").split("+") if part]
    names = {"ctrl": "Ctrl", "control": "Ctrl", "alt": "Alt", "shift": "Shift", "meta": "Meta", "altgr": "AltGr"}
    held = {names[modifier.lower()] for modifier in modifiers}
    last = {"enter": "Return", "ins": "Insert", "del": "Delete", "esc": "Escape"}.get(last.lower(), last)
    last = last.upper() if len(last) == 1 else last[:1].upper() + last[1:]
    return "+".join([name for name in ("Ctrl", "AltGr", "Alt", "Shift", "Meta") if name in held] + [last])


def forbidden(key: str) -> bool:
    """Whether a key types Polish letters: AltGr is Ctrl+Alt there, and with it ą ć ę ł ń ó ś ź ż would be lost."""
    parts = normal(key).split("+")
    return "AltGr" in parts or ("Ctrl" in parts and "Alt" in parts)


def clashes(actions: Iterable[Action]) -> list[Clash]:
    """Forbidden keys, and keys that two actions want in one context; what acts everywhere clashes with every context."""
    known = list(actions)
    found = [Clash(key, action.id) for action in known for key in action.keys if forbidden(key)]
    for one, other in combinations(known, 2):
        if one.context == other.context or EVERYWHERE in (one.context, other.context):
            shared = {normal(key) for key in one.keys} & {normal(key) for key in other.keys}
            found += [Clash(key, one.id, other.id) for key in sorted(shared)]
    return found
