"""Rendering: nothing that can run survives, no nesting is too deep, and the cost is bounded."""

import re

import bleach
import nh3
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conductatlas.markdown import ATTRIBUTES, PROTOCOLS, TAGS, Marked, render_analysis, render_text
from tests.effort import assert_growth

from .rendered import XHTML, elements

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


@settings(max_examples=150)
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
