"""The queue in the admin: clauses whose words are not where they were, and what a person decides about them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse

from clauses import actions
from clauses.evidence import Evidence, evidence_for
from clauses.models import Proof, QueueItem
from conductatlas.administration import EvidenceAdmin
from platforms.admin.decisions import decide
from platforms.admin.narrowing import Narrowing
from platforms.models import Document
from platforms.plaintext import project

from .provisions import SKIPPED, numbered_words

AROUND = 160  # characters of the text on either side of a proposal
MOST_IN_AN_ADDRESS = 2_000  # characters; longer words are copied from the text by hand


@dataclass(frozen=True)
class Proposal:
    """A place of the newest text that resembles the quoted words: `words`, exactly as they stand in the stored text,
    what stands `before` and `behind` them, and the address of a form that takes them, "" where they are too long.
    """

    likeness: int  # per cent
    before: str
    words: str
    behind: str
    form: str


def proposals(proof: Proof, provision: int) -> Iterator[Proposal]:
    """What a proof proposes, best first; nothing where its text is withheld."""
    content = "" if proof.text.is_withheld else proof.text.content
    for score, start, end in proof.candidates if content else []:
        yield Proposal(
            likeness=round(score * 100),
            before=content[max(start - AROUND, 0) : start].lstrip(),
            words=content[start:end],
            behind=content[end : end + AROUND].rstrip(),
            form=taking(provision, content[start:end]),
        )


def taking(provision: int, words: str = "") -> str:
    """The form that adds a quotation to a clause, with these words in it as they are read, without markup."""
    plain = project(words).plain.strip() if words else ""
    if len(plain) > MOST_IN_AN_ADDRESS:
        return ""
    known: dict[str, Any] = {"provision": provision} | ({"words": plain} if plain else {})
    return f"{reverse('admin:clauses_quotation_add')}?{urlencode(known)}"


def places(document: Document, evidence: Evidence) -> list[tuple[str, str]]:
    """Where to look: the differences since the last text that held the words, else the newest text."""
    here = [document.platform.slug, document.slug]
    last, newest = evidence.last_held, evidence.current
    if newest is None:
        return []
    if last is None or last.version == newest.version:
        return [("The newest text", reverse("version", args=[*here, newest.version]))]
    return [("What changed since the words stood", reverse("redline", args=[*here, last.version, newest.version]))]


class QueueState(Narrowing):
    title = "state"
    parameter_name = "state"
    default = "open"
    parts = {
        "open": ("Open", lambda rows: rows.filter(settled_at=None)),
        "settled": ("Settled", lambda rows: rows.filter(settled_at__isnull=False)),
    }


@admin.register(QueueItem)
class QueueItemAdmin(EvidenceAdmin):
    change_form_template = "admin/clauses/queueitem/change_form.html"
    list_display = ["clause", "provision", "platform", "doubt", "since", "outcome"]
    list_display_links = ["clause", "provision"]
    list_filter = [QueueState, "doubt", "outcome"]
    list_select_related = ["provision__document__platform"]
    search_fields = ["provision__title", "provision__document__platform__name", "note"]
    records = {"P": "provision__number", "D": "provision__document__number"}
    date_hierarchy = "opened_at"

    @admin.display(description="record", ordering="provision__number")
    def clause(self, item: QueueItem) -> str:
        return item.provision.record_id

    @admin.display(ordering="provision__document__platform__sort_key")
    def platform(self, item: QueueItem) -> str:
        return item.provision.document.platform.name

    @admin.display(ordering="opened_at")
    def since(self, item: QueueItem) -> str:
        return f"{item.opened_at:%Y-%m-%d}"

    @admin.display(description="document")
    def document(self, item: QueueItem) -> str:
        return item.provision.document.title

    @admin.display(description="the words of the clause")
    def words(self, item: QueueItem) -> str:
        quotation = item.proof.quotation
        skipping = f"\n({SKIPPED} stands between its {len(quotation.segments)} parts)" if quotation.segments[1:] else ""
        return numbered_words(quotation) + skipping

    def get_fieldsets(self, request, obj=None):
        settled = ["outcome", "note", "settled_at", "settled_by"] if obj and obj.settled_at else []
        return [
            (None, {"fields": ["clause", "provision", "platform", "document", "doubt", "opened_at", *settled, "words"]})
        ]

    def get_readonly_fields(self, request, obj=None):
        return [field for _, options in self.get_fieldsets(request, obj) for field in options["fields"]]

    def get_queryset(self, request):
        queryset = super().get_queryset(request)
        if request.resolver_match.url_name.endswith("changelist"):
            return queryset
        return queryset.select_related("provision__document__platform", "proof__text", "proof__quotation")

    def change_view(self, request, object_id, form_url="", extra_context=None):
        item = self.get_object(request, object_id)
        extra: dict[str, Any] = {}
        if item:
            provision = item.provision
            extra = {
                "places": places(provision.document, evidence_for(provision, item.proof.quotation)),
                "proposals": list(proposals(item.proof, provision.pk)),
                "taking": taking(provision.pk),
                "may_quote": request.user.has_perm("clauses.add_quotation"),
                "may_settle": request.user.has_perm("clauses.change_queueitem"),
                "may_remove": may_remove(request, item),
            }
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **extra})

    def get_urls(self):
        own = [
            path("<int:pk>/leave/", self.admin_site.admin_view(self.leave), name="clauses_queueitem_leave"),
            path("<int:pk>/remove/", self.admin_site.admin_view(self.remove), name="clauses_queueitem_remove"),
        ]
        return [*own, *super().get_urls()]

    def leave(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Leaves a clause as it is, with the `note` of the form."""

        def act(item: QueueItem) -> tuple[QueueItem, str]:
            actions.leave_as_it_is(item=item, by=request.user, note=request.POST.get("note", ""))
            return item, f"{item.provision.record_id} is left as it is."

        return decide(request, QueueItem.objects.all(), pk, "clauses.change_queueitem", act)

    def remove(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Marks the clause as removed from the document."""

        def act(item: QueueItem) -> tuple[QueueItem, str]:
            if not may_remove(request, item):
                raise PermissionDenied
            actions.remove_clause(item=item, by=request.user)
            return item, f"{item.provision.record_id} is marked as removed: its page stays and says so."

        return decide(request, QueueItem.objects.all(), pk, "clauses.change_queueitem", act)


def may_remove(request: HttpRequest, item: QueueItem) -> bool:
    """What readers see of a published clause takes a reviewer to change, here as on the clause's own page."""
    if not request.user.has_perm("clauses.change_queueitem"):
        return False
    return request.user.has_perm("clauses.publish_analysis") or not item.provision.analyses.published().exists()
