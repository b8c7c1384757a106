"""What can be done now, for the palette: the window's own acts, the keys of the dock in use, every dock, the person's menu."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from crm_desktop.core.i18n import N_, _
from crm_desktop.core.search import fit
from crm_desktop.ui.desk import Action, Place, normal


@dataclass(frozen=True)
class Command:
    """An act with its name in the language in use. key: in Qt's notation, "" for none."""

    title: str
    icon: str
    run: Callable[[], object]
    key: str = ""


def _pick(place: int) -> Callable[[Any], object]:
    return lambda window: window.dock_area.pick(place)


#: The acts of the window itself, with their keys: one declaration for the keyboard, the palette and the map of keys.
WINDOW: tuple[Action, ...] = (
    Action("window.search", N_("Everything"), "search", ("Ctrl+K",), Place.FKEYS_RIGHT, run=lambda w: w.search.open()),
    Action("window.keys", N_("Keys of this window"), "help", ("F1",), run=lambda w: w.show_keys()),
    Action("window.fold", N_("Fold the navigator"), "layout-sidebar", ("Ctrl+B",), run=lambda w: w.navigator.toggle()),
    Action("window.next", N_("Next tab"), "arrow-right", ("Ctrl+Tab",), run=lambda w: w.dock_area.cycle(1)),
    Action("window.previous", N_("Previous tab"), "arrow-left", ("Ctrl+Shift+Tab",), run=lambda w: w.dock_area.cycle(-1)),
    Action("window.close", N_("Close the tab"), "x", ("Ctrl+W",), run=lambda w: w.dock_area.close_dock(w.dock_area.current())),
    Action("window.reopen", N_("Reopen what was closed"), "arrow-back-up", ("Ctrl+Shift+T",), run=lambda w: w.shelf.reopen()),
    *(Action(f"window.pick_{place}", N_("Tab 1 to 9"), "", (f"Ctrl+{place}",), run=_pick(place)) for place in range(1, 10)),
    Action("window.work", N_("Background work"), "stack-2", ("Ctrl+J",), run=lambda w: w.work.open_panel()),
    Action("window.light", N_("Light look"), "sun", run=lambda w: w.program.choose_look("light", w.program.appearance()[1])),
    Action("window.dark", N_("Dark look"), "moon", run=lambda w: w.program.choose_look("dark", w.program.appearance()[1])),
    Action("window.log_out", N_("Log out"), "logout", run=lambda w: w.program.log_out()),
)

#: Not worth a line in the palette: it is open, and tabs are counted by eye.
_UNLISTED = ("window.search", "window.pick_")


def commands(window: Any) -> list[Command]:
    """Everything that may be done now; what she may not do is not there. First what belongs to the dock in use."""
    shelf = window.shelf
    found: list[Command] = []
    own = getattr(window.current(), "fkeys", None)
    if callable(own):
        found += [Command(each.title, "keyboard", each.run, normal(each.key)) for each in own() if each.enabled]
    current = window.dock_area.current()
    acts = shelf.actions_of(current) if window.current() is not None else []
    for action in [*acts, *shelf.actions_everywhere()]:
        if not action.id.startswith(_UNLISTED):
            key = normal(action.keys[0]) if action.keys else ""
            found.append(Command(_(action.title), action.icon or "keyboard", partial(action.run, window), key))
    found += [
        Command(_("Open: {title}").format(title=_(dock.title)), dock.icon, partial(window.open_dock, dock.id)) for dock in window.docks
    ]
    return _each_once(found)


def matching(every: Sequence[Command], text: str) -> list[Command]:
    """Those whose names hold every word of `text`, without regard to case and accents, best first; all for an empty text."""
    if not text.strip():
        return list(every)
    ranked = [(fit(command.title, text), command) for command in every]
    return [command for rank, command in sorted(ranked, key=lambda pair: -(pair[0] or 0)) if rank is not None]


def _each_once(every: Sequence[Command]) -> list[Command]:
    """The first of those that have the same name: an editor shows its keys by itself."""
    kept: dict[str, Command] = {}
    for command in every:
        kept.setdefault(command.title, command)
    return list(kept.values())
