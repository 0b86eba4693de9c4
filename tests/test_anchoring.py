"""Words in a text: where they stand, where they do not, and when nobody can say."""

import re

import pytest

from clauses.anchoring import MOST_PLACES, Anchor, AnchorState, anchor

from .anchored import FOUND, HELD, TEXT, slices


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
