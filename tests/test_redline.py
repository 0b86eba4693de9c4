"""What became of a text: each kind of change, both texts rebuilt to the character, the cost bounded."""

import os
import re
import subprocess
from itertools import pairwise
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from hypothesis import given, settings
from hypothesis import strategies as st

from platforms.alignment import MOST_CELLS, align, pair_anywhere, pair_in_order
from platforms.blocks import BlockKind
from platforms.plaintext import project
from platforms.redline import Redline, RedlineBlock, RedlineKind, redline
from platforms.wording import RunKind, runs_between

BEFORE = """Terms of Service
================

Your content
------------

We may use **your content** to train models if you agree to it in your settings.

*   Files that you delete are kept for 30 days.
*   Backups are kept for a year and then erased.

| Plan | Price |
| --- | --- |
| Basic | 5 EUR a month |

Our rights
----------

We may end the service at any time, with a notice of two weeks by e-mail.

You can object to any transfer of your account to another company.
"""


def told(found: Redline) -> list[tuple[str, str]]:
    """The changes, each as its kind and its words with the marks that `git diff --word-diff` uses."""
    marks = {RunKind.EQUAL: "{}", RunKind.DELETED: "[-{}-]", RunKind.INSERTED: "{{+{}+}}"}
    return [(block.kind, "".join(marks[run.kind].format(run.text) for run in block.runs)) for block in found.changes]


def test_words_that_change_inside_a_block() -> None:
    after = BEFORE.replace("30 days", "60 days").replace("if you agree to it", "unless you object to it")
    assert told(redline(BEFORE, after)) == [
        (
            "replaced",
            "We may use your content to train models [-if-]{+unless+} you [-agree-]{+object+} to it in your settings.",
        ),
        ("replaced", "Files that you delete are kept for [-30-]{+60+} days."),
    ]


def test_blocks_that_come_and_go() -> None:
    after = BEFORE.replace("*   Backups are kept for a year and then erased.\n", "").replace(
        "You can object", "Nobody may sue us in any court of law.\n\nYou can object"
    )
    assert told(redline(BEFORE, after)) == [
        ("deleted", "[-Backups are kept for a year and then erased.-]"),
        ("inserted", "{+Nobody may sue us in any court of law.+}"),
    ]


def test_a_paragraph_that_moved_names_both_places() -> None:
    paragraph = "You can object to any transfer of your account to another company.\n"
    after = BEFORE.replace(paragraph, "").replace("Our rights\n---", f"{paragraph}\nOur rights\n---")
    found = redline(BEFORE, after)
    here, there = found.changes
    assert {here.kind, there.kind} == {RedlineKind.MOVED}
    assert (here.number, here.moved_from, here.moved_to) == (1, 2, 0)
    assert (there.number, there.moved_from, there.moved_to) == (2, 0, 1)
    assert (here.before, there.after) == (None, None)
    assert [run.kind for run in here.runs + there.runs] == [RunKind.EQUAL, RunKind.EQUAL]
    assert after[slice(*here.after)] == BEFORE[slice(*there.before)] == paragraph.strip()


def test_a_paragraph_that_moved_with_edits_shows_them() -> None:
    moved = "We may end the service at any time, with a notice of two weeks by e-mail."
    edited = moved.replace("two weeks", "one day")
    after = edited + "\n\n" + BEFORE.replace(moved + "\n\n", "")
    assert told(redline(BEFORE, after)) == [
        ("moved", "We may end the service at any time, with a notice of [-two weeks-]{+one day+} by e-mail."),
        ("moved", moved),
    ]


def test_a_few_words_that_stand_once_move_too() -> None:
    found = redline("Zulu one.\n\nAlpha two.\n\nBeta six.", "Alpha two.\n\nBeta six.\n\nZulu one.")
    assert [(block.moved_from, block.moved_to, block.before_words) for block in found.changes] == [
        (0, 2, "Zulu one."),
        (1, 0, "Zulu one."),
    ]


