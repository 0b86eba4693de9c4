"""Pages of agencies and laws: how to complain, and the clauses with the reason, a bounded number at a time."""

import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from clauses import actions
from clauses.applied import ON_A_PAGE
from clauses.figures import applied_figures, article_figures, totals
from clauses.figures.law import MOST_PLATFORMS, STRONGEST_OF_AN_ARTICLE, natural
from clauses.models import Agency, Analysis, Provision, Regulation
from conductatlas import actors
from tests.pages.reading import find_all, main_text, page, text_of

pytestmark = pytest.mark.django_db


def payloads() -> list[dict]:
    return [json.loads(row.payload) for row in Analysis.objects.published().filter(provision__state="standing")]


def naming(kind: str, slug: str) -> dict[str, dict]:
    """Record id → how its published record names an agency or law, by the frozen payloads."""
    return {payload["record"]: entry for payload in payloads() for entry in payload[kind] if entry["slug"] == slug}


def listed(response) -> list[str]:
    return [text_of(node).strip() for node in find_all(response, ".//main//span[@class='record-id']")]


def walk(client: Client, address: str) -> list[str]:
    """The records of all pages from here on."""
    found: list[str] = []
    while address:
        response = client.get(address)
        assert response.status_code == 200
        rows = listed(response)
        assert 0 < len(rows) <= ON_A_PAGE
        found += rows
        following = [link for link in find_all(response, ".//main//a") if text_of(link).strip() == "The next clauses"]
        address = following[0].get("href").split("#")[0] if following else ""
    return found


@pytest.mark.parametrize("slug", ["ftc", "eu-dpas", "cppa", "texas-ag", "jp-ppc"])
def test_an_agency_lists_each_clause_that_names_it_once_the_strongest_first(client: Client, slug: str) -> None:
    expected = naming("agencies", slug)
    found = walk(client, f"/agencies/{slug}/") if expected else []
    assert sorted(found) == sorted(expected)
    levels = {payload["record"]: payload["severity"]["level"] for payload in payloads()}
    ranks = [("high", "medium", "low").index(levels[record]) for record in found]
    assert ranks == sorted(ranks)


def test_an_agency_tells_how_to_complain_the_official_form_first(client: Client) -> None:
    response = client.get("/agencies/ie-dpc/")
    words = " ".join(main_text(response).split())
    order = [
        "The official form at dataprotection.ie",
        "Nobody has checked this address yet.",
        "Who may complain",
        "What it can act on",
        "Laws it enforces",
        "Have ready",
    ]
    places = [words.index(part) for part in [*order, "How long it takes"]]
    assert places == sorted(places)
    assert "/regulations/gdpr/" in {link.get("href") for link in find_all(response, ".//main//a")}
    assert "Laws it enforces" not in main_text(client.get("/agencies/jp-ppc/"))
    assert "How long it takes" not in main_text(client.get("/agencies/ftc/"))
    assert "Find your own authority" in main_text(client.get("/agencies/eu-dpas/"))


def test_each_clause_of_an_agency_stands_with_its_reason_and_its_complaint(client: Client) -> None:
    response = client.get("/agencies/ftc/")
    expected = naming("agencies", "ftc")
    for row in find_all(response, ".//main//li[@class='clause-line']"):
        record = text_of(row.find(".//span[@class='record-id']")).strip()
        assert " ".join(expected[record]["reason"].split()) in " ".join(text_of(row).split())
        assert f"/record/{record}/complaint/ftc/" in {link.get("href") for link in row.iter("a")}


def test_figures_have_their_denominator_and_count_no_invented_platform(client: Client) -> None:
    for entry, kind in (
        (Agency.objects.get(slug="ftc"), "agencies"),
        (Regulation.objects.get(slug="gdpr"), "regulations"),
    ):
        named = [payload for payload in payloads() if entry.slug in {row["slug"] for row in payload[kind]}]
        real = [payload for payload in named if not payload["platform"]["invented"]]
        figures = applied_figures(entry)
        assert (figures.clauses, figures.listed, figures.catalogued) == (len(real), len(named), totals().clauses)
        assert figures.platform_count == len({payload["platform"]["slug"] for payload in real})
        words = " ".join(main_text(client.get(entry.get_absolute_url())).split())
        assert f"{len(real)} of the {totals().clauses} clauses in the catalogue" in words


