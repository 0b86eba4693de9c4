"""Brings the files of a folder into canonical form, or says which are not."""

from dataclasses import dataclass
from pathlib import Path as File

from . import folder
from .arranging import arranged
from .exporting import content_of
from .folder import FOLDERS, Catalogue, Filed
from .held import text_names
from .problems import CatalogueError, Problem

COMMENT = "holds a comment, which is not kept: put it in a field, or leave it out"


@dataclass(frozen=True)
class Formatted:
    """`differing`: files whose spelling was, or is, another one; `count`: all YAML files."""

    differing: tuple[str, ...]
    count: int


def format_catalogue(root: File, *, name: str | None = None, check: bool) -> Formatted:
    """Rewrites every YAML file in its canonical form; with `check` it only finds those that differ.

    CatalogueError where a file cannot be read, or holds what the canonical form would lose; then nothing is written.
    """
    name = str(root) if name is None else name
    catalogue, problems = folder.read(root, name=name)
    problems += [
        Problem(source.file, line, "", COMMENT)
        for source in {id(entry.source): entry.source for entry in _entries(catalogue) if entry.source}.values()
        for line in source.comments()
    ]
    problems += _text_names(catalogue)
    if problems:
        raise CatalogueError(problems)
    files = {path: content for path, content in content_of(arranged(catalogue)).items() if path.endswith(".yaml")}
    differing = [path for path, content in files.items() if (root / path).read_bytes() != content]
    if not check:
        for path in differing:
            (root / path).write_bytes(files[path])
    return Formatted(tuple(differing), len(files))


def _entries(catalogue: Catalogue) -> list[Filed]:
    kinds = (
        "jurisdictions",
        "themes",
        "addresses",
        *(name.replace("-", "_") for name in FOLDERS),
        "platforms",
        "documents",
        "clauses",
    )
    return [entry for kind in kinds for entry in getattr(catalogue, kind).values()]


def _text_names(catalogue: Catalogue) -> list[Problem]:
    """Texts are named by the day on which they were first captured."""
    found = []
    for entry in catalogue.documents.values():
        rows = entry.value.snapshots
        names = text_names((row.sha256, row.captured_at) for row in rows)
        for position, row in enumerate(rows):
            if row.text and row.text != names[row.sha256]:
                message = (
                    f"is named {row.text}: rename the file to {names[row.sha256]}, after the day of its first snapshot"
                )
                found.append(entry.problem(message, "snapshots", position, "text"))
    return found
