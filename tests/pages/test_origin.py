"""Where the quoted words were taken from, with and without the text in this copy; and what a document was read for."""

import hashlib
import json
from datetime import date

import pytest
from django.test import Client

from clauses.figures import adoption
from clauses.models import Analysis, Reading
from clauses.verifying.analyses import verify
from clauses.verifying.findings import Findings
from platforms.models import Document
from tests import factories
from tests.pages.reading import find_all, main_text, page, text_of
from tests.pages.test_budgets import BUDGETS

pytestmark = pytest.mark.django_db

SHA256 = hashlib.sha256(factories.TEXT.encode()).hexdigest()
CAPTURED = "31 Jan 2026, 12:00 UTC"
COLLECTED = {"collection": "genai-eu", "collection_path": 'Testwerk 2.0/Terms of "Service"', "language": "en"}
COMMAND = (
    "python manage.py import_terms https://github.com/OpenTermsArchive/genai-eu-versions --collection genai-eu"
    " --language en --only '^Testwerk 2\\.0/Terms of \"Service\"$'"
)


def published(document: Document, **taken_from) -> Analysis:
    taken_from = taken_from or {"taken_from_sha256": SHA256, "taken_from_at": factories.moment("2026-01-31")}
    return factories.a_published(factories.a_quotation(factories.a_provision(document), **taken_from))


def section(response, name: str):
    (found,) = [part for part in find_all(response, ".//section") if part.get("aria-labelledby") == name]
    return found


def spoken(response, name: str) -> str:
    return " ".join(text_of(section(response, name)).split())


def test_a_copy_without_the_text_says_where_it_is_and_how_to_get_it(client: Client) -> None:
    response = client.get(published(factories.a_document(**COLLECTED)).provision.get_absolute_url())
    record = spoken(response, "document-record")
    assert 'data-proof="unproven"' in response.content.decode()
    assert "Not checked: we hold no copy of the text" in record
    assert (
        f"The words were taken from the text of {CAPTURED} in the Open Terms Archive collection genai-eu, "
        f'path “Testwerk 2.0/Terms of "Service"”, with SHA-256 {SHA256}.'
    ) in record
    assert [pre.text for pre in section(response, "document-record").iter("pre")] == [COMMAND]
    assert "We hold that very text" not in record and "not among those we hold" not in record
    details = spoken(response, "details")
    assert f"Words taken from a text captured {CAPTURED}, SHA-256 {SHA256}" in details
    assert 'Open Terms Archive collection genai-eu, path “Testwerk 2.0/Terms of "Service"”' in details


def test_once_the_text_is_held_the_page_leads_to_it(client: Client) -> None:
    document = factories.a_document(**COLLECTED)
    provision = published(document).provision
    factories.a_snapshot(document, "Nothing of it.\n", "2026-01-02")
    factories.a_snapshot(document)
    response = client.get(provision.get_absolute_url())
    record = spoken(response, "document-record")
    assert 'data-proof="exact"' in response.content.decode()
    assert f"taken from the text of {CAPTURED} in the Open Terms Archive collection genai-eu" in record
    assert "We hold that very text: version 2." in record
    address = f"{document.get_absolute_url()}versions/2/"
    assert address in [link.get("href") for link in section(response, "document-record").iter("a")]
    assert "import_terms" not in record
    assert f"Words taken from version 2, captured {CAPTURED}, SHA-256 {SHA256}" in spoken(response, "details")


def test_other_texts_of_the_document_are_told_apart_from_that_one(client: Client) -> None:
    document = factories.a_document(**COLLECTED)
    provision = published(document).provision
    factories.a_snapshot(document, "Nothing of it is here.\n", "2026-02-01")
    missing = spoken(client.get(provision.get_absolute_url()), "document-record")
    assert "Not found in the one text we hold" in missing and "That text is not among those we hold" in missing
    assert "import_terms" in missing
    factories.a_snapshot(document, f"{factories.TEXT}\nMore of it.\n", "2026-03-01")
    found = spoken(client.get(provision.get_absolute_url()), "document-record")
    assert "Found word for word" in found and "That text is not among those we hold" in found
    assert "import_terms" not in found


