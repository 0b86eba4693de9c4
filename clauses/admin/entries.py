"""Themes, clause types, agencies and laws in the admin."""

from django.contrib import admin

from clauses import actions
from clauses.models import (
    Agency,
    ClauseType,
    EnforcedLaw,
    Question,
    Regulation,
    RegulationDate,
    ResearchNote,
    Theme,
)
from conductatlas.administration import RecordAdmin, RecordForm, TableInline


@admin.register(Theme)
class ThemeAdmin(RecordAdmin):
    write = actions.save_entry
    list_display = ["name", "slug", "position"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}


class QuestionInline(TableInline):
    model = Question
    fields = ["position", "key", "wording", "help"]


@admin.register(ClauseType)
class ClauseTypeAdmin(RecordAdmin):
    write = actions.save_entry
    list_display = ["name", "theme", "slug"]
    list_filter = ["theme"]
    list_select_related = ["theme"]
    search_fields = ["name", "slug", "definition"]
    inlines = [QuestionInline]
    prepopulated_fields = {"slug": ["name"]}


class EnforcedLawInline(TableInline):
    model = EnforcedLaw
    autocomplete_fields = ["regulation"]
    verbose_name = "law it enforces"
    verbose_name_plural = "laws it enforces"


@admin.register(Agency)
class AgencyAdmin(RecordAdmin):
    write = actions.save_entry
    list_display = ["name", "short_name", "jurisdiction", "complaint_url", "checked_on"]
    list_filter = ["jurisdiction"]
    list_select_related = ["jurisdiction"]
    search_fields = ["name", "short_name", "slug"]
    autocomplete_fields = ["jurisdiction"]
    inlines = [EnforcedLawInline]
    prepopulated_fields = {"slug": ["short_name"]}


class RegulationDateForm(RecordForm):
    violations = {"regulation_date_form": "Write the date as precisely as it is known: 2018-05-25, 2018-05 or 2018."}


class RegulationDateInline(TableInline):
    model = RegulationDate
    form = RegulationDateForm


@admin.register(Regulation)
class RegulationAdmin(RecordAdmin):
    write = actions.save_entry
    list_display = ["name", "short_name", "citation", "jurisdiction"]
    list_filter = ["jurisdiction"]
    list_select_related = ["jurisdiction"]
    search_fields = ["name", "short_name", "slug", "citation"]
    autocomplete_fields = ["jurisdiction"]
    inlines = [RegulationDateInline]
    prepopulated_fields = {"slug": ["short_name"]}


@admin.register(ResearchNote)
class ResearchNoteAdmin(RecordAdmin):
    write = actions.save_entry
    list_display = ["title", "written_on", "drafted_by"]
    search_fields = ["title", "slug", "body"]
    prepopulated_fields = {"slug": ["title"]}
