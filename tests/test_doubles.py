"""Which clauses of a document may be one and the same."""

from clauses.doubles import NEAR, Quoted, doubles, joined
from tests.factories import REWORDED, SOLD, WORDS

LONG = " ".join(
    f"The {word} may be used by us and by our partners for any purpose." for word in ("text", "image", "voice")
)


def likeness(words: str, other: str) -> float:
    return next((double.likeness for double in doubles(words, [Quoted(1, other)])), 0.0)


def test_the_same_words_are_the_same_whatever_their_markup_and_case():
    assert likeness(WORDS, WORDS) == likeness(WORDS, f"**{WORDS.upper()}**") == likeness(WORDS, f"> {WORDS}\n") == 1


def test_nearly_the_same_words_are_near_and_never_the_same():
    found = doubles(WORDS, [Quoted(1, REWORDED)])
    assert [double.key for double in found] == [1]
    assert NEAR <= found[0].likeness < 1
    assert not found[0].same
    assert found[0].percent < 100


def test_a_part_of_a_longer_quotation_is_found_from_both_sides():
    assert likeness(WORDS, f"{SOLD}\n\n{WORDS}") >= 0.9
    assert likeness(f"{SOLD}\n\n{WORDS}", WORDS) >= 0.9
    assert likeness(WORDS, joined(["These come first, and say nothing of it.", WORDS])) < 1


def test_other_words_are_another_clause():
    assert doubles(WORDS, [Quoted(1, SOLD), Quoted(2, "You must be 18."), Quoted(3, "")]) == []
    assert doubles("", [Quoted(1, WORDS)]) == []


def test_the_likest_come_first_and_only_a_few():
    others = [Quoted(key, REWORDED) for key in range(2, 9)]
    found = doubles(WORDS, [*others, Quoted(1, WORDS)])
    assert [double.key for double in found] == [1, 2, 3, 4, 5]
    assert doubles(LONG, [Quoted(1, LONG)])[0].same
