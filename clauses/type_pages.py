"""What the page of a clause type shows. Its figures are worked out once an edition, its list of clauses is bounded, so
that it costs the same however many clauses there are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count
from django.urls import reverse

from clauses.evidence import Evidence, evidence_of
from clauses.figures import Adoption, Distribution, Named, Part, Silence, Spread, adoption, distribution, silence
from clauses.models import Analysis, ClauseType, RegistryEntry
from clauses.picturing import Picture, picture
from clauses.recurring import Said, Wording, recurring
from clauses.vocabulary import ProvisionState, Verdict
from clauses.words import numbered
from platforms.editions import current_edition, per_edition
from platforms.models import Edition

FEWEST_FOR_A_PICTURE = 5  # platforms that settle a question, below which a bar would look like a finding
MOST_LISTED = 25  # clauses
MOST_WORDINGS = 8
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
    """The most common wordings, of so many that recur."""

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
    """The page of a type. `rows`: its strongest clauses with their evidence, those of invented platforms among them."""

    clause_type: ClauseType
    figures: TypeFigures
    rows: Sequence[tuple[Analysis, Evidence]]

    @property
    def more(self) -> int:
        """How many clauses there are beside those that are listed."""
        return self.figures.listed - len(self.rows)


def type_page(clause_type: ClauseType) -> TypePage:
    """Five queries, and those of the figures once an edition."""
    edition = current_edition()
    entries = RegistryEntry.objects.filter(clause_type=clause_type)
    strongest = entries.order_by("-severity", "platform_key", "title_key", "provision").values_list("pk", flat=True)
    chosen = list(strongest[:MOST_LISTED])
    analyses = list(
        Analysis.objects.published()
        .filter(provision__in=chosen)
        .select_related("quotation__provision", "provision__document__platform")
        .defer("payload")
    )
    analyses.sort(key=lambda analysis: chosen.index(analysis.provision_id))
    evidence = evidence_of([analysis.quotation for analysis in analyses])
    return TypePage(
        clause_type=clause_type,
        figures=per_edition(f"type:{clause_type.slug}", lambda: _figures(clause_type, edition), edition=edition),
        rows=[(analysis, evidence[analysis.quotation_id]) for analysis in analyses],
    )


def distribution_of(clause_type: ClauseType, edition: Edition | None) -> Distribution:
    """The distribution, worked out once an edition for all pages that show it."""
    return per_edition(f"distribution:{clause_type.slug}", lambda: distribution(clause_type), edition=edition)


def _figures(clause_type: ClauseType, edition: Edition | None) -> TypeFigures:
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
        .filter(
            provision__clause_type=clause_type,
            provision__state=ProvisionState.STANDING,
            provision__document__platform__invented=False,
        )
        .order_by("provision__document__platform__sort_key", "provision")
    )
    columns = published.values_list(
        "provision",
        "provision__document__platform",
        "provision__document__platform__name",
        "provision__document__platform__slug",
        "provision__document__slug",
        "provision__slug",
        "quotation__segments",
        "quotation__sentence_ends",
    )
    uses: dict[int, Use] = {}
    said: list[Said] = []
    for clause, platform, name, slug, document, own, segments, ends in columns:
        uses[clause] = Use(Named(slug, name), reverse("clause", args=[slug, document, own]))
        said += [Said(clause, platform, name, row.words.strip()) for row in numbered(segments, ends)]
    found = recurring(said)
    return Wordings(len(found), tuple(_recurring(wording, uses) for wording in found[:MOST_WORDINGS]))


def _recurring(wording: Wording, uses: Mapping[int, Use]) -> Recurring:
    first_of_platform: dict[int, Use] = {}
    for one in wording.said:
        first_of_platform.setdefault(one.platform, uses[one.clause])
    named = sorted(first_of_platform.values(), key=lambda use: use.platform.name.casefold())
    return Recurring(wording.words, wording.platforms, tuple(named[:MOST_USING]))
