"""A generated catalogue keeps every rule, and is the same for the same seed."""

import json
from collections.abc import Iterator
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from clauses.models import Analysis, Provision, RegistryEntry, SearchEntry
from clauses.verifying import verify
from platforms.models import Edition, Platform, Snapshot
from tests import factories

CLAUSES = 60


def generate(clauses: int = CLAUSES, seed: int = 1) -> dict[str, int]:
    """What the command says that it made."""
    said = StringIO()
    call_command("generate_catalogue", "--json", clauses=clauses, seed=seed, stdout=said)
    return json.loads(said.getvalue())


def emptied() -> None:
    models = [model for app in ("platforms", "clauses") for model in apps.get_app_config(app).get_models()]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what waits for its check cannot be emptied
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute(f"TRUNCATE {', '.join(model._meta.db_table for model in models)} RESTART IDENTITY CASCADE")


def rows() -> Iterator[tuple]:
    """All that was generated."""
    for app in ("platforms", "clauses"):
        for model in apps.get_app_config(app).get_models(include_auto_created=True):
            if model is not Edition:
                yield model._meta.label, *model._default_manager.order_by("pk").values_list()


@pytest.fixture
def generated(empty: None) -> dict[str, int]:
    return generate()


def test_it_has_some_of_everything_and_nothing_other_than_the_texts_give(generated: dict[str, int]) -> None:
    assert Provision.objects.count() == generated["clauses"] == CLAUSES
    found = verify(None, begin=lambda count: None, step=lambda: None)
    assert found.mismatches == []
    assert all(
        found.checked[what]
        for what in ("changes", "passages", "proofs", "analyses", "open questions", "touched clauses")
    )
    for model in apps.get_app_config("clauses").get_models():
        if model._meta.label not in {"clauses.ResearchNote", "clauses.ReviewComment"}:
            assert model._default_manager.exists(), model
    assert RegistryEntry.objects.count() == Provision.objects.published().count() > CLAUSES * 0.8
    assert SearchEntry.objects.filter(kind="clause").count() == RegistryEntry.objects.count()
    assert len(set(RegistryEntry.objects.values_list("severity", flat=True))) == 3
    assert not Platform.objects.filter(invented=True).exists()
    assert Edition.objects.get().reason == "Generated catalogue, no real platform"


def test_new_records_come_behind_those_that_were_generated(generated: None) -> None:
    before = set(Snapshot.objects.values_list("pk", flat=True))
    document = factories.a_document()
    provision = factories.a_published(factories.a_quotation(factories.a_provision(document))).provision
    assert provision.number > CLAUSES
    assert factories.a_snapshot(document).pk not in before


@pytest.mark.slow
def test_it_is_the_same_for_the_same_seed_only(empty: None) -> None:
    made = []
    for seed in (1, 1, 2):
        emptied()
        generate(20, seed)
        made.append(list(rows()))
    assert made[0] == made[1]
    assert {row for row in map(repr, made[0]) if "clauses.Provision" in row}.isdisjoint(map(repr, made[2]))


def test_a_database_that_holds_platforms_is_left_alone(db: None) -> None:
    before = list(Platform.objects.values_list())
    with pytest.raises(CommandError, match=r"holds platforms already.*DATABASE_URL"):
        generate()
    assert list(Platform.objects.values_list()) == before


@pytest.mark.parametrize("clauses", [0, -3, 1_000_001])
def test_impossible_numbers_are_refused(clauses: int, empty: None) -> None:
    with pytest.raises(CommandError, match="cannot be generated: ask for 1 to 1,000,000"):
        generate(clauses)
    assert not Platform.objects.exists()


def test_its_pages_can_be_read(generated: None, client: Client) -> None:
    analysis = Analysis.objects.published().select_related("provision__document__platform").first()
    provision, document = analysis.provision, analysis.provision.document
    for page in (provision, provision.clause_type, document, document.platform, analysis):
        assert client.get(page.get_absolute_url()).status_code == 200, page
    for address in ("/", "/clauses/", "/platforms/", "/agencies/", "/regulations/", "/search/?q=data"):
        assert client.get(address).status_code == 200, address
