"""Analyses in the admin: drafts are edited, published ones are read only and offer a new version."""

from collections.abc import Callable

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import quote as quoted
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse

from clauses import actions
from clauses.checking import problems
from clauses.models import Action, Analysis, Answer, AppliedAgency, AppliedRegulation
from clauses.models.analyses import INSTITUTIONAL_PROSE, PUBLIC_PROSE
from clauses.rubric import FACTORS
from conductatlas.administration import RecordAdmin
from platforms.actions import Refused
from platforms.models import Jurisdiction


class DraftInline(admin.StackedInline):
    """A part of an analysis, editable as long as that is a draft."""

    extra = 0

    def _open(self, obj: Analysis | None) -> bool:
        return obj is None or not obj.is_frozen

    def has_add_permission(self, request, obj=None) -> bool:
        return self._open(obj) and super().has_add_permission(request, obj)

    def has_change_permission(self, request, obj=None) -> bool:
        return self._open(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None) -> bool:
        return self._open(obj) and super().has_delete_permission(request, obj)


class AnswerInline(DraftInline):
    model = Answer
    fields = ["question", "value", "detail", "sentences"]

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "question" and request.analysis is not None:
            kwargs["queryset"] = request.analysis.provision.clause_type.questions.all()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class ActionInline(DraftInline):
    model = Action


class AppliedAgencyInline(DraftInline):
    model = AppliedAgency
    autocomplete_fields = ["agency"]


class AppliedRegulationInline(DraftInline):
    model = AppliedRegulation
    autocomplete_fields = ["regulation"]


class Flags(forms.CharField):
    """Jurisdiction flags, one a line: `EU: what is special there`."""

    widget = forms.Textarea(attrs={"rows": 4, "cols": 100})

    def prepare_value(self, value):
        if isinstance(value, list):
            return "\n".join(f"{flag['jurisdiction']}: {flag['text']}" for flag in value)
        return value

    def clean(self, value):
        known = set(Jurisdiction.objects.values_list("code", flat=True))
        flags = []
        for line in filter(None, (line.strip() for line in (value or "").splitlines())):
            code, _, text = (part.strip() for part in line.partition(":"))
            if code not in known or not text:
                raise ValidationError(f"{line!r}: write the code of a known jurisdiction, a colon, and the text, for example EU: …")
            flags.append({"jurisdiction": code, "text": text})
        return flags


class AnalysisForm(forms.ModelForm):
    jurisdiction_flags = Flags(required=False, help_text="One a line: the code of a jurisdiction, a colon, the text.")

    class Meta:
        model = Analysis
        fields = "__all__"

    def clean(self):
        cleaned = super().clean()
        provision, quotation = cleaned.get("provision"), cleaned.get("quotation")
        if provision and quotation and quotation.provision_id != provision.pk:
            self.add_error("quotation", f"These are the words of another clause: choose a quotation of {provision.record_id}.")
        return cleaned

    def _get_validation_exclusions(self):
        return super()._get_validation_exclusions() | {"version", "drafter"}


