"""Rendering: nothing that can run survives, marks become links, and a marked span is exactly its words."""

import re
from collections.abc import Iterator

import bleach
import html5lib
import nh3
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clauses.rubric import FACTORS
from conductatlas import markdown
from conductatlas.markdown import ATTRIBUTES, PROTOCOLS, TAGS, Marked, render_analysis, render_text
from tests.effort import assert_growth

XHTML = "{http://www.w3.org/1999/xhtml}"
ATTACKS = [
    "<script>alert(1)</script>",
    "<ScRiPt SRC=//evil.example/x.js></sCrIpT>",
    "<script\n>alert(1)</script\n>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<<script>alert(1);//<</script>",
    "<script/xss src='data:,alert(1)'></script>",
    "<img src=x onerror=alert(1)>",
    "<img/src=`x`onerror=alert(1)>",
    '<IMG """><SCRIPT>alert(1)</SCRIPT>">',
    "<img src=x:alert(alt) onerror=eval(src) alt=0>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "[z](javascript:1)",
    "[z](JaVaScRiPt:8080/x)",
    "<svg><a xlink:href=javascript:alert(1)><text>x</text></a></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>",
    "<math href=javascript:alert(1)>x</math>",
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    "<p title='--><img src=x onerror=alert(1)>'>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<!-- x --!><img src=x onerror=alert(1)>",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "<?xml version='1.0'?><img src=x onerror=alert(1)>",
    "<!DOCTYPE html [<!ENTITY x '<script>alert(1)</script>'>]>&x;",
    "<template><script>alert(1)</script></template>",
    "<form><button formaction=javascript:alert(1)>x</button></form>",
    "<form id=x></form><input form=x onfocus=alert(1) autofocus>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<object data=javascript:alert(1)></object>",
    "<embed src=javascript:alert(1)>",
    "<base href=//evil.example/>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<style>@import '//evil.example/x.css';</style>",
    "<div style='background:url(javascript:alert(1))'>x</div>",
    '<p style="width:expression(alert(1))">x</p>',
    "<details open ontoggle=alert(1)>x</details>",
    "<video><source onerror=alert(1)></video>",
    "<body onload=alert(1)>",
    "<a href=javascript:alert(1)>x</a>",
    "<a href='java\tscript:alert(1)'>x</a>",
    "<a href=&#106;&#97;vascript:alert(1)>x</a>",
    "<textarea><img title='</textarea><img src=x onerror=alert(1)>'>",
    "<title><img title='</title><img src=x onerror=alert(1)>'>",
    "<xmp><p title='</xmp><img src=x onerror=alert(1)>'></xmp>",
    "<plaintext><script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;img src=x onerror=alert(1)&#62;",
    "&amp;lt;script&amp;gt;",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x]( javascript:alert(1))",
    "[x](java&#115;cript:alert(1))",
    "[x](java&Tab;script:alert(1))",
    "[x](&#x6A;avascript:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](\x01javascript:alert(1))",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[x](data:image/svg+xml,<svg/onload=alert(1)>)",
    "[x](<javascript:alert(1)>)",
    '[x](https://a.example "title" onmouseover="alert(1)")',
    '[x](https://a.example/"onmouseover="alert(1))',
    "[x][y]\n\n[y]: javascript:alert(1)",
    "[x][y]\n\n[y]: https://a.example '\"><img src=x onerror=alert(1)>'",
    "![x](javascript:alert(1))",
    '![x" onerror="alert(1)](https://a.example/x.png)',
    "![<img src=x onerror=alert(1)>](x)",
    "<javascript:alert(1)>",
    '<https://a.example/"onclick=alert(1)>',
    '<a@b.example"onclick=alert(1)>',
    "`<img src=x onerror=alert(1)>`",
    "    <img src=x onerror=alert(1)>",
    "> <script>\n> alert(1)\n> </script>",
    "- <svg onload=alert(1)>\n- y",
    "| <img src=x onerror=alert(1)> |\n|---|\n| <script>alert(1)</script> |",
    "# <img src=x onerror=alert(1)>",
    "**<b onclick=alert(1)>x</b>**",
    "{: onclick=alert(1) }",
    "[1](javascript:alert(1))",
    "[~]<img src=x onerror=alert(1)>",
    "\x02wzxhzdk:0\x03<script>alert(1)</script>",
    "\x02amp\x03lt;script\x02amp\x03gt;",
    "\ue0000\ue001<img src=x onerror=alert(1)>\ue000/0\ue001",
    "<mark id=x class=y onclick=alert(1)>x</mark>",
    "<a\x00 href=javascript:alert(1)>x</a>",
    "<img src=x onerror=alert(1)//",
    "<a href='https://a.example' target=_blank rel=opener>x</a>",
]


