"""A whole catalogue: every record with the file and lines it comes from, and whatever does not belong there."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path as File
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from . import clause_schema, schema
from .fields import SLUG
from .messages import problems_of
from .problems import CatalogueError, Path, Problem, spelled
from .reading import LARGEST_TEXT, Source, read_text, read_yaml

Record = TypeVar("Record", bound=BaseModel)
PlatformKey = str
DocumentKey = tuple[str, str]  # platform, document
ClauseKey = tuple[str, str, str]  # platform, document, clause
TextKey = tuple[str, str, str]  # platform, document, texts/<name>.md

LISTS = {
    "jurisdictions.yaml": schema.Jurisdiction,
    "themes.yaml": schema.Theme,
    "former-addresses.yaml": schema.FormerAddress,
}
FOLDERS = {
    "clause-types": schema.ClauseType,
    "agencies": schema.Agency,
    "regulations": schema.Regulation,
    "research": schema.ResearchNote,
}
KEYS = {
    schema.Jurisdiction: ("jurisdictions", "code"),
    schema.Theme: ("themes", "slug"),
    schema.FormerAddress: ("addresses", "old"),
}
README = "README.md"


@dataclass(frozen=True)
class Filed(Generic[Record]):
    """A record and where it stands. What the database holds has no source."""

    value: Record
    source: Source | None = None
    at: Path = ()

    def problem(self, message: str, *path: str | int) -> Problem:
        """A problem with a field of this record."""
        if self.source is None:
            return Problem("the database", 0, spelled((*self.at, *path)), message)
        full = (*self.at, *path)
        return Problem(self.source.file, self.source.line(full), spelled(full), message)


@dataclass
class Catalogue:
    """All records of a folder or of the database, by what they are known by: code, slug, or a tuple of slugs."""

    jurisdictions: dict[str, Filed[schema.Jurisdiction]] = field(default_factory=dict)
    themes: dict[str, Filed[schema.Theme]] = field(default_factory=dict)
    addresses: dict[str, Filed[schema.FormerAddress]] = field(default_factory=dict)
    clause_types: dict[str, Filed[schema.ClauseType]] = field(default_factory=dict)
    agencies: dict[str, Filed[schema.Agency]] = field(default_factory=dict)
    regulations: dict[str, Filed[schema.Regulation]] = field(default_factory=dict)
    research: dict[str, Filed[schema.ResearchNote]] = field(default_factory=dict)
    platforms: dict[PlatformKey, Filed[schema.Platform]] = field(default_factory=dict)
    documents: dict[DocumentKey, Filed[schema.Document]] = field(default_factory=dict)
    clauses: dict[ClauseKey, Filed[clause_schema.Clause]] = field(default_factory=dict)
    texts: dict[TextKey, str] = field(default_factory=dict)
    broken: set[tuple[str, Any]] = field(
        default_factory=set
    )  # (kind, key) of records whose files could not be used; "*": any

    def lacks(self, kind: str, key: Any) -> bool:
        """Whether nothing is known by this key, not even a file that has its own problems."""
        return key not in getattr(self, kind) and not {(kind, key), (kind, "*")} & self.broken

    def clauses_of(self, document: DocumentKey) -> Iterator[tuple[ClauseKey, Filed[clause_schema.Clause]]]:
        """The clauses of a document."""
        return ((key, entry) for key, entry in self.clauses.items() if key[:2] == document)


def read(root: File, *, name: str | None = None) -> tuple[Catalogue, list[Problem]]:
    """What a folder holds, as far as it can be read, and all that is wrong with its single files."""
    name = str(root) if name is None else name
    if not root.exists():
        raise CatalogueError(
            [Problem(name, 0, "", "is not there: give the folder of a catalogue, for example fixtures")]
        )
    if not root.is_dir():
        raise CatalogueError(
            [Problem(name, 0, "", "is no folder: give the folder of a catalogue, for example fixtures")]
        )
    reader = _Reader(root, name)
    reader.read_root()
    return reader.catalogue, reader.problems


class _Reader:
    def __init__(self, root: File, name: str) -> None:
        self.root, self.name = root, name
        self.catalogue = Catalogue()
        self.problems: list[Problem] = []

    def named(self, path: File) -> str:
        return os.path.join(self.name, path.relative_to(self.root))

    def stray(self, path: File, message: str) -> None:
        self.problems.append(Problem(self.named(path), 0, "", message))

    def inside(self, folder: File) -> Iterator[tuple[str, File]]:
        """The names in a folder, in order. Links are refused: what they point at may lie outside."""
        try:
            entries = sorted(folder.iterdir())
        except OSError as error:
            self.stray(folder, f"cannot be read: {(error.strerror or str(error)).lower()}")
            return
        for path in entries:
            if path.is_symlink():
                self.stray(path, "is a symbolic link: put the file or folder itself here")
                if folder.name == "texts":
                    self.catalogue.broken.add(
                        ("texts", (*folder.relative_to(self.root).parts[1:3], f"texts/{path.name}"))
                    )
            else:
                yield path.name, path

    def read_root(self) -> None:
        count = 0
        for name, path in self.inside(self.root):
            count += name != README
            if name in LISTS and not path.is_dir():
                self.read_list(path, LISTS[name])
            elif name in FOLDERS and path.is_dir():
                self.read_folder(path, FOLDERS[name], name.replace("-", "_"))
            elif name == "platforms" and path.is_dir():
                self.read_platforms(path)
            elif name != README:
                known = [*LISTS, *(f"{folder}/" for folder in (*FOLDERS, "platforms"))]
                self.stray(path, f"does not belong in a catalogue: here stand {', '.join(known)} and {README}")
        if not count:
            self.stray(
                self.root,
                "holds no catalogue: it needs platforms/, clause-types/, agencies/, regulations/ or one of the lists",
            )

    def read_list(self, path: File, model: type[BaseModel]) -> None:
        kind, name = KEYS[model]
        known: dict[str, Filed[Any]] = getattr(self.catalogue, kind)
        source = self.source(path)
        if source is not None and not isinstance(source.data, list):
            self.problems.append(Problem(source.file, source.line(()), "", "is no list: begin each record with '- '"))
            source = None
        if source is None:
            self.catalogue.broken.add((kind, "*"))
            return
        for position, data in enumerate(source.data):
            entry = self.validated(source, data, model, at=(position,))
            if entry is None:
                self.catalogue.broken.add((kind, "*"))
                continue
            key = getattr(entry.value, name)
            if key in known:
                self.problems.append(entry.problem(f"{key!r} stands twice in this list: keep one", name))
            known[key] = entry

    def read_folder(self, folder: File, model: type[BaseModel], kind: str, *, key: tuple[str, ...] = ()) -> None:
        """A folder with one record a file."""
        for name, path in self.inside(folder):
            slug = name.removesuffix(".yaml")
            if path.is_dir() or not name.endswith(".yaml"):
                self.stray(path, "does not belong here: this folder holds one .yaml file for each record")
            elif self.slug_fits(path, slug):
                self.read_one(path, model, kind, (*key, slug) if key else slug)

    def read_platforms(self, folder: File) -> None:
        for name, path in self.inside(folder):
            if not path.is_dir():
                self.stray(path, "does not belong here: platforms/ holds one folder for each platform")
            elif self.slug_fits(path, name):
                self.read_platform(path, name)

    def read_platform(self, folder: File, platform: str) -> None:
        found = False
        for name, path in self.inside(folder):
            if name == "platform.yaml" and not path.is_dir():
                found = True
                self.read_one(path, schema.Platform, "platforms", platform)
            elif not path.is_dir():
                self.stray(
                    path,
                    "does not belong here: a platform's folder holds platform.yaml and one folder for each document",
                )
            elif self.slug_fits(path, name):
                self.read_document(path, (platform, name))
        if not found:
            self.catalogue.broken.add(("platforms", platform))
            self.stray(folder / "platform.yaml", "is missing: every platform's folder has it")

    def read_document(self, folder: File, key: DocumentKey) -> None:
        found = False
        for name, path in self.inside(folder):
            if name == "document.yaml" and not path.is_dir():
                found = True
                self.read_one(path, schema.Document, "documents", key)
            elif name == "texts" and path.is_dir():
                self.read_texts(path, key)
            elif name == "clauses" and path.is_dir():
                self.read_folder(path, clause_schema.Clause, "clauses", key=key)
            else:
                self.stray(path, "does not belong here: a document's folder holds document.yaml, texts/ and clauses/")
        if not found:
            self.catalogue.broken.add(("documents", key))
            self.stray(folder / "document.yaml", "is missing: every document's folder has it")

    def read_texts(self, folder: File, key: DocumentKey) -> None:
        for name, path in self.inside(folder):
            if path.is_dir() or not name.endswith(".md"):
                self.stray(path, "does not belong here: texts/ holds one .md file for each text")
            elif self.slug_fits(path, name.removesuffix(".md")):
                try:
                    self.catalogue.texts[*key, f"texts/{name}"] = read_text(
                        path, name=self.named(path), most=LARGEST_TEXT
                    )
                except CatalogueError as error:
                    self.catalogue.broken.add(("texts", (*key, f"texts/{name}")))
                    self.problems += error.problems

    def read_one(self, path: File, model: type[BaseModel], kind: str, key: Any) -> None:
        source = self.source(path)
        entry = self.validated(source, source.data, model) if source else None
        if entry is None:
            self.catalogue.broken.add((kind, key))
        else:
            getattr(self.catalogue, kind)[key] = entry

    def slug_fits(self, path: File, slug: str) -> bool:
        if not SLUG.match(slug) or len(slug) > 100:
            self.stray(
                path,
                "has a name that cannot be an address: use lowercase letters, digits and single hyphens, at most 100",
            )
            return False
        return True

    def source(self, path: File) -> Source | None:
        try:
            return read_yaml(path, name=self.named(path))
        except CatalogueError as error:
            self.problems += error.problems
            return None

    def validated(self, source: Source, data: Any, model: type[Record], *, at: Path = ()) -> Filed[Record] | None:
        try:
            return Filed(model.model_validate(data), source, at)
        except ValidationError as error:
            self.problems += problems_of(error, source, model, at=at)
            return None
