"""How other platforms handle the same thing: which clauses are worth showing beside one, and why (pure).

Two clauses are as like as their answers (two thirds) and their telling words (one third) are. Both shares depend on
the two alone, and not on what else the catalogue holds: a clause that is published changes no likeness between others,
so what is stored can be kept in line exactly.

Words and answers are kept as bits of whole numbers, so that one clause is held against thousands in milliseconds.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from operator import itemgetter

from clauses.compared import Clause, Comparable, Difference, Reason, differences, likeness, stem, words_of

__all__ = ["Clause", "Comparable", "Difference", "Neighbourhood", "Reason", "comparable", "differences", "likeness"]

SAME_WORDING = 0.9  # share of all words in common from which two quotations are one wording
# Read off the cards of 94 clauses of 22 AI services: below it stood clauses that share a type and nothing else.
LEAST = 0.22
MOST_DIFFERENCES = 3  # kept for a card
WHOLE = 10_000  # likeness is told in whole parts of this
MOST_KEPT = 500  # lists of clauses with the same wording, held in memory while a type is worked out
MOST_TWINS = 4  # kept for a card; more would only be counted as "others"
_LOWEST = int(LEAST * WHOLE)

Answers = tuple[int, int, int]  # bits of the questions answered with yes, with no, and not read


def comparable(subject: Clause, others: Sequence[Clause], *, limit: int = 3) -> list[Comparable]:
    """Up to `limit` clauses of the same type from other platforms, the likest first, whatever the order of `others`.

    Never one from the same document, or from one that speaks for the same platform; invented platforms stand beside
    invented ones only. One card a platform; near-duplicate wordings are folded into one. None below `LEAST`.
    """
    fitting = [other for other in others if other.clause_type == subject.clause_type and other.record != subject.record]
    return Neighbourhood([subject, *fitting]).around(subject.record, limit=limit)


@dataclass(frozen=True, slots=True)
class _Member:
    clause: Clause
    place: tuple[int, str]
    kin: frozenset[str]  # its document and the platforms that it speaks for: nothing that shares one is compared
    words: int  # bits of all words
    count: int
    stems: int  # bits of the words that tell something
    share: float  # 1 / √ of their number
    answers: Answers


class Neighbourhood:
    """All published standing clauses of one clause type."""

    def __init__(self, clauses: Iterable[Clause]) -> None:
        self._letters: dict[str, int] = {}
        self._stems: dict[str, int] = {}
        self._questions: dict[str, int] = {}
        self._members = {clause.record: self._member(clause) for clause in clauses}
        self._by_answers: dict[bool, dict[Answers, list[_Member]]] = {True: {}, False: {}}
        for member in self._members.values():
            self._by_answers[member.clause.invented].setdefault(member.answers, []).append(member)
        self._by_count = sorted(self._members.values(), key=lambda member: (member.count, member.place))
        self._counts = [member.count for member in self._by_count]
        self._twins: dict[str, list[_Member]] = {}

    def around(self, record: str, *, limit: int = 3) -> list[Comparable]:
        """The clauses nearest to one, the likest first."""
        subject = self._members[record]
        return [self._compared(subject, other, likeness) for likeness, other in self._leaders(subject, limit)]

    def rivals(self, record: str, bars: Mapping[str, tuple[int, tuple[int, str]]]) -> set[str]:
        """The records among whose nearest this one may be. `bars`: for those that have as many as are shown, the
        likeness and place of the last of them.
        """
        new, found = self._members[record], set()
        for answers, group in self._order(new):
            for member in group:
                likeness = _likeness(answers, new, member)
                if likeness >= _LOWEST and not new.kin & member.kin:
                    bar = bars.get(member.clause.record)
                    if bar is None or (-likeness, new.place) < (-bar[0], bar[1]):
                        found.add(member.clause.record)
        return found

    def twins(self, record: str) -> list[str]:
        """The records whose wording is the same, the oldest first."""
        return [twin.clause.record for twin in self._twins_of(self._members[record])]

    def _member(self, clause: Clause) -> _Member:
        words = words_of(clause.words)
        stems = {stem(word) for word in words} - {""}
        given: dict[str, list[str]] = defaultdict(list)
        for key, value in clause.answers.items():
            given[value].append(key)
        return _Member(
            clause,
            clause.place,
            clause.platforms | {f"document {clause.document}"},
            words=_bits(words, self._letters),
            count=len(words),
            stems=_bits(stems, self._stems),
            share=1 / sqrt(len(stems) or 1),
            answers=(
                _bits(given["yes"], self._questions),
                _bits(given["no"], self._questions),
                _bits(given["unread"], self._questions),
            ),
        )

    def _order(self, subject: _Member) -> list[tuple[float, list[_Member]]]:
        """The others by what they answer, those with the likest answers first. A group's share is that of the questions
        that at least one of both settles and both were read for, which both answer alike.
        """
        yes, no, unread = subject.answers
        settled = yes | no
        found: dict[float, list[_Member]] = defaultdict(list)
        for (other_yes, other_no, other_unread), group in self._by_answers[subject.clause.invented].items():
            either = ((settled | other_yes | other_no) & ~(unread | other_unread)).bit_count()
            alike = (yes & other_yes | no & other_no).bit_count()
            found[alike / either if either else 0.0] += group
        return sorted(found.items(), reverse=True, key=itemgetter(0))

    def _leaders(self, subject: _Member, limit: int) -> list[tuple[int, _Member]]:
        bar = _LOWEST
        found: list[tuple[int, tuple[int, str], _Member]] = []
        leaders: list[tuple[int, _Member]] = []
        stems, share, kin = subject.stems, subject.share, subject.kin
        for answers, group in self._order(subject):
            if int((2 * answers + 1) / 3 * WHOLE + 1) < bar:  # not even with the same words
                break
            base = 2 * answers
            new = [
                (-likeness, other.place, other)
                for other in group
                if (likeness := int((base + (stems & other.stems).bit_count() * (share * other.share)) / 3 * WHOLE))
                >= bar
                and kin.isdisjoint(other.kin)
            ]
            if new:
                found = sorted([*found, *new], key=itemgetter(0, 1))
                leaders = _folded(found, limit)
                if len(leaders) == limit:
                    bar = leaders[-1][0]
                    found = [entry for entry in found if -entry[0] >= bar]
        return leaders

    def _compared(self, subject: _Member, other: _Member, likeness: int) -> Comparable:
        twins: list[Clause] = []
        told = subject.kin | other.kin
        for twin in self._twins_of(other):
            if twin.clause.invented == other.clause.invented and not told & twin.kin:
                told |= twin.kin
                twins.append(twin.clause)
                if len(twins) == MOST_TWINS:
                    break
        return Comparable(
            clause=other.clause,
            why=_reason(subject, other),
            differences=differences(subject.clause, other.clause)[:MOST_DIFFERENCES],
            twins=tuple(twins),
            likeness=likeness,
        )

    def _twins_of(self, member: _Member) -> list[_Member]:
        record = member.clause.record
        if record not in self._twins:
            if len(self._twins) == MOST_KEPT:
                self._twins.clear()
            low = bisect_left(self._counts, member.count * SAME_WORDING - 1)
            high = bisect_right(self._counts, member.count / SAME_WORDING + 1)
            same = [other for other in self._by_count[low:high] if other is not member and _same_wording(member, other)]
            self._twins[record] = sorted(same, key=lambda other: other.place)
        return self._twins[record]


def _bits(names: Iterable[str], numbers: dict[str, int]) -> int:
    found = 0
    for name in names:
        found |= 1 << numbers.setdefault(name, len(numbers))
    return found


def _likeness(answers: float, one: _Member, other: _Member) -> int:
    return int((2 * answers + (one.stems & other.stems).bit_count() * (one.share * other.share)) / 3 * WHOLE)


def _same_wording(one: _Member, other: _Member) -> bool:
    common = (one.words & other.words).bit_count()
    return common >= SAME_WORDING * (one.count + other.count - common)


def _folded(ranked: list[tuple[int, tuple[int, str], _Member]], limit: int) -> list[tuple[int, _Member]]:
    """The first of each wording and of each platform."""
    leaders: list[tuple[int, _Member]] = []
    for negative, _, other in ranked:
        if not any(first.kin & other.kin or _same_wording(first, other) for _, first in leaders):
            leaders.append((-negative, other))
            if len(leaders) == limit:
                break
    return leaders


def _reason(subject: _Member, other: _Member) -> Reason:
    (yes, no, _), (their_yes, their_no, _) = subject.answers, other.answers
    return Reason(
        asked=len(subject.clause.answers),
        settled=((yes | no) & (their_yes | their_no)).bit_count(),
        alike=((yes & their_yes) | (no & their_no)).bit_count(),
        wording=round((subject.stems & other.stems).bit_count() * (subject.share * other.share), 2),
        same=_same_wording(subject, other),
    )