def elements(html: str) -> Iterator:
    """All elements as a browser builds them from the HTML."""
    return html5lib.parseFragment(html, treebuilder="etree").iter()


def assert_harmless(html: str) -> None:
    for element in elements(html):
        if element.tag == "DOCUMENT_FRAGMENT":
            continue
        assert isinstance(element.tag, str), f"a comment survived: {html}"
        tag = element.tag.removeprefix(XHTML)
        assert tag in TAGS, f"<{tag}> survived: {html}"
        for name, value in element.attrib.items():
            assert name in ATTRIBUTES.get(tag, []), f"{name} of <{tag}> survived: {html}"
            if name == "href":
                address = re.sub(r"[\x00-\x20]", "", value).lower()
                scheme = re.match(r"([a-z][a-z0-9+.-]*):", address)
                assert scheme is None or scheme[1] in PROTOCOLS, f"{value} survived: {html}"
                assert "&" not in (scheme[0] if scheme else ""), html


def test_the_corpus_is_large_and_the_check_can_fail():
    assert len(set(ATTACKS)) == len(ATTACKS) >= 80
    for html in ("<script>x</script>", "<p onclick=x>", "<a href='java\nscript:x'>", "<!-- x -->", "<p style='x'>"):
        with pytest.raises(AssertionError, match="survived"):
            assert_harmless(html)


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_that_runs_survives(attack):
    for shown in (attack, f"Before {attack} after. [1]", f"{attack}\n\n{attack}"):
        assert_harmless(render_analysis(shown))
        assert_harmless(render_text(shown))
        assert_harmless(render_text(shown, [Marked(0, len(shown), "x", 'a"><script>', "/c/")]))


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_bleach_lets_through_a_second_cleaner_does_too(attack, monkeypatch):
    """nh3 with the same lists finds nothing left to clean in what bleach has cleaned."""
    cleaned = render_analysis(attack)
    allowed = {tag: set(names) for tag, names in ATTRIBUTES.items()}
    again = nh3.clean(
        cleaned, tags=set(TAGS), attributes=allowed, url_schemes=set(PROTOCOLS), link_rel=None, strip_comments=True
    )
    assert shape(again) == shape(cleaned)
    raw = bleach.clean(attack, tags=TAGS, attributes=ATTRIBUTES, protocols=PROTOCOLS)
    assert_harmless(raw)


def shape(html: str) -> list[tuple[str, tuple, str, str]]:
    return [
        (str(element.tag), tuple(sorted(element.attrib.items())), element.text or "", element.tail or "")
        for element in elements(html)
    ]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from([*ATTACKS, "**", "_", "`", "[", "](", ")", "\n", "\n\n", "> ", "- ", "|", "<", ">", '"', "&"]),
        max_size=6,
    )
)
def test_no_mixture_of_attacks_runs(pieces):
    assert_harmless(render_analysis("".join(pieces)))
    assert_harmless(render_text("".join(pieces)))


@pytest.mark.parametrize(
    "content",
    [
        ">" * 3000 + " x",
        "- " * 2000 + "x",
        "[" * 1500,
        "*" * 5000 + "x",
        "`" * 3000,
        "(" * 3000,
        "![" * 800,
        "_a" * 3000,
        "<" * 3000,
        "|" * 4000,
    ],
    ids=lambda content: content[:2],
)
def test_no_nesting_is_too_deep(content):
    assert_harmless(render_text(content))
    render_analysis(content)


