"""The complaint kit: every one of the demo catalogue, from its frozen record; and the ways out where there is none."""

import hashlib
import json
import re
from datetime import date
from urllib.parse import urlsplit

import pytest
from django.test import Client

from clauses import actions
from clauses.letters import letter_slugs
from clauses.models import Agency, Analysis, Provision
from conductatlas import actors
from tests import factories
from tests.pages.reading import find_all, main_text, page, text_of

pytestmark = pytest.mark.django_db
KIT = "/record/CA-P-010656/complaint/eu-dpas/"


def published() -> list[Analysis]:
    return list(
        Analysis.objects.published()
        .filter(provision__state="standing")
        .select_related("provision", "quotation")
        .order_by("pk")
    )


def draft_of(response) -> str:
    return "".join(page(response).find(".//*[@id='finished-text']").itertext())


@pytest.mark.slow
def test_every_kit_of_the_catalogue_says_what_its_record_says(client: Client) -> None:
    seen = 0
    for analysis in published():
        payload = json.loads(analysis.payload)
        for agency in payload["agencies"]:
            seen += 1
            response = client.get(f"/record/{payload['record']}/complaint/{agency['slug']}/")
            assert response.status_code == 200
            text = draft_of(response)
            for fact in (
                *(agency["name"], agency["reason"], payload["platform"]["name"], payload["document"]["title"]),
                *(payload["document"]["party"], payload["document"]["source_url"], analysis.payload_sha256),
                *(
                    f"{payload['record']}, version {payload['version']}",
                    f"/record/{payload['record']}/v{payload['version']}/",
                ),
            ):
                assert fact in text
            words = " ".join(text.split())
            for sentence in analysis.quotation.sentences:
                assert f"({sentence.number}) {' '.join(sentence.words.split())}" in words
            taken = payload["quotation"].get("taken_from")
            assert ("SHA-256 of that text" in text) == bool(taken or "Download of that text: " in text)
            assert "Download of that text: " in text or not taken or taken["sha256"] in text
            assert text.startswith("EXAMPLE ONLY") == payload["platform"]["invented"]
            assert "\n\n\n" not in text.strip()
            sections = find_all(response, ".//section[@aria-labelledby]")
            assert all(len(text_of(section).split()) > 6 for section in sections)
    assert seen > 100


def test_laws_are_those_that_the_agency_enforces_with_their_reasons(client: Client) -> None:
    european, american = draft_of(client.get(KIT)), draft_of(client.get(KIT.replace("eu-dpas", "ftc")))
    assert "General Data Protection Regulation" in european and "Federal Trade Commission Act" not in european
    assert "Section 5" in american and "General Data Protection Regulation" not in american
    assert "Colorado" not in american, "a law that a source page names without a reason argues nothing"


@pytest.mark.slow
def test_no_kit_argues_with_a_law_that_the_agency_does_not_enforce(client: Client) -> None:
    enforced = {
        agency.slug: {row.regulation.slug for row in agency.enforced.all()}
        for agency in Agency.objects.prefetch_related("enforced__regulation")
    }
    quoted = left_out = 0
    for analysis in published():
        payload = json.loads(analysis.payload)
        for agency in payload["agencies"]:
            text = draft_of(client.get(f"/record/{payload['record']}/complaint/{agency['slug']}/"))
            for law in payload["regulations"]:
                due = law["slug"] in enforced[agency["slug"]] and not law["named_by_source"]
                quoted, left_out = quoted + due, left_out + (not due)
                assert (f"- {law['name']} ({law['citation']})" in text) == due
    assert quoted > 50 and left_out > 50


def test_a_kit_to_a_country_s_authority_quotes_the_law_of_the_union(client: Client) -> None:
    named = Analysis.objects.published().filter(agencies__agency__slug="ie-dpc", regulations__regulation__slug="gdpr")
    record = named.select_related("provision").first().provision.record_id
    assert "General Data Protection Regulation" in draft_of(client.get(f"/record/{record}/complaint/ie-dpc/"))


def test_the_address_is_that_of_today_and_says_where_the_record_gave_another(client: Client) -> None:
    agency = Agency.objects.get(slug="ftc")
    address, old = KIT.replace("eu-dpas", "ftc"), agency.complaint_url
    assert "gave another one" not in main_text(client.get(address))
    agency.complaint_url, agency.checked_on = "https://new.example/complain", date(2026, 11, 20)
    actions.save_entry(agency, by=actors.catalogue())
    response = client.get(address)
    assert "https://new.example/complain" in {link.get("href") for link in find_all(response, ".//main//a")}
    words = " ".join(main_text(response).split())
    assert "Address last checked 20 Nov 2026." in words and f"it gave another one: {old}" in words


def test_an_agency_whose_page_has_moved_since_keeps_its_kits(client: Client) -> None:
    agency = Agency.objects.get(slug="ftc")
    agency.slug = "federal-trade-commission"
    actions.save_entry(agency, by=actors.catalogue())
    response = client.get(KIT.replace("eu-dpas", "ftc"))
    assert response.status_code == 200
    assert "/agencies/federal-trade-commission/" in {link.get("href") for link in find_all(response, ".//main//a")}


def test_a_kit_leads_to_the_letters_of_the_same_record(client: Client) -> None:
    before = page(client.get(KIT)).find(".//section[@aria-labelledby='before']")
    assert "/record/CA-P-010656/letter/refuse-training/" in {link.get("href") for link in before.iter("a")}


