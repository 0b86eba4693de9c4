"""The queue in the admin: clauses whose words are not where they were, and what a person decides about them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse

from clauses import actions
from clauses.evidence import Evidence, evidence_for
from clauses.models import Analysis, Proof, QueueItem
from clauses.quoting import problems, split_segments
from clauses.vocabulary import Outcome, ProofState
from clauses.waiting import overtaken
from conductatlas.administration import REFUSALS, EvidenceAdmin, told
from conductatlas.htmx import render_page
from conductatlas.rules import Refused
from platforms.admin.decisions import decide, page_of
from platforms.admin.narrowing import Narrowing
from platforms.models import Document
from platforms.plaintext import project
from platforms.wording import Run, runs_between

from .provisions import SKIPPED, numbered_words

TAKING = ("clauses.change_queueitem", "clauses.add_quotation")  # what it takes to take new words
AROUND = 160  # characters of the text on either side of a proposal


@dataclass(frozen=True)
class Proposal:
    """A place of the newest text that resembles the quoted words: where it is (`start`, `end`, code points), what
    stands `before` and `behind` it, and how its words differ from the quoted ones, both as they are read.
    """

    likeness: int  # per cent
    start: int
    end: int
    before: str
    runs: Sequence[Run]
    words: str
    behind: str


def proposals(proof: Proof) -> Iterator[Proposal]:
    """What a proof proposes, best first; nothing where its text is withheld."""
    content = "" if proof.text.is_withheld else proof.text.content
    quoted = " […] ".join(project(segment).plain for segment in proof.quotation.segments)
    for score, start, end in proof.candidates if content else []:
        words = project(content[start:end]).plain.strip()
        yield Proposal(
            likeness=round(score * 100),
            start=start,
            end=end,
            before=_read(content[max(start - AROUND, 0) : start]).lstrip(),
            runs=runs_between(quoted, words),
            words=words,
            behind=_read(content[end : end + AROUND]).rstrip(),
        )


def _read(content: str) -> str:
    return project(content).plain


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
                "proposals": list(proposals(item.proof)),
                "may_take": request.user.has_perms(TAKING),
                "rewritten": self.to_rewrite(request, item),
                "may_settle": request.user.has_perm("clauses.change_queueitem"),
                "may_remove": may_remove(request, item),
            }
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **extra})

    def get_urls(self):
        own = [
            path("<int:pk>/accept/", self.admin_site.admin_view(self.accept), name="clauses_queueitem_accept"),
            path("<int:pk>/choose/", self.admin_site.admin_view(self.choose), name="clauses_queueitem_choose"),
            path("<int:pk>/leave/", self.admin_site.admin_view(self.leave), name="clauses_queueitem_leave"),
            path("<int:pk>/remove/", self.admin_site.admin_view(self.remove), name="clauses_queueitem_remove"),
        ]
        return [*own, *super().get_urls()]

    def to_rewrite(self, request: HttpRequest, item: QueueItem) -> Analysis | None:
        """The published analysis of which a new version is due, after newer words were taken."""
        if item.outcome != Outcome.REQUOTED or not request.user.has_perm("clauses.add_analysis"):
            return None
        return overtaken(item.provision.analyses.all()).defer("payload").first()

    def accept(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Takes the proposed words at `start` to `end` as the newest words of the clause."""

        def act(item: QueueItem) -> tuple[QueueItem, str]:
            if not request.user.has_perms(TAKING):
                raise PermissionDenied
            place = tuple(_offset(request.POST.get(name, "")) for name in ("start", "end"))
            actions.accept_words(item=item, candidate=place, by=request.user)
            return item, _taken(item)

        return decide(request, QueueItem.objects.all(), pk, "clauses.change_queueitem", act)

    def choose(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Words that a person pasted: where they stand in the newest text (`_try`), or taken as the newest words of the
        clause (`_choose`). What was typed stays.
        """
        if not request.user.has_perms(TAKING):
            raise PermissionDenied
        item = get_object_or_404(self.get_queryset(request), pk=pk)
        typed, heading = (request.POST.get(name, "") for name in ("words", "heading"))
        segments = split_segments(typed.replace("\r\n", "\n").replace("\0", ""))
        refusal, found = "", None
        if request.method == "POST":
            try:
                if "_choose" in request.POST:
                    actions.choose_words(item=item, segments=segments, heading=heading.strip(), by=request.user)
                    messages.success(request, _taken(item))
                    return HttpResponseRedirect(page_of(item))
                found = found_place(item, segments, heading.strip())
            except REFUSALS as error:
                refusal = told(error)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "item": item,
            "title": f"Choose the words of {item.provision.record_id}",
            "typed": typed,
            "heading": heading,
            "refusal": refusal,
            "found": found,
        }
        return render_page(request, "admin/clauses/queueitem/choose.html", context, partials=("found",))

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


def _offset(typed: str) -> int:
    return int(typed) if typed.isdecimal() and len(typed) < 12 else -1


def _taken(item: QueueItem) -> str:
    return (
        f"The new words of {item.provision.record_id} are taken. Where its analysis is published, its page says that"
        " the words have changed since, until a new version is published."
    )


@dataclass(frozen=True)
class Place:
    """Where pasted words stand in the newest text: the phrase that says so, whether they can be taken, and for each
    segment what stands before it, its words, and what stands behind.
    """

    phrase: str
    stands: bool
    parts: Sequence[tuple[str, str, str]]


def found_place(item: QueueItem, segments: Sequence[str], heading: str) -> Place:
    """Refused where the words are no quotation."""
    if wrong := problems(segments):
        raise Refused(" ".join(f"{problem[0].upper()}{problem[1:]}." for problem in wrong))
    anchor = actions.found_in_newest(item, segments, heading=heading)
    content = item.proof.text.content
    spans = anchor.spans or [candidate.span for candidate in anchor.candidates[:1]]
    parts = [
        (_read(content[max(start - AROUND, 0) : start]), _read(content[start:end]), _read(content[end : end + AROUND]))
        for start, end in spans
    ]
    return Place(ProofState(anchor.state.value).label, bool(anchor.spans), parts)


def may_remove(request: HttpRequest, item: QueueItem) -> bool:
    """What readers see of a published clause takes a reviewer to change, here as on the clause's own page."""
    if not request.user.has_perm("clauses.change_queueitem"):
        return False
    return request.user.has_perm("clauses.publish_analysis") or not item.provision.analyses.published().exists()
