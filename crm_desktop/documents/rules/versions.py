"""Two people changed one draft: what each of them changed, part by part, and the draft that both together make (ARC-02).

A part is a field of the header or one line. Where the two have different methods (net, gross) or very many lines differ, their
lines are one part: prices of different bases never mix, and nobody decides fifty times.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from crm_desktop.documents.rules.model import Draft

HEADER = ("buyer", "issue_date", "sale_date", "due_date", "payment", "notes")
#: The kind and all lines as one part.
CONTENT = "content"
_MOST_LINES = 8


def parts(base: Draft, mine: Draft, theirs: Draft) -> dict[str, tuple[Any, Any, Any]]:
    """Each part in three versions, by its path: "buyer", "lines.<id>" (None where a version has no such line)."""
    found = {name: (getattr(base, name), getattr(mine, name), getattr(theirs, name)) for name in HEADER}
    versions = (base, mine, theirs)
    by_id = [{line.id: line for line in draft.lines} for draft in versions]
    lines = {f"lines.{id}": tuple(each.get(id) for each in by_id) for id in dict.fromkeys(id for each in by_id for id in each)}
    differing = sum(one[1] != one[2] for one in lines.values())
    if mine.kind != theirs.kind or differing > _MOST_LINES:
        found[CONTENT] = (_content(base), _content(mine), _content(theirs))
    else:
        found |= lines  # type: ignore[arg-type]
    return found


def merged(mine: Draft, theirs: Draft, values: Mapping[str, Any]) -> Draft:
    """The draft of the chosen values, with their version: what is stored next follows on theirs.

    Lines stand as in `theirs`; those that are only in `mine` follow.
    """
    draft = replace(theirs, **{name: values[name] for name in HEADER})
    if CONTENT in values:
        kind, lines = values[CONTENT]
        return replace(draft, kind=kind, lines=lines)
    order = dict.fromkeys(line.id for line in (*theirs.lines, *mine.lines))
    return replace(draft, lines=tuple(line for id in order if (line := values[f"lines.{id}"]) is not None))


def _content(draft: Draft) -> tuple[Any, Any]:
    return draft.kind, draft.lines
