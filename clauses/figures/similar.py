"""Which platforms settle the same questions alike."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from clauses.models import AnswerProfile
from platforms.editions import per_edition
from platforms.models import Document, Edition, Platform

FEWEST_SHARED = 6  # questions that both settle; of fewer, chance makes any two platforms alike
LEAST_ALIKE = 0.75  # share of them that both answer the same way
MOST_SIMILAR = 5


@dataclass(frozen=True)
class Similar:
    """A platform that answers `alike` of the `shared` questions which both settle with yes or no."""

    slug: str
    name: str
    invented: bool
    alike: int
    shared: int


@dataclass(frozen=True)
class SimilarFigures:
    """The most similar platforms. `settled`: questions that the platform itself settles; `compared`: the others that
    settle enough of the same.
    """

    platforms: list[Similar]
    settled: int
    compared: int


def similar_in(edition: Edition | None, platform: Platform) -> SimilarFigures:
    """Worked out once in the edition that is the newest."""
    return per_edition(f"similar:{platform.pk}", lambda: similar(platform), edition=edition)


def similar(platform: Platform) -> SimilarFigures:
    """In two queries. Platforms that share a document with it are left out: one text answers for both. Invented
    platforms are compared with invented ones only.
    """
    profiles = list(
        AnswerProfile.objects.filter(platform__invented=platform.invented).values_list(
            "platform", "platform__slug", "platform__name", "yes", "no"
        )
    )
    shared = Document.objects.filter(Q(platform=platform) | Q(also_serves=platform))
    kin = {platform.pk} | {key for pair in shared.values_list("platform", "also_serves") for key in pair}
    own = next((row for row in profiles if row[0] == platform.pk), None)
    if own is None:
        return SimilarFigures([], settled=0, compared=0)
    yes, no = set(own[3]), set(own[4])
    found = []
    for key, slug, name, their_yes, their_no in profiles:
        alike = len(yes.intersection(their_yes)) + len(no.intersection(their_no))
        both = alike + len(yes.intersection(their_no)) + len(no.intersection(their_yes))
        if key not in kin and both >= FEWEST_SHARED:
            found.append(Similar(slug, name, platform.invented, alike, both))
    return SimilarFigures(_likest(found), settled=len(yes) + len(no), compared=len(found))


def _likest(found: Iterable[Similar]) -> list[Similar]:
    """The greatest share first; of equal shares the one that rests on more questions."""
    enough = [row for row in found if row.alike >= LEAST_ALIKE * row.shared]
    return sorted(enough, key=lambda row: (-row.alike / row.shared, -row.shared, row.slug))[:MOST_SIMILAR]
