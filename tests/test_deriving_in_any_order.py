"""Texts and verdicts may come in any order, one by one or many at once: what follows from them is the same."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from clauses.models import ChangedProvision, QueueItem
from platforms.actions import judge, record_snapshot
from platforms.actions.histories import Sighting, record_history
from platforms.deriving import derive
from platforms.models import Document, Snapshot, Transition

from . import factories
from .lettered import FIRST_DAY, TEXTS, WORDS, by, seen

pytestmark = pytest.mark.django_db
VERDICTS = {True: "accepted", False: "quarantined"}


@contextmanager
def rolled_back():
    before = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(before)


def derived(document: Document) -> dict[str, list]:
    """All that follows from the texts, without record numbers."""
    steps = Transition.objects.filter(version__document=document).order_by("version__snapshot__captured_at")
    changes = document.changes.filter(superseded_at=None).order_by("first_observed_at")
    touched = ChangedProvision.objects.filter(change__in=changes).order_by("change__first_observed_at", "provision")
    waiting = QueueItem.objects.filter(provision__document=document, settled_at=None)
    return {
        "transitions": list(
            steps.values_list(
                "version__snapshot__captured_at", "before__snapshot__captured_at", "kind", "reason", "removed",
                "added", "fingerprint", "essence", "stated_on",
            )
        ),
        "changes": list(
            changes.values_list(
                "before__captured_at", "after__captured_at", "removed", "added", "silent", "withdrawn_at",
                "restored_at",
            )
        ),
        "touched": list(touched.values_list("change__first_observed_at", "how")),
        "waiting": list(waiting.values_list("doubt", flat=True)),
    }  # fmt: skip


class Course:
    """What happened to the texts of a document: which arrived when, and what was said of them."""

    def __init__(self, texts: list[tuple[str, bool, bool, int]], order: list[int]) -> None:
        self.texts = texts  # letter, whether it was a new reading, whether it counted at first, later verdicts
        self.order = order  # of the days, one for each verdict: the first one of a day is its text's arrival

    def __repr__(self) -> str:
        return f"Course({self.texts!r}, {self.order!r})"

    def run(self, document: Document) -> None:
        """As it happened: each later verdict is the contrary of the one before."""
        held: dict[int, tuple[Snapshot, bool]] = {}
        for day in self.order:
            letter, technical, counts, _ = self.texts[day]
            if day in held:
                snapshot, counted = held[day]
                counts = not counted
                judge(snapshot=snapshot, judgement="released" if counts else "discarded", reason="seen", by=by())
            else:
                snapshot = seen(document, letter, day, VERDICTS[counts], technical=technical)
            held[day] = snapshot, counts

    def run_in_order(self, document: Document) -> None:
        """The texts as they were seen, each with its last verdict at once."""
        for day, (letter, technical, counts, later) in enumerate(self.texts):
            seen(document, letter, day, VERDICTS[counts ^ later % 2], technical=technical)


@st.composite
def courses(draw) -> Course:
    text = st.tuples(st.sampled_from("ABCD"), st.sampled_from([False, False, True]), st.booleans(), st.integers(0, 2))
    texts = draw(st.lists(text, min_size=1, max_size=5))
    order = draw(st.permutations([day for day, (*_, later) in enumerate(texts) for _ in range(1 + later)]))
    return Course(texts, order)


@pytest.mark.slow
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(course=courses())
@example(  # the text to which a new reading returns comes last
    course=Course(
        [("A", False, False, 1), ("C", False, True, 0), ("B", False, True, 0), ("C", True, True, 0)], [3, 2, 1, 0, 0]
    )
)
def test_any_order_of_texts_and_verdicts_ends_alike(course: Course):
    ends = []
    for run in (course.run, course.run_in_order):
        with rolled_back():
            document = factories.a_document(language="en")
            factories.a_quotation(factories.a_provision(document), WORDS)
            run(document)
            ends.append(derived(document))
            derive(document, by=by(), anew=True)
            assert derived(document) == ends[-1]
    assert ends[0] == ends[1]


@pytest.mark.slow
@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(letters=st.text("ABCD", min_size=1, max_size=8), cut=st.integers(0, 8))
def test_many_at_once_are_as_one_by_one(letters: str, cut: int):
    ends = []
    for at_once in (False, True):
        with rolled_back():
            document = factories.a_document(language="en")
            factories.a_quotation(factories.a_provision(document), WORDS)
            sightings = [
                Sighting(TEXTS[letter], FIRST_DAY + timedelta(days=day), origin="")
                for day, letter in enumerate(letters)
            ]
            if at_once:
                for part in (sightings[:cut], sightings[cut:]):
                    record_history(document=document, sightings=part, by=by())
            else:
                for one in sightings:
                    record_snapshot(document=document, content=one.content, captured_at=one.captured_at, by=by())
            ends.append(derived(document) | {"outcomes": list(document.checks.values_list("outcome", "reason"))})
    assert ends[0] == ends[1]
