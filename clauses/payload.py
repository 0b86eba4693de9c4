"""The frozen form of an analysis: everything its page says, with the wording of what it links to, as plain JSON
values.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from clauses.evidence import Evidence
from clauses.models import Action, Analysis, Answer, AppliedAgency, AppliedRegulation, Quotation
from clauses.models.analyses import INSTITUTIONAL_PROSE
from clauses.rubric import HIGHEST_TOTAL, RUBRIC_VERSION, assess
from platforms.models import Jurisdiction

PAYLOAD_VERSION = 1


@dataclass(frozen=True)
class Parts:
    """The rows of an analysis in the order of its page, with what they point at; `places` are names by code."""

    answers: Sequence[Answer]
    actions: Sequence[Action]
    agencies: Sequence[AppliedAgency]
    regulations: Sequence[AppliedRegulation]
    places: Mapping[str, str]


def parts_of(analysis: Analysis) -> Parts:
    """As they are stored."""
    flagged = [flag["jurisdiction"] for flag in analysis.jurisdiction_flags]
    laws = analysis.regulations.select_related("regulation__jurisdiction").prefetch_related("regulation__dates")
    return Parts(
        answers=analysis.answers.select_related("question"),
        actions=analysis.actions.all(),
        agencies=analysis.agencies.select_related("agency__jurisdiction"),
        regulations=laws,
        places=dict(Jurisdiction.objects.filter(code__in=flagged).values_list("code", "name")),
    )


def payload_of(analysis: Analysis, evidence: Evidence, parts: Parts | None = None) -> dict[str, Any]:
    """All of an analysis at its publication. Dates are ISO 8601 text; what is not known is an empty text, an empty
    list or null. `parts` where they are at hand; else they are read.
    """
    parts = parts or parts_of(analysis)
    provision, quotation = analysis.provision, analysis.quotation
    document, clause_type = provision.document, provision.clause_type
    return {
        "format": PAYLOAD_VERSION,
        "record": provision.record_id,
        "version": analysis.version,
        "platform": {
            "slug": document.platform.slug,
            "name": document.platform.name,
            "invented": document.platform.invented,
        },
        "document": {
            "record": document.record_id,
            "slug": document.slug,
            "title": document.title,
            "kind": document.get_kind_display(),
            "party": document.party,
            "market": document.market.name if document.market else "",
            "language": document.language,
            "source_url": document.source_url,
            "archived_url": document.archived_url,
            "collection": document.collection,
            "path": document.collection_path,
        },
        "clause": {
            "slug": provision.slug,
            "title": provision.title,
            "applies_to": {
                "plan": provision.applies_to_plan,
                "region": provision.applies_to_region,
                "age": provision.applies_to_age,
            },
        },
        "clause_type": {
            "slug": clause_type.slug,
            "name": clause_type.name,
            "definition": clause_type.definition,
            "theme": clause_type.theme.name,
        },
        "quotation": {
            "number": quotation.number,
            "segments": quotation.segments,
            "sentence_ends": quotation.sentence_ends,
            "heading": quotation.heading,
            "cut": quotation.cut,
            "taken_on": _day(quotation.taken_on),
            **_taken_from(quotation),
        },
        "evidence": {
            "state": evidence.state,
            "looks": [
                {
                    "version": look.version,
                    "captured_on": look.captured_on.isoformat(),
                    "sha256": look.sha256,
                    "state": look.state,
                    "spans": [list(span) for span in look.spans],
                }
                for look in evidence.looks
            ],
        },
        **_prose(analysis, parts.places),
        "severity": _severity(analysis),
        "confidence": {
            "level": analysis.confidence,
            "name": analysis.get_confidence_display(),
            "reason": analysis.confidence_reason,
        },
        "basis": {"code": analysis.basis, "name": analysis.get_basis_display()},
        "answers": _answers(parts.answers),
        "actions": _actions(parts.actions),
        "agencies": _agencies(parts.agencies),
        "regulations": _regulations(parts.regulations),
        "drafted": {
            "by": analysis.get_drafted_by_display(),
            "machine": analysis.drafted_by == "machine",
            "on": _day(analysis.drafted_on),
        },
        "reviewed": {
            "at": analysis.reviewed_at.isoformat() if analysis.reviewed_at else "",
            "lawyer": analysis.reviewed_by_lawyer,
        },
        "published_at": analysis.published_at.isoformat(),
        "public_note": analysis.public_note,
    }


def _day(value) -> str:
    return value.isoformat() if value else ""


def _taken_from(quotation: Quotation) -> dict[str, Any]:
    """The text that the words were copied from. Records that were frozen before it could be named have no such key,
    and so has no quotation that does not name it.
    """
    if quotation.taken_from_at is None:
        return {}
    return {
        "taken_from": {
            "captured_at": quotation.taken_from_at.isoformat(),
            "sha256": quotation.taken_from_sha256,
        }
    }


def _prose(analysis: Analysis, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "what_it_is": analysis.what_it_is,
        "why_it_matters": analysis.why_it_matters,
        "what_this_means": analysis.what_this_means,
        "interpretive_note": analysis.interpretive_note,
        "institutional": {
            **{field: getattr(analysis, field) for field in INSTITUTIONAL_PROSE},
            "governance_exposure_level": analysis.get_governance_exposure_level_display(),
            "governance_exposure_who": analysis.governance_exposure_who,
            "jurisdiction_flags": [
                {"code": flag["jurisdiction"], "name": names[flag["jurisdiction"]], "text": flag["text"]}
                for flag in analysis.jurisdiction_flags
            ],
            "checklist": analysis.checklist,
        },
    }


def _severity(analysis: Analysis) -> dict[str, Any]:
    assessed = assess(analysis.scores, confidence=analysis.confidence, basis=analysis.basis)
    return {
        "rubric": RUBRIC_VERSION,
        "level": assessed.level.value,
        "name": assessed.level.value.capitalize(),
        "total": assessed.total,
        "cap": assessed.cap_reason,
        "highest_total": HIGHEST_TOTAL,
        "factors": [
            {
                "key": row.factor.key,
                "name": row.factor.name,
                "question": row.factor.question,
                "score": row.score,
                "meaning": row.meaning,
                "reason": getattr(analysis, f"{row.factor.key}_reason"),
            }
            for row in assessed.rows
        ],
    }


def _answers(answers: Sequence[Answer]) -> list[dict[str, Any]]:
    return [
        {
            "key": answer.question.key,
            "wording": answer.question.wording,
            "value": answer.value,
            "name": answer.get_value_display(),
            "detail": answer.detail,
            "sentences": answer.sentences,
        }
        for answer in answers
    ]


def _actions(actions: Sequence[Action]) -> list[dict[str, Any]]:
    return [
        {
            "kind": action.kind,
            "name": action.get_kind_display(),
            "channel": action.get_channel_display(),
            "title": action.title,
            "steps": action.steps,
            "url": action.url,
            "email": action.email,
            "deadline": action.deadline,
            "region": action.region,
            "letter": {"subject": action.letter_subject, "body": action.letter_body},
            "last_tried": _day(action.last_tried),
            "sentences": action.sentences,
        }
        for action in actions
    ]


def _agencies(agencies: Sequence[AppliedAgency]) -> list[dict[str, Any]]:
    return [
        {
            "slug": applied.agency.slug,
            "name": applied.agency.name,
            "short_name": applied.agency.short_name,
            "jurisdiction": {"code": applied.agency.jurisdiction.code, "name": applied.agency.jurisdiction.name},
            "reason": applied.reason,
            "who_may_complain": applied.agency.who_may_complain,
            "have_ready": applied.agency.have_ready,
            "duration": applied.agency.duration,
            "complaint_url": applied.agency.complaint_url,
            "finder_url": applied.agency.finder_url,
            "checked_on": _day(applied.agency.checked_on),
        }
        for applied in agencies
    ]


def _regulations(regulations: Sequence[AppliedRegulation]) -> list[dict[str, Any]]:
    return [
        {
            "slug": applied.regulation.slug,
            "name": applied.regulation.name,
            "short_name": applied.regulation.short_name,
            "citation": applied.regulation.citation,
            "jurisdiction": applied.regulation.jurisdiction.name,
            "url": applied.regulation.url,
            "dates": [{"date": entry.date, "what": entry.what} for entry in applied.regulation.dates.all()],
            "articles": applied.articles,
            "reason": applied.reason,
            "named_by_source": applied.named_by_source,
        }
        for applied in regulations
    ]
