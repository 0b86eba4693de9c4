"""Writes of many texts of one document at once: what an archive holds of its past."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

import psycopg
from django.db import connection, transaction
from django.db.models import Max

from platforms.deriving import Link, settle, walk
from platforms.lineage import Step
from platforms.models import Check, Document, Snapshot, Verdict, Version
from platforms.reading import projected, words_of
from platforms.vocabulary import Judgement
from platforms.weighing import Weighed, weigh

from .editions import new_edition
from .evidence import gate_facts, name_of, outcome_of

ROOM = 500_000  # characters of new texts that are held back before they are written


@dataclass(frozen=True, slots=True)
class Sighting:
    """A text that an archive saw: when, in which of its commits, with which version of its program, and whether its own
    reading of the page changed.

    `weighed` gives what was worked out of it, and of all texts of the document before it, from the first one on.
    """

    content: str
    captured_at: datetime
    origin: str
    tool_version: str = ""
    technical: bool = False
    weighed: Callable[[], Weighed] | None = None


@dataclass(frozen=True, slots=True)
class _Kept:
    """A sighting whose words are stored: its snapshot, not yet saved, and its step, where it counts."""

    snapshot: Snapshot
    weighed: Weighed

    @property
    def step(self) -> Step | None:
        return self.weighed.step

    @property
    def reason(self) -> str:
        return self.weighed.reason


class _Shelf:
    """Writes texts while the next ones are read: PostgreSQL packs them meanwhile. Memory is bounded by `ROOM`.

    Inside, the connection is the shelf's: nobody else asks the database anything.
    """

    def __init__(self) -> None:
        self.waiting: dict[str, str] = {}
        self.size = self.added = 0

    def __enter__(self) -> "_Shelf":
        connection.ensure_connection()
        self.hand = ThreadPoolExecutor(max_workers=1)
        self.writing: Future[int] | None = None
        return self

    def __exit__(self, kind, error, trace) -> None:
        with self.hand:
            if error is None:
                self._hand_over()
                self._finish()

    def put(self, content: str) -> str:
        name = name_of(content)
        if name not in self.waiting:
            self.waiting[name] = content
            self.size += len(content)
        if self.size > ROOM:
            self._hand_over()
        return name

    def _hand_over(self) -> None:
        self._finish()
        self.writing = self.hand.submit(_write, connection.connection, self.waiting)
        self.waiting, self.size = {}, 0

    def _finish(self) -> None:
        if self.writing:
            self.added += self.writing.result()
            self.writing = None


def _write(into: psycopg.Connection, texts: Mapping[str, str]) -> int:
    """How many of the texts, by their names, were new."""
    # A cursor of psycopg's own sends the words as they are; Django's would put megabytes of them into the query.
    with psycopg.Cursor(into) as cursor:
        held = cursor.execute("SELECT sha256 FROM platforms_text WHERE sha256 = ANY(%s)", [list(texts)]).fetchall()
        fresh = [(name, words) for name, words in texts.items() if (name,) not in held]
        cursor.executemany(
            "INSERT INTO platforms_text (sha256, content, withheld_reason) VALUES (%s, %s, '') ON CONFLICT DO NOTHING",
            fresh,
        )
    return len(fresh)


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
    facts = gate_facts(document)

    def weighed(sighting: Sighting) -> Weighed:
        if sighting.weighed and not chain:
            return sighting.weighed()
        return weigh(sighting.content, lineage, facts, technical=sighting.technical)

    with _Shelf() as shelf:
        kept = [_keep(document, sighting, weighed(sighting), shelf, recorded_by=by, **how) for sighting in sightings]
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


def _keep(document: Document, sighting: Sighting, weighed: Weighed, shelf: _Shelf, **how) -> _Kept:
    snapshot = Snapshot(
        document=document,
        text_id=shelf.put(sighting.content),
        captured_at=sighting.captured_at,
        origin=sighting.origin,
        tool_version=sighting.tool_version,
        technical=sighting.technical,
        **how,
    )
    return _Kept(snapshot, weighed)


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
