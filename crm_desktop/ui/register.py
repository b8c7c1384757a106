"""A list whose records open as cards: what every register of the desk does the same way, and its keys."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

from crm_desktop.core.i18n import N_
from crm_desktop.ui.browser import Browser
from crm_desktop.ui.desk import Action, Place
from crm_desktop.ui.list_acts import COLUMNS_KEY, COPY_KEY, EXPORT_KEY, GROUP_KEY, PRINT_KEY, SAVED_KEY
from crm_desktop.ui.listing import Listing
from crm_desktop.ui.window import Window


class Register(Browser):
    """Enter opens the card, Ins a new one where she may make one."""

    def __init__(self, window: Window, listing: Listing, open_card: Callable[[Window, UUID | None], object], permission: str) -> None:
        """open_card(window, id): the card of a record, None for a new one. permission: to add and change."""
        may = window.may(permission)
        super().__init__(replace(listing.for_permissions(window.may), new=listing.new if may else ""))
        self.setObjectName(listing.name.replace(".", "_"))
        self.desk = window
        self.opened.connect(lambda id_: open_card(window, id_))
        if may:
            self.new_requested.connect(lambda: open_card(window, None))
        self.add_tool(N_("Open"), "external-link", "Return", self.open_current, needs_row=True)


def _on(act: str) -> Callable[[Any], object]:
    return lambda window: getattr(window.current(), act)()


def _act(act: str) -> Callable[[Any], object]:
    """An act of the whole list; a window around a list has it as `browser`."""
    return lambda window: getattr(getattr(window.current(), "browser", window.current()).acts, act)()


def list_actions(context: str, *, groups: bool = False) -> tuple[Action, ...]:
    """What is done with the whole list, for the palette and the map of keys. context: its dock. groups: it can be grouped."""
    group = Action(f"{context}.group", N_("Group by"), "stack-2", (GROUP_KEY,), run=_act("offer_groups"), context=context)
    return (
        *((group,) if groups else ()),
        Action(f"{context}.export", N_("Export"), "file-export", (EXPORT_KEY,), run=_act("export"), context=context),
        Action(f"{context}.print_list", N_("Print the list"), "printer", (PRINT_KEY,), run=_act("print"), context=context),
        Action(f"{context}.copy", N_("Copy the rows as a table"), "copy", (COPY_KEY,), run=_act("copy"), context=context),
        Action(f"{context}.saved", N_("Saved filters"), "table-options", (SAVED_KEY,), run=_act("offer_saved"), context=context),
        Action(f"{context}.columns", N_("Columns"), "columns-3", (COLUMNS_KEY,), run=_act("offer_columns"), context=context),
    )


def register_actions(context: str, permission: str, *, groups: bool = False) -> tuple[Action, ...]:
    """The keys of a register, the most used in the key bar. context: its dock. permission: to add and change. groups: as above."""
    keys = Place.FKEYS
    return (
        Action(f"{context}.new", N_("New"), "plus", ("Insert",), keys, permission, lambda w: w.current().new_requested.emit(), context),
        Action(f"{context}.open", N_("Open"), "external-link", ("Return",), keys, "", _on("open_current"), context),
        Action(f"{context}.search", N_("Search"), "search", ("F3",), keys, "", _on("focus_search"), context),
        Action(f"{context}.filter", N_("Filter"), "filter", ("Ctrl+F",), keys, "", _on("focus_filter"), context),
        Action(f"{context}.refresh", N_("Refresh"), "refresh", ("F5",), keys, "", _on("refresh_now"), context),
        *list_actions(context, groups=groups),
    )
