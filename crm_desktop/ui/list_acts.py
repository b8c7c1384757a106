"""What a person does with a whole list: export and print it, copy rows of it, keep its filters, group it. Belongs to one browser.

Each act takes what the list shows now: its filters, its order, its columns. A column that she may not see is not in the list, and so
in nothing that leaves it.
"""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import shiboken6
from PySide6.QtCore import QMimeData, QObject, QPoint
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QMenu

from crm_desktop.core.i18n import _, ngettext
from crm_desktop.core.spreadsheet import as_html, as_tabs
from crm_desktop.ui import clock, export, keys, work
from crm_desktop.ui.delegates import Kind, text_of
from crm_desktop.ui.list_print import ListPaper, ListPreview
from crm_desktop.ui.listing import Column
from crm_desktop.ui.saved_filters import NameSheet, SavedFilter, SavedFilters, kept, typed
from crm_desktop.ui.sheet_columns import sheet_columns, sheet_row, sheet_words
from crm_desktop.ui.walk import Walk
from crm_desktop.ui.window import Window

if TYPE_CHECKING:
    from crm_desktop.ui.browser import Browser

#: More rows than these are exported, not copied.
COPIED_MOST = 10_000
EXPORT_KEY, COPY_KEY, COLUMNS_KEY = "Ctrl+E", "Ctrl+C", "Ctrl+Shift+C"
SAVED_KEY, GROUP_KEY, PRINT_KEY = "Ctrl+D", "Ctrl+G", "Ctrl+P"
#: More rows than these nobody reads on paper.
PRINTED_MOST = 2_000


