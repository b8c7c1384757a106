"""The list of everything: tool bar, head with filter row, rows by key, sums. A slice declares it by a `Listing` and connects.

    browser = Browser(DOCUMENT_LIST, self)
    browser.opened.connect(self.open_document)

It asks for its first page when it is first shown, follows the feed by itself, and never asks the server from the GUI thread.
A refresh moves neither focus nor selection nor place.
"""

import json
from collections.abc import Callable, Iterable
from uuid import UUID

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QMenu, QPushButton, QVBoxLayout, QWidget

from crm_desktop.core.i18n import _, ngettext, tell
from crm_desktop.core.problem import Problem
from crm_desktop.db.paging import Condition, PageRequest, Sort, Sums
from crm_desktop.ui import clock, feed, keys, tasks
from crm_desktop.ui import theme as look
from crm_desktop.ui.delegates import Kind, text_of
from crm_desktop.ui.filters import parse, told
from crm_desktop.ui.head import PAUSE_MS, FilterField
from crm_desktop.ui.listing import Listing
from crm_desktop.ui.row_model import RowModel
from crm_desktop.ui.row_selection import Selection
from crm_desktop.ui.rows_view import RowsView
from crm_desktop.ui.running_line import RunningLine
from crm_desktop.ui.sums_bar import SumsBar
from crm_desktop.ui.widgets.parts import button, rule, tool_button
from crm_desktop.ui.widgets.states import WIDEST, StateButton, StateView

#: Scroll movements are gathered so long before the model is told where the view looks.
LOOK_MS = 15
_MOST_TOOLS = 3


