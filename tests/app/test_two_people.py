"""ARC-02 at the desk: who else has a record open, in card and editor; and what happens when somebody was faster, by keys."""

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

import pytest
from PySide6.QtWidgets import QApplication, QLabel

from crm_desktop.db.changes import Listener
from crm_desktop.db.presence import Presence
from crm_desktop.db.transaction import Transaction
from crm_desktop.documents import queries as documents
from crm_desktop.documents import service as sales
from crm_desktop.documents.views.invoice_editor import InvoiceEditor
from crm_desktop.parties import queries as parties
from crm_desktop.parties import service
from crm_desktop.ui.widgets.conflict import ConflictDialog
from tests.support import office
from tests.support.rig import Rig


@pytest.fixture
def others(rig: Rig) -> Iterator[Presence]:
    """What the administrator has open, at another computer."""
    presence = Presence(lambda _key, _seen: None)
    listener = Listener(rig.boss().listening_connection, lambda _table, _ids: None, guest=presence)
    listener.start()
    assert listener.listening.wait(10)
    yield presence
    listener.stop()


def volt(rig: Rig) -> UUID:
    (found,) = rig.boss().read(parties.find_parties, "volt")
    return found.id


def there(rig: Rig, key: UUID) -> list[str]:
    """Who has a record open, as the server knows it."""

    def ask(tx: Transaction) -> list[str]:
        return sorted(name for _record, _employee, name, _since in tx.call("who_has_open", [key]).all())

    return rig.boss().read(ask)


def test_a_card_says_who_else_has_it_open(rig: Rig, others: Presence) -> None:
    """At once when it is opened, and no longer when she has closed it; a closed card here is closed for the others."""
    key = volt(rig)
    others.open(key)
    rig.log_in("anna")
    rig.open("parties.parties")
    rig.key("Return")
    card = rig.card("party_card")
    rig.wait(lambda: card.presence.text().startswith("Ewa Szef has this open since"))
    others.close(key)
    rig.wait(lambda: card.presence.text() == "")
    others.open(key)
    rig.wait(lambda: bool(card.presence.text()))
    assert there(rig, key) == ["Anna", "Ewa Szef"]
    rig.key("Escape")
    rig.gone(card)
    rig.wait(lambda: there(rig, key) == ["Ewa Szef"])


def test_an_editor_says_it_too(rig: Rig, others: Presence) -> None:
    draft = office.draft_of(rig.boss(), "FS")
    rig.boss().change(sales.save_draft, replace(draft, branch_id=office.KRAKOW))
    window = rig.log_in("anna")
    rig.open("documents.documents")
    rig.key("Return")
    editor = rig.see(InvoiceEditor, "invoice_editor")
    assert editor.head.presence.text() == ""
    others.open(draft.id)
    rig.wait(lambda: editor.head.presence.text().startswith("Ewa Szef has this open since"))
    rig.key("Escape")
    rig.wait(lambda: not window.has_dock(f"documents.invoice:{draft.id}"))


def test_after_a_log_out_nobody_is_there(rig: Rig, others: Presence) -> None:
    key = volt(rig)
    others.open(key)
    rig.log_in("anna")
    rig.open("parties.parties")
    rig.key("Return")
    rig.card("party_card")
    rig.log_out()
    rig.wait(lambda: there(rig, key) == ["Ewa Szef"])


def said(dialog: ConflictDialog) -> list[str]:
    return [each.text() for each in dialog.findChildren(QLabel)]


def test_whoever_was_slower_merges_the_card_by_keys(rig: Rig) -> None:
    """Both changed the phone; she alone the e-mail, the colleague alone the city. Name and minute of the colleague stand there."""
    key = volt(rig)
    rig.log_in("anna")
    rig.open("parties.parties")
    rig.key("Return")
    card = rig.card("party_card")
    rig.fill(card.widget("phone"), "33 812 40 18")
    rig.fill(card.widget("email"), "biuro@volt.example")
    stored = rig.boss().read(parties.get_party, key)
    moved = replace(stored, phone="33 812 40 19", address=replace(stored.address, city="Cieszyn"))
    rig.boss().change(service.save_party, moved)
    rig.key("Ctrl+S")
    dialog = rig.see(ConflictDialog, "conflict_dialog")
    rig.wait(dialog.isActiveWindow)
    texts = said(dialog)
    assert any(text.startswith("Hurtownia Volt Sp. z o.o. · Ewa Szef, ") and "open here since" in text for text in texts)
    assert "Ewa Szef" in texts and dialog.open_count() == 1
    rig.wait(lambda: QApplication.focusWidget() is not None)
    rig.key("Left")  # hers
    rig.key("Return")
    rig.key("Return")  # the button that saves has the focus now
    rig.gone(dialog)
    rig.wait(lambda: rig.boss().read(parties.get_party, key).phone == "33 812 40 18")
    both = rig.boss().read(parties.get_party, key)
    assert (both.email, both.address.city) == ("biuro@volt.example", "Cieszyn")


def test_whoever_was_slower_merges_the_draft_by_keys(rig: Rig) -> None:
    """The colleague changed a quantity that she changed too, and added a line; the colleague's name stands over her column."""
    draft = replace(office.draft_of(rig.boss(), "FS", lines=2), branch_id=office.KRAKOW)
    saved = rig.boss().change(sales.save_draft, draft)
    rig.log_in("anna")
    rig.open("documents.documents")
    rig.key("Return")
    editor = rig.see(InvoiceEditor, "invoice_editor")
    first, second = editor.draft.lines
    theirs = replace(draft, version=saved.version, lines=(replace(first, quantity=first.quantity + 1), second), notes="od szefa")
    rig.boss().change(sales.save_draft, theirs)
    editor.edit(replace(editor.draft, lines=(replace(first, quantity=first.quantity + 2), second)))
    rig.key("Ctrl+S")
    dialog = rig.see(ConflictDialog, "conflict_dialog")
    rig.wait(dialog.isActiveWindow)
    assert dialog.open_count() == 1
    assert "Ewa Szef" in said(dialog)
    rig.key("Right")  # the colleague's
    rig.key("Return")
    rig.key("Return")
    rig.gone(dialog)
    rig.idle()
    merged = rig.boss().read(documents.get_document, draft.id).draft
    assert merged.lines[0].quantity == first.quantity + 1 and merged.notes == "od szefa"
