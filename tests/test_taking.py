"""Texts set for reading, sentences that are suggested, and words that are taken: what holds for any text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clauses.suggesting import suggested
from clauses.taking import in_order, search, sentences_between, take, whole_words
from platforms.plaintext import project
from platforms.typesetting import Shade, outline, part_at, parts, typeset

TABLE = "| a | b |\n|---|---|\n| c | d |\n"
PIECES = [
    *("We may ", "share. ", "it ", "🦊 ", "é", "e\u0301 ", "&amp; ", "“so” ", "… ", "\u00ad", "  ", "\r\n", "\n"),
    *("\n\n", "# Head\n", "* item ", "    * ", "1. ", "> ", TABLE, "---\n", "```\n", "ﬁ", "<sup>2</sup>"),
    *("**", "*", "_", "`", "[", "](https://a.example/b_c)", "![x](y)", "<b>", "</b>", "~~", "\\*", "文字。"),
]
texts = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)


@given(texts, st.data())
@settings(max_examples=100)
def test_what_is_shown_says_which_slice_of_the_stored_text_it_is(content, data):
    text = project(content)
    start = data.draw(st.integers(0, len(content)))
    end = data.draw(st.integers(start, len(content)))
    blocks = list(typeset(text, text.blocks, [Shade(start, end, 7)] if start < end else []))
    sentences = [one for block in blocks for one in block.sentences]
    assert [one.number for one in sentences if one.number] == list(range(1, len(text.sentences) + 1))
    runs = [run for one in sentences for run in one.runs]
    assert [run.start for run in runs] == sorted(run.start for run in runs)
    for run in runs:
        if len(run.words) == run.end - run.start:
            assert content[run.start : run.end] == run.words or run.words == " "
    shown = "".join(run.words for run in runs)
    assert project(shown).plain.replace(" ", "").count("🦊") == text.plain.count("🦊")
    assert sum(len(run.begun) for run in runs) == sum(len(run.ended) for run in runs) <= 1


@given(texts, st.integers(1, 60))
@settings(max_examples=50)
def test_parts_hold_every_block_once_and_in_order(content, size):
    text = project(content)
    found = parts(text, size)
    assert [index for part in found for index in range(part.first, part.last)] == list(range(len(text.blocks)))
    for part in found:
        assert part_at(found, part.start) == part.number
    for heading in outline(text, found):
        assert 0 <= heading.part < len(found) and heading.words


@given(texts, st.data())
@settings(max_examples=100)
def test_words_that_are_taken_are_exact_slices_and_taken_again_the_same(content, data):
    text = project(content)
    start = data.draw(st.integers(0, len(content)))
    end = data.draw(st.integers(0, len(content) + 5))
    span = whole_words(text, start, end)
    if span is None:
        return
    taken = take(text, [span])
    assert taken.segments == (content[slice(*span)],)
    assert "".join(sentence.words for sentence in taken.sentences) == taken.segments[0]
    assert taken.problems or taken.state in {"exact", "ambiguous"} or not taken.unique


def test_slices_are_put_in_order_and_joined():
    assert in_order([(9, 12), (1, 4), (3, 6), (6, 8)]) == ((1, 6), (6, 8), (9, 12))
    assert in_order([]) == ()


def test_sentences_are_counted_from_one_in_either_direction():
    text = project("One is here. Two is here.\n\nThree is here.")
    assert sentences_between(text, 2, 3) == sentences_between(text, 3, 2) == (13, 41)
    assert sentences_between(text, 0, 1) is sentences_between(text, 3, 4) is None


@pytest.mark.parametrize(
    ("phrase", "found"),
    [
        ("binding arbitration", (0,)),
        ("bindingly by an arbitrator", (0,)),
        ("arbitration", (0, 1)),
        ("the arbitration of", (1,)),
        ("we sell", ()),
        ("", ()),
    ],
)
def test_a_sentence_is_suggested_by_the_telling_words_of_a_phrase(phrase, found):
    text = project("Arbitration is binding here.\n\nRead the arbitration of us.\n\nWe never share.")
    assert suggested(text, {5: [phrase]}).get(5, ()) == found


def test_pasted_words_that_stand_often_give_a_choice_of_places():
    text = project("It is so. " * 40)
    found = search(text, ["It is so."])
    assert found.found.state == "ambiguous" and len(found.places) == 12
    assert all(text.text[slice(*place.span)] == "It is so." for place in found.places)
