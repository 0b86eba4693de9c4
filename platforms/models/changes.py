"""Changes of documents: observed between two accepted snapshots, or reported by another source."""

from django.conf import settings
from django.db import models
from django.db.models import PROTECT, Q
from django.urls import reverse

from conductatlas.fields import AddressField
from conductatlas.records import RecordId, number_field
from conductatlas.rules import AppendOnly, one_of, paired
from platforms.querysets import ChangeQuerySet
from platforms.vocabulary import ChangeKind, Direction, ReviewState, Severity

from .evidence import Snapshot
from .publishing import Document

WHO = settings.AUTH_USER_MODEL


class Change(models.Model):
    """Sentences added or removed between two accepted snapshots of one document (*observed*), or told by another
    source (*reported*).

    A reported change has a source, no differences, and is in no figure. Dates are separate fields, never defaulted
    from each other.
    """

    number = number_field("C")
    document = models.ForeignKey(Document, PROTECT, related_name="changes")
    kind = models.CharField(max_length=10, choices=ChangeKind.choices)
    before = models.ForeignKey(Snapshot, PROTECT, null=True, blank=True, related_name="changes_after")
    after = models.ForeignKey(Snapshot, PROTECT, null=True, blank=True, related_name="changes_before")

    removed = models.JSONField("sentences removed", default=list, blank=True)
    added = models.JSONField("sentences added", default=list, blank=True)
    removed_count = models.PositiveIntegerField(default=0, editable=False)
    added_count = models.PositiveIntegerField(default=0, editable=False)
    stated_before = models.DateField("date stated before", null=True, blank=True)
    stated_after = models.DateField("date stated after", null=True, blank=True)
    silent = models.BooleanField(default=False, help_text="Changed under the same date that the document states.")
    withdrawn_at = models.DateTimeField(
        null=True, blank=True, help_text="When the document returned to its words from before the change."
    )
    restored_at = models.DateTimeField(null=True, blank=True, help_text="When it came back to the words after it.")

    source = models.CharField(max_length=200, blank=True, help_text="Who reports it.")
    source_url = AddressField("source address", max_length=500, blank=True)
    reported_on = models.DateField(null=True, blank=True)

    announced_on = models.DateField(null=True, blank=True)
    effective_on = models.DateField(null=True, blank=True)
    effective_words = models.TextField(blank=True, help_text="The quoted words that state the effective date.")
    first_observed_at = models.DateTimeField(null=True, blank=True)
    recorded_at = models.DateTimeField(auto_now_add=True)

    title = models.CharField(max_length=200, blank=True)
    summary = models.TextField(blank=True)
    impact = models.TextField(blank=True)
    severity = models.CharField(max_length=6, choices=Severity.choices, blank=True)
    direction = models.CharField(max_length=8, choices=Direction.choices, blank=True)

    review = models.CharField(max_length=10, choices=ReviewState.choices, default=ReviewState.UNREVIEWED)
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.ForeignKey(WHO, PROTECT, null=True, blank=True, related_name="+")
    superseded_at = models.DateTimeField(null=True, blank=True)
    superseded_by = models.ForeignKey("self", PROTECT, null=True, blank=True, related_name="supersedes")
    superseded_reason = models.CharField(max_length=300, blank=True)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            one_of("kind", ChangeKind, name="change_kind"),
            one_of("review", ReviewState, name="change_review"),
            one_of("severity", Severity, name="change_severity", blank=True),
            one_of("direction", Direction, name="change_direction", blank=True),
            paired("reviewed_at", "reviewed_by", name="change_reviewed_pair"),
            models.CheckConstraint(
                condition=Q(
                    kind=ChangeKind.OBSERVED,
                    before__isnull=False,
                    after__isnull=False,
                    source="",
                    reported_on__isnull=True,
                )
                | (
                    Q(kind=ChangeKind.REPORTED, before__isnull=True, after__isnull=True, first_observed_at__isnull=True)
                    & ~Q(source="")
                ),
                name="change_observed_or_reported",
            ),
            models.CheckConstraint(
                condition=Q(superseded_at__isnull=True, superseded_by__isnull=True, superseded_reason="")
                | (Q(superseded_at__isnull=False) & ~Q(superseded_reason="")),
                name="change_superseded_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(restored_at__isnull=True) | Q(withdrawn_at__isnull=False), name="change_restored_after"
            ),
            models.UniqueConstraint(
                fields=["before", "after"], name="change_once", condition=Q(kind=ChangeKind.OBSERVED)
            ),
        ]
        indexes = [
            models.Index(
                fields=["recorded_at", "id"],
                name="change_to_review",
                condition=Q(kind=ChangeKind.OBSERVED, review=ReviewState.UNREVIEWED, superseded_at=None),
            )
        ]

    def __str__(self) -> str:
        return self.title or self.record_id

    def get_absolute_url(self) -> str:
        return reverse("change", args=[self.record_id])

    @property
    def headline(self) -> str:
        """Its title; until an analyst has given it one, what can be counted: `3 sentences added, 1 removed`."""
        if self.title or self.kind == ChangeKind.REPORTED:
            return str(self)
        counts = [(self.added_count, "added"), (self.removed_count, "removed")]
        told = [f"{count:,} {what}" for count, what in counts if count]
        noun = "sentence" if (self.added_count or self.removed_count) == 1 else "sentences"
        return ", ".join(told).replace(" ", f" {noun} ", 1) if told else self.record_id

    @property
    def record_id(self) -> str:
        return str(RecordId("C", self.number))

    @property
    def is_superseded(self) -> bool:
        return self.superseded_at is not None

    @property
    def is_withdrawn(self) -> bool:
        """Whether the document has gone back to its words from before, and not come to these again."""
        return self.withdrawn_at is not None and self.restored_at is None

    @property
    def stood_days(self) -> int | None:
        """For how many whole days the words stood before they were withdrawn."""
        if self.withdrawn_at is None or self.first_observed_at is None:
            return None
        return (self.withdrawn_at - self.first_observed_at).days


class Review(AppendOnly):
    """What a person found a change to be, and why: all of them are kept, the latest holds and stands in the change."""

    change = models.ForeignKey(Change, PROTECT, related_name="reviews")
    finding = models.CharField(max_length=10, choices=ReviewState.choices)
    reason = models.TextField(blank=True)
    reviewed_at = models.DateTimeField(auto_now_add=True)
    reviewed_by = models.ForeignKey(WHO, PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [
            one_of("finding", ReviewState, name="review_finding"),
            models.CheckConstraint(
                condition=~Q(finding=ReviewState.NOISE) | ~Q(reason=""), name="review_of_noise_has_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_finding_display()}: {self.reason}" if self.reason else self.get_finding_display()
