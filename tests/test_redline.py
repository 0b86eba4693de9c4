"""What became of a text: each kind of change, its words, and its excerpt."""

import pytest

from platforms.blocks import BlockKind
from platforms.redline import RedlineKind, redline
from platforms.wording import RunKind

from .redlined import BEFORE, told


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


def test_headings_above_a_change_stay_open_and_leave_out_no_rank() -> None:
    text = "# Title\n\n### Part\n\n" + "\n\n".join(f"Line {number} of it." for number in range(20)) + "\n\nEnd."
    stretches = redline(text, text.replace("Line 19 of", "Line 19 and all of")).stretches
    assert [stretch.folded for stretch in stretches] == [False, True, False]
    assert [(block.level, block.rank) for block in stretches[0].blocks] == [(1, 1), (3, 2)]


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
