"""The registry: pages without gaps, the same list as a table, filters that can be taken back, odd addresses."""

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from clauses.cursors import token
from clauses.figures import totals
from clauses.models import Provision
from clauses.narrowing import SORTS
from clauses.registry import ON_A_PAGE
from clauses.tables import COLUMNS
from tests.pages.listing import HTMX, all_pages, every, heading, listed, registry, rows
from tests.pages.reading import find_all, main_text, text_of

pytestmark = pytest.mark.django_db


def test_the_registry_holds_every_published_clause_of_real_platforms(client: Client) -> None:
    real = Provision.objects.published().filter(document__platform__invented=False)
    assert sorted(every(all_pages(client, ""))) == sorted(clause.record_id for clause in real)
    assert heading(registry(client)) == f"{totals().clauses} clauses"


@pytest.mark.parametrize("sort", SORTS)
def test_every_page_of_the_demo_is_reached_by_its_links(client: Client, sort: str) -> None:
    found = every(all_pages(client, f"sort={sort}"))
    assert len(found) == len(set(found)) == totals().clauses > ON_A_PAGE
    assert found == [row["record"] for row in rows(client, f"sort={sort}")]


@pytest.mark.parametrize(
    "query", ["", "severity=high&law=gdpr", "changed=2024-01-01&invented=1", "market=eu&sort=newest"]
)
def test_page_and_table_hold_the_same_clauses(client: Client, query: str) -> None:
    pages = all_pages(client, query)
    table, shown = rows(client, query), every(pages)
    assert [row["record"] for row in table] == shown
    assert heading(pages[0]).startswith(f"{len(shown)} ")
    assert all(list(row) == list(COLUMNS) for row in table)
    for row in table[:3]:
        assert client.get(row["page"].partition("8000")[2] or row["page"]).status_code == 200


def test_a_table_starts_no_formula(client: Client) -> None:
    provision = Provision.objects.get(number=10656)
    Provision.objects.filter(pk=provision.pk).update(title='=HYPERLINK("https://evil.example";"x")')
    found = {row["record"]: row["title"] for row in rows(client)}
    assert found["CA-P-010656"] == """'=HYPERLINK("https://evil.example";"x")"""


def test_htmx_gets_the_same_list_and_the_canonical_address(client: Client) -> None:
    query = "kind=privacy_policy&severity=medium&severity=high&changed=&sort=strongest"
    whole, part = registry(client, query), registry(client, query, **HTMX)
    assert "<html" not in part.content.decode()
    assert part.content.decode().strip() in whole.content.decode()
    assert listed(whole)
    assert part.headers["HX-Push-Url"] == "/clauses/?severity=high&severity=medium&kind=privacy_policy"
    assert "HX-Push-Url" not in whole.headers
    for answer in (whole, part):
        assert {"HX-Request", "HX-Target"} <= {name.strip() for name in answer.headers["Vary"].split(",")}


def robots(response: HttpResponse) -> str:
    found = find_all(response, ".//meta[@name='robots']")
    return found[0].get("content") if found else ""


def canonical(response: HttpResponse) -> str:
    return find_all(response, ".//link[@rel='canonical']")[0].get("href").partition("/clauses/")[2]


def test_search_engines_find_the_list_and_single_values(client: Client) -> None:
    following = find_all(registry(client), ".//a[@rel='next']")[0].get("href").partition("?")[2]
    assert [robots(registry(client, query)) for query in ("", "severity=high")] == ["", ""]
    for query in (
        "severity=high&severity=low",
        "severity=high&market=eu",
        "sort=newest",
        "changed=2026-01-01",
        following,
    ):
        assert robots(registry(client, query)) == "noindex, follow", query
    assert robots(registry(client, "invented=1")) == "noindex, follow"
    assert canonical(registry(client, following)) == ""
    assert canonical(registry(client, "severity=low&type=data-retention&severity=high&sort=newest&x=1")) == (
        "?type=data-retention&severity=high&severity=low"
    )