@pytest.mark.parametrize(
    ("unit", "size", "most"),
    [
        (">", 300, 2.5),
        ("- ", 300, 2.5),
        ("[", 600, 2.5),
        ("[](", 600, 2.5),
        ("[a][", 600, 2.5),
        ("[a](b", 600, 2.5),
        ("[a](<b", 600, 2.5),
        ("[^", 600, 2.5),
        ("[[]", 600, 2.5),
        ("*", 1000, 2.5),
        ("`", 1000, 2.5),
        ("(", 1000, 2.5),
        ("![", 600, 2.5),
        ("_a", 500, 2.5),
        ("<", 200, 2.5),
        ("|", 1000, 2.5),
    ],
)
@pytest.mark.parametrize("render", [render_text, render_analysis])
def test_the_cost_of_nesting_is_bounded(render, unit, size, most):
    assert_growth(render, lambda count: f"{unit * count} x", size=size, most=most)


@pytest.mark.parametrize("unit", ["[", "![", "[a](b", "[a][", "[[]"])
def test_brackets_that_cost_too_much_are_shown_as_they_are_written(unit):
    written = unit * 600
    html = render_text(f"{written}\n\nA [link](https://a.example/x).\n\n    {written}\n")
    assert [part.strip() for part in re.findall(r"<(?:p|code)>([^<]*)<", html)][::2] == [written, written]
    assert '<a href="https://a.example/x"' in html


def test_many_links_of_one_paragraph_are_links():
    links = " ".join(f"[{number} [nested] words](https://a.example/{number}_(x))" for number in range(600))
    assert render_text(links).count("<a ") == 600


def test_the_sign_that_stands_for_a_bracket_makes_none():
    assert "[" not in render_text("\ue002a](https://a.example)")


# Marks of analyses


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("So. [1]", ["1"]),
        ("So. [2,3]", ["2", "3"]),
        ("So. [ 2 , 13 ]", ["2", "13"]),
        ("So. [1] And so. [2]", ["1", "2"]),
        ("**So. [1]**", ["1"]),
        ("- So. [1]\n- And. [2]", ["1", "2"]),
        ("So. [01]", ["1"]),
        ("A [1](https://a.example) link", []),
        ("`[1]`", []),
        ("So. [a] [1a] [] [1,] [-1] [1.5]", []),
    ],
)
def test_marks_lead_to_the_sentences(source, found):
    html = render_analysis(source)
    assert re.findall(r'<a class="sentence-link" href="#sentence-(\d+)">\1</a>', html) == found
    assert html.count('class="rests-on"') == source.count("[1]") * bool(found) or found


def test_our_inference_is_said_in_words():
    html = render_analysis("So it seems. [~]")
    assert html == '<p>So it seems. <span class="inferred">our inference</span></p>'


def test_a_stored_text_has_no_marks_of_ours():
    assert "sentence-link" not in render_text("See section [1] and [~].")


def test_links_pictures_and_headings():
    html = render_analysis("# One\n\n[x](https://a.example/) ![a cat](https://evil.example/cat.png)")
    assert "<h4>One</h4>" in html
    assert 'rel="nofollow noreferrer"' in html
    assert "<img" not in html and "[picture: a cat]" in html
    assert render_text("###### deep").startswith("<h6>")


# Highlights


def marked_words(html: str) -> str:
    """The words inside <mark>, without white space."""
    found = [word for element in elements(html) if element.tag == f"{XHTML}mark" for word in element.itertext()]
    return "".join("".join(found).split())


def unmarked(html: str) -> str:
    """The HTML as it would be without the marks and their links."""
    html = re.sub(r'<a class="clause-link"[^>]*>.*?</a>', "", html)
    return re.sub(r"</?mark[^>]*>", "", html)


PAGE = """# Terms of *service*

We keep **what you write** for as long as [we like](https://a.example/keep). It's `ours` & yours.

1. First item goes here.
2. Second item, with _emphasis_ and more.

* A point
* Another point

> Quoted words stand here.

| Term | Meaning |
| ---- | ------- |
| Data | What you give us |

Setext heading
--------------

The end is near.
"""
SPANS = {
    "plain words": ("The end is near.", "Theendisnear."),
    "into emphasis": ("We keep **what you", "Wekeepwhatyou"),
    "out of emphasis": ("you write** for", "youwritefor"),
    "all of an emphasis": ("**what you write**", "whatyouwrite"),
    "into a link": ("as long as [we", "aslongaswe"),
    "all of a link": ("[we like](https://a.example/keep)", "welike"),
    "across a link": ("long as [we like](https://a.example/keep). It's", "longaswelike.It's"),
    "code and an ampersand": ("`ours` & yours", "ours&yours"),
    "a heading": ("Terms of *service*", "Termsofservice"),
    "a heading with its mark": ("# Terms of *service*", "Termsofservice"),
    "a list item": ("First item goes here.", "Firstitemgoeshere."),
    "a list item with its number": ("1. First item goes here.", "Firstitemgoeshere."),
    "a point with its mark": ("* Another point", "Anotherpoint"),
    "two list items": ("item goes here.\n2. Second item", "itemgoeshere.Seconditem"),
    "from a heading into a paragraph": ("*service*\n\nWe keep", "serviceWekeep"),
    "a quotation with its mark": ("> Quoted words", "Quotedwords"),
    "a cell": ("What you give us", "Whatyougiveus"),
    "two cells": ("Data | What you", "DataWhatyou"),
    "a row with its bars": ("| Data | What you give us |", "DataWhatyougiveus"),
    "a setext heading": ("Setext heading", "Setextheading"),
}