@admin.register(Analysis)
class AnalysisAdmin(RecordAdmin):
    form = AnalysisForm
    change_form_template = "admin/clauses/analysis/change_form.html"
    list_display = ["provision", "record", "version", "state", "severity", "confidence", "published_at"]
    list_filter = ["state", "severity", "confidence", "provision__clause_type", "provision__document__platform"]
    list_select_related = ["provision"]
    search_fields = ["provision__title", "provision__document__platform__name", "what_it_is"]
    autocomplete_fields = ["provision", "quotation"]
    facts = ["words", "version", "state", "basis", "severity", "drafted_by", "drafter", "drafted_on"]
    readonly_fields = [*facts, "reviewed_by", "reviewed_at", "published_by", "published_at", "closed_reason", "payload_sha256"]
    fieldsets = [
        (None, {"fields": ["provision", "quotation", *facts]}),
        ("For everyone", {"fields": [*PUBLIC_PROSE, "interpretive_note"]}),
        (
            "Severity: the rubric's factors, 0 to 3",
            {"fields": [(f"{factor.key}_score", f"{factor.key}_reason") for factor in FACTORS]},
        ),
        ("Confidence", {"fields": ["confidence", "confidence_reason"]}),
        (
            "Institutional analysis",
            {
                "fields": [
                    INSTITUTIONAL_PROSE[0],
                    ("governance_exposure_level", "governance_exposure_who"),
                    INSTITUTIONAL_PROSE[1],
                    "jurisdiction_flags",
                    *INSTITUTIONAL_PROSE[2:],
                    "checklist",
                ]
            },
        ),
        (
            "Review and publication",
            {
                "fields": [
                    "public_note",
                    "reviewed_by_lawyer",
                    *("reviewed_by", "reviewed_at", "published_by", "published_at", "closed_reason", "payload_sha256"),
                ]
            },
        ),
    ]

    @admin.display(description="record")
    def record(self, analysis: Analysis) -> str:
        return analysis.provision.record_id

    @admin.display(description="the words, by sentence")
    def words(self, analysis: Analysis) -> str:
        if not analysis.quotation_id:
            return "-"
        return "\n".join(f"[{sentence.number}] {sentence.words.strip()}" for sentence in analysis.quotation.sentences)

    def get_form(self, request, obj=None, change=False, **kwargs):
        request.analysis = obj
        return super().get_form(request, obj, change=change, **kwargs)

    def get_inlines(self, request, obj):
        # The first save settles the clause, and with it the questions and the kinds of steps that fit.
        return [AnswerInline, ActionInline, AppliedAgencyInline, AppliedRegulationInline] if obj else []

    def get_readonly_fields(self, request, obj=None):
        return [*self.readonly_fields, "provision"] if obj else self.readonly_fields

    def has_change_permission(self, request, obj=None) -> bool:
        return (obj is None or not obj.is_frozen) and super().has_change_permission(request, obj)

    def save_model(self, request, obj, form, change) -> None:
        if change:
            actions.save_draft(obj)
            return
        content = {field: getattr(obj, field) for field in actions.CONTENT}
        unread = [{"question": question, "value": "unread"} for question in obj.provision.clause_type.questions.all()]
        made = actions.draft(
            provision=obj.provision, quotation=obj.quotation, by=request.user, content=content, parts={"answers": unread}
        )
        obj.pk, obj.version, obj.drafter = made.pk, made.version, request.user

    def get_urls(self):
        own = [
            path("<path:pk>/publish/", self.admin_site.admin_view(self.publish), name="clauses_analysis_publish"),
            path("<path:pk>/new-version/", self.admin_site.admin_view(self.new_version), name="clauses_analysis_new_version"),
            path("<path:pk>/withdraw/", self.admin_site.admin_view(self.withdraw), name="clauses_analysis_withdraw"),
        ]
        return [*own, *super().get_urls()]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        analysis = self.get_object(request, object_id)
        extra = {
            "problems": problems(analysis) if analysis and not analysis.is_frozen else [],
            "may_publish": request.user.has_perm("clauses.publish_analysis"),
            "may_draft": request.user.has_perm("clauses.add_analysis"),
            "may_withdraw": request.user.has_perm("clauses.withdraw_analysis"),
        }
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **extra})

    def response_change(self, request, obj) -> HttpResponse:
        if "_publish" in request.POST:
            return self.publish(request, obj.pk)
        return super().response_change(request, obj)

    def publish(self, request: HttpRequest, pk) -> HttpResponse:
        return self._act(request, pk, "clauses.publish_analysis", actions.publish, "{} is published.")

    def new_version(self, request: HttpRequest, pk) -> HttpResponse:
        return self._act(request, pk, "clauses.add_analysis", actions.new_version, "{} is a new draft: change it, then publish it.")

    def withdraw(self, request: HttpRequest, pk) -> HttpResponse:
        def act(*, analysis: Analysis, by) -> Analysis:
            actions.withdraw(analysis=analysis, reason=request.POST.get("reason", ""), by=by)
            return analysis

        return self._act(request, pk, "clauses.withdraw_analysis", act, "{} is withdrawn.")

    def _act(self, request: HttpRequest, pk, permission: str, act: Callable, done: str) -> HttpResponse:
        """Runs an action on POST for those who may; what the rules refuse is said on the page, and nothing is lost."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not request.user.has_perm(permission):
            raise PermissionDenied
        analysis = get_object_or_404(Analysis, pk=pk)
        try:
            analysis = act(analysis=analysis, by=request.user)
        except Refused as error:
            messages.error(request, str(error))
        else:
            messages.success(request, done.format(analysis))
        return HttpResponseRedirect(reverse("admin:clauses_analysis_change", args=[quoted(analysis.pk)]))
