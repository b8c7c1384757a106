"""Serving one fiscal device: hold its lease, take the next receipt, print it exactly once, record the proof.

Runs under the workstation's own login, in its own thread, beside the desk or in `crm-desktop worker`. Every journal state is committed
before its act; what the device does not confirm is asked from its counters, never sent again (facts: fiscal printers, section 8).
"""

import json
import logging
import threading
import time
from collections.abc import Callable
from contextlib import closing
from typing import Any
from uuid import UUID

from crm_desktop.core.errors import CrmError, Offline, Refused
from crm_desktop.core.i18n import N_
from crm_desktop.core.problem import Problem
from crm_desktop.db.database import Database
from crm_desktop.db.keys import new_id
from crm_desktop.devices.exchange import converse
from crm_desktop.devices.link import Link, LinkLost
from crm_desktop.devices.opening import open_link
from crm_desktop.fiscal import queries, service
from crm_desktop.fiscal.drivers.conversation import Attention, JournalPoint, Tokens, Waiting
from crm_desktop.fiscal.drivers.driver import DRIVERS, Driver
from crm_desktop.fiscal.queries import Device
from crm_desktop.fiscal.rules.journal import ENDED, Journal, State
from crm_desktop.fiscal.rules.messages import packed
from crm_desktop.fiscal.rules.model import Receipt
from crm_desktop.fiscal.rules.recovery import Finding, Verdict

log = logging.getLogger("crm_desktop.fiscal")

#: The lease runs 3 s on the server's clock and is renewed each second; the closing command needs 1 s of it.
RENEW_SECONDS, LEASE_SECONDS, CLOSING_SECONDS = 1.0, 3.0, 1.0
#: Between two attempts to reach a device that does not answer.
AGAIN_SECONDS = 2.0

OFFLINE = Problem(
    "device_offline",
    "",
    N_("The printer does not answer. Check the cable and whether it is switched on; receipts wait."),
)

NUMBER_TAKEN = Problem(
    "receipt_number_taken",
    "",
    N_("The printer gave a number that another receipt has already. Compare the paper with the list of receipts."),
)
LEASE_LOST = Problem("lease_lost", "", N_("Another program serves this printer now."))
UNREADABLE = Problem("receipt_unreadable", "", N_("The stored receipt could not be read, so nothing was printed. Print the receipt again."))


