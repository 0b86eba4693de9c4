"""The component that shows a redline: numbered changes, links between them, headings, lists and folds."""

import re
from itertools import pairwise

import pytest
from django.template.loader import render_to_string

from platforms.redline import redline

from .redlined import BEFORE


@pytest.fixture(scope="module")
def shown_page() -> str:
    """A redline with every kind of change, rendered."""
    filler = "\n\n".join(f"Paragraph {number} says what it has always said." for number in range(9))
    before = f'{BEFORE}\n{filler}\n\nWrite to <a@b.example> & "us".\n\n- One item.\n\nIt ends on Monday.'
    moved = "You can object to any transfer of your account to another company.\n\n"
    after = f"{moved}{before.replace(moved, '')}".replace("5 EUR", "9 EUR").replace("Monday.", "Tuesday & <i>then</i>")
    after = after.replace("- One item.", "- One **item**.") + "\n\n- <Another> item.\n"
    return render_to_string("components/redline.html", {"redline": redline(before, after), "language": "de-AT"})


def test_the_component_numbers_the_changes_and_its_links_lead_somewhere(shown_page: str) -> None:
    ids = re.findall(r'id="([^"]+)"', shown_page)
    assert ids[:2] == ["redline-changes", "redline-text"]  # its two headings
    assert ids[2:] == [f"change-{number}" for number in range(1, len(ids) - 1)]
    assert len(ids) > 6
    links = re.findall(r'href="#([^"]+)"', shown_page)
    assert set(links) == set(ids) - {"redline-text"}
    moved = re.search(r'id="change-1".*?from change (\d+)</a>', shown_page, re.DOTALL)
    assert moved and f'href="#change-{moved[1]}"' in moved[0]


def test_the_component_escapes_and_says_in_words_what_changed(shown_page: str) -> None:
    assert "&lt;Another&gt; item." in shown_page
    assert "<a@b.example>" not in shown_page
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", shown_page))
    assert "It ends on [removed: Monday.] [added: Tuesday &amp; then]" in words
    assert re.search(r"<del>Monday.</del>", shown_page) and "<ins>Tuesday &amp; then</ins>" in shown_page
    assert "The same words; only markup or spacing differs." in words


def test_the_component_keeps_headings_lists_and_what_is_folded(shown_page: str) -> None:
    headings = [int(rank) for rank in re.findall(r"<h(\d)", shown_page)]
    assert headings[0] == 2 and all(after - before <= 1 for before, after in pairwise(headings))
    folds = re.findall(r'<details class="redline-fold">(.*?)</details>', shown_page, re.DOTALL)
    assert any("Paragraph 5 says" in fold and "unchanged paragraphs</summary>" in fold for fold in folds)
    assert not any('id="change' in fold for fold in folds)
    assert shown_page.count("<ul") == shown_page.count("</ul>") >= 2
    assert 'lang="de-AT"' in shown_page


def test_the_component_says_when_nothing_changed() -> None:
    page = render_to_string("components/redline.html", {"redline": redline("A.", "**A.**")})
    assert "No words differ" in page and "only markup" in page
