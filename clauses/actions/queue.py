"""What an analyst decides about clauses whose words are not where they were."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from clauses.anchoring import Anchor, AnchorState, anchor
from clauses.models import QueueItem, Quotation
from clauses.quoting import problems
from clauses.vocabulary import Outcome
from conductatlas.editing import kept
from platforms.actions import Refused, new_edition
from platforms.models import Document, Version
from platforms.reading import projected

from .clauses import mark_removed, quote

BESIDE = 200  # characters of the text on either side that tell one of several places from the others
PLACED = (AnchorState.EXACT, AnchorState.NORMALISED)
LOST = "the newest text does not hold these words: copy them from it as they stand, with […] for what you leave out."
SEVERAL = "the words stand in several places of the newest text: take more of them, or name the heading above them."


@transaction.atomic
@kept("item")
def leave_as_it_is(*, item: QueueItem, by, note: str) -> None:
    """Settles a question without touching the clause; it is not asked again while the words stay in the same doubt."""
    _lock_open(item)
    if not note.strip():
        raise Refused(f"{item} stays open: leaving it needs the reason.")
    item.note = note.strip()
    _settle_as(item, Outcome.KEPT, by)


@transaction.atomic
@kept("item")
def remove_clause(*, item: QueueItem, by) -> None:
    """Settles a question by marking its clause as removed: it leaves every count, its page stays and says so."""
    _lock_open(item)
    mark_removed(provision=item.provision, by=by)
    item.refresh_from_db()
    new_edition(by=by, reason=f"{item.provision.record_id} removed")


@transaction.atomic
@kept("item")
def accept_words(*, item: QueueItem, candidate: tuple[int, int], by) -> Quotation:
    """Settles a question by taking the words that its proof proposes: the slice (start, end) of the newest text, to the
    character, becomes the newest quotation of the same clause, with a proof of its own.
    """
    _lock_open(item)
    content = _newest_words(item)
    start, end = candidate
    if (start, end) not in {(first, last) for _, first, last in item.proof.candidates}:
        raise Refused(
            f"{item.provision.record_id}: these words are not proposed any more, a newer text has come. Look at what"
            " stands there now, and choose again."
        )
    start += len(content[start:end]) - len(content[start:end].lstrip())
    words = content[start:end].rstrip()
    behind = start + len(words)
    beside = {"prefix": content[max(start - BESIDE, 0) : start], "suffix": content[behind : behind + BESIDE]}
    return _take(item, [words], by=by, **beside)


@transaction.atomic
@kept("item")
def choose_words(*, item: QueueItem, segments: Sequence[str], by, heading: str = "") -> Quotation:
    """Settles a question by taking words that a person found in the newest text; under this heading, where they stand
    there in several places.
    """
    _lock_open(item)
    _newest_words(item)
    return _take(item, segments, by=by, heading=heading)


def found_in_newest(item: QueueItem, segments: Sequence[str], **context: str) -> Anchor:
    """Where words stand in the newest text of the clause's document; `context` as `anchor` takes it."""
    return anchor(segments, projected(_newest_words(item)), **context)


def _newest_words(item: QueueItem) -> str:
    if item.proof.text.is_withheld:
        raise Refused(f"{item} stays open: the newest text is withheld under a legal order.")
    return item.proof.text.content


def _take(item: QueueItem, segments: Sequence[str], *, by, heading: str = "", **beside: str) -> Quotation:
    """Makes these the newest words of the clause and settles the question. Refuses words without one known place. What
    stands `beside` them is kept where it decides between several.
    """
    record = item.provision.record_id
    if wrong := problems(segments):
        raise Refused(f"{record}: {'; '.join(wrong)}.")
    context = {"heading": heading}
    found = found_in_newest(item, segments, **context)
    if found.state is AnchorState.AMBIGUOUS and beside:
        context |= beside
        found = found_in_newest(item, segments, **context)
    if found.state not in PLACED:
        raise Refused(f"{record}: {SEVERAL if found.state is AnchorState.AMBIGUOUS else LOST}")
    seen = Version.objects.counting().filter(document=item.provision.document_id, snapshot__text=item.proof.text_id)
    newest = seen.select_related("snapshot").newest_first().first()
    # Settled before the words are taken: else the machine would settle it as a question that found its answer.
    _settle_as(item, Outcome.REQUOTED, by)
    return quote(
        provision=item.provision,
        segments=segments,
        by=by,
        **context,
        taken_on=timezone.now().date(),
        taken_from_sha256=item.proof.text_id,
        taken_from_at=newest.snapshot.captured_at if newest else None,
    )


def _settle_as(item: QueueItem, outcome: Outcome, by) -> None:
    item.outcome, item.settled_at, item.settled_by = outcome, timezone.now(), by
    item.save(update_fields=["outcome", "note", "settled_at", "settled_by"])


def _lock_open(item: QueueItem) -> None:
    """Brings a question up to date and holds it, so that two people do not settle it at once. Refuses a settled one."""
    # As with new texts, the document comes first: who holds it may be about to settle its questions.
    Document.objects.select_for_update(of=["self"]).get(provisions__queue_items=item)
    item.refresh_from_db()
    if item.settled_at:
        raise Refused(f"{item} was settled on {item.settled_at:%Y-%m-%d}: {item.get_outcome_display()}.")