def test_the_version_of_that_day_is_meant_where_a_text_came_back(client: Client) -> None:
    document = factories.a_document(**COLLECTED)
    for day, text in (("2026-01-01", factories.TEXT), ("2026-01-15", "Other.\n"), ("2026-01-31", factories.TEXT)):
        factories.a_snapshot(document, text, day)
    response = client.get(published(document).provision.get_absolute_url())
    assert "We hold that very text: version 3." in spoken(response, "document-record")


def test_a_document_in_no_collection_has_no_command(client: Client) -> None:
    record = spoken(client.get(published(factories.a_document()).provision.get_absolute_url()), "document-record")
    assert f"The words were taken from the text of {CAPTURED}, with SHA-256 {SHA256}." in record
    assert "import_terms" not in record and "Open Terms Archive" not in record


def test_words_of_an_unnamed_text_say_nothing_of_it(client: Client) -> None:
    plain = factories.a_published(factories.a_quotation(factories.a_provision(factories.a_document(**COLLECTED))))
    response = client.get(plain.provision.get_absolute_url())
    assert "taken from" not in main_text(response)
    assert "taken_from" not in json.loads(plain.payload)["quotation"]


def test_the_frozen_record_names_the_text_and_still_agrees(client: Client) -> None:
    document = factories.a_document(**COLLECTED)
    analysis = published(document)
    said = json.loads(analysis.payload)
    assert said["quotation"]["taken_from"] == {"captured_at": "2026-01-31T12:00:00+00:00", "sha256": SHA256}
    assert (said["document"]["collection"], said["document"]["path"]) == (
        COLLECTED["collection"],
        COLLECTED["collection_path"],
    )
    factories.a_snapshot(document)
    response = client.get(analysis.get_absolute_url())
    assert "Not checked: we hold no copy of the text" in main_text(response), "as it was at publication"
    assert COMMAND in [pre.text for pre in find_all(response, ".//pre")]
    findings = Findings()
    verify(Analysis.objects.get(pk=analysis.pk), findings)
    assert findings.checked["analyses"] == 1 and not findings.mismatches


def test_a_document_tells_what_it_was_read_for(client: Client, django_assert_max_num_queries) -> None:
    document = factories.a_document()
    held, absent = factories.a_clause_type(), factories.a_clause_type()
    assert "Read for" not in main_text(client.get(document.get_absolute_url()))
    factories.a_reading(document, absent, "2026-01-31", found=False)
    factories.a_reading(document, held, "2026-02-01", found=True)
    factories.a_reading(document, held, "2026-01-01", found=False)
    with django_assert_max_num_queries(BUDGETS["document"]):
        response = client.get(document.get_absolute_url())
    assert page(response) is not None
    lines = [" ".join(text_of(item).split()) for item in section(response, "section-readings").iter("li")]
    assert sorted(lines) == sorted(
        [
            f"{held.name}: found, on 1 Mar 2026, in the text of 1 Feb 2026",
            f"{absent.name}: absent, on 1 Mar 2026, in the text of 31 Jan 2026",
        ]
    )
    assert Reading.objects.filter(document=document).newest().count() == 2


def test_the_reading_of_the_newest_text_is_the_one_that_counts() -> None:
    document, kind = factories.a_document(kind="terms_of_service"), factories.a_clause_type()
    assert adoption(kind).read == 0
    factories.a_reading(document, kind, "2026-02-01", found=False)
    factories.a_reading(document, kind, "2026-01-01", found=True)
    assert (adoption(kind).found, adoption(kind).read) == (0, 1)
    factories.a_reading(document, kind, "2026-03-01", found=True)
    assert (adoption(kind).found, adoption(kind).read) == (1, 1)
    document.retired_on = date(2026, 3, 2)
    document.save()
    assert adoption(kind).read == 0
