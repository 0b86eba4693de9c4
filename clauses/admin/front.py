"""The first page of the admin: the desk. What waits for this person, queue by queue: how much, since when, and the
oldest of it, with the list behind.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from clauses.figures import Queue, waiting
from clauses.models import Analysis, QueueItem, ReadingDue
from clauses.waiting import PUBLISHING, queues_of
from platforms.admin.decisions import page_of
from platforms.models import Change, Check, Document, Snapshot, Transition

SHOWN = 5  # of each queue; the list behind it has the rest


@dataclass(frozen=True)
class Line:
    """One record that waits: what it is, of which platform and document, its page, and for how many days it waits (None
    where nobody noted since when).
    """

    words: str
    place: str
    address: str
    days: int | None


@dataclass(frozen=True)
class Shelf:
    """How a queue is shown. `listed` is the name and the query of the list behind it, `place` the path from a record to
    its document, `line` gives the words of a record and the address where work on it begins.
    """

    title: str
    nothing: str
    listed: str
    place: str
    line: Callable[[Any], tuple[str, str]]
    model: type[Model]
    permission: str = ""
    beside: tuple[str, ...] = ()
    deferred: tuple[str, ...] = ()

    @property
    def permissions(self) -> tuple[str, ...]:
        meta = self.model._meta
        return (f"{meta.app_label}.view_{meta.model_name}", *((self.permission,) if self.permission else ()))

    @property
    def address(self) -> str:
        name, _, query = self.listed.partition("?")
        return reverse(f"admin:{name}_changelist") + (f"?{query}" if query else "")


@dataclass(frozen=True)
class Shown:
    """A queue on the page."""

    name: str
    shelf: Shelf
    queue: Queue
    days: int | None
    lines: list[Line]


def _clause(record: Any) -> tuple[str, str]:
    return f"{record.provision}", page_of(record)


def _in_review(analysis: Analysis) -> tuple[str, str]:
    return f"{analysis.provision}", reverse("admin:clauses_analysis_review", args=[analysis.pk])


def _question(item: QueueItem) -> tuple[str, str]:
    return f"{item.provision}: {item.get_doubt_display().lower()}", page_of(item)


def _change(change: Change) -> tuple[str, str]:
    return change.headline, page_of(change)


def _snapshot(snapshot: Snapshot) -> tuple[str, str]:
    return f"{snapshot.record_id}, captured {snapshot.captured_at:%Y-%m-%d}", page_of(snapshot)


def _transition(transition: Transition) -> tuple[str, str]:
    noun = "sentence" if transition.added == 1 else "sentences"
    return f"Version {transition.version.number}, {transition.added:,} {noun} added", page_of(transition)


def _reading(due: ReadingDue) -> tuple[str, str]:
    noun = "clause type" if due.missing == 1 else "clause types"
    return f"To be read for {due.missing:,} {noun}", reading_place(due.snapshot_id)


def _look(check: Check) -> tuple[str, str]:
    return check.reason or "Our look failed", reverse("admin:platforms_document_change", args=[check.document_id])


def reading_place(snapshot: int) -> str:
    """Where a text is read."""
    return reverse("admin:platforms_snapshot_read", args=[snapshot])


_FROZEN_PARTS = ("payload", "rendered")
SHELVES: Mapping[str, Shelf] = {
    "drafts": Shelf(
        "My drafts",
        "You have no draft.",
        "clauses_analysis?waiting=drafts",
        "provision__document",
        _clause,
        Analysis,
        "clauses.add_analysis",
        deferred=_FROZEN_PARTS,
    ),
    "reviews": Shelf(
        "Waiting for my review",
        "Nothing is in review that you may publish.",
        "clauses_analysis?waiting=reviews",
        "provision__document",
        _in_review,
        Analysis,
        PUBLISHING,
        deferred=_FROZEN_PARTS,
    ),
    "questions": Shelf(
        "Quotations that need a decision",
        "The words of every clause are where they were.",
        "clauses_queueitem",
        "provision__document",
        _question,
        QueueItem,
    ),
    "overtaken": Shelf(
        "Clauses whose words have changed since their analysis",
        "Every published analysis is about the words as they were last taken.",
        "clauses_analysis?waiting=overtaken",
        "provision__document",
        _clause,
        Analysis,
        deferred=_FROZEN_PARTS,
    ),
    "changes": Shelf(
        "Changes nobody has reviewed",
        "Every change has been reviewed.",
        "platforms_change?waiting=yes",
        "document",
        _change,
        Change,
        deferred=("removed", "added"),
    ),
    "snapshots": Shelf(
        "Captures in quarantine",
        "No text is set aside.",
        "platforms_snapshot?waiting=yes",
        "document",
        _snapshot,
        Snapshot,
    ),
    "transitions": Shelf(
        "New readings of a page: did the document change?",
        "No new reading waits for a decision.",
        "platforms_transition?waiting=yes",
        "version__document",
        _transition,
        Transition,
        beside=("version__snapshot",),
    ),
    "readings": Shelf(
        "Documents to be read",
        "Every text that stands has been read for all clause types that it may hold.",
        "clauses_readingdue",
        "document",
        _reading,
        ReadingDue,
    ),
    "looks": Shelf(
        "Looks that failed",
        "Our last look at every document went well.",
        "platforms_check?waiting=yes",
        "document",
        _look,
        Check,
    ),
}

_index = admin.site.index


def index(request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
    """Django's first page, with the queues that the person may see on top."""
    shown = list(shelves(request.user, timezone.now()))
    return _index(request, {**(extra_context or {}), "title": "The desk", "shelves": shown})


def shelves(user: Any, now: datetime) -> Iterator[Shown]:
    """The queues of a person: one query for all counts, one for the lines of each that is not empty."""
    visible = {name: shelf for name, shelf in SHELVES.items() if user.has_perms(shelf.permissions)}
    queues = queues_of(user) if visible else {}
    figures = waiting(queues, visible)
    for name, shelf in visible.items():
        queue = figures[name]
        lines = list(_lines(shelf, *queues[name], now)) if queue.count else []
        yield Shown(name, shelf, queue, queue.days(now), lines)


def _lines(shelf: Shelf, rows: QuerySet, since: str, now: datetime) -> Iterator[Line]:
    # The oldest are chosen first: all others need not be joined with their documents.
    oldest = rows.filter(pk__in=rows.order_by(since, "pk").values("pk")[:SHOWN])
    shown = oldest.select_related(f"{shelf.place}__platform", *shelf.beside).defer(*shelf.deferred)
    for record in shown.order_by(since, "pk"):
        words, address = shelf.line(record)
        document: Document = _at(record, shelf.place)
        yield Line(words, f"{document.platform.name}, {document.title}", address, _days(_at(record, since), now))


def _at(record: Any, path: str) -> Any:
    for part in path.split("__"):
        record = getattr(record, part)
    return record


def _days(since: datetime | date | None, now: datetime) -> int | None:
    if since is None:
        return None
    at = since if isinstance(since, datetime) else datetime.combine(since, time.min, UTC)
    return (now - at).days


admin.site.index = index  # type: ignore[method-assign]
