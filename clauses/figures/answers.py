"""What the clauses of a type answer, and what was read to find them."""

from dataclasses import dataclass

from clauses.models import Analysis, Answer, Question, Reading
from clauses.vocabulary import AnswerValue, ProvisionState


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
