"""Platforms and documents of a generated catalogue, and what was seen of them: texts, snapshots, verdicts, versions,
transitions, changes and checks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from django.utils.text import slugify

from conductatlas.canonical import fingerprint
from conductatlas.rules import sort_key
from platforms.actions.evidence import outcome_of
from platforms.deriving import Link, said_of, transition_of
from platforms.lineage import Fate as Came
from platforms.lineage import Lineage, fates
from platforms.models import (
    Change,
    Check,
    Document,
    Outline,
    Passage,
    Platform,
    PlatformName,
    Snapshot,
    Text,
    Verdict,
    Version,
)
from platforms.outlines import courses
from platforms.plaintext import Projection, project
from platforms.vocabulary import (
    ChangeKind,
    CheckOutcome,
    Direction,
    DocumentKind,
    Judgement,
    ReviewState,
    Sector,
    Severity,
)

from .copying import Rows, Served
from .planning import DocumentPlan, PlatformPlan, skewed
from .policies import Policy, compose
from .prose import Writer, company
from .taxonomy import Taxonomy
from .topics import topic_of

FIRST_DAY = datetime(2023, 1, 2, 6, 0, tzinfo=UTC)
TODAY = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)  # of the generated catalogue
SECTORS = (
    Sector.SOCIAL, Sector.COMMERCE, Sector.AI_ASSISTANTS, Sector.OTHER, Sector.DEVELOPER_TOOLS, Sector.FINANCE,
    Sector.CLOUD, Sector.AI_MEDIA, Sector.STORAGE, Sector.TRANSLATION,
)  # fmt: skip


@dataclass
class Maker:
    """What all that is generated is made with: `catalogue` and `machine` are the built-in actors."""

    writer: Writer
    taxonomy: Taxonomy
    rows: Rows
    catalogue: Any
    machine: Any


@dataclass(frozen=True)
class Seen:
    """What is held of a document: `versions` that count, oldest first, each with the projection of its text;
    `changes`: the ids of the snapshots before and after → the id of the change.
    """

    document: Document
    policy: Policy
    versions: Sequence[Version]
    projections: Sequence[Projection]
    changes: dict[tuple[int, int], int]

    @property
    def since(self) -> datetime:
        """When all that is held had been captured."""
        return self.versions[-1].snapshot.captured_at if self.versions else FIRST_DAY


def add_platform(maker: Maker, plan: PlatformPlan, random: Random) -> Platform:
    platform = maker.rows.add(
        Platform(
            slug=slugify(plan.name),
            name=plan.name,
            sort_key=sort_key(plan.name),
            sector=skewed(random, SECTORS, skew=0.6),
            website=f"https://{slugify(plan.name)}.example",
            description=maker.writer.sentence(random)[:300],
        )
    )
    for name in plan.former:
        year = str(random.randint(2015, 2025))
        maker.rows.add(PlatformName(platform=platform, name=name, until=year, in_use=False))
    return platform


def add_document(maker: Maker, platform: Platform, plan: DocumentPlan, random: Random, *, place: int) -> Seen:
    """A document, the `place`-th of its platform from 0 on, with the texts that were seen of it."""
    label = DocumentKind(plan.kind).label
    title = f"{platform.name} {label}" + (f" ({plan.market})" if plan.market else "")
    moments = _moments(random)
    document = maker.rows.add(
        Document(
            number=maker.rows.next_number(Document),
            platform=platform,
            slug=f"{slugify(label)}-{place + 1}" if place > 1 else slugify(label),
            title=title,
            kind=plan.kind,
            party=company(random, platform.name) if random.random() < 0.8 else "",
            market=maker.taxonomy.places.get(plan.market),
            language="en",
            family=slugify(label) if plan.market else "",
            source_url=f"{platform.website}/legal/{slugify(label)}",
            stated_updated=moments[-1].date() - timedelta(days=5) if moments else None,
            retired_on=(TODAY - timedelta(days=random.randint(1, 200))).date() if random.random() < 0.03 else None,
        )
    )
    if random.random() < 0.03 and platform.pk > 1:
        maker.rows.add(Served(document=document, platform_id=random.randint(1, platform.pk - 1)))
    policy = compose(
        random,
        maker.writer,
        title=title,
        topics=[topic_of(slug) for slug in plan.types],
        updated=[moment.date() - timedelta(days=5) for moment in moments[:2]],
    )
    seen = _captured(maker, document, policy, moments)
    _looks(maker, document, random, since=seen.since)
    return seen


def _moments(random: Random) -> list[datetime]:
    """When it was captured: never, once, twice with other words, or a third time with the same."""
    count = random.choices((0, 1, 2, 3), (6, 32, 54, 8))[0]
    moments = [FIRST_DAY + timedelta(days=random.randint(0, 900), minutes=random.randint(0, 600))]
    for _ in range(count - 1):
        moments.append(moments[-1] + timedelta(days=random.randint(40, 240)))
    return moments[:count]


def _captured(maker: Maker, document: Document, policy: Policy, moments: Sequence[datetime]) -> Seen:
    lineage, links, projections = Lineage(language=document.language), [], []
    for place, moment in enumerate(moments):
        content = policy.texts[min(place, len(policy.texts) - 1)]
        snapshot = _snapshot(maker, document, content, moment, new=place < len(policy.texts))
        projections.append(project(content) if place < len(policy.texts) else projections[-1])
        version = maker.rows.add(Version(document=document, snapshot=snapshot, number=place + 1))
        step = lineage.add(projections[-1])
        links.append(Link(version, links[-1].version if links else None, None, step))
        maker.rows.add(transition_of(links[-1]))
        counted = outcome_of(step.kind, counts=True)
        _check(maker, document, moment, counted, step.reason, snapshot=snapshot)
    _words_over_time(maker, document, links)
    return Seen(document, policy, [link.version for link in links], projections, _changes(maker, document, links))


def _words_over_time(maker: Maker, document: Document, links: Sequence[Link]) -> None:
    """Outlines and passages, as `platforms.outlining` makes them of stored texts."""
    outlines = [(link.version.number, link.step.outline) for link in links]
    words = {digest: own for _, outline in outlines for digest, own in outline.words.items()}
    for link in links:
        outline = link.step.outline
        maker.rows.add(Outline(version=link.version, digests=list(outline.digests), levels=list(outline.levels)))
    for digest, course in courses(outlines).items():
        maker.rows.add(
            Passage(
                document=document,
                digest=digest,
                words=words[digest],
                heading=words.get(course.heading, ""),
                stands=course.stands,
                spans=course.spans,
            )
        )


def _snapshot(maker: Maker, document: Document, content: str, moment: datetime, *, new: bool) -> Snapshot:
    """With its text, where that is new, and the verdict that it counts."""
    text = Text(sha256=fingerprint(content), content=content)
    if new:
        maker.rows.add(text)
    snapshot = maker.rows.add(
        Snapshot(
            number=maker.rows.next_number(Snapshot),
            document=document,
            text=text,
            captured_at=moment,
            url=document.source_url,
            final_url=document.source_url,
            http_status=200,
            language="en",
            tool="generated",
            recorded_at=moment,
            recorded_by=maker.machine,
        )
    )
    maker.rows.add(Verdict(snapshot=snapshot, judgement=Judgement.ACCEPTED, judged_at=moment, judged_by=maker.machine))
    return snapshot


def _changes(maker: Maker, document: Document, links: Sequence[Link]) -> dict[tuple[int, int], int]:
    moments, found = fates(link.seen for link in links), {}
    for link in links:
        if not link.is_change:
            continue
        came = moments.get(link.pair, Came())
        change = Change(
            number=maker.rows.next_number(Change),
            document=document,
            kind=ChangeKind.OBSERVED,
            before_id=link.pair[0],
            after_id=link.pair[1],
            recorded_at=link.version.snapshot.captured_at,
            withdrawn_at=came.withdrawn_at,
            restored_at=came.restored_at,
            **said_of(link),
        )
        _review(maker, change, Random(f"change {change.number}"))
        found[link.pair] = maker.rows.add(change).pk
    return found


def _review(maker: Maker, change: Change, random: Random) -> None:
    """Most changes wait for an analyst; some were confirmed, a few are noise."""
    change.review = random.choices(list(ReviewState), (70, 26, 4))[0]
    if change.review == ReviewState.UNREVIEWED:
        return
    change.reviewed_at, change.reviewed_by = change.recorded_at + timedelta(days=3), maker.catalogue
    if change.review == ReviewState.CONFIRMED:
        change.title = maker.writer.title(random, topic_of("unilateral-changes"))[:200]
        change.summary = maker.writer.about(random, topic_of("unilateral-changes"), by="the platform")
        change.impact = maker.writer.sentence(random, by="they")
        change.severity, change.direction = random.choice(list(Severity)), random.choice(list(Direction))


def _looks(maker: Maker, document: Document, random: Random, *, since: datetime) -> None:
    """Checks that brought no text that counts."""
    moment = since
    for _ in range(random.randint(1, 6)):
        moment += timedelta(days=random.randint(5, 30), minutes=random.randint(1, 600))
        outcome = CheckOutcome.UNCHANGED if random.random() < 0.94 else CheckOutcome.FAILED
        reason = "No answer from the address within 30 seconds." if outcome == CheckOutcome.FAILED else ""
        _check(maker, document, moment, outcome, reason)


def _check(
    maker: Maker, document: Document, moment: datetime, outcome: str, reason: str, snapshot: Snapshot | None = None
) -> None:
    maker.rows.add(
        Check(
            document=document,
            checked_at=moment,
            outcome=outcome,
            reason=reason,
            snapshot=snapshot,
            recorded_by=maker.machine,
        )
    )
