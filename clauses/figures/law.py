"""How many clauses name an agency or touch a law, and which of a law's articles."""

import re
from dataclasses import dataclass

from django.db import connection
from django.db.models import Count, F, Q

from clauses.models import Agency, AppliedAgency, AppliedRegulation, RegistryEntry, Regulation
from clauses.vocabulary import AnalysisState

MOST_PLATFORMS = 12
STRONGEST_OF_AN_ARTICLE = 3
WHOLE, NAMED = "whole", "named"  # the law as a whole; named by a source page without a reason

# One row for each article of each application: how many clauses it has, and its strongest ones. Real platforms first,
# so that an invented one never takes a real one's place.
ARTICLES = """
SELECT part, article, applied, clauses, listed FROM (
    SELECT part, article, applied,
           count(*) FILTER (WHERE NOT invented) OVER article_of AS clauses,
           count(*) OVER article_of AS listed,
           row_number() OVER (
               PARTITION BY part, article ORDER BY invented, severity DESC, platform_key, title_key, provision_id
           ) AS place
    FROM (
        SELECT applied.id AS applied, entry.*, article,
               CASE WHEN applied.named_by_source THEN %(named)s WHEN article = '' THEN %(whole)s ELSE '' END AS part
        FROM clauses_appliedregulation applied
        JOIN clauses_analysis analysis ON analysis.id = applied.analysis_id AND analysis.state = %(published)s
        JOIN clauses_registryentry entry ON entry.provision_id = analysis.provision_id
        CROSS JOIN LATERAL unnest(
            CASE WHEN applied.named_by_source OR cardinality(applied.articles) = 0 THEN ARRAY['']::varchar[]
                 ELSE applied.articles END
        ) AS article
        WHERE applied.regulation_id = %(regulation)s
    ) mapped
    WINDOW article_of AS (PARTITION BY part, article)
) ranked
WHERE place <= %(most)s
ORDER BY part, article, place
"""


@dataclass(frozen=True)
class PlatformFigure:
    """How many clauses of one platform name an agency or touch a law."""

    slug: str
    name: str
    clauses: int


@dataclass(frozen=True)
class AppliedFigures:
    """`clauses` of `catalogued` published standing clauses of real platforms name an agency, or touch a law; `invented`
    more are of invented platforms and in no figure. `platforms`: the `platform_count` real platforms, those with the
    most clauses, at most MOST_PLATFORMS.
    """

    clauses: int
    catalogued: int
    invented: int
    platforms: tuple[PlatformFigure, ...]
    platform_count: int

    @property
    def listed(self) -> int:
        """All that a list shows, invented platforms included."""
        return self.clauses + self.invented

    @property
    def other_platforms(self) -> int:
        """Those beside `platforms`; theirs are the `other_clauses`."""
        return self.platform_count - len(self.platforms)

    @property
    def other_clauses(self) -> int:
        return self.clauses - sum(platform.clauses for platform in self.platforms)


@dataclass(frozen=True)
class ArticleFigure:
    """An article of a law: `clauses` of real platforms are mapped to it, `listed` with those of invented ones; the ids
    of the strongest applications. `part` is WHOLE or NAMED where no article is named.
    """

    part: str
    article: str
    clauses: int
    listed: int
    strongest: tuple[int, ...]

    @property
    def invented(self) -> int:
        """How many of those listed are clauses of invented platforms."""
        return self.listed - self.clauses


def catalogued_clauses() -> int:
    """Published standing clauses of real platforms."""
    return RegistryEntry.objects.filter(invented=False).count()


def applied_figures(entry: Agency | Regulation) -> AppliedFigures:
    """In three queries."""
    rows = published_applications(entry)
    counted = rows.aggregate(
        clauses=Count("pk", filter=Q(analysis__provision__registered__invented=False)),
        invented=Count("pk", filter=Q(analysis__provision__registered__invented=True)),
    )
    platforms = (
        rows.filter(analysis__provision__registered__invented=False)
        .values(
            slug=F("analysis__provision__registered__platform__slug"),
            name=F("analysis__provision__registered__platform__name"),
            key=F("analysis__provision__registered__platform_key"),
        )
        .annotate(clauses=Count("pk"))
        .order_by("-clauses", "key")
    )
    found = [PlatformFigure(row["slug"], row["name"], row["clauses"]) for row in platforms]
    return AppliedFigures(
        **counted,
        catalogued=catalogued_clauses(),
        platforms=tuple(found[:MOST_PLATFORMS]),
        platform_count=len(found),
    )


def article_figures(regulation: Regulation) -> tuple[ArticleFigure, ...]:
    """The articles of a law that clauses are mapped to, in their natural order; then the law as a whole, then what a
    source page names without a reason. In one query.
    """
    given = {
        "published": AnalysisState.PUBLISHED.value,
        "regulation": regulation.pk,
        "whole": WHOLE,
        "named": NAMED,
        "most": STRONGEST_OF_AN_ARTICLE,
    }
    with connection.cursor() as cursor:
        cursor.execute(ARTICLES, given)
        rows = cursor.fetchall()
    strongest: dict[tuple[str, str], list[int]] = {}
    counts: dict[tuple[str, str], tuple[int, int]] = {}
    for part, article, applied, clauses, listed in rows:
        strongest.setdefault((part, article), []).append(applied)
        counts[part, article] = (clauses, listed)
    ordered = sorted(counts, key=lambda key: (("", WHOLE, NAMED).index(key[0]), natural(key[1])))
    return tuple(ArticleFigure(*key, *counts[key], strongest=tuple(strongest[key])) for key in ordered)


def published_applications(entry: Agency | Regulation):
    """Where published standing clauses name the agency or touch the law."""
    rows = (
        AppliedAgency.objects.filter(agency=entry)
        if isinstance(entry, Agency)
        else AppliedRegulation.objects.filter(regulation=entry)
    )
    return rows.filter(analysis__state=AnalysisState.PUBLISHED, analysis__provision__registered__isnull=False)


def natural(article: str) -> tuple:
    """Sorts "Art. 5(1)" before "Art. 13", and annexes behind the articles."""
    pieces = re.findall(r"\d+|[^\W\d]+", article.casefold())
    return (article.casefold().startswith("annex"), [(0, int(p), "") if p.isdigit() else (1, 0, p) for p in pieces])
