"""The clauses that the database holds, with words and published analysis, as values of the clause schema."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Prefetch

from clauses.models import Action, Analysis, Answer, Provision, Quotation
from clauses.models.analyses import FACTOR_KEYS, INSTITUTIONAL_PROSE
from clauses.vocabulary import ProvisionState
from clauses.words import listed

from .folder import ClauseKey

REPORTED = (
    "source",
    "url",
    "accessed_on",
    "first_tracked",
    "last_verified",
    "captured_at",
    "analysis_generated_at",
    "sha256",
)
ACTION = ("kind", "channel", "title", "steps", "url", "email", "deadline", "region", "last_tried", "sentences")
PROSE = ("what_it_is", "why_it_matters", "interpretive_note", "what_this_means")
AS_IT_STANDS = ("drafted_on", "drafted_by", "confidence", "confidence_reason", *PROSE, "public_note")


def clause_values() -> Iterator[tuple[ClauseKey, str, dict[str, Any]]]:
    """(key, record id, values of a clause's file) of every clause that has words, in the order of their addresses."""
    published = (
        Analysis.objects.published()
        .defer("payload", "rendered")
        .select_related("quotation")
        .prefetch_related(
            Prefetch(
                "answers", Answer.objects.select_related("question").order_by("question__position", "question__key")
            ),
            "actions",
            "agencies__agency",
            "regulations__regulation",
        )
    )
    rows = (
        Provision.objects.select_related("document__platform", "clause_type", "merged_into")
        .prefetch_related(
            Prefetch("quotations", Quotation.objects.order_by("number")),
            Prefetch("analyses", published, to_attr="published_analyses"),
        )
        .order_by("document__platform__slug", "document__slug", "slug")
    )
    for row in rows:
        if not row.quotations.all():
            continue  # begun in the admin and still without words: no clause yet
        yield (row.document.platform.slug, row.document.slug, row.slug), row.record_id, _clause(row)


def implied_readings() -> set[tuple[int, int, int, date, bool]]:
    """What the readings look like that publishing a clause has made: (document, clause type, reader, day, found)."""
    rows = Analysis.objects.filter(published_at__isnull=False).values_list(
        "provision__document_id", "provision__clause_type_id", "published_by_id", "published_at"
    )
    return {(document, kind, by, at.date(), True) for document, kind, by, at in rows}


def _clause(row: Provision) -> dict[str, Any]:
    quotations = list(row.quotations.all())
    analysis = next(iter(row.published_analyses), None)
    return {
        "id": row.record_id,
        "title": row.title,
        "clause_type": row.clause_type.slug,
        "state": None if row.state == ProvisionState.STANDING else row.state,
        "merged_into": row.merged_into.record_id if row.merged_into else None,
        "first_tracked": row.first_tracked,
        "applies_to": {name: getattr(row, f"applies_to_{name}") for name in ("plan", "region", "age")},
        "reported": {name: getattr(row, f"reported_{name}") for name in REPORTED},
        "quotations": [_quotation(quotation) for quotation in quotations],
        "analysis": _analysis(analysis, last=quotations[-1].number) if analysis else None,
    }


def _quotation(row: Quotation) -> dict[str, Any]:
    names = ("heading", "prefix", "suffix", "taken_on", "cut")
    return {
        "words": listed(row.segments, row.sentence_ends),
        **{name: getattr(row, name) for name in names},
        "taken_from": {"captured_at": row.taken_from_at, "sha256": row.taken_from_sha256},
    }


def _analysis(row: Analysis, *, last: int) -> dict[str, Any]:
    severity = {
        key: {"score": getattr(row, f"{key}_score"), "reason": getattr(row, f"{key}_reason")} for key in FACTOR_KEYS
    }
    return {
        **{name: getattr(row, name) for name in AS_IT_STANDS},
        "quotation": None if row.quotation.number == last else row.quotation.number,
        "severity": severity,
        "answers": [
            {
                "question": answer.question.key,
                "value": answer.value,
                "detail": answer.detail,
                "sentences": answer.sentences,
            }
            for answer in row.answers.all()
        ],
        "actions": [_action(action) for action in row.actions.all()],
        "agencies": [{"agency": applied.agency.slug, "reason": applied.reason} for applied in row.agencies.all()],
        "regulations": [
            {
                "regulation": applied.regulation.slug,
                "articles": applied.articles,
                "reason": applied.reason,
                "named_by_source": applied.named_by_source,
            }
            for applied in row.regulations.all()
        ],
        "institutional": _institutional(row),
    }


def _action(row: Action) -> dict[str, Any]:
    letter = {"subject": row.letter_subject, "body": row.letter_body}
    return {**{name: getattr(row, name) for name in ACTION}, "letter": letter}


def _institutional(row: Analysis) -> dict[str, Any]:
    exposure = {part: getattr(row, f"governance_exposure_{part}") for part in ("level", "who", "why")}
    prose = {name: getattr(row, name) for name in INSTITUTIONAL_PROSE if not name.startswith("governance_exposure")}
    return {
        **prose,
        "governance_exposure": exposure,
        "jurisdiction_flags": row.jurisdiction_flags,
        "checklist": row.checklist,
    }
