"""Records for tests, made through the actions as everything else is. Each has a name of its own, so they fit in
beside the demo catalogue.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from clauses import actions
from clauses.models import Agency, Analysis, ClauseType, Provision, QueueItem, Quotation, Reading, Regulation, Theme
from clauses.rubric import FACTOR_KEYS
from conductatlas import actors
from platforms import actions as platform_actions
from platforms.actions.captures import record_capture
from platforms.capture.responses import Hop, Tool
from platforms.capture.responses import Response as Answer
from platforms.models import Check, Document, Jurisdiction, Platform, Snapshot, Transition

WORDS = "We keep what you write for as long as we like. You can ask us to delete it."
TEXT = f"# Terms\n\nThese are the terms.\n\n{WORDS}\n\nThe end.\n"
SOLD = "We also sell what you write to our partners in other countries."
REWORDED = "We keep what you write for as long as we need it. You can ask us to delete it."
_numbers = count(1)


def unique(word: str) -> str:
    return f"{word}-{next(_numbers)}"


def moment(day: str) -> datetime:
    """Noon of a day, `2026-01-31`, in UTC."""
    return datetime.fromisoformat(f"{day}T12:00:00").replace(tzinfo=UTC)


def a_platform(**fields: Any) -> Platform:
    slug = fields.pop("slug", None) or unique("testwerk")
    platform = Platform(slug=slug, name=fields.pop("name", slug.title()), **fields)
    return platform_actions.save_platform(platform, by=actors.catalogue())


def a_document(platform: Platform | None = None, **fields: Any) -> Document:
    fields = {"slug": unique("terms"), "title": "Terms", "kind": "terms_of_service", **fields}
    return platform_actions.save_document(Document(platform=platform or a_platform(), **fields), by=actors.catalogue())


def a_snapshot(
    document: Document, content: str = TEXT, day: str = "2026-01-31", judgement: str = "accepted"
) -> Snapshot:
    return platform_actions.record_snapshot(
        document=document,
        content=content,
        captured_at=moment(day),
        judgement=judgement,
        reason="" if judgement == "accepted" else "an error page",
        by=actors.catalogue(),
    )


def a_new_reading(document: Document | None = None, added: str = SOLD) -> Transition:
    """A text of a document that another program read out of its page: these sentences came with it."""
    document = document or a_document()
    before = a_snapshot(document)
    platform_actions.record_snapshot(
        document=document,
        content=f"{TEXT}\n{added}\n",
        captured_at=before.captured_at + timedelta(days=1),
        technical=True,
        judgement="accepted",
        by=actors.catalogue(),
    )
    return Transition.objects.get(version__document=document, before__snapshot=before)


def a_capture(document: Document | None = None, body: bytes = TEXT.encode(), day: str = "2026-02-28") -> Check:
    """A look at a document on the web: its server answered with these bytes after a redirect."""
    address = "https://testwerk.example/terms"
    answer = Answer(
        asked=address,
        final=f"{address}/",
        hops=(Hop(address, 301), Hop(f"{address}/", 200)),
        status=200,
        headers=(("Content-Type", "text/plain; charset=utf-8"), ("Server", unique("<b>server</b>"))),
        body=body,
        fetched_at=moment(day),
        elapsed=0.1,
        tool=Tool("testwerk", "1"),
    )
    return record_capture(document=document or a_document(), result=answer, by=actors.catalogue())


def a_question(document: Document | None = None, now: str = REWORDED) -> QueueItem:
    """A clause whose words stood in a text of its document, and stand in the newest one no more."""
    document = document or a_document()
    a_snapshot(document)
    provision = a_quotation(a_provision(document)).provision
    a_snapshot(document, TEXT.replace(WORDS, now), day="2026-03-31")
    return provision.queue_items.get()


def a_jurisdiction() -> Jurisdiction:
    code = f"T{next(_numbers)}"
    return platform_actions.save_jurisdiction(Jurisdiction(code=code, name=f"Place {code}"), by=actors.catalogue())


def an_agency() -> Agency:
    slug = unique("agency")
    return actions.save_entry(
        Agency(
            slug=slug,
            name=slug,
            jurisdiction=a_jurisdiction(),
            remit="Unfair terms.",
            who_may_complain="Anyone.",
            complaint_url="https://agency.example/complain",
        ),
        by=actors.catalogue(),
    )


def a_regulation() -> Regulation:
    slug = unique("law")
    return actions.save_entry(
        Regulation(
            slug=slug,
            name=slug,
            citation=f"Official journal, {slug}",
            jurisdiction=a_jurisdiction(),
            url="https://law.example/text",
            summary="One plain paragraph.",
        ),
        by=actors.catalogue(),
    )


def a_clause_type(
    *, questions: Sequence[str] = ("limit", "deletion"), action_kinds: Sequence[str] = ("ask", "cancel")
) -> ClauseType:
    by = actors.catalogue()
    theme = actions.save_entry(Theme(slug=unique("theme"), name=unique("Theme")), by=by)
    slug = unique("retention")
    kind = ClauseType(
        slug=slug,
        name=slug.title(),
        theme=theme,
        definition="How long things are kept.",
        belongs=["Periods."],
        does_not_belong=["Deletion on request."],
        action_kinds=list(action_kinds),
        document_kinds=["terms_of_service"],
    )
    actions.save_entry(kind, by=by)
    actions.set_questions(kind, questions=[{"key": key, "wording": f"Is there a {key}?"} for key in questions], by=by)
    return kind


def a_provision(document: Document | None = None, clause_type: ClauseType | None = None, **fields: Any) -> Provision:
    fields = {"slug": unique("kept-as-long-as-we-like"), "title": "Kept as long as we like", **fields}
    provision = Provision(document=document or a_document(), clause_type=clause_type or a_clause_type(), **fields)
    return actions.save_provision(provision, by=actors.catalogue())


def a_quotation(provision: Provision | None = None, words: str = WORDS, **fields: Any) -> Quotation:
    return actions.quote(provision=provision or a_provision(), segments=[words], by=actors.catalogue(), **fields)


def a_reading(document: Document, clause_type: ClauseType, day: str, *, found: bool) -> Reading:
    """Of a text captured on that day, which need not be held."""
    return actions.record_reading(
        document=document,
        sha256="a" * 64,
        captured_at=moment(day),
        clause_type=clause_type,
        found=found,
        read_on=moment("2026-03-01").date(),
        by=actors.machine(),
    )


def content(*, score: int = 2, confidence: str = "high", prose: str = "They keep it. [1]") -> dict[str, Any]:
    """The columns of an analysis that can be published."""
    scores = {f"{key}_score": score for key in FACTOR_KEYS} | {
        f"{key}_reason": "As the words say." for key in FACTOR_KEYS
    }
    return {
        "what_it_is": prose,
        "why_it_matters": prose,
        "what_this_means": prose,
        "confidence": confidence,
        "confidence_reason": "Plain words.",
        **scores,
    }


def parts_for(provision: Provision) -> dict[str, list[dict[str, Any]]]:
    """An answer to each question, a step, an agency and a law."""
    questions = provision.clause_type.questions.all()
    return {
        "answers": [{"question": question, "value": "yes", "sentences": [1]} for question in questions],
        "actions": [{"kind": "ask", "channel": "email", "title": "Ask them", "sentences": [2]}],
        "agencies": [{"agency": an_agency(), "reason": "It watches such terms."}],
        "regulations": [
            {"regulation": a_regulation(), "reason": "It limits such terms.", "articles": ["Art. 5(1), (2)"]}
        ],
    }


def a_draft(quotation: Quotation | None = None, *, by: Any = None, **changed: Any) -> Analysis:
    """A draft with nothing missing; `changed` replaces columns of its content."""
    quotation = quotation or a_quotation()
    return actions.draft(
        provision=quotation.provision,
        quotation=quotation,
        by=by or actors.catalogue(),
        content=content() | changed,
        parts=parts_for(quotation.provision),
        kind="addition",  # where the clause has a published version already
    )


def a_published(quotation: Quotation | None = None, **changed: Any) -> Analysis:
    return actions.publish(analysis=a_draft(quotation, **changed), by=actors.catalogue())


def a_correction(first: Analysis | None = None, note: str = "The period was wrong.", **changed: Any) -> Analysis:
    """A published version that corrects the one before it."""
    first = first or a_published()
    by = actors.catalogue()
    second = actions.new_version(analysis=first, by=by, kind="correction")
    Analysis.objects.filter(pk=second.pk).update(public_note=note, **changed)
    return actions.publish(analysis=second, by=by)
