"""What an analyst says of a clause: numbered versions, frozen when they are published."""

import operator
from functools import reduce

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import PROTECT, Case, F, Q, Value, When
from django.db.models.lookups import GreaterThanOrEqual
from django.urls import reverse
from django.utils.functional import cached_property

from clauses.querysets import AnalysisQuerySet
from clauses.rubric import CAP, CAPPED_BASIS, CAPPED_CONFIDENCE, FACTOR_KEYS, THRESHOLDS
from clauses.vocabulary import (
    FROZEN,
    OPEN,
    ActionKind,
    AnalysisKind,
    AnalysisState,
    AnswerValue,
    Basis,
    Channel,
    Confidence,
    Drafter,
    Severity,
)
from conductatlas.fields import AddressField
from conductatlas.rules import HASH, filled, one_of, paired, plain_email

from .law import Agency, Regulation
from .provisions import Provision, Quotation
from .taxonomy import Question

WHO = settings.AUTH_USER_MODEL
PUBLIC_PROSE_TITLES = {
    "what_it_is": "What it is",
    "why_it_matters": "Why it matters",
    "what_this_means": "What this means for you",
}
PUBLIC_PROSE = tuple(PUBLIC_PROSE_TITLES)
INSTITUTIONAL_PROSE = (
    "regulatory_landscape",
    "governance_exposure_why",
    "contract_implications",
    "compliance_considerations",
    "enforcement_risk",
)
PROSE = (*PUBLIC_PROSE, "interpretive_note", *INSTITUTIONAL_PROSE)


def severity_in_database() -> Case:
    """The rubric's arithmetic as a database expression: nobody can write a severity that the factors do not give."""
    total = reduce(operator.add, (F(f"{key}_score") for key in FACTOR_KEYS))
    capped = Q(confidence=CAPPED_CONFIDENCE.value) | Q(basis=CAPPED_BASIS.value)
    smallest = {level.value: total for level, total in THRESHOLDS}
    return Case(
        When(Q(confidence="") | Q(basis=""), then=Value("")),
        When(
            GreaterThanOrEqual(total, smallest["high"]),
            then=Case(When(capped, then=Value(CAP.value)), default=Value("high")),
        ),
        When(GreaterThanOrEqual(total, smallest["medium"]), then=Value("medium")),
        When(GreaterThanOrEqual(total, smallest["low"]), then=Value("low")),
        default=Value(""),
    )


