"""What must hold of documents: texts and hashes, the order of snapshots, changes, who read what, what others report."""

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any

from platforms.vocabulary import COUNTING, Judgement

from . import clause_schema, schema
from .fields import nearest
from .folder import Catalogue, DocumentKey, Filed
from .problems import Problem
from .references import unknown

Entry = Filed[schema.Document]


def document_problems(files: Catalogue, known: Catalogue) -> Iterator[Problem]:
    """All problems of the documents in the files."""
    yield from _ids(files)
    for key, entry in files.documents.items():
        yield from _links(key, entry, known)
        yield from _collection(key, entry, known)
        yield from _snapshots(key, entry, files)
        yield from _checks(entry)
        yield from _observed(entry)
        yield from _readings(entry, known)
        yield from _reported(key, entry, known)
    yield from _unused(files)


def counts(snapshot: schema.Snapshot) -> bool:
    """Whether the last verdict lets a snapshot count."""
    last = snapshot.later_verdicts[-1].verdict if snapshot.later_verdicts else snapshot.verdict
    return last in COUNTING


def _ids(files: Catalogue) -> Iterator[Problem]:
    """A record number stands once in the whole catalogue."""
    first: dict[str, str] = {}
    numbered: list[tuple[str | None, Problem]] = []
    for entry in files.documents.values():
        numbered.append((entry.value.id, entry.problem("", "id")))
        for part in ("snapshots", "changes", "reported_changes"):
            numbered += [
                (row.id, entry.problem("", part, position, "id"))
                for position, row in enumerate(getattr(entry.value, part))
            ]
    numbered += [(entry.value.id, entry.problem("", "id")) for entry in files.clauses.values()]
    for record_id, place in numbered:
        if record_id is None:
            continue
        if record_id in first:
            yield Problem(
                place.file,
                place.line,
                place.field,
                f"{record_id} is the id of another record, in {first[record_id]}: give each its own",
            )
        first.setdefault(record_id, f"{place.file}:{place.line}")


def _links(key: DocumentKey, entry: Entry, known: Catalogue) -> Iterator[Problem]:
    document = entry.value
    if document.market:
        yield from unknown(entry, known, "jurisdictions", document.market, "market")
    for position, slug in enumerate(document.also_serves):
        if slug == key[0]:
            yield entry.problem(
                f"{slug!r} is the platform whose document this is: leave it out", "also_serves", position
            )
        else:
            yield from unknown(entry, known, "platforms", slug, "also_serves", position)


def _collection(key: DocumentKey, entry: Entry, known: Catalogue) -> Iterator[Problem]:
    place = entry.value.collection, entry.value.path
    if place == (None, None):
        return
    if None in place:
        yield entry.problem(
            "is missing: a collection and the path in it stand together", "path" if place[0] else "collection"
        )
        return
    others = (
        other
        for other, row in known.documents.items()
        if other != key and (row.value.collection, row.value.path) == place and row.value.id != entry.value.id
    )
    if other := next(others, None):
        yield entry.problem(f"{place[1]!r} of {place[0]} is the document {'/'.join(other)}: name another one", "path")


def _snapshots(key: DocumentKey, entry: Entry, files: Catalogue) -> Iterator[Problem]:
    rows = entry.value.snapshots
    for position, row in enumerate(rows):
        at = ("snapshots", position)
        if position and row.captured_at <= rows[position - 1].captured_at:
            yield entry.problem(
                "is not later than the snapshot before it: list the oldest first, one for each moment",
                *at,
                "captured_at",
            )
        if row.http_status is not None and not 100 <= row.http_status <= 599:
            yield entry.problem(f"{row.http_status} is no HTTP status: it lies between 100 and 599", *at, "http_status")
        if row.verdict != Judgement.ACCEPTED and not row.reason:
            yield entry.problem(f"is missing: a snapshot that is {row.verdict} needs the reason", *at, "reason")
        for number, later in enumerate(row.later_verdicts):
            if later.verdict != Judgement.ACCEPTED and not later.reason:
                yield entry.problem(
                    f"is missing: the verdict {later.verdict} needs the reason", *at, "later_verdicts", number, "reason"
                )
        if row.withheld and row.text:
            yield entry.problem("is withheld, so its text cannot stand here: leave the text out", *at, "text")
        elif not row.withheld:
            yield from _text(key, entry, row, files, at)


def _text(
    key: DocumentKey, entry: Entry, row: schema.Snapshot, files: Catalogue, at: tuple[str, int]
) -> Iterator[Problem]:
    if row.text is None:
        yield entry.problem("is missing: name the file of the text, as texts/2025-03-01.md", *at, "text")
        return
    content = files.texts.get((*key, row.text))
    if content is None:
        if files.lacks("texts", (*key, row.text)):
            yield entry.problem(
                f"there is no file {row.text} beside this document: add it, or name the right one", *at, "text"
            )
        return
    if not content.strip():
        yield entry.problem(f"the file {row.text} holds no words: a snapshot keeps what was read", *at, "text")
    found = hashlib.sha256(content.encode()).hexdigest()
    if found != row.sha256:
        yield entry.problem(
            f"does not fit: the bytes of {row.text} give {found}; "
            "a kept text never changes, so bring it back, or add a new snapshot",
            *at,
            "sha256",
        )


