"""The clauses that name an agency or touch a law, a page at a time, the strongest first."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from urllib.parse import urlencode

from django.db.models import Case, Q, QuerySet, When

from clauses.figures import (
    NAMED,
    WHOLE,
    AppliedFigures,
    ArticleFigure,
    applied_figures,
    article_figures,
    catalogued_clauses,
    published_applications,
    with_clauses_applied,
)
from clauses.models import Agency, AppliedAgency, AppliedRegulation, RegistryEntry, Regulation
from clauses.models.search import strength
from conductatlas import records
from conductatlas.rules import sort_key
from platforms.editions import current_edition, per_edition
from platforms.models import Edition, Platform

ON_A_PAGE = 25
LONGEST = 200  # characters of what is asked for
ENTRY = "analysis__provision__registered__"
STRONGEST_FIRST = (  # as the index of the strongest has it, which is then walked
    strength(f"{ENTRY}severity"),
    *(f"{ENTRY}{field}" for field in ("platform_key", "title_key", "provision_id")),
)
PLACE = "analysis__provision__document"
SHOWN = (
    *("reason", "analysis__severity", "analysis__provision__number", "analysis__provision__slug"),
    *("analysis__provision__title", f"{PLACE}__slug", f"{PLACE}__title", f"{PLACE}__platform__slug"),
    *(f"{PLACE}__platform__name", f"{PLACE}__platform__invented"),
)

Application = AppliedAgency | AppliedRegulation


class Unknown(LookupError):
    """What was asked for is not in the list; the message names it."""


@dataclass(frozen=True)
class Asked:
    """What a reader asks for: the clauses of one platform (its slug or the start of its name), of one article or part
    of a law, those behind a record.
    """

    platform: str = ""
    article: str = ""
    part: str = ""
    after: str = ""

    @classmethod
    def of(cls, given: Mapping[str, str]) -> "Asked":
        return cls(**{key: " ".join(given.get(key, "").replace("\0", " ").split())[:LONGEST] for key in cls.names()})

    @classmethod
    def names(cls) -> tuple[str, ...]:
        return tuple(field.name for field in fields(cls))

    @property
    def anything(self) -> bool:
        return any(getattr(self, name) for name in self.names())


@dataclass(frozen=True)
class Mapped:
    """A clause below an article; `told` names the article above it under which its reason stands already."""

    row: AppliedRegulation
    told: str


@dataclass(frozen=True)
class Article:
    """An article with its strongest clauses, as many as an overview shows."""

    figure: ArticleFigure
    rows: Sequence[Mapped]

    @property
    def more(self) -> bool:
        return self.figure.listed > len(self.rows)


@dataclass(frozen=True)
class AppliedPage:
    """The clauses of an agency or a law: `rows`, and the query of the `following` page, empty on the last one; or, of a
    law, the overview of its `articles`. `unknown` names what was asked for and is not there.
    """

    figures: AppliedFigures
    asked: Asked
    platform: Platform | None = None
    rows: Sequence[Application] = ()
    following: str = ""
    articles: Sequence[Article] = ()
    unknown: str = ""

    @property
    def status(self) -> int:
        return 404 if self.unknown else 200


@dataclass(frozen=True)
class Listed:
    """All agencies or laws, by jurisdiction; each has how many of the `catalogued` clauses name it, as of `edition`."""

    entries: Sequence[Agency] | Sequence[Regulation]
    catalogued: int
    edition: Edition | None


def listed_agencies() -> Listed:
    return _listed("agencies", Agency.objects.select_related("jurisdiction"))


def listed_regulations() -> Listed:
    """With their dates."""
    return _listed("regulations", Regulation.objects.select_related("jurisdiction").prefetch_related("dates"))


def _listed(name: str, entries: QuerySet) -> Listed:
    """Kept for each edition."""
    edition = current_edition()
    return per_edition(
        name, lambda: Listed(list(with_clauses_applied(entries)), catalogued_clauses(), edition), edition=edition
    )


def applied_page(entry: Agency | Regulation, asked: Asked) -> AppliedPage:
    """In at most seven queries; the figures are kept for each edition."""
    edition = current_edition()
    if isinstance(entry, Agency):
        asked = replace(asked, article="", part="")  # only laws have articles
    name = f"{entry._meta.model_name}:{entry.pk}"
    figures = per_edition(f"applied:{name}", lambda: applied_figures(entry), edition=edition)
    if isinstance(entry, Regulation) and not asked.anything:
        articles = per_edition(f"articles:{name}", lambda: article_figures(entry), edition=edition)
        return AppliedPage(figures, asked, articles=_overview(articles))
    try:
        return _listing(entry, asked, figures)
    except Unknown as error:
        return AppliedPage(figures, asked, unknown=str(error))


def _listing(entry: Agency | Regulation, asked: Asked, figures: AppliedFigures) -> AppliedPage:
    rows, platform = published_applications(entry), None
    if asked.platform:
        platform = _platform(asked.platform)
        rows = rows.filter(**{f"{ENTRY}platform": platform})
    if asked.part:
        rows = rows.filter(**_of_part(asked.part))
    elif asked.article:
        rows = rows.filter(articles__overlap=_articles(entry, asked.article), named_by_source=False)
    if asked.after:
        rows = rows.filter(_behind(asked.after))
    extra = ("articles", "named_by_source") if isinstance(entry, Regulation) else ()
    found = list(_shown(rows, *extra).order_by(*STRONGEST_FIRST)[: ON_A_PAGE + 1])
    if asked.anything and not found:
        raise Unknown(f"no clause {_described(asked, platform)}")
    following = ""
    if len(found) > ON_A_PAGE:
        after = found[ON_A_PAGE - 1].analysis.provision.record_id
        wanted = {**asdict(asked), "platform": platform.slug if platform else "", "after": after}
        following = urlencode({key: value for key, value in wanted.items() if value})
    return AppliedPage(figures, asked, platform, found[:ON_A_PAGE], following)


def _articles(entry: Agency | Regulation, asked: str) -> list[str]:
    """The articles of that name, in whatever case it is typed; where there is none, those that begin so."""
    key = f"articles:{entry._meta.model_name}:{entry.pk}"
    figures = per_edition(key, lambda: article_figures(entry), edition=current_edition())
    names = {figure.article.casefold(): figure.article for figure in figures if figure.article}
    wanted = asked.casefold()
    if wanted in names:
        return [names[wanted]]
    return [name for folded, name in names.items() if re.match(rf"{re.escape(wanted)}(?!\w)", folded)]


def _described(asked: Asked, platform: Platform | None) -> str:
    parts = [f"for “{asked.article}”"] if asked.article and not asked.part else []
    parts += [f"of {platform.name}"] if platform else []
    parts += [f"behind {asked.after}"] if asked.after else []
    return " ".join(parts) or "of that kind"


def _overview(articles: Sequence[ArticleFigure]) -> list[Article]:
    """The articles with their strongest clauses, in one query."""
    wanted = {applied for figure in articles for applied in figure.strongest}
    rows = _shown(AppliedRegulation.objects.filter(pk__in=wanted), "articles", "named_by_source").in_bulk()
    found, told = [], dict[int, str]()
    for figure in articles:
        shown = [rows[applied] for applied in figure.strongest if applied in rows]
        found.append(Article(figure, [Mapped(row, told.get(row.pk, "")) for row in shown]))
        told |= {row.pk: figure.article for row in shown if row.pk not in told}
    return found


def _platform(asked: str) -> Platform:
    """The platform of that slug, or else the first whose name begins so."""
    named = Q(slug=asked.casefold()) | Q(sort_key__startswith=sort_key(asked))
    exact = Case(When(slug=asked.casefold(), then=0), default=1)
    platform = Platform.objects.filter(named).order_by(exact, "sort_key").first()
    if platform is None:
        raise Unknown(f"no platform “{asked}”")
    return platform


def _shown(rows: QuerySet, *extra: str) -> QuerySet:
    """With what a line shows of a clause, and nothing of its analysis but the severity."""
    return rows.select_related(f"{PLACE}__platform").only(*SHOWN, *extra)


def _of_part(part: str) -> dict[str, object]:
    if part == NAMED:
        return {"named_by_source": True}
    if part == WHOLE:
        return {"named_by_source": False, "articles": []}
    raise Unknown(f"no part “{part}”")


def _behind(record: str) -> Q:
    """Those that come after a clause in the order of STRONGEST_FIRST."""
    try:
        found = records.parse(record)
        entry = RegistryEntry.objects.get(provision__number=found.number if found.kind == "P" else None)
    except (ValueError, RegistryEntry.DoesNotExist) as error:
        raise Unknown(f"no clause “{record}”") from error
    same, behind = {}, Q()
    for field, comparison in (("severity", "lt"), ("platform_key", "gt"), ("title_key", "gt"), ("provision_id", "gt")):
        value = getattr(entry, field)
        behind |= Q(**same, **{f"{ENTRY}{field}__{comparison}": value})
        same[f"{ENTRY}{field}"] = value
    return Q(**{f"{ENTRY}severity__lte": entry.severity}) & behind
