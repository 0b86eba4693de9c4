"""A sheet as it comes from a spreadsheet: bytes or pasted text become rows of cells (pure)."""

from __future__ import annotations

import csv
import difflib
import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from .columns import columns_for, plain_lines, short

MOST_BYTES = 4_000_000
MOST_ROWS = 2_000
DELIMITERS = (",", ";", "\t")
HEADER = 1  # the row that holds the names of the columns
BASE = columns_for(())
_SAVE_AS = "in Excel choose “CSV UTF-8 (comma delimited)” when you save it"


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """What is wrong with a sheet: the row as the spreadsheet numbers it (0: the sheet as a whole), the column where it
    is one, and what to do, in a sentence.
    """

    row: int
    column: str
    words: str


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a sheet: its number as the spreadsheet shows it, its cells by column."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows under a header. Where there are faults, the rows may be incomplete."""

    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    faults: tuple[Fault, ...] = ()


def decoded(content: bytes) -> str:
    """The text of a file. ValueError says where it is none, and how to save it."""
    if len(content) > MOST_BYTES:
        raise ValueError(
            f"The file has {len(content):,} bytes, more than {MOST_BYTES:,}: part it into several sheets, each with"
            " the header."
        )
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding, name = "utf-16", "UTF-16"
    elif b"\0" in content[:200]:
        encoding, name = ("utf-16-le" if content[1:2] == b"\0" else "utf-16-be"), "UTF-16"
    else:
        encoding, name = "utf-8-sig", "UTF-8"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ValueError(
            f"The file is not written in {name}: line {line} holds a byte that is no letter there. Save it as UTF-8"
            f" ({_SAVE_AS})."
        ) from error


def read_sheet(text: str) -> Sheet:
    """The rows of a sheet, parted by commas, semicolons or tabs, as its header shows. Never raises: what cannot be read
    is among the faults.
    """
    text = plain_lines(text.removeprefix("\ufeff"))
    skipped = 0
    if text[:4].casefold() == "sep=":
        _, _, text = text.partition("\n")
        skipped = 1
    delimiter = _delimiter(text)
    faults: list[Fault] = []
    rows = list(_rows(text, delimiter, skipped, faults))
    if not rows:
        return Sheet((), (), tuple(faults or [Fault(0, "", "The sheet is empty: it needs a header and a row.")]))
    (number, header), *rest = rows
    columns = tuple(cell.strip() for cell in header)
    while columns and not columns[-1]:
        columns = columns[:-1]
    if not set(columns) & set(BASE):
        words = (
            f"The first row is no header of such a sheet (“{short(' '.join(columns))}”): begin with the names of the"
            " columns, as the export does."
        )
        return Sheet((), (), (Fault(number, "", words),))
    if len(rest) > MOST_ROWS:
        faults.append(
            Fault(0, "", f"The sheet has {len(rest):,} rows, more than {MOST_ROWS:,}: part it into several sheets.")
        )
        rest = rest[:MOST_ROWS]
    lines = []
    for number, cells in rest:
        if any(cell.strip() for cell in cells[len(columns) :]):
            faults.append(
                Fault(
                    number,
                    "",
                    f"There are {len(cells)} cells under {len(columns)} columns: a cell with a “{delimiter}” in it"
                    ' stands in "quotation marks".',
                )
            )
        filled = [*cells, *([""] * len(columns))]
        lines.append(Line(number, {name: filled[at] for at, name in enumerate(columns) if name}))
    if not rest and not faults:
        faults.append(Fault(0, "", "The sheet has a header and no rows: there is nothing to import."))
    return Sheet(columns, tuple(lines), tuple(faults))


def _delimiter(text: str) -> str:
    """The sign that parts the first line into most columns that are known."""
    first = text.partition("\n")[0]
    return max(DELIMITERS, key=lambda sign: len({cell.strip(' "') for cell in first.split(sign)} & set(BASE)))


def _rows(text: str, delimiter: str, skipped: int, faults: list[Fault]) -> Iterator[tuple[int, list[str]]]:
    """Each row that is not blank, with its number; ends at the first that cannot be read."""
    number = skipped
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            number += 1
            if any(cell.strip() for cell in cells):
                yield number, cells
    except csv.Error as error:
        long = "limit" in str(error)
        wrong = (
            f"A cell has more than {csv.field_size_limit():,} characters, or a quotation mark before it is not closed"
            if long
            else 'A quotation mark is not closed, or stands alone inside a cell: write it twice ("")'
        )
        faults.append(Fault(number + 1, "", f"{wrong}. The rows from here on could not be read."))


def header_faults(sheet: Sheet, known: Sequence[str]) -> Iterator[Fault]:
    """What is wrong with the names of the columns, where `known` are those that the sheet may have."""
    for name, times in Counter(sheet.columns).items():
        if not name:
            yield Fault(HEADER, "", "A column in the middle has no name: name it, or take it out.")
        elif name not in known:
            near = difflib.get_close_matches(name, known, 1, 0.6)
            meaning = f": is “{near[0]}” meant?" if near else ": take it out."
            yield Fault(HEADER, short(name), f"No column of this sheet has this name{meaning}")
        elif times > 1:
            yield Fault(HEADER, name, "This column is there twice: leave one of them.")
