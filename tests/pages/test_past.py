"""Pages of a document's past: its history, what stood on a day, what differs, two editions side by side."""

import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from xml.etree.ElementTree import Element

import pytest
from django.http import HttpResponse
from django.test import Client

from conductatlas import actors
from platforms.actions import record_snapshot
from platforms.models import Change, Check, Document, Transition, Version
from platforms.pages import STEPS_ON_A_PAGE, WITH_NEW_WORDS
from platforms.pairing import parts_of
from tests import factories
from tests.pages.reading import find_all, main_text, page, text_of
from tests.pages.test_budgets import BUDGETS

TERMS = "/platform/pennowisk/terms-of-service/"
COOKIES = "/platform/pennowisk/cookie-policy-eu/"
PAST = [
    f"{TERMS}history/",
    f"{TERMS}history/?checks=1",
    f"{TERMS}redline/1..2/",
    f"{TERMS}redline/4..2/",
    f"{TERMS}at/2025-01-01/",
    f"{COOKIES}?beside=CA-D-00005",
    f"{COOKIES}history/",
]

pytestmark = pytest.mark.django_db


def squeezed(text: str) -> str:
    return " ".join(text.split())


def read(client: Client, address: str) -> str:
    return squeezed(main_text(client.get(address)))


def marks_of(response: HttpResponse) -> list[Element]:
    """The strokes of the drawing, one for each step."""
    lines = find_all(response, ".//{http://www.w3.org/2000/svg}line")
    return [line for line in lines if "mark" in line.get("class").split()]


def steps_of(document: Document) -> int:
    return Version.objects.counting().filter(document=document, transition__kind__in=WITH_NEW_WORDS).count()


@pytest.mark.parametrize("address", PAST)
def test_valid_and_its_headings_leave_out_no_rank(client: Client, address: str) -> None:
    main = page(client.get(address)).find(".//main")
    ranks = [int(element.tag[1]) for element in main.iter() if re.fullmatch("h[1-6]", str(element.tag))]
    assert ranks[0] == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(ranks)), ranks


@pytest.mark.parametrize("address", PAST)
def test_no_blank_before_a_stop_and_no_wrong_plural(client: Client, address: str) -> None:
    text = read(client, address)
    assert not re.search(r"[\w)] [.,;:](?:\s|$)", text)
    assert not re.search(r"\b1 (?:sentences|looks|texts|versions|changes|times|checks|days|paragraphs)\b", text)


@pytest.mark.parametrize("slug", ["terms-of-service", "privacy-policy", "cookie-policy-eu", "cookie-policy-us"])
def test_the_history_says_what_is_stored(client: Client, slug: str) -> None:
    document = Document.objects.get(platform__slug="pennowisk", slug=slug)
    response = client.get(f"/platform/pennowisk/{slug}/history/")
    text = squeezed(main_text(response))
    steps = Version.objects.counting().filter(document=document, transition__kind__in=WITH_NEW_WORDS)
    changes = Change.objects.public().filter(document=document, kind="observed")
    assert f"{Check.objects.filter(document=document).count()} looks from" in text
    assert f"{document.versions.counting().count()} texts kept as versions, {changes.count()} change" in text
    listed = find_all(response, ".//ol[@id='versions']/li")
    assert len(listed) == steps.count() > 1
    for item, version in zip(listed, steps.select_related("snapshot", "transition").newest_first(), strict=True):
        said = squeezed(text_of(item))
        assert f"Version {version.number}:" in said
        change = changes.filter(after=version.snapshot).first()
        assert (change.headline if change else version.transition.get_kind_display()) in said


@pytest.mark.parametrize("slug", ["terms-of-service", "privacy-policy", "cookie-policy-eu", "cookie-policy-us"])
def test_the_timeline_has_a_mark_for_each_step_and_a_long_one_for_each_change(client: Client, slug: str) -> None:
    document = Document.objects.get(platform__slug="pennowisk", slug=slug)
    response = client.get(f"/platform/pennowisk/{slug}/history/")
    marks = marks_of(response)
    assert len(marks) == steps_of(document)
    changed = [mark for mark in marks if "mark--changed" in mark.get("class").split()]
    assert len(changed) == Change.objects.public().filter(document=document, kind="observed").count()
    places = [float(mark.get("x1")) for mark in marks]
    assert places == sorted(places)


