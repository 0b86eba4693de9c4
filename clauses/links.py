"""Whether the official addresses of agencies and laws still answer."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

import httpx

from clauses.actions import save_entry
from clauses.models import Agency, Regulation
from conductatlas import actors

AGENT = "ConductAtlas link check (a catalogue of platforms' terms; one request an address)"
SECONDS = 20.0


@dataclass(frozen=True)
class Link:
    """An address of a record: `record` says which one, `kind` what it is for."""

    record: str
    kind: str
    url: str


@dataclass(frozen=True)
class Answer:
    """What an address answered: the HTTP status and where it led in the end, or why nothing came."""

    link: Link
    ok: bool
    detail: str


def links_of(record: Agency | Regulation) -> list[Link]:
    """All official addresses of a record."""
    named = {
        "complaint address": getattr(record, "complaint_url", ""),
        "finder": getattr(record, "finder_url", ""),
        "website": getattr(record, "website", ""),
        "official address": getattr(record, "url", ""),
    }
    return [Link(record.slug, kind, url) for kind, url in named.items() if url]


def ask(client: httpx.Client, link: Link) -> Answer:
    """Opens one address as a person would. The body is not read."""
    try:
        with client.stream("GET", link.url) as response:
            moved = f", moved to {response.url}" if str(response.url) != link.url else ""
            return Answer(link, response.is_success, f"HTTP {response.status_code}{moved}")
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return Answer(link, False, f"no answer: {error or type(error).__name__}")


def check(
    records: Iterable[Agency | Regulation], *, today: date, transport: httpx.BaseTransport | None = None
) -> Iterator[Answer]:
    """Asks each address, one after the other. An agency whose every address answers is dated as checked today."""
    with httpx.Client(
        follow_redirects=True, timeout=SECONDS, headers={"User-Agent": AGENT}, transport=transport
    ) as client:
        for record in records:
            answers = [ask(client, link) for link in links_of(record)]
            yield from answers
            if isinstance(record, Agency) and all(answer.ok for answer in answers):
                record.checked_on = today
                save_entry(record, by=actors.machine())
