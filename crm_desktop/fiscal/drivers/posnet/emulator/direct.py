"""A link straight into the emulated device, in one thread and without time: waiting moves a clock of its own."""

from dataclasses import dataclass, field

from crm_desktop.devices.link import LinkLost
from crm_desktop.fiscal.drivers.posnet.emulator.engine import Engine


@dataclass
class VirtualClock:
    """Seconds that pass only when somebody waits."""

    seconds: float = 0.0

    def __call__(self) -> float:
        return self.seconds


@dataclass
class DirectLink:
    """A `devices.link.Link`. A cut takes effect at the byte that the plan names; the device executes what it got."""

    engine: Engine
    clock: VirtualClock = field(default_factory=VirtualClock)

    def __post_init__(self) -> None:
        self._cut = False
        self._coming: list[tuple[float, bytes]] = []
        self.engine.output = self._from_device
        self.engine.faults.on_power_cut = self._lose

    def send(self, data: bytes) -> None:
        if self._cut:
            raise LinkLost("cut")
        passed, cut = self.engine.faults.passed_in(data)
        self.engine.received(passed)
        if cut:
            self._lose()
            if self.engine.faults.cut_power:
                self.engine.power_cut()
        self.engine.work()

    def receive(self, timeout: float) -> bytes:
        self.engine.work()
        limit = self.clock.seconds + timeout
        due = [(at, data) for at, data in self._coming if at <= limit]
        if due:
            at, data = due[0]
            self.clock.seconds = max(self.clock.seconds, at)
            self._coming.remove(due[0])
            return data
        if self._cut:
            raise LinkLost("cut")
        self.clock.seconds = limit
        return b""

    def close(self) -> None:
        self._lose()

    def _lose(self) -> None:
        self._cut = True
        if self.engine.output == self._from_device:
            self.engine.output = None

    def _from_device(self, data: bytes, delay: float) -> None:
        if self._cut:
            return
        passed, cut = self.engine.faults.passed_out(data)
        if passed:
            self._coming.append((self.clock.seconds + delay, passed))
        if cut:
            self._lose()
            if self.engine.faults.cut_power:
                self.engine.power_cut()
