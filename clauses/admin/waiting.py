"""Parts of lists that wait for the person who looks at them."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.utils.html import format_html

from clauses.models import Analysis, ReadingDue
from clauses.vocabulary import Severity
from clauses.waiting import drafts_of, overtaken, reviews_for
from conductatlas.administration import EvidenceAdmin
from platforms.admin.narrowing import Narrowing

from .front import reading_place

# The word in the address → what people read, and the rows that wait for this person.
PARTS: Mapping[str, tuple[str, Callable[[QuerySet, Any], QuerySet]]] = {
    "drafts": ("My drafts", drafts_of),
    "reviews": ("Waiting for my review", reviews_for),
    "overtaken": ("Words have changed since", lambda rows, _: rows.filter(pk__in=_overtaken())),
}


def _overtaken() -> list[int]:
    """By their ids: they are few, and PostgreSQL would walk the whole list in its order to find them."""
    return list(overtaken(Analysis.objects.all()).values_list("pk", flat=True))


class AnalysisWaiting(Narrowing):
    title = "waiting"
    parameter_name = "waiting"

    def __init__(self, request: Any, *arguments: Any) -> None:
        user = request.user
        self.parts = {word: (shown, lambda rows, of=of: of(rows, user)) for word, (shown, of) in PARTS.items()}
        super().__init__(request, *arguments)


class Severities(Narrowing):
    """By the words of the rubric. Django would look for them among all rows: PostgreSQL works the column out."""

    title = "severity"
    parameter_name = "severity"
    parts = {level.value: (level.label, lambda rows, level=level: rows.filter(severity=level)) for level in Severity}


@admin.register(ReadingDue)
class ReadingDueAdmin(EvidenceAdmin):
    list_display = ["read", "platform", "document", "missing", "since"]
    list_display_links = None
    list_filter = ["document__kind", "document__language"]
    list_select_related = ["document__platform"]
    search_fields = ["document__title", "document__platform__name"]
    records = {"D": "document__number", "S": "snapshot__number"}
    fields = readonly_fields = ["platform", "document", "missing", "since", "read"]

    @admin.display(ordering="document__platform__sort_key")
    def platform(self, due: ReadingDue) -> str:
        return due.document.platform.name

    @admin.display(description="the text")
    def read(self, due: ReadingDue) -> str:
        return format_html('<a href="{}">Read it</a>', reading_place(due.snapshot_id))
