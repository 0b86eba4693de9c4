"""The cards of comparable clauses on a clause page, from what is stored of its neighbours."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, Func, OuterRef

from clauses.actions import CONTENT
from clauses.compared import Reason
from clauses.models import Analysis, Provision
from clauses.vocabulary import AnswerValue
from clauses.words import Sentence
from platforms.models import Platform

FEW, MOST = 2, 4  # sentences of the quotation on a card
LONG = 300  # characters of a first sentence that is enough
_WHOLE = re.compile(r"""[.!?]["'”’)\]]*\s*$""")
NAMED = 3  # platforms with the same wording; further ones are "others"


@dataclass(frozen=True)
class Excerpt:
    """The beginning of a quotation, which ends where a sentence does, and whether there is more."""

    words: str
    goes_on: bool


@dataclass(frozen=True)
class Card:
    """A comparable clause of another platform: why it is shown, what differs, and who else says it in these words.

    `analysis` is its published one, with columns of the `Neighbour` and the names of the `twins`; `questions` maps the
    keys of the questions of the clause beside which it stands to their wording.
    """

    analysis: Analysis
    questions: Mapping[str, str]

    @property
    def provision(self) -> Provision:
        return self.analysis.provision

    @property
    def platform(self) -> Platform:
        return self.provision.document.platform

    @property
    def reason(self) -> str:
        return Reason(**self.analysis.reason).phrase

    @cached_property
    def excerpt(self) -> Excerpt:
        return excerpt(self.analysis.quotation.sentences)

    @property
    def settled(self) -> bool:
        """Whether both answer a question with yes or no."""
        return bool(self.analysis.reason["settled"])

    @property
    def differences(self) -> list[tuple[str, str, str]]:
        """(question, answer here, answer there), in readers' words."""
        label = dict(AnswerValue.choices)
        return [
            (self.questions[key], label[here], label[there])
            for key, here, there in self.analysis.differences
            if key in self.questions
        ]

    @property
    def same_wording(self) -> str:
        """The further platforms whose words are the same: "X", "X and Y", "X, Y, Z and others"; or empty."""
        names = list(dict.fromkeys(self.analysis.twins))
        if len(names) > NAMED:
            names = [*names[:NAMED], "others"]
        return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def excerpt(sentences: Sequence[Sentence]) -> Excerpt:
    """The first two sentences of a quotation, or the first one if they are long; one or two more where it would end in
    the middle of one. A gap stands as […].
    """
    few = 1 if len(sentences[0].words) >= LONG else FEW
    ends = [count for count in range(few, MOST + 1) if _WHOLE.search("".join(row.words for row in sentences[:count]))]
    taken = sentences[: ends[0] if ends else few]
    pieces = ["".join(row.words for row in group).strip() for _, group in groupby(taken, key=lambda row: row.segment)]
    cut = "" if ends else " […]"
    return Excerpt(" […] ".join(pieces) + cut, goes_on=len(taken) < len(sentences))


def cards(provision: Provision, *, questions: Mapping[str, str]) -> list[Card]:
    """In one query, whatever the clause type holds. `questions`: those of the clause, key → wording. A clause that is
    not in the catalogue has no cards.
    """
    same = Func(OuterRef("same_words"), template="(SELECT unnest(%(expressions)s))")
    twins = Provision.objects.filter(pk__in=same).order_by("number")
    beside = "provision__compared__beside"
    shown = (
        Analysis.objects.published()
        .filter(**{f"{beside}__subject": provision.pk})
        .select_related("quotation", "provision__document__platform")
        .defer(*CONTENT, "payload", "rendered")
        .annotate(
            same_words=F(f"{beside}__same_wording"),
            reason=F(f"{beside}__reason"),
            differences=F(f"{beside}__differences"),
            twins=ArraySubquery(twins.values("document__platform__name")),
        )
        .order_by(f"{beside}__position")
    )
    return [Card(analysis, questions) for analysis in shown]
