"""A run of captures: which documents are due, asking for them, and keeping what came."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from django.db.models import OuterRef, Subquery

from platforms.actions.captures import reading_version, record_capture
from platforms.capture.browsing import Browsing
from platforms.capture.manners import Visit
from platforms.capture.responses import Result
from platforms.models import Check, Document, Response, Snapshot


class Asking(Protocol):
    """What fetches: `platforms.capture.fetching.Fetcher`, or `InTurn` with a browser."""

    def visit(self, visits: Iterable[Visit]) -> Iterator[tuple[Visit, Result]]: ...


@dataclass(frozen=True)
class InTurn:
    """A browser that opens one page after the other."""

    browsing: Browsing

    def visit(self, visits: Iterable[Visit]) -> Iterator[tuple[Visit, Result]]:
        for one in visits:
            yield one, self.browsing.fetch(one.address, language=one.language)


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
        yield Looked(document, record_capture(document=document, result=result, by=by))
        step()


def _visit(document: Document) -> Visit:
    """A look at the document's address. What the server said of its last answer is told, where we would read that one
    as we do now: it may then answer that nothing changed.
    """
    last = Response.objects.filter(document=document, status=200, archived=False).order_by("-fetched_at").first()
    known = {}
    if last is not None and last.url == document.source_url and _read_as_now(document, last):
        headers = {name.lower(): value for name, value in last.headers}
        known = {"etag": headers.get("etag", ""), "last_modified": headers.get("last-modified", "")}
    return Visit(document.pk, document.source_url, language=document.language, **known)


def _read_as_now(document: Document, response: Response) -> bool:
    last = Snapshot.objects.filter(document=document, response__isnull=False).order_by("-captured_at").first()
    return last is not None and last.tool_version == reading_version(document, response.tool_version)
