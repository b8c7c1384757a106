"""The device's inside between the line and its commands: input queue, immediate answers, blocked prints, reply store.

No threads of its own: whoever feeds it also says when it works (`work`), so that tests run without time.
"""

import threading
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field

from crm_desktop.fiscal.drivers.posnet.emulator import grammar
from crm_desktop.fiscal.drivers.posnet.emulator.faults import Faults
from crm_desktop.fiscal.drivers.posnet.emulator.grammar import Order, Parser, Unacceptable, crc
from crm_desktop.fiscal.drivers.posnet.emulator.machine import IN_SALE, Machine, Print
from crm_desktop.fiscal.drivers.posnet.emulator.sale import Refuse

REPLIES, QUEUE = 32, 64
# What a caller does with a reply: bytes and seconds to hold them back.
Output = Callable[[bytes, float], None]


@dataclass
class Job:
    """A print under way. generation: of the power supply; a cut makes the job void."""

    order: Order
    work: Print
    generation: int


@dataclass
class Engine:
    """Volatile state of the device. All methods may be called from several threads."""

    machine: Machine
    faults: Faults
    error_tab: bool = True
    output: Output | None = None
    lock: threading.RLock = field(default_factory=threading.RLock)

    def __post_init__(self) -> None:
        self.wake = threading.Condition(self.lock)
        self.generation = 0
        self._forget()

    def _forget(self) -> None:
        self.parser = Parser()
        self.queue: deque[Order] = deque()
        self.replies: OrderedDict[bytes, bytes] = OrderedDict()
        self.job: Job | None = None

    # --- the line

    def received(self, data: bytes) -> None:
        """Bytes from the host: immediate commands are answered now, the others queued."""
        with self.wake:
            for order in self.parser.feed(data):
                if isinstance(order, Unacceptable):
                    self._send("ERR", _error(order), order.token)
                elif order.immediate:
                    self._send(order.name, self._immediate(order), order.token)
                elif len(self.queue) >= QUEUE:
                    self._send("ERR", _error(Unacceptable(grammar.QUEUE_FULL, order.token, order.name)), order.token)
                else:
                    self.queue.append(order)
            self.wake.notify_all()

    def ready(self) -> bool:
        """Whether a command waits and may be taken."""
        with self.lock:
            return bool(self.queue) and self.job is None and not self.faults.key_wait

    def blocked(self) -> bool:
        """Whether the print under way cannot go on."""
        with self.lock:
            return self.faults.key_wait or (self.job is not None and self._no_paper(self.job))

    def work(self) -> None:
        """Execute everything that can be executed now, without taking time for printing."""
        with self.lock:
            while self.begin():
                if self.blocked() or self.job is None:
                    return
                self.finish(self.job)

    def begin(self) -> bool:
        """Take the next command; True when a print is under way afterwards. Commands without paper are done at once."""
        with self.lock:
            while self.job is None and self.queue and not self.faults.key_wait:
                order = self.queue.popleft()
                self._before(order)
                if self.generation_changed_by("before", order):
                    return False
                self._execute(order)
            return self.job is not None

    def finish(self, job: Job) -> None:
        """The paper is out: make it durable, answer."""
        with self.wake:
            if self.job is not job:
                return
            if self.generation_changed_by("printing", job.order):
                return
            self.faults.use_paper(len(job.work.lines))
            fields = job.work.done()
            self.job = None
            if self.generation_changed_by("after", job.order):
                return
            self.faults.after(job.order.name, self.machine)
            self._send(job.order.name, [name + value for name, value in fields], job.order.token)

    def _before(self, order: Order) -> None:
        if self.machine.sale is None:
            self.faults.before(order.name, self.machine)

    def generation_changed_by(self, when: str, order: Order) -> bool:
        """Cut the power if the plan says so at this place."""
        if self.faults.power_cut != (order.name, when):
            return False
        self.faults.power_cut = None
        self.power_cut()
        return True

    def power_cut(self) -> None:
        """Lose the volatile layer; the connection goes with it."""
        with self.wake:
            self.generation += 1
            self._forget()
            if self.faults.on_power_cut:
                self.faults.on_power_cut()
            self.output = None
            self.machine.power_up()
            self.wake.notify_all()

    # --- commands

    def _execute(self, order: Order) -> None:
        try:
            if order.name == "rpt":
                self._repeat(order)
                return
            if self.faults.busy_interface and (order.name in IN_SALE or order.name in ("trinit", "prncancel")):
                raise Refuse(41)
            answer = self.machine.execute(order)
        except Refuse as refusal:
            self._send(order.name, [f"?{refusal.number}"], order.token)
            return
        if isinstance(answer, Print):
            self.job = Job(order, answer, self.generation)
            return
        if not self.generation_changed_by("after", order):
            self._send(order.name, [name + value for name, value in answer], order.token)

    def _repeat(self, order: Order) -> None:
        stored = self.replies.get(order.token)
        if stored is None or not order.token:
            self._send("ERR", [f"er{grammar.NO_TOKEN}", "cmrpt"], order.token, store=False)
        elif self.output:
            self.output(stored, 0.0)

    def _immediate(self, order: Order) -> list[str]:
        no_paper = self.job is not None and self._no_paper(self.job)
        if order.name == "sprn":
            return [f"pr{5 if no_paper or self.faults.paper_left == 0 else 0}"]
        if order.name == "sdrwr":
            return ["ds1"]
        display = 2 if self.faults.key_wait else 3 if no_paper else 0
        holder = 2 if self.faults.busy_interface else 1 if self.machine.sale else 0
        empty = not self.queue and self.job is None
        low = self.faults.paper_left is not None
        return [f"ds{display}", f"qe{'T' if empty else 'N'}", f"pe{'T' if low else 'N'}", "cpN", f"tl{holder}"]

    def _no_paper(self, job: Job) -> bool:
        return self.faults.paper_left is not None and self.faults.paper_left < len(job.work.lines)

    def _send(self, name: str, parts: list[str], token: bytes, store: bool = True) -> None:
        refused = name != "ERR" and bool(parts) and parts[0].startswith("?")
        tail = "\t" if parts and (self.error_tab or not refused) else ""
        head = name.encode() + b"\t" + (token + b"\t" if token else b"")
        payload = head + "\t".join(parts).encode("cp1250", "replace") + tail.encode()
        frame = b"\x02" + payload + b"#" + f"{crc(payload):04X}".encode() + b"\x03"
        if store and token:
            self.replies.pop(token, None)
            self.replies[token] = frame
            while len(self.replies) > REPLIES:
                self.replies.popitem(last=False)
        for data, delay in self.faults.replies(name, frame):
            if self.output:
                self.output(data, delay)


def _error(error: Unacceptable) -> list[str]:
    parts = [f"?{error.number}"]
    parts += [f"cm{error.command}"] if error.command else []
    return parts + ([f"fd{error.field}"] if error.field else [])
