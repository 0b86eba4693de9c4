"""Passages that resemble given words: which are proposed, in what order, and how much work that may be."""

import gc
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rapidfuzz.distance.Indel import normalized_similarity

from clauses import likeness
from clauses.likeness import LEAST, MOST_PASSAGES, OUT_OF_PLACE, Passage, apart, passages, together
from platforms.plaintext import Projection, project

TEXT = """# Your content

We may use your content to train our models. You can refuse within 30 days. We keep nothing else.

* You own what you make.
* Fees are due on the first of each month, unless we tell you otherwise; when you pay late we may charge interest of two
  per cent, we may end the service at once and without a word, and we may hand the claim over to somebody else.

We collect 收集您的个人信息用于训练模型。我们不会出售您的个人信息。
"""
HELD = project(TEXT)


def proposed(words: str, held: Projection = HELD) -> list[str]:
    return [held.plain[passage.start : passage.end] for passage in passages(words, held)]


@pytest.mark.parametrize(
    ("words", "best"),
    [
        ("You can refuse within 60 days.", "You can refuse within 30 days."),
        ("YOU CAN REFUSE WITHIN 30 DAYS.", "You can refuse within 30 days."),
        ("You own everything that you make.", "You own what you make."),
        (
            "We may use your content to train models, and you can refuse within 30 days.",
            "We may use your content to train our models. You can refuse within 30 days.",
        ),
        ("we may end the service without a word", "we may end the service at once and without a word,"),
        ("我们不会出售您的信息。", "我们不会出售您的个人信息。"),
    ],
)
def test_the_most_similar_passage_comes_first(words: str, best: str) -> None:
    assert proposed(words)[0] == best


@pytest.mark.parametrize(
    "words",
    ["", "–", "You own", "Arbitration binds both of us.", "Nobody may sue anybody in any court.", "版权归属问题说明"],
)
def test_what_nothing_resembles_has_no_proposal(words: str) -> None:
    assert proposed(words) == []


def test_likeness_is_the_mean_of_words_and_characters() -> None:
    (found,) = passages("You can refuse within 60 days.", HELD)
    of_words = 2 * 5 / 12
    of_characters = normalized_similarity("You can refuse within 60 days.", "You can refuse within 30 days.")
    assert found.score == pytest.approx((of_words + of_characters) / 2)


def test_a_change_costs_more_where_there_is_less() -> None:
    long = project("We may share your data with partners who help us to run, to improve and to secure the service.")
    (much,) = passages(long.plain.replace("run", "sell"), long)
    (little,) = passages("We may sell your data.", project("We may share your data."))
    assert LEAST < little.score < much.score < 1


def test_a_part_of_a_long_sentence_is_cut_at_whole_words() -> None:
    held = project(
        f"{'Whatever else may be agreed, ' * 9}it costs you exactly $5,000.50 (net) per year{', or so' * 20}."
    )
    assert proposed("it costs us exactly $5,000.50 (net) per year,", held) == [
        "it costs you exactly $5,000.50 (net) per year,"
    ]


def test_what_stands_outside_the_given_place_counts_less() -> None:
    held = project("\n\n".join(f"Part {part} here\n\nYou may refuse at any time." for part in "ABCDEFGH"))
    words = "You may refuse at every time."
    anywhere = passages(words, held)
    assert len(anywhere) == MOST_PASSAGES and len({passage.score for passage in anywhere}) == 1
    low, high = held.plain.index("Part G"), held.plain.index("Part H")
    first, *others = passages(words, held, near=(low, high))
    assert low <= first.start < first.end <= high and first.score == anywhere[0].score
    assert {passage.score for passage in others} == {first.score * OUT_OF_PLACE}


def test_passages_that_overlap_a_better_one_are_left_out() -> None:
    one, two, three = Passage(0.9, 10, 20), Passage(0.8, 15, 30), Passage(0.7, 20, 30)
    assert apart([one, two, three]) == [one, three]
    assert len(apart(Passage(0.9, at, at + 1) for at in range(99))) == MOST_PASSAGES


