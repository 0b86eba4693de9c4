"""What readers search and filter: derived from the records by `clauses.indexing`, never edited, made anew at will."""

from datetime import UTC, datetime

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import PROTECT, F, Q
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact

from clauses.vocabulary import EntryKind
from conductatlas.rules import one_of
from platforms.models import Document, Platform

from .provisions import Provision
from .taxonomy import ClauseType


def strength(severity: str) -> models.Func:
    """By which ascending is strongest first; `severity` is the way to the column."""
    return models.Func(severity, template="(-%(expressions)s)", output_field=models.SmallIntegerField())


STRENGTH = strength("severity")
# A moment before all changes for a clause that saw none.
CHANGED = Coalesce("changed_at", models.Value(datetime(1970, 1, 1, tzinfo=UTC)))

SEARCHED = "atlas"  # the text search configuration, see platforms/migrations/0007


class SearchEntry(models.Model):
    """The words under which a record is found. `key` is its primary key, `rank` its weight among equals (more first).

    `names` are those that people call it by, one a line: platforms and agencies by their other names too; `topics` what
    it is about in the words of the taxonomy; `quoted` its words; `said` what we say of it; `line` what a line of
    results says besides (`clauses.searching.lines`), empty in a row that an older program made.
    """

    kind = models.CharField(max_length=13, choices=EntryKind.choices)
    key = models.BigIntegerField()
    platform = models.ForeignKey(Platform, PROTECT, null=True, related_name="+")
    rank = models.SmallIntegerField(default=0)
    names = models.TextField(blank=True)
    title = models.TextField()
    topics = models.TextField(blank=True)
    quoted = models.TextField(blank=True)
    said = models.TextField(blank=True)
    line = models.JSONField(default=dict)
    vector = models.GeneratedField(
        expression=SearchVector("names", "title", weight="A", config=SEARCHED)
        + SearchVector("topics", weight="B", config=SEARCHED)
        + SearchVector("quoted", weight="C", config=SEARCHED)
        + SearchVector("said", weight="D", config=SEARCHED),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        verbose_name_plural = "search entries"
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="search_entry_once"),
            one_of("kind", EntryKind, name="search_entry_kind"),
        ]
        indexes = [
            # Two, because there are a hundred times as many clauses, and most questions also ask what else there is.
            GinIndex(fields=["vector"], name="search_clauses", condition=models.Q(kind=EntryKind.CLAUSE)),
            # The strongest, and some of them: whether words are common is seen here (clauses/searching/matching.py).
            GinIndex(fields=["vector"], name="search_strong", condition=Q(kind=EntryKind.CLAUSE, rank=3)),
            GinIndex(
                fields=["vector"],
                name="search_strongest",
                condition=Q(Exact(F("key") % 8, 0), kind=EntryKind.CLAUSE, rank=3),
            ),
            GinIndex(fields=["vector"], name="search_others", condition=~models.Q(kind=EntryKind.CLAUSE)),
            # Which names stand in a question: read for every one, so it is not to read all that holds its words.
            GinIndex(
                SearchVector("names", config=SEARCHED),
                name="search_names",
                condition=Q(kind__in=[EntryKind.PLATFORM, EntryKind.AGENCY, EntryKind.REGULATION]),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Common(models.Model):
    """What clauses of the registry may have in common, their type apart: `proof` is the code word of the evidence,
    `severity` 3 high, 2 medium, 1 low; `regulations` the ids of the laws that are touched.
    """

    invented = models.BooleanField()
    sector = models.CharField(max_length=20)
    document_kind = models.CharField(max_length=30)
    market = models.CharField(max_length=10, blank=True)
    severity = models.PositiveSmallIntegerField()
    confidence = models.CharField(max_length=6)
    proof = models.CharField(max_length=10)
    regulations = ArrayField(models.BigIntegerField(), default=list)

    class Meta:
        abstract = True


class Traits(Common):
    """Each combination that occurs, so that clauses are counted by one number; `clause_type` is the id.

    PostgreSQL adds what is missing (see the migration named `traits`). Two transactions may add the same combination at
    once, and neither waits for the other: whoever counts adds up what stands here twice.
    """

    clause_type = models.BigIntegerField()

    class Meta:
        verbose_name_plural = "traits"
        indexes = [
            models.Index(
                fields=[
                    *("clause_type", "sector", "document_kind", "market", "severity", "confidence", "proof"),
                    *("regulations", "invented"),
                ],
                name="traits_combination",
            )
        ]

    def __str__(self) -> str:
        return f"{self.document_kind} {self.market} · {self.clause_type} · {self.severity}"


class RegistryEntry(Common):
    """A clause as the registry lists it: published, standing, with all that it is filtered and sorted by.

    `changed_at` is the last observed change that touched its words. PostgreSQL sets the `traits`.
    """

    provision = models.OneToOneField(Provision, PROTECT, primary_key=True, related_name="registered")
    traits = models.ForeignKey(Traits, PROTECT, editable=False, db_index=False, related_name="+")
    platform = models.ForeignKey(Platform, PROTECT, db_index=False, related_name="+")
    document = models.ForeignKey(Document, PROTECT, related_name="+")
    clause_type = models.ForeignKey(ClauseType, PROTECT, related_name="+")
    published_at = models.DateTimeField()
    changed_at = models.DateTimeField(null=True)
    platform_key = models.CharField(max_length=200)
    title_key = models.CharField(max_length=200)

    class Meta:
        verbose_name_plural = "registry entries"
        indexes = [
            # One index for each order of the registry; all columns of one run the same way, so that "behind this row"
            # is one comparison of rows.
            models.Index(STRENGTH, "platform_key", "title_key", "provision", name="registry_by_strength"),
            models.Index(fields=["platform_key", "title_key", "provision"], name="registry_by_platform"),
            models.Index(fields=["-published_at", "-provision"], name="registry_newest"),
            models.Index(CHANGED.desc(), models.F("provision").desc(), name="registry_changed"),
            models.Index(fields=["clause_type", "-severity", "platform_key"], name="registry_of_type"),
            GinIndex(fields=["regulations"], name="registry_regulations"),
            # What clauses are counted by, so that nobody has to look at them.
            models.Index(fields=["platform", "invented"], name="registry_of_platform"),
            models.Index(fields=["traits", "platform"], name="registry_of_traits"),
        ]

    def __str__(self) -> str:
        return str(self.provision)
