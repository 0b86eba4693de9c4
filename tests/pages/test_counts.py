"""Counts, cards and questions follow from the records: nobody lists them in a file."""

import shutil
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client

from clauses import actions
from clauses.figures import adoption, severity_counts, totals
from clauses.models import ClauseType, Provision, Reading
from clauses.vocabulary import ProvisionState
from conductatlas import actors
from tests.pages.reading import main_text
from tests.pages.test_clause_page import JASPER

IDEOGRAM = Path("platforms/ideogram/document-not-named/clauses/content-used-to-train-ai-models.yaml")
TRAINING = "/clauses/user-content-for-ai-training/"
# Documents of real platforms that nobody has read through: what other pages report of them is all that is known.
UNREAD = ("*/document-not-named", "ai21-labs/*", "pennowisk/*")


def few_platforms(folder: Path) -> Path:
    """The demo catalogue without the platforms that were read; of Jasper's clauses only the reported one stays."""
    fixtures = settings.BASE_DIR / "fixtures"
    shutil.copytree(fixtures, folder, ignore=shutil.ignore_patterns("platforms", "research"))
    for pattern in UNREAD:
        for document in (fixtures / "platforms").glob(pattern):
            if document.is_dir():
                place = folder / document.relative_to(fixtures)
                shutil.copytree(document, place)
                shutil.copy(document.parent / "platform.yaml", place.parent)
    jasper = Path("platforms/jasper-ai/jasper-privacy-policy")
    clause = jasper / "clauses" / "user-content-used-for-ai-model-training.yaml"
    (folder / clause).parent.mkdir(parents=True)
    shutil.copy(fixtures / clause, folder / clause)
    shutil.copy(fixtures / jasper.parent / "platform.yaml", folder / jasper.parent)
    told = (fixtures / jasper / "document.yaml").read_text(encoding="utf-8")
    (folder / jasper / "document.yaml").write_text(told.partition("readings:")[0], encoding="utf-8")
    return folder


@pytest.mark.slow
def test_cards_counts_and_questions_follow_the_clauses_there_are(empty: None, client: Client, tmp_path: Path) -> None:
    folder = few_platforms(tmp_path / "fixtures")
    words = (folder / IDEOGRAM).read_text(encoding="utf-8")
    (folder / IDEOGRAM).unlink()
    call_command("load_catalogue", str(folder), verbosity=0)
    text = main_text(client.get(JASPER))
    assert "Ideogram" not in text
    assert "from 3 of its 7 platforms" in text
    assert "recorded for 3 of 7 platforms" in text
    assert "Ideogram: " not in main_text(client.get(TRAINING))
    (folder / IDEOGRAM).write_text(words, encoding="utf-8")
    call_command("load_catalogue", str(folder), verbosity=0)
    text = main_text(client.get(JASPER))
    assert "Ideogram" in text
    assert "from 4 of its 7 platforms" in text
    assert "Ideogram: " in main_text(client.get(TRAINING))


@pytest.mark.django_db
def test_parts_add_up_to_wholes() -> None:
    assert sum(severity_counts().values()) == totals().clauses
    assert totals().clauses == Provision.objects.published().filter(document__platform__invented=False).count() > 0


@pytest.mark.django_db
def test_invented_platforms_are_in_no_figure() -> None:
    for clause_type in ClauseType.objects.all():
        figures = adoption(clause_type)
        assert figures.found <= figures.read <= figures.catalogued == totals().platforms
        assert figures.recorded <= figures.catalogued
    assert any(adoption(clause_type).read for clause_type in ClauseType.objects.all())
    Reading.objects.filter(document__platform__invented=False).delete()
    assert Reading.objects.exists(), "the invented platform has been read"
    assert all(adoption(clause_type).read == 0 for clause_type in ClauseType.objects.all())


@pytest.mark.django_db
def test_a_removed_clause_is_in_no_count_and_keeps_its_page(client: Client) -> None:
    provision = Provision.objects.with_place().get(number=103)
    assert "Ideogram: " in main_text(client.get(TRAINING))
    provision.state = ProvisionState.REMOVED
    actions.save_provision(provision, by=actors.catalogue())
    assert "Ideogram: " not in main_text(client.get(TRAINING))
    response = client.get(provision.get_absolute_url())
    assert response.status_code == 200
    assert "This clause has been removed from the catalogue" in main_text(response)


@pytest.mark.django_db
def test_a_record_that_was_never_published_has_no_address(client: Client) -> None:
    draft = Provision.objects.get(number=10656)
    unpublished = Provision.objects.create(
        document=draft.document, clause_type=draft.clause_type, slug="new", title="New"
    )
    unpublished.refresh_from_db()
    assert client.get(f"/record/{unpublished.record_id}/").status_code == 404
