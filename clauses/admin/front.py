"""The first page of the admin: how much waits, each number with the list behind it."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from clauses.figures import waiting

# A figure of `waiting` → the model of its list, the part of it that is meant, and what is counted.
LISTS = {
    "snapshots": ("platforms", "snapshot", "?waiting=yes", "texts set aside: release or discard them"),
    "changes": ("platforms", "change", "?waiting=yes", "observed changes that nobody has reviewed"),
    "readings": ("platforms", "transition", "?waiting=yes", "new readings of a page: did the document change?"),
    "questions": ("clauses", "queueitem", "", "clauses whose words are not where they were"),
    "documents": ("platforms", "document", "?waiting=yes", "documents at which our last look failed"),
}

_index = admin.site.index


def index(request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
    """Django's first page, with what waits in the lists that the person may see on top."""
    visible = [name for name, (app, model, *_) in LISTS.items() if request.user.has_perm(f"{app}.view_{model}")]
    figures = waiting() if visible else None
    lines = []
    for name in visible:
        app, model, part, words = LISTS[name]
        address = reverse(f"admin:{app}_{model}_changelist") + part
        lines.append({"count": getattr(figures, name), "words": words, "address": address})
    return _index(request, {**(extra_context or {}), "waiting": lines})


admin.site.index = index  # type: ignore[method-assign]