def _checks(entry: Entry) -> Iterator[Problem]:
    captured = {row.captured_at for row in entry.value.snapshots}
    checks = entry.value.checks
    for position, row in enumerate(checks):
        if position and row.at <= checks[position - 1].at:
            yield entry.problem(
                "is not later than the check before it: list the oldest first, one for each moment",
                "checks",
                position,
                "at",
            )
        if row.at in captured:
            yield entry.problem(
                "is the time of a snapshot, which is a check already: leave it out", "checks", position, "at"
            )


def _observed(entry: Entry) -> Iterator[Problem]:
    snapshots = {row.id: row for row in entry.value.snapshots}
    seen = set()
    for position, row in enumerate(entry.value.changes):
        at = ("changes", position)
        for field, name in (("before", row.before), ("after", row.after)):
            if name not in snapshots:
                yield entry.problem(f"{name} is no snapshot of this document: name one of those above", *at, field)
            elif not counts(snapshots[name]):
                yield entry.problem(
                    f"{name} was not accepted, so nothing changed there: name an accepted one", *at, field
                )
        before, after = snapshots.get(row.before), snapshots.get(row.after)
        if before and after and after.captured_at <= before.captured_at:
            yield entry.problem(f"{row.after} is not later than {row.before}: name the later one", *at, "after")
        if (row.before, row.after) in seen:
            yield entry.problem(f"the change from {row.before} to {row.after} stands above: keep one of the two", *at)
        seen.add((row.before, row.after))


def _readings(entry: Entry, known: Catalogue) -> Iterator[Problem]:
    seen = set()
    for position, row in enumerate(entry.value.readings):
        at = ("readings", position)
        yield from unknown(entry, known, "clause_types", row.clause_type, *at, "clause_type")
        yield from named_text(entry, entry.value.snapshots, row, *at)
        listed = next((known for known in entry.value.snapshots if known.captured_at == row.captured_at), None)
        if listed is not None and not counts(listed):
            yield entry.problem(
                f"the snapshot of that time ({listed.id or listed.sha256[:12]}) was not accepted, so nobody reads it as"
                " the document: name an accepted one",
                *at,
                "captured_at",
            )
        if (row.captured_at, row.clause_type) in seen:
            yield entry.problem(
                f"the text of that time is read for {row.clause_type!r} above: keep one of the two", *at
            )
        seen.add((row.captured_at, row.clause_type))


def named_text(
    entry: Filed[Any],
    snapshots: Sequence[schema.Snapshot],
    named: schema.Reading | clause_schema.TakenFrom,
    *at: str | int,
) -> Iterator[Problem]:
    """A text that is named by hash and time has both of the snapshot, where the document lists it as one."""
    known = next((row for row in snapshots if row.captured_at == named.captured_at), None)
    same_text = [row for row in snapshots if row.sha256 == named.sha256]
    if known is not None and known.sha256 != named.sha256:
        yield entry.problem(
            f"does not fit: the snapshot of that time ({known.id or 'in this file'}) has {known.sha256}", *at, "sha256"
        )
    elif known is None and same_text:
        times = " or ".join(f"{row.captured_at:%Y-%m-%dT%H:%M:%SZ}" for row in same_text)
        yield entry.problem(f"does not fit: the snapshot with that SHA-256 was captured at {times}", *at, "captured_at")


def _reported(key: DocumentKey, entry: Entry, known: Catalogue) -> Iterator[Problem]:
    slugs = [clause[2] for clause, _ in known.clauses_of(key)]
    for position, row in enumerate(entry.value.reported_changes):
        for number, slug in enumerate(row.clauses):
            if known.lacks("clauses", (*key, slug)):
                advice = nearest(slug, slugs)
                yield entry.problem(
                    f"this document has no clause {slug!r}{advice}: name one of its own",
                    "reported_changes",
                    position,
                    "clauses",
                    number,
                )


def _unused(files: Catalogue) -> Iterator[Problem]:
    """Texts that no snapshot names."""
    for *place, name in files.texts:
        entry = files.documents.get((place[0], place[1]))
        if entry is None or entry.source is None:
            continue  # its document.yaml could not be read, which is said already
        if name not in {row.text for row in entry.value.snapshots}:
            folder = entry.source.file.removesuffix("document.yaml")
            yield Problem(
                f"{folder}{name}", 0, "", f"belongs to no snapshot: name it in {entry.source.file}, or remove it"
            )
