"""Is this sentence in a policy? Where quoted words stand, since when and until when; what comes near them; or that they
are in none of the texts held.

Words stand or they do not: only spacing, quote marks and markup may differ. Passages that resemble them are shown
beside them, and said to be no more than that.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from clauses import quote_search as search
from clauses.cutting import whole_sentences
from clauses.evidence import UNPROVEN
from clauses.figures import HeldTexts, held_texts
from clauses.likeness import FEWEST_WORDS, WORD, passages
from clauses.models import Provision
from clauses.quote_places import Found, Library, Near, Place, introduced, invented_among
from clauses.spanning import chains, holds
from platforms.editions import current_edition, per_edition
from platforms.plaintext import project

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
    """What was pasted. `words`: its plain words; `parts`: those of its paragraphs or lines or, where it is one only, of
    its sentences, where there are several; `left_out`: some are too short to be looked for. `problem` is empty, or
    says why nothing is looked for: `nothing`, `long`, `no words`, `few`.
    """

    text: str
    words: str = ""
    parts: tuple[str, ...] = ()
    left_out: bool = False
    problem: str = ""


@dataclass(frozen=True)
class Part:
    """A paragraph of what was pasted, looked for on its own: it stands somewhere, or comes near something."""

    words: str
    places: Sequence[Place] = ()
    near: Sequence[Near] = ()


@dataclass(frozen=True)
class Answer:
    """`places`: where all of it stands; where it was looked for in parts, each of them does, in the same texts
    (`apart`). Else `parts`, one where it was not parted. `more`: documents that hold it and are not listed; `invented`:
    how many of all that hold it are of invented platforms.
    """

    question: Question
    held: HeldTexts
    places: Sequence[Place] = ()
    more: int = 0
    invented: int = 0
    apart: bool = False
    parts: Sequence[Part] = ()
    clauses: Sequence[Provision] = ()

    @property
    def real(self) -> int:
        """The documents of real platforms that hold it."""
        return len(self.places) + self.more - self.invented

    @property
    def unchecked(self) -> int:
        """How many of the clauses quote a document of which no text is held."""
        return sum(clause.registered.proof == UNPROVEN for clause in self.clauses)


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
    pieces = _pieces(kept, words)
    parts = tuple(dict.fromkeys(piece for piece in pieces if _count(piece) >= FEWEST_WORDS))
    if not 1 < len(parts) <= MOST_PARTS:
        return Question(kept, words)
    return Question(kept, words, parts, left_out=any(0 < _count(piece) < FEWEST_WORDS for piece in pieces))


def _pieces(text: str, words: str) -> list[str]:
    """The plain words of its paragraphs or, where it is one only, of its lines or else its sentences."""
    pieces = [piece for piece in _SKIPPED.split(text) if piece.strip()]
    if len(pieces) == 1:
        pieces = [line for line in pieces[0].splitlines() if line.strip()]
    if len(pieces) > 1:
        return [_plain(piece) for piece in pieces]
    read = project(words)
    return [read.plain[start:end] for start, end in read.sentences]


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
        shown = Library(together[:MOST_PLACES])
        sources = [whole] if whole.documents else parts
        places = shown.places(question.words if whole.documents else question.parts[0], sources)
        if places:
            (places,) = introduced([places])
            unlisted = set(together).difference(shown.documents)
            invented = sum(place.document.platform.invented for place in places) + len(invented_among(unlisted))
            return Answer(question, held, places, len(unlisted), invented, apart=not whole.documents, clauses=clauses)
    return Answer(question, held, parts=_parts(pieces, found), clauses=clauses)


def _found(pieces: Sequence[search.Piece]) -> list[Found]:
    """Where each piece stands in one block; the first one also where it reaches over several."""
    found = [Found(piece.words) for piece in pieces]
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


def _together(parts: Sequence[Found]) -> list[int]:
    """The documents in which every part stands, perhaps at different times."""
    if not parts:
        return []
    return [pk for pk in parts[0].documents if all(pk in part.spans for part in parts)]


def _parts(pieces: Sequence[search.Piece], found: Sequence[Found]) -> list[Part]:
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
    invented = invented_among({row.document for rows in resembling.values() for _, _, row in rows})
    best = {number: _best(rows, invented) for number, rows in resembling.items()}
    standing = {number: found[number - 1].documents[:MOST_NEAR] for number, _ in chosen}
    library = Library(
        {pk for documents in standing.values() for pk in documents}
        | {row.document for rows in best.values() for _, _, row, _ in rows}
    )
    places = introduced(
        [library.places(piece.words, [found[number - 1]], only=standing[number]) for number, piece in chosen]
    )
    return [
        Part(piece.words, places_of_piece, [library.near(piece.words, *row) for row in best.get(number, ())])
        for (number, piece), places_of_piece in zip(chosen, places, strict=True)
    ]


def _best(
    rows: Iterable[tuple[float, str, search.Row]], invented: Collection[int]
) -> list[tuple[float, str, search.Row, int]]:
    """The most similar passages, each wording once, where it stands now if it does; with how many more documents hold
    it, those of invented platforms not among them.
    """
    by_words: dict[str, list[tuple[float, str, search.Row]]] = defaultdict(list)
    for score, words, row in rows:
        by_words[words].append((score, words, row))
    first = [
        (*min(same, key=lambda one: (not one[2].stands, one[2].document in invented, one[2].document)), same)
        for same in by_words.values()
    ]
    ranked = sorted(first, key=lambda one: (-one[0], not one[2].stands, one[2].document))[:MOST_NEAR]
    return [
        (score, words, row, len({one[2].document for one in same}.difference(invented, [row.document])))
        for score, words, row, same in ranked
    ]


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
