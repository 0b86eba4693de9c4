"""Clauses, quotations, proofs and the clauses that changes touch, in the admin."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone

from clauses import actions
from clauses.models import ChangedProvision, Proof, Provision, Quotation
from clauses.models.provisions import TAKEN_FROM
from clauses.quoting import problems, split_segments
from clauses.vocabulary import FROZEN, ProvisionState
from clauses.words import sentence_ends_of
from conductatlas.administration import EvidenceAdmin, RecordAdmin, TableInline

from .doubles import Alike, LookedForm, alike_in_document
from .sheets import Sheets

SKIPPED = "[…]"
# Columns of a clause that its public page shows as they stand, without a new version of its analysis.
SHOWN = [
    *("title", "slug", "state", "first_tracked"),
    *(f"reported_{name}" for name in ("source", "url", "accessed_on", "first_tracked", "last_verified")),
    *(f"reported_{name}" for name in ("captured_at", "analysis_generated_at", "sha256")),
]


def numbered_words(quotation: Quotation) -> str:
    """The words of a quotation, a sentence a line, each behind the number that analyses name."""
    return "\n".join(f"[{sentence.number}] {sentence.words.strip()}" for sentence in quotation.sentences)


class QuotationInline(TableInline):
    model = Quotation
    can_delete = False
    fields = readonly_fields = ["number", "words", "taken_on", "recorded_by"]
    show_change_link = True

    @admin.display
    def words(self, quotation: Quotation) -> str:
        return str(quotation)

    def get_queryset(self, request) -> QuerySet:
        return super().get_queryset(request).select_related("recorded_by")

    def has_add_permission(self, request, obj=None) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False


class ProvisionForm(LookedForm):
    violations = {
        "provision_slug_once": "The document has a clause with this slug already: choose another one.",
        "provision_merged_into_something": "State and “merged into” go together: choose both, or neither.",
        "provision_reported_hash_form": "A SHA-256 is 64 digits of 0–9 and a–f, in lowercase.",
        "provision_reported_by_someone": "What is reported needs its source: name it, or leave the rest out.",
    }

    def clean(self):
        cleaned = super().clean()
        document, title = cleaned.get("document"), cleaned.get("title")
        if self.instance.pk is None and document and title:
            standing = document.provisions.filter(state=ProvisionState.STANDING, title__iexact=title)
            alike = [Alike(row, "the same title") for row in standing.only("number", "title")]
            self.ask(alike, "The document has a clause of this title already.")
        return cleaned


@admin.register(Provision)
class ProvisionAdmin(Sheets, RecordAdmin):
    write = actions.save_provision
    form = ProvisionForm
    list_display = ["record", "title", "platform", "clause_type", "state"]
    list_display_links = ["record", "title"]
    list_filter = ["state", "clause_type"]
    list_select_related = ["document__platform", "clause_type"]
    search_fields = ["title", "slug", "document__title", "document__platform__name"]
    records = {"D": "document__number"}
    autocomplete_fields = ["document", "clause_type", "merged_into"]
    prepopulated_fields = {"slug": ["title"]}
    inlines = [QuotationInline]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    *("record", "document", "clause_type", "title", "looked", "slug"),
                    *("state", "merged_into", "first_tracked"),
                ]
            },
        ),
        (
            "Applies to, where the text limits itself",
            {"fields": ["applies_to_plan", "applies_to_region", "applies_to_age"]},
        ),
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

    def lookup_allowed(self, lookup, value, request) -> bool:
        # In an address, as for a sheet of one platform; a filter would be a list of thousands of names.
        return lookup == "document__platform__id__exact" or super().lookup_allowed(lookup, value, request)

    def view_on_site(self, obj: Provision) -> str | None:
        return obj.get_absolute_url() if obj.analyses.filter(state__in=FROZEN).exists() else None

    @admin.display(ordering="document__platform__sort_key")
    def platform(self, provision: Provision) -> str:
        return provision.document.platform.name

    def get_readonly_fields(self, request, obj=None):
        # The document is the clause's identity, and its type that of its answers: both are settled with the first save.
        if obj is None:
            return ["record", "state", "merged_into"]
        merging = [] if request.user.has_perm("clauses.merge_provision") else ["merged_into"]
        if merging and obj.state == ProvisionState.MERGED:
            merging.append("state")
        # What readers see of a published clause is not changed by one person alone: it takes a reviewer.
        public = not request.user.has_perm("clauses.publish_analysis") and obj.analyses.published().exists()
        fixed = SHOWN if public else []
        return list(dict.fromkeys(["record", "document", "clause_type", *merging, *fixed]))

    def get_prepopulated_fields(self, request, obj=None):
        found = super().get_prepopulated_fields(request, obj)
        return {} if "slug" in self.get_readonly_fields(request, obj) else found

    def formfield_for_choice_field(self, db_field, request, **kwargs):
        if db_field.name == "state" and not request.user.has_perm("clauses.merge_provision"):
            kwargs["choices"] = [choice for choice in ProvisionState.choices if choice[0] != ProvisionState.MERGED]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def save_model(self, request, obj, form, change) -> None:
        before = Provision.objects.get(pk=obj.pk) if change else None
        into = obj.merged_into if obj.state == ProvisionState.MERGED else None
        if before is None or into is None or before.merged_into_id == into.pk:
            super().save_model(request, obj, form, change)
            return
        obj.state, obj.merged_into = before.state, before.merged_into
        super().save_model(request, obj, form, change)
        actions.merge(provision=obj, into=into, by=request.user)


class QuotationForm(LookedForm):
    """The words as one text; […] parts two segments."""

    violations = {"quotation_taken_from_one_text": TAKEN_FROM}

    words = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 8, "cols": 100}),
        strip=False,
        help_text="Verbatim. Where the quotation skips something, put […]. HTML is reduced to its words. "
        "Sentences are numbered by themselves.",
    )

    class Meta:
        model = Quotation
        fields: tuple[str, ...] = ()  # the page lists them
        help_texts = {
            "prefix": "The words right before, where the quotation stands in several places.",
            "suffix": "The words right behind it.",
            "taken_on": "The day on which the words were copied; empty when it is not known.",
        }

    def clean_words(self) -> list[str]:
        found = split_segments(self.cleaned_data["words"].replace("\r\n", "\n"))
        if wrong := problems(found):
            raise ValidationError([f"{problem[0].upper()}{problem[1:]}." for problem in wrong])
        return found

    def clean_taken_on(self):
        day = self.cleaned_data["taken_on"]
        if day and day > timezone.localdate():
            raise ValidationError(f"{day:%Y-%m-%d} is still to come: give the day on which the words were copied.")
        return day

    def clean(self):
        cleaned = super().clean()
        provision, words = cleaned.get("provision"), cleaned.get("words")
        if provision and words:
            alike = alike_in_document(words, document=provision.document_id, besides=provision.pk)
            self.ask(alike, "The document has a clause with nearly these words already.")
        return cleaned

    def _post_clean(self) -> None:
        words = self.cleaned_data.get("words")
        if not words:
            return  # the field says already what is wrong
        self.instance.segments = words
        self.instance.sentence_ends = [sentence_ends_of(segment) for segment in words]
        super()._post_clean()


@admin.register(Quotation)
class QuotationAdmin(RecordAdmin):
    form = QuotationForm
    list_display = ["clause", "provision", "number", "words", "taken_on"]
    list_display_links = ["clause", "provision"]
    list_filter = ["cut", "provision__clause_type"]
    list_select_related = ["provision"]
    search_fields = ["provision__title", "provision__document__platform__name"]
    records = {"P": "provision__number", "D": "provision__document__number"}
    autocomplete_fields = ["provision"]

    @admin.display(description="record", ordering="provision__number")
    def clause(self, quotation: Quotation) -> str:
        return quotation.provision.record_id

    @admin.display
    def words(self, quotation: Quotation) -> str:
        return str(quotation)

    @admin.display(description="the words, by sentence")
    def numbered_words(self, quotation: Quotation) -> str:
        return numbered_words(quotation)

    def has_change_permission(self, request, obj=None) -> bool:
        return obj is None and super().has_change_permission(request, obj)

    def get_fields(self, request, obj=None):
        if obj:
            return [
                "provision",
                "number",
                "numbered_words",
                "heading",
                "prefix",
                "suffix",
                "cut",
                "taken_on",
                "taken_from_sha256",
                "taken_from_at",
                "recorded_by",
            ]
        copied = ["taken_on", "taken_from_sha256", "taken_from_at"]
        return ["provision", "words", "looked", "heading", "prefix", "suffix", "cut", *copied]

    def get_readonly_fields(self, request, obj=None):
        return self.get_fields(request, obj) if obj else []

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
            taken_from_sha256=obj.taken_from_sha256,
            taken_from_at=obj.taken_from_at,
        )
        obj.pk, obj.number = kept.pk, kept.number


@admin.register(Proof)
class ProofAdmin(EvidenceAdmin):
    list_display = ["clause", "quotation", "text", "state", "method", "computed_at"]
    list_display_links = ["clause", "quotation"]
    list_filter = ["state"]
    list_select_related = ["quotation__provision", "text"]
    search_fields = ["quotation__provision__title", "text__sha256"]
    records = {
        "P": "quotation__provision__number",
        "D": "quotation__provision__document__number",
        "S": "text__snapshots__number",
    }

    @admin.display(description="record", ordering="quotation__provision__number")
    def clause(self, proof: Proof) -> str:
        return proof.quotation.provision.record_id

    def get_queryset(self, request):
        return super().get_queryset(request).defer("text__content")


@admin.register(ChangedProvision)
class ChangedProvisionAdmin(RecordAdmin):
    list_display = ["change_record", "change", "clause", "provision", "how"]
    list_display_links = ["change_record", "change"]
    list_filter = ["how"]
    readonly_fields = ["how"]  # what the texts say; a link that a person makes is of a change as reported
    list_select_related = ["change", "provision"]
    search_fields = ["provision__title", "change__title"]
    records = {"P": "provision__number", "C": "change__number"}
    autocomplete_fields = ["change", "provision"]

    @admin.display(description="change", ordering="change__number")
    def change_record(self, link: ChangedProvision) -> str:
        return link.change.record_id

    @admin.display(description="clause", ordering="provision__number")
    def clause(self, link: ChangedProvision) -> str:
        return link.provision.record_id

    def has_change_permission(self, request, obj=None) -> bool:
        return obj is None and super().has_change_permission(request, obj)

    def save_model(self, request, obj, form, change) -> None:
        kept = actions.touch(change=obj.change, provision=obj.provision, by=request.user)
        obj.pk = kept.pk
