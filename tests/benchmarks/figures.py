"""A figure of the issue: what was measured, beside its floor, and whether the target is met. As a table and as JSON."""

import json
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Figure:
    """value and floor in `unit`; floor: what nobody can be faster than; bare: the same without guards; ratio: value / floor.

    None where there is none. target: in words; ok: whether it is met.
    """

    name: str
    value: float
    unit: str
    target: str
    ok: bool
    floor: float | None = None
    bare: float | None = None
    ratio: float | None = None


def milliseconds(act: Callable[[], object]) -> float:
    """How long one act takes."""
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000


def median(values: Sequence[float]) -> float:
    """The middle one, to the microsecond."""
    return round(statistics.median(values), 3)


def percentile(values: Sequence[float], share: int) -> float:
    """So many per cent of the values are not above it."""
    ordered = sorted(values)
    return round(ordered[min(len(ordered) - 1, len(ordered) * share // 100)], 3)


def table(figures: Sequence[Figure]) -> str:
    """The figures for people."""
    head = ("figure", "value", "unit", "floor", "bare", "ratio", "target", "")
    rows = [
        (f.name, _number(f.value), f.unit, _number(f.floor), _number(f.bare), _number(f.ratio), f.target, "ok" if f.ok else "MISSED")
        for f in figures
    ]
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    return "\n".join("  ".join(map(_cell, range(len(head)), row, widths)).rstrip() for row in (head, *rows))


def write(figures: Sequence[Figure], place: Path) -> None:
    """The figures for programs: a list of {name, value, unit, floor, bare, ratio, target, ok}."""
    order = ("name", "value", "unit", "floor", "bare", "ratio", "target", "ok")
    rows = [{key: asdict(figure)[key] for key in order} for figure in figures]
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _cell(column: int, text: str, width: int) -> str:
    return text.rjust(width) if column in (1, 3, 4, 5) else text.ljust(width)


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}" if value % 1 else f"{value:.0f}"
