"""What a version of an analysis says, field by field in readers' words, and what differs from an earlier one."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Prefetch

from clauses.models import Analysis, Answer, AppliedAgency, AppliedRegulation, Quotation
from clauses.models.analyses import INSTITUTIONAL_PROSE, PUBLIC_PROSE
from clauses.rubric import FACTORS
from clauses.vocabulary import Severity
from clauses.words import readable
from platforms.differing import Line, lines_between

PROSE_BEFORE = (*PUBLIC_PROSE, "interpretive_note")
PROSE_BEHIND = (*INSTITUTIONAL_PROSE, "governance_exposure_who")


def differences(before: Analysis | None, after: Analysis) -> list[Line]:
    """What differs between two versions; all that the later one says where there is no earlier one."""
    return lines_between(said(before) if before else {}, said(after))


def words_of(quotation: Quotation) -> dict[str, str]:
    """The words as they are read, as a line of what an analysis says."""
    return {"The words": "\n\n".join(readable(segment) for segment in quotation.segments)}


def said(analysis: Analysis) -> dict[str, str]:
    """Label → text of everything that a person says in an analysis, "" left out. Expects `with_parts`."""
    found = words_of(analysis.quotation)
    found |= {_label(analysis, field): getattr(analysis, field) for field in PROSE_BEFORE}
    for factor in FACTORS:
        score = getattr(analysis, f"{factor.key}_score")
        meaning = "" if score is None else f"{score}: {factor.levels[score]}"
        found[f"Severity, {factor.name.lower()}"] = _lines(meaning, getattr(analysis, f"{factor.key}_reason"))
    found["Severity that follows"] = Severity(analysis.severity).label if analysis.severity else ""
    found["Confidence"] = _lines(analysis.get_confidence_display(), analysis.confidence_reason)
    for answer in analysis.answers.all():
        found[f"Answer: {answer.question.wording}"] = _lines(
            answer.get_value_display(), answer.detail, _rests_on(answer.sentences)
        )
    for action in analysis.actions.all():
        found[_free(found, f"Step: {action.title}")] = _lines(*_action(action))
    for applied in analysis.agencies.all():
        found[f"Agency: {applied.agency.name}"] = applied.reason
    for applied in analysis.regulations.all():
        reason = applied.reason or "Named by the source page, no reason given."
        found[f"Law: {applied.regulation.name}"] = _lines(", ".join(applied.articles), reason)
    found |= {_label(analysis, field): getattr(analysis, field) for field in PROSE_BEHIND}
    found["Governance exposure"] = analysis.get_governance_exposure_level_display()
    flags = (f"{flag['jurisdiction']}: {flag['text']}" for flag in analysis.jurisdiction_flags)
    found["Jurisdictions"] = _lines(*flags)
    found["Checklist"] = _lines(*analysis.checklist)
    return {label: text for label, text in found.items() if text.strip()}


PARTS = (
    Prefetch("answers", Answer.objects.select_related("question")),
    "actions",
    Prefetch("agencies", AppliedAgency.objects.select_related("agency")),
    Prefetch("regulations", AppliedRegulation.objects.select_related("regulation")),
)


def with_place(rows: Any) -> Any:
    """Analyses with their words and the place of their clause."""
    return rows.select_related("quotation", "provision__document__platform", "provision__clause_type")


def with_parts(rows: Any) -> Any:
    """Analyses with all that `said` reads."""
    return with_place(rows).prefetch_related(*PARTS)


def _label(analysis: Analysis, field: str) -> str:
    name = str(analysis._meta.get_field(field).verbose_name)
    return name[:1].upper() + name[1:]


def _lines(*lines: str) -> str:
    # A blank line between two: each is a paragraph of its own in a redline.
    return "\n\n".join(line for line in lines if line)


def _rests_on(sentences: Iterable[int]) -> str:
    numbers = ", ".join(map(str, sentences))
    return f"Rests on sentence {numbers}." if numbers else ""


def _action(action: Any) -> list[str]:
    return [
        f"{action.get_kind_display()}, {action.get_channel_display().lower()}",
        action.steps,
        action.url,
        action.email,
        f"Deadline: {action.deadline}" if action.deadline else "",
        f"Where: {action.region}" if action.region else "",
        action.letter_subject,
        action.letter_body,
        f"Last tried on {action.last_tried}" if action.last_tried else "",
        _rests_on(action.sentences),
    ]


def _free(found: dict[str, str], label: str) -> str:
    number = 2
    wanted = label
    while wanted in found:
        wanted, number = f"{label} ({number})", number + 1
    return wanted
