"""Analyses in the admin: drafts are edited, published ones are read only and offer a new version."""

from collections.abc import Callable

from django.contrib import admin, messages
from django.db.models import prefetch_related_objects
from django.forms import model_to_dict
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone

from clauses import actions
from clauses.admin import reviewing
from clauses.checking import problems
from clauses.models import Analysis, Quotation
from clauses.models.analyses import INSTITUTIONAL_PROSE, PUBLIC_PROSE, PUBLIC_PROSE_TITLES
from clauses.rubric import FACTORS
from clauses.scoring import Scored
from conductatlas.administration import RecordAdmin, RecordForm
from platforms.admin.decisions import decide

from .drafting import aside, draft_urls, rests, scored_of
from .fields import Flags, score_field
from .parts import INLINES, ROOM_TO_GROW
from .waiting import AnalysisWaiting, Severities

SCORES = {f"{factor.key}_score": factor for factor in FACTORS}


class AnalysisForm(RecordForm):
    jurisdiction_flags = Flags(required=False, help_text="One a line: the code of a jurisdiction, a colon, the text.")
    violations = {
        f"analysis_{factor.key}_scored_with_a_reason": f"{factor.name}: a score needs its reason." for factor in FACTORS
    }

    class Meta:
        model = Analysis
        fields: tuple[str, ...] = ()  # the page lists them
        labels = {
            **PUBLIC_PROSE_TITLES,
            **{f"{factor.key}_reason": f"{factor.name}: the reason" for factor in FACTORS},
            "governance_exposure_level": "Governance exposure",
            "governance_exposure_who": "Who is exposed",
            "governance_exposure_why": "Why",
        }
        help_texts = {
            "quotation": "The words that this analysis is about. Left empty: the newest words of the clause.",
            "confidence": "How sure you are of the meaning. Low confidence caps the severity at medium.",
            "enforcement_risk": "What authorities have done, or could do; empty when there is nothing to say.",
        }

    asked_for_severity = ",".join(["csrfmiddlewaretoken", *SCORES, "confidence", *PUBLIC_PROSE])

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if "quotation" in self.fields:
            self.fields["quotation"].required = False
        if self.instance.pk:
            self._beside_the_words(self.instance.quotation)

    def _beside_the_words(self, shown: Quotation) -> None:
        self.instance.shown_quotation = shown
        if "quotation" in self.fields:
            self.fields["quotation"].widget.widget.known = {str(shown.pk): str(shown)}
        for name in set(PUBLIC_PROSE) & set(self.fields):
            text = self[name].value() or ""
            html = self.instance.rendered.get(name, "") if text == getattr(self.instance, name) else ""
            self.fields[name].rests = rests(name, text, shown, html)

    @property
    def scored(self) -> Scored:
        """The severity of what is typed or stored."""
        return scored_of({**model_to_dict(self.instance), **{name: self[name].value() for name in self.fields}})

    def clean(self):
        cleaned = super().clean()
        provision = cleaned.get("provision") or (self.instance.provision if self.instance.pk else None)
        if provision is None or "quotation" in self.errors or "quotation" not in self.fields:
            return cleaned
        quotation = cleaned.get("quotation") or provision.quotations.order_by("-number").first()
        if quotation is None:
            self.add_error("quotation", f"{provision.record_id} has no words yet: add a quotation first.")
        elif quotation.provision_id != provision.pk:
            self.add_error(
                "quotation", f"These are the words of another clause: choose a quotation of {provision.record_id}."
            )
        else:
            cleaned["quotation"] = quotation
        return cleaned


