"""The projection of a Markdown text: its words, its blocks, and the map back."""

import hashlib
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from platforms import passages
from platforms.blocks import BlockKind
from platforms.plaintext import Projection, project, without_number
from tests.effort import HOSTILE_UNITS, assert_linear

MARKUP = st.text(alphabet="ab1 .é\n\t*_`~[]()!<>&;#|\\-=+\u00a0\u00ad\u200b\u0301“’–…ﬁ²:/>\r", max_size=120)
ANY = st.text(max_size=60)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Title\n=====\n\nWords", "Title Words"),
        ("## Title ##\nWords", "Title Words"),
        ("1\\. Data\n--------", "1. Data"),
        ("*   * One\n    * Two\n+ Three\n- Four\n• Five", "One Two Three Four Five"),
        ("3.  Three\n4)  Four", "3. Three 4) Four"),
        ('See [our *policy*](https://a.example/p_(q) "t"), please.', "See our policy, please."),
        ("a ![icon [x](https://a.example/i.png) b", "a ![icon x b"),
        ("a ![icon](https://a.example/i.png)b", "a b"),
        ("**Bold**, _thin_, ***both***, ~~gone~~ and H**al**f", "Bold, thin, both, gone and Half"),
        ("`code *kept* \\*`, ``a ` b``", "code *kept* \\*, a ' b"),
        ("5 * 3 and 5*3*2, fee\\* and fee* and snake_case_name", "5 * 3 and 5*3*2, fee* and fee* and snake_case_name"),
        ("| a | b \\| c |\n| --- | :-: |\n| 1 | **2** |", "a b | c 1 2"),
        ("a | b\n--- | ---\n1 | 2", "a b 1 2"),
        ("one\n\n- - -\n\ntwo", "one two"),
        ("> quoted\n> words", "quoted words"),
        ("```\n# no *mark*  here\n```\nafter", "# no *mark* here after"),
        ("a<br>b <b>c</b>d <your company> &amp; &copy;&nbsp;e", "a b cd <your company> & © e"),
        ("<https://a.example/x> x<sup>2</sup> <!-- hidden --> y", "https://a.example/x x² y"),
        ("hard  \nbreak\\\nhere", "hard break here"),
        ("“a” ‘b’ it’s «c» – — ‑ …", '"a" \'b\' it\'s "c" - - - ...'),
        ("a\u00a0 \u3000b in\u00advis\u200bible \u2060", "a b invisible"),
        ("ﬁne ＡＢ１２ m² 1½ ™ Ünder", "fine AB12 m² 1½ ™ Ünder"),
        ("words](https://a.example) [1] and [x] (y)", "words [1] and [x] (y)"),
        ("> 13 years", "> 13 years"),
        ("", ""),
        ("\u200b \n ** \n", "**"),
    ],
)
def test_plain_words(text: str, plain: str) -> None:
    assert project(text).plain == plain


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("30. June", "31. June"),
        ("10²", "102"),
        ("1½", "11/2"),
        ("10′", "10″"),
        ("Opt out", "opt out"),
        ("> 13 years", "< 13 years"),
        ("1 000", "1000"),
        ("<Client> pays", "<Vendor> pays"),
    ],
)
def test_what_changes_a_meaning_stays_apart(one: str, other: str) -> None:
    assert project(one).plain != project(other).plain


def test_fingerprint_is_that_of_the_plain_words() -> None:
    projection = project("**Café** “x”")
    assert projection.fingerprint == hashlib.sha256('Café "x"'.encode()).hexdigest()
    assert project("Cafe\u0301   [“x”](https://a.example)").fingerprint == projection.fingerprint


def test_half_a_surrogate_pair_has_a_fingerprint() -> None:
    assert len(project("a\ud800b").fingerprint) == 64


