"""What stands in which column of a sheet, and how a cell is read and written (pure).

A value is what the catalogue holds: text, a score or None, a list. `written` makes a cell of it and `read` a value of a
cell; ValueError says in a clause without a full stop what is wrong and what to write instead.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from clauses.quoting import problems, split_segments
from clauses.rubric import FACTOR_KEYS, HIGHEST_SCORE, LOWEST_SCORE, Confidence, SeverityLevel
from conductatlas.canonical import canonical, fingerprint

FINGERPRINT = "fingerprint"
# Which clause a row is about. `fingerprint` tells whether it changed since the export; `analysis` is only to be read.
IDENTITY = ("record", FINGERPRINT, "analysis", "platform", "document", "clause_type")
LIMITS = {
    "title": 200,
    "slug": 100,
    "applies_to_plan": 200,
    "applies_to_region": 200,
    "applies_to_age": 200,
    "governance_exposure_who": 300,
}
CLAUSE = ("title", "slug", "applies_to_plan", "applies_to_region", "applies_to_age")
QUOTED = ("words", "heading", "prefix", "suffix")
MARKED = ("what_it_is", "why_it_matters", "what_this_means")  # each of their sentences rests on something
SCORES = tuple(f"{key}_score" for key in FACTOR_KEYS)
ANALYSIS = (
    *MARKED,
    "interpretive_note",
    *(f"{key}_{part}" for key in FACTOR_KEYS for part in ("score", "reason")),
    "confidence",
    "confidence_reason",
    "regulatory_landscape",
    "governance_exposure_level",
    "governance_exposure_who",
    "governance_exposure_why",
    "jurisdiction_flags",
    "contract_implications",
    "compliance_considerations",
    "enforcement_risk",
    "checklist",
)
ANSWERS = {"yes": "yes", "no": "no", "silent": "does not say", "unread": "not read yet"}
CHOICES: dict[str, dict[str, str]] = {
    "confidence": {word.value: word.value for word in Confidence},
    "governance_exposure_level": {word.value: word.value for word in SeverityLevel},
    "answer": ANSWERS,
}
SKIPPED = " […] "
# What a spreadsheet writes where it took a text for a formula.
_FAILED = re.compile(r"#(?:NAME\?|REF!|VALUE!|DIV/0!|N/A|NULL!|NUM!|SPILL!|CALC!)")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_NUMBER = re.compile(r"[1-9][0-9]{0,3}")


def columns_for(questions: Sequence[str]) -> tuple[str, ...]:
    """The columns of the sheet of a clause type with these questions, in their order."""
    return (*IDENTITY, *CLAUSE, *QUOTED, *ANALYSIS, *(name for key in questions for name in answer_columns(key)))


def answer_columns(key: str) -> tuple[str, str, str]:
    """The columns of a question: its answer, the sentences that this rests on, and the detail."""
    return f"answer:{key}", f"sentences:{key}", f"detail:{key}"


def written(column: str, value: Any) -> str:
    """The cell of a value, with plain line ends."""
    kind = column.partition(":")[0]
    if value is None:
        return ""
    if kind == "words":
        cell = SKIPPED.join(value)
    elif kind == "sentences":
        cell = ", ".join(map(str, value))
    elif kind == "checklist":
        cell = "\n".join(value)
    elif kind == "jurisdiction_flags":
        cell = "\n".join(f"{flag['jurisdiction']}: {flag['text']}" for flag in value)
    else:
        cell = str(value)
    return plain_lines(cell)


def plain_lines(cell: str) -> str:
    """The cell with one kind of line end."""
    return cell.replace("\r\n", "\n").replace("\r", "\n")


def fingerprint_of(cells: Mapping[str, str]) -> str:
    """A short name for all that a row of an export says: another one as soon as any cell says something else."""
    return fingerprint(canonical([[column, cell] for column, cell in cells.items() if column != FINGERPRINT]))[:16]


def read(column: str, cell: str, *, jurisdictions: Collection[str] = (), reserved: Collection[str] = ()) -> Any:
    """The value that a cell means. `jurisdictions` are the codes that flags may have, `reserved` the slugs that no
    clause may have.
    """
    kind = column.partition(":")[0]
    _refuse_damage(cell)
    if kind in LIMITS and len(cell) > LIMITS[kind]:
        raise ValueError(f"has {len(cell):,} characters, more than {LIMITS[kind]}; shorten it")
    if kind in LIMITS and "\n" in cell:
        raise ValueError("has several lines; write it in one")
    if kind in SCORES:
        return _score(cell)
    if kind in CHOICES:
        return _choice(cell, CHOICES[kind], empty="unread" if kind == "answer" else "")
    if kind == "jurisdiction_flags":
        return _flags(cell, jurisdictions)
    if kind == "slug":
        return _slug(cell.strip(), reserved)
    reader = _READERS.get(kind)
    return reader(cell) if reader else cell.strip()


def _refuse_damage(cell: str) -> None:
    if "\0" in cell:
        raise ValueError("holds a character that is no text (NUL); type the cell again")
    if "\ufffd" in cell:
        raise ValueError("holds “\ufffd”, which stands where a letter was lost; save the sheet as UTF-8 and look at it")
    if failed := _FAILED.fullmatch(cell.strip()):
        raise ValueError(f"holds {failed[0]}: a spreadsheet took the text for a formula; write ' before the text")


def formula(cell: str) -> str:
    """The sign that makes a formula of a cell; empty where it is text. A hyphen and a blank begin a list."""
    first = cell[:1]
    return first if (first and first in "=+@＝＋＠－") or (first == "-" and cell[1:2] not in {"", " "}) else ""


def _slug(slug: str, reserved: Collection[str]) -> str:
    if slug and not _SLUG.fullmatch(slug):
        better = re.sub(r"[^a-z0-9]+", "-", slug.casefold()).strip("-")
        example = f"“{better}”" if better else "“kept-for-years”"
        raise ValueError(f"“{short(slug)}” is no slug: use small letters, digits and single hyphens, as in {example}")
    if slug in reserved:
        raise ValueError(f"“{slug}” is taken by the site's own addresses: choose another slug")
    return slug


def _words(cell: str) -> list[str]:
    segments = split_segments(cell)
    if found := problems(segments):
        raise ValueError("; ".join(found))
    return segments


def _score(cell: str) -> int | None:
    if not cell.strip():
        return None
    if not re.fullmatch(rf"[{LOWEST_SCORE}-{HIGHEST_SCORE}](?:[.,]0+)?", cell.strip()):
        raise ValueError(f"“{short(cell)}” is no score: write a whole number from {LOWEST_SCORE} to {HIGHEST_SCORE}")
    return int(cell.strip()[0])


def _choice(cell: str, words: Mapping[str, str], *, empty: str) -> str:
    said = " ".join(cell.casefold().split())
    if not said:
        return empty
    found = next((word for word, shown in words.items() if said in {word, shown}), None)
    if found is None:
        raise ValueError(f"“{short(cell)}” is not known here: write {', '.join(words)}, or leave it empty")
    return found


def _numbers(cell: str) -> list[int]:
    parts = [part for part in re.split(r"[,;\s]+", cell) if part]
    if not all(_NUMBER.fullmatch(part) for part in parts):
        raise ValueError(f"“{short(cell)}” are no numbers of sentences: write them as 1, 3")
    return [int(part) for part in parts]


def _lines(cell: str) -> list[str]:
    return [line.strip() for line in cell.splitlines() if line.strip()]


def _flags(cell: str, jurisdictions: Collection[str]) -> list[dict[str, str]]:
    flags = []
    for line in _lines(cell):
        code, _, text = (part.strip() for part in line.partition(":"))
        if code not in jurisdictions or not text:
            raise ValueError(f"“{short(line)}”: write the code of a known jurisdiction, a colon and the text, as EU: …")
        flags.append({"jurisdiction": code, "text": text})
    return flags


_READERS: dict[str, Callable[[str], Any]] = {
    "words": _words,
    "sentences": _numbers,
    "checklist": _lines,
}


def short(words: str) -> str:
    """The beginning of words, for a message."""
    words = " ".join(words.split())
    return words if len(words) <= 50 else f"{words[:49].rstrip()}…"
