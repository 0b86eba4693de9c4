"""What follows from the texts of a document that count: transitions, observed changes, and the course of its words.

Run whenever that set has changed. Transitions follow it; a change that no longer lies between two neighbouring texts is
superseded, never deleted, and comes back under its own number when it does again.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from platforms.lineage import METHOD, Fate, Lineage, Seen, Step, fates
from platforms.models import Change, Document, Transition, Version
from platforms.outlining import follow
from platforms.reading import projected, words_of
from platforms.signals import texts_changed
from platforms.vocabulary import ChangeKind, TransitionKind

Pair = tuple[int, int]  # the snapshots before and after

# The columns of a change that follow from its two texts.
SAID = (
    "removed", "added", "removed_count", "added_count", "stated_before", "stated_after", "silent", "first_observed_at",
)  # fmt: skip

_numbers: ContextVar[Mapping[Pair, int] | None] = ContextVar("numbers_of_changes", default=None)


@contextmanager
def numbering(numbers: Mapping[Pair, int]) -> Iterator[None]:
    """Changes that are observed for the first time inside get these record numbers, by the record numbers of their two
    snapshots. Others, and all outside, get the next free one.
    """
    token = _numbers.set(numbers)
    try:
        yield
    finally:
        _numbers.reset(token)


@dataclass(frozen=True)
class Link:
    """One version that counts and the one before it. `row` is what is stored of it; `step` is there where it was worked
    out anew.
    """

    version: Version
    before: Version | None
    row: Transition | None = None
    step: Step | None = None

    @property
    def pair(self) -> Pair:
        return self.before.snapshot_id if self.before else 0, self.version.snapshot_id

    @property
    def mark(self) -> str:
        return self.step.essence if self.step else self.row.essence

    @property
    def seen(self) -> Seen[Pair]:
        return Seen(self.mark, self.version.snapshot.captured_at, self.pair if self.is_change else None)

    @property
    def settled(self) -> bool:
        """Whether an analyst's word on a new reading of the page still holds: it is between the same two texts."""
        if self.row is None or self.row.settled_at is None:
            return False
        same = self.row.before_id == (self.before.pk if self.before else None)
        return same and (self.step is None or self.step.kind == TransitionKind.EXTRACTION)

    @property
    def declared(self) -> bool:
        """Whether that word is that the page itself had changed."""
        return self.settled and self.row.declared

    @property
    def is_change(self) -> bool:
        return self.declared or (self.step.kind if self.step else self.row.kind) == TransitionKind.SUBSTANTIVE


def in_order(document: Document) -> QuerySet[Version]:
    """The versions of a document that count, oldest first, each with `withheld_at` of its text, not with its words."""
    versions = Version.objects.counting().filter(document=document).select_related("snapshot")
    return versions.order_by("snapshot__captured_at", "number").annotate(withheld_at=F("snapshot__text__withheld_at"))


@transaction.atomic
def derive(document: Document, *, by, anew: bool = False) -> list[Link]:
    """Brings transitions and changes of a document in line with its texts that count, and tells who listens.

    `anew`: what is stored is not relied on, every text is read.
    """
    Document.objects.select_for_update().get(pk=document.pk)
    chain = list(links(document, Lineage(language=document.language), anew=anew))
    settle(document, chain, by=by)
    return chain


def settle(document: Document, chain: Sequence[Link], *, by) -> None:
    """Stores what a whole chain says, and tells who listens. The caller holds the document's row."""
    _store_transitions(document, chain)
    _store_changes(document, chain)
    follow(document, {link.version.pk: link.step.outline for link in chain if link.step})
    texts_changed.send(Document, document=document, by=by)


def walk(document: Document) -> tuple[list[Link], Lineage]:
    """Every version that counts, with what it did to the one before, and the lineage they make, ready for the next
    text.
    """
    lineage = Lineage(language=document.language)
    return list(links(document, lineage)), lineage


def links(document: Document, lineage: Lineage, *, anew: bool = False) -> Iterator[Link]:
    """Every version that counts, with what it did to the one before; `lineage` takes them in. Nothing is written.

    Only texts whose step is not known are read, and the last one; `anew`: all that are there. A step from or to a
    withheld text is what was stored of it. A withheld text that nobody worked out in time is passed by: it says nothing
    any more.
    """
    known = {row.version_id: row for row in Transition.objects.filter(version__document=document)}
    last: Version | None = None
    readable: Version | None = None  # the last one whose words are at hand
    for version in in_order(document):
        row = known.get(version.pk)
        fits = row and row.method == METHOD and row.before_id == (last.pk if last else None)
        fits = fits and lineage.fits(row.kind, row.reason, row.fingerprint, row.essence)
        if fits and (not anew or version.withheld_at or (last and last.withheld_at)):
            lineage.recall(row.fingerprint, row.essence)
            yield Link(version, last, row)
        elif version.withheld_at:
            continue
        else:
            if readable:
                lineage.last = lineage.last or projected(words_of(readable))
            elif last:
                lineage.begin_again()
            step = lineage.add(projected(words_of(version)), technical=version.snapshot.technical)
            yield Link(version, readable, row, step)
        last = version
        readable = readable if version.withheld_at else version


