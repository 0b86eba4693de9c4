"""What selectors would make of an answer that was kept, without keeping anything of it."""

import hashlib
from dataclasses import dataclass

from django.core.cache import cache

from platforms.actions.captures import READING, stored_answer
from platforms.actions.evidence import gate_facts
from platforms.capture import gate
from platforms.capture.apart import Bounds, Reader
from platforms.capture.charsets import decode
from platforms.capture.extracting import Extraction, Unreadable
from platforms.capture.responses import Tool
from platforms.models import Document, Response, Text, Version
from platforms.reading import DAY, projected
from platforms.redline import Redline, redline

MOST_SOURCE = 200_000  # characters of the source of a page that are shown
_reader = Reader(Bounds(seconds=20.0, memory=2_000_000_000))  # a person waits for it


@dataclass(frozen=True)
class Trial:
    """What came of an answer: its `text`, or in `refusal` why there is none; whether the gate would accept it, or its
    `reason`; and how it differs from `before`, the text that counted when the answer came.
    """

    text: str = ""
    title: str = ""
    proposal: str = ""
    refusal: str = ""
    accepted: bool = False
    reason: str = ""
    before: Version | None = None
    redline: Redline | None = None


def stored_responses(document: Document):
    """The answers of a document whose bytes are kept, newest first."""
    kept = Response.objects.filter(document=document, body__isnull=False, body__withheld_at=None, status=200)
    return kept.order_by("-fetched_at", "-pk")


def read_with(response: Response, *, select: str, remove: str, language: str) -> Extraction | Unreadable:
    """The words of a kept answer, read in a process of its own, as a capture reads it. Worked out once a day."""
    asked = "\0".join((response.body_id, response.final_url, select, remove, language, READING, repr(response.headers)))
    key = "trial:" + hashlib.sha256(asked.encode(errors="replace")).hexdigest()
    found = cache.get(key)
    if found is None:
        answer = stored_answer(response, Tool(response.tool, READING))
        found = _reader.read(answer, select=select, remove=remove, language=language)
        cache.set(key, found, DAY)
    return found


def trial(document: Document, response: Response, *, select: str, remove: str) -> Trial:
    """What a capture would make of an answer with these selectors."""
    read = read_with(response, select=select, remove=remove, language=document.language)
    if isinstance(read, Unreadable):
        return Trial(refusal=read.reason)
    before = accepted_before(document, response)
    previous = before.snapshot.text if before and not before.snapshot.text.is_withheld else None
    finding = gate.judge(
        projected(read.markdown),
        previous=projected(previous.content) if previous else None,
        visible=read.visible,
        **gate_facts(document),
    )
    return Trial(
        text=read.markdown,
        title=read.title,
        proposal=read.proposal,
        accepted=finding.accepted,
        reason=finding.reason,
        before=before,
        redline=_compared(previous, read.markdown),
    )


def _compared(previous: Text | None, markdown: str) -> Redline | None:
    return redline(previous.content, markdown) if previous else None


def accepted_before(document: Document, response: Response) -> Version | None:
    """The last text that counts and is older than an answer."""
    counting = Version.objects.counting().with_text().filter(document=document)
    return counting.filter(snapshot__captured_at__lt=response.fetched_at).newest_first().first()


def source_of(response: Response) -> str:
    """The beginning of an answer as it was sent, as characters: to be looked at, never to be run."""
    declared = next((value for name, value in response.headers if name.lower() == "content-type"), "")
    body = bytes(response.body.content)
    if body[:1024].find(b"%PDF-") >= 0:
        return ""
    return decode(body[: 4 * MOST_SOURCE], declared, response.document.language, markup=True)[:MOST_SOURCE]