def test_blocks_know_their_place() -> None:
    text = (
        "Top\n===\n\nIntro\n\n2\\. Sub\n-------\n\n*   one\n    * two\n\n    more\n\n"
        "| a |\n| --- |\n\n- - -\n\n### Deep\n\nend"
    )
    projection = project(text)
    seen = [(b.kind, b.level, projection.plain[b.plain_start : b.plain_end], b.headings) for b in projection.blocks]
    assert seen == [
        (BlockKind.HEADING, 1, "Top", ()),
        (BlockKind.PARAGRAPH, 0, "Intro", ("Top",)),
        (BlockKind.HEADING, 2, "2. Sub", ("Top",)),
        (BlockKind.ITEM, 1, "one", ("Top", "2. Sub")),
        (BlockKind.ITEM, 2, "two", ("Top", "2. Sub")),
        (BlockKind.PARAGRAPH, 1, "more", ("Top", "2. Sub")),
        (BlockKind.ROW, 0, "a", ("Top", "2. Sub")),
        (BlockKind.ROW, 0, "", ("Top", "2. Sub")),
        (BlockKind.RULE, 0, "", ("Top", "2. Sub")),
        (BlockKind.HEADING, 3, "Deep", ("Top", "2. Sub")),
        (BlockKind.PARAGRAPH, 0, "end", ("Top", "2. Sub", "Deep")),
    ]
    assert [text[b.start : b.end] for b in projection.blocks][2:5] == ["2\\. Sub\n-------", "*   one", "* two"]
    sub = projection.blocks[2]
    assert projection.plain[sub.words_start : sub.plain_end] == "Sub"
    assert projection.block_at(sub.plain_start) is sub
    assert projection.block_at(sub.plain_end) is None


def test_a_new_rank_closes_the_headings_below_it() -> None:
    blocks = project("# A\n## B\n# C\n## D\nx").blocks
    assert blocks[-1].headings == ("C", "D")


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("# Fees. And more\n\nYou pay. **We** bill;\nwe do.", ["Fees.", "And more", "You pay.", "We bill; we do."]),
        ("* one\n* two. Three\n\n| a. | b |\n| --- | --- |\n| 1 | 2 |", ["one", "two.", "Three", "a. b", "1 2"]),
        (
            "3. You pay. We bill.\n\n4.2.1. Fees\n\n(iv) Stop! A.",
            ["3. You pay.", "We bill.", "4.2.1. Fees", "(iv) Stop!", "A."],
        ),
        ("1.\n\n* a)\n\n* * *\n\n* 30 days\n\n30.\n\n3. -", ["30 days"]),
        (
            "See [Art. 5](https://a.example) of it.**Then** `a. B` — “Stop.” … ©",
            ["See Art. 5 of it.Then a.", 'B - "Stop."'],
        ),
        ("", []),
    ],
)
def test_sentences_end_with_their_block(text: str, sentences: list[str]) -> None:
    projection = project(text)
    assert [projection.plain[start:end] for start, end in projection.sentences] == sentences


@pytest.mark.parametrize("words", ["3. Fees", "4.2 Fees", "(iv) Fees", "a) Fees", "Fees"])
def test_without_number(words: str) -> None:
    assert without_number(words) == "Fees"


@pytest.mark.parametrize(
    ("text", "words", "source", "balanced"),
    [
        ("the **whole** line", "whole", "whole", "whole"),
        ("**Note** that x", "Note that", "Note** that", "**Note** that"),
        ("see **our [policy](https://a.example)** now", "policy now", "policy](https://a.example)** now", None),
        (
            "see [policy](https://a.example) now",
            "policy now",
            "policy](https://a.example) now",
            "[policy](https://a.example) now",
        ),
        ("you **may** x", "you may", "you **may", "you **may**"),
        ("cafe\u0301s", "café", "cafe\u0301", "cafe\u0301"),
        ("a\\*b c", "a*b", "a\\*b", "a\\*b"),
        ("in\u00advalid ﬁne", "invalid", "in\u00advalid", "in\u00advalid"),
    ],
)
def test_source_spans(text: str, words: str, source: str, balanced: str | None) -> None:
    projection = project(text)
    start = projection.plain.index(words)
    first, last = projection.source_span(start, start + len(words))
    assert text[first:last] == source
    if balanced is not None:
        first, last = projection.balanced_span(start, start + len(words))
        assert text[first:last] == balanced


def test_a_span_outside_the_plain_text_is_refused() -> None:
    with pytest.raises(ValueError, match="outside the plain text of 3"):
        project("abc").source_span(1, 4)


@given(st.one_of(MARKUP, ANY))
@settings(max_examples=400)
def test_any_string_has_a_projection(text: str) -> None:
    projection = project(text)
    plain = projection.plain
    assert unicodedata.is_normalized("NFC", plain)
    assert plain == " ".join(plain.split())
    spans = [projection.source_span(at, at + 1) for at in range(len(plain))]
    assert all(0 <= start <= end <= len(text) for start, end in spans)
    assert spans == sorted(spans)
    for (start, end), character in zip(spans, plain, strict=True):
        first, last = projection.plain_span(start, end)
        assert character == " " or character in plain[first:last]
    for before, after in pairwise(spans):
        assert before[1] <= after[0] or before[0] == after[0] or before[1] == after[1]  # apart, or of one origin
        assert before[1] <= after[1]
    edges = [edge for block in projection.blocks for edge in (block.start, block.end)]
    assert edges == sorted(edges)
    assert " ".join(filter(None, (plain[b.plain_start : b.plain_end] for b in projection.blocks))) == plain


