"""What waits for an analyst: clauses whose words are not where they were."""

from django.conf import settings
from django.db import models
from django.db.models import PROTECT, Q

from clauses.vocabulary import Doubt, Outcome
from conductatlas.rules import one_of, paired

from .provisions import Proof, Provision

WHO = settings.AUTH_USER_MODEL


class QueueItem(models.Model):
    """A clause whose words the newest text does not hold in one known place. A machine opens it; it, or a person,
    settles it.

    `proof` is what the newest text says of them, with its proposals; it follows when newer texts arrive.
    """

    provision = models.ForeignKey(Provision, PROTECT, related_name="queue_items")
    proof = models.ForeignKey(Proof, PROTECT, related_name="queue_items")
    doubt = models.CharField("what happened", max_length=10, choices=Doubt.choices)
    opened_at = models.DateTimeField(auto_now_add=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    note = models.TextField(blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(WHO, PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-opened_at", "-id"]
        verbose_name = "open question"
        constraints = [
            one_of("doubt", Doubt, name="queue_doubt"),
            one_of("outcome", Outcome, name="queue_outcome", blank=True),
            paired("settled_at", "settled_by", name="queue_settled_pair"),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True, outcome="") | (Q(settled_at__isnull=False) & ~Q(outcome="")),
                name="queue_settled_with_an_outcome",
            ),
            models.UniqueConstraint(fields=["provision"], name="queue_open_once", condition=Q(settled_at__isnull=True)),
        ]
        indexes = [models.Index(fields=["opened_at", "id"], name="queue_waiting", condition=Q(settled_at__isnull=True))]

    def __str__(self) -> str:
        return f"{self.provision}: {self.get_doubt_display()}"
