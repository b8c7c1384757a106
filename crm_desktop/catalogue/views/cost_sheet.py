"""A new purchase price from a day on."""

from uuid import UUID

from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from crm_desktop.catalogue import service
from crm_desktop.catalogue.rules.check import check_price
from crm_desktop.core.i18n import N_, _
from crm_desktop.core.problem import Problem
from crm_desktop.ui import clock, tasks
from crm_desktop.ui.fields import DateField, FieldNote, PriceField, show_problems
from crm_desktop.ui.widgets.dialogs import Choice, Sheet, button_box
from crm_desktop.ui.widgets.parts import WrapLabel, label


class CostSheet(Sheet):
    """Price and day."""

    def __init__(self, parent: QWidget, item_id: UUID, name: str) -> None:
        super().__init__(parent, _("New purchase price"), 380)
        self.setObjectName("cost_sheet")
        self._item_id = item_id
        self.price, self.valid_from = PriceField(), DateField()
        self.valid_from.set_value(clock.today())
        grid = QGridLayout()
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(3)
        pairs = ((self.price, "price", _("Net price, PLN")), (self.valid_from, "valid_from", _("From the day")))
        for column, (field, field_name, title) in enumerate(pairs):
            field.setObjectName(field_name)
            field.setAccessibleName(title)
            head, note = label(title, "label"), FieldNote()
            head.setBuddy(field)
            note.setObjectName(f"{field_name}_note")
            for row, widget in enumerate((head, field, note)):
                grid.addWidget(widget, row, column)
        box, self.buttons = button_box((Choice("back", _("Back"), "quiet"), Choice("save", _("Save"), "primary")))
        self.buttons["back"].clicked.connect(self.reject)
        self.buttons["save"].clicked.connect(self._save)
        column_ = QVBoxLayout(self)
        column_.setContentsMargins(20, 18, 20, 16)
        column_.setSpacing(6)
        column_.addWidget(WrapLabel(_("New purchase price"), "title"))
        column_.addWidget(WrapLabel(name, "muted"))
        column_.addSpacing(8)
        column_.addLayout(grid)
        column_.addWidget(box)
        self.price.setFocus()

    def _save(self) -> None:
        price, since = self.price.value(), self.valid_from.value()
        found = [problem for field in (self.price, self.valid_from) if (problem := field.entry_problem()) is not None]
        if price is None and not found:
            found.append(Problem("price_missing", "price", N_("The price is missing.")))
        elif price is not None:
            found += check_price(price, "price", 4)
        if since is None and not found:
            found.append(Problem("day_missing", "valid_from", N_("The day is missing.")))
        show_problems(self, found)
        if not found:
            tasks.change(self, service.save_cost, self._item_id, since, price, then=lambda _nothing: self.accept())
