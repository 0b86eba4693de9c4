"""Sentence boundaries, the marks of analyses, and the basis that they give."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clauses.sentences import Basis, basis, parse, problems
from platforms.sentences import boundaries
from tests.effort import assert_linear


def split(text: str) -> list[str]:
    return [text[start:end] for start, end in boundaries(text)]


@pytest.mark.parametrize(
    "sentences",
    [
        ["We share data with others, e.g. Google, Inc. and its partners.", "You agree."],
        ["This is an agreement with Jasper AI, Inc.", "We may change it."],
        ["See Art. 6 and No. 5 of Sec. 4.2 (cf. Exh. B).", "Do we sell data?", "No.", "We never did!"],
        ["The U.S. Federal Trade Commission decides.", "It sits in the U.S.", "You may write to it."],
        ["It costs 4.50 USD at www.a.example.", "Write to a.b@c.example.", "Wait 30 days."],
        ["He said “Stop.”", "(We did.)", "*Really.*", "**Always.**"],
        ["You agree to: (i) pay; (ii) be kind; and (iii) leave.", "(a) That is all.", "See Art. (1)."],
        ["1. You pay.", "2. We bill."],
        ["1\\. You pay the provider.", "That is all (see e.g. B)."],
        ["J. Smith signed at 5 p.m. Eastern Time.", "Yahoo! users signed too."],
        ["Das gilt ab dem 5. Mai 2026, d.h. bald, z.B. für Sie.", "Sie können ablehnen."],
        ["Nous partageons vos données.", "Vous pouvez refuser !"],
        ["And so on…", "Then it ended."],
    ],
)
def test_sentences_of_prose(sentences: list[str]) -> None:
    assert split(" ".join(sentences)) == sentences


def test_full_stops_of_other_scripts_need_no_blank() -> None:
    assert split("我们收集信息。您可以拒绝！“为什么？”好。") == ["我们收集信息。", "您可以拒绝！", "“为什么？”", "好。"]


def test_paragraphs_items_and_headings_end_a_sentence() -> None:
    text = (
        "Fees\n====\n\nYou pay\nevery month\n\n*   one\n    * two. Three\n2.  four\n"
        "# Head\nlast\n- - -\n| a | b |\n| --- | --- |\n"
    )
    assert split(text) == [
        "Fees",
        "You pay\nevery month",
        "one",
        "two.",
        "Three",
        "2.  four",
        "Head",
        "last",
        "| a | b |",
    ]


def test_a_text_without_words_has_no_sentence() -> None:
    assert boundaries(" \n - - - \n ... \n") == ()


@given(st.text(alphabet="aB1 .!?…\n*-#|[](),;“”。é\t", max_size=120))
@settings(max_examples=300)
def test_boundaries_lie_in_order_and_lose_no_word(text: str) -> None:
    spans = boundaries(text)
    edges = [edge for span in spans for edge in span]
    assert edges == sorted(edges) and all(0 <= edge <= len(text) for edge in edges)
    assert all(text[start:end] == text[start:end].strip() != "" for start, end in spans)
    between = [0, *edges, len(text)]
    assert not any(
        character.isalnum()
        for start, end in zip(between[::2], between[1::2], strict=True)
        for character in text[start:end]
    )


@pytest.mark.parametrize(
    ("prose", "expected"),
    [
        (
            "It may. [1] You can. [2,3] So what? [~]",
            [("It may.", (1,), False), ("You can.", (2, 3), False), ("So what?", (), True)],
        ),
        ("It may [1]. You can [~]!", [("It may.", (1,), False), ("You can!", (), True)]),
        ("One. Two. [1] [2]", [("One.", (), False), ("Two.", (1, 2), False)]),
        ("Ask Foo, Inc. [1] it says “no.” [2]", [("Ask Foo, Inc.", (1,), False), ("it says “no.”", (2,), False)]),
        ("- first. [1]\n- second [2, 2]", [("first.", (1,), False), ("second", (2,), False)]),
        ("A **bold claim.** [1]\nNext. [~]", [("A **bold claim.**", (1,), False), ("Next.", (), True)]),
        ("See [the law](https://a.example) [1].", [("See [the law](https://a.example).", (1,), False)]),
        ("See [1](https://a.example). [~]", [("See [1](https://a.example).", (), True)]),
        ("It reads “sold [sic] data.” [1]", [("It reads “sold [sic] data.”", (1,), False)]),
    ],
)
def test_marks_are_read(prose: str, expected: list[tuple[str, tuple[int, ...], bool]]) -> None:
    assert [(s.text, s.rests_on, s.inferred) for s in parse(prose)] == expected


def test_offsets_lead_back_to_the_prose() -> None:
    prose = "It may. [1]\n\nYou can [2,3]! Why"
    first, second, third = parse(prose)
    assert prose[first.start : first.end] == "It may. [1]"
    assert prose[first.mark_start : first.mark_end] == " [1]"
    assert prose[second.start : second.end] == "You can [2,3]!"
    assert prose[second.mark_start : second.mark_end] == " [2,3]"
    assert prose[third.start : third.end] == "Why"
    assert third.mark_start == third.mark_end == third.end == len(prose)


@given(st.text(alphabet="aB1 .!?\n*-[]()~,2x0“”。", max_size=80))
@settings(max_examples=300)
def test_any_prose_can_be_parsed(prose: str) -> None:
    sentences = parse(prose)
    edges = [edge for s in sentences for edge in (s.start, s.end)]
    assert edges == sorted(edges)
    for s in sentences:
        assert s.start <= s.mark_start <= s.mark_end <= s.end
        assert s.text == prose[s.start : s.mark_start] + prose[s.mark_end : s.end]
        assert bool(s.rests_on) + s.inferred + bool(s.malformed) <= 2
    assert all("\n" not in line for line in problems(prose, sentences=2, field="why_it_matters"))


def test_sound_prose_has_no_problems() -> None:
    assert problems("It may. [1] You can. [2,3]\n\n- So it seems. [~]", sentences=3, field="what_it_is") == []


@pytest.mark.parametrize(
    ("prose", "lines"),
    [
        ("", ["what_it_is: there is no sentence; write at least one"]),
        (" \n", ["what_it_is: there is no sentence; write at least one"]),
        ("It may. You can. [1]", ["what_it_is: sentence 1 (“It may.”) rests on nothing; end it with"]),
        ("It may. [1,4]", ["what_it_is: sentence 1 (“It may.”) rests on sentence 4, but the quotation has 3"]),
        *(
            (f"It may. {mark}", [f"what_it_is: sentence 1 (“It may.”) has the mark {mark}; write [1], [2,3] or [~]"])
            for mark in ("[1,]", "[x]", "[0]", "[]", "[1-3]", "[1;2]", "[~1]", "[1,x]", "[,1]", "[01]")
        ),
        ("It [1] may. [2]", ["what_it_is: sentence 1 (“It [1] may.”) has the mark [1] in its middle"]),
        (
            "It may.\n\n[1]",
            ["what_it_is: sentence 1 (“It may.”) rests on nothing", "what_it_is: the mark [1] stands behind no"],
        ),
        (
            "It may (see [1](https://a.example)).",
            ["what_it_is: sentence 1 (“It may (see [1](https://a.example)).”) rests on"],
        ),
    ],
)
def test_problems_are_named(prose: str, lines: list[str]) -> None:
    found = problems(prose, sentences=3, field="what_it_is")
    assert len(found) == len(lines)
    for line, beginning in zip(found, lines, strict=True):
        assert line.startswith(beginning)


def test_a_number_without_any_quotation_does_not_exist() -> None:
    assert problems("It may. [1]", sentences=0, field="f")[0].endswith("rests on sentence 1, but there is no quotation")


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (("It may. [1]", "So it is. [2]", "You can. [~]"), Basis.STATED),
        (("It may. [1]", "So it is. [~]", "You can. [2]"), Basis.STATED),
        (("It may. [1]", "So it is. [~]", "You can. [~]"), Basis.INFERRED),
        (("It may. [~]", "So it is. [1]", "You can. [1]"), Basis.INFERRED),
        (("It may. [1] Or not. [~]", "So it is. [1]", "You can. [1]"), Basis.INFERRED),
        (("", "So it is. [1]", "You can. [1]"), Basis.INFERRED),
        (("It may. [1] It does. [1]", "So it is. [~] Yes. [~]", ""), Basis.STATED),
    ],
)
def test_the_basis_is_counted(fields: tuple[str, str, str], expected: Basis) -> None:
    assert basis(*fields) is expected


@pytest.mark.parametrize("unit", ["e.g. ", "[", "[1] ", "A. ", "a\n", "(", "“.” ", "* ", ". "])
@pytest.mark.parametrize("cut", [boundaries, parse])
def test_hostile_repetition_stays_linear(cut: Callable[[str], object], unit: str) -> None:
    cut(unit * 5_000)  # no depth is too deep
    assert_linear(cut, lambda count: unit * count, size=500)
