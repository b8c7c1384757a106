"""Somebody else changed this draft first: what was, what is yours, what is theirs, and the way on (ARC-02). Nothing is lost."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QWidget

from crm_desktop.core.i18n import _, day, decimal, ngettext, price
from crm_desktop.db.last_saved import LastSaved
from crm_desktop.db.transaction import WARSAW, NotFound
from crm_desktop.documents.queries import find_receipt_of, get_document, list_history
from crm_desktop.documents.rules.model import Buyer, Document, Draft, Line, PaymentForm, State
from crm_desktop.documents.rules.printout import PAYMENTS
from crm_desktop.documents.rules.versions import CONTENT, merged, parts
from crm_desktop.documents.views.problem_links import name_of
from crm_desktop.ui.widgets.conflict import DISCARD, MERGED, ConflictDialog, ConflictField, told_last
from crm_desktop.ui.widgets.dialogs import Choice, Question

_NOTHING = "–"


@dataclass(frozen=True)
class Overtaking:
    """What lies in the database now; no document where it was thrown away, a receipt where it was sealed. saved: who left it so."""

    document: Document | None
    receipt_id: UUID | None = None
    saved: LastSaved | None = None


def read_overtaking(tx: Any, document_id: UUID) -> Overtaking:
    """The document as somebody else left it."""
    try:
        document = get_document(tx, document_id)
    except NotFound:
        return Overtaking(None)
    last = max(list_history(tx, document_id), key=lambda entry: entry.at, default=None)
    saved = LastSaved(last.who, last.at.astimezone(WARSAW)) if last is not None else None
    return Overtaking(document, find_receipt_of(tx, document_id) if document.state is State.SEALED else None, saved)


class DraftConflict:
    """The question to the person. `take(draft, again)` is called with the draft to go on with, and whether to store it now."""

    def __init__(
        self,
        editor: QWidget,
        base: Draft,
        mine: Draft,
        theirs: Draft,
        opened: datetime,
        saved: LastSaved | None,
        take: Callable[[Draft, bool], None],
    ) -> None:
        self._mine, self._theirs, self._take = mine, theirs, take
        fields = [ConflictField(path, self._title(path), *three, _teller(three)) for path, three in parts(base, mine, theirs).items()]
        self.differs = any(field.differs for field in fields)
        if not self.differs:
            return
        self._dialog = ConflictDialog(
            editor,
            title=_("Somebody saved this draft before you"),
            subtitle=told_last(mine.buyer.name or mine.kind.name, saved, opened),
            their_name=saved.name if saved is not None else _("Your colleague's"),
            opened_at=f"{opened:%H:%M}",
            fields=fields,
        )
        self._dialog.setObjectName("conflict_dialog")
        self._dialog.finished.connect(editor.window().activateWindow)  # not every window system does it by itself
        self._dialog.finished.connect(lambda _code: self._decided())
        self._dialog.open()

    def _decided(self) -> None:
        if self._dialog.outcome == MERGED:
            self._take(merged(self._mine, self._theirs, self._dialog.result_values()), True)
        elif self._dialog.outcome == DISCARD:
            self._take(self._theirs, False)
        self._dialog.deleteLater()

    def _title(self, path: str) -> str:
        head, _dot, id = path.partition(".")
        if head != "lines":
            return _("lines") if path == CONTENT else name_of("buyer.name" if path == "buyer" else path)
        for draft in (self._mine, self._theirs):
            for place, line in enumerate(draft.lines):
                if str(line.id) == id:
                    return _("line {number}, {field}").format(number=place + 1, field=line.code)
        return _("lines")


def ask_frozen(editor: QWidget, document: Document, show: Callable[[], object]) -> Question:
    """A colleague issued it, or sent it to a printer: what was typed since cannot be on it."""
    title = _("A colleague has already issued it") if document.number else _("A colleague has already sent it to the printer")
    text = _("It can no longer be changed. What you typed since is not on it; look at it before you show the stored document.")
    return _question(
        editor, title, text, (Choice("back", _("Back"), "quiet"), Choice("show", _("Show the stored document"), "danger")), {"show": show}
    )


def ask_gone(editor: QWidget, keep: Callable[[], object], drop: Callable[[], object]) -> Question:
    """A colleague threw the draft away."""
    title, text = _("A colleague threw this draft away"), _("What stands here is still whole. Store it again, or let it go.")
    choices = (Choice("back", _("Back"), "quiet"), Choice("drop", _("Let it go"), "danger"), Choice("keep", _("Store it again"), "primary"))
    return _question(editor, title, text, choices, {"keep": keep, "drop": drop})


def ask_unstored(editor: QWidget, drop: Callable[[], object]) -> Question:
    """She wants to go, and the server does not answer: without this question nobody could close the program."""
    title = _("The server does not answer, so this draft cannot be stored")
    text = _("Left open, it waits until the connection is back. Closed now, what was typed since the last saving is lost.")
    choices = (Choice("back", _("Leave it open"), "quiet"), Choice("drop", _("Close and lose it"), "danger"))
    return _question(editor, title, text, choices, {"drop": drop})


def _question(editor: QWidget, title: str, text: str, choices: tuple[Choice, ...], deeds: dict[str, Callable[[], object]]) -> Question:
    question = Question(editor, title, text, choices)
    question.finished.connect(editor.window().activateWindow)
    question.answered.connect(lambda answer: deeds[answer]() if answer else None)
    question.finished.connect(question.deleteLater)
    question.open()
    return question


def _teller(three: tuple[Any, Any, Any]) -> Callable[[Any], str]:
    """How the versions of a part are written; lines with their names where these differ."""
    named = len({each.name for each in three if isinstance(each, Line)}) > 1
    return lambda value: _told(value, named)


def _told(value: Any, named: bool = False) -> str:
    match value:
        case None | "":
            return _NOTHING
        case date():
            return day(value)
        case Buyer():
            return value.name or _NOTHING
        case PaymentForm():
            return _(PAYMENTS[value])
        case Line():
            told = f"{decimal(value.quantity)} {value.unit} × {price(value.price)}, VAT {value.vat}"
            told += f", −{decimal(value.discount)} %" if value.discount else ""
            return f"{value.name[:40]}: {told}" if named else told
        case (kind, lines):
            return f"{kind.name}, " + ngettext("{count} line", "{count} lines", len(lines)).format(count=len(lines))
        case _:
            return str(value)
