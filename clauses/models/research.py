"""What was found out by reading many clauses beside each other."""

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse

from clauses.querysets import ResearchNoteQuerySet
from clauses.research import Table, parts_of, tables_of
from clauses.vocabulary import Drafter
from conductatlas.markdown import render_note
from conductatlas.rules import filled, one_of, plain_slug

from .taxonomy import Question


class ResearchNote(models.Model):
    """Prose in Markdown with tables that show the catalogue as it is when the page is read; see `clauses.research`.

    `parts` are what the page is made of: {"html": …} or {"table": …, "clause_type": …, "question": …}. It and
    `draws_on`, the clause types of the tables, follow from `body` when the note is saved.
    """

    slug = models.SlugField(max_length=80, unique=True, validators=[plain_slug])
    title = models.CharField(max_length=200, unique=True)
    summary = models.CharField(max_length=300, help_text="One sentence: what was found.")
    written_on = models.DateField()
    drafted_by = models.CharField(max_length=10, choices=Drafter.choices)
    body = models.TextField(
        help_text="Markdown. A table in a line of its own: {{ answers CLAUSE-TYPE QUESTION }} or"
        " {{ readings CLAUSE-TYPE }}."
    )
    parts = models.JSONField(editable=False, default=list)
    draws_on = ArrayField(models.SlugField(max_length=80), editable=False, default=list)

    derived = ("parts", "draws_on")
    objects = ResearchNoteQuerySet.as_manager()

    class Meta:
        ordering = ["-written_on", "title"]
        constraints = [
            filled("slug", "title", "summary", "body", name="research_filled"),
            one_of("drafted_by", Drafter, name="research_drafted_by"),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args, **kwargs):
        parts = list(parts_of(self.body))
        self.parts = [
            {"table": part.kind, "clause_type": part.clause_type, "question": part.question}
            if isinstance(part, Table)
            else {"html": render_note(part)}
            for part in parts
        ]
        self.draws_on = sorted({part.clause_type for part in parts if isinstance(part, Table)})
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("research_note", args=[self.slug])

    def clean(self) -> None:
        try:
            tables = tables_of(self.body)
        except ValueError as error:
            raise ValidationError({"body": str(error)}) from error
        for table in tables:
            if unknown := _unknown(table):
                raise ValidationError({"body": unknown})


def _unknown(table: Table) -> str:
    questions = Question.objects.filter(clause_type__slug=table.clause_type).values_list("key", flat=True)
    if not questions:
        return f"There is no clause type {table.clause_type!r} with questions: give the slug of one that has a page."
    if table.question and table.question not in questions:
        return f"{table.clause_type} has no question {table.question!r}: it has {', '.join(sorted(questions))}."
    return ""