@pytest.mark.parametrize(("words", "expected"), SPANS.values(), ids=SPANS)
def test_a_marked_span_is_exactly_its_words(words, expected):
    assert PAGE.count(words) == 1
    start = PAGE.index(words)
    html = render_text(PAGE, [Marked(start, start + len(words), "kept", "Kept", "/c/")])
    assert marked_words(html) == expected
    assert html.count('id="kept"') == 1
    assert html.count('href="/c/"') == 1
    assert unmarked(html) == render_text(PAGE)
    assert markdown.OPEN not in html and markdown.CLOSE not in html


def test_overlapping_spans_are_all_marked():
    content = "One two three four five."
    spans = [Marked(0, 13, "a", "A", "/a/"), Marked(8, 18, "b", "B", "/b/"), Marked(4, 7, "c", "C", "/c/")]
    html = render_text(content, spans)
    assert marked_words(html) == "Onetwothreefour"
    for name in "abc":
        assert html.count(f'id="{name}"') == 1, name
        assert html.count(f'href="/{name}/"') == 1, name
    assert unmarked(html) == render_text(content)


@pytest.mark.parametrize("nothing", ["\n\n", "\n* ", "\n1. ", "\n| ", "\n> ", ""])
def test_a_span_without_words_marks_nothing(nothing):
    start = PAGE.index(nothing)
    html = render_text(PAGE, [Marked(start, start + len(nothing), "x", "X", "/c/")])
    assert html == render_text(PAGE)


def test_spans_next_to_each_other_and_at_the_edges():
    html = render_text("onetwo", [Marked(0, 3, "a", "A", ""), Marked(3, 6, "b", "B", "")])
    assert re.findall(r'<mark class="clause-mark" id="(\w)">(\w+)</mark>', html) == [("a", "one"), ("b", "two")]


def test_private_use_characters_of_a_text_are_no_brackets_of_ours():
    content = "a \ue0000\ue001 b \ue000/0\ue001 c \ue003 d"
    html = render_text(content, [Marked(content.index("b"), content.index("b") + 1, "x", "", "")])
    assert marked_words(html) == "b"
    assert html.count("\ufffd") == 4
    assert "\ue003" in html and "\ue000" not in html
    emoji = "👍 “we” 👍"
    assert marked_words(render_text(emoji, [Marked(2, 6, "x", "", "")])) == "“we”"


def test_a_span_inside_an_address_leaves_the_page_unmarked_and_whole():
    content = "See [this](https://a.example/path) now. And more."
    start = content.index("path")
    html = render_text(content, [Marked(start, start + 4, "x", "X", "/c/")])
    assert "https://a.example/path" in html
    assert "And more." in html and "\ue000" not in html and "\ue001" not in html


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_marks_never_change_the_page_around_them(data):
    words = [
        match.span()
        for match in re.finditer(r"[A-Za-z]+", PAGE)
        if "https" not in PAGE[max(0, match.start() - 20) : match.end()]
    ]
    first = data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first, len(words) - 1))
    start, end = words[first][0], words[last][1]
    html = render_text(PAGE, [Marked(start, end, "x", "X", "/c/")])
    assert unmarked(html) == render_text(PAGE)


def test_rendered_prose_of_the_rubric_stays_as_it_is():
    """Words with nothing special in them come out as one paragraph each."""
    for factor in FACTORS:
        assert render_analysis(factor.question) == f"<p>{factor.question}</p>"
