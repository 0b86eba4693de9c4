"""The words of a document over time, block by block: derived from its texts (`platforms.outlining`), never edited."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import PROTECT
from django.db.models.functions import Left
from django.db.models.lookups import Exact

from .evidence import Version
from .publishing import Document

SEARCHED = "atlas"  # the text search configuration, see platforms/migrations/0007
MOST_SEARCHED = 100_000  # characters of one passage: of many more, PostgreSQL can make no vector


class Passage(models.Model):
    """One block of the texts of a document that count and can be read, once for all texts that hold it.

    `words` are its plain words (`platforms.plaintext`), `digest` names them (`platforms.outlines`). `stands`: it is in
    the newest text. `spans` are the runs of versions that hold it, in the order of their capture: [[first number, last
    number], …]; the last number is null where the run reaches to the newest. `heading` are the words of the innermost
    heading above it in the newest text that holds it.
    """

    document = models.ForeignKey(Document, PROTECT, related_name="passages", db_index=False)
    digest = models.BigIntegerField()
    words = models.TextField()
    heading = models.TextField(blank=True)
    stands = models.BooleanField()
    spans = models.JSONField()
    vector = models.GeneratedField(
        expression=SearchVector(Left("words", MOST_SEARCHED), config=SEARCHED),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document", "digest"], name="passage_once")]
        indexes = [
            GinIndex(fields=["vector"], name="passage_words"),
            # Some of them: whether words are common is seen here first (clauses/searching/matching.py).
            GinIndex(fields=["vector"], name="passage_sample", condition=models.Q(Exact(models.F("id") % 32, 0))),
        ]

    def __str__(self) -> str:
        return self.words[:80]


class Outline(models.Model):
    """The blocks of one version in reading order: their digests, and the rank of each that is a heading (else 0)."""

    version = models.OneToOneField(Version, PROTECT, primary_key=True, related_name="outline")
    digests = ArrayField(models.BigIntegerField())
    levels = ArrayField(models.SmallIntegerField())

    def __str__(self) -> str:
        return f"{len(self.digests)} blocks of {self.version}"
