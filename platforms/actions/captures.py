"""Writes of captures: what a server answered, the text that was read out of it, and what became of the look."""

import hashlib
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction

from conductatlas.rules import Refused
from platforms.capture.apart import Reader
from platforms.capture.extracting import Extraction, Unreadable
from platforms.capture.responses import Failure, Hop, Result, Tool
from platforms.capture.responses import Response as Answer
from platforms.models import Body, Check, Document, Response, Snapshot
from platforms.vocabulary import CheckOutcome

from .evidence import name_of, record_check, record_snapshot

READING = "1"  # raised when the same bytes can give another text
TICK = timedelta(microseconds=1)
_reader = Reader()


@transaction.atomic
def record_capture(*, document: Document, result: Result, by) -> Check:
    """Keeps an answer whole, and the look that it was: unchanged, new text, noise, quarantined or failed.

    The text is read out of the answer with the document's own selectors. Where these, or the program, are newer than
    the last text that we captured, that one's kept bytes are read again first: what our reading changed is told apart
    from what the platform did. Two answers for one document are kept one after the other.
    """
    Document.objects.select_for_update(of=["self"]).get(pk=document.pk)
    refuse_repeated(document, result)
    response = _kept(document, result, by)
    if isinstance(result, Failure):
        return _looked(document, result, CheckOutcome.FAILED, result.reason, response, by)
    if result.not_modified:
        reason = "The server says that nothing changed since the last look."
        return _looked(document, result, CheckOutcome.UNCHANGED, reason, response, by)
    read = words_in(document, result)
    if isinstance(read, Unreadable):
        return _looked(document, result, CheckOutcome.FAILED, read.reason, response, by)
    seen_at = _seen_at(result)
    before = last_before(document, seen_at)
    if before and before.response_id and reading_version(document, result.tool.version) != before.tool_version:
        before = _read_again(document, before, result.tool, by)
    if before and before.text_id == name_of(read.markdown):
        return seen_again(document, before, seen_at, response, by)
    snapshot = record_snapshot(
        document=document,
        content=read.markdown,
        visible=read.visible,
        captured_at=seen_at,
        response=response,
        reason=_proposed(read) if before is None else "",
        url=fitting("url", result.original or result.asked),
        final_url="" if result.original else fitting("final_url", result.final),
        archived_url=fitting("archived_url", result.final) if result.original else "",
        http_status=result.status,
        language=document.language,
        tool=result.tool.name,
        tool_version=reading_version(document, result.tool.version),
        by=by,
    )
    return snapshot.checks.get()


def _proposed(read: Extraction) -> str:
    """What the first look at a page without selectors has to say to the analyst who keeps the document."""
    return f"The whole page was read; a selector that may fit it better: {read.proposal}" if read.proposal else ""


@transaction.atomic
def record_unread(*, document: Document, result: Result, reason: str, by) -> Check:
    """Keeps an answer whose text could not be kept, with the reason: a failed look."""
    return _looked(document, result, CheckOutcome.FAILED, reason, _kept(document, result, by), by)


def _seen_at(result: Result) -> datetime:
    return getattr(result, "copied_at", None) or result.fetched_at


def refuse_repeated(document: Document, result: Result) -> None:
    """One document has one text, and one look, of a moment."""
    at = _seen_at(result)
    snapshots, checks = Snapshot.objects.filter(captured_at=at), Check.objects.filter(checked_at=at)
    if snapshots.filter(document=document).exists() or checks.filter(document=document).exists():
        raise Refused(f"{document.record_id} has a look of {at:%Y-%m-%d %H:%M:%S} UTC already: nothing was added.")


def fitting(name: str, address: str) -> str:
    """An address as a snapshot keeps it, "" where it cannot: the response holds every one whole."""
    try:
        return str(Snapshot._meta.get_field(name).clean(address, None))
    except ValidationError:
        return ""


def words_in(document: Document, answer: Answer) -> Extraction | Unreadable:
    """What an answer says, read with the document's own selectors."""
    return _reader.read(answer, select=document.select, remove=document.remove, language=document.language)


def reading_version(document: Document, version: str) -> str:
    """The version of the reading of a page: that of the program, and of the document's selectors."""
    if not document.select and not document.remove:
        return version
    selectors = "\0".join((document.select, document.remove))
    return f"{version}+{hashlib.sha256(selectors.encode()).hexdigest()[:8]}"


def _kept(document: Document, result: Result, by) -> Response | None:
    """The answer as a row, its bytes stored once; None where no server answered."""
    if not result.status:
        return None
    content = getattr(result, "body", b"")
    body = None
    if content:
        name = hashlib.sha256(content).hexdigest()
        body, _ = Body.objects.get_or_create(sha256=name, defaults={"content": content})
    return Response.objects.create(
        document=document,
        fetched_at=result.fetched_at,
        url=result.asked,
        final_url=result.final,
        hops=[{"status": hop.status, "url": hop.address} for hop in result.hops],
        status=result.status,
        headers=[list(pair) for pair in result.headers],
        body=body,
        archived=bool(getattr(result, "original", "")),
        tool=result.tool.name,
        tool_version=result.tool.version,
        recorded_by=by,
    )


def _looked(document: Document, result: Result, outcome: str, reason: str, response: Response | None, by) -> Check:
    return record_check(
        document=document,
        checked_at=result.fetched_at,
        outcome=outcome,
        reason=reason,
        response=response,
        not_before=getattr(result, "wait_until", None),
        by=by,
    )


def last_before(document: Document, moment: datetime) -> Snapshot | None:
    """The newest snapshot of a document that is older than a moment, whether it counts or not."""
    snapshots = Snapshot.objects.filter(document=document, captured_at__lt=moment)
    return snapshots.select_related("response__body").order_by("-captured_at").first()


def _read_again(document: Document, before: Snapshot, tool: Tool, by) -> Snapshot:
    """The bytes of an earlier look, read with what we have now; its own snapshot where that gives other characters."""
    held = before.response
    if held.body is None or held.body.withheld_at:
        return before
    answer = Answer(
        asked=held.url,
        final=held.final_url,
        hops=tuple(Hop(hop["url"], hop["status"]) for hop in held.hops),
        status=held.status,
        headers=tuple((name, value) for name, value in held.headers),
        body=bytes(held.body.content),
        fetched_at=held.fetched_at,
        elapsed=0.0,
        tool=tool,
    )
    read = words_in(document, answer)
    if isinstance(read, Unreadable) or name_of(read.markdown) == before.text_id:
        return before
    return record_snapshot(
        document=document,
        content=read.markdown,
        visible=read.visible,
        captured_at=before.captured_at + TICK,
        response=held,
        technical=True,
        url=before.url,
        final_url=before.final_url,
        archived_url=before.archived_url,
        http_status=before.http_status,
        language=before.language,
        tool=tool.name,
        tool_version=reading_version(document, tool.version),
        by=by,
    )


def seen_again(document: Document, before: Snapshot, moment: datetime, response: Response | None, by) -> Check:
    """The same text as at the look before: nothing new, whether it counts or is set aside."""
    counts = getattr(before, "version", None) is not None and before.version.counts
    check = Check(
        document=document,
        checked_at=moment,
        outcome=CheckOutcome.UNCHANGED if counts else CheckOutcome.QUARANTINED,
        reason="" if counts else before.verdicts.order_by("-id").first().reason,
        snapshot=None if counts else before,
        response=response,
        recorded_by=by,
    )
    check.full_clean()
    check.save()
    return check
