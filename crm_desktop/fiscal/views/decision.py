"""A receipt of which nobody knows whether it was printed: the evidence, and a person's decision on it (semantics M.4)."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from crm_desktop.core.i18n import N_, _, moment, money, ngettext
from crm_desktop.core.problem import Problem
from crm_desktop.fiscal import queries, service
from crm_desktop.fiscal.queries import ReceiptRow
from crm_desktop.fiscal.rules.model import Numbers
from crm_desktop.ui import clock, tasks
from crm_desktop.ui import theme as look
from crm_desktop.ui.fields import DateField, DecimalField, FieldNote, TextField, show_problems
from crm_desktop.ui.widgets.dialogs import Choice, Sheet, button_box
from crm_desktop.ui.widgets.parts import IconLabel, WrapLabel, button, label, rule

DECIDE = "fiscal.decide_receipt"
REASON_LEAST = 5


class UndecidedPanel(QFrame):
    """The oldest receipt that needs a person. Hidden while there is none."""

    def __init__(self, may_decide: bool) -> None:
        super().__init__()
        self.setObjectName("undecided_panel")
        look.mark(self, role="danger")
        self._may = may_decide
        self._rows: list[ReceiptRow] = []
        self._title, self._text = label("", "strong"), WrapLabel()
        self._text.setObjectName("undecided_text")
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._title)
        words.addWidget(self._text)
        self.printed = button(_("It came out"), lambda: self.decide(True), kind="primary")
        self.not_printed = button(_("It did not come out"), lambda: self.decide(False))
        self.printed.setObjectName("it_came_out")
        self.not_printed.setObjectName("it_did_not")
        line = QHBoxLayout(self)
        line.setContentsMargins(14, 10, 14, 10)
        line.setSpacing(12)
        line.addWidget(IconLabel("printer-off", "danger", 28))
        line.addLayout(words, 1)
        for each in (self.not_printed, self.printed):
            line.addWidget(each)
            each.setVisible(may_decide)
        self.hide()

    def show_receipts(self, rows: list[ReceiptRow]) -> None:
        """Show the oldest of these, and how many more there are."""
        self._rows = rows
        self.setVisible(bool(rows))
        if not rows:
            return
        first, more = rows[0], len(rows) - 1
        sealed = first.sealed_at.astimezone(clock.WARSAW)
        self._title.setText(_("{document} of {time} waits for a decision").format(document=first.label, time=f"{sealed:%H:%M}"))
        sentences = [
            first.message,
            _("Look at the paper of {printer}. Nothing is printed a second time without you.").format(printer=first.device_name),
        ]
        if not self._may:
            sentences.append(_("Somebody with the right to decide must do it."))
        if more:
            sentences.append(ngettext("{count} more waits.", "{count} more wait.", more).format(count=more))
        self._text.setText(" ".join(sentence for sentence in sentences if sentence))
        self.setAccessibleName(f"{self._title.text()}. {self._text.text()}")

    def decide(self, printed: bool = True) -> None:
        """Open the evidence of the oldest one."""
        if self._rows and self._may:
            row = self._rows[0]
            tasks.read(self, queries.get_evidence, row.id, then=lambda found: self._ask(row, printed, found))

    def _ask(self, row: ReceiptRow, printed: bool, found: tuple[dict[str, Any], dict[str, Any] | None]) -> None:
        sheet = DecisionSheet(self.window(), row, printed, *found)
        sheet.finished.connect(sheet.deleteLater)
        sheet.open()


class DecisionSheet(Sheet):
    """The evidence at the top; for "it came out" the numbers as they stand on the paper; always the reason."""

    def __init__(self, parent: QWidget, row: ReceiptRow, printed: bool, content: dict[str, Any], observed: dict[str, Any] | None) -> None:
        title = _("It came out") if printed else _("It did not come out")
        super().__init__(parent, title, 560)
        self.setObjectName("decision_sheet")
        self._row, self._printed = row, printed
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(6)
        column.addWidget(WrapLabel(title, "title"))
        explained = (
            _("The document is issued with the numbers that you read on the paper.")
            if printed
            else _("The document becomes a draft again and can be sent to the printer anew.")
        )
        column.addWidget(WrapLabel(explained, "muted"))
        column.addSpacing(4)
        column.addLayout(evidence_grid(row, content, observed))
        column.addSpacing(4)
        column.addWidget(rule())
        column.addSpacing(4)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(14)
        self._grid.setVerticalSpacing(3)
        counted = counters_of(observed)
        self.unique, self.report, self.number = TextField(), DecimalField(), DecimalField()
        self.day, self.time = DateField(), TextField()
        if printed:
            for figures in (self.report, self.number):
                figures.setProperty("places", 0)
            self.unique.set_value(str(counted.get("unique", "")))
            self.day.set_value(row.sealed_at.date())
            self.time.set_value(f"{row.sealed_at:%H:%M}")
            self._add(0, 0, "unique", _("Unique number of the printer"), self.unique)
            self._add(0, 1, "report", _("Number of the daily report"), self.report)
            self._add(3, 0, "number", _("Number of the receipt"), self.number)
            pair = QHBoxLayout()
            pair.setSpacing(8)
            moments: tuple[tuple[QWidget, str, str], ...] = (
                (self.day, "day", _("Day on the paper")),
                (self.time, "time", _("Time on the paper")),
            )
            for field, name, said in moments:
                field.setObjectName(name)
                field.setAccessibleName(said)
                pair.addWidget(field)
            head = label(_("Day and time on the paper"), "label")
            head.setBuddy(self.day)
            self._grid.addWidget(head, 3, 1)
            self._grid.addLayout(pair, 4, 1)
            note = FieldNote()
            note.setObjectName("time_note")
            self._grid.addWidget(note, 5, 1)
            column.addLayout(self._grid)
        self.reason = QPlainTextEdit()
        self.reason.setObjectName("reason")
        self.reason.setAccessibleName(_("What was seen"))
        self.reason.setTabChangesFocus(True)
        self.reason.setPlaceholderText(_("for example: the receipt lies in the printer, number 8813, 14:31"))
        self.reason.setFixedHeight(look.current().scaled(64))
        head = label(_("What was seen"), "label")
        head.setBuddy(self.reason)
        note = FieldNote()
        note.setObjectName("reason_note")
        for widget in (head, self.reason, note):
            column.addWidget(widget)
        box, self.buttons = button_box(
            (Choice("back", _("I do not know yet"), "quiet"), Choice("decide", _("Record the decision"), "primary"))
        )
        self.buttons["back"].clicked.connect(self.reject)
        self.buttons["decide"].clicked.connect(self._decide)
        column.addSpacing(6)
        column.addWidget(box)
        (self.number if printed else self.reason).setFocus()

    def _add(self, row: int, column: int, name: str, title: str, field: QWidget) -> None:
        field.setObjectName(name)
        field.setAccessibleName(title)
        head, note = label(title, "label"), FieldNote()
        head.setBuddy(field)
        note.setObjectName(f"{name}_note")
        for step, widget in enumerate((head, field, note)):
            self._grid.addWidget(widget, row + step, column)

    def problems(self) -> list[Problem]:
        """What is missing."""
        found = []
        if self._printed:
            if not self.unique.value():
                found.append(Problem("unique_missing", "unique", N_("The unique number stands at the foot of every receipt.")))
            for field, name in ((self.report, "report"), (self.number, "number")):
                if not field.value():
                    found.append(Problem("number_missing", name, N_("The number is missing; it stands on the paper.")))
            if self.day.value() is None or not _is_time(self.time.text()):
                found.append(Problem("time_wrong", "time", N_("A day, and a time such as 14:31.")))
        if len(self.reason.toPlainText().strip()) < REASON_LEAST:
            found.append(Problem("reason_needed", "reason", N_("Write down why: what was seen on the paper.")))
        return found

    def _decide(self) -> None:
        found = self.problems()
        show_problems(self, found)
        if found:
            return
        numbers = None
        if self._printed:
            numbers = Numbers(
                self.unique.value(),
                int(self.number.value()),
                int(self.report.value()),
                None,
                f"{self.day.value().isoformat()}T{self.time.text().strip()}",
            )
        tasks.change(
            self,
            service.decide_receipt,
            self._row.id,
            self._printed,
            numbers,
            self.reason.toPlainText().strip(),
            then=lambda _nothing: self.accept(),
        )


def evidence_grid(row: ReceiptRow, content: dict[str, Any], observed: dict[str, Any] | None) -> QGridLayout:
    """What was sent, and what the printer said last."""
    counted = counters_of(observed)
    facts = [
        (_("Document"), row.label),
        (_("To pay"), f"{money(Decimal(int(content.get('due', 0))).scaleb(-2))} zł"),
        (_("Sent"), moment(row.sealed_at.astimezone(clock.WARSAW))),
        (_("Printer"), row.device_name),
        (_("Why it is not known"), row.message),
    ]
    if counted:
        facts.append((_("The printer's last number"), str(counted.get("last_number", "–"))))
        facts.append((_("The printer's clock then"), _clock_shown(str(counted.get("clock", "")))))
    grid = QGridLayout()
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(4)
    grid.setColumnStretch(1, 1)
    for place, (title, value) in enumerate(facts):
        grid.addWidget(label(title, "label"), place, 0)
        grid.addWidget(WrapLabel(value), place, 1)
    return grid


def _clock_shown(text: str) -> str:
    """The device's clock as it is written everywhere: 23.11.2026 14:07; what is no moment as it is."""
    try:
        return moment(datetime.fromisoformat(text))
    except ValueError:
        return text or "–"


def counters_of(observed: dict[str, Any] | None) -> dict[str, Any]:
    """The printer's counters in a journal row or in a verdict; empty where it gave none."""
    if not observed:
        return {}
    found = observed.get("observed") or observed.get("baseline") or {}
    return found.get("counters", found) if isinstance(found, dict) else {}


def _is_time(text: str) -> bool:
    try:
        datetime.strptime(text.strip(), "%H:%M")  # noqa: DTZ007  - a time on paper has no zone
    except ValueError:
        return False
    return True
