"""Snapshots and the verdicts on them, texts and versions in the admin."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import path

from conductatlas.administration import EvidenceAdmin, TableInline
from platforms import actions
from platforms.models import Response, Snapshot, Text, Verdict, Version
from platforms.vocabulary import COUNTING, Judgement
from platforms.waiting import set_aside, with_judgement

from .decisions import consequences, decide, holding
from .differing import differing
from .narrowing import Narrowing

# The button that was pressed → the verdict, and what is said of the snapshot then.
BUTTONS = {
    "_release": (Judgement.RELEASED, "is released: it counts as {}"),
    "_discard": (Judgement.DISCARDED, "is discarded: it does not count"),
}


class VerdictInline(TableInline):
    model = Verdict
    can_delete = False
    readonly_fields = ["judgement", "reason", "judged_at", "judged_by"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("judged_by")

    def has_add_permission(self, request, obj=None) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False


class SnapshotWaiting(Narrowing):
    title = "waiting for a verdict"
    parameter_name = "waiting"
    parts = {"yes": ("Waiting: set aside", set_aside)}


@admin.register(Snapshot)
class SnapshotAdmin(EvidenceAdmin):
    change_form_template = "admin/platforms/snapshot/change_form.html"
    list_display = ["record", "platform", "document", "captured_at", "verdict", "counts", "http_status", "tool"]
    list_filter = [SnapshotWaiting, "by_hand", "technical", "tool", "verdicts__judgement"]
    list_select_related = ["document__platform", "version"]
    search_fields = ["document__title", "document__platform__name", "url", "text__sha256"]
    records = {"D": "document__number"}
    date_hierarchy = "captured_at"
    inlines = [VerdictInline]
    fieldsets = [
        (None, {"fields": ["record", "document", "captured_at", "counts", "http_status", "response"]}),
        ("Where it was seen", {"fields": ["url", "final_url", "archived_url", "language", "region"]}),
        (
            "How",
            {"fields": ["tool", "tool_version", "by_hand", "technical", "origin", "recorded_at", "recorded_by"]},
        ),
        ("The text", {"fields": ["sha256", "words"]}),
    ]

    def get_queryset(self, request):
        queryset = with_judgement(super().get_queryset(request))
        if request.resolver_match.url_name.endswith("changelist"):
            return queryset
        return queryset.select_related("document__platform", "text", "recorded_by", "version")

    @admin.display(ordering="document__platform__sort_key")
    def platform(self, snapshot: Snapshot) -> str:
        return snapshot.document.platform.name

    @admin.display(ordering="judgement")
    def verdict(self, snapshot: Snapshot) -> str:
        return Judgement(snapshot.judgement).label if snapshot.judgement else ""

    @admin.display(boolean=True)
    def counts(self, snapshot: Snapshot) -> bool:
        version = getattr(snapshot, "version", None)
        return version is not None and version.counts

    @admin.display(description="SHA-256")
    def sha256(self, snapshot: Snapshot) -> str:
        return snapshot.text_id

    @admin.display(description="the text, as it is stored")
    def words(self, snapshot: Snapshot) -> str:
        text = snapshot.text
        return (
            f"Withheld since {text.withheld_at:%Y-%m-%d}: {text.withheld_reason}" if text.is_withheld else text.content
        )

    def change_view(self, request, object_id, form_url="", extra_context=None):
        snapshot = self.get_object(request, object_id)
        extra: dict[str, Any] = {}
        if snapshot and snapshot.judgement:
            extra = {
                "judgement": Judgement(snapshot.judgement).label,
                "reason": snapshot.verdicts.order_by("-id").values_list("reason", flat=True).first(),
                "waits": snapshot.judgement == Judgement.QUARANTINED,
                "may_release": snapshot.judgement not in COUNTING,
                "may_discard": snapshot.judgement != Judgement.DISCARDED,
                "may_judge": request.user.has_perm("platforms.add_verdict"),
                "may_mend": request.user.has_perm("platforms.change_document"),
                **beside(snapshot),
            }
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **extra})

    def get_urls(self):
        own = [path("<int:pk>/judge/", self.admin_site.admin_view(self.judge), name="platforms_snapshot_judge")]
        return [*own, *super().get_urls()]

    def judge(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Releases or discards a snapshot, for the `reason` of the form."""

        def act(snapshot: Snapshot) -> tuple[Snapshot, str]:
            pressed = next((button for button in BUTTONS if button in request.POST), "")
            if not pressed:
                raise actions.Refused(f"{snapshot.record_id} stays as it is: choose to release or to discard it.")
            document, (judgement, done) = snapshot.document, BUTTONS[pressed]
            before = holding(document)
            actions.judge(
                snapshot=snapshot, judgement=judgement, reason=request.POST.get("reason", ""), by=request.user
            )
            said = done.format(Version.objects.filter(snapshot=snapshot).first())
            return snapshot, f"{snapshot.record_id} {said}. {consequences(before, holding(document))}"

        rows = Snapshot.objects.select_related("document__platform")
        return decide(request, rows, pk, "platforms.add_verdict", act)


def beside(snapshot: Snapshot) -> dict[str, Any]:
    """What a person looks at before a verdict: the text before this one, what differs, and the page that was kept."""
    counting = Version.objects.counting().with_text().filter(document=snapshot.document_id)
    before = counting.filter(snapshot__captured_at__lt=snapshot.captured_at).newest_first().first()
    found: dict[str, Any] = {"before": before}
    if before:
        before.document = snapshot.document
        found["differences"] = differing(before.snapshot.text, snapshot.text)
    if snapshot.response_id:
        kept = Response.objects.filter(pk=snapshot.response_id, body__isnull=False, body__withheld_at=None)
        found["page"] = kept.values_list("pk", flat=True).first()
    return found


@admin.register(Text)
class TextAdmin(EvidenceAdmin):
    list_display = ["sha256", "seen_as", "withheld_at"]
    list_filter = [("withheld_at", admin.EmptyFieldListFilter)]
    search_fields = ["sha256"]
    records = {"S": "snapshots__number", "D": "snapshots__document__number"}

    @admin.display(description="seen as")
    def seen_as(self, text: Text) -> str:
        return ", ".join(snapshot.record_id for snapshot in text.snapshots.all())

    def get_fields(self, request, obj=None):
        withheld = ["withheld_at", "withheld_by", "withheld_reason"] if obj and obj.is_withheld else []
        return ["sha256", "seen_as", "content", *withheld]

    def get_readonly_fields(self, request, obj=None):
        return self.get_fields(request, obj)

    def get_queryset(self, request):
        queryset = super().get_queryset(request).prefetch_related("snapshots")
        # A list of texts needs their names, not megabytes of their words.
        return queryset.defer("content") if request.resolver_match.url_name.endswith("changelist") else queryset


@admin.register(Version)
class VersionAdmin(EvidenceAdmin):
    list_display = ["platform", "document", "number", "snapshot", "counts"]
    list_display_links = ["document", "number"]
    list_filter = ["counts"]
    list_select_related = ["document__platform", "snapshot"]
    search_fields = ["document__title", "document__platform__name"]
    records = {"D": "document__number", "S": "snapshot__number"}

    @admin.display(ordering="document__platform__sort_key")
    def platform(self, version: Version) -> str:
        return version.document.platform.name
