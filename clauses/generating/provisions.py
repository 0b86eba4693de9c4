"""Clauses of a generated catalogue: their words, what each text says of them, who read what, and what waits for an
analyst.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from django.utils.text import slugify

from clauses.deriving import DOUBTS, touches_between
from clauses.evidence import Evidence, Look
from clauses.history import standing
from clauses.models import ChangedProvision, Proof, Provision, QueueItem, Quotation, Reading
from clauses.proving import proof_of
from clauses.vocabulary import ProvisionState
from clauses.words import joined
from platforms.models import FormerAddress

from .planning import DocumentPlan
from .platforms import Maker, Seen
from .policies import Fate, Passage
from .topics import topic_of


@dataclass(frozen=True)
class Quoted:
    """A quotation with its proofs, one for each text that is held: name of the text → proof."""

    quotation: Quotation
    proofs: dict[str, Proof]

    def evidence(self, seen: Seen, *, versions: int | None = None) -> Evidence:
        """From the first so many versions; None: from all."""
        return Evidence(
            tuple(
                Look(
                    version=version.number,
                    captured_on=version.snapshot.captured_at.date(),
                    sha256=version.snapshot.text_id,
                    state=(proof := self.proofs[version.snapshot.text_id]).state,
                    spans=tuple((start, end) for start, end in proof.spans),
                    withheld=False,
                )
                for version in seen.versions[:versions]
            )
        )


@dataclass(frozen=True)
class Clause:
    """A clause and the words that were taken of it, oldest first. `speaking` are those of its last analysis."""

    provision: Provision
    quoted: Sequence[Quoted]

    @property
    def speaking(self) -> Quoted:
        return self.quoted[-1]


def add_clauses(maker: Maker, seen: Seen, plan: DocumentPlan, random: Random) -> list[Clause]:
    """The clauses of a document, with all that follows from its texts."""
    slugs: set[str] = set()
    clauses = [
        _clause(maker, seen, random, slug, passage, slugs)
        for slug, passage in zip(plan.types, seen.policy.passages, strict=True)
    ]
    _end_some(maker, clauses, random)
    _touch(maker, seen, clauses)
    _ask(maker, seen, clauses)
    return clauses


def _clause(maker: Maker, seen: Seen, random: Random, slug: str, passage: Passage, slugs: set[str]) -> Clause:
    title = maker.writer.title(random, topic_of(slug))[:200]
    provision = maker.rows.add(
        Provision(
            number=maker.rows.next_number(Provision),
            document=seen.document,
            clause_type=maker.taxonomy.types[slug],
            slug=_free_slug(title, slugs),
            title=title,
            first_tracked=seen.since.date(),
            applies_to_region=maker.writer.places[0].capitalize() if random.random() < 0.06 else "",
            applies_to_plan="Free and personal plans" if random.random() < 0.05 else "",
        )
    )
    taken = [passage.segments]
    if passage.fate is Fate.REWORDED and random.random() < 0.5:
        taken.append(passage.later)
    return Clause(provision, [_quoted(maker, seen, provision, number, words) for number, words in enumerate(taken, 1)])


def _free_slug(title: str, slugs: set[str]) -> str:
    base = slug = slugify(title)[:80].strip("-")
    count = 1
    while slug in slugs:
        count += 1
        slug = f"{base}-{count}"
    slugs.add(slug)
    return slug


def _quoted(maker: Maker, seen: Seen, provision: Provision, number: int, words: tuple[tuple[str, ...], ...]) -> Quoted:
    pieces = [joined(segment) for segment in words]
    quotation = maker.rows.add(
        Quotation(
            provision=provision,
            number=number,
            segments=[piece for piece, _ in pieces],
            sentence_ends=[ends for _, ends in pieces],
            taken_on=seen.since.date(),
            recorded_at=seen.since,
            recorded_by=maker.catalogue,
        )
    )
    proofs: dict[str, Proof] = {}
    for version, projection in zip(seen.versions, seen.projections, strict=True):
        text = version.snapshot.text
        if text.pk not in proofs:
            proof = proof_of(quotation, text, projection)
            proof.computed_at = version.snapshot.captured_at
            proofs[text.pk] = maker.rows.add(proof)
    return Quoted(quotation, proofs)


def _end_some(maker: Maker, clauses: Sequence[Clause], random: Random) -> None:
    """A few clauses are taken out of the catalogue, or were recorded twice."""
    for place, clause in enumerate(clauses):
        chance = random.random()
        if chance < 0.015:
            clause.provision.state = ProvisionState.REMOVED
        elif chance < 0.02 and place:
            into = clauses[0].provision
            if into.state != ProvisionState.STANDING:
                continue
            clause.provision.state, clause.provision.merged_into = ProvisionState.MERGED, into
            maker.rows.add(
                FormerAddress(
                    old_path=clause.provision.get_absolute_url(),
                    new_path=into.get_absolute_url(),
                    moved_at=clause.quoted[0].quotation.recorded_at,
                    moved_by=maker.catalogue,
                )
            )


def _touch(maker: Maker, seen: Seen, clauses: Sequence[Clause]) -> None:
    standings = defaultdict(dict)
    for clause in clauses:
        for version in seen.versions:
            states = {quoted.quotation.pk: quoted.proofs[version.snapshot.text_id].state for quoted in clause.quoted}
            standings[clause.provision.pk][version.pk] = standing(states)
    for (change, provision), how in touches_between(seen.changes, list(seen.versions), standings).items():
        maker.rows.add(ChangedProvision(change_id=change, provision_id=provision, how=how))


def _ask(maker: Maker, seen: Seen, clauses: Sequence[Clause]) -> None:
    """Opens a question for each clause whose words the newest text does not hold in one known place."""
    if not seen.versions:
        return
    newest = seen.versions[-1].snapshot
    for clause in clauses:
        proof = clause.speaking.proofs[newest.text_id]
        if proof.state in DOUBTS and clause.provision.state == ProvisionState.STANDING:
            doubt = DOUBTS[proof.state]
            maker.rows.add(
                QueueItem(provision=clause.provision, proof=proof, doubt=doubt, opened_at=newest.captured_at)
            )


def add_readings(maker: Maker, seen: Seen, found: set[str], random: Random) -> None:
    """Who read the newest text for which types: for all that stand in documents of its kind, or for some of them.
    `found`: the slugs of those that it holds.
    """
    if not seen.versions:
        return
    newest = seen.versions[-1].snapshot
    share = 1.0 if random.random() < 0.7 else random.random()
    for slug, row in maker.taxonomy.types.items():
        if slug in found or (seen.document.kind in row.document_kinds and random.random() < share):
            maker.rows.add(
                Reading(
                    document=seen.document,
                    sha256=newest.text_id,
                    captured_at=newest.captured_at,
                    clause_type=row,
                    found=slug in found,
                    read_on=(newest.captured_at + timedelta(days=2)).date(),
                    read_by=maker.machine,
                )
            )
