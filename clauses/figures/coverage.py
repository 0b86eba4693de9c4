"""What the documents of a platform were read for, and what was found in them."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from clauses.models import ClauseType, Provision, Reading
from platforms.models import Document

State = Literal["described", "found", "absent", "unread", "outside"]
MOST_COLUMNS = 6  # documents side by side; further ones stand on further pages


@dataclass(frozen=True)
class Cell:
    """What is known of a clause type in a document.

    *described*: with published clauses; *found* by the newest reading, and not described here yet; *absent* from the
    text of `read`; *unread*; *outside*: not looked for in a document of this kind.
    """

    document: Document
    state: State
    clauses: Sequence[Provision] = ()
    read: datetime | None = None


@dataclass(frozen=True)
class Row:
    """A clause type and what is known of it in each document of the page."""

    clause_type: ClauseType
    cells: Sequence[Cell]


@dataclass(frozen=True)
class Coverage:
    """Clause types by documents. `rows` are of the types that were found or looked for in any document of the platform,
    `unread` those that fit its documents and were not, `outside` those that no document of these kinds is read for.

    The counts are of clause types, over all its documents: `found` in one of them; `absent` from all that they are
    looked for in; `partly` read, and not found yet. With the number of `unread` they add up to `fitting`.
    """

    documents: Sequence[Document]
    rows: Sequence[Row]
    unread: Sequence[ClauseType]
    outside: Sequence[ClauseType]
    found: int
    absent: int
    partly: int
    shown_from: int
    of_documents: int

    @property
    def fitting(self) -> int:
        return self.found + self.absent + self.partly + len(self.unread)

    @property
    def comparable(self) -> list[ClauseType]:
        """The types with a clause to lay beside those of other platforms."""
        return [row.clause_type for row in self.rows if any(cell.state == "described" for cell in row.cells)]

    @property
    def pages(self) -> range:
        return range(1, -(-self.of_documents // MOST_COLUMNS) + 1)

    @property
    def page(self) -> int:
        return (self.shown_from - 1) // MOST_COLUMNS + 1

    @property
    def shown_to(self) -> int:
        return self.shown_from + len(self.documents) - 1


def coverage(documents: Sequence[Document], *, page: int = 1) -> Coverage:
    """Of current documents, in three queries; `page`: which of them stand side by side in the rows; the nearest there
    is.
    """
    clauses: dict[tuple[int, int], list[Provision]] = defaultdict(list)
    published = Provision.objects.published().filter(document__in=documents).order_by("title")
    for provision in published.only("document_id", "clause_type_id", "slug", "title"):
        clauses[provision.document_id, provision.clause_type_id].append(provision)
    readings = {
        (document, clause_type): (found, captured_at)
        for document, clause_type, found, captured_at in Reading.objects.filter(document__in=documents)
        .newest()
        .values_list("document_id", "clause_type_id", "found", "captured_at")
    }

    def cell(document: Document, clause_type: ClauseType) -> Cell:
        place = document.pk, clause_type.pk
        found, read = readings.get(place, (None, None))
        if place in clauses:
            return Cell(document, "described", clauses[place], read)
        if found is not None:
            return Cell(document, "found" if found else "absent", (), read)
        return Cell(document, "unread" if document.kind in clause_type.document_kinds else "outside")

    of_document = Counter(document for document, _ in [*clauses, *readings])
    columns = sorted(documents, key=lambda document: (-of_document[document.pk], document.title, document.pk))
    last = max(1, -(-len(columns) // MOST_COLUMNS))
    start = (min(max(page, 1), last) - 1) * MOST_COLUMNS
    shown = columns[start : start + MOST_COLUMNS]
    rows, unread, outside, counts = [], [], [], Counter[str]()
    for clause_type in ClauseType.objects.only("slug", "name", "document_kinds"):
        cells = {document.pk: cell(document, clause_type) for document in columns}
        states = {row.state for row in cells.values()}
        if states <= {"outside"}:
            outside.append(clause_type)
        elif states <= {"outside", "unread"}:
            unread.append(clause_type)
        else:
            counts[_together(states)] += 1
            rows.append(Row(clause_type, [cells[document.pk] for document in shown]))
    return Coverage(
        shown,
        rows,
        unread,
        outside,
        found=counts["found"],
        absent=counts["absent"],
        partly=counts["partly"],
        shown_from=start + 1,
        of_documents=len(columns),
    )


def _together(states: set[State]) -> str:
    if states & {"described", "found"}:
        return "found"
    return "partly" if "unread" in states else "absent"
