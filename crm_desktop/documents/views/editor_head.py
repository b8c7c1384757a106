"""The line over a document: what it is, its number, its state, and what became of it."""

from PySide6.QtWidgets import QFrame, QHBoxLayout

from crm_desktop.core.i18n import N_, _
from crm_desktop.documents.rules.model import State
from crm_desktop.fiscal.queries import ReceiptRow
from crm_desktop.ui import theme as look
from crm_desktop.ui.presence import PresenceLine
from crm_desktop.ui.widgets.parts import ElidedLabel, IconLabel, Pill, label

STATES = {
    State.DRAFT: (N_("draft"), "neutral"),
    State.SEALED: (N_("at the printer"), "violet"),
    State.ISSUED: (N_("issued"), "info"),
}


class EditorHead(QFrame):
    """Title and pill at the left, the way of the receipt at the right. `receipt_state` is the label to read it from."""

    def __init__(self) -> None:
        super().__init__()
        look.mark(self, role="surface")
        self.setObjectName("editor_head")
        self.title, self.pill, self.note = ElidedLabel("", "title"), Pill(), ElidedLabel("", "hint")
        self._icon, self.receipt = IconLabel("printer"), label("", "muted")
        for widget, name in (
            (self.title, "document_title"),
            (self.pill, "document_state"),
            (self.note, "document_note"),
            (self.receipt, "receipt_state"),
        ):
            widget.setObjectName(name)
        line = QHBoxLayout(self)
        line.setContentsMargins(14, 0, 14, 0)
        line.setSpacing(10)
        line.addWidget(self.title)
        line.addWidget(self.pill)
        line.addWidget(self.note)
        self.presence = PresenceLine()
        line.addWidget(self.presence, 100)
        line.addStretch(1)
        line.addWidget(self._icon)
        line.addWidget(self.receipt)
        self._icon.hide()
        self.receipt.hide()
        look.current().follow(self, lambda: self.setFixedHeight(look.current().size("toolbar")))

    def show_state(self, kind: str, number: str, state: State) -> None:
        """The name of the kind, the number once there is one, the state's pill."""
        self.title.setText(f"{kind} {number}".strip())
        word, tone = STATES[state]
        self.pill.show_state(_(word), tone)

    def show_note(self, text: str) -> None:
        """A quiet remark: when it was stored."""
        self.note.setText(text)

    def show_receipt(self, text: str, tone: str = "text_2") -> None:
        """Where the receipt is; "" for none."""
        self.receipt.setText(text)
        look.mark(self.receipt, tone={"danger": "danger", "success": "success", "warning": "warning"}.get(tone, "muted"))
        self._icon.show_icon("printer", tone)
        self._icon.setVisible(bool(text))
        self.receipt.setVisible(bool(text))


def receipt_text(row: ReceiptRow) -> tuple[str, str]:
    """The way of a receipt in one line, and its tone."""
    match row.state:
        case "waiting":
            return _("waits for the printer {device}").format(device=row.device_name), "text_2"
        case "printing":
            return _("printing on {device}").format(device=row.device_name), "text_2"
        case "printed":
            words = _("printed, receipt no. {number} on {device}")
            return words.format(number=row.receipt_number, device=row.device_number or row.device_name), "success"
        case "needs_person":
            return _("waits for a decision: was it printed?"), "danger"
        case _:
            return _("not printed"), "danger"
