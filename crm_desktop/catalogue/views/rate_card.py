"""The VAT rates: their list by periods, and the card of a period. One that has begun only gets its last day."""

from typing import Any
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from crm_desktop.catalogue import queries, service
from crm_desktop.catalogue.queries import RateRow
from crm_desktop.catalogue.rules.model import RatePeriod
from crm_desktop.catalogue.rules.rates import UNTAXED, Stage, check_rate, percent_of, spelt, stage_of
from crm_desktop.core.i18n import N_, NBSP, _
from crm_desktop.core.problem import Problem
from crm_desktop.db.keys import new_id
from crm_desktop.db.paging import Sort
from crm_desktop.db.transaction import Transaction
from crm_desktop.ui import clock, forms, tasks
from crm_desktop.ui.card import Card
from crm_desktop.ui.delegates import CellStyle, Kind
from crm_desktop.ui.fields import DateField, PercentField, TextField
from crm_desktop.ui.listing import Choice, Column, Listing
from crm_desktop.ui.register import Register
from crm_desktop.ui.widgets import dialogs
from crm_desktop.ui.window import Window

SAVE = "catalogue.save_rate"
STAGES = {
    Stage.PLANNED: (N_("to come"), "info"),
    Stage.HOLDS: (N_("in force"), "success"),
    Stage.OVER: (N_("over"), "neutral"),
}


def _stage(row: RateRow) -> str:
    return stage_of(row.valid_from, row.valid_to, clock.today()).value


def _over(row: RateRow) -> CellStyle | None:
    return CellStyle(kind=Kind.MUTED) if _stage(row) == Stage.OVER else None


RATE_LIST = Listing(
    name="catalogue.rates",
    title=N_("VAT rates"),
    source=queries.RATES,
    columns=(
        Column("code", N_("Code"), Kind.IDENTIFIER, 90, style=_over),
        Column("percent", N_("Per cent"), Kind.NUMBER, 100),
        Column("valid_from", N_("From"), Kind.DATE, 110),
        Column("valid_to", N_("To"), Kind.DATE, 110),
        Column(
            *("stage", N_("State"), Kind.PILL, 110, False, False, False),
            choices=tuple(Choice(stage.value, text, tone) for stage, (text, tone) in STAGES.items()),
            value=_stage,
        ),
        Column("name", N_("Name"), stretch=True, width=220, style=_over),
    ),
    default_sort=(Sort("percent", descending=True), Sort("code"), Sort("valid_from", descending=True)),
    table="catalogue.vat_rate",
    new=N_("New"),
    empty_icon="receipt-tax",
    empty_title=N_("No VAT rates yet"),
    empty_text=N_("A rate holds from day to day; a document takes the one of its sale date."),
    searchable=False,
)


class RateBrowser(Register):
    """The rates."""

    def __init__(self, window: Window) -> None:
        super().__init__(window, RATE_LIST, open_rate, SAVE)


class RateForm(QWidget):
    """The widgets. The per cent is what the code says: it is shown, not typed."""

    code: TextField
    percent: PercentField
    valid_from: DateField
    valid_to: DateField
    name: TextField

    def __init__(self) -> None:
        super().__init__()
        forms.load(self, "catalogue/rate_card")
        self.percent.setReadOnly(True)
        self.percent.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.code.edited.connect(lambda value: self.code.set_value(spelt(str(value or ""))))