class Analysis(models.Model):
    """A numbered version of what an analyst says of a clause; it belongs to one quotation.

    At publication all of it, the wording of the linked agencies, laws, questions and rubric included, is frozen as
    one canonical JSON
    `payload` with its SHA-256; from then on only its state can change.
    """

    provision = models.ForeignKey(Provision, PROTECT, related_name="analyses")
    quotation = models.ForeignKey(Quotation, PROTECT, related_name="analyses")
    version = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=AnalysisState.choices, default=AnalysisState.DRAFT)

    kind = models.CharField(
        "kind of version",
        max_length=10,
        choices=AnalysisKind.choices,
        default=AnalysisKind.FIRST,
        blank=True,
        help_text="What it is to the version before it. Readers find every correction with its note.",
    )

    what_it_is = models.TextField(
        blank=True, help_text="One plain sentence, ending in what it rests on: [1] or [1,2] or [~]."
    )
    why_it_matters = models.TextField(blank=True, help_text="Every sentence ends in [1], [1,2] or [~] (our inference).")
    what_this_means = models.TextField(
        "what this means for you", blank=True, help_text="Every sentence ends in [1], [1,2] or [~]."
    )
    interpretive_note = models.TextField(blank=True, help_text="What the words leave open.")
    regulatory_landscape = models.TextField(blank=True)
    governance_exposure_level = models.CharField(max_length=6, choices=Severity.choices, blank=True)
    governance_exposure_who = models.CharField(max_length=300, blank=True)
    governance_exposure_why = models.TextField(blank=True)
    jurisdiction_flags = models.JSONField(
        default=list, blank=True, help_text='[{"jurisdiction": "EU", "text": "…"}, …]'
    )
    contract_implications = models.TextField(blank=True)
    compliance_considerations = models.TextField(blank=True)
    enforcement_risk = models.TextField(blank=True)
    checklist = ArrayField(models.TextField(), blank=True, default=list, help_text="Due-diligence tasks, one a line.")

    confidence = models.CharField(max_length=6, choices=Confidence.choices, blank=True)
    confidence_reason = models.TextField(blank=True)
    basis = models.CharField(max_length=8, choices=Basis.choices, blank=True, editable=False)

    rights_affected_score = models.PositiveSmallIntegerField(null=True, blank=True)
    rights_affected_reason = models.TextField(blank=True)
    opt_out_score = models.PositiveSmallIntegerField(null=True, blank=True)
    opt_out_reason = models.TextField(blank=True)
    breadth_score = models.PositiveSmallIntegerField(null=True, blank=True)
    breadth_reason = models.TextField(blank=True)
    exposure_score = models.PositiveSmallIntegerField(null=True, blank=True)
    exposure_reason = models.TextField(blank=True)
    discretion_score = models.PositiveSmallIntegerField(null=True, blank=True)
    discretion_reason = models.TextField(blank=True)
    severity = models.GeneratedField(
        expression=severity_in_database(),
        output_field=models.CharField(max_length=6, choices=Severity.choices),
        db_persist=True,
    )

    drafted_by = models.CharField(max_length=10, choices=Drafter.choices, default=Drafter.PERSON)
    drafter = models.ForeignKey(WHO, PROTECT, related_name="+", help_text="The account that wrote it.")
    editors = models.ManyToManyField(
        WHO, blank=True, related_name="+", editable=False, help_text="Others who changed it: none of them publishes it."
    )
    drafted_on = models.DateField(null=True, blank=True)
    in_review_at = models.DateTimeField("in review since", null=True, blank=True)
    in_review_by = models.ForeignKey(
        WHO, PROTECT, null=True, blank=True, related_name="+", verbose_name="sent to review by"
    )
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.ForeignKey(WHO, PROTECT, null=True, blank=True, related_name="+")
    reviewed_by_lawyer = models.BooleanField(default=False)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(WHO, PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField("superseded or withdrawn at", null=True, blank=True)
    closed_by = models.ForeignKey(WHO, PROTECT, null=True, blank=True, related_name="+")
    closed_reason = models.TextField(blank=True)
    public_note = models.TextField(
        blank=True, help_text="What this version corrects or adds, for readers. A correction needs it."
    )

    rendered = models.JSONField(
        default=dict, blank=True, editable=False, help_text="Cleaned HTML of each Markdown field, made when saved."
    )
    payload = models.TextField(blank=True, editable=False)
    payload_sha256 = models.CharField("SHA-256 of the payload", max_length=64, blank=True, editable=False)

    edited_with = ("answers", "actions", "agencies", "regulations", "editors")
    objects = AnalysisQuerySet.as_manager()

    class Meta:
        ordering = ["provision", "-version"]
        verbose_name_plural = "analyses"
        permissions = [
            ("publish_analysis", "Can publish an analysis"),
            ("withdraw_analysis", "Can withdraw an analysis"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["provision", "version"], name="analysis_version_once"),
            models.UniqueConstraint(
                fields=["provision"], condition=Q(state=AnalysisState.PUBLISHED), name="analysis_one_published_a_clause"
            ),
            one_of("state", AnalysisState, name="analysis_state"),
            one_of("confidence", Confidence, name="analysis_confidence", blank=True),
            one_of("basis", Basis, name="analysis_basis", blank=True),
            one_of("drafted_by", Drafter, name="analysis_drafted_by"),
            one_of("governance_exposure_level", Severity, name="analysis_exposure_level", blank=True),
            one_of("kind", AnalysisKind, name="analysis_kind", blank=True),
            models.CheckConstraint(
                condition=~Q(kind=AnalysisKind.CORRECTION) | ~Q(state__in=FROZEN) | ~Q(public_note=""),
                name="analysis_correction_tells_readers",
            ),
            models.CheckConstraint(condition=~Q(state__in=FROZEN) | ~Q(kind=""), name="analysis_published_has_a_kind"),
            paired("in_review_at", "in_review_by", name="analysis_in_review_pair"),
            models.CheckConstraint(
                condition=~Q(state=AnalysisState.IN_REVIEW, in_review_at__isnull=True)
                & ~Q(state=AnalysisState.DRAFT, in_review_at__isnull=False),
                name="analysis_in_review_since",
            ),
            paired("reviewed_at", "reviewed_by", name="analysis_reviewed_pair"),
            paired("published_at", "published_by", name="analysis_published_pair"),
            paired("closed_at", "closed_by", name="analysis_closed_pair"),
            models.CheckConstraint(
                condition=Q(reviewed_by_lawyer=False) | Q(reviewed_by__isnull=False), name="analysis_lawyer_reviewed"
            ),
            models.CheckConstraint(
                condition=Q(state__in=FROZEN, published_at__isnull=False, payload_sha256__regex=HASH)
                | Q(
                    state__in=[AnalysisState.DRAFT, AnalysisState.IN_REVIEW],
                    published_at__isnull=True,
                    payload="",
                    payload_sha256="",
                ),
                name="analysis_published_is_frozen",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=FROZEN)
                | (
                    Q(**{f"{key}_score__isnull": False for key in FACTOR_KEYS})
                    & ~Q(what_it_is="")
                    & ~Q(why_it_matters="")
                    & ~Q(what_this_means="")
                    & ~Q(confidence="")
                    & ~Q(basis="")
                ),
                name="analysis_published_is_whole",
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{key}_score__isnull": True})
                    | (Q(**{f"{key}_score__range": (0, 3)}) & ~Q(**{f"{key}_reason": ""})),
                    name=f"analysis_{key}_scored_with_a_reason",
                )
                for key in FACTOR_KEYS
            ),
        ]
        indexes = [
            models.Index(
                fields=["published_at", "id"], condition=Q(kind=AnalysisKind.CORRECTION), name="analysis_corrections"
            ),
            models.Index(
                fields=["closed_at", "id"], condition=Q(state=AnalysisState.WITHDRAWN), name="analysis_withdrawn"
            ),
            models.Index(
                fields=["state", "drafter"],
                name="analysis_unpublished",
                condition=Q(state__in=[AnalysisState.DRAFT, AnalysisState.IN_REVIEW]),
            ),
            models.Index(
                fields=["quotation"], name="analysis_published_words", condition=Q(state=AnalysisState.PUBLISHED)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provision.record_id} analysis, version {self.version}"

    def get_absolute_url(self) -> str:
        return reverse("frozen", args=[self.provision.record_id, self.version])

    @property
    def is_frozen(self) -> bool:
        return self.state in FROZEN

    @cached_property
    def earlier(self) -> "Analysis | None":
        """The last version that readers saw before this one."""
        before = Analysis.objects.filter(provision=self.provision_id, version__lt=self.version, state__in=FROZEN)
        return before.only("version", "quotation").order_by("-version").first()

    @property
    def is_correction(self) -> bool:
        return self.kind == AnalysisKind.CORRECTION

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def scores(self) -> dict[str, int | None]:
        """The five factors of the rubric, 0 to 3, or None where a draft has none yet."""
        return {key: getattr(self, f"{key}_score") for key in FACTOR_KEYS}


class Answer(models.Model):
    """What the words say to a question of the clause type, with the sentences it rests on."""

    analysis = models.ForeignKey(Analysis, PROTECT, related_name="answers")
    question = models.ForeignKey(Question, PROTECT, related_name="answers")
    value = models.CharField(max_length=6, choices=AnswerValue.choices, default=AnswerValue.UNREAD)
    detail = models.TextField(blank=True)
    sentences = ArrayField(models.PositiveSmallIntegerField(), blank=True, default=list)

    class Meta:
        ordering = ["question__position", "question__key"]
        constraints = [
            models.UniqueConstraint(fields=["analysis", "question"], name="answer_once"),
            one_of("value", AnswerValue, name="answer_value"),
            models.CheckConstraint(
                condition=~Q(value__in=[AnswerValue.YES, AnswerValue.NO]) | Q(sentences__len__gt=0),
                name="answer_rests_on_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question}: {self.get_value_display()}"


class Action(models.Model):
    """A step that a person can take, of a kind that fits the clause type."""

    analysis = models.ForeignKey(Analysis, PROTECT, related_name="actions")
    position = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(max_length=20, choices=ActionKind.choices)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    title = models.CharField(max_length=200)
    steps = models.TextField(blank=True)
    url = AddressField("address", max_length=500, blank=True)
    email = models.EmailField("e-mail", blank=True, validators=[plain_email])
    deadline = models.CharField(max_length=200, blank=True)
    region = models.CharField(max_length=200, blank=True)
    letter_subject = models.CharField(max_length=200, blank=True)
    letter_body = models.TextField(blank=True)
    last_tried = models.DateField(null=True, blank=True, help_text="Empty until someone tried it.")
    sentences = ArrayField(models.PositiveSmallIntegerField(), blank=True, default=list)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            one_of("kind", ActionKind, name="action_kind"),
            one_of("channel", Channel, name="action_channel"),
            filled("title", name="action_filled"),
            models.UniqueConstraint(fields=["analysis", "position"], name="action_position_once"),
        ]

    def __str__(self) -> str:
        return self.title


class AppliedAgency(models.Model):
    """An agency that takes a complaint about this clause, and why this one."""

    analysis = models.ForeignKey(Analysis, PROTECT, related_name="agencies")
    agency = models.ForeignKey(Agency, PROTECT, related_name="applied")
    position = models.PositiveSmallIntegerField(default=0)
    reason = models.TextField()

    class Meta:
        ordering = ["position", "id"]
        verbose_name_plural = "applied agencies"
        constraints = [
            models.UniqueConstraint(fields=["analysis", "agency"], name="applied_agency_once"),
            filled("reason", name="applied_agency_has_a_reason"),
        ]

    def __str__(self) -> str:
        return str(self.agency)


class AppliedRegulation(models.Model):
    """A law that this clause touches, its articles, and why; or that a source page names it without a reason."""

    analysis = models.ForeignKey(Analysis, PROTECT, related_name="regulations")
    regulation = models.ForeignKey(Regulation, PROTECT, related_name="applied")
    position = models.PositiveSmallIntegerField(default=0)
    articles = ArrayField(models.CharField(max_length=60), blank=True, default=list)
    reason = models.TextField(blank=True)
    named_by_source = models.BooleanField(default=False, help_text="Named by the source page, no reason given.")

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["analysis", "regulation"], name="applied_regulation_once"),
            models.CheckConstraint(
                condition=Q(reason="", named_by_source=True) | (~Q(reason="") & Q(named_by_source=False)),
                name="applied_regulation_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return str(self.regulation)
