"""Texts that a person gives by hand: read as a captured page is, judged by the same gate, kept as what they are."""

from datetime import datetime

from django.db import transaction

from conductatlas.rules import Refused
from platforms.capture.extracting import Unreadable
from platforms.capture.responses import Response as Answer
from platforms.capture.responses import Tool
from platforms.models import Check, Document

from .captures import fitting, last_before, refuse_repeated, seen_again, words_in
from .evidence import name_of, record_snapshot

NAMELESS = "What was given"  # in place of an address, where a reason names one


def record_given(
    *, document: Document, body: bytes, content_type: str, seen_at: datetime, by, url: str = "", whole: bool = False
) -> Check:
    """Keeps the text in these bytes as one that `by` saw at an address at a time, and gives the look that it was:
    unchanged, new text, noise or quarantined. Refuses what holds no text to be had, with the reason.

    `whole`: the document's selectors, which choose parts of a page, are left aside. The bytes themselves are not kept:
    no server answered with them.
    """
    given = Answer(
        asked=url,
        final=url or NAMELESS,
        hops=(),
        status=0,
        headers=(("Content-Type", content_type),),
        body=body,
        fetched_at=seen_at,
        elapsed=0.0,
        tool=Tool("", ""),
    )
    aside = Document(language=document.language) if whole else document
    found = words_in(aside, given)
    if isinstance(found, Unreadable):
        raise Refused(found.reason)
    with transaction.atomic():
        Document.objects.select_for_update(of=["self"]).get(pk=document.pk)
        refuse_repeated(document, given)
        before = last_before(document, seen_at)
        if before and before.text_id == name_of(found.markdown):
            return seen_again(document, before, seen_at, None, by)
        snapshot = record_snapshot(
            document=document,
            content=found.markdown,
            visible=found.visible,
            captured_at=seen_at,
            url=fitting("url", url),
            language=document.language,
            by_hand=True,
            by=by,
        )
    return snapshot.checks.get()
