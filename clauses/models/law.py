"""Agencies that take complaints, and the laws that clauses touch."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import PROTECT, Q
from django.urls import reverse

from conductatlas.fields import AddressField
from conductatlas.rules import filled, plain_slug, sort_key
from platforms.models import Jurisdiction


class Agency(models.Model):
    """An authority that takes complaints. Without remit, who may complain and official address it is not listed."""

    slug = models.SlugField(max_length=80, unique=True, validators=[plain_slug])
    name = models.CharField(max_length=200, unique=True)
    short_name = models.CharField(max_length=60, blank=True, help_text="As people call it, for example FTC.")
    sort_key = models.CharField(max_length=200, editable=False, db_index=True)
    jurisdiction = models.ForeignKey(Jurisdiction, PROTECT, related_name="agencies")
    remit = models.TextField()
    who_may_complain = models.TextField()
    have_ready = ArrayField(models.TextField(), blank=True, default=list)
    duration = models.TextField(blank=True, help_text="How long it takes, only where the agency publishes it.")
    complaint_url = AddressField("official complaint address", max_length=500)
    finder_url = AddressField("address to find one's own authority", max_length=500, blank=True)
    website = AddressField(max_length=500, blank=True)
    checked_on = models.DateField(
        "addresses last checked", null=True, blank=True, help_text="Empty until someone opened them."
    )

    edited_with = ("enforced",)

    class Meta:
        ordering = ["sort_key"]
        verbose_name_plural = "agencies"
        constraints = [filled("slug", "name", "remit", "who_may_complain", "complaint_url", name="agency_filled")]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs):
        self.sort_key = sort_key(self.name)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("agency", args=[self.slug])


class Regulation(models.Model):
    """A law: stands once, with its articles named where a clause touches them."""

    slug = models.SlugField(max_length=80, unique=True, validators=[plain_slug])
    name = models.CharField(max_length=200, unique=True)
    short_name = models.CharField(max_length=80, blank=True)
    sort_key = models.CharField(max_length=200, editable=False, db_index=True)
    citation = models.CharField(max_length=300)
    jurisdiction = models.ForeignKey(Jurisdiction, PROTECT, related_name="regulations")
    url = AddressField("official address", max_length=500)
    summary = models.TextField()

    edited_with = ("dates",)

    class Meta:
        ordering = ["sort_key"]
        constraints = [
            filled("slug", "name", "citation", "url", "summary", name="regulation_filled"),
            models.UniqueConstraint(fields=["citation"], name="regulation_once"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs):
        self.sort_key = sort_key(self.name)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("regulation", args=[self.slug])


class RegulationDate(models.Model):
    """A date in the life of a law: in force, applies, postponed. As precise as it is known: 2018-05-25, 2018-05 or
    2018.
    """

    regulation = models.ForeignKey(Regulation, PROTECT, related_name="dates")
    date = models.CharField(max_length=10)
    what = models.CharField(max_length=300)

    class Meta:
        ordering = ["date", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(date__regex=r"^\d{4}(-\d{2}(-\d{2})?)?$"), name="regulation_date_form"),
            models.UniqueConstraint(fields=["regulation", "date", "what"], name="regulation_date_once"),
        ]

    def __str__(self) -> str:
        return f"{self.date}: {self.what}"


class EnforcedLaw(models.Model):
    """That an agency enforces a law: a complaint to it quotes what the record says of that law, and of no other."""

    agency = models.ForeignKey(Agency, PROTECT, related_name="enforced")
    regulation = models.ForeignKey(Regulation, PROTECT, related_name="enforced_by")

    class Meta:
        ordering = ["regulation__sort_key"]
        constraints = [models.UniqueConstraint(fields=["agency", "regulation"], name="enforced_once")]

    def __str__(self) -> str:
        return f"{self.agency} enforces {self.regulation}"
