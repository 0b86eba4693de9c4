"""`make bench`: every benchmark, each as a ratio measured in one run. `make bench ARGS=words` runs those whose name
holds "words"; `make bench ARGS="--help"` says what else there is.
"""

import argparse
import sys

from rich.console import Console
from rich.table import Table

from benchmarks import anchoring, classify, clause_page, desk, hostile, importing, pages, redline, words

BENCHMARKS = {
    "words": words.ratios,
    "hostile texts": hostile.ratios,
    "anchoring": anchoring.ratios,
    "classify": classify.ratios,
    "redline": redline.ratios,
    "import": importing.ratios,
    "clause page": clause_page.ratios,
    "pages": pages.ratios,
    "desk": desk.ratios,
}


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="make bench ARGS=…", description=__doc__)
    parser.add_argument("wanted", nargs="*", metavar="WORD", help="only benchmarks whose name holds one of these")
    parser.add_argument(
        "--large",
        action="store_true",
        help=f"pages over {pages.LARGE:,} clauses too: generating them takes an hour or so (BENCH_LARGE_URL names a"
        " database that holds them; see benchmarks/pages.py)",
    )
    parser.add_argument("--explain", action="store_true", help="only the plans of the slow queries of --large")
    chosen = parser.parse_args(arguments)
    if chosen.explain:
        pages.explain()
        return 0
    run = BENCHMARKS | ({"pages": pages.large, "desk": desk.large} if chosen.large else {})
    table = Table("what", "measured", "against", "ratio", "at most", title="Ratios, each measured in one run")
    slow = 0
    for name, ratios in run.items():
        if chosen.wanted and not any(word in name for word in chosen.wanted):
            continue
        for ratio in ratios():
            slow += ratio.value > ratio.limit
            table.add_row(*ratio.row())
    Console().print(table)
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
