"""The import of both real collections into an empty catalogue, in units of a bare COPY of the texts that it keeps.

Both write into databases of one server, one after the other. The import is a program of its own, as a person starts
it; its memory is that of all its processes.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
from rich.console import Console

from benchmarks.measuring import Ratio
from conductatlas import postgres
from tests.terms import memory

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared" / "data"
COLLECTIONS = ("genai-eu", "genai-contrib")
ROUNDS = 3  # of the COPY; the import, which takes a minute, is measured once
MOST_MEMORY = 400  # MB


def ratios() -> Iterator[Ratio]:
    bundles = [DATA / f"{name}-versions.bundle" for name in COLLECTIONS]
    missing = [str(bundle) for bundle in bundles if not bundle.is_file()]
    if missing:
        Console().print(f"import: left out, without {' and '.join(missing)}")
        return
    postgres.ensure_for_tests()
    from tests.terms.stored import database  # needs the server

    with database(f"import_{os.getpid()}") as made, tempfile.TemporaryDirectory() as folder:
        _run(made.environment, "migrate", "--verbosity", "0")
        clones = [_clone(bundle, Path(folder)) for bundle in bundles]
        taken, most = 0.0, 0
        for clone in clones:
            start = time.perf_counter()
            most = max(most, _run(made.environment, "import_terms", str(clone), "--language", "en", "--verbosity", "0"))
            taken += time.perf_counter() - start
        with psycopg.connect(made.address, autocommit=True) as connection:
            copied = min(_copied(connection) for _ in range(ROUNDS))
            texts, records = (
                connection.execute(f"SELECT count(*) FROM platforms_{table}").fetchone()[0]
                for table in ("text", "snapshot")
            )
    yield Ratio(f"import of {records:,} records / COPY of their {texts:,} texts", taken, copied, 10)
    yield Memory("memory of the import at its peak / what it may take", most / 1e6, MOST_MEMORY, 1)


class Memory(Ratio):
    """In megabytes."""

    def row(self) -> tuple[str, str, str, str, str]:
        return self.what, f"{self.measured:.0f} MB", f"{self.against:.0f} MB", f"{self.value:.2f}", f"{self.limit:g}"


def _clone(bundle: Path, folder: Path) -> Path:
    clone = folder / bundle.name.removesuffix(".bundle")
    subprocess.run(["git", "clone", "--quiet", "--bare", bundle, clone], check=True)
    return clone


def _run(environment: dict[str, str], *arguments: str) -> int:
    """The most bytes of memory that the command and its helpers held at one time."""
    done, most = memory.run([sys.executable, "manage.py", *arguments], cwd=ROOT, env=environment)
    done.check_returncode()
    return most


def _copied(connection: psycopg.Connection) -> float:
    """The seconds that a COPY of all texts into a bare table takes, read from a file beforehand."""
    with tempfile.TemporaryFile() as file:
        with connection.cursor().copy("COPY (SELECT sha256, content FROM platforms_text) TO STDOUT") as out:
            for piece in out:
                file.write(piece)
        file.seek(0)
        connection.execute("CREATE TABLE bare (sha256 varchar(64) PRIMARY KEY, content text NOT NULL)")
        start = time.perf_counter()
        with connection.cursor().copy("COPY bare FROM STDIN") as into:
            while piece := file.read(1 << 20):
                into.write(piece)
        seconds = time.perf_counter() - start
        connection.execute("DROP TABLE bare")
        return seconds
