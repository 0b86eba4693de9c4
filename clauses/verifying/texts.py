"""Hashes of texts and of the bytes that servers sent."""

import hashlib
from collections.abc import Sequence

from django.db.models import QuerySet

from conductatlas.canonical import fingerprint
from conductatlas.progress import Step
from platforms.models import Body, Document, Text

from .findings import Findings

AT_ONCE = 4  # rows in memory: a text has up to some megabytes


def stored(documents: Sequence[Document] | None) -> tuple[QuerySet[Text], QuerySet[Body]]:
    """The texts and bodies of these documents; None: all."""
    texts, bodies = Text.objects.order_by("pk"), Body.objects.order_by("pk")
    if documents is None:
        return texts, bodies
    return (
        texts.filter(snapshots__document__in=documents).distinct(),
        bodies.filter(responses__document__in=documents).distinct(),
    )


def verify(kept: tuple[QuerySet[Text], QuerySet[Body]], findings: Findings, step: Step) -> None:
    """Those that are withheld are empty, and a text says why."""
    texts, bodies = kept
    for text in texts.iterator(chunk_size=AT_ONCE):
        findings.checked["texts"] += 1
        record = f"text {text.sha256}"
        if not text.is_withheld:
            findings.compare(record, "SHA-256", text.sha256, fingerprint(text.content))
        elif text.content or not text.withheld_reason.strip():
            told = f"{len(text.content)} characters, reason {text.withheld_reason.strip() or 'none'}"
            findings.differ(record, "withheld", told, "no characters, and a reason")
        step()
    for body in bodies.iterator(chunk_size=AT_ONCE):
        findings.checked["bodies"] += 1
        record, content = f"body {body.sha256}", bytes(body.content)
        if body.withheld_at is None:
            findings.compare(record, "SHA-256", body.sha256, hashlib.sha256(content).hexdigest())
        elif content:
            findings.differ(record, "withheld", f"{len(content)} bytes", "no bytes")
        step()
