"""Steps from one version of a document to the next, in the admin: what a person has to decide about some of them."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse

from conductatlas.administration import EvidenceAdmin
from platforms import actions
from platforms.models import Transition, Version
from platforms.vocabulary import TransitionKind
from platforms.waiting import TO_DECIDE, to_decide

from .decisions import consequences, decide, holding
from .differing import differing
from .narrowing import Narrowing

# The button that was pressed → whether the document changed, and what is said then.
BUTTONS = {"_change": (True, "a change of the document"), "_reading": (False, "only another reading of the page")}


class TransitionWaiting(Narrowing):
    title = "waiting for a decision"
    parameter_name = "waiting"
    parts = {
        "yes": ("Waits for a decision", to_decide),
        "declared": ("Declared a change", lambda rows: rows.filter(declared=True)),
        "kept": ("Only our reading changed", lambda rows: rows.filter(declared=False, settled_at__isnull=False)),
    }


@admin.register(Transition)
class TransitionAdmin(EvidenceAdmin):
    change_form_template = "admin/platforms/transition/change_form.html"
    list_display = ["platform", "document", "version_number", "captured", "kind", "reason", "removed", "added"]
    list_display_links = ["document", "version_number"]
    list_filter = [TransitionWaiting, "kind"]
    list_select_related = ["version__document__platform", "version__snapshot"]
    search_fields = ["version__document__title", "version__document__platform__name", "reason"]
    records = {"D": "version__document__number", "S": "version__snapshot__number"}
    ordering = ["-version__snapshot__captured_at", "-pk"]
    fieldsets = [
        (None, {"fields": ["platform", "document", "before", "version", "captured"]}),
        ("What became of the text", {"fields": ["kind", "reason", "removed", "added", "stated_on"]}),
        ("Decided", {"fields": ["declared", "settled_at", "settled_by"]}),
        ("How it was worked out", {"fields": ["fingerprint", "essence", "method"]}),
    ]

    @admin.display(ordering="version__document__platform__sort_key")
    def platform(self, transition: Transition) -> str:
        return transition.version.document.platform.name

    @admin.display(ordering="version__document__title")
    def document(self, transition: Transition) -> str:
        return transition.version.document.title

    @admin.display(description="version", ordering="version__number")
    def version_number(self, transition: Transition) -> int:
        return transition.version.number

    @admin.display(description="captured at", ordering="version__snapshot__captured_at")
    def captured(self, transition: Transition) -> str:
        return f"{transition.version.snapshot.captured_at:%Y-%m-%d %H:%M} UTC"

    def change_view(self, request, object_id, form_url="", extra_context=None):
        transition = self.get_object(request, object_id)
        extra: dict[str, Any] = {}
        if transition and transition.before:
            address = differences(transition.before, transition.version)
            texts = (version.snapshot.text for version in (transition.before, transition.version))
            extra = {
                "places": [("The differences, word by word", address)],
                "differences": differing(*texts, address),
                "is_reading": transition.kind == TransitionKind.EXTRACTION,
                "waits": Transition.objects.filter(TO_DECIDE, pk=transition.pk).exists(),
                "may_decide": request.user.has_perm("platforms.change_transition"),
            }
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **extra})

    def get_urls(self):
        own = [path("<int:pk>/settle/", self.admin_site.admin_view(self.settle), name="platforms_transition_settle")]
        return [*own, *super().get_urls()]

    def settle(self, request: HttpRequest, pk: int) -> HttpResponse:
        """An analyst's word on a new reading of the page."""

        def act(transition: Transition) -> tuple[Transition, str]:
            pressed = next((button for button in BUTTONS if button in request.POST), "")
            if not pressed:
                raise actions.Refused(
                    "Nothing was decided: choose whether the document changed, or only our reading of it."
                )
            document, (declared, said) = transition.version.document, BUTTONS[pressed]
            before = holding(document)
            actions.settle_transition(transition=transition, declared=declared, by=request.user)
            return transition, f"{transition.version} is {said}. {consequences(before, holding(document))}"

        rows = Transition.objects.select_related("version__document__platform")
        return decide(request, rows, pk, "platforms.change_transition", act)


def differences(before: Version, after: Version) -> str:
    """The public page with what differs between two versions of a document."""
    document = after.document
    return reverse("redline", args=[document.platform.slug, document.slug, before.number, after.number])
