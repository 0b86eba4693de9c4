"""What is said of the clauses of a generated catalogue: analyses with their parts, frozen where they are published."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from random import Random
from typing import Any

from clauses.models import Action, Analysis, Answer, AppliedAgency, AppliedRegulation
from clauses.models.analyses import INSTITUTIONAL_PROSE, PUBLIC_PROSE
from clauses.payload import Parts, payload_of
from clauses.rubric import FACTOR_KEYS
from clauses.sentences import basis
from clauses.vocabulary import (
    AnalysisState,
    AnswerValue,
    Channel,
    Confidence,
    Drafter,
    ProvisionState,
    Severity,
)
from conductatlas.canonical import canonical, fingerprint
from conductatlas.markdown import render_analysis

from .planning import MARKETS, skewed
from .platforms import Maker, Seen
from .prose import Writer, pick
from .provisions import Clause, Quoted
from .topics import Topic, topic_of

STATES = {AnalysisState.PUBLISHED: 97, AnalysisState.DRAFT: 2, AnalysisState.WITHDRAWN: 1}
INFERENCE = "[~]"


@lru_cache(maxsize=512)
def _mark(mark: str) -> str:
    """The HTML of a mark."""
    return render_analysis(f"x {mark}").removeprefix("<p>x ").removesuffix("</p>")


@dataclass
class Said:
    """Sentences, each with its mark (or none), and the HTML of their paragraph. The words hold no markup, so their HTML
    is the words themselves: rendering a hundred thousand of them one by one would take longer than all else.
    """

    sentences: list[tuple[str, str]] = field(default_factory=list)

    @property
    def source(self) -> str:
        return " ".join(f"{words} {mark}" if mark else words for words, mark in self.sentences)

    @property
    def html(self) -> str:
        return f"<p>{' '.join(f'{words} {_mark(mark)}' if mark else words for words, mark in self.sentences)}</p>"


def add_analyses(maker: Maker, seen: Seen, clauses: Sequence[Clause], random: Random) -> set[str]:
    """An analysis of each clause, of some an earlier version too. The slugs of the types whose words stand in the
    newest text by a published analysis.
    """
    found: set[str] = set()
    for clause in clauses:
        state = random.choices(list(STATES), list(STATES.values()))[0]
        if clause.provision.state == ProvisionState.MERGED:
            state = AnalysisState.PUBLISHED
        published = seen.since + timedelta(days=random.randint(1, 60), seconds=random.randint(0, 80_000))
        revised = len(clause.quoted) > 1 or random.random() < 0.03
        if revised:
            earlier = _analysis(maker, clause, clause.quoted[0], 1, random)
            _freeze(maker, seen, clause.quoted[0], earlier, published - timedelta(hours=20))
            _close(maker, earlier[0], AnalysisState.SUPERSEDED, published, "Replaced by version 2.")
        made = _analysis(maker, clause, clause.speaking, 2 if revised else 1, random)
        if state != AnalysisState.DRAFT:
            _freeze(maker, seen, clause.speaking, made, published)
            if clause.speaking.evidence(seen).stands:
                found.add(clause.provision.clause_type.slug)
        if state == AnalysisState.WITHDRAWN:
            _close(maker, made[0], state, published + timedelta(days=9), "The words were read wrongly.")
    return found


def _analysis(
    maker: Maker, clause: Clause, quoted: Quoted, version: int, random: Random
) -> tuple[Analysis, dict[str, Any]]:
    """A draft, and its parts by the names that `Parts` has for them."""
    provision, quotation = clause.provision, quoted.quotation
    slug, count = provision.clause_type.slug, sum(map(len, quotation.sentence_ends))
    topic, name = topic_of(slug), provision.document.platform.name
    said = _prose(maker.writer, topic, random, name, sentences=count)
    fields = {name: prose.source for name, prose in said.items()}
    analysis = Analysis(
        provision=provision,
        quotation=quotation,
        version=version,
        governance_exposure_level=random.choice(list(Severity)) if random.random() < 0.8 else "",
        governance_exposure_who=maker.writer.title(random, topic) if random.random() < 0.8 else "",
        jurisdiction_flags=[
            {"jurisdiction": code, "text": maker.writer.about(random, topic, by=name)}
            for code in dict.fromkeys(skewed(random, MARKETS) for _ in range(random.randint(0, 3)))
        ],
        checklist=[maker.writer.sentence(random, by="you") for _ in range(random.randint(0, 5))],
        confidence=random.choices(list(Confidence), (60, 32, 8))[0],
        confidence_reason=maker.writer.about(random, topic, by=name),
        basis=basis(*(fields[name] for name in PUBLIC_PROSE)).value,
        drafted_by=Drafter.MACHINE if random.random() < 0.9 else Drafter.CATALOGUE,
        drafter=maker.catalogue,
        drafted_on=quotation.taken_on,
        rendered={name: prose.html for name, prose in said.items()},
        **fields,
        **_scores(maker.writer, random, topic),
    )
    maker.rows.add(analysis)
    return analysis, _parts(maker, analysis, random, slug, sentences=count)


def _prose(writer: Writer, topic: Topic, random: Random, name: str, *, sentences: int) -> dict[str, Said]:
    def mark(chance: float) -> str:
        if random.random() < chance:
            return INFERENCE
        resting = sorted({random.randint(1, sentences) for _ in range(random.choice((1, 1, 1, 2, 3)))})
        return f"[{','.join(map(str, resting))}]"

    def resting(by: str, count: int, inferred: float) -> Said:
        return Said([(writer.about(random, topic, by=by), mark(inferred)) for _ in range(count)])

    def plain(count: int) -> Said:
        return Said([(writer.sentence(random, by="they"), "") for _ in range(count)])

    said = {
        "what_it_is": resting(name, 1, 0.05),
        "why_it_matters": resting(name, random.randint(2, 4), 0.25),
        "what_this_means": resting("they", random.randint(2, 4), 0.2),
    }
    if random.random() < 0.6:
        said["interpretive_note"] = plain(random.randint(1, 3))
    if random.random() < 0.85:
        said |= {key: plain(random.randint(2, 3)) for key in INSTITUTIONAL_PROSE}
    return said


def _scores(writer: Writer, random: Random, topic: Topic) -> dict[str, Any]:
    scores: dict[str, Any] = {}
    for key in FACTOR_KEYS:
        scores[f"{key}_score"] = random.choices((0, 1, 2, 3), (15, 30, 38, 17))[0]
        scores[f"{key}_reason"] = writer.about(random, topic, by="they")
    return scores


def _parts(maker: Maker, analysis: Analysis, random: Random, slug: str, *, sentences: int) -> dict[str, Any]:
    writer, topic, rows = maker.writer, topic_of(slug), maker.rows
    laws = dict.fromkeys(_few(random, maker.taxonomy.regulations, (25, 40, 25, 10)))
    agencies = dict.fromkeys(_few(random, maker.taxonomy.agencies, (25, 45, 20, 10)))
    return {
        "answers": [
            rows.add(_answer(writer, analysis, question, random, topic, sentences))
            for question in maker.taxonomy.questions[slug]
        ],
        "actions": [
            rows.add(_action(writer, analysis, position, random, topic))
            for position in range(random.choices((0, 1, 2, 3), (15, 45, 30, 10))[0])
        ],
        "agencies": [
            rows.add(
                AppliedAgency(
                    analysis=analysis, agency=row, position=position, reason=writer.about(random, topic, by="they")
                )
            )
            for position, row in enumerate(agencies)
        ],
        "regulations": [
            rows.add(
                AppliedRegulation(
                    analysis=analysis,
                    regulation=row,
                    position=position,
                    articles=[f"Article {random.randint(1, 40)}" for _ in range(random.randint(0, 2))],
                    reason=writer.about(random, topic, by="they"),
                )
            )
            for position, row in enumerate(laws)
        ],
    }


def _few(random: Random, rows: Sequence[Any], weights: Sequence[int]) -> list[Any]:
    count = random.choices(range(len(weights)), weights)[0]
    return [rows[int(skewed(random, [str(place) for place in range(len(rows))]))] for _ in range(count)]


def _answer(writer: Writer, analysis: Analysis, question: Any, random: Random, topic: Topic, sentences: int) -> Answer:
    value = random.choices(list(AnswerValue), (45, 20, 30, 5))[0]
    resting = value in (AnswerValue.YES, AnswerValue.NO)
    return Answer(
        analysis=analysis,
        question=question,
        value=value,
        detail=pick(random, topic.limits).capitalize() + "." if value != AnswerValue.UNREAD else "",
        sentences=[random.randint(1, sentences)] if resting else [],
    )


def _action(writer: Writer, analysis: Analysis, position: int, random: Random, topic: Topic) -> Action:
    channel = random.choice(list(Channel))
    platform = analysis.provision.document.platform
    written = channel in (Channel.EMAIL, Channel.LETTER)
    return Action(
        analysis=analysis,
        position=position,
        kind=random.choice(analysis.provision.clause_type.action_kinds),
        channel=channel,
        title=writer.title(random, topic)[:200],
        steps=" ".join(writer.sentence(random, by="they") for _ in range(random.randint(1, 3))),
        url=f"{platform.website}/privacy" if channel == Channel.FORM else "",
        email=f"privacy@{platform.slug}.example" if channel == Channel.EMAIL else "",
        deadline=f"{pick(random, writer.periods)} after you accepted the terms" if random.random() < 0.3 else "",
        letter_subject=writer.title(random, topic)[:200] if written else "",
        letter_body="\n\n".join(writer.sentence(random, by="they") for _ in range(4)) if written else "",
    )


def _freeze(
    maker: Maker, seen: Seen, quoted: Quoted, made: tuple[Analysis, dict[str, Any]], published: datetime
) -> None:
    """Publishes an analysis: with a payload of all that it rests on, as `publish` makes it."""
    analysis, parts = made
    analysis.state = AnalysisState.PUBLISHED
    analysis.published_at, analysis.published_by = published, maker.catalogue
    places = {code: row.name for code, row in maker.taxonomy.places.items()}
    payload = payload_of(analysis, quoted.evidence(seen), Parts(**parts, places=places))
    analysis.payload = canonical(payload)
    analysis.payload_sha256 = fingerprint(analysis.payload)


def _close(maker: Maker, analysis: Analysis, state: str, at: datetime, reason: str) -> None:
    analysis.state, analysis.closed_at, analysis.closed_by, analysis.closed_reason = state, at, maker.catalogue, reason
