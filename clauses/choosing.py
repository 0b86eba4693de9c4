"""Which platforms a reader asked to see beside each other, and what of it can be shown."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.db.models.functions import Lower

from clauses.models import ClauseType, RegistryEntry
from conductatlas.rules import sort_key
from platforms.models import Document, Platform, PlatformName

MOST_COMPARED = 6  # columns that can still be read
MOST_ASKED = 40  # names that are looked up
LONGEST_NAME = 120


@dataclass(frozen=True)
class Choice:
    """`shown`: real platforms with clauses of the type, by name; `clauses`: the ids of those, the strongest first.

    `asked`: whether a reader chose. What could not be shown: `surplus` are beyond the most that fit, `without` have no
    published clause of the type, `invented` are not compared with real ones, `unknown` are no platform's slug or name.
    """

    asked: bool
    shown: tuple[Platform, ...]
    clauses: dict[Platform, list[int]]
    surplus: tuple[Platform, ...] = ()
    without: tuple[Platform, ...] = ()
    invented: tuple[Platform, ...] = ()
    unknown: tuple[str, ...] = ()


def choice(names: Sequence[str], clause_type: ClauseType, *, asked: bool) -> Choice:
    """The platforms of these slugs or names, those included that they have or had besides; in four queries."""
    wanted = list(dict.fromkeys(word for name in names if (word := _cleaned(name))))[:MOST_ASKED]
    keys = [sort_key(word) for word in wanted]
    known = list(Platform.objects.filter(Q(slug__in=[word.lower() for word in wanted]) | Q(sort_key__in=keys)))
    by_word = {**{platform.sort_key: platform for platform in known}, **{platform.slug: platform for platform in known}}
    other = _by_other_names(wanted)
    found = [
        by_word.get(word.lower()) or by_word.get(key) or other.get(word.lower())
        for word, key in zip(wanted, keys, strict=True)
    ]
    real = [platform for platform in dict.fromkeys(found) if platform and not platform.invented]
    clauses = _clauses_of(real, clause_type)
    fitting = [platform for platform in real if platform in clauses]
    return Choice(
        asked=asked,
        shown=tuple(sorted(fitting[:MOST_COMPARED], key=lambda platform: (platform.sort_key, platform.slug))),
        clauses=clauses,
        surplus=tuple(fitting[MOST_COMPARED:]),
        without=tuple(platform for platform in real if platform not in clauses),
        invented=tuple(platform for platform in dict.fromkeys(found) if platform and platform.invented),
        unknown=tuple(word for word, platform in zip(wanted, found, strict=True) if platform is None),
    )


def _by_other_names(wanted: Sequence[str]) -> dict[str, Platform]:
    """Platforms by the names that they had before or have besides, in lower case. A name of two is nobody's."""
    rows = PlatformName.objects.alias(spelt=Lower("name")).filter(spelt__in=[word.lower() for word in wanted])
    found: dict[str, set[Platform]] = defaultdict(set)
    for row in rows.select_related("platform"):
        found[row.name.lower()].add(row.platform)
    return {name: platforms.pop() for name, platforms in found.items() if len(platforms) == 1}


def _cleaned(name: str) -> str:
    """A name without what no name has: PostgreSQL takes no NUL, and a very long one is nobody's."""
    return " ".join(name.replace("\0", " ").split())[:LONGEST_NAME]


def _clauses_of(platforms: Sequence[Platform], clause_type: ClauseType) -> dict[Platform, list[int]]:
    """The ids of each platform's published standing clauses of the type, strongest first, those of documents that serve
    it too. Platforms without any are left out.
    """
    serving = Document.also_serves.through.objects.filter(platform__in=platforms).values_list("document", "platform")
    shared: dict[int, list[int]] = defaultdict(list)
    for document, platform in serving:
        shared[document].append(platform)
    entries = RegistryEntry.objects.filter(
        Q(platform__in=platforms) | Q(document__in=list(shared)), clause_type=clause_type
    ).order_by("-severity", "title_key", "provision")
    by_id = {platform.pk: platform for platform in platforms}
    clauses: dict[Platform, list[int]] = defaultdict(list)
    for clause, document, home in entries.values_list("provision", "document", "platform"):
        for platform in dict.fromkeys([home, *shared[document]]):
            if platform in by_id:
                clauses[by_id[platform]].append(clause)
    return dict(clauses)
