"""The editor of an invoice or a receipt: header, entry line, lines, problems, totals, and the way to a number.

    open_invoice(owner, branch_id, then=dock_it)        reads what it needs and gives an InvoiceEditor

One direction (ui/editor.py): every act gives a new draft, and `show_draft` makes the widgets say it. Nothing that was typed is lost:
a text that cannot be read stays in its cell, an unknown code stays as a line, and the draft survives every failure.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from crm_desktop.catalogue.queries import find_code
from crm_desktop.catalogue.rules.model import ItemChoice
from crm_desktop.core.i18n import N_, _, ngettext
from crm_desktop.core.problem import Problem, errors_of
from crm_desktop.db.keys import new_id
from crm_desktop.documents.rules import changes
from crm_desktop.documents.rules.history import History
from crm_desktop.documents.rules.model import Buyer, Draft, Kind, Line, Method, PaymentForm, Totals
from crm_desktop.documents.rules.pasted import Block, comma_codes, parse_block, with_commas
from crm_desktop.documents.rules.totals import totals
from crm_desktop.documents.rules.validity import check, percents
from crm_desktop.documents.views import entering
from crm_desktop.documents.views.editor_head import EditorHead
from crm_desktop.documents.views.editor_keys import EditorKeys
from crm_desktop.documents.views.entry_line import Entry, EntryLine
from crm_desktop.documents.views.header import InvoiceHeader
from crm_desktop.documents.views.line_grid import LineGrid
from crm_desktop.documents.views.line_model import FIELDS, WORDS, Col, LineModel, rate_text
from crm_desktop.documents.views.lookups import Opening, find_pasted, read_opening
from crm_desktop.documents.views.path_to_number import PathToNumber
from crm_desktop.documents.views.problem_links import name_of
from crm_desktop.documents.views.scans import Found, ScanQueue
from crm_desktop.documents.views.totals_panel import TotalsPanel
from crm_desktop.parties.rules.model import PartyChoice
from crm_desktop.ui import clock, tasks
from crm_desktop.ui import theme as look
from crm_desktop.ui.editor import Editor
from crm_desktop.ui.filters import cleaned
from crm_desktop.ui.scanner import Scanner, Timing
from crm_desktop.ui.widgets.fkey_bar import FKey, FKeyBar
from crm_desktop.ui.widgets.parts import rule
from crm_desktop.ui.widgets.problems import ProblemsPanel
from crm_desktop.ui.widgets.strip import Strip
from crm_desktop.ui.widgets.toast import Toasts

USUAL_DAYS = 14


class InvoiceEditor(Editor[Draft]):
    """See the module. Its way to a number lies in `self.path` (path_to_number.py)."""

    issued = Signal(object, str)  # document id, number
    closed = Signal()  # the person is done with it; the draft is kept where there was one
    stays = Signal()  # the person was asked and leaves it open
    said = Signal(str)  # for the status bar
    title_changed = Signal(str)
    fkeys_changed = Signal()
    preview_wanted = Signal(object)  # the Draft
    history_wanted = Signal()

    def __init__(
        self,
        opening: Opening,
        branch_id: UUID,
        *,
        kind: Kind | None = None,
        toasts: Toasts | None = None,
        merge_scans: bool | None = None,
        previews: bool = False,
        own_bar: bool = True,
        timing: Timing | None = None,
        stamp: Callable[[QKeyEvent], float] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """opening: see `read_opening`. kind: of a new document, by default the first. merge_scans: a second scan of an item
        raises its line (BAR-01); None: as the company has set it. previews: somebody answers `preview_wanted` and
        `history_wanted`, so F7 and F9 are offered. own_bar: show the keys at the foot; without it the window shows `fkeys()` in its
        own bar. timing, stamp: of the scanner."""
        stored = opening.document
        first = kind or next(each for each in opening.kinds if each.active)
        super().__init__(History(stored.draft if stored is not None else new_draft(first, branch_id, clock.today())), parent)
        self.setObjectName("invoice_editor")
        look.mark(self, role="surface")
        self._opening, self.previews = opening, previews
        self._merge = opening.merge_scans if merge_scans is None else merge_scans
        self._given_toasts = toasts
        self._days = USUAL_DAYS
        self._items: dict[UUID, ItemChoice] = {}
        self._percents: dict[date, dict[str, Decimal | None]] = {}
        self._wrong: dict[tuple[UUID, Col], tuple[str, Problem]] = {}
        self._left: set[str] = set()
        self._everything = self._entry_forgotten = self._opened = False
        self._pasted_problems: list[Problem] = []
        self._refused: list[Problem] = []
        self._problems: list[Problem] = []
        self._entry_said: list[Problem] = []
        self._totals = Totals(Decimal(0), Decimal(0), Decimal(0), (), ())
        self._build(own_bar)
        self.path = PathToNumber(self)
        self.scans = ScanQueue(self)
        self.scanner = Scanner(self, timing, stamp)
        self.pass_on: Callable[[str], bool] = lambda _code: False
        """Asked with a code that came after the document was closed: whether another document takes it."""
        self.hands = EditorKeys(self)
        self._connect()
        self.start()
        self.path.open(stored, opening.receipt)

    def _build(self, own_bar: bool) -> None:
        self.head, self.strip = EditorHead(), Strip()
        self.strip.setObjectName("editor_strip")
        self.header = InvoiceHeader(self._opening.kinds)
        self.entry = EntryLine()
        self.model = LineModel(self)
        self.grid = LineGrid(self.model)
        self.problems_panel = ProblemsPanel(aim=_("before issuing"))
        self.problems_panel.setObjectName("problems_panel")
        self.problems_panel.name_of = name_of
        self.totals_panel = TotalsPanel()
        self.notes = self.totals_panel.notes
        self.bar = FKeyBar()
        self.bar.setObjectName("editor_keys")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self.head, rule(), self.strip, self.header, rule(), self.entry):
            column.addWidget(widget)
        column.addWidget(self.grid, 1)
        column.addWidget(self.problems_panel)
        column.addWidget(self.totals_panel)
        column.addWidget(self.bar)
        self.bar.setVisible(own_bar)
        self.setFocusProxy(self.header.buyer_name)  # the first one: with any other, Tab would come round to that and pass by the rest

    def _connect(self) -> None:
        header, entry, grid = self.header, self.entry, self.grid
        header.buyer_chosen.connect(self._buyer_chosen)
        header.nip_typed.connect(self._nip_typed)
        header.date_typed.connect(self._date_typed)
        header.payment_chosen.connect(self._payment_chosen)
        header.kind_chosen.connect(self._kind_chosen)
        header.left.connect(self._field_left)
        header.settled.connect(self.refresh)
        header.finished.connect(entry.focus_item)
        entry.added.connect(self._add)
        entry.pasted.connect(self._paste)
        entry.problems_changed.connect(self._entry_changed)
        self.notes.edited.connect(lambda text: self.edit(replace(self.draft, notes=text)))
        self.notes.settled.connect(self.refresh)
        self.notes.finished.connect(self.focus_start)
        self.model.edited.connect(self._cell_typed)
        grid.removed.connect(self._remove)
        grid.duplicated.connect(self._duplicate)
        grid.moved.connect(self._move)
        grid.pasted.connect(self._paste)
        grid.typed.connect(entry.take_text)
        grid.entry_wanted.connect(entry.focus_item)
        self.problems_panel.jump.connect(self.jump)
        self.scanner.scanned.connect(self.take_scan)
        self.scans.found.connect(self._scans_found)
        self.steps_changed.connect(self.hands.show)
        tasks.roads().back.connect(self._resolve_again)

    # ---- the draft on the screen ----
    def show_draft(self, draft: Draft) -> None:
        """Header, lines, problems, totals: what differs is painted anew, the rest stays."""
        rates = self.rates()
        self._totals = totals(draft, rates)
        self._problems = self._find_problems(draft) if self.path.is_draft() else []
        self.header.show_draft(draft)
        self.header.show_problems(self._problems)
        self._show_method(draft.kind.method)
        wrong = {at: text for at, (text, _problem) in self._wrong.items()}
        self.model.show_lines(draft, self._totals, rates, self._problems, wrong)
        self.grid.fit_codes()
        self.problems_panel.show_problems(self._problems)
        self.totals_panel.show_totals(draft, self._totals, rates)
        self.totals_panel.show_notes(draft.notes, self._problems, read_only=not self.path.is_draft())
        self.path.show(draft)
        self.head.presence.show_record(draft.id)
        self.hands.show()

    def same(self, one: Draft, other: Draft) -> bool:
        """The version is the server's, not the person's."""
        return replace(one, version=other.version) == other

    def carry(self, draft: Draft, now: Draft) -> Draft:
        """Undo does not take back what was stored."""
        return replace(draft, version=now.version)

    def totals(self) -> Totals:
        """The sums that are shown."""
        return self._totals

    def problems(self) -> list[Problem]:
        """The problems that are shown."""
        return list(self._problems)

    def unread(self) -> list[str]:
        """The paths of texts that cannot be read and so cannot be stored."""
        cells = [
            f"lines.{self.model.place_of(line_id)}.{WORDS[column]}" for line_id, column in self._wrong if self.model.place_of(line_id) >= 0
        ]
        return [each.field for each in (*self.header.problems(), *self.notes.problems())] + cells

    def rates(self) -> Mapping[str, Decimal | None]:
        """VAT code → per cent on the draft's sale date."""
        sold = self.draft.sale_date
        if sold not in self._percents:
            self._percents[sold] = percents(self._opening.rates, sold)
        return self._percents[sold]

    def edit(self, draft: Draft, topic: str = "") -> None:
        """A person changed the draft: what the server said of the old one no longer holds."""
        if not self.locked:
            self._refused = []
        super().edit(draft, topic)

    def undo(self) -> None:
        """A text that could not be read goes first, then the last act."""
        unread = [at for at in self._wrong if self.model.place_of(at[0]) >= 0]
        if unread and not self.locked:
            del self._wrong[unread[-1]]
            self.refresh()
        else:
            super().undo()

    def _find_problems(self, draft: Draft) -> list[Problem]:
        unread = {}
        for (line_id, column), (_text, problem) in self._wrong.items():
            place = next((at for at, line in enumerate(draft.lines) if line.id == line_id), -1)
            if place >= 0:
                path = f"lines.{place}.{WORDS[column]}"
                unread[path] = replace(problem, field=path)
        found = check(draft, self._opening.rates, clock.today(), self._opening.closed_until)
        self._entry_said = self._entry_problems()
        texts = [*self.header.problems(), *self.notes.problems()]
        unread_fields = unread.keys() | {problem.field for problem in texts}
        return entering.unique(
            [
                *texts,
                *entering.to_be_said(found, draft, unread_fields, self._left, self._everything),
                *unread.values(),
                *self._entry_said,
                *self._pasted_problems,
                *self._refused,
            ]
        )

    def _entry_problems(self) -> list[Problem]:
        found = self.entry.problems()
        if self._entry_forgotten and self.entry.pending():
            message = N_("The entry line holds an item that is not on the document yet. Press Enter there, or empty it.")
            found.insert(0, Problem("entry_open", "entry.item", message))
        return found

    def _show_method(self, method: Method) -> None:
        self.entry.set_method(method)
        self.grid.set_basis(_("Net price") if method is Method.NET else _("Gross price"))
        self.grid.set_rates([(code, rate_text(code, percent)) for code, percent in self.rates().items()])

    # ---- header ----
    def _buyer_chosen(self, party: PartyChoice | None) -> None:
        self._days = party.payment_days if party is not None else USUAL_DAYS
        self.edit(changes.with_buyer(self.draft, party))
        if party is not None:
            self.entry.focus_item()  # all that is left in the header has its value

    def _nip_typed(self, nip: str) -> None:
        buyer = replace(self.draft.buyer, nip=nip, business=bool(nip) or self.draft.kind.buyer_required)
        self.edit(replace(self.draft, buyer=buyer))

    def _date_typed(self, name: str, day: date) -> None:
        if name == "issue_date":
            self.path.confirm_date(day)
            self.edit(changes.with_issue_date(self.draft, day))
        else:
            dates = {"sale_date": self.draft.sale_date, "due_date": self.draft.due_date} | {name: day}
            self.edit(replace(self.draft, sale_date=dates["sale_date"], due_date=dates["due_date"]))

    def _payment_chosen(self, payment: PaymentForm) -> None:
        self.edit(changes.with_payment(self.draft, payment, self._days))

    def _kind_chosen(self, kind: Kind) -> None:
        missing = changes.to_reprice(self.draft, kind) - self._items.keys()
        if not missing:
            self._take_kind(kind, {})
            return
        codes = tuple(line.code for line in self.draft.lines if line.item_id in missing)
        tasks.read(self, find_pasted, codes, then=partial(self._take_kind, kind))

    def _take_kind(self, kind: Kind, found: Mapping[str, ItemChoice]) -> None:
        self._items.update({item.id: item for item in found.values()})
        missing = changes.to_reprice(self.draft, kind) - self._items.keys()
        if missing:
            names = ", ".join(line.code for line in self.draft.lines if line.item_id in missing)
            message = N_("The price of {items} in the other kind is not known. Take these lines out first.")
            self._refused = [Problem("kind_prices", "kind", message, {"items": names[:80]})]
            self.header.kind.set_value(self.draft.kind)
            self.refresh()
            return
        self.edit(changes.with_kind(self.draft, kind, self._items))

    def _field_left(self, path: str) -> None:
        if path not in self._left:
            self._left.add(path)
            self.refresh()

    # ---- lines ----
    def _add(self, entry: Entry) -> None:
        self._items[entry.item.id] = entry.item
        added = changes.add_item(self.draft, entry.item, new_id(), entry.quantity, merge=False)
        self.edit(changes.change_line(added.draft, added.place, price=entry.price, discount=entry.discount))
        self.grid.show_place(added.place)

    def takes_scans(self) -> bool:
        """Whether scanned codes become lines here."""
        return self.path.is_draft()

    def take_scan(self, code: str) -> None:
        """A code was scanned, here or where nobody else takes it."""
        if self.path.is_draft():
            self.scans.add(code)
        elif not self.pass_on(code):
            QApplication.beep()
            self.said.emit(_("The code {code} was not added: the document is closed.").format(code=code))

    def _scans_found(self, found: Sequence[Found]) -> None:
        for scan in found:
            if scan.item is not None:
                self._items[scan.item.id] = scan.item
            else:
                QApplication.beep()
        draft, place = entering.with_scans(self.draft, found, new_id, self._first_rate(), self._merge)
        self.edit(draft)
        self.grid.show_place(place)

    def _paste(self, text: str) -> None:
        block = parse_block(text, 4 if self.draft.kind.method is Method.NET else 2)
        asked = (*(line.code for line in block.lines), *comma_codes(block))
        tasks.read(self, find_pasted, asked, then=partial(self._pasted, block))

    def _pasted(self, block: Block, items: Mapping[str, ItemChoice]) -> None:
        block = with_commas(block, items)
        self._items.update({item.id: item for item in items.values()})
        self._pasted_problems = [replace(problem, field=f"paste.{problem.field}") for problem in block.problems]
        self.edit(entering.with_block(self.draft, block.lines, items, new_id, self._first_rate()))
        self.grid.show_place(len(self.draft.lines) - 1)
        count = len(block.lines)
        self.said.emit(ngettext("{count} line was pasted.", "{count} lines were pasted.", count).format(count=count))

    def _cell_typed(self, line_id: UUID, column: Col, text: str) -> None:
        place = self.model.place_of(line_id)
        if place < 0 or self.locked:
            return
        if column is Col.CODE:
            self._resolve(line_id, text)
            return
        value = entering.read_cell(column, text, self.draft.kind.method, self.rates())
        self._wrong.pop((line_id, column), None)
        if isinstance(value, Problem):
            self._wrong[line_id, column] = (text, value)
            self.refresh()
        else:
            self.edit(entering.with_cell(self.draft, place, column, value))

    def _resolve(self, line_id: UUID, code: str) -> None:
        code = cleaned(code)
        tasks.read(self, find_code, code, then=partial(self._resolved, line_id, code))

    def _resolved(self, line_id: UUID, code: str, item: ItemChoice | None) -> None:
        place = self.model.place_of(line_id)
        if place < 0:
            return
        line = self.draft.lines[place]
        if item is not None:
            self._items[item.id] = item
            self.edit(entering.resolved(self.draft, place, item))
        elif code != line.code:
            unknown = entering.unknown_line(code, line.quantity, line.price if line.negotiated else None, line.vat, line.id)
            lines = (*self.draft.lines[:place], unknown, *self.draft.lines[place + 1 :])
            self.edit(replace(self.draft, lines=lines))

    def _resolve_again(self) -> None:
        """The connection is back: codes that nobody could be asked about are asked again."""
        for line in self.draft.lines if self.path.is_draft() else ():
            if line.item_id is None:
                self._resolve(line.id, line.code)

    def _remove(self, place: int) -> None:
        line = self.draft.lines[place]
        self.edit(changes.remove(self.draft, place))
        if self.draft.lines:
            self.grid.show_place(min(place, len(self.draft.lines) - 1))
        else:
            self.entry.focus_item()
        title = _("Line {number} was deleted").format(number=place + 1)
        self.toasts().show_toast(
            title, line.name or line.code, _("Undo"), partial(self._bring_back, line, place), icon="trash", tone="text_2"
        )

    def remove_current(self) -> None:
        """Del, pressed with the mouse: the current line."""
        if self.grid.place() >= 0:
            self._remove(self.grid.place())

    def _bring_back(self, line: Line, place: int) -> None:
        if all(each.id != line.id for each in self.draft.lines):
            lines = list(self.draft.lines)
            lines.insert(place, line)
            self.edit(replace(self.draft, lines=tuple(lines)))
            self.grid.show_place(place)

    def _duplicate(self, place: int) -> None:
        self.edit(changes.duplicate(self.draft, place, new_id()))
        self.grid.show_place(place + 1)

    def _move(self, place: int, step: int) -> None:
        if 0 <= place + step < len(self.draft.lines):
            self.edit(changes.move(self.draft, place, place + step))
            self.grid.show_place(place + step)

    def _first_rate(self) -> str:
        return next(iter(self.rates()), "23")

    # ---- keys ----
    def next_problem(self) -> None:
        """F4: to the next problem; with none to be seen, to what would still stop the issuing."""
        if not self._problems and self.path.is_draft():
            self._everything = True
            self.refresh()
        self.problems_panel.next_problem()

    def say_everything(self, *, entry_too: bool = False) -> list[Problem]:
        """Issuing was tried: from now on what is missing is said too. The errors, in the order of the panel."""
        self._everything, self._entry_forgotten = True, entry_too and self.entry.pending()
        self.refresh()
        return errors_of(self._problems)

    def show_refusal(self, problems: Sequence[Problem]) -> None:
        """What the server refuses, at its fields."""
        self._refused, self._everything = list(problems), True
        self.refresh()
        if errors_of(self._problems):
            self.problems_panel.next_problem()

    def jump(self, path: str) -> None:
        """The focus to where a problem is mended."""
        head, _dot, rest = path.partition(".")
        place, _dot, word = rest.partition(".")
        if head == "paste":
            self._pasted_problems = []  # seen; the sheet itself must be mended
            self.refresh()
        if head == "lines" and place.isdigit() and int(place) < self.model.rowCount():
            column = FIELDS.get(word, Col.NAME)
            unknown = self.model.line(int(place)).item_id is None
            self.grid.edit_cell(int(place), Col.CODE if unknown else Col.NAME if column in (Col.UNIT, Col.CODE) else column)
        elif head == "notes":
            self.notes.setFocus(Qt.FocusReason.ShortcutFocusReason)
        elif head in ("lines", "entry", "paste", ""):
            self.entry.jump(path)
        else:
            self.header.jump(path)

    def _start_unless_elsewhere(self) -> None:
        """Once it is shown; whoever went on to another dock meanwhile is left there."""
        if self.has_focus_of_window():
            self.focus_start()

    def focus_start(self) -> None:
        """Where work starts: what is missing in the header, else the entry line, else the lines."""
        field = self.header.first_empty() if self.path.is_draft() else self.grid
        self.give_focus(field or self.entry.item)

    def fkeys(self) -> list[FKey]:
        """The keys that work now, for the window's bar."""
        return self.hands.fkeys()

    def preview(self) -> None:
        """F7: as it would be printed."""
        if self.previews:
            self.commit_all()
            self.preview_wanted.emit(self.draft)

    def show_history(self) -> None:
        """F9: who did what with this document."""
        if self.previews:
            self.history_wanted.emit()

    def commit_all(self) -> None:
        """Take over what stands in the field or cell under the focus."""
        self.scanner.let_go()
        self.commit_field()
        self.notes.settle()
        self.grid.commit_open()

    # ---- Qt and the window ----
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc, one level after the other; F3 where no field of its own takes it."""
        if event.key() == Qt.Key.Key_Escape and not event.modifiers():
            self.path.leave()
        elif event.key() == Qt.Key.Key_F3 and self.path.is_draft():
            self.hands.find_item()
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """The first time, the focus goes to where work starts."""
        super().showEvent(event)
        if not self._opened:
            self._opened = True
            QTimer.singleShot(0, self, self._start_unless_elsewhere)

    def may_close(self) -> bool:
        """For the dock's guard: True when nothing would be lost. Otherwise the draft is being stored, and `closed` follows."""
        return self.path.may_close()

    def toasts(self) -> Toasts:
        """The window's toasts."""
        if self._given_toasts is None:
            self._given_toasts = Toasts(self.window())
        return self._given_toasts

    def _entry_changed(self) -> None:
        if self.isVisible() and self._entry_problems() != self._entry_said:
            self.refresh()

    def set_editable(self, editable: bool) -> None:
        """Let the widgets take edits, or only be looked at."""
        self.set_locked(not editable)
        self.header.set_read_only(not editable)
        self.entry.set_read_only(not editable)
        self.notes.setReadOnly(not editable)
        self.grid.set_read_only(not editable)
        self.scans.hold(not editable)


def new_draft(kind: Kind, branch_id: UUID, today: date) -> Draft:
    """An empty document of today; a transfer is due in the usual 14 days."""
    days = USUAL_DAYS if kind.payment is PaymentForm.TRANSFER else 0
    return Draft(new_id(), kind, branch_id, today, today, today + timedelta(days=days), Buyer(business=kind.buyer_required), kind.payment)


def open_invoice(
    owner: QObject,
    branch_id: UUID,
    then: Callable[[InvoiceEditor], object],
    *,
    document_id: UUID | None = None,
    failed: Callable[[Exception], object] | None = None,
    **how: Any,
) -> None:
    """Read what an editor needs and give it to `then`; `how` goes to InvoiceEditor. A new document without `document_id`.

    failed: as in `tasks.read`.
    """

    def opened(opening: Opening) -> None:
        then(InvoiceEditor(opening, branch_id, **how))

    tasks.read(owner, read_opening, branch_id, document_id, then=opened, failed=failed)
