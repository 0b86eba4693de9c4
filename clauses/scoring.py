"""What the rubric says of scores that are still being given (pure): the level as far as it is settled, and what is
missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from clauses.rubric import (
    CAP,
    FACTORS,
    HIGHEST_SCORE,
    HIGHEST_TOTAL,
    LOWEST_SCORE,
    Confidence,
    Severity,
    SeverityLevel,
    assess,
)
from clauses.sentences import Basis, parse
from clauses.sentences import basis as basis_of


@dataclass(frozen=True, slots=True)
class Scored:
    """Scores as they stand: `severity` is None as long as a factor has none; `missing` are those factors' names.

    `least` and `most` are the levels that the missing scores can still lead to. `capped` says why the level is lower
    than the sum makes it, `open` what may still change it; each is a sentence for people, or empty.
    """

    total: int
    missing: tuple[str, ...]
    severity: Severity | None
    least: SeverityLevel
    most: SeverityLevel
    basis: Basis | None
    capped: str
    open: str

    @property
    def highest_total(self) -> int:
        return HIGHEST_TOTAL


def scored(scores: Mapping[str, int | None], *, confidence: str, prose: Mapping[str, str]) -> Scored:
    """What the rubric makes of scores, of which some may be None, and of the three public texts by their names.

    A confidence that is not chosen yet, or no word of the vocabulary, caps nothing; neither does a basis that cannot
    be told, because a text is still empty.
    """
    given = {key: score for key, score in scores.items() if score is not None}
    missing = tuple(factor.name for factor in FACTORS if factor.key not in given)
    written = all(parse(text) for text in prose.values())
    basis = basis_of(**prose) if written else None
    sure = Confidence(confidence) if confidence in set(Confidence) else None
    least, most = (_assessed(given, fill, sure, basis) for fill in (LOWEST_SCORE, HIGHEST_SCORE))
    return Scored(
        total=sum(given.values()),
        missing=missing,
        severity=None if missing else least,
        least=least.level,
        most=most.level,
        basis=basis,
        capped=_capped(most, sure, basis),
        open=_open(most, sure, basis),
    )


def _assessed(given: Mapping[str, int], fill: int, confidence: Confidence | None, basis: Basis | None) -> Severity:
    scores = {factor.key: given.get(factor.key, fill) for factor in FACTORS}
    return assess(scores, confidence=confidence or Confidence.HIGH, basis=basis or Basis.STATED)


def _capped(most: Severity, confidence: Confidence | None, basis: Basis | None) -> str:
    if not most.cap_reason:
        return ""
    reasons = []
    if confidence is Confidence.LOW:
        reasons.append("Your confidence is low.")
    if basis is Basis.INFERRED:
        reasons.append(
            "The basis is inferred: it is “stated” once every sentence of “What it is”, and half of all sentences, "
            "rest on quoted ones."
        )
    return f"It stays at {CAP} at most. {' '.join(reasons)}"


def _open(most: Severity, confidence: Confidence | None, basis: Basis | None) -> str:
    """What is not chosen yet and could still cap a level above the cap."""
    if most.cap_reason or most.level == CAP or most.level == SeverityLevel.LOW:
        return ""
    waits = []
    if confidence is None:
        waits.append("your confidence is low")
    if basis is None:
        waits.append("the three texts, once written, rest mostly on our inference")
    return f"It will be {CAP} at most if {' or '.join(waits)}." if waits else ""
