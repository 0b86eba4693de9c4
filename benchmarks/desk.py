"""The server time and the queries of the pages on which analysts work, over a generated catalogue of 1,300 clauses and,
with `--large`, over one of 130,000 (see `benchmarks.pages`, whose databases these are). Nothing is left in them.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.measuring import Ratio
from benchmarks.pages import LARGE, SMALL, Queries, allowed, opened

SECONDS, QUERIES = 0.150, 20


@dataclass(frozen=True)
class Budget(Queries):
    """Numbers of queries: those that a page makes, and those that it may."""

    @property
    def value(self) -> float:
        return self.measured / self.against


def ratios() -> Iterator[Ratio]:
    """Over the small catalogue."""
    yield from _over(SMALL, "BENCH_SMALL_URL")


def large() -> Iterator[Ratio]:
    yield from _over(LARGE, "BENCH_LARGE_URL")


def _over(clauses: int, variable: str) -> Iterator[Ratio]:
    with opened(clauses, variable) as reader:
        for kind, addresses in reader.ask(desk=True).items():
            yield allowed(f"{kind}, of {reader.size}", (reader, addresses), SECONDS)
            counts = [reader.ask(read=address, count=True) for address in addresses]
            yield Budget(f"queries of {kind}, of {reader.size} / allowed", max(counts), QUERIES, 1)
