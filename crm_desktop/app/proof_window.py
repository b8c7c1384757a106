"""The dock "Prove the data": every invariant in turn, in the background, and the rows that break it; Enter opens the row's document.

The whole company is looked at, whoever asks (`code.prove` demands the right); rows of branches that are not hers are only counted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QItemSelectionModel, QModelIndex, QPersistentModelIndex, Qt, QTimer, Signal
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QHeaderView, QProgressBar, QTableView, QVBoxLayout, QWidget

from crm_desktop.core.errors import Cancelled
from crm_desktop.core.i18n import _, moment, ngettext
from crm_desktop.core.module import Invariant
from crm_desktop.db.proof import Broken, Proof
from crm_desktop.db.transaction import NotFound
from crm_desktop.documents.queries import get_document
from crm_desktop.documents.views.document_window import open_document
from crm_desktop.modules import invariants
from crm_desktop.organisation import queries
from crm_desktop.ui import clock, keys, tasks
from crm_desktop.ui import theme as look
from crm_desktop.ui.delegates import STYLE, CellStyle, GridDelegate, Kind
from crm_desktop.ui.widgets.fkey_bar import FKey
from crm_desktop.ui.widgets.parts import WrapLabel, announce, button, label, rule
from crm_desktop.ui.window import Window

Index = QModelIndex | QPersistentModelIndex
#: kind and width at 100 % of the result, the sentence (takes what is left) and the seconds.
COLUMNS = ((Kind.PILL, 120), (Kind.STRONG, 0), (Kind.MONEY, 88))
_SENTENCE = 1
#: A question that was to end and still runs is ended again after this.
END_AGAIN_MS = 300
_ROW = CellStyle(kind=Kind.TEXT)


@dataclass(frozen=True)
class Line:
    """A line of the list: an invariant, a row below it that breaks it, or (neither) how many more there are."""

    invariant: Invariant
    proof: Proof | None = None
    row: Broken | None = None
    text: str = ""

    @property
    def is_head(self) -> bool:
        """Whether this is the line of the invariant itself."""
        return not self.text


class ProofModel(QAbstractTableModel):
    """Every invariant with its result, and its rows below it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._all = invariants()
        self._proofs: dict[str, Proof] = {}
        self.running = ""
        self.lines: list[Line] = []
        self._lay_out()

    def show_proofs(self, proofs: Sequence[Proof], running: str) -> None:
        """Show these results; `running` names the invariant that is being looked at ("": none)."""
        self.beginResetModel()
        self._proofs, self.running = {proof.invariant: proof for proof in proofs}, running
        self._lay_out()
        self.endResetModel()

    def _lay_out(self) -> None:
        """In their order while they are looked at; then what does not hold comes first."""
        self.lines = []
        broken = {name for name, proof in self._proofs.items() if proof.broken}
        for invariant in self._all if self.running else sorted(self._all, key=lambda each: each.name not in broken):
            proof = self._proofs.get(invariant.name)
            self.lines.append(Line(invariant, proof))
            if proof is None:
                continue
            self.lines += [Line(invariant, proof, row, row_text(row)) for row in proof.rows]
            self.lines += [Line(invariant, proof, None, text) for text in more_texts(proof)]

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        """Invariants and rows."""
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        """Result, sentence, seconds; a row that breaks it has only the sentence's place."""
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Plain values; the look of the result and of a row; for a screen reader each line whole."""
        line = self.lines[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self._cell(line, index.column())
        if role == STYLE:
            if not line.is_head:
                return _ROW if index.column() == _SENTENCE else None
            return CellStyle(tone=self.result(line)[1]) if index.column() == 0 else None
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return line.text or f"{_(line.invariant.title)}: {self.result(line)[0]}"
        return None

    def _cell(self, line: Line, column: int) -> object:
        if not line.is_head:
            return line.text if column == _SENTENCE else ""
        if column == 0:
            return self.result(line)[0]
        if column == _SENTENCE:
            return _(line.invariant.title)
        return None if line.proof is None else Decimal(f"{line.proof.seconds:.2f}")

    def result(self, line: Line) -> tuple[str, str]:
        """The word for an invariant's result, and the tone of its pill."""
        if line.proof is None:
            return (_("looking…"), "info") if line.invariant.name == self.running else (_("not yet"), "neutral")
        if not line.proof.broken:
            return _("holds"), "success"
        return ngettext("{count} row", "{count} rows", line.proof.broken).format(count=line.proof.broken), "danger"


