"""A block pasted from a spreadsheet: code, quantity, price. Read whole, with every fault told by its row."""

import csv
import io
from collections.abc import Container
from dataclasses import dataclass
from decimal import Decimal

from crm_desktop.core.i18n import N_
from crm_desktop.core.problem import Problem
from crm_desktop.core.quantity import parse_decimal
from crm_desktop.core.text import CODE

ROWS = 10_000  # FA(3): an invoice has at most 10 000 lines

# First cells that name a column, in the two languages of the program; such a first row is a heading, not a line.
_HEADINGS = {"kod", "code", "symbol", "indeks", "index", "ean", "towar", "item"}


@dataclass(frozen=True)
class PastedLine:
    """One row: `row` counts from 1 as the spreadsheet does; quantity 1 and price None where the cells are empty."""

    row: int
    code: str
    quantity: Decimal
    price: Decimal | None = None


@dataclass(frozen=True)
class Block:
    """What could be read, and what could not: the field of a problem is "row.<number>.<code|quantity|price>".

    plain: neither a tab nor a semicolon stands in it, so that a comma may be a separator (`with_commas`).
    """

    lines: tuple[PastedLine, ...]
    problems: list[Problem]
    plain: bool = False


def is_block(text: str) -> bool:
    """Whether a pasted text is a table and not one code: it has several rows or columns."""
    return any(mark in text.strip("\ufeff\r\n ") for mark in "\n\r\t;")


def parse_block(text: str, price_places: int = 4) -> Block:
    """Rows of code, quantity and price, the last two optional, separated by tabs or semicolons.

    A byte order mark, CRLF, quotes, no-break spaces, currency signs and the decimal comma are understood; empty rows
    are passed over; a heading row too. A row with a fault is left out and told; the others stand.
    """
    plain = "\t" not in text and ";" not in text
    rows = list(csv.reader(io.StringIO(text.lstrip("\ufeff"), newline=""), delimiter=_delimiter(text)))
    lines: list[PastedLine] = []
    problems: list[Problem] = []
    for number, cells in enumerate(rows, start=1):
        cells = ["".join(sign for sign in cell if sign.isprintable() or sign.isspace()).strip() for cell in cells]
        if not any(cells) or (number == 1 and _is_heading(cells[0], plain)):
            continue
        if len(lines) >= ROWS:
            problems.append(Problem("rows_many", f"row.{number}.code", N_("At most {rows} rows fit."), {"rows": ROWS}))
            break
        line, found = _row(number, cells, price_places)
        problems += found
        if line is not None:
            lines.append(line)
    return Block(tuple(lines), problems, plain)


def split_at_comma(line: PastedLine) -> PastedLine | None:
    """A row as "code,quantity"; None where it cannot be read so, or in more than one way.

    >>> split_at_comma(PastedLine(1, "LED-9,3", Decimal(1)))
    PastedLine(row=1, code='LED-9', quantity=Decimal('3'), price=None)
    >>> split_at_comma(PastedLine(1, 'LED-9,"1,5"', Decimal(1))).quantity, split_at_comma(PastedLine(1, "LED-9,1,5", Decimal(1)))
    (Decimal('1.5'), None)
    """
    cells = [cell.strip() for cell in next(csv.reader([line.code], skipinitialspace=True), [])]
    amount = parse_decimal(cells[1], 6) if len(cells) == 2 and all(cells) else None
    if amount is None or isinstance(amount, Problem) or amount <= 0:
        return None
    return PastedLine(line.row, cells[0], amount)


def comma_codes(block: Block) -> list[str]:
    """The codes that its rows would have if commas were separators: to be looked up together with the others."""
    return [split.code for line in block.lines if block.plain and (split := split_at_comma(line)) is not None]


def with_commas(block: Block, known: Container[str]) -> Block:
    """The block with "code,quantity" taken apart where only that can be meant: the code is known, the whole row is not.

    A comma may also be part of a code ("YDY 3×2,5") or of a quantity: what stays in doubt is told, and how to write it.
    """
    lines: list[PastedLine] = []
    problems = list(block.problems)
    for line in block.lines:
        split = split_at_comma(line) if block.plain and "," in line.code else None
        whole, part = line.code in known, split is not None and split.code in known
        if split is not None and part and not whole:
            lines.append(split)
            continue
        if block.plain and "," in line.code and whole == part:
            message = N_(
                "Row {row}: a comma in “{text}” may mean several things. Separate code, quantity and price by a tab or a semicolon."
            )
            problems.append(Problem("comma_unclear", f"row.{line.row}.code", message, {"row": line.row, "text": line.code[:40]}))
        if not (whole and part):  # in doubt between two items, no line is made
            lines.append(line)
    return Block(tuple(lines), problems, block.plain)


def _is_heading(cell: str, plain: bool) -> bool:
    return (cell.partition(",")[0].strip() if plain else cell).lower() in _HEADINGS


def _delimiter(text: str) -> str:
    first = next((row for row in text.splitlines() if row.strip("\ufeff ")), "")
    return "\t" if "\t" in first or ";" not in first else ";"


def _row(number: int, cells: list[str], price_places: int) -> tuple[PastedLine | None, list[Problem]]:
    code, quantity, price = [*cells, "", "", ""][:3]
    at = f"row.{number}"
    problems = []
    if not code:
        problems.append(Problem("code_missing", f"{at}.code", N_("Row {row}: the code is missing."), {"row": number}))
    elif len(code) > CODE:
        problems.append(Problem("code_long", f"{at}.code", N_("Row {row}: the code is too long."), {"row": number}))
    if any(cells[3:]):
        message = N_("Row {row}: there are more than three columns. Copy code, quantity and price only.")
        problems.append(Problem("columns_many", f"{at}.code", message, {"row": number}))
    amount = parse_decimal(quantity, 6, f"{at}.quantity") if quantity else Decimal(1)
    if isinstance(amount, Problem):
        message = N_("Row {row}: “{text}” is not a quantity.")
        problems.append(Problem("quantity_wrong", f"{at}.quantity", message, {"row": number, "text": quantity[:40]}))
    elif amount <= 0:
        message = N_("Row {row}: the quantity must be above 0.")
        problems.append(Problem("quantity_zero", f"{at}.quantity", message, {"row": number}))
    each = parse_decimal(price, price_places, f"{at}.price") if price else None
    if isinstance(each, Problem) or (each is not None and each < 0):
        message = N_("Row {row}: “{text}” is not a price with at most {places} decimal places.")
        values = {"row": number, "text": price[:40], "places": price_places}
        problems.append(Problem("price_wrong", f"{at}.price", message, values))
    if problems or isinstance(amount, Problem) or isinstance(each, Problem):
        return None, problems
    return PastedLine(number, code, amount, each), []
