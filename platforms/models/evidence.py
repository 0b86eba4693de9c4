"""What a document said when: texts, snapshots, verdicts, versions and checks. All of it is append-only."""

from django.conf import settings
from django.db import models
from django.db.models import PROTECT, Q
from django.urls import reverse

from conductatlas.fields import AddressField
from conductatlas.records import RecordId, number_field
from conductatlas.rules import AppendOnly, one_of, paired
from platforms.querysets import VersionQuerySet
from platforms.vocabulary import CheckOutcome, Judgement, TransitionKind

from .publishing import Document

WHO = settings.AUTH_USER_MODEL


class Text(AppendOnly):
    """The characters of a document at one moment, stored once per content and named by the SHA-256 of its UTF-8 bytes.

    PostgreSQL recomputes the hash. The one exception to *append-only*: `withhold_text` empties the content under a
    legal order.
    """

    sha256 = models.CharField("SHA-256", max_length=64, primary_key=True)
    content = models.TextField()
    withheld_at = models.DateTimeField(null=True, blank=True)
    withheld_by = models.ForeignKey(WHO, PROTECT, null=True, blank=True, related_name="+")
    withheld_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            paired("withheld_at", "withheld_by", name="text_withheld_pair"),
            models.CheckConstraint(
                condition=Q(withheld_at__isnull=True, withheld_reason="") | (Q(content="") & ~Q(withheld_reason="")),
                name="text_withheld_is_empty_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sha256[:12]}…"

    @property
    def is_withheld(self) -> bool:
        return self.withheld_at is not None


class Body(AppendOnly):
    """The bytes that a server sent, stored once and named by their SHA-256, which PostgreSQL recomputes. Withholding a
    text empties the bytes that it came in.
    """

    sha256 = models.CharField("SHA-256", max_length=64, primary_key=True)
    content = models.BinaryField()
    withheld_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "bodies"

    def __str__(self) -> str:
        return f"{self.sha256[:12]}…"


class Response(AppendOnly):
    """What a server answered when a document was captured.

    `hops`: [{"status": …, "url": …}] on the way; `headers`: [[name, value], …] as they came.
    """

    document = models.ForeignKey(Document, PROTECT, related_name="responses")
    fetched_at = models.DateTimeField()
    url = AddressField("address", max_length=2000)
    final_url = AddressField("final address", max_length=2000, blank=True)
    hops = models.JSONField(default=list, blank=True)
    status = models.PositiveSmallIntegerField("HTTP status")
    headers = models.JSONField(default=list, blank=True)
    body = models.ForeignKey(Body, PROTECT, null=True, blank=True, related_name="responses")
    archived = models.BooleanField(default=False, help_text="A web archive's copy.")
    tool = models.CharField(max_length=100)
    tool_version = models.CharField(max_length=40)
    recorded_at = models.DateTimeField(auto_now_add=True)
    recorded_by = models.ForeignKey(WHO, PROTECT, related_name="+")

    class Meta:
        ordering = ["fetched_at", "id"]

    def __str__(self) -> str:
        return f"{self.fetched_at:%Y-%m-%d %H:%M}: {self.status}"


class Snapshot(AppendOnly):
    """A text seen at an address at a time, and how. Whether it counts is a separate verdict."""

    number = number_field("S")
    document = models.ForeignKey(Document, PROTECT, related_name="snapshots")
    text = models.ForeignKey(Text, PROTECT, related_name="snapshots")
    captured_at = models.DateTimeField(db_index=True)
    url = AddressField("address", max_length=500, blank=True)
    final_url = AddressField("final address", max_length=500, blank=True)
    archived_url = AddressField("archived address", max_length=500, blank=True)
    http_status = models.PositiveSmallIntegerField("HTTP status", null=True, blank=True)
    language = models.CharField(max_length=20, blank=True)
    region = models.CharField(max_length=20, blank=True)
    tool = models.CharField(max_length=100, blank=True)
    tool_version = models.CharField(max_length=40, blank=True)
    by_hand = models.BooleanField(default=False)
    technical = models.BooleanField(
        default=False, help_text="The reading of the page changed here (ours or the archive's), not the page."
    )
    origin = models.CharField(
        max_length=64, blank=True, help_text="The commit of the collection's repository that holds it."
    )
    response = models.ForeignKey(Response, PROTECT, null=True, blank=True, related_name="snapshots")
    recorded_at = models.DateTimeField(auto_now_add=True)
    recorded_by = models.ForeignKey(WHO, PROTECT, related_name="+")

    edited_with = ("verdicts",)

    class Meta:
        ordering = ["captured_at", "number"]
        permissions = [("capture_by_hand", "Can give a text by hand")]
        constraints = [models.UniqueConstraint(fields=["document", "captured_at"], name="snapshot_once_a_moment")]

    def __str__(self) -> str:
        return self.record_id

    @property
    def record_id(self) -> str:
        return str(RecordId("S", self.number))


class Verdict(AppendOnly):
    """Whether a snapshot counts: who said so, when and why. The latest verdict holds."""

    snapshot = models.ForeignKey(Snapshot, PROTECT, related_name="verdicts")
    judgement = models.CharField(max_length=12, choices=Judgement.choices)
    reason = models.TextField(blank=True)
    judged_at = models.DateTimeField(auto_now_add=True)
    judged_by = models.ForeignKey(WHO, PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [
            one_of("judgement", Judgement, name="verdict_judgement"),
            models.CheckConstraint(
                condition=Q(judgement=Judgement.ACCEPTED) | ~Q(reason=""), name="verdict_has_a_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["snapshot"], name="verdict_set_aside", condition=Q(judgement=Judgement.QUARANTINED))
        ]

    def __str__(self) -> str:
        return f"{self.get_judgement_display()}: {self.reason}" if self.reason else self.get_judgement_display()


class Version(models.Model):
    """An accepted snapshot's number among its document's versions: given once, never renumbered, ordered by capture
    time.

    `counts` follows the latest verdict (a trigger keeps it); nothing else of the row can change.
    """

    document = models.ForeignKey(Document, PROTECT, related_name="versions")
    snapshot = models.OneToOneField(Snapshot, PROTECT, related_name="version")
    number = models.PositiveIntegerField()
    counts = models.BooleanField(default=True)

    objects = VersionQuerySet.as_manager()

    class Meta:
        ordering = ["snapshot__captured_at", "number"]
        constraints = [models.UniqueConstraint(fields=["document", "number"], name="version_number_once")]

    def __str__(self) -> str:
        return f"version {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("version", args=[self.document.platform.slug, self.document.slug, self.number])


class Transition(models.Model):
    """How a version that counts differs from the one before it. Derived (`platforms.deriving`): it follows the
    verdicts, and can be recomputed at any time.

    `fingerprint` is that of the version's plain words, `essence` that of its meaningful sentences; `stated_on` the
    date that the text itself gives for its last update; `method` the version of the rules. A new reading of the page
    that adds sentences waits for an analyst, who can declare it a change of the document (`declared`).
    """

    version = models.OneToOneField(Version, PROTECT, related_name="transition")
    before = models.ForeignKey(Version, PROTECT, null=True, blank=True, related_name="followed_by")
    kind = models.CharField(max_length=12, choices=TransitionKind.choices)
    reason = models.TextField(blank=True)
    removed = models.PositiveIntegerField("sentences removed", default=0)
    added = models.PositiveIntegerField("sentences added", default=0)
    fingerprint = models.CharField(max_length=64)
    essence = models.CharField(max_length=64, blank=True)
    stated_on = models.DateField(null=True, blank=True)
    method = models.PositiveSmallIntegerField()
    declared = models.BooleanField(default=False)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(WHO, PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            one_of("kind", TransitionKind, name="transition_kind"),
            paired("settled_at", "settled_by", name="transition_settled_pair"),
            models.CheckConstraint(
                condition=Q(kind=TransitionKind.FIRST, before__isnull=True)
                | (~Q(kind=TransitionKind.FIRST) & Q(before__isnull=False)),
                name="transition_from_something",
            ),
        ]
        indexes = [
            models.Index(
                fields=["version"],
                name="transition_to_decide",
                condition=Q(kind=TransitionKind.EXTRACTION, added__gt=0, settled_at=None),
            )
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class Check(AppendOnly):
    """One look at a document. Every look is kept."""

    document = models.ForeignKey(Document, PROTECT, related_name="checks")
    checked_at = models.DateTimeField()
    outcome = models.CharField(max_length=12, choices=CheckOutcome.choices)
    reason = models.TextField(blank=True)
    snapshot = models.ForeignKey(Snapshot, PROTECT, null=True, blank=True, related_name="checks")
    response = models.ForeignKey(Response, PROTECT, null=True, blank=True, related_name="checks")
    not_before = models.DateTimeField(
        null=True, blank=True, help_text="The server asked not to be asked again before this moment."
    )
    recorded_by = models.ForeignKey(WHO, PROTECT, related_name="+")

    class Meta:
        ordering = ["checked_at", "id"]
        constraints = [
            one_of("outcome", CheckOutcome, name="check_outcome"),
            models.UniqueConstraint(fields=["document", "checked_at"], name="check_once_a_moment"),
            models.CheckConstraint(
                condition=~Q(outcome__in=[CheckOutcome.NEW_TEXT, CheckOutcome.QUARANTINED]) | Q(snapshot__isnull=False),
                name="check_of_a_text_names_it",
            ),
        ]
        indexes = [
            models.Index(
                fields=["document", "checked_at"], name="check_failed", condition=Q(outcome=CheckOutcome.FAILED)
            )
        ]

    def __str__(self) -> str:
        return f"{self.checked_at:%Y-%m-%d}: {self.get_outcome_display()}"
