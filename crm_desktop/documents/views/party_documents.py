"""What documents show on a party's card: the sales documents with this buyer, newest first."""

from dataclasses import replace
from functools import partial
from typing import Any
from uuid import UUID

from crm_desktop.core.i18n import N_
from crm_desktop.db.paging import By, Group, Key, OneOf, Page, PageRequest, Sums
from crm_desktop.db.transaction import Transaction
from crm_desktop.documents import queries
from crm_desktop.documents.views.document_browser import DOCUMENT_LIST
from crm_desktop.documents.views.document_window import open_document
from crm_desktop.ui.browser import Browser
from crm_desktop.ui.window import Window


class OfBuyer:
    """The list of documents, narrowed to one buyer. A `Source` of ui/browser.py."""

    def __init__(self, party_id: UUID) -> None:
        self._only = {"buyer": OneOf((party_id,))}

    def page(self, tx: Transaction, request: PageRequest) -> Page[Any]:
        """The rows of one page."""
        return queries.DOCUMENTS.page(tx, self._narrowed(request))

    def sums(self, tx: Transaction, request: PageRequest) -> Sums:
        """Count and sums."""
        return queries.DOCUMENTS.sums(tx, self._narrowed(request))

    def marks(self, tx: Transaction, request: PageRequest, step: int) -> list[Key]:
        """The keys of far places."""
        return queries.DOCUMENTS.marks(tx, self._narrowed(request), step)

    def groups(self, tx: Transaction, request: PageRequest, key: str, by: By) -> tuple[list[Group], bool]:
        """Count and sums by a column."""
        return queries.DOCUMENTS.groups(tx, self._narrowed(request), key, by)

    def _narrowed(self, request: PageRequest) -> PageRequest:
        return replace(request, filters={**request.filters, **self._only})


class PartyDocuments(Browser):
    """The tab."""

    def __init__(self, window: Window, party_id: UUID) -> None:
        shown = ("number", "issue_date", "state", "gross", "due_date")
        listing = replace(
            DOCUMENT_LIST,
            name="documents.of_party",
            columns=tuple(
                replace(each, stretch=each.key == "number", hidden=each.key == "due_date")
                for each in DOCUMENT_LIST.columns
                if each.key in shown
            ),
            source=OfBuyer(party_id),
            new="",
            kept=False,
            empty_text=N_("Nothing was sold to this party yet."),
        )
        super().__init__(listing)
        self.setObjectName("party_documents")
        self.opened.connect(partial(open_document, window))
