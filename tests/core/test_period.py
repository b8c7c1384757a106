"""Half-open stretches of time and both nights when the clock is changed (ARC-09, semantics 0.6)."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from crm_desktop.core import period
from crm_desktop.core.period import WARSAW, Period, instant

AUTUMN, SPRING = date(2027, 10, 31), date(2027, 3, 28)
ZONELESS = datetime.combine(date(2026, 11, 24), time())


def hour(clock: str, day: date = date(2026, 11, 24), later: bool = False) -> datetime:
    return instant(day, time.fromisoformat(clock), later)


def test_half_open() -> None:
    morning = Period(hour("08:00"), hour("10:00"))
    assert hour("08:00") in morning
    assert hour("10:00") not in morning
    assert not morning.meets(Period(hour("10:00"), hour("11:00")))
    assert morning.meets(Period(hour("09:59"), hour("11:00")))
    assert not Period(hour("10:00"), hour("11:00")).meets(morning)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (hour("10:00"), hour("10:00")),
        (hour("11:00"), hour("10:00")),
        (ZONELESS, hour("10:00")),
        (hour("10:00"), ZONELESS),
    ],
)
def test_no_empty_backward_or_zoneless_period(start: datetime, end: datetime) -> None:
    with pytest.raises(ValueError, match=r"zone|before"):
        Period(start, end)


def test_the_repeated_hour_of_autumn_is_two_hours() -> None:
    """31 October 2027, 02:30 CEST and 02:30 CET are two instants, and bookings in them do not collide."""
    first, second = hour("02:30", AUTUMN), hour("02:30", AUTUMN, later=True)
    assert second.astimezone(UTC) - first.astimezone(UTC) == timedelta(hours=1)
    one = Period(first, first + timedelta(minutes=20))
    other = Period(second, second + timedelta(minutes=20))
    assert not one.meets(other)
    assert Period(first, second).length == timedelta(hours=1)


def test_spring_leaves_an_hour_out() -> None:
    with pytest.raises(ValueError, match="has no 02:30"):
        hour("02:30", SPRING)
    assert hour("03:00", SPRING).astimezone(UTC) - hour("01:59", SPRING).astimezone(UTC) == timedelta(minutes=1)


@pytest.mark.parametrize(("day", "hours"), [(AUTUMN, 25), (SPRING, 23), (date(2026, 11, 24), 24)])
def test_length_of_a_day(day: date, hours: int) -> None:
    assert period.day_period(day).length == timedelta(hours=hours)


def test_months_touch_and_do_not_meet() -> None:
    january, february = period.month_period(date(2028, 1, 31)), period.month_period(date(2028, 2, 5))
    assert january.end == february.start
    assert not january.meets(february)
    assert period.month_period(date(2026, 12, 5)).end == instant(date(2027, 1, 1), time())


def test_dates_are_inclusive() -> None:
    """A rule until 30 June holds on 30 June."""
    june = period.days(date(2026, 6, 1), date(2026, 6, 30))
    assert hour("23:59", date(2026, 6, 30)) in june
    assert hour("00:00", date(2026, 7, 1)) not in june


def test_the_day_is_the_day_in_warsaw() -> None:
    assert period.day_in_warsaw(datetime(2026, 11, 23, 23, 30, tzinfo=UTC)) == date(2026, 11, 24)
    assert period.day_in_warsaw(datetime(2026, 11, 23, 23, 30, tzinfo=WARSAW)) == date(2026, 11, 23)
    with pytest.raises(ValueError, match="zone"):
        period.day_in_warsaw(ZONELESS)
