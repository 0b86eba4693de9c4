"""What a search shows: records with their excerpts, in groups, and what to try where nothing was found."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import Model

from clauses.asking import Asked, words_of
from clauses.models import Provision
from clauses.searching.excerpts import Excerpt, FoundPassage
from clauses.searching.lines import Line
from clauses.searching.matching import MOST_COUNTED
from clauses.vocabulary import EntryKind
from platforms.models import Change, Document, PlatformName, Version

A_PAGE = 20  # of a group that is looked through
CHANGE, TEXT = "change", "text"  # found by their record ids alone
KIND_OF: dict[type[Model], str] = {
    Provision: EntryKind.CLAUSE,
    Document: EntryKind.DOCUMENT,
    Change: CHANGE,
    Version: TEXT,
}


@dataclass(frozen=True)
class Found:
    """A record that answers the question, as a line in a list. `other_names` is what a platform that the question names
    is or was called besides.
    """

    kind: str
    line: Line
    excerpt: Excerpt
    other_names: str = ""
    named_by: Sequence[str] = ()  # platforms whose clauses name it, where that is why it was found

    @property
    def what(self) -> str:
        """What kind of record it is, in a reader's words."""
        return ONE[self.kind]

    @property
    def named(self) -> str:
        """Why an agency was found whose words say nothing of the question."""
        return f"named by clauses of {', '.join(self.named_by)}" if self.named_by else ""

    @property
    def words_from(self) -> str:
        """Where the excerpt of a clause stands, in a reader's words."""
        return WORDS_FROM.get(self.excerpt.place, "") if self.kind == EntryKind.CLAUSE else ""


@dataclass(frozen=True)
class Group:
    """The records of one kind. `slug` names it in addresses; `count` is exact, or MOST_COUNTED where there are more;
    `invented` are those of invented platforms, which come last and are counted apart; `above` of all of them stand
    among the best matches.
    """

    slug: str
    label: str
    items: Sequence[Found | FoundPassage]
    held: int
    invented: int = 0
    above: int = 0
    most: bool = False  # they hold most of the words only, though others may hold all

    @property
    def count(self) -> int:
        return min(self.held, MOST_COUNTED)

    @property
    def more(self) -> bool:
        return self.held > MOST_COUNTED

    @property
    def listed(self) -> int:
        """How many can be looked through."""
        return min(self.held + self.invented, MOST_COUNTED)

    @property
    def pages(self) -> int:
        return -(-self.listed // A_PAGE)

    @property
    def hidden(self) -> bool:
        """There are others than those that are shown."""
        return self.held + self.invented > len(self.items) + self.above


ONE = {
    EntryKind.PLATFORM: "platform",
    EntryKind.DOCUMENT: "document",
    EntryKind.CLAUSE: "clause",
    EntryKind.CLAUSE_TYPE: "clause type",
    EntryKind.AGENCY: "agency",
    EntryKind.REGULATION: "law",
    EntryKind.RESEARCH: "research note",
    CHANGE: "change",
    TEXT: "version",
}
WORDS_FROM = {"quoted": "The words:", "said": "Our analysis:"}
# In the order in which the page shows them: slug in the address, kind.
KINDS = {
    "platforms": EntryKind.PLATFORM,
    "clauses": EntryKind.CLAUSE,
    "documents": EntryKind.DOCUMENT,
    "types": EntryKind.CLAUSE_TYPE,
    "agencies": EntryKind.AGENCY,
    "laws": EntryKind.REGULATION,
    "research": EntryKind.RESEARCH,
}
PASSAGES = "passages"


def names_asked_for(platforms: Collection[int], asked: Asked) -> dict[int, str]:
    """Id of a platform → `formerly Codeium`, where the question names it so; in one query, or none for no platforms."""
    found = {}
    if platforms:
        for row in PlatformName.objects.filter(platform__in=platforms).select_related("platform"):
            if set(words_of(row.name)) <= set(asked.words) and not set(words_of(row.platform.name)) & set(asked.words):
                found[row.platform_id] = f"{'also called' if row.in_use else 'formerly'} {row.name}"
    return found
