"""The editor's way from draft to number and back: store, issue, seal, follow the receipt, close. Never loses the draft."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from crm_desktop.core.errors import Conflict, Offline
from crm_desktop.core.i18n import N_, _, day
from crm_desktop.core.problem import Problem
from crm_desktop.documents.rules import changes
from crm_desktop.documents.rules.history import History
from crm_desktop.documents.rules.model import Document, Draft, Issued, Sealed, State
from crm_desktop.documents.service import Saved
from crm_desktop.documents.views.editor_head import receipt_text
from crm_desktop.documents.views.issuing import Issuing
from crm_desktop.documents.views.overtaken import DraftConflict, Overtaking, ask_frozen, ask_gone, ask_unstored
from crm_desktop.documents.views.receipt_dialog import ReceiptChoice, ReceiptDialog, with_nip
from crm_desktop.fiscal.queries import DeviceRow, ReceiptRow
from crm_desktop.ui import clock, tasks
from crm_desktop.ui.fields import read_date

if TYPE_CHECKING:
    from crm_desktop.documents.views.invoice_editor import InvoiceEditor


class PathToNumber(QObject):
    """Part of one InvoiceEditor: what state its document is in, and the acts that change it."""

    def __init__(self, editor: "InvoiceEditor") -> None:
        super().__init__(editor)
        self._editor = editor
        self.state, self.number = State.DRAFT, ""
        self.receipt: ReceiptRow | None = None
        self.document: Document | None = None
        self._acting = self._saving = self._leave_anyway = self._leaving = self._offers_today = self._asking = self._given_up = False
        self._next: Callable[[], object] | None = None  # waits for a save or for scans under way
        self._confirmed: date | None = None
        self._device_id: UUID | None = None
        self._opened = clock.now()
        self.issuing = Issuing(self)
        for signal, take in (
            (self.issuing.saved, self._saved),
            (self.issuing.issued, self._issued),
            (self.issuing.sealed, self._sealed),
            (self.issuing.refused, self._refused),
            (self.issuing.failed, self._failed),
            (self.issuing.overtaken, self._overtaken),
            (self.issuing.devices, self._devices),
            (self.issuing.receipt, self._receipt_seen),
            (self.issuing.printed, self._printed),
            (self.issuing.unsealed, self._unsealed),
        ):
            signal.connect(take)

    # ---- state ----
    def open(self, document: Document | None, receipt: ReceiptRow | None) -> None:
        """Begin with a stored document, or with a new one. An editor's scans must be there already."""
        self._editor.scans.idle.connect(self._go_on)
        if document is not None:
            self.state, self.number, self.document = document.state, document.number, document
        self._show_state()
        if receipt is not None:
            self.issuing.follow(receipt.id)
        elif document is not None and document.receipt_number:
            words = _("printed, receipt no. {number} on {device}")
            self._editor.head.show_receipt(words.format(number=document.receipt_number, device=document.device_number), "success")

    def is_draft(self) -> bool:
        """Whether the document may still be changed."""
        return self.state is State.DRAFT

    def show(self, draft: Draft) -> None:
        """The head's title, and today's date where the document has another by accident."""
        self._editor.head.show_state(draft.kind.name, self.number, self.state)
        self._leave_anyway = False
        self._offer_today(draft)

    def confirm_date(self, issue_date: date) -> None:
        """The person typed this issue date, so it is meant."""
        self._confirmed = issue_date

    # ---- storing ----
    def save(self) -> None:
        """Ctrl+S: store the draft as it is, right or wrong."""
        if self.is_draft() and not self._acting and not self._saving:
            self._editor.commit_all()
            self._saving = True
            self.issuing.save(self._editor.draft)

    def _saved(self, sent: Draft, saved: Saved) -> None:
        self._saving = self._leaving = False
        stored = replace(sent, version=saved.version)
        self._editor.replace_draft(replace(self._editor.draft, version=saved.version), stored=stored)
        self._editor.head.show_note(_("saved at {time}").format(time=f"{clock.now():%H:%M}"))
        self._editor.said.emit(_("The draft was saved at {time}.").format(time=f"{clock.now():%H:%M}"))
        self._go_on()

    # ---- issuing ----
    def issue(self) -> None:
        """F10, F8: all problems at once, or the number; for a fiscal kind by way of the printer."""
        editor = self._editor
        if not self.is_draft() or self._acting or _close_open_list():
            return
        editor.commit_all()
        if self._wait_for(self.issue):
            return
        if editor.say_everything(entry_too=True):
            editor.problems_panel.next_problem()
        elif self._is_old(editor.draft):
            self._confirmed = editor.draft.issue_date  # the strip says it; the second time it is meant
            self._offer_today(editor.draft, asked=True)
        elif editor.draft.kind.fiscal:
            self._act()
            self.issuing.find_devices(editor.draft.branch_id)
        else:
            self._act()
            self.issuing.issue(editor.draft)

    def _issued(self, issued: Issued) -> None:
        self._freeze(State.ISSUED, issued.version, issued.number)
        self._editor.issued.emit(issued.id, issued.number)

    def _refused(self, problems: Sequence[Problem]) -> None:
        self._saving, self._leaving, self._next = False, False, None
        self._act(False)
        self._editor.show_refusal(problems)

    def _failed(self, error: Exception) -> None:
        leaving = self._leaving
        self._saving, self._leaving, self._next = False, False, None
        self._act(False)
        if leaving and isinstance(error, Offline):
            self._ask_unstored()

    # ---- somebody was faster ----
    def _overtaken(self, now: Overtaking) -> None:
        self._failed(Conflict("documents.document", self._editor.draft.id))
        editor, document = self._editor, now.document
        if document is None:
            ask_gone(editor, self._store_again, self._let_go)
        elif document.state is not State.DRAFT:
            ask_frozen(editor, document, lambda: self._show_stored(document, now.receipt_id))
        elif not DraftConflict(
            editor, editor.stored, editor.draft, document.draft, self._opened, now.saved, partial(self._go_on_from, document.draft)
        ).differs:
            editor.replace_draft(document.draft, stored=document.draft)
            editor.said.emit(_("A colleague saved the same just before you."))

    def _go_on_from(self, theirs: Draft, draft: Draft, store: bool) -> None:
        editor = self._editor
        self._opened = clock.now()
        editor.replace_draft(replace(editor.draft, version=theirs.version), stored=theirs)
        editor.edit(draft)
        if store:
            self.save()

    def _show_stored(self, document: Document, receipt_id: UUID | None) -> None:
        editor = self._editor
        self.document = document
        editor.begin_anew(History(document.draft))
        self._freeze(document.state, document.draft.version, document.number)
        if receipt_id is not None:
            self.issuing.follow(receipt_id)

    def _store_again(self) -> None:
        self._editor.replace_draft(replace(self._editor.draft, version=0))
        self.save()

    def _ask_unstored(self) -> None:
        if not self._asking:
            self._asking = True
            ask_unstored(self._editor, self._let_go).answered.connect(self._was_asked)

    def _was_asked(self, answer: str) -> None:
        self._asking = False
        if answer != "drop":
            self._editor.stays.emit()

    def _let_go(self) -> None:
        self._given_up = True
        self._editor.replace_draft(self._editor.draft, stored=self._editor.draft)
        self._editor.closed.emit()

    # ---- the receipt ----
    def _devices(self, devices: Sequence[DeviceRow]) -> None:
        self._act(False)
        editor = self._editor
        if not devices:
            message = N_("This branch has no fiscal printer. An administrator adds one under Printers.")
            editor.show_refusal([Problem("printer_missing", "", message)])
            return
        dialog = ReceiptDialog(editor.draft, editor.totals(), devices, self._device_id, editor, editor.scanner)
        dialog.chosen.connect(self._seal)
        dialog.scanned.connect(editor.scans.add)
        dialog.finished.connect(dialog.deleteLater)
        dialog.finished.connect(editor.window().activateWindow)  # not every window system does it by itself
        dialog.open()

    def _seal(self, choice: ReceiptChoice) -> None:
        editor = self._editor
        self._device_id = choice.device_id
        editor.edit(with_nip(editor.draft, choice.nip))
        if editor.say_everything():
            editor.problems_panel.next_problem()
            return
        self._act()
        self.issuing.seal(editor.draft, choice.device_id)

    def _sealed(self, sealed: Sealed) -> None:
        self._freeze(State.SEALED, sealed.version, "")

    def _receipt_seen(self, row: ReceiptRow) -> None:
        self.receipt = row
        self._editor.head.show_receipt(*receipt_text(row))
        strip = self._editor.strip
        if row.state == "needs_person":
            text = _(
                "The printer cannot prove it. The document stays closed until somebody with the right decides; nothing is printed twice."
            )
            strip.say("alert-circle", _("It is not known whether the receipt was printed."), text, tone="danger")
        elif row.state in ("waiting", "printing") and row.condition_message:
            back = _("Take the receipt back") if row.state == "waiting" else ""
            strip.say("printer-off", f"{row.device_name}:", row.condition_message, back, self.issuing.withdraw)
        elif row.state in ("waiting", "printing", "printed"):
            strip.clear()

    def _printed(self, document: Document) -> None:
        self.document = document
        self._editor.replace_draft(document.draft, stored=document.draft)
        self._freeze(State.ISSUED, document.draft.version, document.number)
        self._editor.issued.emit(document.draft.id, document.number)

    def _unsealed(self, document: Document, row: ReceiptRow) -> None:
        self.state, self.number = State.DRAFT, ""
        self._act(False)
        here = self._editor.has_focus_of_window()
        self._editor.replace_draft(document.draft, stored=document.draft)
        self._show_state()
        self._editor.head.show_receipt("")
        title = _("The receipt was not printed; the document is a draft again.")
        self._editor.strip.say("printer-off", title, row.message, _("Print again"), self.issue, tone="danger")
        if here:
            self._editor.focus_start()

    # ---- closing ----
    def leave(self) -> None:
        """Esc: store what there is and go. A text that cannot be read keeps the window open once."""
        editor = self._editor
        if self._acting:
            return
        editor.commit_all()
        if self._has_to_store() and tasks.is_offline():
            self._ask_unstored()  # storing would only find out what is known
            return
        if self._wait_for(self.leave):
            return
        if not self._has_to_store():
            editor.closed.emit()
            return
        unread = editor.unread()
        if unread and not self._leave_anyway:
            editor.jump(unread[0])
            editor.said.emit(_("This text cannot be read and would be lost. Mend it, or press Esc once more."))
            self._leave_anyway = True
            return
        self._leaving, self._next = True, editor.closed.emit
        self.save()

    def may_close(self) -> bool:
        """Whether nothing would be lost; otherwise `leave` has begun."""
        if self._given_up or self._acting:
            return self._given_up
        self._editor.commit_all()
        if not self._has_to_store() and not self._editor.scans.is_busy():
            return True
        self.leave()
        return False

    def _has_to_store(self) -> bool:
        """A new document in which nothing was typed leaves no trace."""
        editor = self._editor
        return self.is_draft() and (editor.dirty or bool(editor.unread()))

    # ---- parts ----
    def _wait_for(self, act: Callable[[], object]) -> bool:
        """Do `act` after the save or the scans that are under way. False when there are none."""
        if self._saving or self._editor.scans.is_busy():
            self._next = act
            return True
        return False

    def _go_on(self) -> None:
        if self._next is not None and not self._saving and not self._editor.scans.is_busy():
            act, self._next = self._next, None
            act()

    def _act(self, begins: bool = True) -> None:
        """While an act is under way the draft stands still; scans wait."""
        self._acting = begins
        self._editor.set_editable(not begins and self.is_draft())

    def _freeze(self, state: State, version: int, number: str) -> None:
        self.state, self.number = state, number
        self._acting = False
        editor = self._editor
        here = editor.has_focus_of_window()
        stored = replace(editor.draft, version=version)
        editor.replace_draft(stored, stored=stored)
        self._show_state()
        late = editor.scans.take_waiting()
        if late:
            title = _("Not on the document: {codes}").format(codes=", ".join(late))
            editor.toasts().show_toast(title, _("These codes came when it was already closed."), icon="barcode", tone="warning", stays=True)
        if here:  # a receipt may come out while the person works in another document
            editor.grid.setFocus()
        if number:
            editor.said.emit(_("Issued: {number}").format(number=number))

    def _show_state(self) -> None:
        editor = self._editor
        editor.set_editable(self.is_draft())
        editor.entry.setVisible(self.is_draft())
        if not self.is_draft():
            editor.head.show_note("")
            editor.strip.clear()
        editor.refresh()
        editor.title_changed.emit(self.number or editor.draft.kind.name)

    def _is_old(self, draft: Draft) -> bool:
        """Dated before today though nobody typed that: midnight passed, or the draft lay overnight."""
        return draft.issue_date < clock.today() and draft.issue_date != self._confirmed

    def _offer_today(self, draft: Draft, asked: bool = False) -> None:
        """The way on after midnight."""
        strip, dated = self._editor.strip, [each for each in self._editor.problems() if each.code.startswith("issue_date_")]
        refused = [each for each in dated if each.stops and each.code != "issue_date_future"]
        if not self.is_draft() or not (asked or self._is_old(draft) or refused):
            if self._offers_today:
                self._offers_today = False
                strip.clear()
            return
        today = self._today(dated)
        text = "" if refused or draft.kind.fiscal else _("F10 once more issues it with the older date.") if asked else ""
        title = _("It is {today}, and the document is dated {date}.").format(today=day(today), date=day(draft.issue_date))
        strip.say("calendar", title, text, _("Set today's date"), lambda: self._set_today(today))
        self._offers_today = True

    def _today(self, dated: Sequence[Problem]) -> date:
        """The server's day where it said one; a workstation's clock may be behind."""
        said = next((str(each.values["today"]) for each in dated if isinstance(each.values.get("today"), str)), "")
        return read_date(said, clock.today()) if said else clock.today()

    def _set_today(self, today: date) -> None:
        self._confirmed = None
        self._editor.edit(changes.with_issue_date(self._editor.draft, today))
        self._editor.entry.focus_item()


def _close_open_list() -> bool:
    """Whether a list of choices was open: what is lit in it is not chosen yet, so nothing final may happen behind it."""
    popup = QApplication.activePopupWidget()
    if popup is not None:
        popup.hide()
    return popup is not None
