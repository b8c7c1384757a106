"""ARC-07, issue 3, item 5: the panel of what runs and what failed, at the desk by keys; the bell; leaving meanwhile; receipts."""

import threading
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget

from crm_desktop.app.main_window import MainWindow
from crm_desktop.app.status import SHOWN_AFTER_SECONDS
from crm_desktop.app.work_panel import WORK_PANEL, WorkPanel
from crm_desktop.db.keys import new_id
from crm_desktop.documents import service as sales
from crm_desktop.fiscal import service as fiscal
from crm_desktop.ui import work
from crm_desktop.ui.work import State, Told
from tests.support import office
from tests.support.rig import Rig


def shown(panel: WorkPanel) -> list[tuple[str, str]]:
    """State and title of each line."""
    rows = range(panel.model.rowCount())
    return [(str(panel.model.data(panel.model.index(row, 0))), str(panel.model.data(panel.model.index(row, 1)))) for row in rows]


def test_what_runs_stands_in_the_status_bar_and_its_panel(rig: Rig) -> None:
    """Ctrl+J; how far it is; Del gives it up, Enter tries again, and what is finished is told with its next step."""
    window = rig.log_in("anna")
    go, opened = threading.Event(), list[int]()

    def count(progress: work.Progress) -> int:
        progress.at(1, 4, "one of four")
        go.wait(20)
        progress.check()
        return 4

    made = work.run("Counting", count, then=lambda found: Told(f"{found} things", "Open", lambda: opened.append(1)))
    rig.wait(lambda: made.percent == 25)
    made.since -= SHOWN_AFTER_SECONDS
    rig.wait(lambda: window.status_bar._work.text() == "Counting" and window.status_bar._percent.text() == "25\N{NO-BREAK SPACE}%")
    rig.key("Ctrl+J")
    panel = rig.see(WorkPanel, "work_panel")
    rig.wait(panel.view.hasFocus)
    assert shown(panel) == [("25\N{NO-BREAK SPACE}%", "Counting")] and panel.says.text() == "one of four"
    rig.key("Delete")
    assert made.state is State.GIVEN_UP and shown(panel) == [("given up", "Counting")]
    go.set()
    rig.key("Return")
    rig.wait(lambda: made.state is State.DONE)
    assert shown(panel) == [("finished", "Counting")] and window.toasts.shown() == ["Counting"]
    rig.key("Return")
    assert opened == [1]
    rig.key("Delete")
    assert not shown(panel) and panel.empty.isVisible()
    rig.key("Escape")
    rig.wait(lambda: not window.has_dock(WORK_PANEL))


def test_what_failed_is_told_and_kept_by_the_bell(rig: Rig) -> None:
    window = rig.log_in("anna")

    def fail(progress: work.Progress) -> None:
        raise PermissionError(13, "Permission denied")

    made = work.run("Writing", fail)
    rig.wait(lambda: window.toasts.shown() == ["Writing"])
    assert window.bell.text() == "1"
    menu = window.notifications.open()
    assert "Permission denied" in menu.actions()[0].text()
    menu.close()
    window.work.open_panel()
    panel = rig.see(WorkPanel, "work_panel")
    assert shown(panel) == [("failed", "Writing")] and "Permission denied" in panel.says.text()
    assert panel.step_button.text() == "Try again" and made.may_again


def test_an_export_of_a_list_stands_there(rig: Rig, tmp_path: Path) -> None:
    window = rig.log_in("anna")
    rig.open("parties.parties").acts.export_to(tmp_path / "a.csv")  # type: ignore[attr-defined]
    rig.wait(lambda: window.toasts.shown() == ["Export to a.csv"])
    assert len((tmp_path / "a.csv").read_text("utf-8-sig").splitlines()) == 2


@pytest.mark.parametrize("answer", ["Let it finish", "End it and leave"])
def test_who_leaves_meanwhile_is_asked(rig: Rig, answer: str) -> None:
    rig.log_in("anna")
    go = threading.Event()
    made = work.run("Counting", lambda progress: go.wait(20))
    rig.desktop.log_out()
    question = rig.dialog()
    next(each for each in question.buttons.values() if each.text() == answer).click()  # type: ignore[attr-defined]
    rig.gone(question)
    if answer == "Let it finish":
        assert made.running and isinstance(rig.window, MainWindow)
        go.set()
        rig.wait(lambda: made.state is State.DONE)
        rig.log_out()
    else:
        go.set()
        rig.wait(lambda: not isinstance(rig.window, MainWindow))
    assert not work.works().all()


def test_work_goes_on_in_another_language(rig: Rig) -> None:
    """The window is made anew; what runs does not notice."""
    window = rig.log_in("anna")
    go = threading.Event()
    made = work.run("Counting", lambda progress: go.wait(20))
    rig.desktop.choose_language("pl")
    rig.wait(lambda: rig.window is not window and isinstance(rig.window, MainWindow))
    assert made.running
    go.set()
    rig.wait(lambda: made.state is State.DONE)


def test_a_receipt_that_was_not_printed_is_sent_again(rig: Rig) -> None:
    """FIS-08: proven not printed, it stands in the panel of who sent it; Enter sends the document to the same printer once more."""
    anna, till = office.Office(rig.profile).enter("anna"), office.Office(rig.profile).enter("ws_kasa1")
    try:
        sold = anna.change(sales.seal_receipt, office.draft_of(anna, "PAR"), office.PRINTER)
        other = rig.boss().change(sales.seal_receipt, replace(office.draft_of(rig.boss(), "PAR"), branch_id=office.KRAKOW), office.PRINTER)
        holder = new_id()
        till.change(fiscal.hold_lease, office.PRINTER, holder)
        for _ in range(2):
            claimed = till.change(fiscal.claim_receipt, office.PRINTER, holder)
            assert claimed is not None
            job, receipt, _content, attempt = claimed
            till.change(fiscal.write_journal, office.PRINTER, holder, receipt, attempt, "baseline", {})
            till.change(fiscal.record_not_printed, office.PRINTER, holder, job, receipt, "no paper", {})
        window = rig.log_in("anna")
        rig.wait(lambda: len(work.works().standing()) == 1)  # the administrator's is not hers
        rig.key("Ctrl+J")
        panel = rig.see(WorkPanel, "work_panel")
        rig.wait(panel.view.hasFocus)
        (line,) = shown(panel)
        assert line[0] == "needs you" and panel.step_button.text() == "Print again"
        rig.key("Return")
        rig.wait(lambda: not work.works().standing())
        assert window.status_bar.message().startswith("Sent to the printer again")
        claimed = till.change(fiscal.claim_receipt, office.PRINTER, holder)
        assert claimed is not None and claimed[1] not in (sold.receipt_id, other.receipt_id)
    finally:
        anna.close()
        till.close()


def test_the_status_line_opens_the_panel(rig: Rig) -> None:
    window = rig.log_in("anna")
    window.status_bar.work_clicked.emit()
    assert isinstance(rig.see(QWidget, "work_panel"), WorkPanel)
