"""What two sequences have in common, and which of their parts resemble one another (pure).

Words, sentences and blocks come as numbers: equal things have equal numbers. Everything is near linear: exact methods
work on pieces of bounded size, larger pieces are first cut at what stands once on both sides. What cannot be cut is
left unpaired.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from itertools import chain, count, pairwise, product

from rapidfuzz.distance import Indel, LCSseq

MOST_CELLS = 10_000_000  # length times length: up to here the longest common subsequence is found, in about 30 ms
_DEEPEST = 12  # how often a piece is cut again; texts that people write need two or three
_FEW_PAIRS = 16  # of so few all are compared
_RARE = 8  # a word in more parts than this tells none of them apart
_BEST = 3  # parts that share most rare words with a part, to be compared with it

Stretch = tuple[int, int, int]  # where it starts before and after, and how long it is


class Numbers:
    """Gives equal things equal numbers, from 0 on."""

    def __init__(self) -> None:
        self._known: defaultdict[Hashable, int] = defaultdict(count().__next__)

    def of(self, things: Iterable[Hashable]) -> list[int]:
        return list(map(self._known.__getitem__, things))


def align(before: Sequence[int], after: Sequence[int]) -> list[Stretch]:
    """The stretches that both sides have in common, in order, as long as can be; as many as the bounds allow."""
    found: list[Stretch] = []
    pieces = [(0, len(before), 0, len(after), 0)]
    while pieces:
        first, last, start, stop, depth = pieces.pop()
        head, tail = _common_ends(before[first:last], after[start:stop])
        found += (first, start, head), (last - tail, stop - tail, tail)
        first, last, start, stop = first + head, last - tail, start + head, stop - tail
        if first == last or start == stop:
            continue
        one, other = before[first:last], after[start:stop]
        if len(one) * len(other) <= MOST_CELLS:
            common = LCSseq.opcodes(one, other).as_matching_blocks()
            found += ((first + match.a, start + match.b, match.size) for match in common)
        elif depth < _DEEPEST and (anchors := _anchors(one, other)):
            # Each piece begins with its anchor, which is found again as part of its common head.
            cuts = [(first, start), *((first + i, start + j) for i, j in anchors), (last, stop)]
            pieces += ((a, b, c, d, depth + 1) for (a, c), (b, d) in pairwise(cuts))
    return _joined(sorted(stretch for stretch in found if stretch[2]))


def _common_ends(one: Sequence[int], other: Sequence[int]) -> tuple[int, int]:
    """How many elements are the same at the beginning, and at the end of what is left."""
    shorter = min(len(one), len(other))
    head = next((at for at in range(shorter) if one[at] != other[at]), shorter)
    left = shorter - head
    tail = next((at for at in range(left) if one[-1 - at] != other[-1 - at]), left)
    return head, tail


def _joined(stretches: Iterable[Stretch]) -> list[Stretch]:
    joined: list[Stretch] = []
    for i, j, size in stretches:
        if joined and (last := joined[-1]) and last[0] + last[2] == i and last[1] + last[2] == j:
            joined[-1] = (last[0], last[1], last[2] + size)
        else:
            joined.append((i, j, size))
    return joined


def _anchors(one: Sequence[int], other: Sequence[int]) -> list[tuple[int, int]]:
    """Places of the same element, rising on both sides: of elements that stand once on both, else of those that
    stand equally often, each with its counterpart.
    """
    counts, other_counts = Counter(one), Counter(other)
    equally_often = {element for element, often in counts.items() if other_counts[element] == often}
    once = {element for element in equally_often if counts[element] == 1}
    chosen = once or equally_often
    places: dict[int, list[int]] = defaultdict(list)
    for j in range(len(other) - 1, -1, -1):
        if other[j] in chosen:
            places[other[j]].append(j)
    return _rising([(i, places[element].pop()) for i, element in enumerate(one) if element in chosen])


def _rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest part of pairs, which rise on the left, that rises on the right too."""
    ends: list[int] = []  # the lowest right side that a chain of each length can end with
    last_of: list[int] = []  # … and the pair it belongs to
    previous: list[int] = []
    for index, (_, j) in enumerate(pairs):
        length = bisect_left(ends, j)
        ends[length : length + 1] = [j]
        last_of[length : length + 1] = [index]
        previous.append(last_of[length - 1] if length else -1)
    rising, at = [], last_of[-1] if last_of else -1
    while at >= 0:
        rising.append(pairs[at])
        at = previous[at]
    return rising[::-1]


