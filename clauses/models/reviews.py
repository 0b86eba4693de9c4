"""What reviewers and authors say to each other about a draft."""

from django.conf import settings
from django.db import models
from django.db.models import PROTECT, Q

from clauses.vocabulary import ReviewKind
from conductatlas.rules import AppendOnly, one_of

from .analyses import Analysis


class ReviewComment(AppendOnly):
    """What somebody said of an analysis on its way to publication, and whether it was sent on with that."""

    analysis = models.ForeignKey(Analysis, PROTECT, related_name="comments")
    kind = models.CharField(max_length=10, choices=ReviewKind.choices, default=ReviewKind.COMMENT)
    text = models.TextField(blank=True)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [
            one_of("kind", ReviewKind, name="review_comment_kind"),
            models.CheckConstraint(
                condition=Q(kind__in=[ReviewKind.SUBMITTED, ReviewKind.TAKEN_BACK]) | ~Q(text=""),
                name="review_comment_says_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.analysis}: {self.get_kind_display()}"
