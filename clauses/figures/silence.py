"""Which platforms have no clause of a type: because their documents were read and hold none, or because nobody has
read them.
"""

from collections.abc import Collection
from dataclasses import dataclass

from clauses.models import ClauseType, RegistryEntry
from platforms.models import Document, Platform

from .adoption import looks_of_platforms
from .distribution import MOST_NAMED, Group, Named


@dataclass(frozen=True)
class Silence:
    """All real platforms of the catalogue, in parts that add up.

    Read through for the type: `found` in one of the documents in which it is looked for; `elsewhere`: in none of them,
    but a clause of it is published from a document of another kind; `absent`: nowhere. Not read through: `recorded`
    with a published clause all the same; `unread`: some of those documents were not read; `undocumented`: the catalogue
    holds no current document of such a kind.
    """

    found: Group
    elsewhere: Group
    absent: Group
    recorded: Group
    unread: Group
    undocumented: Group

    @property
    def read(self) -> int:
        return self.found.count + self.elsewhere.count + self.absent.count

    @property
    def not_read(self) -> int:
        return self.recorded.count + self.unread.count + self.undocumented.count

    @property
    def catalogued(self) -> int:
        return self.read + self.not_read


def silence(clause_type: ClauseType) -> Silence:
    """In five queries."""
    looks = looks_of_platforms(clause_type)
    entries = RegistryEntry.objects.filter(clause_type=clause_type)
    shared = Document.also_serves.through.objects.filter(document__in=entries.values("document"))
    recorded = {*entries.values_list("platform", flat=True), *shared.values_list("platform", flat=True)}
    parts: dict[str, list[Named]] = {field: [] for field in Silence.__dataclass_fields__}
    for pk, slug, name in Platform.objects.real().order_by("sort_key", "pk").values_list("pk", "slug", "name"):
        parts[part_of(looks.get(pk, ()), recorded=pk in recorded)].append(Named(slug, name))
    return Silence(**{part: Group(len(names), tuple(names[:MOST_NAMED])) for part, names in parts.items()})


def part_of(looks: Collection[bool | None], *, recorded: bool) -> str:
    """The part of a platform, by what was found in each of its documents (None: not read)."""
    if looks and None not in looks:
        return "found" if any(looks) else "elsewhere" if recorded else "absent"
    return "recorded" if recorded else "unread" if looks else "undocumented"
