"""Writes of analyses: drafts, new versions, publication, withdrawal."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from clauses.checking import problems
from clauses.deriving import derive_clauses
from clauses.evidence import evidence_for
from clauses.indexing import index
from clauses.models import Action, Analysis, Answer, AppliedAgency, AppliedRegulation, Provision, Quotation
from clauses.models.analyses import PROSE, PUBLIC_PROSE
from clauses.payload import payload_of
from clauses.rubric import FACTOR_KEYS
from clauses.sentences import basis
from clauses.vocabulary import FROZEN, OPEN, AnalysisKind, AnalysisState, Drafter
from conductatlas.actors import is_built_in
from conductatlas.canonical import canonical, fingerprint
from conductatlas.editing import editing, hold, kept
from conductatlas.markdown import render_analysis
from platforms.actions import Refused, new_edition
from platforms.models import Version

from .readings import record_reading

CONTENT = (
    *PROSE,
    "governance_exposure_level",
    "governance_exposure_who",
    "jurisdiction_flags",
    "checklist",
    "confidence",
    "confidence_reason",
    *(f"{key}_{part}" for key in FACTOR_KEYS for part in ("score", "reason")),
)
PARTS = {"answers": Answer, "actions": Action, "agencies": AppliedAgency, "regulations": AppliedRegulation}


@transaction.atomic
@kept(makes=True)
def draft(
    *,
    provision: Provision,
    quotation: Quotation,
    by,
    content: Mapping[str, Any],
    parts: Mapping[str, Sequence[Mapping[str, Any]]] | None = None,
    drafted_by: str = Drafter.PERSON,
    drafted_on: date | None = None,
    public_note: str = "",
    kind: str = "",
) -> Analysis:
    """A new draft, numbered after the last version.

    `content` holds columns of Analysis (see CONTENT); `parts` maps answers, actions, agencies and regulations to
    lists of columns. `kind` is what it is to an earlier published version about the same words, "" where the author has
    yet to say; one about other words is an update.
    """
    if quotation.provision_id != provision.pk:
        raise Refused(f"These are the words of another clause: choose a quotation of {provision.record_id}.")
    versions = list(provision.analyses.order_by("-version").values_list("version", "state", "quotation"))
    published = [about for _, state, about in versions if state in FROZEN]
    analysis = Analysis(
        provision=provision,
        quotation=quotation,
        version=versions[0][0] + 1 if versions else 1,
        drafter=by,
        drafted_by=drafted_by,
        drafted_on=drafted_on,
        public_note=public_note,
        kind=_kind(kind, quotation, published),
        **content,
    )
    save_draft(analysis)
    for name, rows in (parts or {}).items():
        made = [
            PARTS[name](analysis=analysis, **({} if name == "answers" else {"position": position}), **row)
            for position, row in enumerate(rows)
        ]
        for part in made:
            # Of a new draft only its own rows could clash, and what they point at is in hand: PostgreSQL sees to both.
            part.full_clean(exclude=_pointers(part), validate_constraints=False)
        PARTS[name].objects.bulk_create(made)
    return analysis


def _kind(kind: str, quotation: Quotation, published: Sequence[int]) -> str:
    if not published:
        return AnalysisKind.FIRST
    return kind if published[0] == quotation.pk else AnalysisKind.UPDATE


def _pointers(row: Model) -> set[str]:
    return {field.name for field in row._meta.concrete_fields if field.is_relation}


def save_draft(analysis: Analysis) -> Analysis:
    """Saves a draft with what follows from its prose: the cleaned HTML and the basis."""
    if analysis.is_frozen:
        raise Refused(f"{analysis} is published and frozen: make a new version from it.")
    fields = [getattr(analysis, field) for field in PUBLIC_PROSE]
    analysis.basis = basis(*fields).value if all(fields) else ""
    analysis.rendered = {
        field: render_analysis(getattr(analysis, field)) for field in PROSE if getattr(analysis, field)
    }
    # The constraints are left to PostgreSQL, which has them all: Django would ask it about each of twenty first.
    analysis.full_clean(exclude=_pointers(analysis), validate_constraints=False)
    analysis.save()
    return analysis


def content_of(analysis: Analysis) -> dict[str, Any]:
    """What an analysis says, with plain line ends: two are equal where nobody changed anything.

    The kind and the public note are left out: the one who publishes a version says there what it corrects.
    """
    rows = {name: [_copied(row) for row in getattr(analysis, name).all()] for name in PARTS}
    content = {field: getattr(analysis, field) for field in CONTENT}
    return _plain_lines({"quotation": analysis.quotation_id, **content, **rows})


def _plain_lines(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\r\n", "\n")
    if isinstance(value, dict):
        return {key: _plain_lines(item) for key, item in value.items()}
    return [_plain_lines(item) for item in value] if isinstance(value, list) else value


def written_by(analysis: Analysis, user) -> bool:
    """Whether this person drafted the analysis, or changed it since."""
    return user.pk == analysis.drafter_id or analysis.editors.filter(pk=user.pk).exists()


def may_edit(analysis: Analysis, user) -> bool:
    """Whether the state of an analysis lets this person change it: once it is in review, a reviewer does, and neither
    its author nor the one who sent it there.
    """
    if analysis.state != AnalysisState.IN_REVIEW:
        return not analysis.is_frozen
    authors = {analysis.drafter_id, analysis.in_review_by_id}
    return user.has_perm("clauses.publish_analysis") and (settings.ONE_PERSON_TEAM or user.pk not in authors)


def note_editor(*, analysis: Analysis, by) -> None:
    """Remembers that somebody changed a draft: publishing it is then for another person."""
    if by.pk != analysis.drafter_id:
        analysis.editors.add(by)


@transaction.atomic
def new_version(*, analysis: Analysis, by, quotation: Quotation | None = None, kind: str = "") -> Analysis:
    """A draft with the content of an earlier version, to be changed and published in its place. It is about the words
    that were taken last, unless others are given.
    """
    hold(analysis.provision)  # two people who begin one at once shall not both get a number
    open_draft = analysis.provision.analyses.filter(state__in=OPEN).first()
    if open_draft:
        raise Refused(
            f"{analysis.provision.record_id} has an open draft already, version {open_draft.version}:"
            " go on with that one."
        )
    return draft(
        provision=analysis.provision,
        quotation=quotation or analysis.provision.quotations.order_by("number").last(),
        by=by,
        content={field: getattr(analysis, field) for field in CONTENT},
        parts={name: [_copied(row) for row in getattr(analysis, name).all()] for name in PARTS},
        drafted_by=Drafter.CATALOGUE if is_built_in(by) else Drafter.PERSON,
        drafted_on=timezone.now().date(),
        kind=kind,
    )


def _copied(row: Answer | Action | AppliedAgency | AppliedRegulation) -> dict[str, Any]:
    left_out = {"id", "analysis", "position"}
    return {field.name: getattr(row, field.name) for field in row._meta.concrete_fields if field.name not in left_out}


@transaction.atomic
@kept("analysis", alone=True)
def publish(*, analysis: Analysis, by, as_lawyer: bool = False) -> Analysis:
    """Freezes an analysis with all that it rests on as one canonical payload, in place of the version published before.

    Refuses one whose sentences rest on nothing, and one that its own author would publish (built-in actors and
    one-person teams excepted). Words that stand in the newest text count as a reading that found the clause.
    `as_lawyer`: the reviewer is one, and says so. A draft may be published that nobody sent to review: what counts is
    that a second person reads it.
    """
    analysis = (
        Analysis.objects.select_for_update()
        .select_related("provision__document__platform", "quotation")
        .get(pk=analysis.pk)
    )
    if analysis.is_frozen:
        raise Refused(f"{analysis} is {analysis.get_state_display()} already.")
    found = problems(analysis)
    if found:
        raise Refused(f"{analysis} cannot be published yet: " + " ".join(found))
    own = written_by(analysis, by)
    if own and not is_built_in(by) and not settings.ONE_PERSON_TEAM:
        raise Refused(
            f"{analysis} was drafted or changed by you: another person has to publish it"
            " (ONE_PERSON_TEAM=1 lifts this rule)."
        )
    analysis.kind = analysis.kind or AnalysisKind.FIRST
    now = timezone.now()
    previous = analysis.provision.analyses.published().select_for_update(of=["self"]).first()
    if previous:
        replaced = f"Replaced by version {analysis.version}."
        with editing(previous, by=by, why=replaced):
            _close(previous, state=AnalysisState.SUPERSEDED, at=now, by=by, reason=replaced)
    if not own:
        analysis.reviewed_at, analysis.reviewed_by, analysis.reviewed_by_lawyer = now, by, as_lawyer
    analysis.published_at, analysis.published_by = now, by
    evidence = evidence_for(analysis.provision, analysis.quotation)
    analysis.payload = canonical(payload_of(analysis, evidence))
    analysis.payload_sha256 = fingerprint(analysis.payload)
    analysis.state = AnalysisState.PUBLISHED
    analysis.save()
    if evidence.stands:
        _found(analysis, evidence.looks[-1].version, by=by)
    derive_clauses(analysis.provision.document, by=by)
    index(Provision, [analysis.provision_id])
    new_edition(by=by, reason=f"{analysis} published")
    return analysis


def _found(analysis: Analysis, version: int, *, by) -> None:
    provision = analysis.provision
    snapshot = Version.objects.get(document=provision.document_id, number=version).snapshot
    read = provision.document.readings.filter(clause_type=provision.clause_type_id, captured_at=snapshot.captured_at)
    if not read.exists():
        record_reading(
            document=provision.document,
            sha256=snapshot.text_id,
            captured_at=snapshot.captured_at,
            clause_type=provision.clause_type,
            found=True,
            read_on=analysis.published_at.date(),
            by=by,
        )


def _close(analysis: Analysis, *, state: str, at, by, reason: str) -> None:
    analysis.state, analysis.closed_at, analysis.closed_by, analysis.closed_reason = state, at, by, reason
    analysis.save(update_fields=["state", "closed_at", "closed_by", "closed_reason"])


@transaction.atomic
@kept("analysis", alone=True)
def withdraw(*, analysis: Analysis, reason: str, by) -> None:
    """Takes the published version back, with the reason; its frozen page stays and says so."""
    analysis.refresh_from_db(fields=["state"])
    if analysis.state != AnalysisState.PUBLISHED:
        raise Refused(f"{analysis} is not the published version: only that one can be withdrawn.")
    if not reason.strip():
        raise Refused(f"{analysis} stays: withdrawing it needs the reason, which readers see.")
    _close(analysis, state=AnalysisState.WITHDRAWN, at=timezone.now(), by=by, reason=reason.strip())
    index(Provision, [analysis.provision_id])
    new_edition(by=by, reason=f"{analysis} withdrawn")
