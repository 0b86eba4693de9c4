"""Is this sentence in a policy? Where quoted words stand, since when and until when; what comes near them; or that they
are in none of the texts held.

Words stand or they do not: only spacing, quote marks and markup may differ. Passages that resemble them are shown
beside them, and said to be no more than that.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

from django.urls import reverse

from clauses import quote_search as search
from clauses.cutting import Cut, cut, whole_sentences
from clauses.evidence import UNPROVEN
from clauses.figures import HeldTexts, held_texts
from clauses.likeness import FEWEST_WORDS, WORD, passages
from clauses.models import Provision
from clauses.spanning import chains, holds
from platforms.editions import current_edition, per_edition
from platforms.models import Document, Version
from platforms.plaintext import project, without_number
from platforms.wording import Run, runs_between

LONGEST = 5_000  # characters of a quote
MOST_PARTS = 8  # paragraphs that are looked for on their own
MOST_PLACES = 20  # documents listed
MOST_NEAR = 5  # passages shown for one piece
MOST_CLAUSES = 10
BUT_FOR_CASE = 0.99  # likeness of words that differ in nothing but capitals and small letters
_SKIPPED = re.compile(r"\n\s*\n|\[(?:…|\.\.\.)\]|(?<=\s)(?:…|\.\.\.)(?=\s)")
_AROUND = re.compile(r"^(?:\.\.\.|\[\.\.\.\]|\s)+|(?:\.\.\.|\[\.\.\.\]|\s)+$")


@dataclass(frozen=True)
class Question:
    """What was pasted. `words`: its plain words; `parts`: those of its paragraphs, where there are several. `problem`
    is empty, or says why nothing is looked for: `nothing`, `long`, `no words`, `few`.
    """

    text: str
    words: str = ""
    parts: tuple[str, ...] = ()
    problem: str = ""


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
    newest text with them says around them, where they are no whole sentences.
    """

    document: Document
    runs: Sequence[Stretch]
    heading: str
    words: str
    cuts: Sequence[Cut] = ()

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

    @property
    def percent(self) -> int:
        return int(100 * self.score)

    @property
    def address(self) -> str:
        return f"{_address(self.document, self.version)}{fragment(self.words)}"


@dataclass(frozen=True)
class Part:
    """A paragraph of what was pasted, looked for on its own: it stands somewhere, or comes near something."""

    words: str
    places: Sequence[Place] = ()
    near: Sequence[Near] = ()


@dataclass(frozen=True)
class Answer:
    """`places`: where all of it stands; where it was looked for in parts, each of them does, in the same texts
    (`apart`). Else `parts`, one where it was not parted. `more`: documents that hold it and are not listed.
    """

    question: Question
    held: HeldTexts
    places: Sequence[Place] = ()
    more: int = 0
    apart: bool = False
    parts: Sequence[Part] = ()
    clauses: Sequence[Provision] = ()

    @property
    def unchecked(self) -> int:
        """How many of the clauses quote a document of which no text is held."""
        return sum(clause.registered.proof == UNPROVEN for clause in self.clauses)


@dataclass
class _Found:
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


def asked(text: str) -> Question:
    """Reads what was pasted."""
    kept = "".join(c for c in text.replace("\r\n", "\n") if c in "\n\t" or unicodedata.category(c) != "Cc").strip()
    if not kept:
        return Question("", problem="nothing")
    if len(kept) > LONGEST:
        return Question(kept[:LONGEST], problem="long")
    words = _plain(kept)
    if not WORD.search(words):
        return Question(kept, problem="no words")
    if _count(words) < FEWEST_WORDS:
        return Question(kept, words, problem="few")
    pieces = [piece for piece in _SKIPPED.split(kept) if piece.strip()]
    if len(pieces) == 1:
        pieces = pieces[0].splitlines()
    parts = tuple(dict.fromkeys(part for part in map(_plain, pieces) if _count(part) >= FEWEST_WORDS))
    return Question(kept, words, parts if 1 < len(parts) <= MOST_PARTS else ())


def _plain(text: str) -> str:
    """Plain words without the marks that show them to be quoted, or cut."""
    words = _AROUND.sub("", project(text).plain)
    while len(words) > 2 and words[0] in "\"'" and words[-1] == words[0] and words[0] not in words[1:-1]:
        words = _AROUND.sub("", words[1:-1])
    return words


def _count(words: str) -> int:
    return len(WORD.findall(words))


def check(text: str) -> Answer:
    """The answer, in a number of queries that does not grow."""
    question = asked(text)
    held = per_edition("held-texts", held_texts, edition=current_edition())
    if question.problem:
        return Answer(question, held)
    pieces = search.pieces([question.words, *question.parts])
    found = _found(pieces)
    whole, *parts = found
    together = whole.documents or _together(parts)
    clauses = _quoting(pieces)
    if together:
        shown = _Library(together[:MOST_PLACES])
        sources = [whole] if whole.documents else parts
        places = shown.places(question.words if whole.documents else question.parts[0], sources)
        if places:
            more = len(together) - len(shown.documents)
            return Answer(question, held, places, more, apart=not whole.documents, clauses=clauses)
    return Answer(question, held, parts=_parts(pieces, found), clauses=clauses)


def _found(pieces: Sequence[search.Piece]) -> list[_Found]:
    """Where each piece stands in one block; the first one also where it reaches over several."""
    found = [_Found(piece.words) for piece in pieces]
    for row in search.holding(pieces):
        if holds(pieces[row.piece - 1].words, row.words):
            of_piece = found[row.piece - 1]
            of_piece.spans[row.document] += row.spans
            of_piece.blocks[row.document].append((row.spans, row.words))
            of_piece.headings.setdefault(row.document, row.heading)
    blocks = search.partly(pieces[0], without=list(found[0].spans))
    possible = [(pk, chain) for pk, held in blocks.items() for chain in chains(pieces[0].words, held)]
    found[0].numbers = dict(search.in_order(possible))
    return found


