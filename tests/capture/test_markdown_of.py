"""Nothing that a reader sees gets lost between the page and the Markdown, and nothing is added."""

import random
import re

import pytest

from platforms.blocks import BlockKind
from platforms.capture.extracting import Extraction, extract
from platforms.capture.markdown_of import escaped
from platforms.plaintext import project

from .pages import answer, page, read

# Body of a page, and what its plain words have to hold, in this order.
STRUCTURES = {
    "headings": ("<h1>Terms</h1><h2>1. Scope</h2><h4>Who we are #</h4><p>We.</p>", ["Terms 1. Scope Who we are # We."]),
    "table in a list": (
        "<ol><li>You pay:<table><tr><th>Plan</th><th>Price</th></tr><tr><td>Free</td><td>0 €</td></tr></table></li>"
        "<li>We bill.</li></ol>",
        ["1. You pay: Plan Price Free 0 € 2. We bill."],
    ),
    "list in a table": (
        "<table><tr><th>Why</th><th>What</th></tr><tr><td><ul><li>To run it</li><li>To fix it</li></ul></td>"
        "<td><ol start=3><li>Name</li><li>Mail</li></ol><p>And more.</p></td></tr></table>",
        ["Why What To run it To fix it 3. Name 4. Mail And more."],
    ),
    "definitions": (
        "<dl><dt>Content</dt><dd>What you make.</dd><dd>And upload.</dd><dt>We</dt><dd><p>Us.</p><p>All.</p></dd></dl>",
        ["Content What you make. And upload. We Us. All."],
    ),
    "numbers of nested lists": (
        "<ol start=4><li>Four.<ol type=a><li>Small a.</li><li>Small b.<ol type=i start=9><li>Nine.</li><li>Ten.</li>"
        "</ol></li></ol></li><li value=7>Seven.</li><li>Eight.<p>More.</p><ol start=3><li>Three.</li></ol></li></ol>",
        ["4. Four. a. Small a. b. Small b. ix. Nine. x. Ten. 7. Seven. 8. Eight. More. 3. Three."],
    ),
    "letters by style": (
        "<ol style='list-style-type: upper-roman'><li>One.</li><li>Two.</li></ol><ol type=A start=26><li>Z.</li>"
        "<li>AA.</li></ol><ol reversed><li>Two.</li><li>One.</li></ol><ol start=0><li>Nought.</li></ol>",
        ["I. One. II. Two. Z. Z. AA. AA. 2. Two. 1. One. 0. Nought."],
    ),
    "an item without words keeps its number": ("<ol><li></li><li>Second.</li></ol>", ["1. 2. Second."]),
    "details": (
        "<details><summary>How long?</summary><p>Thirty days.</p></details>"
        "<details open><summary>Who?</summary>We.</details>",
        ["How long? Thirty days. Who? We."],
    ),
    "address and line breaks": (
        "<p>First line.<br>Second line.<br/><br/>Third line.</p><address>Pennowisk<br>1 Road<br>- Town</address>",
        ["First line. Second line. Third line. Pennowisk 1 Road - Town"],
    ),
    "spans inside a sentence": (
        "<p><span>You </span><span>agree</span><span> to <b>all</b></span> of <i>th</i>is and <b>that:</b>&nbsp;yes"
        "<b>.</b> <em>Note:</em>it <strong><em>st</em>ands</strong>. A<b>B</b>C. 1<b>2</b>3. <b>&nbsp;x</b>y</p>",
        ["You agree to all of this and that: yes. Note:it stands. ABC. 123. xy"],
    ),
    "entities and blanks": (
        "<p>A&nbsp;B &amp; C &lt; D &gt; E &quot;F&quot; &euro;5 &sect;&nbsp;2 &#8212; &#x2019;tis "
        "&amp;lt; &lt;b&gt; &shy;x</p>",
        ['A B & C < D > E "F" €5 § 2 - \'tis &lt; <b> x'],
    ),
    "custom elements": (
        "<policy-section><policy-text>One rule.</policy-text><policy-text>Two rules.</policy-text></policy-section>"
        "<p>Any <tool-tip>term</tool-tip>s stand.</p>",
        ["One rule. Two rules. Any terms stand."],
    ),
    "tabs and accordions": (
        "<div role=tablist><button role=tab aria-controls=p1>You</button>"
        "<button role=tab aria-controls=p2>We</button></div>"
        "<div id=p1 role=tabpanel>Yours stays.</div><div id=p2 role=tabpanel hidden>Ours goes.</div>"
        "<h3><button aria-expanded=false data-target='#p3'>Third</button></h3>"
        "<div id=p3 style='display:none'>Kept.</div>",
        ["You We Yours stays. Ours goes. Third Kept."],
    ),
    "layout tables": (
        "<table role=presentation><tr><td><h2>Scope</h2><p>All.</p></td><td>Side.</td></tr></table>"
        "<table><tr><td><table><tr><td>In</td><td>ner</td></tr></table></td><td>Out.</td></tr></table>"
        "<table><tr><td>Only one.</td></tr></table>",
        ["Scope All. Side. In ner Out. Only one."],
    ),
    "spans of cells": (
        "<table><caption>Prices</caption><thead><tr><th rowspan=2>Plan</th><th colspan=2>Price</th></tr>"
        "<tr><th>EU</th><th>US</th></tr></thead><tbody><tr><td>Free</td><td colspan=2>None</td></tr>"
        "<tr><th>Pro</th><td>9 | month</td><td>10</td></tr></tbody></table>",
        ["Prices Plan Price EU US Free None Pro 9 | month 10"],
    ),
    "lines that look like marks": (
        "<p>- not a list</p><p>+ nor this</p><p># nor a heading</p><p>> 13 years</p><p>1. of May</p><p>=====</p>"
        "<p>2) Two</p><p>Text<br>---</p><p>* star * and *this* and _that_ and a_b_c `code` ~~no~~ [x](y) ![z](w)</p>"
        "<p>Stop!<a href=/x>Here</a> \\ and \\* and | pipe | and <b>| bar</b></p>",
        [
            "- not a list + nor this # nor a heading > 13 years 1. of May ===== 2) Two Text ---",
            "* star * and *this* and _that_ and a_b_c 'code' ~~no~~ [x](y) ![z](w)",
            "Stop!Here \\ and \\* and | pipe | and | bar",
        ],
    ),
    "quotations": (
        "<blockquote><p>First.</p><p>Second.</p></blockquote><blockquote>30 days.</blockquote><p>Say <q>yes</q>.</p>",
        ['First. Second. 30 days. Say "yes".'],
    ),
    "figures and forms": (
        "<form><fieldset><legend>Consent</legend><p>You consent.</p><input value=no><button>Send</button>"
        "<select><option>no</option></select><label>Label.</label></fieldset></form>"
        "<figure><img alt=no><figcaption>Caption.</figcaption></figure>",
        ["Consent You consent. Label. Caption."],
    ),
    "raised numbers": (
        "<p>Area 10<sup>2</sup>, note<sup><a href='#f'>1</a></sup>, 5<sup>th</sup>, H<sub>2</sub>O.</p>",
        ["Area 10², note¹, 5th, H2O."],
    ),
    "preformatted": ("<pre>TERMS\n\n1. You agree.\n   - and *stay*</pre>", ["TERMS 1. You agree. - and *stay*"]),
    "code": ("<p>Set <code>a_b|*c*</code> and <kbd>`x`</kbd>.</p>", ["Set a_b|*c* and 'x'."]),
    "unclosed elements": (
        "<ul><li>One<li>Two<li>Three</ul><p>Four<p>Five<table><tr><td>Six<td>Seven<tr><td>Eight<td>Nine</table>",
        ["One Two Three Four Five Six Seven Eight Nine"],
    ),
    "list without items": (
        "<ul><ul><li>Inner.</li></ul>Loose.<p>Words.</p></ul><li>Alone.</li>",
        ["Inner. Loose. Words. Alone."],
    ),
    "blocks in inline elements": (
        "<b><p>One.</p><p>Two.</p></b><a href=/x><h3>Three</h3><p>Four.</p></a>"
        "<span><div>Five.</div><div>Six.</div></span>",
        ["One. Two. Three Four. Five. Six."],
    ),
    "text beside blocks": ("<div>One<p>Two</p>three<div>four</div>five</div>", ["One Two three four five"]),
    "deep nesting": ("<div>" * 300 + "<p>Deep down.</p>" + "</div>" * 300, ["Deep down."]),
    "right to left and wide letters": (
        "<p>利用者は同意します。</p><p>أنت توافق.</p><p>🎉 Fine.</p>",
        ["利用者は同意します。 أنت توافق. 🎉 Fine."],
    ),
}