# Parts that resemble one another, each a sequence of words


def likeness(one: Sequence[int], other: Sequence[int], *, least: float) -> float:
    """How much of the words both have in common, 0 to 1, in order where they are not too many; 0 below `least`."""
    if len(one) * len(other) <= MOST_CELLS // 4:
        return Indel.normalized_similarity(one, other, score_cutoff=least)
    common = 2 * (Counter(one) & Counter(other)).total() / (len(one) + len(other))
    return common if common >= least else 0.0


def pair_in_order(
    before: Sequence[Sequence[int]], after: Sequence[Sequence[int]], *, least: float
) -> list[tuple[int, int]]:
    """Parts that resemble one another by `least` and more, rising on both sides, so that they resemble most in all."""
    return _best_chain(sorted(_alike(before, after, least)), len(after))


def pair_anywhere(
    before: Sequence[Sequence[int]], after: Sequence[Sequence[int]], *, least: float
) -> list[tuple[int, int]]:
    """Parts that resemble one another by `least` and more, wherever they stand, the most alike first."""
    pairs, taken_before, taken_after = [], set(), set()
    for i, j, _ in sorted(_alike(before, after, least), key=lambda pair: (-pair[2], pair[0], pair[1])):
        if i not in taken_before and j not in taken_after:
            pairs.append((i, j))
            taken_before.add(i)
            taken_after.add(j)
    return pairs


def _alike(
    before: Sequence[Sequence[int]], after: Sequence[Sequence[int]], least: float
) -> Iterator[tuple[int, int, float]]:
    for i, j in _candidates(before, after):
        if score := likeness(before[i], after[j], least=least):
            yield i, j, score


def _candidates(before: Sequence[Sequence[int]], after: Sequence[Sequence[int]]) -> Iterator[tuple[int, int]]:
    """Pairs worth comparing: all of a few, else those that share rare words, and those at the same place."""
    if len(before) * len(after) <= _FEW_PAIRS:
        yield from product(range(len(before)), range(len(after)))
        return
    counts = Counter(chain.from_iterable(map(set, after)))
    rare = {word for word, often in counts.items() if often <= _RARE}
    holding: dict[int, list[int]] = defaultdict(list)
    for j, words in enumerate(after):
        for word in rare.intersection(words):
            holding[word].append(j)
    for i, words in enumerate(before):
        votes = Counter(chain.from_iterable(holding[word] for word in rare.intersection(words)))
        best = set(sorted(votes, key=votes.__getitem__, reverse=True)[:_BEST])
        if len(before) == len(after):
            best.add(i)
        yield from ((i, j) for j in best)


def _best_chain(pairs: Sequence[tuple[int, int, float]], width: int) -> list[tuple[int, int]]:
    """Of pairs in order of their left side, those rising on both sides whose scores give the largest sum."""
    best: list[tuple[float, int]] = [(0.0, -1)] * (width + 1)  # a Fenwick tree over the right side
    previous: list[int] = []
    at = 0
    while at < len(pairs):
        same = at
        while same < len(pairs) and pairs[same][0] == pairs[at][0]:
            same += 1
        found = [_best_before(best, j) for _, j, _ in pairs[at:same]]
        previous += (index for _, index in found)
        for index, (score, _) in enumerate(found, start=at):
            _raise_best(best, pairs[index][1], (score + pairs[index][2], index))
        at = same
    rising, index = [], _best_before(best, width)[1]
    while index >= 0:
        rising.append(pairs[index][:2])
        index = previous[index]
    return rising[::-1]


def _best_before(best: Sequence[tuple[float, int]], j: int) -> tuple[float, int]:
    top = (0.0, -1)
    while j:
        top = max(top, best[j])
        j &= j - 1
    return top


def _raise_best(best: list[tuple[float, int]], j: int, value: tuple[float, int]) -> None:
    at = j + 1
    while at < len(best):
        best[at] = max(best[at], value)
        at += at & -at
