"""Every count shown anywhere. Each figure carries its denominator; invented platforms are in none that readers see."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db.models import Aggregate, Count, Max, Min, OuterRef, Q, QuerySet, Subquery

from clauses.models import Agency, Analysis, Answer, ClauseType, Provision, Question, QueueItem, Reading, Regulation
from clauses.vocabulary import AnalysisState, AnswerValue, ProvisionState
from platforms.models import Change, Check, Document, Platform, Snapshot, Transition, Version
from platforms.vocabulary import ChangeKind
from platforms.waiting import failing, set_aside, to_decide, to_review

Entry = TypeVar("Entry", Agency, Regulation)

FEWEST_FOR_RARITY = 20  # platforms read, below which "rare" or "common" would say more than is known


@dataclass(frozen=True)
class Adoption:
    """How many platforms have a clause of one type.

    `found` of `read`: platforms whose current documents of the kinds that the type lists have all been read, and
    those of them where a document holds it. `recorded` of `catalogued`: platforms with a published clause of the
    type, read through or not.
    """

    found: int
    read: int
    recorded: int
    catalogued: int

    @property
    def rarity(self) -> str:
        """Unique, Rare, Uncommon or Common; empty while too few platforms have been read."""
        if self.read < FEWEST_FOR_RARITY or not self.found:
            return ""
        if self.found == 1:
            return "Unique"
        share = self.found / self.read
        return "Rare" if share < 0.1 else "Uncommon" if share < 0.5 else "Common"

    @property
    def phrase(self) -> str:
        """For a badge."""
        return (
            f"in {self.found} of {self.read} platforms read"
            if self.read
            else f"recorded for {self.recorded} of {self.catalogued} platforms"
        )

    @property
    def sentence(self) -> str:
        """The figures in words, each with its denominator."""
        of_all = f"{self.recorded} of its {self.catalogued} platforms"
        held = f"The catalogue holds published clauses of this type from {of_all}."
        if not self.read:
            return f"{held} No platform has been read through for this type yet, so this says nothing of the others."
        have = "has" if self.found == 1 else "have"
        return f"Of {self.read} platforms read through for this type, {self.found} {have} it. {held}"


def adoption(clause_type: ClauseType) -> Adoption:
    """The figures of one clause type, in three queries. A document that serves several platforms is read for each."""
    newest = Reading.objects.filter(clause_type=clause_type, document=OuterRef("pk")).order_by("-captured_at")
    documents = (
        Document.objects.current()
        .filter(platform__invented=False, kind__in=clause_type.document_kinds)
        .values_list("pk", "platform_id", Subquery(newest.values("found")[:1]))
    )
    shared: dict[int, list[int]] = {}
    real = Document.also_serves.through.objects.filter(platform__invented=False)
    for document, platform in real.values_list("document_id", "platform_id"):
        shared.setdefault(document, []).append(platform)
    of_platform: dict[int, list[bool | None]] = {}
    for document, platform, found in documents:
        of_platform.setdefault(platform, []).append(found)
        for served in shared.get(document, ()):
            of_platform.setdefault(served, []).append(found)
    read = [found for found in of_platform.values() if None not in found]
    counts = Platform.objects.real().aggregate(
        catalogued=Count("pk", distinct=True),
        recorded=Count(
            "pk",
            distinct=True,
            filter=Q(documents__provisions__in=_counted(clause_type))
            | Q(shared_documents__provisions__in=_counted(clause_type)),
        ),
    )
    return Adoption(found=sum(any(found) for found in read), read=len(read), **counts)


def _counted(clause_type: ClauseType):
    return Provision.objects.published().filter(clause_type=clause_type).values("pk")


@dataclass(frozen=True)
class Totals:
    """What the catalogue holds, without invented platforms; `invented` says how many of those stand beside them."""

    platforms: int
    documents: int
    clauses: int
    texts: int
    clause_types: int
    invented: int


def totals() -> Totals:
    """The figures of the whole catalogue, in four queries."""
    platforms = Platform.objects.aggregate(
        real=Count("pk", filter=Q(invented=False)), invented=Count("pk", filter=Q(invented=True))
    )
    return Totals(
        platforms=platforms["real"],
        invented=platforms["invented"],
        documents=Document.objects.current().filter(platform__invented=False).count(),
        clauses=Provision.objects.published().filter(document__platform__invented=False).count(),
        texts=Version.objects.counting()
        .filter(document__platform__invented=False)
        .values("snapshot__text")
        .distinct()
        .count(),
        clause_types=ClauseType.objects.count(),
    )


def severity_counts(platforms: Collection[int] | None = None) -> dict[str, int]:
    """Published standing clauses by severity; the parts add up to `Totals.clauses` (or to the clauses of the given
    platforms).
    """
    analyses = Analysis.objects.filter(state=AnalysisState.PUBLISHED, provision__state=ProvisionState.STANDING)
    if platforms is None:
        analyses = analyses.filter(provision__document__platform__invented=False)
    else:
        analyses = analyses.filter(provision__document__platform__in=platforms)
    counted = dict(analyses.values_list("severity").annotate(Count("pk")))
    return {level: counted.get(level, 0) for level in ("high", "medium", "low")}


def with_own_figures(platforms: QuerySet[Platform]) -> QuerySet[Platform]:
    """Adds what each platform itself has: `document_count` (current ones) and `clause_count` (published, standing)."""
    clauses = _standing("documents__provisions", "documents__provisions__analyses")
    return platforms.annotate(
        document_count=Count("documents", filter=Q(documents__retired_on__isnull=True), distinct=True),
        clause_count=Count("documents__provisions", filter=clauses, distinct=True),
    ).order_by("sort_key")


def with_clauses_of_type(clause_types: QuerySet[ClauseType]) -> QuerySet[ClauseType]:
    """Adds `clause_count`: published standing clauses of each type, of real platforms."""
    clauses = _standing("provisions", "provisions__analyses") & Q(provisions__document__platform__invented=False)
    return clause_types.annotate(clause_count=Count("provisions", filter=clauses, distinct=True)).order_by("sort_key")


def with_clauses_applied(entries: QuerySet[Entry]) -> QuerySet[Entry]:
    """Adds `clause_count` to agencies or laws: published standing clauses of real platforms that name them."""
    provision = "applied__analysis__provision"
    clauses = _standing(provision, "applied__analysis") & Q(**{f"{provision}__document__platform__invented": False})
    counted = entries.annotate(clause_count=Count(provision, filter=clauses, distinct=True))
    return counted.order_by("jurisdiction__name", "sort_key")


def _standing(provision: str, analysis: str) -> Q:
    return Q(**{f"{provision}__state": ProvisionState.STANDING, f"{analysis}__state": AnalysisState.PUBLISHED})


@dataclass(frozen=True)
class AnswerGroup:
    """The clauses that give one answer; each row is an analysis with its clause and its place."""

    value: AnswerValue
    analyses: list[Analysis]


@dataclass(frozen=True)
class AnswerFigures:
    """What the published standing clauses of a type, of real platforms, say to one question. The groups, "not read"
    among them, add up to `total`; no clause stands in two.
    """

    question: Question
    groups: list[AnswerGroup]
    total: int


def answer_figures(clause_type: str) -> dict[str, AnswerFigures]:
    """By the keys of the questions of a clause type, which is given by its slug; in three queries."""
    analyses = list(
        Analysis.objects.published()
        .filter(
            provision__clause_type__slug=clause_type,
            provision__state=ProvisionState.STANDING,
            provision__document__platform__invented=False,
        )
        .select_related("provision__document__platform")
        .order_by("provision__document__platform__sort_key", "provision__document__title", "provision__title")
        .defer("payload", "rendered")
    )
    given = {
        (row.analysis_id, row.question_id): AnswerValue(row.value)
        for row in Answer.objects.filter(analysis__in=analyses)
    }
    figures = {}
    for question in Question.objects.filter(clause_type__slug=clause_type):
        by_value: dict[AnswerValue, list[Analysis]] = {value: [] for value in AnswerValue}
        for analysis in analyses:
            by_value[given.get((analysis.pk, question.pk), AnswerValue.UNREAD)].append(analysis)
        groups = [AnswerGroup(value, rows) for value, rows in by_value.items() if rows]
        figures[question.key] = AnswerFigures(question, groups, len(analyses))
    return figures


@dataclass(frozen=True)
class ReadFigures:
    """The newest reading of each current document of a real platform that was read for a clause type: it was `found`
    in so many of them.
    """

    readings: list[Reading]

    @property
    def documents(self) -> int:
        return len(self.readings)

    @property
    def found(self) -> int:
        return sum(reading.found for reading in self.readings)

    @property
    def platforms(self) -> int:
        return len({reading.document.platform_id for reading in self.readings})


def read_figures(clause_type: str) -> ReadFigures:
    """By the slug of the clause type; in one query."""
    current = Reading.objects.filter(
        clause_type__slug=clause_type, document__retired_on=None, document__platform__invented=False
    )
    newest = current.newest().select_related("document__platform", "document__market")
    return ReadFigures(sorted(newest, key=lambda row: (row.document.platform.sort_key, row.document.title)))


@dataclass(frozen=True)
class ChangeFigures:
    """How often a document changed, from the first text that we hold (`since`) to our last look (`until`): `changes`
    observed between `versions` that count, in `checks` looks. Reported changes and noise are in no figure.
    """

    changes: int
    versions: int
    checks: int
    since: datetime | None
    until: datetime | None


def change_figures(document: Document) -> ChangeFigures:
    """In one query."""
    own = {"document": OuterRef("pk")}
    changes = Change.objects.public().filter(**own, kind=ChangeKind.OBSERVED)
    versions, checks = Version.objects.counting().filter(**own), Check.objects.filter(**own)
    figures = Document.objects.filter(pk=document.pk).annotate(
        changes_=_of(changes, Count("pk")),
        versions_=_of(versions, Count("pk")),
        checks_=_of(checks, Count("pk")),
        since=_of(versions, Min("snapshot__captured_at")),
        until=_of(checks, Max("checked_at")),
    )
    changed, held, looks, since, until = figures.values_list("changes_", "versions_", "checks_", "since", "until").get()
    return ChangeFigures(changed or 0, held or 0, looks or 0, since, until)


def _of(rows: QuerySet, figure: Aggregate) -> Subquery:
    """A figure over rows, as a subquery; None where there are none."""
    return Subquery(rows.order_by().values("document").annotate(figure=figure).values("figure"))


@dataclass(frozen=True)
class Waiting:
    """How many records wait for a person. Those of invented platforms are among them, as in the lists they lead to.

    `snapshots` set aside, `changes` observed and not reviewed, `readings` of a page that may have been changes,
    `questions` about clauses, `documents` at which our last look failed.
    """

    snapshots: int
    changes: int
    readings: int
    questions: int
    documents: int


def waiting() -> Waiting:
    """In five queries."""
    return Waiting(
        snapshots=set_aside(Snapshot.objects.all()).count(),
        changes=to_review(Change.objects.all()).count(),
        readings=to_decide(Transition.objects.all()).count(),
        questions=QueueItem.objects.filter(settled_at=None).count(),
        documents=failing(Document.objects.all()).count(),
    )
