"""Words in a text: where they stand, where they do not, and when nobody can say."""

import os
import random
import re
import subprocess
import unicodedata
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from clauses.anchoring import MOST_PLACES, Anchor, AnchorState, anchor
from platforms.plaintext import Projection, project
from platforms.sentences import boundaries

TEXT = """Terms of Service
================

1\\. Your content
---------------

We may use **your content** to train our [models](https://a.example/models). You can opt out within 30 days.

*   We keep deleted files for “as long as needed” – but not longer.
*   You’re responsible for it.

2\\. Our rights
-------------

You can opt out within 60 days. Fees are non-refundable and cost $5,000.50 per year.

We may end the service. Nothing here limits your rights.

3\\. Disputes
------------

We may end the service. You can write to us.
"""
HELD = project(TEXT)


def slices(found: Anchor, text: str = TEXT) -> list[str]:
    return [text[start:end] for start, end in found.spans]


@pytest.mark.parametrize(
    "segment",
    [
        "You can opt out within 30 days.",
        "We may use **your content** to train our [models](https://a.example/models).",
        "**your content** to",
        "content** to train our [models](https",
        "*   You’re responsible for it.\n\n2\\. Our rights",
        "train our",
    ],
)
def test_exact_words_are_their_own_slice(segment: str) -> None:
    found = anchor([segment], HELD)
    assert (found.state, slices(found), found.candidates) == (AnchorState.EXACT, [segment], ())


@pytest.mark.parametrize(
    ("segment", "held"),
    [
        (
            "We may use your content to train our models.",
            "We may use **your content** to train our [models](https://a.example/models).",
        ),
        ("You  can opt\nout within\u00a030 days.", "You can opt out within 30 days."),
        ('for "as long as needed" - but', "for “as long as needed” – but"),
        ("You're respon\u00adsible for it.", "You’re responsible for it."),
        ("**You can** [opt out](https://b.example) within 30 days.", "You can opt out within 30 days."),
        ("your content to", "**your content** to"),
        ("use your content", "use **your content**"),
        ("- You're responsible for it.", "You’re responsible for it."),
        ("rights You can opt out within 60", "rights\n-------------\n\nYou can opt out within 60"),
    ],
)
def test_other_markup_spacing_and_quote_marks_are_normalised(segment: str, held: str) -> None:
    found = anchor([segment], HELD)
    assert (found.state, slices(found)) == (AnchorState.NORMALISED, [held])


@pytest.mark.parametrize(
    "segment",
    [
        "You can opt out within 90 days.",
        "You can opt out within 3 days.",
        "You may opt out within 30 days.",
        "you can opt out within 30 days.",
        "You can opt out within 30 day",
        "Fees are refundable",
        "refundable and cost",
        "cost $5",
        "cost $5,000",
        "000.50 per year",
        "50 per year",
        "You",
        "ou’re responsible",
        "We may use your content to train models.",
        "3. Our rights",
        "Nothing here limits your right",
        "https://a.example/models",
    ],
)
def test_look_alikes_are_absent(segment: str) -> None:
    found = anchor([segment], HELD) if segment != "You" else anchor(["You"], "You’re right. Your choice. Thank-You.")
    assert found == Anchor(AnchorState.ABSENT)


@pytest.mark.parametrize(
    ("segment", "text"),
    [
        ("opt out", "no opt outs"),
        ("opt out", "no opt out-s, opt out’s"),
        ("cafe", "a cafe\u0301 here"),
        ("example", "at example.com, me@example and AT&example"),
        ("within 5", "within 5.5 or 5–10 or 5:30 or 5/6"),
        ("10 days", "in 5–10 days"),
        ("a b", "a **b**c"),
        ("データ", "データベース"),
        ("> 13 years", "< 13 years"),
        ("10", "10²"),
        ("30. June", "31. June"),
    ],
)
def test_words_and_numbers_are_whole(segment: str, text: str) -> None:
    assert anchor([segment], text).state is AnchorState.ABSENT


@pytest.mark.parametrize(
    ("segment", "text"),
    [
        ("we may", "the Service—we may stop"),
        ("we may", "_we may stop"),
        ("Company shall", "Confidentiality.Company shall stop"),
        ("收集信息", "我们收集信息。"),
        ("the end", "(the end)[1]"),
        ("in 30", "in 30, or 40"),
    ],
)
def test_words_end_at_marks(segment: str, text: str) -> None:
    assert anchor([segment], text).state is AnchorState.EXACT


