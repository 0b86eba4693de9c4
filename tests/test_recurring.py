"""Which sentences recur in the terms of several platforms."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from clauses.comparison import SAME_WORDING
from clauses.recurring import FEWEST_WORDS, Said, recurring

KEPT = "We may retain your personal data for as long as is necessary for our purposes."


def said(*sentences: tuple[int, str]) -> list[Said]:
    """Sentences with their platforms, each of a clause of its own."""
    return [Said(clause, platform, f"Name{platform}", words) for clause, (platform, words) in enumerate(sentences)]


def test_the_same_sentence_of_two_platforms_recurs() -> None:
    (wording,) = recurring(said((1, KEPT), (2, KEPT.upper()), (3, "Something else that nobody else has ever written.")))
    assert wording.words == KEPT
    assert [one.platform for one in wording.said] == [1, 2]


def test_nearly_the_same_recurs_and_something_else_does_not() -> None:
    assert len(recurring(said((1, KEPT), (2, KEPT.replace("our purposes", "its purposes")), (3, KEPT[:40])))) == 0
    (wording,) = recurring(said((1, KEPT), (2, KEPT.replace("for our purposes", "for the our purposes"))))
    assert wording.platforms == 2


def test_one_platform_that_repeats_itself_is_no_wording_of_several() -> None:
    assert recurring(said((1, KEPT), (1, KEPT))) == []


def test_the_platform_s_own_name_makes_no_difference() -> None:
    (wording,) = recurring(said((1, f"Name1 agrees: {KEPT}"), (2, f"Name2 agrees: {KEPT}")))
    assert wording.platforms == 2


def test_short_sentences_recur_because_language_does() -> None:
    assert recurring(said((1, "You agree to these terms."), (2, "You agree to these terms."))) == []


def test_a_clause_that_says_it_twice_is_there_once() -> None:
    twice = [Said(7, 1, "A", KEPT), Said(7, 1, "A", KEPT), Said(8, 2, "B", KEPT)]
    (wording,) = recurring(twice)
    assert [one.clause for one in wording.said] == [7, 8]


WORDS = st.lists(st.sampled_from("abcdefghijklmnopqrst"), min_size=FEWEST_WORDS, max_size=14, unique=True)


def alike(one: set[str], other: set[str]) -> float:
    return len(one & other) / len(one | other)


@given(st.lists(st.tuples(st.integers(1, 4), WORDS), max_size=14))
def test_what_is_grouped_is_alike_and_nothing_alike_is_lost(sentences) -> None:
    """Compared with the definition, each with each."""
    found = recurring([Said(n, platform, "Zzz", " ".join(words)) for n, (platform, words) in enumerate(sentences)])
    grouped = {one.clause for wording in found for one in wording.said}
    for wording in found:
        assert wording.platforms > 1
        first = set(wording.words.split())
        assert all(alike(first, set(one.words.split())) >= SAME_WORDING for one in wording.said)
    assert len(grouped) == sum(len(wording.said) for wording in found)
    for (n, (p, a)), (m, (q, b)) in combinations(enumerate(sentences), 2):
        if p != q and set(a) == set(b):
            assert {n, m} <= grouped


@given(st.lists(st.tuples(st.integers(1, 4), WORDS), max_size=14))
def test_the_most_common_come_first(sentences) -> None:
    found = recurring([Said(n, platform, "Zzz", " ".join(words)) for n, (platform, words) in enumerate(sentences)])
    assert [one.platforms for one in found] == sorted((one.platforms for one in found), reverse=True)
