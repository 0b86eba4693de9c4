"""Classes of two hundred real transitions against the labels that were made by reading; see `tests/transitions`.

The rules were written on the texts and labels of genai-eu alone; genai-contrib is the yardstick. The texts come from
the bundles beside the checkout and are no part of it.
"""

import hashlib
import json
import re
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from platforms.changes import Kind, Transition, classify
from platforms.plaintext import project
from tests.archives import COLLECTIONS, bundle_of

pytestmark = pytest.mark.slow

LABELS = Path(__file__).resolve().parent / "transitions"
TECHNICAL = re.compile(r"Apply technical|Refilter")


@dataclass(frozen=True)
class Record:
    captured_at: int
    blob: str
    technical: bool


class Archive:
    """A versions repository: the records of its documents by capture time, and their texts."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.records: dict[str, list[Record]] = {}
        for path, record in self._read_log():
            self.records.setdefault(path, []).append(record)
        for records in self.records.values():
            records.sort(key=lambda record: record.captured_at)

    def _read_log(self) -> Iterator[tuple[str, Record]]:
        log = self._git("log", "--reverse", "--no-renames", "--raw", "--no-abbrev", "-z", "--format=%x01%at%x02%s")
        for commit in log.decode().split("\x01")[1:]:
            head, *entries = commit.split("\0")
            captured_at, subject = head.split("\x02")
            entries = [entry for entry in entries if entry.strip()]
            for meta, path in zip(entries[::2], entries[1::2], strict=True):
                blob = meta.split()[3]
                if path.endswith(".md") and blob.strip("0"):
                    yield path, Record(int(captured_at), blob, TECHNICAL.match(subject) is not None)

    def read(self, blobs: list[str]) -> dict[str, str]:
        """The texts of blobs, in one process."""
        answer, texts, at = self._git("cat-file", "--batch", feed="\n".join(blobs) + "\n"), {}, 0
        for blob in blobs:
            head = answer.index(b"\n", at)
            size = int(answer[at:head].split()[2])
            texts[blob] = answer[head + 1 : head + 1 + size].decode("utf-8")
            at = head + size + 2
        return texts

    def _git(self, *arguments: str, feed: str = "") -> bytes:
        command = ["git", "-C", str(self.folder), *arguments]
        return subprocess.run(command, input=feed.encode(), check=True, capture_output=True).stdout


@dataclass(frozen=True)
class Scored:
    path: str
    day: str
    label: str
    sure: bool
    meaning: bool
    found: Transition

    def __str__(self) -> str:
        return f"{self.path} of {self.day}: labelled {self.label}, classed {self.found.kind} ({self.found.reason})"


def score(collection: str, archive: Archive) -> list[Scored]:
    """Class every labelled transition of a collection."""
    labels = json.loads((LABELS / f"{collection}.json").read_text(encoding="utf-8"))
    paths = {entry["path"] for entry in labels}
    texts = archive.read(sorted({record.blob for path in paths for record in archive.records[path]}))
    projected = cache(lambda blob: project(texts[blob]))
    scored = []
    for entry in labels:
        records = archive.records[entry["path"]]
        after = place(records, entry["after"], texts)
        before = place(records, entry["before"], texts)
        found = classify(
            projected(records[before].blob),
            projected(records[after].blob),
            earlier={projected(record.blob).fingerprint for record in records[:before]},
            technical=records[after].technical,
        )
        meaning = entry["label"] == Kind.SUBSTANTIVE and entry.get("meaning") != "typo"
        scored.append(
            Scored(entry["path"], entry["after"]["captured_at"][:10], entry["label"], entry["sure"], meaning, found)
        )
    return scored


def place(records: list[Record], pointer: dict[str, str], texts: dict[str, str]) -> int:
    """Where the record stands to which a label points."""
    moment = datetime.fromisoformat(pointer["captured_at"]).timestamp()
    return next(
        index
        for index, record in enumerate(records)
        if record.captured_at == moment and hashlib.sha256(texts[record.blob].encode()).hexdigest() == pointer["sha256"]
    )


def confusion(scored: list[Scored]) -> str:
    """The table of labels (rows) against classes (columns)."""
    counts = Counter((one.label, str(one.found.kind)) for one in scored)
    columns = [kind for kind in map(str, Kind) if any(column == kind for _, column in counts)]
    lines = [f"{'':12}" + "".join(f"{column:>12}" for column in columns)]
    for row in map(str, Kind):
        if any(label == row for label, _ in counts):
            lines.append(f"{row:12}" + "".join(f"{counts[row, column] or '·':>12}" for column in columns))
    return "\n".join(lines)


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Archive]:
    """Opens the archive of a collection; each bundle is cloned once."""

    @cache
    def opened(collection: str) -> Archive:
        bundle = bundle_of(collection)
        folder = tmp_path_factory.mktemp("terms") / "terms"
        subprocess.run(["git", "clone", "--quiet", "--bare", bundle, folder], check=True, capture_output=True)
        return Archive(folder)

    return opened


@pytest.fixture(scope="module", params=COLLECTIONS)
def scored(request: pytest.FixtureRequest, archives: Callable[[str], Archive]) -> list[Scored]:
    found = score(request.param, archives(request.param))
    print(f"\n{request.param}: {len(found)} transitions, labels in rows, classes in columns\n{confusion(found)}")
    return found


def test_no_noise_becomes_a_change(scored: list[Scored]) -> None:
    quiet = {Kind.IDENTICAL, Kind.WHITESPACE, Kind.MARKUP, Kind.DATES, Kind.FURNITURE, Kind.RETURNED, Kind.EXTRACTION}
    noisy = [one for one in scored if one.label in quiet and one.found.kind is Kind.SUBSTANTIVE]
    assert [str(one) for one in noisy if one.sure] == []
    assert len(noisy) <= 2, noisy  # where the reader was not sure either


def test_nearly_every_real_change_is_one(scored: list[Scored]) -> None:
    real = [one for one in scored if one.meaning]
    missed = [str(one) for one in real if one.found.kind is not Kind.SUBSTANTIVE]
    assert len(real) >= 30
    assert len(missed) <= len(real) // 100, missed


def test_a_document_whose_links_rotate_daily_has_its_one_known_change(archives: Callable[[str], Archive]) -> None:
    """Claude.ai's privacy policy: nothing at the end of June 2026; from asking first to refusing later in 2025."""
    archive = archives("genai-contrib")
    records = archive.records["Claude.ai/Privacy Policy.md"]
    texts = archive.read(sorted({record.blob for record in records}))

    def between(first: str, last: str) -> list[Transition]:
        start, end = (datetime.fromisoformat(f"{day}T00:00:00+00:00").timestamp() for day in (first, last))
        steps = [(old, new) for old, new in pairwise(records) if start <= new.captured_at < end]
        return [classify(texts[old.blob], texts[new.blob], technical=new.technical) for old, new in steps]

    quiet = between("2026-06-29", "2026-07-02")
    assert len(quiet) >= 2
    assert {found.kind for found in quiet} <= {Kind.IDENTICAL, Kind.WHITESPACE, Kind.MARKUP}
    news = [found for found in between("2025-08-29", "2025-08-30") if found.kind is Kind.SUBSTANTIVE]
    assert len(news) == 1
    assert any("train" in sentence for sentence in news[0].added)
