"""Writes what the database holds as a folder of files, in canonical form."""

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path as File

from django.db import connection, transaction

from . import folder
from .canonical import written
from .folder import FOLDERS, LISTS, README, Catalogue
from .held import held
from .problems import CatalogueError, Problem


@dataclass(frozen=True)
class Exported:
    """How many files were written, left as they were, and removed."""

    written: int
    same: int
    removed: int


def export(root: File, *, name: str | None = None) -> Exported:
    """Writes the catalogue into an empty or a new folder, or over an earlier export; equal files are not touched.

    CatalogueError where the folder holds anything else, and then nothing is written.
    """
    name = str(root) if name is None else name
    _refuse_others(root, name)
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            with connection.cursor() as cursor:
                # One state of the database, whatever others write in the meantime.
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        catalogue = held(texts=True)
    files = content_of(catalogue)
    before = {path for path in _files(root) if path != README}
    same = written_now = 0
    for path, content in files.items():
        target = root / path
        if path in before and target.read_bytes() == content:
            same += 1
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        _replace(target, content)
        written_now += 1
    gone = before - set(files)
    for path in gone:
        (root / path).unlink()
    _remove_empty(root)
    return Exported(written_now, same, len(gone))


def content_of(catalogue: Catalogue) -> dict[str, bytes]:
    """Path → the bytes of each file of a catalogue."""
    files: dict[str, str] = {}
    for name, kind in zip(LISTS, ("jurisdictions", "themes", "addresses"), strict=True):
        entries = [entry.value for entry in getattr(catalogue, kind).values()]
        if entries:
            files[name] = written(entries)
    for name in FOLDERS:
        for slug, entry in getattr(catalogue, name.replace("-", "_")).items():
            files[f"{name}/{slug}.yaml"] = written(entry.value)
    for platform, entry in catalogue.platforms.items():
        files[f"platforms/{platform}/platform.yaml"] = written(entry.value)
    for key, document in catalogue.documents.items():
        files[f"platforms/{'/'.join(key)}/document.yaml"] = written(document.value)
    for (*place, slug), clause in catalogue.clauses.items():
        files[f"platforms/{'/'.join(place)}/clauses/{slug}.yaml"] = written(clause.value)
    for (*place, text), content in catalogue.texts.items():
        files[f"platforms/{'/'.join(place)}/{text}"] = content
    return {path: content.encode() for path, content in sorted(files.items())}


def _refuse_others(root: File, name: str) -> None:
    """An export replaces files of this format, and nothing else."""
    if root.exists() and not root.is_dir():
        raise CatalogueError([Problem(name, 0, "", "is a file: give a new folder, or one with an earlier export")])
    if not root.exists() or not any(root.iterdir()):
        return
    _, problems = folder.read(root, name=name)
    if problems:
        raise CatalogueError(
            [
                Problem(
                    name,
                    0,
                    "",
                    "holds more than an earlier export, so nothing is written: "
                    "give a new folder, or put this right first",
                ),
                *problems,
            ]
        )


def _files(root: File) -> set[str]:
    return {os.path.relpath(os.path.join(place, name), root) for place, _, names in os.walk(root) for name in names}


def _replace(target: File, content: bytes) -> None:
    """Writes beside the file and then takes its place, so that nobody ever reads half of it."""
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        os.chmod(temporary, 0o644)
        os.replace(temporary, target)
    except BaseException:
        os.unlink(temporary)
        raise


def _remove_empty(root: File) -> None:
    for place, _, _ in os.walk(root, topdown=False):
        if File(place) != root and not os.listdir(place):
            os.rmdir(place)