def _together(parts: Sequence[_Found]) -> list[int]:
    """The documents in which every part stands, perhaps at different times."""
    if not parts:
        return []
    return [pk for pk in parts[0].documents if all(pk in part.spans for part in parts)]


def _parts(pieces: Sequence[search.Piece], found: Sequence[_Found]) -> list[Part]:
    """What became of each paragraph, or of the whole where there is one only."""
    chosen = list(enumerate(pieces, start=1))[1 if len(pieces) > 1 else 0 :]
    lacking = [(number, piece) for number, piece in chosen if not found[number - 1].documents]
    resembling: dict[int, list[tuple[float, str, search.Row]]] = defaultdict(list)
    for row in search.resembling(lacking):
        read = project(row.words)
        words = pieces[row.piece - 1].words
        at = read.plain.lower().find(words.lower())
        alike = [(BUT_FOR_CASE, at, at + len(words))] if at >= 0 else []
        for score, start, end in alike or [(near.score, near.start, near.end) for near in passages(words, read)[:1]]:
            first, last = whole_sentences(read, start, end)
            resembling[row.piece].append((score, read.plain[first:last], row))
    best = {number: _best(rows) for number, rows in resembling.items()}
    standing = {number: found[number - 1].documents[:MOST_NEAR] for number, _ in chosen}
    library = _Library(
        {pk for documents in standing.values() for pk in documents}
        | {row.document for rows in best.values() for _, _, row, _ in rows}
    )
    return [
        Part(
            piece.words,
            library.places(piece.words, [found[number - 1]], only=standing[number]),
            [library.near(piece.words, *row) for row in best.get(number, ())],
        )
        for number, piece in chosen
    ]


def _best(rows: Iterable[tuple[float, str, search.Row]]) -> list[tuple[float, str, search.Row, int]]:
    """The most similar passages, each wording once, where it stands now if it does; with how many more documents hold
    it.
    """
    by_words: dict[str, list[tuple[float, str, search.Row]]] = defaultdict(list)
    for score, words, row in rows:
        by_words[words].append((score, words, row))
    first = [(*min(same, key=lambda one: (not one[2].stands, one[2].document)), same) for same in by_words.values()]
    ranked = sorted(first, key=lambda one: (-one[0], not one[2].stands, one[2].document))[:MOST_NEAR]
    return [(score, words, row, len({one[2].document for one in same}) - 1) for score, words, row, same in ranked]


class _Library:
    """Documents with their versions that count and can be read, oldest first: two queries."""

    def __init__(self, documents: Iterable[int]) -> None:
        self.documents = Document.objects.select_related("platform").in_bulk(set(documents))
        self.versions: dict[int, list[Version]] = defaultdict(list)
        rows = Version.objects.counting().filter(document__in=self.documents, snapshot__text__withheld_at=None)
        for version in rows.select_related("snapshot").order_by("snapshot__captured_at", "number"):
            self.versions[version.document_id].append(version)

    def places(self, words: str, sources: Sequence[_Found], *, only: Iterable[int] | None = None) -> list[Place]:
        """The documents in whose texts all of the sources stand at once."""
        found = []
        for pk in self.documents if only is None else only:
            numbers = [self._numbers(pk, source) for source in sources]
            runs = self._runs(pk, set.intersection(*numbers))
            if runs:
                heading = sources[0].headings.get(pk, "")
                cuts = self._cuts(pk, sources, runs[0].last.number)
                found.append(Place(self.documents[pk], runs, "" if heading == words else heading, words, cuts))
        return sorted(
            found,
            key=lambda place: (not place.stands, place.document.platform.sort_key, place.document.title),
        )

    def near(self, asked_for: str, score: float, words: str, row: search.Row, others: int) -> Near:
        numbers = self._expanded(row.document, row.spans)
        version = next(version for version in reversed(self.versions[row.document]) if version.number in numbers)
        return Near(
            self.documents[row.document], version, row.stands, row.heading, words, score,
            runs_between(asked_for, words), others, asked_for.lower() in words.lower(),
        )  # fmt: skip

    def _cuts(self, pk: int, sources: Sequence[_Found], number: int) -> list[Cut]:
        """Of the blocks of one version."""
        found = []
        for source in sources:
            own = (words for spans, words in source.blocks.get(pk, ()) if number in self._expanded(pk, spans))
            cuts = [cut(source.words, words) for words in own]
            if cuts and cuts[0] and all(cuts):  # nowhere as a whole sentence
                found.append(cuts[0])
        return found

    def _numbers(self, pk: int, source: _Found) -> set[int]:
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


def _quoting(pieces: Sequence[search.Piece]) -> list[Provision]:
    """Published clauses that quote the words, or whose quoted words are among them."""
    wanted = [piece.words for piece in pieces]
    keys = [key for key, quoted in search.quotations(pieces[0]) if _quotes(quoted, wanted)]
    if not keys:
        return []
    clauses = Provision.objects.published().filter(pk__in=keys[:MOST_CLAUSES]).with_place().with_summary()
    return list(clauses.select_related("registered").strongest_first())


def _quotes(quoted: str, wanted: Sequence[str]) -> bool:
    segments = [project(segment).plain for segment in quoted.split(" […] ")]
    return any(
        holds(words, segment) or (_count(segment) >= 2 * FEWEST_WORDS and holds(segment, words))
        for segment in segments
        for words in wanted
    )


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
