"""What time the desk says it is: the server's, in Warsaw. Pictures and tests give it a clock of their own."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

WARSAW = ZoneInfo("Europe/Warsaw")

_source: Callable[[], datetime] | None = None
_offset = timedelta()


def now() -> datetime:
    """The moment, in Warsaw."""
    return _source() if _source is not None else datetime.now(WARSAW) + _offset


def today() -> date:
    """The day, in Warsaw."""
    return now().date()


def set_server_time(moment: datetime) -> None:
    """Run with the server's clock from now on: `moment` is what it says now. A workstation's clock may be wrong."""
    global _offset
    _offset = moment.astimezone(WARSAW) - datetime.now(WARSAW)


def use(source: Callable[[], datetime] | None) -> None:
    """Take the time from `source`, for pictures and tests; None goes back to the server's clock."""
    global _source
    _source = source
