"""The lines of a document as a table. Shows a draft with its sums and problems; an edit only tells what was typed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import IntEnum
from typing import Any
from uuid import UUID

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from crm_desktop.core.i18n import N_, NBSP, _, decimal, tell
from crm_desktop.core.problem import Problem
from crm_desktop.documents.rules.model import Draft, Line, LineAmounts, Totals
from crm_desktop.ui.delegates import STYLE, CellStyle, Kind

Index = QModelIndex | QPersistentModelIndex


class Col(IntEnum):
    """The columns, left to right."""

    PLACE = 0
    CODE = 1
    NAME = 2
    QUANTITY = 3
    UNIT = 4
    PRICE = 5
    DISCOUNT = 6
    VAT = 7
    NET = 8
    GROSS = 9
    SIGN = 10


KINDS: tuple[Kind, ...] = (
    Kind.MUTED,
    Kind.IDENTIFIER,
    Kind.TEXT,
    Kind.NUMBER,
    Kind.MUTED,
    Kind.PRICE,
    Kind.NUMBER,
    Kind.NUMBER,
    Kind.MONEY,
    Kind.SUM,
    Kind.ICON,
)
#: The word of a problem's path ("lines.3.quantity") → its column.
FIELDS: dict[str, Col] = {
    "code": Col.CODE,
    "name": Col.NAME,
    "quantity": Col.QUANTITY,
    "unit": Col.UNIT,
    "price": Col.PRICE,
    "discount": Col.DISCOUNT,
    "vat": Col.VAT,
}
WORDS: dict[Col, str] = {column: word for word, column in FIELDS.items()}
#: What can be typed into; the code only while nobody knows the item.
EDITABLE = (Col.NAME, Col.QUANTITY, Col.PRICE, Col.DISCOUNT, Col.VAT)

_CURRENT = CellStyle(tint="current")
_CURRENT_MUTED = CellStyle(tint="current", tone="text_2")
_UNKNOWN = CellStyle(tone="danger")
_UNKNOWN_CURRENT = CellStyle(tone="danger", tint="current")
_PLACE_WRONG = CellStyle(tone="danger")
_PLACE_WRONG_CURRENT = CellStyle(tone="danger", tint="current")


@dataclass(frozen=True)
class _Row:
    """All that one row shows; two equal rows need no repaint."""

    place: int
    line: Line
    amounts: LineAmounts
    rate: Decimal | None
    wrong: Mapping[Col, str] = field(default_factory=dict)  # texts that cannot be read, kept as they were typed
    problems: Mapping[Col, Problem] = field(default_factory=dict)


class LineModel(QAbstractTableModel):
    """Rows are known by their line's id, so that a scan from below does not disturb the cell that is being typed into."""

    edited = Signal(object, object, object)
    """Line id, Col, what was typed (str): the editor reads it."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[_Row] = []
        self._current = -1
        self._read_only = False

    # ---- showing ----
    def show_lines(
        self,
        draft: Draft,
        totals: Totals,
        rates: Mapping[str, Decimal | None],
        problems: Iterable[Problem] = (),
        wrong: Mapping[tuple[UUID, Col], str] | None = None,
    ) -> None:
        """Show these lines; only cells that differ are painted anew. `wrong`: texts that stand in a cell unread."""
        found = _by_row(problems)
        texts: dict[UUID, dict[Col, str]] = {}
        for (line_id, column), text in (wrong or {}).items():
            texts.setdefault(line_id, {})[column] = text
        rows = [
            _Row(place, line, amounts, rates.get(line.vat), texts.get(line.id, {}), found.get(place, {}))
            for place, (line, amounts) in enumerate(zip(draft.lines, totals.lines, strict=True))
        ]
        self._take_ids([row.line.id for row in rows], rows)
        first = -1
        for place, row in enumerate(rows):
            if row == self._rows[place]:
                if first >= 0:
                    self._changed(first, place - 1)
                first = -1
                continue
            self._rows[place] = row
            first = place if first < 0 else first
        if first >= 0:
            self._changed(first, len(rows) - 1)

    def set_current(self, place: int) -> None:
        """Tint the line that the keys act on."""
        before, self._current = self._current, place
        for row in {before, place}:
            if 0 <= row < len(self._rows):
                self._changed(row, row)

    def set_read_only(self, read_only: bool) -> None:
        """Nothing can be typed into an issued document."""
        self._read_only = read_only

    def line(self, place: int) -> Line:
        """The line of a row."""
        return self._rows[place].line

    def place_of(self, line_id: UUID) -> int:
        """The row of a line, -1 when it is gone."""
        return next((place for place, row in enumerate(self._rows) if row.line.id == line_id), -1)

    def longest_code(self) -> str:
        """The code that the column must have room for."""
        return max((row.line.code for row in self._rows), key=len, default="")

    def next_editable(self, place: int, column: int, step: int = 1) -> Index:
        """Where Enter goes: the next number to the right, then the next line's first. An invalid index beyond the last line."""
        stops = [Col.QUANTITY, Col.PRICE, Col.DISCOUNT, Col.VAT]
        if step > 0:
            later = [stop for stop in stops if stop > column]
            if later:
                return self.index(place, later[0])
            return self.index(place + 1, stops[0]) if place + 1 < len(self._rows) else QModelIndex()
        earlier = [stop for stop in stops if stop < column]
        if earlier:
            return self.index(place, earlier[-1])
        return self.index(place - 1, stops[-1]) if place > 0 else QModelIndex()

    # ---- Qt ----
    def rowCount(self, parent: Index = QModelIndex()) -> int:
        """One row a line."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        """See Col."""
        return 0 if parent.isValid() else len(Col)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Plain values; the delegate formats."""
        row, column = self._rows[index.row()], index.column()
        if role == STYLE:
            return self._style(row, column, index.row() == self._current)
        if role == Qt.ItemDataRole.DisplayRole:
            return row.wrong[Col(column)] if column in row.wrong else _shown(row, column)
        if role == Qt.ItemDataRole.EditRole:
            return row.wrong[Col(column)] if column in row.wrong else _typed(row, column)
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleDescriptionRole):
            return _remark(row, column)
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Tell what was typed. The cell changes when the draft has changed."""
        if role != Qt.ItemDataRole.EditRole or not index.isValid():
            return False
        self.edited.emit(self._rows[index.row()].line.id, Col(index.column()), value)
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        """What can be typed into."""
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if index.isValid() and not self._read_only:
            unknown = index.column() == Col.CODE and self._rows[index.row()].line.item_id is None
            if index.column() in EDITABLE or unknown:
                flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    # ---- parts ----
    def _changed(self, first: int, last: int) -> None:
        self.dataChanged.emit(self.index(first, 0), self.index(last, len(Col) - 1))

    def _take_ids(self, wanted: Sequence[UUID], rows: Sequence[_Row]) -> None:
        """Insert, remove and move rows until they stand for the wanted lines; contents are compared afterwards."""
        have = [row.line.id for row in self._rows]
        if have == wanted:
            return
        top = 0
        while top < min(len(have), len(wanted)) and have[top] == wanted[top]:
            top += 1
        tail = 0
        while tail < min(len(have), len(wanted)) - top and have[-1 - tail] == wanted[-1 - tail]:
            tail += 1
        old, new = have[top : len(have) - tail], wanted[top : len(wanted) - tail]
        if len(old) == len(new) and old[1:] == new[:-1] and old[0] == new[-1]:
            self._move(top, top + len(old) - 1)
        elif len(old) == len(new) and old[:-1] == new[1:] and old[-1] == new[0]:
            self._move(top + len(old) - 1, top)
        else:
            if old:
                self.beginRemoveRows(QModelIndex(), top, top + len(old) - 1)
                del self._rows[top : top + len(old)]
                self.endRemoveRows()
            if new:
                self.beginInsertRows(QModelIndex(), top, top + len(new) - 1)
                self._rows[top:top] = rows[top : top + len(new)]
                self.endInsertRows()

    def _move(self, place: int, to: int) -> None:
        self.beginMoveRows(QModelIndex(), place, place, QModelIndex(), to + 1 if to > place else to)
        self._rows.insert(to, self._rows.pop(place))
        self.endMoveRows()

    def _style(self, row: _Row, column: int, current: bool) -> CellStyle | None:
        col = Col(column)
        problem = row.problems.get(col)
        if problem is not None:
            tone = "danger" if problem.stops else "warning"
            return CellStyle(Kind.TEXT if col in row.wrong else None, tone=tone, tint=f"{tone}_bg")
        if column == Col.PLACE and any(each.stops for each in row.problems.values()):
            return _PLACE_WRONG_CURRENT if current else _PLACE_WRONG
        if column == Col.NAME and row.line.item_id is None:
            return _UNKNOWN_CURRENT if current else _UNKNOWN
        if not current:
            return None
        return _CURRENT_MUTED if column in (Col.PLACE, Col.UNIT) else _CURRENT


def rate_text(code: str, percent: Decimal | None) -> str:
    """A VAT rate as people write it: "23 %"; rates with a name of their own by their name ("zw", "0 KR").

    >>> rate_text("23", Decimal(23)).replace(NBSP, " "), rate_text("0 KR", Decimal(0))
    ('23 %', '0 KR')
    """
    return f"{code}{NBSP}%" if percent is not None and code.replace(".", "").replace(",", "").isdigit() else code


def _by_row(problems: Iterable[Problem]) -> dict[int, dict[Col, Problem]]:
    """The problems of lines by row and column; the first error of a cell counts, else its first warning."""
    found: dict[int, dict[Col, Problem]] = {}
    for problem in problems:
        head, _dot, rest = problem.field.partition(".")
        place, _dot, word = rest.partition(".")
        if head != "lines" or not place.isdigit():
            continue
        cells = found.setdefault(int(place), {})
        column = FIELDS.get(word, Col.NAME)
        known = cells.get(column)
        if known is None or (problem.stops and not known.stops):
            cells[column] = problem
    return found


def _shown(row: _Row, column: int) -> Any:
    line = row.line
    match column:
        case Col.PLACE:
            return str(row.place + 1)
        case Col.CODE:
            return line.code
        case Col.NAME:
            return line.name or (_(UNKNOWN_NAME) if line.item_id is None else "")
        case Col.QUANTITY:
            return line.quantity
        case Col.UNIT:
            return line.unit
        case Col.PRICE:
            return line.price
        case Col.DISCOUNT:
            return f"{decimal(line.discount)}{NBSP}%"
        case Col.VAT:
            return rate_text(line.vat, row.rate)
        case Col.NET:
            return row.amounts.net
        case Col.GROSS:
            return row.amounts.gross
        case _:
            return "lock" if line.negotiated else None


def _typed(row: _Row, column: int) -> Any:
    """What the cell's own field begins with."""
    line = row.line
    match column:
        case Col.CODE:
            return line.code
        case Col.NAME:
            return line.name
        case Col.QUANTITY:
            return line.quantity
        case Col.PRICE:
            return line.price
        case Col.DISCOUNT:
            return line.discount
        case Col.VAT:
            return line.vat
        case _:
            return None


def _remark(row: _Row, column: int) -> str | None:
    problem = row.problems.get(Col(column))
    if problem is not None:
        return tell(problem)
    if column == Col.SIGN and row.line.negotiated:
        return _("A person typed this price; nothing changes it by itself.")
    return None


UNKNOWN_NAME = N_("Unknown code. Type the right one or delete the line.")
