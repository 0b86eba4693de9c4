"""Every page has a budget of queries that does not grow with its rows, and can be made in a read-only transaction."""

from collections.abc import Iterator
from urllib.parse import quote

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from clauses.models import Agency, Analysis, Provision, Regulation, ResearchNote
from conductatlas import actors
from conductatlas.urls import urlpatterns
from platforms.actions import record_check
from platforms.editions import forget
from platforms.models import Change, Passage, Version
from tests import factories
from tests.copies import clause_like

# The most queries that a page may take, by the name of its URL.
BUDGETS = {
    "home": 12,
    "search": 14,
    "check": 10,
    "platforms": 2,
    "platform": 14,
    "document": 9,
    "version": 9,
    "version_bytes": 1,
    "history": 9,
    "at": 10,
    "redline": 5,
    "clause": 10,
    "clauses": 9,
    "clauses_csv": 6,
    "clause_types": 3,
    "clause_type": 25,  # 6 once its figures are known for the edition
    "comparisons": 4,
    "compare": 16,  # 10 once its figures are known for the edition
    "compare_csv": 16,
    "agencies": 3,
    "agency": 7,
    "regulations": 4,
    "regulation": 8,
    "complaint": 4,
    "letter": 3,
    "corrections": 4,
    "correction": 8,
    "research": 1,
    "research_note": 9,
    "methodology": 2,
    "about": 6,
    "change": 2,
    "feeds": 2,
    "changes_feed": 1,
    "platform_feed": 2,
    "document_feed": 2,
    "record": 2,
    "frozen": 2,
    "payload": 2,
    "newest_payload": 2,
    "citation": 2,
    "healthz": 1,
    "icon": 0,
}


def correction_page(analysis: Analysis | None) -> str:
    if analysis is None:  # the catalogue holds none of its own
        return "/corrections/"
    return f"/corrections/{analysis.provision.record_id}/v{analysis.version}/"


def addresses() -> dict[str, str]:
    """An address for each page of the site, the one with most on it where there are several."""
    provision = Provision.objects.with_place().get(number=1)
    held = Version.objects.select_related("document__platform").filter(document=provision.document).last()
    standing = max(Passage.objects.filter(document=provision.document), key=lambda row: len(row.words))
    document = f"{provision.document.platform.slug}/{provision.document.slug}"
    place = f"/platform/{document}/versions/{held.number}"
    return {
        "home": "/",
        "search": "/search/?q=training",
        "check": f"/check/?q={quote(standing.words)}",
        "platforms": "/platforms/",
        "platform": provision.document.platform.get_absolute_url(),
        "document": provision.document.get_absolute_url(),
        "version": f"{place}/",
        "version_bytes": f"{place}.md",
        "history": f"/platform/{document}/history/?checks=1",
        "at": f"/platform/{document}/at/2025-01-01/",
        "redline": f"/platform/{document}/redline/1..2/",
        "clause": provision.get_absolute_url(),
        "clauses": "/clauses/?severity=high&severity=medium&market=not-stated&kind=privacy_policy",
        "clauses_csv": "/clauses.csv?severity=high",
        "clause_types": "/clause-types/",
        "clause_type": provision.clause_type.get_absolute_url(),
        "comparisons": "/compare/",
        "compare": f"/compare/{provision.clause_type.slug}/?p=chatgpt&p=grok",
        "compare_csv": f"/compare/{provision.clause_type.slug}.csv?p=chatgpt&p=grok",
        "agencies": "/agencies/",
        "agency": Agency.objects.get(slug="ftc").get_absolute_url(),
        "regulations": "/regulations/",
        "regulation": Regulation.objects.get(slug="gdpr").get_absolute_url(),
        "complaint": "/record/CA-P-010656/complaint/eu-dpas/",
        "letter": "/record/CA-P-010656/letter/refuse-training/",
        "corrections": "/corrections/",
        "correction": correction_page(Analysis.objects.filter(kind="correction").last()),
        "research": "/research/",
        "research_note": ResearchNote.objects.first().get_absolute_url(),
        "methodology": "/methodology/",
        "about": "/about/",
        "change": Change.objects.get(number=4).get_absolute_url(),
        "feeds": "/feeds/",
        "changes_feed": "/feeds/changes.atom",
        "platform_feed": f"/feeds/{provision.document.platform.slug}.atom",
        "document_feed": f"/feeds/{document}.atom",
        "record": "/record/CA-P-010656/",
        "frozen": "/record/CA-P-010656/v1/",
        "payload": "/record/CA-P-010656/v1.json",
        "newest_payload": "/record/CA-P-010656.json",
        "citation": "/record/CA-P-010656.bib",
        "healthz": "/healthz",
        "icon": "/favicon.ico",
    }


@pytest.fixture
def corrected(db: None) -> Analysis:
    return factories.a_correction()


@pytest.fixture
def reading_only(db: None, corrected: Analysis) -> Iterator[None]:
    """PostgreSQL refuses every write from here on."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY")
        yield
        transaction.set_rollback(True)


def test_every_public_page_has_a_budget() -> None:
    names = {
        pattern.name
        for entry in urlpatterns
        for pattern in getattr(entry, "url_patterns", [entry])
        if getattr(entry, "namespace", None) != "admin"
    }
    assert names - {None} == set(BUDGETS)


def test_pages_stay_within_their_budget_and_write_nothing(client: Client, reading_only) -> None:
    beyond, places = {}, addresses()
    for name, most in BUDGETS.items():
        forget()  # what another page has kept is no saving of this one
        with CaptureQueriesContext(connection) as captured:
            response = client.get(places[name])
        assert response.status_code in {200, 302}, name
        if len(captured) > most:
            beyond[name] = [query["sql"][:120] for query in captured]
    assert beyond == {}


@pytest.mark.slow
@pytest.mark.django_db
def test_no_page_takes_more_queries_with_more_rows(client: Client, corrected: Analysis) -> None:
    model = Provision.objects.select_related("document", "clause_type").get(number=1)

    def counts() -> dict[str, int]:
        found = {}
        for name, address in addresses().items():
            client.get(address)  # whatever is cached is cached now
            with CaptureQueriesContext(connection) as captured:
                client.get(address)
            found[name] = len(captured)
        return found

    before = counts()
    for number in range(8):
        factories.a_correction()
        clause_like(model, platform=f"Copy {number}")
        clause_like(model, document=model.document, slug=f"copy-{number}")
        factories.a_snapshot(
            model.document, f"{factories.TEXT}\nWe have added sentence {number}.\n", f"2026-11-0{number + 1}"
        )
        looked = factories.moment(f"2026-11-1{number + 1}")
        record_check(document=model.document, checked_at=looked, outcome="unchanged", by=actors.catalogue())
    assert counts() == before
