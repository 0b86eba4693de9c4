"""Which part of an answer is the document, in which characters, and what is said when there is none."""

import pytest

from platforms.capture.extracting import Extraction, Kind, extract
from platforms.capture.proposing import propose_container
from platforms.capture.responses import Fault

from .pages import answer, page, read, refused

LONG = "".join(f"<p>Under rule {name} you may use the service, and not otherwise.</p>" for name in "abcdefgh")
FRAME = (
    "<header><nav>Menu entry</nav></header><aside>Also read</aside>{}<footer>Cookie settings © 2026</footer>"
    "<script>var x = 'script words';</script><noscript>No script</noscript><style>p {{}}</style>"
    "<template>Later</template>"
)


def words(found: object) -> str:
    assert isinstance(found, Extraction), found
    return found.markdown


# Parts


@pytest.mark.parametrize("tag", ["main", "article", "div role=main", "div"])
def test_without_selectors_the_frame_of_the_page_is_left_out(tag: str) -> None:
    found = read(FRAME.format(f"<{tag}><h1>Terms</h1>{LONG}</{tag.split()[0]}>"))
    assert found.markdown.startswith("Terms\n=====\n")
    assert found.markdown.count("not otherwise") == found.visible.count("not otherwise") == 8
    for furniture in ("Menu", "Also", "Cookie", "script", "Later"):
        assert furniture not in found.markdown + found.visible


def test_the_heading_in_the_header_of_an_article_stays() -> None:
    found = read(f"<article><header><h1>Terms</h1></header>{LONG}<footer>Effective 1 May.</footer></article>")
    assert found.markdown.startswith("Terms")
    assert "Effective 1 May." in found.markdown


def test_several_articles_are_one_page() -> None:
    assert read(f"<article>{LONG}</article><article><p>Second part.</p></article>").markdown.count("Second part.") == 1


def test_selectors_choose_in_their_order() -> None:
    body = "<div id=a><p>Part a.</p></div><div class=b><p>Part b.</p></div><div class=b><p>Part c.</p></div>"
    assert read(body, select=".b\n\n  #a  \n").markdown == "Part b.\n\nPart c.\n\n- - -\n\nPart a.\n"


def test_what_lies_in_a_match_is_not_taken_twice() -> None:
    assert read("<div class=x><p class=x>Once.</p></div>", select=".x").markdown == "Once.\n"


def test_remove_takes_out() -> None:
    body = "<main><div class=banner>We use cookies.</div><p>Text stays.</p><p class=date>5 days ago</p></main>"
    found = read(body, select="main", remove=".banner\n.date\n.absent")
    assert found.markdown == "Text stays.\n"
    assert found.visible == "Text stays."


@pytest.mark.parametrize(
    ("selector", "named"),
    [("#gone", "'#gone' matches nothing"), ("p[", "'p['"), ("p::before", "'p::before'")],
)
def test_a_selector_that_does_not_work_is_named(selector: str, named: str) -> None:
    found = refused(page("<p>Text.</p>"), select=f"p\n{selector}")
    assert found.fault is Fault.SELECTOR
    assert named in found.reason


def test_a_wrong_remove_is_named() -> None:
    assert refused(page("<p>Text.</p>"), remove="p:nope(").fault is Fault.SELECTOR


def test_hidden_words_are_not_read() -> None:
    found = read(
        "<p>Seen.</p><p hidden>a</p><p style='color:red; display: none'>b</p><p style='visibility:hidden'>c</p>"
        "<span class='icon sr-only'>d</span><dialog>e</dialog><div hidden=until-found>Found.</div>"
        "<p aria-hidden=true>Shown.</p>"
    )
    assert found.visible.split("\n") == ["Seen.", "Found.", "Shown."]
    assert found.markdown == "Seen.\n\nFound.\n\nShown.\n"


def test_title_and_canonical_address() -> None:
    head = "<link rel=canonical href='/legal/terms/'>"
    found = extract(answer(page("<p>Text.</p>", head=head)))
    assert isinstance(found, Extraction)
    assert (found.title, found.canonical, found.kind) == ("Terms", "https://pennowisk.example/legal/terms/", Kind.HTML)


# Pages that are none


@pytest.mark.parametrize(
    "body",
    [
        "<div id=root></div><script src=/app.js></script>",
        "<div id=root>Loading…</div><noscript>You need to enable JavaScript to run this app.</noscript>",
        "<main></main><script>" + "window.__data = 1;" * 100 + "</script>",
    ],
)
def test_a_page_that_needs_a_browser_says_so(body: str) -> None:
    assert refused(page(body)).fault is Fault.NEEDS_BROWSER
    assert refused(page(body), select="main article").fault is Fault.NEEDS_BROWSER


def test_an_empty_page_says_so() -> None:
    assert refused(page("<div> &nbsp; </div>")).fault is Fault.EMPTY
    assert refused(b"").fault is Fault.EMPTY
    assert refused(b" \n", "text/plain").fault is Fault.EMPTY


@pytest.mark.parametrize("kind", ["image/png", "application/json", "application/zip", ""])
def test_what_is_no_text_says_so(kind: str) -> None:
    assert refused(b"\x89PNG\r\n\x1a\n\x00\x00", kind).fault is Fault.NOT_TEXT