def test_several_parts_make_one_passage() -> None:
    first, second, far = Passage(0.8, 10, 20), Passage(1.0, 30, 40), Passage(1.0, 90, 99)
    assert together([[first], [far, second]], [10, 30]) == [Passage(pytest.approx(0.95), 10, 40)]
    assert together([[first], []], [10, 10]) == [Passage(pytest.approx(0.4), 10, 20)]
    assert together([[], [second]], [10, 30]) == [Passage(pytest.approx(0.75), 30, 40)]
    assert together([[second], [first]], [10, 10]) == [Passage(pytest.approx((1 + 0.8 * OUT_OF_PLACE) / 2), 10, 40)]
    assert together([[first], [first]], [10, 10]) == [Passage(pytest.approx(0.4), 10, 20)]
    assert together([[], []], [10, 10]) == []


def test_a_text_is_read_once_and_let_go_of(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []

    class Counted(likeness._Index):
        def __init__(self, text: Projection) -> None:
            made.append(1)
            super().__init__(text)

    monkeypatch.setattr(likeness, "_Index", Counted)
    gc.collect()
    kept = len(likeness._INDEXES)
    held = project(TEXT + "\n\nOne text of its own.")
    for _ in range(3):
        assert passages("You own what you sell.", held)
    assert len(made) == 1 and len(likeness._INDEXES) == kept + 1
    del held
    gc.collect()
    assert len(likeness._INDEXES) == kept


def test_the_work_of_a_search_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """However often a text says nearly the same, as many passages are compared."""
    compared: dict[int, int] = {}
    compare = likeness._Search.compare
    for size in (500, 5_000):
        count: list[int] = []

        def counted(search: likeness._Search, letters: str, start: int, end: int, *, seen: list[int] = count) -> float:
            seen.append(1)
            return compare(search, letters, start, end)

        monkeypatch.setattr(likeness._Search, "compare", counted)
        held = project("\n\n".join(f"You may refuse it at any time, says rule {number}." for number in range(size)))
        assert len(passages("You may refuse it at no time, says a rule.", held)) == MOST_PASSAGES
        compared[size] = len(count)
    assert 0 < compared[5_000] <= compared[500] * 1.2


WORD = st.sampled_from(("we", "may", "share", "data", "refuse", "30", "60", "days", "never", "café", "收", "集"))
SENTENCE = st.lists(WORD, min_size=3, max_size=9).map(lambda words: f"{' '.join(words).capitalize()}.")


@given(SENTENCE, st.lists(SENTENCE, min_size=1, max_size=12))
@example("May refuse never we we we 收.", ["We we we never 收."])  # as like as it has to be, to the last digit
@settings(max_examples=200)
def test_passages_are_the_best_there_are(words: str, sentences: list[str]) -> None:
    held = project("\n\n".join(sentences))
    found = passages(words, held)
    assert all(LEAST <= passage.score <= 1 for passage in found)
    assert [passage.score for passage in found] == sorted((passage.score for passage in found), reverse=True)
    assert all(a.end <= b.start for a, b in pairwise(sorted(found, key=lambda passage: passage.start)))
    best = max(_likeness(words, held.plain[start:end]) for start, end in held.sentences)
    if best >= LEAST:
        assert found and found[0].score >= best - 1e-9


def _likeness(one: str, other: str) -> float:
    """The likeness of two sentences, by lists of words."""
    lists = [likeness.WORD.findall(words.casefold()) for words in (one, other)]
    return (normalized_similarity(*lists) + normalized_similarity(one, other)) / 2


@given(st.text(max_size=120), st.text(max_size=400))
def test_any_words_can_be_looked_for(words: str, text: str) -> None:
    held = project(text)
    assert all(0 <= passage.start < passage.end <= len(held.plain) for passage in passages(words, held))
