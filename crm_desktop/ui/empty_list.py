"""What a browser says where it has no row to show: nothing there yet, nothing that matches, or nothing that could be read."""

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QTableView

from crm_desktop.core.i18n import _, ngettext
from crm_desktop.db.paging import Condition
from crm_desktop.ui import theme as look
from crm_desktop.ui.delegates import Kind, text_of
from crm_desktop.ui.filters import told
from crm_desktop.ui.listing import Column, Listing
from crm_desktop.ui.widgets.states import WIDEST, StateButton, StateView


class EmptyList(QObject):
    """Lies over the rows' place, under the head, so that the filters stay in reach."""

    new_asked = Signal()
    drop_asked = Signal(str)  # the key of the column whose filter shall go
    drop_all_asked = Signal()
    again_asked = Signal()

    def __init__(self, listing: Listing, view: QTableView) -> None:
        super().__init__(view)
        self._listing, self._place = listing, view.viewport()
        self._state: StateView | None = None
        self._place.installEventFilter(self)

    @property
    def state(self) -> StateView | None:
        """The state that is shown, if one is."""
        return self._state if self._state is not None and not self._state.isHidden() else None

    def clear(self) -> None:
        """There are rows."""
        if self._state is not None:
            self._state.hide()

    def say_nothing_yet(self) -> None:
        """The module is empty: what it is for, and the first step."""
        new = StateButton(_(self._listing.new), self.new_asked.emit, "primary", "plus", "Insert")
        self._say(self._listing.empty_icon, _(self._listing.empty_title), _(self._listing.empty_text), [new] if self._listing.new else [])

    def say_nothing_found(self, filters: Mapping[str, Condition], text: str, without: Mapping[str, int]) -> None:
        """Nothing matches: repeat the filters; `without`: how many rows there were without the filter of a column."""
        columns = {column.key: column for column in self._listing.columns}
        sentences = [self.searched(filters, text)]
        buttons = []
        best = max(without, key=lambda key: without[key], default="")
        if best and without[best]:
            title = _(columns[best].title)
            sentence = ngettext(
                "Without the filter “{column}” there is {count}.", "Without the filter “{column}” there are {count}.", without[best]
            )
            sentences.append(sentence.format(column=title, count=text_of(without[best], Kind.NUMBER)))
            drop = _("Drop the filter “{column}”").format(column=title)
            buttons.append(StateButton(drop, lambda: self.drop_asked.emit(best), "primary"))
        buttons.append(StateButton(_("Drop all filters"), self.drop_all_asked.emit, "" if buttons else "primary", key="Shift+Esc"))
        self._say("file-search", _("Nothing matches the filters"), " ".join(sentences), buttons)

    def searched(self, filters: Mapping[str, Condition], text: str) -> str:
        """The filters and the search as a sentence; "" where there are none."""
        columns = {column.key: column for column in self._listing.columns}
        parts = [_told(columns[key], condition) for key, condition in filters.items()]
        if text:
            parts.append(_("“{text}”").format(text=text))
        return _("Searched: {filters}.").format(filters=", ".join(parts)) if parts else ""

    def say_not_read(self) -> None:
        """The first answer did not come; what is wrong with the connection is said by the strip of the desk."""
        again = StateButton(_("Try again"), self.again_asked.emit, "primary", "refresh", "F5")
        self._say("plug-connected-x", _("The list could not be read"), _("Nothing was changed. Try again in a moment."), [again])

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay in the middle."""
        if event.type() == QEvent.Type.Resize:
            self._centre()
        return bool(super().eventFilter(watched, event))

    def _say(self, icon: str, title: str, text: str, buttons: list[StateButton]) -> None:
        if self._state is None:
            self._state = StateView(icon, title, text, buttons, parent=self._place)
        else:
            self._state.say(icon, title, text, buttons)
        self._centre()
        self._state.show()

    def _centre(self) -> None:
        if self._state is None:
            return
        area = self._place.rect()
        # As narrow as its sentences are: only then does the layout give them the height that their lines need.
        width = min(area.width(), max(look.current().scaled(WIDEST) + 32, self._state.minimumSizeHint().width()))
        area.setX((area.width() - width) // 2)
        area.setWidth(width)
        self._state.setGeometry(area)


def _told(column: Column, condition: Condition) -> str:
    title = _(column.title)
    if title[1:] == title[1:].lower():  # not KSeF or NIP
        title = title[:1].lower() + title[1:]
    return f"{title} {told(condition, column.reads_as, column.words)}"
