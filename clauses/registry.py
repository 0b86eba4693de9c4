"""What the registry shows: the clauses of one page, and what each further choice would leave. In a fixed number of
queries.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from functools import cached_property
from typing import NamedTuple

from django.db.models import F, Field, Func, IntegerField, Q, QuerySet, Value
from django.db.models.functions import Cast
from django.db.models.lookups import GreaterThan, In, LessThan

from clauses.cursors import BrokenCursor, Key, keys_of, token
from clauses.facets import Chip, Facet, chips, facets
from clauses.figures import RegistryFigures, registry_figures
from clauses.models import ClauseType, Provision, RegistryEntry, Regulation
from clauses.models.search import CHANGED, STRENGTH
from clauses.narrowing import NOT_STATED, Asked, Misread, Narrowing, read
from clauses.vocabulary import STANDING, Confidence, Severity
from platforms.editions import per_edition
from platforms.models import Edition, Jurisdiction, Platform
from platforms.vocabulary import DocumentKind, Sector

ON_A_PAGE = 25
FEW = 2_000  # entries that are sooner found and sorted than met along an order
RANKS = {"high": 3, "medium": 2, "low": 1}


class Term(NamedTuple):
    """A value of a filter: `key` is what the column holds, `label` what readers see."""

    key: str | int
    label: str


@dataclass(frozen=True)
class Terms:
    """Every value that each filter knows, by the word that stands in the address, in the order in which they are to be
    listed; `invented` platforms' slugs.
    """

    of: Mapping[str, Mapping[str, Term]]
    invented: frozenset[str]

    def keys(self, narrowing: Narrowing, name: str) -> list[str | int]:
        return [self.of[name][value].key for value in narrowing.of(name)]


def terms(edition: Edition | None) -> Terms:
    """Kept for each edition; otherwise in four queries."""
    return per_edition("registry:terms", _terms, edition=edition)


def _terms() -> Terms:
    platforms = list(Platform.objects.values_list("slug", "pk", "name", "invented"))
    laws = Regulation.objects.values_list("slug", "pk", "short_name", "name")
    markets = Jurisdiction.objects.filter(document__isnull=False).distinct().values_list("code", "name")
    of = {
        "type": _named(
            {slug: Term(pk, name) for slug, pk, name in ClauseType.objects.values_list("slug", "pk", "name")}
        ),
        "severity": {word: Term(rank, Severity(word).label) for word, rank in RANKS.items()},
        "platform": _named({slug: Term(pk, name) for slug, pk, name, _ in platforms}),
        "kind": _named({kind.value: Term(kind.value, kind.label) for kind in DocumentKind}),
        "sector": _named({sector.value: Term(sector.value, sector.label) for sector in Sector}),
        "market": _named(
            {code.lower(): Term(code, name) for code, name in markets} | {NOT_STATED: Term("", "Not stated")}
        ),
        "proof": {str(word): Term(str(word), label) for word, label in STANDING.items()},
        "confidence": {word.value: Term(word.value, word.label) for word in Confidence},
        "law": _named({slug: Term(pk, short or name) for slug, pk, short, name in laws}),
    }
    return Terms(of, frozenset(slug for slug, _, _, invented in platforms if invented))


def _named(terms: Mapping[str, Term]) -> dict[str, Term]:
    """From A to Z."""
    return dict(sorted(terms.items(), key=lambda pair: pair[1].label.casefold()))


FIELDS = {
    "type": "clause_type__in",
    "severity": "severity__in",
    "platform": "platform__in",
    "kind": "document_kind__in",
    "sector": "sector__in",
    "market": "market__in",
    "proof": "proof__in",
    "confidence": "confidence__in",
    "law": "regulations__overlap",
}


def conditions(narrowing: Narrowing, known: Terms) -> dict[str, Q]:
    """The condition of each filter in use, by its name."""
    found = {name: Q(**{FIELDS[name]: known.keys(narrowing, name)}) for name, _ in narrowing.chosen}
    if narrowing.since:
        found["changed"] = Q(changed_at__gte=datetime.combine(narrowing.since, time.min, UTC))
    return found


@dataclass(frozen=True)
class Order:
    """An order of the registry: its keys, each with the kind of its values; all of them run the same way."""

    label: str
    keys: tuple[tuple[F | Func, type[Key]], ...]
    descending: bool = False

    @property
    def kinds(self) -> list[type[Key]]:
        return [kind for _, kind in self.keys]

    def sorted(self, entries: QuerySet[RegistryEntry], *, few: bool = False) -> QuerySet[RegistryEntry]:
        """`few`: PostgreSQL shall find the entries and sort them, instead of walking along the order until enough of
        them have come by. It cannot know how rare a combination is. What it sorts by first is the same for all of a
        list, and in no index.
        """
        keys = (key.desc() if self.descending else key.asc() for key, _ in self.keys)
        return entries.order_by(*([Cast("invented", IntegerField())] if few else []), *keys)

    def behind(self, entries: QuerySet[RegistryEntry], keys: Sequence[Key]) -> QuerySet[RegistryEntry]:
        """Those that come after the row with these keys, as one comparison of rows."""
        mine = Func(*(key for key, _ in self.keys), function="ROW", output_field=Field())
        theirs = Func(*(Value(key) for key in keys), function="ROW", output_field=Field())
        return entries.filter(LessThan(mine, theirs) if self.descending else GreaterThan(mine, theirs))


_NAMES = ((F("platform_key"), str), (F("title_key"), str), (F("provision_id"), int))
ORDERS = {
    "strongest": Order("Strongest first", ((STRENGTH, int), *_NAMES)),
    "platform": Order("Platform, A to Z", _NAMES),
    "newest": Order("Newest analysis first", ((F("published_at"), datetime), (F("provision_id"), int)), True),
    "changed": Order("Latest change first", ((CHANGED, datetime), (F("provision_id"), int)), True),
}


def entries_of(narrowing: Narrowing, known: Terms, *, few: bool = False) -> QuerySet[RegistryEntry]:
    """The listed clauses, in their order. Those of invented platforms stand in a list of their own."""
    wanted = conditions(narrowing, known)
    if "severity" in wanted:  # as the index of the strongest has it, which is then walked from there
        wanted["severity"] = Q(In(STRENGTH, [-RANKS[level] for level in narrowing.of("severity")]))
    entries = RegistryEntry.objects.filter(*wanted.values(), invented=narrowing.invented)
    return ORDERS[narrowing.sort].sorted(entries, few=few)


@dataclass(frozen=True)
class Line:
    """A clause as the registry lists it: its record, and the words for where its own words stand."""

    entry: RegistryEntry
    provision: Provision

    @property
    def standing(self) -> str:
        return STANDING[self.entry.proof]

    @property
    def tone(self) -> str:
        return {"exact": "good", "normalised": "good", "unproven": "quiet"}.get(self.entry.proof, "warn")


@dataclass(frozen=True)
class Page:
    """Up to ON_A_PAGE lines; `next` is the token of the page behind it, empty on the last one."""

    lines: Sequence[Line]
    next: str


def page_of(narrowing: Narrowing, known: Terms, after: str = "", *, found: int) -> Page:
    """In two queries; `found`: how many clauses the list has. BrokenCursor where `after` is no token for this order."""
    entries, following = some_of(narrowing, known, after, few=found <= FEW)
    listed = Provision.objects.filter(pk__in=[entry.pk for entry in entries]).with_place().with_summary()
    provisions = {provision.pk: provision for provision in listed}
    return Page([Line(entry, provisions[entry.pk]) for entry in entries if entry.pk in provisions], following)


def some_of(narrowing: Narrowing, known: Terms, after: str, *, few: bool = False) -> tuple[list[RegistryEntry], str]:
    """Up to ON_A_PAGE entries behind a token, and the token for those behind them, empty at the end."""
    order = ORDERS[narrowing.sort]
    entries = entries_of(narrowing, known, few=few)
    if after:
        entries = order.behind(entries, keys_of(after, narrowing.sort, order.kinds))
    names = {f"key_{number}": key for number, (key, _) in enumerate(order.keys)}
    rows = list(entries.annotate(**names)[: ON_A_PAGE + 1])
    if len(rows) <= ON_A_PAGE:
        return rows, ""
    shown = rows[:ON_A_PAGE]
    return shown, token(narrowing.sort, [getattr(shown[-1], name) for name in names])


@dataclass(frozen=True)
class Counted:
    """The figures of a list, and the filters with what each further value would leave of it."""

    figures: RegistryFigures
    facets: Sequence[Facet]


def counted(narrowing: Narrowing, known: Terms, edition: Edition | None) -> Counted:
    """Worked out once for each edition, however the list is spelt or sorted."""
    return per_edition(f"registry:counted:{narrowing.digest}", lambda: _counted(narrowing, known), edition=edition)


def _counted(narrowing: Narrowing, known: Terms) -> Counted:
    figures = registry_figures(conditions(narrowing, known), invented=narrowing.invented)
    counts: dict[str, dict[str, int]] = {name: {} for name in known.of}
    labels: dict[str, dict[str, str]] = {name: {} for name in known.of}
    for name, terms_of in known.of.items():
        chosen, of_keys = narrowing.of(name), figures.counts[name]
        for value, (key, label) in terms_of.items():
            if key in of_keys or value in chosen:
                counts[name][value] = of_keys.get(key, 0)
                labels[name][value] = label
    # Of the counts a page shows the largest: those of four thousand platforms are not worth keeping for each list.
    return Counted(replace(figures, counts={}), facets(narrowing, labels, counts))


def asked_of(query: str, known: Terms) -> Asked:
    """What the part of an address behind the question mark asks for."""
    return read(query, known.of, invented=known.invented)


def laws_of(known: Terms) -> dict[int, str]:
    """The names of all laws by their ids."""
    return {int(term.key): term.label for term in known.of["law"].values()}


@dataclass(frozen=True)
class Registry:
    """Everything on a page of the registry."""

    asked: Asked
    known: Terms
    page: Page
    counted: Counted
    edition: Edition | None

    @property
    def narrowing(self) -> Narrowing:
        return self.asked.narrowing

    @property
    def figures(self) -> RegistryFigures:
        return self.counted.figures

    @property
    def facets(self) -> Sequence[Facet]:
        return self.counted.facets

    @cached_property
    def chips(self) -> list[Chip]:
        chosen = {
            name: {value: self.known.of[name][value].label for value in values}
            for name, values in self.narrowing.chosen
        }
        return list(chips(self.narrowing, chosen, self.figures.without))

    @property
    def ways_out(self) -> list[Chip]:
        """Choices whose removal would leave something."""
        return [chip for chip in self.chips if chip.left]

    @property
    def next_query(self) -> str:
        """The query of the page behind this one."""
        return "&".join(filter(None, [self.narrowing.query, f"after={self.page.next}"]))

    @property
    def title(self) -> str:
        """For the window: what the list is narrowed down to, as long as that can be said shortly."""
        named = [chip.label for chip in self.chips]
        return "" if not named else named[0] if len(named) == 1 else f"{len(named)} filters"

    @property
    def to_be_found(self) -> bool:
        """Whether search engines may list this page: the whole list, and what one value leaves of it."""
        whole = not (self.asked.after or self.asked.misread or self.narrowing.since or self.narrowing.invented)
        return whole and self.narrowing.values <= 1 and self.narrowing.filters == self.narrowing.query


def registry(query: str, edition: Edition | None) -> Registry:
    """The page that an address asks for. A page that does not exist is the first one, and among what was misread."""
    known = terms(edition)
    asked = asked_of(query, known)
    figures = counted(asked.narrowing, known, edition)
    found = figures.figures.found
    try:
        page = page_of(asked.narrowing, known, asked.after, found=found)
    except BrokenCursor:
        broken = Misread("after", "", "leads to no page of this list: this is its first page")
        asked = Asked(asked.narrowing, "", (*asked.misread, broken))
        page = page_of(asked.narrowing, known, found=found)
    return Registry(asked, known, page, figures, edition)
