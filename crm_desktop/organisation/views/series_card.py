"""The number series: their list and their cards, with the first number as it would be printed (semantics L)."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from crm_desktop.core.i18n import N_, _
from crm_desktop.core.problem import Problem
from crm_desktop.db.keys import new_id
from crm_desktop.db.paging import Sort
from crm_desktop.db.transaction import Transaction
from crm_desktop.organisation import queries, service
from crm_desktop.organisation.rules.model import Branch, NumberSeries
from crm_desktop.organisation.rules.numbering import check_series, preview
from crm_desktop.ui import clock, forms
from crm_desktop.ui.card import Card
from crm_desktop.ui.delegates import Kind
from crm_desktop.ui.fields import ComboField, TextField
from crm_desktop.ui.listing import Choice, Column, Listing
from crm_desktop.ui.register import Register
from crm_desktop.ui.window import Window

SAVE = "organisation.save_series"
RESTARTS = {"month": N_("each month"), "year": N_("each year"), "none": N_("never")}

SERIES_LIST = Listing(
    name="organisation.series",
    title=N_("Number series"),
    source=queries.SERIES,
    columns=(
        Column("branch", N_("Branch"), width=84),
        Column("code", N_("Code"), Kind.IDENTIFIER, 90),
        Column("pattern", N_("Pattern"), stretch=True, width=260),
        Column("restart", N_("Begins anew"), width=160, choices=tuple(Choice(value, title) for value, title in RESTARTS.items())),
        Column("legal", N_("Without gaps"), Kind.CHECK, 100),
    ),
    default_sort=(Sort("branch"), Sort("code")),
    table="organisation.number_series",
    new=N_("New"),
    empty_icon="list-numbers",
    empty_title=N_("No number series yet"),
    empty_text=N_("Each branch numbers each kind of document by a series of its own."),
    searchable=False,
)


class SeriesBrowser(Register):
    """The series."""

    def __init__(self, window: Window) -> None:
        super().__init__(window, SERIES_LIST, open_series, SAVE)


@dataclass(frozen=True)
class Around:
    """What a series must fit into: the branches, and all other series."""

    branches: tuple[Branch, ...]
    series: tuple[NumberSeries, ...]


class SeriesForm(QWidget):
    """The widgets."""

    branch_id: ComboField
    code: TextField
    pattern: TextField
    restart: ComboField
    legal: QCheckBox
    preview: QLineEdit

    def __init__(self) -> None:
        super().__init__()
        forms.load(self, "organisation/series_card")
        self.restart.set_choices([(value, _(title)) for value, title in RESTARTS.items()])
        self.preview.setReadOnly(True)


class SeriesCard(Card[NumberSeries]):
    """See the module."""

    PATHS = ("branch_id", "code", "pattern", "restart", "legal")
    TABLE, PERMISSION, ICON = "organisation.number_series", SAVE, "list-numbers"

    def __init__(self, window: Window, new: NumberSeries | None, key: UUID | None) -> None:
        self._form = SeriesForm()
        self._around = Around((), ())
        super().__init__(window, self._form, new, key)
        self.setObjectName("series_card")

    def read_record(self, tx: Transaction, key: UUID | None) -> NumberSeries:
        """The series."""
        assert key is not None
        return queries.get_series(tx, key)

    def read_choices(self, tx: Transaction) -> Around:
        """Branches and the other series."""
        return Around(tuple(queries.list_branches(tx)), tuple(queries.list_series(tx)))

    def take_choices(self, choices: Around) -> None:
        """Only her own branches may get one; a series never moves to another branch."""
        self._around = choices
        mine = self.window_of.who.branches
        offered = [(branch.id, f"{branch.code}  {branch.name}") for branch in choices.branches if branch.id in mine]
        self._form.branch_id.set_choices(offered)
        self._form.branch_id.setEnabled(self.is_new)
        self._form.branch_id.setToolTip("" if self.is_new else _("A series stays with its branch"))

    def store(self, tx: Transaction, value: NumberSeries) -> Any:
        """Save it."""
        return service.save_series(tx, value)

    def check(self, value: NumberSeries) -> list[Problem]:
        """By the rules of numbering, against every other series that she knows."""
        codes = {branch.id: branch.code for branch in self._around.branches}
        others = [(other, codes.get(other.branch_id, "")) for other in self._around.series if other.branch_id is not None]
        problems = check_series(value, self._branch_code(value), others)
        if value.branch_id is None:
            problems.append(Problem("branch_missing", "branch_id", N_("Choose the branch.")))
        return problems

    def title_of(self, value: NumberSeries) -> str:
        """Branch and code."""
        return f"{value.code} {self._branch_code(value)}" if value.code else _("New series")

    def _edited(self) -> None:
        super()._edited()
        if self.stored() is not None:
            value = self.value()
            text = preview(value, clock.today(), self._branch_code(value))
            self._form.preview.setText(text or _("The pattern is not right yet"))

    def _branch_code(self, value: NumberSeries) -> str:
        return next((branch.code for branch in self._around.branches if branch.id == value.branch_id), "")


def open_series(window: Window, id: UUID | None) -> None:
    """The card of a series; None: a new one of the branch in use."""
    blank = NumberSeries(new_id(), branch_id=window.branch_id)
    new = replace(blank, pattern="FS/{branch}/{number}/{month}/{year}", restart="month") if id is None else None
    key = new.id if new is not None else id
    window.open_card(f"organisation.number_series:{key}", _("New series"), "list-numbers", lambda: SeriesCard(window, new, id))
