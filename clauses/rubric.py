"""The published severity rubric (pure): five factors, each scored 0 to 3, and what their sum means.

A change to any number or wording here is a new `RUBRIC_VERSION`: analyses keep the version that they were made with.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from clauses.sentences import Basis

RUBRIC_VERSION = 1

_Word = TypeVar("_Word", bound=StrEnum)

LOWEST_SCORE = 0
HIGHEST_SCORE = 3


class SeverityLevel(StrEnum):
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Confidence(StrEnum):
    """How sure the analyst is of what the words mean."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


# Smallest sum of each level, lowest level first.
THRESHOLDS = ((SeverityLevel.LOW, 0), (SeverityLevel.MEDIUM, 6), (SeverityLevel.HIGH, 10))
# No higher than this where we are not sure of the meaning, or read it into the words.
CAP = SeverityLevel.MEDIUM
CAPPED_CONFIDENCE = Confidence.LOW
CAPPED_BASIS = Basis.INFERRED


@dataclass(frozen=True, slots=True)
class Factor:
    """One thing that makes a clause severe: `levels[score]` says what a score means."""

    key: str
    name: str
    question: str
    levels: tuple[str, str, str, str]


FACTORS = (
    Factor(
        "rights_affected",
        "Rights affected",
        "What does the clause touch?",
        (
            "No right",
            "Convenience",
            "Privacy, property, money or speech",
            "Access to a court, physical safety, or a right that the law holds basic",
        ),
    ),
    Factor(
        "opt_out",
        "Way out",
        "How can you avoid it and keep using the service?",
        (
            "Nothing happens unless you agree",
            "You can refuse easily, with a setting",
            "Only by letter, by a deadline, by paying or by losing a feature",
            "There is no way out",
        ),
    ),
    Factor(
        "breadth",
        "Breadth",
        "Whom does it reach?",
        (
            "Rare cases",
            "One plan, place or feature",
            "Most people",
            "Everyone, by default",
        ),
    ),
    Factor(
        "exposure",
        "Exposure",
        "What is the worst plausible result?",
        (
            "None",
            "A nuisance",
            "A real loss of privacy, money or work",
            "Grave harm, or harm that cannot be undone",
        ),
    ),
    Factor(
        "discretion",
        "Discretion",
        "How free is the platform to decide?",
        (
            "Bound to the cases that it lists",
            "Bound by a standard that it states",
            "Free within broad purposes of its own",
            "Sole discretion, with no limit stated",
        ),
    ),
)
FACTOR_KEYS = tuple(factor.key for factor in FACTORS)
HIGHEST_TOTAL = HIGHEST_SCORE * len(FACTORS)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the arithmetic: a factor, its score and what that score means."""

    factor: Factor
    score: int
    meaning: str


@dataclass(frozen=True, slots=True)
class Severity:
    """What the rubric makes of the scores.

    `uncapped` is the level that the sum alone gives; `cap_reason` is empty where the level is the same. `rows` are
    the addends of `total`, in the rubric's order.
    """

    level: SeverityLevel
    total: int
    uncapped: SeverityLevel
    cap_reason: str
    rows: tuple[Row, ...]


def level_of(total: int) -> SeverityLevel:
    """The level of a sum of scores. Raises ValueError where no five scores can give that sum."""
    if not 0 <= total <= HIGHEST_TOTAL:
        raise ValueError(f"a total of {total} is outside 0 to {HIGHEST_TOTAL}")
    return next(level for level, smallest in reversed(THRESHOLDS) if total >= smallest)


def assess(scores: Mapping[str, int], *, confidence: str, basis: str) -> Severity:
    """Severity of a clause from its scores (factor key to 0…3), the analyst's confidence and the analysis's basis.

    Raises ValueError that names the factor, or the word that is not known.
    """
    rows = tuple(Row(factor, score, factor.levels[score]) for factor, score in _scored(scores))
    total = sum(row.score for row in rows)
    uncapped = level_of(total)
    reason = _cap_reason(_known(Confidence, "confidence", confidence), _known(Basis, "basis", basis))
    if not reason or _rank(uncapped) <= _rank(CAP):
        return Severity(uncapped, total, uncapped, "", rows)
    return Severity(CAP, total, uncapped, reason, rows)


def _scored(scores: Mapping[str, int]) -> list[tuple[Factor, int]]:
    unknown = sorted(set(scores) - set(FACTOR_KEYS))
    if unknown:
        raise ValueError(f"{unknown[0]} is no factor of the rubric: use {', '.join(FACTOR_KEYS)}")
    for key in FACTOR_KEYS:
        if key not in scores:
            raise ValueError(f"{key} has no score: give it one from {LOWEST_SCORE} to {HIGHEST_SCORE}")
        score = scores[key]
        if not isinstance(score, int) or isinstance(score, bool) or not LOWEST_SCORE <= score <= HIGHEST_SCORE:
            raise ValueError(f"{key} is scored {score!r}: give a whole number from {LOWEST_SCORE} to {HIGHEST_SCORE}")
    return [(factor, scores[factor.key]) for factor in FACTORS]


def _known(words: type[_Word], name: str, word: str) -> _Word:
    try:
        return words(word)
    except ValueError:
        raise ValueError(f"{word!r} is no {name}: use {', '.join(words)}") from None


def _cap_reason(confidence: Confidence, basis: Basis) -> str:
    reasons = []
    if confidence is CAPPED_CONFIDENCE:
        reasons.append("our confidence is low")
    if basis is CAPPED_BASIS:
        reasons.append("the basis is inferred")
    return f"At most {CAP}, because {' and '.join(reasons)}" if reasons else ""


def _rank(level: SeverityLevel) -> int:
    return [known for known, _ in THRESHOLDS].index(level)