def test_short_words_that_stand_often_do_not_move() -> None:
    before = "Yes.\n\nOne long question about the data?\n\nYes.\n\nAnother question about cookies?"
    after = "One long question about the data?\n\nYes.\n\nAnother question about cookies?\n\nYes.\n\nYes."
    assert {block.kind for block in redline(before, after).changes} == {RedlineKind.DELETED, RedlineKind.INSERTED}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("We keep **your** data.", "We keep [your](https://a.example/1) data."),
        ("We keep your data.", "We  keep\nyour data."),
        ("We keep your data.", "*   We keep your data."),
        ("Data\n====", "Data\n----"),
        ("One.\n\n* * *\n\nTwo.", "One.\n\nTwo."),
        ("One.\n\n\n\nTwo.", "One.\n\nTwo."),
        ("One thing. Two things.", "One thing.\n\nTwo things."),
        ("*   One thing\n*   two things\n\nEnd.", "One thing two things\n\nEnd."),
    ],
)
def test_markup_and_white_space_alone_are_no_change(before: str, after: str) -> None:
    for one, other in ((before, after), (after, before)):
        found = redline(one, other)
        assert found.changes == ()
        assert {run.kind for block in found.blocks for run in block.runs} == {RunKind.EQUAL}
        assert (found.rebuild_before(), found.rebuild_after()) == (one, other)


def test_a_paragraph_parted_in_two_names_the_places_of_its_halves() -> None:
    before = "**One thing.** Two things."
    found = redline(before, "One thing.\n\nTwo things.")
    assert [before[slice(*block.before)] for block in found.blocks if block.before] == ["One thing.", "Two things."]


def test_other_markup_is_noted_and_white_space_between_blocks_is_not() -> None:
    assert [block.markup_only for block in redline("A b.\n\nC d.", "A **b**.\n\nC d.").blocks] == [True, False]
    assert [block.markup_only for block in redline("A b.\n\n\nC d.", "A b.\n\nC d.").blocks] == [False, False]


def test_headings_items_and_rows_stay_what_they_are() -> None:
    found = redline(BEFORE, BEFORE.replace("Our rights\n", "Our and your rights\n").replace("5 EUR", "9 EUR"))
    assert [(block.block_kind, block.level) for block in found.changes] == [(BlockKind.ROW, 0), (BlockKind.HEADING, 2)]
    assert told(found) == [
        ("replaced", "Basic | [-5-]{+9+} EUR a month"),
        ("replaced", "Our {+and your +}rights"),
    ]
    assert [block.level for block in found.blocks if block.block_kind is BlockKind.ITEM] == [1, 1]


def test_wholly_other_words_are_no_rewording() -> None:
    found = redline("We keep your data for thirty days.", "Nobody may sue anyone in this state!")
    assert [kind for kind, _ in told(found)] == ["deleted", "inserted"]


def test_what_goes_stands_before_what_comes_in_its_place() -> None:
    found = redline("Alpha beta.\n\nGamma delta.\n\nEnd.", "One two.\n\nThree four.\n\nEnd.")
    assert [block.kind for block in found.blocks] == ["deleted", "deleted", "inserted", "inserted", "equal"]


def test_long_unchanged_stretches_are_folded() -> None:
    lines = [f"Paragraph number {number} about nothing." for number in range(20)]
    after = [*lines[:10], "Paragraph number 10 about everything.", *lines[11:]]
    stretches = redline("\n\n".join(lines), "\n\n".join(after)).stretches
    assert [(stretch.folded, stretch.count) for stretch in stretches] == [(True, 8), (False, 5), (True, 7)]
    assert redline("A.\n\nB.", "A.\n\nB.").stretches[0].folded is False


@pytest.mark.parametrize(
    ("before", "after", "excerpt"),
    [
        ("You can opt out in 30 days.", "You can opt out in 60 days.", "out in (removed: 30) (added: 60) days."),
        ("We share the data.", "We share the data, and sell it.", "share the data (added: , and sell it)."),
        ("We share the data.", "Now we may share the data.", "(removed: We) (added: Now we may) share the data."),
        (
            "I agree. " * 40 + "Stop.",
            "I agree. " * 40 + "Go.",
            "… I agree. I agree. I agree. I agree. (removed: Stop) (added: Go).",
        ),
        ("", "word " * 60, "word word"),
    ],
)
def test_an_excerpt_is_short_and_shows_what_changed(before: str, after: str, excerpt: str) -> None:
    (change,) = redline(before, after).changes
    assert excerpt in change.excerpt
    assert len(change.excerpt) < 300


# Properties

MARKUP = st.text(alphabet="ab1 .\n*_`[]()|\\>-#=~“é\u0301\r\t我", max_size=120)
WORDS = st.lists(st.sampled_from(("we", "you", "may", "not", "30", "data.", "Keep", "“all”,", "我们")), max_size=9)
LEAD = st.sampled_from(("", "", "*   ", "    * ", "  ", "1. ", "## ", "> ", "| ", "```\n"))
BLOCK = st.tuples(LEAD, WORDS.map(" ".join)).map("".join)
TEXT = st.lists(BLOCK, max_size=8).map("\n\n".join) | MARKUP


