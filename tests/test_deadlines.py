"""Days that no calendar has."""

import pytest

from clauses.deadlines import impossible_day


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("by 2026-02-30 at the latest", "2026-02-30"),
        ("by 31 June 2026", "31 June 2026"),
        ("before June 31st, 2026", "June 31st, 2026"),
        ("until 29 Feb 2027, then again", "29 Feb 2027"),
        ("on the 0 May 2026", "0 May 2026"),
        ("2026-13-01", "2026-13-01"),
        ("2024-02-29 or 30 JUNE 2026, never 30 Feb. 2026", "30 Feb. 2026"),
    ],
)
def test_a_day_that_does_not_exist_is_named(text, found):
    assert impossible_day(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "",
        "within 30 days",
        "30 June 2026",
        "June 30, 2026",
        "29 Feb 2028",
        "2026-06-30",
        "Section 31 of June",
        "31 mayors",
    ],
)
def test_other_words_are_left_alone(text):
    assert impossible_day(text) == ""
