"""The last question before a receipt: which printer, whose NIP, and the names as the paper will show them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from crm_desktop.core.i18n import _, money, ngettext
from crm_desktop.core.identifiers import nip_valid
from crm_desktop.documents.rules.model import Draft, Totals
from crm_desktop.fiscal.queries import DeviceRow
from crm_desktop.fiscal.rules.names import clean_name
from crm_desktop.ui import theme as look
from crm_desktop.ui.fields import ComboField, FieldNote, NipField
from crm_desktop.ui.scanner import Scanner
from crm_desktop.ui.widgets.dialogs import Choice, Sheet, button_box
from crm_desktop.ui.widgets.parts import WrapLabel, label

_MOST_NAMES = 6


@dataclass(frozen=True)
class ReceiptChoice:
    """What the operator decided."""

    device_id: UUID
    nip: str


class ReceiptDialog(Sheet):
    """Enter prints, Esc goes back to the draft. `chosen` with a ReceiptChoice.

    A scanned NIP is the buyer's; any other scan is one more article: the dialog closes and tells it.
    """

    chosen = Signal(object)
    scanned = Signal(str)

    def __init__(
        self, draft: Draft, totals: Totals, devices: Sequence[DeviceRow], device_id: UUID | None, parent: QWidget, scanner: Scanner
    ) -> None:
        super().__init__(parent, _("Issue and print the receipt"), 440)
        self.setObjectName("receipt_dialog")
        self._devices = devices
        self._nip_given = draft.buyer.party_id is not None
        self.device, self.nip = ComboField(), NipField()
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(4)
        column.addLayout(_headline(totals, draft.currency))
        column.addSpacing(10)
        column.addWidget(self._named(_("NIP of the buyer"), self.nip))
        column.addWidget(self.nip)
        self._note = FieldNote()
        self._note.setObjectName("receipt_nip_note")
        column.addWidget(self._note)
        column.addWidget(WrapLabel(_("Once the receipt is printed, the NIP cannot be added."), "hint"))
        column.addSpacing(10)
        self._device_title = self._named(_("Printer"), self.device)
        column.addWidget(self._device_title)
        column.addWidget(self.device)
        self._condition = WrapLabel("", tone="warning")
        column.addWidget(self._condition)
        self._add_names(column, draft)
        column.addSpacing(12)
        box, self.buttons = button_box((Choice("back", _("Back"), "quiet"), Choice("print", _("Print the receipt"), "primary")))
        self.buttons["print"].setObjectName("receipt_print")
        self.buttons["print"].clicked.connect(self._take)
        self.buttons["back"].clicked.connect(self.reject)
        column.addWidget(box)
        self._fill(draft, device_id)
        self._scanner = scanner.over(self)
        self._scanner.scanned.connect(self._take_scan)

    def _named(self, text: str, field: QWidget) -> QWidget:
        title = label(text, "label")
        title.setBuddy(field)
        field.setAccessibleName(text)
        return title

    def _fill(self, draft: Draft, device_id: UUID | None) -> None:
        self.nip.setObjectName("receipt_nip")
        self.nip.setPlaceholderText(_("(optional)"))
        self.nip.set_value(draft.buyer.nip or None)
        self.nip.setReadOnly(self._nip_given)
        self.device.setObjectName("receipt_device")
        self.device.set_choices([(row.id, row.name) for row in self._devices])
        known = {row.id for row in self._devices}
        self.device.set_value(device_id if device_id in known else self._devices[0].id)
        alone = len(self._devices) == 1
        self.device.setVisible(not alone)
        self._device_title.setVisible(not alone)
        self.device.edited.connect(lambda _value: self._show_condition())
        self._show_condition()
        (self.buttons["print"] if self._nip_given else self.nip).setFocus(Qt.FocusReason.OtherFocusReason)

    def _add_names(self, column: QVBoxLayout, draft: Draft) -> None:
        """The names that the printer's letters or length change; the operator sees them before anything is sealed."""
        changed = list(dict.fromkeys(name.text for name in (clean_name(line.name) for line in draft.lines) if name.changed))
        self.names = changed
        if not changed:
            return
        inside = QWidget()
        look.mark(inside, role="clear")
        rows = QVBoxLayout(inside)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(2)
        for name in changed:
            rows.addWidget(WrapLabel(name))
        column.addSpacing(10)
        count = len(changed)
        column.addWidget(
            label(
                ngettext("On the paper {count} name will read", "On the paper {count} names will read", count).format(count=count), "label"
            )
        )
        if count <= _MOST_NAMES:
            column.addWidget(inside)
            return
        scroll = QScrollArea()
        scroll.setWidget(inside)
        scroll.setWidgetResizable(True)
        scroll.setAccessibleName(_("Names on the paper"))
        scroll.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # the arrow keys scroll it
        scroll.setFixedHeight(_MOST_NAMES * look.current().scaled(20))
        column.addWidget(scroll)

    def _show_condition(self) -> None:
        row = next((each for each in self._devices if each.id == self.device.value()), None)
        text = ""
        if row is not None and not row.served:
            text = _("No workstation serves this printer now. The receipt will wait in its queue.")
        elif row is not None and row.message:
            text = row.message
        self._condition.setText(text)
        self._condition.setVisible(bool(text))

    def _take_scan(self, code: str) -> None:
        if not self._nip_given and nip_valid(code):
            self.nip.set_value(code)
        else:
            self.reject()
            self.scanned.emit(code)

    def _take(self) -> None:
        if not self.nip.settle():
            self.nip.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.chosen.emit(ReceiptChoice(self.device.value(), self.nip.value() or ""))
        self.accept()


def _headline(totals: Totals, currency: str) -> QHBoxLayout:
    line = QHBoxLayout()
    line.addWidget(label(_("Issue and print the receipt"), "title"))
    line.addStretch(1)
    amount = label(f"{money(totals.gross)} {currency}", "title")
    look.tabular(amount, "title")
    line.addWidget(amount)
    return line


def with_nip(draft: Draft, nip: str) -> Draft:
    """The draft with the NIP that the receipt will bear; a NIP makes its buyer a business."""
    if draft.buyer.party_id is not None or draft.buyer.nip == nip:
        return draft
    return replace(draft, buyer=replace(draft.buyer, nip=nip, business=bool(nip)))
