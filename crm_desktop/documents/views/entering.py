"""What scans, pasted blocks and typed cells do to a draft. Pure: takes values and gives values, knows no widget."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from crm_desktop.catalogue.rules.model import ItemChoice
from crm_desktop.core.problem import Problem
from crm_desktop.core.quantity import parse_decimal
from crm_desktop.core.text import CODE, check_name, clean_name
from crm_desktop.documents.rules.changes import add_item, add_items, change_line, resolve_line
from crm_desktop.documents.rules.model import Draft, Line, Method
from crm_desktop.documents.rules.pasted import PastedLine
from crm_desktop.documents.views.line_model import WORDS, Col
from crm_desktop.documents.views.scans import Found

NewId = Callable[[], UUID]
_ONE = Decimal(1)
#: No database takes these, so that not even a draft may hold them.
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
#: Said only after the field was left or issuing was tried: a new document is empty, not wrong.
_WHEN_LEFT = {"buyer_missing": "buyer.name", "lines_missing": "lines"}


def unknown_line(code: str, quantity: Decimal, price: Decimal | None, vat: str, line_id: UUID) -> Line:
    """A line whose item nobody knows: it keeps the code until a person says what it is. A very long code stays in the name."""
    shown = "".join(character for character in code if character.isprintable())
    name = shown if len(shown) > CODE else ""
    return Line(line_id, None, shown[:CODE], name, quantity, "", price or Decimal(0), vat, negotiated=price is not None)


def with_scans(draft: Draft, found: Sequence[Found], new_id: NewId, vat: str, merge: bool = True) -> tuple[Draft, int]:
    """The draft with scanned codes in it, and the line of the last one (BAR-01, BAR-02).

    A known code raises its line's quantity (with `merge`), a package's code by its factor. An unknown code becomes a line
    without an item, and the same unknown code again raises that one.
    """
    place = -1
    for scan in found:
        if scan.item is not None:
            added = add_item(draft, scan.item, new_id(), _ONE, merge)
            draft, place = added.draft, added.place
            continue
        line = unknown_line(scan.code, _ONE, None, vat, new_id())
        same = next((at for at, each in enumerate(draft.lines) if each.item_id is None and each.code == line.code), -1)
        if merge and same >= 0:
            draft, place = change_line(draft, same, quantity=draft.lines[same].quantity + 1), same
        else:
            draft, place = replace(draft, lines=(*draft.lines, line)), len(draft.lines)
    return draft, place


def with_block(draft: Draft, rows: Sequence[PastedLine], items: Mapping[str, ItemChoice], new_id: NewId, vat: str) -> Draft:
    """The draft with a pasted block below its lines, in the order of the block; unknown codes stay as lines to be mended."""
    run: list[tuple[ItemChoice, Decimal, Decimal | None]] = []
    for row in rows:
        item = items.get(row.code)
        if item is not None:
            run.append((item, row.quantity, row.price))
            continue
        draft = add_items(draft, run, [new_id() for _each in run])
        run = []
        draft = replace(draft, lines=(*draft.lines, unknown_line(row.code, row.quantity, row.price, vat, new_id())))
    return add_items(draft, run, [new_id() for _each in run])


def resolved(draft: Draft, place: int, item: ItemChoice) -> Draft:
    """The draft after a person, or the server that is back, said what item a line is: a package's code counts its factor,
    a price that came with the line stays."""
    line = draft.lines[place]
    draft = resolve_line(draft, place, item)
    return change_line(draft, place, quantity=line.quantity * item.factor, price=line.price if line.negotiated else None)


def read_cell(column: Col, text: str, method: Method, rates: Iterable[str]) -> Decimal | str | Problem:
    """What was typed into a cell, as the draft keeps it, or what is wrong with it (the problem's field is the column's word).

    Numbers: quantity 6 decimals, price 4 (net) or 2 (gross), discount 2. A rate may be typed with its "%", in any case.
    """
    word = WORDS[column]
    match column:
        case Col.QUANTITY:
            return parse_decimal(text, 6, word)
        case Col.PRICE:
            return parse_decimal(text, 4 if method is Method.NET else 2, word)
        case Col.DISCOUNT:
            return parse_decimal(text, 2, word, 3) if text.strip() else Decimal(0)
        case Col.VAT:
            typed = clean_name(text.replace("%", ""))
            return next((code for code in rates if code.lower() == typed.lower()), typed)
        case _:
            name = clean_name(text)
            wrong = check_name(name, word, len(name)) if UNSTORABLE.search(name) else []
            return wrong[0] if wrong else name


def with_cell(draft: Draft, place: int, column: Col, value: Decimal | str) -> Draft:
    """The draft with a cell typed into."""
    return change_line(draft, place, **{WORDS[column]: value})  # type: ignore[arg-type]


def to_be_said(
    problems: Iterable[Problem], draft: Draft, unread: Collection[str], left: Collection[str], everything: bool
) -> list[Problem]:
    """Those problems that the operator should see now.

    What is missing is said when its field was left or issuing was tried (`everything`). A line without an item says just
    that: its name and unit come with the item. A cell whose text cannot be read (`unread`) says so itself.
    """
    said = []
    for problem in problems:
        waits_for = _WHEN_LEFT.get(problem.code)
        if waits_for is not None and not everything and waits_for not in left:
            continue
        if problem.field in unread:  # said by itself
            continue
        if problem.code in ("name_missing", "unit_missing") and _is_unknown(draft, problem.field):
            continue
        said.append(problem)
    return said


def unique(problems: Iterable[Problem]) -> list[Problem]:
    """Each problem once: the server repeats what the editor knows."""
    first: dict[tuple[str, str], Problem] = {}
    for problem in problems:
        first.setdefault((problem.code, problem.field), problem)
    return list(first.values())


def _is_unknown(draft: Draft, path: str) -> bool:
    parts = path.split(".")
    place = int(parts[1]) if len(parts) == 3 and parts[1].isdigit() else -1
    return 0 <= place < len(draft.lines) and draft.lines[place].item_id is None