def test_the_parts_of_an_agency_by_platform_add_up() -> None:
    figures = applied_figures(Agency.objects.get(slug="cppa"))
    assert figures.platform_count == len(figures.platforms) > 1
    assert sum(platform.clauses for platform in figures.platforms) == figures.clauses


def test_the_many_platforms_of_an_agency_are_cut_and_can_be_asked_for(client: Client) -> None:
    figures = applied_figures(Agency.objects.get(slug="eu-dpas"))
    assert figures.platform_count > len(figures.platforms) == MOST_PLATFORMS
    counts = [platform.clauses for platform in figures.platforms]
    assert counts == sorted(counts, reverse=True)
    field = page(client.get("/agencies/eu-dpas/")).find(".//main//form//input")
    assert field.get("name") == "platform"


@pytest.mark.parametrize("asked", ["replit", "Replit", "repl", "REPLIT "])
def test_clauses_of_one_platform_by_its_address_or_name(client: Client, asked: str) -> None:
    response = client.get("/agencies/eu-dpas/", {"platform": asked})
    of_replit = {payload["record"] for payload in payloads() if payload["platform"]["slug"] == "replit"}
    expected = of_replit & set(naming("agencies", "eu-dpas"))
    assert expected
    assert set(listed(response)) == expected
    assert page(response).find(".//meta[@name='robots']").get("content") == "noindex"


@pytest.mark.parametrize(
    ("address", "named"),
    [
        ("/agencies/ftc/?platform=zzz", "“zzz”"),
        ("/agencies/ftc/?platform=%00%27--", "“'--”"),
        ("/agencies/ftc/?after=CA-P-999999", "“CA-P-999999”"),
        ("/agencies/ftc/?after=nonsense", "“nonsense”"),
        ("/agencies/ftc/?after=CA-D-00001", "“CA-D-00001”"),
        ("/agencies/ftc/?platform=zzz&article=Art.+5", "“zzz”"),
        ("/regulations/gdpr/?article=Art.+999", "“Art. 999”"),
        ("/regulations/gdpr/?part=nonsense", "“nonsense”"),
        (f"/regulations/gdpr/?article={'x' * 5000}", "“xxx"),
    ],
)
def test_what_is_not_in_the_list_is_named_with_the_way_out(client: Client, address: str, named: str) -> None:
    response = client.get(address)
    assert response.status_code == 404
    assert named in main_text(response)
    assert "See the whole list" in main_text(response)


@pytest.mark.parametrize("asked", ["article=Art.+5", "part=whole", "part=named", "article=x&part=nonsense"])
def test_an_agency_has_no_articles_to_ask_for(client: Client, asked: str) -> None:
    response = client.get(f"/agencies/ftc/?{asked}")
    assert response.status_code == 200
    assert listed(response) == listed(client.get("/agencies/ftc/"))


def test_the_number_beside_an_article_and_the_one_of_its_list_agree(client: Client) -> None:
    shown = {
        node.text.strip(): " ".join(text_of(node.find("span")).split())
        for node in find_all(client.get("/regulations/gdpr/"), ".//main//section/section/h3")
    }
    for figure in article_figures(Regulation.objects.get(slug="gdpr")):
        words = f"{figure.clauses} clause" + ("" if figure.clauses == 1 else "s")
        more = f", and {figure.invented} of an invented platform" if figure.invented else ""
        assert shown[figure.article] == words + more


def test_a_law_stands_by_its_articles_in_natural_order_with_the_reasons(client: Client) -> None:
    response = client.get("/regulations/gdpr/")
    expected = naming("regulations", "gdpr")
    articles = [node.text.strip() for node in find_all(response, ".//main//section/section/h3")]
    assert articles == sorted(articles, key=natural)
    assert {article for entry in expected.values() for article in entry["articles"]} == set(articles)
    assert articles.index("Art. 5(1)(b)") < articles.index("Art. 13") < articles.index("Art. 21(1)")
    for section in find_all(response, ".//main//section/section"):
        rows, again = section.findall(".//li[@class='clause-line']"), section.findall(".//li/p[@class='meta']/a/..")
        assert 0 < len(rows) + len(again) <= STRONGEST_OF_AN_ARTICLE
        article = section.find("h3").text.strip()
        assert all(text_of(row).split("given under")[1].strip() in articles[: articles.index(article)] for row in again)
        for row in rows:
            record = text_of(row.find(".//span[@class='record-id']")).strip()
            assert " ".join(expected[record]["reason"].split()) in " ".join(text_of(row).split())


