"""Printers and receipts: how each printer of her branches is, what waits, and what needs a person."""

from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from crm_desktop.core.i18n import N_, _, ngettext
from crm_desktop.db.paging import By, Sort
from crm_desktop.db.transaction import Transaction
from crm_desktop.fiscal import queries, service
from crm_desktop.fiscal.queries import DeviceRow, ReceiptRow
from crm_desktop.fiscal.views.decision import DECIDE, UndecidedPanel
from crm_desktop.ui import feed, tasks
from crm_desktop.ui import theme as look
from crm_desktop.ui.browser import Browser
from crm_desktop.ui.delegates import CellStyle, Kind
from crm_desktop.ui.listing import Choice, Column, Listing
from crm_desktop.ui.widgets import dialogs
from crm_desktop.ui.widgets.parts import ElidedLabel, IconLabel, Pill, WrapLabel, clear, label, rule
from crm_desktop.ui.window import Window

WITHDRAW = "documents.seal_receipt"


def _message_style(row: ReceiptRow) -> CellStyle | None:
    return CellStyle(tone="danger") if row.state in ("needs_person", "not_printed") else CellStyle(kind=Kind.MUTED)


def _message(row: ReceiptRow) -> str:
    """What it says of itself, else what its printer says while it waits."""
    return row.message or (row.condition_message if row.state in ("waiting", "printing") else "")


RECEIPT_LIST = Listing(
    name="fiscal.receipts",
    title=N_("Receipts"),
    source=queries.RECEIPTS,
    columns=(
        Column("label", N_("Document"), Kind.TEXT, 190),
        Column("device_name", N_("Printer"), width=140, group=By.VALUE),
        Column(
            "state",
            N_("State"),
            Kind.PILL,
            124,
            choices=(
                Choice("waiting", N_("waits"), "neutral"),
                Choice("printing", N_("printing"), "info"),
                Choice("printed", N_("printed"), "success"),
                Choice("not_printed", N_("not printed"), "neutral"),
                Choice("needs_person", N_("needs you"), "danger"),
            ),
            group=By.VALUE,
        ),
        Column("message", N_("Message"), stretch=True, width=260, sortable=False, filterable=False, value=_message, style=_message_style),
        Column("sealed_at", N_("Sent"), Kind.DATE, 132, group=By.MONTH),
        Column("receipt_number", N_("Receipt no."), Kind.NUMBER, 92, value=lambda row: row.receipt_number or None),
        Column("device_number", N_("Unique no."), Kind.IDENTIFIER, 140, hidden=True),
    ),
    default_sort=(Sort("sealed_at", True),),
    table=("fiscal.receipt", "fiscal.receipt_print"),
    empty_icon="receipt-2",
    empty_title=N_("No receipts yet"),
    empty_text=N_("Receipts that were sent to a fiscal printer stand here, with what became of each."),
    searchable=False,
)


