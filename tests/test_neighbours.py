"""What is stored of neighbours follows every write, and is the same as if it had been worked out anew."""

from collections.abc import Sequence
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clauses import actions, neighbours
from clauses.indexing import index_all, one_indexing
from clauses.models import Analysis, AnswerProfile, ComparedClause, Neighbour, Provision
from clauses.neighbours import rebuild_neighbours, refresh_neighbours
from conductatlas import actors
from platforms.actions import set_also_serves
from tests import factories
from tests.copies import clause_like

JASPER = 10656


def stored() -> list[tuple[Any, ...]]:
    """Everything, without the ids of its own."""
    rows = [*ComparedClause.objects.order_by("pk").values_list(), *AnswerProfile.objects.order_by("pk").values_list()]
    fields = ("subject", "position", "other", "reason", "differences", "same_wording", "likeness")
    return [*rows, *Neighbour.objects.order_by("subject", "position").values_list(*fields)]


def agrees_when_rebuilt() -> bool:
    before = stored()
    rebuild_neighbours()
    return stored() == before


def beside(provision: Provision) -> list[int]:
    return list(Neighbour.objects.filter(subject=provision.pk).values_list("other", flat=True))


@pytest.fixture
def jasper(db: None) -> Provision:
    return Provision.objects.get(number=JASPER)


@pytest.mark.django_db
def test_the_demo_is_in_line() -> None:
    assert Neighbour.objects.exists()
    assert AnswerProfile.objects.filter(platform__slug="chatgpt").exists()
    assert agrees_when_rebuilt()


def test_publication_withdrawal_removal_and_merging_are_followed(jasper: Provision) -> None:
    first = clause_like(jasper, platform="First Copy")
    assert first.pk in beside(jasper), "the same words and answers are the likest"
    second, third = clause_like(jasper, platform="Second Copy"), clause_like(jasper, platform="Third Copy")
    assert set(beside(jasper)) & {second.pk, third.pk} == set(), "the same wording is folded"
    assert Neighbour.objects.get(subject=jasper.pk, other=first.pk).same_wording == [second.pk, third.pk]
    assert agrees_when_rebuilt()
    by = actors.catalogue()
    actions.withdraw(analysis=Analysis.objects.published().get(provision=first), reason="A test.", by=by)
    assert Neighbour.objects.get(subject=jasper.pk, other=second.pk).same_wording == [third.pk]
    assert beside(first) == []
    assert agrees_when_rebuilt()
    actions.mark_removed(provision=second, by=by)
    assert Neighbour.objects.get(subject=jasper.pk, other=third.pk).same_wording == []
    actions.merge(provision=third, into=jasper, by=by)
    assert not ComparedClause.objects.filter(pk__in=[first.pk, second.pk, third.pk]).exists()
    assert agrees_when_rebuilt()


def test_a_document_that_comes_to_serve_a_platform_is_followed(jasper: Provision) -> None:
    copy = clause_like(jasper, platform="Copy")
    assert copy.pk in beside(jasper)
    set_also_serves(copy.document, platforms=[jasper.document.platform], by=actors.catalogue())
    assert copy.pk not in beside(jasper)
    assert beside(copy) and jasper.pk not in beside(copy)
    assert agrees_when_rebuilt()


def test_what_changes_nothing_writes_nothing(jasper: Provision) -> None:
    with CaptureQueriesContext(connection) as captured:
        refresh_neighbours([jasper.pk])
    assert not [query for query in captured if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert "clauses_neighbour" not in " ".join(query["sql"] for query in captured), "nothing of its type is loaded"


def test_many_at_once_are_worked_out_once(jasper: Provision, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(neighbours, "MOST_SINGLE", 2)
    with one_indexing():
        copies = [clause_like(jasper, platform=f"Copy {number}") for number in range(4)]
        assert not ComparedClause.objects.filter(pk__in=[copy.pk for copy in copies]).exists()
    assert ComparedClause.objects.filter(pk__in=[copy.pk for copy in copies]).count() == 4
    assert agrees_when_rebuilt()


@pytest.mark.django_db
def test_indexing_all_makes_all_of_them_anew() -> None:
    before = stored()
    Neighbour.objects.all().delete()
    ComparedClause.objects.filter(provision__number=JASPER).delete()
    index_all()
    assert stored() == before


WORDS = ("train models prompts outputs", "train models prompts refuse", "delete backups", "train delete class action")
ANSWERS = [
    {"limit": limit, "deletion": deletion} for limit in ("yes", "no", "silent") for deletion in ("yes", "no", "unread")
]
# Which clause, and what it says from then on: words and answers; None: it is taken out.
STEPS = st.lists(
    st.tuples(
        st.integers(0, 6),
        st.none() | st.tuples(st.sampled_from(WORDS), st.sampled_from(ANSWERS)),
    ),
    min_size=2,
    max_size=12,
)


@pytest.fixture
def unpublished(db: None) -> list[Provision]:
    """Seven clauses of one type; two of them are one platform's."""
    clause_type = factories.a_clause_type()
    documents = [factories.a_document() for _ in range(6)]
    documents.append(factories.a_document(documents[0].platform))
    return [factories.a_provision(document, clause_type) for document in documents]


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_one_after_another_is_the_same_as_all_anew(
    unpublished: list[Provision], steps: Sequence[tuple[int, Any]]
) -> None:
    said: dict[int, Any] = {}

    def compared(keys: list[int] | None = None):
        for provision in unpublished:
            if provision.pk in said and (keys is None or provision.pk in keys):
                words, answers = said[provision.pk]
                yield ComparedClause(
                    provision=provision,
                    clause_type=provision.clause_type,
                    document=provision.document,
                    platforms=[provision.document.platform_id],
                    invented=False,
                    words=words,
                    answers=answers,
                )

    with pytest.MonkeyPatch.context() as patched, transaction.atomic():
        patched.setattr(neighbours, "_compared", compared)
        rebuild_neighbours()
        for place, says in steps:
            provision = unpublished[place]
            if says is None:
                said.pop(provision.pk, None)
            else:
                said[provision.pk] = says
            refresh_neighbours([provision.pk])
        assert agrees_when_rebuilt()
        transaction.set_rollback(True)
