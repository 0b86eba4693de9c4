"""Writes what is said of changes: of those that the snapshots brought, and of those that others report."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.db import connection

from clauses.actions import touch
from clauses.models import ChangedProvision, Provision
from conductatlas.records import parse, sequence
from platforms.actions import report_change, save_change, settle_transition
from platforms.deriving import numbering
from platforms.models import Change, Document, Transition
from platforms.vocabulary import ChangeKind, ReviewState, TransitionKind

from . import schema
from .folder import DocumentKey, Filed
from .held import SAID
from .loading import filled, values_of, writing

if TYPE_CHECKING:
    from .loading_documents import DocumentLoader

TOLD = ("title", "summary", "source", "source_url", "reported_on")  # what `report_change` takes


class ChangeLoader:
    """The changes of the documents that `documents` has saved."""

    def __init__(self, documents: "DocumentLoader") -> None:
        self.documents, self.loader, self.by = documents, documents.loader, documents.by

    @contextmanager
    def numbered(self) -> Iterator[None]:
        """Changes that derivation finds inside get the numbers that the files list for them; no other change does."""
        entries = [entry.value for entry in self.loader.files.documents.values()]
        listed = [row for entry in entries for row in (*entry.changes, *entry.reported_changes) if row.id]
        _keep_free(max((_number(row.id) for row in listed), default=0))
        observed = [row for row in listed if isinstance(row, schema.ObservedChange)]
        with numbering({(_number(row.before), _number(row.after)): _number(row.id) for row in observed}):
            yield

    def observed(self, key: DocumentKey, entry: Filed[schema.Document]) -> None:
        """What analysts say of the changes between the snapshots of a document. The snapshots are loaded."""
        before = self.documents.held(key)
        known = {(row.before, row.after): row for row in before.changes} if before else {}
        for position, row in enumerate(entry.value.changes):
            old = known.get((row.before, row.after))
            same = old is not None and values_of(old, without=("id",)) == values_of(row, without=("id",))
            if not same:
                with writing(entry, "changes", position):
                    self.say(_found(self.documents.rows[key], row, by=self.by), row)
            self.loader.note("changes", row.id or f"{row.before} to {row.after}", old, same=same)

    def say(self, change: Change, row: schema.ObservedChange) -> None:
        before = {name: getattr(change, name) for name in (*SAID, "review")}
        filled(change, {name: getattr(row, name) for name in SAID})
        change.review = row.review or ReviewState.UNREVIEWED
        if before != {name: getattr(change, name) for name in before}:
            save_change(change, by=self.by)

    def reported(self, key: DocumentKey, entry: Filed[schema.Document]) -> None:
        """What others report of a document. Its clauses are loaded."""
        before = self.documents.held(key)
        known = {row.id: row for row in before.reported_changes} if before else {}
        titles = {row.title: row for row in before.reported_changes} if before else {}
        for position, row in enumerate(entry.value.reported_changes):
            old = known.get(row.id) if row.id else titles.get(row.title)
            same = old is not None and values_of(old, without=("id",)) == values_of(row, without=("id",))
            if not same:
                with writing(entry, "reported_changes", position):
                    self.report(self.documents.rows[key], row, old)
            self.loader.note("reported changes", row.id or row.title, old, same=same)

    def report(self, document: Document, row: schema.ReportedChange, old: schema.ReportedChange | None) -> None:
        if old is None:
            told = {name: value for name in TOLD if (value := getattr(row, name)) is not None}
            change = report_change(document=document, number=row.id and _number(row.id), by=self.by, **told)
            change.refresh_from_db()
        else:
            change = Change.objects.get(number=_number(old.id))
        said: Mapping[str, Any] = {name: getattr(row, name) for name in (*TOLD, *SAID)}
        if old is not None or row.review or any(said[name] is not None for name in SAID if name not in TOLD):
            filled(change, said)
            change.review = row.review or ReviewState.UNREVIEWED
            save_change(change, by=self.by)
        for slug in row.clauses:
            if old is None or slug not in old.clauses:
                touch(change=change, provision=Provision.objects.get(document=document, slug=slug), by=self.by)
        if old is not None:
            ChangedProvision.objects.filter(change=change).exclude(provision__slug__in=row.clauses).delete()


def _number(record_id: str) -> int:
    return parse(record_id).number


def _keep_free(number: int) -> None:
    """Lets the sequence give none of the numbers up to this one: the files have given them."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT setval('{sequence('C')}', %(most)s) FROM {sequence('C')} WHERE last_value <= %(most)s",
            {"most": number},
        )


def _found(document: Document, row: schema.ObservedChange, *, by) -> Change:
    """The change between the two snapshots that a file lists. ValueError where there is none."""
    pair = {"before__number": _number(row.before), "after__number": _number(row.after)}
    changes = Change.objects.filter(document=document, kind=ChangeKind.OBSERVED, superseded_at=None, **pair)
    change = changes.first()
    if change is None and _declared(document, row, by=by):
        change = changes.first()
    if change is None:
        raise ValueError(
            f"no change is observed between {row.before} and {row.after}: leave it out, or correct the snapshots"
        )
    return change


def _declared(document: Document, row: schema.ObservedChange, *, by) -> bool:
    """Declares a new reading of the page a change of the document; False where the pages were read alike."""
    transition = (
        Transition.objects.filter(version__document=document, kind=TransitionKind.EXTRACTION)
        .filter(before__snapshot__number=_number(row.before), version__snapshot__number=_number(row.after))
        .first()
    )
    if transition:
        settle_transition(transition=transition, declared=True, by=by)
    return transition is not None