class RateCard(Card[RatePeriod]):
    """See the module."""

    PATHS = ("code", "percent", "valid_from", "valid_to", "name")
    TABLE, PERMISSION, ICON = "catalogue.vat_rate", SAVE, "receipt-tax"

    def __init__(self, window: Window, new: RatePeriod | None, key: UUID | None) -> None:
        self._form = RateForm()
        self._periods: list[RatePeriod] = []
        super().__init__(window, self._form, new, key)
        self.setObjectName("rate_card")
        self._remove_button = self.add_deed(_("Remove…"), "trash", self._remove, kind="danger")
        self._remove_button.setObjectName("remove_rate")
        self._remove_button.hide()

    def read_record(self, tx: Transaction, key: UUID | None) -> RatePeriod:
        """The period."""
        assert key is not None
        return queries.get_period(tx, key)

    def read_choices(self, tx: Transaction) -> list[RatePeriod]:
        """All periods: no two of one rate may overlap."""
        return queries.list_periods(tx)

    def take_choices(self, choices: list[RatePeriod]) -> None:
        """Kept for the check."""
        self._periods = choices

    def prepare(self, value: RatePeriod) -> None:
        """What has begun stays."""
        begun = self._stage_of(value) in (Stage.HOLDS, Stage.OVER)
        for field in (self._form.code, self._form.valid_from, self._form.name):
            field.setEnabled(not begun)
            field.setToolTip(_("A period that has begun stays as it is") if begun else "")

    def shown(self, value: RatePeriod) -> None:
        """One to come may be removed; one that is over is only looked at."""
        stage = self._stage_of(value)
        self._remove_button.setVisible(self.may_change and stage is Stage.PLANNED)
        if stage is Stage.OVER and self.may_change:
            self.may_change = False
            self._save_button.hide()
            self.set_read_only((self._form.valid_to,))
            self.say_why(_("This period is over and stays as it is. To use the rate again, add a new period."))

    def store(self, tx: Transaction, value: RatePeriod) -> Any:
        """Save it."""
        return service.save_rate(tx, value)

    def check(self, value: RatePeriod) -> list[Problem]:
        """By the rules of rates, against every period that she knows."""
        return check_rate(value, self._periods, clock.today())

    def title_of(self, value: RatePeriod) -> str:
        """The rate as people write it."""
        return _("VAT {rate}").format(rate=_words(value.code)) if value.code else _("New rate")

    def state_of(self, value: RatePeriod) -> tuple[str, str]:
        """Whether it holds today."""
        stage = self._stage_of(value)
        return (_(STAGES[stage][0]), STAGES[stage][1]) if stage is not None else ("", "neutral")

    def _stage_of(self, value: RatePeriod) -> Stage | None:
        """None for a new one: nothing of it is stored."""
        if self.is_new or value.valid_from is None:
            return None
        return stage_of(value.valid_from, value.valid_to, clock.today())

    def _edited(self) -> None:
        if self.stored() is not None:
            code = spelt(str(self._form.code.value() or ""))
            self._form.percent.set_value(percent_of(code))
            self._form.percent.setPlaceholderText(_("no tax") if code in UNTAXED else "")
        super()._edited()

    # ---- a period that will not come ----
    def _remove(self) -> None:
        period = self.stored()
        if period is None:
            return
        question = dialogs.Question(
            self,
            _("Remove this period of {rate}?").format(rate=self.title_of(period)),
            _("It has not begun yet. If a document was already issued with it for a later sale date, it stays."),
            (dialogs.Choice("back", _("Back"), "quiet"), dialogs.Choice("remove", _("Remove"), "danger")),
        )
        question.setObjectName("remove_question")
        question.answered.connect(lambda answer: self._send_removal(period) if answer == "remove" else None)
        question.finished.connect(question.deleteLater)
        question.open()

    def _send_removal(self, period: RatePeriod) -> None:
        tasks.change(self, service.remove_rate, period, then=lambda _none: self._removed(period), refused=self._was_refused)

    def _removed(self, period: RatePeriod) -> None:
        self._show(period)  # what was typed goes with it
        self.said.emit(_("Removed: {title}").format(title=self.title_of(period)))
        self.closed.emit()


def _words(code: str) -> str:
    return f"{code}{NBSP}%" if code.isdigit() else code


def open_rate(window: Window, id: UUID | None) -> None:
    """The card of a period; None: a new one, whose dates the law says."""
    new = RatePeriod(new_id()) if id is None else None
    key = new.id if new is not None else id
    window.open_card(f"catalogue.rate:{key}", _("New rate"), "receipt-tax", lambda: RateCard(window, new, id))
