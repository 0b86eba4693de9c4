"""The history of records: one row for each time that a person changed one."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import PROTECT

from conductatlas.editing import EMPTY, field_at
from conductatlas.rules import AppendOnly, filled
from platforms.differing import Line


class Edit(AppendOnly):
    """Who changed a record, when, and what stood there before and after: only what differs, path → value.

    `label` and `key` name the record (`clauses.analysis`, `17`), `name` is what it was called. `names`: what the
    keys in both pointed at, and the rows that belong to the record.
    """

    label = models.CharField(max_length=60)
    key = models.CharField(max_length=80)
    name = models.CharField(max_length=300)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, PROTECT, related_name="+")
    why = models.TextField(blank=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    names = models.JSONField(default=dict)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["label", "key", "-id"], name="edit_of_record")]
        constraints = [filled("label", "key", name="edit_names_its_record")]

    def __str__(self) -> str:
        return f"{self.name}, {self.at:%Y-%m-%d %H:%M}"

    @property
    def is_first(self) -> bool:
        """Whether the record was made with it."""
        return not self.before and "id" in self.after

    @property
    def lines(self) -> list[Line]:
        """What differs, in readers' words."""
        return list(lines_of(self))


def lines_of(edit: Edit) -> Iterator[Line]:
    try:
        model = apps.get_model(edit.label)
    except LookupError:  # a table that the program no longer has
        model = None
    for path in dict.fromkeys([*edit.before, *edit.after]):
        before, after = edit.before.get(path), edit.after.get(path)
        if path != "id" and not (before in EMPTY and after in EMPTY):
            label = label_of(model, path, edit.names)
            yield Line(label, spoken(model, path, before, edit.names), spoken(model, path, after, edit.names))


def label_of(model: Any, path: str, names: dict[str, str]) -> str:
    """`answers/17/value` → "answers: Is there a limit? · value"."""
    root, _, rest = path.partition("/")
    if not rest:
        return _verbose(model, path)
    key = rest.split("/")[0]
    return f"{root}: {names.get(f'{root}/{key}', f'no. {key}')} · {_verbose(model, path)}"


def _verbose(model: Any, path: str) -> str:
    column = _field(model, path)
    return str(column.verbose_name) if column is not None else path.rsplit("/", 1)[-1].replace("_", " ")


def _field(model: Any, path: str) -> Any:
    try:
        return field_at(model, path)
    except (AttributeError, IndexError, FieldDoesNotExist):
        return None


def spoken(model: Any, path: str, value: Any, names: dict[str, str]) -> str:
    """A value as people read it: the name of what a key points at, the words for a code, a list as lines."""
    if value in EMPTY and value is not False and value != 0:
        return ""
    column = _field(model, path)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "\n".join(spoken(model, path, item, names) for item in value)
    if isinstance(value, dict):
        return ": ".join(str(item) for item in value.values())
    target = getattr(column, "related_model", None)
    if target is not None:
        return names.get(f"{target._meta.label_lower}/{value}", f"no. {value}")
    chosen = getattr(column, "choices", None) or getattr(getattr(column, "base_field", None), "choices", None)
    return str(dict(chosen).get(value, value)) if chosen else str(value)
