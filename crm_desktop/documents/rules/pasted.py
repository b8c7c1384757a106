"""A block pasted from a spreadsheet: code, quantity, price. Read whole, with every fault told by its row."""

import csv
import io
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
    """What could be read, and what could not: the field of a problem is "row.<number>.<code|quantity|price>"."""

    lines: tuple[PastedLine, ...]
    problems: list[Problem]


def is_block(text: str) -> bool:
    """Whether a pasted text is a table and not one code: it has several rows or columns."""
    return any(mark in text.strip("\ufeff\r\n ") for mark in "\n\r\t;")


def parse_block(text: str, price_places: int = 4) -> Block:
    """Rows of code, quantity and price, the last two optional, separated by tabs or semicolons.

    A byte order mark, CRLF, quotes, no-break spaces, currency signs and the decimal comma are understood; empty rows
    are passed over; a heading row too. A row with a fault is left out and told; the others stand.
    """
    rows = list(csv.reader(io.StringIO(text.lstrip("\ufeff"), newline=""), delimiter=_delimiter(text)))
    lines: list[PastedLine] = []
    problems: list[Problem] = []
    for number, cells in enumerate(rows, start=1):
        cells = ["".join(sign for sign in cell if sign.isprintable() or sign.isspace()).strip() for cell in cells]
        if not any(cells) or (number == 1 and cells[0].lower() in _HEADINGS):
            continue
        if len(lines) >= ROWS:
            problems.append(Problem("rows_many", f"row.{number}.code", N_("At most {rows} rows fit."), {"rows": ROWS}))
            break
        line, found = _row(number, cells, price_places)
        problems += found
        if line is not None:
            lines.append(line)
    return Block(tuple(lines), problems)


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
