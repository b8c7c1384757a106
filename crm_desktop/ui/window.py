"""What the windows of a slice may ask of the main window. The window itself is made by the program (app/main_window.py).

    def make(window: Window) -> QWidget: ...        a dock's maker, declared in the slice's desk.py

A dock's widget may have, and the window then uses: `fkeys() -> list[FKey]` with a signal `fkeys_changed` (keys that it binds itself),
`title_changed(str)`, `dirty_changed(bool)`, `closed()` (the person is done), `may_close() -> bool` (asked before closing),
`stays()` (she was asked and leaves it open),
`state() -> str` and `restore(str)` with `layout_changed` (columns, kept in the employee's workspace), `takes_scans() -> bool` and
`take_scan(code)` (a document: scans reach it wherever the focus stands, see app/scans.py).
"""

from collections.abc import Callable, Sequence
from typing import Protocol
from uuid import UUID

from PySide6.QtWidgets import QWidget

from crm_desktop.db.transaction import Who
from crm_desktop.ui.desk import Tab
from crm_desktop.ui.widgets.toast import Toasts


class Window(Protocol):
    """The main window, as seen from a slice."""

    @property
    def who(self) -> Who:
        """Who works here, and what she may do."""

    @property
    def branch_id(self) -> UUID:
        """The branch that she works in now: new documents are its."""

    @property
    def toasts(self) -> Toasts:
        """For "done, with a useful next step"."""

    def may(self, permission: str) -> bool:
        """Whether she holds a permission; "" is always allowed."""

    def say(self, text: str) -> None:
        """What was done last, in the status bar."""

    def open_dock(self, id: str) -> QWidget | None:
        """Show a declared dock; None where she may not open it."""

    def open_card(
        self,
        id: str,
        title: str,
        icon: str,
        make: Callable[[], QWidget],
        *,
        area: str = "right",
        again: Callable[[], object] | None = None,
    ) -> QWidget:
        """Show the card `id` ("parties.party:<uuid>"), made by `make` unless it is open.

        area: "right" of the list, or "center". again: how Ctrl+Shift+T opens it anew (default: by `make`).
        """

    def open_record(self, kind: str, id: UUID) -> bool:
        """Show the card of a record of any slice ("parties.party"); False where nothing opens such a record."""

    def current_record(self) -> tuple[str, UUID, str] | None:
        """The record whose card is in front: kind, key and title; None where that is none that can be opened by its key."""

    def has_dock(self, id: str) -> bool:
        """Whether a dock or card is open."""

    def current(self) -> QWidget | None:
        """The widget of the dock in use: what an action acts on."""

    def close_dock(self, id: str) -> bool:
        """Close a dock as a person does."""

    def permissions(self) -> Sequence[tuple[str, Sequence[tuple[str, str]]]]:
        """Every right of the program: (heading, [(name, title)]) by slice, in the language in use."""

    def tabs(self, on: str) -> Sequence[Tab]:
        """What upper slices contribute to a card of this kind."""

    def station(self) -> tuple[UUID, str] | None:
        """The workstation that this computer is installed as: id and code."""

    def keep_station(self, station: tuple[UUID, str], secret: str) -> None:
        """This computer is that workstation from now on; its secret goes to the keyring."""

    def forget_station(self) -> None:
        """This computer is no workstation any more."""

    def server(self) -> str:
        """Where the desk is connected, for people."""


def as_uuid(id: str) -> UUID | None:
    """The record of a card's id ("parties.party:<uuid>"), None where it has none."""
    head, _colon, tail = id.partition(":")
    return UUID(tail) if tail else None
