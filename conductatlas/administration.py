"""What the admin pages of all apps share: record search, read-only evidence, lists as lines, writes through the
actions.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.apps import apps
from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters, flatten_fieldsets
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import SEARCH_VAR, ChangeList
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.forms import SimpleArrayField
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import DataError, IntegrityError, models
from django.forms.models import _get_foreign_key
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property

from conductatlas.conflicts import TOKEN, Opened, clashes, conflict, opening, without_gone_rows
from conductatlas.editing import State, editing, made, state_of, token_of
from conductatlas.records import NextNumber, parse
from conductatlas.rules import Refused

admin.site.site_header = "ConductAtlas"
admin.site.site_title = "ConductAtlas"
admin.site.index_title = "The records"

EDITS_A_PAGE = 30
KEY = "__key__"  # where the key of a record stands in an address

# What an action, a model or PostgreSQL answers to a write that the rules do not allow.
REFUSALS = (Refused, ValidationError, IntegrityError, DataError)


def told(error: Exception) -> str:
    """A refusal in one line: the message of the rule, without the driver's own words around it."""
    if isinstance(error, ValidationError):
        return " ".join(error.messages)
    diagnosis = getattr(error.__cause__, "diag", None)
    return diagnosis.message_primary if diagnosis and diagnosis.message_primary else str(error)


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


class RecordForm(forms.ModelForm):
    """A form that says in plain words what a rule refuses.

    `violations`: the name of a constraint → what to tell instead. `refusal`: what an action or PostgreSQL refused
    when the same form was saved a moment ago; the page shows it above the fields, and nothing that was typed is lost.
    """

    violations: Mapping[str, str] = {}
    refusal = ""

    @property
    def media(self) -> forms.Media:
        """The same for all forms of a page that are made of one class, which is made for that page."""
        own = vars(type(self))
        if "found_media" not in own:
            type(self).found_media = super().media
        return own["found_media"]

    def clean(self):
        cleaned = super().clean()
        if self.refusal:
            self.add_error(None, self.refusal)
        return cleaned

    def _update_errors(self, errors: ValidationError) -> None:
        for error in (error for found in getattr(errors, "error_dict", {}).values() for error in found):
            if error.code == "item_invalid":
                error.code = "item"  # or the field's own words for that code, which say nothing, would take its place
        for error in getattr(errors, "error_dict", {}).get(NON_FIELD_ERRORS, []):
            name = (error.params or {}).get("name") if isinstance(error.params, dict) else None
            spoken = next(
                (words for rule, words in self.violations.items() if rule == name or f"“{rule}”" in str(error.message)),
                None,
            )
            if spoken:
                error.message, error.params = spoken, None
        super()._update_errors(errors)


class _KnownKeys:
    """A choice that was sent and is no key at all is left out when the page is shown again, instead of failing
    there. `known`: labels by key of what a form has loaded already; the page then asks the database for none of them.
    """

    known: Mapping[str, str] = {}

    def optgroups(self, name, value, attr=None):
        chosen = [str(key) for key in value if key]
        if all(key in self.known for key in chosen):  # and where nothing is chosen, too
            empty = [] if self.is_required or self.allow_multiple_selected else [("", "")]
            options = [*empty, *((key, self.known[key]) for key in chosen)]
            made = [self.create_option(name, key, told, key in chosen, n) for n, (key, told) in enumerate(options)]
            return [(None, made, 0)]
        return super().optgroups(name, [key for key in value if not key or str(key).isdecimal()], attr)


class _Choice(_KnownKeys, AutocompleteSelect):
    pass


class _Choices(_KnownKeys, AutocompleteSelectMultiple):
    pass


class _Fields:
    """How columns become form fields, on pages and in their inlines alike."""

    def formfield_for_foreignkey(self, db_field: models.Field, request: HttpRequest, **kwargs: Any):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = _Choice(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field: models.Field, request: HttpRequest, **kwargs: Any):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = _Choices(db_field, self.admin_site)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: models.Field, request: HttpRequest, **kwargs: Any):
        if not isinstance(db_field, ArrayField):
            return super().formfield_for_dbfield(db_field, request, **kwargs)
        shared = {"required": not db_field.blank, "label": db_field.verbose_name.capitalize()}
        if getattr(db_field.base_field, "choices", None):
            return forms.MultipleChoiceField(
                choices=db_field.base_field.choices, widget=forms.CheckboxSelectMultiple, **shared
            )
        if isinstance(db_field.base_field, models.TextField | models.CharField):
            return Lines(help_text=db_field.help_text or "One item a line.", **shared)
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class RecordFormSet(forms.BaseInlineFormSet):
    """Rows of a record. The row that another one is made from is asked for four times while a page is made."""

    @cached_property
    def empty_form(self) -> forms.ModelForm:
        return super().empty_form


