"""The one spelling of every YAML file: fields in the order of the schema, defaults left out, 110 characters a line, LF.

A string stands plain where YAML 1.1 and YAML 1.2 both read it as that string, folded (>-) where it is long, as a
literal block (|-) only where its line ends matter, and in double quotes otherwise; there, characters that cannot be
seen are escaped.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any, get_args

import yaml
from pydantic import BaseModel

from .fields import Inline, ToTheMinute

WIDTH = 110
# What YAML 1.2's core schema, or 1.1 as others read it, takes for something else than text. PyYAML knows the rest.
OTHER_VALUES = re.compile(
    r"(null|Null|NULL|~|true|True|TRUE|false|False|FALSE|y|Y|n|N"
    r"|[-+]?[0-9][0-9_]*|0o[0-7]+|0x[0-9a-fA-F]+|[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?"
    r"|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))\Z"
)
INDICATORS = "-?:,[]{}#&*!|>'\"%@`~=<"
ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}


class Bare(str):
    """A date or a time: stands without quotes."""


class InOneLine(list[Any]):
    """A list that stands in one line where it fits."""


def written(record: BaseModel | Sequence[BaseModel]) -> str:
    """The canonical YAML of a record, or of a file that is a list of records."""
    tree = plain_values(record) if isinstance(record, BaseModel) else [plain_values(entry) for entry in record]
    return emitted(tree)


def emitted(tree: dict[str, Any] | list[Any]) -> str:
    """The canonical YAML of plain values: mappings and lists that are not empty, strings, integers and booleans."""
    return "\n".join(_block(tree, 0)) + "\n"


def plain_values(record: BaseModel) -> dict[str, Any]:
    """The fields that say something, in the order of the schema."""
    values = {}
    for name, info in type(record).model_fields.items():
        value = getattr(record, name)
        if not info.is_required() and (value is None or value == info.default or value == []):
            continue
        values[name] = _plain(value, [*info.metadata, *_marks(info.annotation)])
    return values


def _marks(kind: Any) -> Iterator[Any]:
    yield from getattr(kind, "__metadata__", ())
    for part in get_args(kind):
        if hasattr(part, "__metadata__"):
            yield from part.__metadata__


def _plain(value: Any, marks: list[Any]) -> Any:
    if isinstance(value, BaseModel):
        return plain_values(value)
    if isinstance(value, list):
        kind = InOneLine if any(isinstance(mark, Inline) for mark in marks) else list
        return kind(_plain(item, []) for item in value)
    if isinstance(value, datetime):
        return Bare(_moment(value, to_the_minute=any(isinstance(mark, ToTheMinute) for mark in marks)))
    return Bare(value.isoformat()) if isinstance(value, date) else value


def _moment(value: datetime, *, to_the_minute: bool) -> str:
    exact = value.second or value.microsecond or not to_the_minute
    return value.replace(tzinfo=None).isoformat(timespec="auto" if exact else "minutes") + "Z"


def _block(value: dict[str, Any] | list[Any], indent: int) -> Iterator[str]:
    """The lines of a mapping or a list, each with its indentation."""
    blank = " " * indent
    if isinstance(value, dict):
        for key, item in value.items():
            if isinstance(item, list) and not _fits(item, indent + len(key) + 2):
                yield f"{blank}{key}:"
                yield from _block(item, indent)
            elif isinstance(item, dict):
                yield f"{blank}{key}:"
                yield from _block(item, indent + 2)
            else:
                first, *rest = _scalar(item, indent + len(key) + 2, indent + 2)
                yield f"{blank}{key}: {first}"
                yield from rest
        return
    for item in value:
        if isinstance(item, dict | list) and not _fits(item, indent + 2):
            first, *rest = _block(item, indent + 2)
            yield f"{blank}- {first[indent + 2 :]}"
        else:
            first, *rest = _scalar(item, indent + 2, indent + 2)
            yield f"{blank}- {first}"
        yield from rest


def _fits(value: Any, column: int) -> bool:
    return isinstance(value, InOneLine) and column + len(_in_one_line(value)) <= WIDTH


def _in_one_line(values: list[Any]) -> str:
    return "[" + ", ".join(_short(value, in_list=True) for value in values) + "]"


def _short(value: Any, *, in_list: bool = False) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | Bare):
        return str(value)
    return value if stands_plain(value, in_list=in_list) else quoted(value)


def _scalar(value: Any, column: int, indent: int) -> list[str]:
    """The lines of a value that begins at `column`; lines that follow are indented."""
    if isinstance(value, list):
        return [_in_one_line(value)]
    if not isinstance(value, str) or isinstance(value, Bare):
        return [_short(value)]
    if "\n" in value and _literal(value):
        sign = "|" if value.endswith("\n") else "|-"
        return [sign, *(f"{' ' * indent}{line}" if line else "" for line in value.removesuffix("\n").split("\n"))]
    short = _short(value)
    if column + len(short) <= WIDTH or not _can_fold(value):
        return [short]
    lines = list(_folded(value, WIDTH - indent))
    return [short] if len(lines) == 1 else [">-", *(f"{' ' * indent}{line}" for line in lines)]


def stands_plain(value: str, *, in_list: bool = False) -> bool:
    """Whether every reader of YAML takes the bare characters for this string."""
    if (
        not value
        or not value.isprintable()
        or value != value.strip()
        or value[0] in INDICATORS
        or value.startswith("...")
    ):
        return False
    if ": " in value or " #" in value or value.endswith(":") or OTHER_VALUES.match(value):
        return False
    if in_list and any(character in value for character in ",[]{}:?"):
        return False
    resolvers = yaml.SafeLoader.yaml_implicit_resolvers
    return not any(pattern.match(value) for _, pattern in [*resolvers.get(value[0], ()), *resolvers.get(None, ())])


def quoted(value: str) -> str:
    """The string in double quotes, with what cannot be seen as escapes."""
    return '"' + "".join(ESCAPES.get(character) or _escaped(character) for character in value) + '"'


def _escaped(character: str) -> str:
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\x{code:02X}" if code < 0x100 else f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08X}"


def _literal(value: str) -> bool:
    lines = value.removesuffix("\n").split("\n")
    return (
        bool(lines[0])
        and bool(lines[-1])
        and all(line.isprintable() and (not line or (line.strip() and not line[0].isspace())) for line in lines)
    )


def _can_fold(value: str) -> bool:
    return value.isprintable() and value == value.strip()


def _folded(value: str, width: int) -> Iterator[str]:
    """Lines of at most `width` characters where there is a single blank to break at."""
    line = ""
    for word in re.split(r"(?<! ) (?! )", value):
        if line and len(line) + 1 + len(word) > width:
            yield line
            line = word
        else:
            line = f"{line} {word}" if line else word
    yield line
