"""The keys that the kit's own windows answer, for the map of keys. A test compares them with what is bound."""

from crm_desktop.core.i18n import N_
from crm_desktop.ui.desk import KeySet

LISTS = KeySet(
    "list",
    N_("In every list"),
    (
        (N_("Search: begin to type, or"), ("F3",)),
        (N_("Filter"), ("Ctrl+F",)),
        (N_("Empty all filters"), ("Shift+Escape",)),
        (N_("Refresh"), ("F5",)),
        (N_("Sort by this column, upwards or downwards"), ("Alt+Up", "Alt+Down")),
        (N_("Sort by this column beside the others"), ("Alt+Shift+Up", "Alt+Shift+Down")),
        (N_("Acts of the list"), ("Shift+F10",)),
        (N_("Move the column"), ("Alt+Left", "Alt+Right")),
        (N_("Make the column narrower or wider"), ("Alt+Minus", "Alt+Plus")),
        (N_("Mark the row"), ("Space",)),
        (N_("Mark all rows"), ("Ctrl+A",)),
        (N_("First row"), ("Ctrl+Home",)),
        (N_("Last row"), ("Ctrl+End",)),
    ),
)
CARDS = KeySet(
    "card",
    N_("On every card"),
    (
        (N_("Save and close"), ("F10", "Ctrl+Return")),
        (N_("Save"), ("Ctrl+S",)),
        (N_("Next matter"), ("F4",)),
        (N_("Next tab of the card"), ("Ctrl+PgDown",)),
        (N_("Previous tab of the card"), ("Ctrl+PgUp",)),
        (N_("Close"), ("Escape",)),
    ),
)
PREVIEW = KeySet(
    "preview",
    N_("In a print preview"),
    (
        (N_("Print"), ("Ctrl+P",)),
        (N_("Save as PDF"), ("Ctrl+S",)),
        (N_("Larger"), ("Ctrl+Plus",)),
        (N_("Smaller"), ("Ctrl+Minus",)),
        (N_("Close"), ("Escape",)),
    ),
)
KIT = (LISTS, CARDS, PREVIEW)
