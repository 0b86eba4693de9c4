"""One spelling for one content, and no content lost on the way."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from clauses.catalogue import folder
from clauses.catalogue.canonical import WIDTH, InOneLine, emitted, written
from clauses.catalogue.clause_schema import Quotation
from clauses.catalogue.formatting import format_catalogue
from clauses.catalogue.problems import CatalogueError
from clauses.catalogue.reading import parse_yaml

from . import small
from .small import CLAUSE, DOCUMENT, content_of, put, swap

AWKWARD = [
    "yes",
    "No",
    "on",
    "y",
    "null",
    "~",
    "1984",
    "-0",
    "0o7",
    "1_000",
    "1e3",
    ".5",
    "12:30:45",
    "2018",
    "2018-05-25",
    "=",
    "<<",
    "true",
]
AWKWARD += [
    "- item",
    "# none",
    "a # b",
    "a: b",
    "a:",
    "'quoted'",
    '"quoted"',
    "[1]",
    "{}",
    "&a",
    "*a",
    "!tag",
    "%",
    "@",
    "`",
    "|",
    ">",
    "---",
    "...",
]
AWKWARD += [
    " leading",
    "trailing ",
    "two  blanks",
    "tab\there",
    "line\nend",
    "end\n",
    "\n",
    "two\n\n\nends",
    "no\u00a0break",
    "\ufeff",
    "\x85",
    "\u2028",
]
words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=300)
prose = st.lists(
    st.sampled_from(["you", "may", "not", "[1]", "a:", "#", "-", "„Wörter“", "x" * 120]), min_size=1, max_size=60
).map(" ".join)
strings = words | prose | st.sampled_from(AWKWARD)
scalars = strings | st.integers(-(10**17), 10**17) | st.booleans()
keys = st.from_regex(r"[a-z][a-z_]{0,9}", fullmatch=True).filter(
    lambda key: key not in {"y", "n", "yes", "no", "on", "off", "true", "false", "null"}
)
trees = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, min_size=1, max_size=4)
        | st.lists(scalars, min_size=1, max_size=5).map(InOneLine)
        | st.dictionaries(keys, inner, min_size=1, max_size=4)
    ),
    max_leaves=12,
)


@given(st.dictionaries(keys, trees, min_size=1, max_size=5) | st.lists(trees, min_size=1, max_size=5))
def test_what_is_written_is_read_back_by_us_and_by_others(tree: Any) -> None:
    text = emitted(tree)
    assert parse_yaml(text, name="x").data == tree
    assert yaml.safe_load(text) == tree
    assert "\r" not in text and "\t" not in text and text.endswith("\n")


@given(prose)
def test_long_lines_are_folded_where_they_can_be(value: str) -> None:
    for line in emitted({"key": value}).splitlines():
        assert (
            len(line) <= WIDTH
            or " " not in line.strip()
            or line.startswith('key: "')
            or max(map(len, line.split())) > 100
        )


@pytest.mark.parametrize(
    ("value", "spelled"),
    [
        ("plain words", "plain words"),
        ("yes", '"yes"'),
        ("2018-05", "2018-05"),
        ("2018", '"2018"'),
        ("Art. 6", "Art. 6"),
        ("Note: this", '"Note: this"'),
        ("no\u00a0break", '"no\\xA0break"'),
        ("two\nlines", "|-\n  two\n  lines"),
    ],
)
def test_spelling(value: str, spelled: str) -> None:
    assert emitted({"key": value}) == f"key: {spelled}\n"


@given(st.lists(st.lists(words.filter(str.strip), min_size=1, max_size=3), min_size=1, max_size=3))
def test_quoted_words_are_never_altered(segments: list[list[str]]) -> None:
    quotation = Quotation.model_validate({"words": segments})
    again = Quotation.model_validate(parse_yaml(written(quotation), name="x").data)
    assert again == quotation


def test_the_demo_catalogue_is_in_canonical_form() -> None:
    assert format_catalogue(Path("fixtures"), check=True).differing == ()


def test_formatting_changes_the_spelling_and_not_the_content(tmp_path: Path) -> None:
    small.written(tmp_path)
    canonical = content_of(tmp_path)
    swap(
        tmp_path,
        CLAUSE,
        "title: Reading Your Notes\nclause_type: note-reading",
        'clause_type: "note-reading"\ntitle: >-\n  Reading\n  Your Notes',
    )
    swap(tmp_path, CLAUSE, "sentences: [1]", "sentences:\n    - 1")
    swap(tmp_path, DOCUMENT, "by_hand: true", "by_hand:   true")
    before, _ = folder.read(tmp_path)
    assert sorted(format_catalogue(tmp_path, check=True).differing) == sorted([CLAUSE, DOCUMENT])
    format_catalogue(tmp_path, check=False)
    after, _ = folder.read(tmp_path)
    assert content_of(tmp_path) == canonical
    assert [entry.value for entry in after.clauses.values()] == [entry.value for entry in before.clauses.values()]
    assert format_catalogue(tmp_path, check=True).differing == ()


@pytest.mark.parametrize(
    ("place", "line"),
    [("title: Reading Your Notes", 2), ("      body: |-", 49), ("  - - We may read your notes.", 6), ("- words:", 5)],
)
def test_a_comment_would_be_lost_and_is_refused(place: str, line: int, tmp_path: Path) -> None:
    swap(small.written(tmp_path), CLAUSE, f"{place}\n", f"{place} # why\n")
    before = content_of(tmp_path)
    with pytest.raises(CatalogueError) as caught:
        format_catalogue(tmp_path, name="cat", check=False)
    assert (
        str(caught.value)
        == f"cat/{CLAUSE}:{line}: holds a comment, which is not kept: put it in a field, or leave it out"
    )
    assert content_of(tmp_path) == before


def test_a_hash_sign_in_a_text_is_no_comment(tmp_path: Path) -> None:
    swap(small.written(tmp_path), CLAUSE, "Dear Quillmoor,", "Dear Quillmoor, # 1\n        # 2")
    swap(tmp_path, CLAUSE, "title: Reading Your Notes", 'title: "Reading # Your Notes"')
    assert format_catalogue(tmp_path, check=False).differing == ()


def test_answers_stand_in_the_order_of_the_questions(tmp_path: Path) -> None:
    small.written(tmp_path)
    canonical = (tmp_path / CLAUSE).read_bytes()
    first = re.search(rb"  - question: reads\n.*?(?=  - question)", canonical, re.DOTALL)[0]
    put(tmp_path, CLAUSE, canonical.replace(first, b"").replace(b"  actions:", first + b"  actions:"))
    format_catalogue(tmp_path, check=False)
    assert (tmp_path / CLAUSE).read_bytes() == canonical


def test_a_text_is_named_by_its_day(tmp_path: Path) -> None:
    swap(small.written(tmp_path), DOCUMENT, "texts/2025-03-01.md", "texts/first.md")
    text = tmp_path / small.FIRST_TEXT
    text.rename(text.with_name("first.md"))
    with pytest.raises(CatalogueError) as caught:
        format_catalogue(tmp_path, name="cat", check=True)
    assert str(caught.value) == (
        f"cat/{DOCUMENT}:8: snapshots[0].text: "
        "is named texts/first.md: rename the file to texts/2025-03-01.md, after the day of its first snapshot"
    )


def test_the_command_checks_and_rewrites(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    swap(small.written(tmp_path), DOCUMENT, "by_hand: true", "by_hand:   true")
    with pytest.raises(CommandError, match=r"1 of 8 files differ: run manage.py format_catalogue"):
        call_command("format_catalogue", str(tmp_path), check=True)
    assert capsys.readouterr().out == f"{tmp_path}/{DOCUMENT}: is not in canonical form\n"
    call_command("format_catalogue", str(tmp_path))
    assert capsys.readouterr().out.splitlines() == [
        f"{tmp_path}/{DOCUMENT}: rewritten",
        f"{tmp_path}: 8 YAML files are in canonical form.",
    ]
