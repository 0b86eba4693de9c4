"""Where a service and its documents belong: platforms, siblings, and what waits for an analyst's word."""

from pathlib import Path

import pytest

from conductatlas import actors
from platforms.actions import set_former_names
from platforms.models import Document, Platform, Version
from platforms.terms.mapping import DocumentChoice, TermsMap

from .. import factories
from .conftest import Making
from .small import FIRST, SECOND, START, ask, imported, kinds, market, policy, recorded
from .stored import counted

pytestmark = pytest.mark.usefixtures("empty")


def test_two_markets_make_siblings_and_never_one_history(making: Making, tmp_path: Path) -> None:
    other = Making(tmp_path / "other")
    recorded(making, FIRST, SECOND)
    recorded(other, SECOND, policy("We keep it for good."))
    imported(making.folder, collection="terms-eu", market=market("EU"))
    imported(other.folder, collection="terms-us", market=market("US"))
    eu, us = Document.objects.order_by("collection")
    assert Platform.objects.count() == 1
    assert (eu.slug, us.slug) == ("terms-of-service", "terms-of-service-us")
    assert (eu.market.code, us.market.code) == ("EU", "US")
    assert eu.family == us.family != ""
    assert list(Document.objects.siblings_of(eu)) == [us]
    assert [Version.objects.filter(document=one).count() for one in (eu, us)] == [2, 2]
    assert kinds(eu) == kinds(us) == ["first", "substantive"]


def test_a_service_joins_a_platform_by_a_former_name(making: Making) -> None:
    known = factories.a_platform(slug="acme-ai", name="Acme AI")
    set_former_names(known, names=[{"name": "Old Acme"}], by=actors.catalogue())
    recorded(making, FIRST, path="old acme/Terms of Service.md")
    summary = imported(making.folder)
    assert Document.objects.get().platform == known
    assert summary.counts["platforms"] == 0
    assert Platform.objects.get() == known


def test_an_unsure_service_waits_for_the_analysts_word(making: Making) -> None:
    known = factories.a_platform(slug="acme-ai", name="Acme AI")
    recorded(making, FIRST)
    making.commit("First record", {"Beta/Terms of Service.md": FIRST}, START)
    summary = imported(making.folder)
    assert [row.what for row in summary.unsure] == ["Acme"]
    assert "acme-ai (Acme AI)" in summary.unsure[0].could_be[0]
    assert [document.collection_path for document in Document.objects.all()] == ["Beta/Terms of Service"]
    summary = imported(making.folder, terms_map=TermsMap(services={"Acme": "acme-ai"}))
    assert summary.unsure == []
    assert known.documents.get().versions.count() == 1
    assert imported(making.folder).unsure == []


def test_a_service_that_the_map_calls_new_gets_an_address_of_its_own(making: Making) -> None:
    factories.a_platform(slug="acme", name="Acme AI")
    recorded(making, FIRST)
    imported(making.folder, terms_map=TermsMap(services={"Acme": None}))
    assert Document.objects.get().platform.slug == "acme-2"


def test_an_unsure_document_waits_for_the_analysts_word(making: Making) -> None:
    known = factories.a_document(
        factories.a_platform(slug="acme", name="Acme"), slug="acme-terms", title="Acme Terms", language="en"
    )
    recorded(making, FIRST)
    making.commit("First record", {"Acme/Privacy Policy.md": policy(heading="Privacy Policy")}, START)
    summary = imported(making.folder)
    assert [row.what for row in summary.unsure] == ["Acme/Terms of Service"]
    assert known.record_id in summary.unsure[0].could_be[0]
    assert sorted(Document.objects.values_list("collection_path", flat=True)) == ["", "Acme/Privacy Policy"]
    chosen = TermsMap(documents={"Acme/Terms of Service": DocumentChoice(slug="acme-terms")})
    assert imported(making.folder, terms_map=chosen).unsure == []
    known.refresh_from_db()
    assert (known.title, known.collection_path) == ("Acme Terms", "Acme/Terms of Service")
    assert known.versions.count() == 1
    assert imported(making.folder).unsure == []


def test_a_map_decides_on_platform_address_kind_and_title(making: Making) -> None:
    other = factories.a_platform(slug="other-house", name="Other House")
    recorded(making, FIRST)
    choice = DocumentChoice(platform="other-house", slug="acme-rules", kind="other", title="The Rules")
    imported(making.folder, terms_map=TermsMap(documents={"Acme/Terms of Service": choice}))
    document = Document.objects.get()
    assert (document.platform, document.slug, document.kind, document.title) == (
        other,
        "acme-rules",
        "other",
        "The Rules",
    )


def test_services_that_are_one_platform_keep_their_documents_apart(making: Making) -> None:
    making.commit("First record", {"Acme/Terms of Service.md": FIRST, "A.C.M.E./Terms of Service.md": SECOND}, START)
    imported(making.folder)
    assert Platform.objects.count() == 1
    assert sorted(Document.objects.values_list("slug", flat=True)) == ["terms-of-service", "terms-of-service-small"]
    rows = counted(ask)
    imported(making.folder)
    assert counted(ask) == rows
