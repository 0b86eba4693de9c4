"""The registry: filters that combine, counts beside them, pages without gaps, the same list as a table."""

import csv
import io
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clauses.cursors import token
from clauses.figures import registry_figures, totals
from clauses.models import ClauseType, Provision, RegistryEntry, Regulation
from clauses.narrowing import FILTERS, SORTS, Narrowing, read
from clauses.registry import ON_A_PAGE, conditions, entries_of, some_of, terms
from clauses.tables import COLUMNS
from platforms.models import Platform
from tests.pages.reading import find_all, main_text, page, text_of

pytestmark = pytest.mark.django_db

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


def words_of(entry: RegistryEntry) -> dict[str, set[str]]:
    """What the address calls an entry's values, worked out without the registry's own code."""
    laws = dict(Regulation.objects.values_list("pk", "slug"))
    return {
        "type": {entry.clause_type.slug},
        "severity": {{3: "high", 2: "medium", 1: "low"}[entry.severity]},
        "platform": {entry.platform.slug},
        "kind": {entry.document_kind},
        "sector": {entry.sector},
        "market": {entry.market.lower() or "not-stated"},
        "proof": {entry.proof},
        "confidence": {entry.confidence},
        "law": {laws[law] for law in entry.regulations},
    }


def known_entries() -> list[tuple[RegistryEntry, dict[str, set[str]]]]:
    entries = RegistryEntry.objects.select_related("clause_type", "platform", "provision")
    return [(entry, words_of(entry)) for entry in entries]


def fitting(entries: list, narrowing: Narrowing, *, apart_from: str = "") -> list:
    """Those that every filter lets pass, the one named aside: plain loops."""
    return [
        (entry, words)
        for entry, words in entries
        if entry.invented == narrowing.invented
        and all(words[name] & set(values) for name, values in narrowing.chosen if name != apart_from)
        and (
            narrowing.since is None
            or apart_from == "changed"
            or (entry.changed_at and entry.changed_at.date() >= narrowing.since)
        )
    ]


def narrowed(query: str) -> Narrowing:
    known = terms(None)
    found = read(query, known.of, invented=known.invented)
    assert found.misread == ()
    return found.narrowing


def agree(narrowing: Narrowing, entries: list) -> None:
    """The figures of a list are those of counting by hand, and parts of their wholes."""
    known = terms(None)
    figures = registry_figures(conditions(narrowing, known), invented=narrowing.invented)
    assert figures.total == sum(entry.invented == narrowing.invented for entry, _ in entries)
    assert figures.found == len(fitting(entries, narrowing)) <= figures.total
    for name in FILTERS:
        rest = fitting(entries, narrowing, apart_from=name)
        for value, term in known.of[name].items():
            count = figures.counts[name].get(term.key, 0)
            assert count == sum(value in words[name] for _, words in rest), (name, value)
            assert count <= len(rest) <= figures.total
        if name != "law":  # a clause touches several laws, or none
            assert sum(figures.counts[name].values()) == len(rest)
    for name in figures.without:
        assert figures.without[name] == len(fitting(entries, narrowing, apart_from=name)) >= figures.found


def values_in_use() -> dict[str, list[str]]:
    used: dict[str, set[str]] = {name: set() for name in FILTERS}
    for entry, words in known_entries():
        for name in FILTERS:
            used[name] |= set() if entry.invented else words[name]
    return {name: sorted(values) for name, values in used.items()}


def test_the_registry_holds_every_published_clause_of_real_platforms(client: Client) -> None:
    real = Provision.objects.published().filter(document__platform__invented=False)
    assert sorted(every(all_pages(client, ""))) == sorted(clause.record_id for clause in real)
    assert heading(registry(client)) == f"{totals().clauses} clauses"


@pytest.mark.slow
def test_each_value_of_each_filter_leaves_what_it_names(client: Client) -> None:
    entries = known_entries()
    for name, values in values_in_use().items():
        for value in values:
            expected = fitting(entries, Narrowing(((name, (value,)),)))
            pages = all_pages(client, f"{name}={value}")
            assert heading(pages[0]).startswith(f"{len(expected)} of ")
            assert sorted(every(pages)) == sorted(e.provision.record_id for e, _ in expected)


def test_values_of_a_filter_are_alternatives_and_filters_narrow_down() -> None:
    entries, used, draw = known_entries(), values_in_use(), random.Random(7)
    for first, second in combinations(FILTERS, 2):
        some = {name: draw.sample(used[name], min(2, len(used[name]))) for name in (first, second)}
        narrowing = narrowed("&".join(f"{name}={value}" for name, values in some.items() for value in values))
        agree(narrowing, entries)
        found = {entry.pk for entry in entries_of(narrowing, terms(None))}
        assert found == {entry.pk for entry, _ in fitting(entries, narrowing)}


