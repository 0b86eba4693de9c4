"""Themes, clause types and the comparable questions of each."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import PROTECT
from django.urls import reverse

from clauses.querysets import ClauseTypeQuerySet
from clauses.vocabulary import ActionKind
from conductatlas.rules import filled, plain_slug, sort_key
from platforms.vocabulary import DocumentKind


class Theme(models.Model):
    """A group of clause types."""

    slug = models.SlugField(max_length=80, unique=True, validators=[plain_slug])
    name = models.CharField(max_length=100, unique=True)
    description = models.TextField(blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "name"]
        constraints = [filled("slug", "name", name="theme_filled")]

    def __str__(self) -> str:
        return self.name


class ClauseType(models.Model):
    """An entry of the taxonomy: what belongs to it, what does not, and which steps and documents fit it."""

    slug = models.SlugField(max_length=80, unique=True, validators=[plain_slug])
    name = models.CharField(max_length=120, unique=True)
    sort_key = models.CharField(max_length=200, editable=False, db_index=True)
    theme = models.ForeignKey(Theme, PROTECT, related_name="clause_types")
    definition = models.TextField()
    belongs = ArrayField(models.TextField(), help_text="What belongs here, one item a line.")
    does_not_belong = ArrayField(models.TextField(), help_text="What does not, and where it belongs instead.")
    action_kinds = ArrayField(models.CharField(max_length=20, choices=ActionKind.choices))
    document_kinds = ArrayField(models.CharField(max_length=30, choices=DocumentKind.choices))
    search_phrases = ArrayField(models.CharField(max_length=120), blank=True, default=list)

    edited_with = ("questions",)
    objects = ClauseTypeQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key"]
        constraints = [
            filled("slug", "name", "definition", name="clause_type_filled"),
            models.CheckConstraint(
                condition=models.Q(
                    action_kinds__contained_by=ActionKind.values, document_kinds__contained_by=DocumentKind.values
                ),
                name="clause_type_words",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs):
        self.sort_key = sort_key(self.name)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("clause_type", args=[self.slug])


class Question(models.Model):
    """A comparable fact of a clause type, answered yes, no, does not say, or not read yet."""

    clause_type = models.ForeignKey(ClauseType, PROTECT, related_name="questions")
    key = models.SlugField(max_length=60, validators=[plain_slug])
    wording = models.CharField(max_length=200)
    help = models.TextField(blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["clause_type", "position", "key"]
        constraints = [
            models.UniqueConstraint(fields=["clause_type", "key"], name="question_key_once"),
            filled("key", "wording", name="question_filled"),
        ]

    def __str__(self) -> str:
        return self.wording
