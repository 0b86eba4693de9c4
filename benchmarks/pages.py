"""The server time of pages over a generated catalogue of 1,300 clauses and, with `--large`, over one of 130,000: what
each may take, and how much more it takes beside a hundred times as many clauses.

The large catalogue takes an hour or so to generate, and several GB. BENCH_SMALL_URL and BENCH_LARGE_URL name databases
that hold such catalogues already (`manage.py migrate`, `manage.py generate_catalogue --clauses …`, VACUUM ANALYZE);
they are only read. Without them the benchmark makes databases of its own and drops them.
"""

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

import psycopg
from rich.console import Console

from benchmarks.measuring import Ratio
from conductatlas import postgres

ROOT = Path(__file__).resolve().parent.parent
SMALL, LARGE = 1_300, 130_000
ROUNDS = 15
QUESTIONS = {
    "common word": "data",
    "two words": "delete account",
    "rare word": "embassy",
    "phrase": '"jury trial"',
    "question": "can they train on my prompts without asking me",
    "long question": "how long do they keep deleted chats after account closure",
    "name": "veltra",
    "typo": "arbitratoin",
    "nothing": "zzqxv",
}
RESULTS, COLD, GROWTH = 0.060, 0.250, 1.3  # seconds, seconds, times
GROWING = ("clause page", "type page", "matrix")


class Reader:
    """The program that reads the pages of one database (`benchmarks.reader`)."""

    def __init__(self, address: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.reader"],
            cwd=ROOT,
            env=os.environ | {"DATABASE_URL": address},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.size = f"{self.ask(size=True):,}"  # clauses, as they are told

    def ask(self, **question: Any) -> Any:
        self.process.stdin.write(json.dumps(question) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit("A page could not be read; see above.")
        return json.loads(line)

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait()


@dataclass(frozen=True)
class Queries(Ratio):
    """Numbers of queries in place of seconds: they are to be equal."""

    @property
    def value(self) -> float:
        return max(self.measured, self.against) / min(self.measured, self.against)

    def row(self) -> tuple[str, str, str, str, str]:
        return self.what, f"{self.measured:g}", f"{self.against:g}", f"{self.value:.2f}", f"{self.limit:g}"


def ratios() -> Iterator[Ratio]:
    """Over the small catalogue."""
    with opened(SMALL, "BENCH_SMALL_URL") as small:
        pages = _pages(small)
        for kind, addresses in pages.items():
            if limit := _limit(kind):
                yield allowed(f"{kind}, of {small.size}", (small, addresses), limit)


def large() -> Iterator[Ratio]:
    """Over the large catalogue, and in units of the small one."""
    with opened(SMALL, "BENCH_SMALL_URL") as small, opened(LARGE, "BENCH_LARGE_URL") as many:
        few, pages = _pages(small), _pages(many)
        for kind, addresses in pages.items():
            if limit := _limit(kind):
                yield allowed(f"{kind}, of {many.size}", (many, addresses), limit)
                continue
            beside, alone = measured([(many, addresses), (small, few[kind])])
            limit = GROWTH if kind in GROWING else float("inf")
            yield Ratio(f"{kind}, of {many.size} / of {small.size}", beside, alone, limit)
        for kind, addresses in _cold(pages):
            yield allowed(f"{kind}, of {many.size}, nothing kept", (many, addresses), COLD, cold=True)
        for kind, addresses in pages.items():
            counts = [
                max(reader.ask(read=address, count=True) for address in some)
                for reader, some in ((many, addresses), (small, few[kind]))
            ]
            yield Queries(f"queries of the {kind}, of {many.size} / of {small.size}", *counts, limit=1)


def explain() -> None:
    """Shows the plans of the slow queries of the large catalogue."""
    console = Console(soft_wrap=True, markup=False, highlight=False)
    with opened(LARGE, "BENCH_LARGE_URL") as many:
        for addresses in _pages(many).values():
            for address in addresses[:1]:
                for plan in many.ask(explain=address):
                    console.print(plan, end="\n\n")


def _limit(kind: str) -> float | None:
    return RESULTS if kind.startswith(("search", "registry")) else None


def _cold(pages: dict[str, list[str]]) -> Iterator[tuple[str, list[str]]]:
    return ((kind, addresses) for kind, addresses in pages.items() if kind.startswith("registry"))


def _pages(reader: Reader) -> dict[str, list[str]]:
    asked = {f"search, {name}": [f"/search/?q={quote_plus(words)}"] for name, words in QUESTIONS.items()}
    return {**asked, **reader.ask(choose=True)}


def measured(sides: Sequence[tuple[Reader, list[str]]], *, cold: bool = False) -> list[float]:
    """The median seconds of each side, read alternately; a first reading of each page is not counted."""
    seconds: list[list[float]] = [[] for _ in sides]
    for count in range(ROUNDS + 1):
        for (reader, addresses), taken in zip(sides, seconds, strict=True):
            found = [reader.ask(read=address, cold=cold) for address in addresses]
            if count:
                taken.append(statistics.mean(found))
    return [statistics.median(taken) for taken in seconds]


def allowed(what: str, side: tuple[Reader, list[str]], seconds: float, *, cold: bool = False) -> Ratio:
    """Against so many seconds."""
    return Ratio(f"{what} / allowed", measured([side], cold=cold)[0], seconds, 1)


@contextmanager
def opened(clauses: int, variable: str) -> Iterator[Reader]:
    """Of the database that this variable names, or of a new one with so many clauses."""
    with _catalogue(clauses, variable) as address:
        reader = Reader(address)
        try:
            yield reader
        finally:
            reader.close()


@contextmanager
def _catalogue(clauses: int, variable: str) -> Iterator[str]:
    if address := os.environ.get(variable):
        yield address
        return
    postgres.ensure_for_tests()
    from tests.terms.stored import database  # needs the server

    with database(f"bench_{clauses}_{os.getpid()}") as made:
        Console().print(f"Generating {clauses:,} clauses …")
        for arguments in (["migrate"], ["generate_catalogue", "--clauses", str(clauses)]):
            command = [sys.executable, "manage.py", *arguments, "--verbosity", "0"]
            subprocess.run(command, cwd=ROOT, env=made.environment, check=True)
        with psycopg.connect(made.address, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")
        yield made.address