def test_changed_since_a_day_begins_with_that_day() -> None:
    entries = known_entries()
    invented = [entry for entry, _ in entries if entry.changed_at and entry.invented]
    day = max(entry.changed_at for entry in invented).date()
    last = narrowed(f"changed={day}&invented=1")
    agree(last, entries)
    assert entries_of(last, terms(None)).count() >= 1
    later = narrowed(f"changed={day + timedelta(days=1)}&invented=1")
    assert entries_of(later, terms(None)).count() == 0


def test_the_page_shows_the_counts_of_the_list(client: Client) -> None:
    query = "severity=high&kind=privacy_policy"
    entries = known_entries()
    response = registry(client, query)
    shown = {}
    for label in find_all(response, ".//label[@class='choice']"):
        box = label.find("input")
        shown[box.get("name"), box.get("value")] = (int(label.find("span[@class='choice-count']").text), box)
    for name in FILTERS:
        rest = fitting(entries, narrowed(query), apart_from=name)
        for value in {value for _, words in rest for value in words[name]}:
            assert shown[name, value][0] == sum(value in words[name] for _, words in rest)
    checked = {key for key, (_, box) in shown.items() if box.get("checked") is not None}
    assert checked == {("severity", "high"), ("kind", "privacy_policy")}


ENTRY = st.fixed_dictionaries(
    {
        "severity": st.integers(1, 3),
        "confidence": st.sampled_from(["high", "medium", "low"]),
        "proof": st.sampled_from(["exact", "absent", "unproven"]),
        "sector": st.sampled_from(["cloud", "social"]),
        "document_kind": st.sampled_from(["privacy_policy", "other"]),
        "market": st.sampled_from(["", "EU"]),
        "invented": st.booleans(),
        "laws": st.sets(st.integers(0, 2)),
        "type": st.integers(0, 1),
        "platform": st.integers(0, 2),
        "day": st.none() | st.integers(1, 5),
        "title_key": st.sampled_from(["a", "b"]),
        "platform_key": st.sampled_from(["a", "é"]),
    }
)
WANTED = st.lists(
    st.sampled_from(
        [
            *("severity=high", "severity=low", "confidence=low", "proof=exact", "proof=unproven", "sector=cloud"),
            *("kind=other", "market=eu", "market=not-stated", "changed=2026-01-03"),
        ]
    ),
    max_size=5,
)


@contextmanager
def only(made: list[dict]) -> Iterator[list]:
    """A registry of these entries alone, for a moment; the clauses behind them need not be there."""
    types, laws = ClauseType.objects.all()[:2], Regulation.objects.all()[:3]
    platforms = Platform.objects.all()[:3]
    document = Provision.objects.first().document_id
    entries = []
    for number, values in enumerate(made, start=1):
        fields = dict(values)
        day = fields.pop("day")
        entry = RegistryEntry(
            provision_id=10_000_000 + number,
            clause_type=types[fields.pop("type")],
            platform=platforms[fields.pop("platform")],
            regulations=sorted(laws[law].pk for law in fields.pop("laws")),
            changed_at=datetime(2026, 1, day, 12, tzinfo=UTC) if day else None,
            published_at=datetime(2026, 1, 1 + number % 2, tzinfo=UTC),
            document_id=document,
            **fields,
        )
        entries.append((entry, words_of(entry)))
    with transaction.atomic():
        RegistryEntry.objects.all().delete()
        RegistryEntry.objects.bulk_create(entry for entry, _ in entries)
        yield entries
        transaction.set_rollback(True)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(ENTRY, max_size=12), WANTED, st.booleans())
def test_figures_are_those_of_counting_by_hand(made: list[dict], wanted: list[str], invented: bool) -> None:
    with only(made) as entries:
        agree(narrowed("&".join([*wanted, f"invented={int(invented)}"])), entries)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(ENTRY, max_size=12), st.sampled_from(SORTS), st.integers(1, 5), st.booleans())
def test_pages_give_each_clause_once_in_its_order(made: list[dict], sort: str, size: int, few: bool) -> None:
    known, narrowing = terms(None), Narrowing(sort=sort)
    with only(made) as entries, pytest.MonkeyPatch.context() as patch:
        patch.setattr("clauses.registry.ON_A_PAGE", size)
        found, after = some_of(narrowing, known, "", few=few)
        while after:
            more, after = some_of(narrowing, known, after, few=few)
            assert 0 < len(more) <= size
            found += more
        real = [entry for entry, _ in entries if not entry.invented]
        assert [entry.pk for entry in found] == [entry.pk for entry in sorted(real, key=BY_HAND[sort])]


BY_HAND: dict[str, Callable] = {
    "strongest": lambda entry: (-entry.severity, entry.platform_key, entry.title_key, entry.pk),
    "platform": lambda entry: (entry.platform_key, entry.title_key, entry.pk),
    "newest": lambda entry: (-entry.published_at.timestamp(), -entry.pk),
    "changed": lambda entry: (-entry.changed_at.timestamp() if entry.changed_at else 0, -entry.pk),
}


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
