"""Make the four Inter faces that the program ships from the npm package `inter-ui` 4.1.1 (SIL OFL 1.1).

    python packaging/make_fonts.py <unpacked npm package folder>

The package holds WOFF2; Qt and ReportLab want TTF. What no Polish trading company writes is left out, so that the four
files stay near half a megabyte. `tnum` (figures of one width) and `zero` (slashed zero) are kept for columns and codes.
"""

import shutil
import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

TARGET = Path(__file__).resolve().parent.parent / "resources" / "fonts"
FACES = ("Regular", "Medium", "SemiBold", "Bold")
# Without `calt`: it shows the "x" of "10x20" as "×" and "->" as an arrow, and a code on the screen must be the code that is stored.
FEATURES = ["kern", "mark", "mkmk", "ccmp", "locl", "tnum", "zero", "case"]
DIAMETER, EMPTY_SET = 0x2300, 0x2205  # Inter draws only the second; traders write the first, and the shape is the same
RANGES = (
    (0x0020, 0x007E),  # Basic Latin
    (0x00A0, 0x00FF),  # Latin-1: no-break space, ², ×, «»
    (0x0100, 0x017F),  # Latin Extended-A: ąćęłńśźż, Czech, Slovak, German, Lithuanian names
    (0x0180, 0x024F),  # Latin Extended-B: Romanian, Croatian
    (0x1EA0, 0x1EF9),  # Vietnamese names
    (0x0300, 0x0304),  # combining marks that a paste from a Mac brings
    (0x0306, 0x030C),
    (0x0327, 0x0328),
    (0x0370, 0x03FF),  # Greek: Ω, µ, α in technical names
    (0x0400, 0x045F),  # Cyrillic: Russian, Ukrainian, Belarusian names
    (0x0490, 0x0493),
    (0x2000, 0x200F),  # spaces of all widths
    (0x2010, 0x2027),  # hyphens, dashes, „ ” ’ … •
    (0x202F, 0x2044),  # narrow no-break space, ‰, ′, ″, ‹›, fraction slash
    (0x20A0, 0x20BF),  # currency
    (0x2070, 0x209C),  # superscripts and subscripts: m², CO₂
    (0x2100, 0x2122),  # №, ™
    (0x2150, 0x215E),  # fractions
    (0x2190, 0x21FF),  # arrows of key caps
    (0x2200, 0x2265),  # − × ≠ ≤ ≥ ∞ √
    (0x2300, 0x23CF),  # ⌀ ⌘ ⏎
    (0x25A0, 0x25CF),  # squares and dots
    (0x2713, 0x2717),  # check marks
    (0xFFFD, 0xFFFD),
)


def make(package: Path) -> None:
    """Write Inter-*.ttf and LICENSE.txt to resources/fonts from the unpacked `package`."""
    TARGET.mkdir(parents=True, exist_ok=True)
    wanted = [code for first, last in RANGES for code in range(first, last + 1)]
    for face in FACES:
        font = TTFont(package / "web" / f"Inter-{face}.woff2")
        font.flavor = None
        for table in font["cmap"].tables:
            if table.isUnicode():
                table.cmap.setdefault(DIAMETER, table.cmap[EMPTY_SET])
        options = subset.Options()
        options.layout_features = FEATURES
        options.name_IDs = ["*"]
        options.notdef_outline = True
        options.hinting = False
        options.drop_tables += ["STAT", "DSIG"]
        subsetter = subset.Subsetter(options)
        subsetter.populate(unicodes=wanted)
        subsetter.subset(font)
        font.save(TARGET / f"Inter-{face}.ttf")
    shutil.copyfile(package / "LICENSE.txt", TARGET / "LICENSE.txt")


if __name__ == "__main__":
    make(Path(sys.argv[1]))
