"""Platforms, their names, their documents, and the one vocabulary of places."""

from django.db import models
from django.db.models import PROTECT, Q
from django.urls import reverse

from conductatlas.fields import AddressField
from conductatlas.records import RecordId, number_field
from conductatlas.rules import RESERVED_SLUGS, filled, free_slug, one_of, plain_slug, sort_key
from platforms.querysets import DocumentQuerySet, PlatformQuerySet
from platforms.vocabulary import DocumentKind, Sector


class Jurisdiction(models.Model):
    """A place whose law applies: `EU`, `US`, `US-CA` (ISO 3166 codes, and EU)."""

    code = models.CharField(max_length=10, unique=True)
    name = models.CharField(max_length=100, unique=True)
    within = models.ForeignKey("self", PROTECT, null=True, blank=True, related_name="parts")

    class Meta:
        ordering = ["code"]
        constraints = [filled("code", "name", name="jurisdiction_filled")]

    def __str__(self) -> str:
        return self.name


class Platform(models.Model):
    """A service people use. It may have had other names, whose addresses redirect."""

    slug = models.SlugField(max_length=80, unique=True, validators=[plain_slug])
    name = models.CharField(max_length=120, unique=True)
    sort_key = models.CharField(max_length=200, editable=False, db_index=True)
    sector = models.CharField(max_length=20, choices=Sector.choices, default=Sector.OTHER)
    website = AddressField(blank=True)
    description = models.CharField(max_length=300, blank=True, help_text="One plain sentence: what people use it for.")
    invented = models.BooleanField(
        default=False, help_text="Made up for the demonstration; marked so on every page and in no figure."
    )

    edited_with = ("former_names",)
    objects = PlatformQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key"]
        # Few are invented, and every search asks which.
        indexes = [models.Index(fields=["id"], name="platform_invented", condition=Q(invented=True))]
        constraints = [filled("slug", "name", name="platform_filled"), one_of("sector", Sector, name="platform_sector")]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs):
        self.sort_key = sort_key(self.name)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("platform", args=[self.slug])


class PlatformName(models.Model):
    """Another name of a platform: one that it had before, or one by which it is called as well."""

    platform = models.ForeignKey(Platform, PROTECT, related_name="former_names")
    name = models.CharField(max_length=120)
    until = models.CharField(max_length=10, blank=True, help_text="Year, year-month or date, where it is known.")
    in_use = models.BooleanField(default=False, help_text="Still used beside the platform's name.")

    class Meta:
        ordering = ["platform", "name"]
        constraints = [models.UniqueConstraint(fields=["platform", "name"], name="platform_name_once")]

    def __str__(self) -> str:
        return self.name


class Document(models.Model):
    """One published text for one market and language (either may be not stated), with the legal party behind it."""

    number = number_field("D")
    platform = models.ForeignKey(
        Platform, PROTECT, related_name="documents", help_text="Its home: the address is below this one."
    )
    also_serves = models.ManyToManyField(Platform, blank=True, related_name="shared_documents")
    slug = models.SlugField(max_length=100, validators=[plain_slug, free_slug])
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=30, choices=DocumentKind.choices)
    party = models.CharField(
        "legal party", max_length=200, blank=True, help_text="As the document names it; empty when not stated."
    )
    market = models.ForeignKey(Jurisdiction, PROTECT, null=True, blank=True, help_text="Empty when not stated.")
    language = models.CharField(max_length=20, blank=True, help_text="BCP 47, for example en; empty when not stated.")
    family = models.SlugField(
        max_length=100, blank=True, help_text="Editions of one document for several markets share this word."
    )
    source_url = AddressField("source address", max_length=500, blank=True)
    archived_url = AddressField("archived address", max_length=500, blank=True)
    stated_updated = models.DateField("last updated, as the document says", null=True, blank=True)
    retired_on = models.DateField(null=True, blank=True, help_text="The day on which it was found withdrawn.")

    collection = models.SlugField(
        max_length=100,
        blank=True,
        help_text="The Open Terms Archive collection that holds it, e.g. genai-eu.",
    )
    collection_path = models.CharField(
        "path in the collection", max_length=300, blank=True, help_text="For example: Jasper/Terms of Service"
    )

    capture_every = models.PositiveSmallIntegerField(
        "days between captures", null=True, blank=True, help_text="Empty: `capture --due` passes it by."
    )
    select = models.TextField(
        blank=True, help_text="CSS selectors of the parts of the page that are the document, one a line."
    )
    remove = models.TextField(blank=True, help_text="CSS selectors of what to leave out of them, one a line.")
    needs_browser = models.BooleanField(
        default=False, help_text="The page shows its words to a real browser only: capture it with one."
    )

    reported_source = models.CharField(max_length=200, blank=True)
    reported_url = AddressField(max_length=500, blank=True)
    reported_accessed_on = models.DateField(null=True, blank=True)
    reported_last_updated = models.DateField("last updated, as reported", null=True, blank=True)

    edited_with = ("also_serves",)
    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ["platform__sort_key", "title"]
        # Few documents are retired, and what is done about those in use leaves them out.
        indexes = [models.Index(fields=["id"], name="document_retired", condition=Q(retired_on__isnull=False))]
        constraints = [
            models.UniqueConstraint(fields=["platform", "slug"], name="document_slug_once"),
            models.CheckConstraint(condition=~Q(slug__in=RESERVED_SLUGS), name="document_slug_free"),
            one_of("kind", DocumentKind, name="document_kind"),
            filled("slug", "title", name="document_filled"),
            models.CheckConstraint(
                condition=Q(reported_last_updated__isnull=True) | ~Q(reported_source=""),
                name="document_reported_by_someone",
            ),
            models.UniqueConstraint(
                fields=["collection", "collection_path"], name="document_of_collection", condition=~Q(collection="")
            ),
            models.CheckConstraint(
                condition=Q(collection="", collection_path="") | (~Q(collection="") & ~Q(collection_path="")),
                name="document_collection_and_path",
            ),
            models.CheckConstraint(
                condition=Q(capture_every__isnull=True) | Q(capture_every__gte=1), name="document_captured_in_days"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("document", args=[self.platform.slug, self.slug])

    @property
    def record_id(self) -> str:
        return str(RecordId("D", self.number))
