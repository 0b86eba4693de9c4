"""What each commit of a versions repository recorded.

A record is one file `Service/Terms type.md` of one commit. What the commit's subject says decides its kind; where the
subject is no record's (someone renamed or removed files by hand), what happened to the file decides. A rename is a
deletion and a first record: two documents.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import IO

from platforms.terms.git import Unreadable

# What `parsed` reads. NUL cannot stand in a commit, a subject or a path, so it parts them beyond doubt. A commit is
# five fields; each file that it changed is then a line of modes, objects and status, and a path.
LOG = (
    "log",
    "--reverse",
    "--topo-order",
    "--root",
    "--no-show-signature",
    "--no-notes",
    "--no-mailmap",
    "--no-color",
    "--no-ext-diff",
    "--no-textconv",
    "--ignore-submodules=none",
    "--encoding=UTF-8",
    "-z",
    "--raw",
    "--no-renames",
    "--no-abbrev",
    "--format=tformat:%H%x00%P%x00%at%x00%(trailers:key=X-engine-version,valueonly,separator=%x2C)%x00%s",
)
_CHUNK = 1 << 16
_LONGEST_TOKEN = 1_000_000  # bytes of a subject or a path; the longest real ones have some hundred
_MOST_FILES = 1_000_000  # of one commit, and that are no records: a tree of a few kilobytes can name billions
_SUBJECTS = re.compile(
    r"(?P<first>First record of|Start tracking)\b|(?P<changed>Record new changes of|Update)\b"
    r"|(?P<technical>Apply technical or declaration upgrade on|Refilter)\b"
)
_TEMPLATE = re.compile(r"Adapt template\b", re.IGNORECASE)
_REPAIR = re.compile(r"\bmojibake\b", re.IGNORECASE)
_FIRST_MOMENT = datetime(1970, 1, 1, tzinfo=UTC)


class RecordKind(StrEnum):
    FIRST = "first"
    CHANGED = "changed"
    TECHNICAL = "technical"  # the archive's own extraction changed, not the platform's words
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Record:
    """One file of one commit: what a document said at a moment, or that the archive dropped it.

    `captured_at` is the author's date, in UTC. Git knows whole seconds; where several records of one path have the same
    one, each after the first, in the order of the history, is a microsecond later than the one before it, so that path
    and moment name one record, and the same one on every reading. A deletion is never earlier than what it deletes.
    `blob` names the object that holds the text and is None for a deletion. `engine` is the version of the archive's
    program, empty when not stated. Names are as they stand in the path, blanks at their ends included.
    """

    commit: str
    path: str
    service: str
    terms_type: str
    captured_at: datetime
    subject: str
    kind: RecordKind
    blob: str | None
    engine: str

    @property
    def document(self) -> str:
        """Which document of the collection it is of: the path without its ending, `Service/Terms type`."""
        return self.path.removesuffix(".md")


@dataclass(frozen=True, slots=True)
class Skipped:
    """What a commit holds that is no record, and why. `path` is empty where the whole commit is meant.

    Bytes of a path that are not UTF-8 are spelt out (`\\xe9`).
    """

    commit: str
    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class _Commit:
    name: str
    parents: tuple[str, ...]
    authored: str  # seconds since 1970, as git prints them
    engine: str
    subject: str

    def reason_to_skip(self) -> str:
        if len(self.parents) > 1:
            return "a merge: its records stand in the histories it joins"
        if _TEMPLATE.match(self.subject) or (self.subject == "Initial commit" and not self.parents):
            return "the template that collections begin with, no capture"
        if _REPAIR.search(self.subject):
            return "a repair of characters by hand, no capture"
        return ""

    def kind(self, status: str) -> RecordKind:
        if status == "D":
            return RecordKind.DELETED
        told = _SUBJECTS.match(self.subject)
        if told and told.lastgroup:
            return RecordKind(told.lastgroup)
        return RecordKind.FIRST if status == "A" else RecordKind.CHANGED

    @property
    def captured_at(self) -> datetime | None:
        """None when it is no date of this era, or none that can be stored."""
        try:
            return _FIRST_MOMENT + timedelta(seconds=int(self.authored))
        except (ValueError, OverflowError):
            return None


@dataclass(frozen=True, slots=True)
class _File:
    path: bytes
    mode: str  # of the file before a deletion, else after the commit
    blob: str
    status: str

    @property
    def name(self) -> str:
        return self.path.decode("utf-8", "backslashreplace")

    def reason_to_skip(self, commit: _Commit) -> str:
        try:
            name = self.path.decode("utf-8")
        except UnicodeDecodeError:
            return "its name is not UTF-8"
        if any(unicodedata.category(character) == "Cc" for character in name):
            return "its name holds control characters"
        if self.mode == "120000":
            return "a symbolic link"
        if not self.mode.startswith("100"):
            return "another repository, not a file"
        service, _, terms_type = name.partition("/")
        if not service or not terms_type or "/" in terms_type:
            return "not where records are kept (Service/Terms type.md)"
        if not terms_type.removesuffix(".md") or not terms_type.endswith(".md"):
            return "not a Markdown file"
        if service in {".", ".."} or (service.startswith(".") and not _SUBJECTS.match(commit.subject)):
            return "a hidden folder, no service"
        return ""


def parsed(output: IO[bytes]) -> tuple[list[Record], list[Skipped]]:
    """The records that `LOG` prints, by document (in the order in which they first appear) and moment; what is none.

    Raises Unreadable where the history is made to be endless.
    """
    documents: dict[str, list[Record]] = {}
    skipped: list[Skipped] = []
    for commit, files in _commits(_tokens(output)):
        reason, captured_at = commit.reason_to_skip(), commit.captured_at
        if not reason and captured_at is None:
            reason = f"its date cannot be read ({commit.authored or 'none'})"
        if not files:
            skipped.append(Skipped(commit.name, "", reason or "changes no file"))
        for file in files:
            why = reason or file.reason_to_skip(commit)
            if why or captured_at is None:
                skipped.append(Skipped(commit.name, file.name, why))
            else:
                documents.setdefault(file.name, []).append(_record(commit, file, captured_at))
        if len(skipped) > _MOST_FILES:
            raise _endless(f"More than {_MOST_FILES:,} of its files are no records ({skipped[-1].path[:100]!r})")
    return [record for records in documents.values() for record in _told_apart(records)], skipped


def _record(commit: _Commit, file: _File, captured_at: datetime) -> Record:
    service, _, terms_type = file.name.removesuffix(".md").partition("/")
    kind = commit.kind(file.status)
    return Record(
        commit=commit.name,
        path=file.name,
        service=service,
        terms_type=terms_type,
        captured_at=captured_at,
        subject=commit.subject,
        kind=kind,
        blob=None if kind is RecordKind.DELETED else file.blob,
        engine="" if commit.engine == "undefined" else commit.engine,
    )


def _told_apart(records: Iterable[Record]) -> Iterator[Record]:
    """Records of one path, given in the order of the history, by moment; no two have the same one."""
    latest = datetime.min.replace(tzinfo=UTC)
    placed = []
    for record in records:
        moment = max(record.captured_at, latest) if record.kind is RecordKind.DELETED else record.captured_at
        placed.append((moment, record))
        latest = max(latest, moment)
    before = None
    for moment, record in sorted(placed, key=lambda pair: pair[0]):
        at = moment if before is None or moment > before else before + timedelta(microseconds=1)
        yield record if at == record.captured_at else replace(record, captured_at=at)
        before = at


def _commits(tokens: Iterator[bytes]) -> Iterator[tuple[_Commit, list[_File]]]:
    commit: _Commit | None = None
    files: list[_File] = []
    for token in tokens:
        line = token.removeprefix(b"\n")
        if line.startswith(b":"):
            old_mode, new_mode, _, new, status = line[1:].decode("ascii").split(" ")
            files.append(_File(next(tokens), old_mode if status == "D" else new_mode, new, status[:1]))
            if len(files) > _MOST_FILES:
                raise _endless(f"Its commit {commit.name if commit else '?'} changes more than {_MOST_FILES:,} files")
            continue
        if commit:
            yield commit, files
        parents, authored, engine, subject = (next(tokens).decode("utf-8", "replace") for _ in range(4))
        commit, files = _Commit(line.decode("ascii"), tuple(parents.split()), authored, engine, subject), []
    if commit:
        yield commit, files


def _endless(why: str) -> Unreadable:
    return Unreadable(f"{why}: give a versions repository, with one file for each document.")


def _tokens(output: IO[bytes]) -> Iterator[bytes]:
    """What stands between NULs, each token ended by one."""
    rest = b""
    while chunk := output.read(_CHUNK):
        *whole, rest = (rest + chunk).split(b"\0")
        yield from whole
        if len(rest) > _LONGEST_TOKEN:
            raise _endless(f"It has a path, or a commit with a subject, of more than {_LONGEST_TOKEN:,} bytes")