def test_invented_platforms_have_a_list_of_their_own(client: Client) -> None:
    response = registry(client, "invented=1")
    made_up = Provision.objects.published().filter(document__platform__invented=True)
    assert sorted(listed(response)) == sorted(clause.record_id for clause in made_up)
    assert len(find_all(response, ".//span[@class='invented-mark']")) == made_up.count()
    assert find_all(response, ".//span[@class='choice-count']") == [], "no figure"
    assert listed(registry(client, "platform=pennowisk")) == listed(response)
    assert "Pennowisk" not in main_text(registry(client))


def test_what_is_chosen_can_be_taken_back(client: Client) -> None:
    response = registry(client, "severity=high&market=eu&changed=2026-01-31")
    chips = find_all(response, ".//ul[@class='chips']/li/a")
    assert [text_of(chip).strip() for chip in chips] == [
        "Remove Severity: High",
        "Remove Market: European Union",
        "Remove Changed since 31 Jan 2026",
        "Remove all",
    ]
    assert [chip.get("href") for chip in chips] == [
        "/clauses/?market=eu&changed=2026-01-31",
        "/clauses/?severity=high&changed=2026-01-31",
        "/clauses/?severity=high&market=eu",
        "/clauses/",
    ]


def test_an_empty_list_says_which_filter_to_drop(client: Client) -> None:
    response = registry(client, "severity=low&market=eu")
    assert heading(response).startswith("0 of ")
    ways = find_all(response, ".//section//ul/li/a[@href='/clauses/?severity=low']")
    count = len(every(all_pages(client, "severity=low")))
    assert ways
    assert f"Without “Market: European Union”: {count} clauses" in " ".join(main_text(response).split())


HOSTILE = [
    *("type=nothing-of-the-kind", "severity=severe", "changed=2026-02-31", "changed=99999-01-01", "sort=best"),
    *("after=x", f"after={'A' * 5_000}", f"after={token('platform', ['a', 'b', 1])}", "invented=yes"),
    *("law=%00", "platform=%F0%28%8C%28", "market=" + "%27%22%3B--" * 400, "kind=<script>alert(1)</script>"),
    "&".join(["severity=severe"] * 1_500),
    "&".join(f"type=t{number}" for number in range(1_500)),
]


@pytest.mark.parametrize("query", HOSTILE, ids=range(len(HOSTILE)))
def test_what_nobody_can_read_is_named_and_left_out(client: Client, query: str) -> None:
    response = registry(client, f"{query}&confidence=high")
    assert response.status_code == 400
    text = main_text(response)
    assert "left out" in text or "first page" in text
    assert sorted(listed(response)) == sorted(listed(registry(client, "confidence=high")))
    assert robots(response) == "noindex, follow"
    part = registry(client, f"{query}&confidence=high", **HTMX)
    assert part.status_code == 400
    assert part.content.decode().strip() in response.content.decode()
    if not query.startswith("after"):
        refused = client.get(f"/clauses.csv?{query}&confidence=high")
        assert (refused.status_code, refused.headers["Content-Type"]) == (400, "text/plain; charset=utf-8")


@pytest.mark.parametrize(
    "query",
    [
        "&".join(["severity=high"] * 1_500),
        "&".join(f"x{number}=1" for number in range(1_500)),
        "changed=9999-12-31",
        "&&=&",
    ],
)
def test_odd_addresses_that_can_be_read_are(client: Client, query: str) -> None:
    assert registry(client, query).status_code == 200


def test_the_number_of_queries_does_not_grow_with_the_filters(client: Client) -> None:
    def asked(query: str) -> int:
        registry(client, query.partition("&")[0])  # what belongs to the edition is kept now
        with CaptureQueriesContext(connection) as captured:
            assert registry(client, query).status_code == 200
        return len(captured)

    two = "confidence=high&kind=privacy_policy"
    more = "severity=high&severity=medium&market=not-stated&proof=unproven&platform=jasper-ai"
    assert asked(two) == asked(f"{two}&{more}") <= 5
