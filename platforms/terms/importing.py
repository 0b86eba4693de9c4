"""An archive's collection becomes platforms, documents, texts and snapshots.

Each document is one transaction: an import that was cut short is taken up where it stopped, and a second run finds
nothing to do.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from itertools import islice
from re import Pattern
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from conductatlas.rules import Refused
from platforms.actions import Sighting, record_history, record_snapshot, save_document, save_platform
from platforms.actions.evidence import gate_facts, name_of
from platforms.models import Document, Platform, Snapshot, Text

from .ahead import Ahead, Order
from .history import Record, RecordKind
from .mapping import TermsMap
from .naming import document_kind
from .placing import Edition, Places, Unsure
from .repository import Repository, decode

TOOL = "Open Terms Archive"
MANY = 100  # texts; for fewer it is not worth a second process
COUNTED = ("platforms", "documents", "snapshots", "texts", "quarantined", "changes", "retired", "held")


@dataclass(frozen=True)
class Plan:
    """What to import, and as what. `only` is searched for in `Service/Terms type`; `since` is a day in UTC."""

    edition: Edition
    only: Pattern[str] | None = None
    since: date | None = None
    terms_map: TermsMap = field(default_factory=TermsMap)

    def wants(self, record: Record) -> bool:
        if self.only and not self.only.search(record.document):
            return False
        return self.since is None or record.captured_at >= datetime.combine(self.since, time.min, UTC)


@dataclass
class Summary:
    """What an import did. `counts`, by the names in COUNTED: `held` were there already, all else is new.
    `unsure_kinds`: documents whose terms type the catalogue has no kind for.
    """

    counts: Counter[str] = field(default_factory=Counter)
    unsure: list[Unsure] = field(default_factory=list)
    unsure_kinds: list[str] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)

    def as_json(self) -> dict[str, Any]:
        return {
            "counts": {name: self.counts[name] for name in COUNTED},
            "unsure": [{"what": row.what, "could_be": list(row.could_be)} for row in self.unsure],
            "unsure_kinds": self.unsure_kinds,
            "skipped": dict(self.skipped),
        }


@dataclass(frozen=True)
class _Task:
    """A document with its records that are not held yet, oldest first; `last` is the newest record of all. `new`: the
    document was not there when the import began.
    """

    platform: Platform
    document: Document
    records: Sequence[Record]
    last: Record
    new: bool


def import_terms(
    repository: Repository,
    plan: Plan,
    *,
    by,
    begin: Callable[[int], None] = lambda count: None,
    step: Callable[[], None] = lambda: None,
) -> Summary:
    """Imports what the plan wants and the database does not hold. `begin` takes the number of texts to come, `step` is
    called after each. Raises what `repository` raises; documents that were finished stay.
    """
    summary = Summary()
    records = [record for record in repository.records() if plan.wants(record)]
    summary.skipped.update(row.reason for row in repository.skipped)
    places = Places(plan.edition, plan.terms_map, records)
    tasks = list(_tasks(records, places, summary))
    summary.unsure += places.unsure
    begin(sum(len(task.records) for task in tasks))
    contents = repository.contents(record.blob for task in tasks for record in task.records)
    with Ahead() as ahead:
        sightings = _sightings(tasks, contents, ahead, step)
        for task in tasks:
            with transaction.atomic():
                try:
                    summary.counts += _import(task, sightings, by=by)
                except ValidationError as error:
                    raise _unfit(task.records[0] if task.records else task.last, error) from error
                except BrokenProcessPool as error:
                    raise Refused("The process that reads the texts was stopped: run the import again.") from error
    return summary


def _unfit(record: Record, error: ValidationError) -> Refused:
    why = " ".join(error.messages)
    return Refused(f"{record.document} cannot be kept as it is named ({why}): name it with --map or leave it out.")


def _tasks(records: Sequence[Record], places: Places, summary: Summary) -> Iterator[_Task]:
    by_document: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        by_document[record.document].append(record)
    for found in by_document.values():
        platform = places.platform(found[0])
        document = places.document(found[0], platform) if platform else None
        if document is None:
            continue
        if not document.pk and not document_kind(found[0].terms_type)[1]:
            summary.unsure_kinds.append(found[0].document)
        held = _held(document)
        with_text = [record for record in found if record.blob]
        summary.counts["held"] += sum(record.captured_at in held for record in with_text)
        left = [record for record in with_text if record.captured_at not in held]
        if left or found[-1].kind == RecordKind.DELETED:
            yield _Task(platform, document, left, found[-1], new=not document.pk)


def _held(document: Document) -> set[datetime]:
    if not document.pk:
        return set()
    return set(Snapshot.objects.filter(document=document).values_list("captured_at", flat=True))


def _import(task: _Task, sightings: Iterator[Sighting], *, by) -> Counter[str]:
    """One document, whole."""
    document, counts = task.document, Counter[str]()
    if not task.platform.pk:
        save_platform(task.platform, by=by)
        counts["platforms"] += 1
    document.platform = task.platform
    if not document.pk:
        counts["documents"] += 1
    retired_on = _retired_on(task)
    if retired_on and document.retired_on is None:
        counts["retired"] += 1
    if document.retired_on != retired_on or _newly_placed(document):
        document.retired_on = retired_on
        save_document(document, by=by)
        document.refresh_from_db(fields=["number"])
    return counts + _record(document, task.records, sightings, by=by)


def _retired_on(task: _Task) -> date | None:
    """The day on which the archive dropped the document; a text that came after an analyst's own day undoes it."""
    seen = task.last.captured_at.date()
    if task.last.kind == RecordKind.DELETED:
        return task.document.retired_on or seen
    return None if task.document.retired_on and task.document.retired_on < seen else task.document.retired_on


