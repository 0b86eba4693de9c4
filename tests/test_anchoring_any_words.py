"""Of any words in any text: noise hides none, their places are apart and in order, only no words are refused."""

import re
import unicodedata
from itertools import pairwise

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from clauses.anchoring import AnchorState, anchor
from platforms.plaintext import project

from .anchored import FOUND, slices

# A quotation begins with a word: "- " before it would be a bullet.
WORD = st.sampled_from(
    ("we", "you", "data", "café", "share", "30", "don’t", "Über", "naïve", "keep", "–", "“all”", "opt-out")
)
WORDS = st.lists(WORD, min_size=3, max_size=8).map(lambda words: ["so", *words])


def _noisy(words: list[str], choices: list[int]) -> str:
    """The same words in other dress."""
    dress = {
        1: lambda word: f"**{word}**",
        2: lambda word: f"[{word}](https://a.example/{len(word)})",
        3: lambda word: f" {word}\u00a0",
        4: lambda word: unicodedata.normalize("NFD", word),
        5: lambda word: word.translate(str.maketrans("’“”–", '\'""-')),
        6: lambda word: f"{word[:1]}\u00ad{word[1:]}",
        7: lambda word: f"_{word}_",
    }
    return " ".join(dress.get(choice, str)(word) for word, choice in zip(words, choices, strict=True))


@given(WORDS, st.data())
@settings(max_examples=200)
def test_noise_does_not_hide_words(words: list[str], data: st.DataObject) -> None:
    noise = st.lists(st.integers(0, 7), min_size=len(words), max_size=len(words))
    sentence = " ".join(words)
    text = f"# Head\n\nBefore it. {_noisy(words, data.draw(noise))} Behind it."
    found = anchor([_noisy(words, data.draw(noise))], text)
    assert found.state in FOUND
    ((start, end),) = found.spans
    assert project(text[start:end]).plain == project(sentence).plain


@given(WORDS, WORDS, WORDS, st.data())
@settings(max_examples=200)
def test_spans_lie_in_order_and_hold_the_words(
    one: list[str], other: list[str], rest: list[str], data: st.DataObject
) -> None:
    text = data.draw(st.permutations([" ".join(part) for part in (one, other, rest, one)]).map("\n\n".join))
    segments = [" ".join(one), " ".join(other)]
    found = anchor(segments, text)
    assert (len(found.spans) == 2) == (found.state in FOUND)
    assert all(before[1] <= after[0] for before, after in pairwise(found.spans))
    if found.state is AnchorState.EXACT:
        assert slices(found, text) == segments
    for (start, end), segment in zip(found.spans, segments, strict=False):
        assert project(text[start:end]).plain == project(segment).plain


@given(
    st.text(alphabet="ab1 .\n*_`[]()|\\>-#“é\u0301", max_size=60), st.text(alphabet="ab1 *[]_.", min_size=1, max_size=9)
)
@settings(max_examples=300)
def test_any_text_can_be_searched(text: str, segment: str) -> None:
    assume(any(character.isalnum() for character in segment))
    found = anchor([segment], text)
    if found.state is AnchorState.EXACT:
        assert slices(found, text) == [segment]
    assert all(0 <= start < end <= len(text) for start, end in found.spans)


@given(
    st.lists(WORDS.map(" ".join), min_size=1, max_size=3),
    st.lists(WORDS.map(lambda words: " ".join(words).capitalize() + "."), max_size=8),
)
@settings(max_examples=200)
def test_proposals_are_in_order_and_apart(segments: list[str], sentences: list[str]) -> None:
    text = "".join(sentence + (" " if number % 3 else "\n\n* ") for number, sentence in enumerate(sentences))
    found = anchor(segments, text)
    assert bool(found.candidates) == (found.state is AnchorState.REWORDED)
    assert not (found.candidates and found.spans)
    assert len(found.candidates) <= 5
    scores = [candidate.score for candidate in found.candidates]
    assert scores == sorted(scores, reverse=True) and all(0 < score <= 1 for score in scores)
    spans = sorted(candidate.span for candidate in found.candidates)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))


@given(st.lists(st.text(max_size=40), max_size=3), st.text(max_size=200), st.text(max_size=9))
@settings(max_examples=200)
def test_only_a_quotation_without_words_is_refused(segments: list[str], text: str, context: str) -> None:
    try:
        anchor(segments, text, prefix=context, suffix=context, heading=context)
    except ValueError:
        assert not segments or any(not re.search(r"[^\W_]", project(segment).plain) for segment in segments)
