"""The units and packages of an item: name, how many base units, bar code. The first row is the base unit."""

from decimal import Decimal
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from crm_desktop.catalogue.rules.model import Unit
from crm_desktop.core.i18n import _, decimal
from crm_desktop.db.keys import new_id
from crm_desktop.ui import theme as look
from crm_desktop.ui.fields import EntryField, QuantityField, TextField
from crm_desktop.ui.widgets.parts import button, label, tool_button

FIELDS = ("name", "factor", "barcode")


class _Row:
    """The widgets of one unit."""

    def __init__(self, table: "UnitsTable", unit: Unit) -> None:
        self.unit = unit
        self.name, self.factor, self.barcode = TextField(), QuantityField(), TextField()
        self.remove = tool_button("trash", _("Take this package out"), run=lambda: table.remove(self))
        for field in (self.name, self.factor, self.barcode):
            field.textEdited.connect(lambda _text: table.typed())
            field.edited.connect(lambda _value: table.typed())

    def fields(self) -> tuple[EntryField, EntryField, EntryField]:
        return self.name, self.factor, self.barcode

    def show(self, unit: Unit) -> None:
        self.unit = unit
        self.name.set_value(unit.name)
        self.factor.set_value(unit.factor)
        self.barcode.set_value(unit.barcode)

    def value(self) -> Unit:
        factor = self.factor.value()
        return Unit(self.unit.id, self.name.value(), factor if isinstance(factor, Decimal) else Decimal(0), self.barcode.text().strip())


class UnitsTable(QWidget):
    """A small grid of fields; the widget of "units.2.barcode" is `units_2_barcode`."""

    edited = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[_Row] = []
        self._read_only = False
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(2, 1)
        heads = (_("Unit"), _("Base units in one"), _("Bar code"))
        for column, title in enumerate(heads):
            self._grid.addWidget(label(title, "caption"), 0, column)
        self._add = button(_("Add a package"), self.add, kind="link", icon="plus")
        self._add.setObjectName("add_package")
        column_ = QVBoxLayout(self)
        column_.setContentsMargins(0, 0, 0, 0)
        column_.setSpacing(4)
        column_.addLayout(self._grid)
        column_.addWidget(self._add, 0, Qt.AlignmentFlag.AlignLeft)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    # ---- the value ----
    def value(self) -> tuple[Unit, ...]:
        """The units as they stand there."""
        return tuple(row.value() for row in self._rows)

    def set_value(self, units: tuple[Unit, ...]) -> None:
        """Show these units. Rows whose unit is the same keep their widgets, with focus and cursor."""
        while len(self._rows) > len(units):
            self._take_out(self._rows[-1])
        for place, unit in enumerate(units):
            if place == len(self._rows):
                self._put_in(unit)
            self._rows[place].show(unit)
        self._name_all()

    def words(self, units: tuple[Unit, ...]) -> str:
        """Units in one line, for the comparison of two versions."""
        return ", ".join(f"{unit.name} = {decimal(unit.factor)}{f' ({unit.barcode})' if unit.barcode else ''}" for unit in units)

    # ---- what a person does ----
    def add(self) -> None:
        """One package more; the focus goes to its name."""
        self._put_in(Unit(new_id(), "", Decimal(1), ""))
        self._name_all()
        self._rows[-1].show(Unit(self._rows[-1].unit.id, "", Decimal(1), ""))
        for field in self._rows[-1].fields():
            field.show()  # the layout would do it a moment later, and a hidden field takes no focus
        self._rows[-1].name.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.typed()

    def remove(self, row: _Row) -> None:
        """Take a package out."""
        self._take_out(row)
        self._name_all()
        self.typed()

    def typed(self) -> None:
        """Something changed."""
        self.edited.emit(self.value())

    def set_read_only(self, read_only: bool) -> None:
        """To be looked at only."""
        self._read_only = read_only
        self._name_all()

    # ---- parts ----
    def _put_in(self, unit: Unit) -> None:
        row = _Row(self, unit)
        place = len(self._rows) + 1
        for column, widget in enumerate((*row.fields(), row.remove)):
            self._grid.addWidget(widget, place, column)
        self._rows.append(row)
        theme = look.current()
        theme.follow(row.name, lambda: row.name.setFixedWidth(theme.scaled(90)))
        theme.follow(row.factor, lambda: row.factor.setFixedWidth(theme.scaled(110)))

    def _take_out(self, row: _Row) -> None:
        self._rows.remove(row)
        widgets: tuple[Any, ...] = (*row.fields(), row.remove)
        for widget in widgets:
            self._grid.removeWidget(widget)
            widget.hide()  # see parts.clear
            widget.setParent(None)
            widget.deleteLater()
        for place, each in enumerate(self._rows, 1):
            moved: tuple[Any, ...] = (*each.fields(), each.remove)
            for column, widget in enumerate(moved):
                self._grid.addWidget(widget, place, column)

    def _name_all(self) -> None:
        titles = (_("Unit"), _("Base units in one"), _("Bar code"))
        before: QWidget | None = None
        for place, row in enumerate(self._rows):
            for field, name, title in zip(row.fields(), FIELDS, titles, strict=True):
                field.setObjectName(f"units_{place}_{name}")
                field.setAccessibleName(f"{title}, {place + 1}")
                if before is not None:
                    QWidget.setTabOrder(before, field)
                before = field
                field.setReadOnly(self._read_only or (place == 0 and name == "factor"))
                field.setFocusPolicy(Qt.FocusPolicy.NoFocus if place == 0 and name == "factor" else Qt.FocusPolicy.StrongFocus)
            row.remove.setVisible(place > 0 and not self._read_only)
        if before is not None:
            QWidget.setTabOrder(before, self._add)
        self._add.setVisible(not self._read_only)
        if self._rows:
            self.setFocusProxy(self._rows[0].name)
