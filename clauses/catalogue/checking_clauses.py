"""What must hold of clauses: every sentence rests on something there, every answer and step fits the clause type."""

from collections.abc import Iterator

from clauses.quoting import problems as quotation_problems
from clauses.sentences import problems as prose_problems
from clauses.vocabulary import AnswerValue, ProvisionState
from clauses.words import joined

from . import clause_schema, schema
from .checking_documents import named_text
from .fields import nearest
from .folder import Catalogue, Filed
from .problems import Problem
from .references import unknown

Entry = Filed[clause_schema.Clause]
PUBLIC_PROSE = ("what_it_is", "why_it_matters", "what_this_means")


def clause_problems(files: Catalogue, known: Catalogue) -> Iterator[Problem]:
    """All problems of the clauses in the files."""
    by_id = {entry.value.id: entry for entry in known.clauses.values() if entry.value.id}
    for key, entry in files.clauses.items():
        yield from _place(entry, known)
        yield from _state(entry, by_id, some_broken=any(kind == "clauses" for kind, _ in files.broken))
        yield from _quotations(entry, known.documents.get(key[:2]))
        kind = known.clause_types.get(entry.value.clause_type)
        if entry.value.analysis is not None:
            yield from _analysis(entry, entry.value.analysis, kind.value if kind else None, known)


def _place(entry: Entry, known: Catalogue) -> Iterator[Problem]:
    yield from unknown(entry, known, "clause_types", entry.value.clause_type, "clause_type")


def _state(entry: Entry, by_id: dict[str, Entry], *, some_broken: bool) -> Iterator[Problem]:
    clause = entry.value
    if (clause.state == ProvisionState.MERGED) != (clause.merged_into is not None):
        yield entry.problem("belongs to the state merged, and only to it: give both or none", "merged_into")
    elif clause.merged_into is not None:
        into = by_id.get(clause.merged_into)
        if into is None:
            if not some_broken:
                yield entry.problem(
                    f"there is no clause {clause.merged_into}: name the record that it was merged into", "merged_into"
                )
        elif into.value.state == ProvisionState.MERGED or clause.merged_into == clause.id:
            yield entry.problem(
                f"{clause.merged_into} does not stand by itself: name the record that does", "merged_into"
            )
        if clause.analysis is not None:
            yield entry.problem(
                "cannot be published for a merged clause: it belongs to the record that it was merged into", "analysis"
            )


def _quotations(entry: Entry, document: Filed[schema.Document] | None) -> Iterator[Problem]:
    for position, quotation in enumerate(entry.value.quotations):
        if quotation.taken_from is not None and document is not None:
            at = ("quotations", position, "taken_from")
            yield from named_text(entry, document.value.snapshots, quotation.taken_from, *at)
        for number, segment in enumerate(quotation.words):
            for index, sentence in enumerate(segment):
                if not sentence.strip():
                    yield entry.problem(
                        "is blank: a quoted sentence has words", "quotations", position, "words", number, index
                    )
        if all(sentence.strip() for segment in quotation.words for sentence in segment):
            segments = [joined(segment)[0] for segment in quotation.words]
            for problem in quotation_problems(segments):
                yield entry.problem(problem, "quotations", position, "words")


def _analysis(
    entry: Entry, analysis: clause_schema.Analysis, kind: schema.ClauseType | None, known: Catalogue
) -> Iterator[Problem]:
    quotations = entry.value.quotations
    if analysis.quotation is not None and analysis.quotation > len(quotations):
        yield entry.problem(
            f"there is no quotation {analysis.quotation}: this clause has {len(quotations)}", "analysis", "quotation"
        )
        return
    count = sum(len(segment) for segment in quotations[(analysis.quotation or len(quotations)) - 1].words)
    for field in PUBLIC_PROSE:
        for found in prose_problems(getattr(analysis, field), sentences=count, field=field):
            yield entry.problem(found.removeprefix(f"{field}: "), "analysis", field)
    yield from _answers(entry, analysis, kind, count)
    yield from _actions(entry, analysis, kind, count)
    yield from _law(entry, analysis, known)


def _answers(
    entry: Entry, analysis: clause_schema.Analysis, kind: schema.ClauseType | None, count: int
) -> Iterator[Problem]:
    keys = [answer.question for answer in analysis.answers]
    asked = [question.key for question in kind.questions] if kind else keys
    for position, answer in enumerate(analysis.answers):
        at = ("analysis", "answers", position)
        if answer.question not in asked:
            yield entry.problem(
                f"the clause type has no question {answer.question!r}{nearest(answer.question, asked)}: leave it out",
                *at,
                "question",
            )
        if answer.question in keys[:position]:
            yield entry.problem(f"{answer.question!r} is answered above: keep one answer", *at, "question")
        if answer.value in {AnswerValue.YES, AnswerValue.NO} and not answer.sentences:
            yield entry.problem(
                f"is missing: {answer.value} has to rest on a quoted sentence, as [1]", *at, "sentences"
            )
        yield from _numbers(entry, answer.sentences, count, *at)
    for key in asked:
        if key not in keys:
            yield entry.problem(
                f"the question {key!r} has no answer: add one (unread is an answer)", "analysis", "answers"
            )


def _actions(
    entry: Entry, analysis: clause_schema.Analysis, kind: schema.ClauseType | None, count: int
) -> Iterator[Problem]:
    for position, action in enumerate(analysis.actions):
        at = ("analysis", "actions", position)
        if kind and action.kind not in kind.action_kinds:
            fitting = ", ".join(kind.action_kinds)
            yield entry.problem(
                f"{action.kind!r} does not fit the clause type {entry.value.clause_type!r}; these do: {fitting}",
                *at,
                "kind",
            )
        yield from _numbers(entry, action.sentences, count, *at)


def _numbers(entry: Entry, numbers: list[int], count: int, *path: str | int) -> Iterator[Problem]:
    for position, number in enumerate(numbers):
        if number > count:
            yield entry.problem(
                f"there is no sentence {number}; the quotation has {count}", *path, "sentences", position
            )


def _law(entry: Entry, analysis: clause_schema.Analysis, known: Catalogue) -> Iterator[Problem]:
    for part, field in (("agencies", "agency"), ("regulations", "regulation")):
        slugs = [getattr(row, field) for row in getattr(analysis, part)]
        for position, slug in enumerate(slugs):
            at = ("analysis", part, position)
            yield from unknown(entry, known, part, slug, *at, field)
            if slug in slugs[:position]:
                yield entry.problem(f"{slug!r} stands above: one law or agency stands once", *at, field)
    for position, row in enumerate(analysis.regulations):
        at = ("analysis", "regulations", position)
        if row.named_by_source and row.reason:
            yield entry.problem(
                "cannot stand beside named_by_source: keep the reason and leave named_by_source out", *at, "reason"
            )
        elif not row.named_by_source and not row.reason:
            yield entry.problem("is missing: say why this law, or that it is named_by_source", *at, "reason")
    flags = analysis.institutional.jurisdiction_flags if analysis.institutional else []
    for position, flag in enumerate(flags):
        place = ("analysis", "institutional", "jurisdiction_flags", position, "jurisdiction")
        yield from unknown(entry, known, "jurisdictions", flag.jurisdiction, *place)