def _newly_placed(document: Document) -> bool:
    return not Document.objects.filter(pk=document.pk, collection_path=document.collection_path).exists()


def _record(document: Document, records: Sequence[Record], sightings: Iterator[Sighting], *, by) -> Counter[str]:
    """All that is newer than what is held goes in at once; what lies between is fitted in one by one."""
    newest = Snapshot.objects.filter(document=document).order_by("-captured_at").first()
    behind = sum(bool(newest) and record.captured_at < newest.captured_at for record in records)
    counts, changes = Counter[str](), document.changes.count()
    for sighting in islice(sightings, behind):
        counts["texts"] += not Text.objects.filter(pk=name_of(sighting.content)).exists()
        snapshot = record_snapshot(
            document=document,
            content=sighting.content,
            captured_at=sighting.captured_at,
            technical=sighting.technical,
            origin=sighting.origin,
            tool=TOOL,
            tool_version=sighting.tool_version,
            language=document.language,
            by=by,
        )
        counts += Counter(snapshots=1, quarantined=int(not hasattr(snapshot, "version")))
    counts["changes"] += document.changes.count() - changes
    ahead = islice(sightings, len(records) - behind)
    return counts + record_history(document=document, sightings=ahead, tool=TOOL, language=document.language, by=by)


def _sightings(
    tasks: Sequence[_Task], contents: Iterator[bytes], ahead: Ahead, step: Callable[[], None]
) -> Iterator[Sighting]:
    """The texts of all tasks, in their order; where there are many, those of new documents are weighed ahead."""
    many = sum(len(task.records) for task in tasks) >= MANY

    def orders() -> Iterator[tuple[Sighting, Order | None]]:
        for task in tasks:
            facts = gate_facts(task.document)
            for record in task.records:
                text, technical = decode(next(contents), record), record.kind == RecordKind.TECHNICAL
                sighting = Sighting(text, record.captured_at, record.commit, record.engine[:40], technical)
                yield sighting, Order(record.document, facts, text, technical) if many and task.new else None

    for sighting, answer in ahead.weighed(orders()):
        step()
        yield replace(sighting, weighed=answer.result) if answer else sighting
