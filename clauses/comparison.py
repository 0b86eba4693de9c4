"""How other platforms handle the same thing: which clauses are worth showing beside one, and why (pure).

Two clauses are as like as their answers (two thirds) and their telling words (one third) are. Both shares depend on
the two alone, and not on what else the catalogue holds: a clause that is published changes no likeness between others,
so what is stored can be kept in line exactly.

Words and answers are kept as bits of whole numbers, so that one clause is held against thousands in milliseconds.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import sqrt
from operator import itemgetter

from clauses.compared import Clause, Comparable, Difference, Reason, differences, likeness, stem, words_of
from clauses.profiles import Answers, Profiles

__all__ = ["Clause", "Comparable", "Difference", "Neighbourhood", "Reason", "comparable", "differences", "likeness"]

SAME_WORDING = 0.9  # share of all words in common from which two quotations are one wording
# Read off the cards of 94 clauses of 22 AI services: below it stood clauses that share a type and nothing else.
LEAST = 0.22
MOST_DIFFERENCES = 3  # kept for a card
WHOLE = 10_000  # likeness is told in whole parts of this
FEWEST_INDEXED = 100  # wordings looked for one by one, before an index of rare words pays
MOST_KEPT = 500  # lists of clauses with the same wording, held in memory while a type is worked out
MOST_TWINS = 4  # kept for a card; more would only be counted as "others"
_LOWEST = int(LEAST * WHOLE)


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
        self._bits: dict[str, tuple[int, int]] = {}  # word → its bit, and that of what it tells
        self._stems: dict[str, int] = {}
        self._questions: dict[str, int] = {}
        self._members = {clause.record: self._member(clause) for clause in clauses}
        self._kinds = {
            invented: [member for member in self._members.values() if member.clause.invented == invented]
            for invented in (True, False)
        }
        self._profiles = {
            invented: Profiles([member.answers for member in members]) for invented, members in self._kinds.items()
        }
        self._asked = 0  # how often the same wording was looked for
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
        known, words, stems = words_of(clause.words), 0, 0
        for word in known:
            bits = self._bits.get(word) or self._new(word)
            words |= bits[0]
            stems |= bits[1]
        given: dict[str, int] = defaultdict(int)
        for key, value in clause.answers.items():
            given[value] |= 1 << self._questions.setdefault(key, len(self._questions))
        return _Member(
            clause,
            clause.place,
            clause.platforms | {f"document {clause.document}"},
            words=words,
            count=len(known),
            stems=stems,
            share=1 / sqrt(stems.bit_count() or 1),
            answers=(given["yes"], given["no"], given["unread"]),
        )

    def _new(self, word: str) -> tuple[int, int]:
        told = stem(word)
        of_stem = 1 << self._stems.setdefault(told, len(self._stems)) if told else 0
        found = self._bits[word] = 1 << len(self._bits), of_stem
        return found

    def _near(self, member: _Member) -> Iterable[_Member]:
        """Those that may have the same wording: of about as many words, or, where many are asked for, with a rare word
        in common.
        """
        if self._asked <= FEWEST_INDEXED:
            fewest, most = member.count * SAME_WORDING - 1, member.count / SAME_WORDING + 1
            return [other for other in self._members.values() if fewest <= other.count <= most]
        return {other.place: other for word in self._rarest(member) for other in self._holding[word]}.values()

    @cached_property
    def _frequency(self) -> Counter[str]:
        return Counter(word for member in self._members.values() for word in words_of(member.clause.words))

    @cached_property
    def _holding(self) -> dict[str, list[_Member]]:
        """Rare word → who has it. Two sets of words that are nearly the same share one of their rarest words."""
        found: dict[str, list[_Member]] = defaultdict(list)
        for member in self._members.values():
            for word in self._rarest(member):
                found[word].append(member)
        return found

    def _rarest(self, member: _Member) -> list[str]:
        """So many that a set which holds none of them lacks more words than the same wording may."""
        words = sorted(words_of(member.clause.words), key=lambda word: (self._frequency[word], word))
        return words[: int(member.count * (1 - SAME_WORDING)) + 2]

    def _order(self, subject: _Member) -> Iterator[tuple[float, list[_Member]]]:
        """The others by the share of questions that they answer alike, those with the likest answers first."""
        members = self._kinds[subject.clause.invented]
        for share, places in self._profiles[subject.clause.invented].likest(subject.answers):
            yield share, [members[place] for place in places]

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
            self._asked += 1
            same = [other for other in self._near(member) if other is not member and _same_wording(member, other)]
            self._twins[record] = sorted(same, key=lambda other: other.place)
        return self._twins[record]


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
