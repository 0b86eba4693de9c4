"""Writes of texts, snapshots, verdicts and checks."""

from datetime import datetime

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from conductatlas.canonical import fingerprint
from conductatlas.rules import Refused
from platforms.models import Check, Document, Snapshot, Text, Verdict, Version
from platforms.signals import snapshot_judged
from platforms.vocabulary import COUNTING, CheckOutcome

from .editions import new_edition


def store_text(*, content: str) -> Text:
    """The text with this content, stored once. Refuses what PostgreSQL cannot keep byte for byte."""
    if "\0" in content:
        raise Refused(f"The text holds a NUL character at {content.index(chr(0))}: it is not a text; capture it again.")
    try:
        name = fingerprint(content)
    except UnicodeEncodeError as error:
        raise Refused(
            f"The text holds half a character at {error.start}: decode it with the right character set."
        ) from error
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
    judgement: str,
    by,
    reason: str = "",
    number: int | None = None,
    **how,
) -> Snapshot:
    """Keeps what was seen and gives the first verdict on it (accepted, quarantined or discarded), with the check that
    it was.

    `content` is what was read, or a text that is kept already. `how` holds the other columns of Snapshot: url,
    final_url, archived_url, http_status, language, region, tool, tool_version, by_hand.
    """
    numbered = {} if number is None else {"number": number}
    text = content if isinstance(content, Text) else store_text(content=content)
    snapshot = Snapshot(document=document, text=text, captured_at=captured_at, recorded_by=by, **numbered, **how)
    snapshot.full_clean(exclude=["number"])
    snapshot.save()
    counts = judgement in COUNTING
    Check.objects.create(
        document=document,
        checked_at=captured_at,
        outcome=CheckOutcome.NEW_TEXT if counts else CheckOutcome.QUARANTINED,
        reason=reason,
        snapshot=snapshot,
        recorded_by=by,
    )
    judge(snapshot=snapshot, judgement=judgement, reason=reason, by=by)
    return snapshot


@transaction.atomic
def judge(*, snapshot: Snapshot, judgement: str, by, reason: str = "") -> Verdict:
    """Adds a verdict. The first one that counts gives the snapshot its version number; a later one never takes it
    away.
    """
    verdict = Verdict(snapshot=snapshot, judgement=judgement, reason=reason, judged_by=by)
    verdict.full_clean()
    verdict.save()
    counts = judgement in COUNTING
    if counts and not Version.objects.filter(snapshot=snapshot).exists():
        Document.objects.select_for_update().get(pk=snapshot.document_id)
        last = Version.objects.filter(document=snapshot.document_id).aggregate(last=Max("number"))["last"] or 0
        Version.objects.create(document_id=snapshot.document_id, snapshot=snapshot, number=last + 1)
    snapshot_judged.send(Snapshot, snapshot=snapshot, counts=counts, by=by)
    new_edition(by=by, reason=f"{snapshot.record_id} {verdict.get_judgement_display()}")
    return verdict


@transaction.atomic
def record_check(*, document: Document, checked_at: datetime, outcome: str, by, reason: str = "") -> Check:
    """Keeps a look that brought no text: unchanged, noise or failed."""
    check = Check(document=document, checked_at=checked_at, outcome=outcome, reason=reason, recorded_by=by)
    check.full_clean()
    check.save()
    return check


@transaction.atomic
def withhold_text(*, text: Text, reason: str, by) -> Text:
    """Empties a text under a legal order. Its hash, the reason and the earlier proofs stay; nothing brings the words
    back.
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
    text.refresh_from_db()
    new_edition(by=by, reason=f"Text {text.sha256[:12]}… withheld")
    return text