@pytest.mark.parametrize("name", STRUCTURES)
def test_every_word_cell_and_number_is_kept_in_order(name: str) -> None:
    inner, expected = STRUCTURES[name]
    found = read(inner)
    assert project(found.markdown).plain == " ".join(expected), found.markdown


# Numbers are not in the HTML and superscripts come out alike: everything else has to agree with the second way.
NUMBERED = {"numbers of nested lists", "letters by style", "an item without words keeps its number"}
NUMBERED |= {"table in a list", "list in a table"}


@pytest.mark.parametrize("name", sorted(set(STRUCTURES) - NUMBERED))
def test_the_second_way_finds_the_same_words(name: str) -> None:
    found = read(STRUCTURES[name][0])
    plain = project(found.markdown).plain
    words = project(" ".join(escaped(line, line=True) for line in found.visible.splitlines())).plain
    assert sorted(plain.split()) == sorted(words.split())


def test_the_style_of_the_archive() -> None:
    found = read(
        "<h1>Terms</h1><h2>1. Scope</h2><h3>Who</h3><p>See <a href='../x y(1)'>here</a> &amp; <b>note</b>.<br>Next</p>"
        "<ul><li>One<ul><li>Two</li></ul></li><li>Three</li></ul><ol start=9><li>Nine</li><li>Ten</li></ol><hr>"
        "<table><tr><td>a</td><td>b|c</td></tr></table>"
    )
    assert found.markdown == (
        "Terms\n=====\n\n1\\. Scope\n---------\n\n### Who\n\n"
        "See [here](https://pennowisk.example/x%20y%281%29) & **note**.  \nNext\n\n"
        "*   One\n    \n    *   Two\n*   Three\n\n9.  Nine\n10.  Ten\n\n* * *\n\n"
        "|     |     |\n| --- | --- |\n| a | b\\|c |\n"
    ).replace("    \n", "\n")


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("<a href='#part'>x</a>", "[x](https://pennowisk.example/legal/terms#part)"),
        ("<a href='//other.example/a_b*c'>x</a>", "[x](https://other.example/a_b*c)"),
        ("<a href='mailto:a@b.example'>a@b.example</a>", "[a@b.example](mailto:a@b.example)"),
        ("<a href='javascript:void(0)'>x</a>", "x"),
        ("<a href='data:text/html,x'>x</a>", "x"),
        ("<a name=x>x</a>", "x"),
        ("<a href='http://[bad'>x</a>", "x"),
        ("<a href='/a'><img alt=no></a>x", "x"),
        ("<a href='/a|b\\c&quot;d<e>'>x</a>", "[x](https://pennowisk.example/a%7Cb%5Cc%22d%3Ce%3E)"),
        ("<a href='/a'>[x]</a>", "[\\[x\\]](https://pennowisk.example/a)"),
    ],
)
def test_links_have_whole_addresses(link: str, expected: str) -> None:
    assert read(f"<p>{link}</p>").markdown == expected + "\n"


