"""Looks at documents, what servers answered, and its bytes, in the admin: all of it to be read, never rendered."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.db.models.functions import Length
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404
from django.template.defaultfilters import filesizeformat
from django.urls import path, reverse
from django.utils.html import format_html

from conductatlas.administration import EvidenceAdmin
from conductatlas.htmx import render_page
from platforms.models import Body, Check, Response
from platforms.trials import MOST_SOURCE, read_with, source_of
from platforms.vocabulary import CheckOutcome
from platforms.waiting import failed_looks

from . import by_hand
from .narrowing import Narrowing


class CheckWaiting(Narrowing):
    title = "failed, and not looked at since"
    parameter_name = "waiting"
    parts = {"yes": ("Our last look failed", failed_looks)}


@admin.register(Check)
class CheckAdmin(EvidenceAdmin):
    change_form_template = "admin/linked_form.html"
    list_display = ["platform", "document", "checked_at", "outcome", "reason"]
    list_display_links = ["document", "checked_at"]
    list_filter = [CheckWaiting, "outcome"]
    list_select_related = []  # see `get_queryset`
    search_fields = ["document__title", "document__platform__name"]
    records = {"D": "document__number", "S": "snapshot__number"}
    date_hierarchy = "checked_at"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Check]:
        # Not joined: PostgreSQL would read every document for the fifty on a page.
        return super().get_queryset(request).prefetch_related("document__platform")

    @admin.display(ordering="document__platform__sort_key")
    def platform(self, check: Check) -> str:
        return check.document.platform.name

    def change_view(self, request, object_id, form_url="", extra_context=None):
        check = self.get_object(request, object_id)
        failed = check is not None and check.outcome == CheckOutcome.FAILED
        extra = {"places": by_hand.ways_in(request, check.document)} if failed else {}
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **extra})


@admin.register(Response)
class ResponseAdmin(EvidenceAdmin):
    list_display = ["fetched_at", "platform", "document", "status", "url", "archived", "tool"]
    list_filter = ["status", "archived", "tool"]
    list_select_related = ["document__platform"]
    search_fields = ["document__title", "document__platform__name", "url", "final_url", "body__sha256"]
    records = {"D": "document__number", "S": "snapshots__number"}
    date_hierarchy = "fetched_at"
    fields = readonly_fields = [
        *("document", "fetched_at", "status", "url", "final_url", "way", "archived", "header_lines", "bytes_of_it"),
        *("tool", "tool_version", "recorded_at", "recorded_by"),
    ]

    @admin.display(ordering="document__platform__sort_key")
    def platform(self, response: Response) -> str:
        return response.document.platform.name

    @admin.display(description="on the way")
    def way(self, response: Response) -> str:
        return "\n".join(f"{hop.get('status')} {hop.get('url')}" for hop in response.hops)

    @admin.display(description="headers")
    def header_lines(self, response: Response) -> str:
        return "\n".join(f"{name}: {value}" for name, value in response.headers)

    @admin.display(description="body")
    def bytes_of_it(self, response: Response) -> str:
        body = sized(Body.objects.filter(pk=response.body_id)).first()
        if body is None:
            return "none was sent"
        page = reverse("admin:platforms_body_change", args=[body.pk])
        return format_html('<a href="{}">{}</a>, {}', page, body, size_of(body))

    def get_urls(self):
        own = [path("<int:pk>/page/", self.admin_site.admin_view(self.page), name="platforms_response_page")]
        return [*own, *super().get_urls()]

    def page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The page as it was captured, as characters: all its words, and its source. Nothing of it can run or ask."""
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        if not self.has_view_permission(request):
            raise PermissionDenied
        response = get_object_or_404(Response.objects.select_related("document__platform", "body"), pk=pk)
        kept = response.body is not None and not response.body.withheld_at
        words = read_with(response, select="body", remove="", language=response.document.language) if kept else None
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": f"The page as it was captured on {response.fetched_at:%Y-%m-%d}",
            "response": response,
            "kept": kept,
            "words": words,
            "source": source_of(response) if kept else "",
            "most": MOST_SOURCE,
            "may_mend": request.user.has_perm("platforms.change_document"),
        }
        return render_page(request, "admin/platforms/response/page.html", context)


@admin.register(Body)
class BodyAdmin(EvidenceAdmin):
    list_display = ["sha256", "size", "withheld_at"]
    list_filter = [("withheld_at", admin.EmptyFieldListFilter)]
    search_fields = ["sha256"]
    records = {"S": "responses__snapshots__number", "D": "responses__document__number"}
    ordering = ["sha256"]
    fields = readonly_fields = ["sha256", "size", "withheld_at", "answers", "download"]

    def get_queryset(self, request):
        return sized(super().get_queryset(request))

    @admin.display(ordering="bytes_held")
    def size(self, body: Body) -> str:
        return size_of(body)

    @admin.display(description="sent as")
    def answers(self, body: Body) -> str:
        return "\n".join(
            f"{response.document.platform.name}, {response.document}: {response}, {response.url}"
            for response in body.responses.select_related("document__platform")[:50]
        )

    @admin.display(description="the bytes")
    def download(self, body: Body) -> str:
        if body.withheld_at:
            return "withheld under a legal order"
        address = reverse("admin:platforms_body_download", args=[body.pk])
        return format_html('<a href="{}" download>Download the bytes as they came</a>', address)

    def get_urls(self):
        own = [path("<slug:pk>/download/", self.admin_site.admin_view(self.send), name="platforms_body_download")]
        return [*own, *super().get_urls()]

    def send(self, request: HttpRequest, pk: str) -> HttpResponse:
        """The bytes as a file to be kept: no browser is to show what a stranger's server sent."""
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        if not self.has_view_permission(request):
            raise PermissionDenied
        body = get_object_or_404(Body, pk=pk)
        if body.withheld_at:
            return HttpResponse(
                "These bytes are withheld under a legal order.\n", status=451, content_type="text/plain"
            )
        response = HttpResponse(bytes(body.content), content_type="application/octet-stream")
        response["Content-Disposition"] = f'attachment; filename="{body.pk[:12]}.bin"'
        response["X-Content-Type-Options"] = "nosniff"
        return response


def sized(bodies: QuerySet[Body]) -> QuerySet[Body]:
    """Bodies with their `bytes_held`, and without their bytes."""
    return bodies.annotate(bytes_held=Length("content")).defer("content")


def size_of(body: Body) -> str:
    """The length of an annotated body, `12.3 KB`."""
    return "withheld" if body.withheld_at else filesizeformat(body.bytes_held)
