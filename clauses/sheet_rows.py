"""Clauses as rows of a sheet: what an export writes, and what a check of a sheet has to know."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from clauses.models import Analysis, Answer, ClauseType, Provision, Question, Quotation
from clauses.sheets import FINGERPRINT, Known, Line, Plan, Sheet, Standing, check, columns_for, fingerprint_of, written
from clauses.sheets.columns import ANALYSIS, CLAUSE, QUOTED, answer_columns
from clauses.vocabulary import AnalysisState, ProvisionState
from conductatlas.records import parse
from conductatlas.rules import RESERVED_SLUGS
from platforms.models import Document, Jurisdiction, Platform

AT_ONCE = 500
OPEN = (AnalysisState.DRAFT, AnalysisState.IN_REVIEW)


@dataclass(frozen=True)
class Clause:
    """A clause with what its row shows: its open draft, or else its published analysis, or else the last one; the
    words which that is about, or else the newest.
    """

    provision: Provision
    analysis: Analysis | None
    quotation: Quotation | None
    answers: Mapping[str, Answer]
    published: bool

    def cells(self, questions: Sequence[str]) -> dict[str, str]:
        """The row of the clause, in the order of the columns."""
        provision, analysis = self.provision, self.analysis
        shown = f"version {analysis.version}, {analysis.get_state_display()}" if analysis else "none"
        values = {
            "record": provision.record_id,
            "analysis": shown,
            "platform": provision.document.platform.slug,
            "document": provision.document.slug,
            "clause_type": provision.clause_type.slug,
            **{column: getattr(provision, column) for column in CLAUSE},
        }
        if self.quotation:
            values |= {column: getattr(self.quotation, column) for column in QUOTED[1:]}
            values["words"] = self.quotation.segments
        if analysis:
            values |= {column: getattr(analysis, column) for column in ANALYSIS}
        for key, answer in self.answers.items():
            values |= zip(answer_columns(key), (answer.value, answer.sentences, answer.detail), strict=True)
        cells = {column: written(column, values.get(column)) for column in columns_for(questions)}
        return cells | {FINGERPRINT: fingerprint_of(cells)}


def questions_of(clause_type: ClauseType) -> dict[str, Question]:
    """The questions of a clause type by key, in their order."""
    return {question.key: question for question in clause_type.questions.order_by("position", "key")}


def sheet_rows(provisions: Iterable[int], questions: Sequence[str]) -> Iterator[list[str]]:
    """The rows of an export, in the order of these ids, read a few hundred at a time."""
    keys = iter(provisions)
    while some := list(islice(keys, AT_ONCE)):
        found = {clause.provision.pk: clause for clause in clauses_of(some)}
        yield from (list(found[key].cells(questions).values()) for key in some if key in found)


def clauses_of(provisions: Sequence[int]) -> Iterator[Clause]:
    """The clauses with these ids, in four queries."""
    analyses: dict[int, Analysis] = {}
    published = set()
    rows = Analysis.objects.filter(provision__in=provisions).defer("payload").order_by("version")
    for analysis in rows:
        kept = analyses.get(analysis.provision_id)
        if kept is None or _rank(analysis) >= _rank(kept):
            analyses[analysis.provision_id] = analysis
        if analysis.state == AnalysisState.PUBLISHED:
            published.add(analysis.provision_id)
    newest: dict[int, Quotation] = {}
    quotations: dict[int, Quotation] = {}
    for quotation in Quotation.objects.filter(provision__in=provisions).order_by("number"):
        newest[quotation.provision_id] = quotations[quotation.pk] = quotation
    answers: dict[int, dict[str, Answer]] = defaultdict(dict)
    shown = [analysis.pk for analysis in analyses.values()]
    for answer in Answer.objects.filter(analysis__in=shown).select_related("question"):
        answers[answer.analysis_id][answer.question.key] = answer
    for provision in Provision.objects.with_place().select_related("merged_into").filter(pk__in=provisions):
        analysis = analyses.get(provision.pk)
        yield Clause(
            provision,
            analysis,
            quotations[analysis.quotation_id] if analysis else newest.get(provision.pk),
            answers[analysis.pk] if analysis else {},
            provision.pk in published,
        )


def _rank(analysis: Analysis) -> int:
    """Which analysis speaks for a clause in a sheet; of the same rank, the later version."""
    return 2 if analysis.state in OPEN else 1 if analysis.state == AnalysisState.PUBLISHED else 0


@dataclass(frozen=True)
class Prepared:
    """A checked sheet with the records that its rows are about."""

    plan: Plan
    clause_type: ClauseType | None
    questions: Mapping[str, Question]
    clauses: Mapping[str, Clause]
    documents: Mapping[tuple[str, str], Document]


def prepare(sheet: Sheet, *, may_rename: bool, lock: bool = False) -> Prepared:
    """Checks a sheet against the catalogue, in a fixed number of queries. `may_rename`:
    whether its author may change the title and the address of a published clause; `lock`: until the transaction ends,
    nobody else changes its clauses.
    """
    slugs = list(ClauseType.objects.values_list("slug", flat=True))
    named = next((name for line in sheet.lines if (name := _cell(line, "clause_type")) in slugs), "")
    clause_type = ClauseType.objects.filter(slug=named).first()
    questions = questions_of(clause_type) if clause_type else {}
    clauses = _clauses(sheet, clause_type, lock=lock) if clause_type else {}
    documents = _documents(sheet)
    named_platforms: dict[str, set[str]] = {slug: set() for slug in Platform.objects.values_list("slug", flat=True)}
    for platform, document in documents:
        named_platforms[platform].add(document)
    known = Known(
        clause_type=named,
        questions=list(questions),
        clause_types=slugs,
        documents=named_platforms,
        clauses={
            record: _standing(clause, list(questions), may_rename=may_rename) for record, clause in clauses.items()
        },
        taken=_taken(sheet, documents),
        jurisdictions=set(Jurisdiction.objects.values_list("code", flat=True)),
        reserved=RESERVED_SLUGS,
    )
    return Prepared(check(sheet, known), clause_type, questions, clauses, documents)


def _cell(line: Line, column: str) -> str:
    return line.cells.get(column, "").strip()


def _clauses(sheet: Sheet, clause_type: ClauseType, *, lock: bool) -> dict[str, Clause]:
    numbers = []
    for line in sheet.lines:
        try:
            numbers.append(parse(_cell(line, "record")).number)
        except ValueError:
            continue  # the check says so
    rows = Provision.objects.filter(clause_type=clause_type, number__in=numbers).order_by("pk")
    if lock:
        rows = rows.select_for_update()
    keys = list(rows.values_list("pk", flat=True))
    if lock:
        list(Analysis.objects.select_for_update().filter(provision__in=keys).order_by("pk").values_list("pk"))
    return {clause.provision.record_id: clause for clause in clauses_of(keys)}


def _documents(sheet: Sheet) -> dict[tuple[str, str], Document]:
    """The documents of the platforms that a sheet names, by the slugs of both."""
    named = {_cell(line, "platform") for line in sheet.lines}
    rows = Document.objects.filter(platform__slug__in=named).select_related("platform")
    return {(document.platform.slug, document.slug): document for document in rows}


def _taken(sheet: Sheet, documents: Mapping[tuple[str, str], Document]) -> dict[tuple[str, str, str], str]:
    """The addresses that a sheet would give and that a clause has already, with its record."""
    places = {document.pk: place for place, document in documents.items()}
    slugs = {_cell(line, "slug") for line in sheet.lines}
    rows = Provision.objects.filter(document__in=places, slug__in=slugs).only("number", "slug", "document")
    return {(*places[row.document_id], row.slug): row.record_id for row in rows}


def _standing(clause: Clause, questions: Sequence[str], *, may_rename: bool) -> Standing:
    provision, analysis = clause.provision, clause.analysis
    return Standing(
        record=provision.record_id,
        cells=clause.cells(questions),
        version=analysis.version if analysis else 0,
        state=analysis.state if analysis else "",
        sentences=len(clause.quotation.sentences) if clause.quotation else 0,
        fixed=clause.published and not may_rename,
        merged=provision.merged_into.record_id if provision.state == ProvisionState.MERGED else "",
    )
