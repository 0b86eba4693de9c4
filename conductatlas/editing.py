"""The history of records: what stood in the database before and after people changed it.

Every write of a person passes one of two doors: the forms of the admin (`administration.RecordAdmin`) and the actions
(`kept`). What the built-in actors write is not kept: files have a history of their own, and programs only derive.
"""

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache, wraps
from typing import Any, ParamSpec, TypeVar

from django.apps import apps
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models, transaction
from django.db.models.functions import JSONObject

from conductatlas.actors import is_built_in
from conductatlas.canonical import canonical, fingerprint

# Path → value, as JSON holds it: "title", "platform" (the key of what it points at), "answers/17/value" (a column of a
# row that is edited with the record).
State = dict[str, Any]

# Columns that follow from others and are made anew with each save.
DERIVED = frozenset({"rendered", "payload", "sort_key"})
EMPTY: tuple[Any, ...] = (None, "", [], {})

P = ParamSpec("P")
R = TypeVar("R")


def state_of(record: models.Model) -> State:
    """What stands in the database of a record, and of the rows that its model names in `edited_with`; {} where it is
    not saved yet. One query, whatever it holds.
    """
    model = type(record)
    if record.pk is None:
        return {}
    names = getattr(model, "edited_with", ())
    found = next(iter(_stored(model).filter(pk=record.pk)), None)
    if found is None:
        return {}
    state = {name: _plain(found[name]) for name in _columns(model)}
    for name in names:
        rows = found[f"rows_of_{name}"]
        if model._meta.get_field(name).many_to_many:
            state[name] = sorted(rows)
            continue
        for row in rows:
            key = row.pop("pk")
            state.update({f"{name}/{key}/{column}": _plain(value) for column, value in row.items()})
    return state


@cache
def _stored(model: type[models.Model]) -> models.QuerySet:
    """The columns of a model and the rows of its parts, of all its records: put together once, and never asked."""
    parts = {f"rows_of_{name}": _rows(model, name) for name in getattr(model, "edited_with", ())}
    return model._base_manager.order_by().values(*_columns(model), **parts)


def _columns(model: type[models.Model]) -> list[str]:
    left_out = DERIVED | set(getattr(model, "derived", ()))
    return [column.name for column in model._meta.concrete_fields if column.name not in left_out]


def _rows(model: type[models.Model], name: str) -> ArraySubquery:
    """The rows of a part as objects, or the keys of a many-to-many relation."""
    relation = model._meta.get_field(name)
    if relation.many_to_many:
        rows = relation.remote_field.through._base_manager.filter(**{relation.m2m_field_name(): models.OuterRef("pk")})
        return ArraySubquery(rows.order_by("pk").values(relation.m2m_reverse_field_name()))
    parent = relation.field.name
    columns = [column for column in _columns(relation.related_model) if column not in {parent, "id"}]
    rows = relation.related_model._base_manager.filter(**{parent: models.OuterRef("pk")}).order_by("pk")
    return ArraySubquery(rows.values(row=JSONObject(pk="pk", **{column: column for column in columns})))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value if isinstance(value, bool | int | str | list | dict | None) else str(value)


def token_of(state: Mapping[str, Any]) -> str:
    """A short name of a state: another one where anything in it differs."""
    return fingerprint(canonical({path: repr(value) for path, value in state.items()}))[:32]


def differing(before: State, after: State) -> list[str]:
    """The paths at which two states differ, in their order; what is not there equals what is empty."""
    paths = dict.fromkeys([*before, *after])
    return [path for path in paths if _filled(before.get(path)) != _filled(after.get(path))]


def _filled(value: Any) -> Any:
    return None if value in EMPTY and value is not False and value != 0 else value


@dataclass
class Scope:
    """The records that one person is changing, each with what stood before."""

    by: Any
    seen: dict[tuple[str, Any], tuple[models.Model, State, list[str]]] = field(default_factory=dict)
    new: list[tuple[models.Model, str]] = field(default_factory=list)

    def see(self, record: models.Model, why: str) -> None:
        if record.pk is None:
            self.new.append((record, why))
            return
        label = record._meta.label_lower
        _, _, reasons = self.seen.setdefault((label, record.pk), (record, state_of(record), []))
        if why and why not in reasons:
            reasons.append(why)

    def made(self, record: models.Model) -> None:
        """A record that did not exist when all this began."""
        if not any(record is other for other, _ in self.new):
            self.new.append((record, ""))

    def write(self) -> None:
        edits = {}
        for record, why in self.new:
            key = (record._meta.label_lower, record.pk)
            if record.pk is not None and key not in self.seen and key not in edits:
                edits[key] = record, {}, [why] if why else []
        for record, before, reasons in [*self.seen.values(), *edits.values()]:
            _write(record, before, by=self.by, why=" ".join(reasons))


_scope: ContextVar[Scope | None] = ContextVar("people_editing", default=None)


