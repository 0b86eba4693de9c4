"""The clause page: whole, from its frozen record, in a fixed number of queries."""

import copy
import hashlib
import html
import re
from dataclasses import dataclass
from xml.etree.ElementTree import Element

import pytest
from django.test import Client
from django.urls import reverse

from clauses import vocabulary as clauses
from clauses.models import Analysis, Provision
from platforms import vocabulary as platforms
from platforms.models import Platform
from tests.copies import clause_like
from tests.pages.reading import main_text, page, text_of
from tests.pages.test_whole_catalogue import addresses

JASPER = "/platform/jasper-ai/jasper-privacy-policy/user-content-used-for-ai-model-training/"
QUOTATION = (
    "“We may use the content you submit to Jasper, including prompts, inputs, and outputs, "
    "to improve and train our AI models. "
    "You may opt out of this use by adjusting your settings or contacting us at privacy@jasper.ai.”"
)
SECTIONS = (
    "What it is",
    "Document record",
    "Our analysis",
    "What you can do",
    "How other platforms handle this",
    "History of this clause",
    "Institutional analysis",
    "Who takes a complaint",
    "Laws it touches",
    "Clause details",
    "Cite this record",
    "Questions",
)


@pytest.fixture
def jasper(client: Client, db: None):
    return client.get(JASPER)


def test_it_holds_its_sections_in_order(jasper) -> None:
    headings = ["".join(heading.itertext()).strip() for heading in page(jasper).findall(".//main//h2")]
    assert [heading for heading in headings if heading in SECTIONS] == [
        section for section in SECTIONS if section in headings
    ]
    missing = set(SECTIONS) - set(headings) - {"History of this clause"}  # nothing is known of Jasper's history
    assert not missing
    assert "Why it matters" in main_text(jasper)
    assert "What this means for you" in main_text(jasper)


def test_the_quotation_is_whole_verbatim_and_closed(jasper) -> None:
    assert QUOTATION in main_text(jasper)
    assert 'data-proof="unproven"' in jasper.content.decode()
    assert "Not checked: we hold no copy of the text" in main_text(jasper)


def test_it_names_its_records_and_labels_what_is_only_reported(jasper) -> None:
    text = main_text(jasper)
    for words in ("CA-P-010656", "CA-D-00517", "As reported, not checked", "5 May 2026", "11 May 2026, 12:47 UTC"):
        assert words in text
    assert "087665744221c97fb2cd8d740adf341acc41677c5be5501a4f76c928454d4427" in text
    assert "not recomputed here" in text


def test_agencies_and_laws_come_with_reasons(jasper) -> None:
    text = main_text(jasper)
    analysis = Analysis.objects.published().get(provision__number=10656)
    for applied in analysis.agencies.select_related("agency"):
        assert applied.reason in text
        assert f'href="{html.escape(applied.agency.complaint_url)}"' in jasper.content.decode()
    assert {applied.agency.slug for applied in analysis.agencies.all()} >= {"ftc", "eu-dpas"}
    gdpr = analysis.regulations.get(regulation__slug="gdpr")
    assert gdpr.reason in text
    assert gdpr.articles
    for article in gdpr.articles:
        assert article in text
    assert "Named by the source page, no reason given." in text


def test_it_says_that_it_is_independent(jasper) -> None:
    assert "not affiliated with Jasper AI, nor endorsed or sponsored by it" in main_text(jasper)


@dataclass(frozen=True)
class Read:
    """A clause page as it was answered and parsed, once for all tests that only read it."""

    provision: Provision
    parsed: Element
    text: str


@pytest.fixture(scope="session")
def clause_pages(django_db_setup: None, django_db_blocker) -> list[Read]:
    """The clause pages of the invented platform, which show every state, and one of each other platform; all pages
    are read in test_whole_catalogue.
    """
    with django_db_blocker.unblock():
        pages, seen = [], set()
        for provision in Provision.objects.public().with_place().order_by("document__platform", "number"):
            platform = provision.document.platform
            if platform in seen and not platform.invented:
                continue
            seen.add(platform)
            response = Client().get(provision.get_absolute_url())
            assert response.status_code == 200
            parsed = page(response)
            pages.append(Read(provision, parsed, text_of(parsed.find(".//main"))))
        return pages


def test_no_code_word_reaches_a_reader(clause_pages: list[Read]) -> None:
    words = {
        value
        for module in (clauses, platforms)
        for choices in vars(module).values()
        if isinstance(choices, type) and hasattr(choices, "values") and choices.__module__ == module.__name__
        for value in choices.values
        if "_" in value
    }
    assert "refuse_training" in words
    pattern = re.compile(rf"\b({'|'.join(words)})\b")
    assert {read.provision.record_id: found for read in clause_pages if (found := pattern.findall(read.text))} == {}


def test_no_paragraph_stands_twice_on_a_page(clause_pages: list[Read]) -> None:
    for read in clause_pages:
        main = copy.deepcopy(read.parsed.find(".//main"))
        for element in list(main.iter()):
            # What two cards say of their answers is a table in words: it may well be the same.
            if element.get("class") in {"differences", "meta"}:
                element.clear()
        paragraphs = [line.strip() for line in text_of(main).split("\n") if len(line.strip()) > 60]
        twice = {line for line in paragraphs if paragraphs.count(line) > 1}
        assert not twice, read.provision


@pytest.mark.slow
@pytest.mark.django_db
def test_every_link_on_the_clause_pages_leads_somewhere(client: Client, clause_pages: list[Read]) -> None:
    known = dict.fromkeys(addresses(), 200)  # all of these are opened in test_whole_catalogue
    for read in clause_pages:
        listed = [element.get("id") for element in read.parsed.iter() if element.get("id")]
        assert len(set(listed)) == len(listed), "an id stands twice"
        for link in read.parsed.findall(".//a"):
            address = link.get("href")
            if address.startswith("#"):
                assert address[1:] in listed, (read.provision, address)
            elif address.startswith("/"):
                path = address.partition("#")[0]
                if path not in known:
                    known[path] = client.head(path).status_code
                assert known[path] in {200, 302}, (read.provision, address)


@pytest.mark.django_db
def test_the_page_takes_at_most_ten_queries_however_many_clauses_there_are(
    client: Client, django_assert_max_num_queries
) -> None:
    client.get(JASPER)  # what is kept for an edition is known now
    with django_assert_max_num_queries(10) as few:
        client.get(JASPER)
    model = Provision.objects.get(number=10656)
    for number in range(8):
        clause_like(model, platform=f"Copy {number}")
    with django_assert_max_num_queries(10) as first:
        client.get(JASPER)
    with django_assert_max_num_queries(10) as again:
        response = client.get(JASPER)
    assert len(again.captured_queries) == len(few.captured_queries) < len(first.captured_queries)
    assert f"of its {Platform.objects.real().count()} platforms" in main_text(response)


@pytest.mark.django_db
def test_the_frozen_record_is_the_bytes_whose_hash_the_page_shows(client: Client, jasper) -> None:
    response = client.get(reverse("payload", args=["CA-P-010656", 1]))
    digest = hashlib.sha256(response.content).hexdigest()
    assert digest in main_text(jasper)
    assert digest in main_text(client.get(reverse("frozen", args=["CA-P-010656", 1])))
