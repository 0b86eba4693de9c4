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
FOUND = {AnchorState.EXACT, AnchorState.NORMALISED}


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
def test_look_alikes_are_never_found(segment: str) -> None:
    found = anchor([segment], HELD) if segment != "You" else anchor(["You"], "You’re right. Your choice. Thank-You.")
    assert found.state in {AnchorState.REWORDED, AnchorState.ABSENT}
    assert found.spans == ()


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
    assert anchor([segment], text).state not in {*FOUND, AnchorState.AMBIGUOUS}


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
    assert anchor(["You’re responsible for it.", "We may use"], HELD).state is AnchorState.REWORDED
    assert anchor(["You can opt out within 30 days."] * 2, HELD).state is AnchorState.REWORDED


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
    assert anchor(["the", "of which nothing stands"], text).state is AnchorState.ABSENT


def test_context_decides_between_repeated_passages_of_several_segments() -> None:
    part = "You may cancel.\n\nFees for {0} are due at once.\n\nWe keep nothing."
    text = "\n\n".join(f"## {name}\n\n{part.format(name)}" for name in ("Basic", "Plus", "Team"))
    segments = ["You may cancel.", "We keep nothing."]
    places = [match.span() for match in re.finditer(r"You may cancel\.|We keep nothing\.", text)]
    assert anchor(segments, text) == Anchor(AnchorState.AMBIGUOUS)
    assert anchor(segments, text, heading="plus") == Anchor(AnchorState.EXACT, tuple(places[2:4]))
    assert anchor(segments, text, suffix="Team") == Anchor(AnchorState.AMBIGUOUS)  # it may begin under Basic
    assert anchor(segments, text, suffix="Team", heading="Plus") == Anchor(AnchorState.EXACT, tuple(places[2:4]))
    assert anchor(segments, text, prefix="## Team") == Anchor(AnchorState.EXACT, tuple(places[4:]))
    assert anchor([segments[0], "Fees for Plus", segments[1]], text, heading="Plus").spans[1:] == (
        (text.index("Fees for Plus"), text.index("Fees for Plus") + len("Fees for Plus")),
        places[3],
    )
    assert anchor(segments, text, heading="Free").state is AnchorState.AMBIGUOUS
    assert anchor(segments, text, heading="Basic", prefix="## Team").state is AnchorState.AMBIGUOUS


# Proposals


@pytest.mark.parametrize(
    ("segment", "proposed"),
    [
        ("You can opt out within 90 days.", ["You can opt out within 30 days.", "You can opt out within 60 days."]),
        ("Fees are non-refundable and cost $6,000 per year.", ["Fees are non-refundable and cost $5,000.50 per year."]),
        ("We keep deleted files for as long as we want – but not longer.", None),
        ("Nothing limits your rights. You may write to us.", None),
    ],
)
def test_similar_sentences_are_proposed(segment: str, proposed: list[str] | None) -> None:
    found = anchor([segment], HELD)
    assert (found.state, found.spans) == (AnchorState.REWORDED, ())
    assert all(0.6 <= candidate.score < 1 for candidate in found.candidates)
    if proposed:
        assert [TEXT[slice(*candidate.span)] for candidate in found.candidates] == proposed


@pytest.mark.parametrize("segment", ["Arbitration is final and binding on all parties.", "We sell nothing.", "Free"])
def test_words_that_nothing_resembles_are_absent(segment: str) -> None:
    assert anchor([segment], HELD) == Anchor(AnchorState.ABSENT)


def test_a_lost_segment_is_looked_for_beside_those_that_stand() -> None:
    lines = [f"## {name}\n\nWe end {name}.\n\nYou get back what you paid for.\n\nThen {name} stops." for name in "ABC"]
    text = "\n\n".join(lines)
    found = anchor(["We end B.", "You get back all that you paid for.", "Then B stops."], text)
    assert found.state is AnchorState.REWORDED
    places = [match.span() for match in re.finditer("You get back what you paid for.", text)]
    assert found.candidates[0].span == places[1]
    assert {candidate.span for candidate in found.candidates} == set(places)
    assert found.candidates[0].score > found.candidates[1].score


