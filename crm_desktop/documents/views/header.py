"""The header of a document: buyer, dates, kind, payment. Shows a draft; an edit only tells what was typed."""

from collections.abc import Iterable, Sequence
from datetime import date

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QSizePolicy, QWidget

from crm_desktop.core.i18n import N_, _
from crm_desktop.core.problem import Problem
from crm_desktop.documents.rules.model import Buyer, Draft, Kind, Method, PaymentForm
from crm_desktop.documents.views.lookups import find_buyers
from crm_desktop.ui import forms
from crm_desktop.ui import theme as look
from crm_desktop.ui.fields import ComboField, DateField, FieldNote, LookupField, NipField, State, jump_to, set_state, show_problems

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class InvoiceHeader(QWidget):
    """See the module. Fields are named as in problems: `buyer_name` for "buyer.name", `issue_date`."""

    buyer_label: QLabel
    buyer_name: LookupField
    buyer_nip: NipField
    buyer_nip_note: FieldNote
    buyer_address: QLineEdit
    issue_date: DateField
    sale_date: DateField
    due_date: DateField
    kind: ComboField
    payment: ComboField
    basis: QLabel

    buyer_chosen = Signal(object)  # PartyChoice, None when the field was emptied
    nip_typed = Signal(str)
    date_typed = Signal(str, object)  # "issue_date", "sale_date", "due_date" and the date
    payment_chosen = Signal(object)
    kind_chosen = Signal(object)
    left = Signal(str)
    """The field of this path was left: what is missing there may be said now."""
    settled = Signal()
    """A date can be read again, or no longer can."""
    finished = Signal()
    """Enter in the last field."""

    def __init__(self, kinds: Sequence[Kind], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        forms.load(self, "documents/header")
        look.mark(self, role="surface")
        self._draft: Draft | None = None
        self._read_only = False
        self._problems: tuple[Problem, ...] = ()
        self.buyer_name.set_search(find_buyers, least=2)
        self.buyer_name.keeps = True
        self.buyer_name.unchosen_changed.connect(self.settled)
        self.buyer_name.chosen.connect(self.buyer_chosen)
        self.buyer_name.textEdited.connect(lambda _text: set_state(self.buyer_name, State.NORMAL))  # typing only ever removes an error
        self.buyer_nip.edited.connect(lambda value: self.nip_typed.emit(value or ""))
        self.kind.set_choices([(kind, kind.name) for kind in kinds if kind.active])
        self.kind.edited.connect(self.kind_chosen)
        self.payment.set_choices(
            [
                (PaymentForm.CASH, _("cash")),
                (PaymentForm.CARD, _("card")),
                (PaymentForm.TRANSFER, _("bank transfer")),
            ]
        )
        self.payment.edited.connect(self.payment_chosen)
        self.dates: dict[str, DateField] = {
            "issue_date": self.issue_date,
            "sale_date": self.sale_date,
            "due_date": self.due_date,
        }
        for name, field in self.dates.items():
            field.edited.connect(lambda value, name=name: self._date_edited(name, value))
            field.textEdited.connect(lambda _text: self.settled.emit())
            field.editingFinished.connect(self.settled)
            field.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.due_date.base = lambda: self._draft.issue_date if self._draft is not None else None
        self.sale_date.base = self.due_date.base
        for each in self.fields():
            each.installEventFilter(self)
        look.current().follow(self, self._restyle)

    # ---- what the editor uses ----
    def fields(self) -> list[QWidget]:
        """What can be typed into, in reading order."""
        return [self.buyer_name, self.buyer_nip, self.issue_date, self.sale_date, self.due_date, self.kind, self.payment]

    def show_draft(self, draft: Draft) -> None:
        """Say what the draft says. A field whose value is the same keeps its text, even one that cannot be read."""
        before, self._draft = self._draft, draft
        buyer = draft.buyer
        if before is None or before.buyer != buyer:
            self.buyer_name.set_value(buyer.party_id, buyer.name)
            self.buyer_nip.set_value(buyer.nip or None)
            self.buyer_address.setText(address_line(buyer))
            self.buyer_address.setCursorPosition(0)
            self._show_nip_field()
        for name, field in self.dates.items():
            if before is None or getattr(before, name) != getattr(draft, name):
                field.set_value(getattr(draft, name))
        if before is None or before.payment is not draft.payment:
            self.payment.set_value(draft.payment)
        if before is None or before.kind != draft.kind:
            self._show_kind(draft.kind)

    def show_problems(self, problems: Iterable[Problem]) -> None:
        """Mark the fields that the problems speak of."""
        self._problems = tuple(problems)
        show_problems(self, self._problems)

    def problems(self) -> list[Problem]:
        """Texts that cannot be read at all; what can be read the rules judge."""
        found = []
        unchosen = self.buyer_name.unchosen()
        if unchosen:
            nobody = N_("No party is called “{text}”. Choose one from the list (F3), or empty the field.")
            message = (
                nobody
                if self.buyer_name.found_nothing()
                else N_("“{text}” was not chosen. Choose a party from the list (F3), or empty the field.")
            )
            found.append(Problem("buyer_unchosen", "buyer.name", message, {"text": unchosen[:60]}))
        for name, field in self.dates.items():
            problem = field.entry_problem()
            if problem is not None and field.property("unreadable"):
                found.append(Problem(problem.code, name, problem.message, problem.values))
        return found

    def set_read_only(self, read_only: bool) -> None:
        """An issued document is looked at only."""
        self._read_only = read_only
        if read_only:
            self.buyer_name.give_up()
        for field in (self.buyer_name, *self.dates.values()):
            field.setReadOnly(read_only)
        for combo in (self.kind, self.payment):
            combo.setEnabled(not read_only)
            look.mark(combo, looked=read_only)
        self._show_nip_field()

    def jump(self, path: str) -> None:
        """The focus into the field of a path; what has no field of its own belongs to the buyer."""
        if path == "buyer.nip" and self.buyer_nip.isReadOnly():
            path = "buyer.name"
        if not jump_to(self, path):
            jump_to(self, "buyer.name")

    def first_empty(self) -> QWidget | None:
        """Where work starts in the header, None when nothing is missing."""
        draft = self._draft
        needs = draft is not None and draft.kind.buyer_required and not draft.buyer.name
        return self.buyer_name if needs else None

    # ---- Qt ----
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter goes to the next field; leaving one lets its problems be said."""
        if event.type() == QEvent.Type.FocusOut and isinstance(watched, QWidget):
            if watched is self.buyer_name:
                show_problems(self, self._problems)
            self.left.emit(path_of(watched))
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Fields leave Enter to the form."""
        if event.key() in _ENTER and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self._next()
        else:
            super().keyPressEvent(event)

    # ---- parts ----
    def _next(self) -> None:
        fields = [field for field in self.fields() if not (isinstance(field, QLineEdit) and field.isReadOnly()) and field.isEnabled()]
        here = next((place for place, field in enumerate(fields) if field.hasFocus()), -1)
        if 0 <= here < len(fields) - 1:
            field = fields[here + 1]
            field.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self.finished.emit()

    def _date_edited(self, name: str, value: date | None) -> None:
        field = self.dates[name]
        if value is None:  # a document has its dates: an emptied field takes back what it had
            if self._draft is not None and not field.text().strip():
                field.set_value(getattr(self._draft, name))
            return
        self.date_typed.emit(name, value)

    def _show_kind(self, kind: Kind) -> None:
        self.kind.set_value(kind)
        if self.kind.value() is None:  # a kind that was retired since this document was typed
            self.kind.add_choice(kind, kind.name)
            self.kind.set_value(kind)
        self.basis.setText(_("net, PLN") if kind.method is Method.NET else _("gross, PLN"))
        self._show_nip_field()

    def _show_nip_field(self) -> None:
        """A receipt takes a NIP of its own; an invoice has the one of the party's card."""
        draft = self._draft
        typed = draft is not None and draft.kind.fiscal and draft.buyer.party_id is None
        self.buyer_nip.setReadOnly(self._read_only or not typed)
        self.buyer_nip.setFocusPolicy(Qt.FocusPolicy.ClickFocus if self.buyer_nip.isReadOnly() else Qt.FocusPolicy.StrongFocus)
        self.buyer_nip.setPlaceholderText(_("(optional)") if typed and not self._read_only else "")
        required = draft is None or draft.kind.buyer_required
        hint = _("Name, NIP or town") if required else _("Name, NIP or town (optional)")
        self.buyer_name.setPlaceholderText("" if self._read_only else hint)

    def _restyle(self) -> None:
        theme = look.current()
        for field in self.dates.values():
            field.setFixedWidth(max(theme.scaled(104), field.sizeHint().width()))
        for combo in (self.kind, self.payment):
            combo.setMinimumWidth(theme.scaled(150))
        self.buyer_name.popup_width = theme.scaled(520)


def path_of(field: QWidget) -> str:
    """The path of a field: `buyer_name` → "buyer.name"."""
    name = field.objectName()
    return name.replace("_", ".", 1) if name.startswith("buyer_") else name


def address_line(buyer: Buyer) -> str:
    """An address in one line.

    >>> address_line(Buyer(street="ul. Graniczna 14", post_code="43-300", city="Bielsko-Biała"))
    'ul. Graniczna 14, 43-300 Bielsko-Biała'
    """
    town = " ".join(part for part in (buyer.post_code, buyer.city) if part)
    country = buyer.country if buyer.country != "PL" else ""
    return ", ".join(part for part in (buyer.street, town, country) if part)
