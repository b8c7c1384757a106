"""Printers and receipts: how they are, what needs a person, the cards of printers."""

from collections.abc import Iterator
from contextlib import contextmanager

from crm_desktop.demo.screens.shots.records import card, register
from crm_desktop.demo.screens.shots.shot import Shot
from crm_desktop.demo.screens.studio import Studio
from crm_desktop.fiscal.views.decision import DecisionSheet
from crm_desktop.fiscal.views.device_card import open_device
from crm_desktop.fiscal.views.receipt_browser import ReceiptBrowser
from crm_desktop.ui.widgets.dialogs import Question


def receipts(studio: Studio) -> None:
    """Printers and receipts with one that waits for a decision; the evidence for both answers; taking one back."""
    with _undecided(studio):
        _receipts(studio)


@contextmanager
def _undecided(studio: Studio) -> Iterator[None]:
    """A receipt of which nobody knows whether it was printed, and as long as it is there a word about it on the desk."""
    change = "update fiscal.receipt set state = %s where holder_id = %s"
    studio.run_sql(change, "needs_person", studio.order.scene.undecided)
    try:
        yield
    finally:
        studio.run_sql(change, "printing", studio.order.scene.undecided)


def _receipts(studio: Studio) -> None:
    register(studio, studio.order.administrator, "fiscal.receipts")
    studio.picture("fiscal-receipts")
    view = studio.seen(ReceiptBrowser)
    for printed, name in ((True, "printed"), (False, "not-printed")):
        view.undecided.decide(printed)
        sheet = studio.seen(DecisionSheet)
        studio.settle()
        studio.picture(f"fiscal-decision-{name}")
        sheet.reject()
        studio.settle()
    view.undecided.decide(True)
    sheet = studio.seen(DecisionSheet)
    sheet.buttons["decide"].click()
    studio.settle()
    studio.picture("fiscal-decision-problems")
    sheet.reject()
    view.browser.set_filter("state", view.browser.head.fields[2].column.words[0][1])
    studio.settle()
    studio.until(lambda: view.browser.model.exact, "the waiting receipts")
    view.browser.focus_rows()
    view.withdraw_current()
    question = studio.seen(Question, "withdraw_question")
    studio.picture("fiscal-withdraw")
    question.reject()


def attention(studio: Studio) -> None:
    """Whatever somebody does who may decide: she learns that a receipt waits for her."""
    with _undecided(studio):
        register(studio, studio.order.administrator, "parties.parties")
        studio.until(lambda: studio.desk.toasts.shown(), "the word about the receipt")
        studio.picture("desk-attention")


def no_receipts(studio: Studio) -> None:
    """What a seller sees, who may decide nothing."""
    register(studio, studio.order.seller, "fiscal.receipts")
    studio.picture("fiscal-receipts-seller")


def devices(studio: Studio) -> None:
    """The printers' cards."""
    browser = register(studio, studio.order.administrator, "fiscal.devices")
    browser.focus_rows()
    studio.settle()
    card(studio, open_device, browser.current_id())
    studio.picture("fiscal-device-card")
    register(studio, studio.order.administrator, "fiscal.devices")
    card(studio, open_device, None).save()
    studio.settle()
    studio.picture("fiscal-device-new")


SHOTS = (
    Shot(
        receipts,
        ("fiscal-receipts", "fiscal-decision-printed", "fiscal-decision-not-printed", "fiscal-decision-problems", "fiscal-withdraw"),
        fast=True,
    ),
    Shot(attention, ("desk-attention",)),
    Shot(no_receipts, ("fiscal-receipts-seller",)),
    Shot(devices, ("fiscal-device-card", "fiscal-device-new")),
)
