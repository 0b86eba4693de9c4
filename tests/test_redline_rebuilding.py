"""Both texts are rebuilt from a redline to the character, and the cost is bounded: any texts, hostile and real ones."""

import re
import subprocess
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from platforms.plaintext import project
from platforms.redline import Redline, RedlineBlock, RedlineKind, redline
from platforms.wording import RunKind, runs_between

from .archives import bundle_of
from .redlined import told

# Any texts

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
@settings(max_examples=400)
def test_any_two_texts_are_rebuilt_to_the_character(before: str, after: str) -> None:
    check(before, after)


@given(st.lists(BLOCK, min_size=1, max_size=8), st.data())
@settings(max_examples=400)
def test_shuffled_and_edited_texts_are_rebuilt(blocks: list[str], data: st.DataObject) -> None:
    kept = data.draw(st.permutations(blocks))[: data.draw(st.integers(0, len(blocks)))]
    after = [block.replace("you", data.draw(st.sampled_from(("you", "nobody")))) for block in kept]
    joint = data.draw(st.sampled_from(("\n\n", "\n", "\n \n\n", "\r\n\r\n")))
    check("\n\n".join(blocks), joint.join(after))


@given(st.text(max_size=200) | TEXT)
@settings(max_examples=200)
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    found = redline(text, text)
    assert found.changes == ()
    assert found.rebuild_before() == found.rebuild_after() == text


@given(st.text(max_size=80), st.text(max_size=80))
@settings(max_examples=300)
def test_runs_hold_both_wordings(before: str, after: str) -> None:
    runs = runs_between(before, after)
    assert "".join(run.text for run in runs if run.kind is not RunKind.INSERTED) == before
    assert "".join(run.text for run in runs if run.kind is not RunKind.DELETED) == after
    assert all(run.text for run in runs)
    assert all(one.kind is not other.kind for one, other in pairwise(runs))


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


# Real terms


def repository(collection: str, folder: Path) -> Path:
    """A clone of an Open Terms Archive collection."""
    subprocess.run(
        ["git", "clone", "--quiet", "--no-checkout", bundle_of(collection), folder], check=True, capture_output=True
    )
    return folder


def git(folder: Path, *arguments: str) -> str:
    return subprocess.run(["git", "-C", folder, *arguments], check=True, capture_output=True).stdout.decode("utf-8")


def test_consecutive_records_are_rebuilt(tmp_path: Path) -> None:
    folder = repository("genai-eu", tmp_path / "terms")
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
    folder = repository("genai-contrib", tmp_path / "terms")
    name = "Claude.ai/Privacy Policy.md"
    dated = [line.split() for line in git(folder, "log", "--format=%as %H", "--", name).splitlines()]
    (commit,) = [commit for day, commit in dated if day == "2025-08-29"]
    found = check(git(folder, "show", f"{commit}^:{name}"), git(folder, "show", f"{commit}:{name}"))
    about_training = [words for kind, words in told(found) if kind == "replaced" and "train our models" in words]
    assert any("[-will not-]{+may+}" in words and "{+" in words and "opt out" in words for words in about_training)
    assert any("opted in" in words.split("[-")[-1] for words in about_training)