def _store_transitions(document: Document, chain: Sequence[Link]) -> None:
    counting = {link.version.pk for link in chain}
    held = Transition.objects.filter(version__document=document).values_list("pk", "version_id")
    # Told apart here: in PostgreSQL, before it knows how full the tables are, "not one of these" can take minutes.
    stale = [pk for pk, version in held if version not in counting]
    if stale:
        Transition.objects.filter(pk__in=stale).delete()
    fresh = [transition_of(link) for link in chain if link.step]
    fields = [field.name for field in Transition._meta.concrete_fields if field.name not in ("id", "version")]
    Transition.objects.bulk_create(
        fresh, batch_size=500, update_conflicts=True, unique_fields=["version"], update_fields=fields
    )


def transition_of(link: Link) -> Transition:
    """The row of a step that was worked out anew, not yet saved."""
    step = link.step
    return Transition(
        version=link.version,
        before=link.before,
        kind=step.kind,
        reason=step.reason,
        removed=len(step.removed),
        added=len(step.added),
        fingerprint=step.fingerprint,
        essence=step.essence,
        stated_on=step.stated_on,
        method=METHOD,
        declared=link.declared,
        settled_at=link.row.settled_at if link.settled else None,
        settled_by=link.row.settled_by if link.settled else None,
    )


def _store_changes(document: Document, chain: Sequence[Link]) -> None:
    wanted = {link.pair: link for link in chain if link.is_change}
    held = {(row.before_id, row.after_id): row for row in _observed(document)}
    missing = [link for pair, link in wanted.items() if pair not in held]
    Change.objects.bulk_create([_new_change(document, link) for link in missing], batch_size=500)
    if missing:
        held = {(row.before_id, row.after_id): row for row in _observed(document)}
    moments = fates(link.seen for link in chain)
    fields = [*SAID, "superseded_at", "superseded_by_id", "superseded_reason", "withdrawn_at", "restored_at"]
    edited = []
    for pair, row in held.items():
        before = [getattr(row, field) for field in fields]
        if pair in wanted:
            row.superseded_at, row.superseded_by, row.superseded_reason = None, None, ""
            if wanted[pair].step:  # another method may find other sentences
                for name, value in said_of(wanted[pair]).items():
                    setattr(row, name, value)
        elif not row.is_superseded:
            row.superseded_at = timezone.now()
            row.superseded_by = _successor(pair, wanted, held)
            row.superseded_reason = _why_superseded(pair, chain)
        fate = moments.get(pair, Fate())
        row.withdrawn_at, row.restored_at = fate.withdrawn_at, fate.restored_at
        if before != [getattr(row, field) for field in fields]:
            edited.append(row)
    Change.objects.bulk_update(edited, fields, batch_size=500)


def _observed(document: Document) -> QuerySet[Change]:
    return Change.objects.filter(document=document, kind=ChangeKind.OBSERVED).order_by("number")


def said_of(link: Link) -> dict[str, Any]:
    """The columns of a change that follow from its two texts; see SAID. The step was worked out anew."""
    step = link.step
    return {
        "removed": list(step.removed),
        "added": list(step.added),
        "removed_count": len(step.removed),
        "added_count": len(step.added),
        "stated_before": step.stated_before,
        "stated_after": step.stated_on,
        "silent": step.silent,
        "first_observed_at": link.version.snapshot.captured_at,
    }


def _new_change(document: Document, link: Link) -> Change:
    number = (_numbers.get() or {}).get((link.before.snapshot.number, link.version.snapshot.number))
    return Change(
        **({} if number is None else {"number": number}),
        document=document,
        kind=ChangeKind.OBSERVED,
        before_id=link.pair[0],
        after_id=link.pair[1],
        **said_of(link),
    )


def _successor(pair: Pair, wanted: dict[Pair, Link], held: dict[Pair, Change]) -> Change | None:
    """The change that tells now what a superseded one told: one that ends with the same text, else begins with it."""
    ends = [other for other in wanted if other[1] == pair[1]]
    begins = [other for other in wanted if other[0] == pair[0]]
    return next((held[other] for other in (*ends, *begins)), None)


def _why_superseded(pair: Pair, chain: Sequence[Link]) -> str:
    links = {link.version.snapshot_id: link for link in chain}
    gone = [snapshot for snapshot in pair if snapshot not in links]
    if gone:
        return "One of its two texts no longer counts as a text of the document."
    if links[pair[1]].pair != pair:
        return "A text from between its two texts counts now."
    return f"Looked at again, it is no change: {links[pair[1]].step.reason}"[:300]
