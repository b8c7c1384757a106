"""What documents put on the desk."""

from crm_desktop.core.i18n import N_
from crm_desktop.documents.views.document_browser import DocumentBrowser
from crm_desktop.documents.views.document_window import EDITOR, bring_back_document, new_document
from crm_desktop.documents.views.found_document import SEARCH
from crm_desktop.documents.views.kind_card import SAVE, KindBrowser
from crm_desktop.documents.views.party_documents import PartyDocuments
from crm_desktop.ui.desk import Action, Desk, Dock, KeySet, Place, Tab
from crm_desktop.ui.register import list_actions, register_actions

_LIST, _KINDS = "documents.documents", "documents.kinds"

_EDITOR_KEYS = KeySet(
    EDITOR,
    N_("In a document"),
    (
        (N_("New line"), ("Insert",)),
        (N_("Line"), ("F2",)),
        (N_("Find an item"), ("F3",)),
        (N_("Next matter"), ("F4",)),
        (N_("Discount"), ("F5",)),
        (N_("Next region"), ("F6",)),
        (N_("Previous region"), ("Shift+F6",)),
        (N_("Preview"), ("F7",)),
        (N_("Issue with receipt"), ("F8",)),
        (N_("History"), ("F9",)),
        (N_("Notes"), ("F11",)),
        (N_("Issue"), ("F10", "Ctrl+Return")),
        (N_("Delete the line"), ("Delete",)),
        (N_("Duplicate the line"), ("Ctrl+D",)),
        (N_("Move the line"), ("Alt+Up", "Alt+Down")),
        (N_("Undo"), ("Ctrl+Z",)),
        (N_("Redo"), ("Ctrl+Y", "Ctrl+Shift+Z")),
        (N_("Save the draft"), ("Ctrl+S",)),
        (N_("Close"), ("Escape",)),
    ),
)

DESK = Desk(
    docks=(
        Dock(_LIST, N_("Sales documents"), "file-invoice", N_("Sales"), "", DocumentBrowser),
        Dock(_KINDS, N_("Kinds of documents"), "template", N_("Company"), SAVE, KindBrowser),
    ),
    actions=(
        Action(
            "documents.new",
            N_("New"),
            "plus",
            ("Insert",),
            Place.FKEYS,
            "documents.save_draft",
            new_document,
            _LIST,
        ),
        Action("documents.open", N_("Open"), "external-link", ("Return",), Place.FKEYS, "", lambda w: w.current().open_current(), _LIST),
        Action(
            "documents.discard",
            N_("Discard draft"),
            "trash",
            ("Delete",),
            Place.FKEYS,
            "documents.save_draft",
            lambda w: w.current().discard_current(),
            _LIST,
        ),
        Action("documents.search", N_("Search"), "search", ("F3",), Place.FKEYS, "", lambda w: w.current().focus_search(), _LIST),
        Action("documents.filter", N_("Filter"), "filter", ("Ctrl+F",), Place.FKEYS, "", lambda w: w.current().focus_filter(), _LIST),
        Action("documents.print", N_("Print"), "printer", ("F7",), Place.FKEYS, "", lambda w: w.current().print_current(), _LIST),
        Action(
            "documents.new_receipt",
            N_("New receipt"),
            "receipt-2",
            ("F8",),
            Place.FKEYS,
            "documents.seal_receipt",
            lambda window: new_document(window, receipt=True),
            _LIST,
        ),
        Action(
            "documents.history", N_("History"), "history", ("F9",), Place.FKEYS, "", lambda w: w.current().show_history_of_current(), _LIST
        ),
        *list_actions(_LIST, groups=True),
        *register_actions(_KINDS, SAVE),
    ),
    openers={EDITOR: bring_back_document},
    searches=(SEARCH,),
    key_sets=(_EDITOR_KEYS,),
    tabs=(Tab("parties.party", N_("Documents"), PartyDocuments),),
)
