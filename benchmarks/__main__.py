"""`make bench`: every benchmark, each as a ratio measured in one run. `make bench ARGS=words` runs those whose name
holds "words".
"""

import sys

from rich.console import Console
from rich.table import Table

from benchmarks import anchoring, classify, clause_page, importing, redline, words

BENCHMARKS = {
    "words": words.ratios,
    "anchoring": anchoring.ratios,
    "classify": classify.ratios,
    "redline": redline.ratios,
    "import": importing.ratios,
    "clause page": clause_page.ratios,
}


def main(wanted: list[str]) -> int:
    table = Table("what", "measured", "against", "ratio", "at most", title="Ratios, each measured in one run")
    slow = 0
    for name, ratios in BENCHMARKS.items():
        if wanted and not any(word in name for word in wanted):
            continue
        for ratio in ratios():
            slow += ratio.value > ratio.limit
            table.add_row(*ratio.row())
    Console().print(table)
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
