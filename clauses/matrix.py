"""Platforms beside each other: what the clauses of one type answer, question by question, with the words behind each.

Everything in a cell comes from the frozen record of a clause; where its words stand today from its proofs.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse

from clauses.actions import CONTENT
from clauses.choosing import Choice, choice
from clauses.evidence import Evidence, evidence_of
from clauses.figures import Distribution, Named
from clauses.models import Analysis, ClauseType, Provision, Question
from clauses.pages import Frozen
from clauses.type_pages import distribution_of
from clauses.vocabulary import AnswerValue
from platforms.editions import current_edition

MOST_CLAUSES = 5  # of one platform, the strongest first
HEADER = (
    *("question", "platform", "document", "clause", "record", "severity", "proof", "published"),
    *("answer", "detail", "words", "address"),
)


@dataclass(frozen=True)
class Entry:
    """A clause in a column. `place` tells it from the platform's others: its document, and its title where one document
    has several.
    """

    frozen: Frozen
    evidence: Evidence
    place: str

    @property
    def provision(self) -> Provision:
        return self.frozen.analysis.provision

    @cached_property
    def answers(self) -> dict[str, Mapping]:
        """The frozen answers by the keys of their questions."""
        return {answer["key"]: answer for answer in self.frozen.payload["answers"]}


@dataclass(frozen=True)
class Column:
    """A platform with its strongest clauses of the type; `more` are left out."""

    platform: Named
    entries: tuple[Entry, ...]
    more: int


@dataclass(frozen=True)
class Answered:
    """What one clause answers to one question: `words` are the quoted sentences that the answer rests on."""

    entry: Entry
    value: str
    name: str
    detail: str
    words: str


@dataclass(frozen=True)
class Cell:
    """The answers of one platform to one question, one a clause."""

    column: Column
    answers: tuple[Answered, ...]


@dataclass(frozen=True)
class Row:
    """A question with a cell for each column."""

    question: Question
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Matrix:
    """A comparison. `choice` says what was asked for and what of it could not be shown."""

    clause_type: ClauseType
    distribution: Distribution
    choice: Choice
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    @property
    def query(self) -> str:
        """The platforms shown, sorted, as a query string."""
        return urlencode([("p", column.platform.slug) for column in sorted(self.columns, key=_slug)])

    @property
    def address(self) -> str:
        """The permanent address of this choice: one, however it was asked for."""
        bare = f"{settings.SITE_URL}{reverse('compare', args=[self.clause_type.slug])}"
        return f"{bare}?{self.query}" if self.choice.asked and self.columns else bare

    @property
    def offered(self) -> list[tuple[Named, bool]]:
        """The platforms to choose from, with those that are shown."""
        shown = [column.platform for column in self.columns]
        beyond = [platform for platform in shown if platform not in self.distribution.offered]
        return [(platform, platform in shown) for platform in (*self.distribution.offered, *beyond)]

    @property
    def not_offered(self) -> int:
        return self.distribution.platforms - len(self.offered)

    def lines(self) -> Iterator[tuple[str, ...]]:
        """The cells of the page as rows of a table under `HEADER`: one for each question and clause."""
        for row in self.rows:
            for cell in row.cells:
                for answer in cell.answers:
                    payload = answer.entry.frozen.payload
                    yield (
                        row.question.wording,
                        cell.column.platform.name,
                        payload["document"]["title"],
                        payload["clause"]["title"],
                        payload["record"],
                        payload["severity"]["name"],
                        answer.entry.evidence.phrase,
                        payload["published_at"][:10],
                        answer.name,
                        answer.detail,
                        answer.words,
                        answer.entry.frozen.permanent_address,
                    )


def matrix(clause_type: ClauseType, asked: Sequence[str]) -> Matrix:
    """The comparison of the platforms that were asked for by slug or name; of those that settle most where none was.
    Ten queries, and those of the distribution once an edition.
    """
    known = distribution_of(clause_type, current_edition())
    made = choice(asked or [platform.slug for platform in known.proposed], clause_type, asked=bool(asked))
    columns = _columns(made, clause_type)
    rows = tuple(
        Row(question, tuple(Cell(column, _answers(column, question)) for column in columns))
        for question in clause_type.questions.all()
    )
    return Matrix(clause_type, known, made, columns, rows)


def _slug(column: Column) -> str:
    return column.platform.slug


def _columns(made: Choice, clause_type: ClauseType) -> tuple[Column, ...]:
    chosen = {platform: made.clauses[platform][:MOST_CLAUSES] for platform in made.shown}
    analyses = (
        Analysis.objects.published()
        .filter(provision__in=[clause for clauses in chosen.values() for clause in clauses])
        .select_related("quotation__provision", "provision__document__platform")
        .defer(*CONTENT, "rendered")
    )
    held = {analysis.provision_id: analysis for analysis in analyses}
    evidence = evidence_of([analysis.quotation for analysis in held.values()])
    columns = []
    for platform, clauses in chosen.items():
        shown = [held[clause] for clause in clauses if clause in held]
        documents = [analysis.provision.document_id for analysis in shown]
        entries = tuple(
            Entry(
                Frozen(analysis),
                evidence[analysis.quotation_id],
                _place(analysis.provision, alone=documents.count(analysis.provision.document_id) == 1),
            )
            for analysis in shown
        )
        columns.append(Column(Named(platform.slug, platform.name), entries, len(made.clauses[platform]) - len(entries)))
    return tuple(columns)


def _place(provision: Provision, *, alone: bool) -> str:
    return provision.document.title if alone else f"{provision.document.title}: {provision.title}"


def _answers(column: Column, question: Question) -> tuple[Answered, ...]:
    return tuple(_answered(entry, question) for entry in column.entries)


def _answered(entry: Entry, question: Question) -> Answered:
    """The frozen answer; a question that is newer than the record has not been read yet."""
    answer = entry.answers.get(question.key)
    if answer is None:
        return Answered(entry, AnswerValue.UNREAD.value, AnswerValue.UNREAD.label, "", "")
    words = _quoted(entry.frozen, answer["sentences"])
    return Answered(entry, answer["value"], answer["name"], answer["detail"], words)


def _quoted(frozen: Frozen, numbers: Sequence[int]) -> str:
    """The sentences of these numbers; a mark stands where the text between them is left out."""
    wanted, words, last = set(numbers), "", None
    for sentence in frozen.sentences:
        if sentence.number in wanted:
            follows = last and (sentence.number, sentence.segment) == (last.number + 1, last.segment)
            words += sentence.words if follows or not last else f" […] {sentence.words}"
            last = sentence
    return " ".join(words.split())
