"""From a written address to an open link.

tcp://192.168.1.40:6666
serial:///dev/ttyS0?baud=115200&flow=xonxoff        serial://COM3
"""

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from crm_desktop.core.errors import Refused
from crm_desktop.core.i18n import N_
from crm_desktop.core.problem import Problem
from crm_desktop.devices.serial import SerialLink
from crm_desktop.devices.tcp import TcpLink

BAUD_RATES = (1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200, 230400)
FLOWS = ("none", "xonxoff", "rtscts")


@dataclass(frozen=True)
class TcpAddress:
    """Host name or number, and port."""

    host: str
    port: int


@dataclass(frozen=True)
class SerialAddress:
    """Port name of the operating system and line settings; 8 data bits always."""

    port: str
    baud: int = 9600
    parity: str = "N"
    stop: int = 1
    flow: str = "none"


def read_address(address: str) -> TcpAddress | SerialAddress:
    """The parts of an address. Raises Refused with a problem at "address" when it cannot be understood."""
    wrong = Refused(
        Problem(
            "device_address",
            "address",
            N_("“{address}” is not a device address. Write tcp://host:port or serial:///dev/ttyS0?baud=9600."),
            {"address": address},
        )
    )
    try:
        parts = urlsplit(address.strip())
        if parts.scheme == "tcp" and parts.hostname and parts.port and not parts.query and parts.path in ("", "/"):
            return TcpAddress(parts.hostname, parts.port)
        if parts.scheme == "serial" and (port := parts.netloc + parts.path):
            options = dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query)))
            found = SerialAddress(
                port,
                int(options.pop("baud", "9600")),
                options.pop("parity", "N").upper(),
                int(options.pop("stop", "1")),
                options.pop("flow", "none"),
            )
            known = found.baud in BAUD_RATES and found.parity in ("N", "E", "O") and found.stop in (1, 2)
            if known and found.flow in FLOWS and not options:
                return found
    except ValueError as error:  # a port that is no number, a broken [v6] address, a broken query
        raise wrong from error
    raise wrong


def open_link(address: str, timeout: float = 5.0) -> TcpLink | SerialLink:
    """An open link to `address`, to be used in `with`; `timeout` seconds for connecting and for each send.

    Raises Refused (address) or LinkLost.
    """
    place = read_address(address)
    if isinstance(place, TcpAddress):
        return TcpLink(place.host, place.port, timeout)
    return SerialLink(place.port, baud=place.baud, parity=place.parity, stop=place.stop, flow=place.flow, timeout=timeout)
