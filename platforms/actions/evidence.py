"""Writes of texts, snapshots, verdicts and checks."""

from datetime import datetime

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from conductatlas.canonical import fingerprint
from conductatlas.editing import kept
from conductatlas.rules import Refused
from platforms.capture import gate
from platforms.deriving import derive
from platforms.models import Change, Check, Document, Response, Snapshot, Text, Transition, Verdict, Version
from platforms.outlining import follow
from platforms.plaintext import Projection
from platforms.reading import projected
from platforms.vocabulary import COUNTING, NOISE, CheckOutcome, Judgement, TransitionKind

from .editions import new_edition, one_edition

ACCEPTED, QUARANTINED = Judgement.ACCEPTED, Judgement.QUARANTINED


def name_of(content: str) -> str:
    """The name of a text, its SHA-256. Refuses what PostgreSQL cannot keep byte for byte."""
    if "\0" in content:
        raise Refused(f"The text holds a NUL character at {content.index(chr(0))}: it is not a text; capture it again.")
    try:
        return fingerprint(content)
    except UnicodeEncodeError as error:
        raise Refused(
            f"The text holds half a character at {error.start}: decode it with the right character set."
        ) from error


def store_text(*, content: str) -> Text:
    """The text with this content, stored once."""
    name = name_of(content)
    text, _ = Text.objects.get_or_create(sha256=name, defaults={"content": content})
    return text


def store_withheld_text(*, sha256: str, reason: str, by) -> Text:
    """The text with this hash, whose words were taken out under a legal order before they came here.

    One that is held stays as it is.
    """
    withheld = {"content": "", "withheld_at": timezone.now(), "withheld_by": by, "withheld_reason": reason}
    text, _ = Text.objects.get_or_create(sha256=sha256, defaults=withheld)
    return text


@transaction.atomic
def record_snapshot(
    *,
    document: Document,
    content: str | Text,
    captured_at: datetime,
    by,
    judgement: str = "",
    reason: str = "",
    number: int | None = None,
    response: Response | None = None,
    visible: str = "",
    **how,
) -> Snapshot:
    """Keeps what was seen and gives the first verdict on it (accepted, quarantined or discarded), with the check that
    it was. Without a `judgement` the quality gate gives it.

    `content` is what was read, or a text that is kept already; `visible` are all words of the page that it was read
    from, for the gate to compare. `how` holds the other columns of Snapshot: url,
    final_url, archived_url, http_status, language, region, tool, tool_version, by_hand, technical, origin.
    """
    numbered = {} if number is None else {"number": number}
    text = content if isinstance(content, Text) else store_text(content=content)
    snapshot = Snapshot(
        document=document, text=text, captured_at=captured_at, response=response, recorded_by=by, **numbered, **how
    )
    snapshot.full_clean(exclude=["number"])
    snapshot.save()
    if not judgement:
        finding = gate.judge(
            projected(text.content), previous=_accepted_before(snapshot), visible=visible, **gate_facts(document)
        )
        judgement, reason = (ACCEPTED, reason) if finding.accepted else (QUARANTINED, finding.reason)
    with one_edition(by=by, reason=f"{document.title}: text of {captured_at:%Y-%m-%d}"):
        judge(snapshot=snapshot, judgement=judgement, reason=reason, by=by)
    transition = Transition.objects.filter(version__snapshot=snapshot).first()
    Check.objects.create(
        document=document,
        checked_at=captured_at,
        outcome=outcome_of(transition.kind if transition else "", counts=judgement in COUNTING),
        reason=reason or (transition.reason if transition else ""),
        snapshot=snapshot,
        response=response,
        recorded_by=by,
    )
    return snapshot


def gate_facts(document: Document) -> dict[str, str]:
    """What the quality gate asks of a document."""
    return {"title": document.title, "language": document.language, "kind": document.kind}


def _accepted_before(snapshot: Snapshot) -> Projection | None:
    """The newest text of the document that counts and is older than a snapshot."""
    last = (
        Version.objects.counting()
        .filter(document=snapshot.document_id, snapshot__captured_at__lt=snapshot.captured_at)
        .newest_first()
        .values_list("snapshot__text__content", flat=True)
        .first()
    )
    return projected(last) if last else None


def outcome_of(kind: str, *, counts: bool) -> str:
    """What a look at a document came to: `kind` is that of the transition to the text it brought."""
    if not counts:
        return CheckOutcome.QUARANTINED
    return CheckOutcome.NOISE if kind in NOISE else CheckOutcome.NEW_TEXT


