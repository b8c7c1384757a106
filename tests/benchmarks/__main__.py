"""`make bench`: every figure of the issue, as a table and as bench-output/results.json. Exit code 1 when a target is missed."""

import logging
import sys
from pathlib import Path

from tests.benchmarks import export_xlsx, issue_invoice, notify_20, open_document, search_box, startup
from tests.benchmarks.figures import Figure, median, table, write
from tests.benchmarks.line_entry import measure_line_entry
from tests.benchmarks.shop import open_shop
from tests.support.house import ROOT

OUTPUT = ROOT / "bench-output"


def line_entry() -> list[Figure]:
    """Key-stroke to repainted totals, in milliseconds."""
    times = [seconds * 1000 for seconds in measure_line_entry()]
    middle, worst = median(times), round(max(times), 3)
    return [
        Figure("line_entry", middle, "ms", "median < 16 ms", middle < 16),
        Figure("line_entry_worst", worst, "ms", "worst < 50 ms", worst < 50),
    ]


def main(output: Path = OUTPUT) -> int:
    """Measure; gives the exit code."""
    logging.basicConfig(level=logging.WARNING)
    output.mkdir(exist_ok=True)
    with open_shop(output / "server") as shop:
        found = [
            *issue_invoice.figures(shop),
            *open_document.figures(shop),
            *search_box.figures(shop),
            *notify_20.figures(shop),
            *startup.figures(shop),
            *export_xlsx.figures(shop),
            Figure("make_demo_company", round(shop.seconds, 2), "s", "< 20 s", shop.seconds < 20),
        ]
    found += line_entry()
    write(found, output / "results.json")
    print(table(found))
    return 0 if all(figure.ok for figure in found) else 1


if __name__ == "__main__":
    sys.exit(main())