class ReceiptBrowser(QWidget):
    """The printers at the top, what needs a person below them, then all receipts."""

    layout_changed = Signal()
    said = Signal(str)

    def __init__(self, window: Window) -> None:
        super().__init__()
        self.setObjectName("receipt_browser")
        self._window = window
        look.mark(self, role="surface")
        self.devices = QFrame()
        self.devices.setObjectName("device_tiles")
        look.mark(self.devices, role="sunken")
        self._tiles = QHBoxLayout(self.devices)
        self._tiles.setContentsMargins(12, 10, 12, 10)
        self._tiles.setSpacing(10)
        self.undecided = UndecidedPanel(window.may(DECIDE))
        self.browser = Browser(RECEIPT_LIST.for_permissions(window.may))
        self.browser.setObjectName("receipt_list")
        self.browser.layout_changed.connect(self.layout_changed)
        self.browser.said.connect(self.said)
        if window.may(WITHDRAW):
            self.browser.add_tool(N_("Take back"), "arrow-back-up", "Delete", self.withdraw_current, needs_row=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self.devices, rule(), self.undecided):
            column.addWidget(widget)
        column.addWidget(self.browser, 1)
        self.setFocusProxy(self.browser)
        for table in ("fiscal.device", "fiscal.lease", "fiscal.receipt"):
            feed.watch(self, table, lambda _ids: self.refresh())
        self.refresh()

    # ---- what the window and the key bar use ----
    def state(self) -> str:
        """The columns of the list."""
        return self.browser.state()

    def restore(self, state: str) -> bool:
        """Take what `state` gave."""
        return self.browser.restore(state)

    def focus_filter(self) -> None:
        """Ctrl+F."""
        self.browser.focus_filter()

    def refresh_now(self) -> None:
        """F5."""
        self.refresh()
        self.browser.refresh_now()

    def decide_next(self) -> None:
        """F8: the oldest receipt that waits for a decision."""
        self.undecided.decide()

    def withdraw_current(self) -> None:
        """Del: take back a receipt that still waits; its document is a draft again."""
        row = self.browser.current_row()
        if not isinstance(row, ReceiptRow):
            return
        if row.state != "waiting":
            self._window.say(_("Only a receipt that still waits can be taken back."))
            return
        question = dialogs.Question(
            self,
            _("Take the receipt back?"),
            _("{document} waits for {printer}. Nothing was printed; the document becomes a draft again.").format(
                document=row.label, printer=row.device_name
            ),
            (dialogs.Choice("back", _("Let it wait"), "quiet"), dialogs.Choice("withdraw", _("Take back"), "primary")),
        )
        question.setObjectName("withdraw_question")
        question.answered.connect(lambda answer: self._withdraw(row) if answer == "withdraw" else None)
        question.finished.connect(question.deleteLater)
        question.open()

    def _withdraw(self, row: ReceiptRow) -> None:
        done = _("{document} is a draft again.").format(document=row.label)
        tasks.change(self, service.withdraw_receipt, row.id, then=lambda _nothing: self._window.say(done))

    # ---- the printers ----
    def refresh(self) -> None:
        """Ask how the printers are and what waits for a person."""
        tasks.read(self, read_state, then=self._show)

    def _show(self, found: tuple[list[DeviceRow], dict[UUID, int], list[ReceiptRow]]) -> None:
        devices, waiting, undecided = found
        clear(self._tiles)
        for device in devices:
            stuck = any(row.device_id == device.id for row in undecided)
            self._tiles.addWidget(DeviceTile(device, waiting.get(device.id, 0), stuck))
        if not devices:
            self._tiles.addWidget(label(_("No printer is set up in your branches."), "muted"))
        self._tiles.addStretch(1)
        self.undecided.show_receipts(undecided)


class DeviceTile(QFrame):
    """One printer: name, how it is in a word and a sentence, how many receipts wait."""

    def __init__(self, device: DeviceRow, waiting: int, stuck: bool) -> None:
        super().__init__()
        look.mark(self, role="card")
        word, tone, sentence = condition_words(device, stuck)
        self.setAccessibleName(f"{device.name}: {word}. {sentence}")
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(IconLabel("printer-off" if tone == "danger" else "printer", "danger" if tone == "danger" else "text_2", 18))
        head.addWidget(ElidedLabel(device.name, "strong"), 1)
        self.pill = Pill(word, tone)
        head.addWidget(self.pill)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(3)
        column.addLayout(head)
        queue = ngettext("{count} receipt waits", "{count} receipts wait", waiting).format(count=waiting) if waiting else _("nothing waits")
        column.addWidget(WrapLabel(sentence or queue, "muted" if not sentence else "", "danger" if tone == "danger" and sentence else ""))
        if sentence and waiting:
            column.addWidget(label(queue, "hint"))
        look.current().follow(self, lambda: self.setFixedWidth(look.current().scaled(270)))


def condition_words(device: DeviceRow, stuck: bool) -> tuple[str, str, str]:
    """How a printer is: a word, its tone, and a sentence where something is to be done."""
    if stuck:
        return _("stopped"), "danger", _("A receipt waits for a decision. Until then nothing is printed here.")
    if not device.served:
        return _("not served"), "warning", _("Its workstation is switched off, or the program does not run there. Receipts wait.")
    if device.condition == "offline":
        return _("no answer"), "danger", device.message
    if device.condition == "attention":
        return _("needs attention"), "warning", device.message
    return _("ready"), "success", ""


def read_state(tx: Transaction) -> tuple[list[DeviceRow], dict[UUID, int], list[ReceiptRow]]:
    """Printers, how many receipts are open on each, and those that wait for a person."""
    return queries.list_conditions(tx), queries.count_open(tx), queries.list_undecided(tx)
