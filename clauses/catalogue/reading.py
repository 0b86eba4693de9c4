"""Reads one file of the catalogue: a small, strict part of YAML, with the line of every field, and texts byte for byte.

Of YAML there are mappings, lists and scalars, nothing else: no anchors and aliases (a few lines could grow to
gigabytes), no tags, no second document, no key twice. `true` and `false` are booleans, plain decimal integers are
integers, everything else is a string: `yes`, `no` and dates too.
"""

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path as File
from typing import Any

import yaml

from .problems import CatalogueError, Path, Problem, spelled

LARGEST_YAML = 1024 * 1024
LARGEST_TEXT = 8 * 1024 * 1024
DEEPEST = 16
INTEGER = re.compile(r"(0|-?[1-9][0-9]{0,17})\Z")
BOOLEANS = {"true": True, "false": False}
NOTHING = frozenset({"", "~", "null", "Null", "NULL"})
LOADER = getattr(
    yaml, "CLoader", yaml.Loader
)  # libyaml where the wheel has it: only its events are used, never its objects


@dataclass(frozen=True)
class Source:
    """A YAML file as read: its values, the line of every field, and the lines that hold a comment."""

    file: str
    data: Any
    text: str
    lines: dict[Path, int] = field(default_factory=dict)

    def line(self, path: Path) -> int:
        """The line of a field, or of the nearest one around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def comments(self) -> list[int]:
        """The lines on which a comment stands."""
        return sorted(set(_comments(self.text)))


class _Wrong(Exception):
    def __init__(self, line: int, path: Path, message: str) -> None:
        self.line, self.path, self.message = line, path, message


def read_bytes(path: File, *, name: str, most: int) -> bytes:
    """The bytes of a plain file of at most `most` bytes. CatalogueError says what else it is."""
    try:
        with open(
            path, "rb", opener=lambda file, flags: os.open(file, flags | os.O_NOFOLLOW | os.O_NONBLOCK)
        ) as stream:
            if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
                raise _refused(name, "is no plain file: put the file itself here")
            content = stream.read(most + 1)
    except OSError as error:
        raise _refused(name, f"cannot be read: {(error.strerror or str(error)).lower()}") from error
    if len(content) > most:
        raise _refused(
            name,
            f"is larger than {most // (1024 * 1024)} MiB: that is no file of this catalogue; split it or leave it out",
        )
    return content


def read_text(path: File, *, name: str, most: int) -> str:
    """The text of a UTF-8 file, each character as it stands there."""
    content = read_bytes(path, name=name, most=most)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _refused(
            name, f"is no UTF-8 text: byte {error.start + 1} is 0x{content[error.start]:02X}; save it as UTF-8", line
        ) from error
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise _refused(name, "holds a NUL character: it is a binary file; put a text here", line)
    return text


def read_yaml(path: File, *, name: str) -> Source:
    """The values of a YAML file with their lines. CatalogueError has every problem found."""
    text = read_text(path, name=name, most=LARGEST_YAML)
    return parse_yaml(text, name=name)


def parse_yaml(text: str, *, name: str) -> Source:
    """As `read_yaml`, of a text already read."""
    if not text.strip():
        raise _refused(name, "is empty: fill it or remove it")
    if not text.endswith("\n"):
        last = text.count("\n") + 1
        raise _refused(
            name, "ends in the middle of a line: it may be cut off; complete it, and end the last line", last
        )
    builder = _Builder(text)
    try:
        data = builder.build()
    except _Wrong as wrong:
        builder.problems.append(wrong)
        data = None
    except yaml.MarkedYAMLError as error:
        builder.problems.append(_syntax(error, text))
    except (yaml.YAMLError, UnicodeError) as error:
        builder.problems.append(_Wrong(1, (), f"is not YAML: {str(error).splitlines()[0]}"))
    if builder.problems:
        raise CatalogueError(
            Problem(name, wrong.line, spelled(wrong.path), wrong.message) for wrong in builder.problems
        )
    return Source(name, data, text, builder.lines)


def _refused(name: str, message: str, line: int = 0) -> CatalogueError:
    return CatalogueError([Problem(name, line, "", message)])


def _syntax(error: yaml.MarkedYAMLError, text: str) -> _Wrong:
    mark = error.problem_mark or error.context_mark
    line = mark.line + 1 if mark else 1
    lines = text.splitlines() or [""]
    wrong = lines[min(line, len(lines)) - 1]
    indent = wrong[: len(wrong) - len(wrong.lstrip())]
    if "\t" in indent:
        return _Wrong(line, (), "is indented with a tab: use two blanks")
    if error.problem and "unexpected end of stream" in error.problem:
        return _Wrong(line, (), "ends in the middle of a quoted text: it may be cut off; complete it")
    what = " ".join(part for part in (error.problem, error.context) if part)
    return _Wrong(line, (), f"is not YAML here ({what}): check the indentation, and put text with a colon in quotes")


class _Builder:
    """Builds values from the parser's events, and keeps the lines."""

    def __init__(self, text: str) -> None:
        self.events: Iterator[yaml.Event] = yaml.parse(text, Loader=LOADER)
        self.lines: dict[Path, int] = {}
        self.problems: list[_Wrong] = []

    def build(self) -> Any:
        next(self.events)  # the start of the stream
        event = next(self.events)
        if isinstance(event, yaml.StreamEndEvent):
            raise _Wrong(1, (), "is empty: fill it or remove it")
        data = self._value(next(self.events), (), 0)
        next(self.events)  # the end of the document
        event = next(self.events)
        if not isinstance(event, yaml.StreamEndEvent):
            raise _Wrong(event.start_mark.line + 1, (), "holds a second document after '---': one file is one record")
        return data

    def _value(self, event: yaml.Event, path: Path, depth: int) -> Any:
        line = event.start_mark.line + 1
        self.lines.setdefault(path, line)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _Wrong(
                line, path, "uses an anchor (& or *): write the value out, or put a text with that sign in quotes"
            )
        if getattr(event, "tag", None):
            raise _Wrong(line, path, "uses a tag (!): write the plain value, or put a text with that sign in quotes")
        if depth > DEEPEST:
            raise _Wrong(line, path[:4], f"is nested more than {DEEPEST} levels deep: no record needs that")
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, path, line)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._list(path, depth)
        return self._mapping(path, depth)

    def _scalar(self, event: yaml.ScalarEvent, path: Path, line: int) -> Any:
        if any(0xD800 <= ord(character) < 0xE000 or character == "\0" for character in event.value):
            raise _Wrong(line, path, "holds half a character or a NUL character, written as an escape: leave it out")
        if not event.implicit[0]:  # in quotes, or a block of text
            return event.value
        if event.value in NOTHING:
            self.problems.append(_Wrong(line, path, "is empty: leave the field out when there is nothing to say"))
            return None
        if event.value in BOOLEANS:
            return BOOLEANS[event.value]
        return int(event.value) if INTEGER.match(event.value) else event.value

    def _list(self, path: Path, depth: int) -> list[Any]:
        values: list[Any] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            values.append(self._value(event, (*path, len(values)), depth + 1))
        return values

    def _mapping(self, path: Path, depth: int) -> dict[str, Any]:
        values: dict[str, Any] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            line = event.start_mark.line + 1
            if not isinstance(event, yaml.ScalarEvent) or event.anchor or event.tag:
                raise _Wrong(
                    line, path, "has a field whose name is no plain word: put texts that begin with { or [ in quotes"
                )
            key = event.value
            if key in values:
                first = self.lines[*path, key]
                self.problems.append(
                    _Wrong(line, (*path, key), f"stands twice, first in line {first}: keep one of the two")
                )
            else:
                self.lines[*path, key] = line
            values[key] = self._value(next(self.events), (*path, key), depth + 1)
        return values


def _comments(text: str) -> Iterator[int]:
    """A comment is a # between two tokens, or behind the sign that opens a block of text."""
    reached = 0
    for token in yaml.scan(text, Loader=LOADER):
        start, end = token.start_mark.index, token.end_mark.index
        yield from _signs(text, reached, start)
        if isinstance(token, yaml.ScalarToken) and token.style in {"|", ">"}:
            header = text.find("\n", start)
            yield from _signs(text, start, header)
        reached = max(reached, end)
    yield from _signs(text, reached, len(text))


def _signs(text: str, start: int, end: int) -> Iterator[int]:
    at = text.find("#", start, end)
    while at != -1:
        yield text.count("\n", 0, at) + 1
        at = text.find("#", at + 1, end)
