"""The emulated device on a TCP port and on a pseudo-terminal, with a thread that prints."""

import os
import socket
import threading
import time
import tty
from collections.abc import Callable
from typing import Protocol

from crm_desktop.fiscal.drivers.posnet.emulator.engine import Engine, Job

CHUNK = 4096


class Channel(Protocol):
    """Where bytes come from and go to."""

    def read(self) -> bytes:
        """Waits for bytes; b"" when the other side has gone."""

    def write(self, data: bytes) -> None:
        """Sends; a side that has gone is noticed at the next read."""

    def cut(self) -> None:
        """Ends the connection."""


class Line:
    """One connection: bytes go through the fault plan both ways.

    lasting: a cable whose cut nobody is told of; bytes are lost until the plan is mended. Else a cut ends it.
    """

    def __init__(self, engine: Engine, channel: Channel, *, lasting: bool = False) -> None:
        self._engine, self._channel, self._lasting = engine, channel, lasting
        self._open = True
        self.heard = time.monotonic()

    def serve(self) -> None:
        """Read until the connection ends. What was received is executed also when the host has gone."""
        self._plug_in()
        while self._open and (data := self._channel.read()):
            self.heard = time.monotonic()
            with self._engine.lock:
                self._plug_in()
                passed, cut = self._engine.faults.passed_in(data)
                self._engine.received(passed)
                if cut:
                    self._break()
        self.cut()

    def _plug_in(self) -> None:
        with self._engine.lock:
            if self._open:
                self._engine.output = self._write
                self._engine.faults.on_power_cut = None if self._lasting else self.cut

    def _write(self, data: bytes, delay: float) -> None:
        if delay:
            timer = threading.Timer(delay, self._write, (data, 0.0))
            timer.daemon = True
            timer.start()
            return
        with self._engine.lock:
            if not self._open:
                return
            passed, cut = self._engine.faults.passed_out(data)
            if passed:
                self._channel.write(passed)
            if cut:
                self._break()

    def _break(self) -> None:
        power, self._engine.faults.cut_power = self._engine.faults.cut_power, False
        if not self._lasting:
            self.cut()
        if power:
            self._engine.power_cut()

    def cut(self) -> None:
        """End the connection; the device goes on with what it has received."""
        with self._engine.lock:
            if self._open:
                self._open = False
                if self._engine.output == self._write:
                    self._engine.output = None
                self._channel.cut()


class SocketChannel:
    """A TCP connection."""

    def __init__(self, connection: socket.socket) -> None:
        self._socket = connection
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # A host that does not read must not stop the device.
        self._send_limit = 2.0

    def read(self) -> bytes:
        try:
            return self._socket.recv(CHUNK)
        except OSError:
            return b""

    def write(self, data: bytes) -> None:
        try:
            self._socket.sendall(data)
        except OSError:
            self.cut()

    def cut(self) -> None:
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # the host was faster
        self._socket.close()


class TerminalChannel:
    """The device's side of a pseudo-terminal."""

    def __init__(self, master: int) -> None:
        self._master = master

    def read(self) -> bytes:
        try:
            return os.read(self._master, CHUNK)
        except OSError:
            return b""

    def write(self, data: bytes) -> None:
        try:
            os.write(self._master, data)
        except OSError:
            self.cut()

    def cut(self) -> None:
        """A serial line has no end of connection: the host only hears nothing."""


class Printing(threading.Thread):
    """Executes the queue. seconds(lines): how long paper with so many lines takes."""

    def __init__(self, engine: Engine, seconds: Callable[[int], float]) -> None:
        super().__init__(name="emulated-printer", daemon=True)
        self._engine, self._seconds = engine, seconds
        self._stopped = False

    def run(self) -> None:
        engine = self._engine
        with engine.wake:
            while not self._stopped:
                if engine.begin() and engine.job is not None:
                    self._print(engine.job)
                else:
                    engine.wake.wait_for(lambda: self._stopped or engine.ready())

    def _print(self, job: Job) -> None:
        """Wait for paper and for the mechanism; a power cut takes the job away meanwhile."""
        engine = self._engine

        def gone() -> bool:
            return self._stopped or engine.job is not job

        engine.wake.wait_for(lambda: gone() or not engine.blocked())
        seconds = self._seconds(len(job.work.lines))
        if seconds and not gone():
            engine.wake.wait_for(gone, seconds)
        if not gone():
            engine.finish(job)

    def stop(self) -> None:
        """Stop before the next command."""
        with self._engine.wake:
            self._stopped = True
            self._engine.wake.notify_all()


class TcpServer(threading.Thread):
    """Listens on `port` (0 = a free one, see `port` afterwards). One client; a second is refused at once, unless the
    first has been silent for `takeover_after` seconds."""

    def __init__(self, engine: Engine, host: str, port: int, takeover_after: float | None = None) -> None:
        super().__init__(name="emulated-printer-tcp", daemon=True)
        self._engine, self._takeover = engine, takeover_after
        self._listener = socket.create_server((host, port))
        self.port: int = self._listener.getsockname()[1]
        self._line: Line | None = None
        self._serving: threading.Thread | None = None
        self._stopping = False

    def run(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            if self._stopping or not self._free():
                connection.close()
                continue
            self._line = Line(self._engine, SocketChannel(connection))
            self._serving = threading.Thread(target=self._line.serve, name="emulated-printer-line", daemon=True)
            self._serving.start()

    def _free(self) -> bool:
        """Whether a new client may come in. One that left a moment ago is given time to be noticed."""
        if self._serving is None or self._line is None:
            return True
        if self._takeover is not None and time.monotonic() - self._line.heard >= self._takeover:
            self._line.cut()
        self._serving.join(0.2)
        return not self._serving.is_alive()

    def stop(self) -> None:
        """Close the port and the connection."""
        self._stopping = True
        try:
            self._listener.shutdown(socket.SHUT_RDWR)  # wakes accept on Linux
        except OSError:
            pass  # not connected: other systems wake it by close
        self._listener.close()
        if self._line:
            self._line.cut()


class Terminal:
    """A pseudo-terminal; `path` is what a program opens as its serial port."""

    def __init__(self, engine: Engine) -> None:
        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)  # and kept open: a host that closes must not end the line
        self.path = os.ttyname(self._slave)
        self._line = Line(engine, TerminalChannel(self._master), lasting=True)
        self._thread = threading.Thread(target=self._line.serve, name="emulated-printer-serial", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Close both sides."""
        self._line.cut()
        os.write(self._slave, b"\n")  # wakes the reader
        self._thread.join()
        os.close(self._slave)
        os.close(self._master)