LINES = st.one_of(
    st.sampled_from(["one. Two", "* item", "    * deeper", "3. three", "> quoted", "# Head", "===", "- - -", "[x](y)"]),
    st.sampled_from(["", " \t", "```", "~~~", "| a | b |", "a | b", "- | -"]),
    st.sampled_from(["**", "e\u0301 ﬁ", "\u0323\u0301", "\r", "\u2028"]),
)


def told(projection: Projection) -> tuple[object, ...]:
    """All that a projection can say of its text."""
    plain, text = projection.plain, projection.text
    return (
        (plain, projection.fingerprint, projection.blocks, projection.sentences),
        [projection.source_span(at, at + 1) for at in range(len(plain))],
        [projection.balanced_span(at, min(at + 5, len(plain))) for at in range(len(plain))],
        [projection.plain_span(at, at + 1) for at in range(len(text))],
        [projection.block_at(at) for at in range(len(plain))],
    )


@given(st.lists(st.lists(LINES, max_size=12), min_size=2, max_size=4), st.sampled_from(["\n", "\r\n"]))
@settings(max_examples=200)
def test_what_was_read_before_changes_nothing(versions: list[list[str]], line_end: str) -> None:
    texts = [line_end.join(lines) for lines in (*versions, [line for lines in versions for line in lines])]
    kept = [told(project(text)) for text in (*texts, *texts)]
    with pytest.MonkeyPatch.context() as patch:
        for text, said in zip((*texts, *texts), kept, strict=True):
            patch.setattr(passages, "MEMORY", passages.Memory())
            assert told(project(text)) == said


def test_a_fence_left_open_at_the_end_of_a_text_is_not_taken_for_a_closed_one() -> None:
    project("~~~~\n\n")
    assert [block.kind for block in project("~~~~\n\n1. one\n\ntwo\n").blocks] == [BlockKind.CODE]


def test_memory_forgets_what_was_not_used_lately_and_keeps_what_was() -> None:
    memory = passages.Memory(room=10_000)
    found = {number: next(passages.passages(f"Passage {number}.")) for number in range(40)}
    for number, passage in found.items():
        memory.keep((str(number), (), False), passage)
        assert memory.get(("0", (), False)) is found[0]
    held = [number for number in found if memory.get((str(number), (), False))]
    assert held[0] == 0 and held[-1] == 39 and 5 < len(held) < 20


def test_a_passage_too_large_for_memory_is_not_kept() -> None:
    memory = passages.Memory(room=10_000)
    memory.keep(("long", (), False), next(passages.passages("word " * 1000)))
    assert memory.get(("long", (), False)) is None


@given(st.one_of(MARKUP, ANY), st.data())
@settings(max_examples=200)
def test_a_balanced_span_adds_no_word(text: str, data: st.DataObject) -> None:
    projection = project(text)
    start = data.draw(st.integers(0, len(projection.plain)))
    end = data.draw(st.integers(start, len(projection.plain)))
    first, last = projection.balanced_span(start, end)
    inner = projection.source_span(start, end)
    assert first <= inner[0] <= inner[1] <= last
    if start < end:
        low, high = projection.plain_span(first, last)
        assert low <= start and end <= high
        assert projection.plain[low:high].strip() == projection.plain[max(low, start - 1) : end + 1].strip() or (
            projection.source_span(low, high) == inner
        )


@given(st.text(alphabet="aeiouäéñ가각かが 〜’\u0301\u0308", max_size=40))
def test_composed_and_decomposed_letters_are_equal(text: str) -> None:
    forms = {project(unicodedata.normalize(form, text)).plain for form in ("NFC", "NFD")}
    assert len(forms) == 1


@pytest.mark.parametrize("before", ["", "* "], ids=["alone", "below many open lists"])
@pytest.mark.parametrize("unit", HOSTILE_UNITS)
def test_hostile_repetition_stays_linear(before: str, unit: str) -> None:
    def text(count: int) -> str:
        return (f"{before * count}x\n\n" if before else "") + unit * count

    def read(text: str) -> None:
        projection = project(text)
        assert projection.source_span(0, len(projection.plain)) and projection.blocks is not None

    read(text(3_000))  # no depth of lists, quotations or brackets is too deep
    assert_linear(read, text, size=500)
