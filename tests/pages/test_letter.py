"""Letters of published steps: every one of the demo catalogue, from its frozen record."""

import json
from urllib.parse import unquote, urlsplit

import pytest
from django.test import Client

from clauses.letters import letter_slugs
from clauses.models import Analysis
from tests.pages.reading import find_all, main_text, page, text_of

pytestmark = pytest.mark.django_db
LETTER = "/record/CA-P-010656/letter/refuse-training/"


def letters() -> list[tuple[str, dict, dict]]:
    """(address, payload, step) of every letter."""
    found = []
    for analysis in Analysis.objects.published().filter(provision__state="standing"):
        payload = json.loads(analysis.payload)
        for action, slug in zip(payload["actions"], letter_slugs(payload["actions"]), strict=True):
            if slug:
                found.append((f"/record/{payload['record']}/letter/{slug}/", payload, action))
    return found


def test_every_letter_of_the_catalogue_says_what_its_record_says(client: Client) -> None:
    seen = letters()
    assert len(seen) > 60
    assert len({address for address, _, _ in seen}) == len(seen)
    for address, payload, action in seen:
        response = client.get(address)
        assert response.status_code == 200
        tree = page(response)
        draft = "".join(tree.find(".//*[@id='finished-text']").itertext())
        subject, body = action["letter"]["subject"], action["letter"]["body"]
        assert draft.strip() == f"Subject: {subject}\n\n{body}".strip()
        words = " ".join(main_text(response).split())
        for fact in (
            action["title"],
            action["deadline"],
            action["region"],
            action["email"],
            payload["document"]["party"],
        ):
            assert " ".join(fact.split()) in words
        assert ("Nobody has tried this step for us yet." in words) == (not action["last_tried"])
        links = {link.get("href") for link in tree.iter("a")}
        assert not action["url"] or action["url"] in links
        assert {f"/record/{payload['record']}/complaint/{agency['slug']}/" for agency in payload["agencies"]} <= links
        assert "If no answer comes" in words and (payload["agencies"] or "/agencies/" in links)
        sections = find_all(response, ".//section[@aria-labelledby]")
        assert all(len(text_of(section).split()) > 6 for section in sections)


def test_every_mail_address_carries_the_letter_to_its_receiver_alone(client: Client) -> None:
    for address, _, action in letters():
        links = [link for link in find_all(client.get(address), ".//main//a") if link.get("data-mailto")]
        assert [link.get("data-mailto") for link in links] == ([action["email"]] if action["email"] else [])
        for link in links:
            parts = urlsplit(link.get("href"))
            assert unquote(parts.path) == action["email"]
            subject, body = parts.query.removeprefix("subject=").split("&body=")
            assert unquote(subject) == " ".join(action["letter"]["subject"].split())
            assert unquote(body) == action["letter"]["body"].replace("\r\n", "\n").replace("\n", "\r\n")


def test_the_fields_cannot_be_sent_or_remembered(client: Client) -> None:
    response = client.get(LETTER)
    main = page(response).find(".//main")
    controls = [node for tag in ("input", "textarea", "select") for node in main.iter(tag)]
    assert controls and main.find(".//form") is None
    assert all(node.get("name") is None and node.get("autocomplete") == "off" for node in controls)
    assert page(response).find(".//meta[@name='robots']").get("content") == "noindex"
    assert "This is no legal advice." in main_text(response)


@pytest.mark.parametrize("action", ["refuse-training-2", "refuse_training", "ask", "0"])
def test_a_step_without_a_letter_is_not_found_with_the_way_out(client: Client, action: str) -> None:
    response = client.get(f"/record/CA-P-010656/letter/{action}/")
    assert response.status_code == 404
    assert f"offers no letter “{action}”" in main_text(response)
    assert LETTER in {link.get("href") for link in find_all(response, ".//main//a")}


def test_the_clause_page_opens_the_same_mail_as_the_letter(client: Client) -> None:
    seen = 0
    for address, payload, action in letters():
        if not action["email"]:
            continue
        seen += 1
        letter = {link.get("href") for link in find_all(client.get(address), ".//main//a") if link.get("data-mailto")}
        clause = client.get(f"/record/{payload['record']}/v{payload['version']}/")
        assert letter <= {link.get("href") for link in find_all(clause, ".//main//a")}
    assert seen > 20