def test_a_return_says_what_it_withdraws(client: Client) -> None:
    withdrawn = Change.objects.get(number=9)
    item = find_all(client.get(f"{COOKIES}history/"), ".//ol[@id='versions']/li")[0]
    assert "return to an earlier text" in squeezed(text_of(item))
    assert f"withdraws {withdrawn.headline}" in squeezed(text_of(item))


def test_every_check_stands_in_the_list_with_its_reason(client: Client) -> None:
    document = Document.objects.get(platform__slug="pennowisk", slug="terms-of-service")
    rows = [squeezed(text_of(row)) for row in find_all(client.get(f"{TERMS}history/?checks=1"), ".//tbody/tr")]
    checks = list(Check.objects.filter(document=document).order_by("-checked_at", "-id"))
    assert len(rows) == len(checks)
    for row, check in zip(rows, checks, strict=True):
        assert check.get_outcome_display() in row
        assert squeezed(check.reason) in row
    set_aside = [row for row in rows if "not a policy text, set aside" in row]
    assert len(set_aside) == 1
    assert "HTTP 503" in set_aside[0]
    assert "CA-S-000003" in set_aside[0]
    assert "version" not in set_aside[0]
    assert any("capture failed" in row for row in rows)


def test_checks_come_on_demand(client: Client) -> None:
    assert find_all(client.get(f"{TERMS}history/"), ".//tbody/tr") == []
    for number in ("1", "999", "nonsense", ""):
        assert find_all(client.get(f"{TERMS}history/?checks={number}"), ".//tbody/tr")


def test_a_document_nobody_looked_at_has_a_history_that_says_so(client: Client) -> None:
    text = read(client, "/platform/pennowisk/model-guide/history/")
    assert "Nobody has looked at this document yet." in text
    assert "Every check" not in text


def test_a_long_history_comes_in_pages_with_one_drawing_of_all(client: Client, django_assert_max_num_queries) -> None:
    document = factories.a_document()
    start = datetime(2025, 1, 1, tzinfo=UTC)
    said = ["# Terms", "These are the terms of the service that we offer to you."]
    many = STEPS_ON_A_PAGE + 5
    for number in range(many):
        said.append(f"Rule {number} says that you may not do the thing called {factories.unique('thing')}.")
        at = start + timedelta(days=number)
        record_snapshot(
            document=document, content="\n\n".join(said), captured_at=at, judgement="accepted", by=actors.catalogue()
        )
    assert steps_of(document) == many
    address = f"{document.get_absolute_url()}history/"
    with django_assert_max_num_queries(9):
        first = client.get(address)
    assert len(find_all(first, ".//ol[@id='versions']/li")) == STEPS_ON_A_PAGE
    assert len(marks_of(first)) == many
    older = [link.get("href") for link in find_all(first, ".//a[@rel='next']")]
    assert older == ["?page=2#new-words"]
    second = client.get(f"{address}?page=2")
    assert len(find_all(second, ".//ol[@id='versions']/li")) == 5
    assert "Version 1:" in main_text(second)
    assert 'content="noindex"' in second.content.decode()


def test_many_returns_in_a_row_are_one_line_that_opens(client: Client) -> None:
    document = factories.a_document()
    texts = [factories.TEXT, factories.TEXT.replace("The end.", "You owe us ten coins every month.")]
    for number in range(7):
        factories.a_snapshot(document, texts[number % 2], f"2026-01-{number + 10}")
    returned = Transition.objects.filter(version__document=document, kind="returned").count()
    assert returned == 5
    response = client.get(f"{document.get_absolute_url()}history/")
    items = find_all(response, ".//ol[@id='versions']/li")
    assert len(items) == 3
    assert "5 returns to earlier texts, version 3 to 7" in squeezed(text_of(items[0]))
    assert len(items[0].findall(".//ol/li")) == 5
    assert len(marks_of(response)) == 7


