"""Filters of lists in the admin that are more than the values of a column."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet


class Stated(admin.AllValuesFieldListFilter):
    """The values of a column; the rows where it is empty have a name, too."""

    def choices(self, changelist: Any):
        for choice in super().choices(changelist):
            yield choice if choice["display"] else {**choice, "display": "none stated"}


class Narrowing(admin.SimpleListFilter):
    """Named parts of a list. `parts`: the word in the address → what people read, and the rows.

    A word that is no part is as none. `default`: the part shown where none is named; "all" then shows the rest, too.
    """

    parts: Mapping[str, tuple[str, Callable[[QuerySet], QuerySet]]] = {}
    default = ""

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, str]]:
        return [(word, shown) for word, (shown, _) in self.parts.items()]

    def value(self) -> str | None:
        named = super().value()
        if self.default and named == "all":
            return None
        return named if named in self.parts else self.default or None

    def choices(self, changelist: Any):
        first, *others = super().choices(changelist)
        if self.default:
            first["query_string"] = changelist.get_query_string({self.parameter_name: "all"})
        yield first
        yield from others

    def queryset(self, request: Any, queryset: QuerySet) -> QuerySet:
        word = self.value()
        return self.parts[word][1](queryset) if word else queryset