class RecordInline(_Fields, admin.options.InlineModelAdmin):
    """Base of inlines: rows of a record that are edited on its page."""

    form = RecordForm
    formset = RecordFormSet
    extra = 0


class TableInline(RecordInline):
    template = "admin/edit_inline/tabular.html"


class StackInline(RecordInline):
    template = "admin/edit_inline/stacked.html"


class RecordList(ChangeList):
    """A list whose rows lead to addresses of one shape: Django looks the shape up again for each row."""

    @cached_property
    def _shape(self) -> str:
        return reverse(f"admin:{self.opts.label_lower.replace('.', '_')}_change", args=[KEY])

    def url_for_result(self, result: models.Model) -> str:
        key = str(getattr(result, self.pk_attname))
        return self._shape.replace(KEY, key) if key.isascii() and key.isalnum() else super().url_for_result(result)


class RecordAdmin(_Fields, admin.ModelAdmin):
    """Base of all admin pages: nothing is deleted here, records are found by their id, lists of texts are edited as
    lines.

    `write`: the action that saves an object, called with the object and `by=`. `records`: the letter of a record id →
    the lookup by which this list finds that record.
    """

    form = RecordForm
    write: Callable[..., Any] | None = None
    records: Mapping[str, str] = {}
    save_on_top = True
    list_per_page = 50
    show_full_result_count = False  # a narrowed list need not count all the others, too

    @admin.display(description="record", ordering="number")
    def record(self, obj: Any) -> str:
        return obj.record_id if obj.pk else "given when it is saved"

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_search_results(self, request: HttpRequest, queryset: models.QuerySet, search_term: str):
        term = search_term.strip().upper()
        if term.startswith("CA-"):
            try:
                found = parse(term)
            except ValueError as error:
                messages.warning(request, str(error))
            else:
                lookup = self._record_lookups().get(found.kind)
                if lookup:
                    return queryset.filter(**{lookup: found.number}), True
        return super().get_search_results(request, queryset, search_term)

    def _record_lookups(self) -> dict[str, str]:
        own = {
            field.db_default.kind: field.name
            for field in self.model._meta.concrete_fields
            if isinstance(getattr(field, "db_default", None), NextNumber)
        }
        return {**own, **self.records}

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return RecordList

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        # Of what is searched for, Django looks itself; PostgreSQL would fail on a filter that holds a NUL.
        if any("\0" in value for name, values in request.GET.lists() if name != SEARCH_VAR for value in values):
            raise IncorrectLookupParameters
        return super().get_changelist_instance(request)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any):  # noqa: FBT001, FBT002 (Django's)
        form = super().get_form(request, obj, change=change, **kwargs)
        form.refusal = getattr(request, "refusal", "")
        return form

    def changeform_view(self, request: HttpRequest, object_id=None, form_url="", extra_context=None) -> HttpResponse:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except REFUSALS as error:
            if request.method != "POST":
                raise
            # All of it was rolled back; the same form again shows what was typed, with the reason on top.
            request.refusal = told(error)
            return super().changeform_view(request, object_id, form_url, extra_context)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        if "\0" in object_id:
            return None  # no key holds it, and PostgreSQL would fail on it
        if request.method != "GET":
            return super().get_object(request, object_id, from_field)
        # A page that only shows a record asks for it once.
        known = request.__dict__.setdefault("records_shown", {})
        if object_id not in known:
            known[object_id] = super().get_object(request, object_id, from_field)
        return known[object_id]

    def _changeform_view(self, request: HttpRequest, object_id, form_url, extra_context) -> HttpResponse:
        # Inside the transaction that Django opens around it.
        key = unquote(object_id) if object_id is not None else None
        if request.method != "POST":
            shown = self.get_object(request, key) if key is not None else None
            if shown is not None and self.has_change_permission(request, shown):
                # Before the form is filled: what is saved in between makes a conflict, and none goes unseen.
                request.opening = opening(self._edited(request, shown))
            return super()._changeform_view(request, object_id, form_url, extra_context)
        held = self._held(key)
        with editing(*([held] if held else []), by=request.user):
            if held and not self.has_change_permission(request, held) and self.has_change_permission(request):
                return self._closed_meanwhile(request, held)
            if held:
                self._compare(request, held)
            return super()._changeform_view(request, object_id, form_url, extra_context)

    def _held(self, key: str | None) -> models.Model | None:
        """The record as it stands, nobody else's until this save is over."""
        if key is None or "\0" in key:
            return None
        try:
            return self.model._base_manager.select_for_update(of=["self"]).filter(pk=key).first()
        except (ValueError, ValidationError):
            return None

    def _edited(self, request: HttpRequest, obj: Any) -> State:
        """What the form and its inlines show of a record, and can change."""
        fields = set(flatten_fieldsets(self.get_fieldsets(request, obj))) - set(self.get_readonly_fields(request, obj))
        roots = fields | {root for root, _ in self._rows_of(request, obj)}
        return {path: value for path, value in state_of(obj).items() if path.split("/")[0] in roots}

    def _rows_of(self, request: HttpRequest, obj: Any) -> list[tuple[str, Any]]:
        """The inlines that this person can change, by the name under which the record holds their rows."""
        return [
            (_get_foreign_key(self.model, inline.model, fk_name=inline.fk_name).remote_field.name, inline)
            for inline in self.get_inline_instances(request, obj)
            if inline.has_change_permission(request, obj) or inline.has_add_permission(request, obj)
        ]

    def _compare(self, request: HttpRequest, held: models.Model) -> None:
        """Refuses a form that was opened before somebody else saved the record."""
        state = self._edited(request, held)
        request.opening = opening(state)
        for root, inline in self._rows_of(request, held):
            present = {path.split("/")[1] for path in state if path.startswith(f"{root}/")}
            request.POST = without_gone_rows(request.POST, root, inline.model._meta.pk.name, present)
        opened = Opened.of(request.POST.get(TOKEN, ""))
        if opened.content and opened.content != token_of(state):
            request.conflict = conflict(held, opened)
            request.refusal = getattr(request, "refusal", "") or request.conflict.words

    def _closed_meanwhile(self, request: HttpRequest, held: models.Model) -> HttpResponse:
        typed = [
            (name, value)
            for name, values in request.POST.lists()
            for value in values
            if value and not name.startswith(("_", "csrf")) and not name.endswith("_FORMS")
        ]
        context = {**self.admin_site.each_context(request), "title": "Not saved", "original": held, "typed": typed}
        return render(request, "admin/closed_meanwhile.html", {**context, "opts": self.opts}, status=403)

    def render_change_form(self, request, context, *args: Any, **kwargs: Any) -> HttpResponse:
        context["opening"] = getattr(request, "opening", "")
        found = getattr(request, "conflict", None)
        if found:
            roots = {inline.model: root for root, inline in self._rows_of(request, context["original"])}
            formsets = {
                roots[shown.formset.model]: shown.formset
                for shown in context["inline_admin_formsets"]
                if shown.formset.model in roots
            }
            context |= {"conflict": found, "clashes": list(clashes(found, context["adminform"].form, formsets))}
        return super().render_change_form(request, context, *args, **kwargs)

    def history_view(self, request: HttpRequest, object_id: str, extra_context=None) -> HttpResponse:
        """Every edit of a record, newest first, with what stood there before and after."""
        record = self.get_object(request, unquote(object_id))
        if record is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_or_change_permission(request, record):
            raise PermissionDenied
        edits = apps.get_model("platforms", "Edit").objects.filter(label=self.opts.label_lower, key=str(record.pk))
        context = {
            **self.admin_site.each_context(request),
            "title": f"History: {record}",
            "original": record,
            "opts": self.opts,
            "edits": Paginator(edits.select_related("by"), EDITS_A_PAGE).get_page(request.GET.get("page")),
            **(extra_context or {}),
        }
        return render(request, "admin/history.html", context)

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        made(obj)
        return super().log_addition(request, obj, message)

    def save_model(self, request: HttpRequest, obj: Any, form: forms.ModelForm, change: bool) -> None:  # noqa: FBT001 (Django's)
        if self.write is None:
            raise NotImplementedError(f"{type(self).__name__} saves nothing by itself: name the action in `write`.")
        type(self).write(obj, by=request.user)


class EvidenceAdmin(RecordAdmin):
    """Read only: evidence comes from programs and never changes."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