@pytest.mark.parametrize(
    ("asked", "leads_to"),
    [
        ("on=2025-01-01", "at/2025-01-01/"),
        ("from=1&to=3", "redline/1..3/"),
        ("from=3&to=1", "redline/3..1/"),
    ],
)
def test_the_history_looks_up_a_day_or_two_versions(client: Client, asked: str, leads_to: str) -> None:
    response = client.get(f"{TERMS}history/?{asked}", follow=True)
    assert response.redirect_chain == [(f"{TERMS}{leads_to}", 302)]
    assert response.status_code == 200


@pytest.mark.parametrize(
    "asked", ["on=//evil.example", "on=2025", "from=1", "from=x&to=2", "from=0&to=2", "from=1&to=%0A2"]
)
def test_what_cannot_be_looked_up_leaves_the_history_as_it_is(client: Client, asked: str) -> None:
    assert client.get(f"{TERMS}history/?{asked}").status_code == 200


# What stood on a day


@pytest.mark.parametrize(
    ("day", "number"),
    [("2024-03-04", 1), ("2024-10-13", 1), ("2024-10-14", 2), ("2025-01-20", 2), ("2025-04-22", 3), ("2026-11-20", 5)],
)
def test_a_day_shows_the_text_that_stood_at_its_end(client: Client, day: str, number: int) -> None:
    text = read(client, f"{TERMS}at/{day}/")
    assert f"Pennowisk Terms of Service, version {number}" in text
    assert "what stood at the document’s address at the end of" in text


def test_the_day_ends_in_utc(client: Client) -> None:
    document = factories.a_document()
    for content, at in (
        (factories.TEXT, datetime(2026, 3, 1, 23, 59, 59, tzinfo=UTC)),
        (factories.TEXT.replace("The end.", "Now it costs ten coins."), datetime(2026, 3, 2, 0, 0, 0, tzinfo=UTC)),
    ):
        record_snapshot(document=document, content=content, captured_at=at, judgement="accepted", by=actors.catalogue())
    assert ", version 1" in read(client, f"{document.get_absolute_url()}at/2026-03-01/")
    assert ", version 2" in read(client, f"{document.get_absolute_url()}at/2026-03-02/")


def test_before_the_first_text_there_is_none_and_the_way_on(client: Client) -> None:
    response = client.get(f"{TERMS}at/2020-01-01/")
    assert response.status_code == 404
    assert "We hold no text of this document from that day." in squeezed(main_text(response))
    links = [link.get("href") for link in find_all(response, ".//main//a")]
    assert f"{TERMS}versions/1/" in links
    assert f"{TERMS}history/" in links


def test_what_has_not_come_yet_cannot_be_asked_for(client: Client) -> None:
    response = client.get(f"{TERMS}at/9999-12-31/")
    assert response.status_code == 400
    assert "31 Dec 9999 has not begun" in squeezed(main_text(response))


@pytest.mark.parametrize("day", ["2025-02-30", "2025-13-01", "0000-01-01", "2025-1-1", "yesterday"])
def test_no_such_day(client: Client, day: str) -> None:
    assert client.get(f"{TERMS}at/{day}/").status_code == 404


# What differs


def test_the_redline_names_both_versions_and_its_change(client: Client) -> None:
    change = Change.objects.get(number=4)
    text = read(client, f"{TERMS}redline/2..3/")
    assert "What differs: version 2 to version 3" in text
    assert f"Recorded as {change.record_id}: {change.title}" in text
    assert "[added: , or (d) anything that you or others do with Output made in your account]" in text
    assert "[removed: or ]" in text


def test_the_redline_leads_to_the_steps_beside_it(client: Client) -> None:
    def ways(address: str) -> dict[str, str]:
        links = find_all(client.get(address), ".//nav[@class='pages']/a")
        return {link.get("rel"): link.get("href") for link in links if link.get("rel")}

    # Version 4 differs from version 3 in its links only: it is no step.
    assert ways(f"{TERMS}redline/2..3/") == {"prev": f"{TERMS}redline/1..2/", "next": f"{TERMS}redline/4..5/"}
    assert ways(f"{TERMS}redline/1..2/") == {"next": f"{TERMS}redline/2..3/"}
    assert ways(f"{TERMS}redline/4..5/") == {"prev": f"{TERMS}redline/2..3/"}


