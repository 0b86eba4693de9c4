"""Two people on one record: whether it has changed since a form was opened, and what stands there now beside what was
typed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.apps import apps
from django.db.models import Model
from django.forms.models import ModelMultipleChoiceField
from django.http import QueryDict
from django.utils import timezone

from conductatlas.editing import State, token_of

TOKEN = "_opened_with"  # the hidden field of every form
NOTHING = "(nothing)"


@dataclass(frozen=True)
class Opened:
    """What a form was opened with: a name of the content, and when."""

    content: str
    at: datetime | None

    @classmethod
    def of(cls, token: str) -> "Opened":
        content, _, seconds = token.partition(".")
        known = seconds.isascii() and seconds.isdecimal() and len(seconds) < 12
        return cls(content, datetime.fromtimestamp(int(seconds), UTC) if known else None)


def opening(state: State) -> str:
    """The token of a form that shows this state now."""
    return f"{token_of(state)}.{int(timezone.now().timestamp())}"


@dataclass(frozen=True)
class Clash:
    """A field in which what was typed differs from what stands in the database now. `who` and `at`: by whom it was
    changed since the form was opened, "" and None where it was not.
    """

    label: str
    theirs: str
    yours: str
    who: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class Conflict:
    """What others saved of a record since a form was opened; `edits` newest first, none where a program wrote."""

    edits: tuple[Any, ...]

    @property
    def words(self) -> str:
        if not self.edits:
            said = "This record was changed by a program after you opened it."
        else:
            last = self.edits[0]
            said = f"{last.by.get_username()} saved this record at {last.at:%H:%M} UTC, after you opened it."
        return f"{said} Nothing of yours is saved yet, and nothing is lost: compare below, then save again."

    def of(self, path: str) -> tuple[str, datetime | None]:
        """Who changed what stands there last, and when."""
        edit = next((edit for edit in self.edits if path in edit.after or path in edit.before), None)
        return (edit.by.get_username(), edit.at) if edit else ("", None)


def conflict(record: Model, opened: Opened) -> Conflict:
    """What others saved of a record since."""
    edits = apps.get_model("platforms", "Edit").objects.filter(label=record._meta.label_lower, key=str(record.pk))
    if opened.at:
        edits = edits.filter(at__gte=opened.at)
    return Conflict(tuple(edits.select_related("by")[:20]))


def clashes(found: Conflict, form: forms.ModelForm, formsets: Mapping[str, Any]) -> Iterator[Clash]:
    """Every field whose typed value is not what stands in the database, of the record and of its rows (by the name
    under which the record holds them); then rows that others added.
    """
    for name in form.changed_data:
        if name in form.fields:
            yield _clash(found, form, name, name, "")
    for root, formset in formsets.items():
        noun = formset.model._meta.verbose_name
        sent = {row.instance.pk for row in formset.forms if row.instance.pk}
        for number, row in enumerate(formset.forms, start=1):
            place = f"{noun} {number}: "
            for name in row.changed_data:
                if name in row.fields and name not in {"id", "DELETE"}:
                    yield _clash(found, row, name, f"{root}/{row.instance.pk}/{name}", place)
        for row in formset.get_queryset():
            if row.pk not in sent:
                path = f"{root}/{row.pk}"
                who, at = next((found.of(f"{path}/{c.name}") for c in row._meta.concrete_fields), ("", None))
                yield Clash(f"{noun} that was added meanwhile; it stays", str(row), NOTHING, who, at)


def _clash(found: Conflict, form: forms.ModelForm, name: str, path: str, place: str) -> Clash:
    bound = form[name]
    fresh = form.get_initial_for_field(bound.field, name)
    who, at = found.of(path)
    label = f"{place}{bound.label}"
    return Clash(label, spoken(bound.field, fresh) or NOTHING, spoken(bound.field, bound.data) or NOTHING, who, at)


def spoken(field: forms.Field, value: Any) -> str:
    """A value of a form as people read it."""
    if value in (None, "", []):
        return ""
    if isinstance(field, forms.ModelChoiceField):
        keys = value if isinstance(field, ModelMultipleChoiceField) else [value]
        wanted = [str(getattr(key, "pk", key)) for key in keys]
        return ", ".join(map(str, field.queryset.filter(pk__in=[key for key in wanted if key.isdecimal()])))
    if isinstance(value, bool) or isinstance(field, forms.BooleanField):
        return "yes" if value else "no"
    if isinstance(field, forms.ChoiceField):
        labels = {str(code): str(label) for code, label in field.choices}
        return ", ".join(labels.get(str(code), str(code)) for code in (value if isinstance(value, list) else [value]))
    if isinstance(field, forms.SplitDateTimeField) and isinstance(value, list):
        return " ".join(part for part in value if part)
    return str(field.prepare_value(value))


def without_gone_rows(sent: QueryDict, prefix: str, key: str, present: set[str]) -> QueryDict:
    """A form that was sent, with those of its rows that somebody has deleted meanwhile as new ones, so that what was
    typed in them is kept.
    """
    total, initial = (sent.get(f"{prefix}-{name}_FORMS", "") for name in ("TOTAL", "INITIAL"))
    if not (total.isdecimal() and initial.isdecimal()) or int(total) > 1000:
        return sent
    rows = range(min(int(initial), int(total)))
    gone = [row for row in rows if sent.get(f"{prefix}-{row}-{key}", "") not in present]
    if not gone:
        return sent
    order = [row for row in range(int(total)) if row not in gone or f"{prefix}-{row}-DELETE" not in sent]
    order.sort(key=lambda row: (row in gone, row in range(int(initial), int(total))))
    changed = QueryDict(mutable=True)
    for name in sent:
        if not name.startswith(f"{prefix}-") or not name.removeprefix(f"{prefix}-").split("-")[0].isdecimal():
            changed.setlist(name, sent.getlist(name))
    for number, row in enumerate(order):
        before = f"{prefix}-{row}-"
        for name in (name for name in sent if name.startswith(before)):
            values = [""] if row in gone and name == before + key else sent.getlist(name)
            changed.setlist(f"{prefix}-{number}-{name.removeprefix(before)}", values)
    changed[f"{prefix}-TOTAL_FORMS"] = str(len(order))
    changed[f"{prefix}-INITIAL_FORMS"] = str(int(initial) - len(gone))
    return changed
