"""Atom feeds of changes: what RFC 4287 asks of them, ids that stay, words that cannot break them, 304."""

from datetime import datetime
from html import unescape
from xml.etree import ElementTree

import pytest
from django.test import Client

from conductatlas import actors
from platforms.actions import save_change
from platforms.feeds import MOST_ENTRIES
from platforms.models import Change, Document, Platform
from tests import factories
from tests.pages.reading import find_all

ATOM = "{http://www.w3.org/2005/Atom}"
PENNOWISK = "/feeds/pennowisk.atom"
COOKIES = "/feeds/pennowisk/cookie-policy-eu.atom"
FEEDS = ["/feeds/changes.atom", PENNOWISK, COOKIES, "/feeds/jasper-ai.atom", "/feeds/pennowisk/model-guide.atom"]

pytestmark = pytest.mark.django_db


def parsed(client: Client, address: str) -> ElementTree.Element:
    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(response.content)


def entries(client: Client, address: str) -> list[ElementTree.Element]:
    return parsed(client, address).findall(f"{ATOM}entry")


def words(element: ElementTree.Element, name: str) -> str:
    return element.findtext(f"{ATOM}{name}") or ""


@pytest.mark.parametrize("address", FEEDS)
def test_it_has_what_atom_requires(client: Client, address: str) -> None:
    feed = parsed(client, address)
    assert feed.tag == f"{ATOM}feed"
    for element in (feed, *feed.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(element.findall(f"{ATOM}{name}")) == 1, name
            assert words(element, name)
        assert datetime.fromisoformat(words(element, "updated")).tzinfo
    assert feed.find(f"{ATOM}author/{ATOM}name").text == "ConductAtlas"
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert links["self"].endswith(address)
    assert client.get(links["alternate"].partition("//")[2].partition("/")[2].join(["/", ""])).status_code == 200
    for entry in feed.findall(f"{ATOM}entry"):
        (link,) = entry.findall(f"{ATOM}link")
        assert link.get("rel") == "alternate"
        assert link.get("href").startswith("http")
        assert words(entry, "id").startswith("tag:")
    ids = [words(entry, "id") for entry in feed.findall(f"{ATOM}entry")]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("address", FEEDS)
def test_its_own_date_is_that_of_its_newest_entry(client: Client, address: str) -> None:
    feed = parsed(client, address)
    updated = [datetime.fromisoformat(words(entry, "updated")) for entry in feed.findall(f"{ATOM}entry")]
    if updated:
        assert datetime.fromisoformat(words(feed, "updated")) == max(updated)


def test_each_holds_the_changes_it_names(client: Client) -> None:
    def expected(**which) -> set[str]:
        return {change.record_id for change in Change.objects.public().filter(**which)}

    def held(address: str) -> set[str]:
        return {words(entry, "id").rpartition("/")[2] for entry in entries(client, address)}

    assert held("/feeds/changes.atom") == expected(document__platform__invented=False) != set()
    assert held(PENNOWISK) == expected(document__platform__slug="pennowisk") != set()
    assert held(COOKIES) == expected(document__slug="cookie-policy-eu") != set()


def test_entries_say_what_the_page_says(client: Client) -> None:
    told = {words(entry, "id").rpartition("/")[2]: words(entry, "summary") for entry in entries(client, PENNOWISK)}
    assert "The date that the document itself states stayed the same." in told["CA-C-000004"]
    assert "Withdrawn on 2025-10-06" in told["CA-C-000009"]
    assert "stayed the same" not in told["CA-C-000003"]
    assert all("The platform is invented." in summary for summary in told.values())
    reported = [words(entry, "summary") for entry in entries(client, "/feeds/changes.atom")]
    assert all("as reported, not checked" in summary.lower() for summary in reported)


def test_a_withdrawal_that_is_news_updates_the_entry(client: Client) -> None:
    (entry,) = entries(client, COOKIES)
    change = Change.objects.get(number=9)
    assert datetime.fromisoformat(words(entry, "published")) == change.first_observed_at
    assert datetime.fromisoformat(words(entry, "updated")) >= change.withdrawn_at


def test_no_words_can_break_it_or_become_markup(client: Client) -> None:
    change = Change.objects.get(number=9)
    change.title = 'Fees <& "more" ]]> <script>alert(1)</script> \x0b\x1b\u202etxet\u202c & so on'
    change.summary = "5 < 6 & <b>bold</b>, \x08\ufffe\u2067 ]]> the end."
    save_change(change, by=actors.catalogue())
    for address in (PENNOWISK, COOKIES):
        entry = next(entry for entry in entries(client, address) if words(entry, "id").endswith("CA-C-000009"))
        assert words(entry, "title").endswith('Fees <& "more" ]]> <script>alert(1)</script> txet & so on')
        summary = entry.find(f"{ATOM}summary")
        assert summary.get("type") == "html"
        assert "<" not in summary.text, "what is read as HTML must be escaped once more"
        assert unescape(summary.text).startswith("5 < 6 & <b>bold</b>,  ]]> the end.")


def test_names_of_platforms_and_documents_cannot_break_it(client: Client) -> None:
    platform = factories.a_platform(name="A & B <Werk>\u202e")
    document = factories.a_document(platform, title='Terms "<&>"')
    factories.a_snapshot(document, factories.TEXT, "2026-01-10")
    factories.a_snapshot(document, f"{factories.TEXT}\nYou owe us ten coins.\n", "2026-02-10")
    feed = parsed(client, f"/feeds/{platform.slug}/{document.slug}.atom")
    assert words(feed, "title") == 'Terms "<&>" of A & B <Werk>: changes'
    assert words(feed.find(f"{ATOM}entry"), "title") == 'A & B <Werk>, Terms "<&>": 1 sentence added'


def test_the_same_changes_make_the_same_bytes_and_304(client: Client) -> None:
    first = client.get(PENNOWISK)
    assert client.get(PENNOWISK).content == first.content
    again = client.get(PENNOWISK, headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304
    assert again.content == b""
    assert again["ETag"] == first["ETag"]
    assert client.get(PENNOWISK, headers={"if-none-match": '"another"'}).status_code == 200
    assert client.head(PENNOWISK)["ETag"] == first["ETag"]


def test_news_changes_the_etag_and_not_the_ids(client: Client) -> None:
    before = client.get(COOKIES)
    ids = [words(entry, "id") for entry in entries(client, COOKIES)]
    change = Change.objects.get(number=9)
    change.title = "Visits are counted until you refuse"
    save_change(change, by=actors.catalogue())
    after = client.get(COOKIES, headers={"if-none-match": before["ETag"]})
    assert after.status_code == 200
    assert after["ETag"] != before["ETag"]
    assert [words(entry, "id") for entry in entries(client, COOKIES)] == ids


def test_an_id_does_not_depend_on_scheme_or_port(client: Client, settings) -> None:
    settings.SITE_URL = "https://atlas.example"
    (secure,) = entries(client, COOKIES)
    settings.SITE_URL = "http://atlas.example:8000"
    (plain,) = entries(client, COOKIES)
    assert words(secure, "id") == words(plain, "id") == "tag:atlas.example,2026:/record/CA-C-000009"


def test_it_is_bounded(client: Client) -> None:
    change = Change.objects.get(number=1)
    Change.objects.bulk_create(
        Change(document=change.document, kind="reported", source="A source", number=90_000 + number, title="Told")
        for number in range(MOST_ENTRIES + 5)
    )
    assert len(entries(client, "/feeds/changes.atom")) == MOST_ENTRIES


@pytest.mark.parametrize("address", ["/feeds/nobody.atom", "/feeds/pennowisk/nothing.atom"])
def test_there_is_none_of_what_is_not_there(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


def test_the_page_of_feeds_is_linked_from_the_footer_and_lists_them_all(client: Client) -> None:
    assert "/feeds/" in [link.get("href") for link in find_all(client.get("/"), ".//footer//a")]
    listed = {link.get("href") for link in find_all(client.get("/feeds/"), ".//main//a")}
    assert listed == {"/feeds/changes.atom", *(f"/feeds/{platform.slug}.atom" for platform in Platform.objects.all())}


def test_pages_name_their_feed(client: Client) -> None:
    document = Document.objects.get(slug="cookie-policy-eu")
    for address, feed in (
        (document.get_absolute_url(), COOKIES),
        (f"{document.get_absolute_url()}history/", COOKIES),
        (document.platform.get_absolute_url(), PENNOWISK),
        ("/feeds/", "/feeds/changes.atom"),
    ):
        links = find_all(client.get(address), ".//head/link[@type='application/atom+xml']")
        assert [link.get("href") for link in links] == [feed]