class DeviceService:
    """One device of this workstation. `step()` is a worker's step: True while there is more to do at once."""

    def __init__(
        self, database: Database, device: Device, stopping: Callable[[], bool] = lambda: False, driver: Driver | None = None
    ) -> None:
        self.device, self.holder = device, new_id()
        self._database, self._stopping = database, stopping
        self._driver = driver or DRIVERS[device.driver]
        self._until = 0.0
        self._told: tuple[str, str] = ("", "")
        self._pause = threading.Event()
        self._lease_lock = threading.Lock()

    # -- the lease ---------------------------------------------------------------------------------------------------

    def renew(self) -> bool:
        """Take or renew the lease. The local end is counted from before the question, so it is never later than the server's."""
        with self._lease_lock:
            asked = time.monotonic()
            try:
                held = self._database.change(service.hold_lease, self.device.id, self.holder) is not None
            except (Offline, Refused) as error:
                log.info("%s: the lease cannot be renewed: %s", self.device.name, error)
                return False
            self._until = asked + LEASE_SECONDS if held else 0.0
            return held

    def give_up(self) -> None:
        """Free the device at an orderly end."""
        try:
            self._database.change(service.release_lease, self.device.id, self.holder)
        except CrmError as error:
            log.info("%s: the lease runs out by itself: %s", self.device.name, error)

    @property
    def lease_left(self) -> float:
        """Seconds of the lease that are certain."""
        return self._until - time.monotonic()

    # -- a step ------------------------------------------------------------------------------------------------------

    def step(self) -> bool:
        """Print one receipt if this program holds the device and one waits."""
        try:
            if self.lease_left < RENEW_SECONDS and not self.renew():
                return False
            if not self._database.read(queries.has_work, self.device.id):
                return False
            with closing(open_link(self.device.address)) as link:
                claimed = self._database.change(service.claim_receipt, self.device.id, self.holder)
                if claimed is None:
                    return False
                return self._handle(link, *claimed)
        except LinkLost as lost:
            log.info("%s: %s", self.device.name, lost)
            self._tell("offline", packed(OFFLINE))
        except (Offline, Refused) as error:
            # The lease or the database is gone: what was begun is recovered by whoever holds the device next.
            log.info("%s: stopped before the next act: %s", self.device.name, error)
        self._pause.wait(0 if self._stopping() else AGAIN_SECONDS)
        return False

    def _handle(self, link: Link, job: int, receipt_id: UUID, content: dict[str, Any], attempt: int) -> bool:
        try:
            receipt = Receipt.from_json(content)
            self._driver.check(receipt)
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            # Stored by another program than this one; it must not keep those behind it waiting for ever.
            log.info("%s: receipt %s cannot be read: %r", self.device.name, receipt_id, error)
            self._record(Verdict(Finding.NOT_PRINTED, "unreadable", UNREADABLE), job, receipt_id)
            return True
        journal = Journal(receipt)
        rows = self._database.read(queries.list_journal, receipt_id, attempt)
        if any(State(state) in ENDED for state, _ in rows):
            # Claimed by this program, decided by another while this one stood still.
            raise Refused(LEASE_LOST)
        for state, data in rows:
            journal = journal.after(State(state), data)
        log.info("%s: receipt %s, attempt %s, from %s", self.device.name, receipt_id, attempt, journal.state)

        def tell(item: object) -> None:
            nonlocal journal
            if isinstance(item, JournalPoint):
                asked = time.monotonic()
                self._database.change(
                    service.write_journal,
                    self.device.id,
                    self.holder,
                    receipt_id,
                    attempt,
                    item.state.value,
                    dict(item.data),
                )
                journal = journal.after(item.state, item.data)
                if item.state is State.COMMITTING and time.monotonic() - asked > CLOSING_SECONDS:
                    # Stopped or cut off between the journal and the act: the lease may be somebody else's by now.
                    raise Refused(LEASE_LOST)
            elif isinstance(item, Attention):
                self._tell("attention" if item.problem else "ready", packed(item.problem) if item.problem else "")
            elif isinstance(item, Waiting) and self.lease_left < 0:
                raise Refused(LEASE_LOST)

        tokens = Tokens(self._database.change(service.take_tokens, self.device.id, self.holder, self._driver.tokens_needed(receipt)))
        act = self._driver.recover(journal, tokens) if rows else self._driver.print_receipt(receipt, tokens)
        verdict = converse(act, link, tell=tell)
        while verdict.finding is Finding.UNKNOWN:
            log.info("%s: %s; recovery", self.device.name, verdict.reason)
            link.close()
            self._wait_before_recovery()
            with closing(open_link(self.device.address)) as fresh:
                tokens = Tokens(
                    self._database.change(service.take_tokens, self.device.id, self.holder, self._driver.tokens_needed(receipt))
                )
                verdict = converse(self._driver.recover(journal, tokens), fresh, tell=tell)
        self._record(verdict, job, receipt_id)
        self._tell("ready", "")
        return True

    def _wait_before_recovery(self) -> None:
        if self._stopping():
            raise Refused(Problem("stopping", "", N_("The program is closing; the receipt is checked at the next start.")))
        self._pause.wait(0.1)

    def _record(self, verdict: Verdict, job: int, receipt_id: UUID) -> None:
        where, evidence = (self.device.id, self.holder, job, receipt_id), verdict.to_json()
        cause = packed(verdict.problem) if verdict.problem else json.dumps({"message": verdict.reason})
        if verdict.finding is Finding.PRINTED:
            assert verdict.numbers is not None
            try:
                self._database.change(service.record_printed, *where, verdict.numbers, evidence)
            except Refused as refused:
                if all(problem.code != "receipt_print_once" for problem in refused.problems):
                    raise
                # The device says a number that another receipt has: the record is wrong, or the device is not the one it says.
                self._database.change(service.record_needs_person, *where, packed(NUMBER_TAKEN), evidence)
        elif verdict.finding is Finding.ASK_PERSON:
            self._database.change(service.record_needs_person, *where, cause, evidence)
        elif verdict.retry:
            self._database.change(service.record_try_again, *where, cause, evidence)
        else:
            self._database.change(service.record_not_printed, *where, cause, evidence)
        log.info("%s: receipt %s is %s (%s)", self.device.name, receipt_id, verdict.finding, verdict.reason)

    def _tell(self, condition: str, message: str) -> None:
        if (condition, message) != self._told:
            try:
                self._database.change(service.tell_condition, self.device.id, self.holder, condition, message)
                self._told = (condition, message)
            except CrmError as error:
                log.info("%s: %s could not be told: %s", self.device.name, condition, error)
