"""The fault plan of a test: what goes wrong, where. Everything is off until set."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from crm_desktop.fiscal.drivers.posnet.emulator.machine import Machine

How = Literal["swallow", "corrupt", "duplicate", "delay"]


@dataclass
class ReplyFault:
    """What happens to the next reply to `command` ("" = any). seconds: for "delay"."""

    command: str
    how: How
    seconds: float = 0.0


@dataclass
class Faults:
    """cut_received / cut_sent: bytes that still pass to / from the device, then the link is cut (with the power, when
    cut_power). power_cut: (command, "before" | "printing" | "after"), once. paper_left: lines on the roll, None = a
    full one. key_wait: the device waits for a key. busy_interface: the other interface holds a transaction. foreign: a
    receipt of so many grosze made ("before" | "after", command), once. report: the same for a daily report."""

    cut_received: int | None = None
    cut_sent: int | None = None
    cut_power: bool = False
    power_cut: tuple[str, str] | None = None
    paper_left: int | None = None
    key_wait: bool = False
    busy_interface: bool = False
    foreign: tuple[str, str, int] | None = None
    report: tuple[str, str] | None = None
    reply_faults: list[ReplyFault] = field(default_factory=list)
    on_power_cut: Callable[[], None] | None = None

    def replies(self, command: str, frame: bytes) -> list[tuple[bytes, float]]:
        """What leaves instead of `frame`, with seconds of delay."""
        fault = next((entry for entry in self.reply_faults if entry.command in ("", command)), None)
        if fault is None:
            return [(frame, 0.0)]
        self.reply_faults.remove(fault)
        match fault.how:
            case "swallow":
                return []
            case "corrupt":
                middle = len(frame) // 2
                return [(frame[:middle] + bytes([frame[middle] ^ 0x10]) + frame[middle + 1 :], 0.0)]
            case "duplicate":
                return [(frame, 0.0), (frame, 0.0)]
            case "delay":
                return [(frame, fault.seconds)]

    def before(self, command: str, machine: Machine) -> None:
        """Foreign acts before a command."""
        self._foreign("before", command, machine)

    def after(self, command: str, machine: Machine) -> None:
        """Foreign acts after a command was executed."""
        self._foreign("after", command, machine)

    def _foreign(self, when: str, command: str, machine: Machine) -> None:
        if self.foreign and self.foreign[:2] == (when, command):
            amount, self.foreign = self.foreign[2], None
            machine.sell_at_keyboard(amount)
        if self.report == (when, command):
            self.report = None
            machine.report_at_keyboard()

    def use_paper(self, lines: int) -> None:
        """Take lines off the roll."""
        if self.paper_left is not None:
            self.paper_left = max(0, self.paper_left - lines)

    def passed_in(self, data: bytes) -> tuple[bytes, bool]:
        """The part of host → device bytes that passes, and whether the link is cut now."""
        if self.cut_sent == 0:
            return b"", True
        if self.cut_received is None:
            return data, False
        allowed = data[: self.cut_received]
        self.cut_received -= len(allowed)
        return allowed, self.cut_received == 0

    def passed_out(self, data: bytes) -> tuple[bytes, bool]:
        """The same for device → host."""
        if self.cut_received == 0:
            return b"", True
        if self.cut_sent is None:
            return data, False
        allowed = data[: self.cut_sent]
        self.cut_sent -= len(allowed)
        return allowed, self.cut_sent == 0

    def mend_line(self) -> None:
        """No more cuts."""
        self.cut_received = self.cut_sent = None
        self.cut_power = False
