"""Sequences are aligned by what both hold in order, and paired where they are alike."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from platforms.alignment import MOST_CELLS, align, pair_anywhere, pair_in_order


@given(st.lists(st.integers(0, 4), max_size=40), st.lists(st.integers(0, 4), max_size=40))
def test_alignment_is_common_and_in_order(before: list[int], after: list[int]) -> None:
    stretches = align(before, after)
    assert all(before[i : i + size] == after[j : j + size] and size for i, j, size in stretches)
    assert all(a[0] + a[2] <= b[0] and a[1] + a[2] <= b[1] for a, b in pairwise(stretches))


def test_sequences_beyond_the_exact_method_are_cut_at_what_stands_once() -> None:
    before = [number for at in range(5000) for number in (at + 10, 1)]
    after = [2, *before[:4000], 3, 3, *before[4000:], 4]
    assert len(before) * len(after) > MOST_CELLS
    assert align(before, after) == [(0, 1, 4000), (4000, 4003, 6000)]
    assert align([1, 2] * 4000 + [5], [2, 1] * 4000 + [6])[0][2] == 7999


def test_pairs_in_order_do_not_cross_and_pairs_anywhere_may() -> None:
    one, other = [1, 2, 3, 4], [5, 6, 7, 8, 9]
    assert len(pair_in_order([one, other], [other, one], least=0.5)) == 1
    assert sorted(pair_anywhere([one, other], [other, one], least=0.5)) == [(0, 1), (1, 0)]
    assert pair_in_order([one], [[1, 9, 9, 9]], least=0.5) == []