def row_text(row: Broken) -> str:
    """A row that breaks an invariant: what it is called and the figures that do not fit."""
    return f"{row.record}    {row.found}" if row.found else row.record


def more_texts(proof: Proof) -> list[str]:
    """What is not told of a result: rows beyond the first two hundred, rows of other branches."""
    texts = []
    if rest := proof.broken - proof.elsewhere - len(proof.rows):
        texts.append(ngettext("and {count} more row", "and {count} more rows", rest).format(count=rest))
    if proof.elsewhere:
        text = ngettext("{count} row in a branch that is not yours", "{count} rows in branches that are not yours", proof.elsewhere)
        texts.append(text.format(count=proof.elsewhere))
    return texts


class ProofView(QTableView):
    """The lines."""

    def __init__(self, model: ProofModel, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("proof_rows")
        self.setAccessibleName(_("Invariants and the rows that break them"))
        self.setModel(model)
        self.setItemDelegate(GridDelegate(self, [kind for kind, _width in COLUMNS], ring=False))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(_SENTENCE, QHeaderView.ResizeMode.Stretch)
        look.current().follow(self, self._restyle)

    def stand(self, row: int) -> None:
        """Stand on a line."""
        act = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.selectionModel().setCurrentIndex(self.model().index(row, _SENTENCE), act)

    def _restyle(self) -> None:
        theme = look.current()
        self.verticalHeader().setMinimumSectionSize(1)
        self.verticalHeader().setDefaultSectionSize(theme.size("row"))
        for section, (_kind, width) in enumerate(COLUMNS):
            if width:
                self.setColumnWidth(section, theme.scaled(width))


class ProofWindow(QWidget):
    """The dock: what was found, how far it is, the lines. Nothing is asked before the person wants it."""

    fkeys_changed = Signal()

    def __init__(self, window: Window) -> None:
        super().__init__()
        self.setObjectName("proof_window")
        look.mark(self, role="surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._window = window
        self._waiting: list[str] = []
        self._proofs: list[Proof] = []
        self._ending = False
        self.model = ProofModel(self)
        self.view = ProofView(self.model, self)
        self.summary = WrapLabel(_("Nothing was looked at yet."), "strong")
        self.summary.setObjectName("proof_summary")
        self.progress = QProgressBar()
        self.progress.setObjectName("proof_progress")
        self.progress.setAccessibleName(_("How much is proved"))
        self.progress.setRange(0, len(self.model.lines))
        self.progress.setTextVisible(False)
        self.start_button = button(_("Prove"), self.start, kind="primary", icon="shield-check", key="F5")
        self.start_button.setObjectName("proof_start")
        self.stop_button = button(_("Stop"), self.stop, icon="x", key="Escape")
        self.stop_button.setObjectName("proof_stop")
        self._lay_out()
        self.view.activated.connect(lambda index: self.open_row(index.row()))
        self.setFocusProxy(self.view)
        self._again = QTimer(self, singleShot=True, interval=END_AGAIN_MS)
        self._again.timeout.connect(self._end_question)
        keys.bind(self, "F5", self.start)
        keys.bind(self, "Escape", self.stop)
        self._show()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(14, 10, 14, 10)
        head.setSpacing(10)
        head.addWidget(self.summary, 1)
        head.addWidget(self.stop_button)
        head.addWidget(self.start_button)
        foot = QVBoxLayout()
        foot.setContentsMargins(14, 8, 14, 8)
        foot.addWidget(label(_("The whole company is looked at. Rows of branches that are not yours are counted, not shown."), "hint"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.progress)
        column.addWidget(rule())
        column.addWidget(self.view, 1)
        column.addWidget(rule())
        column.addLayout(foot)

    # ---- what the window and the key bar use ----
    def fkeys(self) -> list[FKey]:
        """The keys that work here."""
        return [
            FKey("Return", _("Open the document"), lambda: self.open_row(self.view.currentIndex().row())),
            FKey("F5", _("Prove"), self.start, enabled=not self.is_running),
            FKey("Escape", _("Stop"), self.stop, right=True, enabled=self.is_running),
        ]

    @property
    def is_running(self) -> bool:
        """Whether an invariant is being looked at."""
        return bool(self.model.running)

    def start(self) -> None:
        """F5: look at every invariant, one question after another."""
        if not self.is_running:
            self._again.stop()  # it was meant for the question before
            self._proofs, self._ending = [], False
            self._waiting = [line.name for line in invariants()]
            self._ask_next()

    def stop(self) -> None:
        """Esc: ask nothing more, and end the question that the server is at."""
        if self.is_running and not self._ending:
            self._ending = True
            self._waiting.clear()
            self._end_question()

    def open_row(self, place: int) -> None:
        """Enter: the document of a row."""
        if not 0 <= place < len(self.model.lines):
            return
        row = self.model.lines[place].row
        if row is None:
            return
        key = row.document_id
        if key is None:
            self._window.say(_("{record} is no document.").format(record=row.record))
            return

        def gone(error: Exception) -> bool:
            if isinstance(error, NotFound):
                self._window.say(_("The document {record} is not there any more, or is not yours.").format(record=row.record))
            return isinstance(error, NotFound)

        tasks.read(self, get_document, key, then=lambda _document: open_document(self._window, key), failed=gone)

    # ---- one question after another ----
    def _ask_next(self) -> None:
        name = self._waiting.pop(0) if self._waiting else ""
        self._show(name)
        if name:
            tasks.read(self, queries.prove, name, then=self._take, failed=self._failed)

    def _take(self, proof: Proof) -> None:
        self._proofs.append(proof)
        self._ask_next()

    def _failed(self, error: Exception) -> bool:
        """Stopped by her, or by trouble, which takes its own road."""
        self._waiting.clear()
        self._ending = True
        self._show()
        return isinstance(error, Cancelled)

    def _end_question(self) -> None:
        if self.is_running and self._ending:
            tasks.read(self, queries.stop_proof, then=lambda _ended: self._again.start() if self.is_running and self._ending else None)

    # ---- what is shown ----
    def _show(self, running: str = "") -> None:
        stood = self.view.currentIndex().row() if running else 0
        self.model.show_proofs(self._proofs, running)
        for place, line in enumerate(self.model.lines):
            if line.invariant.name == running and line.is_head:
                self.view.scrollTo(self.model.index(place, 0))
        self.view.stand(min(max(0, stood), self.model.rowCount() - 1))
        self.progress.setValue(len(self._proofs))
        self.start_button.setVisible(not running)
        self.stop_button.setVisible(bool(running))
        text = self._sentence(running)
        self.summary.setText(text)
        if not running and self._proofs:
            announce(self, text)
        self.fkeys_changed.emit()

    def _sentence(self, running: str) -> str:
        count, broken = len(self._proofs), sum(proof.broken > 0 for proof in self._proofs)
        whole = len(invariants())
        if running:
            return _("{done} of {count} looked at, {broken} do not hold").format(done=count, count=whole, broken=broken)
        if self._ending:
            return _("Stopped: {done} of {count} looked at, {broken} do not hold").format(done=count, count=whole, broken=broken)
        if not count:
            return _("Nothing was looked at yet.")
        at = moment(clock.now())
        if not broken:
            return _("Everything holds ({moment}).").format(moment=at)
        return _("{broken} of {count} invariants do not hold ({moment}).").format(broken=broken, count=whole, moment=at)
