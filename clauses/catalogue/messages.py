"""What the schema found, in plain English, at the line and field where it stands."""

from collections.abc import Mapping
from types import UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from .fields import nearest
from .problems import Path, Problem, spelled
from .reading import Source

FIXED = {
    "missing": "is missing: every record of this kind has it",
    "string_type": "is no text: put it in quotes, or write a text",
    "int_type": "is no whole number: write it in digits, without quotes",
    "bool_type": "is neither true nor false: write one of the two, without quotes",
    "list_type": "is no list: put each item on a line of its own, after '- '",
    "model_type": "holds no fields: write them below it as 'name: value'",
    "dict_type": "holds no fields: write them below it as 'name: value'",
    "string_too_short": "is empty: leave the field out when there is nothing to say",
    "too_short": "is an empty list: leave the field out when there is nothing to say",
}


def problems_of(error: ValidationError, source: Source, model: type[BaseModel], *, at: Path = ()) -> list[Problem]:
    """One problem for each thing that the schema refuses in the part `at` of a file."""
    found = []
    for detail in error.errors(include_url=False, include_input=False):
        inside = tuple(step for step in detail["loc"])
        path = (*at, *inside)
        found.append(
            Problem(source.file, source.line(path), spelled(path), _message(detail["type"], detail, model, inside))
        )
    return found


def _message(kind: str, detail: Mapping[str, Any], model: type[BaseModel], path: Path) -> str:
    context = detail.get("ctx", {})
    if kind in FIXED:
        return FIXED[kind]
    if kind == "plain":
        return context["message"]
    if kind == "extra_forbidden":
        names = fields_at(model, path[:-1])
        return f"is no field of this record{nearest(str(path[-1]), names)}; it may have: {', '.join(names)}"
    if kind in {"string_too_long", "too_long"}:
        return f"is too long: write it in at most {context['max_length']} characters"
    if kind in {"greater_than_equal", "less_than_equal"}:
        side, limit = ("below", context["ge"]) if kind.startswith("greater") else ("above", context["le"])
        return f"is {side} {limit}, which cannot be"
    if kind == "literal_error":
        return f"is not known here; it is one of: {context['expected'].replace(chr(39), '').replace(' or ', ', ')}"
    return f"cannot be used: {detail['msg']}"


def fields_at(model: type[BaseModel], path: Path) -> list[str]:
    """The names of the fields that may stand at a place of a record."""
    kind: Any = model
    for step in path:
        if isinstance(step, str) and isinstance(kind, type) and issubclass(kind, BaseModel):
            kind = _plain(kind.model_fields[step].annotation)
        elif isinstance(step, int):
            kind = _plain(get_args(kind)[0])
    return list(kind.model_fields) if isinstance(kind, type) and issubclass(kind, BaseModel) else []


def _plain(kind: Any) -> Any:
    """Without None and Annotated around it."""
    if get_origin(kind) in {Union, UnionType}:
        kind = next(part for part in get_args(kind) if part is not type(None))
    return get_args(kind)[0] if hasattr(kind, "__metadata__") else kind
