"""What stands between a draft and its publication."""

from clauses.models import Analysis
from clauses.models.analyses import PROSE, PUBLIC_PROSE, PUBLIC_PROSE_TITLES
from clauses.rubric import FACTORS
from clauses.sentences import parse
from clauses.sentences import problems as prose_problems
from clauses.vocabulary import AnalysisKind, ProvisionState


def problems(analysis: Analysis) -> list[str]:
    """One clear line for each thing that is missing or cannot be; empty when the analysis can be published."""
    count = len(analysis.quotation.sentences)
    clause_type = analysis.provision.clause_type
    found = [
        f"{line}."
        for field in PUBLIC_PROSE
        for line in prose_problems(getattr(analysis, field), sentences=count, field=PUBLIC_PROSE_TITLES[field])
    ]
    for field in set(PROSE) - set(PUBLIC_PROSE):
        rests_on = [number for sentence in parse(getattr(analysis, field)) for number in sentence.rests_on]
        found += _numbers(field.replace("_", " ").capitalize(), rests_on, count)
    if analysis.provision.state == ProvisionState.MERGED:
        found.append(
            f"{analysis.provision.record_id} is merged: publish the analysis of the record it was merged into."
        )
    found += _kind(analysis)
    if not analysis.confidence:
        found.append("Confidence: choose how sure you are of the meaning.")
    for factor in FACTORS:
        if getattr(analysis, f"{factor.key}_score") is None:
            found.append(f"Severity: {factor.name} has no score yet.")
        elif not getattr(analysis, f"{factor.key}_reason").strip():
            found.append(f"Severity: {factor.name} needs its reason.")
    found += _answers(analysis, count)
    for action in analysis.actions.all():
        if action.kind not in clause_type.action_kinds:
            found.append(f"Steps: “{action.get_kind_display()}” does not fit the clause type “{clause_type.name}”.")
        found += _numbers(f"Step “{action.title}”", action.sentences, count)
    return found


def _kind(analysis: Analysis) -> list[str]:
    earlier = analysis.earlier
    if earlier is None:
        first = analysis.kind in {"", AnalysisKind.FIRST}
        return [] if first else ["Kind of version: nothing was published of this clause before, so this is the first."]
    version, about = earlier.version, earlier.quotation_id
    if analysis.kind in {"", AnalysisKind.FIRST}:
        return [f"Kind of version: say what this is to version {version}: an update, an addition or a correction."]
    if analysis.kind == AnalysisKind.UPDATE and about == analysis.quotation_id:
        return [f"Kind of version: this is about the same words as version {version}, so it is no update."]
    if analysis.kind == AnalysisKind.CORRECTION and not analysis.public_note.strip():
        return ["Public note: a correction tells readers what was wrong."]
    return []


def _answers(analysis: Analysis, count: int) -> list[str]:
    found = []
    answered = {answer.question_id: answer for answer in analysis.answers.select_related("question")}
    for question in analysis.provision.clause_type.questions.all():
        answer = answered.pop(question.pk, None)
        if answer is None:
            found.append(f"Answers: “{question.wording}” has none (not read yet is an answer).")
            continue
        found += _numbers(f"Answer to “{question.wording}”", answer.sentences, count)
        if answer.value in {"yes", "no"} and not answer.sentences:
            found.append(f"Answers: “{question.wording}” is {answer.value} and rests on no sentence.")
    strange = [answer.question.wording for answer in answered.values()]
    found += [f"Answers: “{wording}” is no question of this clause type." for wording in strange]
    return found


def _numbers(what: str, numbers: list[int], count: int) -> list[str]:
    wrong = [number for number in numbers if not 1 <= number <= count]
    return [f"{what}: there is no sentence {number}; the quotation has {count}." for number in wrong]