@transaction.atomic
@kept("snapshot")
def judge(*, snapshot: Snapshot, judgement: str, by, reason: str = "") -> Verdict:
    """Adds a verdict, and derives anew what depends on it: transitions, changes, proofs. One that says what holds
    already is refused.

    The first one that counts gives the snapshot its version number; a later one never takes it away.
    """
    document = Document.objects.select_for_update(of=["self"]).select_related("platform").get(pk=snapshot.document_id)
    verdict = Verdict(snapshot=snapshot, judgement=judgement, reason=reason.strip(), judged_by=by)
    _refuse_repeated(verdict)
    verdict.full_clean()
    verdict.save()
    if judgement in COUNTING and not Version.objects.filter(snapshot=snapshot).exists():
        last = Version.objects.filter(document=document).aggregate(last=Max("number"))["last"] or 0
        Version.objects.create(document=document, snapshot=snapshot, number=last + 1)
    if Version.objects.filter(snapshot=snapshot).exists():
        derive(document, by=by)
    new_edition(by=by, reason=f"{snapshot.record_id} {verdict.get_judgement_display()}")
    return verdict


def _refuse_repeated(verdict: Verdict) -> None:
    last = Verdict.objects.filter(snapshot=verdict.snapshot).order_by("-id").first()
    if last is None:
        return
    record, holds = verdict.snapshot.record_id, last.get_judgement_display()
    released = verdict.judgement == Judgement.RELEASED and last.judgement in COUNTING
    if released or verdict.judgement == last.judgement:
        raise Refused(f"{record} stays as it is, {holds}, since {last.judged_at:%Y-%m-%d}: the verdict says the same.")
    if not verdict.reason and verdict.judgement != ACCEPTED:
        raise Refused(f"{record} stays as it is, {holds}: another verdict needs its reason.")


@transaction.atomic
def record_check(
    *,
    document: Document,
    checked_at: datetime,
    outcome: str,
    by,
    reason: str = "",
    response: Response | None = None,
    not_before: datetime | None = None,
) -> Check:
    """Keeps a look that brought no text: unchanged, noise or failed."""
    check = Check(
        document=document,
        checked_at=checked_at,
        outcome=outcome,
        reason=reason,
        response=response,
        not_before=not_before,
        recorded_by=by,
    )
    check.full_clean()
    check.save()
    return check


@transaction.atomic
@kept("transition")
def settle_transition(*, transition: Transition, declared: bool, by) -> None:
    """An analyst's word on a new reading of the page: a change of the document, or none. It can be taken back."""
    document = Document.objects.select_for_update(of=["self"]).get(pk=transition.version.document_id)
    transition.refresh_from_db()
    if transition.kind != TransitionKind.EXTRACTION:
        raise Refused(f"{transition.version} is no new reading of the page: there is nothing to settle.")
    if transition.settled_at and transition.declared == declared:
        said = "a change of the document" if declared else "only another reading of the page"
        raise Refused(f"{transition.version} is {said} already, since {transition.settled_at:%Y-%m-%d}.")
    settled = {"declared": declared, "settled_at": timezone.now(), "settled_by": by}
    # Method 0: its sentences are wanted, so the step is worked out anew, which forgets a word that is no declaration.
    Transition.objects.filter(pk=transition.pk).update(**settled, method=0)
    derive(document, by=by)
    Transition.objects.filter(pk=transition.pk).update(**settled)
    transition.refresh_from_db()
    new_edition(
        by=by, reason=f"{document.title}: {transition.version} {'declared a change' if declared else 'settled'}"
    )


@transaction.atomic
def withhold_text(*, text: Text, reason: str, by) -> Text:
    """Empties a text under a legal order, with the bytes it came in, its sentences in changes and its passages. Its
    hash, the reason and the earlier proofs stay; nothing brings the words back.
    """
    if text.is_withheld:
        raise Refused(f"The text {text.sha256} is withheld already, since {text.withheld_at:%Y-%m-%d}.")
    if not reason.strip():
        raise Refused(
            f"The text {text.sha256} stays: withholding it needs the reason,"
            " such as the court and the number of its order."
        )
    with connection.cursor() as cursor:
        # The model refuses every update; PostgreSQL lets only this one through.
        cursor.execute(
            "UPDATE platforms_text SET content = '', withheld_at = %s, withheld_by_id = %s, withheld_reason = %s"
            " WHERE sha256 = %s",
            [timezone.now(), by.pk, reason.strip(), text.sha256],
        )
        # The same words stand in the bytes they came in, and in the sentences of changes.
        cursor.execute(
            "UPDATE platforms_body SET content = '', withheld_at = %s WHERE withheld_at IS NULL AND sha256 IN ("
            "SELECT r.body_id FROM platforms_response r JOIN platforms_snapshot s ON s.response_id = r.id"
            " WHERE s.text_id = %s)",
            [timezone.now(), text.sha256],
        )
    Change.objects.filter(before__text=text).update(removed=[])
    Change.objects.filter(after__text=text).update(added=[])
    text.refresh_from_db()
    for document in Document.objects.select_for_update().filter(versions__snapshot__text=text).order_by("pk"):
        follow(document)
    new_edition(by=by, reason=f"Text {text.sha256[:12]}… withheld")
    return text
