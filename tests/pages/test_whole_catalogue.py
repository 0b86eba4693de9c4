"""Every page of the demo catalogue, read as a careful reader reads a book: nothing empty, nothing said twice."""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from xml.etree.ElementTree import Element

import pytest
from django.test import Client

from clauses.models import Agency, Analysis, ClauseType, Provision, Regulation, ResearchNote
from platforms.models import Change, Document, Platform, Snapshot, Version
from platforms.sentences import paragraphs, split

from .reading import page, text_of

pytestmark = pytest.mark.django_db

HEADINGS = frozenset(f"h{level}" for level in range(1, 7))
MARK = re.compile(r"\s*\[(?:~|\d+(?:,\s*\d+)*)\]")
LONG_ENOUGH = 60  # characters: labels and dates may repeat
# Sentences that several analyses may share: they define a term, or say what the catalogue itself does.
DEFINED: frozenset[str] = frozenset()


def records() -> list:
    return [
        *Platform.objects.all(),
        *Document.objects.select_related("platform"),
        *Provision.objects.public().with_place(),
        *Version.objects.select_related("document__platform"),
        *ClauseType.objects.all(),
        *Agency.objects.all(),
        *Regulation.objects.all(),
        *ResearchNote.objects.all(),
        *Change.objects.all(),
    ]


def addresses() -> list[str]:
    site = [
        "/",
        "/platforms/",
        "/clauses/",
        "/clause-types/",
        "/agencies/",
        "/regulations/",
        "/research/",
        "/methodology/",
        "/about/",
    ]
    return [*site, "/feeds/", *(record.get_absolute_url() for record in records())]


def words(element: Element) -> str:
    return " ".join(text_of(element).split())


def empty_sections(main: Element) -> Iterator[str]:
    for section in main.iter("section"):
        headed = [words(element) for element in section.iter() if element.tag in HEADINGS]
        if words(section) == " ".join(headed):
            yield f"empty section {headed}"


def repeated_paragraphs(main: Element) -> Iterator[str]:
    """Paragraphs and items without others inside; what a reader has to open (a letter, a menu of places) too."""
    own = Counter(
        words(element)
        for element in main.iter()
        if element.tag in {"p", "li", "dd"}
        and element.get("class") != "meta"  # labels and dates
        and not any(child.tag in {"p", "li", "dd", "ul", "ol"} for child in element)
    )
    yield from (f"twice: {said}" for said, times in own.items() if times > 1 and len(said) >= LONG_ENOUGH)


@pytest.mark.slow
def test_every_page_is_valid_and_says_nothing_twice(client: Client) -> None:
    found = []
    for address in addresses():
        response = client.get(address)
        assert response.status_code == 200, address
        main = page(response).find(".//main")
        # A stored text, a redline and two editions beside each other show what a platform wrote, repeats and all.
        ours = not re.search(r"/versions/|/redline/|/change/", address)
        wrong = [*empty_sections(main), *(repeated_paragraphs(main) if ours else [])]
        found += [f"{address} {one}" for one in wrong]
    assert not found, "\n".join(found)


def test_every_snapshot_has_a_permanent_address(client: Client) -> None:
    for snapshot in Snapshot.objects.all():
        assert client.get(f"/record/{snapshot.record_id}/").status_code == 302


def prose(payload: dict) -> Iterator[str]:
    """What was written for one analysis alone; letters are forms, and have their sentences in common."""
    yield from (payload[part] for part in ("what_it_is", "why_it_matters", "what_this_means", "interpretive_note"))
    yield payload["confidence"]["reason"]
    yield from (factor["reason"] for factor in payload["severity"]["factors"])
    yield from (answer["detail"] for answer in payload["answers"])
    yield from (action["steps"] for action in payload["actions"])
    yield from (entry["reason"] for kind in ("agencies", "regulations") for entry in payload[kind])
    institutional = payload["institutional"]
    yield from (flag["text"] for flag in institutional["jurisdiction_flags"])
    yield from institutional["checklist"]
    yield from (value for value in institutional.values() if isinstance(value, str) and " " in value)


def sentences(text: str) -> Iterator[str]:
    plain = " ".join(MARK.sub("", text).split())
    for start, end in paragraphs(plain):
        yield from (plain[a:b] for a, b in split(plain, start, end))


def test_no_two_analyses_share_a_sentence() -> None:
    where = defaultdict(set)
    for analysis in Analysis.objects.published().select_related("provision"):
        for said in prose(json.loads(analysis.payload)):
            for sentence in sentences(said):
                if len(sentence) >= LONG_ENOUGH // 2:
                    where[sentence].add(analysis.provision.record_id)
    assert len(where) > 500
    shared = {sentence: sorted(places) for sentence, places in where.items() if len(places) > 1}
    assert {sentence: places for sentence, places in shared.items() if sentence not in DEFINED} == {}


def test_every_analysis_says_who_drafted_it_and_answers_every_question() -> None:
    for analysis in Analysis.objects.published().select_related("provision__clause_type"):
        payload = json.loads(analysis.payload)
        assert payload["drafted"]["by"], analysis
        asked = set(analysis.provision.clause_type.questions.values_list("key", flat=True))
        assert {answer["key"] for answer in payload["answers"]} == asked, analysis
