"""The public state of the whole catalogue, and the addresses it once had."""

import re

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import PROTECT

from conductatlas.rules import AppendOnly

# What no address of a page has in it, and the addresses that never move; PostgreSQL holds the same rules.
ODD = re.compile(r"[^-a-z0-9/]")
FIXED = ("/record/", "/admin/", "/static/")


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

    def clean(self) -> None:
        for name in ("old_path", "new_path"):
            path = getattr(self, name)
            if ODD.search(path) or path.startswith(FIXED):
                advice = "write the address of a page, such as /platform/old-name/"
                raise ValidationError({name: f"{path!r}: {advice}; permanent addresses and the admin stay."})
        if self.old_path != self.new_path and self.old_path and self.new_path.startswith(self.old_path):
            advice = f"{self.new_path!r} lies below {self.old_path!r}: it would move for ever."
            raise ValidationError({"new_path": advice})
