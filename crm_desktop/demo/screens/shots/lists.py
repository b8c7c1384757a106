"""What is done with a whole list: groups, saved filters, print."""

from PySide6.QtWidgets import QApplication

from crm_desktop.core.i18n import _
from crm_desktop.demo.screens.scene import LONG_NAMES
from crm_desktop.demo.screens.shots.shot import Shot
from crm_desktop.demo.screens.studio import Studio
from crm_desktop.documents.views.document_browser import DocumentBrowser
from crm_desktop.ui.list_print import ListPreview
from crm_desktop.ui.saved_filters import NameSheet

LONG = tuple(name[:20] for name in LONG_NAMES)


def _list(studio: Studio) -> DocumentBrowser:
    studio.log_in(studio.order.seller)
    studio.fresh_desk()
    browser = studio.seen(DocumentBrowser)
    studio.until(lambda: browser.model.total > 0 and browser.model.exact, "documents in the list")
    browser.focus_rows()
    studio.settle()
    return browser


def _close_menu(studio: Studio) -> None:
    menu = QApplication.activePopupWidget()
    if menu is not None:
        menu.close()
    studio.desk.activateWindow()
    studio.settle()


def groups(studio: Studio) -> None:
    """By which column, and the list by buyer and by month."""
    browser = _list(studio)
    studio.press("Ctrl+G")
    studio.picture("list-group-menu", may_be_cut=LONG)
    _close_menu(studio)
    columns = {column.key: column for column in browser.listing.columns}
    for key, name in (("buyer_name", "list-by-buyer"), ("issue_date", "list-by-month")):
        browser.acts.group_by(columns[key])
        studio.until(lambda: bool(browser.groups.groups), "groups")
        studio.settle()
        browser.focus_rows()
        studio.picture(name, may_be_cut=LONG)


def row_menu(studio: Studio) -> None:
    """What the menu key offers on a row."""
    browser = _list(studio)
    browser.view.go_to(3, 3)
    browser.acts.offer_menu(browser.view.viewport().mapToGlobal(browser.view.visualRect(browser.view.currentIndex()).bottomLeft()))
    studio.picture("list-row-menu", may_be_cut=LONG)
    _close_menu(studio)


def saved(studio: Studio) -> None:
    """The filters that she keeps, and the name of one more."""
    browser = _list(studio)
    for name, key, text in ((_("issued"), "state", _("issued")), (_("draft"), "state", _("draft"))):
        browser.clear_filters()
        browser.set_filter(key, text)
        browser.acts.saved.keep(browser.acts.present(name.capitalize()))
    studio.settle()
    studio.press("Ctrl+D")
    studio.picture("list-saved-menu", may_be_cut=LONG)
    _close_menu(studio)
    browser.acts.ask_name()
    sheet = studio.seen(NameSheet)
    sheet.name.setText(_("draft").capitalize())
    studio.settle()
    studio.picture("list-save-filter", may_be_cut=LONG)
    sheet.reject()


def printed(studio: Studio) -> None:
    """The list on paper."""
    browser = _list(studio)
    browser.set_filter("state", _("draft"))
    studio.settle()
    studio.press("Ctrl+P")
    preview = studio.seen(ListPreview)
    studio.until(lambda: preview.preview.page_count() > 0, "the pages")
    preview.setFocus()
    studio.picture("list-print", may_be_cut=LONG)


SHOTS = (
    Shot(groups, ("list-group-menu", "list-by-buyer", "list-by-month")),
    Shot(row_menu, ("list-row-menu",)),
    Shot(saved, ("list-saved-menu", "list-save-filter")),
    Shot(printed, ("list-print",)),
)