class Browser(QWidget):
    """See the module. Focus on it is focus on the rows."""

    opened = Signal(object)  # UUID
    new_requested = Signal()
    selection_changed = Signal()
    layout_changed = Signal()  # widths, order, hidden columns or the sort: time to keep `state()`

    def __init__(self, listing: Listing, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.listing = listing
        self.setAccessibleName(_(listing.title))
        self.model = RowModel(listing, self)
        self.view = RowsView(listing, self.model, self)
        self.head = self.view.head
        self.sums = SumsBar(self.head, self)
        self.search = QLineEdit(self)
        self.tools: list[QPushButton] = []
        self._needs_row: list[QPushButton] = []
        self._asked = False
        self._whole: int | None = None  # the count without filters
        self._wants_end = self._fitting = False
        self._remembered: tuple[UUID | None, int, int, int] = (None, -1, 0, 0)
        self._state_view: StateView | None = None
        self._look = self._timer(LOOK_MS, self._look_now)
        self._type = self._timer(PAUSE_MS, self.ask)
        self._keep = self._timer(400, self.layout_changed.emit)
        self._lay_out()
        self.line = RunningLine(self.view)
        self._connect()
        self.head.set_sort(listing.default_sort, listing.default_sort)
        for section, column in enumerate(listing.columns):
            self.head.setSectionHidden(section, column.hidden)
        self.setFocusProxy(self.view)
        for table in listing.tables:
            feed.watch(self, table, self.refresh)
        look.current().follow(self, self._restyle)

    # ---- what a slice uses ---------------------------------------------------------------------------------------------
    def add_tool(self, title: str, icon: str, key: str, run: Callable[[], object], *, needs_row: bool = False) -> QPushButton:
        """A labelled action of the tool bar (at most three). title: a msgid. key: acts while the browser has the focus ("" none).

        needs_row: disabled, with a reason, while no row is chosen.
        """
        if len(self.tools) == _MOST_TOOLS:
            raise ValueError("a tool bar has at most three labelled actions")
        made = button(_(title), run, icon=icon, key=key)
        made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        made.setProperty("plainTip", made.toolTip())
        if key and key not in ("Return", "Insert"):  # those belong to the rows themselves
            keys.bind(self, key, lambda: run() if made.isEnabled() else None)
        self.tools.append(made)
        if needs_row:
            self._needs_row.append(made)
        self._bar.insertWidget(self._bar.indexOf(self._rule), made)
        self._enable_tools()
        return made

    def current_id(self) -> UUID | None:
        """The record one stands on."""
        return self.model.id_at(self.view.currentIndex().row())

    def current_row(self) -> object | None:
        """Its row, as the source gave it."""
        return self.model.row_at(self.view.currentIndex().row())

    def selection(self) -> Selection:
        """What is selected."""
        return self.view.picks.meant()

    def open_current(self) -> None:
        """Open the record one stands on, as Enter does."""
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
        """The filters in use. A text that cannot be read is none; its field says so."""
        found: dict[str, Condition] = {}
        problem = ""
        for field in self.head.fields.values():
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
        request = PageRequest(filters=filters, sort=self.head.sort, text=self.search.text().strip())
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
        """To the rows; stands on the first where one stood nowhere."""
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)
        if not self.view.currentIndex().isValid() and self.model.total:
            self.view.go_to(0)

    def focus_filter(self) -> None:
        """Ctrl+F: to the filter of the column where one stands."""
        if not self.head.filters_shown:
            self._filter_toggle.setChecked(True)
        field = self.head.fields.get(self.view.currentIndex().column())
        if field is None or not field.isVisible():
            field = next((each for each in self._fields_in_order() if each.isVisible()), None)
        if field is not None:
            field.setFocus(Qt.FocusReason.ShortcutFocusReason)
            field.selectAll()

    # ---- layout, kept by whoever knows the employee --------------------------------------------------------------------
    def state(self) -> str:
        """Order, widths (at 100 %), hidden columns and the sort, as JSON. Filters are not kept."""
        scale = max(1.0, look.current().scale)
        columns = []
        for visual in range(self.head.count()):
            section = self.head.logicalIndex(visual)
            hidden = self.head.isSectionHidden(section)
            columns.append({"key": self.listing.columns[section].key, "width": round(self._widths[section] / scale), "hidden": hidden})
        sort = [{"key": part.key, "descending": part.descending} for part in self.head.sort]
        return json.dumps({"columns": columns, "sort": sort, "filters": self.head.filters_shown}, ensure_ascii=False)

    def restore(self, state: str) -> bool:
        """Take what `state` gave. What no longer fits (other columns, a damaged text) is left out; False where nothing fits."""
        try:
            kept = json.loads(state)
            places = {column.key: section for section, column in enumerate(self.listing.columns)}
            columns = [(places[part["key"]], int(part["width"]), bool(part["hidden"])) for part in kept["columns"] if part["key"] in places]
            sort = tuple(
                Sort(part["key"], bool(part["descending"]))
                for part in kept["sort"]
                if part["key"] in places and self.listing.columns[places[part["key"]]].sortable
            )
            filters = bool(kept.get("filters", True))
        except (ValueError, KeyError, TypeError):
            return False
        for visual, (section, width, hidden) in enumerate(columns):
            self.head.moveSection(self.head.visualIndex(section), visual)
            self.head.setSectionHidden(section, hidden)
            self._widths[section] = max(look.current().scaled(width), self.head.least_width(section))
        self._filter_toggle.setChecked(filters)
        self._fit()
        if sort and sort != self.head.sort:
            self.head.set_sort(sort)
            if self._asked:
                self.ask()
        return bool(columns)

    # ---- making --------------------------------------------------------------------------------------------------------
    def _timer(self, milliseconds: int, run: Callable[[], object]) -> QTimer:
        timer = QTimer(self, singleShot=True, interval=milliseconds)
        timer.timeout.connect(run)
        return timer

    def _lay_out(self) -> None:
        self._toolbar = QFrame(self)
        look.mark(self._toolbar, role="surface")
        self._bar = QHBoxLayout(self._toolbar)
        self._bar.setContentsMargins(8, 0, 8, 0)
        self._bar.setSpacing(6)
        self.new_button = button(_(self.listing.new), self.new_requested.emit, kind="primary", icon="plus", key="Insert")
        self.new_button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.new_button.setVisible(bool(self.listing.new))
        self._rule = rule(vertical=True)
        self._filter_toggle = tool_button("filter", _("Filter row"), "Ctrl+F", checkable=True)
        self._filter_toggle.setChecked(True)
        self._filter_toggle.toggled.connect(self._show_filters)
        self._columns_button = tool_button("columns-3", _("Columns"), "", self._choose_columns)
        refresh = tool_button("refresh", _("Refresh"), "F5", self.refresh_now)
        self.search.setPlaceholderText(_("Search"))
        self.search.setAccessibleName(_("Search in the list"))
        self.search.setToolTip(keys.with_key(_("Search in the list"), "F3"))
        self.search.addAction(look.current().icon("search", "text_3"), QLineEdit.ActionPosition.LeadingPosition)
        self.search.setClearButtonEnabled(False)
        self.search.setMaxLength(200)
        self.search.setVisible(self.listing.searchable)
        for widget in (self.new_button, self._rule, self._filter_toggle, self._columns_button, refresh):
            self._bar.addWidget(widget)
        self._bar.addStretch(1)
        self._bar.addWidget(self.search, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self._toolbar, rule(), self.view, self.sums):
            column.addWidget(part)

    def _connect(self) -> None:
        self.view.opened.connect(self.open_current)
        self.view.new_asked.connect(lambda: self.new_requested.emit() if self.listing.new else None)
        self.view.typed.connect(self._begin_search)
        self.view.escaped.connect(self._leave_search)
        self.view.end_asked.connect(self._go_to_end)
        self.view.looked_elsewhere.connect(self._look_soon)
        self.view.installEventFilter(self)
        self.view.viewport().installEventFilter(self)
        self.search.installEventFilter(self)
        self.search.textEdited.connect(lambda _text: self._type.start())
        self.view.selectionModel().currentChanged.connect(lambda *_indexes: self._stood())
        self.view.picks.changed.connect(self._selected)
        self.head.sort_changed.connect(lambda _sort: self._sorted())
        self.head.filtered.connect(self.ask)
        self.head.to_rows.connect(self.focus_rows)
        self.head.emptied_all.connect(self.clear_filters)
        self.head.sectionResized.connect(self._resized)
        self.head.sectionMoved.connect(lambda *_places: self._keep.start())
        self.model.about_to_move.connect(self._remember)
        self.model.moved.connect(self._moved)
        self.model.replaced.connect(self._replaced)
        self.model.counted.connect(self._counted)
        self.model.arrived.connect(lambda _first, _last: self._stood())
        self.model.busy.connect(self.line.run)
        keys.bind(self, "Ctrl+F", self.focus_filter)
        keys.bind(self, "F5", self.refresh_now)
        if self.listing.searchable:
            keys.bind(self, "F3", self._focus_search)

    def _restyle(self) -> None:
        theme = look.current()
        self._toolbar.setFixedHeight(theme.size("toolbar"))
        self._rule.setFixedHeight(theme.size("control"))
        self.search.setMaximumWidth(theme.scaled(200))
        self._widths = {
            section: max(theme.scaled(column.width), self.head.least_width(section)) for section, column in enumerate(self.listing.columns)
        }
        self._fit()

    # ---- showing -------------------------------------------------------------------------------------------------------
    def showEvent(self, event: QShowEvent) -> None:
        """The first showing asks the first page."""
        super().showEvent(event)
        if not self._asked:
            self.ask()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the width filled, the state in the middle, the search left by its keys."""
        if watched is self.view.viewport() and event.type() == QEvent.Type.Resize:
            self._fit()
            self._place_state()
        elif watched is self.search and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._search_key(event)
        elif watched is self.view and event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.view.viewport().update()  # the selection is paler without focus
        return bool(super().eventFilter(watched, event))

    def _look_soon(self) -> None:
        if not self._look.isActive():
            self._look.start()

    def _look_now(self) -> None:
        first = self.view.first_visible()
        self.model.look_at(first, first + self.view.visible_rows())

    def _fit(self) -> None:
        """Each column has its width; the stretching ones share what is left, at least their own least width."""
        if self._fitting:
            return
        self._fitting = True
        shown = [section for section in range(self.head.count()) if not self.head.isSectionHidden(section)]
        stretching = [section for section in shown if self.listing.columns[section].stretch]
        fixed = sum(self._widths[section] for section in shown if section not in stretching)
        left = self.view.viewport().width() - fixed
        for section in shown:
            if section in stretching:
                share = left // len(stretching) + (left % len(stretching) if section == stretching[-1] else 0)
                self.head.resizeSection(section, max(share, look.current().scaled(120)))
            else:
                self.head.resizeSection(section, self._widths[section])
        self._fitting = False
        self.head.place_fields()
        self.line.place()

    def _resized(self, section: int, _old: int, new: int) -> None:
        """A person drags a border: no column gets narrower than its kind allows; the names give or take the rest."""
        if not self._fitting and new > 0:
            self._widths[section] = max(new, self.head.least_width(section))
            self._keep.start()
            if not self.listing.columns[section].stretch:
                self._fit()

    def _show_filters(self, shown: bool) -> None:
        if not shown and any(field.text() for field in self.head.fields.values()):
            self._filter_toggle.setChecked(True)  # a filter that acts is never out of sight
            return
        self.head.show_filters(shown)
        self.line.place()
        self._keep.start()

    def _choose_columns(self) -> None:
        menu = QMenu(self)
        shown = [each for each in range(self.head.count()) if not self.head.isSectionHidden(each)]
        for visual in range(self.head.count()):
            section = self.head.logicalIndex(visual)
            action = QAction(_(self.listing.columns[section].title), menu, checkable=True, checked=section in shown)
            action.setEnabled(section not in shown or len(shown) > 1)
            action.toggled.connect(lambda on, section=section: self._show_column(section, on))
            menu.addAction(action)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self._columns_button.mapToGlobal(QPoint(0, self._columns_button.height())))

    def _show_column(self, section: int, shown: bool) -> None:
        self.head.setSectionHidden(section, not shown)
        if not shown and section in self.head.fields and self.head.fields[section].text():
            self.head.fields[section].put("")
            self.ask()
        self._fit()
        self._keep.start()

    # ---- searching -----------------------------------------------------------------------------------------------------
    def _begin_search(self, text: str) -> None:
        if self.listing.searchable:
            self._focus_search()
            self.search.setText(text)
            self._type.start()

    def _focus_search(self) -> None:
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def _search_key(self, event: QKeyEvent) -> bool:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down):
            if self._type.isActive():
                self.ask()
            self.focus_rows()
        elif event.key() == Qt.Key.Key_Escape:
            self._leave_search()
            self.focus_rows()
        else:
            return False
        return True

    def _leave_search(self) -> None:
        if self.search.text():
            self.search.clear()
            self.ask()

    # ---- following the model -------------------------------------------------------------------------------------------
    def _sorted(self) -> None:
        self._keep.start()
        self.ask()

    def _remember(self) -> None:
        index = self.view.currentIndex()
        self._remembered = (self.model.id_at(index.row()), index.row(), max(0, index.column()), self.view.first_visible())

    def _moved(self, delta: int) -> None:
        """The same record is current, and the same rows stand where they stood."""
        id, row, column, top = self._remembered
        place = self.model.place_of(id) if id is not None else None
        if place is None and row >= 0:
            place = row if id is not None else row + delta  # deleted: the same place in the list
        if place is not None and self.model.total:
            self._stand(min(max(0, place), self.model.total - 1), column, deleted=id is not None and self.model.place_of(id) is None)
        self.view.verticalScrollBar().setValue(top + delta if top else 0)
        self._look_now()

    def _stand(self, place: int, column: int, *, deleted: bool) -> None:
        """Stand there again without scrolling; where the record itself is gone, the one in its place is chosen."""
        scrolls = self.view.hasAutoScroll()
        self.view.setAutoScroll(False)
        picks, model = self.view.picks, self.view.selectionModel()
        act = model.SelectionFlag.NoUpdate
        if deleted and not picks.marking:
            picks.let_go()
            act = model.SelectionFlag.ClearAndSelect | model.SelectionFlag.Rows
        model.setCurrentIndex(self.model.index(place, column), act)
        self.view.setAutoScroll(scrolls)

    def _replaced(self) -> None:
        self.view.verticalScrollBar().setValue(0)
        self.view.scrollToTop()
        if self.model.total:
            self.view.go_to(0, self._remembered[2])
        self._show_state()
        self._show_sums()
        self._look_now()

    def _counted(self) -> None:
        if not self.model.request.filters and not self.model.request.text:
            self._whole = self.model.sums.count
        elif self._whole is None:
            self._whole = -1  # asked once
            tasks.read(self, self.listing.source.sums, PageRequest(sort=self.model.request.sort), then=self._know_whole)
        if self._wants_end:
            self._go_to_end()
        self._show_state()
        self._show_sums()

    def _know_whole(self, sums: Sums) -> None:
        self._whole = sums.count
        self._show_sums()

    def _go_to_end(self) -> None:
        self._wants_end = not self.model.exact
        if not self._wants_end and self.model.total:
            self.view.go_to(self.model.total - 1)

    def _stood(self) -> None:
        self._enable_tools()

    def _selected(self) -> None:
        self._show_sums()
        self._enable_tools()
        self.selection_changed.emit()

    def _enable_tools(self) -> None:
        here = self.current_id() is not None or self.view.picks.count > 0
        for made in self._needs_row:
            if made.isEnabled() != here:
                made.setEnabled(here)
                made.setToolTip(made.property("plainTip") if here else _("Choose a row first"))

    def _show_sums(self) -> None:
        picks, total = self.view.picks, self.model.sums.count
        if not self.model.exact:
            self.sums.show_sums("", {}, selected=False)
            return
        filtered = bool(self.model.request.filters or self.model.request.text)
        if filtered and self._whole is not None and self._whole >= 0:
            text = _("{count} of {total}").format(count=_figure(total), total=_figure(self._whole))
        else:
            text = ngettext("{count} row", "{count} rows", total).format(count=_figure(total))
        summed = self.model.sums.amounts
        if picks.counts:
            marked = ngettext("{count} selected", "{count} selected", picks.count).format(count=_figure(picks.count))
            of = _("sums of the selection") if summed else ""
            text = "\u2002·\u2002".join(part for part in (text, marked, of) if part)
            summed = picks.sums()
        self.sums.show_sums(text, summed, selected=picks.counts)

    # ---- empty ---------------------------------------------------------------------------------------------------------
    def _show_state(self) -> None:
        """Nothing to show: by the filter, which is repeated, or because nothing is there yet."""
        if self.model.total or not self.model.exact:
            if self._state_view is not None:
                self._state_view.hide()
            return
        filtered = [field for field in self._fields_in_order() if field.text().strip()]
        if filtered or self.search.text().strip():
            self._show_nothing_found(filtered, {})
            for field in filtered[:3] if len(filtered) + bool(self.search.text().strip()) > 1 else []:
                self._count_without(field, filtered)
        else:
            buttons = (
                [StateButton(_(self.listing.new), self.new_requested.emit, "primary", "plus", key="Insert")] if self.listing.new else []
            )
            self._say(self.listing.empty_icon, _(self.listing.empty_title), _(self.listing.empty_text), buttons)

    def _show_nothing_found(self, filtered: list[FilterField], without: dict[str, int]) -> None:
        parts = []
        for field in filtered:
            meant = parse(field.column.reads_as, field.text(), clock.today(), field.column.words)
            if meant is not None and not isinstance(meant, Problem):
                parts.append(f"{_(field.column.title).lower()} {told(meant, field.column.reads_as, field.column.words)}")
        if self.search.text().strip():
            parts.append(_("“{text}”").format(text=self.search.text().strip()))
        sentences = [_("Searched: {filters}.").format(filters=", ".join(parts))]
        buttons = []
        best = max(without, key=lambda key: without[key], default="")
        if best and without[best]:
            field = self._field(best)
            title, count = _(field.column.title), without[best]
            sentences.append(
                ngettext(
                    "Without the filter “{column}” there is {count}.", "Without the filter “{column}” there are {count}.", count
                ).format(column=title, count=_figure(count))
            )
            buttons.append(StateButton(_("Drop the filter “{column}”").format(column=title), lambda: self.set_filter(best, ""), "primary"))
        buttons.append(StateButton(_("Drop all filters"), self.clear_filters, "" if buttons else "primary", key="Shift+Esc"))
        self._say("file-search", _("Nothing matches the filters"), " ".join(sentences), buttons)

    def _count_without(self, field: FilterField, filtered: list[FilterField]) -> None:
        request = self.model.request
        others = {key: condition for key, condition in request.filters.items() if key != field.column.key}

        def know(sums: Sums) -> None:
            if self.model.request is request and not self.model.total:
                self._loosened[field.column.key] = sums.count
                self._show_nothing_found(filtered, self._loosened)

        self._loosened: dict[str, int] = {}
        tasks.read(self, self.listing.source.sums, PageRequest(filters=others, sort=request.sort, text=request.text), then=know)

    def _say(self, icon: str, title: str, text: str, buttons: list[StateButton]) -> None:
        if self._state_view is None:
            self._state_view = StateView(icon, title, text, buttons, parent=self.view.viewport())
        else:
            self._state_view.say(icon, title, text, buttons)
        self._place_state()
        self._state_view.show()

    def _place_state(self) -> None:
        if self._state_view is not None:
            area = self.view.viewport().rect()
            # As narrow as its sentences are: only then does the layout give them the height that their lines need.
            width = min(area.width(), max(look.current().scaled(WIDEST) + 32, self._state_view.minimumSizeHint().width()))
            area.setX((area.width() - width) // 2)
            area.setWidth(width)
            self._state_view.setGeometry(area)

    # ---- parts ---------------------------------------------------------------------------------------------------------
    def _field(self, key: str) -> FilterField:
        for field in self.head.fields.values():
            if field.column.key == key:
                return field
        raise KeyError(key)

    def _fields_in_order(self) -> list[FilterField]:
        return [
            self.head.fields[section]
            for visual in range(self.head.count())
            if (section := self.head.logicalIndex(visual)) in self.head.fields
        ]


def _figure(count: int) -> str:
    return text_of(count, Kind.NUMBER)