def test_nesting_without_end_says_so() -> None:
    assert refused(page("<div><i>" * 30_000 + "<p>Deep.</p>")).fault is Fault.TOO_DEEP


def test_elements_without_end_are_refused() -> None:
    assert refused(page("x<br>" * 21_000)).fault is Fault.TOO_LARGE


def test_a_page_of_an_unknown_type_is_still_a_page() -> None:
    assert words(extract(answer(page("<p>Text.</p>"), ""))) == "Text.\n"
    assert words(extract(answer("<!-- x -->\n<!DOCTYPE html><p>Text.</p>", "text/plain"))) == "Text.\n"


def test_plain_text_and_markdown_stay_as_they_are() -> None:
    found = extract(answer("# Terms\r\n\r\n*  You   agree.\r\n", "text/markdown"))
    assert isinstance(found, Extraction)
    assert (found.markdown, found.kind) == ("# Terms\n\n*  You   agree.\n", Kind.TEXT)


# Characters

NAMES = "Señor Müller façade “quoted” – naïve"


@pytest.mark.parametrize(
    ("body", "declared"),
    [
        (NAMES.encode(), "text/html; charset=utf-8"),
        (NAMES.encode(), "text/html; charset=iso-8859-1"),
        (NAMES.encode(), "text/html; charset=windows-1252"),
        (NAMES.encode(), "text/html; charset=nonsense"),
        (NAMES.encode(), "text/html"),
        (NAMES.encode("cp1252"), "text/html; charset=utf-8"),
        (NAMES.encode("cp1252"), "text/html; charset=iso-8859-1"),
        (NAMES.encode("cp1252"), "text/html; charset=us-ascii"),
        (b"\xef\xbb\xbf" + NAMES.encode(), "text/html; charset=iso-8859-1"),
        (b"\xff\xfe" + f"<html><p>{NAMES}</p></html>".encode("utf-16-le"), "text/html"),
    ],
)
def test_wrong_charsets_are_seen_through(body: bytes, declared: str) -> None:
    if not body.startswith(b"\xff\xfe"):
        body = b"<html><body><p>" + b"Terms of the service, in full. " * 5 + body + b"</p></body></html>"
    assert NAMES in words(extract(answer(body, declared)))


@pytest.mark.parametrize("charset", ["shift_jis", "euc-jp", "iso-2022-jp", "gb2312", "big5", "euc-kr", "koi8-r"])
@pytest.mark.parametrize("place", ["header", "meta"])
def test_declared_charsets_are_used(charset: str, place: str) -> None:
    text = {
        "gb2312": "用户同意本协议",
        "big5": "用戶同意本協議",
        "euc-kr": "이용자는 동의합니다",
        "koi8-r": "Вы согласны",
    }
    said = text.get(charset, "利用者は同意します")
    meta = f"<meta charset={charset}>" if place == "meta" else ""
    body = page(f"<p>{said}</p>", head=meta).encode(charset)
    declared = f"text/html; charset={charset}" if place == "header" else "text/html"
    assert words(extract(answer(body, declared))) == f"{said}\n"


def test_what_is_undeclared_is_read_in_the_alphabet_of_its_language() -> None:
    said = "Użytkownik może usunąć swoje treści w każdej chwili. Świadczenie usług kończy się źle."
    assert words(extract(answer(page(f"<p>{said}</p>").encode("cp1250"), "text/html"), language="pl")) == said + "\n"


def test_a_damaged_character_costs_no_other() -> None:
    body = page(f"<p>{NAMES * 20}</p>").encode() + b"\xff"
    assert NAMES in words(extract(answer(body)))


def test_no_character_comes_out_that_cannot_be_stored() -> None:
    found = extract(answer(page("<p>A\x00B&#0;C&#xD800;D&#x1F;E\ufffeF\u2028G</p>", head="<title>\x00</title>")))
    text = words(found) + found.visible + found.title
    text.encode("utf-8")
    assert not any(ord(character) < 32 and character != "\n" for character in text)
    assert all(letter in found.visible for letter in "ABCDEFG")


# Proposals


def test_a_container_is_proposed() -> None:
    html = page(
        FRAME.format(f"<div class='wrap x123456'><div class='legal-text'><h1>Terms</h1>{LONG}</div><div>Ad</div></div>")
    )
    assert propose_container(html) == "div.legal-text"
    found = extract(answer(html))
    assert isinstance(found, Extraction)
    assert found.proposal == "div.legal-text"
    assert words(extract(answer(html), select=found.proposal)).startswith("Terms")


def test_a_container_without_a_name_is_proposed_by_its_place() -> None:
    html = page(f"<div id=top><div>Ad</div><div><h1>Terms</h1>{LONG}</div></div><div>Other</div>")
    selector = propose_container(html)
    assert selector == "#top > div:nth-of-type(2)"


@pytest.mark.parametrize("html", ["", "<p>", "<html></html>", "no page at all"])
def test_nothing_is_proposed_for_nothing(html: str) -> None:
    assert propose_container(html) == ""
