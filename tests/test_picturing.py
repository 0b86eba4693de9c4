"""Where the bars of a picture stand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clauses.picturing import IN_A_LINE, picture

PARTS = st.lists(
    st.tuples(st.sampled_from(["yes", "no", "silent"]), st.text("abc ", min_size=1, max_size=14), st.integers(0, 9000)),
    min_size=1,
    max_size=5,
).filter(lambda parts: any(count for _, _, count in parts))


@given(st.lists(st.tuples(st.text("abcdefg ?", min_size=1, max_size=120), PARTS), min_size=1, max_size=6))
def test_bars_are_filled_and_do_not_overlap(rows) -> None:
    drawn = picture(rows)
    below = 0
    for bar, (_, parts) in zip(drawn.bars, rows, strict=True):
        assert bar.y >= below
        assert all(below < line.y <= bar.y and len(line.words) <= IN_A_LINE for line in bar.lines)
        below = bar.y + drawn.thick
        assert [part.count for part in bar.segments] == [count for _, _, count in parts if count]
        end = 0.0
        for part in bar.segments:
            assert part.x == pytest.approx(end, abs=0.01)
            end = part.x + part.width
            assert part.label in {"", str(part.count)} or part.label.startswith(f"{part.count} ")
        assert end == pytest.approx(100, abs=0.01)
    assert drawn.height >= below


def test_a_label_stands_only_where_it_fits() -> None:
    (bar,) = picture([("Is it?", [("yes", "yes", 60), ("no", "no", 39), ("silent", "do not say", 1)])]).bars
    assert [part.label for part in bar.segments] == ["60 yes", "39 no", ""]


def test_a_long_question_takes_two_lines() -> None:
    question = "May it keep what it takes for a breach of its rules longer than that?"
    (bar,) = picture([(question, [("yes", "yes", 1)])]).bars
    assert " ".join(line.words for line in bar.lines) == question
    assert len(bar.lines) == 2


def test_nothing_is_no_picture() -> None:
    with pytest.raises(ValueError, match="something to show"):
        picture([("Is it?", [("yes", "yes", 0)])])
