"""What the reading mode of a snapshot shows: the text in parts, the clauses in it, and what it was read for."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from django.core.cache import cache
from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils.safestring import SafeString

from clauses.models import Analysis, ClauseType, Proof, Provision, Reading
from clauses.proving import METHOD
from clauses.suggesting import suggested
from clauses.taking import Span, Taken
from clauses.vocabulary import AnalysisState, ProofState, ProvisionState
from platforms.models import Snapshot
from platforms.plaintext import Projection
from platforms.reading import DAY, projected
from platforms.typesetting import Heading, Part, Shade, outline, part_at, parts, typeset

from .doubles import Alike, alike_in_document
from .reading_text import TAKEN, part_of

PART = 30_000  # characters of a text that are sent together
MOST_SUGGESTIONS = 60  # of one type, listed beside the text


@dataclass(frozen=True)
class Contents:
    """A text with what can be said of it once for all: its parts and its outline."""

    text: Projection
    parts: tuple[Part, ...]
    outline: tuple[Heading, ...]


@lru_cache(maxsize=16)
def contents_of(content: str) -> Contents:
    text = projected(content)
    found = parts(text, PART)
    return Contents(text, found, tuple(outline(text, found)))


@lru_cache(maxsize=32)
def suggestions_of(content: str, phrases: tuple[tuple[int, tuple[str, ...]], ...]) -> dict[int, tuple[int, ...]]:
    return suggested(projected(content), dict(phrases))


@dataclass(frozen=True)
class Suggested:
    """A sentence that may be about a type."""

    number: int
    part: int
    words: str


@dataclass(frozen=True)
class TypeRow:
    """A clause type beside the text: `reading` is that of this very text, `earlier` the newest one of another."""

    type: ClauseType
    reading: Reading | None
    earlier: Reading | None
    suggestions: int
    clauses: int
    fits: bool
    is_chosen: bool

    @property
    def state(self) -> str:
        """`found`, `absent`, or "" where this text was not read for it."""
        return ("found" if self.reading.found else "absent") if self.reading else ""


@dataclass(frozen=True)
class ClauseRow:
    """A clause of the document, and what this text says of its words; `part` is where they are marked."""

    provision: Provision
    state: ProofState | None
    spans: tuple[Span, ...]
    part: int

    def holds(self, kind: ClauseType) -> bool:
        """Whether it stands, as a clause of this type."""
        standing = self.provision.state == ProvisionState.STANDING
        return standing and bool(self.spans) and self.provision.clause_type_id == kind.pk

    @property
    def state_of_analysis(self) -> str:
        return AnalysisState(self.provision.analysis_state).label

    @property
    def said(self) -> str:
        return self.state.label if self.state else "not looked for in this text"


class ReadingPage:
    """One snapshot, read; everything is loaded when it is first asked for."""

    def __init__(self, snapshot: Snapshot, *, type_slug: str = "", part: int = 0, spans: Sequence[Span] = ()) -> None:
        self.snapshot, self.document, self.type_slug, self.spans = snapshot, snapshot.document, type_slug, spans
        self.here = reverse("admin:platforms_snapshot_read", args=[snapshot.pk])
        self.contents = contents_of(snapshot.text.content)
        self.text = self.contents.text
        self.shown = min(part, max(0, len(self.contents.parts) - 1))

    def show(self, offset: int) -> None:
        """Shows the part that holds a character of the stored text."""
        self.shown = part_at(self.contents.parts, offset)

    # The clauses

    @cached_property
    def clauses(self) -> list[ClauseRow]:
        """Those of the document, in the order of this text; those whose words have no place in it come last."""
        latest = Analysis.objects.filter(provision=OuterRef("pk")).order_by("-version")
        rows = (
            Provision.objects.filter(document=self.document)
            .exclude(state=ProvisionState.MERGED)
            .select_related("clause_type")
            .annotate(analysis=Subquery(latest.values("pk")[:1]), analysis_state=Subquery(latest.values("state")[:1]))
        )
        proofs = self._proofs()
        found = [self._clause(provision, proofs.get(provision.pk)) for provision in rows]
        return sorted(found, key=lambda row: (not row.spans, row.spans, row.provision.title))

    def _proofs(self) -> dict[int, tuple[str, list]]:
        """Of each clause: what this text says of its words, of those quoted last that have a place in it."""
        rows = (
            Proof.objects.present(METHOD)
            .filter(text=self.snapshot.text_id, quotation__provision__document=self.document)
            .order_by("quotation__number", "method", "pk")
            .values_list("quotation__provision", "state", "spans")
        )
        found: dict[int, tuple[str, list]] = {}
        for provision, state, spans in rows:
            if spans or not found.get(provision, ("", []))[1]:
                found[provision] = (state, spans)
        return found

    def _clause(self, provision: Provision, proof: tuple[str, list] | None) -> ClauseRow:
        state, spans = proof or ("", [])
        places = tuple((start, end) for start, end in spans)
        part = part_at(self.contents.parts, places[0][0]) if places else 0
        return ClauseRow(provision, ProofState(state) if state else None, places, part)

    def alike(self, taken: Taken) -> list[Alike]:
        """The clauses of the document whose words are among those taken, and those whose words nearly are."""
        overlapping = [
            row.provision
            for row in self.clauses
            if any(a < end and start < b for a, b in row.spans for start, end in taken.spans)
        ]
        found = [Alike(provision, "some of these very words") for provision in overlapping]
        likely = alike_in_document(taken.segments, document=self.document.pk)
        return found + [one for one in likely if one.provision not in overlapping]

    # The types

    @cached_property
    def all_types(self) -> list[ClauseType]:
        return list(ClauseType.objects.select_related("theme"))

    @cached_property
    def suggestions(self) -> dict[int, tuple[int, ...]]:
        phrases = tuple((kind.pk, tuple(kind.search_phrases)) for kind in self.all_types)
        return suggestions_of(self.snapshot.text.content, phrases)

    @cached_property
    def chosen(self) -> ClauseType | None:
        return next((kind for kind in self.all_types if kind.slug == self.type_slug), None)

    @cached_property
    def types(self) -> list[TypeRow]:
        """Those that are looked for in documents of this kind come first."""
        readings = self._readings()
        counted: dict[int, int] = {}
        for row in self.clauses:
            if row.spans:
                counted[row.provision.clause_type_id] = counted.get(row.provision.clause_type_id, 0) + 1
        found = [
            TypeRow(
                type=kind,
                reading=readings.get((kind.pk, True)),
                earlier=readings.get((kind.pk, False)),
                suggestions=len(self.suggestions.get(kind.pk, ())),
                clauses=counted.get(kind.pk, 0),
                fits=self.document.kind in kind.document_kinds,
                is_chosen=kind == self.chosen,
            )
            for kind in self.all_types
        ]
        return sorted(found, key=lambda row: not row.fits)

    def _readings(self) -> Mapping[tuple[int, bool], Reading]:
        """By the type, and whether it is a reading of this very text: the newest one."""
        rows = Reading.objects.filter(document=self.document).select_related("read_by").order_by("captured_at")
        moment = self.snapshot.captured_at
        return {(row.clause_type_id, row.captured_at == moment): row for row in rows}

    @property
    def read(self) -> int:
        return sum(1 for row in self.types if row.fits and row.reading)

    @property
    def to_read(self) -> int:
        return sum(1 for row in self.types if row.fits)

    @property
    def suggestions_of_chosen(self) -> list[Suggested]:
        indices = self.suggestions.get(self.chosen.pk, ()) if self.chosen else ()
        return [self._suggested(index) for index in indices[:MOST_SUGGESTIONS]]

    def _suggested(self, index: int) -> Suggested:
        start, end = self.text.sentences[index]
        offset = self.text.source_span(start, end)[0]
        return Suggested(index + 1, part_at(self.contents.parts, offset), self.text.plain[start:end])

    def fitting(self, spans: Sequence[Span]) -> list[ClauseType]:
        """The types that the sentences of these slices may be about, the chosen one first."""
        touched = set()
        for start, end in spans:
            first, last = self.text.plain_span(start, end)
            touched |= {i for i, (a, b) in enumerate(self.text.sentences) if a < last and first < b}
        scored = {kind: len(touched.intersection(self.suggestions.get(kind.pk, ()))) for kind in self.all_types}
        likely = sorted((kind for kind in scored if scored[kind]), key=lambda kind: -scored[kind])
        first = [self.chosen] if self.chosen else []
        return first + [kind for kind in likely if kind != self.chosen]

    # The text

    @property
    def parts(self) -> tuple[Part, ...]:
        return self.contents.parts

    @property
    def html(self) -> SafeString:
        """The part that is shown. Text and marks alone decide it, so it is kept for the next look."""
        part = self.parts[self.shown]
        shades, maybe = self._shades(part), self._maybe()
        titles = {row.provision.pk: row.provision.title for row in self.clauses if row.spans}
        said = repr((self.snapshot.text_id, part, shades, titles, maybe, self.type_slug, self.here))
        key = f"reading:{hashlib.sha256(said.encode()).hexdigest()}"
        found = cache.get(key)
        if found is None:
            blocks = typeset(self.text, self.text.blocks[part.first : part.last], shades)
            found = part_of(blocks, titles=titles, maybe=maybe, chosen=self.type_slug, here=self.here)
            cache.set(key, found, DAY)
        return found

    def _maybe(self) -> dict[int, list[tuple[str, str]]]:
        """The types that a sentence may be about, by its number, as slugs and names: those that are looked for in such
        documents, and the chosen one.
        """
        found: dict[int, list[tuple[str, str]]] = {}
        for kind in self.all_types:
            if self.document.kind in kind.document_kinds or kind == self.chosen:
                for index in self.suggestions.get(kind.pk, ()):
                    found.setdefault(index + 1, []).append((kind.slug, kind.name))
        return found

    def _shades(self, part: Part) -> list[Shade]:
        clauses = [Shade(start, end, row.provision.pk) for row in self.clauses for start, end in row.spans]
        taken = [Shade(start, end, TAKEN) for start, end in self.spans]
        return [shade for shade in (*clauses, *taken) if shade.start < part.end and part.start < shade.end]
