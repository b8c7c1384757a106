"""The list of everything: tool bar, head with filter row, rows by key, sums. A slice declares it by a `Listing` and connects.

    browser = Browser(DOCUMENT_LIST, self)
    browser.opened.connect(self.open_document)

It asks for its first page when it is first shown, follows the feed by itself, and never asks the server from the GUI thread.
A refresh moves neither focus nor selection nor place.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from uuid import UUID

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QApplication, QPushButton, QVBoxLayout, QWidget

from crm_desktop.core.i18n import _, ngettext, tell
from crm_desktop.core.problem import Problem
from crm_desktop.db.paging import Condition, PageRequest, Sums
from crm_desktop.ui import clock, feed, keys, tasks
from crm_desktop.ui.browser_bar import BrowserBar
from crm_desktop.ui.column_layout import ColumnLayout
from crm_desktop.ui.delegates import Kind, text_of
from crm_desktop.ui.empty_list import EmptyList
from crm_desktop.ui.filters import cleaned, parse
from crm_desktop.ui.groups_view import GroupsView
from crm_desktop.ui.head import PAUSE_MS, FilterField
from crm_desktop.ui.list_acts import ListActs
from crm_desktop.ui.listing import Listing
from crm_desktop.ui.row_model import RowModel
from crm_desktop.ui.row_selection import Selection
from crm_desktop.ui.rows_view import RowsView
from crm_desktop.ui.running_line import RunningLine
from crm_desktop.ui.sums_bar import SumsBar
from crm_desktop.ui.widgets.parts import rule

#: Scroll movements are gathered so long before the model is told where the view looks.
LOOK_MS = 15
#: Changes of the layout are gathered so long before they are told.
_KEEP_MS = 400
#: For so many filters the empty list counts what there would be without them.
_MOST_LOOSENED = 3


class Browser(QWidget):
    """See the module. Focus on it is focus on the rows."""

    opened = Signal(object)  # UUID
    new_requested = Signal()
    selection_changed = Signal()
    said = Signal(str)  # what was done, for the status bar
    layout_changed = Signal()  # widths, order, hidden columns or the sort: time to keep `state()`

    def __init__(self, listing: Listing, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.listing = listing
        self.setAccessibleName(_(listing.title))
        self.model = RowModel(listing, self)
        self.bar = BrowserBar(listing, self)
        self.view = RowsView(listing, self.model, self)
        self.head, self.search = self.view.head, self.bar.search
        self.groups = GroupsView(listing, self)
        self.sums = SumsBar(self.head, self)
        self.columns = ColumnLayout(self.view)
        self.empty = EmptyList(listing, self.view)
        self.line = RunningLine(self.view)
        self._asked = self._wants_end = False
        self._whole: int | None = None  # the count without filters; -1 while it is being asked
        self._remembered: tuple[UUID | None, int, int, int] = (None, -1, 0, 0)
        self._look = self._timer(LOOK_MS, self._look_now)
        self._type = self._timer(PAUSE_MS, self.ask)
        self._keep = self._timer(_KEEP_MS, self.layout_changed.emit)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self.bar, rule(), self.view, self.groups, self.sums):
            column.addWidget(part)
        self.acts = ListActs(self)
        self._connect()
        self.head.set_sort(listing.default_sort, listing.default_sort)
        self.setFocusProxy(self.view)
        for table in listing.tables:
            feed.watch(self, table, self.refresh)

    # ---- what a slice uses ---------------------------------------------------------------------------------------------
    def add_tool(self, title: str, icon: str, key: str, run: Callable[[], object], *, needs_row: bool = False) -> QPushButton:
        """A labelled action of the tool bar (at most three). title: a msgid. key: acts while the browser has the focus ("": none).

        needs_row: disabled, with a reason, while no row is chosen.
        """
        made = self.bar.add_tool(title, icon, key, run, needs_row)
        if key and key not in ("Return", "Insert"):  # those belong to the rows themselves
            keys.bind(self, key, lambda: run() if made.isEnabled() else None)
        self._enable_tools()
        return made

    def current_id(self) -> UUID | None:
        """The record one stands on; None while groups are shown."""
        return None if self.groups.by is not None else self.model.id_at(self.view.currentIndex().row())

    def current_row(self) -> object | None:
        """Its row, as the source gave it."""
        return None if self.groups.by is not None else self.model.row_at(self.view.currentIndex().row())

    def selection(self) -> Selection:
        """What is selected."""
        return self.view.picks.meant()

    def open_current(self) -> None:
        """Open the record one stands on, as Enter does; the rows of a group while groups are shown."""
        self.groups.open_current()
        id = self.current_id()
        if id is not None:
            self.opened.emit(id)

    def select_id(self, id: UUID) -> bool:
        """Stand on this record where it is held; False where it is not."""
        place = self.model.place_of(id)
        if place is not None:
            self.view.go_to(place)
        return place is not None

    def set_filter(self, key: str, text: str) -> None:
        """Write a filter as a person would. KeyError for a column without a filter."""
        self._field(key).put(text)
        self.ask()

    def clear_filters(self) -> None:
        """Empty all filters and the search."""
        for field in self.head.fields.values():
            field.put("")
        self.search.clear()
        self.ask()

    def filters(self) -> dict[str, Condition]:
        """The filters in use, in the order of the columns. A text that cannot be read is none; its field says so."""
        found: dict[str, Condition] = {}
        problem = ""
        for field in self._fields_in_order():
            column = field.column
            meant = parse(column.reads_as, field.text(), clock.today(), column.words)
            sentence = tell(meant) if isinstance(meant, Problem) else ""
            field.set_state(sentence)
            problem = problem or (f"{_(column.title)}: {sentence}" if sentence else "")
            if meant is not None and not isinstance(meant, Problem):
                found[column.key] = meant
        self.sums.say(problem)
        return found

    def ask(self) -> None:
        """Ask for what filters, search and order say now. A filter that cannot be read leaves the old rows."""
        self._type.stop()
        filters = self.filters()
        if any(field.problem for field in self.head.fields.values()):
            return
        request = PageRequest(filters=filters, sort=self.head.sort, text=cleaned(self.search.text()))
        if self._asked and (request.filters, request.text) != (self.model.request.filters, self.model.request.text):
            self.view.picks.clear()
        self._asked, self._wants_end = True, False
        self.model.ask(request)

    def refresh(self, ids: Iterable[UUID] | None = None) -> None:
        """Others changed these records, or anything may have changed: read again what is seen. This is what the feed calls."""
        if self._asked:
            self.model.refresh(ids)

    def refresh_now(self) -> None:
        """F5: read again at once."""
        self._whole = None
        if self._asked:
            self.model.refresh(at_once=True)
        else:
            self.ask()

    def focus_rows(self) -> None:
        """To the rows, to the first where one stood nowhere; to the groups while they are shown."""
        if self.groups.by is not None:
            self.groups.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)
        if not self.view.currentIndex().isValid() and self.model.total:
            self.view.go_to(0)

    def focus_filter(self) -> None:
        """Ctrl+F: to the filter of the column where one stands; from the groups it leads back to the rows."""
        if self.groups.by is not None:
            self.acts.leave_groups()
        self.bar.filter_toggle.setChecked(True)
        field = self.head.fields.get(self.view.currentIndex().column())
        if field is None or field.isHidden():
            field = next((each for each in self._fields_in_order() if not each.isHidden()), None)
        if field is not None:
            field.setFocus(Qt.FocusReason.ShortcutFocusReason)
            field.selectAll()

    def show_groups(self, shown: bool) -> None:
        """The groups in place of the rows, or the rows again; the focus goes with them."""
        if shown == self.view.isHidden():
            self._show_sums()
            return
        focus = QApplication.focusWidget()
        inside = focus is None or self.isAncestorOf(focus)  # none: the menu that asked for it is just closing
        self.view.setVisible(not shown)
        self.groups.setVisible(shown)
        self.setFocusProxy(self.groups if shown else self.view)
        self.bar.groups.setChecked(shown)
        self._enable_tools()
        if inside:
            self.focus_rows()
        self._show_sums()

    def show_filter_of(self, section: int) -> None:
        """Have the filter field of a column in sight: a filter that acts is never out of it."""
        if self.head.isSectionHidden(section):
            self.columns.show_column(section, True)
        self.bar.filter_toggle.setChecked(True)

    def focus_search(self) -> None:
        """F3: to the search."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def state(self) -> str:
        """Order, widths (at 100 %), hidden columns, the sort and the saved filters, as JSON, for whoever keeps the employee's layout."""
        return json.dumps({**json.loads(self.columns.state()), "saved": self.acts.saved.as_data()}, ensure_ascii=False)

    def restore(self, state: str) -> bool:
        """Take what `state` gave. What no longer fits is left out; False for a text that is no state."""
        sort = self.columns.restore(state)
        if sort is None:
            return False
        self.acts.saved.restore(json.loads(state).get("saved"))
        self.bar.filter_toggle.setChecked(self.head.filters_shown)
        if sort and sort != self.head.sort:
            self.head.set_sort(sort)
            if self._asked:
                self.ask()
        return True

    # ---- Qt ------------------------------------------------------------------------------------------------------------
    def showEvent(self, event: QShowEvent) -> None:
        """The first showing asks the first page."""
        super().showEvent(event)
        if not self._asked:
            self.ask()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the width filled; look idle without focus."""
        if watched is self.view.viewport() and event.type() == QEvent.Type.Resize:
            self.columns.fit()
            self.line.place()
        elif watched is self.view and event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.view.viewport().update()
        return bool(super().eventFilter(watched, event))

    # ---- making --------------------------------------------------------------------------------------------------------
    def _timer(self, milliseconds: int, run: Callable[[], object]) -> QTimer:
        timer = QTimer(self, singleShot=True, interval=milliseconds)
        timer.timeout.connect(run)
        return timer

    def _connect(self) -> None:
        view, head, model, bar = self.view, self.head, self.model, self.bar
        bar.new_asked.connect(self.new_requested)
        bar.filters_toggled.connect(self._show_filters)
        bar.columns_asked.connect(self.columns.offer)
        bar.refresh_asked.connect(self.refresh_now)
        bar.export_asked.connect(self.acts.export)
        bar.print_asked.connect(self.acts.print)
        bar.saved_asked.connect(self.acts.offer_saved)
        bar.groups_asked.connect(self.acts.offer_groups)
        self.acts.saved.changed.connect(self._keep.start)
        self.search.textEdited.connect(lambda _text: self._type.start())
        self.search.settled.connect(self.ask)
        self.search.left.connect(self.focus_rows)
        view.opened.connect(self.open_current)
        view.new_asked.connect(lambda: self.new_requested.emit() if self.listing.new else None)
        view.typed.connect(self._begin_search)
        view.escaped.connect(self._give_search_up)
        view.end_asked.connect(self._go_to_end)
        view.menu_asked.connect(self.acts.offer_menu)
        view.sort_asked.connect(lambda down, also: head.order_by(max(0, view.currentIndex().column()), down, also))
        view.column_moved.connect(lambda step: self.columns.move(view.currentIndex().column(), step))
        view.column_widened.connect(lambda by: self.columns.widen(view.currentIndex().column(), by))
        view.looked_elsewhere.connect(lambda: None if self._look.isActive() else self._look.start())
        view.installEventFilter(self)
        view.viewport().installEventFilter(self)
        view.selectionModel().currentChanged.connect(lambda *_indexes: self._enable_tools())
        view.picks.changed.connect(self._selected)
        head.sort_changed.connect(lambda _sort: self._sorted())
        head.filtered.connect(self.ask)
        head.to_rows.connect(self.focus_rows)
        head.emptied_all.connect(self.clear_filters)
        self.columns.changed.connect(self._keep.start)
        self.columns.hidden.connect(self._drop_hidden)
        self.empty.new_asked.connect(self.new_requested)
        self.empty.drop_asked.connect(lambda key: self.set_filter(key, ""))
        self.empty.drop_all_asked.connect(self.clear_filters)
        self.empty.again_asked.connect(self.refresh_now)
        model.about_to_move.connect(self._remember)
        model.moved.connect(self._moved)
        model.replaced.connect(self._replaced)
        model.counted.connect(self._counted)
        model.arrived.connect(lambda _first, _last: self._enable_tools())
        model.busy.connect(self.line.run)
        model.failed.connect(lambda _error: None if model.ready else self.empty.say_not_read())
        keys.bind(self, "Ctrl+F", self.focus_filter)
        keys.bind(self, "F5", self.refresh_now)
        if self.listing.searchable:
            keys.bind(self, "F3", self.focus_search)

    # ---- what a person does --------------------------------------------------------------------------------------------
    def _begin_search(self, text: str) -> None:
        if self.listing.searchable:
            self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.search.setText(text)
            self._type.start()

    def _give_search_up(self) -> None:
        if self.search.text():
            self.search.clear()
            self.ask()

    def _sorted(self) -> None:
        self._keep.start()
        self.ask()

    def _show_filters(self, shown: bool) -> None:
        if not shown and any(field.text() for field in self.head.fields.values()):
            self.bar.filter_toggle.setChecked(True)  # a filter that acts is never out of sight
        elif shown != self.head.filters_shown:
            self.head.show_filters(shown)
            self.line.place()
            self._keep.start()

    def _drop_hidden(self, section: int) -> None:
        field = self.head.fields.get(section)
        if field is not None and field.text():
            field.put("")
            self.ask()

    def _go_to_end(self) -> None:
        self._wants_end = not self.model.exact
        if not self._wants_end and self.model.total:
            self.view.go_to(self.model.total - 1)

    def _selected(self) -> None:
        self._show_sums()
        self._enable_tools()
        self.selection_changed.emit()

    # ---- following the model -------------------------------------------------------------------------------------------
    def _look_now(self) -> None:
        first = self.view.first_visible()
        self.model.look_at(first, first + self.view.visible_rows())

    def _remember(self) -> None:
        index = self.view.currentIndex()
        self._remembered = (self.model.id_at(index.row()), index.row(), max(0, index.column()), self.view.first_visible())

    def _moved(self, delta: int) -> None:
        """The same record is current, and the same rows stand where they stood."""
        id, row, column, top = self._remembered
        place = None if id is None else self.model.place_of(id)
        deleted = id is not None and place is None
        if place is None and row >= 0:
            place = row if deleted else row + delta  # after a deletion: the same place in the list
        if place is not None and self.model.total:
            self.view.stand(min(max(0, place), self.model.total - 1), column, choose=deleted)
        self.view.verticalScrollBar().setValue(top + delta if top else 0)
        self._look_now()

    def _replaced(self) -> None:
        self.view.scrollToTop()
        if self.model.total:
            self.view.go_to(0, self._remembered[2])
        self._show_empty()
        self._show_sums()
        self._look_now()

    def _counted(self) -> None:
        if not self._is_filtered():
            self._whole = self.model.sums.count
        elif self._whole is None:
            self._whole = -1
            tasks.read(self, self.listing.source.sums, PageRequest(sort=self.model.request.sort), then=self._know_whole)
        if self._wants_end:
            self._go_to_end()
        self._show_empty()
        self._show_sums()

    def _know_whole(self, sums: Sums) -> None:
        self._whole = sums.count
        self._show_sums()

    def _enable_tools(self) -> None:
        chosen = self.current_id() is not None or self.view.picks.count > 0
        self.bar.enable_tools(chosen and self.groups.by is None)

    def _show_sums(self) -> None:
        picks, count = self.view.picks, self.model.sums.count
        if not self.model.exact:
            self.sums.show_sums("", {}, selected=False)
            return
        if self._is_filtered() and self._whole is not None and self._whole >= 0:
            parts = [_("{count} of {total}").format(count=_figure(count), total=_figure(self._whole))]
        else:
            parts = [ngettext("{count} row", "{count} rows", count).format(count=_figure(count))]
        summed = self.model.sums.amounts
        if self.groups.by is not None:
            self.sums.show_sums("\u2002·\u2002".join([self._told_groups(), *parts, *self._told_sums()]), {}, selected=False)
            return
        if picks.counts:
            parts.append(ngettext("{count} selected", "{count} selected", picks.count).format(count=_figure(picks.count)))
            if summed:
                parts.append(_("sums of the selection"))
            summed = picks.sums()
        self.sums.show_sums("\u2002·\u2002".join(parts), summed, selected=picks.counts)

    def _told_groups(self) -> str:
        groups = self.groups.groups
        if self.groups.more:
            return _("the first {count} groups").format(count=_figure(len(groups)))
        return ngettext("{count} group", "{count} groups", len(groups)).format(count=_figure(len(groups)))

    def _told_sums(self) -> list[str]:
        amounts = self.model.sums.amounts
        columns = [column for column in self.listing.columns if column.key in amounts]
        return [f"{_(column.title)} {text_of(amounts[column.key], column.kind)}" for column in columns]

    def _show_empty(self) -> None:
        if self.model.total or not self.model.exact:
            self.empty.clear()
        elif self._is_filtered():
            request = self.model.request
            self.empty.say_nothing_found(request.filters, request.text, {})
            if len(request.filters) + bool(request.text) > 1:
                self._loosen(request)
        else:
            self.empty.say_nothing_yet()

    def _loosen(self, request: PageRequest) -> None:
        """Count what there would be without one of the filters, and offer to drop the one that is in the way most."""
        without: dict[str, int] = {}

        def know(key: str) -> Callable[[Sums], None]:
            def take(sums: Sums) -> None:
                if self.model.request is request and self.empty.state is not None:
                    without[key] = sums.count
                    self.empty.say_nothing_found(request.filters, request.text, without)

            return take

        for key in list(request.filters)[:_MOST_LOOSENED]:
            others = {other: condition for other, condition in request.filters.items() if other != key}
            loose = replace(request, filters=others)
            tasks.read(self, self.listing.source.sums, loose, then=know(key))

    # ---- parts ---------------------------------------------------------------------------------------------------------
    def _is_filtered(self) -> bool:
        return bool(self.model.request.filters or self.model.request.text)

    def _field(self, key: str) -> FilterField:
        for field in self.head.fields.values():
            if field.column.key == key:
                return field
        raise KeyError(key)

    def _fields_in_order(self) -> list[FilterField]:
        places = [self.head.logicalIndex(visual) for visual in range(self.head.count())]
        return [self.head.fields[section] for section in places if section in self.head.fields]


def _figure(count: int) -> str:
    return text_of(count, Kind.NUMBER)
