"""What platforms answer to the questions of a clause type: each platform once a question, whatever it has of clauses.

A platform has as many answers to a question as it has clauses of the type. It counts as *yes* or *no* if one of them
says so and none the opposite; as *yes and no* if one says yes and another no; as *does not say* if all of them were
read for it and none says; else as *not read yet*. So the five parts add up to the platforms with a clause of the type.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Count, F, QuerySet

from clauses.models import Analysis, Answer, ClauseType, RegistryEntry
from clauses.vocabulary import AnswerValue, ProvisionState, Verdict
from platforms.models import Platform

MOST_NAMED = 30  # platforms named behind a number; the number counts all of them
MOST_OFFERED = 60  # platforms to choose from in a list; every other one is found by its name
MOST_PROPOSED = 4  # platforms in a comparison that nobody has chosen
SETTLED = (Verdict.YES, Verdict.BOTH, Verdict.NO)


class Named(NamedTuple):
    """A platform as a figure names it."""

    slug: str
    name: str


@dataclass(frozen=True)
class Group:
    """How many platforms, and the first of them by name."""

    count: int
    platforms: tuple[Named, ...]

    @property
    def unnamed(self) -> int:
        """How many more there are than are named."""
        return self.count - len(self.platforms)


@dataclass(frozen=True)
class Part(Group):
    """The platforms of one verdict."""

    verdict: Verdict


@dataclass(frozen=True)
class Spread:
    """What the platforms say to one question. The parts, one for each verdict, add up to `total`."""

    key: str
    wording: str
    parts: tuple[Part, ...]
    total: int

    @property
    def given(self) -> tuple[Part, ...]:
        """The parts that have platforms."""
        return tuple(part for part in self.parts if part.count)

    @property
    def settled(self) -> int:
        """How many platforms say yes, no, or both."""
        return sum(part.count for part in self.parts if part.verdict in SETTLED)


@dataclass(frozen=True)
class Distribution:
    """The real platforms with a published standing clause of a type, and what they say to each of its questions.

    `offered`: the first of them by name; `proposed`: those that settle most questions.
    """

    platforms: int
    spreads: tuple[Spread, ...]
    offered: tuple[Named, ...]
    proposed: tuple[Named, ...]


def verdict_of(values: Iterable[str]) -> Verdict:
    """The one verdict of a platform whose clauses answer a question with these values, one a clause."""
    said = set(values)
    if {AnswerValue.YES, AnswerValue.NO} <= said:
        return Verdict.BOTH
    if AnswerValue.YES in said:
        return Verdict.YES
    if AnswerValue.NO in said:
        return Verdict.NO
    return Verdict.SILENT if said == {AnswerValue.SILENT} else Verdict.UNREAD


def tallied(
    questions: Sequence[tuple[int, str, str]],
    clauses: Mapping[int, int],
    answers: Mapping[tuple[int, int], Mapping[str, int]],
    names: Sequence[tuple[int, Named]],
) -> Distribution:
    """The figures from plain counts.

    `questions`: id, key and wording; `clauses`: how many each platform has, by its id; `answers`: by the ids of a
    platform and a question how many of those clauses give which value (one that gives none was not read for it);
    `names`: id and name of each platform that has clauses, in the order in which they are named.
    """
    verdicts: dict[int, dict[int, Verdict]] = {}
    for question, _, _ in questions:
        found = verdicts[question] = {}
        for platform, count in clauses.items():
            values = answers.get((platform, question), {})
            unread = [AnswerValue.UNREAD] if sum(values.values()) < count else []
            found[platform] = verdict_of([*values, *unread])
    settled = Counter(
        platform for found in verdicts.values() for platform, verdict in found.items() if verdict in SETTLED
    )
    most_settled = sorted(range(len(names)), key=lambda position: (-settled[names[position][0]], position))
    return Distribution(
        platforms=len(names),
        spreads=tuple(
            Spread(key, wording, _parts(verdicts[question], names), len(names)) for question, key, wording in questions
        ),
        offered=tuple(name for _, name in names[:MOST_OFFERED]),
        proposed=tuple(names[position][1] for position in sorted(most_settled[:MOST_PROPOSED])),
    )


def _parts(verdicts: Mapping[int, Verdict], names: Sequence[tuple[int, Named]]) -> tuple[Part, ...]:
    of_verdict: dict[Verdict, list[Named]] = {verdict: [] for verdict in Verdict}
    for platform, name in names:
        of_verdict[verdicts[platform]].append(name)
    return tuple(Part(len(held), tuple(held[:MOST_NAMED]), verdict) for verdict, held in of_verdict.items())


def distribution(clause_type: ClauseType) -> Distribution:
    """Of the published standing clauses of real platforms, a document counting for each platform that it serves; in
    six queries.
    """
    clauses: Counter[int] = Counter()
    answers: dict[tuple[int, int], Counter[str]] = {}
    for serving in ("platform", "also_serves"):
        counted = _of_platforms(Analysis.objects.all(), "", serving, clause_type)
        clauses.update(dict(counted.values_list("served").annotate(Count("pk"))))
        given = _of_platforms(Answer.objects.all(), "analysis__", serving, clause_type)
        for platform, question, value, count in given.values_list("served", "question", "value").annotate(Count("pk")):
            answers.setdefault((platform, question), Counter())[value] += count
    named = Platform.objects.filter(pk__in=clauses).order_by("sort_key", "pk").values_list("pk", "slug", "name")
    return tallied(
        questions=list(clause_type.questions.values_list("pk", "key", "wording")),
        clauses=clauses,
        answers=answers,
        names=[(pk, Named(slug, name)) for pk, slug, name in named],
    )


def platforms_by_type() -> dict[int, int]:
    """How many real platforms have a published standing clause of each type, by the id of the type; in two queries."""
    home = RegistryEntry.objects.filter(invented=False).values_list("clause_type", "platform").distinct()
    serving = {"document__also_serves__invented": False}
    shared = RegistryEntry.objects.filter(**serving).values_list("clause_type", "document__also_serves").distinct()
    return dict(Counter(clause_type for clause_type, _ in {*home, *shared}))


def _of_platforms(rows: QuerySet, analysis: str, serving: str, clause_type: ClauseType) -> QuerySet:
    """Rows of the published standing clauses of a type, each with the real platform that its document serves."""
    platform = f"{analysis}provision__document__{serving}"
    return (
        rows.filter(
            **{
                f"{analysis}state": "published",
                f"{analysis}provision__state": ProvisionState.STANDING,
                f"{analysis}provision__clause_type": clause_type,
                f"{platform}__invented": False,
            }
        )
        .order_by()
        .annotate(served=F(f"{platform}__pk"))
    )
