"""What can never change once it is in the database: record numbers, texts, snapshots, checks, quotations."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from conductatlas.records import RecordId
from platforms.models import Change
from platforms.vocabulary import ChangeKind

from .folder import Catalogue, Filed
from .problems import Problem

PERMANENT = "what is kept never changes"


def permanence_problems(files: Catalogue, held: Catalogue) -> Iterator[Problem]:
    """Where the files contradict what the database keeps for good."""
    documents = same_record(files.documents, held.documents)
    yield from _numbers(files.documents, held.documents, lambda key: key[:1], what="document")
    yield from _numbers(files.clauses, held.clauses, lambda key: documents.get(key[:2], key[:2]), what="clause")
    owners = {row.id: key for key, entry in held.documents.items() for row in entry.value.snapshots}
    change_owners = {row.id: key for key, entry in held.documents.items() for row in entry.value.reported_changes}
    observed = _observed()
    for key, entry in files.documents.items():
        before = documents.get(key)
        yield from _owned(entry, "snapshots", owners, before)
        yield from _owned(entry, "reported_changes", change_owners, before)
        for position, change in enumerate(entry.value.reported_changes):
            if change.id in observed.values():
                yield entry.problem(
                    f"{change.id} is a change that we observed ourselves: choose a free number",
                    "reported_changes",
                    position,
                    "id",
                )
        yield from _changes(entry, observed, change_owners)
        if before is not None:
            yield from _snapshots(entry, held.documents[before].value)
            yield from _checks(entry, held.documents[before].value)
    clauses = same_record(files.clauses, held.clauses)
    for key, entry in files.clauses.items():
        if key in clauses and clauses[key][:2] == documents.get(key[:2], key[:2]):
            yield from _quotations(entry, held.clauses[clauses[key]].value)


def same_record(files: Mapping[Any, Filed[Any]], held: Mapping[Any, Filed[Any]]) -> dict[Any, Any]:
    """The key in the files → the key in the database, of records that are the same: by number, else by address."""
    numbers = {entry.value.id: key for key, entry in held.items()}
    found = {}
    for key, entry in files.items():
        if entry.value.id in numbers:
            found[key] = numbers[entry.value.id]
        elif key in held:
            found[key] = key
    return found


def _numbers(
    files: Mapping[Any, Filed[Any]], held: Mapping[Any, Filed[Any]], parent: Callable[[Any], Any], *, what: str
) -> Iterator[Problem]:
    numbers = {entry.value.id: key for key, entry in held.items()}
    for key, entry in files.items():
        record_id = entry.value.id
        if record_id is None:
            continue
        if key in held and held[key].value.id != record_id:
            yield entry.problem(
                f"this {what} is {held[key].value.id} in the database: a record number is permanent, so write that",
                "id",
            )
        elif record_id in numbers and numbers[record_id] != key:
            other = numbers[record_id]
            if other[:-1] != parent(key) or other in files:
                yield entry.problem(
                    f"{record_id} is the {what} {'/'.join(other)} in the database: choose a free number", "id"
                )


def _observed() -> dict[tuple[str, str], str]:
    """(snapshot before, after) → id of every change that we observed, superseded ones too."""
    rows = Change.objects.filter(kind=ChangeKind.OBSERVED).values_list("before__number", "after__number", "number")
    return {
        (str(RecordId("S", before)), str(RecordId("S", after))): str(RecordId("C", number))
        for before, after, number in rows
    }


def _changes(
    entry: Filed[Any], observed: Mapping[tuple[str, str], str], reported: Mapping[Any, Any]
) -> Iterator[Problem]:
    taken = {record_id: pair for pair, record_id in observed.items()}
    for position, row in enumerate(entry.value.changes):
        pair = (row.before, row.after)
        if row.id is None:
            continue
        if observed.get(pair, row.id) != row.id:
            message = f"this change is {observed[pair]} in the database: a record number is permanent, so write that"
        elif taken.get(row.id, pair) != pair:
            message = f"{row.id} is the change from {' to '.join(taken[row.id])} in the database: choose a free number"
        elif row.id in reported:
            message = f"{row.id} is a change of {'/'.join(reported[row.id])} that others report: choose a free number"
        else:
            continue
        yield entry.problem(message, "changes", position, "id")


def _owned(entry: Filed[Any], part: str, owners: Mapping[Any, Any], before: Any) -> Iterator[Problem]:
    for position, row in enumerate(getattr(entry.value, part)):
        owner = owners.get(row.id) if row.id else None
        if owner is not None and owner != before:
            yield entry.problem(
                f"{row.id} belongs to the document {'/'.join(owner)} in the database: choose a free number",
                part,
                position,
                "id",
            )


def _snapshots(entry: Filed[Any], before: Any) -> Iterator[Problem]:
    by_id = {row.id: row for row in before.snapshots}
    by_moment = {row.captured_at: row for row in before.snapshots}
    for position, row in enumerate(entry.value.snapshots):
        known = by_id.get(row.id) if row.id else by_moment.get(row.captured_at)
        if known is None:
            taken = by_moment.get(row.captured_at)
            if taken is not None:
                yield entry.problem(
                    f"the snapshot of that moment is {taken.id} in the database: write that id",
                    "snapshots",
                    position,
                    "id",
                )
            continue
        for field in _differing(row, known, leave_out={"id", "text", "withheld", "later_verdicts"}):
            yield entry.problem(
                f"is {_shown(known, field)} in the database: {PERMANENT}, so bring it back, or add a new snapshot",
                "snapshots",
                position,
                field,
            )
        verdicts = known.later_verdicts
        if row.later_verdicts[: len(verdicts)] != verdicts[: len(row.later_verdicts)]:
            yield entry.problem(
                f"differ from those in the database: {PERMANENT}, so add a new one at the end",
                "snapshots",
                position,
                "later_verdicts",
            )


def _checks(entry: Filed[Any], before: Any) -> Iterator[Problem]:
    known = {row.at: row for row in before.checks}
    captured = {row.captured_at: row for row in before.snapshots}
    for position, row in enumerate(entry.value.checks):
        if row.at in captured:
            yield entry.problem(
                f"is the time of {captured[row.at].id} in the database, which is a check already: leave it out",
                "checks",
                position,
                "at",
            )
        elif row.at in known:
            for field in _differing(row, known[row.at], leave_out=set()):
                yield entry.problem(
                    f"is {_shown(known[row.at], field)} in the database: {PERMANENT}, so bring it back",
                    "checks",
                    position,
                    field,
                )


def _quotations(entry: Filed[Any], before: Any) -> Iterator[Problem]:
    for position, (row, known) in enumerate(zip(entry.value.quotations, before.quotations, strict=False)):
        for field in _differing(row, known, leave_out=set()):
            yield entry.problem(
                f"is not what the database holds: {PERMANENT}, so bring it back, and add a new quotation at the end",
                "quotations",
                position,
                field,
            )


def _differing(row: BaseModel, known: BaseModel, *, leave_out: set[str]) -> list[str]:
    names = [name for name in type(row).model_fields if name not in leave_out]
    return [name for name in names if getattr(row, name) != getattr(known, name)]


def _shown(row: BaseModel, field: str) -> str:
    value = getattr(row, field)
    return "not stated" if value is None else repr(value.isoformat() if hasattr(value, "isoformat") else value)