@contextmanager
def editing(*records: models.Model, by: Any, why: str = "") -> Iterator[Scope | None]:
    """Keeps what a person changes of these records inside, one entry a record, if anything differs at the end.

    A block inside another adds its records to the outer one. None where a built-in actor writes.
    """
    outer = _scope.get()
    if outer is None and is_built_in(by):
        yield None
        return
    scope = outer or Scope(by)
    for record in records:
        scope.see(record, why)
    if outer is not None:
        yield outer
        return
    with transaction.atomic():
        token = _scope.set(scope)
        try:
            yield scope
            scope.write()
        finally:
            _scope.reset(token)


def hold(record: models.Model) -> None:
    """Waits until nobody else is changing a record, and keeps it so until the transaction ends."""
    rows = type(record)._base_manager.select_for_update(of=["self"], no_key=True).filter(pk=record.pk)
    rows.values_list("pk", flat=True).first()


def made(record: models.Model) -> None:
    """Tells the block around that a record is new."""
    if scope := _scope.get():
        scope.made(record)


def kept(*names: str, makes: bool = False, alone: bool = False) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """An action whose changes go into the history of the records that it takes under these names. `makes`: what it
    returns is a new record. The argument `reason` or `note`, where it has one, says why. `alone`: nobody else changes
    the records between the look at what stands before and the end; it needs a transaction around it.
    """

    def decorate(act: Callable[P, R]) -> Callable[P, R]:
        signature = inspect.signature(act)

        @wraps(act)
        def acting(*args: P.args, **kwargs: P.kwargs) -> R:
            if _scope.get() is None and is_built_in(kwargs["by"]):
                return act(*args, **kwargs)
            given = signature.bind(*args, **kwargs).arguments
            for name in names if alone else ():
                hold(given[name])
            why = given.get("reason") or given.get("note") or ""
            with editing(*(given[name] for name in names), by=given["by"], why=str(why).strip()) as scope:
                result = act(*args, **kwargs)
                if makes and scope and isinstance(result, models.Model):
                    scope.made(result)
                return result

        return acting

    return decorate


def _write(record: models.Model, before: State, *, by: Any, why: str) -> None:
    after = state_of(record)
    paths = differing(before, after)
    if not paths:
        return
    current = type(record)._base_manager.filter(pk=record.pk).first() if before else None
    named = _names(type(record), paths, before, after)
    apps.get_model("platforms", "Edit").objects.create(
        label=record._meta.label_lower,
        key=str(record.pk),
        name=str(current or record)[:300],
        by=by,
        why=why,
        before={path: before[path] for path in paths if path in before},
        after={path: after[path] for path in paths if path in after},
        names=named,
    )


# Names of what keys point at, as they were when the edit was made


def field_at(model: type[models.Model], path: str) -> models.Field:
    """The column, or the many-to-many relation, that a path of a state leads to."""
    root, _, rest = path.partition("/")
    if not rest:
        return model._meta.get_field(root)
    return model._meta.get_field(root).related_model._meta.get_field(rest.split("/")[1])


def _names(model: type[models.Model], paths: Iterable[str], *states: State) -> dict[str, str]:
    """For each key in these paths, `table/key` → its name; for each row of a part, `part/key` → the row's name."""
    wanted: dict[type[models.Model], set[Any]] = {}
    names: dict[str, str] = {}
    parts: dict[str, dict[str, tuple[type[models.Model], Any] | None]] = {}
    for path in paths:
        target = getattr(field_at(model, path), "related_model", None)
        if target:
            for value in (state.get(path) for state in states):
                keys = value if isinstance(value, list) else [value]
                wanted.setdefault(target, set()).update(key for key in keys if key is not None)
        root, _, rest = path.partition("/")
        if rest:
            parts.setdefault(root, {}).setdefault(rest.split("/")[0], None)
    for root, rows in parts.items():
        relation = model._meta.get_field(root)
        pointing = pointer_of(relation.related_model, relation.field.name)
        if pointing is None:
            found = relation.related_model._base_manager.in_bulk(list(map(int, rows)))
            names.update({f"{root}/{key}": str(row) for key, row in found.items()})
            continue
        for key in rows:
            values = (state.get(f"{root}/{key}/{pointing.name}") for state in reversed(states))
            points_at = next((value for value in values if value is not None), None)
            wanted.setdefault(pointing.related_model, set()).add(points_at)
            rows[key] = pointing.related_model, points_at
    found_names = {
        (target, key): str(row)
        for target, keys in wanted.items()
        for key, row in target._base_manager.in_bulk(keys).items()
    }
    names.update({f"{target._meta.label_lower}/{key}": name for (target, key), name in found_names.items()})
    for root, rows in parts.items():
        names.update({f"{root}/{key}": found_names[to] for key, to in rows.items() if to in found_names})
    return names


def pointer_of(part: type[models.Model], parent: str) -> models.Field | None:
    """What a row of a part is about, where that is another record: the question of an answer, the agency applied."""
    return next((column for column in part._meta.concrete_fields if column.many_to_one and column.name != parent), None)
