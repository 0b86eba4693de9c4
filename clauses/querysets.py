"""Reads of clause types, clauses and analyses, named by what they are for."""

from django.db import models
from django.db.models import OuterRef, Q, Subquery

from clauses.vocabulary import AnalysisState, ProvisionState
from conductatlas.rules import AppendOnlyQuerySet

PUBLISHED = Q(analyses__state=AnalysisState.PUBLISHED)


class ClauseTypeQuerySet(models.QuerySet):
    def beside(self, clause_type):
        """The other types of its theme."""
        return self.filter(theme=clause_type.theme_id).exclude(pk=clause_type.pk)


class ResearchNoteQuerySet(models.QuerySet):
    def drawing_on(self, slug):
        """Those with a table of this clause type, which may be an outer reference."""
        return self.filter(
            draws_on__contains=models.Func(
                slug, template="ARRAY[%(expressions)s]::varchar[]", output_field=models.Field()
            )
        )


class ProvisionQuerySet(models.QuerySet):
    def published(self):
        """Those with a published analysis that are in the catalogue."""
        return self.filter(PUBLISHED, state=ProvisionState.STANDING)

    def public(self):
        """Those that have a page: published, and removed ones, whose page stays."""
        return self.filter(PUBLISHED).exclude(state=ProvisionState.MERGED)

    def with_place(self):
        return self.select_related("document__platform", "clause_type")

    def with_summary(self):
        """Adds what a line in a list shows: `severity` and the cleaned HTML of the summary, without the payload."""
        published = (
            self.model._meta.get_field("analyses").related_model.objects.published().filter(provision=OuterRef("pk"))
        )
        return self.annotate(
            severity=Subquery(published.values("severity")[:1]),
            summary_html=Subquery(published.values("rendered__what_it_is")[:1]),
            published_at=Subquery(published.values("published_at")[:1]),
        )

    def strongest_first(self):
        """Needs `with_summary`."""
        order = models.Case(
            *(
                models.When(severity=level, then=models.Value(rank))
                for rank, level in enumerate(("high", "medium", "low"))
            ),
            default=models.Value(3),
        )
        return self.order_by(order, "document__platform__sort_key", "title")

    def strongest_of_all(self):
        """Those that the registry lists, of real platforms, in the order of its strongest first: along its index, so
        that a few of them are found without a look at the others.
        """
        number = models.IntegerField()
        strength = models.Func("registered__severity", template="(-%(expressions)s)", output_field=number)
        names = (f"registered__{key}" for key in ("platform_key", "title_key", "provision"))
        return self.filter(registered__invented=False).order_by(strength, *names)


class ProofQuerySet(AppendOnlyQuerySet):
    def present(self, method: int):
        """Those that the present method made; and the last ones of texts that were withheld before it, which nobody can
        search again. Newer ones come later.
        """
        withheld = Q(text__withheld_at__isnull=False, method__lte=method)
        return self.filter(Q(method=method) | withheld).order_by("method", "pk")


class ReadingQuerySet(models.QuerySet):
    def newest(self):
        """The reading of the newest text for each document and clause type, by the name of the type."""
        each = ["document_id", "clause_type__sort_key", "clause_type_id"]
        return self.order_by(*each, "-captured_at").distinct(*each)


class AnalysisQuerySet(models.QuerySet):
    def published(self):
        return self.filter(state=AnalysisState.PUBLISHED)
