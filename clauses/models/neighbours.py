"""What clauses and platforms are compared by, and what stands nearest: derived from the records by
`clauses.neighbours`, never edited, made anew at will.
"""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import PROTECT

from platforms.models import Document, Platform

from .provisions import Provision
from .taxonomy import ClauseType


class ComparedClause(models.Model):
    """What comparison knows of a published, standing clause.

    `words`: the different words of its quotation, sorted; `answers`: key of the question → yes, no, silent, unread;
    `platforms`: the ids of the home of its document and of the other platforms that the document serves.
    """

    provision = models.OneToOneField(Provision, PROTECT, primary_key=True, related_name="compared")
    clause_type = models.ForeignKey(ClauseType, PROTECT, related_name="+")
    document = models.ForeignKey(Document, PROTECT, related_name="+")
    platforms = ArrayField(models.BigIntegerField())
    invented = models.BooleanField()
    words = models.TextField()
    answers = models.JSONField()

    class Meta:
        indexes = [GinIndex(fields=["platforms"], name="compared_platforms")]

    def __str__(self) -> str:
        return str(self.provision)


class Neighbour(models.Model):
    """A clause of another platform that is shown beside `subject`, the likest at position 1.

    `reason`: the fields of `clauses.compared.Reason`; `differences`: [key of the question, answer here, answer there];
    `same_wording`: further clauses, of further platforms, that say it in the same words; `likeness` in ten-thousandths.
    """

    subject = models.ForeignKey(ComparedClause, PROTECT, related_name="neighbours")
    position = models.PositiveSmallIntegerField()
    other = models.ForeignKey(ComparedClause, PROTECT, related_name="beside")
    reason = models.JSONField()
    differences = models.JSONField()
    same_wording = ArrayField(models.BigIntegerField(), default=list)
    likeness = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["subject", "position"]
        constraints = [
            models.UniqueConstraint(fields=["subject", "position"], name="neighbour_position_once"),
            models.CheckConstraint(condition=~models.Q(subject=models.F("other")), name="neighbour_of_another"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} beside {self.other}"


class AnswerProfile(models.Model):
    """What the published standing clauses of a platform settle: the ids of the questions that all of them which settle
    it answer with yes, and those with no. One that they answer both ways is in neither.
    """

    platform = models.OneToOneField(Platform, PROTECT, primary_key=True, related_name="answer_profile")
    yes = ArrayField(models.BigIntegerField(), default=list)
    no = ArrayField(models.BigIntegerField(), default=list)

    def __str__(self) -> str:
        return str(self.platform)