def test_backwards_it_says_so(client: Client) -> None:
    text = read(client, f"{TERMS}redline/3..2/")
    assert "Version 3 is the later one, so this is read backwards" in text
    assert "[removed: , or (d) anything" in text


def test_a_redline_of_one_version_is_its_page_and_of_none_is_not_there(client: Client) -> None:
    assert client.get(f"{TERMS}redline/2..2/")["Location"] == f"{TERMS}versions/2/"
    assert client.get(f"{TERMS}redline/1..99/").status_code == 404
    assert client.get(f"{TERMS}redline/0..1/").status_code == 404


def test_where_only_markup_differs_no_words_do(client: Client) -> None:
    assert "No words differ between the two texts." in read(client, f"{TERMS}redline/3..4/")


# Two editions


def test_two_editions_side_by_side_mark_what_only_one_says(client: Client) -> None:
    response = client.get(f"{COOKIES}?beside=CA-D-00005")
    text = squeezed(main_text(response))
    assert "What differs between them is no change" in text
    assert "delete them after [only here: thirteen] months" in text
    assert "delete them after [only here: twenty-five] months" in text
    rows = find_all(response, ".//li[@class]")
    rows = [row for row in rows if "beside-row" in row.get("class").split()]
    assert rows
    for row in rows:
        assert len(row.findall("./div")) == 2
        label = row.find("./div/p").text
        assert label == ("In both" if "beside-row--equal" in row.get("class").split() else "European Union")


def test_both_editions_are_whole(client: Client) -> None:
    """Every passage of each text stands in its column."""
    response = client.get(f"{COOKIES}?beside=CA-D-00005")
    rows = [row for row in find_all(response, ".//li[@class]") if "beside-row" in row.get("class").split()]
    for column, slug in enumerate(("cookie-policy-eu", "cookie-policy-us")):
        shown = " ".join("".join(row.findall("./div")[column].itertext()) for row in rows)
        shown = squeezed(re.sub(r"\[only here: (.*?)\]", r"\1", shown))
        newest = Version.objects.counting().filter(document__slug=slug).with_text().newest_first().first()
        passages = [squeezed(part.words) for part in parts_of(newest.snapshot.text.content, 0)]
        assert len(passages) > 10
        assert [passage for passage in passages if passage not in shown] == []


@pytest.mark.parametrize("record", ["CA-D-00001", "CA-D-00004", "CA-D-99999", "nonsense", "CA-P-000001"])
def test_only_an_edition_of_the_same_document_is_laid_beside_it(client: Client, record: str) -> None:
    assert client.get(f"{COOKIES}?beside={record}").status_code == 404


def test_editions_lead_to_each_other(client: Client) -> None:
    links = [link.get("href") for link in find_all(client.get(COOKIES), ".//main//a")]
    assert "/platform/pennowisk/cookie-policy-us/" in links
    assert "?beside=CA-D-00005" in links


def test_side_by_side_keeps_to_the_budget_of_the_document(client: Client, django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(BUDGETS["document"]):
        client.get(f"{COOKIES}?beside=CA-D-00005")


def test_the_to_and_fro_of_a_clause_is_folded_and_all_there(client: Client) -> None:
    document = factories.a_document()
    texts = [factories.TEXT, "# Terms\n\nThese are the terms.\n\nYou owe us ten coins every month.\n\nThe end.\n"]
    for number in range(16):
        factories.a_snapshot(document, texts[number % 2], f"2026-01-{number + 10}")
    provision = factories.a_published(factories.a_quotation(factories.a_provision(document))).provision
    response = client.get(provision.get_absolute_url())
    (section,) = [part for part in find_all(response, ".//section") if part.get("aria-labelledby") == "history"]
    steps = [item.get("data-how") for item in section.iter("li") if item.get("data-how")]
    assert steps == ["first", *["removed", "restored"] * 7, "removed"]
    assert "9 more steps" in text_of(section)
    assert len(section.findall(".//details//li")) == 9
