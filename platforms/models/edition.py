"""The public state of the whole catalogue, and the addresses it once had."""

from django.conf import settings
from django.db import models
from django.db.models import PROTECT

from conductatlas.rules import AppendOnly


class Edition(AppendOnly):
    """The number of a public state of the catalogue. Whatever can change a public page makes a new one."""

    number = models.PositiveIntegerField(primary_key=True)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, PROTECT, related_name="+")
    reason = models.CharField(max_length=300)

    class Meta:
        ordering = ["-number"]

    def __str__(self) -> str:
        return f"edition {self.number}"


class FormerAddress(models.Model):
    """An address, or the beginning of one, that has moved for good: renamed platforms, moved documents, merged clauses.

    The longest row that a missing address begins with is replaced by its `new_path`, and the answer is 301.
    """

    old_path = models.CharField(max_length=300, unique=True)
    new_path = models.CharField(max_length=300)
    moved_at = models.DateTimeField(auto_now_add=True)
    moved_by = models.ForeignKey(settings.AUTH_USER_MODEL, PROTECT, related_name="+")

    class Meta:
        ordering = ["old_path"]
        verbose_name_plural = "former addresses"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(old_path__startswith="/", old_path__endswith="/"), name="old_path_is_a_path"
            ),
            models.CheckConstraint(
                condition=models.Q(new_path__startswith="/", new_path__endswith="/"), name="new_path_is_a_path"
            ),
            models.CheckConstraint(condition=~models.Q(old_path=models.F("new_path")), name="address_really_moved"),
        ]

    def __str__(self) -> str:
        return f"{self.old_path} → {self.new_path}"
