"""For words that stand nowhere, similar places are proposed, the likeliest first."""

import re

import pytest

from clauses.anchoring import Anchor, AnchorState, anchor

from .anchored import HELD, TEXT


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
