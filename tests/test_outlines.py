"""The words of a document over time: which passages its texts hold, and in which runs of versions each of them stands.

A text is written in letters, one for each of its blocks; `#` and `=` are headings of two ranks.
"""

from contextlib import suppress
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.core.management import call_command
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clauses.catching_up import outdated
from clauses.indexing import one_indexing
from clauses.verifying import verify
from conductatlas import actors
from platforms import outlining
from platforms.actions import Refused, judge, record_snapshot, withhold_text
from platforms.actions.histories import Sighting, record_history
from platforms.models import Document, Outline, Passage, Snapshot, Version
from platforms.outlines import courses
from platforms.passages import digest_of
from platforms.plaintext import project

from . import factories

pytestmark = pytest.mark.django_db

BLOCKS = {
    "#": "# The first part",
    "=": "## Of what you write",
    "A": "We keep *your notes* for “as long as we like”.",
    "B": "* We keep your notes for one year.",
    "C": "3.  You may ask us for a copy.",
    "D": "| price | one dollar |",
    "-": "* * *",
}
LETTERS = st.text(alphabet="".join(BLOCKS), min_size=1, max_size=7)
FIRST_DAY = factories.moment("2025-06-01")


def text(letters: str) -> str:
    return "\n\n".join(BLOCKS[letter] for letter in letters)


def words(letter: str) -> str:
    return project(BLOCKS[letter]).plain


def seen(document: Document, letters: str, day: int, *, counts: bool = True) -> Snapshot:
    return record_snapshot(
        document=document,
        content=text(letters),
        captured_at=FIRST_DAY + timedelta(days=day),
        judgement="accepted" if counts else "quarantined",
        reason="" if counts else "an error page",
        by=actors.catalogue(),
    )


def told(document: Document) -> dict[str, tuple[str, bool, list]]:
    """What is stored: words → heading, whether they stand, runs of versions."""
    rows = Passage.objects.filter(document=document).values_list("words", "heading", "stands", "spans")
    return {found: (heading, stands, spans) for found, heading, stands, spans in rows}


def expected(document: Document) -> dict[str, tuple[str, bool, list]]:
    """The same from the texts, word by word."""
    versions = Version.objects.counting().with_text().filter(document=document, snapshot__text__withheld_at=None)
    held = []
    for version in versions.order_by("snapshot__captured_at"):
        found: dict[str, str] = {}
        projection = project(version.snapshot.text.content)
        for block in projection.blocks:
            if own := projection.plain[block.plain_start : block.plain_end]:
                found.setdefault(own, block.headings[-1] if block.headings else "")
        held.append((version.number, found))
    result = {}
    for every in {own for _, found in held for own in found}:
        spans, open_run = [], False
        for number, found in held:
            if every in found and not open_run:
                spans.append([number, number])
            elif every in found:
                spans[-1][1] = number
            open_run = every in found
        if open_run:
            spans[-1][1] = None
        heading = next(found[every] for _, found in reversed(held) if every in found)
        result[every] = heading, open_run, spans
    return result


def spans(document: Document, letter: str) -> list:
    return told(document)[words(letter)][2]


def test_a_block_is_kept_once_with_the_runs_in_which_it_stood():
    document = factories.a_document()
    for day, letters in enumerate(("#A", "#AB", "#B", "#AB", "#AAB")):
        seen(document, letters, day)
    assert (spans(document, "#"), spans(document, "B")) == ([[1, None]], [[2, None]])
    assert told(document)[words("A")] == (words("#"), True, [[1, 2], [4, None]])
    assert Passage.objects.filter(document=document).count() == 3


def test_words_that_left_say_under_which_heading_they_stood_last():
    document = factories.a_document()
    for day, letters in enumerate(("#A", "#=A", "#=B")):
        seen(document, letters, day)
    assert told(document)[words("A")] == (words("="), False, [[1, 2]])
    assert told(document)[words("=")] == (words("#"), True, [[2, None]])


def test_a_text_from_between_parts_a_run_and_a_verdict_mends_it():
    document = factories.a_document()
    seen(document, "#AB", 0)
    seen(document, "#AB", 8)
    between = seen(document, "#B", 4)
    assert spans(document, "A") == [[1, 1], [2, None]], "numbers are given at acceptance; runs follow the capture"
    judge(snapshot=between, judgement="discarded", reason="another page", by=actors.catalogue())
    assert spans(document, "A") == [[1, None]]
    judge(snapshot=between, judgement="released", reason="it was the page", by=actors.catalogue())
    assert (spans(document, "A"), spans(document, "B")) == ([[1, 1], [2, None]], [[1, None]])


def test_words_of_a_discarded_text_go_and_come_back_with_it():
    document = factories.a_document()
    seen(document, "#A", 0)
    later = seen(document, "#AB", 1)
    judge(snapshot=later, judgement="discarded", reason="another page", by=actors.catalogue())
    assert words("B") not in told(document)
    judge(snapshot=later, judgement="released", reason="it was the page", by=actors.catalogue())
    assert spans(document, "B") == [[2, None]]


def test_words_of_a_withheld_text_go_from_all_documents_unless_another_text_holds_them():
    one, other = factories.a_document(), factories.a_document()
    seen(one, "#A", 0)
    withheld = seen(one, "#AB", 1)
    seen(other, "#AB", 0)
    withhold_text(text=withheld.text, reason="order 5", by=actors.catalogue())
    assert told(one) == {words("#"): ("", True, [[1, None]]), words("A"): (words("#"), True, [[1, None]])}
    assert told(other) == {}
    assert set(Outline.objects.filter(version__document__in=[one, other]).values_list("version__number")) == {(1,)}
    assert not Outline.objects.filter(version__document=other).exists()


