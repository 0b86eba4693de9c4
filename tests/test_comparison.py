"""Which clauses are comparable: the same matter elsewhere, each wording and each platform once, the likest first."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clauses import comparison
from clauses.compared import stem
from clauses.comparison import SAME_WORDING, Clause, Neighbourhood, Reason, comparable, differences, likeness
from clauses.profiles import Profiles

QUESTIONS = {"inputs": "Does it cover what you type?", "refuse": "Can you refuse?", "plans": "Are paid plans left out?"}
TRAINS = "We train our models on the prompts you type and the outputs that they bring, unless you opt out in settings."
KEEPS = "Backups of deleted conversations vanish after thirty days, invoices after ten years."


def clause(
    number: int, platform: str, words: str = TRAINS, clause_type: str = "training", answers: str = "yyn", **fields
) -> Clause:
    """`answers`: y yes, n no, s silent, u unread, one for each question."""
    values = {"y": "yes", "n": "no", "s": "silent", "u": "unread"}
    return Clause(
        record=f"CA-P-{number:06}",
        platform=platform,
        platform_name=platform.title(),
        document=f"CA-D-{number:05}",
        clause_type=clause_type,
        words=words,
        answers={key: values[answer] for key, answer in zip(QUESTIONS, answers, strict=True)},
        questions=QUESTIONS,
        **fields,
    )


HERE = clause(1, "here")


def test_it_is_the_same_type_elsewhere() -> None:
    others = [
        clause(2, "there"),
        clause(3, "here", KEEPS),
        replace(clause(4, "shared", KEEPS), document=HERE.document),
        clause(5, "another-type", clause_type="retention"),
    ]
    assert [found.clause.platform for found in comparable(HERE, others)] == ["there"]


def test_a_document_that_speaks_for_both_platforms_is_not_another_platforms() -> None:
    assert comparable(HERE, [clause(2, "there", also_serves=frozenset({"here"}))]) == []
    assert comparable(replace(HERE, also_serves=frozenset({"there"})), [clause(2, "there")]) == []
    both = [clause(2, "one", also_serves=frozenset({"two"})), clause(3, "two", KEEPS)]
    assert [found.clause.platform for found in comparable(HERE, both)] == ["one"], "one card a platform"


def test_invented_platforms_stand_beside_invented_ones_only() -> None:
    invented = clause(2, "made-up", invented=True)
    assert comparable(HERE, [invented]) == []
    assert comparable(invented, [HERE]) == []
    assert [found.clause for found in comparable(replace(HERE, invented=True), [invented])] == [invented]


def test_near_duplicates_are_folded_into_the_likest() -> None:
    again = TRAINS.replace("settings", "preferences")
    assert likeness(TRAINS, again) >= SAME_WORDING
    other = "Prompts and outputs are looked at by people, who improve the models with them; you can refuse that."
    found = comparable(HERE, [clause(4, "fourth", other), clause(3, "third", again), clause(2, "second")])
    assert [card.clause.platform for card in found] == ["second", "fourth"]
    assert [card.same_wording for card in found] == [("Third",), ()]
    assert found[0].reason.endswith("Nearly the same words.")


def test_answers_weigh_more_than_words_and_the_reason_says_both() -> None:
    alike = clause(2, "alike", "What people enter improves the prompts and models.", answers="yys")
    unlike = clause(3, "unlike", TRAINS, answers="nny")
    found = comparable(HERE, [unlike, alike])
    assert [card.clause for card in found] == [alike, unlike]
    assert found[0].reason == "Both answer 2 of 3 questions with yes or no, all of them the same way."
    assert found[1].why.alike == 0


@pytest.mark.parametrize(
    ("reason", "phrase"),
    [
        (Reason(3, 0, 0, 0.1), "Same clause type."),
        (Reason(3, 0, 0, 0.6), "Its words are close to these."),
        (Reason(1, 1, 1, 0.0), "Both answer 1 of 1 question with yes or no, it the same way."),
        (Reason(4, 1, 0, 0.0), "Both answer 1 of 4 questions with yes or no, not the same way."),
        (Reason(4, 3, 2, 0.3), "Both answer 3 of 4 questions with yes or no, 2 of them the same way."),
        (Reason(4, 2, 0, 1.0, same=True), "Both answer 2 of 4 questions with yes or no, none of them the same way. N"),
    ],
)
def test_the_reason_in_words(reason: Reason, phrase: str) -> None:
    assert reason.phrase.startswith(phrase)


def test_what_has_nothing_to_do_with_it_is_not_shown() -> None:
    assert comparable(HERE, [clause(2, "there", KEEPS, answers="nny")]) == []
    assert comparable(replace(HERE, answers={}), [clause(2, "there", KEEPS, answers="sss")]) == []
    assert comparable(HERE, []) == []
    assert comparable(HERE, [HERE]) == []


def test_differences_are_those_of_the_answers_settled_ones_first() -> None:
    one, other = clause(1, "here", answers="syu"), clause(2, "there", answers="yny")
    assert [(row.question, row.here, row.there) for row in differences(one, other)] == [
        ("Can you refuse?", "yes", "no"),
        ("Does it cover what you type?", "silent", "yes"),
    ]


def test_words_are_compared_without_their_endings() -> None:
    assert stem("trains") == stem("training") == stem("trained") == "train"
    assert stem("arbitrations") == stem("arbitration")
    assert stem("the") == stem("service") == ""


WORDS = st.lists(
    st.sampled_from(["train", "models", "prompts", "outputs", "refuse", "settings", "delete", "backups", "class"]),
    min_size=1,
    max_size=7,
).map(" ".join)
PLATFORMS = ["p1", "p2", "p3", "p4", "p5"]


@st.composite
def catalogues(draw: st.DrawFn) -> list[Clause]:
    """Up to nine clauses of two types, of few platforms, with few words: much is alike."""
    return [
        clause(
            number,
            draw(st.sampled_from(PLATFORMS)),
            draw(WORDS),
            draw(st.sampled_from(["training", "retention"])),
            draw(st.text("ynsu", min_size=3, max_size=3)),
            also_serves=draw(st.frozensets(st.sampled_from(PLATFORMS), max_size=1)),
            invented=draw(st.booleans()),
        )
        for number in range(1, draw(st.integers(2, 10)))
    ]


@given(catalogues(), st.randoms(use_true_random=False))
def test_what_holds_for_every_catalogue(clauses: list[Clause], random) -> None:
    subject, *others = clauses
    found = comparable(subject, others)
    shuffled = random.sample(others, len(others))
    assert comparable(subject, shuffled) == found, "the order of the others decides nothing"
    assert len(found) <= 3
    shown = [subject]
    for card in found:
        assert card.clause.clause_type == subject.clause_type
        assert card.clause.invented == subject.invented
        for before in shown:
            assert not card.clause.platforms & before.platforms
        for before in shown[1:]:
            assert likeness(card.clause.words, before.words) < SAME_WORDING
        for twin in card.twins:
            assert likeness(card.clause.words, twin.words) >= SAME_WORDING
            assert not twin.platforms & (subject.platforms | card.clause.platforms)
        shown.append(card.clause)
    assert [card.likeness for card in found] == sorted((card.likeness for card in found), reverse=True)


@given(catalogues())
def test_likeness_is_the_same_from_both_sides(clauses: list[Clause]) -> None:
    one = replace(clauses[0], platform="a", also_serves=frozenset())
    other = replace(clauses[-1], platform="b", also_serves=frozenset())
    there, back = comparable(one, [other]), comparable(other, [one])
    assert [card.likeness for card in there] == [card.likeness for card in back]


@given(catalogues())
def test_a_neighbourhood_finds_what_comparing_one_by_one_finds(clauses: list[Clause]) -> None:
    of_type = [row for row in clauses if row.clause_type == "training"]
    whole, indexed = Neighbourhood(of_type), Neighbourhood(of_type)
    with pytest.MonkeyPatch.context() as patched:
        for row in of_type:
            one_by_one = comparable(row, clauses)
            assert whole.around(row.record) == one_by_one
            patched.setattr(comparison, "FEWEST_INDEXED", -1)
            assert indexed.around(row.record) == one_by_one
            patched.undo()


@given(st.lists(st.text("yns", min_size=70, max_size=70), min_size=1, max_size=5))
def test_any_number_of_questions_can_be_compared(rows: list[str]) -> None:
    bits = [
        tuple(sum(1 << place for place, answer in enumerate(row) if answer == wanted) for wanted in "ynu")
        for row in rows
    ]
    subject = rows[0]
    found = {place: share for share, places in Profiles(bits).likest(bits[0]) for place in places}
    for place, row in enumerate(rows):
        settled = [pair for pair in zip(subject, row, strict=True) if pair != ("s", "s")]
        alike = [pair for pair in settled if pair[0] == pair[1]]
        assert found[place] == (len(alike) / len(settled) if settled else 0.0)
