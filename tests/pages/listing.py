"""The registry as a reader goes through it: a page, its clauses, all its pages, the table."""

import csv
import io

from django.http import HttpResponse
from django.test import Client

from tests.pages.reading import find_all, page, text_of

HTMX = {"HX-Request": "true", "HX-Target": "results"}


def registry(client: Client, query: str = "", **headers: str) -> HttpResponse:
    return client.get(f"/clauses/?{query}" if query else "/clauses/", headers=headers)


def listed(response: HttpResponse) -> list[str]:
    """The record ids on a page, in their order."""
    return [text_of(one).strip() for one in page(response).findall(".//ol/li//span[@class='record-id']")]


def all_pages(client: Client, query: str) -> list[HttpResponse]:
    """A list from its first page to its last."""
    found, address = [], f"/clauses/?{query}"
    while address:
        response = client.get(address)
        assert response.status_code == 200
        found.append(response)
        following = find_all(response, ".//a[@rel='next']")
        address = following[0].get("href") if following else ""
    return found


def every(pages: list[HttpResponse]) -> list[str]:
    """The record ids on all pages of a list."""
    return [record_id for one in pages for record_id in listed(one)]


def rows(client: Client, query: str = "") -> list[dict[str, str]]:
    response = client.get(f"/clauses.csv?{query}")
    assert response.status_code == 200
    return list(csv.DictReader(io.StringIO(b"".join(response).decode(), newline="")))


def heading(response: HttpResponse) -> str:
    return " ".join(text_of(page(response).find(".//h2[@id='count']")).split())
