"""A device on a serial port: RS-232, USB that shows itself as a serial port (CDC-ACM), a Bluetooth serial profile."""

from typing import Any

import serial

from crm_desktop.devices.link import LinkLost, OpenLink

CHUNK = 4096


class SerialLink(OpenLink):
    """A serial port with 8 data bits.

    baud: bit/s; parity: "N", "E" or "O"; stop: 1 or 2; flow: "none", "xonxoff" or "rtscts".
    timeout: seconds that one send may take.
    """

    def __init__(self, port: str, *, baud: int = 9600, parity: str = "N", stop: int = 1, flow: str = "none", timeout: float = 5.0) -> None:
        settings: dict[str, Any] = {"baudrate": baud, "bytesize": 8, "parity": parity, "stopbits": stop}
        try:
            self._port = serial.Serial(
                port,
                **settings,
                xonxoff=flow == "xonxoff",
                rtscts=flow == "rtscts",
                write_timeout=timeout,
                timeout=0,
                # Two programs on one port would mix their frames; Windows forbids it by itself.
                exclusive=True,
            )
        except (OSError, ValueError) as error:  # serial.SerialException is an OSError
            raise LinkLost(f"port {port} cannot be opened: {error}") from error

    def send(self, data: bytes) -> None:
        try:
            self._port.write(data)
        except (OSError, TypeError) as error:
            # pyserial raises TypeError when the port was closed from another thread meanwhile
            raise LinkLost(f"sending failed: {error}") from error

    def receive(self, timeout: float) -> bytes:
        try:
            waiting = self._port.in_waiting
            if not waiting:
                self._port.timeout = max(timeout, 0.0)
                first: bytes = self._port.read(1)
                if not first:
                    return b""
                rest: bytes = self._port.read(min(self._port.in_waiting, CHUNK))
                return first + rest
            data: bytes = self._port.read(min(waiting, CHUNK))
            return data
        except (OSError, TypeError) as error:
            raise LinkLost(f"receiving failed: {error}") from error

    def close(self) -> None:
        self._port.close()
