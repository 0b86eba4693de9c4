"""What a question asks for, without a database."""

import re
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clauses.asking import LONGEST, all_of, ask, at_least, beginning, is_slip, lexeme, relaxed, words_of
from clauses.thesaurus import ALSO


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("Can Jasper train on my prompts?", ("jasper", "train", "on", "my", "prompts")),
        ("Jasper's terms", ("jasper", "terms")),
        ("What’s GDPR Art. 17", ("what", "gdpr", "art", "17")),
        ("claude.ai", ("claude", "ai")),
        ("train TRAIN Train", ("train",)),
        ("can I", ("i",)),
        ("could you please", ("you",)),
        ("please tell", ("please", "tell")),
        ("?!", ()),
    ],
)
def test_words(typed: str, words: tuple[str, ...]) -> None:
    assert words_of(typed) == words


@pytest.mark.parametrize("typed", ["CA-P-010656", "ca-p-10656", " ca p 010656 ", "CA–P–010656"])
def test_a_record_id_is_known_however_it_is_written(typed: str) -> None:
    assert ask(typed).record == ("P", 10656)


@pytest.mark.parametrize("typed", ["CA-P-0", "CA-X-1", "CA-P-1 and more", "CA-P-"])
def test_what_is_no_record_id(typed: str) -> None:
    assert ask(typed).record is None


@pytest.mark.parametrize(
    ("typed", "web"),
    [
        ('"sell your data"', '"sell your data"'),
        ("“sell your data”", '"sell your data"'),
        ("which policies say 'sell your data'?", 'which policies "sell your data" ?'),
        ("jasper OR windsurf", "jasper OR windsurf"),
        ("training -jasper", "training -jasper"),
        ('own it or not "data"', 'own it not "data"'),
    ],
)
def test_operators_are_seen(typed: str, web: str) -> None:
    asked = ask(typed)
    assert asked.operators
    assert asked.web.split() == web.split()


@pytest.mark.parametrize("typed", ["own it or not", "opt-out", "Jasper's and Claude's data", '"', "a - b"])
def test_what_is_no_operator(typed: str) -> None:
    assert not ask(typed).operators


def test_what_is_not_wanted_is_never_left_out_of_the_question() -> None:
    assert ask('policies "sell your data"').phrases == '"sell your data"'
    assert ask('"sell your data" -jasper').phrases == ""
    assert ask('"sell your data"').phrases == "", "they are all that is asked"


def test_queries() -> None:
    assert lexeme("o'neil") == "'o''neil'"
    assert lexeme("trai", prefix=True) == "'trai':*"
    assert "'arbitr'" in beginning("arbitrati")


def _holds(query: str, words: set[str]) -> bool:
    """Whether a record with these words answers a query of single letters: read by Python itself."""
    said = re.sub(r"[a-z]", lambda word: str(word[0] in words), query).replace("&", " and ").replace("|", " or ")
    return eval(said, {"__builtins__": {}})


@pytest.mark.parametrize("size", range(1, 8))
def test_at_least_so_many_of_the_words(size: int) -> None:
    letters = "abcdefg"[:size]
    for count in range(1, size + 1):
        query = at_least(count, list(letters))
        for chosen in product((True, False), repeat=size):
            words = {letter for letter, is_in in zip(letters, chosen, strict=True) if is_in}
            assert _holds(query, words) is (len(words) >= count), (count, words, query)
    assert at_least(size - 1, list(letters)).count("g") <= 4, "no word is named once for each combination"


def test_a_question_is_relaxed_word_by_word_and_keeps_its_names() -> None:
    assert relaxed([], ["a", "b", "c"]) == [all_of([at_least(2, ["a", "b", "c"])])]
    steps = relaxed(["n"], ["a", "b", "c"])
    assert len(steps) == 2
    assert all("n" in step for step in steps)
    assert steps[-1] == "(n)"
    assert relaxed(["n"], []) == []
    assert relaxed(["n"], [], fewer=True) == ["(n)"], "what stands nowhere is left out"
    assert relaxed([], ["a", "b"], fewer=True)[0] == all_of([all_of(["a", "b"])])
    assert "(n) | (m)" in relaxed(["n", "m"], ["a"])[0], "two names: records of either"


def test_words_that_stand_for_others_are_never_themselves() -> None:
    assert all(word not in others and others for word, others in ALSO.items())


@given(st.text())
def test_any_text_is_a_question(text: str) -> None:
    asked = ask(text)
    assert len(asked.text) <= LONGEST
    assert all(word.isprintable() and "\0" not in word for word in asked.words)
    assert len(asked.web) <= 2 * LONGEST


@pytest.mark.parametrize(
    ("typed", "name", "slip"),
    [
        ("jaspr", "jasper", True),
        ("grko", "grok", True),
        ("perplxity", "perplexity", True),
        ("arbtrtion", "arbitration", True),
        ("closure", "close", False),
        ("stability", "portability", False),
        ("germany", "gemini", False),
        ("grk", "grok", False),
        ("rgok", "grok", False),
    ],
)
def test_a_slip_in_a_name_leaves_most_of_it(typed: str, name: str, *, slip: bool) -> None:
    assert is_slip(typed, name) is slip
