"""What the page of a clause type shows. Its figures are worked out once an edition, its list of clauses is bounded, so
that it costs the same however many clauses there are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count
from django.template.loader import render_to_string
from django.urls import reverse

from clauses.evidence import Evidence, evidence_of
from clauses.figures import Adoption, Distribution, Named, Part, Silence, Spread, adoption, distribution, silence
from clauses.models import Analysis, ClauseType, RegistryEntry
from clauses.picturing import Picture, picture
from clauses.recurring import Said, Wording, recurring
from clauses.vocabulary import Verdict
from clauses.words import numbered
from platforms.editions import current_edition, per_edition
from platforms.models import Edition

FEWEST_FOR_A_PICTURE = 5  # platforms that settle a question, below which a bar would look like a finding
# The order of the registry's index, so that the first clauses are read and no other.
STRONGEST = ("-severity", "platform_key", "title_key", "provision")
MOST_LISTED = 25  # clauses
MOST_WORDINGS = 8
MOST_READ = 2_500  # clauses whose sentences are compared, the strongest
MOST_USING = 12  # platforms named at one wording


@dataclass(frozen=True)
class Use:
    """A platform that uses a wording, and the first of its clauses that does."""

    platform: Named
    address: str


@dataclass(frozen=True)
class Recurring:
    """A wording of several platforms: so many use it, of the ones with a clause of the type; the first are named."""

    words: str
    platforms: int
    uses: tuple[Use, ...]

    @property
    def unnamed(self) -> int:
        return self.platforms - len(self.uses)


@dataclass(frozen=True)
class Wordings:
    """The most common wordings, of so many that recur in the `read` strongest clauses of the type."""

    read: int
    count: int
    shown: tuple[Recurring, ...]


@dataclass(frozen=True)
class Sibling:
    """Another type of the theme, and how many published standing clauses of real platforms are of it."""

    name: str
    address: str
    clauses: int


@dataclass(frozen=True)
class TypeFigures:
    """All that is counted on the page of a type. `clauses` are of real platforms, `listed` counts invented ones too."""

    clauses: int
    listed: int
    adoption: Adoption
    distribution: Distribution
    silence: Silence
    wordings: Wordings
    siblings: tuple[Sibling, ...]

    @property
    def drawn(self) -> list[Spread]:
        """The questions that enough platforms settle for a bar to say something."""
        return [spread for spread in self.distribution.spreads if spread.settled >= FEWEST_FOR_A_PICTURE]

    @property
    def told(self) -> list[Spread]:
        """The others: a sentence says what is known."""
        return [spread for spread in self.distribution.spreads if spread.settled < FEWEST_FOR_A_PICTURE]

    @property
    def picture(self) -> Picture | None:
        rows = [
            (spread.wording, [(part.verdict.value, _in_a_bar(part), part.count) for part in spread.parts])
            for spread in self.drawn
        ]
        return picture(rows) if rows else None


def _in_a_bar(part: Part) -> str:
    """The word behind the number of a part: 1 does not say, 2 do not say."""
    return "do not say" if part.verdict == Verdict.SILENT and part.count > 1 else part.verdict.label


@dataclass(frozen=True)
class TypePage:
    """The page of a type. `rows`: its strongest clauses with their evidence, those of invented platforms among them;
    `listed`: how many clauses there are, `invented` of them of invented platforms. `adoption` is a sentence, `drawn`
    the HTML of all other figures: names by the hundred, which are the same for every reader of an edition.
    """

    rows: Sequence[tuple[Analysis, Evidence]]
    listed: int
    invented: int
    adoption: str
    drawn: str
    siblings: Sequence[Sibling]

    @property
    def more(self) -> int:
        """How many clauses there are beside those in `rows`."""
        return self.listed - len(self.rows)


def type_page(clause_type: ClauseType) -> TypePage:
    """Five queries, and those of the figures once an edition."""
    edition = current_edition()

    def drawn() -> tuple[int, int, str, str, tuple[Sibling, ...]]:
        figures = figures_of(clause_type, edition)
        context = {"figures": figures, "clause_type": clause_type}
        html = render_to_string("components/type_figures.html", context)
        invented = figures.listed - figures.clauses
        return figures.listed, invented, figures.adoption.sentence, html, figures.siblings

    listed, invented, sentence, html, siblings = per_edition(f"type:{clause_type.slug}", drawn, edition=edition)
    entries = RegistryEntry.objects.filter(clause_type=clause_type)
    strongest = entries.order_by(*STRONGEST).values_list("pk", flat=True)
    chosen = list(strongest[:MOST_LISTED])
    analyses = list(
        Analysis.objects.published()
        .filter(provision__in=chosen)
        .select_related("quotation__provision", "provision__document__platform")
        .defer("payload")
    )
    analyses.sort(key=lambda analysis: chosen.index(analysis.provision_id))
    evidence = evidence_of([analysis.quotation for analysis in analyses])
    rows = [(analysis, evidence[analysis.quotation_id]) for analysis in analyses]
    return TypePage(rows, listed, invented, sentence, html, siblings)


def distribution_of(clause_type: ClauseType, edition: Edition | None) -> Distribution:
    """The distribution, worked out once an edition for all pages that show it."""
    return per_edition(f"distribution:{clause_type.slug}", lambda: distribution(clause_type), edition=edition)


def figures_of(clause_type: ClauseType, edition: Edition | None) -> TypeFigures:
    """All figures of the page, in some twenty queries."""
    entries = RegistryEntry.objects.filter(clause_type=clause_type)
    real = RegistryEntry.objects.filter(clause_type__theme=clause_type.theme_id, invented=False)
    counted = dict(real.values_list("clause_type").annotate(Count("pk")))
    beside = ClauseType.objects.beside(clause_type).order_by("sort_key")
    return TypeFigures(
        clauses=counted.get(clause_type.pk, 0),
        listed=entries.count(),
        adoption=adoption(clause_type),
        distribution=distribution_of(clause_type, edition),
        silence=silence(clause_type),
        wordings=_wordings(clause_type),
        siblings=tuple(Sibling(row.name, row.get_absolute_url(), counted.get(row.pk, 0)) for row in beside),
    )


def _wordings(clause_type: ClauseType) -> Wordings:
    """The wordings that recur in clauses of the type, in one query."""
    published = (
        Analysis.objects.published()
        .filter(provision__registered__clause_type=clause_type, provision__registered__invented=False)
        .order_by("-provision__registered__severity", *(f"provision__registered__{key}" for key in STRONGEST[1:]))
    )
    columns = published[:MOST_READ].values_list(
        "provision",
        "provision__document__platform",
        "provision__document__platform__name",
        "provision__document__platform__slug",
        "provision__document__slug",
        "provision__slug",
        "quotation__segments",
        "quotation__sentence_ends",
    )
    places: dict[int, tuple[str, str, str, str]] = {}
    said: list[Said] = []
    for clause, platform, name, slug, document, own, segments, ends in columns:
        places[clause] = name, slug, document, own
        said += [Said(clause, platform, name, row.words.strip()) for row in numbered(segments, ends)]
    found = recurring(said)
    return Wordings(len(places), len(found), tuple(_recurring(wording, places) for wording in found[:MOST_WORDINGS]))


def _recurring(wording: Wording, places: Mapping[int, tuple[str, str, str, str]]) -> Recurring:
    """`places`: of each clause the name of its platform, and the three slugs of its address."""
    first_of_platform = {one.platform: places[one.clause] for one in reversed(wording.said)}
    named = sorted(first_of_platform.values(), key=lambda place: place[0].casefold())[:MOST_USING]
    uses = [Use(Named(slug, name), reverse("clause", args=[slug, *rest])) for name, slug, *rest in named]
    return Recurring(wording.words, wording.platforms, tuple(uses))
