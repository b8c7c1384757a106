"""What fiscal printing puts on the desk."""

from crm_desktop.core.i18n import N_
from crm_desktop.fiscal.views.decision import DECIDE
from crm_desktop.fiscal.views.device_card import SAVE, DeviceBrowser
from crm_desktop.fiscal.views.receipt_browser import WITHDRAW, ReceiptBrowser
from crm_desktop.ui.desk import Action, Desk, Dock, Place
from crm_desktop.ui.register import list_actions, register_actions

_RECEIPTS, _DEVICES = "fiscal.receipts", "fiscal.devices"

DESK = Desk(
    docks=(
        Dock(_RECEIPTS, N_("Printers and receipts"), "receipt-2", N_("Sales"), "", ReceiptBrowser),
        Dock(_DEVICES, N_("Fiscal printers"), "printer", N_("Company"), SAVE, DeviceBrowser),
    ),
    actions=(
        Action(
            "fiscal.withdraw",
            N_("Take back"),
            "arrow-back-up",
            ("Delete",),
            Place.FKEYS,
            WITHDRAW,
            lambda w: w.current().withdraw_current(),
            _RECEIPTS,
        ),
        Action("fiscal.decide", N_("Decide"), "printer-off", ("F8",), Place.FKEYS, DECIDE, lambda w: w.current().decide_next(), _RECEIPTS),
        Action("fiscal.filter", N_("Filter"), "filter", ("Ctrl+F",), Place.FKEYS, "", lambda w: w.current().focus_filter(), _RECEIPTS),
        Action("fiscal.refresh", N_("Refresh"), "refresh", ("F5",), Place.FKEYS, "", lambda w: w.current().refresh_now(), _RECEIPTS),
        *list_actions(_RECEIPTS, groups=True),
        *register_actions(_DEVICES, SAVE),
    ),
)
