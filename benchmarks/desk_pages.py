"""Which pages of the admin are measured; asked by `benchmarks.reader`, inside one database."""

from collections.abc import Iterator
from typing import Any


def addresses() -> Iterator[tuple[str, Iterator[str]]]:
    """Of each kind of page some addresses: the desk, the lists behind it, and pages on which people decide."""
    from django.urls import reverse

    from clauses.admin.front import SHELVES
    from clauses.models import QueueItem
    from platforms.admin.decisions import page_of
    from platforms.models import Change, Document, Snapshot, Transition

    yield "the desk", iter([reverse("admin:index")])
    for name, shelf in SHELVES.items():
        yield f"the list of {name}", iter([shelf.address])
    few = slice(0, 5)
    questions = QueueItem.objects.filter(settled_at=None).order_by("pk")[few]
    yield "a question", (page_of(row) for row in questions)
    yield "choosing words", (reverse("admin:clauses_queueitem_choose", args=[row.pk]) for row in questions)
    yield "a change", (page_of(row) for row in Change.objects.filter(kind="observed").order_by("pk")[few])
    yield "a snapshot", (page_of(row) for row in Snapshot.objects.filter(version__number=2).order_by("pk")[few])
    yield "a transition", (page_of(row) for row in Transition.objects.filter(kind="substantive").order_by("pk")[few])
    drafts = _drafts()
    yield "the form of a draft", (page_of(row) for row in drafts)
    yield "a review", (reverse("admin:clauses_analysis_review", args=[row.pk]) for row in drafts)
    yield "a preview", (reverse("admin:clauses_analysis_preview", args=[row.pk]) for row in drafts)
    texts = Snapshot.objects.filter(version__number=1).order_by("pk")[few]
    yield "reading a text", (reverse("admin:platforms_snapshot_read", args=[row.pk]) for row in texts)
    documents = Document.objects.order_by("pk")[few]
    yield "a document", (page_of(row) for row in documents)
    yield "trying selectors", (reverse("admin:platforms_document_trial", args=[row.pk]) for row in documents)


def _drafts() -> list[Any]:
    """Drafts of new versions; the first time some are made, since a generated catalogue has published ones only."""
    from clauses import actions
    from clauses.models import Analysis
    from conductatlas import actors

    found = list(Analysis.objects.filter(state="draft").order_by("pk")[:5])
    published = Analysis.objects.published().order_by("pk")[:5] if not found else []
    return found or [actions.new_version(analysis=row, by=actors.catalogue()) for row in published]
