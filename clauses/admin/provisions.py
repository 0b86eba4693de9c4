"""Clauses, quotations, proofs, readings and the clauses that changes touch, in the admin."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError

from clauses import actions
from clauses.actions.clauses import sentence_ends_of
from clauses.models import ChangedProvision, Proof, Provision, Quotation, Reading
from clauses.vocabulary import ProvisionState
from clauses.words import numbered
from conductatlas.administration import EvidenceAdmin, RecordAdmin

SKIPPED = "[…]"


class QuotationInline(admin.TabularInline):
    model = Quotation
    extra = 0
    can_delete = False
    fields = readonly_fields = ["number", "__str__", "taken_on", "recorded_by"]
    show_change_link = True

    def has_add_permission(self, request, obj=None) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False


@admin.register(Provision)
class ProvisionAdmin(RecordAdmin):
    write = actions.save_provision
    list_display = ["record_id", "title", "platform", "clause_type", "state"]
    list_display_links = ["record_id", "title"]
    list_filter = ["state", "clause_type", "document__platform"]
    list_select_related = ["document__platform", "clause_type"]
    search_fields = ["title", "slug", "document__title", "document__platform__name"]
    autocomplete_fields = ["document", "clause_type", "merged_into"]
    inlines = [QuotationInline]
    fieldsets = [
        (None, {"fields": ["record_id", "document", "clause_type", "title", "slug", "state", "merged_into", "first_tracked"]}),
        ("Applies to, where the text limits itself", {"fields": ["applies_to_plan", "applies_to_region", "applies_to_age"]}),
        (
            "As reported by others, not checked",
            {
                "fields": [
                    "reported_source",
                    "reported_url",
                    "reported_accessed_on",
                    "reported_first_tracked",
                    "reported_last_verified",
                    "reported_captured_at",
                    "reported_analysis_generated_at",
                    "reported_sha256",
                ]
            },
        ),
    ]

    @admin.display(ordering="document__platform__sort_key")
    def platform(self, provision: Provision) -> str:
        return provision.document.platform.name

    def get_readonly_fields(self, request, obj=None):
        # The document is the clause's identity, and its type that of its answers: both are settled with the first save.
        return ["record_id", "document", "clause_type"] if obj else ["record_id", "state", "merged_into"]

    def save_model(self, request, obj, form, change) -> None:
        before = Provision.objects.get(pk=obj.pk) if change else None
        super().save_model(request, obj, form, change)
        if before and obj.merged_into and before.state != ProvisionState.MERGED:
            actions.merge(provision=obj, into=obj.merged_into, by=request.user)


class QuotationForm(forms.ModelForm):
    """The words as one text; a line that holds only […] parts two segments."""

    words = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 8, "cols": 100}),
        strip=False,
        help_text="Verbatim. Where the quotation skips something, put […] on a line of its own. Sentences are numbered by themselves.",
    )

    class Meta:
        model = Quotation
        fields = ["provision", "heading", "prefix", "suffix", "cut", "taken_on"]

    def clean_words(self) -> list[str]:
        lines = self.cleaned_data["words"].replace("\r\n", "\n").split("\n")
        segments: list[list[str]] = [[]]
        for line in lines:
            if line.strip() == SKIPPED:
                segments.append([])
            else:
                segments[-1].append(line)
        found = ["\n".join(segment).strip() for segment in segments]
        try:
            numbered(found, [sentence_ends_of(segment) for segment in found])
        except ValueError as error:
            raise ValidationError(str(error)) from error
        return found

    def _get_validation_exclusions(self):
        # Numbered and split by the action that keeps it.
        return super()._get_validation_exclusions() | {"number", "segments", "sentence_ends", "recorded_by"}

    def _post_clean(self) -> None:
        words = self.cleaned_data.get("words")
        if words:
            self.instance.segments = words
            self.instance.sentence_ends = [sentence_ends_of(segment) for segment in words]
        else:
            self.instance.segments, self.instance.sentence_ends = ["-"], [[1]]
        super()._post_clean()


@admin.register(Quotation)
class QuotationAdmin(RecordAdmin):
    form = QuotationForm
    list_display = ["provision", "number", "__str__", "taken_on"]
    list_select_related = ["provision"]
    search_fields = ["provision__title", "provision__document__platform__name"]
    autocomplete_fields = ["provision"]

    def has_change_permission(self, request, obj=None) -> bool:
        return obj is None and super().has_change_permission(request, obj)

    def get_fields(self, request, obj=None):
        if obj:
            return ["provision", "number", "segments", "sentence_ends", "heading", "prefix", "suffix", "cut", "taken_on", "recorded_by"]
        return ["provision", "words", "heading", "prefix", "suffix", "cut", "taken_on"]

    def save_model(self, request, obj, form, change) -> None:
        kept = actions.quote(
            provision=obj.provision,
            segments=form.cleaned_data["words"],
            by=request.user,
            heading=obj.heading,
            prefix=obj.prefix,
            suffix=obj.suffix,
            cut=obj.cut,
            taken_on=obj.taken_on,
        )
        obj.pk, obj.number = kept.pk, kept.number


@admin.register(Proof)
class ProofAdmin(EvidenceAdmin):
    list_display = ["quotation", "text", "state", "method", "computed_at"]
    list_filter = ["state"]
    list_select_related = ["quotation", "text"]
    search_fields = ["quotation__provision__title", "text__sha256"]

    def get_queryset(self, request):
        return super().get_queryset(request).defer("text__content")


@admin.register(Reading)
class ReadingAdmin(RecordAdmin):
    list_display = ["document", "clause_type", "found", "read_on", "read_by"]
    list_filter = ["found", "clause_type"]
    list_select_related = ["document", "clause_type", "read_by"]
    search_fields = ["document__title", "document__platform__name", "clause_type__name"]
    autocomplete_fields = ["snapshot", "clause_type"]
    fields = ["snapshot", "clause_type", "found", "read_on"]

    def get_readonly_fields(self, request, obj=None):
        return ["snapshot", "clause_type"] if obj else []

    def save_model(self, request, obj, form, change) -> None:
        kept = actions.record_reading(
            snapshot=obj.snapshot, clause_type=obj.clause_type, found=obj.found, read_on=obj.read_on, by=request.user
        )
        obj.pk = kept.pk


@admin.register(ChangedProvision)
class ChangedProvisionAdmin(RecordAdmin):
    list_display = ["change", "provision"]
    list_select_related = ["change", "provision"]
    search_fields = ["provision__title", "change__title"]
    autocomplete_fields = ["change", "provision"]

    def has_change_permission(self, request, obj=None) -> bool:
        return obj is None and super().has_change_permission(request, obj)

    def save_model(self, request, obj, form, change) -> None:
        kept = actions.touch(change=obj.change, provision=obj.provision, by=request.user)
        obj.pk = kept.pk
