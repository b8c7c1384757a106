"""Stretches of time: half-open [start, end), instants with their zone, days as Warsaw lives them (semantics 0.6)."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

WARSAW = ZoneInfo("Europe/Warsaw")


@dataclass(frozen=True)
class Period:
    """From `start` up to, not including, `end`; both with a time zone. An empty or backward period raises ValueError.

    Instants are compared, never wall clocks: on the autumn night 02:30 CEST and 02:30 CET are an hour apart.
    """

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise ValueError("an instant needs its time zone")
        if self.end.astimezone(UTC) <= self.start.astimezone(UTC):
            raise ValueError(f"{self.start} is not before {self.end}")

    def __contains__(self, instant: datetime) -> bool:
        return self.start.astimezone(UTC) <= instant.astimezone(UTC) < self.end.astimezone(UTC)

    def meets(self, other: "Period") -> bool:
        """Whether the two have an instant in common; adjacent ones have none."""
        one, two = (self.start.astimezone(UTC), other.start.astimezone(UTC))
        return one < other.end.astimezone(UTC) and two < self.end.astimezone(UTC)

    @property
    def length(self) -> timedelta:
        """The time that really passes: 25 hours on the autumn day, 23 on the spring day."""
        return self.end.astimezone(UTC) - self.start.astimezone(UTC)


def instant(day: date, clock: time, later: bool = False) -> datetime:
    """What a Warsaw clock shows, as an instant in UTC, so that adding to it adds time that passes (a local datetime
    would forget which of the two hours it was in). In the repeated hour the earlier one, or the `later`.

    Raises ValueError for an hour that the spring night leaves out: nobody can mean it.
    """
    local = datetime.combine(day, clock, WARSAW).replace(fold=int(later))
    passed = local.astimezone(UTC)
    if passed.astimezone(WARSAW).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise ValueError(f"{day} has no {clock} in Warsaw")
    return passed


def day_in_warsaw(moment: datetime) -> date:
    """The calendar day in Warsaw at an instant."""
    if moment.tzinfo is None:
        raise ValueError("an instant needs its time zone")
    return moment.astimezone(WARSAW).date()


def day_period(day: date) -> Period:
    """The whole day in Warsaw."""
    return days(day, day)


def month_period(day: date) -> Period:
    """The whole month that `day` lies in."""
    first = day.replace(day=1)
    return days(first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1))


def days(first: date, last: date) -> Period:
    """From the first day's midnight to the end of the last day: dates are inclusive at both ends."""
    return Period(instant(first, time()), instant(last + timedelta(days=1), time()))
