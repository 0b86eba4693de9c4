"""Which clauses the registry lists, as its address says it (pure).

    /clauses/?type=user-content-for-ai-training&severity=high&severity=medium&changed=2026-01-01&sort=newest

Values of one filter are alternatives, filters narrow each other down. One list has one canonical spelling, in the order
of `FILTERS`, so that two spellings are one address and one answer.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import parse_qsl, urlencode

FILTERS = ("type", "severity", "platform", "kind", "sector", "market", "proof", "confidence", "law")
SORTS = ("strongest", "platform", "newest", "changed")
NOT_STATED = "not-stated"  # the market of a document that names none
LONGEST_SHOWN = 60  # characters of a value that nobody can read anything into

DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
UNSHOWABLE = re.compile(r"[^\S ]|[\x00-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True)
class Narrowing:
    """A list of clauses: `chosen` has the filters in use, in the order of `FILTERS`, each with its sorted values.

    `since`: only clauses whose words changed on that day or later. `invented`: those of invented platforms, in place
    of the real ones.
    """

    chosen: tuple[tuple[str, tuple[str, ...]], ...] = ()
    since: date | None = None
    invented: bool = False
    sort: str = SORTS[0]

    def of(self, name: str) -> tuple[str, ...]:
        """The chosen values of a filter."""
        return dict(self.chosen).get(name, ())

    @property
    def values(self) -> int:
        """How many values are chosen, the date among them."""
        return sum(len(values) for _, values in self.chosen) + (self.since is not None)

    @property
    def filters(self) -> str:
        """The canonical query without order: what decides which clauses are listed."""
        return urlencode([*self._pairs()])

    @property
    def digest(self) -> str:
        """Names the filters, however many there are."""
        return hashlib.sha256(self.filters.encode()).hexdigest()

    @property
    def query(self) -> str:
        """The canonical query; empty for the whole list in its usual order."""
        return urlencode([*self._pairs(), *([] if self.sort == SORTS[0] else [("sort", self.sort)])])

    def _pairs(self) -> Iterator[tuple[str, str]]:
        yield from ((name, value) for name, values in self.chosen for value in values)
        if self.since:
            yield "changed", self.since.isoformat()
        if self.invented:
            yield "invented", "1"

    def without(self, name: str, value: str) -> Narrowing:
        """The list without one value of a filter. Real platforms have a list without the invented ones among them."""
        if name == "changed":
            return replace(self, since=None)
        if name == "invented":
            return replace(self, invented=False, chosen=tuple(pair for pair in self.chosen if pair[0] != "platform"))
        kept = {filter_: {*values} - ({value} if filter_ == name else set()) for filter_, values in self.chosen}
        return replace(self, chosen=_in_order(kept))


@dataclass(frozen=True)
class Misread:
    """Something in the address that nothing is known by: `name` of the filter, `value` fit to be shown, and advice."""

    name: str
    value: str
    advice: str


@dataclass(frozen=True)
class Asked:
    """What an address asks for; `after` is the token of a page, empty for the first. `misread` was left out of it."""

    narrowing: Narrowing
    after: str
    misread: tuple[Misread, ...]


def read(query: str, known: Mapping[str, Collection[str]], *, invented: Collection[str] = ()) -> Asked:
    """The part of an address behind its question mark. `known`: the values of each filter; `invented`: the platforms
    among them that are.

    Names that the registry does not use are passed over: other sites add their own to links. Of several dates the
    earliest counts, as values of one filter are alternatives.
    """
    given: dict[str, dict[str, None]] = {}
    for name, value in parse_qsl(query, keep_blank_values=True, errors="replace"):
        if value:
            given.setdefault(name, {})[value] = None
    wrong: list[Misread] = []
    chosen: dict[str, set[str]] = {}
    for name in FILTERS:
        for value in given.get(name, ()):
            if value.lower() in known[name]:
                chosen.setdefault(name, set()).add(value.lower())
            else:
                wrong.append(Misread(name, shown(value), "is not in the catalogue"))
    days = list(_days(given.get("changed", ()), wrong))
    narrowing = Narrowing(
        chosen=_in_order(chosen),
        since=min(days, default=None),
        invented=_one_of(given, "invented", ("0", "1"), wrong) == "1",
        sort=_one_of(given, "sort", SORTS, wrong),
    )
    return Asked(_apart(narrowing, invented, wrong), next(iter(given.get("after", ())), ""), tuple(wrong))


def _apart(narrowing: Narrowing, invented: Collection[str], wrong: list[Misread]) -> Narrowing:
    """Invented platforms never stand among real ones: naming only them leads to their list."""
    made_up = [slug for slug in narrowing.of("platform") if slug in invented]
    if made_up and len(made_up) == len(narrowing.of("platform")):
        return replace(narrowing, invented=True)
    if made_up and not narrowing.invented:
        for slug in made_up:
            wrong.append(Misread("platform", slug, "is invented and has no place beside real platforms"))
            narrowing = narrowing.without("platform", slug)
    return narrowing


def _days(values: Collection[str], wrong: list[Misread]) -> Iterator[date]:
    for value in values:
        try:
            if not DAY.fullmatch(value):
                raise ValueError(value)
            yield date.fromisoformat(value)
        except ValueError:
            wrong.append(Misread("changed", shown(value), "is no date; write it like 2026-01-31"))


def _one_of(given: Mapping[str, Collection[str]], name: str, possible: tuple[str, ...], wrong: list[Misread]) -> str:
    """The last given value that is possible, otherwise the first possible one."""
    found = possible[0]
    for value in given.get(name, ()):
        if value in possible:
            found = value
        else:
            wrong.append(Misread(name, shown(value), f"is not one of: {', '.join(possible)}"))
    return found


def _in_order(chosen: Mapping[str, Collection[str]]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((name, tuple(sorted(chosen[name]))) for name in FILTERS if chosen.get(name))


def shown(value: str) -> str:
    """A value that anybody may have typed, on one line and no longer than a line."""
    plain = UNSHOWABLE.sub("\ufffd", value)
    return plain if len(plain) <= LONGEST_SHOWN else f"{plain[: LONGEST_SHOWN - 1]}…"
