"""Who read what: the denominator of every count. And which changes touched which clauses."""

from django.conf import settings
from django.db import models
from django.db.models import PROTECT

from clauses.vocabulary import Touch
from conductatlas.rules import one_of
from platforms.models import Change, Document, Snapshot

from .provisions import Provision
from .taxonomy import ClauseType


class Reading(models.Model):
    """Someone read a snapshot for a clause type, and found it or found it absent."""

    document = models.ForeignKey(Document, PROTECT, related_name="readings")
    snapshot = models.ForeignKey(Snapshot, PROTECT, related_name="readings")
    clause_type = models.ForeignKey(ClauseType, PROTECT, related_name="readings")
    found = models.BooleanField()
    read_on = models.DateField()
    read_by = models.ForeignKey(settings.AUTH_USER_MODEL, PROTECT, related_name="+")

    class Meta:
        ordering = ["document", "clause_type", "id"]
        constraints = [models.UniqueConstraint(fields=["snapshot", "clause_type"], name="reading_once")]

    def __str__(self) -> str:
        return f"{self.clause_type}: {'found' if self.found else 'absent'}"


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