def test_every_hash_with_a_download_is_that_of_the_bytes(client: Client) -> None:
    seen = 0
    for analysis in published():
        payload = json.loads(analysis.payload)
        for agency in payload["agencies"][:1]:
            text = draft_of(client.get(f"/record/{payload['record']}/complaint/{agency['slug']}/"))
            if found := re.search(r"SHA-256 of that text: (\w{64})\nDownload of that text: (\S+)", text):
                seen += 1
                body = client.get(urlsplit(found[2]).path)
                content = b"".join(body.streaming_content) if body.streaming else body.content
                assert hashlib.sha256(content).hexdigest() == found[1]
    assert seen > 5


def test_the_fields_cannot_be_sent_or_remembered(client: Client) -> None:
    response = client.get(KIT)
    main = page(response).find(".//main")
    controls = [node for tag in ("input", "textarea", "select") for node in main.iter(tag)]
    assert len(controls) > 8
    assert main.find(".//form") is None
    assert all(node.get("name") is None and node.get("autocomplete") == "off" for node in controls)
    assert all(node.get("value") is None for node in controls)
    assert page(response).find(".//meta[@name='robots']").get("content") == "noindex"
    assert response.cookies == {}
    assert "form-action 'self'" in response["Content-Security-Policy"]


def test_the_page_says_what_it_is_not_and_that_nothing_is_sent(client: Client) -> None:
    words = " ".join(main_text(client.get(KIT)).split())
    assert "This is no legal advice." in words
    assert "it is not sent to us, not stored" in words
    assert "[your name or initials]" in words


@pytest.mark.parametrize("agency", ["uk-ico", "nobody"])
def test_an_agency_that_the_record_does_not_name_is_not_found_with_the_way_out(client: Client, agency: str) -> None:
    response = client.get(f"/record/CA-P-010656/complaint/{agency}/")
    assert response.status_code == 404
    assert f"does not name an agency “{agency}”" in main_text(response)
    ways = {link.get("href") for link in find_all(response, ".//main//a")}
    assert {"/record/CA-P-010656/", KIT, "/record/CA-P-010656/letter/refuse-training/"} <= ways


@pytest.mark.parametrize("record", ["CA-P-999999", "CA-P-10656", "CA-D-00001", "nonsense"])
def test_what_is_no_published_clause_is_not_found(client: Client, record: str) -> None:
    assert client.get(f"/record/{record}/complaint/ftc/").status_code == 404


def test_a_withdrawn_record_says_so_and_offers_nothing_to_write(client: Client) -> None:
    analysis = Analysis.objects.published().get(provision__number=10656)
    actions.withdraw(analysis=analysis, reason="It was wrong.", by=actors.catalogue())
    response = client.get(KIT)
    assert response.status_code == 410
    assert "was withdrawn on" in main_text(response)
    assert client.get("/record/CA-P-010656/letter/refuse-training/").status_code == 410
    clause = client.get(analysis.provision.get_absolute_url())
    assert not [link for link in find_all(clause, ".//main//a") if "/complaint/" in link.get("href", "")]


def test_a_removed_clause_says_so(client: Client) -> None:
    provision = Provision.objects.get(number=10656)
    actions.mark_removed(provision=provision, by=actors.catalogue())
    response = client.get(KIT)
    assert response.status_code == 410
    assert "removed from the catalogue" in main_text(response)


def test_a_merged_clause_leads_to_the_one_that_it_became(client: Client) -> None:
    into = Provision.objects.get(number=10656)
    clause = factories.a_published(
        factories.a_quotation(factories.a_provision(document=into.document, clause_type=into.clause_type))
    ).provision
    actions.merge(provision=clause, into=into, by=actors.catalogue())
    response = client.get(f"/record/{clause.record_id}/complaint/ftc/")
    assert response.status_code == 302
    assert response["Location"] == into.get_absolute_url()


def test_the_words_today_are_told_where_they_differ_from_the_frozen_evidence(client: Client) -> None:
    quotation = factories.a_quotation()
    factories.a_snapshot(quotation.provision.document)
    analysis = factories.a_published(quotation)
    agency = json.loads(analysis.payload)["agencies"][0]["slug"]
    address = f"/record/{analysis.provision.record_id}/complaint/{agency}/"
    first = draft_of(client.get(address))
    assert "When the record was published" not in first and "I write about a clause in" in first
    other = "# Terms\n\nNothing of it is left here any more.\n"
    factories.a_snapshot(quotation.provision.document, other, "2026-03-01")
    then = draft_of(client.get(address))
    assert "“No longer in the text since 1 Mar 2026”" in then and "When the record was published: “Found" in then
    assert "I write about words that ConductAtlas, an independent catalogue, records for" in then


def test_the_clause_page_leads_to_each_kit(client: Client) -> None:
    clause = client.get(Provision.objects.with_place().get(number=10656).get_absolute_url())
    links = {link.get("href") for link in find_all(clause, ".//main//a")}
    assert {KIT, KIT.replace("eu-dpas", "ftc"), "/record/CA-P-010656/letter/refuse-training/"} <= links


@pytest.mark.parametrize("address", [KIT, "/record/CA-P-010656/letter/refuse-training/"])
def test_who_writes_is_told_first_where_no_text_shows_the_words(client: Client, address: str) -> None:
    note = page(client.get(address)).find(".//main//p[@data-proof]")
    assert note.get("data-proof") == "unproven"
    assert "Not checked: we hold no copy of the text. What you write rests on these words." in " ".join(
        text_of(note).split()
    )


@pytest.mark.parametrize("address", ["/record/CA-P-000012/complaint/ftc/", "/record/CA-P-000012/letter/{}/"])
def test_nobody_is_warned_where_the_words_stand(client: Client, address: str) -> None:
    steps = json.loads(Analysis.objects.published().get(provision__number=12).payload)["actions"]
    slug = next(slug for slug in letter_slugs(steps) if slug)
    response = client.get(address.format(slug))
    assert response.status_code == 200
    assert page(response).find(".//main//p[@data-proof]") is None