def test_the_base_of_a_page_is_heeded() -> None:
    found = extract(answer(page("<p><a href=x>x</a></p>", head="<base href='/en/'>")))
    assert isinstance(found, Extraction)
    assert found.markdown == "[x](https://pennowisk.example/en/x)\n"


def test_pages_put_together_at_random_lose_nothing() -> None:
    """Structures in structures in structures: every sentence is found again, in order."""
    chance = random.Random(7)
    wraps = [
        "<div>{}</div>",
        "<section>{}</section>",
        "<ul><li>{}</li></ul>",
        "<ol start=3><li>{}</li><li>{}</li></ol>",
        "<blockquote>{}</blockquote>",
        "<table><tr><td>{}</td><td>{}</td></tr></table>",
        "<table><tr><th>{}</th><th>{}</th></tr><tr><td>{}</td><td>{}</td></tr></table>",
        "<dl><dt>{}</dt><dd>{}</dd></dl>",
        "<details><summary>{}</summary>{}</details>",
        "<my-part>{}</my-part>",
        "<p><b>{}</b> <i>{}</i> <a href=/x>{}</a></p>",
        "<span>{}</span> <em>{}</em><br>{}",
        "<h3>{}</h3>{}",
        "<td>{}</td>",
        "<form>{}<p>{}</form>",
    ]
    marks = ["", "*", "_x_", "- ", "1. ", "# ", "| ", "[", "](x)", "`", "~~", "&lt;p&gt;", "\\", "!"]
    for _ in range(60):
        count = 0

        def sentence() -> str:
            nonlocal count
            count += 1
            return f"{chance.choice(marks)} Sentence number{count} ends{chance.choice('.!?;:')}"

        def build(depth: int) -> str:
            if depth == 0:
                return sentence()
            return re.sub(
                r"\{\}", lambda _: build(depth - chance.randint(1, 2) if depth > 1 else 0), chance.choice(wraps)
            )

        inner = "".join(build(3) for _ in range(3))
        found = read(inner, select="body")
        numbers = re.findall(r"number(\d+) ends", project(found.markdown).plain)
        assert sorted(map(int, numbers)) == list(range(1, count + 1)), inner
        assert re.findall(r"number(\d+) ends", found.visible) == numbers, inner


@pytest.mark.parametrize("reference", ["&#127;", "&#x80;", "&#x2028;", "&#x85;", "&#8233;", "&#12;", "&#1;"])
@pytest.mark.parametrize("mark", ["# We never sell data", "- item", "1. item", "> quotation", "=====", "* * *"])
def test_characters_that_go_leave_no_marks_behind(reference: str, mark: str) -> None:
    """A page can write what no text can hold as a reference, which only the parser reads."""
    found = read(f"<p>{reference}{mark}</p><p>Words{reference}{mark}</p><pre>{reference}{mark}</pre>")
    held = project(found.markdown)
    assert {block.kind for block in held.blocks} == {BlockKind.PARAGRAPH}, found.markdown
