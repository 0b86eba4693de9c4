"""Who read what: the denominator of every count. And which changes touched which clauses."""

from django.conf import settings
from django.db import models
from django.db.models import PROTECT, Q

from clauses.querysets import ReadingQuerySet
from clauses.vocabulary import Touch
from conductatlas.rules import HASH, one_of
from platforms.models import Change, Document, Snapshot

from .provisions import Provision
from .taxonomy import ClauseType


class Reading(models.Model):
    """Someone read a text of a document for a clause type, and found it or found it absent.

    The text is named by its SHA-256 and the time of its capture: who read it had it, and this copy of the catalogue
    need not.
    """

    document = models.ForeignKey(Document, PROTECT, related_name="readings")
    sha256 = models.CharField("SHA-256 of the text", max_length=64)
    captured_at = models.DateTimeField(help_text="When the text was captured, in UTC.")
    clause_type = models.ForeignKey(ClauseType, PROTECT, related_name="readings")
    found = models.BooleanField()
    read_on = models.DateField()
    read_by = models.ForeignKey(settings.AUTH_USER_MODEL, PROTECT, related_name="+")

    objects = ReadingQuerySet.as_manager()

    class Meta:
        ordering = ["document", "clause_type", "captured_at"]
        constraints = [
            models.UniqueConstraint(fields=["document", "clause_type", "captured_at"], name="reading_once"),
            models.CheckConstraint(
                condition=Q(sha256__regex=HASH),
                name="reading_hash_form",
                violation_error_message="A SHA-256 is 64 digits of 0–9 and a–f, in lowercase.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.clause_type}: {'found' if self.found else 'absent'}"


class ReadingDue(models.Model):
    """A document whose newest words nobody has read yet for some of the clause types that list its kind. Derived
    (`clauses.due`), never edited: it follows texts, readings and clause types.

    `snapshot` is the newest text that counts; `since` when the one that brought its words came in; `missing` the number
    of types.
    """

    document = models.OneToOneField(Document, PROTECT, primary_key=True, related_name="reading_due")
    snapshot = models.ForeignKey(Snapshot, PROTECT, related_name="+")
    since = models.DateTimeField()
    missing = models.PositiveSmallIntegerField("clause types to read it for")

    class Meta:
        ordering = ["since", "document"]
        verbose_name = "document to be read"
        verbose_name_plural = "documents to be read"
        indexes = [models.Index(fields=["since", "document"], name="reading_due_since")]

    def __str__(self) -> str:
        return str(self.document)


class ChangedProvision(models.Model):
    """A change that touched a clause."""

    change = models.ForeignKey(Change, PROTECT, related_name="touched")
    provision = models.ForeignKey(Provision, PROTECT, related_name="changes")
    how = models.CharField(max_length=10, choices=Touch.choices, default=Touch.TOLD)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["change", "provision"], name="change_touches_once"),
            one_of("how", Touch, name="change_touches_how"),
        ]

    def __str__(self) -> str:
        return f"{self.change} → {self.provision}"
