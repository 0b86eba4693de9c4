"""The clause types, agencies, laws and places of a generated catalogue: those of the files, without their platforms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from clauses.catalogue import folder
from clauses.catalogue.arranging import arranged
from clauses.catalogue.checking import check
from clauses.catalogue.held import held
from clauses.catalogue.loading import Loader
from clauses.catalogue.problems import CatalogueError
from clauses.models import Agency, ClauseType, Question, Regulation
from platforms.models import Jurisdiction

KEPT = ("jurisdictions", "themes", "clause_types", "agencies", "regulations")


@dataclass(frozen=True)
class Taxonomy:
    """`types` by slug, those with the most questions first: they are taken to be the most frequent."""

    types: Mapping[str, ClauseType]
    questions: Mapping[str, Sequence[Question]]
    agencies: Sequence[Agency]
    regulations: Sequence[Regulation]
    places: Mapping[str, Jurisdiction]

    @property
    def kinds(self) -> dict[str, Sequence[str]]:
        """Slug of a clause type → the kinds of documents in which it stands."""
        return {slug: row.document_kinds for slug, row in self.types.items()}


def load_taxonomy(root: Path) -> Taxonomy:
    """Loads these parts of a catalogue of files into the database, and reads them back."""
    files, problems = folder.read(root)
    if problems:
        raise CatalogueError(problems)
    files = folder.Catalogue(**{kind: getattr(files, kind) for kind in KEPT})
    current = held()
    if problems := check(files, current):
        raise CatalogueError(problems)
    Loader(arranged(files, known=current), current, step=lambda: None).load()
    types = ClauseType.objects.select_related("theme").prefetch_related("questions")
    asked = {row.slug: row for row in sorted(types, key=lambda row: (-len(row.questions.all()), row.slug))}
    return Taxonomy(
        types=asked,
        questions={slug: list(row.questions.all()) for slug, row in asked.items()},
        agencies=list(Agency.objects.select_related("jurisdiction").order_by("slug")),
        regulations=list(Regulation.objects.select_related("jurisdiction").prefetch_related("dates").order_by("slug")),
        places={row.code: row for row in Jurisdiction.objects.all()},
    )
