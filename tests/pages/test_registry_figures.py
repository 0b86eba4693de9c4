"""The registry's filters, counts and order are those of counting and sorting by hand."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clauses.figures import registry_figures
from clauses.models import ClauseType, Provision, RegistryEntry, Regulation
from clauses.narrowing import FILTERS, SORTS, Narrowing, read
from clauses.registry import conditions, entries_of, some_of, terms
from platforms.models import Platform
from tests.pages.listing import all_pages, every, heading, registry
from tests.pages.reading import find_all

pytestmark = pytest.mark.django_db


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


@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(st.lists(ENTRY, max_size=12), WANTED, st.booleans())
def test_figures_are_those_of_counting_by_hand(made: list[dict], wanted: list[str], invented: bool) -> None:
    with only(made) as entries:
        agree(narrowed("&".join([*wanted, f"invented={int(invented)}"])), entries)


@settings(max_examples=15, suppress_health_check=list(HealthCheck))
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
