"""How the registry offers its filters: each value with what it would leave, and a way to take a choice back (pure)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from clauses.narrowing import FILTERS, Narrowing

SHOWN = 6  # values of a filter before "more"; one more than that is shown rather than folded
MOST = 40  # values of a filter at all: a list of a thousand platforms is none to choose from
LEGENDS = {
    "type": "Clause type",
    "severity": "Severity",
    "platform": "Platform",
    "kind": "Kind of document",
    "sector": "Sector",
    "market": "Market",
    "proof": "Where the words stand",
    "confidence": "Confidence",
    "law": "Law",
}
IN_ORDER = frozenset({"severity", "proof", "confidence"})  # a scale: its values keep their own order


@dataclass(frozen=True)
class Choice:
    """A value of a filter: `value` in the address, `label` for readers, and how many clauses it would leave."""

    filter: str
    value: str
    label: str
    count: int
    chosen: bool

    @property
    def id(self) -> str:
        """Stays the same whatever is chosen, so that the keyboard keeps its place."""
        return f"{self.filter}-{self.value}"


@dataclass(frozen=True)
class Facet:
    """A filter with the values that would leave something: `shown` at once, `folded` on request; `left_out` more are
    not listed at all.
    """

    name: str
    legend: str
    shown: tuple[Choice, ...]
    folded: tuple[Choice, ...]
    left_out: int


@dataclass(frozen=True)
class Chip:
    """A choice in use: what it says, the list without it, and how many clauses that holds without its whole filter."""

    label: str
    without: str
    left: int | None


def facets(
    narrowing: Narrowing, labels: Mapping[str, Mapping[str, str]], counts: Mapping[str, Mapping[str, int]]
) -> list[Facet]:
    """The filters that have something to choose. `labels` and `counts`: by filter and by value of the address; labels
    come in the order in which they are to be listed, a scale's from one end to the other.
    """
    found = (_facet(name, narrowing.of(name), labels[name], counts[name]) for name in FILTERS)
    return [facet for facet in found if facet.shown]


def _facet(name: str, chosen: Collection[str], labels: Mapping[str, str], counts: Mapping[str, int]) -> Facet:
    def choice(value: str) -> Choice:
        return Choice(name, value, labels[value], counts.get(value, 0), value in chosen)

    offered = [value for value in labels if value in chosen or counts.get(value, 0)]
    ranked = sorted(offered, key=lambda value: -counts.get(value, 0))
    at_once = len(ranked) if name in IN_ORDER or len(ranked) <= SHOWN + 1 else SHOWN
    first = set(ranked[:at_once])
    shown = [value for value in (offered if name in IN_ORDER else ranked) if value in first or value in chosen]
    folded = [value for value in ranked[at_once:] if value not in chosen]
    listed = set(folded[: max(MOST - len(shown), 0)])
    behind = [choice(value) for value in offered if value in listed]
    return Facet(name, LEGENDS[name], tuple(map(choice, shown)), tuple(behind), len(folded) - len(behind))


def chips(narrowing: Narrowing, labels: Mapping[str, Mapping[str, str]], without: Mapping[str, int]) -> Iterator[Chip]:
    """What is chosen, in the order of the filters."""
    for name, values in narrowing.chosen:
        for value in values:
            left = without.get(name) if len(values) == 1 else None
            yield Chip(f"{LEGENDS[name]}: {labels[name][value]}", narrowing.without(name, value).query, left)
    if narrowing.since:
        day = narrowing.since
        label = f"Changed since {day.day} {day:%b %Y}"
        yield Chip(label, narrowing.without("changed", day.isoformat()).query, without.get("changed"))
    if narrowing.invented:
        yield Chip("Invented platforms", narrowing.without("invented", "1").query, None)
