"""The date that a document states of itself: where it is read, and what its change means."""

from datetime import date

import pytest

from platforms.changes import Kind
from platforms.plaintext import project
from platforms.stated import is_date_line, stated

from .amended import POLICY, changed, to


@pytest.mark.parametrize(
    "line",
    [
        "Last updated: June 1, 2026",
        "Last updated: 5 May 2026",
        "Effective as of 1 June 2026 (previous version)",
        "These terms were last updated on June 1, 2026 and take effect on 1 July 2026.",
        "Letzte Aktualisierung: 1. Juni 2026",
        "Dernière mise à jour : 1er juin 2026",
        "Última actualización: 1 de junio de 2026",
        "最后更新日期：2026年6月1日",
    ],
)
def test_the_date_of_the_document_is_no_change(line: str) -> None:
    found = to(changed("Last updated: May 5, 2026", line))
    assert found.kind is Kind.DATES
    assert found.stated_after == stated(project(line)).day is not None
    assert not found.silent


def test_a_date_that_runs_into_a_sentence_is_still_the_documents() -> None:
    before = changed("May 5, 2026\n\nThese", "May 5, 2026These")
    found = to(before.replace("May 5", "June 1"), before)
    assert (found.kind, found.stated_after) == (Kind.DATES, date(2026, 6, 1))


def test_a_change_under_the_same_date_is_silent() -> None:
    after = changed("in Dublin", "in Cork")
    assert to(after).silent
    assert not to(after.replace("May 5", "June 1")).silent
    undated = changed("Last updated: May 5, 2026\n\n", "")
    assert not to(undated.replace("in Dublin", "in Cork"), undated).silent
    assert not to(changed("a contract", "*a contract*")).silent


def test_a_second_page_with_a_new_date_makes_the_change_not_silent() -> None:
    joined = POLICY + "\n- - -\n\nUpdated: 1 March 2026\n\nWe log errors for a year.\n"
    found = to(joined.replace("1 March", "2 March").replace("a year", "two years"), joined)
    assert (found.kind, found.stated_before, found.stated_after) == (
        Kind.SUBSTANTIVE,
        date(2026, 5, 5),
        date(2026, 5, 5),
    )
    assert found.redated and not found.silent


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("Effective May 5, 2026", date(2026, 5, 5)),
        ("Effective 5th of May 2026Previous Version", date(2026, 5, 5)),
        ("Published on 1 April 2026, effective from 5 May 2026.", date(2026, 5, 5)),
        ("Last updated: 5 May 2026. Effective: 1 June 2026.", date(2026, 5, 5)),
        ("Stand: 05.05.2026", date(2026, 5, 5)),
        ("Last updated: 2026-05-05", date(2026, 5, 5)),
        ("Last updated: 13/05/2026", date(2026, 5, 13)),
        ("Last updated: 05/06/2026", None),
        ("Last updated: May 2026", None),
        ("Last updated: 31 June 2026", None),
        ("Updated 5 days ago", None),
        ("From 5 May 2026 you pay more.", None),
    ],
)
def test_the_stated_date(words: str, day: date | None) -> None:
    assert stated(project(words)).day == day


@pytest.mark.parametrize(
    "words",
    [
        "Terms of Service",
        "You have 30 days",
        "These terms apply until 5 May 2026",
        "We charge from May 1, 2026",
        "",
        "2026",
    ],
)
def test_words_that_only_resemble_a_date_line(words: str) -> None:
    assert not is_date_line(words)
