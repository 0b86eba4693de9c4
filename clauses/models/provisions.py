"""Clauses, the words an analyst took of them, and what those words are worth."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import PROTECT, F, Q
from django.urls import reverse

from clauses.querysets import ProofQuerySet, ProvisionQuerySet
from clauses.quoting import problems
from clauses.vocabulary import ProofState, ProvisionState
from clauses.words import Sentence, numbered
from conductatlas.fields import AddressField
from conductatlas.records import RecordId, number_field
from conductatlas.rules import HASH, RESERVED_SLUGS, AppendOnly, filled, free_slug, one_of, plain_slug
from platforms.models import Document, Text

from .taxonomy import ClauseType

WHO = settings.AUTH_USER_MODEL
TAKEN_FROM = (
    "The text that the words were taken from is named by its SHA-256 (64 digits of 0–9 and a–f, in lowercase) and by"
    " the time of its capture: give both, or neither."
)


class Provision(models.Model):
    """One clause of one document, with an identity that outlives rewording.

    *standing*; *removed*: its page stays, it is in no count; *merged*: it redirects to the record it was merged into.
    """

    number = number_field("P")
    document = models.ForeignKey(Document, PROTECT, related_name="provisions")
    clause_type = models.ForeignKey(ClauseType, PROTECT, related_name="provisions")
    slug = models.SlugField(max_length=100, validators=[plain_slug, free_slug])
    title = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=ProvisionState.choices, default=ProvisionState.STANDING)
    merged_into = models.ForeignKey("self", PROTECT, null=True, blank=True, related_name="merged_from")
    first_tracked = models.DateField(null=True, blank=True)

    applies_to_plan = models.CharField("applies to plan", max_length=200, blank=True)
    applies_to_region = models.CharField("applies to region", max_length=200, blank=True)
    applies_to_age = models.CharField("applies to age", max_length=200, blank=True)

    reported_source = models.CharField(
        max_length=200, blank=True, help_text="Who reports the facts below; we have not checked them."
    )
    reported_url = AddressField(max_length=500, blank=True)
    reported_accessed_on = models.DateField(null=True, blank=True)
    reported_first_tracked = models.DateField(null=True, blank=True)
    reported_last_verified = models.DateField(null=True, blank=True)
    reported_captured_at = models.DateTimeField(null=True, blank=True)
    reported_analysis_generated_at = models.DateTimeField(null=True, blank=True)
    reported_sha256 = models.CharField("SHA-256, as reported", max_length=64, blank=True)

    objects = ProvisionQuerySet.as_manager()

    class Meta:
        ordering = ["document", "title"]
        verbose_name = "clause"
        permissions = [("merge_provision", "Can merge a clause into another")]
        constraints = [
            models.UniqueConstraint(fields=["document", "slug"], name="provision_slug_once"),
            models.CheckConstraint(condition=~Q(slug__in=RESERVED_SLUGS), name="provision_slug_free"),
            filled("slug", "title", name="provision_filled"),
            one_of("state", ProvisionState, name="provision_state"),
            models.CheckConstraint(
                condition=Q(state=ProvisionState.MERGED, merged_into__isnull=False)
                | (~Q(state=ProvisionState.MERGED) & Q(merged_into__isnull=True)),
                name="provision_merged_into_something",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")), name="provision_not_into_itself"
            ),
            models.CheckConstraint(
                condition=Q(reported_sha256="") | Q(reported_sha256__regex=HASH),
                name="provision_reported_hash_form",
            ),
            models.CheckConstraint(
                condition=~Q(reported_source="")
                | Q(
                    reported_sha256="",
                    reported_first_tracked__isnull=True,
                    reported_last_verified__isnull=True,
                    reported_captured_at__isnull=True,
                    reported_analysis_generated_at__isnull=True,
                ),
                name="provision_reported_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("clause", args=[self.document.platform.slug, self.document.slug, self.slug])

    @property
    def record_id(self) -> str:
        return str(RecordId("P", self.number))


class Quotation(AppendOnly):
    """The words of a clause as an analyst took them.

    `segments`: the pieces in the order in which they stand in the text; `sentence_ends`: for each segment the offsets
    (code points, ascending, the last one its length) at which its sentences end. Both are stored, so that sentence
    numbers never shift. `taken_from_sha256`, `taken_from_at`: the text that they were copied from, as who took them
    says; a claim, and never a proof.
    """

    provision = models.ForeignKey(Provision, PROTECT, related_name="quotations")
    number = models.PositiveSmallIntegerField()
    segments = models.JSONField()
    sentence_ends = models.JSONField()
    heading = models.TextField(
        blank=True, help_text="The heading it stands under, where that decides between several places."
    )
    prefix = models.TextField(blank=True)
    suffix = models.TextField(blank=True)
    cut = models.BooleanField(default=False, help_text="Our source ends there, in the middle of the passage.")
    taken_on = models.DateField(null=True, blank=True)
    taken_from_sha256 = models.CharField(
        "taken from the text with SHA-256",
        max_length=64,
        blank=True,
        help_text="The text that the words were copied from, which this copy of the catalogue need not hold.",
    )
    taken_from_at = models.DateTimeField(
        "captured at", null=True, blank=True, help_text="When that text was captured, in UTC."
    )
    recorded_at = models.DateTimeField(auto_now_add=True)
    recorded_by = models.ForeignKey(WHO, PROTECT, related_name="+")

    class Meta:
        ordering = ["provision", "number"]
        constraints = [
            models.UniqueConstraint(fields=["provision", "number"], name="quotation_number_once"),
            models.CheckConstraint(
                condition=Q(taken_from_sha256="", taken_from_at__isnull=True)
                | Q(taken_from_sha256__regex=HASH, taken_from_at__isnull=False),
                name="quotation_taken_from_one_text",
                violation_error_message=TAKEN_FROM,
            ),
        ]
        indexes = [models.Index(fields=["provision", "number"], name="quotation_taken_anew", condition=Q(number__gt=1))]

    def __str__(self) -> str:
        words = " […] ".join(self.segments)
        return words if len(words) <= 80 else f"{words[:79].rstrip()}…"

    def clean(self) -> None:
        try:
            numbered(self.segments, self.sentence_ends)
        except ValueError as error:
            raise ValidationError(str(error)) from error
        found = problems(self.segments)
        if found:
            raise ValidationError([f"{problem[0].upper()}{problem[1:]}." for problem in found])

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """The sentences, numbered 1, 2, 3 … across segments."""
        return numbered(self.segments, self.sentence_ends)


class Proof(AppendOnly):
    """What one text says of one quotation, as one version of the method computed it. Never read from a file or a
    form.
    """

    quotation = models.ForeignKey(Quotation, PROTECT, related_name="proofs")
    text = models.ForeignKey(Text, PROTECT, related_name="proofs")
    method = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=ProofState.choices)
    spans = models.JSONField(help_text="[start, end] in code points of the stored text, one for each segment.")
    candidates = models.JSONField(
        default=list, help_text="Similar places, best first: [score from 0 to 1, start, end]. Proposals, nothing more."
    )
    computed_at = models.DateTimeField(auto_now_add=True)

    objects = ProofQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["quotation", "text", "method"], name="proof_once"),
            one_of("state", ProofState, name="proof_state"),
        ]

    def __str__(self) -> str:
        return self.get_state_display()
