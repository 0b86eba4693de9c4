"""Reads of platforms, documents, versions and changes, named by what they are for."""

from django.db import models
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Cast, Coalesce


class PlatformQuerySet(models.QuerySet):
    def real(self):
        """Without invented platforms: only these stand in figures."""
        return self.filter(invented=False)


class DocumentQuerySet(models.QuerySet):
    def current(self):
        """Those that have not been retired."""
        return self.filter(retired_on__isnull=True)

    def serving(self, platform):
        """Those that a platform publishes or shares, each once."""
        shared = self.model.also_serves.through.objects.filter(platform=platform)
        return self.filter(models.Q(platform=platform) | models.Q(pk__in=shared.values("document")))

    def at(self, platform: str, slug: str):
        """The document at an address, with what its page shows beside it."""
        return self.filter(platform__slug=platform, slug=slug).select_related("platform", "market")

    def siblings_of(self, document):
        """Editions of the same document for other markets."""
        if not document.family:
            return self.none()
        return self.filter(family=document.family).exclude(pk=document.pk).select_related("platform", "market")

    def with_current_version(self):
        """Adds `version_count`, and `current_captured_at` and `current_number` of the newest version that counts."""
        counting = (
            self.model._meta.get_field("versions").related_model.objects.counting().filter(document=OuterRef("pk"))
        )
        newest = counting.order_by("-snapshot__captured_at")
        number = counting.order_by().values("document").annotate(n=Count("pk")).values("n")
        return self.annotate(
            version_count=Subquery(number),
            current_captured_at=Subquery(newest.values("snapshot__captured_at")[:1]),
            current_number=Subquery(newest.values("number")[:1]),
        )


class VersionQuerySet(models.QuerySet):
    def counting(self):
        """Versions whose snapshot counts: accepted, or released from quarantine."""
        return self.filter(counts=True)

    def newest_first(self):
        return self.order_by("-snapshot__captured_at", "-number")

    def with_text(self):
        return self.select_related("snapshot__text")


class ChangeQuerySet(models.QuerySet):
    def public(self):
        """Changes that pages list: not superseded, and not found to be noise."""
        return self.filter(superseded_at=None).exclude(review="noise").select_related("document__platform")

    def latest(self):
        """Newest first by the day on which they were first seen, or reported; those without a day come last."""
        seen = Coalesce("first_observed_at", Cast("reported_on", models.DateTimeField()))
        return self.annotate(seen_at=seen).order_by(models.F("seen_at").desc(nulls_last=True), "-number")

    def light(self):
        """Without the sentences, which lists do not show."""
        return self.defer("removed", "added")
