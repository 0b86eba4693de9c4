"""What comparison knows of a clause, and what it tells of two of them (pure)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

SETTLED = frozenset({"yes", "no"})
CLOSE = 0.5  # likeness of words that a card speaks of

# What nearly every policy says, whatever it is about: words that make no two clauses alike.
_COMMON = """
    a about above after all also am an and any are as at be because been before being below between both but by can
    could did do does doing during each either for from further had has have having he her here his how however i if in
    into is it its itself just may me might more most must my no nor not of off on once only or other our ours out over
    own same shall she should so some such than that the their them then there these they this those through to too
    under unless until up upon us very was we were what when where whether which while who whom why will with within
    without would you your yours
    account agree agreement applicable certain company connection customer described data entity following including
    information law laws make notice our party parties person personal platform policy policies privacy product
    products provide provided provides purpose purposes reasonable relating right rights section service services
    subject term terms third use used user users uses using via website
"""
COMMON = frozenset(_COMMON.split())
_WORD = re.compile(r"\w+")
_ENDINGS = re.compile(r"(?:ations?|ings?|ions?|ers?|ment|ed|es|s|e)$")


@dataclass(frozen=True)
class Clause:
    """What comparison knows of a published, standing clause.

    `platform` is the slug of its document's home; `also_serves` those of the other platforms that the document serves.
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
    also_serves: frozenset[str] = frozenset()
    invented: bool = False

    @property
    def platforms(self) -> frozenset[str]:
        """All that its document speaks for."""
        return self.also_serves | {self.platform}

    @property
    def place(self) -> tuple[int, str]:
        """Its place among equals: the older record first."""
        return len(self.record), self.record


@dataclass(frozen=True)
class Difference:
    """A question that two clauses answer differently: its key, and the answers."""

    key: str
    question: str
    here: str
    there: str


@dataclass(frozen=True)
class Reason:
    """Why a clause is shown: of the `asked` questions both settle `settled`, and `alike` of them the same way;
    `wording` is the likeness of their words, 0 to 1.
    """

    asked: int
    settled: int
    alike: int
    wording: float
    same: bool = False

    @property
    def phrase(self) -> str:
        """In readers' words."""
        words = (
            "Nearly the same words." if self.same else "Its words are close to these." if self.wording >= CLOSE else ""
        )
        if not self.settled:
            return words or "Same clause type."
        of = f"{self.settled} of {self.asked} question{'' if self.asked == 1 else 's'}"
        alike = "all" if self.alike == self.settled else "none" if not self.alike else str(self.alike)
        told = f"{alike} of them" if self.settled > 1 else "it" if self.alike else "not"
        return f"Both answer {of} with yes or no, {told} the same way. {words}".strip()


@dataclass(frozen=True)
class Comparable:
    """A clause worth showing, why, what differs, and the clauses of further platforms that use the same wording.

    `likeness` is in ten-thousandths.
    """

    clause: Clause
    why: Reason
    differences: tuple[Difference, ...]
    twins: tuple[Clause, ...]
    likeness: int

    @property
    def reason(self) -> str:
        return self.why.phrase

    @property
    def same_wording(self) -> tuple[str, ...]:
        """The names of the platforms whose wording is the same."""
        return tuple(dict.fromkeys(twin.platform_name for twin in self.twins))


def differences(subject: Clause, other: Clause) -> tuple[Difference, ...]:
    """The questions that both settle with yes or no, differently; then those that only one of them settles."""
    found = [
        Difference(key, subject.questions.get(key, key), subject.answers[key], other.answers[key])
        for key in subject.answers
        if key in other.answers
        and subject.answers[key] != other.answers[key]
        and "unread" not in (subject.answers[key], other.answers[key])
    ]
    return tuple(sorted(found, key=lambda difference: not {difference.here, difference.there} <= SETTLED))


def likeness(first: str, second: str) -> float:
    """The share of words that two quotations have in common (Jaccard index of their word sets), 0 to 1."""
    a, b = words_of(first), words_of(second)
    return len(a & b) / len(a | b) if a | b else 0.0


@lru_cache(maxsize=2048)
def words_of(text: str) -> frozenset[str]:
    """The different words of a text, without regard to case."""
    return frozenset(_WORD.findall(text.casefold()))


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """What a word tells, without its ending; empty for one that tells nothing: "trains", "training" → "train"."""
    if word in COMMON:
        return ""
    ending = _ENDINGS.search(word)
    return word[: ending.start()] if ending and ending.start() >= 4 else word
