"""Writes of many texts of one document at once: what an archive holds of its past."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

import psycopg
from django.db import connection, transaction
from django.db.models import Max

from platforms.capture import gate
from platforms.deriving import Link, settle, walk, words_of
from platforms.lineage import Lineage, Step
from platforms.models import Check, Document, Snapshot, Text, Verdict, Version
from platforms.plaintext import Projection, project
from platforms.reading import projected
from platforms.vocabulary import Judgement

from .editions import new_edition
from .evidence import gate_facts, name_of, outcome_of

ROOM = 8_000_000  # characters of new texts that are held back before they are written


@dataclass(frozen=True, slots=True)
class Sighting:
    """A text that an archive saw: when, in which of its commits, with which version of its program, and whether its own
    reading of the page changed.
    """

    content: str
    captured_at: datetime
    origin: str
    tool_version: str = ""
    technical: bool = False


@dataclass(frozen=True, slots=True)
class _Kept:
    """A sighting whose words are stored: its snapshot, not yet saved, and its step, where it counts."""

    snapshot: Snapshot
    step: Step | None
    reason: str


class _Shelf:
    """Writes texts in large steps; memory is bounded by `ROOM`."""

    def __init__(self) -> None:
        self.waiting: dict[str, str] = {}
        self.size = self.added = 0

    def put(self, content: str) -> str:
        name = name_of(content)
        if name not in self.waiting:
            self.waiting[name] = content
            self.size += len(content)
        if self.size > ROOM:
            self.clear()
        return name

    def clear(self) -> None:
        held = set(Text.objects.filter(pk__in=self.waiting).values_list("pk", flat=True))
        fresh = [(name, words) for name, words in self.waiting.items() if name not in held]
        connection.ensure_connection()
        # A cursor of psycopg's own sends the words as they are; Django's would put megabytes of them into the query.
        with psycopg.Cursor(connection.connection) as cursor:
            cursor.executemany(
                "INSERT INTO platforms_text (sha256, content, withheld_reason) VALUES (%s, %s, '')"
                " ON CONFLICT DO NOTHING",
                fresh,
            )
        self.added += len(fresh)
        self.waiting, self.size = {}, 0


@transaction.atomic
def record_history(*, document: Document, sightings: Iterable[Sighting], by, **how) -> Counter[str]:
    """Keeps texts with their verdicts, checks, transitions and changes: what `record_snapshot` does for each of them,
    in few queries and with one reading of each text.

    The sightings are newer than all that the document holds, and in the order of their capture. `how` holds other
    columns of Snapshot. Counts `snapshots`, `texts`, `quarantined` and `changes`.
    """
    Document.objects.select_for_update().get(pk=document.pk)
    chain, lineage = walk(document)
    before = next((link.version for link in reversed(chain) if not link.version.withheld_at), None)
    if before and lineage.last is None:
        lineage.last = projected(words_of(before))
    shelf = _Shelf()
    kept = [_keep(document, sighting, lineage, shelf, recorded_by=by, **how) for sighting in sightings]
    shelf.clear()
    if not kept:
        return Counter()
    Snapshot.objects.bulk_create([row.snapshot for row in kept], batch_size=1000)
    Verdict.objects.bulk_create([_verdict(row, by) for row in kept], batch_size=1000)
    fresh = _new_links(document, kept, before)
    settle(document, [*chain, *fresh], by=by)
    Check.objects.bulk_create([_check(document, row, by) for row in kept], batch_size=1000)
    new_edition(by=by, reason=f"{document.title}: {len(kept)} texts of its past")
    return Counter(
        snapshots=len(kept),
        texts=shelf.added,
        quarantined=len(kept) - len(fresh),
        changes=sum(link.is_change for link in fresh),
    )


@lru_cache(maxsize=4)
def _read(content: str) -> Projection:
    """Texts of a document that comes and goes are read once."""
    return project(content)


def _keep(document: Document, sighting: Sighting, lineage: Lineage, shelf: _Shelf, **how) -> _Kept:
    text = _read(sighting.content)
    finding = gate.judge(text, previous=lineage.last, **gate_facts(document))
    step = lineage.add(text, technical=sighting.technical) if finding.accepted else None
    snapshot = Snapshot(
        document=document,
        text_id=shelf.put(sighting.content),
        captured_at=sighting.captured_at,
        origin=sighting.origin,
        tool_version=sighting.tool_version,
        technical=sighting.technical,
        **how,
    )
    return _Kept(snapshot, step, step.reason if step else finding.reason)


def _verdict(row: _Kept, by) -> Verdict:
    if row.step:
        return Verdict(snapshot=row.snapshot, judgement=Judgement.ACCEPTED, judged_by=by)
    return Verdict(snapshot=row.snapshot, judgement=Judgement.QUARANTINED, reason=row.reason, judged_by=by)


def _new_links(document: Document, kept: Sequence[_Kept], before: Version | None) -> list[Link]:
    counting = [row for row in kept if row.step]
    last = Version.objects.filter(document=document).aggregate(last=Max("number"))["last"] or 0
    versions = Version.objects.bulk_create(
        [
            Version(document=document, snapshot=row.snapshot, number=number)
            for number, row in enumerate(counting, start=last + 1)
        ],
        batch_size=1000,
    )
    neighbours = zip(versions, [before, *versions], counting, strict=False)
    return [Link(version, previous, step=row.step) for version, previous, row in neighbours]


def _check(document: Document, row: _Kept, by) -> Check:
    kind = row.step.kind if row.step else ""
    return Check(
        document=document,
        checked_at=row.snapshot.captured_at,
        outcome=outcome_of(kind, counts=row.step is not None),
        reason=row.reason,
        snapshot=row.snapshot,
        recorded_by=by,
    )
