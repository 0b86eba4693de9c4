"""What a quotation may be, and how pasted words become its segments."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from clauses.anchoring import AnchorState, anchor
from clauses.quoting import FEWEST, MOST, length, problems, split_segments
from clauses.words import joined
from platforms.plaintext import project

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures" / "platforms"


@pytest.mark.parametrize(
    ("words", "held"),
    [
        ("We may share", 10),
        ("**We** [may](https://a.example/long-address) share!", 10),
        ("収集する情報", 18),
        ("정보 수집", 12),
        ("𠀀𠀁𠀂𠀃", 12),
        ("§ 4.2 (a)", 3),
        ("😀 – … !", 0),
        ("", 0),
    ],
)
def test_lengths_are_of_what_is_read(words: str, held: int) -> None:
    assert length(words) == held


@pytest.mark.parametrize(
    "segments",
    [
        ["We may share"],
        ["收集信息"],
        ["我们可以与第三方共享您的数据。"],
        ["We may", "sell your data"],
        ["한국어로 쓰인 글"],
        ["a" * MOST],
    ],
)
def test_words_that_say_something_pass(segments: list[str]) -> None:
    assert problems(segments) == []


@pytest.mark.parametrize(
    ("segments", "said"),
    [
        ([], ["the quotation has no words"]),
        ("bare words", ["the quotation has no words"]),
        ([""], ["segment 1 (“”) holds no words"]),
        (["We may share it.", "- **\u200b**"], ["segment 2 (“- **\u200b**”) holds no words"]),
        (["", "\u00a0"], ["segment 1 (“”) holds no words", "segment 2 (“”) holds no words"]),
        (["You agree"], ["the quotation (“You agree”) has 8 letters and digits, too few to mean anything"]),
        (["收集"], ["the quotation (“收集”) has 6 letters and digits (a character like “收” counts as 3), too few"]),
        (["4.2 (a)"], ["the quotation (“4.2 (a)”) has 3 letters and digits, too few to mean anything"]),
        (["We may", "ab"], ["the quotation (“We may […] ab”) has 7 letters and digits, too few to mean anything"]),
        (["We may share it.", "the"], ["segment 2 (“the”) has 3 letters and digits, too few to be found again"]),
        (["We may share it.", "§ 4"], ["segment 2 (“§ 4”) has 1 letter or digit, too few to be found again"]),
        (["ab " * MOST], ["segment 1 (“ab ab ab"]),
        (["信" * 500], ["segment 1 (“信信信"]),
        (["data " * 200, "data " * 200], ["the quotation has 1,600 letters and digits in 2 segments, more than 1,250"]),
    ],
)
def test_what_is_no_quotation_is_refused_with_the_reason(segments: list[str], said: list[str]) -> None:
    found = problems(segments)
    assert len(found) == len(said)
    for line, beginning in zip(found, said, strict=True):
        assert line.startswith(beginning)
        assert ";" in line and "\n" not in line and len(line) < 240


def test_every_quotation_of_the_catalogue_may_be_one() -> None:
    checked = 0
    for path in sorted(FIXTURES.glob("*/*/clauses/*.yaml")):
        for quotation in yaml.safe_load(path.read_text(encoding="utf-8"))["quotations"]:
            segments = [joined(segment)[0] for segment in quotation["words"]]
            assert problems(segments) == [], path.name
            checked += 1
    assert checked >= 30


@pytest.mark.parametrize(
    ("pasted", "segments"),
    [
        ("We may share it.", ["We may share it."]),
        ("We may […] share [...] it", ["We may", "share", "it"]),
        ("We may […], if so, (…) share （……） it [ . . . ]", ["We may", ", if so,", "share", "it"]),
        ("We \\[…\\] share", ["We", "share"]),
        ("[…] We share … it (see 1) [1] ...", ["We share … it (see 1) [1] ..."]),
        ("[…]", []),
        (" \u00a0\n", []),
        ("<p>We <b>may</b>&nbsp;share&#39;s</p>\n<br/>", ["We may\u00a0share's"]),
        ("<ul>\n  <li class='x'>One</li>\n  <li>Two</li></ul> [...] End", ["One \n Two", "End"]),
        ("1<sup>2</sup> caf&eacute; <!-- x -->&amp; R&amp;D", ["1² café & R&D"]),
        ("<style>p {}</style>We <script>alert(1)</script> share", ["We share"]),
        ("<your company> may pay < 3 and > 2 &copy AT&T", ["<your company> may pay < 3 and > 2 &copy AT&T"]),
        ("We &lt;b&gt; share", ["We &lt;b&gt; share"]),
        ("**We** [may](https://a.example)  share\n\nit", ["**We** [may](https://a.example)  share\n\nit"]),
        ("我们收集[…]共享数据", ["我们收集", "共享数据"]),
        ("We 😀 per\u00adsonal cafe\u0301 “it”", ["We 😀 per\u00adsonal cafe\u0301 “it”"]),
    ],
)
def test_pasted_words_become_segments(pasted: str, segments: list[str]) -> None:
    assert split_segments(pasted) == segments


@pytest.mark.parametrize(
    ("pasted", "state"),
    [
        ("We may use **your content** […] You can’t refuse 😀.", "exact"),
        ("<p>We may <em>use</em> your&nbsp;content</p>[...]<p>You can't<br>refuse &#x1F600;.</p>", "normalised"),
        ("We may use your con\u00adtent (…) You can\u2019t\u00a0re\u200bfuse 😀.", "normalised"),
        ("We may use your content […] You can refuse 😀.", "reworded"),
        ("You can’t refuse […] We may use **your content**", "reworded"),
    ],
)
def test_pasted_words_are_found(pasted: str, state: str) -> None:
    text = "𠀀 It: We may use **your content** to train. 😀\n\nYou can’t refuse 😀."
    found = anchor(split_segments(pasted), text)
    assert found.state == state
    if state == "exact":
        assert [text[start:end] for start, end in found.spans] == split_segments(pasted)
    elif state == "normalised":
        assert [text[start:end] for start, end in found.spans] == [
            "We may use **your content**",
            "You can’t refuse 😀.",
        ]


WORDS = st.lists(st.sampled_from(("we", "may", "share", "data", "30", "café", "“all”", "opt-out")), min_size=3)


@given(st.lists(WORDS, min_size=1, max_size=4), st.data())
def test_html_changes_no_word(parts: list[list[str]], data: st.DataObject) -> None:
    dress = ("{}", "<b>{}</b>", "<a href='https://a.example/?q=[…]'>{}</a>", "<p>{}</p>", "<br>{}", "&nbsp;{}")
    dressed = [" ".join(data.draw(st.sampled_from(dress)).format(word) for word in part) for part in parts]
    segments = split_segments(" […] ".join(dressed))
    assert [project(segment).plain for segment in segments] == [project(" ".join(part)).plain for part in parts]
    assert all(length(segment) for segment in segments)


@given(st.text(max_size=200) | st.text(alphabet="ab <>/&;[]….()\\*`_p", max_size=60))
def test_anything_can_be_pasted(pasted: str) -> None:
    segments = split_segments(pasted)
    found = problems(segments)
    assert all(isinstance(line, str) for line in found)
    if segments and not found:
        assert anchor(segments, pasted).state in AnchorState
        assert sum(map(length, segments)) >= FEWEST
