"""What the admin pages of all apps share: record search, read-only evidence, lists as lines, writes through the actions."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.forms import SimpleArrayField
from django.db import models
from django.http import HttpRequest

from conductatlas.records import parse

admin.site.site_header = "ConductAtlas"
admin.site.site_title = "ConductAtlas"
admin.site.index_title = "The records"


class Lines(SimpleArrayField):
    """A list of texts, one a line; empty lines are left out."""

    widget = forms.Textarea(attrs={"rows": 5, "cols": 100})

    def __init__(self, base_field: forms.Field | None = None, **kwargs: Any) -> None:
        kwargs.pop("max_length", None)
        super().__init__(base_field or forms.CharField(), delimiter="\n", **kwargs)

    def to_python(self, value: Any) -> list[str]:
        if isinstance(value, str):
            value = "\n".join(line.strip() for line in value.splitlines() if line.strip())
        return super().to_python(value)


class RecordAdmin(admin.ModelAdmin):
    """Base of all admin pages: nothing is deleted here, records are found by their id, lists of texts are edited as lines.

    `write`: the action that saves an object, called with the object and `by=`.
    """

    write: Callable[..., Any] | None = None
    save_on_top = True

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_search_results(self, request: HttpRequest, queryset: models.QuerySet, search_term: str):
        term = search_term.strip().upper()
        if term.startswith("CA-") and any(field.name == "number" for field in self.model._meta.fields):
            try:
                return queryset.filter(number=parse(term).number), False
            except ValueError as error:
                messages.warning(request, str(error))
        return super().get_search_results(request, queryset, search_term)

    def formfield_for_dbfield(self, db_field: models.Field, request: HttpRequest, **kwargs: Any):
        if isinstance(db_field, ArrayField) and isinstance(db_field.base_field, models.TextField):
            return Lines(required=not db_field.blank, help_text=db_field.help_text or "One item a line.", label=db_field.verbose_name.capitalize())
        if isinstance(db_field, ArrayField) and getattr(db_field.base_field, "choices", None):
            return forms.MultipleChoiceField(
                choices=db_field.base_field.choices,
                widget=forms.CheckboxSelectMultiple,
                required=not db_field.blank,
                label=db_field.verbose_name.capitalize(),
            )
        if isinstance(db_field, ArrayField) and isinstance(db_field.base_field, models.CharField):
            return Lines(required=not db_field.blank, help_text="One item a line.", label=db_field.verbose_name.capitalize())
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: forms.ModelForm, change: bool) -> None:
        if self.write is None:
            raise NotImplementedError(f"{type(self).__name__} saves nothing by itself: name the action in `write`.")
        type(self).write(obj, by=request.user)


class EvidenceAdmin(RecordAdmin):
    """Read only: evidence comes from programs and never changes."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
