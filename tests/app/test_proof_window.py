"""The dock "Prove the data": in the background, with progress and an end at any moment; a row opens its document."""

import threading
from typing import Any

import psycopg
import pytest
from PySide6.QtCore import Qt

from crm_desktop.app.proof_window import ProofWindow
from crm_desktop.core.errors import Cancelled
from crm_desktop.db.proof import Proof
from crm_desktop.documents import service as sales
from crm_desktop.documents.views.invoice_editor import InvoiceEditor
from crm_desktop.modules import invariants
from crm_desktop.organisation import queries
from tests.support import office
from tests.support.postgres import TestServer
from tests.support.rig import Rig

ROLE = Qt.ItemDataRole.AccessibleTextRole


def texts(dock: ProofWindow) -> list[str]:
    model = dock.model
    return [str(model.data(model.index(row, 0), ROLE)) for row in range(model.rowCount())]


def opened(rig: Rig) -> ProofWindow:
    rig.log_in("szef")
    dock = rig.open("app.proof")
    assert isinstance(dock, ProofWindow)
    return dock


def test_a_row_that_breaks_an_invariant_opens_its_document(rig: Rig, server: TestServer) -> None:
    """Nothing is asked before F5; then every invariant in turn; Enter on a row opens the document it names."""
    boss = rig.boss()
    sold = office.draft_of(boss, "FS")
    number = boss.change(sales.issue_invoice, sold).number
    with psycopg.connect(server.server.dsn(rig.profile.database), autocommit=True) as owner:
        owner.execute("set session_replication_role = replica")
        owner.execute("update documents.line set gross = gross + 1")
    dock = opened(rig)
    assert dock.summary.text() == "Nothing was looked at yet."
    assert all(text.endswith(": not yet") for text in texts(dock))
    rig.key("F5")
    rig.wait(lambda: not dock.is_running)
    told = texts(dock)
    assert dock.progress.value() == len(invariants())
    assert "invariants do not hold" in dock.summary.text()
    assert "The value of every line follows from quantity, price and discount: 1 row" in told
    assert "No guard of the database is switched off: holds" in told
    place = next(row for row, text in enumerate(told) if text.startswith(number))
    dock.view.stand(place)
    rig.key("Return")
    rig.wait(lambda: isinstance(rig.window.current(), InvoiceEditor))  # type: ignore[attr-defined]
    assert rig.window.current().draft.id == sold.id  # type: ignore[attr-defined]


def test_a_sound_base_says_so(rig: Rig) -> None:
    dock = opened(rig)
    rig.key("F5")
    rig.wait(lambda: not dock.is_running)
    assert dock.summary.text().startswith("Everything holds (")
    assert not dock.start_button.isHidden()
    assert dock.stop_button.isHidden()


def test_who_has_not_the_right_has_no_dock(rig: Rig) -> None:
    window = rig.log_in("anna")
    assert window.open_dock("app.proof") is None


def test_escape_ends_the_question_that_the_server_is_at(rig: Rig, server: TestServer) -> None:
    """A table under an exclusive lock stands for a question that takes minutes; the desk goes on at once."""
    dock = opened(rig)
    with psycopg.connect(server.server.dsn(rig.profile.database)) as owner:
        owner.execute("lock table catalogue.item_unit in access exclusive mode")
        rig.key("F5")
        rig.wait(lambda: dock.model.running == "catalogue.barcodes")
        assert not dock.stop_button.isHidden()
        rig.key("Escape")
        rig.wait(lambda: not dock.is_running)
        assert dock.summary.text().startswith("Stopped: ")
        owner.rollback()
    rig.key("F5")
    rig.wait(lambda: not dock.is_running)
    assert dock.summary.text().startswith("Everything holds (")


def test_a_dock_that_is_closed_asks_nothing_more(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    begun, go_on = threading.Event(), threading.Event()

    def prove(tx: Any, name: str) -> Proof:
        asked.append(name)
        begun.set()
        assert go_on.wait(10)
        return Proof(name, 0)

    monkeypatch.setattr(queries, "prove", prove)
    dock = opened(rig)
    rig.key("F5")
    rig.wait(begun.is_set)
    rig.window.close_dock("app.proof")  # type: ignore[attr-defined]
    rig.gone(dock)
    go_on.set()
    rig.idle()
    assert asked == [invariants()[0].name]


def test_a_question_that_was_ended_is_cancelled(rig: Rig, server: TestServer) -> None:
    """Only her own: `code.stop_proof` ends what she asks over another connection, and nothing else."""
    boss = rig.boss()
    ended: list[type[Exception]] = []

    def ask() -> None:
        try:
            boss.read(queries.prove, "catalogue.barcodes")
        except Exception as error:
            ended.append(type(error))

    with psycopg.connect(server.server.dsn(rig.profile.database)) as owner:
        owner.execute("lock table catalogue.item_unit in access exclusive mode")
        asking = threading.Thread(target=ask)
        asking.start()
        other = office.Office(rig.profile).enter("anna")
        try:
            rig.wait(lambda: _waits(owner))
            assert other.read(queries.stop_proof) == 0
        finally:
            other.close()
        assert boss.read(queries.stop_proof) == 1
        asking.join(10)
    assert ended == [Cancelled]


def _waits(owner: "psycopg.Connection[Any]") -> bool:
    found = owner.execute(
        "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%code.prove(%'"
    )
    return found.fetchone() is not None
