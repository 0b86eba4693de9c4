"""What a clause's file holds: the words, and what we say of them.

    quotations:                     append-only, oldest first
    - words:                        segments; a segment is a list of sentences, numbered 1, 2, 3 … across segments
      - - First sentence, verbatim.
        - Second sentence.

One blank joins the sentences of a segment; where the text has something else between two, the sentence ends with
exactly that white space. `taken_from` names the text that the words were copied from:

      taken_from:
        captured_at: 2026-07-25T07:00:14Z
        sha256: 2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae

It is what the file says, never a proof: proof is computed here from the texts that are held. The analysis rests on the
last quotation unless `quotation` gives the number of another, counted from 1. Every sentence of `what_it_is`,
`why_it_matters` and `what_this_means` ends in a mark: [1], [2,3] (the quoted sentences it rests on) or [~] (our
inference).
"""

from typing import Annotated

from pydantic import AfterValidator, Field

from clauses.vocabulary import ActionKind, AnswerValue, Channel, Confidence, Drafter, ProvisionState, Severity

from .fields import Code, Day, Email, Moment, Prose, ReportedMoment, Sha256, Slug, Url, Verbatim, line, listing, word_of
from .schema import ClauseId, Entry


def _joining_blanks(segments: list[list[str]]) -> list[list[str]]:
    """Without the single blank before the next sentence of a segment: it is there anyway."""
    return [[*(map(_without_blank, segment[:-1])), segment[-1]] for segment in segments]


def _without_blank(sentence: str) -> str:
    return sentence[:-1] if sentence.endswith(" ") and not sentence[:-1][-1:].isspace() else sentence


Words = Annotated[(listing(listing(Verbatim)), AfterValidator(_joining_blanks))]
Numbers = listing(Annotated[int, Field(ge=1, le=32767)], unique=True, inline=True)


class AppliesTo(Entry):
    """Only where the text limits itself."""

    plan: line(200) | None = None
    region: line(200) | None = None
    age: line(200) | None = None


class ReportedClause(Entry):
    """What another source says of a clause; we have not checked it."""

    source: line(200)
    url: Url | None = None
    accessed_on: Day | None = None
    first_tracked: Day | None = None
    last_verified: Day | None = None
    captured_at: ReportedMoment | None = None
    analysis_generated_at: ReportedMoment | None = None
    sha256: Sha256 | None = None


class TakenFrom(Entry):
    """The text that words were copied from: when it was captured, and the SHA-256 of its UTF-8 bytes. A claim."""

    captured_at: Moment
    sha256: Sha256


class Quotation(Entry):
    """`heading`, `prefix`, `suffix` decide between several places; `cut`: our source ends there, inside the passage."""

    words: Words
    heading: Verbatim | None = None
    prefix: Verbatim | None = None
    suffix: Verbatim | None = None
    taken_on: Day | None = None
    taken_from: TakenFrom | None = None
    cut: bool = False


class Factor(Entry):
    score: Annotated[int, Field(ge=0, le=3)]
    reason: Prose


class Severities(Entry):
    """The five factors of the rubric."""

    rights_affected: Factor
    opt_out: Factor
    breadth: Factor
    exposure: Factor
    discretion: Factor


class Answer(Entry):
    """`sentences` are required for yes and no."""

    question: Slug
    value: word_of(AnswerValue)
    detail: Prose | None = None
    sentences: Numbers = []


class Letter(Entry):
    """Ready to send, with [square brackets] for what the person fills in."""

    subject: line(200) | None = None
    body: Prose


class Action(Entry):
    """A step that a person can take. `last_tried` is left out until someone tried it."""

    kind: word_of(ActionKind)
    channel: word_of(Channel)
    title: line(200)
    steps: Prose | None = None
    url: Url | None = None
    email: Email | None = None
    deadline: line(200) | None = None
    region: line(200) | None = None
    letter: Letter | None = None
    last_tried: Day | None = None
    sentences: Numbers = []


class AppliedAgency(Entry):
    agency: Slug
    reason: Prose


class AppliedRegulation(Entry):
    """Either a reason, or `named_by_source` where a source page names the law without one."""

    regulation: Slug
    articles: listing(line(60), unique=True, inline=True) = []
    reason: Prose | None = None
    named_by_source: bool = False


class GovernanceExposure(Entry):
    level: word_of(Severity) | None = None
    who: line(300) | None = None
    why: Prose | None = None


class JurisdictionFlag(Entry):
    jurisdiction: Code
    text: Prose


class Institutional(Entry):
    regulatory_landscape: Prose | None = None
    governance_exposure: GovernanceExposure | None = None
    jurisdiction_flags: listing(JurisdictionFlag) = []
    contract_implications: Prose | None = None
    compliance_considerations: Prose | None = None
    enforcement_risk: Prose | None = None
    checklist: listing(Prose) = []


class Analysis(Entry):
    """`public_note` tells readers what this version corrects or adds. A changed analysis becomes a new version."""

    drafted_on: Day | None = None
    drafted_by: word_of(Drafter)
    quotation: Annotated[int, Field(ge=1, le=32767)] | None = None
    confidence: word_of(Confidence)
    confidence_reason: Prose | None = None
    severity: Severities
    what_it_is: Prose
    why_it_matters: Prose
    interpretive_note: Prose | None = None
    what_this_means: Prose
    answers: listing(Answer) = []
    actions: listing(Action) = []
    agencies: listing(AppliedAgency) = []
    regulations: listing(AppliedRegulation) = []
    institutional: Institutional | None = None
    public_note: Prose | None = None


class Clause(Entry):
    """`state` is removed (the page stays, in no count) or merged, with the record that it was merged into."""

    id: ClauseId | None = None
    title: line(200)
    clause_type: Slug
    state: word_of(ProvisionState, only=(ProvisionState.REMOVED, ProvisionState.MERGED)) | None = None
    merged_into: ClauseId | None = None
    first_tracked: Day | None = None
    applies_to: AppliesTo | None = None
    reported: ReportedClause | None = None
    quotations: listing(Quotation)
    analysis: Analysis | None = None