def test_all_clauses_of_an_article_are_a_page_away(client: Client) -> None:
    for figure in article_figures(Regulation.objects.get(slug="gdpr")):
        expected = {
            record for record, entry in naming("regulations", "gdpr").items() if figure.article in entry["articles"]
        }
        assert figure.listed == len(expected)
    found = walk(client, "/regulations/gdpr/?article=Art.%2017")
    expected = [record for record, entry in naming("regulations", "gdpr").items() if "Art. 17" in entry["articles"]]
    assert sorted(found) == sorted(expected)


def test_the_law_as_a_whole_and_what_has_no_reason_are_kept_apart(client: Client) -> None:
    whole = article_figures(Regulation.objects.get(slug="cfaa"))
    assert [(figure.part, figure.article) for figure in whole] == [("whole", "")]
    assert "The law as a whole" in main_text(client.get("/regulations/cfaa/"))
    named = article_figures(Regulation.objects.get(slug="colorado-ai-act"))
    assert [figure.part for figure in named] == ["named"]
    assert main_text(client.get("/regulations/colorado-ai-act/")).count("no reason given") >= 2


def test_articles_sort_as_people_count() -> None:
    given = ["Annex 1(q)", "Art. 13", "Art. 5(1)(e)", "Section 2", "Art. 5", "Art. 22", "Art. 5(1)(b)"]
    assert sorted(given, key=natural) == [
        *("Art. 5", "Art. 5(1)(b)", "Art. 5(1)(e)", "Art. 13", "Art. 22", "Section 2", "Annex 1(q)"),
    ]


def test_a_withdrawn_clause_leaves_list_and_count(client: Client) -> None:
    before = applied_figures(Agency.objects.get(slug="ftc")).clauses
    assert "CA-P-010656" in walk(client, "/agencies/ftc/")
    actions.withdraw(
        analysis=Analysis.objects.published().get(provision__number=10656), reason="Wrong.", by=actors.catalogue()
    )
    assert applied_figures(Agency.objects.get(slug="ftc")).clauses == before - 1
    assert "CA-P-010656" not in walk(client, "/agencies/ftc/")
    assert f"{before - 1} of the" in main_text(client.get("/agencies/ftc/"))


@pytest.mark.parametrize("address", ["/agencies/ftc/", "/regulations/gdpr/", "/agencies/", "/regulations/"])
def test_what_is_counted_once_is_kept_for_the_edition(client: Client, address: str) -> None:
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    assert not any("count(" in query["sql"].lower() for query in captured)


def test_lists_name_every_agency_and_law_with_its_count(client: Client) -> None:
    for entry in (*Agency.objects.all(), *Regulation.objects.all()):
        address = "/agencies/" if isinstance(entry, Agency) else "/regulations/"
        row = next(
            row
            for row in find_all(client.get(address), ".//main//ul[@class='index']/li")
            if entry.get_absolute_url() in {link.get("href") for link in row.iter("a")}
        )
        count = applied_figures(entry).clauses
        assert (f"named for {count} clause" in text_of(row)) == (count > 0)


def test_the_reason_of_a_removed_clause_is_in_no_list(client: Client) -> None:
    actions.mark_removed(provision=Provision.objects.get(number=10656), by=actors.catalogue())
    assert "CA-P-010656" not in walk(client, "/agencies/ftc/")


@pytest.mark.parametrize(
    ("asked", "articles"),
    [("art. 17", {"Art. 17"}), ("ART. 17", {"Art. 17"}), ("art. 5(1)", {"Art. 5(1)("})],
)
def test_an_article_is_found_in_any_case_and_by_its_beginning(client: Client, asked: str, articles: set[str]) -> None:
    response = client.get("/regulations/gdpr/", {"article": asked})
    assert response.status_code == 200
    rows = find_all(response, ".//main//li[@class='clause-line']")
    assert rows
    for row in rows:
        named = text_of(row.find(".//span[@class='article-names']"))
        assert any(article in named for article in articles)


def test_the_beginning_of_a_number_is_no_article(client: Client) -> None:
    response = client.get("/regulations/gdpr/", {"article": "Art. 1"})
    assert response.status_code == 404
    assert "no clause for “Art. 1”" in main_text(response)
