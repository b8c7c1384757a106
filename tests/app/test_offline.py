"""The cable: the strip says since when, entry goes on, and everything comes back by itself."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from crm_desktop.app import main_window
from crm_desktop.app.main_window import MainWindow
from crm_desktop.documents.views.invoice_editor import InvoiceEditor
from crm_desktop.ui import tasks
from tests.support import office
from tests.support.rig import Rig
from tests.support.wire import Relay


@pytest.fixture
def cable(rig: Rig) -> Iterator[Relay]:
    """The way to the server, which can be cut."""
    with Relay((rig.profile.host, rig.profile.port), postgres=True) as relay:
        rig.profile = replace(rig.profile, host=relay.host, port=relay.port)
        yield relay
        relay.release()
        rig.desktop.end()  # while there is still a way to the server


def test_the_desk_says_so_and_comes_back(rig: Rig, cable: Relay) -> None:
    """Architecture 4: Offline goes to the strip and the status bar; after a lost connection the feed says "anything"."""
    window = rig.log_in("anna")
    rig.open("parties.parties")
    listener = rig.desktop.listener()
    assert listener is not None
    rig.wait(listener.listening.is_set)
    cable.cut()
    rig.wait(lambda: not window.strip.isHidden())
    assert "No connection to the server since" in window.strip.text()
    assert window.status_bar._connection.text().startswith("No connection")
    cable.release()
    listener.try_now()
    rig.wait(window.strip.isHidden)
    rig.idle()
    assert window.status_bar._connection.text().startswith("Connected")


def test_entry_goes_on_while_the_server_is_away(rig: Rig, cable: Relay) -> None:
    """Bad input: server down. What is typed stays; it is stored when the server is back."""
    window = rig.log_in("anna")
    rig.open("documents.documents")
    rig.key("Insert")
    editor = rig.see(InvoiceEditor, "invoice_editor")
    rig.wait(editor.header.buyer_name.hasFocus)
    rig.type("volt")
    rig.key("Return")
    rig.wait(editor.entry.item.hasFocus)
    cable.cut()
    rig.wait(lambda: not window.strip.isHidden())
    rig.key("Ctrl+S")
    assert editor.draft.buyer.name == "Hurtownia Volt Sp. z o.o."
    cable.release()
    rig.wait(lambda: editor.draft.version > 0)
    assert isinstance(rig.window, MainWindow)
    boss = rig.boss()
    assert boss.who.login == "szef" and office.KRAKOW in boss.who.branches


def test_the_window_closes_while_the_server_is_away(rig: Rig, cable: Relay, monkeypatch: pytest.MonkeyPatch) -> None:
    """Known to be offline, she is asked at once; the window waits for her word and then goes without another request."""
    monkeypatch.setattr(main_window, "LEAVE_MS", 50)
    window = rig.log_in("anna")
    rig.open("documents.documents")
    rig.key("Insert")
    editor = rig.see(InvoiceEditor, "invoice_editor")
    rig.wait(editor.header.buyer_name.hasFocus)
    rig.type("volt")
    rig.key("Return")
    rig.wait(editor.entry.item.hasFocus)
    rig.idle()
    listener = rig.desktop.listener()
    assert listener is not None
    rig.wait(listener.listening.is_set)
    cable.cut()
    rig.wait(tasks.is_offline)
    closed: list[bool] = []
    window.closed.disconnect()
    window.closed.connect(lambda: closed.append(True))
    asked: list[str] = []
    tasks.roads().running.connect(lambda running: asked.extend(each.name for each in running if each.changes))
    window.close()
    rig.dialog().reject()
    assert window._then is None  # she leaves it open: closing something else later does not close the window
    assert editor.draft.buyer.name
    window.close()
    question = rig.dialog()
    waited: list[bool] = []
    window._patience.timeout.connect(lambda: waited.append(True))
    rig.wait(lambda: len(waited) > 1)
    assert closed == []
    question.buttons["drop"].click()  # type: ignore[attr-defined]
    rig.wait(lambda: closed == [True])
    assert asked == []
