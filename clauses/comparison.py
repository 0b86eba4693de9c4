"""How other platforms handle the same thing: which clauses are worth showing beside one, and what differs (pure)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

SAME_WORDING = 0.9  # likeness of word sets from which two quotations are one wording
SETTLED = frozenset({"yes", "no"})


@dataclass(frozen=True)
class Clause:
    """What comparison knows of a published, standing clause.

    `answers` maps a question's key to `yes`, `no`, `silent` or `unread`; `questions` maps the key to its wording.
    """

    record: str
    platform: str
    platform_name: str
    document: str
    clause_type: str
    words: str
    answers: Mapping[str, str]
    questions: Mapping[str, str]


@dataclass(frozen=True)
class Difference:
    """A question that two clauses answer differently."""

    question: str
    here: str
    there: str


@dataclass(frozen=True)
class Comparable:
    """A clause worth showing, why, what differs, and which platforms use the same wording."""

    clause: Clause
    reason: str
    differences: tuple[Difference, ...]
    same_wording: tuple[str, ...]
    likeness: float


def comparable(subject: Clause, others: Sequence[Clause], *, limit: int = 3) -> list[Comparable]:
    """Up to `limit` clauses of the same type from other platforms, the ones that tell a reader most first.

    Never one from the same document; one card a platform; near-duplicate wordings are folded into one. Clauses with
    more questions that both settle come first, then the more alike.
    """
    fitting = [
        other
        for other in others
        if other.clause_type == subject.clause_type
        and other.platform != subject.platform
        and other.document != subject.document
    ]
    ranked = sorted(
        fitting, key=lambda other: (-len(_settled(subject, other)), -likeness(subject.words, other.words), other.record)
    )
    folded: list[tuple[Clause, list[str]]] = []
    for other in ranked:
        twin = next((same for first, same in folded if likeness(first.words, other.words) >= SAME_WORDING), None)
        if twin is not None:
            twin.append(other.platform_name)
        elif all(first.platform != other.platform for first, _ in folded):
            folded.append((other, []))
    return [
        Comparable(
            clause=other,
            reason=_reason(subject, other),
            differences=differences(subject, other),
            same_wording=tuple(dict.fromkeys(name for name in same if name != other.platform_name)),
            likeness=likeness(subject.words, other.words),
        )
        for other, same in folded[:limit]
    ]


def differences(subject: Clause, other: Clause) -> tuple[Difference, ...]:
    """The questions that both settle with yes or no, differently; then those that only one of them settles."""
    found = [
        Difference(subject.questions[key], subject.answers[key], other.answers[key])
        for key in subject.answers
        if key in other.answers
        and subject.answers[key] != other.answers[key]
        and "unread" not in (subject.answers[key], other.answers[key])
    ]
    return tuple(sorted(found, key=lambda difference: not {difference.here, difference.there} <= SETTLED))


def likeness(first: str, second: str) -> float:
    """The share of words that two quotations have in common (Jaccard index of their word sets), 0 to 1."""
    a, b = _words(first), _words(second)
    return len(a & b) / len(a | b) if a | b else 0.0


@lru_cache(maxsize=2048)
def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text.casefold()))


def _settled(subject: Clause, other: Clause) -> list[str]:
    return [key for key, value in subject.answers.items() if value in SETTLED and other.answers.get(key) in SETTLED]


def _reason(subject: Clause, other: Clause) -> str:
    settled = _settled(subject, other)
    if not settled:
        return "Same clause type."
    alike = sum(subject.answers[key] == other.answers[key] for key in settled)
    return f"Same clause type; both settle {len(settled)} of {len(subject.answers)} questions, {alike} of them alike."
