"""The analyst's decisions for an import: which platform a service is, and how its documents are called.

    services:
      Jasper: jasper-ai          # a platform of the catalogue, by its slug
      Llama API: new             # a platform of its own, to be created
    documents:
      Jasper/Terms of Service:   # all four are optional
        platform: jasper-ai
        slug: jasper-terms-of-service
        kind: terms_of_service
        title: Jasper Terms of Service

Names are taken as they are written, so a service called `No` or `123` needs no quotation marks; blanks at an end do.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

import yaml

NEW = "new"
_SECTIONS = ("services", "documents")
_FIELDS = ("platform", "slug", "kind", "title")
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LONGEST = {"platform": 80, "slug": 100, "title": 200}


class MapError(ValueError):
    """A map that cannot be used; the message names the file, the line, the key and the way out."""


@dataclass(frozen=True, slots=True)
class DocumentChoice:
    """What the map says of one document; None where it leaves the matter to the import."""

    platform: str | None = None
    slug: str | None = None
    kind: str | None = None
    title: str | None = None


@dataclass(frozen=True, slots=True)
class TermsMap:
    """`services`: service to the slug of its platform, None for a new one. `documents`: by `Service/Terms type`."""

    services: Mapping[str, str | None] = field(default_factory=dict)
    documents: Mapping[str, DocumentChoice] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Known:
    """What a map may name: services and documents of the collection, platforms (slugs) and kinds of the catalogue."""

    services: Collection[str]
    documents: Collection[str]
    platforms: Collection[str]
    kinds: Collection[str]


@dataclass(frozen=True, slots=True)
class _Place:
    """A value in the file, and where it stands."""

    file: Path
    line: int
    path: tuple[str, ...]

    def wrong(self, why: str) -> MapError:
        key = ": ".join(self.path)
        return MapError(f"{self.file}:{self.line}: {key}: {why}" if key else f"{self.file}:{self.line}: {why}")


def read_map(file: Path, known: Known) -> TermsMap:
    """Read and check a map. Raises MapError at the first thing that is wrong."""
    root = _composed(file)
    top = _Place(file, 1, ())
    sections = {} if root is None else dict(_entries(root, top))
    for name, (place, _) in sections.items():
        if name not in _SECTIONS:
            raise place.wrong("is no section of a map: write services or documents.")
    services = dict(_services(*sections["services"], known)) if "services" in sections else {}
    documents = dict(_documents(*sections["documents"], known)) if "documents" in sections else {}
    return TermsMap(services, documents)


def _services(place: _Place, node: yaml.Node, known: Known) -> Iterator[tuple[str, str | None]]:
    for service, (at, value) in _entries(node, place):
        if service not in known.services:
            raise at.wrong(f"the collection has no such service{_nearest(service, known.services)}.")
        slug = _scalar(value, at)
        yield service, None if slug == NEW else _platform(slug, at, known)


def _documents(place: _Place, node: yaml.Node, known: Known) -> Iterator[tuple[str, DocumentChoice]]:
    for document, (at, value) in _entries(node, place):
        if document not in known.documents:
            raise at.wrong(f"the collection has no such document{_nearest(document, known.documents)}.")
        chosen: dict[str, str] = {}
        for name, (spot, entry) in _entries(value, at):
            if name not in _FIELDS:
                raise spot.wrong(f"is nothing that a document has here: write {', '.join(_FIELDS)}.")
            chosen[name] = _choice(name, _scalar(entry, spot), spot, known)
        yield document, DocumentChoice(**chosen)


def _choice(name: str, value: str, place: _Place, known: Known) -> str:
    if len(value) > _LONGEST.get(name, len(value)):
        raise place.wrong(f"has {len(value)} characters: write at most {_LONGEST[name]}.")
    if name == "platform":
        return _platform(value, place, known)
    if name == "kind" and value not in known.kinds:
        raise place.wrong(f"{value!r} is no kind of document: write one of {', '.join(sorted(known.kinds))}.")
    if name == "slug" and not _SLUG.fullmatch(value):
        raise place.wrong(f"{value!r} is no slug: use lowercase letters, digits and single hyphens.")
    return value


def _platform(slug: str, place: _Place, known: Known) -> str:
    if slug not in known.platforms:
        near = _nearest(slug, known.platforms)
        raise place.wrong(f"there is no platform {slug!r}{near}: write the slug of one, or new for one of its own.")
    return slug


def _nearest(name: str, names: Collection[str]) -> str:
    """A proposal for a name that is not there, to be put into a sentence."""
    close = get_close_matches(name, list(names), n=1)
    return f" (is {close[0]!r} meant?)" if close else ""


# YAML, node by node: with lines, without guesses at types, and no key twice


def _composed(file: Path) -> yaml.Node | None:
    try:
        with file.open(encoding="utf-8") as stream:
            node: yaml.Node | None = yaml.compose(stream, Loader=yaml.SafeLoader)
            return node
    except OSError as error:
        raise MapError(f"{file} cannot be read ({error.strerror}): give the file with --map.") from None
    except UnicodeDecodeError as error:
        raise MapError(f"{file} is not UTF-8 (byte {error.start}): save it as UTF-8.") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        why = getattr(error, "problem", None) or str(error).splitlines()[0]
        raise MapError(f"{file}:{line}: is no YAML ({why}): quote names that hold a colon or a hash.") from None


def _entries(node: yaml.Node, place: _Place) -> Iterator[tuple[str, tuple[_Place, yaml.Node]]]:
    if isinstance(node, yaml.ScalarNode) and node.tag.endswith(":null"):
        return
    if not isinstance(node, yaml.MappingNode):
        raise place.wrong("is no list of names and values: write one `name: value` a line.")
    seen: set[str] = set()
    for key, value in node.value:
        spot = _Place(place.file, key.start_mark.line + 1, place.path)
        name = _scalar(key, spot)
        if name in seen:
            raise spot.wrong(f"{name!r} stands here twice: leave one of them out.")
        seen.add(name)
        yield name, (_Place(place.file, key.start_mark.line + 1, (*place.path, name)), value)


def _scalar(node: yaml.Node, place: _Place) -> str:
    if not isinstance(node, yaml.ScalarNode) or not str(node.value).strip():
        raise place.wrong("needs one word or name: write `name: value`.")
    return str(node.value)
