"""Conventions of templates and of what they load: nothing inline, nothing declared safe, no other host, one shape."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import get_template

TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.html"))
PAGES = [path for path in TEMPLATES if '{% extends "base.html" %}' in path.read_text()]
KIT = settings.BASE_DIR / "templates/clauses/kit.html"  # what two pages have in common, and no page itself
KITS = [path for path in TEMPLATES if '{% extends "clauses/kit.html" %}' in path.read_text()]
SHEETS = sorted((settings.BASE_DIR / "static").rglob("*.css"))
SCRIPTS = sorted((settings.BASE_DIR / "static").rglob("*.js"))

KEEPING = "keeping.js"  # of the admin alone: it keeps what was typed and not saved in the browser of who typed it

INLINE_SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)", re.IGNORECASE)
INLINE_STYLE = re.compile(r"<style|\sstyle\s*=", re.IGNORECASE)
HANDLER = re.compile(r"<[^>]*\son[a-z]+\s*=|javascript:", re.IGNORECASE)
LOADED = re.compile(
    r"<(?:script|img|iframe|source|video|audio)\b[^>]*?\bsrc=\"([^\"]*)\""
    r"|<link\b[^>]*\brel=\"(?:stylesheet|icon|preload)\"[^>]*?\bhref=\"([^\"]*)\""
)
OTHER_HOST = re.compile(r"(?:https?:)?//(?!www\.w3\.org/)[a-z0-9]", re.IGNORECASE)
BLOCKS = ("title", "description", "og_title", "og_description", "content")


def name(path: Path) -> str:
    return str(path.relative_to(settings.BASE_DIR))


def test_there_is_something_to_look_at():
    assert len(TEMPLATES) > 40
    assert len(PAGES) > 15
    assert len(SHEETS) > 5
    assert SCRIPTS


@pytest.mark.parametrize("pattern", [INLINE_SCRIPT, INLINE_STYLE, HANDLER], ids=["script", "style", "handler"])
def test_nothing_inline(pattern):
    found = {name(path): match[0] for path in TEMPLATES if (match := pattern.search(path.read_text()))}
    assert found == {}, "the Content-Security-Policy would block it"


@pytest.mark.parametrize(
    "wrong",
    [
        "<script>let a</script>",
        '<p style="color:red">',
        "<style>p {}</style>",
        '<a onclick="go()">',
        '<a href="javascript:go()">',
    ],
)
def test_the_patterns_find_what_they_are_for(wrong):
    assert any(pattern.search(wrong) for pattern in (INLINE_SCRIPT, INLINE_STYLE, HANDLER))


def test_nothing_is_declared_safe():
    declared = re.compile(r"\|\s*safe(?:seq)?\b|{%\s*autoescape\s+off")
    found = [name(path) for path in TEMPLATES if declared.search(path.read_text())]
    assert found == [], "Use |stored for prose that was cleaned when it was saved."


def test_everything_is_loaded_from_this_site():
    loaded = {(name(path), found[1] or found[2]) for path in TEMPLATES for found in LOADED.finditer(path.read_text())}
    assert len(loaded) > 10
    assert {one for one in loaded if not one[1].startswith(("{% static ", "/static/"))} == set()


@pytest.mark.parametrize("path", SHEETS, ids=name)
def test_style_sheets_load_only_their_own(path):
    text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)
    assert not OTHER_HOST.search(text)
    for address in re.findall(r"url\(\s*[\"']?([^\"')]+)", text):
        assert (path.parent / address).is_file(), f"{name(path)} loads {address}, which is not there"


@pytest.mark.parametrize("path", SCRIPTS, ids=name)
def test_scripts_keep_nothing_and_ask_nobody(path):
    forbidden = re.compile(
        r"document\.cookie|localStorage|sessionStorage|indexedDB|\bfetch\(|XMLHttpRequest|sendBeacon|\beval\(|innerHTML"
    )
    text = path.read_text()
    if path.name == KEEPING:
        text = re.sub("localStorage|sessionStorage", "", text)
    assert not forbidden.search(text)
    assert not OTHER_HOST.search(re.sub(r"(?m)^\s*//.*$", "", text))


@pytest.mark.parametrize("path", [*SHEETS, *SCRIPTS], ids=name)
def test_short_files(path):
    assert len(path.read_text().splitlines()) <= 400, f"{name(path)} is long: split it by what it describes."


@pytest.mark.parametrize("path", [path for path in [*PAGES, *KITS] if path != KIT], ids=name)
def test_every_page_says_what_it_is(path):
    text = path.read_text() + (KIT.read_text() if path in KITS else "")
    for block in BLOCKS:
        assert f"{{% block {block} %}}" in text, f"{name(path)} has no {block}"


@pytest.mark.parametrize(
    "path", [path for path in PAGES if "frozen" not in path.name and "clause.html" not in path.name], ids=name
)
def test_one_heading_of_the_first_rank(path):
    assert len(re.findall(r"<h1[\s>]", path.read_text())) == 1


def test_what_templates_name_is_there():
    for path in TEMPLATES:
        for asset in re.findall(r"{% static '([^']+)' %}", path.read_text()):
            if not asset.startswith("django_htmx/"):
                assert finders.find(asset), f"{name(path)} loads {asset}, which is not there"
        for included in re.findall(r'{% include "([^"]+)"', path.read_text()):
            get_template(included)  # raises where it is not there; the stock admin has some of its own


def test_the_error_page_needs_nothing():
    text = (settings.BASE_DIR / "templates" / "500.html").read_text()
    assert "{%" not in text
    assert "{{" not in text


def test_formatted():
    """The formatter would change nothing; `djlint --reformat templates` brings them into shape."""
    checked = subprocess.run(
        [sys.executable, "-m", "djlint", "--check", "templates"], cwd=settings.BASE_DIR, capture_output=True, text=True
    )
    assert checked.returncode == 0, checked.stdout
