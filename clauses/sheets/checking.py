"""What an import of a sheet would do, row by row, and every fault of it (pure).

A cell that says what the catalogue says changes nothing, whatever it holds; an empty sheet column, too. So a sheet that
was exported and comes back as it was leaves everything as it is.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from clauses.sentences import parse
from conductatlas.canonical import canonical, fingerprint
from conductatlas.formulas import meant
from platforms.sentences import boundaries

from .columns import (
    ANALYSIS,
    CLAUSE,
    FINGERPRINT,
    MARKED,
    QUOTED,
    SCORES,
    answer_columns,
    columns_for,
    formula,
    plain_lines,
    read,
    short,
    written,
)
from .reading import Fault, Line, Sheet, header_faults

PLACE = ("platform", "document", "clause_type")
AROUND = 8  # words that are shown before and behind what differs
_WORD = re.compile(r"\s*\S+|\s+$")
NEEDED = ("platform", "document", "title", "slug", "words")


class Deed(StrEnum):
    """What an import does for a row."""

    NEW = "new"  # a clause, its words and a draft
    DRAFT = "draft"  # the open draft of a clause changes, or its first one is made
    VERSION = "version"  # a draft of a new version, for the newest is published
    CLAUSE = "clause"  # only the clause's own facts change
    STAYS = "stays"


@dataclass(frozen=True, slots=True)
class Standing:
    """A clause as the catalogue holds it: `cells` as an export writes them. `version` and `state` are of the analysis
    that the cells show (0 and empty without one), `sentences` counts those of the words; `fixed` says that what readers
    see of it is not this person's to change; `merged` is the record that took its place.
    """

    record: str
    cells: Mapping[str, str]
    version: int = 0
    state: str = ""
    sentences: int = 0
    fixed: bool = False
    merged: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What the catalogue holds of what a sheet names. `clause_types`: the slugs of all; `documents`: platform → the
    slugs of its documents; `taken`: (platform, document, slug) → the record that has this address.
    """

    clause_type: str
    questions: Sequence[str]
    clause_types: Collection[str]
    documents: Mapping[str, Collection[str]]
    clauses: Mapping[str, Standing]
    taken: Mapping[tuple[str, str, str], str]
    jurisdictions: Collection[str] = ()
    reserved: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """A cell that would change: as it is, and as it would be."""

    column: str
    before: str
    after: str

    @property
    def parts(self) -> tuple[str, str, str, str]:
        """The words that lead to what differs, those that go, those that come, those behind; the first and the last cut
        to a few.
        """
        old, new = _WORD.findall(self.before), _WORD.findall(self.after)
        shorter = min(len(old), len(new))
        lead = next((at for at in range(shorter) if old[at] != new[at]), shorter)
        rest = shorter - lead
        trail = next((at for at in range(rest) if old[-1 - at] != new[-1 - at]), rest)
        first, last = old[:lead], old[len(old) - trail :]
        return (
            ("… " if len(first) > AROUND else "") + "".join(first[-AROUND:]),
            "".join(old[lead : len(old) - trail]),
            "".join(new[lead : len(new) - trail]),
            "".join(last[:AROUND]) + (" …" if len(last) > AROUND else ""),
        )


@dataclass(frozen=True, slots=True)
class Row:
    """What becomes of a row. `values` are what the changed cells mean; `standing` is None for a new clause."""

    number: int
    deed: Deed
    place: tuple[str, str]
    title: str
    values: Mapping[str, Any]
    changes: tuple[Change, ...]
    standing: Standing | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """All rows that can be read, and all faults, in the order of the sheet."""

    clause_type: str
    rows: tuple[Row, ...]
    faults: tuple[Fault, ...]

    @property
    def acting(self) -> list[Row]:
        """The rows for which an import does something."""
        return [row for row in self.rows if row.deed != Deed.STAYS]

    @property
    def fingerprint(self) -> str:
        """A name for what would be done to what: another one where the sheet, or a record that it changes, differs."""
        done = [
            [row.number, row.deed, *row.place, row.standing.cells[FINGERPRINT] if row.standing else ""]
            + [part for change in row.changes for part in (change.column, change.after)]
            for row in self.rows
        ]
        return fingerprint(canonical([self.clause_type, done]))


def check(sheet: Sheet, known: Known) -> Plan:
    """What an import of the sheet would do, and every fault. Never raises."""
    if not sheet.columns:
        return Plan("", (), sheet.faults)
    if not known.clause_type:
        return Plan("", (), (*sheet.faults, *_typeless(sheet, known)))
    faults = [*sheet.faults, *header_faults(sheet, columns_for(known.questions))]
    seen: dict[tuple[str, ...], int] = {}
    rows, near = [], _Near()
    for line in sheet.lines:
        checking = _Checking(line, known, near)
        row = checking.row()
        for name in checking.names():
            if name in seen:
                checking.wrong("record" if len(name) == 1 else "slug", f"Row {seen[name]} is about the same clause.")
            seen.setdefault(name, line.number)
        faults += checking.faults
        if row and not checking.faults:
            rows.append(row)
    return Plan(known.clause_type, tuple(rows), tuple(sorted(faults, key=lambda fault: fault.row)))