@pytest.mark.parametrize("copied", ["Cookies: _ga, _gid, _x_<id>", "Ordered on [*]/received on [*]:", "a `b` *c*"])
def test_marks_that_are_words_on_the_page_are_found(copied: str) -> None:
    text = "Cookies: \\_ga, \\_gid,  \\_x\\_<id>\n\nOrdered on \\[\\*\\]/received on \\[\\*\\]:\n\na \\`b\\` \\*c\\*"
    assert anchor([copied], text).state is AnchorState.NORMALISED


def test_a_second_place_that_differs_in_spacing_is_a_second_place() -> None:
    text = "One. Pay us now. Two.\n\nThree. Pay  **us** now. Four."
    assert anchor(["Pay us now."], text).state is AnchorState.AMBIGUOUS
    assert anchor(["Pay us now."], text, prefix="One. ").state is AnchorState.EXACT
    found = anchor(["Pay us now."], text, suffix="Four")
    assert (found.state, slices(found, text)) == (AnchorState.NORMALISED, ["Pay  **us** now."])


@pytest.mark.parametrize(
    ("context", "section"),
    [
        ({"heading": "2. Our rights"}, 0),
        ({"heading": "Disputes"}, 1),
        ({"heading": "7\\. disputes"}, 1),
        ({"suffix": " You can **write**"}, 1),
        ({"prefix": "$5,000.50 per\u00a0year."}, 0),
        ({"prefix": "000.50 per year.\n\n", "suffix": " Something else"}, 0),
        ({"heading": "Our rights", "suffix": "Nothing here"}, 0),
    ],
)
def test_context_decides_between_places(context: dict[str, str], section: int) -> None:
    places = [match.span() for match in re.finditer("We may end the service.", TEXT)]
    assert anchor(["We may end the service."], HELD, **context) == Anchor(AnchorState.EXACT, (places[section],))


@pytest.mark.parametrize(
    "context",
    [
        {},
        {"prefix": " \n", "suffix": "", "heading": ""},
        {"heading": "Terms of Service"},
        {"prefix": "somewhere else"},
        {"heading": "Disputes", "suffix": "Nothing here"},
    ],
)
def test_context_that_does_not_decide_leaves_it_open(context: dict[str, str]) -> None:
    assert anchor(["We may end the service."], HELD, **context) == Anchor(AnchorState.AMBIGUOUS)


def test_changed_context_takes_nothing_from_words_that_stand_once() -> None:
    found = anchor(["You can opt out within 30 days."], HELD, prefix="gone", suffix="gone", heading="gone")
    assert found.state is AnchorState.EXACT


def test_segments_are_found_in_order() -> None:
    found = anchor(["We may use your content", "You're responsible for it."], HELD)
    assert (found.state, slices(found)) == (
        AnchorState.NORMALISED,
        ["We may use **your content**", "You’re responsible for it."],
    )
    assert anchor(["You’re responsible for it.", "We may use"], HELD).state is AnchorState.ABSENT
    assert (
        anchor(["You can opt out within 30 days.", "You can opt out within 30 days."], HELD).state is AnchorState.ABSENT
    )


def test_the_nearest_following_place_is_taken() -> None:
    text = "A one. B two. C. B two. A one. C."
    assert anchor(["A one.", "C."], text).state is AnchorState.AMBIGUOUS
    found = anchor(["A one.", "B two."], text)
    assert found == Anchor(AnchorState.EXACT, ((0, 6), (7, 13)))
    assert anchor(["A one.", "B two."], text, suffix="A one.").spans == ((0, 6), (17, 23))
    assert anchor(["C.", "C."], text).spans == ((14, 16), (31, 33))


def test_overlapping_places_are_two() -> None:
    assert anchor(["so and so"], "so and so and so").state is AnchorState.AMBIGUOUS


def test_very_common_words_are_ambiguous_whatever_the_context() -> None:
    text = "the x " * (MOST_PLACES + 1) + "the end"
    assert anchor(["the"], text, suffix="end") == Anchor(AnchorState.AMBIGUOUS)


