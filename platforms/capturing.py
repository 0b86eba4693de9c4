"""A run of captures: which documents are due, asking for them, and keeping what came."""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from django.conf import settings
from django.db.models import OuterRef, Subquery

from conductatlas.rules import Refused
from platforms.actions.captures import READING, reading_version, record_capture, record_unread
from platforms.capture.browsing import Browsing
from platforms.capture.fetching import Fetcher, Limits, user_agent
from platforms.capture.manners import Visit, ask_safely
from platforms.capture.responses import Result
from platforms.models import Check, Document, Response, Snapshot
from platforms.vocabulary import CheckOutcome

logger = logging.getLogger(__name__)

PAUSE = timedelta(minutes=1)  # between two looks at one document that a person asks for
WHILE_SOMEBODY_WAITS = Limits(connect=5.0, read=10.0, total=20.0, tries=1, wait=0.0)

_READ = (CheckOutcome.NEW_TEXT, CheckOutcome.NOISE, CheckOutcome.UNCHANGED)


class Asking(Protocol):
    """What fetches: `platforms.capture.fetching.Fetcher`, or `InTurn` with a browser."""

    def visit(self, visits: Iterable[Visit]) -> Iterator[tuple[Visit, Result]]: ...


@dataclass(frozen=True)
class InTurn:
    """A browser that opens one page after the other."""

    browsing: Browsing

    def visit(self, visits: Iterable[Visit]) -> Iterator[tuple[Visit, Result]]:
        for one in visits:
            yield one, ask_safely(one, lambda visit: self.browsing.fetch(visit.address, language=visit.language))


@dataclass(frozen=True)
class Looked:
    """One document and what the look at it came to."""

    document: Document
    check: Check


def due(now: datetime) -> list[Document]:
    """The documents with an interval whose last look is that long ago, and whose server did not ask for more time."""
    last = Check.objects.filter(document=OuterRef("pk")).order_by("-checked_at")
    candidates = (
        Document.objects.current()
        .filter(capture_every__isnull=False)
        .exclude(source_url="")
        .select_related("platform")
        .annotate(looked_at=Subquery(last.values("checked_at")[:1]), not_before=Subquery(last.values("not_before")[:1]))
    )
    return [document for document in candidates if _is_due(document, now)]


def fetcher(limits: Limits | None = None) -> Fetcher:
    """What asks the web for documents, in the name of this site."""
    agent = user_agent(READING, settings.CAPTURE_CONTACT)
    return Fetcher(agent, READING, limits=limits, private=settings.CAPTURE_PRIVATE)


def look_now(document: Document, *, by) -> Check:
    """One look at a document while a person waits for it, as politely as any other."""
    if not document.source_url:
        raise Refused(f"{document.record_id} has no source address: fill it in, then fetch the page.")
    if document.needs_browser:
        raise Refused(f"{document.record_id} needs a browser: run `manage.py capture {document.record_id}`.")
    last, now = Check.objects.filter(document=document).order_by("-checked_at").first(), datetime.now(UTC)
    if last and last.not_before and last.not_before > now:
        raise Refused(f"The server asked not to be asked again before {last.not_before:%Y-%m-%d %H:%M} UTC.")
    if last and now - last.checked_at < PAUSE:
        raise Refused(f"We looked at {document.record_id} less than a minute ago: wait a little, then fetch it again.")
    return next(capture([document], fetcher(WHILE_SOMEBODY_WAITS), by=by)).check


def _is_due(document: Document, now: datetime) -> bool:
    if document.not_before and document.not_before > now:
        return False
    return document.looked_at is None or document.looked_at + timedelta(days=document.capture_every) <= now


def capture(
    documents: Sequence[Document], asking: Asking, *, by, step: Callable[[], None] = lambda: None
) -> Iterator[Looked]:
    """Looks at documents, hosts side by side; each answer is kept as soon as it comes, whatever the others do."""
    by_key = {document.pk: document for document in documents}
    for visit, result in asking.visit([_visit(document) for document in documents]):
        document = by_key[visit.key]
        yield Looked(document, _recorded(document, result, by=by))
        step()


def _recorded(document: Document, result: Result, *, by) -> Check:
    """What one answer came to. One that cannot be kept as a text costs that look, not the run, and its bytes stay."""
    try:
        return record_capture(document=document, result=result, by=by)
    except Exception as error:
        logger.exception("keeping what came for %s", document.record_id)
        ours = f"{type(error).__name__}, a fault of this program; see its log."
        what = str(error) if isinstance(error, Refused) else ours
        reason = f"What came from {result.asked} could not be kept as a text: {what}"
        return record_unread(document=document, result=result, reason=reason, by=by)


def _visit(document: Document) -> Visit:
    """A look at the document's address. What the server said of its last answer is told, where that one gave the text
    that counts and we would read it as we do now: it may then answer that nothing changed.
    """
    last = Response.objects.filter(document=document, status=200, archived=False).order_by("-fetched_at").first()
    known = {}
    if last is not None and last.url == document.source_url and _read_as_now(document, last):
        headers = {name.lower(): value for name, value in last.headers}
        known = {"etag": headers.get("etag", ""), "last_modified": headers.get("last-modified", "")}
    return Visit(document.pk, document.source_url, language=document.language, **known)


def _read_as_now(document: Document, response: Response) -> bool:
    if not Check.objects.filter(response=response, outcome__in=_READ).exists():
        return False  # it was set aside, or could not be read: to hear that it is still the same would hide that
    last = Snapshot.objects.filter(document=document, response__isnull=False).order_by("-captured_at").first()
    return last is not None and last.tool_version == reading_version(document, response.tool_version)