class ListActs(QObject):
    """See the module."""

    def __init__(self, browser: "Browser") -> None:
        super().__init__(browser)
        self._browser = browser
        self._gathering: Walk | None = None
        self._printing: Walk | None = None
        keys.bind(browser, EXPORT_KEY, self.export)
        keys.bind(browser.view, COPY_KEY, self.copy)  # over the rows: a filter copies its own text
        keys.bind(browser.groups, COPY_KEY, self.copy)
        keys.bind(browser, COLUMNS_KEY, self.offer_columns)
        keys.bind(browser, PRINT_KEY, self.print)
        if browser.listing.kept:
            keys.bind(browser, SAVED_KEY, self.offer_saved)
        self.saved = SavedFilters(browser)
        self.saved.recalled.connect(self.recall)
        self.saved.dropped.connect(browser.clear_filters)
        self.saved.keep_asked.connect(self.ask_name)
        if any(column.group for column in browser.listing.columns):
            keys.bind(browser, GROUP_KEY, self.offer_groups)
        browser.groups.opened.connect(self._open_group)
        browser.groups.left.connect(self.leave_groups)
        browser.groups.shown.connect(self._grouped)
        browser.model.counted.connect(self._group_again)

    def offer_menu(self, place: QPoint) -> None:
        """The menu key, or the right button: what can be done with the rows and their columns, each with its key."""
        browser = self._browser
        section = max(0, browser.view.currentIndex().column())
        column = browser.listing.columns[section]
        acts: list[tuple[str, str, Callable[[], object]] | None] = [(_("Copy the rows as a table"), COPY_KEY, self.copy), None]
        if column.sortable:
            acts += [
                (
                    _("Sort upwards by “{column}”").format(column=_(column.title)),
                    "Alt+Up",
                    partial(browser.head.order_by, section, False, False),
                ),
                (
                    _("Sort downwards by “{column}”").format(column=_(column.title)),
                    "Alt+Down",
                    partial(browser.head.order_by, section, True, False),
                ),
            ]
        if any(each.group for each in browser.listing.columns):
            acts.append((_("Group by"), GROUP_KEY, self.offer_groups))
        if browser.listing.kept:
            acts.append((_("Saved filters"), SAVED_KEY, self.offer_saved))
        acts += [(_("Columns"), COLUMNS_KEY, self.offer_columns), None]
        acts += [(_("Export"), EXPORT_KEY, self.export), (_("Print the list"), PRINT_KEY, self.print)]
        menu = QMenu(browser)
        menu.setAccessibleName(_("Acts of the list"))
        for act in acts:
            if act is None:
                menu.addSeparator()
                continue
            title, key, run = act
            action = QAction(f"{title}\t{keys.shown(key)}", menu)
            action.triggered.connect(lambda _on=False, run=run: run())
            menu.addAction(action)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(place)

    # ---- export --------------------------------------------------------------------------------------------------------
    def export(self) -> None:
        """Ctrl+E: ask where to, then write the whole result as XLSX or CSV while the list goes on."""
        path = export.ask_place(self._browser, _(self._browser.listing.title))
        if path is not None:
            self.export_to(path)

    def export_to(self, path: Path) -> None:
        """Write the whole result to this file. It stands in the list of background work and goes on when this list is closed."""
        browser = self._browser
        title = _("Export to {file}").format(file=path.name)
        if any(each.title == title for each in work.works().running()):
            browser.said.emit(_("An export to {file} is running already.").format(file=path.name))
            return
        listing, model = browser.listing, browser.model
        total = model.sums.count if model.exact else None
        export.ExportWork(path, _(listing.title), browser.columns.shown_columns(), listing.source, model.request, total)

    def offer_columns(self) -> None:
        """Ctrl+Shift+C: the menu of the columns."""
        self._browser.bar.ask_columns()

    # ---- copy ----------------------------------------------------------------------------------------------------------
    def copy(self) -> None:
        """Ctrl+C: the selected rows (or all groups) as a table with its heading, for spreadsheets (tabs) and for text and mail (HTML)."""
        if self._browser.groups.by is not None:
            self._put_table(*self._browser.groups.table())
            return
        picks = self._browser.view.picks
        if picks.count > COPIED_MOST:
            told = _("More than {most} rows are not copied but exported ({key}).")
            self._browser.said.emit(told.format(most=_figure(COPIED_MOST), key=keys.shown(EXPORT_KEY)))
            return
        meant = picks.meant()
        if not meant.everything:
            self._put(picks.rows())
            return
        if self._gathering is not None:
            self._gathering.cancel()
        key, found = self._browser.listing.key, list[Any]()
        self._gathering = Walk(
            self, self._browser.listing.source, meant.request, lambda rows: found.extend(r for r in rows if key(r) not in meant.ids)
        )
        self._gathering.ended.connect(lambda _count: self._put(found))
        self._gathering.start()

    def _put(self, rows: Sequence[Any]) -> None:
        columns = self._browser.columns.shown_columns()
        values = sheet_row(columns)
        self._put_table(columns, [values(row) for row in rows])

    def _put_table(self, columns: Sequence[Column], table: list[list[Any]]) -> None:
        if not table:
            return
        sheet, words = sheet_columns(columns), sheet_words()
        data = QMimeData()
        data.setText(as_tabs(sheet, table, words))
        data.setHtml(as_html(sheet, table, words))
        QApplication.clipboard().setMimeData(data)
        told = ngettext("Copied with the heading: {count} row", "Copied with the heading: {count} rows", len(table))
        self._browser.said.emit(told.format(count=_figure(len(table))))

    # ---- print ---------------------------------------------------------------------------------------------------------
    def print(self) -> None:
        """Ctrl+P: the list as it stands, as a PDF in a dock of its own."""
        browser, desk = self._browser, self._desk()
        if desk is None or self._printing is not None:
            return
        request, title, most = browser.model.request, _(browser.listing.title), PRINTED_MOST
        searched = browser.empty.searched(request.filters, request.text)
        paper = ListPaper(title, searched, browser.columns.shown_columns(), clock.now())
        rows, made = list[Any](), list[bytes]()

        def finish() -> None:
            if len(rows) <= most:
                made.append(paper.made(rows))

        self._printing = Walk(self, browser.listing.source, request, rows.extend, finish, most=most + 1)
        self._printing.ended.connect(lambda _count: self._printed(desk, title, made))
        self._printing.failed.connect(lambda _error: self._drop_print())
        self._printing.start()

    def _printed(self, desk: Window, title: str, made: list[bytes]) -> None:
        self._drop_print()
        if not made:
            told = _("More than {most} rows are not printed but exported ({key}). A filter makes them fewer.")
            self._browser.said.emit(told.format(most=_figure(PRINTED_MOST), key=keys.shown(EXPORT_KEY)))
            return
        named = _("Print: {title}").format(title=title)
        again = lambda: self.print() if shiboken6.isValid(self) else None  # noqa: E731  - closed and opened anew, it is printed anew
        shown = desk.open_card(f"list.print:{self._browser.listing.name}", named, "printer", ListPreview, area="center", again=again)
        if isinstance(shown, ListPreview):
            shown.preview.show_pdf(made[0], title)

    def _drop_print(self) -> None:
        if self._printing is not None:
            self._printing.deleteLater()
            self._printing = None

    def _desk(self) -> Window | None:
        """The main window; a torn-off dock is its child too."""
        above: Any = self._browser.parentWidget()
        while above is not None and not hasattr(above, "open_card"):
            above = above.parentWidget()
        return above

    # ---- saved filters -------------------------------------------------------------------------------------------------
    def offer_saved(self) -> None:
        """Ctrl+D: the menu of the saved filters."""
        self.saved.offer(self._browser.bar.place_of(self._browser.bar.saved), self.present("") if self._filtered() else None)

    def present(self, name: str) -> SavedFilter:
        """What filters, search and order say now, under this name."""
        browser = self._browser
        fields = [field for field in browser.head.fields.values() if field.text().strip()]
        filters = {field.column.key: kept(field.column, field.text().strip(), clock.today()) for field in fields}
        return SavedFilter(name, filters, browser.search.text().strip(), browser.head.sort)

    def ask_name(self) -> None:
        """Ask under which name the present filter is kept."""
        sheet = NameSheet(self._browser, [each.name for each in self.saved.all])
        sheet.named.connect(lambda name: self.saved.keep(self.present(name)))
        sheet.finished.connect(sheet.deleteLater)
        sheet.open()

    def recall(self, saved: SavedFilter) -> None:
        """Filter, search and sort as it says; a column that is not there any more is left out."""
        browser = self._browser
        columns = {column.key: column for column in browser.listing.columns}
        for section, field in browser.head.fields.items():
            stored = saved.filters.get(field.column.key)
            field.put("" if stored is None else typed(field.column, stored))
            if field.text():
                browser.show_filter_of(section)
        browser.search.setText(saved.text if browser.listing.searchable else "")
        sort = tuple(part for part in saved.sort if part.key in columns and columns[part.key].sortable)
        if sort:
            browser.head.set_sort(sort)
        browser.ask()
        browser.said.emit(_("Filter: {name}").format(name=saved.name))

    def _filtered(self) -> bool:
        return bool(self._browser.search.text().strip()) or any(field.text().strip() for field in self._browser.head.fields.values())

    # ---- groups --------------------------------------------------------------------------------------------------------
    def offer_groups(self) -> None:
        """Ctrl+G: by which column the list is grouped."""
        browser = self._browser
        menu = QMenu(browser)
        menu.setAccessibleName(_("Group by"))
        columns = [column for column in browser.listing.columns if column.group]
        for number, column in enumerate(columns, 1):
            title = f"&{number}  {_(column.title)}" if number < 10 else _(column.title)
            action = QAction(title, menu, checkable=True, checked=column is browser.groups.by)
            action.triggered.connect(lambda _on=False, column=column: self.group_by(column))
            menu.addAction(action)
        menu.addSeparator()
        rows = QAction(f"{_('Rows')}\t{keys.shown('Escape')}", menu, checkable=True, checked=browser.groups.by is None)
        rows.triggered.connect(lambda _on=False: self.leave_groups())
        menu.addAction(rows)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(browser.bar.place_of(browser.bar.groups))

    def group_by(self, column: Column) -> None:
        """Show the groups by this column in place of the rows."""
        browser = self._browser
        browser.groups.show_by(column, browser.listing.source, browser.model.request)
        browser.show_groups(True)

    def leave_groups(self) -> None:
        """Esc: the rows again."""
        self._browser.groups.leave()
        self._browser.show_groups(False)

    def _open_group(self, key: str, text: str) -> None:
        self.leave_groups()
        browser = self._browser
        browser.show_filter_of(next(at for at, column in enumerate(browser.listing.columns) if column.key == key))
        browser.set_filter(key, text)

    def _grouped(self) -> None:
        if not self._browser.groups.groups:
            self.leave_groups()  # the rows say why there is nothing
        else:
            self._browser.show_groups(True)

    def _group_again(self) -> None:
        """The rows changed, or what is asked of them: so did the groups."""
        groups = self._browser.groups
        if groups.by is not None:
            groups.show_by(groups.by, self._browser.listing.source, self._browser.model.request)


def _figure(count: int) -> str:
    return text_of(count, Kind.NUMBER)