@pytest.mark.parametrize(
    ("segments", "message"),
    [
        ([], "at least one segment"),
        ("bare words", "needs a list"),
        (["Words.", ""], "segment 2 holds no words"),
        ([" \n\u00a0"], "segment 1 holds no words"),
        (["- - -"], "segment 1 holds no words"),
        (["\u200b**"], "segment 1 holds no words"),
    ],
)
def test_a_quotation_needs_words(segments: list[str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        anchor(segments, HELD)


# Properties. A quotation begins with a word: "- " before it would be a bullet.

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
@settings(deadline=None, max_examples=200)
def test_noise_does_not_hide_words(words: list[str], data: st.DataObject) -> None:
    noise = st.lists(st.integers(0, 7), min_size=len(words), max_size=len(words))
    sentence = " ".join(words)
    text = f"# Head\n\nBefore it. {_noisy(words, data.draw(noise))} Behind it."
    found = anchor([_noisy(words, data.draw(noise))], text)
    assert found.state in {AnchorState.EXACT, AnchorState.NORMALISED}
    ((start, end),) = found.spans
    assert project(text[start:end]).plain == project(sentence).plain


@given(WORDS, WORDS, WORDS, st.data())
@settings(deadline=None, max_examples=200)
def test_spans_lie_in_order_and_hold_the_words(
    one: list[str], other: list[str], rest: list[str], data: st.DataObject
) -> None:
    text = data.draw(st.permutations([" ".join(part) for part in (one, other, rest, one)]).map("\n\n".join))
    segments = [" ".join(one), " ".join(other)]
    found = anchor(segments, text)
    assert (len(found.spans) == 2) == (found.state in {AnchorState.EXACT, AnchorState.NORMALISED})
    assert all(before[1] <= after[0] for before, after in pairwise(found.spans))
    if found.state is AnchorState.EXACT:
        assert slices(found, text) == segments
    for (start, end), segment in zip(found.spans, segments, strict=False):
        assert project(text[start:end]).plain == project(segment).plain


@given(
    st.text(alphabet="ab1 .\n*_`[]()|\\>-#“é\u0301", max_size=60), st.text(alphabet="ab1 *[]_.", min_size=1, max_size=9)
)
@settings(deadline=None, max_examples=300)
def test_any_text_can_be_searched(text: str, segment: str) -> None:
    assume(any(character.isalnum() for character in segment))
    found = anchor([segment], text)
    if found.state is AnchorState.EXACT:
        assert slices(found, text) == [segment]
    assert all(0 <= start < end <= len(text) for start, end in found.spans)


# Real terms

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="module")
def real_texts(tmp_path_factory: pytest.TempPathFactory) -> list[Projection]:
    """About forty current texts of an Open Terms Archive collection."""
    bundle = DATA / "genai-eu-versions.bundle"
    if not bundle.is_file():
        reason = f"{bundle} is missing: real terms are needed for this test"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    folder = tmp_path_factory.mktemp("terms") / "terms"
    subprocess.run(["git", "clone", "--quiet", bundle, folder], check=True, capture_output=True)
    paths = sorted(folder.rglob("*.md"))
    chosen = random.Random(7).sample(paths, min(40, len(paths)))
    return [project(path.read_text(encoding="utf-8")) for path in chosen]


def _sample(held: Projection, count: int, chance: random.Random) -> list[str]:
    """Sentences of 40 characters and more, as they stand in the stored text."""
    whole = [(b.start, b.end) for b in held.blocks if b.kind in {"paragraph", "item"}]
    found = [held.text[start + a : start + b] for start, end in whole for a, b in boundaries(held.text[start:end])]
    long = [sentence for sentence in found if 40 <= len(sentence) <= 600 and sum(map(str.isalpha, sentence)) > 20]
    return chance.sample(long, min(count, len(long)))


def _altered(sentence: str, chance: random.Random) -> str:
    """The sentence with a letter more in one of its words; empty where an address could be hit instead."""
    words = list(re.finditer(r"[^\W\d_]{4,}", sentence))
    if not words or re.search(r"\]\(|://|www\.|@", sentence):
        return ""
    end = chance.choice(words).end()
    return f"{sentence[:end]}q{sentence[end:]}"


def test_real_sentences_are_found_where_they_stand(real_texts: list[Projection]) -> None:
    chance = random.Random(11)
    tried = altered = 0
    for held in real_texts:
        for sentence in _sample(held, 8, chance):
            found = anchor([sentence], held)
            assert found.state in {AnchorState.EXACT, AnchorState.AMBIGUOUS}, sentence
            assert all(held.text[start:end] == sentence for start, end in found.spans)
            tried += 1
            changed = _altered(sentence, chance)
            if changed:
                assert anchor([changed], held).state is AnchorState.ABSENT, changed
                altered += 1
    assert tried >= 280 and altered >= 200


def test_real_sentences_are_found_without_their_markup(real_texts: list[Projection]) -> None:
    chance = random.Random(13)
    tried = 0
    for held in real_texts:
        blocks = [block for block in held.blocks if block.kind in {"paragraph", "item", "row"}]
        for block in chance.sample(blocks, min(5, len(blocks))):
            words = held.plain[block.plain_start : block.plain_end]
            if len(words) < 30 or re.search(r"[*_`\[\]<>&\\~|]|^[-+#]", words):
                continue  # characters that would be markup in a quotation
            assert anchor([words], held).state is not AnchorState.ABSENT, words
            tried += 1
    assert tried >= 60
