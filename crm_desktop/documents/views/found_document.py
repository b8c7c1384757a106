"""A document in the search box."""

from crm_desktop.core.i18n import N_, NBSP, _, money
from crm_desktop.core.search import Hit, Rank
from crm_desktop.documents.queries import ask_documents
from crm_desktop.documents.rules.model import FoundDocument
from crm_desktop.documents.views.document_window import EDITOR, open_document
from crm_desktop.ui.desk import Search


def hit(found: FoundDocument) -> Hit:
    """Its number and buyer, or what it is while it has none; at the right its sum."""
    number = found.number or (_("draft") if found.state == "draft" else _("at the printer"))
    return Hit(found.id, f"{number}, {found.buyer_name or found.kind}", Rank(found.rank), side=f"{money(found.gross)}{NBSP}zł")


SEARCH = Search(EDITOR, N_("Documents"), "file-invoice", "#", ask_documents, hit, open_document)