def check(before: str, after: str) -> Redline:
    """All that has to hold for any two texts."""
    found = redline(before, after)
    assert found.rebuild_before() == before
    assert found.rebuild_after() == after
    assert [block.number for block in found.changes] == list(range(1, len(found.changes) + 1))
    stood = sorted((block for block in found.blocks if block.before), key=lambda block: block.before or (0, 0))
    stands = [block for block in found.blocks if block.after]
    for text, blocks, other in ((before, stood, RunKind.INSERTED), (after, stands, RunKind.DELETED)):
        sides = [(block.before if text is before else block.after) or (0, 0) for block in blocks]
        assert all(0 <= one[0] < one[1] <= other[0] < other[1] <= len(text) for one, other in pairwise(sides))
        assert shown(blocks, other) == without_bars(plain_words(text))
    whole = [block for block in project(after).blocks if block.plain_start < block.plain_end]
    read = [(block.kind, block.level, (block.start, block.end)) for block in whole]
    assert [(block.block_kind, block.level, block.after) for block in stands if block.runs] == read
    for block in found.changes:
        check_place(found, block)
    return found


def shown(blocks: list[RedlineBlock], hidden: RunKind) -> str:
    """The words of one side as its runs show them, without the bars of table rows."""
    lines = ("".join(run.text for run in block.runs if run.kind is not hidden) for block in blocks)
    return without_bars(" ".join(filter(None, lines)))


def without_bars(words: str) -> str:
    """Cells are shown with bars between them; what a fence swallowed of a table has its own."""
    return re.sub(r"(?: \|)+(?= )", "", words)


def check_place(found: Redline, block: RedlineBlock) -> None:
    """A moved block and its other place name each other."""
    partner = block.moved_from or block.moved_to
    assert bool(partner) == (block.kind is RedlineKind.MOVED)
    if partner:
        other = found.changes[partner - 1]
        assert (other.moved_from or other.moved_to) == block.number
        assert bool(block.moved_from) == bool(other.moved_to) == bool(block.after) == bool(other.before)


@given(TEXT, TEXT)
@settings(deadline=None, max_examples=400)
def test_any_two_texts_are_rebuilt_to_the_character(before: str, after: str) -> None:
    check(before, after)


@given(st.lists(BLOCK, min_size=1, max_size=8), st.data())
@settings(deadline=None, max_examples=400)
def test_shuffled_and_edited_texts_are_rebuilt(blocks: list[str], data: st.DataObject) -> None:
    kept = data.draw(st.permutations(blocks))[: data.draw(st.integers(0, len(blocks)))]
    after = [block.replace("you", data.draw(st.sampled_from(("you", "nobody")))) for block in kept]
    joint = data.draw(st.sampled_from(("\n\n", "\n", "\n \n\n", "\r\n\r\n")))
    check("\n\n".join(blocks), joint.join(after))


@given(st.text(max_size=200) | TEXT)
@settings(deadline=None, max_examples=200)
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    found = redline(text, text)
    assert found.changes == ()
    assert found.rebuild_before() == found.rebuild_after() == text


@given(st.text(max_size=80), st.text(max_size=80))
@settings(deadline=None, max_examples=300)
def test_runs_hold_both_wordings(before: str, after: str) -> None:
    runs = runs_between(before, after)
    assert "".join(run.text for run in runs if run.kind is not RunKind.INSERTED) == before
    assert "".join(run.text for run in runs if run.kind is not RunKind.DELETED) == after
    assert all(run.text for run in runs)
    assert all(one.kind is not other.kind for one, other in pairwise(runs))


@given(st.lists(st.integers(0, 4), max_size=40), st.lists(st.integers(0, 4), max_size=40))
def test_alignment_is_common_and_in_order(before: list[int], after: list[int]) -> None:
    stretches = align(before, after)
    assert all(before[i : i + size] == after[j : j + size] and size for i, j, size in stretches)
    assert all(a[0] + a[2] <= b[0] and a[1] + a[2] <= b[1] for a, b in pairwise(stretches))


def plain_words(text: str) -> str:
    held = project(text)
    blocks = (held.plain[block.plain_start : block.plain_end] for block in held.blocks)
    return " ".join(words for words in blocks if words)


# What a hostile text may hold. Were anything quadratic, these would take minutes or hours.

