"""The one interface behind which all makes of printers stand."""

from typing import Protocol

from crm_desktop.core.problem import Problem
from crm_desktop.devices.exchange import Conversation
from crm_desktop.fiscal.drivers.conversation import Tokens
from crm_desktop.fiscal.drivers.posnet.driver import PosnetDriver
from crm_desktop.fiscal.drivers.state import DeviceState, Identity
from crm_desktop.fiscal.rules.journal import Journal
from crm_desktop.fiscal.rules.model import Counters, Receipt
from crm_desktop.fiscal.rules.rates import RateTable
from crm_desktop.fiscal.rules.recovery import Verdict


class Driver(Protocol):
    """Conversations for `devices.exchange.converse`; none does I/O or keeps anything between calls.

    Reads raise ReplyLost (posnet/wire.py) or LinkLost when the device does not answer, DeviceRefusal when it refuses.
    `print_receipt` and `recover` always return a Verdict; they tell JournalPoint, Attention and Waiting.
    """

    def check(self, receipt: Receipt, rates: RateTable | None = None) -> list[Problem]:
        """All reasons why the device would refuse the receipt; without rates its letters stay unchecked."""

    def tokens_needed(self, receipt: Receipt) -> int:
        """How far the device's stored token counter is to be moved before `print_receipt` or `recover`."""

    def identify(self, tokens: Tokens) -> Conversation[Identity]:
        """Who the device is."""

    def read_rates(self, tokens: Tokens) -> Conversation[RateTable]:
        """Its VAT letters."""

    def status(self, tokens: Tokens) -> Conversation[DeviceState]:
        """Whether it can print, answered also while it waits for paper."""

    def read_baseline(self, tokens: Tokens) -> Conversation[Counters]:
        """Its counters."""

    def print_receipt(self, receipt: Receipt, tokens: Tokens) -> Conversation[Verdict]:
        """Print one receipt from a journal at INTENT."""

    def recover(self, journal: Journal, tokens: Tokens) -> Conversation[Verdict]:
        """Find out from the device what became of an interrupted receipt, and cancel it when it is still open."""


DRIVERS: dict[str, Driver] = {"posnet": PosnetDriver()}
