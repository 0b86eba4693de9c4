"""What the texts of a document did to each other, one after the other, and what became of each change."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from platforms.lineage import Fate, Lineage, Seen, fates
from platforms.plaintext import project

SAME = "\n\n".join(f"Sentence {word} of these terms stands in every version of them." for word in ("one", "two", "six"))


def text(letter: str, *, dated: str = "") -> str:
    """A text for each letter; `dated`: with this day as its last update."""
    head = f"Last updated: {dated}\n\n" if dated else ""
    return f"# Terms of Service\n\n{head}{SAME}\n\nThe company keeps what you write in store {letter}.\n"


def steps(*texts: str, technical: tuple[int, ...] = ()):
    lineage = Lineage(language="en")
    return [lineage.add(project(one), technical=at in technical) for at, one in enumerate(texts)]


def kinds(*texts: str, **options) -> list[str]:
    return [step.kind for step in steps(*texts, **options)]


A, B, C, D = map(text, "ABCD")


# Steps


def test_the_first_text_is_no_change():
    (step,) = steps(text("A", dated="1 May 2025"))
    assert (step.kind, step.is_change, step.removed, step.added) == ("first", False, (), ())
    assert step.stated_on == date(2025, 5, 1)
    assert step.fingerprint == project(text("A", dated="1 May 2025")).fingerprint


def test_a_step_tells_what_came_and_went_and_the_dates_of_both():
    first, second = text("A", dated="1 May 2025"), text("B", dated="2 June 2025")
    step = steps(first, second)[1]
    assert step.is_change
    assert step.removed == ("The company keeps what you write in store A.",)
    assert step.added == ("The company keeps what you write in store B.",)
    assert (step.stated_before, step.stated_on) == (date(2025, 5, 1), date(2025, 6, 2))
    assert not step.silent
    assert steps(first, text("B", dated="1 May 2025"))[1].silent


def test_what_is_no_news_keeps_the_meaning():
    texts = (A, A, A + "\n", f"{A}".replace("keeps", "*keeps*"), text("A", dated="1 May 2025"))
    found = steps(*texts)
    assert [step.kind for step in found] == ["first", "identical", "whitespace", "markup", "dates"]
    assert len({step.essence for step in found}) == 1


def test_a_return_is_seen_also_where_dates_differ():
    assert kinds(A, B, A) == ["first", "substantive", "returned"]
    assert kinds(A, B, B, A, B) == ["first", "substantive", "identical", "returned", "returned"]
    assert kinds(text("A", dated="1 May 2025"), B, text("A", dated="3 May 2025")) == [
        "first", "substantive", "returned",
    ]  # fmt: skip
    assert kinds(A, B, C) == ["first", "substantive", "substantive"]


def test_a_new_reading_is_no_change_and_can_be_returned_to():
    assert kinds(A, B, technical=(1,)) == ["first", "extraction"]
    assert kinds(A, B, C, B, technical=(1,)) == ["first", "extraction", "substantive", "returned"]
    assert kinds(A, A + "\n", technical=(1,)) == ["first", "whitespace"]


def test_recalled_texts_count_like_those_that_were_read():
    whole = steps(A, B, C, A)
    lineage = Lineage(language="en")
    for step in whole[:2]:
        lineage.recall(step.fingerprint, step.essence)
    lineage.last = project(B)
    assert [lineage.add(project(C)), lineage.add(project(A))] == whole[2:]


def test_a_recalled_text_without_its_words_cannot_be_compared():
    (step,) = steps(A)
    lineage = Lineage()
    lineage.recall(step.fingerprint, step.essence)
    with pytest.raises(ValueError, match="give its projection"):
        lineage.add(project(B))


MENU = "[Home](/)\n[Pricing](/pricing)\n[Blog](/blog)\n[Sign in](/login)\n\n"
VARIANTS = [
    *(text(letter, dated=day) for letter in "AB" for day in ("", "1 May 2025", "2 June 2025")),
    *(head + text(letter) for letter in "AB" for head in (MENU, MENU.replace("Blog", "News"))),
    *(text(letter).replace("keeps", "*keeps*") for letter in "AB"),
    text("A").replace("\n\n", "\n\n\n"),
    "# 404\n\nPage not found\n",
]
HISTORIES = st.lists(st.tuples(st.sampled_from(VARIANTS), st.booleans()), max_size=4)


def after(history: list[tuple[str, bool]]) -> Lineage:
    lineage = Lineage(language="en")
    for content, technical in history:
        lineage.add(project(content), technical=technical)
    return lineage


@given(HISTORIES, HISTORIES, st.sampled_from(VARIANTS), st.sampled_from(VARIANTS), st.booleans())
@settings(max_examples=400)
def test_a_step_that_fits_after_other_texts_would_come_out_the_same(one, other, before, new, technical):
    step = after([*one, (before, False)]).add(project(new), technical=technical)
    lineage = after([*other, (before, False)])
    if lineage.fits(step.kind, step.reason, step.fingerprint, step.essence):
        assert lineage.add(project(new), technical=technical) == step
    else:
        assert one != other or step.kind in ("extraction", "broken")


@pytest.mark.parametrize("technical", [(), (2,)])
def test_a_step_does_not_fit_where_a_text_before_it_makes_it_a_return(technical):
    *_, step = steps(C, A, B, technical=technical)
    assert after([(D, False), (A, False)]).fits(step.kind, step.reason, step.fingerprint, step.essence)
    assert not after([(B, False), (A, False)]).fits(step.kind, step.reason, step.fingerprint, step.essence)


# Fates


def day(number: int) -> datetime:
    return datetime(2025, 6, 1, tzinfo=UTC) + timedelta(days=number)


def fates_of(letters: str) -> dict[str, Fate]:
    return fates(history(letters))


def history(letters: str) -> list[Seen[str]]:
    """One text a day; a letter that is new brings a change, named by the letters before and after."""
    first = {letter: letters.index(letter) for letter in letters}
    return [
        Seen(letter, day(at), f"{letters[at - 1]}{letter}" if at and first[letter] == at else None)
        for at, letter in enumerate(letters)
    ]


STANDS = Fate()


@pytest.mark.parametrize(
    ("letters", "expected"),
    [
        ("", {}),
        ("A", {}),
        ("AAA", {}),
        ("AB", {"AB": STANDS}),
        ("ABA", {"AB": Fate(day(2))}),
        ("ABAA", {"AB": Fate(day(2))}),
        ("ABBA", {"AB": Fate(day(3))}),
        ("ABAB", {"AB": Fate(day(2), day(3))}),
        ("ABABA", {"AB": Fate(day(4))}),
        ("ABABAB", {"AB": Fate(day(4), day(5))}),
        ("ABCA", {"AB": Fate(day(3)), "BC": Fate(day(3))}),
        ("ABCB", {"AB": STANDS, "BC": Fate(day(3))}),
        ("ABCBC", {"AB": STANDS, "BC": Fate(day(3), day(4))}),
        ("ABCAC", {"AB": Fate(day(3), day(4)), "BC": Fate(day(3), day(4))}),
        ("ABCAB", {"AB": Fate(day(3), day(4)), "BC": Fate(day(3))}),
        ("ABAC", {"AB": Fate(day(2)), "AC": STANDS}),
        ("ABACB", {"AB": Fate(day(2), day(4)), "AC": Fate(day(4))}),
        ("ABACBC", {"AB": Fate(day(5)), "AC": Fate(day(4), day(5))}),
    ],
)
def test_what_became_of_each_change(letters: str, expected: dict[str, Fate]):
    assert fates_of(letters) == expected


def stands(fate: Fate) -> bool:
    return fate.withdrawn_at is None or fate.restored_at is not None


@given(st.text("ABCDE", max_size=14))
def test_the_changes_that_stand_lead_from_the_first_text_to_the_present_one(letters: str):
    found = fates_of(letters)
    way = {change for change, fate in found.items() if stands(fate)}
    at = letters[:1]
    while step := next((change for change in way if change[0] == at), None):
        way.remove(step)
        at = step[1]
    assert not way
    assert at == letters[-1:]


@given(st.text("ABCD", max_size=12))
def test_moments_are_those_of_texts_and_in_order(letters: str):
    moments = [day(number) for number in range(len(letters))]
    for change, fate in fates_of(letters).items():
        seen = day(letters.index(change[1]))
        if fate.withdrawn_at:
            assert seen < fate.withdrawn_at in moments
        if fate.restored_at:
            assert fate.withdrawn_at < fate.restored_at in moments


@given(st.text("ABC", max_size=10))
def test_a_text_that_stays_changes_no_fate(letters: str):
    doubled = fates(
        Seen(seen.mark, seen.at, seen.change if first else None) for seen in history(letters) for first in (True, False)
    )
    assert doubled == fates(history(letters))
