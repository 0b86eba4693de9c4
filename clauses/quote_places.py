"""The places of quoted words: the documents that hold them, in which of their texts, and what stands around them."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import quote

from django.urls import reverse

from clauses import quote_search as search
from clauses.cutting import Cut, cut, lead_ins
from clauses.spanning import holds
from platforms.models import Document, Text, Version
from platforms.plaintext import Projection, project, without_number
from platforms.wording import Run, runs_between


@dataclass(frozen=True)
class Stretch:
    """Versions in a row that hold the words. `until`: the first one behind them, which does not; None: they stand in
    the newest. `from_the_first`: no older text is held.
    """

    first: Version
    until: Version | None
    last: Version
    from_the_first: bool


@dataclass(frozen=True)
class Place:
    """A document whose texts hold the words, newest run first; `heading` is the one they stand under. `cuts`: what the
    newest text with them says around them, where they are no whole sentences; `lead_ins`: what it says above the lists
    of which they are items.
    """

    document: Document
    runs: Sequence[Stretch]
    heading: str
    words: str
    cuts: Sequence[Cut] = ()
    sought: Sequence[str] = ()  # the words of each part
    lead_ins: Sequence[tuple[str, ...]] = ()

    @property
    def stands(self) -> bool:
        return self.runs[0].until is None

    @property
    def address(self) -> str:
        """The newest version that holds them, at the words."""
        return f"{_address(self.document, self.runs[0].last)}{fragment(self.words)}"


@dataclass(frozen=True)
class Near:
    """A passage that resembles a piece: `runs` lead from the pasted words to its own."""

    document: Document
    version: Version
    stands: bool
    heading: str
    words: str
    score: float

    runs: Sequence[Run] = ()
    others: int = 0  # documents with the same words
    only_case: bool = False  # all the pasted words are in it, but for capitals and small letters
    joined: bool = False  # so are their letters, with more that is written together with the first or last word

    @property
    def percent(self) -> int:
        return int(100 * self.score)

    @property
    def address(self) -> str:
        return f"{_address(self.document, self.version)}{fragment(self.words)}"


@dataclass
class Found:
    """Where a piece stands: its documents with the spans, or the numbers, of the versions, a heading, and the blocks
    that hold it, each with its own spans.
    """

    words: str
    blocks: dict[int, list[tuple[list, str]]] = field(default_factory=lambda: defaultdict(list))
    spans: dict[int, list] = field(default_factory=lambda: defaultdict(list))
    numbers: dict[int, set[int]] = field(default_factory=dict)
    headings: dict[int, str] = field(default_factory=dict)

    @property
    def documents(self) -> list[int]:
        """Those where it stands now come first."""
        return sorted(
            {*self.spans, *self.numbers}, key=lambda pk: not any(last is None for _, last in self.spans.get(pk, []))
        )


def invented_among(documents: Collection[int]) -> set[int]:
    """Those that are of invented platforms."""
    return set(Document.objects.filter(pk__in=documents, platform__invented=True).values_list("pk", flat=True))


def introduced(groups: Sequence[Sequence[Place]]) -> list[list[Place]]:
    """The places with what leads in to their words. One query; each text is read once."""
    wanted = {place.runs[0].last.snapshot.text_id for places in groups for place in places}
    contents = Text.objects.filter(pk__in=wanted).values_list("pk", "content")
    texts = {sha256: project(content) for sha256, content in contents}
    return [[_introduced(place, texts[place.runs[0].last.snapshot.text_id]) for place in places] for places in groups]


def _introduced(place: Place, text: Projection) -> Place:
    found = dict.fromkeys(lead for words in place.sought for lead in lead_ins(words, text))
    return replace(place, lead_ins=list(found))


class Library:
    """Documents with their versions that count and can be read, oldest first: two queries."""

    def __init__(self, documents: Iterable[int]) -> None:
        self.documents = Document.objects.select_related("platform").in_bulk(set(documents))
        self.versions: dict[int, list[Version]] = defaultdict(list)
        rows = Version.objects.counting().filter(document__in=self.documents, snapshot__text__withheld_at=None)
        for version in rows.select_related("snapshot").order_by("snapshot__captured_at", "number"):
            self.versions[version.document_id].append(version)

    def places(self, words: str, sources: Sequence[Found], *, only: Iterable[int] | None = None) -> list[Place]:
        """The documents in whose texts all of the sources stand at once."""
        found = []
        for pk in self.documents if only is None else only:
            numbers = [self._numbers(pk, source) for source in sources]
            runs = self._runs(pk, set.intersection(*numbers))
            if runs:
                heading = sources[0].headings.get(pk, "")
                cuts = self._cuts(pk, sources, runs[0].last.number)
                sought = [source.words for source in sources]
                found.append(Place(self.documents[pk], runs, "" if heading == words else heading, words, cuts, sought))
        return sorted(
            found,
            key=lambda place: (
                place.document.platform.invented,
                not place.stands,
                place.document.platform.sort_key,
                place.document.title,
            ),
        )

    def near(self, asked_for: str, score: float, words: str, row: search.Row, others: int) -> Near:
        numbers = self._expanded(row.document, row.spans)
        wanted, own = asked_for.lower(), words.lower()
        only_case = holds(wanted, own)
        version = next(version for version in reversed(self.versions[row.document]) if version.number in numbers)
        return Near(
            self.documents[row.document], version, row.stands, row.heading, words, score,
            runs_between(asked_for, words), others, only_case, wanted in own and not only_case,
        )  # fmt: skip

    def _cuts(self, pk: int, sources: Sequence[Found], number: int) -> list[Cut]:
        """Of the blocks of one version."""
        found = []
        for source in sources:
            own = (words for spans, words in source.blocks.get(pk, ()) if number in self._expanded(pk, spans))
            cuts = [cut(source.words, words) for words in own]
            if cuts and cuts[0] and all(cuts):  # nowhere as a whole sentence
                found.append(cuts[0])
        return found

    def _numbers(self, pk: int, source: Found) -> set[int]:
        return self._expanded(pk, source.spans.get(pk, [])) | source.numbers.get(pk, set())

    def _expanded(self, pk: int, spans: Sequence[Sequence[int | None]]) -> set[int]:
        order = [version.number for version in self.versions[pk]]
        at = {number: index for index, number in enumerate(order)}
        found: set[int] = set()
        for first, last in spans:
            found.update(order[at[first] : len(order) if last is None else at[last] + 1])
        return found

    def _runs(self, pk: int, numbers: set[int]) -> list[Stretch]:
        """Newest first."""
        runs: list[Stretch] = []
        first: Version | None = None
        versions = self.versions[pk]
        for before, version, after in zip([None, *versions], versions, [*versions[1:], None], strict=False):
            if version.number not in numbers:
                continue
            if before is None or before.number not in numbers:
                first = version
            if after is None or after.number not in numbers:
                runs.append(Stretch(first, after, version, first is versions[0]))
        return runs[::-1]


def _address(document: Document, version: Version) -> str:
    return reverse("version", args=[document.platform.slug, document.slug, version.number])


def fragment(words: str) -> str:
    """The end of an address that leads a browser to the words on a page: their first and last ones. Words with quote
    marks or dashes, which the page writes in its own way, and numbers of lists, which it draws, are left out.
    """
    split = without_number(words).split()
    start = _clean(split[:6])
    end = _clean(split[-6:][::-1])[::-1] if len(split) > 12 else []
    if not start:
        return ""
    return "#:~:text=" + ",".join(quote(" ".join(side), safe="") for side in (start, end) if side)


def _clean(words: Sequence[str]) -> list[str]:
    found = []
    for word in words:
        if re.search(r"[\"'\-|]|\.\.\.", word):
            break
        found.append(word)
    return found
