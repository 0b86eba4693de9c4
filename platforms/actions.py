"""Writes of platforms, documents, texts, snapshots and changes. Admin, commands, importers and tests write through
these.

Each is atomic, takes keywords only, and says with `by` who does it. What can change a public page makes a new edition.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone

from conductatlas.canonical import fingerprint
from conductatlas.rules import Refused
from platforms.models import (
    Change,
    Check,
    Document,
    Edition,
    FormerAddress,
    Jurisdiction,
    Platform,
    PlatformName,
    Snapshot,
    Text,
    Verdict,
    Version,
)
from platforms.signals import snapshot_judged
from platforms.vocabulary import COUNTING, ChangeKind, CheckOutcome, ReviewState


@dataclass
class _Shared:
    """The edition that all actions of a `one_edition` block share: made when the first of them needs it."""

    by: Any
    reason: str
    edition: Edition | None = None


_shared: ContextVar[_Shared | None] = ContextVar("shared_edition", default=None)


@contextmanager
def one_edition(*, by, reason: str) -> Iterator[None]:
    """All that happens inside is one transaction and one new edition with this reason; none where nothing happens.

    A block inside another belongs to the outer one.
    """
    with transaction.atomic():
        token = _shared.set(_shared.get() or _Shared(by, reason))
        try:
            yield
        finally:
            _shared.reset(token)


@transaction.atomic
def new_edition(*, by, reason: str) -> Edition:
    """The next public state of the catalogue. Inside `one_edition` the first call makes it, others find it there."""
    shared = _shared.get()
    if shared is None:
        return _next_edition(by, reason)
    shared.edition = shared.edition or _next_edition(shared.by, shared.reason)
    return shared.edition


def _next_edition(by, reason: str) -> Edition:
    with connection.cursor() as cursor:
        # One edition at a time: two transactions must not take the same number.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('conductatlas.edition'))")
    last = Edition.objects.order_by("-number").first()
    return Edition.objects.create(number=last.number + 1 if last else 1, made_by=by, reason=reason[:300])


@transaction.atomic
def move_address(*, old_path: str, new_path: str, by) -> None:
    """Records that an address, with all below it, has moved for good. A page that comes back to its old one frees it.

    Earlier rows stay as they are: what moved below an address in between can be found only by way of that address.
    """
    if old_path == new_path:
        return
    came_back, _ = FormerAddress.objects.filter(old_path=new_path).delete()
    if came_back:
        # What moved below the address meanwhile was once below this one: those old addresses have no other way on.
        for row in FormerAddress.objects.filter(old_path__startswith=old_path).exclude(old_path=old_path):
            older = new_path + row.old_path.removeprefix(old_path)
            target = (
                new_path + row.new_path.removeprefix(old_path) if row.new_path.startswith(old_path) else row.new_path
            )
            if older != target:
                FormerAddress.objects.update_or_create(old_path=older, defaults={"new_path": target, "moved_by": by})
    FormerAddress.objects.update_or_create(old_path=old_path, defaults={"new_path": new_path, "moved_by": by})


@transaction.atomic
def save_platform(platform: Platform, *, by) -> Platform:
    """Saves a new or an edited platform; after a rename its old addresses redirect."""
    before = Platform.objects.filter(pk=platform.pk).first()
    platform.full_clean()
    platform.save()
    if before and before.slug != platform.slug:
        move_address(
            old_path=reverse("platform", args=[before.slug]), new_path=reverse("platform", args=[platform.slug]), by=by
        )
    new_edition(by=by, reason=f"Platform {platform.name}")
    return platform


@transaction.atomic
def set_former_names(platform: Platform, *, names: Sequence[Mapping[str, str]], by) -> None:
    """Makes these the former names of a platform: {"name": …, "until": …}."""
    platform.former_names.all().delete()
    for entry in names:
        row = PlatformName(platform=platform, name=entry["name"], until=entry.get("until", ""))
        row.full_clean()
        row.save()
    new_edition(by=by, reason=f"Former names of {platform.name}")


@transaction.atomic
def save_document(document: Document, *, by) -> Document:
    """Saves a new or an edited document; after a move its old address, and all below it, redirects."""
    before = Document.objects.select_related("platform").filter(pk=document.pk).first()
    document.full_clean(exclude=["number"])
    document.save()
    if before and (before.slug, before.platform_id) != (document.slug, document.platform_id):
        move_address(old_path=before.get_absolute_url(), new_path=document.get_absolute_url(), by=by)
    new_edition(by=by, reason=f"Document {document.title}")
    return document


@transaction.atomic
def set_also_serves(document: Document, *, platforms: Sequence[Platform], by) -> None:
    """Makes these the other platforms that a document serves besides its home."""
    document.also_serves.set(platforms)
    new_edition(by=by, reason=f"Platforms of {document.title}")


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
def report_change(
    *,
    document: Document,
    source: str,
    title: str,
    summary: str,
    by,
    source_url: str = "",
    reported_on: date | None = None,
    number=None,
) -> Change:
    """Keeps a change that another source tells of: no differences, in no figure."""
    numbered = {} if number is None else {"number": number}
    change = Change(
        document=document,
        kind=ChangeKind.REPORTED,
        source=source,
        source_url=source_url,
        reported_on=reported_on,
        title=title,
        summary=summary,
        **numbered,
    )
    change.full_clean(exclude=["number"])
    change.save()
    new_edition(by=by, reason=f"{change.record_id} reported")
    return change


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


@transaction.atomic
def save_jurisdiction(jurisdiction: Jurisdiction, *, by) -> Jurisdiction:
    """Saves a new or an edited jurisdiction."""
    jurisdiction.full_clean()
    jurisdiction.save()
    new_edition(by=by, reason=f"Jurisdiction {jurisdiction.code}")
    return jurisdiction


@transaction.atomic
def save_former_address(address: FormerAddress, *, by) -> FormerAddress:
    """Saves a redirect that somebody writes by hand."""
    address.moved_by = by
    address.full_clean()
    address.save()
    new_edition(by=by, reason=f"Address {address.old_path} moved")
    return address


@transaction.atomic
def save_change(change: Change, *, by) -> Change:
    """Saves what an analyst says of a change; who reviewed it, and when, follows from its review state."""
    before = Change.objects.filter(pk=change.pk).first()
    if before is None or before.review != change.review:
        reviewed = change.review != ReviewState.UNREVIEWED
        change.reviewed_at, change.reviewed_by = (timezone.now(), by) if reviewed else (None, None)
    change.full_clean(exclude=["number"])
    change.save()
    new_edition(by=by, reason=f"Change {change.record_id}")
    return change