@admin.register(Analysis)
class AnalysisAdmin(RecordAdmin):
    form = AnalysisForm
    formfield_overrides = ROOM_TO_GROW
    change_form_template = "admin/clauses/analysis/change_form.html"
    list_display = ["clause", "provision", "platform", "version", "state", "severity", "confidence", "published_at"]
    list_display_links = ["clause", "provision"]
    list_filter = [
        AnalysisWaiting,
        "state",
        Severities,
        "confidence",
        "drafted_by",
        "provision__clause_type",
    ]
    list_select_related = ["provision__document__platform"]
    search_fields = ["provision__title", "provision__document__platform__name", "what_it_is"]
    records = {"P": "provision__number", "D": "provision__document__number"}
    autocomplete_fields = ["provision", "quotation"]
    facts = ["version", "state", "drafted_by", "drafter", "drafted_on"]
    ends = [
        "in_review_at",
        "in_review_by",
        "reviewed_by",
        "reviewed_at",
        "reviewed_by_lawyer",
        "published_by",
        "published_at",
        "closed_at",
        "closed_by",
    ]
    ends += ["closed_reason", "payload_sha256"]
    readonly_fields = [*facts, *ends]

    @admin.display(description="record", ordering="provision__number")
    def clause(self, analysis: Analysis) -> str:
        return analysis.provision.record_id

    @admin.display(ordering="provision__document__platform__sort_key")
    def platform(self, analysis: Analysis) -> str:
        return analysis.provision.document.platform.name

    def get_queryset(self, request):
        return (
            super()
            .get_queryset(request)
            .select_related("quotation", "drafter", "provision__document__platform", "provision__clause_type")
        )

    def get_form(self, request, obj=None, change=False, **kwargs):  # noqa: FBT002 (Django's)
        request.analysis = obj
        return super().get_form(request, obj, change=change, **kwargs)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name in SCORES:
            return score_field(SCORES[db_field.name])
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_fieldsets(self, request, obj=None):
        subject = ["provision", "quotation"]
        made = [("version", "state"), ("drafted_by", "drafter", "drafted_on")] if obj else []
        prose = INSTITUTIONAL_PROSE
        exposure = ["governance_exposure_level", "governance_exposure_who", "governance_exposure_why"]
        ends = [field for field in self.ends if obj and getattr(obj, field)]
        return [
            ("The clause and its words", {"fields": subject, "classes": ["subject"]}),
            ("For everyone", {"fields": [*PUBLIC_PROSE, "interpretive_note"], "classes": ["prose-fields"]}),
            (
                "Severity, from the rubric's factors",
                {
                    "fields": [(f"{factor.key}_score", f"{factor.key}_reason") for factor in FACTORS],
                    "classes": ["severity"],
                },
            ),
            ("Confidence", {"fields": ["confidence", "confidence_reason"]}),
            (
                "Institutional analysis",
                {"fields": [prose[0], *exposure, "jurisdiction_flags", *prose[2:], "checklist"]},
            ),
            (
                "Review and publication",
                {"fields": [*reviewing.kind_of_version(obj), "public_note", *made, *ends]},
            ),
        ]

    def view_on_site(self, obj: Analysis) -> str | None:
        return obj.get_absolute_url() if obj.is_frozen else None

    def get_inlines(self, request, obj):
        # The first save settles the clause, and with it the questions and the kinds of steps that fit.
        return INLINES if obj else []

    def get_readonly_fields(self, request, obj=None):
        return [*self.readonly_fields, "provision"] if obj else self.readonly_fields

    def has_change_permission(self, request, obj=None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or actions.may_edit(obj, request.user))

    def save_model(self, request, obj, form, change) -> None:
        if change:
            form.before = actions.content_of(Analysis.objects.get(pk=obj.pk))
            actions.save_draft(obj)
            return
        content = {field: getattr(obj, field) for field in actions.CONTENT}
        unread = [{"question": question, "value": "unread"} for question in obj.provision.clause_type.questions.all()]
        made = actions.draft(
            provision=obj.provision,
            quotation=obj.quotation,
            by=request.user,
            content=content,
            parts={"answers": unread},
            drafted_on=timezone.now().date(),
            public_note=obj.public_note,
        )
        obj.pk, obj.version, obj.drafter = made.pk, made.version, request.user

    def save_related(self, request, form, formsets, change) -> None:
        super().save_related(request, form, formsets, change)
        if change and actions.content_of(Analysis.objects.get(pk=form.instance.pk)) != form.before:
            actions.note_editor(analysis=form.instance, by=request.user)

    def get_urls(self):
        own = [
            *reviewing.urls(self),
            path("<int:pk>/publish/", self.admin_site.admin_view(self.publish), name="clauses_analysis_publish"),
            path(
                "<int:pk>/new-version/",
                self.admin_site.admin_view(self.new_version),
                name="clauses_analysis_new_version",
            ),
            path("<int:pk>/withdraw/", self.admin_site.admin_view(self.withdraw), name="clauses_analysis_withdraw"),
        ]
        return [*own, *draft_urls(self), *super().get_urls()]

    def response_add(self, request, obj, post_url_continue=None) -> HttpResponse:
        """A new draft goes on with its answers and steps, which its own page holds."""
        if "_addanother" in request.POST or "_popup" in request.POST:
            return super().response_add(request, obj, post_url_continue)
        messages.success(request, f"{obj} is a draft now: go on with its answers, steps, agencies and laws.")
        return HttpResponseRedirect(reverse("admin:clauses_analysis_change", args=[obj.pk]))

    def change_view(self, request, object_id, form_url="", extra_context=None):
        analysis = self.get_object(request, object_id)
        if analysis:  # what is missing and the answers both go through the questions
            prefetch_related_objects([analysis.provision.clause_type], "questions")
        extra = {
            "problems": problems(analysis) if analysis and not analysis.is_frozen else [],
            **(reviewing.moves(analysis, request.user) if analysis else {}),
            "sent_back": reviewing.sent_back(analysis) if analysis else None,
            "may_draft": request.user.has_perm("clauses.add_analysis"),
            "may_withdraw": request.user.has_perm("clauses.withdraw_analysis"),
            "aside": aside(analysis) if analysis else None,
            "is_nav_sidebar_enabled": False,
            "show_save_and_add_another": False,  # each version of a clause comes from its clause
        }
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **extra})

    def response_change(self, request, obj) -> HttpResponse:
        if "_publish" in request.POST:
            return self.publish(request, obj.pk)
        if "_preview" in request.POST:
            return HttpResponseRedirect(reverse("admin:clauses_analysis_preview", args=[obj.pk]))
        if "_submit" in request.POST:
            return reviewing.submit(self, request, obj.pk)
        return super().response_change(request, obj)

    def publish(self, request: HttpRequest, pk: int) -> HttpResponse:
        def act(*, analysis: Analysis, by) -> Analysis:
            return actions.publish(analysis=analysis, by=by, as_lawyer="_as_lawyer" in request.POST)

        return self._act(request, pk, "clauses.publish_analysis", act, "{} is published.")

    def new_version(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._act(
            request,
            pk,
            "clauses.add_analysis",
            actions.new_version,
            "{} is a new draft: change it, then send it to review.",
        )

    def withdraw(self, request: HttpRequest, pk: int) -> HttpResponse:
        def act(*, analysis: Analysis, by) -> Analysis:
            actions.withdraw(analysis=analysis, reason=request.POST.get("reason", ""), by=by)
            return analysis

        return self._act(request, pk, "clauses.withdraw_analysis", act, "{} is withdrawn.")

    def _act(self, request: HttpRequest, pk: int, permission: str, act: Callable, done: str) -> HttpResponse:
        def acted(analysis: Analysis) -> tuple[Analysis, str]:
            shown = act(analysis=analysis, by=request.user)
            return shown, done.format(shown)

        return decide(request, Analysis.objects.all(), pk, permission, acted)