def test_several_lost_segments_are_proposed_as_one_passage() -> None:
    text = "Before it. We may use your words to train.\n\nNot now.\n\nYou can refuse at any time. Behind it."
    found = anchor(["We may use your work to train.", "You can refuse at every time."], text)
    ((start, end),) = [candidate.span for candidate in found.candidates]
    assert text[start:end] == "We may use your words to train.\n\nNot now.\n\nYou can refuse at any time."
    half = anchor(["We may use your work to train.", "Arbitration binds nobody."], text)
    assert [text[slice(*candidate.span)] for candidate in half.candidates] == ["We may use your words to train."]
    assert half.candidates[0].score < found.candidates[0].score


def test_segments_in_another_order_are_proposed() -> None:
    found = anchor(["You can write to us.", "You can opt out within 30 days."], HELD)
    ((start, end),) = [candidate.span for candidate in found.candidates]
    assert (found.state, found.spans) == (AnchorState.REWORDED, ())
    assert TEXT[start:].startswith("You can opt out within 30") and TEXT[:end].endswith("You can write to us.")


def test_what_is_quoted_already_is_not_proposed_for_its_neighbour() -> None:
    text = "We delete it within 30 days. We also keep a copy."
    assert anchor(["We delete it within 30 days.", "We delete it within 60 days."], text).state is AnchorState.ABSENT


def test_context_puts_the_likelier_of_equal_proposals_first() -> None:
    segment, places = (
        "We may end this service.",
        [match.span() for match in re.finditer("We may end the service.", TEXT)],
    )
    assert [candidate.span for candidate in anchor([segment], HELD).candidates] == places
    under = anchor([segment], HELD, heading="Disputes")
    assert [candidate.span for candidate in under.candidates] == places[::-1]


@pytest.mark.parametrize(
    ("segment", "text", "state", "held"),
    [
        ("We share 😀 data", "Yes, 😀 and 😀: We share 😀 data 😀.", "exact", "We share 😀 data"),
        ("我們𠀀收集𠀁資訊", "𠀀𠀁。我們𠀀收集𠀁資訊。", "exact", "我們𠀀收集𠀁資訊"),
        ("我們𠀀收集資訊", "𠀀𠀁。我們**𠀀收集**資訊。", "normalised", "我們**𠀀收集**資訊"),
        ("café data", "The cafe\u0301 data 😀 here", "normalised", "cafe\u0301 data"),
        ("cafe\u0301 data", "😀 The café data here", "normalised", "café data"),
        ("per\u00adsonal data", "your personal data", "normalised", "personal data"),
        ("personal data", "your per\u00adso\u200bnal\u00a0data", "normalised", "per\u00adso\u200bnal\u00a0data"),
        ("“your” rights – ours", 'of "your" rights - ours', "normalised", '"your" rights - ours'),
        ("we <b>may</b> share&nbsp;it<br>now", "And we may share it now.", "normalised", "we may share it now"),
        ("AT&amp;T may &quot;share&quot;", "AT&T may “share” it", "normalised", "AT&T may “share”"),
        ("<li>we may share</li>", "* we may share\n* or not", "normalised", "we may share"),
    ],
)
def test_characters_and_pasted_html(segment: str, text: str, state: str, held: str) -> None:
    found = anchor([segment], text)
    assert (found.state, slices(found, text)) == (state, [held])


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
    assert found.state in FOUND
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
    assert (len(found.spans) == 2) == (found.state in FOUND)
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


@given(
    st.lists(WORDS.map(" ".join), min_size=1, max_size=3),
    st.lists(WORDS.map(lambda words: " ".join(words).capitalize() + "."), max_size=8),
)
@settings(deadline=None, max_examples=200)
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
@settings(deadline=None, max_examples=200)
def test_only_a_quotation_without_words_is_refused(segments: list[str], text: str, context: str) -> None:
    try:
        anchor(segments, text, prefix=context, suffix=context, heading=context)
    except ValueError:
        assert not segments or any(not re.search(r"[^\W_]", project(segment).plain) for segment in segments)


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
                assert anchor([changed], held).state is AnchorState.REWORDED, changed
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
