"""The history of a document as changes: which field, what it was, what it is. Values only; words and figures are the window's."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from crm_desktop.documents.rules.model import HistoryEntry

#: The header's fields in the order in which they are told; paths as those of problems.
HEADER = (
    "number",
    "kind",
    "buyer.name",
    "buyer.nip",
    "buyer.eu_vat",
    "buyer.address",
    "issue_date",
    "sale_date",
    "due_date",
    "payment",
    "notes",
)
CELLS = ("code", "name", "quantity", "unit", "price", "discount", "vat")
#: What is told of a document that was just entered; the rest stands on the document itself.
FIRST = ("kind", "buyer.name")


@dataclass(frozen=True)
class Change:
    """One thing that became another. field: "buyer.name", "lines.5.price", "lines.5" (a whole line), "lines" (their count), "gross".

    was, now: texts as stored, "" for none. A whole line is told by `line`, the cells that it had or has.
    """

    field: str
    was: str = ""
    now: str = ""
    line: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Act:
    """What one person did at one moment."""

    at: datetime
    who: str
    act: str
    changes: tuple[Change, ...]


def acts_of(entries: Sequence[HistoryEntry]) -> list[Act]:
    """The acts, the newest first. A save that changed nothing is none."""
    acts = [Act(entry.at, entry.who, entry.act, tuple(_changes(entry))) for entry in entries]
    return [act for act in reversed(acts) if act.changes or act.act != "changed"]


def _changes(entry: HistoryEntry) -> Iterator[Change]:
    first = entry.act == "entered"
    for path in FIRST if first else HEADER:
        was, now = entry.before.get(path, ""), entry.after.get(path, "")
        if was != now:
            yield Change(path, was, now)
    if first:
        yield Change("lines", "", str(len(entry.lines)))
    else:
        for pair in entry.lines:
            yield from _line_changes(pair["was"], pair["is"])
    was, now = entry.before.get("gross", ""), entry.after.get("gross", "")
    if was != now:
        yield Change("gross", was, now)


def _line_changes(was: Mapping[str, str] | None, now: Mapping[str, str] | None) -> Iterator[Change]:
    told = now or was
    assert told is not None
    path = f"lines.{int(told['position']) - 1}"
    if was is None:
        yield Change(path, "", told["name"], told)
    elif now is None:
        yield Change(path, told["name"], "", told)
    else:
        for cell in CELLS:
            if was[cell] != now[cell]:
                yield Change(f"{path}.{cell}", was[cell], now[cell])