MANY = 20_000


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("- a\n" * MANY, "- a\n" * (MANY - 100)),
        ("- a\n- b\n" * MANY, "- b\n- c\n" * MANY),
        ("a\n\nb\n\n" * MANY, "b\n\na\n\n" * MANY),
        ("word " * MANY, "word " * (2 * MANY)),
        ("one two " * MANY, "two one three " * MANY),
        ("x" * 10 * MANY, "x" * 9 * MANY),
        ("[" * MANY, "](" * MANY),
        (" ".join(map(str, range(2 * MANY))), " ".join(map(str, range(2 * MANY, 0, -1)))),
        ("\n\n".join(map(str, range(MANY))), "\n\n".join(map(str, range(MANY, 0, -1)))),
        ("我" * 3 * MANY, "我们" * MANY),
        ("| a | b |\n" * MANY, "| b | a |\n" * MANY),
    ],
    ids=[
        "fewer",
        "shifted",
        "swapped",
        "repeated",
        "turned",
        "unbroken",
        "brackets",
        "reversed",
        "backwards",
        "han",
        "rows",
    ],
)
def test_the_cost_stays_linear(before: str, after: str) -> None:
    found = redline(before, after)
    assert found.changes
    assert all(block.runs for block in found.changes)
    assert (found.rebuild_before(), found.rebuild_after()) == (before, after)


def test_sequences_beyond_the_exact_method_are_cut_at_what_stands_once() -> None:
    before = [number for at in range(5000) for number in (at + 10, 1)]
    after = [2, *before[:4000], 3, 3, *before[4000:], 4]
    assert len(before) * len(after) > MOST_CELLS
    assert align(before, after) == [(0, 1, 4000), (4000, 4003, 6000)]
    assert align([1, 2] * 4000 + [5], [2, 1] * 4000 + [6])[0][2] == 7999


def test_pairs_in_order_do_not_cross_and_pairs_anywhere_may() -> None:
    one, other = [1, 2, 3, 4], [5, 6, 7, 8, 9]
    assert len(pair_in_order([one, other], [other, one], least=0.5)) == 1
    assert sorted(pair_anywhere([one, other], [other, one], least=0.5)) == [(0, 1), (1, 0)]
    assert pair_in_order([one], [[1, 9, 9, 9]], least=0.5) == []


# Real terms

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


def repository(name: str, folder: Path) -> Path:
    """A clone of an Open Terms Archive collection."""
    bundle = DATA / name
    if not bundle.is_file():
        reason = f"{bundle} is missing: real terms are needed for this test"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    subprocess.run(["git", "clone", "--quiet", "--no-checkout", bundle, folder], check=True, capture_output=True)
    return folder


def git(folder: Path, *arguments: str) -> str:
    return subprocess.run(["git", "-C", folder, *arguments], check=True, capture_output=True).stdout.decode("utf-8")


def test_consecutive_records_are_rebuilt(tmp_path: Path) -> None:
    folder = repository("genai-eu-versions.bundle", tmp_path / "terms")
    log = git(folder, "log", "-z", "--no-merges", "--diff-filter=M", "--raw", "--no-abbrev", "--format=")
    blobs = re.findall(r":100644 100644 ([0-9a-f]{40}) ([0-9a-f]{40}) M\0", log)
    chosen = blobs[:: max(1, len(blobs) // 60)]
    assert len(chosen) >= 60
    changed = 0
    for before, after in chosen:
        one, other = git(folder, "cat-file", "blob", before), git(folder, "cat-file", "blob", after)
        found = check(one, other)
        assert bool(found.changes) or plain_words(one) == plain_words(other)
        changed += bool(found.changes)
    assert changed >= 20


def test_the_move_to_opt_out_is_in_the_runs(tmp_path: Path) -> None:
    folder = repository("genai-contrib-versions.bundle", tmp_path / "terms")
    name = "Claude.ai/Privacy Policy.md"
    dated = [line.split() for line in git(folder, "log", "--format=%as %H", "--", name).splitlines()]
    (commit,) = [commit for day, commit in dated if day == "2025-08-29"]
    found = check(git(folder, "show", f"{commit}^:{name}"), git(folder, "show", f"{commit}:{name}"))
    about_training = [words for kind, words in told(found) if kind == "replaced" and "train our models" in words]
    assert any("[-will not-]{+may+}" in words and "{+" in words and "opt out" in words for words in about_training)
    assert any("opted in" in words.split("[-")[-1] for words in about_training)


# The component


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


def test_headings_above_a_change_stay_open_and_leave_out_no_rank() -> None:
    text = "# Title\n\n### Part\n\n" + "\n\n".join(f"Line {number} of it." for number in range(20)) + "\n\nEnd."
    stretches = redline(text, text.replace("Line 19 of", "Line 19 and all of")).stretches
    assert [stretch.folded for stretch in stretches] == [False, True, False]
    assert [(block.level, block.rank) for block in stretches[0].blocks] == [(1, 1), (3, 2)]