def _typeless(sheet: Sheet, known: Known) -> Iterator[Fault]:
    """What to say of a sheet that names no clause type of the catalogue."""
    given = ((line.number, line.cells.get("clause_type", "").strip()) for line in sheet.lines)
    number, named = next(((number, name) for number, name in given if name), (0, ""))
    if named:
        near = _Near()(named, known.clause_types)
        yield Fault(number, "clause_type", f"There is no clause type “{short(named)}”{near}")
    elif sheet.lines:
        yield Fault(0, "clause_type", "The sheet names no clause type: write its slug into the column clause_type.")


class _Near:
    """How to go on where a word is not known: the one that looks like it, or the place that has them. The likeness is
    looked for a few times only, for that takes long.
    """

    most = 50

    def __init__(self) -> None:
        self.found: dict[str, list[str]] = {}

    def __call__(self, word: str, known: Collection[str]) -> str:
        if word not in self.found:
            self.found[word] = difflib.get_close_matches(word, known, 1, 0.6) if len(self.found) < self.most else []
        near = [found for found in self.found[word] if found in known]
        return f": is “{near[0]}” meant?" if near else ": write the slug that stands in its address."


@dataclass
class _Checking:
    """One row, while it is looked at."""

    line: Line
    known: Known
    near: _Near
    faults: list[Fault] = field(default_factory=list)

    def wrong(self, column: str, words: str) -> None:
        """Notes a fault: one for each column, for the first explains the others."""
        if column not in {fault.column for fault in self.faults}:
            self.faults.append(Fault(self.line.number, column, words))

    def cell(self, column: str) -> str:
        return plain_lines(meant(self.line.cells.get(column, ""))).strip()

    def names(self) -> Iterator[tuple[str, ...]]:
        """The names that no other row of the sheet may have."""
        if record := self.cell("record"):
            yield (record,)
        if self.cell("slug"):
            yield self.cell("platform"), self.cell("document"), self.cell("slug")

    def row(self) -> Row | None:
        self._place()
        record = self.cell("record")
        if not record:
            return self._new()
        standing = self.known.clauses.get(record)
        if standing is None:
            self.wrong(
                "record",
                f"There is no clause “{short(record)}” of this type: give the record of one, as CA-P-010656, or leave"
                " the cell empty for a new clause.",
            )
            return None
        return self._existing(standing)

    def _place(self) -> None:
        """Platform, document and clause type, where they are given."""
        known, platform, document = self.known, self.cell("platform"), self.cell("document")
        if platform and platform not in known.documents:
            self.wrong("platform", f"There is no platform “{short(platform)}”{self.near(platform, known.documents)}")
        elif platform and document and document not in known.documents[platform]:
            near = self.near(document, known.documents[platform])
            self.wrong("document", f"{platform} has no document “{short(document)}”{near}")
        clause_type = self.cell("clause_type")
        if clause_type and clause_type not in known.clause_types:
            self.wrong(
                "clause_type",
                f"There is no clause type “{short(clause_type)}”{self.near(clause_type, known.clause_types)}",
            )
        elif clause_type and clause_type != known.clause_type:
            self.wrong(
                "clause_type", f"This sheet is about {known.clause_type}: put {clause_type} into a sheet of its own."
            )

    def _new(self) -> Row | None:
        for column in (*NEEDED, "clause_type"):
            if not self.cell(column):
                self.wrong(column, "A new clause needs it: fill it in, or name the record of the clause that is meant.")
        place = self.cell("platform"), self.cell("document")
        taken = self.known.taken.get((*place, self.cell("slug")))
        if taken:
            self.wrong(
                "slug",
                f"{taken} has this slug already: put {taken} into the column record to change it, or choose another"
                " slug.",
            )
        values, changes = self._values({})
        self._rests(values, {}, 0)
        return Row(self.line.number, Deed.NEW, place, self.cell("title"), values, changes)

    def _existing(self, standing: Standing) -> Row | None:
        for column in PLACE:
            if self.cell(column) and self.cell(column) != standing.cells[column]:
                self.wrong(column, f"{standing.record} belongs to {standing.cells[column]}, and stays there.")
        if standing.sentences and "words" in self.line.cells and not self.cell("words"):
            self.wrong(
                "words", "Words are not taken back: give them, or leave the column out to keep them as they are."
            )
        values, changes = self._values(standing.cells)
        named = {change.column for change in changes}
        if changes:
            self._may_change(standing, named)
            self._rests(values, standing.cells, standing.sentences)
        deed = Deed.STAYS
        if named - set(CLAUSE):
            deed = Deed.VERSION if standing.version and standing.state != "draft" else Deed.DRAFT
        elif named:
            deed = Deed.CLAUSE
        place = standing.cells["platform"], standing.cells["document"]
        return Row(self.line.number, deed, place, standing.cells["title"], values, changes, standing)

    def _may_change(self, standing: Standing, named: set[str]) -> None:
        if standing.merged:
            self.wrong("record", f"{standing.record} is merged into {standing.merged}: change that one.")
        stamp = self.cell(FINGERPRINT)
        if stamp and stamp != standing.cells[FINGERPRINT]:
            self.wrong(
                FINGERPRINT,
                f"{standing.record} has changed since this sheet was exported: export it again and change that one, or"
                " empty this cell to write over what it says now.",
            )
        if standing.state == "in_review" and named - set(CLAUSE):
            self.wrong(
                "analysis",
                f"Version {standing.version} of {standing.record} is in review: have it sent back or published first.",
            )
        for column in ("title", "slug"):
            if standing.fixed and column in named:
                self.wrong(column, f"{standing.record} is published: only a reviewer changes its {column}.")
            elif column in named and not self.cell(column):
                self.wrong(column, "It cannot be empty: fill it in.")
        place = (standing.cells["platform"], standing.cells["document"], self.cell("slug"))
        taken = self.known.taken.get(place)
        if "slug" in named and taken and taken != standing.record:
            self.wrong("slug", f"{taken} has this slug already: choose another one.")
        if not standing.sentences and named - set(CLAUSE) and not self.cell("words"):
            self.wrong("words", f"{standing.record} has no words yet: quote them.")

    def _values(self, before: Mapping[str, str]) -> tuple[dict[str, Any], tuple[Change, ...]]:
        """What the cells mean that say something else than `before`."""
        values, changes = {}, []
        answers = [name for key in self.known.questions for name in answer_columns(key)]
        for column in (*CLAUSE, *QUOTED, *ANALYSIS, *answers):
            if column not in self.line.cells:
                continue
            raw, was = self.line.cells[column], before.get(column, "")
            cell = plain_lines(meant(raw))
            if cell == was:
                continue
            value = self._read(column, raw, cell)
            after = "" if value is _UNREADABLE else written(column, value)
            if value is not _UNREADABLE and after != was and (before or value not in _NOTHING):
                values[column] = value
                changes.append(Change(column, was, after))
        return values, tuple(changes)

    def _read(self, column: str, raw: str, cell: str) -> Any:
        if sign := formula(raw.strip()):
            self.wrong(
                column,
                f"It begins with “{sign}”, which a spreadsheet takes for a formula: write ' before it if it is text.",
            )
            return _UNREADABLE
        if column == "words" and not cell.strip():
            return _UNREADABLE  # whether they are needed is said once, elsewhere
        try:
            return read(column, cell, jurisdictions=self.known.jurisdictions, reserved=self.known.reserved)
        except ValueError as error:
            said = str(error)
            self.wrong(column, f"{said[0].upper()}{said[1:]}.")
            return _UNREADABLE

    def _rests(self, values: Mapping[str, Any], before: Mapping[str, str], count: int) -> None:
        """That a score has its reason, a yes or no its sentences, and every number a sentence."""
        count = _sentences(values["words"]) if "words" in values else count

        def now(column: str) -> str:
            return written(column, values[column]) if column in values else before.get(column, "")

        for column in SCORES:
            reason = column.replace("_score", "_reason")
            if now(column) and not now(reason) and {column, reason} & set(values):
                self.wrong(reason, "A score needs its reason: write why.")
        for key in self.known.questions:
            answer, sentences, _ = answer_columns(key)
            if not {answer, sentences, "words"} & set(values):
                continue
            if now(answer) in {"yes", "no"} and not now(sentences):
                self.wrong(sentences, f"The answer is {now(answer)}: give the numbers of the sentences that say so.")
            self._numbered(sentences, [int(number) for number in now(sentences).split(", ") if number], count)
        for column in MARKED:
            if {column, "words"} & set(values):
                self._numbered(column, [n for sentence in parse(now(column)) for n in sentence.rests_on], count)

    def _numbered(self, column: str, numbers: Sequence[int], count: int) -> None:
        if count:
            for number in sorted({number for number in numbers if number > count}):
                self.wrong(column, f"There is no sentence {number}: the words have {count}.")


_UNREADABLE = object()
_NOTHING: tuple[Any, ...] = ("", None, [], "unread")  # what a new clause holds without being told


def _sentences(segments: Sequence[str]) -> int:
    """How many sentences the words have."""
    return sum(max(1, len(list(boundaries(segment)))) for segment in segments if segment.strip())