@st.composite
def happenings(draw) -> list[tuple]:
    """Texts in any order of arrival, verdicts on them, and texts that are withheld."""
    days = draw(st.permutations(range(6)))
    steps: list[tuple] = [("seen", draw(LETTERS), day, draw(st.booleans())) for day in days]
    for _ in range(draw(st.integers(0, 5))):
        at = draw(st.integers(1, len(steps)))
        steps.insert(at, (draw(st.sampled_from(["judge", "judge", "withhold"])), draw(st.integers(0, 5))))
    return steps


@one_indexing()
def happen(document: Document, steps: list[tuple]) -> None:
    arrived: list[Snapshot] = []
    for what, *rest in steps:
        if what == "seen":
            letters, day, counts = rest
            arrived.append(seen(document, letters, day, counts=counts))
            continue
        snapshot = arrived[rest[0] % len(arrived)]
        with suppress(Refused):
            if what == "judge":
                version = Version.objects.filter(snapshot=snapshot).first()
                judgement = "discarded" if version and version.counts else "released"
                judge(snapshot=snapshot, judgement=judgement, reason="looked at", by=actors.catalogue())
            else:
                snapshot.text.refresh_from_db()
                withhold_text(text=snapshot.text, reason="order 5", by=actors.catalogue())


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=happenings())
def test_whatever_happens_passages_are_those_of_the_texts_that_count_and_can_be_read(db, steps):
    document = factories.a_document()
    happen(document, steps)
    followed = told(document)
    assert followed == expected(document)
    Passage.objects.filter(document=document).delete()
    Outline.objects.filter(version__document=document).delete()
    outlining.follow(document)
    assert told(document) == followed


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    texts=st.lists(st.text(alphabet="".join(BLOCKS), min_size=1, max_size=7), min_size=2, max_size=6),
    cut=st.integers(0, 6),
)
def test_a_history_leaves_what_its_texts_one_by_one_leave(db, texts, cut):
    document = factories.a_document()
    happen(document, [("seen", letters, day, True) for day, letters in enumerate(texts[:cut])])
    sightings = [
        Sighting(text(letters), FIRST_DAY + timedelta(days=cut + day), "commit")
        for day, letters in enumerate(texts[cut:])
    ]
    with patch("platforms.weighing.gate.judge") as gate:
        gate.return_value.accepted = True
        record_history(document=document, sightings=sightings, by=actors.catalogue())
    assert told(document) == expected(document)


def test_a_new_text_is_the_only_one_that_is_read(django_assert_num_queries):
    document = factories.a_document()
    for day in range(5):
        seen(document, "#A" + "B" * day, day)
    with patch("platforms.outlining.projected", side_effect=AssertionError("a text was read again")):
        seen(document, "#ABC", 9)
    assert spans(document, "C") == [[6, None]]


def test_a_database_from_before_is_brought_in_line():
    document = factories.a_document()
    seen(document, "#A", 0)
    seen(document, "#B", 1)
    before = told(document)
    assert document.pk not in outdated()
    Passage.objects.filter(document=document).delete()
    Outline.objects.filter(version__document=document).delete()
    assert document.pk in outdated()
    call_command("derive", document=[document.record_id], verbosity=0)
    assert told(document) == before and document.pk not in outdated()


def test_runs_and_headings_of_outlines():
    numbered = [(4, project(text("#=A")).outlined()), (2, project(text("#BA")).outlined())]
    found = courses(numbered)
    assert found[digest_of(words("A"))] == ([[4, None]], digest_of(words("#")))
    assert found[digest_of(words("="))] == ([[4, 4]], digest_of(words("#")))
    assert courses([]) == {}


def test_a_block_of_any_length_can_be_kept_and_found():
    document = factories.a_document()
    long = " ".join(f"word{number}" for number in range(200_000))
    record_snapshot(document=document, content=long, captured_at=FIRST_DAY, judgement="accepted", by=actors.catalogue())
    kept = Passage.objects.get(document=document, vector="word77")
    assert kept.words == long


def mismatches(*documents: Document) -> list[str]:
    return [str(row) for row in verify(documents, begin=lambda count: None, step=lambda: None).mismatches]


def test_verify_finds_what_was_tampered_with():
    document, untouched = factories.a_document(), factories.a_document()
    for each in (document, untouched):
        seen(each, "#A", 0)
        seen(each, "#AB", 1)
    assert mismatches(document, untouched) == []
    passages = Passage.objects.filter(document=document)
    kept, other = passages.get(words=words("B")), passages.get(words=words("A"))
    with transaction.atomic():
        passages.filter(pk=kept.pk).update(spans=[[1, None]])
        passages.filter(pk=other.pk).update(words="We sell your notes.")
        Outline.objects.filter(version__document=document, version__number=1).delete()
        found = mismatches(document, untouched)
        transaction.set_rollback(True)
    assert [line.partition(": stored ")[0] for line in found] == [
        f"{document.record_id} version 1, outline",
        f"{document.record_id} passage {kept.digest}, course",
        f"{document.record_id} passage {other.digest}, words",
    ]


def test_the_text_behind_the_only_one_is_a_first_one_once_that_is_withheld():
    document = factories.a_document()
    withheld = seen(document, "#A", 0)
    withhold_text(text=withheld.text, reason="order 5", by=actors.catalogue())
    later = seen(document, "#B", 1)
    assert later.version.transition.kind == "first" and spans(document, "B") == [[2, None]]
    assert mismatches(document) == []
