"""What a search shows: records with their excerpts, in groups, and what to try where nothing was found."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Model, QuerySet

from clauses.asking import Asked, words_of
from clauses.models import Agency, ClauseType, Provision, Regulation, ResearchNote
from clauses.searching.excerpts import Excerpt, Run
from clauses.searching.matching import MOST_COUNTED, Match
from clauses.vocabulary import STANDING, EntryKind
from platforms.models import Change, Document, Passage, Platform, PlatformName, Version

A_PAGE = 20  # of a group that is looked through
SEVERITY = {3: "high", 2: "medium", 1: "low"}
CHANGE, TEXT = "change", "text"  # found by their record ids alone
KIND_OF: dict[type[Model], str] = {
    Provision: EntryKind.CLAUSE,
    Document: EntryKind.DOCUMENT,
    Change: CHANGE,
    Version: TEXT,
}


@dataclass(frozen=True)
class Found:
    """A record that answers the question, as a line in a list. `platform` is whose it is, where it is someone's;
    `names` what a platform that the question names is or was called besides, by its id.
    """

    kind: str
    record: Model
    excerpt: Excerpt
    names: Mapping[int, str] = field(default_factory=dict)
    named_by: Sequence[str] = ()  # platforms whose clauses name it, where that is why it was found

    @property
    def address(self) -> str:
        return self.record.get_absolute_url()

    @property
    def what(self) -> str:
        """What kind of record it is, in a reader's words."""
        return ONE[self.kind]

    @property
    def platform(self) -> Platform | None:
        if self.kind in {EntryKind.CLAUSE, CHANGE, TEXT}:
            return self.record.document.platform
        return self.record.platform if self.kind == EntryKind.DOCUMENT else None

    @property
    def invented(self) -> bool:
        platform = self.record if self.kind == EntryKind.PLATFORM else self.platform
        return platform is not None and platform.invented

    @property
    def other_names(self) -> str:
        """`formerly Codeium`, or nothing."""
        platform = self.record if self.kind == EntryKind.PLATFORM else self.platform
        return self.names.get(platform.pk, "") if platform else ""

    @property
    def facts(self) -> list[str]:
        """What a line says of the record itself, beside whose it is."""
        record = self.record
        match self.kind:
            case EntryKind.CLAUSE:
                found = [record.document.title]
            case EntryKind.DOCUMENT:
                found = [record.get_kind_display(), record.market.name if record.market else ""]
            case EntryKind.CLAUSE_TYPE:
                found = [record.theme.name]
            case EntryKind.AGENCY:
                naming = f"named by clauses of {', '.join(self.named_by)}" if self.named_by else ""
                found = [record.jurisdiction.name, record.short_name, naming]
            case EntryKind.REGULATION:
                found = [record.jurisdiction.name, record.citation]
            case _:
                found = []
        return [fact for fact in found if fact]

    @property
    def words_from(self) -> str:
        """Where the excerpt of a clause stands, in a reader's words."""
        return WORDS_FROM.get(self.excerpt.place, "") if self.kind == EntryKind.CLAUSE else ""

    @property
    def severity(self) -> str:
        """Of a clause that is listed: high, medium or low."""
        entry = getattr(self.record, "registered", None)
        return SEVERITY[entry.severity] if entry else ""

    @property
    def proof(self) -> str:
        """What the words of such a clause are worth."""
        entry = getattr(self.record, "registered", None)
        return STANDING[entry.proof] if entry else ""


@dataclass(frozen=True)
class FoundPassage:
    """A passage of a text that stands now. `address` leads to the text."""

    passage: Passage
    words: tuple[Run, ...]

    @property
    def document(self) -> Document:
        return self.passage.document

    @property
    def address(self) -> str:
        document = self.document
        address = document.get_absolute_url()
        return f"{address}versions/{document.current_number}/" if document.current_number else address


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
_PLATFORM = ("platform__slug", "platform__name", "platform__invented")
# How each kind is read: with what a line of results shows of it, and no more.
READ: dict[EntryKind, QuerySet] = {
    EntryKind.PLATFORM: Platform.objects.only("slug", "name", "invented"),
    EntryKind.DOCUMENT: Document.objects.select_related("platform", "market").only(
        *("number", "slug", "title", "kind", "market__name", *_PLATFORM)
    ),
    EntryKind.CLAUSE: Provision.objects.select_related("document__platform", "registered").only(
        *("number", "slug", "title", "document__slug", "document__title", *(f"document__{name}" for name in _PLATFORM)),
        *("registered__severity", "registered__proof"),
    ),
    EntryKind.CLAUSE_TYPE: ClauseType.objects.select_related("theme").only("slug", "name", "theme__name"),
    EntryKind.AGENCY: Agency.objects.select_related("jurisdiction").only(
        "slug", "name", "short_name", "jurisdiction__name"
    ),
    EntryKind.REGULATION: Regulation.objects.select_related("jurisdiction").only(
        "slug", "name", "short_name", "citation", "jurisdiction__name"
    ),
    EntryKind.RESEARCH: ResearchNote.objects.only("slug", "title"),
}


def records_of(found: Iterable[Match]) -> dict[tuple[str, int], Model]:
    """(kind, key) → the record; in one query for each kind there is."""
    keys: dict[str, set[int]] = {}
    for match in found:
        keys.setdefault(match.kind, set()).add(match.key)
    return {
        (kind, record.pk): record for kind, some in keys.items() for record in READ[EntryKind(kind)].filter(pk__in=some)
    }


def names_asked_for(platforms: Collection[int], asked: Asked) -> dict[int, str]:
    """Id of a platform → `formerly Codeium`, where the question names it so; in one query, or none for no platforms."""
    found = {}
    if platforms:
        for row in PlatformName.objects.filter(platform__in=platforms).select_related("platform"):
            if set(words_of(row.name)) <= set(asked.words) and not set(words_of(row.platform.name)) & set(asked.words):
                found[row.platform_id] = f"{'also called' if row.in_use else 'formerly'} {row.name}"
    return found


def passages_of(keys: Sequence[int]) -> dict[int, Passage]:
    """Id → passage, with its document and the number of the document's newest text; in two queries."""
    rows = Passage.objects.filter(pk__in=keys).defer("words", "vector")
    found = {row.pk: row for row in rows}
    documents = (
        Document.objects.filter(pk__in={row.document_id for row in found.values()})
        .select_related("platform")
        .only("slug", "title", *_PLATFORM)
        .with_current_version()
        .in_bulk()
    )
    for row in found.values():
        row.document = documents[row.document_id]
    return found
