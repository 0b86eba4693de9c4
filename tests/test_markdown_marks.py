"""Rendering: marks become links, a marked span is exactly its words, and the page around it stays as it was."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clauses.rubric import FACTORS
from conductatlas import markdown
from conductatlas.markdown import Marked, render_analysis, render_text

from .rendered import XHTML, elements

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
    assert html.count('class="rests-on"') == (len(re.findall(r"\[[\d ,]+\]", source)) if found else 0)


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


@settings(max_examples=200)
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
