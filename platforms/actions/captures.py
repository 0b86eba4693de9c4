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
from platforms.models import Body, Check, Document, Response, Snapshot, Version
from platforms.vocabulary import CheckOutcome, Judgement
from platforms.waiting import set_aside

from .evidence import judge, name_of, record_check, record_snapshot

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


def stored_answer(response: Response, tool: Tool) -> Answer:
    """An answer that was kept, as it came, to be read with this program. It has a body that is not withheld."""
    return Answer(
        asked=response.url,
        final=response.final_url,
        hops=tuple(Hop(hop["url"], hop["status"]) for hop in response.hops),
        status=response.status,
        headers=tuple((name, value) for name, value in response.headers),
        body=bytes(response.body.content),
        fetched_at=response.fetched_at,
        elapsed=0.0,
        tool=tool,
    )


@transaction.atomic
def read_again(*, response: Response, by) -> Snapshot:
    """Reads a kept answer with the document's selectors as they are now: the snapshot that comes of it. Where the gate
    accepts that one, earlier readings of the answer that are set aside are discarded.

    The last text that counts is read again first, where it was read otherwise: what our reading changed is told apart
    from what the platform did.
    """
    document = Document.objects.select_for_update(of=["self"]).get(pk=response.document_id)
    if response.body is None or response.body.withheld_at:
        raise Refused(f"{document.record_id} stays as it is: the page that came then is not kept.")
    tool = Tool(response.tool, READING)
    read = words_in(document, stored_answer(response, tool))
    if isinstance(read, Unreadable):
        raise Refused(f"{document.record_id} stays as it is: {read.reason}")
    earlier = list(response.snapshots.order_by("captured_at"))
    if name_of(read.markdown) in {snapshot.text_id for snapshot in earlier}:
        raise Refused(f"{document.record_id} stays as it is: these selectors give a text that we have of it already.")
    seen_at = max([*(row.captured_at for row in earlier), *response.checks.values_list("checked_at", flat=True)])
    made = record_snapshot(
        document=document,
        content=read.markdown,
        visible=read.visible,
        captured_at=seen_at + TICK,
        response=response,
        technical=not _reads_alike(document, response, seen_at, tool, by),
        url=earlier[-1].url if earlier else fitting("url", document.source_url if response.archived else response.url),
        final_url="" if response.archived else fitting("final_url", response.final_url),
        archived_url=fitting("archived_url", response.final_url) if response.archived else "",
        http_status=response.status,
        language=document.language,
        tool=tool.name,
        tool_version=reading_version(document, tool.version),
        by=by,
    )
    if Version.objects.counting().filter(snapshot=made).exists():
        for snapshot in set_aside(response.snapshots.all()):
            reason = f"Read again with other selectors: {made.record_id}."
            judge(snapshot=snapshot, judgement=Judgement.DISCARDED, reason=reason, by=by)
    return made


def _reads_alike(document: Document, response: Response, before: datetime, tool: Tool, by) -> bool:
    """Whether the last text that counts, of another answer, is read as the document is read now. Where it was not, it
    is read again, and kept where that gives other characters.
    """
    counting = Snapshot.objects.filter(document=document, captured_at__lt=before, version__counts=True)
    others = counting.exclude(pk__in=response.snapshots.values("pk"))
    last = others.select_related("response__body").order_by("-captured_at").first()
    if last is None or last.tool_version == reading_version(document, tool.version):
        return True
    read = _reread(document, last, tool) if last.response_id else None
    if read is None or name_of(read.markdown) == last.text_id:
        return read is not None
    return Version.objects.counting().filter(snapshot=_read_again(document, last, tool, by)).exists()


def _reread(document: Document, before: Snapshot, tool: Tool) -> Extraction | None:
    """What the bytes of an earlier look give with what we have now; None where they give nothing."""
    held = before.response
    if held.body is None or held.body.withheld_at:
        return None
    read = words_in(document, stored_answer(held, tool))
    return None if isinstance(read, Unreadable) else read


def _read_again(document: Document, before: Snapshot, tool: Tool, by) -> Snapshot:
    """The bytes of an earlier look, read with what we have now; its own snapshot where that gives other characters."""
    read = _reread(document, before, tool)
    if read is None or name_of(read.markdown) == before.text_id:
        return before
    return record_snapshot(
        document=document,
        content=read.markdown,
        visible=read.visible,
        captured_at=before.captured_at + TICK,
        response=before.response,
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
