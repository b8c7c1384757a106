"""Reading an XLSX file cell by cell, as a spreadsheet does: what kind each cell is, its value, its number format."""

import re
import zipfile
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_BUILT_IN = {0: "General", 4: "#,##0.00"}


@dataclass(frozen=True)
class Cell:
    """kind: n (number), b (yes or no), text, or formula."""

    kind: str
    value: str
    form: str = "General"


def read_sheet(path: Path, number: int = 1) -> list[dict[str, Cell]]:
    """The rows of a sheet: column letter → cell; empty cells are not there."""
    with zipfile.ZipFile(path) as book:
        forms = _forms(ElementTree.fromstring(book.read("xl/styles.xml")))
        sheet = ElementTree.fromstring(book.read(f"xl/worksheets/sheet{number}.xml"))
    rows = []
    for row in sheet.iter(f"{_MAIN}row"):
        cells = {}
        for cell in row.iter(f"{_MAIN}c"):
            letter = re.sub(r"\d", "", cell.attrib["r"])
            kind = cell.attrib.get("t", "n")
            text = "".join(part.text or "" for part in cell.iter() if part.tag in (f"{_MAIN}v", f"{_MAIN}t"))
            kind = "formula" if cell.find(f"{_MAIN}f") is not None else "text" if kind == "inlineStr" else kind
            cells[letter] = Cell(kind, text, forms[int(cell.attrib.get("s", 0))])
        rows.append(cells)
    return rows


def sheet_names(path: Path) -> list[str]:
    """The names of the sheets."""
    with zipfile.ZipFile(path) as book:
        return [sheet.attrib["name"] for sheet in ElementTree.fromstring(book.read("xl/workbook.xml")).iter(f"{_MAIN}sheet")]


def _forms(styles: ElementTree.Element) -> list[str]:
    own = {int(each.attrib["numFmtId"]): each.attrib["formatCode"] for each in styles.iter(f"{_MAIN}numFmt")}
    cells = styles.find(f"{_MAIN}cellXfs")
    assert cells is not None
    return [{**_BUILT_IN, **own}[int(each.attrib["numFmtId"])] for each in cells]
